"""Tables of strangers: read in a child that may be killed, and refused with the cause when they are hostile."""

import io
import resource
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from xlsxwriter import Workbook

from foundation import child, grid
from foundation.child import Limits, Parsed, Refused, Trouble

CPU_SECONDS = 3


def workbook(fill: Callable[[Any, Any], None], sheets: int = 1) -> bytes:
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        pages = [book.add_worksheet() for _ in range(sheets)]
        fill(book, pages[0])
    return made.getvalue()


def rewritten(content: bytes, change: dict[str, bytes]) -> bytes:
    """The workbook with some parts replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *change}:
            new.writestr(name, change[name] if name in change else old.read(name))
    return made.getvalue()


def plain(_book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["工号", "姓名"])
    sheet.write_row(1, 0, ["S1", "王"])


def refused(content: bytes) -> Trouble | None:
    """Why it was not read; it must not have taken more than it may."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    parsed = grid.read(content)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < CPU_SECONDS + 1
    assert not parsed.trouble or not parsed.pieces
    return parsed.trouble


def test_cells_come_as_they_were_meant() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(1, 1, ["文本", 5, True])
        sheet.write_datetime(2, 1, datetime(2026, 1, 31), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula(2, 2, "=1+1", value="算好的")
        sheet.write_formula(2, 3, "=1/0", value="#DIV/0!")
        sheet.write_string(3, 1, "=cmd|' /C calc'!A0")

    assert grid.rows(grid.read(workbook(fill))) == [
        ["", "", ""], ["文本", 5.0, True], [date(2026, 1, 31), "算好的", ""], ["=cmd|' /C calc'!A0", "", ""],
    ]


def test_the_first_sheet_that_is_shown_is_read() -> None:
    def fill(book: Any, first: Any) -> None:
        first.write(0, 0, "藏起来的")
        second = book.worksheets()[1]
        second.write(0, 0, "看得见的")
        second.activate()
        first.hide()

    assert grid.rows(grid.read(workbook(fill, sheets=2))) == [["看得见的"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_every_usual_encoding_and_with_every_usual_delimiter(encoding: str, delimiter: str) -> None:
    text = f'工号{delimiter}姓名\r\nS1{delimiter}"王{delimiter}小"\r\nS2{delimiter}李\r\n'
    assert grid.rows(grid.read(text.encode(encoding))) == [["工号", "姓名"], ["S1", f"王{delimiter}小"], ["S2", "李"]]


def test_rows_of_different_lengths_are_filled_up() -> None:
    assert grid.rows(grid.read(b"a,b,c\n1\n\n1,2,3\n")) == [["a", "b", "c"], ["1", "", ""], ["", "", ""], ["1", "2", "3"]]


def test_one_cell_in_the_last_corner_is_refused_at_once() -> None:
    assert refused(workbook(lambda _book, sheet: sheet.write(1_048_575, 16_383, "x"))) is Trouble.TOO_LARGE


def test_two_cells_in_opposite_corners_get_no_memory_for_what_lies_between() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "x")

    assert refused(workbook(fill)) is Trouble.TOO_LARGE


def test_a_zip_bomb_is_seen_in_its_directory() -> None:
    assert refused(claiming("xl/worksheets/sheet9.xml", zlib.compress(b"<a/>", 9, -15), 200 * 1024 * 1024)) is Trouble.BOMB


def test_a_bomb_that_lies_about_its_size_is_refused_within_the_limits() -> None:
    sheet = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    row = b'<row><c t="inlineStr"><is><t>' + b"A" * 30_000 + b"</t></is></c></row>"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(sheet) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(row * 100) + packer.flush(zlib.Z_FULL_FLUSH)  # unpacks the same wherever it stands
    packed = head + block * 600 + packer.flush()  # 1.8 GB
    made = claiming("xl/worksheets/sheet1.xml", packed, 100 * 1024 * 1024)
    assert refused(made) in {Trouble.TOO_COSTLY, Trouble.TOO_LARGE, Trouble.DAMAGED}


def claiming(liar: str, packed: bytes, claimed: int) -> bytes:
    """A workbook whose directory says that the part ``liar`` unpacks to so many bytes."""
    with zipfile.ZipFile(io.BytesIO(workbook(plain))) as old:
        parts = {name: old.read(name) for name in old.namelist()} | {liar: b""}
    body, directory = b"", b""
    for name, content in parts.items():
        data, size = (packed, claimed) if name == liar else (zlib.compress(content, 9, -15), len(content))
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, zlib.crc32(content), len(data), size, len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\3\4" + fields + name.encode() + data
    end = struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


def test_xml_with_a_document_type_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><worksheet/>'
    assert refused(rewritten(workbook(plain), {"xl/worksheets/sheet1.xml": bomb})) is Trouble.DOCTYPE
    hidden = b'<?xml version="1.0"?><!-- ' + b"-" * 10 + b" --><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"
    assert refused(rewritten(workbook(plain), {"xl/sharedStrings.xml": hidden})) is Trouble.DOCTYPE
    assert refused(rewritten(workbook(plain), {"xl/styles.xml": b"<!--" + b" " * 5000 + b"--><!DOCTYPE a><a/>"})) is Trouble.DAMAGED


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", Trouble.EMPTY), (b"  \n", Trouble.EMPTY), (b"\x89PNG\r\n\x1a\n\0\0\0", Trouble.NOT_A_TABLE),
        (b"a,b\0,c\n", Trouble.NOT_A_TABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Trouble.OLD_FORMAT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Trouble.ENCRYPTED),
        (b"PK\3\4 and then nothing", Trouble.DAMAGED), (b"\xff\xff\xff,\x80\x80", Trouble.ENCODING),
        (b'a,"' + b"x" * 50_000, Trouble.DAMAGED), (b",".join([b"x"] * 300), Trouble.TOO_LARGE),
    ],
)
def test_what_is_no_table_is_named(content: bytes, trouble: Trouble) -> None:
    assert refused(content) is trouble


