"""May this person be entered for this sitting, and what should the one who enters them know?

A refusal names the first thing that stands in the way and, where there is one,
until when. Warnings do not stop anybody. Sources: product.md, "Words"
(retake rules belong to the programme) and "Who may do what".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from certification.programme import Retakes

YEAR = timedelta(days=365)


class Refusal(StrEnum):
    """Why somebody is not booked, or stays booked."""

    UNKNOWN = "unknown"
    LEFT = "left"
    CANCELLED = "cancelled"
    RELEASED = "released"
    OPENED = "opened"
    CLOSED = "closed"
    FULL = "full"
    WAIT = "wait"
    PER_YEAR = "per_year"
    STARTED = "started"


class Caution(StrEnum):
    """What one should know about somebody who is booked all the same."""

    NO_ACCOUNT = "no_account"
    ELSEWHERE = "elsewhere"
    LICENSED = "licensed"


@dataclass(frozen=True)
class Slot:
    """The sitting: ``[opens, closes)``, seats still free (None: no limit), whether it was called off or released."""

    opens: datetime
    closes: datetime
    free: int | None
    cancelled: bool = False
    released: bool = False


@dataclass(frozen=True)
class Entrant:
    """The person. ``attempts`` are when earlier attempts under the programme began, those that were invalidated left out.

    ``elsewhere`` is the code of another sitting of the programme that is still
    to come; ``licensed_until`` the end of an active licence under it.
    """

    person_id: int
    staff_no: str
    name: str
    left: datetime | None = None
    has_account: bool = True
    booked: bool = False
    elsewhere: str | None = None
    attempts: Sequence[datetime] = ()
    licensed_until: datetime | None = None


@dataclass(frozen=True)
class Terms:
    """The programme's retake rules, its renewal window, and the zone whose civil days count."""

    retakes: Retakes
    renewal_window_days: int
    zone: ZoneInfo


@dataclass(frozen=True)
class Verdict:
    """``refusal`` None: booked. ``until`` is when a refusal ends."""

    refusal: Refusal | None = None
    until: datetime | None = None
    cautions: tuple[Caution, ...] = ()


def closed(slot: Slot, now: datetime, walk_in: bool) -> Refusal | None:
    """Why nobody can be booked any more; with ``walk_in`` a sitting that has opened still takes people."""
    if slot.cancelled:
        return Refusal.CANCELLED
    if slot.released:
        return Refusal.RELEASED
    if now >= slot.closes:
        return Refusal.CLOSED
    return Refusal.OPENED if now >= slot.opens and not walk_in else None


def judge(entrant: Entrant, slot: Slot, terms: Terms, now: datetime, walk_in: bool = False) -> Verdict:
    """Whether ``entrant`` may be booked; somebody who is booked already stays so."""
    if entrant.booked:
        return Verdict()
    if refusal := closed(slot, now, walk_in):
        return Verdict(refusal)
    if entrant.left is not None and entrant.left <= slot.opens:
        return Verdict(Refusal.LEFT)
    if until := _wait(entrant.attempts, slot.opens, terms):
        return Verdict(Refusal.WAIT, until)
    if until := _too_many(entrant.attempts, slot.opens, terms.retakes.per_year):
        return Verdict(Refusal.PER_YEAR, until)
    if slot.free is not None and slot.free <= 0:
        return Verdict(Refusal.FULL)
    return Verdict(cautions=_cautions(entrant, slot, terms))


def _wait(attempts: Sequence[datetime], opens: datetime, terms: Terms) -> datetime | None:
    """The first day on which the next attempt may be made, when the sitting opens before it."""
    earlier = [began for began in attempts if began < opens]
    if not earlier or not terms.retakes.wait_days:
        return None
    day = max(earlier).astimezone(terms.zone).date() + timedelta(days=terms.retakes.wait_days)
    first = datetime.combine(day, time(), terms.zone)
    return first if opens < first else None


def _too_many(attempts: Sequence[datetime], opens: datetime, per_year: int | None) -> datetime | None:
    """When the oldest attempt that counts is a year past, if there are ``per_year`` within a year before the sitting."""
    recent = sorted(began for began in attempts if opens - YEAR < began < opens)
    if per_year is None or len(recent) < per_year:
        return None
    return recent[-per_year] + YEAR


def _cautions(entrant: Entrant, slot: Slot, terms: Terms) -> tuple[Caution, ...]:
    found = []
    if not entrant.has_account:
        found.append(Caution.NO_ACCOUNT)
    if entrant.elsewhere:
        found.append(Caution.ELSEWHERE)
    window = timedelta(days=terms.renewal_window_days)
    if entrant.licensed_until and entrant.licensed_until - window > slot.opens:
        found.append(Caution.LICENSED)
    return tuple(found)


def may_cancel(slot: Slot, started: bool, now: datetime) -> Refusal | None:
    """Why a booking stays: the person has begun, or the sitting has opened."""
    if started:
        return Refusal.STARTED
    return closed(slot, now, walk_in=False)
