"""Attempts, their steps and results ↔ values. Everything a candidate asks for is scoped to the person.

The hot path of saving stands in ``saving``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Text, and_, bindparam, cast, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, scoped_session

from certification.grading import Graded, Key
from certification.layout import Paper, Slot, read_layout
from certification.sitting import State, Step
from certification.store import saving
from certification.store.saving import ANY, ATTEMPT, ATTEMPTS, STEPS
from certification.tables import AttemptEvent, Booking, PastResult, PreparedAttempt, ProgrammeEdition, Result, Sitting
from foundation.prepared import Line, Prepared, Source
from question_bank.store import faces as bank
from question_bank.tables import Form
from standards.store import reference_column
from standards.tables import Clause, Edition, Standard

Reader = Session | scoped_session[Session]
RESULTS, PAST, EVENTS, PREPARED = Result.__table__, PastResult.__table__, AttemptEvent.__table__, PreparedAttempt.__table__
SITTINGS, BOOKINGS, EDITIONS, FORMS = Sitting.__table__, Booking.__table__, ProgrammeEdition.__table__, Form.__table__

_BOOKED = (
    select(
        SITTINGS.c.id, SITTINGS.c.opens, SITTINGS.c.closes, SITTINGS.c.cancelled, SITTINGS.c.entry_code,
        SITTINGS.c.form_id, SITTINGS.c.programme_edition_id, SITTINGS.c.check_in, SITTINGS.c.safe_browser, BOOKINGS.c.person_id,
        BOOKINGS.c.checked_in, (SITTINGS.c.extra_seconds + BOOKINGS.c.extra_seconds).label("extra_seconds"),
    )
    .join(BOOKINGS, BOOKINGS.c.sitting_id == SITTINGS.c.id)
)


_HERE = and_(ATTEMPTS.c.sitting_id == bindparam("sitting"), ATTEMPTS.c.person_id == bindparam("person"))
_DRAWN = and_(PREPARED.c.sitting_id == bindparam("sitting"), PREPARED.c.person_id == bindparam("person"))
_BOOKED_ONE = Prepared(
    _BOOKED.where(SITTINGS.c.id == bindparam("sitting"), BOOKINGS.c.person_id == bindparam("person"))
    .with_for_update(read=True, of=[SITTINGS, BOOKINGS])
)
_ATTEMPT_AT = Prepared(ATTEMPT.where(_HERE).with_for_update())
_ANY = Prepared(ANY)
_READ = Prepared(
    ATTEMPT.add_columns(RESULTS.c.state.label("result_state"), SITTINGS.c.safe_browser)
    .join(SITTINGS, SITTINGS.c.id == ATTEMPTS.c.sitting_id)
    .outerjoin(RESULTS, RESULTS.c.attempt_id == ATTEMPTS.c.id)
    .where(ATTEMPTS.c.id == bindparam("attempt"), ATTEMPTS.c.person_id == bindparam("person"))
)
_SECTIONS = Prepared(
    select(FORMS.c.sections).join(SITTINGS, SITTINGS.c.form_id == FORMS.c.id).where(SITTINGS.c.id == bindparam("sitting"))
)
_BEGUN = ("id", "sitting_id", "person_id", "state", "started", "deadline", "layout", "secret", "pen", "chain", "step_count")
_BEGIN = {name: bindparam(name) for name in _BEGUN}
_ADD = Prepared(
    *(
        insert(ATTEMPTS).values(_BEGIN).on_conflict_do_nothing(index_elements=["sitting_id", "person_id"])
        for insert in (sqlite.insert, postgresql.insert)
    )
)
_USE = Prepared(delete(PREPARED).where(_DRAWN))
_PREPARED = Prepared(
    select(cast(PREPARED.c.layout, Text).label("layout"), PREPARED.c.secret).where(_DRAWN, PREPARED.c.form_id == bindparam("form"))
)
_END = Prepared(
    update(ATTEMPTS).where(ATTEMPTS.c.id == bindparam("attempt"))
    .values(state=bindparam("new_state"), ended=bindparam("at"), receipt=bindparam("signed"))
)
_RESULT = Prepared(select(RESULTS).where(RESULTS.c.attempt_id == bindparam("attempt")))
_ADD_RESULT = Prepared(insert(RESULTS))
_FREEZE = Prepared(
    update(EDITIONS).where(EDITIONS.c.id == bindparam("edition"), EDITIONS.c.frozen.is_(None)).values(frozen=bindparam("now"))
)
_SPEC_AND_FORM = Prepared(
    select(EDITIONS.c.spec, FORMS.c.sections)
    .join(SITTINGS, SITTINGS.c.programme_edition_id == EDITIONS.c.id)
    .join(FORMS, FORMS.c.id == SITTINGS.c.form_id)
    .where(SITTINGS.c.id == bindparam("sitting"))
)
_CLAUSES = (
    select(Clause.id, reference_column(), Clause.key_clause)
    .join(Edition, Edition.id == Clause.edition_id)
    .join(Standard, Standard.id == Edition.standard_id)
    .where(Clause.id.in_(bindparam("wanted", expanding=True)))
)


def booked_sitting(source: Source, sitting_id: int, person_id: int) -> Row[Any] | None:
    """A sitting for which the person is booked; None for anybody else.

    Both rows are held against changes, so that nobody begins with a window or
    extra time that is being moved at that very moment.
    """
    found: Row[Any] | None = _BOOKED_ONE.first(source, sitting=sitting_id, person=person_id)
    return found


def attempt_at(source: Source, sitting_id: int, person_id: int) -> Row[Any] | None:
    """The person's attempt at a sitting, its row locked until the unit of work ends."""
    found: Row[Any] | None = _ATTEMPT_AT.first(source, sitting=sitting_id, person=person_id)
    return found


