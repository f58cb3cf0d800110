"""An attempt's clock: every window, extension, pause and reopening in one function, and who may turn which hand when.

The deadline is derived from facts and never counted on: the start, the exam's
minutes, the sitting's window ``[opens, closes)``, extra time, and the events on
the attempt's timeline. Source: product.md, "Settled points", Deadline:
min(start + minutes + credit, window's close + credit).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from certification.sitting import NOTHING, RUNNING, State, Window


class Kind(StrEnum):
    """An event that moves an attempt's clock or state."""

    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    REOPENED = "reopened"
    INVALIDATED = "invalidated"
    COLLECTED = "collected"


class Refusal(StrEnum):
    """Why an event does not happen."""

    NOT_RUNNING = "not_running"
    NOT_PAUSED = "not_paused"
    NOT_ENDED = "not_ended"
    OVERDUE = "overdue"
    RELEASED = "released"
    CANCELLED = "cancelled"
    TIME = "time"


LONGEST = timedelta(hours=24)
"""No single extension or reopening gives more."""
TAKES_TIME = frozenset({Kind.EXTENDED, Kind.REOPENED})


@dataclass(frozen=True)
class Event:
    """One entry of the timeline; ``seconds`` is the time it gives (0 where it gives none)."""

    kind: Kind
    at: datetime
    seconds: int = 0


@dataclass(frozen=True)
class Facts:
    """What a deadline follows from. ``extra`` was granted to the sitting and to the person; ``events`` in their order."""

    started: datetime
    minutes: int
    window: Window
    extra: timedelta = NOTHING
    events: tuple[Event, ...] = ()


def deadline(facts: Facts, now: datetime) -> datetime:
    """The instant at which the time is up. While paused it moves with ``now``: what is left stays left.

    An extension adds its seconds, a pause adds how long it lasted, both beyond
    the window's end too. A reopening starts a new count: its own seconds from
    its own instant, whatever was before.
    """
    limit = min(facts.started + timedelta(minutes=facts.minutes), facts.window.closes) + facts.extra
    paused: datetime | None = None
    for event in facts.events:
        if event.kind is Kind.EXTENDED:
            limit += timedelta(seconds=event.seconds)
        elif event.kind is Kind.PAUSED:
            paused = paused or event.at
        elif event.kind is Kind.RESUMED and paused is not None:
            limit, paused = limit + (event.at - paused), None
        elif event.kind is Kind.REOPENED:
            limit, paused = event.at + timedelta(seconds=event.seconds), None
    return limit + (now - paused) if paused is not None and now > paused else limit


def left(facts: Facts, now: datetime) -> timedelta:
    """How much time is left at ``now``, never less than nothing."""
    return max(NOTHING, deadline(facts, now) - now)


def refusal(kind: Kind, state: State, limit: datetime, now: datetime, seconds: int = 0, released: bool = False) -> Refusal | None:
    """Why ``kind`` cannot happen to an attempt at ``now``; None when it can.

    ``limit`` is the deadline + grace of an attempt in progress: once it has
    passed the attempt is over, even if nobody has closed it yet, and only a
    reopening gives time back. After the results are out nothing moves any more.
    """
    if released:
        return Refusal.RELEASED
    if kind in TAKES_TIME and not 0 < seconds <= LONGEST.total_seconds():
        return Refusal.TIME
    if kind is Kind.REOPENED:
        return Refusal.NOT_ENDED if state in RUNNING else None
    if kind is Kind.RESUMED:
        return None if state is State.PAUSED else Refusal.NOT_PAUSED
    if kind is Kind.INVALIDATED:
        return Refusal.NOT_RUNNING if state is State.INVALIDATED else None
    if state is State.IN_PROGRESS and now >= limit:
        return Refusal.OVERDUE
    wanted = RUNNING if kind in (Kind.EXTENDED, Kind.COLLECTED) else {State.IN_PROGRESS}
    return None if state in wanted else Refusal.NOT_RUNNING


def after(kind: Kind, state: State) -> State:
    """The state in which ``kind`` leaves an attempt."""
    moves = {
        Kind.PAUSED: State.PAUSED, Kind.RESUMED: State.IN_PROGRESS, Kind.REOPENED: State.IN_PROGRESS, Kind.INVALIDATED: State.INVALIDATED,
        Kind.COLLECTED: State.SUBMITTED,
    }
    return moves.get(kind, state)


def read(rows: Iterable[tuple[str, datetime, int | None]]) -> tuple[Event, ...]:
    """Those of a timeline's rows (kind, at, seconds) that move the clock, in their order."""
    return tuple(Event(Kind(kind), at, seconds or 0) for kind, at, seconds in rows if kind in {one.value for one in Kind})
