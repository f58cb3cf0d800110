"""A list page's search, sort, filters and pages, read from the query string.

Limits are kept here so that no list can be asked for everything at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

PER_PAGE = 25


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with the address that chooses (or unchooses) it."""

    value: str
    label: str
    url: str
    active: bool
    count: int | None = None


@dataclass(frozen=True)
class Filter:
    """One filter of a list: its parameter, its label and its choices."""

    name: str
    label: str
    options: list[Choice]


@dataclass
class Listing:
    """What was asked for and, after ``fill``, the rows of one page."""

    q: str
    sort: str
    descending: bool
    page: int
    chosen: dict[str, str]
    path: str
    per_page: int = PER_PAGE
    total: int = 0
    rows: Sequence[Any] = ()
    filters: list[Filter] = field(default_factory=list)

    @classmethod
    def from_request(cls, sorts: Sequence[str], filters: Sequence[str] = (), descending: bool = False, path: str = "") -> "Listing":
        """Read ``q``, ``sort`` (a leading minus turns it), ``page`` and the named filters.

        ``sorts`` are the keys that may be sorted by, the default first; an
        unknown key or page falls back instead of failing. ``path`` is the
        list's own address where it is shown in answer to a form of another.
        """
        asked = request.args.get("sort", "")
        key = asked.removeprefix("-")
        known = key in sorts
        page = request.args.get("page", "1")[:7]
        return cls(
            q=request.args.get("q", "").strip()[:100],
            sort=key if known else sorts[0],
            descending=asked.startswith("-") if known else descending,
            page=int(page) if page.isdecimal() and int(page) > 0 else 1,
            chosen={name: value for name in filters if (value := request.args.get(name, ""))},
            path=path or request.path,
        )

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def active(self) -> bool:
        """Whether a search or a filter narrows the list."""
        return bool(self.q or self.chosen)

    def fill(
        self, session: Session, statement: Select[Any], order: Mapping[str, ColumnElement[Any] | Any], tie: Any, total: int | None = None,
    ) -> "Listing":
        """Count, sort and cut ``statement``; ``tie`` makes the order total. Rows are kept here. ``total`` where it is known already."""
        if total is None:
            total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
        self.total = total
        self.page = min(self.page, self.pages)
        column = order[self.sort]
        statement = statement.order_by(column.desc() if self.descending else column.asc(), tie)
        self.rows = self._rows(session, statement.limit(self.per_page).offset((self.page - 1) * self.per_page))
        return self

    @staticmethod
    def _rows(session: Session, statement: Select[Any]) -> Sequence[Row[Any]]:
        return session.execute(statement).all()

    def add_filter(self, name: str, label: str, options: Mapping[str, str], counts: Mapping[str, int] | None = None) -> None:
        """Offer ``options`` (value to label) as chips; choosing the active one clears it."""
        chosen = self.chosen.get(name)
        choices = [
            Choice(value, text, self._address(**{name: None if value == chosen else value}), value == chosen, (counts or {}).get(value))
            for value, text in options.items()
        ]
        self.filters.append(Filter(name, label, choices))

    @property
    def carry(self) -> list[tuple[str, str]]:
        """What a new search keeps: the order and the filters, as (name, value)."""
        return [("sort", ("-" if self.descending else "") + self.sort), *self.chosen.items()]

    @property
    def clear_url(self) -> str:
        """The address of the whole list."""
        return self.path

    def url(self, page: int) -> str:
        """The address of another page of the same list."""
        return self._address(page=str(page))

    def sort_url(self, key: str) -> str:
        """The address that sorts by ``key``, turning the order when it already does."""
        turned = key == self.sort and not self.descending
        return self._address(sort=f"-{key}" if turned else key)

    def to(self, **changes: str | None) -> str:
        """The address with some filters changed (None takes one away), at its first page."""
        return self._address(**changes)

    @property
    def query(self) -> str:
        """What was asked for as a query string, without the page: what a saved view keeps."""
        return self._address().partition("?")[2]

    def _address(self, **changes: str | None) -> str:
        kept = {"q": self.q, "sort": ("-" if self.descending else "") + self.sort, **self.chosen}
        kept.update(changes)  # type: ignore[arg-type]
        return f"{self.path}?{urlencode({k: v for k, v in kept.items() if v})}"
