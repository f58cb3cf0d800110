"""Sign-ins, passwords and counted failures."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session, scoped_session

from people.tables import Account, LoginSession, Partner, Person, SignInFailure

Reader = Session | scoped_session[Session]

_SIGNED_IN = (
    select(
        Account.id.label("account_id"), Account.person_id, Account.username, Account.roles, Account.one_time,
        Person.name, Person.staff_no, Person.partner_id, Partner.kind.label("partner_kind"), LoginSession.expires,
    )
    .join(Account, Account.id == LoginSession.account_id)
    .join(Person, Person.id == Account.person_id)
    .join(Partner, Partner.id == Person.partner_id)
    .where(Account.closed.is_(None))
)


def signed_in(session: Reader, token_hash: bytes, now: datetime) -> Row[Any] | None:
    """The account behind a live session token, with the person and the company."""
    row = session.execute(_SIGNED_IN.where(LoginSession.token_hash == token_hash)).first()
    return row if row is not None and row.expires > now else None


def account_named(session: Reader, username: str) -> Row[Any] | None:
    """The open account of that name with its password hash."""
    query = select(Account.id, Account.password_hash, Account.one_time).where(Account.username == username, Account.closed.is_(None))
    return session.execute(query).first()


def add_session(session: Session, token_hash: bytes, account_id: int, now: datetime, expires: datetime, device: str) -> None:
    """Keep a new sign-in."""
    session.add(LoginSession(token_hash=token_hash, account_id=account_id, created=now, expires=expires, device=device[:200]))


def drop_session(session: Session, token_hash: bytes) -> None:
    """End one sign-in."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash))


def drop_sessions_of(session: Session, account_id: int, but: bytes | None = None) -> None:
    """End an account's sign-ins, all ``but`` one."""
    query = delete(LoginSession).where(LoginSession.account_id == account_id)
    session.execute(query.where(LoginSession.token_hash != but) if but else query)


def set_password(session: Session, account_id: int, password_hash: str, one_time: bool) -> None:
    """Keep a new password hash."""
    session.execute(update(Account).where(Account.id == account_id).values(password_hash=password_hash, one_time=one_time))


def failures(session: Reader, keys: Iterable[bytes]) -> dict[bytes, SignInFailure]:
    """Counted failures by key."""
    rows = session.scalars(select(SignInFailure).where(SignInFailure.key.in_(list(keys))))
    return {row.key: row for row in rows}


def clear_failures(session: Session, keys: Iterable[bytes]) -> None:
    """Forget counted failures after a good sign-in."""
    session.execute(delete(SignInFailure).where(SignInFailure.key.in_(list(keys))))


def forget_sign_ins(session: Session, now: datetime, faded: datetime) -> int:
    """Delete sessions that ended before ``now`` and failures older than ``faded``; answers how many rows."""
    ended = session.execute(delete(LoginSession).where(LoginSession.expires <= now))
    old = session.execute(delete(SignInFailure).where(SignInFailure.last < faded))
    return int(ended.rowcount + old.rowcount)  # type: ignore[attr-defined]
