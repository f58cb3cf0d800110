"""Who might be sent: people whom nothing obvious rules out, found by SQL; the rule then judges each of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.licence import Grade, State
from certification.tables import Booking, LicenceSpan, Programme, ProgrammeEdition, Sitting
from certification.visit import Visit
from people.tables import Contract, Partner, Person, RosterEntry

Reader = Session | scoped_session[Session]
INSTANT = timedelta(microseconds=1)


def likely(
    session: Reader, visit: Visit, in_force: frozenset[str], *, excellent: bool, after: str, limit: int, city: str = "",
    company: int | None = None,
) -> Sequence[str]:
    """Staff numbers above ``after``, in order: in force at both ends of the visit, by licence and by contract.

    That is necessary, not sufficient, so that the index can find them; what
    happens in between is left to ``dispatch.resolve``. ``excellent`` asks for
    the grade too, ``company`` limits the asker.
    """
    first, last = visit.starts, max(visit.starts, visit.ends - INSTANT)
    query = select(Person.staff_no).join(Partner, Partner.id == Person.partner_id).where(
        Person.staff_no > after, Person.staff_no.not_in(visit.team), or_(Person.left.is_(None), Person.left >= visit.ends),
        _holds(visit.programme, first, excellent), _holds(visit.programme, last, excellent),
        or_(Partner.kind == "operator", and_(_placed(first, in_force), _placed(last, in_force))),
    )
    if visit.partner is not None:
        query = query.where(Partner.code == visit.partner)
    if city:
        query = query.where(Person.city == city)
    if company is not None:
        query = query.where(Person.partner_id == company)
    return session.scalars(query.order_by(Person.staff_no).limit(limit)).all()


def _holds(programme: str, at: datetime, excellent: bool) -> ColumnElement[bool]:
    """A licence of the programme is active at ``at``."""
    span: Any = aliased(LicenceSpan)
    programme_id = select(Programme.id).where(Programme.code == programme).scalar_subquery()
    conditions = [
        span.person_id == Person.id, span.programme_id == programme_id, span.standing == State.ACTIVE, span.starts <= at,
        or_(span.ends.is_(None), span.ends > at),
    ]
    if excellent:
        conditions.append(span.grade == Grade.EXCELLENT)
    return exists().where(*conditions)


def _placed(at: datetime, in_force: frozenset[str]) -> ColumnElement[bool]:
    """On the roster of a contract in force at ``at``."""
    place, contract = aliased(RosterEntry), aliased(Contract)
    return exists().where(
        place.person_id == Person.id, contract.id == place.contract_id, contract.state.in_(sorted(in_force)), contract.starts <= at,
        contract.ends > at, place.starts <= at, or_(place.ends.is_(None), place.ends > at),
    )


def next_exam(session: Reader, programme: str, staff_no: str, now: datetime, before: datetime) -> Row[Any] | None:
    """The next sitting that could cure a lapse before the visit: ``opens, code, booked``; one that the person is booked for comes first."""
    booked = exists().where(Booking.sitting_id == Sitting.id, Booking.person_id == Person.id, Person.staff_no == staff_no)
    query = (
        select(Sitting.opens, Sitting.code, booked.label("booked"))
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .where(Programme.code == programme, Sitting.cancelled.is_(None), Sitting.closes > now, Sitting.opens < before)
    )
    return session.execute(query.order_by(booked.desc(), Sitting.opens, Sitting.id).limit(1)).first()


def suspended(session: Reader, programme: str) -> str | None:
    """The first by number whose licence of the programme is suspended, and who still works here."""
    query = (
        select(Person.staff_no).join(LicenceSpan, LicenceSpan.person_id == Person.id)
        .join(Programme, Programme.id == LicenceSpan.programme_id)
        .where(Programme.code == programme, LicenceSpan.standing == State.SUSPENDED, Person.left.is_(None))
    )
    return session.scalar(query.order_by(Person.staff_no).limit(1))


def names(session: Reader, staff: Sequence[str], company: int | None) -> dict[str, tuple[str, str]]:
    """Names and cities by staff number, of those whom the asker may know."""
    query = select(Person.staff_no, Person.name, Person.city).where(Person.staff_no.in_(staff))
    if company is not None:
        query = query.where(Person.partner_id == company)
    return {number: (name, city) for number, name, city in session.execute(query)}
