"""What a released result shows of the questions, and until when that waits.

Scores by section are always shown. The clauses that were missed, or the whole
paper with its answers, only when nobody can profit any more: every sitting of
the same questions has closed, and nobody there still writes. Source: product.md,
"Words": a form is sealed until its window; the issue on exam delivery: review is
bound to the last sitting of that form.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from question_bank.item import Kind


class Review(StrEnum):
    """How much a sitting shows of its questions after release."""

    NONE = "none"
    CLAUSES = "clauses"
    FULL = "full"


@dataclass(frozen=True)
class Use:
    """A sitting of the same questions that is not called off: its end with all extra time, and whether somebody still writes."""

    closes: datetime
    running: bool = False


@dataclass(frozen=True)
class Shown:
    """``level`` is shown now; ``wanted`` is what the sitting promises, ``until`` when at the earliest (None: not known yet)."""

    level: Review
    wanted: Review
    until: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether more is to come."""
        return self.level is not self.wanted


def shown(asked: Review, released: bool, uses: Sequence[Use], now: datetime) -> Shown:
    """What may be shown at ``now``. An end is half-open: at ``closes`` the sitting has closed."""
    if asked is Review.NONE or not released:
        return Shown(Review.NONE, asked if released else Review.NONE)
    last = max((use.closes for use in uses), default=now)
    if now < last:
        return Shown(Review.NONE, asked, last)
    if any(use.running for use in uses):
        return Shown(Review.NONE, asked)
    return Shown(asked, asked)


@dataclass(frozen=True)
class Missed:
    """A clause: how many scored questions asked about it, and in how many something was lost."""

    clause_id: int
    missed: int
    asked: int


def missed(marks: Iterable[Sequence[Any]], clauses: Mapping[int, Collection[int]]) -> list[Missed]:
    """The clauses on which points were lost, the most first. ``marks``: [slot, fraction, mark]; ``clauses`` by scored slot."""
    asked: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    for slot, fraction, _mark in marks:
        if slot in clauses and fraction is not None:
            asked.update(clauses[slot])
            lost.update(clauses[slot] if fraction < 1 else ())
    return [Missed(clause, count, asked[clause]) for clause, count in sorted(lost.items(), key=lambda one: (-one[1], one[0]))]


def lines(kind: Kind, said: Any, options: Mapping[str, str], right: Mapping[str, str]) -> list[str]:
    """An answer in option codes, or a key, as lines of text: whatever the kind, in the order in which it is said.

    ``options`` and ``right`` are texts by code. Of a situational key the best
    choices are named; of a fill's key every accepted text of a blank.
    """
    if said is None or said == "" or said == [] or said == {}:
        return []
    if kind is Kind.MATCH:
        return [f"{options.get(one, one)} → {right.get(other, other)}" for one, other in said.items()]
    if kind is Kind.SITUATIONAL and isinstance(said, Mapping):
        best = max(said.values())
        return [options.get(code, code) for code, worth in said.items() if worth == best]
    if kind is Kind.FILL:
        return [" / ".join(blank) if isinstance(blank, list | tuple) else str(blank) for blank in said]
    if isinstance(said, str):
        return [options.get(said, said)]
    if kind is Kind.ORDER:
        return [f"{place}. {options.get(code, code)}" for place, code in enumerate(said, 1)]
    return [options.get(str(code), str(code)) for code in said]
