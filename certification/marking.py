"""Short answers that people mark: two blind rounds, a third where the two differ, and who may take which answer.

Rounds 1 and 2 go to different markers who see neither each other's mark nor
whose answer it is. A difference of more than ``TOLERANCE`` of the item is
settled by a third marker, who sees both marks and not who gave them; otherwise
the mean counts. A mark is one of ``STEPS``; everything is exact. An answer that
says nothing is worth nothing and is shown to nobody. Source: ISO/IEC 17024,
9.2 (impartial and consistent assessment); docs/marking.md publishes the figures.
"""

import base64
import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from certification.layout import is_blank
from certification.release import Block

STEPS = tuple(Fraction(quarter, 4) for quarter in range(5))
"""What a marker may give: nothing, a quarter, a half, three quarters, all."""
TOLERANCE = Fraction(1, 4)
"""Two marks that lie no further apart are one opinion, and their mean counts."""
CLAIM = timedelta(minutes=30)
"""How long an answer that was taken waits for its mark before another marker may take it."""
DUE = timedelta(days=5)
"""When the marks should be in, counted from the end of the sitting's window."""
FEW = 10
"""Fewer answers than this, marked by two, say nothing about how well markers agree."""
THIRD = 3


class Refusal(StrEnum):
    """Why a marker does not get an answer, or a mark is not kept."""

    ONESELF = "oneself"
    COMPANY = "company"
    BOOKED = "booked"
    TWICE = "twice"
    TAKEN = "taken"
    SETTLED = "settled"


@dataclass(frozen=True)
class Marker:
    """Who marks. ``company`` is the partner they work for, None for the operator's own people."""

    account: int
    person: int
    company: int | None


@dataclass(frozen=True)
class Mark:
    """One marker's share of the work on one answer; ``fraction`` None: taken, and not marked yet."""

    round: int
    marker: int
    fraction: Fraction | None
    taken: datetime
    comment: str = ""


@dataclass(frozen=True)
class Answer:
    """A short answer with everything the rules ask: whose it is, who booked them, and the marks that are about this very text.

    ``seq`` tells one text of a slot from the next; ``points`` is what the item is worth.
    """

    sitting: int
    version: int
    attempt: str
    slot: int
    seq: int
    text: str
    points: float
    person: int
    company: int
    booked_by: int | None
    marks: tuple[Mark, ...] = ()


def is_open(blocks: Collection[Block]) -> bool:
    """Whether a sitting's answers may be marked: when nothing but marking stands in the way of releasing its results.

    So nobody reads a question that others still have to answer, and the order
    in which people finished tells a marker nothing.
    """
    return all(block is Block.MARKING for block in blocks)


def is_held(mark: Mark, now: datetime) -> bool:
    """Whether a round is taken: for good once it is marked, else until the claim expires."""
    return mark.fraction is not None or now < mark.taken + CLAIM


def settled(marks: Iterable[Mark]) -> Fraction | None:
    """The fraction that counts, or None while it is open."""
    found = {mark.round: mark.fraction for mark in marks if mark.fraction is not None}
    if THIRD in found:
        return found[THIRD]
    if 1 in found and 2 in found and abs(found[1] - found[2]) <= TOLERANCE:
        return (found[1] + found[2]) / 2
    return None


def differs(marks: Iterable[Mark]) -> bool:
    """Whether two markers lie too far apart, and no third has settled it."""
    marks = tuple(marks)
    found = {mark.round for mark in marks if mark.fraction is not None}
    return {1, 2} <= found and settled(marks) is None


def given(answers: Mapping[int, Any], marks: Mapping[int, Sequence[Mark]]) -> dict[int, Fraction]:
    """What is settled of one attempt's short answers, by slot: nothing for a blank one; an open one is left out."""
    found = {slot: STEPS[0] if is_blank(answer) else settled(marks.get(slot, ())) for slot, answer in answers.items()}
    return {slot: fraction for slot, fraction in found.items() if fraction is not None}


def next_round(marks: Sequence[Mark], now: datetime) -> int | None:
    """The round that an answer waits for: the first blind one that nobody holds, the third when two differ; None for none."""
    if settled(marks) is not None:
        return None
    held = {mark.round for mark in marks if is_held(mark, now)}
    free = [number for number in (1, 2) if number not in held]
    if free:
        return free[0]
    return THIRD if differs(marks) and THIRD not in held else None


def barred(marker: Marker, answer: Answer) -> Refusal | None:
    """Why a marker never gets this person's answers: their own, their company's, or of somebody whom they booked."""
    if marker.person == answer.person:
        return Refusal.ONESELF
    if marker.company is not None and marker.company == answer.company:
        return Refusal.COMPANY
    return Refusal.BOOKED if answer.booked_by == marker.account else None


def own(marker: Marker, answer: Answer) -> Mark | None:
    """The marker's own mark or claim on an answer."""
    return next((mark for mark in answer.marks if mark.marker == marker.account), None)


def holds(marker: Marker, answer: Answer, third: bool, now: datetime) -> bool:
    """Whether the marker has taken the answer, for a blind round or the third, and still has to mark it."""
    mine = own(marker, answer)
    return mine is not None and mine.fraction is None and is_held(mine, now) and (mine.round == THIRD) is third


