"""The hot path of an exam: an attempt's row, its newest steps, new steps. Everything is scoped to the person.

Prepared statements on the unit of work's connection, a fixed number of them
however many answers come, and however many were kept before.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, Text, and_, bindparam, cast, func, insert, select, update

from certification.layout import Paper, read_layout
from certification.sitting import Code, Step
from certification.tables import Attempt, LateStep
from certification.tables import Step as StepRow
from foundation.prepared import Prepared
from people.tables import LoginSession

ATTEMPTS, STEPS, LATE, SESSIONS = Attempt.__table__, StepRow.__table__, LateStep.__table__, LoginSession.__table__

ATTEMPT = select(
    ATTEMPTS.c.id, ATTEMPTS.c.sitting_id, ATTEMPTS.c.person_id, ATTEMPTS.c.state, ATTEMPTS.c.secret, ATTEMPTS.c.started,
    ATTEMPTS.c.deadline, ATTEMPTS.c.ended, ATTEMPTS.c.chain, ATTEMPTS.c.step_count, ATTEMPTS.c.receipt, ATTEMPTS.c.pen,
    cast(ATTEMPTS.c.layout, Text).label("layout"),
)
ANY = ATTEMPT.where(ATTEMPTS.c.id == bindparam("attempt")).with_for_update()
_OWN = Prepared(ANY.where(ATTEMPTS.c.person_id == bindparam("person")))


def _newest() -> Select[Any]:
    """The newest step of each slot from ``first`` to ``last``: one index seek a slot, whatever came before it."""
    slots = select(bindparam("first", type_=Integer).label("slot")).cte("slots", recursive=True)
    slots = slots.union_all(select(slots.c.slot + 1).where(slots.c.slot < bindparam("last", type_=Integer)))
    highest = select(func.max(STEPS.c.seq)).where(STEPS.c.attempt_id == bindparam("attempt"), STEPS.c.slot == slots.c.slot)
    newest = STEPS.alias("newest")
    is_newest = newest.c.seq == highest.correlate(slots).scalar_subquery()
    same = and_(newest.c.attempt_id == bindparam("attempt"), newest.c.slot == slots.c.slot, is_newest)
    return select(newest.c.slot, newest.c.seq, newest.c.answer).join(slots, same)


_NEWEST = Prepared(_newest())
_APPEND = Prepared(insert(STEPS))
_MOVE_CHAIN = Prepared(
    update(ATTEMPTS).where(ATTEMPTS.c.id == bindparam("attempt")).values(chain=bindparam("head"), step_count=bindparam("length"))
)


def own_attempt(connection: Connection, attempt_id: str, person_id: int) -> Row[Any] | None:
    """The person's own attempt, its row locked; None for anybody else."""
    found: Row[Any] | None = _OWN.first(connection, attempt=attempt_id, person=person_id)
    return found


def paper_of(row: Row[Any]) -> Paper:
    """The layout and secret of an attempt's row."""
    return Paper(read_layout(row.layout), row.secret)


def newest_steps(connection: Connection, attempt_id: str, first: int, last: int) -> dict[int, Step]:
    """The newest step of each slot from ``first`` to ``last``."""
    rows = _NEWEST.rows(connection, attempt=attempt_id, first=first, last=last)
    return {row.slot: Step(row.slot, row.seq, row.answer) for row in rows}


def append_steps(connection: Connection, attempt: Row[Any], steps: Sequence[Step], received: datetime, chain: bytes) -> None:
    """Add steps to an attempt and move the head of its chain to ``chain``."""
    rows = [
        {"attempt_id": attempt.id, "slot": step.slot, "seq": step.seq, "position": position, "answer": step.answer, "received": received}
        for position, step in enumerate(steps, attempt.step_count + 1)
    ]
    _APPEND.write_all(connection, rows)
    _MOVE_CHAIN.write(connection, attempt=attempt.id, head=chain, length=attempt.step_count + len(rows))


def is_signed_in(connection: Connection, pen: bytes, now: datetime) -> bool:
    """Whether the session that ``pen`` names is still signed in."""
    return connection.scalar(select(SESSIONS.c.expires).where(SESSIONS.c.token_hash == pen, SESSIONS.c.expires > now)) is not None


def hand_pen(connection: Connection, attempt_id: str, pen: bytes) -> None:
    """From now on the session that ``pen`` names writes the attempt."""
    connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.id == attempt_id).values(pen=pen))


def keep_evidence(connection: Connection, attempt_id: str, steps: Sequence[tuple[Step, Code]], most: int, received: datetime) -> int:
    """Keep answers that came too late, each once and no more than ``most`` of an attempt; answers how many are new."""
    count = connection.scalar(select(func.count()).select_from(LATE).where(LATE.c.attempt_id == attempt_id)) or 0
    known = connection.execute(select(LATE.c.slot, LATE.c.seq, LATE.c.sha256).where(LATE.c.attempt_id == attempt_id)).all()
    seen = {tuple(row) for row in known}
    rows = []
    for step, code in steps:
        mark = (step.slot, step.seq, hashlib.sha256(step.answer.encode()).digest())
        if mark not in seen and count + len(rows) < most:
            seen.add(mark)
            rows.append({
                "attempt_id": attempt_id, "slot": step.slot, "seq": step.seq, "sha256": mark[2], "answer": step.answer, "code": code,
                "received": received,
            })
    if rows:
        connection.execute(insert(LATE), rows)
    return len(rows)
