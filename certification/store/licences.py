"""Licences, their ledgers and spans."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, or_, select
from sqlalchemy.orm import Session, scoped_session

from certification.licence import Event, Grade, Kind, Span, State
from certification.tables import Licence, LicenceEvent, LicenceSpan, Programme, ProgrammeEdition
from people.tables import Account, Partner, Person

Reader = Session | scoped_session[Session]
LICENCES, EVENTS, SPANS = Licence.__table__, LicenceEvent.__table__, LicenceSpan.__table__
PEOPLE = Person.__table__


@dataclass(frozen=True)
class Scope:
    """Whose licences the asker sees: ``person_id``'s own, and those of ``company`` (everybody's when ``everyone``)."""

    person_id: int
    company: int | None = None
    everyone: bool = False

    def condition(self) -> ColumnElement[bool]:
        """The scope as a condition on Person."""
        if self.everyone:
            return Person.id.is_not(None)
        own = Person.id == self.person_id
        return own if self.company is None else or_(own, Person.partner_id == self.company)


@dataclass(frozen=True)
class LicenceView:
    """A licence with its holder and its programme; ``name`` is the one on the licence, ``person`` the one that the file has now."""

    id: int
    number: str
    person_id: int
    name: str
    staff_no: str
    partner_id: int
    partner: str
    city: str
    programme_id: int
    programme_code: str
    programme: dict[str, str]
    edition_id: int
    months: int
    spans: tuple[Span, ...]
    person: str = ""


@dataclass(frozen=True)
class Entry:
    """One event of the ledger as a page shows it; ``by`` is the name of who recorded it."""

    event: Event
    reason_code: str
    decision_id: int | None
    by: str | None
    successor: str | None


def spans_at(at: datetime) -> ColumnElement[bool]:
    """A condition on LicenceSpan: the span that covers ``at``; each licence has at most one."""
    return (SPANS.c.starts <= at) & (SPANS.c.ends.is_(None) | (SPANS.c.ends > at))


def _views() -> Select[Any]:
    return (
        select(
            Licence.id, Licence.number, Licence.holder, Licence.programme_id, Licence.programme_edition_id, ProgrammeEdition.spec,
            Person.id.label("person_id"), Person.name, Person.staff_no, Person.city, Person.partner_id,
            Partner.name.label("partner"), Programme.code, Programme.title,
        )
        .join(Person, Person.id == Licence.person_id)
        .join(Partner, Partner.id == Person.partner_id)
        .join(Programme, Programme.id == Licence.programme_id)
        .join(ProgrammeEdition, ProgrammeEdition.id == Licence.programme_edition_id)
    )


def _view(session: Reader, row: Row[Any]) -> LicenceView:
    return LicenceView(
        row.id, row.number, row.person_id, row.holder or row.name, row.staff_no, row.partner_id, row.partner, row.city, row.programme_id,
        row.code, row.title, row.programme_edition_id, int(row.spec["validity_months"]), tuple(spans_of(session, row.id)),
        row.name,
    )


def licence_in_scope(session: Reader, number: str, scope: Scope) -> LicenceView | None:
    """The licence of that number, or None when there is none or it is a stranger's."""
    row = session.execute(_views().where(Licence.number == number, scope.condition())).first()
    return _view(session, row) if row else None


def public_licence(session: Reader, numbers: Iterable[str]) -> LicenceView | None:
    """The licence of the first of ``numbers`` that exists; everybody may ask, so a page shows little of it."""
    row = session.execute(_views().where(Licence.number.in_(list(numbers)))).first()
    return _view(session, row) if row else None


def licences_of(session: Reader, person_id: int) -> list[LicenceView]:
    """A person's licences, the last certified first."""
    views = [_view(session, row) for row in session.execute(_views().where(Licence.person_id == person_id)).all()]
    return sorted(views, key=lambda view: (view.spans[-1].certified if view.spans else datetime.min, view.id), reverse=True)


