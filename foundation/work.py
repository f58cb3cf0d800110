"""The unit of work: session, actor, instant, audit and the project's only commit.

``with work(actor) as w:`` commits on a normal return (a refusal too, so that
its audit row stays) and leaves nothing behind on an exception. No hashing of
passwords, parsing, PDF or network belongs inside: on SQLite it is the one
writer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from foundation import audit, clock, outbox
from foundation.database import Wire, db, told, wires


@dataclass(frozen=True)
class Actor:
    """Who acts, as the audit names them.

    ``name`` is ``account:12``, ``key:3``, ``command`` or ``system``; ``origin``
    a salted digest of the address, or empty; ``account_id`` the account, if any.
    """

    name: str
    account_id: int | None = None
    origin: str = ""


SYSTEM = Actor("system")
COMMAND = Actor("command")
_open: ContextVar[bool] = ContextVar("a unit of work is open", default=False)


class Work:
    """One transaction in progress; see the module's docstring. Hot paths use ``wire`` and prepared statements."""

    def __init__(self, wire: Wire, actor: Actor, now: datetime) -> None:
        self.wire = wire
        self.actor = actor
        self.now = now
        self.entries: list[audit.Entry] = []
        self._session: Session | None = None

    @property
    def connection(self) -> Connection:
        """The transaction as Core takes it."""
        return self.wire.core

    @property
    def session(self) -> Session:
        """An ORM session inside this transaction."""
        if self._session is None:
            self._session = Session(bind=self.connection, expire_on_commit=False)
        return self._session

    def record(self, event: str, subject: str, result: str = "done", **detail: Any) -> None:
        """Note a deed for the audit. ``detail`` holds ids, codes and digests, never personal data."""
        self.entries.append(audit.Entry(event, subject, result, detail))

    def later(self, task: str, payload: dict[str, Any], due: datetime | None = None) -> None:
        """Have the worker do ``task`` after the commit, at ``due`` (at once when None)."""
        outbox.put(self.wire, task, payload, self.now, due or self.now)

    def finish(self) -> None:
        """Write out what is pending and append the audit entries, the chain's head locked last."""
        if self._session is not None:
            self._session.flush()
        if self.entries:
            audit.append(self.wire, self.entries, self.actor.name, self.actor.origin, self.now)


@contextmanager
def work(actor: Actor, now: datetime | None = None) -> Iterator[Work]:
    """Open a unit of work for ``actor`` at ``now`` (the request's instant when None); raise RuntimeError inside another one."""
    if _open.get():  # it would wait for itself on SQLite, and commit apart from the first on PostgreSQL
        raise RuntimeError("a unit of work is open already: hand it down instead of opening another one")
    instant = now or clock.now()
    db.session.remove()  # a read snapshot held beside the writer would be stale after it
    mark = _open.set(True)
    try:
        line = wires()
        with line.writer, line.take() as wire:
            wire.begin()
            w = Work(wire, actor, instant)
            yield w
            w.finish()
            try:
                wire.connection.commit()
            except wire.dialect.loaded_dbapi.Error as error:
                raise told(error, wire.dialect) from error
            wire.begun = False
    finally:
        _open.reset(mark)
