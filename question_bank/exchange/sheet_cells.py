"""The cells of one row by what they hold, with what is doubtful about them and the pictures that lie on them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from question_bank.exchange.found import Media, Note, Weight
from question_bank.exchange.markup import escaped
from question_bank.exchange.sheet_table import Cell, Doubt, Picture, cell_name
from question_bank.exchange.sheet_words import Heading, Sort, column
from question_bank.kind import Kind

QUIET = frozenset({Sort.NUMBER, Sort.DIFFICULTY, Sort.POINTS, Sort.CATEGORY, Sort.TAGS})
"""Columns in which a number is a number, and a doubt about it says nothing."""
_APOSTROPHE = re.compile(r"\A'(?='*[\s　]*[=+\-@＝＋－＠\t\r\n])")


@dataclass(frozen=True)
class Columns:
    """The columns of a table: what each holds, and the headings of those that mean nothing here."""

    known: Mapping[int, Heading]
    unknown: Mapping[int, str]

    def numbered_kind(self, text: str) -> Kind | None:
        """The kind that the heading's own remark gives a number."""
        return next((kind for found in self.known.values() for number, kind in found.kinds if number == text.strip()), None)


@dataclass
class Row:
    """A row while it is read: its cells by what they hold, the notes so far, the pictures that it shows."""

    number: int
    cells: dict[tuple[Sort, int], Cell]
    places: dict[tuple[Sort, int], int]
    markdown: bool = False
    notes: list[Note] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)

    def raw(self, sort: Sort, place: int = 0) -> str:
        """What a cell shows, without the apostrophe that kept it from being a formula."""
        cell = self.cells.get((sort, place))
        return _APOSTROPHE.sub("", cell.text, count=1).strip() if cell and cell.doubt not in (Doubt.FORMULA, Doubt.ERROR) else ""

    def text(self, sort: Sort, place: int = 0) -> str:
        """A text of the question, with the pictures of its cell, as our Markdown."""
        said = self.raw(sort, place)
        cell = self.cells.get((sort, place), Cell())
        shown = [f"![](media:{self.keep(media)})" for media in cell.pictures]
        return "\n\n".join(filter(None, [said if self.markdown else escaped(said), *shown]))

    def keep(self, media: Media) -> str:
        """Take in a picture; its name in the texts."""
        safe = re.sub(r"[()\s\\\[\]<>\"']+", "_", media.name)[-120:] or "picture"
        tried, number = safe, 1
        while self.media.get(tried, media.content) != media.content:
            number += 1
            tried = f"{number}-{safe}"
        self.media[tried] = media.content
        return tried

    def name(self, sort: Sort, place: int = 0) -> str:
        """The name of a cell, as a spreadsheet has it, and of its column."""
        at = self.places.get((sort, place))
        label = column(sort, place)
        return f"{cell_name(self.number, at)}（{label}）" if at is not None else label

    def note(self, weight: Weight, code: str, *words: str) -> None:
        self.notes.append(Note(weight, code, words))


def row_of(number: int, cells: Mapping[int, Cell], columns: Columns) -> Row:
    """The row ``number``, from 0; a formula or an error in it is a note that refuses it."""
    by_sort = {(found.sort, found.place): place for place, found in columns.known.items()}
    row = Row(number, {sort: cells[place] for sort, place in by_sort.items() if place in cells}, by_sort)
    for (sort, place), cell in row.cells.items():
        row.notes.extend(cell.notes)
        if sort is Sort.NUMBER:
            continue  # counts the rows, often by a formula
        if cell.doubt is Doubt.FORMULA:
            row.note(Weight.WRONG, "cell_formula", row.name(sort, place), cell.text[:60])
        elif cell.doubt is Doubt.ERROR:
            row.note(Weight.WRONG, "cell_error", row.name(sort, place), cell.text[:20])
        elif cell.doubt and sort not in QUIET:
            code = "cell_number" if cell.doubt is Doubt.NUMBER else "cell_date"
            row.note(Weight.GUESSED, code, row.name(sort, place), cell.text[:40])
    return row


def lay(row: Row, pictures: Sequence[Picture], columns: Columns) -> None:
    """Put pictures that lie on the sheet into the cells they lie on; one that lies on no text belongs to the question's."""
    for picture in pictures:
        found = columns.known.get(picture.column)
        at = (found.sort, found.place) if found and found.sort in (Sort.STEM, Sort.OPTION, Sort.RIGHT, Sort.RATIONALE) else (Sort.STEM, 0)
        said = found is not None and (found.sort is Sort.PICTURE or at == (found.sort, found.place))
        if not said or picture.row != row.number:
            row.note(Weight.GUESSED, "picture_placed", cell_name(picture.row, picture.column), row.name(*at))
        cell = row.cells.get(at, Cell())
        row.cells[at] = replace(cell, pictures=(*cell.pictures, picture.media))
