"""From answers to a result: the share of each item, the marks, the sections, pass or not, the grade.

A *fraction* is 0–1 on an item, a *mark* is fraction × points. All sums and
comparisons are done in exact fractions, so that 40 of 50 reaches a cut of 0.8.
The programme is passed when the whole paper reaches the pass cut and every
section minimum is met; the grade is excellent when it reaches the excellent cut
too. Source: product.md, R7, and "Settled points"; formats.md for the keys.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from certification.layout import Slot
from certification.programme import ExamSpec, SectionMinimum
from question_bank.item import Kind
from standards.clause import covers_reference

NONE, FULL = Fraction(0), Fraction(1)


class Multiple(StrEnum):
    """How a question with several right options is judged."""

    ALL_OR_NOTHING = "all_or_nothing"
    SHARE_UNLESS_WRONG = "share_unless_wrong"


class Grade(StrEnum):
    """The level at which a programme is passed."""

    QUALIFIED = "qualified"
    EXCELLENT = "excellent"


@dataclass(frozen=True)
class Key:
    """What grading needs of an item version: ``key`` by kind (formats.md), the clauses it asks about, whether all are key.

    ``also``: further keys that earn as much, since a regrade.
    """

    kind: str
    key: Any
    refs: tuple[str, ...] = ()
    key_clause: bool = False
    also: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of the paper, or a minimum: ``min`` and ``met`` are None where nothing is demanded."""

    title: dict[str, str] | None
    mark: float
    points: float
    fraction: float
    min: float | None = None
    met: bool | None = None


@dataclass(frozen=True)
class Graded:
    """A result. ``marks``: (slot, fraction, mark), both None where a person must mark; ``complete`` says that none is left."""

    mark: float
    points: float
    fraction: float
    passed: bool
    grade: Grade | None
    marks: tuple[tuple[int, float | None, float | None], ...]
    sections: tuple[Section, ...]
    complete: bool


def exact(number: float) -> Fraction:
    """The decimal that was written: 0.8 is four fifths, not the nearest binary number."""
    return Fraction(str(number))


def fraction(kind: str, key: Any, answer: Any, policy: Multiple = Multiple.ALL_OR_NOTHING) -> Fraction | None:
    """The share of an item that ``answer`` (in option codes) earns; None where a person must mark it."""
    if kind == Kind.SHORT:
        return None
    if answer is None:
        return NONE
    return _JUDGES[kind](key, answer, policy)


def _one(key: Any, answer: Any, _policy: Multiple) -> Fraction:
    return FULL if answer in key else NONE


def _several(key: Any, answer: Any, policy: Multiple) -> Fraction:
    right, chosen = set(key), set(answer)
    if policy is Multiple.SHARE_UNLESS_WRONG and chosen <= right:
        return Fraction(len(chosen), len(right))
    return FULL if chosen == right else NONE


def _ordered(key: Any, answer: Any, _policy: Multiple) -> Fraction:
    return FULL if list(answer) == list(key) else NONE


def _matched(key: Any, answer: Any, _policy: Multiple) -> Fraction:
    return FULL if dict(answer) == dict(key) else NONE


def _filled(key: Any, answer: Any, _policy: Multiple) -> Fraction:
    if len(answer) != len(key):
        return NONE
    right = all(normal(text) in {normal(known) for known in accepted} for text, accepted in zip(answer, key, strict=True))
    return FULL if right else NONE


def _situational(key: Any, answer: Any, _policy: Multiple) -> Fraction:
    return min(FULL, max(NONE, exact(key.get(answer, 0))))


_JUDGES: dict[str, Callable[[Any, Any, Multiple], Fraction]] = {
    Kind.SINGLE: _one,
    Kind.TRUE_FALSE: _one,
    Kind.MULTIPLE: _several,
    Kind.ORDER: _ordered,
    Kind.MATCH: _matched,
    Kind.FILL: _filled,
    Kind.SITUATIONAL: _situational,
}


def normal(text: str) -> str:
    """A filled-in text as it is compared: NFKC (full and half width alike), case folded, single inner spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def grade_attempt(
    slots: Sequence[Slot],
    keys: Mapping[int, Key],
    answers: Mapping[int, Any],
    exam: ExamSpec,
    titles: Sequence[dict[str, str] | None] = (),
    given: Mapping[int, Fraction] | None = None,
) -> Graded:
    """Grade an attempt.

    ``keys`` by item version, ``answers`` by slot number in option codes,
    ``titles`` of the form's sections, ``given`` the fractions that people
    settled, by slot number. Unscored slots count nothing. A paper with anything left to mark by
    hand is neither passed nor failed: ``complete`` is False, ``grade`` None.
    """
    settled = given or {}
    shares = [
        settled[number] if number in settled else _best(keys[slot.version], answers.get(number), slot.unscored)
        for number, slot in enumerate(slots, 1)
    ]
    points = [NONE if slot.unscored else exact(slot.points) for slot in slots]
    earned = [share * worth if share is not None else NONE for share, worth in zip(shares, points, strict=True)]
    complete = None not in shares
    total, reachable = sum(earned, NONE), sum(points, NONE)
    minimums = [_section(m.title, earned, points, _under(m, slots, keys), m.min) for m in exam.sections]
    parts = [_section(title, earned, points, [slot.section == index for slot in slots]) for index, title in enumerate(titles)]
    level = _share(total, reachable)
    grade = _grade(level, exam) if complete and all(section.met for section in minimums) else None
    marks = tuple(
        (number, None, None) if share is None else (number, float(share), float(mark))
        for number, (share, mark) in enumerate(zip(shares, earned, strict=True), 1)
    )
    return Graded(float(total), float(reachable), float(level), grade is not None, grade, marks, (*parts, *minimums), complete)


def _best(key: Key, answer: Any, unscored: bool) -> Fraction | None:
    """The most that any of the keys gives; an unscored slot waits for nobody's mark."""
    shares = [fraction(key.kind, one, answer) for one in (key.key, *key.also)]
    known = [share for share in shares if share is not None]
    return max(known) if known else NONE if unscored else None


def _grade(level: Fraction, exam: ExamSpec) -> Grade | None:
    if level >= exact(exam.excellent):
        return Grade.EXCELLENT
    return Grade.QUALIFIED if level >= exact(exam.pass_) else None


def _under(minimum: SectionMinimum, slots: Sequence[Slot], keys: Mapping[int, Key]) -> list[bool]:
    """Which slots count towards a minimum: those on key clauses, or all of whose clauses lie under the named ones."""
    return [_counts(minimum, keys[slot.version]) for slot in slots]


def _counts(minimum: SectionMinimum, key: Key) -> bool:
    if minimum.key_clauses and not key.key_clause:
        return False
    if not minimum.clauses:
        return minimum.key_clauses
    return bool(key.refs) and all(any(covers_reference(prefix, ref) for prefix in minimum.clauses) for ref in key.refs)


def _section(
    title: dict[str, str] | None,
    earned: Sequence[Fraction],
    points: Sequence[Fraction],
    chosen: Sequence[bool],
    minimum: float | None = None,
) -> Section:
    mark = sum((one for one, counts in zip(earned, chosen, strict=True) if counts), NONE)
    worth = sum((one for one, counts in zip(points, chosen, strict=True) if counts), NONE)
    level = _share(mark, worth)
    met = None if minimum is None else level >= exact(minimum)
    return Section(title, float(mark), float(worth), float(level), minimum, met)


def _share(mark: Fraction, points: Fraction) -> Fraction:
    """The share of the points; all of it where there is nothing to earn, so that an empty section holds nobody back."""
    return mark / points if points else FULL
