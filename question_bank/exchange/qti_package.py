"""A QTI package: its manifest, the items in their order, what the metadata says of them, and the media that they name.

Without a manifest, or with one that lists no items, every XML file is looked
into. A broken item is refused by itself; a DOCTYPE anywhere refuses the whole.
Metadata is IEEE LOM: a taxon, identifier or keyword that is a reference is a
clause, the difficulty is LOM's own of five steps. ``WORDING`` is ours: what
the items of a package that we wrote say exactly, each for as long as its file
stays as it was written.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from question_bank.exchange import qti_item
from question_bank.exchange.archive import Archive, entries
from question_bank.exchange.found import Found, Media, Note, Unusable, Weight, refused
from question_bank.exchange.markup import named_media
from question_bank.exchange.qti_item import Beside
from question_bank.exchange.qti_tree import ITEM, STIMULUS, TEST, load
from question_bank.exchange.qti_wording import exact
from question_bank.exchange.xml_tree import Element, root, root_name, source
from question_bank.item import Level
from standards.clause import parse_reference

MANIFEST, WORDING = "imsmanifest.xml", "wording.json"
MOST_ITEMS, LARGEST_XML, LARGEST_MEDIA, LARGEST_WORDING = 10_000, 8 * 2**20, 64 * 2**20, 128 * 2**20
DIFFICULTIES = ("very easy", "easy", "medium", "difficult", "very difficult")
_ITEM_TYPE = re.compile(r"imsqti_(?:apip)?item_xml|imsqti_item")
_TEST_TYPE = re.compile(r"imsqti_(?:apip)?(?:test|assessment|section)_xml")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_UNSAID = re.compile(r"[\s()\\]")
_OURS = re.compile(r"(?:^|/)([0-9a-f]{15}[0-9a-fs])\.[a-z0-9]{2,4}$")
"""A file that was in a bank of ours keeps its name there."""


@dataclass(frozen=True)
class Listed:
    """An item of a package: where it stands and what the manifest says of it."""

    path: str
    clauses: tuple[str, ...] = ()
    difficulty: int = 3
    level: Level = Level.RECALL
    tags: tuple[str, ...] = ()


@dataclass
class _Package:
    """An archive while it is read."""

    archive: Archive
    said: dict[str, Any]
    read: dict[str, bytes] = field(default_factory=dict)

    def media(self, *folders: str) -> Callable[[str], str | None]:
        """Finds the files that are named by items in ``folders``."""

        def find(address: str) -> str | None:
            if _ADDRESS.match(address) or not address.strip():
                return None
            for folder in folders:
                path = resolved(folder, unquote(address.partition("#")[0].partition("?")[0]))
                if path and path in self.archive and self.archive.size(path) <= LARGEST_MEDIA:
                    ours = _OURS.search(path)
                    name = ours[1] if ours else _UNSAID.sub("_", path)
                    self.read.setdefault(name, self.archive.read(path, LARGEST_MEDIA))
                    return name
            return None

        return find


def questions(content: bytes) -> list[Found]:
    """The questions of a package; raises Unusable."""
    archive = entries(content)
    package = _Package(archive, _wording(archive))
    listed, categories = _listed(archive)
    if len(listed) > MOST_ITEMS:
        raise Unusable("too_many", str(MOST_ITEMS))
    found = [_question(package, one, categories.get(one.path, "")) for one in listed]
    if not found:
        raise Unusable("no_questions")
    return found


def resolved(folder: str, address: str) -> str | None:
    """The path that an address means from a folder; None where it leads out of the package."""
    parts = [part for part in folder.split("/") if part]
    for part in address.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _question(package: _Package, one: Listed, category: str) -> Found:
    if one.path not in package.archive:
        return refused(one.path, "", "file_missing", one.path)
    content = package.archive.read(one.path, LARGEST_XML)
    if said := exact(package.said.get("items", {}).get(one.path), hashlib.sha256(content).hexdigest(), one.path):
        return replace(said, media=tuple(_ours(package, said)))
    try:
        item = load(content)
    except Unusable as trouble:
        if trouble.code == "doctype":
            raise
        return refused(one.path, "", "syntax", trouble.words[0].rpartition(", ")[2] if trouble.words else "", "XML")
    if item.tag != ITEM:
        return refused(one.path, "", "kind_unknown", item.tag[:60])
    stimuli, missing = _stimuli(package.archive, item, _folder(one.path))
    find = package.media(_folder(one.path), *(_folder(path) for path, _body in stimuli))
    notes = [*missing, *([Note(Weight.HINT, "tags", ("、".join(one.tags)[:500],))] if one.tags else [])]
    notes += [Note(Weight.HINT, "category", (category[:200],))] if category and not one.clauses else []
    beside = Beside(
        one.path, find, tuple(body for _path, body in stimuli), "", one.clauses, one.difficulty, one.level, tuple(notes)
    )
    found = qti_item.read(item, beside)
    named = named_media(found.stem, found.rationale, *(option.text for option in (*found.options, *found.right)))
    files = [Media(name, package.read[name]) for name in named if name in package.read]
    return replace(found, media=(*found.media, *files))


def _stimuli(archive: Archive, item: Element, folder: str) -> tuple[list[tuple[str, Element]], list[Note]]:
    """The texts that an item refers to, and a note for each that is not there."""
    found, missing = [], []
    for reference in item.iterchildren("assessmentStimulusRef"):
        path = resolved(folder, unquote(reference.get("href", "")))
        body = None
        if path and path in archive:
            tree = load(archive.read(path, LARGEST_XML))
            body = tree.find("stimulusBody") if tree.tag == STIMULUS else None
        if body is None or path is None:
            missing.append(Note(Weight.LOST, "picture_missing", (reference.get("href", "")[:100],)))
        else:
            found.append((path, body))
    return found, missing


def _wording(archive: Archive) -> dict[str, Any]:
    """What ``WORDING`` says, {} where it is missing or not ours."""
    if WORDING not in archive or archive.size(WORDING) > LARGEST_WORDING:
        return {}
    try:
        said = json.loads(archive.read(WORDING, LARGEST_WORDING))
    except (ValueError, RecursionError):
        return {}
    shaped = isinstance(said, dict) and isinstance(said.get("items"), dict) and isinstance(said.get("media"), dict)
    return said if shaped else {}


def _ours(package: _Package, found: Found) -> Iterator[Media]:
    """The media of a question that comes word by word."""
    paths = package.said["media"]
    for name in named_media(found.stem, found.rationale, *(option.text for option in (*found.options, *found.right))):
        path = paths.get(name)
        if isinstance(path, str) and path in package.archive and package.archive.size(path) <= LARGEST_MEDIA:
            yield Media(name, package.archive.read(path, LARGEST_MEDIA))


def _listed(archive: Archive) -> tuple[list[Listed], dict[str, str]]:
    """The items in the order of the tests that ask them, then of the manifest; and the sections of tests, by item."""
    manifests = sorted((path for path in archive.names if path.rpartition("/")[2] == MANIFEST), key=lambda path: path.count("/"))
    items: dict[str, Listed] = {}
    tests: list[str] = []
    for manifest in manifests[:1]:
        tree, folder = root(archive.read(manifest, LARGEST_XML)), _folder(manifest)
        for resource in tree.iter("{*}resource"):
            path, kind = resolved(folder, unquote(resource.get("href", ""))), resource.get("type", "")
            if path and _ITEM_TYPE.search(kind):
                items.setdefault(path, _described(path, resource))
            elif path and _TEST_TYPE.search(kind):
                tests.append(path)
    if not items:
        kinds = {path: _root(archive, path) for path in archive.names if path.lower().endswith(".xml")}
        items = {path: Listed(path) for path, name in kinds.items() if name == ITEM}
        tests = [path for path, name in kinds.items() if name == TEST]
    sections = {path: title for test in tests if test in archive for path, title in _sections(archive, test)}
    asked = [items[path] for path in sections if path in items]
    return [*asked, *(one for path, one in items.items() if path not in sections)], sections


def _root(archive: Archive, path: str) -> str:
    """The name of a file's root by its 2.x name; raises Unusable ``doctype``."""
    if archive.size(path) > LARGEST_XML:
        return ""
    try:
        name = root_name(source(archive.read(path, LARGEST_XML)))
    except Unusable as trouble:
        if trouble.code == "doctype":
            raise
        return ""
    return {"qti-assessment-item": ITEM, "qti-assessment-test": TEST}.get(name, name)


