"""Accounts and API keys, as the admin lists and changes them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session, scoped_session

from foundation.prepared import Prepared, Source
from people.permission import Role
from people.tables import Account, ApiKey, LoginSession, Partner, Person

Reader = Session | scoped_session[Session]

ACCOUNT_ORDER: dict[str, Any] = {"name": Person.name, "username": Account.username, "created": Account.created, "id": Account.id}
_ACCOUNTS = (
    select(
        Account.id, Account.username, Account.roles, Account.created, Account.closed, Account.one_time,
        Person.name, Person.staff_no, Person.left, Partner.name.label("partner"),
    )
    .join(Person, Person.id == Account.person_id)
    .join(Partner, Partner.id == Person.partner_id)
)


def accounts(search: str, role: Role | None, state: str | None) -> Select[Any]:
    """Accounts with their persons, narrowed by words, role and ``open`` or ``closed``."""
    query, named = _ACCOUNTS, (Account.username, Person.name, Person.staff_no, Partner.name)
    for word in search.split():
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in named)))
    if role:
        query = query.where(holds(role))
    if state in ("open", "closed"):
        query = query.where(Account.closed.is_(None) if state == "open" else Account.closed.is_not(None))
    return query


def account_shown(session: Reader, account_id: int) -> Row[Any] | None:
    """One account as the list shows it."""
    return session.execute(_ACCOUNTS.where(Account.id == account_id)).first()


def email_of(session: Reader, account_id: int) -> str:
    """Where an account's reminders go; empty for nowhere."""
    return session.scalar(select(Account.email).where(Account.id == account_id)) or ""


def account_for_change(session: Session, account_id: int) -> tuple[Account, int]:
    """An account, and how many other open accounts hold the admin role.

    The admin rows are locked (PostgreSQL; SQLite has one writer): two admins who
    close each other in the same second must not both succeed.
    """
    admins = session.scalars(select(Account).where(holds(Role.ADMIN), Account.closed.is_(None)).with_for_update()).all()
    return session.get_one(Account, account_id), sum(admin.id != account_id for admin in admins)


def holds(role: Role) -> ColumnElement[bool]:
    """A condition on Account: it has ``role`` (the list is JSON on both databases)."""
    return cast(Account.roles, String).contains(f'"{role.value}"')


def count_with(session: Reader, role: Role) -> int:
    """How many open accounts hold ``role``."""
    return session.scalar(select(func.count()).select_from(Account).where(holds(role), Account.closed.is_(None))) or 0


def account_names(session: Reader, account_ids: Iterable[int]) -> dict[int, str]:
    """The holders' names by account."""
    query = select(Account.id, Person.name).join(Person, Person.id == Account.person_id).where(Account.id.in_(list(account_ids)))
    return dict(session.execute(query).all())


def account_ids_named(session: Reader, text: str) -> list[int]:
    """Accounts whose username, or whose holder's name or staff number, is ``text``."""
    query = select(Account.id).join(Person, Person.id == Account.person_id)
    return list(session.scalars(query.where(or_(Account.username == text, Person.name == text, Person.staff_no == text)).limit(50)))


def sign_ins(session: Reader, account_id: int, now: datetime) -> list[Row[Any]]:
    """Where an account is signed in now: ``created, expires, device``, the newest first."""
    query = select(LoginSession.created, LoginSession.expires, LoginSession.device)
    query = query.where(LoginSession.account_id == account_id, LoginSession.expires > now)
    return list(session.execute(query.order_by(LoginSession.created.desc()).limit(50)))


def partner_choices(session: Reader) -> list[tuple[str, str]]:
    """Codes and names of all companies, the operator first, for a select."""
    query = select(Partner.code, Partner.name).order_by(Partner.kind == "partner", Partner.name)
    return [(row.code, row.name) for row in session.execute(query)]


KEY_ORDER: dict[str, Any] = {"created": ApiKey.created, "name": ApiKey.name, "id": ApiKey.id}


def keys(search: str, state: str | None) -> Select[Any]:
    """API keys, narrowed by words and ``live`` or ``revoked``."""
    query = select(ApiKey.id, ApiKey.name, ApiKey.scope, ApiKey.created, ApiKey.revoked)
    for word in search.split():
        query = query.where(ApiKey.name.icontains(word, autoescape=True))
    if state in ("live", "revoked"):
        query = query.where(ApiKey.revoked.is_(None) if state == "live" else ApiKey.revoked.is_not(None))
    return query


_KEYS = ApiKey.__table__
_LIVE_KEY = Prepared(
    select(_KEYS.c.id, _KEYS.c.name, _KEYS.c.scope).where(_KEYS.c.key_hash == bindparam("key_hash"), _KEYS.c.revoked.is_(None))
)


def live_key(source: Source, key_hash: bytes) -> Any:
    """A key that is not revoked: ``id, name, scope``; None when there is none."""
    return _LIVE_KEY.first(source, key_hash=key_hash)


def live_key_name(session: Reader, key_id: int) -> str | None:
    """The name of a key that is not revoked."""
    return session.scalar(select(ApiKey.name).where(ApiKey.id == key_id, ApiKey.revoked.is_(None)))


def live_key_named(session: Reader, name: str) -> int | None:
    """The id of the live key of that name."""
    return session.scalar(select(ApiKey.id).where(ApiKey.name == name, ApiKey.revoked.is_(None)))


def anybody(session: Reader) -> bool:
    """Whether there is any account at all."""
    return session.scalar(select(Account.id).limit(1)) is not None