def test_a_zip_that_is_no_workbook_and_a_workbook_without_cells_are_named() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert refused(made.getvalue()) is Trouble.NOT_A_TABLE
    assert refused(workbook(lambda _book, _sheet: None)) is Trouble.EMPTY
    assert refused(rewritten(workbook(plain), {"xl/worksheets/sheet1.xml": b"<worksheet><broken"})) is Trouble.DAMAGED


def busy(_content: bytes) -> list[int]:
    """A parser that never ends."""
    while True:
        pass


def greedy(_content: bytes) -> list[int]:
    """A parser that wants more memory than it gets."""
    return [len(bytearray(1 << 30))]


def lazy(_content: bytes) -> list[int]:
    """A parser that waits for something that never comes."""
    time.sleep(60)
    return []


def writer(_content: bytes) -> list[int]:
    """A parser that writes a file."""
    with open("/dev/shm/written-by-a-parser", "wb") as file:
        return [file.write(b"x" * 100_000)]


def choosy(content: bytes) -> list[str]:
    """A parser that will not."""
    raise Refused(Trouble.ENCODING)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "trouble"), [
    ("busy", Trouble.TOO_COSTLY), ("greedy", Trouble.TOO_LARGE), ("lazy", Trouble.TOO_COSTLY), ("writer", Trouble.DAMAGED),
    ("choosy", Trouble.ENCODING), ("missing", Trouble.DAMAGED),
])
def test_a_parser_is_kept_within_its_limits(name: str, trouble: Trouble) -> None:
    began = time.monotonic()
    assert child.parse(f"tests.foundation.test_grid:{name}", b"x", Limits(cpu=1, wall=2)) == Parsed(trouble=trouble)
    assert time.monotonic() - began < 20
