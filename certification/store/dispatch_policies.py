"""Versions of the dispatch policy."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select
from sqlalchemy.orm import Session, scoped_session

from certification.dispatch_policy import Version, parameters_of
from certification.tables import DispatchPolicy
from foundation.prepared import Prepared, Source
from people.tables import Account, Person

Reader = Session | scoped_session[Session]
POLICIES = DispatchPolicy.__table__
_ALL = Prepared(
    select(POLICIES.c.version, POLICIES.c.parameters, POLICIES.c.effective, POLICIES.c.recorded).order_by(
        POLICIES.c.effective, POLICIES.c.recorded
    )
)


def versions(source: Source) -> tuple[Version, ...]:
    """Every version, in the order in which they take effect."""
    return tuple(Version(row.version, parameters_of(row.parameters), row.effective, row.recorded) for row in _ALL.rows(source))


def history(session: Reader) -> Sequence[Row[Any]]:
    """Every version with who added it, the last to take effect first."""
    query = (
        select(
            DispatchPolicy.version, DispatchPolicy.parameters, DispatchPolicy.effective, DispatchPolicy.recorded, DispatchPolicy.note,
            Person.name.label("by"),
        )
        .outerjoin(Account, Account.id == DispatchPolicy.by)
        .outerjoin(Person, Person.id == Account.person_id)
    )
    return session.execute(_latest_first(query)).all()


def _latest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(DispatchPolicy.effective.desc(), DispatchPolicy.recorded.desc())


def add(
    connection: Connection, version: str, parameters: dict[str, Any], effective: datetime, now: datetime, by: int | None, note: str
) -> None:
    """Keep a version; nothing ever changes one."""
    connection.execute(insert(DispatchPolicy), [{
        "version": version, "parameters": parameters, "effective": effective, "recorded": now, "by": by, "note": note,
    }])
