"""What is to happen after a commit: rows written in the same transaction.

The worker drains them. A handler may run twice (a crash between its work and
the mark), so each must be safe to repeat; correctness never waits for one:
whatever a handler does is also derived from facts or swept up elsewhere.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from foundation.prepared import Line, Prepared
from foundation.tables import OutboxRow

OUTBOX = OutboxRow.__table__
Handler = Callable[[dict[str, Any]], None]
handlers: dict[str, Handler] = {}


def handler(task: str) -> Callable[[Handler], Handler]:
    """Register the function that does ``task`` with a payload."""

    def register(function: Handler) -> Handler:
        handlers[task] = function
        return function

    return register


_PUT = Prepared(insert(OUTBOX).values({name: bindparam(name) for name in ("task", "payload", "created", "due", "tries")}))


def put(source: Line, task: str, payload: dict[str, Any], now: datetime, due: datetime) -> None:
    """Write a row that is to be done at ``due``."""
    _PUT.write(source, task=task, payload=payload, created=now, due=due, tries=0)


def waiting(connection: Connection, now: datetime, limit: int = 100) -> list[Row[Any]]:
    """Rows that are due and not done, oldest first: ``id, task, payload, tries``."""
    query = select(OUTBOX.c.id, OUTBOX.c.task, OUTBOX.c.payload, OUTBOX.c.tries)
    query = query.where(OUTBOX.c.done.is_(None), OUTBOX.c.due <= now).order_by(OUTBOX.c.due, OUTBOX.c.id).limit(limit)
    return list(connection.execute(query))


def mark_done(connection: Connection, row_id: int, now: datetime) -> None:
    """The row's work is finished."""
    connection.execute(update(OUTBOX).where(OUTBOX.c.id == row_id).values(done=now, error=None))


def mark_failed(connection: Connection, row_id: int, error: str, next_try: datetime) -> None:
    """The row's work failed; it comes up again at ``next_try``."""
    connection.execute(
        update(OUTBOX).where(OUTBOX.c.id == row_id).values(tries=OUTBOX.c.tries + 1, error=error[:2000], due=next_try)
    )
