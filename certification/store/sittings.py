"""Sittings, bookings and how far they are, scoped to the asker.

``company`` is the partner that the asker is limited to, or None. Such an asker
sees sittings that are still to come and those with people of their own, and
of the people only their own.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, exists, func, or_, select
from sqlalchemy.orm import Session, scoped_session

from certification.booking import Entrant
from certification.release import Progress
from certification.store.licences import SPANS, spans_at
from certification.tables import Attempt, Booking, Decision, Programme, ProgrammeEdition, Result, Sitting
from people.tables import Account, Partner, Person, RosterEntry
from question_bank.tables import Form

Reader = Session | scoped_session[Session]
RUNNING = ("in_progress", "paused")
STATES = ("upcoming", "running", "ended", "released", "cancelled")


def _own(company: int) -> ColumnElement[bool]:
    """A sitting for which somebody of ``company`` is booked."""
    own = select(Booking.person_id).join(Person, Person.id == Booking.person_id)
    return exists(own.where(Booking.sitting_id == Sitting.id, Person.partner_id == company))


def in_scope(company: int | None, now: datetime) -> ColumnElement[bool]:
    """A condition on Sitting: what the asker may see."""
    if company is None:
        return Sitting.id.is_not(None)
    return or_(and_(Sitting.opens > now, Sitting.cancelled.is_(None)), _own(company))


def state_column(now: datetime) -> ColumnElement[str]:
    """One of STATES, derived from facts and the clock."""
    return case(
        (Sitting.cancelled.is_not(None), "cancelled"), (Sitting.released.is_not(None), "released"), (Sitting.opens > now, "upcoming"),
        (Sitting.closes > now, "running"), else_="ended",
    )


def _booked(company: int | None) -> Any:
    query = select(func.count()).select_from(Booking).where(Booking.sitting_id == Sitting.id)
    if company is not None:
        query = query.join(Person, Person.id == Booking.person_id).where(Person.partner_id == company)
    return query.correlate(Sitting).scalar_subquery()


def _sittings(company: int | None, now: datetime) -> Select[Any]:
    return (
        select(
            Sitting.id, Sitting.code, Sitting.opens, Sitting.closes, Sitting.place, Sitting.seats, Sitting.entry_code, Sitting.form_id,
            Sitting.created, Sitting.created_by, Sitting.cancelled, Sitting.cancel_reason, Sitting.released, Sitting.released_by,
            Sitting.extra_seconds, Sitting.check_in, Sitting.watermark, Sitting.safe_browser, Sitting.review,
            Programme.code.label("programme_code"), Programme.title, Programme.id.label("programme_id"),
            ProgrammeEdition.number.label("edition"), ProgrammeEdition.spec, state_column(now).label("state"),
            _booked(None).label("booked"), _booked(company).label("own_booked"),
        )
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .where(in_scope(company, now))
    )


ORDER: dict[str, Any] = {"opens": Sitting.opens, "code": Sitting.code, "id": Sitting.id}


def sittings(company: int | None, now: datetime, search: str, state: str | None, programme: str | None) -> Select[Any]:
    """The list: narrowed by words in code and place, by state and by programme."""
    query = _sittings(company, now)
    for word in search.split():
        query = query.where(or_(Sitting.code.icontains(word, autoescape=True), Sitting.place.icontains(word, autoescape=True)))
    if state in STATES:
        query = query.where(state_column(now) == state)
    return query.where(Programme.code == programme) if programme else query


def state_counts(session: Reader, company: int | None, now: datetime) -> dict[str, int]:
    """How many sittings there are by state."""
    state = state_column(now)
    return dict(session.execute(select(state, func.count()).where(in_scope(company, now)).group_by(state)).all())


def sitting_in_scope(session: Reader, sitting_id: int, company: int | None, now: datetime) -> Row[Any] | None:
    """One sitting as the list shows it, or None for a stranger."""
    return session.execute(_sittings(company, now).where(Sitting.id == sitting_id)).first()


def form_sections(session: Reader, form_id: int) -> list[tuple[Any, int, float]]:
    """A form by section: title, how many items, how many points. Never which items."""
    sections = session.scalar(select(Form.sections).where(Form.id == form_id)) or []
    return [(section.get("title"), len(section["slots"]), sum(points for _, points in section["slots"])) for section in sections]


def progress(session: Reader, sitting_id: int, company: int | None = None) -> Progress:
    """How far the sitting is, of everybody or of one company."""
    begun, runs = func.count(Attempt.id), Attempt.state.in_(RUNNING)
    unmarked = Attempt.state.not_in((*RUNNING, "invalidated")), or_(Result.state.is_(None), Result.state == "marking")
    counts = (
        select(func.count(), begun.filter(runs), begun.filter(~runs), begun.filter(*unmarked))
        .select_from(Booking)
        .join(Person, Person.id == Booking.person_id)
        .outerjoin(Attempt, and_(Attempt.sitting_id == Booking.sitting_id, Attempt.person_id == Booking.person_id))
        .outerjoin(Result, Result.attempt_id == Attempt.id)
        .where(Booking.sitting_id == sitting_id)
    )
    if company is not None:
        counts = counts.where(Person.partner_id == company)
    return Progress(*session.execute(counts).one())


ATTEMPT_STATE = func.coalesce(Attempt.state, "booked")
BOOKING_ORDER: dict[str, Any] = {
    "staff_no": Person.staff_no, "name": Person.name, "partner": Partner.name, "state": ATTEMPT_STATE, "id": Person.id,
}


def bookings(sitting_id: int, company: int | None, search: str, state: str | None) -> Select[Any]:
    """Who is booked, with the attempt, the result and the decision; whether a score is shown is the page's to ask."""
    query = (
        select(
            Person.id, Person.name, Person.staff_no, Person.left, Partner.name.label("partner"), Booking.booked,
            Attempt.id.label("attempt_id"), ATTEMPT_STATE.label("state"), Attempt.started, Attempt.ended, Attempt.deadline,
            Result.state.label("result"), Result.mark, Result.points, Result.passed, Result.grade, Decision.state.label("decision"),
        )
        .select_from(Booking)
        .join(Person, Person.id == Booking.person_id)
        .join(Partner, Partner.id == Person.partner_id)
        .outerjoin(Attempt, and_(Attempt.sitting_id == Booking.sitting_id, Attempt.person_id == Booking.person_id))
        .outerjoin(Result, Result.attempt_id == Attempt.id)
        .outerjoin(Decision, Decision.attempt_id == Attempt.id)
        .where(Booking.sitting_id == sitting_id)
    )
    if company is not None:
        query = query.where(Person.partner_id == company)
    for word in search.split():
        query = query.where(or_(Person.name.icontains(word, autoescape=True), Person.staff_no.icontains(word, autoescape=True)))
    return query.where(state == ATTEMPT_STATE) if state else query


