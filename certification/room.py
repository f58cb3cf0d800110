"""The invigilator's view of a room: where each person stands, who needs help first, what may be given to a whole room.

An aid for a person who watches a room, never a verdict: whoever is away may be
asking for a tissue. Source: product.md, "Who uses it", officer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from certification.evidence import SILENT_AFTER
from certification.sitting import State, is_overdue
from certification.timetable import LONGEST

STUCK_AFTER = timedelta(minutes=5)
"""An open paper on which no answer was saved for so long, while some are missing."""
AGAIN_WITHIN = timedelta(minutes=10)
"""The same minutes given to the room once more within so long are asked about: two officers may mean the same incident."""
SILENT = timedelta(seconds=SILENT_AFTER)


class Place(StrEnum):
    """Where a person stands; those who need help come first."""

    AWAY = "away"
    STUCK = "stuck"
    PAUSED = "paused"
    UNCHECKED = "unchecked"
    WAITING = "waiting"
    ON = "on"
    OVER = "over"
    ABSENT = "absent"
    INVALIDATED = "invalidated"


ORDER = {place: number for number, place in enumerate(Place)}
OPEN = frozenset({Place.AWAY, Place.STUCK, Place.PAUSED, Place.ON})
"""Places of somebody whose paper is open."""


@dataclass(frozen=True)
class Seat:
    """What is known of a person. ``state`` None: has not begun.

    ``checked``: an officer has seen them, or need not. ``since`` is when they
    began or, if later, were last let go on; ``limit`` the deadline + grace.
    ``saved`` is when an answer was last kept, ``seen`` when the page last gave
    a sign of life, and ``hidden`` whether it said then that nobody looks at it.
    """

    state: State | None = None
    checked: bool = True
    since: datetime | None = None
    limit: datetime | None = None
    saved: datetime | None = None
    seen: datetime | None = None
    hidden: bool = False
    answered: int = 0


def place(seat: Seat, total: int, closes: datetime, now: datetime) -> Place:
    """Where the person stands at ``now``, in a sitting of ``total`` questions whose window ends at ``closes``."""
    if seat.state is None or seat.since is None or seat.limit is None:
        return _outside(seat.checked, closes, now)
    if seat.state is State.INVALIDATED:
        return Place.INVALIDATED
    if seat.state is State.PAUSED:
        return Place.PAUSED
    if seat.state is not State.IN_PROGRESS or is_overdue(seat.state, seat.limit, now):
        return Place.OVER
    if is_hidden(seat) or now - sign_of_life(seat.since, seat) >= SILENT:
        return Place.AWAY
    quiet = now - max(seat.since, seat.saved or seat.since)
    return Place.STUCK if quiet >= STUCK_AFTER and seat.answered < total else Place.ON


def _outside(checked: bool, closes: datetime, now: datetime) -> Place:
    if now >= closes:
        return Place.ABSENT
    return Place.WAITING if checked else Place.UNCHECKED


def sign_of_life(since: datetime, seat: Seat) -> datetime:
    """When the person was last heard of: an answer is a sign of life as good as any."""
    return max(since, seat.saved or since, seat.seen or since)


def is_hidden(seat: Seat) -> bool:
    """Whether the page was last known to be out of sight; an answer that came later, or being let go on, is news that counts more."""
    newer = max((moment for moment in (seat.since, seat.saved) if moment is not None), default=None)
    return seat.hidden and seat.seen is not None and (newer is None or newer <= seat.seen)


def quiet_since(seat: Seat, where: Place) -> datetime | None:
    """Since when somebody who is away or stuck gave no sign, or no answer; None for others."""
    if seat.since is None or where not in (Place.AWAY, Place.STUCK):
        return None
    return sign_of_life(seat.since, seat) if where is Place.AWAY else max(seat.since, seat.saved or seat.since)


def count(places: Iterable[Place]) -> dict[Place, int]:
    """How many stand where, in the order of help; places where nobody stands are left out."""
    found = list(places)
    return {one: found.count(one) for one in Place if one in found}


class Refusal(StrEnum):
    """Why the end of a window does not move."""

    EARLIER = "earlier"
    PAST = "past"
    LONG = "long"


def window_refusal(opens: datetime, closes: datetime, wanted: datetime, now: datetime) -> Refusal | None:
    """Why a sitting's window cannot end at ``wanted`` instead of ``closes``: it only ever grows, and not into the past."""
    if wanted <= closes:
        return Refusal.EARLIER
    if wanted <= now:
        return Refusal.PAST
    return Refusal.LONG if wanted - opens > LONGEST else None