def licences_under(session: Reader, person_id: int, programme_id: int) -> list[LicenceView]:
    """A person's licences under one programme, the last certified first."""
    return [view for view in licences_of(session, person_id) if view.programme_id == programme_id]


def spans_of(session: Reader | Connection, licence_id: int) -> list[Span]:
    """The kept spans of a licence, in order."""
    return [_span(row) for row in session.execute(select(SPANS).where(SPANS.c.licence_id == licence_id).order_by(SPANS.c.starts))]


def _span(row: Row[Any]) -> Span:
    return Span(row.starts, row.ends, State(row.standing), Grade(row.grade) if row.grade else None, row.until, row.certified)


def event_of(row: Row[Any]) -> Event:
    """A row of the ledger as the rule's value."""
    grade = Grade(row.grade) if row.grade else None
    return Event(Kind(row.kind), grade, row.effective, row.until, row.recorded, row.reason, row.certified)


def events_of(connection: Connection, licence_id: int) -> list[Event]:
    """The ledger of a licence, in the order in which it was written."""
    query = select(EVENTS).where(EVENTS.c.licence_id == licence_id).order_by(EVENTS.c.id)
    return [event_of(row) for row in connection.execute(query)]


def ledger(session: Reader, licence_id: int) -> list[Entry]:
    """The ledger as a page shows it, the newest first."""
    successor = LICENCES.alias("successor")
    query = (
        select(EVENTS, Person.name.label("by_name"), successor.c.number.label("successor"))
        .outerjoin(Account, Account.id == EVENTS.c.by)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(successor, successor.c.id == EVENTS.c.successor_id)
        .where(EVENTS.c.licence_id == licence_id)
        .order_by(EVENTS.c.effective.desc(), EVENTS.c.id.desc())
    )
    return [Entry(event_of(row), row.reason_code, row.decision_id, row.by_name, row.successor) for row in session.execute(query)]


def living_of(session: Reader, person_id: int) -> list[int]:
    """A person's licences that were neither revoked nor superseded and hold something, the oldest first; held until the end."""
    over = select(EVENTS.c.id).where(EVENTS.c.licence_id == LICENCES.c.id, EVENTS.c.kind.in_([Kind.REVOKED, Kind.SUPERSEDED]))
    held = select(EVENTS.c.id).where(EVENTS.c.licence_id == LICENCES.c.id, EVENTS.c.kind.in_([Kind.GRANTED, Kind.RENEWED]))
    query = select(LICENCES.c.id).where(LICENCES.c.person_id == person_id, ~over.exists(), held.exists())
    return list(session.scalars(query.order_by(LICENCES.c.id).with_for_update()))


def predecessor_of(session: Reader, licence_id: int) -> str | None:
    """The number of the licence that this one replaced."""
    query = select(LICENCES.c.number).join(EVENTS, EVENTS.c.licence_id == LICENCES.c.id)
    return session.scalar(query.where(EVENTS.c.successor_id == licence_id, EVENTS.c.kind == Kind.SUPERSEDED))


def successor_of(session: Reader, licence_id: int) -> str | None:
    """The number of the licence that replaced this one."""
    query = select(LICENCES.c.number).join(EVENTS, EVENTS.c.successor_id == LICENCES.c.id)
    return session.scalar(query.where(EVENTS.c.licence_id == licence_id, EVENTS.c.kind == Kind.SUPERSEDED))


def number_given(session: Reader, decision_id: int) -> str | None:
    """The number of the licence whose ledger holds that decision."""
    query = select(LICENCES.c.number).join(EVENTS, EVENTS.c.licence_id == LICENCES.c.id)
    return session.scalar(query.where(EVENTS.c.decision_id == decision_id).limit(1))


def number_taken(connection: Connection, number: str) -> bool:
    """Whether a licence has that number."""
    return connection.execute(select(LICENCES.c.id).where(LICENCES.c.number == number)).first() is not None