def programme_choices(session: Reader) -> list[Row[Any]]:
    """Programmes with their newest edition: ``id`` of the edition, ``code``, ``title``, ``number``, ``spec``."""
    newest = select(func.max(ProgrammeEdition.number)).where(ProgrammeEdition.programme_id == Programme.id).correlate(Programme)
    query = select(ProgrammeEdition.id, Programme.code, Programme.title, ProgrammeEdition.number, ProgrammeEdition.spec)
    query = query.join(Programme, Programme.id == ProgrammeEdition.programme_id).where(ProgrammeEdition.number == newest.scalar_subquery())
    return list(session.execute(query.order_by(Programme.code)))


def codes_like(session: Reader, prefix: str) -> set[str]:
    """The codes in use that begin with ``prefix``."""
    return set(session.scalars(select(Sitting.code).where(Sitting.code.startswith(prefix, autoescape=True))))


def locked(session: Session, sitting_id: int) -> Sitting:
    """The sitting's row, held until the transaction ends: two bookings must not take the same last seat."""
    return session.scalars(select(Sitting).where(Sitting.id == sitting_id).with_for_update(key_share=True)).one()


def entrants(
    session: Session, staff_nos: Sequence[str], company: int | None, sitting: Sitting, programme_id: int, now: datetime
) -> dict[str, Entrant]:
    """What the booking rule asks of each person, by staff number in capitals; strangers are left out."""
    query = (
        select(Person.id, Person.staff_no, Person.name, Person.left, Account.id.label("account"), Booking.sitting_id.label("here"))
        .outerjoin(Account, and_(Account.person_id == Person.id, Account.closed.is_(None)))
        .outerjoin(Booking, and_(Booking.person_id == Person.id, Booking.sitting_id == sitting.id))
        .where(func.upper(Person.staff_no).in_([number.upper() for number in staff_nos]))
    )
    if company is not None:
        query = query.where(Person.partner_id == company)
    rows = session.execute(query).all()
    ids = [row.id for row in rows]
    attempts, coming = _attempts(session, ids, programme_id), _coming(session, ids, programme_id, sitting.id, now)
    licensed = _licensed(session, ids, programme_id, now)
    return {
        row.staff_no.upper(): Entrant(
            row.id, row.staff_no, row.name, row.left, row.account is not None, row.here is not None, coming.get(row.id),
            tuple(attempts[row.id]), licensed.get(row.id),
        )
        for row in rows
    }


def _under(programme_id: int) -> Any:
    return select(ProgrammeEdition.id).where(ProgrammeEdition.programme_id == programme_id)


def _attempts(session: Session, ids: Sequence[int], programme_id: int) -> defaultdict[int, list[datetime]]:
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    query = select(Attempt.person_id, Attempt.started).join(Sitting, Sitting.id == Attempt.sitting_id)
    query = query.where(Attempt.person_id.in_(ids), Sitting.programme_edition_id.in_(_under(programme_id)), Attempt.state != "invalidated")
    for person_id, started in session.execute(query):
        found[person_id].append(started)
    return found


