"""A sitting as its invigilator sees it: who is there and how they are doing, and the room's book.

Everybody behind these doors sees all companies; what is asked for by an id that
belongs to another sitting is not found.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, distinct, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, scoped_session

from certification import timing
from certification.evidence import Kind
from certification.sitting import RUNNING, State
from certification.store.attempts import BOOKINGS, EVENTS, PAST
from certification.store.saving import ATTEMPT, ATTEMPTS, LATE, STEPS
from certification.tables import Booking, Presence, Programme, ProgrammeEdition, RoomNote, Sitting
from people.tables import Account, Partner, Person
from question_bank.tables import Form

Reader = Session | scoped_session[Session]
PEOPLE, PARTNERS, PRESENCES, NOTES = Person.__table__, Partner.__table__, Presence.__table__, RoomNote.__table__
LET_GO_ON = (timing.Kind.RESUMED.value, timing.Kind.REOPENED.value)
NOTHING_SAID = '[]{}", '
"""Characters of which a blank answer consists, whatever its kind."""


def room(session: Reader, sitting_id: int) -> Row[Any] | None:
    """The sitting with what its room shows of it, and its form's ``sections``; None when there is none."""
    query = (
        select(
            Sitting.id, Sitting.code, Sitting.opens, Sitting.closes, Sitting.place, Sitting.entry_code, Sitting.extra_seconds,
            Sitting.check_in, Sitting.safe_browser, Sitting.cancelled, Sitting.released, Sitting.programme_edition_id, Programme.title,
            ProgrammeEdition.spec, Form.sections,
        )
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .join(Form, Form.id == Sitting.form_id)
    )
    return session.execute(query.where(Sitting.id == sitting_id)).first()


def _of(sitting_id: int) -> Select[Any]:
    return select(ATTEMPTS.c.id).where(ATTEMPTS.c.sitting_id == sitting_id)


def _answers(sitting_id: int) -> Any:
    """By attempt: how many slots hold an answer that says something, and when the newest one came."""
    newer = STEPS.alias("newer")
    later = exists().where(newer.c.attempt_id == STEPS.c.attempt_id, newer.c.slot == STEPS.c.slot, newer.c.seq > STEPS.c.seq)
    blank = or_(STEPS.c.answer == "null", func.trim(STEPS.c.answer, NOTHING_SAID) == "")
    answered = func.count(distinct(STEPS.c.slot)) - func.count().filter(and_(blank, ~later))
    query = select(STEPS.c.attempt_id, answered.label("answered"), func.max(STEPS.c.received).label("saved"))
    return query.where(STEPS.c.attempt_id.in_(_of(sitting_id))).group_by(STEPS.c.attempt_id).subquery("answers")


def _signs(sitting_id: int) -> Any:
    """By attempt: how often the page lost the focus, and when the person was last let go on."""
    lost = func.count().filter(EVENTS.c.kind == Kind.FOCUS_LOST.value).label("lost")
    let = func.max(EVENTS.c.at).filter(EVENTS.c.kind.in_(LET_GO_ON)).label("let")
    query = select(EVENTS.c.attempt_id, lost, let).where(EVENTS.c.attempt_id.in_(_of(sitting_id)))
    return query.group_by(EVENTS.c.attempt_id).subquery("signs")