def refusal(marker: Marker, answer: Answer, third: bool, now: datetime) -> Refusal | None:
    """Why ``marker`` may not take the answer now, blind or as the third; None when they may."""
    if why := barred(marker, answer):
        return why
    mine = own(marker, answer)
    if mine is not None and is_held(mine, now):
        return Refusal.TWICE
    if settled(answer.marks) is not None:
        return Refusal.SETTLED
    waiting = next_round(answer.marks, now)
    return None if waiting is not None and (waiting == THIRD) is third else Refusal.TAKEN


def may_correct(marker: Marker, answer: Answer, now: datetime) -> bool:
    """Whether the marker may still change the mark they gave.

    A blind one until it is settled, or until a third has begun to read; the
    third's own until the results are out, because nobody looks at it again.
    """
    mine = own(marker, answer)
    if mine is None or mine.fraction is None:
        return False
    third_reads = any(mark.round == THIRD and is_held(mark, now) for mark in answer.marks)
    return mine.round == THIRD or (settled(answer.marks) is None and not third_reads)


def round_for(marker: Marker, answer: Answer, third: bool, now: datetime) -> int | Refusal:
    """The round in which a mark of ``marker`` is kept, or why it is not.

    Whoever was slow, and lost the claim, still gets a round if one is free: the
    work is not thrown away. A blind mark never becomes the third.
    """
    mine = own(marker, answer)
    if mine is not None and (mine.round == THIRD) is third and (holds(marker, answer, third, now) or may_correct(marker, answer, now)):
        return mine.round
    return refusal(marker, answer, third, now) or next_round(answer.marks, now) or Refusal.TAKEN


def queue(marker: Marker, answers: Iterable[Answer], third: bool, secret: bytes, now: datetime) -> list[Answer]:
    """What the marker may take, in an order of their own: the same at every look, and told by nothing but chance."""
    free = [answer for answer in answers if refusal(marker, answer, third, now) is None]
    return sorted(free, key=lambda answer: alias(secret, marker.account, answer))


def alias(secret: bytes, account: int, answer: Answer) -> str:
    """What a page calls an answer: 16 characters of one reader's own that lead back to nobody without ``secret``."""
    digest = hmac.digest(secret, f"marking:{account}:{answer.attempt}:{answer.slot}:{answer.seq}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:12]).decode()


@dataclass(frozen=True)
class Tally:
    """How far a question is, in answers: ``once`` and ``third`` still wait for a second mark or a third marker, ``held`` is taken now."""

    total: int = 0
    settled: int = 0
    once: int = 0
    third: int = 0
    held: int = 0


def tally(answers: Iterable[Answer], now: datetime) -> Tally:
    """Count; what is not settled, once or third has no mark at all."""
    found = list(answers)
    marked = [sum(mark.fraction is not None for mark in answer.marks) for answer in found]
    return Tally(
        len(found),
        sum(settled(answer.marks) is not None for answer in found),
        sum(count == 1 for count in marked),
        sum(differs(answer.marks) for answer in found),
        sum(any(mark.fraction is None and is_held(mark, now) for mark in answer.marks) for answer in found),
    )


@dataclass(frozen=True)
class Agreement:
    """How often two blind markers agree: of ``n`` answers ``exact`` alike, ``within`` the tolerance; the mean distance, 0–1.

    Below ``FEW`` answers that is too few to say.
    """

    n: int
    exact: int
    within: int
    distance: float

    @property
    def enough(self) -> bool:
        """Whether the figures say anything."""
        return self.n >= FEW


@dataclass(frozen=True)
class Leniency:
    """How much more (or, below 0, less) a marker gives than the other one of each pair, on ``n`` answers; 0–1 of an item."""

    marker: int
    n: int
    mean: float

    @property
    def enough(self) -> bool:
        """Whether the figure says anything."""
        return self.n >= FEW


def _pairs(answers: Iterable[Answer]) -> list[tuple[Mark, Mark]]:
    """The blind marks of every answer that has both."""
    found = []
    for answer in answers:
        marked = {mark.round: mark for mark in answer.marks if mark.fraction is not None}
        if 1 in marked and 2 in marked:
            found.append((marked[1], marked[2]))
    return found


def agreement(answers: Iterable[Answer]) -> Agreement:
    """How well the two blind rounds agree, over all answers that have both."""
    gaps = [abs((one.fraction or STEPS[0]) - (other.fraction or STEPS[0])) for one, other in _pairs(answers)]
    mean = float(sum(gaps, STEPS[0]) / len(gaps)) if gaps else 0.0
    return Agreement(len(gaps), sum(gap == 0 for gap in gaps), sum(gap <= TOLERANCE for gap in gaps), mean)


def leniency(answers: Iterable[Answer]) -> list[Leniency]:
    """Each marker beside those who marked the same answers, the most lenient first."""
    gaps: defaultdict[int, list[Fraction]] = defaultdict(list)
    for one, other in _pairs(answers):
        gap = (one.fraction or STEPS[0]) - (other.fraction or STEPS[0])
        gaps[one.marker].append(gap)
        gaps[other.marker].append(-gap)
    found = [Leniency(marker, len(each), float(sum(each, STEPS[0]) / len(each))) for marker, each in gaps.items()]
    return sorted(found, key=lambda one: (-one.mean, one.marker))
