"""The cells of an Excel workbook or a CSV file, as ``foundation.child`` reads them for us.

What costs nothing to see is seen first: the file's kind by its first bytes, a
workbook's parts by the directory of its zip. Only then is it opened.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice, zip_longest
from typing import Any

from python_calamine import CalamineError, CalamineSheet, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from foundation.child import Limits, Parsed, Refused, Trouble, day, parse

ROWS = 200_000
"""Rows of a table, at most."""
COLUMNS = 256
"""Columns of a table, at most."""
UNPACKED = 192 * 1024 * 1024
"""Bytes of a workbook's parts together, as its directory declares them."""
TEXT = 64 * 1024 * 1024
"""Bytes of a CSV file, at most."""
PARTS = 2000
PIECE = 2000
WORKBOOK = "xl/workbook.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROLOG = re.compile(rb"^\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?P<first>!DOCTYPE|\w)", re.DOTALL)
Cell = str | float | bool | date
"""A cell's value; the result that was kept with a formula, never the formula. An empty cell and an error are ``""``."""


def read(content: bytes) -> Parsed:
    """The first sheet that is shown, or the CSV file, in pieces of some thousand rows; the first row is the file's
    row 1, the first column the first that has anything in it.

    A piece is a list of columns, a fraction of the objects that rows are.
    A small file gets 3 s of CPU. A large one gets a second more for each
    megabyte, because an honest workbook of 100,000 rows has five.
    """
    return parse("foundation.grid:pieces", content, Limits(cpu=3 + max(0, len(content) // 2**20 - 1)))


def rows(parsed: Parsed) -> list[list[Any]]:
    """All rows of what ``read`` answered."""
    return [list(row) for piece in parsed.pieces for row in zip(*piece, strict=True)]


def pieces(content: bytes) -> Iterator[list[list[Any]]]:
    """The child's part of ``read``; raises Refused."""
    if not content.strip():
        raise Refused(Trouble.EMPTY)
    if content.startswith(_OLE):
        raise Refused(Trouble.ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in content else Trouble.OLD_FORMAT)
    found = _sheet_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    width = 0
    while piece := list(islice(found, PIECE)):
        columns = [list(column) for column in zip_longest(*piece, fillvalue="")]
        width = max(width, len(columns))
        yield columns + [[""] * len(piece) for _missing in range(width - len(columns))]


def _sheet_rows(content: bytes) -> Iterator[list[Any]]:
    _look_into(content)
    try:
        sheet = _first_shown(content)
    except PasswordError:
        raise Refused(Trouble.ENCRYPTED) from None
    except CalamineError:
        raise Refused(Trouble.DAMAGED) from None
    if sheet.end is None:
        raise Refused(Trouble.EMPTY)
    if sheet.end[0] >= ROWS or sheet.end[1] >= COLUMNS:
        raise Refused(Trouble.TOO_LARGE)
    return ([cell if type(cell) is str else _plain(cell) for cell in row] for row in sheet.iter_rows())


def _first_shown(content: bytes) -> CalamineSheet:
    book = load_workbook(io.BytesIO(content))
    for number, sheet in enumerate(book.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            return book.get_sheet_by_index(number)
    raise Refused(Trouble.EMPTY)


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return day(cell.date()) if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else str(cell)
    if isinstance(cell, date):
        return day(cell)
    return cell if isinstance(cell, bool | int | float) else str(cell)


def _look_into(content: bytes) -> None:
    """Refuse what is no workbook, and one whose directory is a trap, before anything is unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise Refused(Trouble.DAMAGED) from None
    parts = archive.infolist()
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise Refused(Trouble.BOMB)
    if sum(part.compress_size for part in parts) > len(content) or len({part.header_offset for part in parts}) < len(parts):
        raise Refused(Trouble.BOMB)  # parts that overlap are counted once and unpacked many times
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(Trouble.ENCRYPTED)
    if WORKBOOK not in {part.filename for part in parts}:
        raise Refused(Trouble.NOT_A_TABLE)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _check_prolog(archive, part)


def _check_prolog(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """XML with a document type is refused; so is a part whose root does not begin within its first 4 KB."""
    with archive.open(part) as stream:
        begin = stream.read(4096).removeprefix(b"\xef\xbb\xbf")
    first = _PROLOG.match(begin)
    if first is None:
        raise Refused(Trouble.DAMAGED)
    if first["first"] == b"!DOCTYPE":
        raise Refused(Trouble.DOCTYPE)


def _csv_rows(content: bytes) -> Iterator[list[Any]]:
    if len(content) > TEXT:
        raise Refused(Trouble.TOO_LARGE)
    text = _decoded(content)
    csv.field_size_limit(40_000)
    counted = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for number, row in enumerate(counted):
            if number >= ROWS or len(row) > COLUMNS:
                raise Refused(Trouble.TOO_LARGE)
            yield row
    except csv.Error:
        raise Refused(Trouble.DAMAGED) from None


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else GB18030, which holds GBK and GB 2312; a zero byte is no text."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if b"\0" in content:
            raise Refused(Trouble.NOT_A_TABLE)
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("gb18030")
    except UnicodeDecodeError:
        raise Refused(Trouble.ENCODING) from None


def _delimiter(text: str) -> str:
    """Comma, tab or semicolon: whichever stands most often in the first line that is not empty."""
    head = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    return max((",", "\t", ";"), key=head.count)