def any_attempt(source: Source, attempt_id: str) -> Row[Any]:
    """An attempt, whosever it is, its row locked: for the system's own closing."""
    found: Row[Any] = _ANY.rows(source, attempt=attempt_id)[0]
    return found


def read_attempt(source: Source, attempt_id: str, person_id: int) -> Row[Any] | None:
    """The person's own attempt to look at, with its result's ``result_state`` and the sitting's ``safe_browser``; None for others."""
    found: Row[Any] | None = _READ.first(source, attempt=attempt_id, person=person_id)
    return found


def form_titles(source: Source, sitting_id: int) -> list[dict[str, str] | None]:
    """The headings of the sections of a sitting's form."""
    return [section.get("title") for section in _SECTIONS.first(source, sitting=sitting_id).sections]


def result_of(session: Reader, attempt_id: str) -> Result | None:
    """What grading found; whether it may be shown is the caller's to ask."""
    return session.get(Result, attempt_id)


def result_state(connection: Connection, attempt_id: str) -> str | None:
    """The state of an attempt's result, or None before grading."""
    return connection.execute(select(RESULTS.c.state).where(RESULTS.c.attempt_id == attempt_id)).scalar()


def is_released(connection: Connection, attempt: Row[Any]) -> bool:
    """Whether an attempt's result is out, or those of its sitting are and it has none."""
    released = connection.scalar(select(SITTINGS.c.released).where(SITTINGS.c.id == attempt.sitting_id))
    return released is not None or result_state(connection, attempt.id) == "released"


def kept_marks(connection: Connection, attempt_id: str) -> list[Any] | None:
    """The marks of an attempt's result, or None before grading."""
    return connection.execute(select(RESULTS.c.marks).where(RESULTS.c.attempt_id == attempt_id)).scalar()


def all_steps(source: Connection | Reader, attempt_id: str) -> list[tuple[Step, datetime]]:
    """Every step with its time of receipt, in the order of the hash chain."""
    query = select(STEPS.c.slot, STEPS.c.seq, STEPS.c.answer, STEPS.c.received).where(STEPS.c.attempt_id == attempt_id)
    return [(Step(slot, seq, answer), at) for slot, seq, answer, at in source.execute(query.order_by(STEPS.c.position))]