def seats(session: Reader, sitting_id: int, attempt_id: str | None = None) -> list[Row[Any]]:
    """Everybody who is booked, by staff number, with attempt, signs of life and answers: one statement however many they are."""
    answers, signs = _answers(sitting_id), _signs(sitting_id)
    came = select(func.count(distinct(STEPS.c.slot))).where(STEPS.c.attempt_id == ATTEMPTS.c.id, STEPS.c.received > PRESENCES.c.seen)
    since = came.correlate(ATTEMPTS, PRESENCES).scalar_subquery()  # what waited when the page last spoke may have come since
    waiting = case((PRESENCES.c.waiting > 0, case((PRESENCES.c.waiting > since, PRESENCES.c.waiting - since), else_=0)), else_=0)
    same = and_(ATTEMPTS.c.sitting_id == BOOKINGS.c.sitting_id, ATTEMPTS.c.person_id == BOOKINGS.c.person_id)
    query = (
        select(
            PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.staff_no, PARTNERS.c.name.label("partner"), PEOPLE.c.id_number,
            BOOKINGS.c.checked_in, BOOKINGS.c.checked_in_by, BOOKINGS.c.check_note, BOOKINGS.c.extra_seconds, BOOKINGS.c.extra_reason,
            ATTEMPTS.c.id.label("attempt_id"), ATTEMPTS.c.state, ATTEMPTS.c.started, ATTEMPTS.c.deadline, ATTEMPTS.c.ended,
            PRESENCES.c.seen, PRESENCES.c.slot, waiting.label("waiting"), PRESENCES.c.hidden,
            func.coalesce(answers.c.answered, 0).label("answered"), answers.c.saved, func.coalesce(signs.c.lost, 0).label("lost"),
            signs.c.let,
        )
        .select_from(BOOKINGS)
        .join(PEOPLE, PEOPLE.c.id == BOOKINGS.c.person_id)
        .join(PARTNERS, PARTNERS.c.id == PEOPLE.c.partner_id)
        .outerjoin(ATTEMPTS, same)
        .outerjoin(PRESENCES, PRESENCES.c.attempt_id == ATTEMPTS.c.id)
        .outerjoin(answers, answers.c.attempt_id == ATTEMPTS.c.id)
        .outerjoin(signs, signs.c.attempt_id == ATTEMPTS.c.id)
        .where(BOOKINGS.c.sitting_id == sitting_id)
    )
    if attempt_id is not None:
        query = query.where(ATTEMPTS.c.id == attempt_id)
    return list(session.execute(query.order_by(PEOPLE.c.staff_no)))


def turns(source: Connection | Reader, sitting_id: int, attempt_ids: Sequence[str] | None = None) -> dict[str, list[Row[Any]]]:
    """The events that moved a clock, by attempt, the oldest first; of the whole sitting or only of ``attempt_ids``."""
    query = select(EVENTS.c.attempt_id, EVENTS.c.kind, EVENTS.c.at, EVENTS.c.seconds, EVENTS.c.by, EVENTS.c.reason)
    query = query.where(EVENTS.c.kind.in_([kind.value for kind in timing.Kind]))
    chosen = _of(sitting_id) if attempt_ids is None else attempt_ids
    found: dict[str, list[Row[Any]]] = {}
    for row in source.execute(query.where(EVENTS.c.attempt_id.in_(chosen)).order_by(EVENTS.c.at, EVENTS.c.id)):
        found.setdefault(row.attempt_id, []).append(row)
    return found


def held(session: Session, sitting_id: int) -> Sitting:
    """The sitting's row, locked against everything that refers to it: whoever begins at this moment is seen, or comes after."""
    return session.scalars(select(Sitting).where(Sitting.id == sitting_id).with_for_update()).one()


def running(connection: Connection, sitting_id: int) -> list[Row[Any]]:
    """The attempts that run or are paused, their rows locked, always in the same order so that two officers never lock crosswise."""
    query = ATTEMPT.where(ATTEMPTS.c.sitting_id == sitting_id, ATTEMPTS.c.state.in_([state.value for state in RUNNING]))
    return list(connection.execute(query.order_by(ATTEMPTS.c.id).with_for_update()))


def closed_by_deadline(connection: Connection, sitting_id: int) -> list[int]:
    """Whose attempts the system closed when their time was over."""
    query = select(ATTEMPTS.c.person_id).where(ATTEMPTS.c.sitting_id == sitting_id, ATTEMPTS.c.state == State.CLOSED_BY_DEADLINE.value)
    return list(connection.scalars(query.order_by(ATTEMPTS.c.ended.desc(), ATTEMPTS.c.id)))


def attempt_in(connection: Connection, sitting_id: int, attempt_id: str) -> Row[Any] | None:
    """An attempt of the sitting, its row locked; None when it is another's."""
    query = ATTEMPT.where(ATTEMPTS.c.id == attempt_id, ATTEMPTS.c.sitting_id == sitting_id)
    return connection.execute(query.with_for_update()).first()


