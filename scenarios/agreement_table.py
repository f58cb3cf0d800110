"""Ratings as a table: units are rows, raters are columns, a gap is ``None``.

Numbers are brought to whole ones, which changes no coefficient of agreement here, so that every sum is exact and
"not defined" is a fact and never a rounding.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import lcm

Rating = str | int | float | Fraction
Row = Sequence[Rating | None]


class Scale(StrEnum):
    """What a difference between two ratings means: that there is one, how many steps, or how much."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


class Note(StrEnum):
    """Why a coefficient is not defined for a table."""

    NO_PAIRS = "no_pairs"
    ALL_ALIKE = "all_alike"
    TWO_RATERS = "two_raters"
    WORDS = "words"
    NO_STEPS = "no_steps"
    TOO_FEW = "too_few"
    NO_SPREAD = "no_spread"


@dataclass(frozen=True)
class Found:
    """A coefficient and the number of units it rests on; without a value, the reason."""

    value: Fraction | None
    n: int
    note: Note | None = None


@dataclass(frozen=True)
class Unit:
    """The ratings of one unit, in the order of the raters; ``alike`` counts the ordered pairs of ratings that agree."""

    ratings: tuple[Rating | None, ...]
    said: tuple[Rating, ...]
    alike: int

    @property
    def pairs(self) -> int:
        return len(self.said) * (len(self.said) - 1)


@dataclass(frozen=True)
class Table:
    """Distinct rows with how often each occurs. ``numbers``: every rating is one, and stands here as a whole number."""

    units: tuple[tuple[Unit, int], ...]
    raters: int
    numbers: bool

    @property
    def n(self) -> int:
        return sum(times for _, times in self.units)

    def rated(self, at_least: int) -> Iterator[tuple[Unit, int]]:
        """The units with that many ratings."""
        return ((unit, times) for unit, times in self.units if len(unit.said) >= at_least)


def table(rows: Iterable[Row]) -> Table:
    """Rows without any rating are left out. Raises ValueError when rows differ in length or a number is not finite."""
    kept = [tuple(row) for row in rows]
    if len({len(row) for row in kept}) > 1:
        raise ValueError("every row must have a place for every rater")
    said = {rating for row in kept for rating in row if rating is not None}
    numbers = not any(isinstance(rating, str) for rating in said)
    if numbers:
        exact = {rating: _exact(rating) for rating in said}
        common = lcm(*(value.denominator for value in exact.values()))
        whole: dict[Rating, Rating] = {rating: int(value * common) for rating, value in exact.items()}
    else:
        whole = {rating: str(rating) for rating in said}
    counted = Counter(tuple(None if rating is None else whole[rating] for rating in row) for row in kept)
    units = tuple((_unit(row), times) for row, times in sorted(counted.items(), key=repr) if any(rating is not None for rating in row))
    return Table(units, len(kept[0]) if kept else 0, numbers)


def _exact(rating: Rating) -> Fraction:
    try:
        return Fraction(rating)
    except OverflowError as error:
        raise ValueError("a rating must be finite") from error


def _unit(row: tuple[Rating | None, ...]) -> Unit:
    said = tuple(rating for rating in row if rating is not None)
    return Unit(row, said, sum(count * (count - 1) for count in Counter(said).values()))


def ranked(given: Table) -> Table:
    """Each number replaced by its place among the numbers used, for steps on an ordinal scale."""
    places = {value: place for place, value in enumerate(sorted({number(rating) for unit, _ in given.units for rating in unit.said}))}
    units = tuple(
        (_unit(tuple(None if rating is None else places[number(rating)] for rating in unit.ratings)), times) for unit, times in given.units
    )
    return Table(units, given.raters, given.numbers)


def number(rating: Rating | None) -> int:
    """A rating of a table whose ratings are numbers; anything else is the caller's mistake."""
    if not isinstance(rating, int):
        raise TypeError("the ratings of this table are not numbers")
    return rating
