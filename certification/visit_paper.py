"""The papers of a visit: what they hold, when they may be filled in, and how a customer confirms one.

Source: 000, appendices 1 and 2 (the confirmations of fault handling and of an
inspection), of which the headings alone are known; 000, art. 28 and 003 (the
visit note: when we came, when we left, whom to call). The standards' forms were
not seen, so a confirmation asks for nothing that their headings do not say:
what was done, and whether the customer confirms it. That a customer confirms on
a phone, once, through an address that soon ends is the product's own (R10).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LINK = timedelta(hours=2)
"""How long a customer's address is open: a visit's end, not a day."""
SHOWN = timedelta(days=31)
"""How long after a visit its team still finds it in the list of its own."""


class Kind(StrEnum):
    """Which paper."""

    FAULT = "fault"
    INSPECTION = "inspection"
    NOTE = "note"


CONFIRMED = frozenset({Kind.FAULT, Kind.INSPECTION})
"""What a customer confirms; a note is left because there was nobody."""


class Refusal(StrEnum):
    """Why a paper is not made, filled in, handed to a customer or confirmed."""

    NOT_ALLOWED = "not_allowed"
    REPLAY = "replay"
    FINAL = "final"
    NOT_FILLED = "not_filled"
    NOBODY_THERE = "nobody_there"
    EXPIRED = "expired"
    CONFIRMED = "confirmed"
    IN_FUTURE = "in_future"
    LEFT_BEFORE = "left_before"


@dataclass(frozen=True)
class Paper:
    """How far a paper is; ``until`` is the end of the customer's address, None without one."""

    kind: Kind
    filled: datetime | None = None
    until: datetime | None = None
    confirmed: datetime | None = None

    @property
    def final(self) -> bool:
        """Whether it is kept as it is: a note once it is filled in, another once the customer confirmed it."""
        return self.confirmed is not None or (self.kind is Kind.NOTE and self.filled is not None)


def may_make(allowed: bool, replay: bool) -> Refusal | None:
    """Why a decision has no papers: only a team that was allowed to go visits, and a replay sends nobody."""
    if not allowed:
        return Refusal.NOT_ALLOWED
    return Refusal.REPLAY if replay else None


def may_fill(paper: Paper, arrived: datetime, left: datetime | None, now: datetime) -> Refusal | None:
    """Why a paper is not filled in with those times. Filling it in again ends an address that was given out."""
    if paper.final:
        return Refusal.FINAL
    if arrived > now:
        return Refusal.IN_FUTURE
    return Refusal.LEFT_BEFORE if left is not None and left < arrived else None


def may_link(paper: Paper) -> Refusal | None:
    """Why a customer is given no address."""
    if paper.kind not in CONFIRMED:
        return Refusal.NOBODY_THERE
    if paper.confirmed is not None:
        return Refusal.CONFIRMED
    return Refusal.NOT_FILLED if paper.filled is None else None


def may_confirm(paper: Paper, now: datetime) -> Refusal | None:
    """Why a customer who opened the address cannot confirm; what was confirmed stays so after the address ended."""
    if paper.confirmed is not None:
        return Refusal.CONFIRMED
    if paper.filled is None:
        return Refusal.NOT_FILLED
    return Refusal.EXPIRED if paper.until is None or now >= paper.until else None
