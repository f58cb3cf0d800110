"""Turning the hands of an attempt's clock: extending, pausing, resuming, reopening, invalidating.

Each is an event on the attempt's timeline with its reason and who did it; the
deadline is derived anew from all of them (``timing``).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from certification import timing
from certification.programme import from_json
from certification.sitting import RUNNING, State, Window
from certification.store import attempts as store
from certification.timing import Event, Facts, Kind, Refusal
from foundation.config import settings
from foundation.work import Work

CLOSE = "attempt.close"


def grace() -> timedelta:
    """How long after its deadline an attempt's responses still count."""
    return timedelta(seconds=settings().grace_seconds)


def facts(w: Work, attempt: Row[Any]) -> Facts:
    """What the attempt's deadline follows from, as it is kept now."""
    row = store.facts_of(w.connection, attempt)
    events = timing.read((event.kind, event.at, event.seconds) for event in store.events(w.connection, attempt.id))
    window, extra = Window(row.opens, row.closes, row.cancelled is not None), timedelta(seconds=row.extra_seconds)
    return Facts(attempt.started, from_json(row.spec).exam.minutes, window, extra, events)


def turn(w: Work, attempt: Row[Any], kind: Kind, reason: str, seconds: int = 0) -> Refusal | None:
    """Let ``kind`` happen to a locked attempt, or say why it cannot; ``seconds`` is the time it gives.

    A reopening takes end, receipt and result back: they stay on the timeline
    and among the past results.
    """
    state = State(attempt.state)
    released = store.is_released(w.connection, attempt)  # asked after the lock: a release holds every attempt of the sitting
    if refusal := timing.refusal(kind, state, attempt.deadline + grace(), w.now, seconds, released):
        w.record(f"attempt.{kind}", f"attempt:{attempt.id}", "refused", code=refusal)
        return refusal
    former = {"state": state, "deadline": attempt.deadline.isoformat()}
    if attempt.ended is not None:
        former |= {"ended": attempt.ended.isoformat(), "receipt": attempt.receipt}
    known = facts(w, attempt)
    at = max([w.now, *(one.at for one in known.events)])  # who waited for the lock comes after what happened meanwhile
    new, event = timing.after(kind, state), Event(kind, at, seconds)
    deadline = timing.deadline(Facts(known.started, known.minutes, known.window, known.extra, (*known.events, event)), w.now)
    store.add_event(w.connection, attempt.id, kind, at, w.actor.account_id, seconds or None, reason, former)
    ended = (attempt.ended or w.now) if new not in RUNNING else None
    store.move(w.connection, attempt.id, new, deadline, ended, attempt.receipt if ended else None)
    if new in RUNNING and state not in RUNNING:
        store.withdraw_result(w.connection, attempt.id, w.now, kind)
    if new is State.IN_PROGRESS:
        w.later(CLOSE, {"attempt": attempt.id}, deadline + grace())
    w.record(f"attempt.{kind}", f"attempt:{attempt.id}", seconds=seconds)
    return None


def wind_all(w: Work, attempts: Iterable[Row[Any]]) -> int:
    """After a sitting's window or extra time changed: derive the deadlines of its locked running attempts anew; answers how many.

    One whose time is over stays over: only a reopening gives it back.
    """
    moved = 0
    for attempt in attempts:
        state = State(attempt.state)
        if state not in RUNNING or (state is State.IN_PROGRESS and w.now >= attempt.deadline + grace()):
            continue
        deadline: datetime = timing.deadline(facts(w, attempt), w.now)
        store.move(w.connection, attempt.id, state, deadline, None, None)
        w.later(CLOSE, {"attempt": attempt.id}, deadline + grace())
        moved += 1
    return moved