def attempt_shown(session: Reader, sitting_id: int, attempt_id: str) -> Row[Any] | None:
    """The same to look at."""
    return session.execute(ATTEMPT.where(ATTEMPTS.c.id == attempt_id, ATTEMPTS.c.sitting_id == sitting_id)).first()


def names(session: Reader, person_ids: Iterable[int]) -> dict[int, str]:
    """Names by person."""
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(list(person_ids)))).all())


def not_begun(sitting_id: int) -> ColumnElement[bool]:
    """A condition on a booking: no attempt came of it."""
    same = and_(ATTEMPTS.c.sitting_id == BOOKINGS.c.sitting_id, ATTEMPTS.c.person_id == BOOKINGS.c.person_id)
    return and_(BOOKINGS.c.sitting_id == sitting_id, ~exists().where(same))


def credit_waiting(connection: Connection, sitting_id: int, seconds: int, reason: str) -> int:
    """Give extra time to everybody who has not begun; answers to how many."""
    values = {"extra_seconds": BOOKINGS.c.extra_seconds + seconds, "extra_reason": reason}
    return connection.execute(update(BOOKINGS).where(not_begun(sitting_id)).values(values)).rowcount


def let_stand(source: Connection | Session, sitting_id: int) -> None:
    """Wait for what is done to the whole room (``held``), and hold it off until the unit of work ends.

    Asked before a booking is locked: in the other order it and a credit for the room would wait for each other for ever.
    """
    source.execute(select(Sitting.id).where(Sitting.id == sitting_id).with_for_update(read=True, key_share=True))


def booking(session: Session, sitting_id: int, person_id: int) -> Booking | None:
    """A booking to change, its row locked."""
    let_stand(session, sitting_id)
    query = select(Booking).where(Booking.sitting_id == sitting_id, Booking.person_id == person_id)
    return session.scalars(query.with_for_update()).first()


def has_begun(connection: Connection, sitting_id: int, person_id: int) -> bool:
    """Whether the person has an attempt at the sitting."""
    mine = ATTEMPTS.c.sitting_id == sitting_id, ATTEMPTS.c.person_id == person_id
    return connection.scalar(select(ATTEMPTS.c.id).where(*mine)) is not None


def check_in(connection: Connection, sitting_id: int, person_ids: Sequence[int], by: int | None, at: datetime, note: str) -> list[int]:
    """Note that an officer has seen these people; answers those for whom it is new."""
    let_stand(connection, sitting_id)
    rows = (BOOKINGS.c.sitting_id == sitting_id, BOOKINGS.c.person_id.in_(person_ids), BOOKINGS.c.checked_in.is_(None))
    new = list(connection.scalars(select(BOOKINGS.c.person_id).where(*rows).order_by(BOOKINGS.c.person_id).with_for_update()))
    if new:
        values = {"checked_in": at, "checked_in_by": by, "check_note": note}
        connection.execute(update(BOOKINGS).where(*rows, BOOKINGS.c.person_id.in_(new)).values(values))
    return new


CHECK_IN_ORDER: dict[str, Any] = {
    "door": Booking.checked_in.is_not(None), "staff_no": Person.staff_no, "name": Person.name, "partner": Partner.name,
}
"""``door``: whoever is still to be checked in comes first. Staff numbers are unique, and break every tie."""


def to_check(sitting_id: int, search: str, state: str | None) -> Select[Any]:
    """Who is booked, for the list at the door: narrowed by words in name and staff number, and by ``checked`` or ``unchecked``."""
    begun = select(ATTEMPTS.c.id).where(ATTEMPTS.c.sitting_id == sitting_id, ATTEMPTS.c.person_id == Person.id)
    query = (
        select(
            Person.id, Person.name, Person.staff_no, Person.id_number, Partner.name.label("partner"), Booking.checked_in,
            Booking.checked_in_by, Booking.check_note, Booking.extra_seconds, Booking.extra_reason,
            begun.scalar_subquery().label("attempt_id"),
        )
        .select_from(Booking)
        .join(Person, Person.id == Booking.person_id)
        .join(Partner, Partner.id == Person.partner_id)
        .where(Booking.sitting_id == sitting_id)
    )
    for word in search.split():
        query = query.where(or_(Person.name.icontains(word, autoescape=True), Person.staff_no.icontains(word, autoescape=True)))
    if state in ("checked", "unchecked"):
        query = query.where(Booking.checked_in.is_not(None) if state == "checked" else Booking.checked_in.is_(None))
    return query


