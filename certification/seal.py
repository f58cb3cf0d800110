"""A paper's seal: until when it is sealed, who may look inside before, and for how long.

Until the first sitting that uses its questions opens, nobody sees them. One
officer may ask to look, with a reason; a second one confirms, and both may look
for a quarter of an hour. In need one person breaks the glass, at once, and
everybody is told. Whoever is to sit the exam oneself never looks before its
last sitting has closed. All intervals are half-open. Source: product.md, "Words":
a form is sealed until its window.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WAITS = timedelta(minutes=15)
"""How long a request waits for a second person."""
LASTS = timedelta(minutes=15)
"""How long a paper stays open once it was opened."""


class Step(StrEnum):
    """How far an opening has come."""

    WAITING = "waiting"
    OPEN = "open"
    ENDED = "ended"
    LAPSED = "lapsed"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why a paper is not opened, or not shown."""

    NOT_SEALED = "not_sealed"
    ASKED_ALREADY = "asked_already"
    OPEN_ALREADY = "open_already"
    OWN_REQUEST = "own_request"
    LAPSED = "lapsed"
    SETTLED = "settled"
    SEALED = "sealed"
    CANDIDATE = "candidate"


@dataclass(frozen=True)
class Opening:
    """A request to look into a sealed paper, as it is kept; open in ``[confirmed, ends)``."""

    id: int
    asked: datetime
    asked_by: int
    broken_glass: bool = False
    confirmed: datetime | None = None
    confirmed_by: int | None = None
    refused: bool = False
    ends: datetime | None = None


@dataclass(frozen=True)
class Pass:
    """Leave to look: under which opening, or none where the seal has ended."""

    opening_id: int | None


def opens(sittings: Iterable[datetime]) -> datetime | None:
    """When the seal ends by itself: at the first opening of the sittings that are not called off; None when there is none."""
    return min(sittings, default=None)


def is_sealed(ends: datetime | None, now: datetime) -> bool:
    """Whether the paper is sealed at ``now``; one that no sitting uses stays sealed."""
    return ends is None or now < ends


def step(opening: Opening, now: datetime) -> Step:
    """How far the opening is at ``now``."""
    if opening.ends is not None:
        return Step.OPEN if now < opening.ends else Step.ENDED
    if opening.refused:
        return Step.REFUSED
    return Step.WAITING if now < opening.asked + WAITS else Step.LAPSED


def until(opening: Opening) -> datetime:
    """When the present step of a waiting or open one ends."""
    return opening.ends or opening.asked + WAITS


def may_ask(sealed: bool, openings: Sequence[Opening], account_id: int, now: datetime, sits: bool = False) -> Refusal | None:
    """Why the account may not ask (again); None when it may. ``sits``: its holder is booked for a sitting of this paper."""
    if not sealed:
        return Refusal.NOT_SEALED
    if any(step(one, now) is Step.WAITING and one.asked_by == account_id for one in openings):
        return Refusal.ASKED_ALREADY
    return may_break(sealed, openings, account_id, now, sits)


def may_break(sealed: bool, openings: Sequence[Opening], account_id: int, now: datetime, sits: bool = False) -> Refusal | None:
    """Why the account may not break the glass; None when it may. A request of its own that waits is no hindrance."""
    if not sealed:
        return Refusal.NOT_SEALED
    if sits:
        return Refusal.CANDIDATE
    return Refusal.OPEN_ALREADY if any(_admits(one, account_id, now) for one in openings) else None


def may_confirm(sealed: bool, opening: Opening, account_id: int, now: datetime, sits: bool = False) -> Refusal | None:
    """Why the account may not be the second person; None when it may."""
    if opening.asked_by == account_id:
        return Refusal.OWN_REQUEST
    if sits:
        return Refusal.CANDIDATE
    return may_refuse(sealed, opening, now)


def may_refuse(sealed: bool, opening: Opening, now: datetime) -> Refusal | None:
    """Why a request cannot be turned down, or taken back by whoever asked; None when it can."""
    found = step(opening, now)
    if found is not Step.WAITING:
        return Refusal.LAPSED if found is Step.LAPSED else Refusal.SETTLED
    return None if sealed else Refusal.NOT_SEALED


def may_look(sealed: bool, openings: Sequence[Opening], account_id: int, now: datetime, sits: bool = False) -> Pass | Refusal:
    """Leave to look, or why not. While the seal lasts only the two persons of an open opening may; the newest one counts."""
    if sits:
        return Refusal.CANDIDATE
    if not sealed:
        return Pass(None)
    admitting = [one for one in openings if _admits(one, account_id, now)]
    return Pass(max(admitting, key=lambda one: (one.asked, one.id)).id) if admitting else Refusal.SEALED


def _admits(opening: Opening, account_id: int, now: datetime) -> bool:
    return step(opening, now) is Step.OPEN and account_id in (opening.asked_by, opening.confirmed_by)
