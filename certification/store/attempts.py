"""Attempts, their steps and results ↔ values. Everything a candidate asks for is scoped to the person.

Saving is the hot path: prepared statements on the unit of work's connection, a
fixed number of them however many answers come, and however many were kept
before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Integer, Row, Select, Text, and_, bindparam, cast, delete, func, insert, select, update
from sqlalchemy.orm import Session, scoped_session

from certification.grading import Graded, Key
from certification.layout import Paper, read_layout
from certification.sitting import State, Step
from certification.tables import Attempt, Booking, ProgrammeEdition, Result, Sitting
from certification.tables import Step as StepRow
from foundation.prepared import Prepared
from question_bank import store as bank
from question_bank.tables import Form
from standards.store import reference_column
from standards.tables import Clause, Edition, Standard

Reader = Session | scoped_session[Session]
ATTEMPTS, STEPS, RESULTS = Attempt.__table__, StepRow.__table__, Result.__table__
SITTINGS, BOOKINGS, EDITIONS, FORMS = Sitting.__table__, Booking.__table__, ProgrammeEdition.__table__, Form.__table__

_ATTEMPT = select(
    ATTEMPTS.c.id, ATTEMPTS.c.sitting_id, ATTEMPTS.c.person_id, ATTEMPTS.c.state, ATTEMPTS.c.secret, ATTEMPTS.c.started,
    ATTEMPTS.c.deadline, ATTEMPTS.c.ended, ATTEMPTS.c.chain, ATTEMPTS.c.step_count, ATTEMPTS.c.receipt,
    cast(ATTEMPTS.c.layout, Text).label("layout"),
)
_BOOKED = (
    select(
        SITTINGS.c.id, SITTINGS.c.opens, SITTINGS.c.closes, SITTINGS.c.cancelled, SITTINGS.c.entry_code,
        SITTINGS.c.form_id, SITTINGS.c.programme_edition_id, BOOKINGS.c.person_id,
    )
    .join(BOOKINGS, BOOKINGS.c.sitting_id == SITTINGS.c.id)
)
_ANY = _ATTEMPT.where(ATTEMPTS.c.id == bindparam("attempt")).with_for_update()
_OWN = Prepared(_ANY.where(ATTEMPTS.c.person_id == bindparam("person")))


def _newest() -> Select[Any]:
    """The newest step of each slot from ``first`` to ``last``: one index seek a slot, whatever came before it."""
    slots = select(bindparam("first", type_=Integer).label("slot")).cte("slots", recursive=True)
    slots = slots.union_all(select(slots.c.slot + 1).where(slots.c.slot < bindparam("last", type_=Integer)))
    highest = select(func.max(STEPS.c.seq)).where(STEPS.c.attempt_id == bindparam("attempt"), STEPS.c.slot == slots.c.slot)
    newest = STEPS.alias("newest")
    is_newest = newest.c.seq == highest.correlate(slots).scalar_subquery()
    same = and_(newest.c.attempt_id == bindparam("attempt"), newest.c.slot == slots.c.slot, is_newest)
    return select(newest.c.slot, newest.c.seq, newest.c.answer).join(slots, same)


_NEWEST = Prepared(_newest())
_APPEND = Prepared(insert(STEPS))
_MOVE_CHAIN = Prepared(
    update(ATTEMPTS).where(ATTEMPTS.c.id == bindparam("attempt")).values(chain=bindparam("head"), step_count=bindparam("length"))
)


def booked_sitting(connection: Connection, sitting_id: int, person_id: int) -> Row[Any] | None:
    """A sitting for which the person is booked; None for anybody else."""
    return connection.execute(_BOOKED.where(SITTINGS.c.id == sitting_id, BOOKINGS.c.person_id == person_id)).first()


def attempt_at(connection: Connection, sitting_id: int, person_id: int) -> Row[Any] | None:
    """The person's attempt at a sitting, its row locked until the unit of work ends."""
    query = _ATTEMPT.where(ATTEMPTS.c.sitting_id == sitting_id, ATTEMPTS.c.person_id == person_id)
    return connection.execute(query.with_for_update()).first()


def own_attempt(connection: Connection, attempt_id: str, person_id: int) -> Row[Any] | None:
    """The person's own attempt, its row locked; None for anybody else."""
    found: Row[Any] | None = _OWN.first(connection, attempt=attempt_id, person=person_id)
    return found


def any_attempt(connection: Connection, attempt_id: str) -> Row[Any]:
    """An attempt, whosever it is, its row locked: for the system's own closing."""
    return connection.execute(_ANY, {"attempt": attempt_id}).one()


def read_attempt(session: Reader, attempt_id: str, person_id: int) -> Row[Any] | None:
    """The person's own attempt to look at, with its result's ``result_state``; None for anybody else."""
    query = _ATTEMPT.add_columns(RESULTS.c.state.label("result_state")).outerjoin(RESULTS, RESULTS.c.attempt_id == ATTEMPTS.c.id)
    return session.execute(query.where(ATTEMPTS.c.id == attempt_id, ATTEMPTS.c.person_id == person_id)).first()


def form_titles(session: Reader, sitting_id: int) -> list[dict[str, str] | None]:
    """The headings of the sections of a sitting's form."""
    query = select(FORMS.c.sections).join(SITTINGS, SITTINGS.c.form_id == FORMS.c.id).where(SITTINGS.c.id == sitting_id)
    return [section.get("title") for section in session.execute(query).scalar_one()]


