"""A QTI package: the manifest with what is known of each item, the items, their media, and what they say word by word.

Metadata is IEEE LOM (code, difficulty, clauses as educational objectives, level
as skill level) and QTI's own. Sources: IMS Content Packaging 1.1.4, IEEE LOM,
IMS QTI 2.2 and 1EdTech QTI 3.0, "Metadata" and "Packaging".
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from question_bank.exchange import qti_wording
from question_bank.exchange.archive import packed
from question_bank.exchange.found import Media, Note, Weight
from question_bank.exchange.markup import named_media
from question_bank.exchange.qti_package import DIFFICULTIES, MANIFEST, WORDING
from question_bank.exchange.qti_writing import INTERACTIONS, QTI22, QTI30, Dialect, item, media_path, quoted
from question_bank.exchange.sent import Sent, Written
from question_bank.kind import Kind
from standards.clause import parse_reference

TOOL = "Chizheng"
LOM = "http://ltsc.ieee.org/xsd/LOM"
PACKAGING = {
    QTI22: (
        "http://www.imsglobal.org/xsd/imscp_v1p1", "http://www.imsglobal.org/xsd/imsqti_metadata_v2p2", "QTIv2.2 Package", "1.0.0",
        "xmlv2p2",
    ),
    QTI30: (
        "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "http://www.imsglobal.org/xsd/imsqti_metadata_v3p0", "QTI Package", "3.0.0",
        "xmlv3p0",
    ),
}
"""By dialect: the namespaces of the manifest and of QTI's metadata, the schema's name and version, and how types of resources end."""


@dataclass(frozen=True)
class _File:
    """An item of the package."""

    path: str
    content: bytes
    sent: Sent
    media: tuple[Media, ...]


def write_22(items: Sequence[Sent]) -> Written:
    """The questions as a QTI 2.2 package."""
    return _written(items, QTI22)


def write_30(items: Sequence[Sent]) -> Written:
    """The questions as a QTI 3.0 package."""
    return _written(items, QTI30)


def _written(items: Sequence[Sent], dialect: Dialect) -> Written:
    notes: dict[str, tuple[Note, ...]] = {}
    files: list[_File] = []
    media: dict[str, bytes] = {}
    taken: set[str] = set()
    for place, sent in enumerate(items):
        path, named = _path(sent.code, place, taken), _named(sent)
        taken.add(path.lower())
        here = tuple(one for one in sent.media if one.name in named)
        if missing := [name for name in named if name not in {one.name for one in here}]:
            notes[sent.code] = (Note(Weight.LOST, "media_lost", ("、".join(missing),)),)
        files.append(_File(path, item(sent.code, sent.wording, dialect, here, TOOL).encode(), sent, here))
        media |= {media_path(one): one.content for one in here}
    known = {one.name: media_path(one) for file in files for one in file.media}
    said = {file.path: {"sha256": hashlib.sha256(file.content).hexdigest(), "item": qti_wording.said(file.sent)} for file in files}
    exact = json.dumps({"items": said, "media": known}, ensure_ascii=False, indent=1)
    listed = [(file.path, file.content) for file in files]
    return Written(packed([(MANIFEST, _manifest(files, dialect).encode()), *listed, *media.items(), (WORDING, exact.encode())]), notes)


def _path(code: str, place: int, taken: Collection[str]) -> str:
    """Where an item stands: by its code, with its number where another has that name, or has it in other letters."""
    path = f"items/{code}.xml"
    return f"items/{code}_{place}.xml" if path.lower() in taken else path


def _named(sent: Sent) -> list[str]:
    said = sent.wording
    return named_media(said.stem, said.rationale, *(option.text for option in (*said.options, *said.right)))


def _manifest(files: Sequence[_File], dialect: Dialect) -> str:
    packaging, metadata, schema, version, ending = PACKAGING[dialect]
    resources = "".join(_resource(file, place, ending) for place, file in enumerate(files, 1))
    wording = f'<resource identifier="wording" type="webcontent" href="{WORDING}"><file href="{WORDING}"/></resource>\n'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest xmlns="{packaging}" xmlns:lom="{LOM}" xmlns:qti="{metadata}" identifier="MANIFEST-1">\n'
        f"<metadata><schema>{schema}</schema><schemaversion>{version}</schemaversion></metadata>\n"
        f"<organizations/>\n<resources>\n{resources}{wording}</resources>\n</manifest>\n"
    )


def _resource(file: _File, place: int, ending: str) -> str:
    paths = [file.path, *(media_path(one) for one in file.media)]
    listed = "".join(f'<file href="{quoted(path)}"/>' for path in paths)
    return (
        f'<resource identifier="I{place}" type="imsqti_item_{ending}" href="{quoted(file.path)}">'
        f"<metadata>{_lom(file.sent)}{_own(file.sent)}</metadata>{listed}</resource>\n"
    )


def _lom(sent: Sent) -> str:
    said = sent.wording
    general = f"<lom:general><lom:identifier><lom:entry>{quoted(sent.code)}</lom:entry></lom:identifier></lom:general>"
    steps = f"<lom:source>LOMv1.0</lom:source><lom:value>{DIFFICULTIES[said.difficulty - 1]}</lom:value>"
    taxa = "".join(_classified(sent.clause_titles, said.clauses))
    level = _classification("skill level", TOOL, [(f"level:{said.level}", said.level)])
    return f"<lom:lom>{general}<lom:educational><lom:difficulty>{steps}</lom:difficulty></lom:educational>{taxa}{level}</lom:lom>"


def _classified(titles: Mapping[str, str], clauses: Sequence[str]) -> Iterator[str]:
    """The clauses, each below its standard, the main one first."""
    for clause in clauses:
        reference = parse_reference(clause)
        source = f"{reference.standard}@{reference.edition}" if reference else TOOL
        yield _classification("educational objective", source, [(clause, titles.get(clause, ""))])


def _classification(purpose: str, source: str, taxa: Sequence[tuple[str, str]]) -> str:
    said = "".join(
        f"<lom:taxon><lom:id>{quoted(name)}</lom:id>{f'<lom:entry>{_string(title)}</lom:entry>' if title else ''}</lom:taxon>"
        for name, title in taxa
    )
    return (
        f"<lom:classification><lom:purpose><lom:source>LOMv1.0</lom:source><lom:value>{purpose}</lom:value></lom:purpose>"
        f"<lom:taxonPath><lom:source>{_string(source)}</lom:source>{said}</lom:taxonPath></lom:classification>"
    )


def _string(text: str) -> str:
    return f"<lom:string>{quoted(text)}</lom:string>"


def _own(sent: Sent) -> str:
    said = sent.wording
    feedback = "nonadaptive" if said.rationale.strip() else "none"
    mode = "human" if said.kind is Kind.SHORT else "responseprocessing"
    values = {
        "timeDependent": "false", "composite": "false", "interactionType": INTERACTIONS[said.kind], "feedbackType": feedback,
        "solutionAvailable": "false" if said.kind is Kind.SHORT else "true", "scoringMode": mode,
    }
    return f"<qti:qtiMetadata>{''.join(f'<qti:{name}>{value}</qti:{name}>' for name, value in values.items())}</qti:qtiMetadata>"
