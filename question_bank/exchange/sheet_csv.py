"""A CSV file as a table: comma, tab or semicolon, any encoding that Chinese programs write.

A cell that a spreadsheet would run as a formula is doubtful, as one of a
workbook is; behind an apostrophe it is a text.
"""

import csv
import io
import re

from question_bank.exchange.found import Unusable
from question_bank.exchange.plain_text import decode
from question_bank.exchange.sheet_table import Cell, Doubt, Table

MOST_ROWS, MOST_COLUMNS, LONGEST = 100_000, 256, 40_000
_FORMULA = re.compile(r"[=＝]\s*[-+]?(?:[A-Za-z_][A-Za-z0-9_.]*\s*[(!|]|['\"(]|\$?[A-Za-z]{1,3}\$?[0-9]+\b)")


def read(content: bytes) -> Table:
    """The table; raises Unusable."""
    text = decode(content)
    csv.field_size_limit(LONGEST)
    rows = {}
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))):
            if number >= MOST_ROWS:
                raise Unusable("too_large", f"{MOST_ROWS}")
            cells = {place: _cell(value) for place, value in enumerate(row[:MOST_COLUMNS]) if value.strip()}
            if cells:
                rows[number] = cells
    except csv.Error as trouble:
        raise Unusable("damaged", f"CSV: {trouble}"[:100]) from trouble
    return Table("", rows)


def _cell(value: str) -> Cell:
    return Cell(value, Doubt.FORMULA if _FORMULA.match(value.strip()) else Doubt.NONE)


def _delimiter(text: str) -> str:
    """Whichever stands most often in the first line that is not empty."""
    head = next((line for line in text.split("\n") if line.strip()), "")
    return max((",", "\t", ";"), key=head.count)
