"""A licence: an append-only ledger of events, and the standing that is derived from it for any day.

Source: product.md, "Settled points" (validity, half-open intervals, numbers);
ISO/IEC 17024, 9.5 and 9.6 (suspending, withdrawing, reducing the scope,
recertification). How events work together:

- ``granted`` and ``renewed`` certify: they set the grade, the last
  certification and the end of validity. A renewal before the end counts from
  the old end, so that no day is lost; a late one counts from its own day.
- ``upgraded`` and ``scope_reduced`` change the grade from their day on and
  certify nothing; ``suspended`` takes the licence out of force while the
  validity runs on, ``reinstated`` puts it back, a renewal does not.
- ``revoked`` and ``superseded`` end the licence; nothing after them counts. The
  licence that takes a superseded one's place is ``granted`` with the old end of
  validity and the old last certification: a new name certifies nobody anew.

Events take effect in the order of ``effective``, those of one instant in the
order in which they were recorded. A ledger that makes no sense (a suspension
before the grant) still has a standing, and never one that is too good.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo


class Kind(StrEnum):
    """What an event of the ledger does."""

    GRANTED = "granted"
    RENEWED = "renewed"
    UPGRADED = "upgraded"
    SCOPE_REDUCED = "scope_reduced"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class Grade(StrEnum):
    """What a holder may be counted as."""

    QUALIFIED = "qualified"
    EXCELLENT = "excellent"


class State(StrEnum):
    """What a licence is worth on a day. EXPIRING is a view of ACTIVE; spans never carry it, nor NONE."""

    NONE = "none"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


CERTIFIES = frozenset({Kind.GRANTED, Kind.RENEWED})
ENDS = {Kind.REVOKED: State.REVOKED, Kind.SUPERSEDED: State.SUPERSEDED}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the ledger. ``until`` (exclusive) is given on events that certify, else counted from the validity.

    ``certified`` is given where a certification is carried on from another licence, else it is the effective instant.
    """

    kind: Kind
    grade: Grade | None
    effective: datetime
    until: datetime | None
    recorded: datetime
    reason: str = ""
    certified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a certification lasts: calendar months of ``zone``."""

    months: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Span:
    """One standing over ``[starts, ends)``, open when ``ends`` is None.

    ``until`` is the end of validity as it was known in this span, ``certified``
    the last certification before it.
    """

    starts: datetime
    ends: datetime | None
    standing: State
    grade: Grade | None
    until: datetime
    certified: datetime

    def covers(self, at: datetime) -> bool:
        """Whether ``at`` lies in the span."""
        return self.starts <= at and (self.ends is None or at < self.ends)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a licence is worth at an instant; ``days_left`` counts whole days until the end of validity."""

    state: State
    grade: Grade | None = None
    until: datetime | None = None
    certified: datetime | None = None
    days_left: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Where the ledger stands after some of its events; ``ended`` when it was revoked or superseded."""

    grade: Grade | None = None
    until: datetime | None = None
    certified: datetime | None = None
    suspended: bool = False
    ended: State | None = None


@lru_cache(maxsize=8192)
def add_months(instant: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The first instant of the same civil date ``months`` later, in UTC.

    A date that the month lacks becomes the first of the next: 29 February and
    a year is 1 March.
    """
    day = instant.astimezone(zone)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        then = datetime(year, month + 1, day.day, tzinfo=zone)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        then = datetime(year, month + 1, 1, tzinfo=zone)
    return then.astimezone(UTC)


def known_by(events: Iterable[Event], at: datetime) -> list[Event]:
    """The events that had been recorded by ``at``: what a replay sees."""
    return [event for event in events if event.recorded <= at]


def _in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event.effective, event.recorded))


def _after(held: Held, event: Event, validity: Validity) -> Held:
    """The ledger's state after ``event``."""
    if held.ended:
        return held
    match event.kind:
        case Kind.GRANTED | Kind.RENEWED:
            until = event.until or _end_of_validity(held, event.kind, event.effective, validity)
            grade = event.grade or held.grade or Grade.QUALIFIED
            return replace(held, grade=grade, until=until, certified=event.certified or event.effective)
        case Kind.UPGRADED:
            return replace(held, grade=event.grade or Grade.EXCELLENT) if held.certified else held
        case Kind.SCOPE_REDUCED:
            return replace(held, grade=event.grade or Grade.QUALIFIED) if held.certified else held
        case Kind.SUSPENDED:
            return replace(held, suspended=True)
        case Kind.REINSTATED:
            return replace(held, suspended=False)
        case Kind.REVOKED | Kind.SUPERSEDED:
            return replace(held, ended=ENDS[event.kind])