def _coming(session: Session, ids: Sequence[int], programme_id: int, but: int, now: datetime) -> dict[int, str]:
    query = select(Booking.person_id, Sitting.code).join(Sitting, Sitting.id == Booking.sitting_id).where(
        Booking.person_id.in_(ids), Sitting.programme_edition_id.in_(_under(programme_id)), Sitting.id != but, Sitting.closes > now,
        Sitting.cancelled.is_(None),
        ~exists(select(Attempt.id).where(Attempt.sitting_id == Booking.sitting_id, Attempt.person_id == Booking.person_id)),
    )
    return dict(session.execute(query.order_by(Sitting.opens.desc())).all())


def _licensed(session: Session, ids: Sequence[int], programme_id: int, now: datetime) -> dict[int, datetime]:
    query = select(SPANS.c.person_id, func.max(SPANS.c.until)).where(
        SPANS.c.person_id.in_(ids), SPANS.c.programme_id == programme_id, SPANS.c.standing == "active", spans_at(now)
    )
    return dict(session.execute(query.group_by(SPANS.c.person_id)).all())


def needing(session: Reader, sitting: Row[Any], company: int, expires_by: datetime, now: datetime) -> list[str]:
    """Staff numbers of a company's candidates who are not booked here and hold no licence that lasts beyond ``expires_by``."""
    lasting = exists(select(SPANS.c.licence_id).where(
        SPANS.c.person_id == Person.id, SPANS.c.programme_id == sitting.programme_id, SPANS.c.standing == "active", spans_at(now),
        SPANS.c.until > expires_by,
    ))
    here = exists(select(Booking.person_id).where(Booking.sitting_id == sitting.id, Booking.person_id == Person.id))
    stays = or_(RosterEntry.ends.is_(None), RosterEntry.ends > now)
    roster = exists(select(RosterEntry.id).where(RosterEntry.person_id == Person.id, stays))
    query = select(Person.staff_no).where(
        Person.partner_id == company, or_(Person.left.is_(None), Person.left > sitting.opens), roster, ~lasting, ~here
    )
    return list(session.scalars(query.order_by(Person.staff_no).limit(500)))


def count_booked(session: Session, sitting_id: int) -> int:
    """How many are booked."""
    return session.scalar(select(func.count()).where(Booking.sitting_id == sitting_id)) or 0


def add_booking(session: Session, sitting_id: int, person_id: int, by: int | None, now: datetime) -> None:
    """Enter a person."""
    session.add(Booking(sitting_id=sitting_id, person_id=person_id, booked_by=by, booked=now))


def drop_booking(session: Session, sitting_id: int, person_id: int) -> None:
    """Take a person out again."""
    session.execute(delete(Booking).where(Booking.sitting_id == sitting_id, Booking.person_id == person_id))


def booking_in_scope(session: Reader, sitting_id: int, person_id: int, company: int | None) -> Row[Any] | None:
    """A booking with the person's name and whether they began; None when it is not the asker's."""
    query = (
        select(Person.id, Person.name, Person.staff_no, Attempt.id.label("attempt_id"))
        .join(Booking, and_(Booking.person_id == Person.id, Booking.sitting_id == sitting_id))
        .outerjoin(Attempt, and_(Attempt.sitting_id == sitting_id, Attempt.person_id == Person.id))
        .where(Person.id == person_id)
    )
    return session.execute(query if company is None else query.where(Person.partner_id == company)).first()


def results_to_release(session: Session, sitting_id: int) -> list[tuple[Attempt, Result]]:
    """Attempts of a sitting with their marked results; the attempts are locked first, as saving and grading do."""
    attempts = session.scalars(select(Attempt).where(Attempt.sitting_id == sitting_id).order_by(Attempt.id).with_for_update()).all()
    results = session.scalars(select(Result).where(Result.attempt_id.in_([attempt.id for attempt in attempts]), Result.state == "marked"))
    by_attempt = {result.attempt_id: result for result in results}
    return [(attempt, by_attempt[attempt.id]) for attempt in attempts if attempt.id in by_attempt]


def outcome(session: Reader, sitting_id: int, company: int | None) -> Row[Any]:
    """Over the marked results: how many, ``passed``, ``excellent``, and the mean ``fraction``."""
    query = (
        select(
            func.count().label("marked"), func.count().filter(Result.passed).label("passed"),
            func.count().filter(Result.grade == "excellent").label("excellent"), func.avg(Result.fraction).label("fraction"),
        )
        .join(Attempt, Attempt.id == Result.attempt_id)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.sitting_id == sitting_id, Result.state.in_(("marked", "released")))
    )
    return session.execute(query if company is None else query.where(Person.partner_id == company)).one()
