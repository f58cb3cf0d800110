"""A candidate's own sittings, as their pages show them: booked by or for that person, nobody else's."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, scoped_session

from certification.sitting import RUNNING
from certification.tables import Attempt, Booking, Decision, Programme, ProgrammeEdition, Result, Sitting
from foundation.prepared import Prepared, Source
from question_bank.tables import Form

Reader = Session | scoped_session[Session]

_OWN = (
    select(
        Sitting.id, Sitting.code, Sitting.opens, Sitting.closes, Sitting.place, Sitting.cancelled, Sitting.cancel_reason, Programme.title,
        ProgrammeEdition.spec, Attempt.id.label("attempt_id"), Attempt.state, Attempt.deadline, Attempt.ended,
        Result.state.label("result_state"), Result.mark, Result.points, Result.passed, Result.grade,
        (Sitting.extra_seconds + Booking.extra_seconds).label("extra_seconds"), Sitting.check_in, Booking.checked_in,
        Sitting.safe_browser, Sitting.watermark, Sitting.review,
    )
    .join(Booking, Booking.sitting_id == Sitting.id)
    .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
    .join(Programme, Programme.id == ProgrammeEdition.programme_id)
    .outerjoin(Attempt, and_(Attempt.sitting_id == Sitting.id, Attempt.person_id == Booking.person_id))
    .outerjoin(Result, Result.attempt_id == Attempt.id)
)
_OWN_ONE = Prepared(
    _OWN.add_columns(Form.sections, Sitting.entry_code.is_not(None).label("asks_code"))
    .join(Form, Form.id == Sitting.form_id)
    .where(Sitting.id == bindparam("sitting"), Booking.person_id == bindparam("person"))
)
ORDER: dict[str, Any] = {"opens": Sitting.opens, "id": Sitting.id}


def _to_come(now: datetime) -> ColumnElement[bool]:
    """Not begun and not over yet, or begun and not ended."""
    return or_(and_(Attempt.id.is_(None), Sitting.closes > now), Attempt.state.in_(RUNNING))


def to_come(session: Reader, person_id: int, now: datetime) -> list[Row[Any]]:
    """The person's sittings that are open or still to come, the nearest first."""
    return list(session.execute(_OWN.where(Booking.person_id == person_id, _to_come(now)).order_by(Sitting.opens, Sitting.id)))


def past(person_id: int, now: datetime, search: str) -> Select[Any]:
    """The person's sittings that are over for them, with attempt and result; narrowed by words in programme, code and place."""
    over = or_(and_(Attempt.id.is_(None), Sitting.closes <= now), Attempt.state.not_in(RUNNING))
    query = _OWN.where(Booking.person_id == person_id, over)
    for word in search.split():
        columns = (Programme.title["zh"].as_string(), Programme.title["en"].as_string(), Sitting.code, Sitting.place)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return query


def own_sitting(source: Source, sitting_id: int, person_id: int) -> Row[Any] | None:
    """A sitting for which the person is booked, with its form's sections and whether it asks for an entry code; None for others."""
    found: Row[Any] | None = _OWN_ONE.first(source, sitting=sitting_id, person=person_id)
    return found


def decision_of(session: Reader, attempt_id: str) -> Row[Any] | None:
    """The decision on an attempt: ``state`` (pending, granted, refused) and ``reason``; None when there is none."""
    return session.execute(select(Decision.state, Decision.reason).where(Decision.attempt_id == attempt_id)).first()


def decision_made(session: Reader, attempt_id: str) -> Row[Any] | None:
    """The decision on an attempt with who made it and when: ``id, state, decided, decided_by``; None when there is none."""
    query = select(Decision.id, Decision.state, Decision.decided, Decision.decided_by).where(Decision.attempt_id == attempt_id)
    return session.execute(query).first()
