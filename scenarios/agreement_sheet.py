"""What the cells of a sheet of ratings mean: which row is a heading, which column names the units, what is a gap.

A sheet has a row a unit and a column a rater. It may have a heading, and a first column that names the units; both
are told from the cells where that is certain, and can be said outright where it is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scenarios.agreement_table import Rating

UNIT_HEADS = {
    "", "unit", "units", "id", "no", "no.", "item", "subject", "case", "name", "person", "target", "candidate", "examinee", "play",
    "session", "单元", "编号", "序号", "对象", "条目", "项目", "题目", "案例", "场次", "姓名", "考生",
}
"""Headings under which a first column names the units and holds no ratings."""
GAPS = {"", "na", "n/a", "nan"}


@dataclass(frozen=True)
class Sheet:
    """Ratings by unit and rater, with the raters' names."""

    raters: tuple[str, ...]
    rows: tuple[tuple[Rating | None, ...], ...]


def sheet(cells: Sequence[Sequence[str]], heading: bool | None = None, named: bool | None = None) -> Sheet:
    """Read ``cells``; ``heading`` and ``named`` (a first column of names) are found out when None.

    Numbers stand only when every rating is one; otherwise all are words. Raises ValueError, naming the row, when a row
    has another number of cells than the first, or when nothing is left to rate.
    """
    lines = [(place, [cell.strip() for cell in row]) for place, row in enumerate(cells, 1)]
    while lines and not any(lines[-1][1]):
        lines.pop()
    width = len(lines[0][1]) if lines else 0
    for place, row in lines:
        if len(row) != width and any(row):
            raise ValueError(f"row {place} has {len(row)} cells, the first row has {width}")
    rows = [row if any(row) else [""] * width for _, row in lines]
    headed = _headed(rows) if heading is None else heading
    body = rows[1:] if headed else rows
    labelled = _named(rows[0][0] if rows and headed else None, body) if named is None else named
    start = int(labelled)
    if not body or width - start < 1:
        raise ValueError("there are no ratings")
    raters = tuple(rows[0][start:]) if headed else tuple(str(place) for place in range(1, width - start + 1))
    said = [[None if cell.casefold() in GAPS else cell for cell in row[start:]] for row in body]
    numbers = all(_number(cell) is not None for row in said for cell in row if cell is not None)
    return Sheet(raters, tuple(tuple(_number(cell) if numbers and cell is not None else cell for cell in row) for row in said))


def _number(cell: str) -> Fraction | None:
    """``3``, ``-1.5`` or ``2e1``; a fraction such as ``1/2`` is a word here, and so is a figure that no scale has."""
    try:
        return None if "/" in cell or "_" in cell or len(cell) > 24 or abs(float(cell)) > 1e12 else Fraction(cell)
    except ValueError:
        return None


def _headed(rows: Sequence[Sequence[str]]) -> bool:
    """A first row of words above numbers; or of words none of which is a rating further down."""
    if len(rows) < 2:
        return False
    heads = [cell for cell in rows[0] if cell.casefold() not in GAPS]
    if not heads or any(_number(cell) is not None for cell in heads):
        return False
    beside = [cell for row in rows[1:] for cell in (row[1:] or row) if cell.casefold() not in GAPS]
    if beside and all(_number(cell) is not None for cell in beside):
        return True
    return len(set(heads)) == len(heads) and not set(heads) & {cell for row in rows[1:] for cell in row}


def _named(head: str | None, body: Sequence[Sequence[str]]) -> bool:
    """A first column under a word for units; or of words beside numbers; or of different words, none of them a rating beside it."""
    if not body or len(body[0]) < 2:
        return False
    if head is not None and head.casefold() in UNIT_HEADS:
        return True
    first = [row[0] for row in body if any(row)]
    if len(body[0]) < 3 or "" in first or any(_number(cell) is not None for cell in first):
        return False
    beside = {cell for row in body for cell in row[1:] if cell.casefold() not in GAPS}
    if beside and all(_number(cell) is not None for cell in beside):
        return True
    return len(set(first)) == len(first) > 2 and not set(first) & beside
