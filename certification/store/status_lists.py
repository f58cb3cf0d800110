"""Places in the published status lists, and who stands in them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, text
from sqlalchemy.orm import Session, scoped_session

from certification.licence import State
from certification.tables import Licence, LicenceSpan
from foundation.tables import AuditHead

Reader = Session | scoped_session[Session]
LICENCES, SPANS = Licence.__table__, LicenceSpan.__table__


def lock(connection: Connection) -> None:
    """Let nobody else take a place until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE licences IN SHARE ROW EXCLUSIVE MODE"))


def count(connection: Connection) -> int:
    """How many licences have a place."""
    return int(connection.execute(select(func.count()).select_from(LICENCES)).scalar_one())


def taken(connection: Connection, places: Iterable[int] | None = None) -> set[int]:
    """Which of ``places`` are taken; of all places when None."""
    query = select(LICENCES.c.status_index)
    if places is not None:
        query = query.where(LICENCES.c.status_index.in_(list(places)))
    return set(connection.execute(query).scalars())


def head(session: Reader) -> int:
    """How far the record of deeds has come: it grows with every event of every ledger.

    The ledger's own numbers would not do: on PostgreSQL they may be committed out
    of order, and one that came late would go unseen. This head is locked last by
    each transaction that records, so it never does.
    """
    return int(session.execute(select(AuditHead.seq)).scalar() or 0)


def standing_out(session: Reader, states: Iterable[State], first: int, end: int, now: datetime) -> list[Row[Any]]:
    """Spans of those ``states`` that are not over at ``now``, of licences with places in ``[first, end)``: ``place, starts, ends``."""
    query = select(LICENCES.c.status_index.label("place"), SPANS.c.starts, SPANS.c.ends).join(LICENCES, LICENCES.c.id == SPANS.c.licence_id)
    query = query.where(
        SPANS.c.standing.in_([str(state) for state in states]), LICENCES.c.status_index >= first, LICENCES.c.status_index < end,
        or_(SPANS.c.ends.is_(None), SPANS.c.ends > now),
    )
    return list(session.execute(query))
