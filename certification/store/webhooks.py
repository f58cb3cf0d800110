"""Addresses that are told of changes, what was sent to them, and which standings changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.licence import Grade, State, standing_of
from certification.tables import Licence, LicenceSpan, Programme, Webhook, WebhookDelivery, WebhookMark
from people.tables import Account, Person

Reader = Session | scoped_session[Session]
MOST = 50


@dataclass(frozen=True)
class Change:
    """A licence's standing as it became what it is; ``before`` is None where there was none."""

    number: str
    staff_no: str
    programme: str
    before: str | None
    after: str
    grade: str | None
    until: datetime
    effective: datetime


def changes_by_time(session: Reader, since: datetime, now: datetime, expiring_days: int) -> list[Change]:
    """What changed in ``(since, now]``: spans that began, and validities that came near their end."""
    near = timedelta(days=expiring_days)
    began = and_(LicenceSpan.starts > since, LicenceSpan.starts <= now)
    neared = and_(
        LicenceSpan.standing == State.ACTIVE, LicenceSpan.until > since + near, LicenceSpan.until <= now + near,
        LicenceSpan.starts <= LicenceSpan.until, LicenceSpan.starts <= since,
    )
    return _changes(session, or_(began, neared), now, near, since)


def change_now(session: Reader, licence_id: int, now: datetime, expiring_days: int) -> Change | None:
    """How a licence came to stand as it does now; None while it has no standing."""
    there = and_(LicenceSpan.licence_id == licence_id, LicenceSpan.starts <= now, or_(LicenceSpan.ends.is_(None), LicenceSpan.ends > now))
    return next(iter(_changes(session, there, now, timedelta(days=expiring_days), None)), None)


def _changes(session: Reader, condition: ColumnElement[bool], now: datetime, near: timedelta, since: datetime | None) -> list[Change]:
    former = aliased(LicenceSpan)
    query = (
        select(
            Licence.number, Person.staff_no, Programme.code, LicenceSpan.starts, LicenceSpan.standing, LicenceSpan.grade, LicenceSpan.until,
            LicenceSpan.certified, former.standing.label("former"), former.until.label("former_until"),
        )
        .join(Licence, Licence.id == LicenceSpan.licence_id)
        .join(Person, Person.id == Licence.person_id)
        .join(Programme, Programme.id == Licence.programme_id)
        .outerjoin(former, and_(former.licence_id == LicenceSpan.licence_id, former.ends == LicenceSpan.starts))
        .where(condition)
        .order_by(LicenceSpan.starts, Licence.number)
    )
    return [_change(row, now, near, since) for row in session.execute(query)]


def _change(row: Row[Any], now: datetime, near: timedelta, since: datetime | None) -> Change:
    neared = since is not None and row.starts <= since
    effective = row.until - near if neared else row.starts
    grade = Grade(row.grade) if row.grade else None
    after = standing_of(State(row.standing), grade, row.until, row.certified, effective, near.days).state
    before = State.ACTIVE if neared else _before(row, near)
    return Change(row.number, row.staff_no, row.code, before, after, row.grade, row.until, effective)


def _before(row: Row[Any], near: timedelta) -> str | None:
    if row.former is None:
        return None
    return State.EXPIRING if row.former == State.ACTIVE and row.former_until - row.starts <= near else str(row.former)


def mark(session: Session, name: str) -> WebhookMark | None:
    """How far that sweep has looked."""
    return session.get(WebhookMark, name)


def add_mark(session: Session, name: str, at: datetime) -> None:
    """The sweep looks from now on."""
    session.add(WebhookMark(name=name, at=at))


def living(session: Reader) -> Sequence[int]:
    """The ids of the addresses that are told."""
    return session.scalars(select(Webhook.id).where(Webhook.closed.is_(None)).order_by(Webhook.id)).all()


