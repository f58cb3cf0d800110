"""Sign-ins, passwords and counted failures."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, cast, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, scoped_session

from foundation.prepared import Line, Prepared, Source
from people.tables import Account, LoginSession, Partner, Person, SignInFailure

Reader = Session | scoped_session[Session]

ACCOUNTS, PEOPLE, PARTNERS, SIGN_INS = Account.__table__, Person.__table__, Partner.__table__, LoginSession.__table__
FAILURES = SignInFailure.__table__
_SIGNED_IN = Prepared(  # asked by every request of everybody
    select(
        ACCOUNTS.c.id.label("account_id"), ACCOUNTS.c.person_id, ACCOUNTS.c.username, cast(ACCOUNTS.c.roles, Text).label("roles"),
        ACCOUNTS.c.one_time, PEOPLE.c.name, PEOPLE.c.staff_no, PEOPLE.c.partner_id, PARTNERS.c.kind.label("partner_kind"),
        SIGN_INS.c.expires,
    )
    .join(ACCOUNTS, ACCOUNTS.c.id == SIGN_INS.c.account_id)
    .join(PEOPLE, PEOPLE.c.id == ACCOUNTS.c.person_id)
    .join(PARTNERS, PARTNERS.c.id == PEOPLE.c.partner_id)
    .where(ACCOUNTS.c.closed.is_(None), SIGN_INS.c.token_hash == bindparam("token"))
)


def signed_in(source: Source, token_hash: bytes, now: datetime) -> Any:
    """The account behind a live session token, with the person and the company; None when there is none. ``roles`` is JSON text."""
    row = _SIGNED_IN.first(source, token=token_hash)
    return row if row is not None and row.expires > now else None


_NAMED = Prepared(
    select(ACCOUNTS.c.id, ACCOUNTS.c.password_hash, ACCOUNTS.c.one_time)
    .where(ACCOUNTS.c.username == bindparam("username"), ACCOUNTS.c.closed.is_(None))
)
_ADD_SESSION = Prepared(insert(SIGN_INS))
_FAILURES = Prepared(
    select(FAILURES.c.key, FAILURES.c.locked_until).where(or_(FAILURES.c.key == bindparam("name"), FAILURES.c.key == bindparam("address")))
)


def account_named(source: Source, username: str) -> Any:
    """The open account of that name with its password hash; None when there is none."""
    return _NAMED.first(source, username=username)


def add_session(source: Line, token_hash: bytes, account_id: int, now: datetime, expires: datetime, device: str) -> None:
    """Keep a new sign-in."""
    _ADD_SESSION.write(source, token_hash=token_hash, account_id=account_id, created=now, expires=expires, device=device[:200])


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


def failures(source: Source, keys: Sequence[bytes]) -> dict[bytes, Any]:
    """Counted failures by key: until when each shuts the door."""
    name, address = keys
    return {row.key: row for row in _FAILURES.rows(source, name=name, address=address)}


def held_failures(session: Session, keys: Sequence[bytes], now: datetime) -> dict[bytes, SignInFailure]:
    """Counted failures by key, a row for each, held until the transaction ends: guesses side by side are all counted."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"key": key, "count": 0, "last": now} for key in sorted(keys)]
    session.execute(insert(SignInFailure).values(rows).on_conflict_do_nothing())
    query = select(SignInFailure).where(SignInFailure.key.in_(keys)).order_by(SignInFailure.key).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True))  # what was read before the lock may be old
    return {row.key: row for row in found}


def clear_failures(session: Session, keys: Iterable[bytes]) -> None:
    """Forget counted failures after a good sign-in."""
    session.execute(delete(SignInFailure).where(SignInFailure.key.in_(list(keys))))


def forget_sign_ins(session: Session, now: datetime, faded: datetime) -> int:
    """Delete sessions that ended before ``now`` and failures older than ``faded``; answers how many rows."""
    ended = session.execute(delete(LoginSession).where(LoginSession.expires <= now))
    old = session.execute(delete(SignInFailure).where(SignInFailure.last < faded))
    return int(ended.rowcount + old.rowcount)  # type: ignore[attr-defined]
