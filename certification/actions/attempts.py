"""The candidate's verbs: start, save, hand in; and the system's: close what is overdue.

A save is recorded in the attempt's own hash chain, not in the global audit,
whose one head would make every candidate wait for every other; the audit
takes the chain's head when the attempt ends.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from certification import receipt, sitting
from certification.grading import grade_attempt
from certification.layout import Paper, in_codes, is_blank, lay_out
from certification.programme import from_json
from certification.sitting import Accepted, Refusal, Refused, Response, State, Window
from certification.store import attempts as store
from foundation import clock, outbox, worker
from foundation.config import settings
from foundation.database import db
from foundation.work import SYSTEM, Actor, Work, work
from question_bank import store as bank

CLOSE = "attempt.close"


@dataclass(frozen=True)
class Started:
    """An attempt that is open; ``created`` is False when it had been begun before."""

    attempt_id: str
    created: bool


@dataclass(frozen=True)
class Ended:
    """An attempt that is over, with its receipt (a JWS)."""

    state: State
    receipt: str


def grace() -> timedelta:
    """How long after its deadline an attempt's responses still count."""
    return timedelta(seconds=settings().grace_seconds)


def start(w: Work, person_id: int, sitting_id: int, entry_code: str) -> Started | Refused | None:
    """Begin, or go on with, the person's one attempt at a sitting; None when it is not theirs to see."""
    row = store.booked_sitting(w.connection, sitting_id, person_id)
    if row is None:
        return None
    attempt = store.attempt_at(w.connection, sitting_id, person_id)
    if attempt is not None:
        return _resume(w, attempt)
    knows = sitting.code_matches(row.entry_code, entry_code)
    refusal = sitting.may_start(Window(row.opens, row.closes, row.cancelled is not None), True, knows, w.now)
    if refusal:
        w.record("attempt.start", f"sitting:{sitting_id}", "refused", code=refusal.code, person=person_id)
        return refusal
    return _begin(w, row)


def _resume(w: Work, attempt: Row[Any]) -> Started | Refused:
    if close_overdue_attempt(w, attempt):
        return Refused(Refusal.ALREADY_ENDED)
    return sitting.may_go_on(State(attempt.state)) or Started(attempt.id, False)


def _begin(w: Work, row: Row[Any]) -> Started | Refused:
    """Draw the layout and keep the attempt; of two that begin at the same moment, one finds the other's."""
    exam, sections = _exam(w, row.id)
    secret, attempt_id = secrets.token_bytes(16), secrets.token_urlsafe(9)
    versions = [version for section in sections for version, _points in section["slots"]]
    paper = Paper(lay_out(sections, bank.faces(w.session, versions), exam.shuffle, secret), secret)
    deadline = sitting.deadline(w.now, exam.minutes, Window(row.opens, row.closes))
    try:
        with w.connection.begin_nested():
            store.add_attempt(w.connection, attempt_id, row, paper, sitting.START_OF_CHAIN, w.now, deadline)
    except IntegrityError:
        other = store.attempt_at(w.connection, row.id, row.person_id)
        if other is None:
            raise
        return _resume(w, other)
    store.freeze_edition(w.connection, row.programme_edition_id, w.now)
    w.later(CLOSE, {"attempt": attempt_id}, deadline + grace())
    w.record("attempt.started", f"attempt:{attempt_id}", sitting=row.id)
    return Started(attempt_id, True)