def sent_already(session: Session, webhook_id: int, keys: Sequence[str]) -> set[str]:
    """Which of the events an address was told of, or will be."""
    query = select(WebhookDelivery.event_key).where(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.event_key.in_(keys))
    return set(session.scalars(query))


def claim(session: Session, now: datetime, until: datetime) -> list[Row[Any]]:
    """Messages that are due, oldest first, put off ``until`` then so that nobody else sends them meanwhile."""
    query = (
        select(WebhookDelivery.id, WebhookDelivery.webhook_id, WebhookDelivery.payload, WebhookDelivery.event, WebhookDelivery.created,
               WebhookDelivery.tries, Webhook.url, Webhook.secret)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(WebhookDelivery.due <= now, Webhook.closed.is_(None))
        .order_by(WebhookDelivery.due, WebhookDelivery.id).limit(MOST)
    )
    rows = list(session.execute(query.with_for_update(of=WebhookDelivery, skip_locked=True)))
    session.execute(update(WebhookDelivery).where(WebhookDelivery.id.in_([row.id for row in rows])).values(due=until))
    return rows


def delivery(session: Session, delivery_id: int) -> WebhookDelivery | None:
    """A message, for what came of it."""
    return session.get(WebhookDelivery, delivery_id)


def in_scope(session: Reader, webhook_id: int) -> Row[Any] | None:
    """An address with who added it."""
    return session.execute(listed().where(Webhook.id == webhook_id)).first()


def for_change(session: Session, webhook_id: int) -> Webhook:
    """An address, to be changed."""
    return session.get_one(Webhook, webhook_id)


def drop_waiting(session: Session, webhook_id: int) -> None:
    """What waits for a closed address is not sent any more."""
    waiting = and_(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.due.is_not(None))
    session.execute(update(WebhookDelivery).where(waiting).values(due=None, error="closed"))


def listed() -> Select[Any]:
    """Addresses with what came of their messages."""
    counts = (
        select(
            WebhookDelivery.webhook_id, func.count(WebhookDelivery.delivered).label("delivered"),
            func.count(WebhookDelivery.due).label("waiting"), func.max(WebhookDelivery.delivered).label("last"),
            func.sum(case((and_(WebhookDelivery.due.is_(None), WebhookDelivery.delivered.is_(None)), 1), else_=0)).label("given_up"),
        ).group_by(WebhookDelivery.webhook_id).subquery()
    )
    return (
        select(Webhook.id, Webhook.name, Webhook.url, Webhook.created, Webhook.closed, Person.name.label("by"), counts.c.delivered,
               counts.c.waiting, counts.c.given_up, counts.c.last)
        .join(Account, Account.id == Webhook.created_by).join(Person, Person.id == Account.person_id)
        .outerjoin(counts, counts.c.webhook_id == Webhook.id)
    )


def deliveries(webhook_id: int, text: str, state: str) -> Select[Any]:
    """What was sent to an address, by staff or licence number, and what came of it."""
    query = select(
        WebhookDelivery.id, WebhookDelivery.event, WebhookDelivery.payload, WebhookDelivery.created, WebhookDelivery.due,
        WebhookDelivery.delivered, WebhookDelivery.tries, WebhookDelivery.status, WebhookDelivery.error,
    ).where(WebhookDelivery.webhook_id == webhook_id)
    if text:
        data = WebhookDelivery.payload["data"]
        query = query.where(or_(data[name].as_string().startswith(text, autoescape=True) for name in ("staff_no", "licence")))
    conditions = {
        "delivered": WebhookDelivery.delivered.is_not(None), "waiting": WebhookDelivery.due.is_not(None),
        "given_up": and_(WebhookDelivery.delivered.is_(None), WebhookDelivery.due.is_(None)),
    }
    return query.where(conditions[state]) if state in conditions else query


ORDER: dict[str, Any] = {"created": Webhook.created, "name": Webhook.name}
SENT: dict[str, Any] = {"created": WebhookDelivery.created, "tries": WebhookDelivery.tries}
