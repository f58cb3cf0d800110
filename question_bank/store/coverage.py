"""How many questions each clause has, by kind or by level: one grouped query, however large the bank is."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, and_, exists, func, select

from question_bank.item import State
from question_bank.store import Reader
from question_bank.tables import Item, ItemClause, ItemVersion
from standards.tables import Clause, Edition

COLUMNS: dict[str, Any] = {"kind": ItemVersion.kind, "level": ItemVersion.level}
"""What the questions on a clause can be told apart by."""

_newest = select(func.max(ItemVersion.id)).where(ItemVersion.item_id == Item.id).correlate(Item).scalar_subquery()
_LIVE = Item.version_id == ItemVersion.id
_MAKING = and_(Item.version_id.is_(None), ItemVersion.id == _newest)


def counts(session: Reader, edition_ids: Collection[int], column: str) -> list[Row[Any]]:
    """``clause_id, column, live, making`` of every clause in these editions that has a question.

    *live*: in use; *making*: a new question that is being written or reviewed,
    and was never in use (a revision is counted once, with the version in use).
    A question on several clauses counts on each. Traps and retired ones count nowhere.
    """
    chosen = COLUMNS[column]
    statement = (
        select(
            ItemClause.clause_id, chosen.label("column"),
            func.count().filter(_LIVE).label("live"), func.count().filter(_MAKING).label("making"),
        )
        .select_from(Clause)
        .join(ItemClause, ItemClause.clause_id == Clause.id)
        .join(ItemVersion, ItemVersion.id == ItemClause.version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Clause.edition_id.in_(edition_ids), Item.state != State.RETIRED, Item.canary.is_(False))
        .group_by(ItemClause.clause_id, chosen)
    )
    return list(session.execute(statement))


def editions_asked(session: Reader) -> set[int]:
    """The editions on which there is any question."""
    asked = exists().where(ItemClause.clause_id == Clause.id, Clause.edition_id == Edition.id)
    return set(session.scalars(select(Edition.id).where(asked)))
