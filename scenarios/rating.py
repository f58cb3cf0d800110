"""Live ratings by two raters: what a rating must hold, when two of them are escalated, and how three are settled.

A checklist is rated item by item, each on its scale from 0 (not done) upwards; an item that could not be shown is
N/A and leaves both sums, what was earned and what could be. The total is out of 100. Neither the maximum nor a mean
of ratings ever counts. The rule stands in ``docs/agreement.md``, with the cases that a test reads from there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

MOST_APART = 10
"""Points of 100 by which two totals may differ."""
LEAST_ALIKE = Fraction(3, 4)
"""Share of items on which two raters must agree."""
OVERALL_APART = 2
"""Two global ratings this far apart are escalated."""
NEAR_CUT = 3
"""A total so close to the cut, above or below, is looked at by a third rater."""
OVERALL = range(1, 6)


@dataclass(frozen=True)
class Item:
    """A line of a checklist, rated 0 to ``top``; ``points`` is what ``top`` earns, for a critical item perhaps nothing."""

    id: str
    points: int
    top: int = 1
    critical: bool = False
    section: str = ""


@dataclass(frozen=True)
class Checklist:
    """The items, the cut in points of 100, and for some sections a minimum in points of 100."""

    items: tuple[Item, ...]
    cut: Fraction
    minimums: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """What a rater saw of an item: its level, None when N/A, and a sentence why, where one is asked for."""

    level: int | None
    sentence: str = ""


class Seen(StrEnum):
    """How the rater saw the play."""

    LIVE = "live"
    RECORDING = "recording"


@dataclass(frozen=True)
class Rating:
    """One rater's marks by item, and the global rating from 1 to 5, given after them."""

    rater: str
    marks: Mapping[str, Mark]
    overall: int | None
    seen: Seen | None = Seen.LIVE


class Flaw(StrEnum):
    """Why a rating cannot be locked."""

    UNMARKED = "unmarked"
    OFF_SCALE = "off_scale"
    UNKNOWN = "unknown"
    SENTENCE_CRITICAL = "sentence_critical"
    SENTENCE_NA = "sentence_na"
    OVERALL_MISSING = "overall_missing"
    NOT_SEEN = "not_seen"


def flaws(checklist: Checklist, rating: Rating) -> list[tuple[str, Flaw]]:
    """What stands against locking, by item in the checklist's order; the item is empty for what concerns the whole."""
    found = []
    for item in checklist.items:
        flaw = _flaw(item, rating.marks.get(item.id))
        if flaw:
            found.append((item.id, flaw))
    known = {item.id for item in checklist.items}
    found += [(name, Flaw.UNKNOWN) for name in rating.marks if name not in known]
    if rating.overall not in OVERALL:
        found.append(("", Flaw.OVERALL_MISSING))
    if rating.seen is None:
        found.append(("", Flaw.NOT_SEEN))
    return found


def _flaw(item: Item, mark: Mark | None) -> Flaw | None:
    if mark is None:
        return Flaw.UNMARKED
    if mark.level is not None and not 0 <= mark.level <= item.top:
        return Flaw.OFF_SCALE
    if mark.sentence.strip():
        return None
    if mark.level is None:
        return Flaw.SENTENCE_NA
    return Flaw.SENTENCE_CRITICAL if item.critical and mark.level == 0 else None


class Met(StrEnum):
    """Whether what a critical item or a section demands was done."""

    DONE = "done"
    NOT_DONE = "not_done"
    NOT_APPLICABLE = "not_applicable"


def shown(mark: Mark) -> Met:
    """Anything above 0 counts as done: a critical asks whether, the scale how well."""
    if mark.level is None:
        return Met.NOT_APPLICABLE
    return Met.DONE if mark.level else Met.NOT_DONE


def total(checklist: Checklist, rating: Rating, section: str | None = None) -> Fraction | None:
    """Points of 100 of the whole or of a section; None when nothing that earns points applied."""
    earned = possible = Fraction(0)
    for item in checklist.items:
        level = rating.marks[item.id].level
        if level is not None and section in (None, item.section):
            earned += Fraction(item.points * level, item.top)
            possible += item.points
    return 100 * earned / possible if possible else None


def _reached(checklist: Checklist, rating: Rating, section: str) -> Met:
    points = total(checklist, rating, section)
    if points is None:
        return Met.NOT_APPLICABLE
    return Met.DONE if points >= checklist.minimums[section] else Met.NOT_DONE


def passes(checklist: Checklist, rating: Rating) -> bool | None:
    """The verdict of one rating: no critical failed, the cut and the minimums reached; None without a total or a failed critical."""
    if any(shown(rating.marks[item.id]) is Met.NOT_DONE for item in checklist.items if item.critical):
        return False
    points = total(checklist, rating)
    if points is None:
        return None
    return points >= checklist.cut and not any(_reached(checklist, rating, section) is Met.NOT_DONE for section in checklist.minimums)