def _end_of_validity(held: Held, kind: Kind, effective: datetime, validity: Validity) -> datetime:
    early = kind is Kind.RENEWED and held.until is not None and held.until > effective
    return add_months(held.until if early and held.until else effective, validity.months, validity.zone)


def held_at(events: Iterable[Event], at: datetime, validity: Validity) -> Held:
    """Where the ledger stands at ``at``, by the events that have taken effect by then."""
    held = Held()
    for event in _in_order(events):
        if event.effective <= at:
            held = _after(held, event, validity)
    return held


def end_of_validity(events: Iterable[Event], kind: Kind, effective: datetime, validity: Validity) -> datetime:
    """The ``until`` that a grant or renewal at ``effective`` gives, on top of ``events``."""
    return _end_of_validity(held_at(events, effective, validity), kind, effective, validity)


def end_of_renewal(events: Iterable[Event], effective: datetime, validity: Validity, window_days: int) -> datetime:
    """The ``until`` that a passed exam at ``effective`` earns a holder.

    Within ``window_days`` before the end it counts on from there. Passed
    earlier than that (to rise to excellent, say) it counts from its own day,
    or exams could be stacked into years without one; no day is lost either way.
    """
    old = held_at(events, effective, validity).until
    if old is None or old - effective <= timedelta(days=window_days):
        return end_of_validity(events, Kind.RENEWED, effective, validity)
    return max(old, add_months(effective, validity.months, validity.zone))


def spans(events: Iterable[Event], validity: Validity) -> list[Span]:
    """The ledger unrolled: spans in order that touch, never overlap, and reach from the grant to the end of time."""
    found: list[Span] = []
    for span in _pieces(_in_order(events), validity):
        last = found[-1] if found else None
        if last and replace(last, ends=span.ends) == replace(span, starts=last.starts):
            found[-1] = replace(last, ends=span.ends)
        else:
            found.append(span)
    return found


def _pieces(events: Sequence[Event], validity: Validity) -> Iterator[Span]:
    """The spans between one effective instant and the next, cut where the validity ends."""
    held = Held()
    for index, event in enumerate(events):
        held = _after(held, event, validity)
        following = events[index + 1].effective if index + 1 < len(events) else None
        if following == event.effective or held.until is None or held.certified is None:
            continue
        if held.ended:
            yield Span(event.effective, following, held.ended, held.grade, held.until, held.certified)
            continue
        standing = State.SUSPENDED if held.suspended else State.ACTIVE
        cut = held.until if following is None or held.until < following else following
        if cut > event.effective:
            yield Span(event.effective, cut, standing, held.grade, held.until, held.certified)
        if cut != following:
            yield Span(max(cut, event.effective), following, State.EXPIRED, held.grade, held.until, held.certified)


def standing_at(found: Sequence[Span], at: datetime, expiring_days: int) -> Standing:
    """The standing at any instant, past or future; NONE before the grant."""
    span = next((span for span in found if span.covers(at)), None)
    if span is None:
        return Standing(State.NONE)
    return standing_of(span.standing, span.grade, span.until, span.certified, at, expiring_days)


def on_day(found: Sequence[Span], starts: datetime, ends: datetime, expiring_days: int) -> list[tuple[datetime, Standing]]:
    """The standings of a day ``[starts, ends)``: from when each held, the first from ``starts``."""
    turns = [starts, *sorted(span.starts for span in found if starts < span.starts < ends)]
    return [(turn, standing_at(found, turn, expiring_days)) for turn in turns]


def standing_of(
    standing: State, grade: Grade | None, until: datetime, certified: datetime, at: datetime, expiring_days: int
) -> Standing:
    """The standing in a span that covers ``at``: an active one is EXPIRING in its last ``expiring_days``."""
    left = until - at
    if standing is State.ACTIVE and left <= timedelta(days=expiring_days):
        standing = State.EXPIRING
    return Standing(standing, grade, until, certified, max(0, left.days))
