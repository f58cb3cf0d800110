"""Files of strangers, read through the child: hostile ones of every format are refused with their cause, within its limits."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from question_bank.actions.import_reading import Reading, examine
from question_bank.exchange import pieces
from question_bank.exchange.found import Status

MANIFEST = (
    '<?xml version="1.0"?><manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M">'
    '<metadata><schema>QTIv2.1 Package</schema></metadata><resources>'
    '<resource identifier="R" type="imsqti_item_xmlv2p1" href="{href}"/></resources></manifest>'
)
WORD_HEAD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def packed(*files: tuple[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


def locked() -> bytes:
    """An archive whose entries say that they need a password."""
    content = bytearray(packed(("imsmanifest.xml", MANIFEST)))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + place] |= 1
    return bytes(content)


def vast_picture() -> bytes:
    """A picture of 6000 by 6000 pixels in a few bytes."""
    head = struct.pack(">IIBBBBB", 6000, 6000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    packed_parts = [struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed_parts)


HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "Moodle XML with entities": (lambda: f"<?xml version='1.0'?>{LAUGHS}<quiz>&b;</quiz>".encode(), {"doctype"}),
    "TCExam XML with a DOCTYPE": (
        lambda: b'<?xml version="1.0"?><!DOCTYPE tcexamquestions SYSTEM "file:///etc/passwd"><tcexamquestions/>', {"doctype"}
    ),
    "a QTI item with an external entity": (
        lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem>&x;</assessmentItem>',
        {"doctype"},
    ),
    "XML a hundred thousand deep": (lambda: b'<?xml version="1.0"?><quiz>' + b"<a>" * 100_000, {"damaged", "too_costly"}),
    "a QTI package with a DOCTYPE inside": (
        lambda: packed(("imsmanifest.xml", MANIFEST.format(href="a.xml")), ("a.xml", f'<?xml version="1.0"?>{LAUGHS}<assessmentItem/>')),
        {"doctype", "no_questions"},
    ),
    "a QTI package that leads out of itself": (
        lambda: packed(("imsmanifest.xml", MANIFEST.format(href="../a.xml")), ("../../etc/cron.d/a.xml", "<assessmentItem/>")),
        {"path"},
    ),
    "a QTI package that unfolds into a gigabyte": (
        lambda: packed(("imsmanifest.xml", MANIFEST.format(href="a.xml")), ("a.xml", b" " * 200_000_000)),
        {"bomb", "too_large", "too_costly"},
    ),
    "a Word paper that unfolds": (
        lambda: packed(("word/document.xml", WORD_HEAD + " " * 100_000_000)), {"bomb", "too_large", "too_costly"}
    ),
    "a Word paper with a DOCTYPE": (lambda: packed(("word/document.xml", LAUGHS + WORD_HEAD)), {"doctype"}),
    "a Word paper cut in half": (lambda: packed(("word/document.xml", WORD_HEAD * 400))[:-60], {"damaged", "format_unknown"}),
    "a workbook that unfolds": (
        lambda: packed(("xl/workbook.xml", "<workbook/>"), ("xl/worksheets/sheet1.xml", b"0" * 300_000_000)),
        {"bomb", "too_large", "too_costly"},
    ),
    "an archive with a password": (locked, {"encrypted"}),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, {"format_old"}),
    "a CSV file of signs that are none": (lambda: b"\xff\xfe\x00\xd8" * 10, {"encoding", "no_questions"}),
    "GIFT of nothing but braces": (lambda: b"::a:: {" + b"{" * 900_000, {"no_questions", "too_costly", ""}),
    "a paper of nothing but options": (lambda: ("1、问" + "A、" * 300_000).encode(), {"no_questions", "too_costly", ""}),
    "Aiken of more questions than anybody asks": (lambda: b"q\nA. a\nB. b\nANSWER: A\n\n" * (pieces.MOST + 1), {"too_many", "too_costly"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("called", HOSTILE)
def test_hostile_files_are_refused_with_their_cause(called: str) -> None:
    make, causes = HOSTILE[called]
    reading = examine("试卷.txt", "", make())
    code = reading.refusal[0] if reading.refusal else ""
    assert code in causes, f"{called}: {reading.refusal or [question.notes for question in reading.questions[:3]]}"
    if not code:
        assert {question.status for question in reading.questions} == {Status.REFUSED}, "nothing in it can be asked"


def read(text: str, name: str = "a.txt", asked: str = "") -> Reading:
    return examine(name, asked, text.encode())


def test_a_format_that_was_asked_for_is_not_looked_for() -> None:
    assert read("甲问 {=一 ~二}", asked="gift").format == "gift"
    assert read("甲问 {=一 ~二}", asked="tcexam-xml").refusal is not None


def test_what_is_refused_comes_back_cut() -> None:
    (question,) = read("::a:: " + "长" * 50_000 + " {=一 ~二}").questions
    assert question.status is Status.REFUSED
    assert len(question.said.stem) <= pieces.LONGEST


def test_a_picture_that_is_none_is_a_note_and_the_question_comes() -> None:
    document = (
        '<?xml version="1.0"?><quiz><question type="multichoice"><name><text>甲</text></name><questiontext format="html"><text>'
        '<![CDATA[看图 <img src="@@PLUGINFILE@@/a.png" alt="机柜">]]></text><file name="a.png" encoding="base64">{}</file></questiontext>'
        '<single>true</single><answer fraction="100"><text>对的</text></answer><answer fraction="0"><text>错的</text></answer>'
        '</question></quiz>'
    )
    small = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(small, "PNG")
    vast, fine = (base64.b64encode(content).decode() for content in (vast_picture(), small.getvalue()))
    bad = read(document.format(vast))
    assert [note.words for note in bad.questions[0].notes if note.code == "media_unfit"] == [("a.png", "pixels")]
    assert not bad.media
    good = read(document.format(fine))
    assert good.refusal is None
    (name,) = good.media
    assert f"](media:{name})" in good.questions[0].said.stem
