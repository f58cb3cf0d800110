"""Statements that are compiled once and then handed to the driver as they are.

Looking a Core statement up in its cache, binding it and wrapping its result
costs ten times what the database takes to run a small one. That is nothing for
a page, and most of the time of a save. Only for the handful of statements that
every request of an exam runs; everything else uses Core or the ORM.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter, itemgetter, methodcaller
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.sql import Select
from sqlalchemy.sql.base import Executable

from foundation.database import Wire, Wires, told

Process = Callable[[Any], Any] | None
Line = Wire | Connection
Source = Wire | Wires | Connection | Session | scoped_session[Any]
"""Where a statement is run: on a wire, a connection or a session; on whichever wire is free, where nothing else belongs to it."""
_ALL, _ONE, _NONE = methodcaller("fetchall"), methodcaller("fetchone"), methodcaller("close")
_COUNT = attrgetter("rowcount")


class Prepared:
    """A SELECT, or an INSERT or UPDATE with parameters; types are converted as SQLAlchemy would.

    ``postgresql`` is said there instead, where the two databases have no words in common.
    """

    def __init__(self, statement: Executable, postgresql: Executable | None = None) -> None:
        self.statement = statement
        self.postgresql = statement if postgresql is None else postgresql
        self._ready: dict[str, _Ready] = {}

    def rows(self, source: Source, **values: Any) -> list[Any]:
        """Run a SELECT; answers named tuples."""
        if isinstance(source, Wires):
            with source.take() as wire:
                return self.rows(wire, **values)
        line = _line(source)
        ready = self._for(line.dialect)
        return [ready.read(row) for row in ready.run(line, values, _ALL)]

    def raw(self, source: Line, **values: Any) -> tuple[list[Any], dict[int, Callable[[Any], Any]]]:
        """Run a SELECT; answers the rows as the driver gave them, and by column how to read those that need it.

        For a reader of ten thousand rows that repeat each other, who reads each value once.
        """
        ready = self._for(source.dialect)
        rows = ready.run(source, values, _ALL)
        return rows, dict(ready.results or ())

    def first(self, source: Source, **values: Any) -> Any:
        """Run a SELECT; answers its first row, or None."""
        if isinstance(source, Wires):
            with source.take() as wire:
                return self.first(wire, **values)
        line = _line(source)
        ready = self._for(line.dialect)
        row = ready.run(line, values, _ONE)
        return None if row is None else ready.read(row)

    def write(self, source: Line, **values: Any) -> None:
        """Run an INSERT or UPDATE inside the source's transaction."""
        self._for(source.dialect).run(source, values, _NONE)

    def wrote(self, source: Line, **values: Any) -> bool:
        """``write``, and whether it found or made a row."""
        return bool(self._for(source.dialect).run(source, values, _COUNT))

    def write_all(self, source: Line, rows: Iterable[Sequence[Any]]) -> None:
        """Run it once for each of ``rows``, values in the order of the parameters; for SQLite, which counts them."""
        self._for(source.dialect).run_many(source, rows)

    def _for(self, dialect: Dialect) -> "_Ready":
        ready = self._ready.get(dialect.name)
        if ready is None:
            statement = self.postgresql if dialect.name == "postgresql" else self.statement
            ready = self._ready[dialect.name] = _Ready(statement, dialect)
        return ready


def _line(source: Wire | Connection | Session | scoped_session[Any]) -> Line:
    return source if isinstance(source, Wire | Connection) else source.connection()


class _Ready:
    """A statement as one dialect takes it."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.dialect = dialect
        self.error = dialect.loaded_dbapi.Error
        self.sql = str(compiled)
        binds = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        self.fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required and bind.value is not None}
        self.order: Sequence[tuple[str, Process]] | None = None
        if compiled.positional:
            self.order = [(name, binds[name]) for name in compiled.positiontup]
        self.binds = list(binds.items())
        names = [name for name, _process in self.order or ()]
        self.converted = [(place, process) for place, (_name, process) in enumerate(self.order or ()) if process is not None]
        self.as_given = itemgetter(*names) if len(names) > 1 and not self.converted else None
        self.columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        self.row: Any = namedtuple("Row", [column.name for column in self.columns])  # type: ignore[misc]
        self.results: list[tuple[int, Callable[[Any], Any]]] | None = None  # known once the driver has told its types

    def bound(self, values: Mapping[str, Any]) -> Any:
        """``values`` as the driver takes them: in order, or by name."""
        if self.fixed:
            values = {**self.fixed, **values}
        if self.as_given is not None:
            return self.as_given(values)
        if self.order is not None:
            return [values[name] if process is None else process(values[name]) for name, process in self.order]
        return {name: values[name] if process is None else process(values[name]) for name, process in self.binds}

    def run(self, source: Line, values: Mapping[str, Any], take: Callable[[Any], Any]) -> Any:
        """Give it to the driver; answers what ``take`` takes from its cursor."""
        parameters = self.bound(values)
        try:
            cursor = source.connection.execute(self.sql, parameters)  # type: ignore[attr-defined]
            if self.results is None:
                self.results = list(self._conversions(cursor.description or ()))
            return take(cursor)
        except self.error as error:
            if isinstance(source, Wire) and source.renewed(error):
                return self.run(source, values, take)
            raise told(error, self.dialect, self.sql) from error

    def run_many(self, source: Line, rows: Iterable[Sequence[Any]]) -> None:
        """Give it to the driver once for each of ``rows``."""
        ready = [list(row) for row in rows]
        for place, process in self.converted:
            for row in ready:
                row[place] = process(row[place])
        try:
            source.connection.executemany(self.sql, ready).close()  # type: ignore[attr-defined]
        except self.error as error:
            raise told(error, self.dialect, self.sql) from error

    def _conversions(self, description: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Callable[[Any], Any]]]:
        for place, (column, described) in enumerate(zip(self.columns, description, strict=False)):
            process = column.type.dialect_impl(self.dialect).result_processor(self.dialect, described[1])
            if process is not None:
                yield place, process

    def read(self, row: Any) -> Any:
        """What the driver gave, as the columns' types read it."""
        values = list(row)
        for place, process in self.results or ():
            values[place] = process(values[place])
        return self.row._make(values)
