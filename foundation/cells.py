"""Cells of an exported table that a spreadsheet must not take for formulas."""

import csv
import io
from collections.abc import Iterable, Iterator

STARTS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def neutral(text: str) -> str:
    """``text`` behind an apostrophe when a spreadsheet would run it, blanks in front of it or not."""
    return "'" + text if text and (text[0] in STARTS_A_FORMULA or text.lstrip()[:1] in STARTS_A_FORMULA) else text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """The rows as CSV in UTF-8 with a byte order mark, which is what makes Excel read Chinese; cells are neutralised."""
    yield "\ufeff".encode()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([neutral("" if cell is None else str(cell)) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
