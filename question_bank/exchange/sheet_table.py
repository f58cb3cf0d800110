"""A table as a reader of questions sees it: cells with what they show and what is doubtful about it, pictures by their cell."""

from dataclasses import dataclass, field
from enum import StrEnum

from question_bank.exchange.found import Media, Note


class Doubt(StrEnum):
    """What is doubtful about a cell."""

    NONE = ""
    NUMBER = "number"  # zeros behind the point may be gone
    DATE = "date"  # "1-2" may have become one
    FORMULA = "formula"
    ERROR = "error"


@dataclass(frozen=True)
class Cell:
    """What a cell shows; ``notes`` say what was lost of it, ``pictures`` are those that stand in it."""

    text: str = ""
    doubt: Doubt = Doubt.NONE
    notes: tuple[Note, ...] = ()
    pictures: tuple[Media, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture that lies on the cell at ``row`` and ``column``, both from 0; ``alt`` is its description."""

    row: int
    column: int
    media: Media
    alt: str = ""


@dataclass(frozen=True)
class Table:
    """A sheet by name: its cells by row, then column, both from 0, empty ones left out."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()


def column_name(place: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def cell_name(row: int, column: int) -> str:
    """``C5``."""
    return f"{column_name(column)}{row + 1}"
