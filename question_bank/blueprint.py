"""What a paper must contain, row by row, and which questions a row may draw.

A row draws a question when *all* its clauses lie under the row's clauses, its
kind is one of the row's kinds (any, when none is given), and tier and level
are the row's, where given.

Key clauses: a row with ``key_clause: true`` draws only questions all of whose
clauses are key. Where any row of the blueprint says so, every other row draws
only questions none of whose clauses is key, so that the two kinds of rows
never compete; a question that mixes both is then drawn by none. A row with
``key_clause: false`` always draws only questions without key clauses. In a
blueprint that says nothing about key clauses every question counts alike.
"""

from dataclasses import dataclass
from typing import Literal

import msgspec

from question_bank.item import Kind
from standards.clause import Tier, covers_reference


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """``count`` questions on ``clauses``, each worth ``points``; ``title`` heads their section of the paper."""

    clauses: tuple[str, ...]
    count: int
    points: float = 1
    kinds: tuple[Kind, ...] = ()
    tier: Tier | None = None
    level: Literal["recall", "apply"] | None = None
    key_clause: bool | None = None
    title: dict[str, str] | None = None


@dataclass(frozen=True)
class Blueprint:
    """All rows of a paper."""

    rows: tuple[Row, ...]

    @property
    def length(self) -> int:
        """How many questions a paper has."""
        return sum(row.count for row in self.rows)

    def wants_key(self, row: Row) -> bool | None:
        """Whether ``row`` draws questions on key clauses only (True), on other clauses only (False), or either (None)."""
        if row.key_clause is None and any(other.key_clause for other in self.rows):
            return False
        return row.key_clause


@dataclass(frozen=True)
class PoolItem:
    """A live question as assembly sees it.

    ``key_clause``: True when all its clauses are key, False when none is, None
    when they are mixed. ``tier`` is that of its main clause, ``refs[0]``.
    ``enemies`` are the items that never stand on one paper with it.
    """

    version_id: int
    item_id: int
    kind: Kind
    refs: tuple[str, ...]
    key_clause: bool | None
    difficulty: int
    level: str
    tier: str | None
    enemies: frozenset[int] = frozenset()


def draws(row: Row, wants_key: bool | None, item: PoolItem) -> bool:
    """Whether ``row`` may draw ``item``; ``wants_key`` is the blueprint's reading of the row."""
    return (
        (not row.kinds or item.kind in row.kinds)
        and (row.tier is None or item.tier == row.tier)
        and (row.level is None or item.level == row.level)
        and (wants_key is None or item.key_clause is wants_key)
        and bool(item.refs)
        and all(any(covers_reference(prefix, ref) for prefix in row.clauses) for ref in item.refs)
    )


def section_title(row: Row, number: int) -> dict[str, str]:
    """The heading of the row's section; ``number`` counts from 1 and serves where the row has no title."""
    return dict(row.title) if row.title else {"zh": f"第{number}部分", "en": f"Part {number}"}