def save_responses(w: Work, person_id: int, attempt_id: str, responses: Sequence[Response]) -> tuple[Accepted, datetime] | None:
    """Append what counts; answers what was kept and the deadline, or None when the attempt is not the person's.

    ``w.now`` is the instant of receipt, stamped before any lock was waited for.
    """
    attempt = store.own_attempt(w.connection, attempt_id, person_id)
    if attempt is None:
        return None
    paper, state = store.paper_of(attempt), State(attempt.state)
    if state is State.CLOSED_BY_DEADLINE and store.result_state(w.connection, attempt_id) == "released":
        state = State.SUBMITTED  # what others were told already does not change any more
    asked = [response.slot for response in responses if paper.slot(response.slot)]
    newest = store.newest_steps(w.connection, attempt_id, min(asked), max(asked)) if asked else {}
    out = sitting.accept(state, attempt.deadline + grace(), paper, newest, responses, w.now)
    if out.steps:
        store.append_steps(w.connection, attempt, out.steps, w.now, sitting.link(attempt.chain, out.steps, w.now))
        if state is State.CLOSED_BY_DEADLINE:  # received in time, written after the system had closed: it is scored
            _end(w, store.any_attempt(w.connection, attempt_id), state, attempt.ended)
    return out, attempt.deadline


def submit(w: Work, person_id: int, attempt_id: str) -> Ended | Refused | None:
    """Hand in: closed, graded and receipted in one transaction; again, the same receipt. None when it is not theirs."""
    attempt = store.own_attempt(w.connection, attempt_id, person_id)
    if attempt is None:
        return None
    refusal = sitting.may_submit(State(attempt.state))
    if refusal:
        w.record("attempt.submit", f"attempt:{attempt_id}", "refused", code=refusal.code)
        return refusal
    if attempt.receipt is not None:
        return Ended(State(attempt.state), attempt.receipt)
    return close_overdue_attempt(w, attempt) or _end(w, attempt, State.SUBMITTED, w.now)


def close_overdue_attempt(w: Work, attempt: Row[Any]) -> Ended | None:
    """Close a locked attempt with all acknowledged answers when its time is over; None when it is not."""
    if not sitting.is_overdue(State(attempt.state), attempt.deadline + grace(), w.now):
        return None
    return _end(w, attempt, State.CLOSED_BY_DEADLINE, attempt.deadline)


def close_on_sight(w: Work, attempt_id: str) -> None:
    """Close an attempt when it is overdue; safe to repeat, and to call too early."""
    close_overdue_attempt(w, store.any_attempt(w.connection, attempt_id))


def _exam(w: Work, sitting_id: int) -> tuple[Any, list[Any]]:
    row = store.spec_and_form(w.connection, sitting_id)
    return from_json(row.spec).exam, row.sections


def _end(w: Work, attempt: Row[Any], state: State, ended: datetime) -> Ended:
    """Grade the newest answers and keep end, result and receipt."""
    exam, sections = _exam(w, attempt.sitting_id)
    paper = store.paper_of(attempt)
    steps = store.newest_steps(w.connection, attempt.id, 1, len(paper.slots))
    answers = sitting.answers(steps.values())
    keys = store.grading_keys(w.session, {slot.version for slot in paper.slots})
    coded = {number: in_codes(paper, number, answer) for number, answer in answers.items()}
    graded = grade_attempt(paper.slots, keys, coded, exam, [section.get("title") for section in sections])
    count = sum(not is_blank(answer) for answer in answers.values())
    statement = receipt.Receipt(attempt.id, state, ended, count, sitting.digest(steps.values()))
    signed = receipt.sign(statement, receipt.signing_key(settings().secret_key))
    store.end_attempt(w.connection, attempt.id, state, ended, signed)
    store.keep_result(w.connection, attempt.id, graded, w.now)
    w.record(f"attempt.{state}", f"attempt:{attempt.id}", answers=count, digest=statement.digest, chain=attempt.chain.hex())
    return Ended(state, signed)


def look_at(actor: Actor, person_id: int, attempt_id: str) -> Row[Any] | None:
    """The person's own attempt as it stands; one whose time is over is closed on sight. None when it is not theirs."""
    row = store.read_attempt(db.session, attempt_id, person_id)
    if row is not None and sitting.is_overdue(State(row.state), row.deadline + grace(), clock.now()):
        with work(actor) as w:
            close_on_sight(w, attempt_id)
        row = store.read_attempt(db.session, attempt_id, person_id)
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
