"""The keys that sign what leaves the house."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update

from certification.tables import LicenceSpan, SigningKey
from foundation.prepared import Prepared, Source

KEYS = SigningKey.__table__
_KEYS = Prepared(select(KEYS).order_by(KEYS.c.created, KEYS.c.kid))


def keys(source: Source) -> list[Any]:
    """Every key, the oldest first: rows with ``kid, public, private, created, retired, over``."""
    return _KEYS.rows(source)


def lock(connection: Connection) -> None:
    """Let nobody else change the keys until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE"))


def add(connection: Connection, kid: str, public: dict[str, Any], private: bytes, now: datetime) -> None:
    """Write a key that signs from now on."""
    connection.execute(insert(KEYS).values(kid=kid, public=public, private=private, created=now))


def find(connection: Connection, kid: str) -> Row[Any] | None:
    """The key of that name."""
    return connection.execute(select(KEYS).where(KEYS.c.kid == kid)).first()


def retire(connection: Connection, kid: str, retired: datetime, over: datetime) -> None:
    """The key signs no more; its private half is forgotten."""
    connection.execute(update(KEYS).where(KEYS.c.kid == kid).values(retired=retired, over=over, private=b""))


def last_end(connection: Connection) -> datetime | None:
    """The latest end of validity of any licence: no credential that was signed so far is good for longer."""
    found: datetime | None = connection.execute(select(func.max(LicenceSpan.until))).scalar()
    return found
