"""Where open attempts are: one row each, written in batches a moment later."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from certification.tables import Presence


class Sight(NamedTuple):
    """An attempt was heard of."""

    attempt_id: str
    seen: datetime
    slot: int | None
    waiting: int
    hidden: bool


def keep(connection: Connection, sights: Iterable[Sight]) -> None:
    """Keep the newest sight of each attempt."""
    newest = {sight.attempt_id: sight for sight in sights}
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    query = make(Presence).values([sight._asdict() for _key, sight in sorted(newest.items())])
    fresh = {name: query.excluded[name] for name in ("seen", "slot", "waiting", "hidden")}
    older = Presence.seen <= query.excluded.seen
    connection.execute(query.on_conflict_do_update(index_elements=[Presence.attempt_id], set_=fresh, where=older))
