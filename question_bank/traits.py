"""What a list can be narrowed by, packed into whole numbers: a group of them is counted in one reading of a table.

Each field has a few bits of a number. A value's place in its field's tuple is
its code, so new values are only ever added at the end. How well a question did
is said in bands; the borders are those that trainers reckon with: what nearly
nobody or nearly everybody gets right tells little about people, and a question
that the better ones get wrong more often has mostly a wrong key.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from question_bank.item import Level, State
from question_bank.kind import Kind

HARD, EASY = 0.3, 0.9
"""Below and from which mean fraction a question counts as hard and as easy."""
WEAK = 0.15
"""Below which correlation with the rest of the paper a question tells little."""


@dataclass(frozen=True)
class Field:
    """Some bits of a number: from bit ``shift``, ``width`` of them."""

    name: str
    values: tuple[str, ...]
    shift: int
    width: int

    def code(self, value: str) -> int:
        """The value's number, still without its shift; raises ValueError for none of the field's."""
        return self.values.index(value)

    def read(self, packed: int) -> str:
        """The value that a packed number holds."""
        return self.values[packed >> self.shift & (1 << self.width) - 1]


TRAITS = (
    Field("state", tuple(State), 0, 3),
    Field("in_use", ("no", "yes"), 3, 1),
    Field("kind", tuple(Kind), 4, 4),
    Field("level", tuple(Level), 8, 2),
    Field("difficulty", ("0", "1", "2", "3", "4", "5"), 10, 3),
    Field("key", ("no", "yes"), 13, 1),
    Field("tier", ("none", "basic", "improved", "excellent"), 14, 2),
)
FIGURES = (
    Field("facility", ("unused", "waiting", "hard", "middle", "easy"), 0, 3),
    Field("correlation", ("none", "negative", "weak", "good"), 3, 2),
)
FIELD = {field.name: field for field in (*TRAITS, *FIGURES)}


@lru_cache(maxsize=20_000)
def traits(packed: int) -> dict[str, str]:
    """What ``ItemCard.traits`` says, by field."""
    return {field.name: field.read(packed) for field in TRAITS}


@lru_cache(maxsize=1000)
def figures(packed: int) -> dict[str, str]:
    """What ``ItemCard.figures`` says, by field."""
    return {field.name: field.read(packed) for field in FIGURES}


def known(name: str, value: str) -> bool:
    """Whether a list can be narrowed to that value."""
    return value in FIELD[name].values


def _shown(said: Mapping[str, str], name: str) -> Iterator[str]:
    """The values under which a group is counted: a question in use counts as such beside the state of its revision."""
    yield said[name]
    if name == "state" and said["in_use"] == "yes" and said["state"] != State.LIVE:
        yield State.LIVE


def tally(
    groups: Iterable[tuple[Mapping[str, str], int]], names: Sequence[str], chosen: Mapping[str, str],
) -> tuple[int, dict[str, Counter[str]]]:
    """How many there are in all, and behind each value of each of the ``names``, given what is chosen under the other names.

    ``groups``: what each says by field, and how many are of it.
    """
    total, counts = 0, {name: Counter[str]() for name in names}
    asked = [(name, chosen[name]) for name in names if name in chosen]
    for said, number in groups:
        missed = [name for name, wanted in asked if wanted not in _shown(said, name)]
        if len(missed) > 1:
            continue
        total += 0 if missed else number
        for name in missed or names:
            for value in _shown(said, name):
                counts[name][value] += number
    return total, counts