class Reason(StrEnum):
    """Why a pair of ratings goes to a third rater."""

    VERDICTS = "verdicts"
    CRITICAL = "critical"
    TOTALS = "totals"
    ITEMS = "items"
    OVERALL = "overall"
    NEAR_CUT = "near_cut"
    NO_TOTAL = "no_total"


@dataclass(frozen=True)
class Comparison:
    """Two locked ratings side by side. ``alike`` of ``items`` were marked the same; ``apart`` and ``criticals`` name items that differ."""

    reasons: tuple[Reason, ...]
    totals: tuple[Fraction | None, Fraction | None]
    verdicts: tuple[bool | None, bool | None]
    alike: int
    items: int
    apart: tuple[str, ...]
    criticals: tuple[str, ...]

    @property
    def escalated(self) -> bool:
        return bool(self.reasons)


def compare(checklist: Checklist, one: Rating, other: Rating) -> Comparison:
    """Compare two ratings without flaws. Raises ValueError for one with flaws, or two by the same rater."""
    _whole(checklist, (one, other))
    apart = [item for item in checklist.items if one.marks[item.id].level != other.marks[item.id].level]
    criticals = tuple(item.id for item in apart if item.critical and shown(one.marks[item.id]) is not shown(other.marks[item.id]))
    totals = total(checklist, one), total(checklist, other)
    verdicts = passes(checklist, one), passes(checklist, other)
    items = len(checklist.items)
    known = [points for points in totals if points is not None]
    holds = {
        Reason.VERDICTS: verdicts[0] is not verdicts[1],
        Reason.CRITICAL: bool(criticals),
        Reason.TOTALS: len(known) == 2 and abs(known[0] - known[1]) > MOST_APART,
        Reason.ITEMS: items - len(apart) < LEAST_ALIKE * items,
        Reason.OVERALL: abs((one.overall or 0) - (other.overall or 0)) >= OVERALL_APART,
        Reason.NEAR_CUT: any(abs(points - checklist.cut) <= NEAR_CUT for points in known),
        Reason.NO_TOTAL: len(known) < 2,
    }
    reasons = tuple(reason for reason, true in holds.items() if true)
    return Comparison(reasons, totals, verdicts, items - len(apart), items, tuple(item.id for item in apart), criticals)


def _whole(checklist: Checklist, ratings: Sequence[Rating]) -> None:
    if len({rating.rater for rating in ratings}) < len(ratings):
        raise ValueError("every rating must be by another rater")
    for rating in ratings:
        found = flaws(checklist, rating)
        if found:
            raise ValueError(f"the rating of {rating.rater} is not whole: {', '.join(f'{item} {flaw}'.strip() for item, flaw in found)}")


@dataclass(frozen=True)
class Settlement:
    """What counts in the end. ``failed``: criticals confirmed as not done; ``open``: criticals on which no two raters agree.

    ``points`` and ``passed`` are None where a reviewer must decide.
    """

    points: Fraction | None
    passed: bool | None
    failed: tuple[str, ...]
    open: tuple[str, ...] = ()


def agreed(checklist: Checklist, one: Rating, other: Rating) -> Settlement:
    """Two ratings that need no third: their common verdict and the lower total, which both raters saw reached.

    Raises ValueError when they must be escalated.
    """
    found = compare(checklist, one, other)
    if found.escalated:
        raise ValueError(f"a third rating is needed: {', '.join(found.reasons)}")
    failed = tuple(item.id for item in checklist.items if item.critical and shown(one.marks[item.id]) is Met.NOT_DONE)
    return Settlement(min(points for points in found.totals if points is not None), found.verdicts[0], failed)


def settle(checklist: Checklist, ratings: Sequence[Rating]) -> Settlement:
    """Three ratings: the median of the totals, and for each critical and each section what two of three say.

    Raises ValueError unless there are three whole ratings by three raters.
    """
    if len(ratings) != 3:
        raise ValueError("three ratings are settled")
    _whole(checklist, ratings)
    said = {item.id: _majority(shown(rating.marks[item.id]) for rating in ratings) for item in checklist.items if item.critical}
    failed = tuple(name for name, what in said.items() if what is Met.NOT_DONE)
    unsettled = tuple(name for name, what in said.items() if what is None)
    points = _median(total(checklist, rating) for rating in ratings)
    sections = [_majority(_reached(checklist, rating, section) for rating in ratings) for section in checklist.minimums]
    if failed or Met.NOT_DONE in sections or (points is not None and points < checklist.cut):
        return Settlement(points, False, failed, unsettled)
    decided = points is not None and not unsettled and None not in sections
    return Settlement(points, True if decided else None, failed, unsettled)


def _majority(said: Iterable[Met]) -> Met | None:
    what, times = Counter(said).most_common(1)[0]
    return what if times >= 2 else None


def _median(totals: Iterable[Fraction | None]) -> Fraction | None:
    """The middle of three; None when one of them has no total, because two have no middle."""
    known = [points for points in totals if points is not None]
    return sorted(known)[1] if len(known) == 3 else None
