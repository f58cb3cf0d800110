"""A sitting's safeguards, and whose watermark a code is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, select
from sqlalchemy.orm import Session, scoped_session

from certification.evidence import Kind
from certification.store.attempts import add_event
from certification.tables import Attempt, AttemptEvent, Booking, FormLook, Sitting
from certification.watermark import Kind as Marked
from foundation.database import wires
from foundation.prepared import Prepared
from people.tables import Person

Reader = Session | scoped_session[Session]
RUNNING = ("in_progress", "paused")


def of_sitting(session: Reader, sitting_id: int) -> Row[Any] | None:
    """What protects a sitting: ``safe_browser, watermark, review, form_id``; who may know it is the door's to ask."""
    query = select(Sitting.id, Sitting.safe_browser, Sitting.watermark, Sitting.review, Sitting.form_id, Sitting.cancelled, Sitting.opens)
    return session.execute(query.where(Sitting.id == sitting_id)).first()


def is_booked(session: Reader, sitting_id: int, person_id: int) -> bool:
    """Whether the person is entered for the sitting."""
    return bool(session.scalar(select(exists().where(Booking.sitting_id == sitting_id, Booking.person_id == person_id))))


_DEMANDED = Prepared(
    select(Attempt.sitting_id, Attempt.state, Sitting.safe_browser)
    .join(Sitting, Sitting.id == Attempt.sitting_id)
    .where(Attempt.id == bindparam("attempt"), Attempt.person_id == bindparam("person"))
)


def demanded(attempt_id: str, person_id: int) -> Row[Any] | None:
    """``sitting_id`` and ``safe_browser`` of the person's running attempt where its sitting demands the lockdown browser; else None."""
    row: Row[Any] | None = _DEMANDED.first(wires(), attempt=attempt_id, person=person_id)
    return row if row is not None and row.safe_browser is not None and row.state in RUNNING else None


def noted_since(connection: Connection, attempt_id: str, since: datetime) -> bool:
    """Whether the timeline has an entry of this kind from ``since`` on."""
    found = exists().where(AttemptEvent.attempt_id == attempt_id, AttemptEvent.kind == Kind.SAFE_BROWSER, AttemptEvent.at >= since)
    return bool(connection.scalar(select(found)))


def note(connection: Connection, attempt_id: str, kind: Kind, now: datetime, detail: dict[str, str]) -> None:
    """Keep an entry on the timeline."""
    add_event(connection, attempt_id, kind, now, detail=detail)


def watermarked(session: Reader, attempt_id: str, person_id: int) -> Row[Any] | None:
    """``name`` and ``staff_no`` of the person whose attempt at a watermarked sitting it is; None for anybody else."""
    query = select(Person.name, Person.staff_no).join(Attempt, Attempt.person_id == Person.id)
    query = query.join(Sitting, Sitting.id == Attempt.sitting_id)
    return session.execute(query.where(Attempt.id == attempt_id, Attempt.person_id == person_id, Sitting.watermark)).first()


def marked(session: Reader) -> Iterator[tuple[Marked, str]]:
    """Everything that a watermark may have come from: attempts and looks."""
    for row in session.execute(select(Attempt.id).execution_options(yield_per=5000)):
        yield Marked.ATTEMPT, row.id
    for row in session.execute(select(FormLook.id).execution_options(yield_per=5000)):
        yield Marked.LOOK, str(row.id)


def attempt_behind(session: Reader, attempt_id: str) -> Row[Any]:
    """Whose attempt it is and where: ``name, staff_no, sitting_id, code, started``."""
    query = select(Person.name, Person.staff_no, Sitting.id.label("sitting_id"), Sitting.code, Attempt.started)
    query = query.join(Attempt, Attempt.person_id == Person.id).join(Sitting, Sitting.id == Attempt.sitting_id)
    return session.execute(query.where(Attempt.id == attempt_id)).one()
