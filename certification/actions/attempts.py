"""The candidate's verbs: start, take over, hand in; the officer's: collect; the system's: prepare, and close what is overdue.

Saving stands in ``saving``, grading in ``results``.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from certification import sitting, timing
from certification.actions.results import Ended, end
from certification.actions.saving import take_over
from certification.actions.timing import CLOSE, grace
from certification.layout import Paper, lay_out, versions
from certification.programme import from_json
from certification.safe_browser import NOTHING_SEEN, Seen
from certification.safe_browser import proven as in_force
from certification.sitting import RUNNING, Refusal, Refused, State, Window
from certification.store import attempts as store
from certification.store import saving
from foundation import clock, outbox, worker
from foundation.config import settings
from foundation.database import db, wires
from foundation.work import SYSTEM, Actor, Work, work
from question_bank.store import faces as bank

AHEAD = timedelta(minutes=30)
"""How long before a sitting opens its papers are drawn."""
PORTION = 100
"""Papers drawn in one transaction, so that nobody who saves waits long behind them."""


@dataclass(frozen=True)
class Started:
    """An attempt that is open; ``created`` is False when it had been begun before."""

    attempt_id: str
    created: bool


def start(w: Work, person_id: int, sitting_id: int, entry_code: str, pen: bytes, shown: Seen = NOTHING_SEEN) -> Started | Refused | None:
    """Begin, or go on with, the person's one attempt at a sitting; None when it is not theirs to see.

    ``pen`` names the session that asks: it writes from now on, whatever device wrote before. ``shown`` is what the
    request proves of a lockdown browser, for a sitting that demands one.
    """
    row = store.booked_sitting(w.wire, sitting_id, person_id)
    if row is None:
        return None
    attempt = store.attempt_at(w.wire, sitting_id, person_id)
    proven = row.safe_browser is None or in_force(row.safe_browser, settings().public_url, sitting_id, shown, attempt.id if attempt else "")
    if attempt is not None:
        return _resume(w, attempt, pen) if proven or State(attempt.state) not in RUNNING else Refused(Refusal.SAFE_BROWSER)
    knows = sitting.code_matches(row.entry_code, entry_code)
    checked_in = row.checked_in is not None or not row.check_in
    refusal = sitting.may_start(Window(row.opens, row.closes, row.cancelled is not None), True, knows, w.now, checked_in, proven)
    if refusal:
        w.record("attempt.start", f"sitting:{sitting_id}", "refused", code=refusal.code, person=person_id)
        return refusal
    return _begin(w, row, pen)


def _resume(w: Work, attempt: Row[Any], pen: bytes) -> Started | Refused:
    if close_overdue_attempt(w, attempt):
        return Refused(Refusal.ALREADY_ENDED)
    if refusal := sitting.may_go_on(State(attempt.state)):
        return refusal
    if attempt.pen != pen:
        take_over(w, attempt, pen)
    return Started(attempt.id, False)


def _begin(w: Work, row: Row[Any], pen: bytes) -> Started | Refused:
    """Keep the attempt; of two that begin at the same moment, one finds the other's."""
    form = store.spec_and_form(w.wire, row.id)
    exam, attempt_id = from_json(form.spec).exam, secrets.token_urlsafe(9)
    paper = store.prepared(w.wire, row) or _draw(w, form.sections, exam.shuffle)
    known = timing.Facts(w.now, exam.minutes, Window(row.opens, row.closes), timedelta(seconds=row.extra_seconds))
    deadline = timing.deadline(known, w.now)
    if not store.add_attempt(w.wire, attempt_id, row, paper, pen, sitting.START_OF_CHAIN, w.now, deadline):
        other = store.attempt_at(w.wire, row.id, row.person_id)
        assert other is not None  # it is what was in the way
        return _resume(w, other, pen)
    store.freeze_edition(w.wire, row.programme_edition_id, w.now)
    w.later(CLOSE, {"attempt": attempt_id}, deadline + grace())
    w.record("attempt.started", f"attempt:{attempt_id}", sitting=row.id)
    return Started(attempt_id, True)


def _draw(w: Work, sections: list[Any], shuffle: bool) -> Paper:
    """A person's own order of a form's questions and options."""
    secret = secrets.token_bytes(16)
    return Paper(lay_out(sections, bank.faces(w.session, versions(sections)), shuffle, secret), secret)