def result_of(session: Reader, attempt_id: str) -> Result | None:
    """What grading found; whether it may be shown is the caller's to ask."""
    return session.get(Result, attempt_id)


def result_state(connection: Connection, attempt_id: str) -> str | None:
    """The state of an attempt's result, or None before grading."""
    return connection.execute(select(RESULTS.c.state).where(RESULTS.c.attempt_id == attempt_id)).scalar()


def paper_of(row: Row[Any]) -> Paper:
    """The layout and secret of an attempt's row."""
    return Paper(read_layout(row.layout), row.secret)


def newest_steps(connection: Connection, attempt_id: str, first: int, last: int) -> dict[int, Step]:
    """The newest step of each slot from ``first`` to ``last``."""
    rows = _NEWEST.rows(connection, attempt=attempt_id, first=first, last=last)
    return {row.slot: Step(row.slot, row.seq, row.answer) for row in rows}


def all_steps(source: Connection | Reader, attempt_id: str) -> list[tuple[Step, datetime]]:
    """Every step with its time of receipt, in the order of the hash chain."""
    query = select(STEPS.c.slot, STEPS.c.seq, STEPS.c.answer, STEPS.c.received).where(STEPS.c.attempt_id == attempt_id)
    return [(Step(slot, seq, answer), at) for slot, seq, answer, at in source.execute(query.order_by(STEPS.c.position))]


def append_steps(connection: Connection, attempt: Row[Any], steps: Sequence[Step], received: datetime, chain: bytes) -> None:
    """Add steps to an attempt and move the head of its chain to ``chain``."""
    rows = [
        {"attempt_id": attempt.id, "slot": step.slot, "seq": step.seq, "position": position, "answer": step.answer, "received": received}
        for position, step in enumerate(steps, attempt.step_count + 1)
    ]
    _APPEND.write_all(connection, rows)
    _MOVE_CHAIN.write(connection, attempt=attempt.id, head=chain, length=attempt.step_count + len(rows))


def add_attempt(
    connection: Connection, attempt_id: str, sitting: Row[Any], paper: Paper, chain: bytes, started: datetime, deadline: datetime
) -> None:
    """Keep a new attempt of the person who is booked for ``sitting``."""
    connection.execute(
        insert(ATTEMPTS).values(
            id=attempt_id, sitting_id=sitting.id, person_id=sitting.person_id, state=State.IN_PROGRESS, started=started,
            deadline=deadline, layout=msgspec.to_builtins(paper.slots), secret=paper.secret, chain=chain, step_count=0,
        )
    )


def end_attempt(connection: Connection, attempt_id: str, state: State, ended: datetime, receipt: str) -> None:
    """Keep how and when an attempt ended, and its receipt."""
    connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.id == attempt_id).values(state=state, ended=ended, receipt=receipt))


def keep_result(connection: Connection, attempt_id: str, graded: Graded, now: datetime) -> None:
    """Keep what grading found, in place of an earlier grading of the same attempt."""
    connection.execute(delete(RESULTS).where(RESULTS.c.attempt_id == attempt_id))
    connection.execute(
        insert(RESULTS).values(
            attempt_id=attempt_id, state="marked" if graded.complete else "marking", mark=graded.mark, points=graded.points,
            fraction=graded.fraction, passed=graded.passed, grade=graded.grade, marks=[list(entry) for entry in graded.marks],
            sections=[asdict(section) for section in graded.sections], graded=now,
        )
    )


def freeze_edition(connection: Connection, edition_id: int, now: datetime) -> None:
    """A programme edition does not change any more once somebody was examined under it."""
    frozen = update(EDITIONS).where(EDITIONS.c.id == edition_id, EDITIONS.c.frozen.is_(None))
    connection.execute(frozen.values(frozen=now))


def spec_and_form(connection: Connection, sitting_id: int) -> Row[Any]:
    """``spec`` of the sitting's programme edition and ``sections`` of its form."""
    query = (
        select(EDITIONS.c.spec, FORMS.c.sections)
        .join(SITTINGS, SITTINGS.c.programme_edition_id == EDITIONS.c.id)
        .join(FORMS, FORMS.c.id == SITTINGS.c.form_id)
    )
    return connection.execute(query.where(SITTINGS.c.id == sitting_id)).one()


def grading_keys(session: Session, versions: Iterable[int]) -> Mapping[int, Key]:
    """Keys by item version, with the references of their clauses and whether all of them are key clauses."""
    keys = bank.keys(session, versions)
    wanted = {clause_id for key in keys.values() for clause_id in key.clause_ids}
    query = select(Clause.id, reference_column(), Clause.key_clause).join(Edition, Edition.id == Clause.edition_id)
    query = query.join(Standard, Standard.id == Edition.standard_id).where(Clause.id.in_(wanted))
    clauses = {row[0]: (row[1], row[2]) for row in session.execute(query)} if wanted else {}
    return {
        version: Key(key.kind, key.key, tuple(clauses[one][0] for one in key.clause_ids), all(clauses[one][1] for one in key.clause_ids))
        for version, key in keys.items()
    }


def overdue(connection: Connection, before: datetime, limit: int = 500) -> list[str]:
    """Attempts still in progress whose deadline is not after ``before``, the longest overdue first."""
    query = select(ATTEMPTS.c.id).where(ATTEMPTS.c.state == State.IN_PROGRESS, ATTEMPTS.c.deadline <= before)
    return list(connection.execute(query.order_by(ATTEMPTS.c.deadline).limit(limit)).scalars())
