"""Questions in a table, a workbook or a CSV file: a row a question, whatever the columns are called and in whatever order they stand.

A table begins with its headings, in one of the first rows of a sheet; a sheet
may be named after the kind of its questions, and a row alone may be a title
over those that follow. Every doubt and every loss names its cell. Texts are
plain unless the row says Markdown in its own column.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from question_bank.exchange import sheet_csv, sheet_workbook
from question_bank.exchange.found import Found, Note, Unusable, Weight, refused
from question_bank.exchange.plain_text import decoded_base64
from question_bank.exchange.sheet_cells import Columns
from question_bank.exchange.sheet_row import question
from question_bank.exchange.sheet_table import Cell, Picture, Table
from question_bank.exchange.sheet_words import Heading, Sort, heading, kind_in, known_kind
from question_bank.kind import Kind

HEAD_WITHIN = 20
"""Rows of a sheet in which its headings are looked for."""
OURS = {"填写说明", "示例", "条款", "附件", "Instructions", "Examples", "Clauses", "Attachments"}
"""Sheets of our own workbooks that hold no questions."""
ATTACHMENTS = {"附件", "Attachments"}


@dataclass(frozen=True)
class _Sheet:
    """A table with its headings: where they stand, and what the sheet's own name says of the kind."""

    table: Table
    head: int
    columns: Columns
    kind: Kind | None


def read_xlsx(content: bytes) -> list[Found]:
    """The questions of a workbook; raises Unusable."""
    return _read(sheet_workbook.read(content))


def read_csv(content: bytes) -> list[Found]:
    """The questions of a CSV file; raises Unusable."""
    return _read([sheet_csv.read(content)])


def _read(tables: Sequence[Table]) -> list[Found]:
    ours = [table for table in tables if table.name in OURS]
    others = [table for table in tables if table.name not in OURS and table.rows]
    sheets = [sheet for table in others if (sheet := _sheet(table))]
    if not sheets:
        raise Unusable("headings_missing" if others else "no_questions")
    kept = {name: media for table in ours if table.name in ATTACHMENTS for name, media in _attached(table)}
    found = [one for sheet in sheets for one in _questions(sheet, len(sheets) > 1, kept)]
    if not found:
        raise Unusable("no_questions")
    known = {id(sheet.table) for sheet in sheets}
    ignored = [Note(Weight.HINT, "sheet_ignored", (table.name[:60],)) for table in others if id(table) not in known]
    return [found[0].noted(*ignored), *found[1:]]


def _attached(table: Table) -> Iterator[tuple[str, bytes]]:
    """The pictures and sounds of our own sheet of them, by the name in their row."""
    drawn = {picture.row: picture.media.content for picture in table.pictures}
    for row, cells in table.rows.items():
        name = cells.get(0, Cell()).text.strip()
        content = drawn.get(row) or decoded_base64("".join(cells[place].text for place in sorted(cells) if place > 1))
        if name and content:
            yield name, content


def _sheet(table: Table) -> _Sheet | None:
    for row in sorted(table.rows)[:HEAD_WITHIN]:
        met = {place: found for place, cell in table.rows[row].items() if (found := heading(cell.text))}
        sorts = {found.sort for found in met.values()}
        if Sort.STEM in sorts and len(sorts) > 1:
            unknown = {place: cell.text.strip() for place, cell in table.rows[row].items() if place not in met}
            return _Sheet(table, row, Columns(_first(met), unknown), known_kind(table.name) or kind_in(table.name))
    return None


def _first(met: Mapping[int, Heading]) -> dict[int, Heading]:
    """The headings by column; of two that say the same the left one counts."""
    seen: dict[tuple[Sort, int], int] = {}
    for place in sorted(met):
        seen.setdefault((met[place].sort, met[place].place), place)
    return {place: met[place] for place in seen.values()}


def _questions(sheet: _Sheet, several: bool, kept: Mapping[str, bytes]) -> Iterator[Found]:
    kind = sheet.kind
    pictures = _by_row(sheet)
    for row in sorted(sheet.table.rows):
        cells = sheet.table.rows[row]
        ref = f"{sheet.table.name} 第 {row + 1} 行" if several else f"第 {row + 1} 行"
        if row <= sheet.head:
            continue
        if len(cells) == 1 and not pictures.get(row) and (title := next(iter(cells.values())).text) and (named := kind_in(title)):
            kind = named
        elif len(cells) == 1 and next(iter(cells.values())).text.lstrip().startswith("#"):
            continue  # a comment, as templates of other programs have them
        elif _is_head(cells, sheet.columns):
            continue
        elif any(place in sheet.columns.known for place in cells) or pictures.get(row):
            yield question(ref, row, cells, sheet.columns, kind, pictures.get(row, ()), kept)
        else:
            yield refused(ref, " ".join(cell.text for cell in cells.values()), "not_a_question")


def _is_head(cells: Mapping[int, Cell], columns: Columns) -> bool:
    """Whether a row says the headings once more, as joined tables do."""
    met = {place: found for place, cell in cells.items() if (found := heading(cell.text))}
    again = all(columns.known.get(place) == found for place, found in met.items())
    return again and any(found.sort is Sort.STEM for found in met.values()) and len(met) > 1


def _by_row(sheet: _Sheet) -> dict[int, tuple[Picture, ...]]:
    """The pictures by the row of the question that they belong to: their own, else the nearest one above."""
    rows = [row for row in sorted(sheet.table.rows) if row > sheet.head]
    found: dict[int, tuple[Picture, ...]] = {}
    for picture in sheet.table.pictures:
        owner = max((row for row in rows if row <= picture.row), default=-1)
        if owner >= 0:
            found[owner] = (*found.get(owner, ()), picture)
    return found