@worker.sweep("papers")
def prepare(now: datetime) -> int:
    """Draw the papers of sittings that open soon, so that a whole room can begin in one minute; answers how many."""
    drawn = 0
    while portion := _prepare_some(now):
        drawn += portion
        if portion < PORTION:
            break
    return drawn


def _prepare_some(now: datetime) -> int:
    with db.engine.connect() as connection:
        people = store.unprepared(connection, now + AHEAD, now, PORTION)
    if people:
        with work(SYSTEM, now) as w:
            for row in people:
                form = store.spec_and_form(w.wire, row.id)
                paper = _draw(w, form.sections, from_json(form.spec).exam.shuffle)
                store.keep_prepared(w.connection, row, paper.slots, paper.secret)
    return len(people)


def submit(w: Work, person_id: int, attempt_id: str) -> Ended | Refused | None:
    """Hand in: closed, graded and receipted in one transaction; again, the same receipt. None when it is not theirs."""
    attempt = saving.own_attempt(w.wire, attempt_id, person_id)
    if attempt is None:
        return None
    refusal = sitting.may_submit(State(attempt.state))
    if refusal:
        w.record("attempt.submit", f"attempt:{attempt_id}", "refused", code=refusal.code)
        return refusal
    if attempt.receipt is not None:
        return Ended(State(attempt.state), attempt.receipt)
    return close_overdue_attempt(w, attempt) or end(w, attempt, State.SUBMITTED, w.now)


def collect(w: Work, attempt: Row[Any], reason: str) -> timing.Refusal | None:
    """End a locked attempt now for the person, with all acknowledged answers, or say why not.

    It counts as handed in: what arrives afterwards is evidence, and only a reopening takes it back.
    """
    released = store.is_released(w.connection, attempt)
    refusal = timing.refusal(timing.Kind.COLLECTED, State(attempt.state), attempt.deadline + grace(), w.now, released=released)
    if refusal is not None:
        w.record("attempt.collected", f"attempt:{attempt.id}", "refused", code=refusal)
        return refusal
    at = max([w.now, *(event.at for event in store.events(w.connection, attempt.id))])  # never before what it waited for
    former = {"state": attempt.state, "deadline": attempt.deadline.isoformat()}
    store.add_event(w.connection, attempt.id, timing.Kind.COLLECTED, at, w.actor.account_id, reason=reason, detail=former)
    end(w, attempt, timing.after(timing.Kind.COLLECTED, State(attempt.state)), at)
    w.record("attempt.collected", f"attempt:{attempt.id}")
    return None


def close_overdue_attempt(w: Work, attempt: Row[Any]) -> Ended | None:
    """Close a locked attempt with all acknowledged answers when its time is over; None when it is not."""
    if not sitting.is_overdue(State(attempt.state), attempt.deadline + grace(), w.now):
        return None
    return end(w, attempt, State.CLOSED_BY_DEADLINE, attempt.deadline)


def close_on_sight(w: Work, attempt_id: str) -> None:
    """Close an attempt when it is overdue; safe to repeat, and to call too early."""
    close_overdue_attempt(w, store.any_attempt(w.wire, attempt_id))


def look_at(actor: Actor, person_id: int, attempt_id: str) -> Row[Any] | None:
    """The person's own attempt as it stands; one whose time is over is closed on sight. None when it is not theirs."""
    row = store.read_attempt(wires(), attempt_id, person_id)
    if row is not None and sitting.is_overdue(State(row.state), row.deadline + grace(), clock.now()):
        with work(actor) as w:
            close_on_sight(w, attempt_id)
        row = store.read_attempt(wires(), attempt_id, person_id)
    return row


@worker.sweep("attempts")
def close_overdue(now: datetime) -> int:
    """Close every attempt whose time is over, each in a transaction of its own; answers how many."""
    with db.engine.connect() as connection:
        late = store.overdue(connection, now - grace())
    for attempt_id in late:
        with work(SYSTEM, now) as w:
            close_on_sight(w, attempt_id)
    return len(late)


@outbox.handler(CLOSE)
def close_later(payload: dict[str, Any]) -> None:
    """The closing that was put off to an attempt's deadline when it began."""
    with work(SYSTEM) as w:
        close_on_sight(w, payload["attempt"])
