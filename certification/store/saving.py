"""The hot path of an exam: an attempt's row, its newest steps, new steps. Everything is scoped to the person.

Prepared statements on the unit of work's connection, a fixed number of them
however many answers come, and however many were kept before.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from certification.layout import Paper, read_layout
from certification.sitting import Code, Step
from certification.tables import Attempt, LateStep
from certification.tables import Step as StepRow
from foundation.prepared import Line, Prepared, Source
from people.tables import LoginSession

ATTEMPTS, STEPS, LATE, SESSIONS = Attempt.__table__, StepRow.__table__, LateStep.__table__, LoginSession.__table__

_STANDING = (
    ATTEMPTS.c.id, ATTEMPTS.c.sitting_id, ATTEMPTS.c.person_id, ATTEMPTS.c.state, ATTEMPTS.c.started, ATTEMPTS.c.deadline,
    ATTEMPTS.c.ended, ATTEMPTS.c.chain, ATTEMPTS.c.step_count, ATTEMPTS.c.receipt, ATTEMPTS.c.pen,
)
_PAPER = (ATTEMPTS.c.secret, cast(ATTEMPTS.c.layout, Text).label("layout"))
ATTEMPT = select(*_STANDING, *_PAPER)
_THIS = ATTEMPTS.c.id == bindparam("attempt")
_MINE = and_(_THIS, ATTEMPTS.c.person_id == bindparam("person"))
ANY = ATTEMPT.where(_THIS).with_for_update()
_OWN = Prepared(ATTEMPT.where(_MINE).with_for_update())
_WRITTEN = Prepared(select(*_STANDING).where(_MINE).with_for_update())
_PAPER_OF = Prepared(select(*_PAPER).where(_THIS))
OPEN = 2000
"""Attempts that a process remembers something of, some ten thousand bytes each: the rooms that write now."""
SHORT = 200
"""Characters of an answer that is worth remembering."""
Newest = Mapping[int, Step | None]
_papers: OrderedDict[str, Paper] = OrderedDict()
_known: OrderedDict[bytes, Newest] = OrderedDict()


def _newest() -> Select[Any]:
    """The newest step of each slot from ``first`` to ``last``, nulls where there is none: index seeks, whatever came before.

    No join: with statistics at hand SQLite would fill a filter with every step of the site first.
    """
    slots = select(bindparam("first", type_=Integer).label("slot")).cte("slots", recursive=True)
    slots = slots.union_all(select(slots.c.slot + 1).where(slots.c.slot < bindparam("last", type_=Integer)))

    def newest(column: ColumnElement[Any]) -> Any:
        found = select(column).where(STEPS.c.attempt_id == bindparam("attempt"), STEPS.c.slot == slots.c.slot)
        return found.order_by(STEPS.c.seq.desc()).limit(literal_column("1")).correlate(slots).scalar_subquery().label(column.name)

    return select(slots.c.slot, newest(STEPS.c.seq), newest(STEPS.c.answer))


_NEWEST = Prepared(_newest())
_APPEND = Prepared(insert(STEPS))
_APPEND_ALL = Prepared(  # in one exchange with PostgreSQL: the steps come as one JSON text, [[slot, seq, answer], …]
    text(
        "INSERT INTO steps (attempt_id, slot, seq, position, answer, received) SELECT :attempt, CAST(value ->> 0 AS integer), "
        "CAST(value ->> 1 AS integer), :first + place - 1, value ->> 2, :received "
        "FROM json_array_elements(CAST(:steps AS json)) WITH ORDINALITY AS entry (value, place)"
    ).bindparams(bindparam("received", type_=STEPS.c.received.type))
)
_MOVE_CHAIN = Prepared(
    update(ATTEMPTS).where(ATTEMPTS.c.id == bindparam("attempt")).values(chain=bindparam("head"), step_count=bindparam("length"))
)


def own_attempt(connection: Source, attempt_id: str, person_id: int) -> Row[Any] | None:
    """The person's own attempt, its row locked; None for anybody else."""
    found: Row[Any] | None = _OWN.first(connection, attempt=attempt_id, person=person_id)
    return found


def written_attempt(source: Source, attempt_id: str, person_id: int) -> Row[Any] | None:
    """``own_attempt`` without the paper, which never changes; see ``paper``."""
    found: Row[Any] | None = _WRITTEN.first(source, attempt=attempt_id, person=person_id)
    return found


def paper(source: Source, attempt_id: str) -> Paper:
    """The paper of an attempt, remembered: it is drawn once and never changes."""
    return _papers.get(attempt_id) or remember(attempt_id, paper_of(_PAPER_OF.first(source, attempt=attempt_id)))


def remember(attempt_id: str, paper: Paper) -> Paper:
    """Have an attempt's paper at hand for the saves that follow."""
    _papers[attempt_id] = paper
    if len(_papers) > OPEN:
        _papers.popitem(last=False)
    return paper


def forget() -> None:
    """Forget what was remembered of attempts, as a process does that starts anew."""
    _papers.clear()
    _known.clear()


def paper_of(row: Row[Any]) -> Paper:
    """The layout and secret of an attempt's row."""
    return Paper(read_layout(row.layout), row.secret)


def newest_steps(source: Source, attempt_id: str, first: int, last: int) -> dict[int, Step]:
    """The newest step of each slot from ``first`` to ``last``."""
    rows = _NEWEST.rows(source, attempt=attempt_id, first=first, last=last)
    return {row.slot: Step(row.slot, row.seq, row.answer) for row in rows if row.seq is not None}


def newest_of(source: Source, attempt: Row[Any], size: int, slots: Sequence[int]) -> Newest:
    """The newest step of each of ``slots``, None where there is none, and what else is remembered of a locked attempt of ``size`` slots.

    It is remembered under the head of the hash chain, which tells one log of
    steps from every other: what stands there cannot become untrue.
    """
    known = _known.get(attempt.chain, {}) if attempt.step_count else dict.fromkeys(range(1, size + 1))
    if not slots or all(slot in known for slot in slots):
        return known
    first, last = min(slots), max(slots)
    return {**known, **dict.fromkeys(range(first, last + 1)), **newest_steps(source, attempt.id, first, last)}


def append_steps(
    source: Line, attempt: Row[Any], newest: Newest, steps: Sequence[Step], received: datetime, chain: bytes
) -> None:
    """Add steps to an attempt and move the head of its chain to ``chain``; ``newest`` is what ``newest_of`` said."""
    first = attempt.step_count + 1
    if source.dialect.name == "postgresql":
        entries = msgspec.json.encode([(step.slot, step.seq, step.answer) for step in steps]).decode()
        _APPEND_ALL.write(source, attempt=attempt.id, steps=entries, first=first, received=received)
    else:
        _APPEND.write_all(source, (
            (attempt.id, step.slot, step.seq, position, step.answer, received) for position, step in enumerate(steps, first)
        ))
    _MOVE_CHAIN.write(source, attempt=attempt.id, head=chain, length=attempt.step_count + len(steps))
    known = {**newest, **{step.slot: step for step in steps}}
    for step in steps:
        if len(step.answer) > SHORT:
            known.pop(step.slot, None)
    _known.pop(attempt.chain, None)
    _known[chain] = known
    if len(_known) > OPEN:
        _known.popitem(last=False)


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
