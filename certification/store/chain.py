"""Attempts with their chains, to be held against each other: one after the other, no more in memory than a portion of one."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from certification.chain import Link
from certification.sitting import Step
from certification.store.saving import ATTEMPTS, STEPS

PORTION = 500


def heads(connection: Connection, after: str, limit: int) -> list[Row[Any]]:
    """Up to ``limit`` attempts in the order of their ids, from behind ``after``: ``id, state, chain, step_count, receipt``."""
    query = select(ATTEMPTS.c.id, ATTEMPTS.c.state, ATTEMPTS.c.chain, ATTEMPTS.c.step_count, ATTEMPTS.c.receipt)
    return list(connection.execute(query.where(ATTEMPTS.c.id > after).order_by(ATTEMPTS.c.id).limit(limit)))


def head(connection: Connection, attempt_id: str) -> Row[Any]:
    """One of them, as it stands now."""
    query = select(ATTEMPTS.c.id, ATTEMPTS.c.state, ATTEMPTS.c.chain, ATTEMPTS.c.step_count, ATTEMPTS.c.receipt)
    return connection.execute(query.where(ATTEMPTS.c.id == attempt_id)).one()


def links(connection: Connection, attempt_id: str) -> Iterator[Link]:
    """The steps of an attempt in the order of its chain, fetched in portions."""
    query = select(STEPS.c.position, STEPS.c.slot, STEPS.c.seq, STEPS.c.answer, STEPS.c.received).where(STEPS.c.attempt_id == attempt_id)
    for row in connection.execute(query.order_by(STEPS.c.position).execution_options(yield_per=PORTION)):
        yield Link(row.position, Step(row.slot, row.seq, row.answer), row.received)
