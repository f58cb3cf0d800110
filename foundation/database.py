"""Engine, base class and column types for SQLite and PostgreSQL.

Reads go through ``db.session`` (deferred on SQLite). Writes go through
``foundation.work``, whose connections start with BEGIN IMMEDIATE: a deferred
transaction that reads and then writes fails with "database is locked" as soon
as somebody else wrote in between. What every request of an exam asks goes
through a ``Wire``, which is the driver's own connection.

The drivers are in autocommit and we say BEGIN ourselves, on both databases. It
is also how a connection that died in the pool is found out: the first
statement fails, and is said once more to a new one.
"""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import msgspec
from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, Connection, DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Document = JSON().with_variant(JSONB(), "postgresql")
"""A JSON value: text on SQLite, jsonb on PostgreSQL."""


class Base(DeclarativeBase):
    """The project's tables; names of constraints are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dict[str, Any]: Document, list[Any]: Document}


class Instant(TypeDecorator[datetime]):
    """A point in time: timestamptz on PostgreSQL, microseconds since 1970 on SQLite.

    Eight bytes and exact on both; a naive datetime is refused, because its
    zone would be a guess.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        return value if dialect.name == "postgresql" else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return self._read(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """``process_result_value`` without what SQLAlchemy wraps around it."""
        return self._read

    @staticmethod
    def _read(value: Any) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else EPOCH + timedelta(0, 0, value)


DatabaseTrouble = SQLAlchemyError
"""Whatever the database could not do, for doors that know no library of it."""

def _written(value: Any) -> str:
    return msgspec.json.encode(value).decode()


ENGINE_OPTIONS: dict[str, Any] = {
    "pool_size": 8, "max_overflow": 16, "pool_use_lifo": True,  # for eight threads and their wires
    "json_serializer": _written, "json_deserializer": msgspec.json.decode,  # four times as fast as the standard library's
}

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate(compare_type=True, render_as_batch=True)


def init_app(app: Flask) -> None:
    """Bind the engine to the app and prepare its connections."""
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        engine = db.engine
    event.listen(engine, "connect", _prepare_sqlite if engine.dialect.name == "sqlite" else _prepare_postgresql)
    event.listen(engine, "begin", _begin)
    app.extensions["wires"] = Wires(engine)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL, not NORMAL: a power cut must not take an acknowledged answer with it.
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    # Compiling a report of ours takes PostgreSQL several times as long as running it.
    connection.execute("SET jit = off")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("begun", False):
        return
    sentence = _beginning(connection.dialect, writes=options.get("writes", False))
    try:
        connection.exec_driver_sql(sentence)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        connection.exec_driver_sql(sentence)


def _beginning(dialect: Dialect, writes: bool) -> str:
    return "BEGIN IMMEDIATE" if writes and dialect.name == "sqlite" else "BEGIN"


class Wire:
    """A pooled connection as the driver has it, for the statements of ``foundation.prepared``.

    Outside ``begin`` each statement is a transaction of its own, and only reads
    belong there: one that finds the connection dead is said again on a new one.
    Raises SQLAlchemy's errors, so that callers see one kind.
    """

    def __init__(self, wires: "Wires") -> None:
        self.wires = wires
        self.dialect = wires.engine.dialect
        self.begun = self.renewal = False
        self._core: Connection | None = None
        self._connect()

    def _connect(self) -> None:
        try:
            self.pooled = self.wires.engine.raw_connection()
        except self.dialect.loaded_dbapi.Error as error:
            raise told(error, self.dialect) from error
        self.connection: Any = self.pooled.dbapi_connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Give it back; a transaction that was not committed leaves nothing."""
        if self._core is not None:
            self._core.close()
        elif self.begun:
            self.pooled.close()
        else:
            self.wires.idle.append(self)

    def begin(self) -> None:
        """Start a transaction that writes."""
        try:
            self.connection.execute(_beginning(self.dialect, writes=True))
        except self.dialect.loaded_dbapi.Error as error:
            if not self.renewed(error):
                raise told(error, self.dialect) from error
            self.begin()
        self.begun = True

    def renewed(self, error: Any) -> bool:
        """Whether ``error`` came of a connection that had died in the pool, and there is a new one now; once."""
        if self.begun or self.renewal or not self.dialect.is_disconnect(error, self.connection, None):
            return False
        self.renewal = True
        self.pooled.invalidate(error)
        self._connect()
        return True

    @property
    def core(self) -> Connection:
        """The same transaction as SQLAlchemy's Core and ORM take it; made when it is first asked for."""
        if self._core is None:
            self._core = Connection(self.wires.engine, self.pooled).execution_options(begun=True)
        return self._core


class Wires:
    """The idle wires of one process, the one that was used last on top: its caches are the warmest.

    They stay taken from the pool, whose giving and taking costs as much as the
    statements of a save. No more of them than threads that answered at once.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.writer = WriterLock(engine)
        self.idle: deque[Wire] = deque()
        event.listen(engine, "engine_disposed", self._close)

    def take(self) -> Wire:
        """A wire for a ``with`` block."""
        try:
            wire = self.idle.pop()
        except IndexError:
            return Wire(self)
        wire.renewal = False
        return wire

    def _close(self, _engine: Engine) -> None:
        while self.idle:
            self.idle.pop().pooled.invalidate()


def wires() -> Wires:
    """The running app's wires."""
    found: Wires = current_app.extensions["wires"]
    return found


def told(error: Any, dialect: Dialect, statement: str = "") -> DBAPIError | BaseException:
    """A driver's error as SQLAlchemy's."""
    return DBAPIError.instance(statement, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)


class WriterLock:
    """One writer at a time per SQLite file, across threads and processes.

    SQLite's own busy handler polls and can starve a writer for seconds. A
    blocking ``flock`` queues writers in the kernel and is released by it when
    a process dies. PostgreSQL needs none.
    """

    def __init__(self, engine: Engine) -> None:
        database = engine.url.database if engine.dialect.name == "sqlite" else None
        self.path = f"{database}.writer" if database and database != ":memory:" else None
        self.threads = threading.Lock()
        self.file: int | None = None
        self.pid = 0

    def __enter__(self) -> None:
        """Wait for one's turn, and hold the lock for the block."""
        if self.path is None:
            return
        self.threads.acquire()
        try:
            if self.file is None or self.pid != os.getpid():  # a forked child needs its own
                self.file, self.pid = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), os.getpid()
            fcntl.flock(self.file, fcntl.LOCK_EX)
        except BaseException:
            self.threads.release()
            raise

    def __exit__(self, *_exception: object) -> None:
        if self.path is not None and self.file is not None:
            fcntl.flock(self.file, fcntl.LOCK_UN)
            self.threads.release()
