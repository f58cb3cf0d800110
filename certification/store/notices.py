"""What people are to be reminded of, set by set; channels, and the log of what was sent."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, scoped_session

from certification.licence import State
from certification.store import custody
from certification.tables import (
    Appeal,
    Booking,
    Breach,
    BreachMeasure,
    CustodyAgreement,
    CustodyItem,
    CustodyReceipt,
    Decision,
    Licence,
    LicenceSpan,
    Notice,
    NoticeChannel,
    NoticeRun,
    Programme,
    ProgrammeEdition,
    Sitting,
)
from people.roster import IN_FORCE
from people.tables import Account, Contract, Partner, Person

Reader = Session | scoped_session[Session]
ORDER: dict[str, Any] = {"created": Notice.created, "subject": Notice.subject, "id": Notice.id}


def last_run(session: Reader) -> date | None:
    """The day on which digests were made last."""
    return session.scalar(select(func.max(NoticeRun.day)))


def claim_run(session: Session, day: date, now: datetime) -> bool:
    """Make the row of a day's run; False when somebody made it before."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    done: Any = session.execute(dialect.insert(NoticeRun).values(day=day, at=now, made=0).on_conflict_do_nothing())
    return bool(done.rowcount)


def close_run(session: Session, day: date, made: int) -> None:
    """Keep how many digests a run made."""
    session.execute(update(NoticeRun).where(NoticeRun.day == day).values(made=made))


def _within(column: Any, bounds: Iterable[tuple[datetime, datetime]]) -> ColumnElement[bool]:
    """A condition: an end (the first instant after the last day) in any of ``[after, until)``."""
    return or_(False, *(and_(column >= after, column < until) for after, until in bounds))


def lapsing(session: Reader, bounds: Sequence[tuple[datetime, datetime]], now: datetime) -> list[Row[Any]]:
    """Licences whose validity ends in ``bounds`` and that nothing has renewed: ``person_id, name, staff_no, partner_id, …``."""
    query = (
        select(Person.id.label("person_id"), Person.name, Person.staff_no, Person.partner_id, Partner.name.label("partner"),
               Programme.title, Licence.number, LicenceSpan.until)
        .select_from(LicenceSpan)
        .join(Licence, Licence.id == LicenceSpan.licence_id)
        .join(Person, Person.id == LicenceSpan.person_id)
        .join(Partner, Partner.id == Person.partner_id)
        .join(Programme, Programme.id == LicenceSpan.programme_id)
        .where(
            LicenceSpan.standing == State.ACTIVE, LicenceSpan.ends == LicenceSpan.until, LicenceSpan.starts <= now,
            _within(LicenceSpan.until, bounds), or_(Person.left.is_(None), Person.left > now),
        )
    )
    return list(session.execute(query))


def exams(session: Reader, bounds: Sequence[tuple[datetime, datetime]]) -> list[Row[Any]]:
    """Bookings of sittings that open in ``bounds``: ``person_id, name, partner_id, partner, opens, title``."""
    query = (
        select(Booking.person_id, Person.name, Person.partner_id, Partner.name.label("partner"), Sitting.opens, Programme.title)
        .select_from(Booking)
        .join(Sitting, Sitting.id == Booking.sitting_id)
        .join(Person, Person.id == Booking.person_id)
        .join(Partner, Partner.id == Person.partner_id)
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .where(Sitting.cancelled.is_(None), _within(Sitting.opens, bounds))
    )
    return list(session.execute(query))


def retraining(session: Reader, bounds: Sequence[tuple[datetime, datetime]]) -> list[Row[Any]]:
    """Open retraining that is due in ``bounds``."""
    query = (
        select(BreachMeasure.person_id, Person.name, Person.partner_id, Partner.name.label("partner"), BreachMeasure.due)
        .select_from(BreachMeasure)
        .join(Person, Person.id == BreachMeasure.person_id)
        .join(Partner, Partner.id == Person.partner_id)
        .where(BreachMeasure.kind == "retraining", BreachMeasure.closed.is_(None), _within(BreachMeasure.due, bounds))
    )
    return list(session.execute(query))


def overdue_items(session: Reader, now: datetime) -> list[Row[Any]]:
    """People who keep logo items although the contract is over and nothing renews it, with how many."""
    over = custody.due_contracts(session, now, None)
    query = (
        select(Person.id.label("person_id"), Person.name, Person.partner_id, Partner.name.label("partner"), func.count().label("items"))
        .select_from(CustodyItem)
        .join(CustodyReceipt, CustodyReceipt.id == CustodyItem.receipt_id)
        .join(CustodyAgreement, CustodyAgreement.id == CustodyReceipt.agreement_id)
        .join(Person, Person.id == CustodyReceipt.person_id)
        .join(Partner, Partner.id == Person.partner_id)
        .where(CustodyItem.state == "issued", CustodyAgreement.contract_id.in_(list(over)))
        .group_by(Person.id, Person.name, Person.partner_id, Partner.name)
    )
    return list(session.execute(query))


