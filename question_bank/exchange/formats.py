"""All formats by name, what reads and writes them, and which one a file is in, by what it says.

A file's name decides nothing: an extension lies often (``.txt`` is GIFT, Aiken,
TCExam or a pasted paper), and a wrong guess would read nonsense. Archives are
looked into by their directory and the first 64 KB of one file.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from question_bank.exchange import aiken, gift, moodle_xml, paper, paper_writing, qti, sheet, sheet_writing, tcexam
from question_bank.exchange.archive import entries
from question_bank.exchange.found import Found, Unusable
from question_bank.exchange.plain_text import decode
from question_bank.exchange.sent import Sent, Written
from question_bank.exchange.sheet_words import Sort, heading
from question_bank.exchange.xml_tree import root_name, source


class Name(StrEnum):
    """The formats, by the names of docs/exchange.md."""

    GIFT = "gift"
    AIKEN = "aiken"
    MOODLE_XML = "moodle-xml"
    QTI21 = "qti21"
    QTI22 = "qti22"
    QTI30 = "qti30"
    TCEXAM_XML = "tcexam-xml"
    TCEXAM_TSV = "tcexam-tsv"
    XLSX = "xlsx"
    CSV = "csv"
    WORD = "word"
    WORD_PAPER = "word-paper"
    TEXT = "text"


Reader = Callable[[bytes], list[Found]]
Writer = Callable[[Sequence[Sent]], Written]


@dataclass(frozen=True)
class Format:
    """A format: what a file of it is called and served as, and what reads and writes it, None where nothing does."""

    name: Name
    ending: str
    media_type: str
    read: Reader | None = None
    write: Writer | None = None


XML, ZIP, PLAIN = "application/xml", "application/zip", "text/plain; charset=utf-8"
OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    known.name: known
    for known in (
        Format(Name.GIFT, "gift.txt", PLAIN, gift.read, gift.write),
        Format(Name.AIKEN, "aiken.txt", PLAIN, aiken.read, aiken.write),
        Format(Name.MOODLE_XML, "xml", XML, moodle_xml.read, moodle_xml.write),
        Format(Name.QTI21, "zip", ZIP, qti.read),
        Format(Name.QTI22, "zip", ZIP, qti.read, qti.write_22),
        Format(Name.QTI30, "zip", ZIP, qti.read, qti.write_30),
        Format(Name.TCEXAM_XML, "xml", XML, tcexam.read_xml),
        Format(Name.TCEXAM_TSV, "tsv", "text/tab-separated-values; charset=utf-8", tcexam.read_tsv),
        Format(Name.XLSX, "xlsx", f"{OFFICE}.spreadsheetml.sheet", sheet.read_xlsx, sheet_writing.write_xlsx),
        Format(Name.CSV, "csv", "text/csv; charset=utf-8", sheet.read_csv, sheet_writing.write_csv),
        Format(Name.WORD, "docx", f"{OFFICE}.wordprocessingml.document", paper.read_word, paper_writing.write),
        Format(Name.WORD_PAPER, "docx", f"{OFFICE}.wordprocessingml.document", None, paper_writing.write_without_key),
        Format(Name.TEXT, "txt", PLAIN, paper.read_text),
    )
}
OLD = {b"\xd0\xcf\x11\xe0": "Office 97–2003", b"{\\rtf": "RTF", b"%PDF": "PDF"}
LOOKED_AT = 65_536
_QTI_VERSIONS = (
    (Name.QTI30, re.compile(r"imsqtiasi_v3p0|imsqti_\w{1,20}_xmlv3p0|qti-assessment-(?:item|test)|QTI 3\.0")),
    (Name.QTI22, re.compile(r"imsqti_v2p2|imsqti_\w{1,20}_xmlv2p2|QTIv2\.2|imscp_v1p1 xmlv2p2")),
    (Name.QTI21, re.compile(r"imsqti_v2p[01]|imsqti_\w{1,20}_xmlv2p[01]|QTIv2\.[01]")),
)
_QTI_OLD = re.compile(r"imsqti_xmlv1p|ims_qtiasiv1p|<questestinterop")
_QTI_ROOTS = {"assessmentItem", "assessmentTest", "qti-assessment-item", "qti-assessment-test", "assessmentSection"}
_ROOTS = {"quiz", "tcexamquestions", "questestinterop", *_QTI_ROOTS}
_ANSWERS = re.compile(r"^[ \t]{0,20}ANSWER:(.{0,50})", re.MULTILINE)
_TCEXAM = re.compile(r"^(?:M=MODULE\t|S=SUBJECT\t|Q=QUESTION\t|A=ANSWER\t|[MSQA]\t)", re.MULTILINE)
_GIFT = re.compile(r"^[ \t]{0,20}(?:::|//|\$CATEGORY:)|(?<!\\)\{[ \t\n]{0,20}(?:[=~#}]|(?:T|F|TRUE|FALSE)[ \t\n]{0,20}[}#])", re.MULTILINE)
_PAPER = re.compile(
    r"^[ \t　]{0,20}(?:[\[【（(]?(?:参考|正确|标准)?答案[\]】]?[ 　]?[：:】\]]|[（(]?[A-DＡ-Ｄ][.．、）)]|[0-9０-９]{1,3}[、．])",
    re.MULTILINE,
)
"""Lines of a Chinese paper; code in its questions may hold the braces of GIFT."""


def detect(name: str, content: bytes) -> Name:
    """The format of a file; ``name`` counts only between a table and a pasted paper. Raises Unusable."""
    if not content.strip():
        raise Unusable("empty")
    if content.startswith(b"PK\x03\x04"):
        return _in_archive(content)
    for start, what in OLD.items():
        if content.startswith(start):
            raise Unusable("format_old" if what != "PDF" else "format_unknown", what)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<!DOCTYPE", b"<!--")):
        return _in_xml(source(content))
    try:
        text = decode(content)
    except Unusable as trouble:
        if name.lower().endswith((".docx", ".xlsx", ".zip")):  # its name says that it was never meant as text
            raise Unusable("damaged", "zip") from trouble
        raise
    return _in_xml(text) if text.lstrip().startswith("<?xml") or root_name(text) in _ROOTS else _in_text(name, text)


def read(name: Name, content: bytes) -> list[Found]:
    """What the file says in the format ``name``; raises Unusable."""
    reader = FORMATS[name].read
    if reader is None:
        raise Unusable("format_not_read", name)
    return reader(content)


def write(name: Name, items: Sequence[Sent]) -> Written:
    """The questions in the format ``name``; raises Unusable where nothing writes it."""
    writer = FORMATS[name].write
    if writer is None:
        raise Unusable("format_not_written", name)
    return writer(items)


def _in_archive(content: bytes) -> Name:
    archive = entries(content)
    if "word/document.xml" in archive:
        return Name.WORD
    if "xl/workbook.xml" in archive:
        return Name.XLSX
    manifests = [path for path in archive.names if path.rpartition("/")[2] == "imsmanifest.xml"]
    for path in [*manifests, *(path for path in archive.names if path.endswith(".xml"))][:20]:
        start = archive.start(path, LOOKED_AT).decode("utf-8", "replace")
        if found := _qti_version(start):
            return found
        if _QTI_OLD.search(start):
            raise Unusable("format_old", "QTI 1.x")
    raise Unusable("format_unknown")


def _qti_version(start: str) -> Name | None:
    return next((name for name, sign in _QTI_VERSIONS if sign.search(start)), None)


def _in_xml(text: str) -> Name:
    root = root_name(text)
    if root in ("quiz", "tcexamquestions"):
        return Name.MOODLE_XML if root == "quiz" else Name.TCEXAM_XML
    if root == "questestinterop":
        raise Unusable("format_old", "QTI 1.x")
    if root in _QTI_ROOTS and (found := _qti_version(text[:LOOKED_AT])):
        return found
    raise Unusable("format_unknown")


def _in_text(name: str, text: str) -> Name:
    if _TCEXAM.match(text.lstrip()) and "\t" in text:
        return Name.TCEXAM_TSV
    answers = [answer.strip() for answer in _ANSWERS.findall(text)]
    if answers and 2 * sum(len(answer) == 1 for answer in answers) > len(answers):
        return Name.AIKEN
    if "{" in text and (braces := len(_GIFT.findall(text))) and len(_PAPER.findall(text)) <= 3 * braces:
        return Name.GIFT
    cells = [cell.strip(' "') for cell in re.split("[,;\t]", next(_lines(text), ""))]
    heads = [found.sort for cell in cells if (found := heading(cell))]
    table = name.lower().endswith((".csv", ".tsv")) or (len(heads) > 1 and Sort.STEM in heads)
    return Name.CSV if table and len(cells) > 1 else Name.TEXT


def _lines(text: str) -> Iterator[str]:
    """The lines that say something."""
    return (line for line in text.split("\n") if line.strip())