def add_attempt(
    source: Line, attempt_id: str, sitting: Row[Any], paper: Paper, pen: bytes, chain: bytes, started: datetime,
    deadline: datetime,
) -> bool:
    """Keep a new attempt of the person who is booked for ``sitting``, and use up what was prepared; False when there is one already."""
    kept = _ADD.wrote(
        source, id=attempt_id, sitting_id=sitting.id, person_id=sitting.person_id, state=State.IN_PROGRESS, started=started,
        deadline=deadline, layout=paper.slots, secret=paper.secret, pen=pen, chain=chain, step_count=0,
    )
    if kept:
        _USE.write(source, sitting=sitting.id, person=sitting.person_id)
        saving.remember(attempt_id, paper)
    return kept


def prepared(source: Source, sitting: Row[Any]) -> Paper | None:
    """The paper that was drawn beforehand for the person who is booked for ``sitting``, unless the form was changed since."""
    row = _PREPARED.first(source, sitting=sitting.id, person=sitting.person_id, form=sitting.form_id)
    return None if row is None else Paper(read_layout(row.layout), row.secret)


def unprepared(connection: Connection, opens_before: datetime, now: datetime, limit: int) -> list[Row[Any]]:
    """People booked for a sitting that opens soon, or is open, with neither an attempt nor a prepared one."""
    begun = select(ATTEMPTS.c.id).where(ATTEMPTS.c.sitting_id == BOOKINGS.c.sitting_id, ATTEMPTS.c.person_id == BOOKINGS.c.person_id)
    same = and_(PREPARED.c.sitting_id == BOOKINGS.c.sitting_id, PREPARED.c.person_id == BOOKINGS.c.person_id)
    ready = select(PREPARED.c.form_id).where(same, PREPARED.c.form_id == SITTINGS.c.form_id)
    query = _BOOKED.where(SITTINGS.c.opens <= opens_before, SITTINGS.c.closes > now, SITTINGS.c.cancelled.is_(None))
    return list(connection.execute(query.where(~begun.exists(), ~ready.exists()).order_by(SITTINGS.c.opens).limit(limit)))


def keep_prepared(connection: Connection, sitting: Row[Any], slots: Sequence[Slot], secret: bytes) -> None:
    """Keep a layout drawn beforehand, in place of one drawn from another form."""
    mine = and_(PREPARED.c.sitting_id == sitting.id, PREPARED.c.person_id == sitting.person_id)
    connection.execute(delete(PREPARED).where(mine))
    plain = msgspec.to_builtins(slots)
    connection.execute(
        insert(PREPARED).values(sitting_id=sitting.id, person_id=sitting.person_id, form_id=sitting.form_id, layout=plain, secret=secret)
    )


def events(source: Connection | Reader, attempt_id: str) -> list[Row[Any]]:
    """The timeline of an attempt, the oldest entry first: ``kind, at, seconds, by, reason, detail``."""
    query = select(EVENTS.c.kind, EVENTS.c.at, EVENTS.c.seconds, EVENTS.c.by, EVENTS.c.reason, EVENTS.c.detail)
    return list(source.execute(query.where(EVENTS.c.attempt_id == attempt_id).order_by(EVENTS.c.at, EVENTS.c.id)))


def add_event(
    connection: Connection, attempt_id: str, kind: str, at: datetime, by: int | None = None, seconds: int | None = None, reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry to an attempt's timeline."""
    row = {"attempt_id": attempt_id, "kind": kind, "at": at, "by": by, "seconds": seconds, "reason": reason, "detail": dict(detail or {})}
    connection.execute(insert(EVENTS).values(row))


def event_count(connection: Connection, attempt_id: str) -> int:
    """How many entries the timeline has."""
    return connection.scalar(select(func.count()).select_from(EVENTS).where(EVENTS.c.attempt_id == attempt_id)) or 0


def facts_of(connection: Connection, attempt: Row[Any]) -> Row[Any]:
    """What a deadline follows from, besides the attempt and its timeline: ``opens, closes, cancelled, extra_seconds, spec``."""
    query = (
        select(
            SITTINGS.c.opens, SITTINGS.c.closes, SITTINGS.c.cancelled, EDITIONS.c.spec,
            (SITTINGS.c.extra_seconds + func.coalesce(BOOKINGS.c.extra_seconds, 0)).label("extra_seconds"),
        )
        .join(EDITIONS, EDITIONS.c.id == SITTINGS.c.programme_edition_id)
        .outerjoin(BOOKINGS, and_(BOOKINGS.c.sitting_id == SITTINGS.c.id, BOOKINGS.c.person_id == attempt.person_id))
    )
    return connection.execute(query.where(SITTINGS.c.id == attempt.sitting_id)).one()


def move(
    connection: Connection, attempt_id: str, state: State, deadline: datetime, ended: datetime | None, receipt: str | None
) -> None:
    """Keep where an attempt stands after an event on its timeline."""
    values = {"state": state, "deadline": deadline, "ended": ended, "receipt": receipt}
    connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.id == attempt_id).values(values))