def check_counts(session: Reader, sitting_id: int) -> dict[str, int]:
    """How many are ``checked`` and how many ``unchecked``."""
    seen = func.count(Booking.checked_in)
    row = session.execute(select(seen, func.count() - seen).where(Booking.sitting_id == sitting_id)).one()
    return {"checked": row[0], "unchecked": row[1]}


def person_in(session: Reader, sitting_id: int, person_id: int) -> Row[Any] | None:
    """One of the people of ``to_check``."""
    return session.execute(to_check(sitting_id, "", None).where(Person.id == person_id)).first()


def add_note(
    connection: Connection, sitting_id: int, kind: str, text: str, by: int | None, at: datetime, seconds: int = 0,
    attempt_id: str | None = None, person_id: int | None = None,
) -> None:
    """Write a line into the room's book."""
    row = {"sitting_id": sitting_id, "attempt_id": attempt_id, "person_id": person_id, "kind": kind, "text": text, "seconds": seconds}
    connection.execute(insert(NOTES).values(by=by, at=at, **row))


def notes(session: Reader, sitting_id: int, attempt_id: str | None = None) -> list[Row[Any]]:
    """The room's book, the newest line first: ``kind, text, seconds, at, who`` and whom it is about; or only that of one attempt."""
    writer = Person.__table__.alias("writer")
    accounts = Account.__table__
    about = func.coalesce(NOTES.c.person_id, ATTEMPTS.c.person_id)
    query = (
        select(NOTES.c.id, NOTES.c.kind, NOTES.c.text, NOTES.c.seconds, NOTES.c.at, NOTES.c.attempt_id, writer.c.name.label("who"),
               PEOPLE.c.name.label("about"), PEOPLE.c.staff_no)
        .join(accounts, accounts.c.id == NOTES.c.by)
        .join(writer, writer.c.id == accounts.c.person_id)
        .outerjoin(ATTEMPTS, ATTEMPTS.c.id == NOTES.c.attempt_id)
        .outerjoin(PEOPLE, PEOPLE.c.id == about)
        .where(NOTES.c.sitting_id == sitting_id)
    )
    if attempt_id is not None:
        query = query.where(NOTES.c.attempt_id == attempt_id)
    return list(session.execute(query.order_by(NOTES.c.at.desc(), NOTES.c.id.desc())))


def credited_since(connection: Connection, sitting_id: int, seconds: int, since: datetime) -> datetime | None:
    """When the room was last given just so much time, after ``since``; None when it was not."""
    rows = NOTES.c.sitting_id == sitting_id, NOTES.c.kind == "incident", NOTES.c.seconds == seconds, NOTES.c.at > since
    return connection.scalars(select(NOTES.c.at).where(*rows).order_by(NOTES.c.at.desc()).limit(1)).first()


def late_answers(session: Reader, attempt_id: str, limit: int) -> list[Row[Any]]:
    """What came too late, the newest first: ``slot, seq, answer, code, received``."""
    query = select(LATE.c.slot, LATE.c.seq, LATE.c.answer, LATE.c.code, LATE.c.received).where(LATE.c.attempt_id == attempt_id)
    return list(session.execute(query.order_by(LATE.c.received.desc(), LATE.c.slot, LATE.c.seq).limit(limit)))


def past_results(session: Reader, attempt_id: str) -> list[Row[Any]]:
    """When a result of the attempt was replaced or taken back, and why; never what it said."""
    return list(session.execute(select(PAST.c.replaced, PAST.c.why).where(PAST.c.attempt_id == attempt_id).order_by(PAST.c.replaced)))