def add_licence(connection: Connection, number: str, person_id: int, edition_id: int, now: datetime, place: int) -> int:
    """Write a licence's identity, with its place in the status lists and the name that its holder bears now; its events follow."""
    programme = select(ProgrammeEdition.programme_id).where(ProgrammeEdition.id == edition_id).scalar_subquery()
    values = {"number": number, "person_id": person_id, "programme_id": programme, "programme_edition_id": edition_id, "created": now}
    values |= {"status_index": place, "holder": select(Person.name).where(Person.id == person_id).scalar_subquery()}
    return int(connection.execute(insert(Licence).values(values).returning(Licence.id)).scalar_one())


def locked(connection: Connection, licence_id: int) -> Row[Any]:
    """The licence's row, held until the transaction ends: two events must not rebuild its spans at once."""
    query = select(LICENCES).where(LICENCES.c.id == licence_id).with_for_update()
    return connection.execute(query).one()


def holder_of(connection: Connection, licence_id: int) -> str:
    """The name on a licence."""
    name = func.coalesce(func.nullif(LICENCES.c.holder, ""), PEOPLE.c.name)
    query = select(name).join(PEOPLE, PEOPLE.c.id == LICENCES.c.person_id)
    return str(connection.execute(query.where(LICENCES.c.id == licence_id)).scalar_one())


def person_of(connection: Connection, licence_id: int) -> int:
    """Whose licence it is; that never changes, so it is read before anything is locked."""
    return int(connection.execute(select(LICENCES.c.person_id).where(LICENCES.c.id == licence_id)).scalar_one())


def months_of(connection: Connection, edition_id: int) -> int:
    """The validity of a programme edition, in months."""
    spec = connection.execute(select(ProgrammeEdition.spec).where(ProgrammeEdition.id == edition_id)).scalar_one()
    return int(spec["validity_months"])


def add_events(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Append to the ledger."""
    connection.execute(insert(LicenceEvent), rows)


def replace_spans(connection: Connection, licence: Row[Any], found: Sequence[Span]) -> None:
    """Keep ``found`` as the spans of ``licence``."""
    connection.execute(delete(LicenceSpan).where(SPANS.c.licence_id == licence.id))
    if found:
        connection.execute(insert(LicenceSpan), [
            {
                "licence_id": licence.id, "person_id": licence.person_id, "programme_id": licence.programme_id, "starts": span.starts,
                "ends": span.ends, "standing": span.standing, "grade": span.grade, "until": span.until, "certified": span.certified,
            }
            for span in found
        ])


@dataclass(frozen=True)
class Kept:
    """A licence's ledger beside the spans that are kept of it."""

    licence_id: int
    number: str
    months: int
    events: list[Event]
    spans: list[Span]


def every_ledger(session: Reader) -> Iterator[Kept]:
    """Every licence's ledger and kept spans, in one pass over each table; spans without a ledger come last."""
    specs = session.execute(select(ProgrammeEdition.id, ProgrammeEdition.spec))
    months = {edition_id: int(spec["validity_months"]) for edition_id, spec in specs}
    spans = session.execute(select(SPANS).order_by(SPANS.c.licence_id, SPANS.c.starts))
    kept = {licence_id: [_span(row) for row in rows] for licence_id, rows in groupby(spans, attrgetter("licence_id"))}
    query = select(EVENTS, LICENCES.c.number, LICENCES.c.programme_edition_id).join(LICENCES, LICENCES.c.id == EVENTS.c.licence_id)
    for licence_id, rows in groupby(session.execute(query.order_by(EVENTS.c.licence_id, EVENTS.c.id)), attrgetter("licence_id")):
        entries = list(rows)
        events = [event_of(row) for row in entries]
        yield Kept(licence_id, entries[0].number, months[entries[0].programme_edition_id], events, kept.pop(licence_id, []))
    for licence_id, orphans in kept.items():
        yield Kept(licence_id, "?", 0, [], orphans)
