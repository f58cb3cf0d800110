"""The record of deeds: insert-only, hash-chained, with signed checkpoints outside the database.

Each row's hash covers the row and the previous hash, so an edited, inserted or
deleted row breaks the chain; a cut tail is noticed because a checkpoint,
signed and kept in the data folder, names a later head.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, insert, select, text, update

from foundation.guards import insert_only
from foundation.prepared import Line, Prepared
from foundation.tables import AuditHead, AuditRow

START = bytes(32)
AUDIT = AuditRow.__table__
HEAD = AuditHead.__table__


@dataclass(frozen=True)
class Entry:
    """A deed to be recorded: ids, codes and digests only."""

    event: str
    subject: str
    result: str = "done"
    detail: dict[str, Any] = field(default_factory=dict)


SENTENCES = {
    "missing": "row {0} is missing",
    "altered": "row {0} was altered, or one before it was removed",
    "differs": "row {0} differs from its signed checkpoint",
    "tail_cut": "the signed checkpoint at row {0} has no row: the tail was cut",
    "head": "the head does not match the last row, {0}",
    "unreadable": "checkpoint line {0} is not readable",
    "wrong_signature": "checkpoint line {0} carries a wrong signature",
}
Damage = tuple[str, int]


@dataclass(frozen=True)
class Report:
    """What a verification found: rows read, and each damage as its kind (a key of SENTENCES) and the row or line."""

    rows: int
    damages: list[Damage]

    @property
    def problems(self) -> list[str]:
        """The damages as sentences."""
        return [SENTENCES[kind].format(number) for kind, number in self.damages]


def link(previous: bytes, seq: int, at: datetime, actor: str, origin: str, name: str, subject: str, result: str, detail: str) -> bytes:
    """SHA-256 over the previous hash and the row's canonical JSON; the instant in UTC, as the database gives it back."""
    values = [seq, at.astimezone(UTC).isoformat(), actor, origin, name, subject, result, detail]
    row = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + row.encode()).digest()


_HEAD = Prepared(select(HEAD.c.seq, HEAD.c.hash).where(HEAD.c.id == 1).with_for_update())
_ADD = Prepared(insert(AUDIT))
_MOVE = Prepared(update(HEAD).where(HEAD.c.id == 1).values(seq=bindparam("seq"), hash=bindparam("digest")))


def append(source: Line, entries: Iterable[Entry], actor: str, origin: str, at: datetime) -> None:
    """Add ``entries`` to the chain; the head stays locked until the transaction ends."""
    seq, previous = _lock_head(source)
    for entry in entries:
        seq += 1
        detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True, default=str)
        digest = link(previous, seq, at, actor, origin, entry.event, entry.subject, entry.result, detail)
        _ADD.write(
            source, seq=seq, at=at, actor=actor, origin=origin, event=entry.event, subject=entry.subject, result=entry.result,
            detail=detail, previous=previous, hash=digest,
        )
        previous = digest
    _MOVE.write(source, seq=seq, digest=previous)


_FIRST = Prepared(text("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, :start) ON CONFLICT DO NOTHING"))


def _lock_head(source: Line) -> tuple[int, bytes]:
    """The chain's end, ours until the transaction ends. The very first deeds may come together: one of them makes the row."""
    head = _HEAD.first(source)
    if head is None:
        _FIRST.write(source, start=START)
        head = _HEAD.first(source)
    return head.seq, head.hash


def checkpoint(connection: Connection, folder: Path, key: str, at: datetime) -> None:
    """Sign the present head into ``folder``; nothing is written when it has not moved."""
    head = connection.execute(select(HEAD.c.seq, HEAD.c.hash)).first()
    path = folder / "audit-checkpoints.jsonl"
    known = _checkpoints(path, key)[0]
    if head is None or any(seq == head.seq for seq, _ in known):
        return
    body = f"{head.seq}:{head.hash.hex()}:{at.isoformat()}"
    with path.open("a", encoding="ascii") as file:
        file.write(json.dumps({"head": body, "signature": _sign(body, key)}) + "\n")


def verify(engine: Engine, folder: Path, key: str) -> Report:
    """Walk the whole chain, as it stands at one instant, and hold it against the head and the checkpoints."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # SQLite's read transactions are snapshots anyway
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        return _walk(connection, *_checkpoints(folder / "audit-checkpoints.jsonl", key))


def _walk(connection: Connection, points: list[tuple[int, str]], damages: list[Damage]) -> Report:
    wanted = dict(points)
    seq, previous = 0, START
    query = select(AUDIT).order_by(AUDIT.c.seq).execution_options(yield_per=2000)
    for row in connection.execute(query):
        if row.seq != seq + 1:
            damages.append(("missing", seq + 1))
        digest = link(row.previous, row.seq, row.at, row.actor, row.origin, row.event, row.subject, row.result, row.detail)
        if row.previous != previous or row.hash != digest:
            damages.append(("altered", row.seq))
        if row.seq in wanted and wanted.pop(row.seq) != row.hash.hex():
            damages.append(("differs", row.seq))
        seq, previous = row.seq, row.hash
    damages += [("tail_cut", missing) for missing in wanted]
    head = connection.execute(select(HEAD.c.seq, HEAD.c.hash)).first()
    if (head.seq, head.hash) != (seq, previous) if head else seq:
        damages.append(("head", seq))
    return Report(seq, damages)


def _checkpoints(path: Path, key: str) -> tuple[list[tuple[int, str]], list[Damage]]:
    points: list[tuple[int, str]] = []
    damages: list[Damage] = []
    if not path.exists():
        return points, damages
    for number, line in enumerate(path.read_text("ascii").splitlines(), 1):
        try:
            record = json.loads(line)
            body, signature = str(record["head"]), str(record["signature"])
            seq, digest, _ = body.split(":", 2)
        except (ValueError, KeyError, TypeError):
            damages.append(("unreadable", number))
            continue
        if hmac.compare_digest(signature, _sign(body, key)):
            points.append((int(seq), digest))
        else:
            damages.append(("wrong_signature", number))
    return points, damages


def _sign(body: str, key: str) -> str:
    return hmac.new(key.encode(), b"audit-checkpoint:" + body.encode(), hashlib.sha256).hexdigest()


insert_only(AUDIT, "audit")
