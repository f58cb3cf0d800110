"""Statements that are compiled once and then handed to the driver as they are.

Looking a Core statement up in its cache, binding it and wrapping its result
costs ten times what the database takes to run a small one. That is nothing for
a page, and most of the time of a save. Only for the handful of statements that
every request of an exam runs; everything else uses Core or the ORM.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Select
from sqlalchemy.sql.base import Executable

Process = Callable[[Any], Any] | None


class Prepared:
    """A SELECT, or an INSERT or UPDATE with parameters; types are converted as SQLAlchemy would."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._ready: dict[str, _Ready] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Any]:
        """Run a SELECT; answers named tuples."""
        ready = self._for(connection.dialect)
        return ready.read(ready.run(connection, ready.bound(values), many=False))

    def first(self, connection: Connection, **values: Any) -> Any:
        """Run a SELECT; answers its first row, or None."""
        rows = self.rows(connection, **values)
        return rows[0] if rows else None

    def write(self, connection: Connection, **values: Any) -> None:
        """Run an INSERT or UPDATE inside the connection's transaction."""
        ready = self._for(connection.dialect)
        ready.run(connection, ready.bound(values), many=False)

    def write_all(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each of ``rows``."""
        ready = self._for(connection.dialect)
        ready.run(connection, [ready.bound(row) for row in rows], many=True)

    def _for(self, dialect: Dialect) -> "_Ready":
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _Ready(self.statement, dialect)
        return ready


class _Ready:
    """A statement as one dialect takes it."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.dialect = dialect
        self.sql = str(compiled)
        binds = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        self.fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required and bind.value is not None}
        self.order: Sequence[tuple[str, Process]] | None = None
        if compiled.positional:
            self.order = [(name, binds[name]) for name in compiled.positiontup]
        self.binds = list(binds.items())
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        self.results = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self.row: Any = namedtuple("Row", [column.name for column in columns])  # type: ignore[misc]

    def bound(self, values: Mapping[str, Any]) -> Any:
        """``values`` as the driver takes them: in order, or by name."""
        if self.fixed:
            values = {**self.fixed, **values}
        if self.order is not None:
            return [values[name] if process is None else process(values[name]) for name, process in self.order]
        return {name: values[name] if process is None else process(values[name]) for name, process in self.binds}

    def run(self, connection: Connection, parameters: Any, many: bool) -> Sequence[Any]:
        """Give it to the driver; an error comes out as SQLAlchemy's, so that callers see one kind."""
        cursor = connection.connection.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(self.sql, parameters)
            return cursor.fetchall() if self.results else []
        except self.dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                self.sql, None, error, self.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=self.dialect
            ) from error
        finally:
            cursor.close()

    def read(self, rows: Iterable[Any]) -> list[Any]:
        """What the driver gave, as the columns' types read it."""
        make = self.row._make
        return [
            make([value if process is None else process(value) for value, process in zip(row, self.results, strict=True)]) for row in rows
        ]