def _sections(archive: Archive, test: str) -> Iterator[tuple[str, str]]:
    """The items of a test with the titles of the sections that they stand in."""
    try:
        tree = load(archive.read(test, LARGEST_XML))
    except Unusable as trouble:
        if trouble.code == "doctype":
            raise
        return
    for reference in tree.iter("assessmentItemRef"):
        path = resolved(_folder(test), unquote(reference.get("href", "")))
        titles = [above.get("title", "") for above in reference.iterancestors("assessmentSection")]
        if path:
            yield path, " / ".join(title for title in reversed(titles) if title)


def _described(path: str, resource: Element) -> Listed:
    """What the metadata of a resource says."""
    said = [_words(element) for element in resource.iterfind("{*}metadata//*") if not len(element)]
    clauses = tuple(dict.fromkeys(text for text in said if parse_reference(text) is not None))
    words = [_words(element) for element in resource.iter("{*}keyword")]
    difficulty = [_words(element).lower() for element in resource.iterfind(".//{*}difficulty/{*}value")]
    steps = [place for text in difficulty for place, name in enumerate(DIFFICULTIES, 1) if text == name]
    level = Level.APPLY if f"level:{Level.APPLY}" in said else Level.RECALL
    return Listed(path, clauses, steps[0] if steps else 3, level, tuple(dict.fromkeys(word for word in words if word not in clauses)))


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