def end_attempt(source: Line, attempt_id: str, state: State, ended: datetime, receipt: str) -> None:
    """Keep how and when an attempt ended, and its receipt."""
    _END.write(source, attempt=attempt_id, new_state=state, at=ended, signed=receipt)


def keep_result(connection: Connection, attempt_id: str, graded: Graded, now: datetime, why: str = "graded_again") -> None:
    """Keep what grading found. An earlier result that it replaces stays among the past ones, with ``why``."""
    row = _RESULT.first(connection, attempt=attempt_id)
    former = row._asdict() if row else None
    released = former["released"] if former else None
    found = {
        "mark": graded.mark, "points": graded.points, "fraction": graded.fraction, "passed": graded.passed, "grade": graded.grade,
        "marks": [list(entry) for entry in graded.marks], "sections": [asdict(section) for section in graded.sections],
        "state": "released" if released else "marked" if graded.complete else "marking", "graded": now, "released": released,
    }
    if former is None:
        _ADD_RESULT.write(connection, attempt_id=attempt_id, **found)
        return
    connection.execute(insert(PAST).values(**former, replaced=now, why=why))
    connection.execute(update(RESULTS).where(RESULTS.c.attempt_id == attempt_id).values(**found))


def withdraw_result(connection: Connection, attempt_id: str, now: datetime, why: str) -> None:
    """An attempt that goes on has no result; the one it had stays among the past ones."""
    former = connection.execute(select(RESULTS).where(RESULTS.c.attempt_id == attempt_id)).mappings().first()
    if former is not None:
        connection.execute(insert(PAST).values(**former, replaced=now, why=why))
        connection.execute(delete(RESULTS).where(RESULTS.c.attempt_id == attempt_id))


def freeze_edition(source: Line, edition_id: int, now: datetime) -> None:
    """A programme edition does not change any more once somebody was examined under it."""
    _FREEZE.write(source, edition=edition_id, now=now)


def spec_and_form(source: Source, sitting_id: int) -> Row[Any]:
    """``spec`` of the sitting's programme edition and ``sections`` of its form."""
    found: Row[Any] = _SPEC_AND_FORM.rows(source, sitting=sitting_id)[0]
    return found


def grading_keys(session: Session, versions: Iterable[int]) -> Mapping[int, Key]:
    """Keys by item version, with the references of their clauses and whether all of them are key clauses."""
    keys = bank.keys(session, versions)
    wanted = {clause_id for key in keys.values() for clause_id in key.clause_ids}
    found = session.connection().execute(_CLAUSES, {"wanted": list(wanted)}) if wanted else ()
    clauses = {row[0]: (row[1], row[2]) for row in found}
    return {
        version: Key(
            key.kind, key.key, tuple(clauses[one][0] for one in key.clause_ids), all(clauses[one][1] for one in key.clause_ids),
            after=key.after,
        )
        for version, key in keys.items()
    }


def overdue(connection: Connection, before: datetime, limit: int = 500) -> list[str]:
    """Attempts still in progress whose deadline is not after ``before``, the longest overdue first."""
    query = select(ATTEMPTS.c.id).where(ATTEMPTS.c.state == State.IN_PROGRESS, ATTEMPTS.c.deadline <= before)
    return list(connection.execute(query.order_by(ATTEMPTS.c.deadline).limit(limit)).scalars())


def look_up(session: Reader, attempt_id: str) -> Row[Any] | None:
    """An attempt, whosever it is, to look at."""
    return session.execute(ATTEMPT.where(ATTEMPTS.c.id == attempt_id)).first()
