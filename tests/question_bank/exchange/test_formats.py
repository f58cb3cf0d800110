"""Which format a file is in, by what it says; and that every code has its sentence and its row in the published table."""

import ast
import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.exchange import formats, wording
from question_bank.exchange.formats import FORMATS, Name, detect
from question_bank.exchange.found import Unusable
from question_bank.exchange.plain_text import decode

ROOT = Path(__file__).resolve().parents[3]


def archive(**files: str) -> bytes:
    """A ZIP file; ``__`` in a name stands for a slash and ``_x_`` for a dot."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        for name, text in files.items():
            into.writestr(name.replace("__", "/").replace("_x_", "."), text)
    return packed.getvalue()


QTI = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p{}" identifier="q"/>'
QTI3 = '<?xml version="1.0"?>\n<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="q"/>'
MANIFEST = '<manifest><resources><resource type="imsqti_item_xmlv2p{}" href="q.xml"/></resources></manifest>'
FILES = [
    (Name.GIFT, "::一::题{=a ~b}"), (Name.GIFT, "// 注\n\n题 {\n\t=a\n\t~b\n}"), (Name.GIFT, "判断{TRUE}"),
    (Name.GIFT, "$CATEGORY: x\n\n题{}"), (Name.GIFT, "<p>题</p>{T}"), (Name.GIFT, "题{#5:1}"),
    (Name.AIKEN, "题\nA. 一\nB. 二\nANSWER: A"), (Name.AIKEN, "题\r\nA) 一\r\nB) 二\r\nANSWER: A\r\n"),
    (Name.MOODLE_XML, '<?xml version="1.0" encoding="UTF-8"?>\n<!-- question: 1 -->\n<quiz>\n</quiz>'), (Name.MOODLE_XML, "<quiz></quiz>"),
    (Name.TCEXAM_XML, '<?xml version="1.0" encoding="UTF-8" ?>\n<tcexamquestions version="14.1.8"></tcexamquestions>'),
    (Name.TCEXAM_TSV, "M=MODULE\tmodule_enabled\tmodule_name\n"), (Name.TCEXAM_TSV, "M\t1\t服务\nS\t1\t上门\n"),
    (Name.QTI21, QTI.format(1)), (Name.QTI22, QTI.format(2)), (Name.QTI30, QTI3),
    (Name.TEXT, "以下题目，请选择，答案写在前面\n1. 题"), (Name.TEXT, "1. Q\nA. a\nB. b\nANSWER: AB\n2. Q\nANSWER: ABC\n"),
    (Name.TEXT, "1. 上门前应提前多久联系客户？（  ）\nA、5 分钟\nB、30 分钟\n答案：B"),
]


@pytest.mark.parametrize(("name", "text"), FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_texts(name: Name, text: str, encoding: str) -> None:
    content = text.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"').encode(encoding)
    assert detect("paper.txt", content) is name


def test_tables_and_chinese_encodings() -> None:
    assert detect("题库.csv", "题型,题干,答案\n单选,题,A".encode("gbk")) is Name.CSV
    assert detect("x", "题型,题干,答案\n单选,题,A".encode()) is Name.CSV
    assert detect("x.txt", "题{=一 ~二}".encode("gbk")) is Name.GIFT


def test_archives() -> None:
    assert detect("x", archive(word__document_x_xml="<w/>")) is Name.WORD
    assert detect("x", archive(xl__workbook_x_xml="<w/>")) is Name.XLSX
    assert detect("x", archive(imsmanifest_x_xml=MANIFEST.format(1))) is Name.QTI21
    assert detect("x", archive(a__imsmanifest_x_xml=MANIFEST.format(2))) is Name.QTI22
    assert detect("x", archive(imsmanifest_x_xml="<manifest/>", q_x_xml=QTI3)) is Name.QTI30
    assert detect("x", archive(q_x_xml=QTI.format(2))) is Name.QTI22


def locked() -> bytes:
    """An archive whose only file needs a password, as far as its directory says."""
    content = bytearray(archive(q_x_xml="<a/>"))
    content[6] |= 1
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


REFUSED = [
    (b"", "empty"), (b" \r\n", "empty"), (b"\xef\xbb\xbf\r\n", "empty"), (b"\xff\x00\xff", "encoding"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "format_old"), (b"{\\rtf1 x}", "format_old"), (b"%PDF-1.7", "format_unknown"),
    (b"<html><body>x</body></html><?xml", "text"), (b'<?xml version="1.0"?><svg/>', "format_unknown"),
    (b"<questestinterop/>", "format_old"), (b"<!DOCTYPE quiz><quiz/>", "doctype"), (b"<!-- c --><!DOCTYPE quiz []><quiz/>", "doctype"),
    (archive(a_x_txt="x"), "format_unknown"), (archive(a_x_xml="<a/>"), "format_unknown"),
    (archive(a_x_xml="<a/>")[:40], "damaged"), (locked(), "encrypted"),
    (b"<assessmentItem/>", "format_unknown"),
]


@pytest.mark.parametrize(("content", "code"), REFUSED)
def test_what_is_none_of_them(content: bytes, code: str) -> None:
    if code == "text":
        assert detect("x", content) is Name.TEXT
        return
    with pytest.raises(Unusable) as refusal:
        detect("x.xml", content)
    assert refusal.value.code == code


@pytest.mark.parametrize("name", ["卷子.docx", "题库.XLSX", "x.zip"])
def test_a_file_that_only_calls_itself_an_archive_is_damaged(name: str) -> None:
    with pytest.raises(Unusable) as refusal:
        detect(name, b"\x89PNG\r\n\xff\x00\xff")
    assert refusal.value.code == "damaged"
    assert detect(name, "题{=一 ~二}".encode()) is Name.GIFT


@pytest.mark.parametrize(("file", "content", "cause"), [
    ("../../slip.xml", b"<a/>", ("path", "../../slip.xml")), ("C:\\slip.xml", b"<a/>", ("path", "C:/slip.xml")),
    ("q.xml", b" " * 10_000_000, ("bomb",)),
])
@pytest.mark.parametrize("beside", ["imsmanifest.xml", "word/document.xml", "xl/workbook.xml"])
def test_an_archive_that_nobody_may_open_is_refused_by_its_cause(beside: str, file: str, content: bytes, cause: tuple[str, ...]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr(beside, "<manifest/>")
        into.writestr(file, content)
    with pytest.raises(Unusable) as refusal:
        detect("x.zip", packed.getvalue())
    assert (refusal.value.code, *refusal.value.words) == cause


def test_a_large_file_is_looked_into_no_further_than_its_beginning() -> None:
    broken = bytearray(archive(imsmanifest_x_xml=MANIFEST.format(2) + " " * 500_000))
    broken[400_000] ^= 1  # nobody comes as far as to its checksum
    assert detect("x.zip", bytes(broken)) is Name.QTI22


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.text("<?xml!-> quiz\n{=}", max_size=60).map(str.encode)), st.sampled_from([b"", b"PK\x03\x04"]))
def test_any_bytes_are_known_or_refused(content: bytes, start: bytes) -> None:
    refused = ""
    try:
        assert detect("x", start + content) in FORMATS
    except Unusable as refusal:
        refused = refusal.code
    assert refused in {"", *wording.REFUSALS}


def test_line_ends_and_marks() -> None:
    assert decode("\ufeff一\r\n二\r三\u2028四".encode()) == "一\n二\n三\n四"
    assert decode("一二三".encode("utf-16-be")) == "一二三" or decode("ab\n一".encode("utf-16-be")) == "ab\n一"


def test_a_format_goes_the_ways_that_the_table_says() -> None:
    table = published("Formats")
    assert list(table) == [name.value for name in Name]
    for name, cells in table.items():
        known = FORMATS[Name(name)]
        assert known.read is None or cells[1] == "yes"
        assert known.write is None or cells[2] == "yes"
        if known.write is None and known.read is not None:
            with pytest.raises(Unusable) as refusal:
                formats.write(known.name, [])
            assert refusal.value.code == "format_not_written"


def published(title: str) -> dict[str, list[str]]:
    """The rows of a table of docs/exchange.md by the names in their first cell."""
    part = (ROOT / "docs" / "exchange.md").read_text("utf-8").split(f"## {title}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split(" |")] for line in part.splitlines() if line.startswith("| `")]
    return {name: row[1:] for row in rows for name in re.findall(r"`([\w-]+)`", row[0])}


def test_the_lists_of_codes_are_the_published_ones() -> None:
    notes, refusals = published("Notes on a question"), published("Refusals of a file")
    assert set(notes) == set(wording.NOTES)
    assert set(refusals) == set(wording.REFUSALS)
    assert {cells[0] for cells in notes.values()} <= {"lost", "guessed", "wrong", "hint"}
    for sentence in {**wording.NOTES, **wording.REFUSALS}.values():
        assert sentence % wording.filled(("甲", "乙", "丙"))


def test_every_code_that_is_given_has_a_sentence() -> None:
    given: dict[str, set[str]] = {"note": set(), "refusal": set()}
    for path in sorted((ROOT / "question_bank" / "exchange").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"Note": 1, "refused": 2, "Wrong": 0, "Unusable": 0}.get(node.func.id)
                if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
                    given["refusal" if node.func.id == "Unusable" else "note"].add(node.args[place].value)
    assert given["note"] <= set(wording.NOTES)
    assert given["refusal"] <= set(wording.REFUSALS)