def contracts(session: Reader, bounds: Sequence[tuple[datetime, datetime]]) -> list[Row[Any]]:
    """Contracts in force that end in ``bounds``."""
    query = (
        select(Contract.code, Contract.partner_id, Partner.name.label("partner"), Contract.ends)
        .join(Partner, Partner.id == Contract.partner_id)
        .where(Contract.state.in_(IN_FORCE), _within(Contract.ends, bounds))
    )
    return list(session.execute(query))


def decisions_waiting(session: Reader) -> tuple[int, datetime | None]:
    """How many decisions are pending, and since when the oldest is."""
    count, oldest = session.execute(select(func.count(), func.min(Decision.opened)).where(Decision.state == "pending")).one()
    return int(count), oldest


def appeals_waiting(session: Reader) -> tuple[int, datetime | None]:
    """How many appeals and complaints wait for an answer, those against breaches among them, and since when the oldest does."""
    exams = session.execute(select(func.count(), func.min(Appeal.filed)).where(Appeal.state.in_(("filed", "under_review")))).one()
    breaches = session.execute(select(func.count(), func.min(Breach.appealed)).where(Breach.state == "appealed")).one()
    return int(exams[0]) + int(breaches[0]), min((since for since in (exams[1], breaches[1]) if since), default=None)


def recipients(session: Reader) -> list[Row[Any]]:
    """Open accounts with a mail address: ``id, email, roles, person_id, name, partner_id``."""
    query = (
        select(Account.id, Account.email, Account.roles, Account.person_id, Person.name, Person.partner_id)
        .join(Person, Person.id == Account.person_id)
        .where(Account.closed.is_(None), Account.email != "", Account.one_time.is_(False))
        .order_by(Account.id)
    )
    return list(session.execute(query))


def channels(session: Reader, channel_id: int | None = None) -> list[Row[Any]]:
    """The open robots, or the one of that id: ``id, kind, name, role, partner_id, partner, address, secret, created, closed``."""
    query = (
        select(NoticeChannel.id, NoticeChannel.kind, NoticeChannel.name, NoticeChannel.role, NoticeChannel.partner_id,
               NoticeChannel.address, NoticeChannel.secret, NoticeChannel.created, NoticeChannel.closed,
               Partner.name.label("partner"))
        .outerjoin(Partner, Partner.id == NoticeChannel.partner_id)
        .order_by(NoticeChannel.id)
    )
    wanted = NoticeChannel.closed.is_(None) if channel_id is None else NoticeChannel.id == channel_id
    return list(session.execute(query.where(wanted)))


def add_channel(session: Session, values: dict[str, Any]) -> int:
    """Keep a robot."""
    channel = NoticeChannel(**values)
    session.add(channel)
    session.flush()
    return channel.id


def close_channel(session: Session, channel_id: int, now: datetime) -> None:
    """Nothing is sent there any more."""
    session.execute(update(NoticeChannel).where(NoticeChannel.id == channel_id, NoticeChannel.closed.is_(None)).values(closed=now))


def add_notices(session: Session, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Keep digests that are to be sent; answers their ids."""
    if not rows:
        return []
    return list(session.execute(insert(Notice).returning(Notice.id, sort_by_parameter_order=True), list(rows)).scalars())


def notice(session: Reader, notice_id: int) -> Row[Any] | None:
    """One notice with where it goes: ``email`` of the account and when that was ``closed``, the robot's ``channel``."""
    query = (
        _notices().add_columns(Notice.body, Notice.account_id, Notice.channel_id, Notice.tries, Account.closed)
        .where(Notice.id == notice_id)
    )
    return session.execute(query).first()


def _notices() -> Select[Any]:
    return (
        select(Notice.id, Notice.kind, Notice.subject, Notice.created, Notice.sent, Notice.error, Person.name, Account.email,
               NoticeChannel.name.label("channel"))
        .outerjoin(Account, Account.id == Notice.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(NoticeChannel, NoticeChannel.id == Notice.channel_id)
    )


def notices(search: str, kind: str | None, state: str | None) -> Select[Any]:
    """The log, narrowed by words, kind and state (``sent``, ``waiting``, ``failed``)."""
    query = _notices()
    for word in search.split():
        query = query.where(or_(*(
            column.icontains(word, autoescape=True) for column in (Notice.subject, Person.name, Account.email, NoticeChannel.name)
        )))
    if kind in ("email", "wecom", "dingtalk"):
        query = query.where(Notice.kind == kind)
    if state == "sent":
        query = query.where(Notice.sent.is_not(None))
    elif state in ("waiting", "failed"):
        query = query.where(Notice.sent.is_(None), Notice.error == "" if state == "waiting" else Notice.error != "")
    return query


def keep_outcome(session: Session, notice_id: int, sent: datetime | None, error: str) -> None:
    """Keep that a notice was sent, or why it was not."""
    session.execute(
        update(Notice).where(Notice.id == notice_id).values(sent=sent, error=error[:500], tries=Notice.tries + 1)
    )
