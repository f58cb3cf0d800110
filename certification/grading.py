"""From answers to a result: the share of each item, the marks, the sections, pass or not, the grade.

A *fraction* is 0–1 on an item, a *mark* is fraction × points. All sums and
comparisons are done in exact fractions, so that 40 of 50 reaches a cut of 0.8.
The programme is passed when the whole paper reaches the pass cut and every
section minimum is met; the grade is excellent when it reaches the excellent cut
too. Source: product.md, R7, and "Settled points"; formats.md for the keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from certification import scoring as partial
from certification.layout import Slot, is_blank
from certification.programme import ExamSpec, SectionMinimum
from certification.scoring import FULL, NONE, Scoring
from question_bank.fill import matches
from question_bank.kind import Kind
from standards.clause import covers_reference

__all__ = ["FULL", "NONE"]


class Grade(StrEnum):
    """The level at which a programme is passed."""

    QUALIFIED = "qualified"
    EXCELLENT = "excellent"


@dataclass(frozen=True)
class Key:
    """What grading needs of an item version: ``key`` by kind (formats.md), the clauses it asks about, whether all are key.

    ``also``: further keys that earn as much, since a regrade; ``after``: what follows each gap of a fill.
    """

    kind: str
    key: Any
    refs: tuple[str, ...] = ()
    key_clause: bool = False
    also: tuple[Any, ...] = ()
    after: tuple[str, ...] = ()


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


def fraction(
    kind: str, key: Any, answer: Any, scoring: Scoring = Scoring(), options: int = 0, after: Sequence[str] = ()
) -> Fraction | None:
    """The share of an item that ``answer`` (in option codes) earns; None where a person must mark it.

    ``options``: how many were shown. ``after``: what follows each gap of a fill.
    Who left a question open gets nothing for it, and nobody need mark that.
    """
    if is_blank(answer):
        return NONE
    if kind == Kind.SHORT:
        return None
    if kind == Kind.MULTIPLE:
        return partial.multiple(key, answer, options or len({*key, *answer}), scoring.multiple)
    if kind == Kind.ORDER:
        return partial.order(key, answer, scoring.order)
    if kind == Kind.MATCH:
        return partial.match(key, answer, scoring.match)
    if kind == Kind.FILL:
        return partial.fill(_gaps(key, answer, after), scoring.fill)
    if kind == Kind.SITUATIONAL:
        return min(FULL, max(NONE, exact(key.get(answer, 0))))
    return FULL if answer in key else NONE


def _gaps(key: Sequence[Sequence[str]], answer: Sequence[str], after: Sequence[str]) -> list[bool]:
    """Which gaps are filled rightly; what has no gap of its own counts nothing."""
    texts, follows = (*answer, *[""] * len(key)), (*after, *[""] * len(key))
    return [matches(text, accepted, follow) for text, accepted, follow in zip(texts, key, follows, strict=False)]


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
        settled[number] if number in settled else _best(keys[slot.version], answers.get(number), slot, exam.scoring)
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


def _best(key: Key, answer: Any, slot: Slot, scoring: Scoring) -> Fraction | None:
    """The most that any of the keys gives; an unscored slot waits for nobody's mark."""
    shares = [fraction(key.kind, one, answer, scoring, len(slot.shown), key.after) for one in (key.key, *key.also)]
    known = [share for share in shares if share is not None]
    return max(known) if known else NONE if slot.unscored else None


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
