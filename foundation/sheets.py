"""Tables as Excel workbooks: written row by row, so that a long list takes little memory.

Texts are only ever texts: neither formulas nor links, and neutralised as in
CSV, because somebody will save the workbook as one. Reading is done apart, in
a process that may be killed: ``foundation.child``.
"""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from foundation.cells import neutral

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXACT = 10**15
"""Whole numbers from here on lose digits in a spreadsheet, so they are written as text."""
LONGEST = 32_767
"""Characters that a cell can hold."""
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True)
class Column:
    """A column of a sheet that people fill in.

    ``text`` keeps what is typed as text (long numbers stay whole); ``choices``
    are offered as a drop-down; ``hint`` is shown beside the chosen cell, with
    ``head`` above it.
    """

    head: str
    width: float = 14
    text: bool = False
    choices: Sequence[str] = ()
    hint: str = ""


def xlsx(
    head: Sequence[str], rows: Iterable[Iterable[object]], widths: Sequence[float] = (), title: str = "", zone: ZoneInfo | None = None
) -> bytes:
    """A workbook of one sheet: a bold first row that stays in sight, then ``rows``.

    ``widths`` are in characters, by column. Dates become dates; an instant is
    shown as the wall time of ``zone`` and raises ValueError without one.
    """
    wide = [*widths, *[14.0] * (len(head) - len(widths))]
    return form([Column(name, width) for name, width in zip(head, wide, strict=False)], rows, title, zone=zone)


def form(
    columns: Sequence[Column], rows: Iterable[Iterable[object]], title: str = "", ready: int = 0, notes: Sequence[str] = (),
    notes_title: str = "", zone: ZoneInfo | None = None,
) -> bytes:
    """As ``xlsx``, to be filled in: ``ready`` rows below the head are set up, and ``notes`` stand on a sheet behind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        with Workbook(str(path), {**_OPTIONS, "tmpdir": folder}) as book:
            _Pen(book, zone).table(columns, rows, title, ready)
            if notes:
                _add_notes(book, notes, notes_title)
        return path.read_bytes()


class _Pen:
    """Writes values with the formats of one workbook."""

    def __init__(self, book: Workbook, zone: ZoneInfo | None) -> None:
        self.book, self.zone = book, zone
        self.bold: Format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.text: Format = book.add_format({"num_format": "@"})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self.instant: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def table(self, columns: Sequence[Column], rows: Iterable[Iterable[object]], title: str, ready: int) -> None:
        sheet = self.book.add_worksheet(title.translate(_FORBIDDEN).strip("' ")[:31] or None)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width, self.text if column.text else None)
        self._write_row(sheet, 0, [column.head for column in columns], [self.bold] * len(columns))
        kept = [self.text if column.text else None for column in columns]
        for number, row in enumerate(rows, 1):
            self._write_row(sheet, number, row, kept)
        if ready:
            self._offer(sheet, columns, ready)

    def _write_row(self, sheet: Worksheet, number: int, row: Iterable[object], formats: Sequence[Format | None]) -> None:
        for place, value in enumerate(row):
            style = formats[place] if place < len(formats) else None
            if value is None or value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(number, place, neutral(value)[:LONGEST], style)
            elif isinstance(value, bool):
                sheet.write_boolean(number, place, value, style)
            elif isinstance(value, int | float | Decimal):
                exact = -EXACT < value < EXACT
                sheet.write_number(number, place, value, style) if exact else sheet.write_string(number, place, str(value), style)
            elif isinstance(value, datetime):
                sheet.write_datetime(number, place, self._wall(value), self.instant)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, datetime.combine(value, time()), self.day)
            else:
                sheet.write_string(number, place, neutral(str(value))[:LONGEST], style)

    def _wall(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            return value
        if self.zone is None:
            raise ValueError("an instant needs a zone to be shown in")
        return value.astimezone(self.zone).replace(tzinfo=None)

    def _offer(self, sheet: Worksheet, columns: Sequence[Column], ready: int) -> None:
        """Drop-downs and hints; the choices stand on a hidden sheet, because a list in the cell's rule ends at 255 characters."""
        lists: Worksheet | None = None
        for place, column in enumerate(columns):
            rule: dict[str, Any] = {"validate": "any"}
            if column.choices:
                lists = lists or self.book.add_worksheet("_")
                rule = {"validate": "list", "source": f"='_'!${chr(65 + place)}$1:${chr(65 + place)}${len(column.choices)}"}
            if column.choices or column.hint:
                if column.hint:
                    rule |= {"input_title": column.head[:32], "input_message": column.hint[:255]}
                sheet.data_validation(1, place, ready, place, rule)
        if lists is not None:
            for number in range(max(len(column.choices) for column in columns)):
                for place, column in enumerate(columns):
                    if number < len(column.choices):
                        lists.write_string(number, place, neutral(column.choices[number]))
            lists.hide()


def _add_notes(book: Workbook, notes: Sequence[str], title: str) -> None:
    sheet = book.add_worksheet(title.translate(_FORBIDDEN)[:31] or None)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 90)
    for number, note in enumerate(notes):
        sheet.write_string(number, 0, neutral(note)[:LONGEST], wrapped)
