"""Which clauses versions ask about, and how often a clause is asked about."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from question_bank.store import Reader
from question_bank.store.pool import DRAWN
from question_bank.tables import Item, ItemClause
from standards.store import reference_column
from standards.tables import Clause, Edition, Standard


def clause_ids_of(session: Reader, version_ids: Sequence[int]) -> dict[int, list[int]]:
    """The clauses of each version, the main one first."""
    found: dict[int, list[int]] = defaultdict(list)
    statement = select(ItemClause.version_id, ItemClause.clause_id).where(ItemClause.version_id.in_(version_ids))
    for version_id, clause_id in session.execute(statement.order_by(ItemClause.version_id, ItemClause.position)):
        found[version_id].append(clause_id)
    return found


def counts_by_clause(session: Reader) -> dict[int, int]:
    """How many items in use ask about each clause; clauses without one are left out."""
    statement = select(ItemClause.clause_id, func.count()).join(Item, Item.version_id == ItemClause.version_id)
    return {row[0]: row[1] for row in session.execute(statement.where(DRAWN).group_by(ItemClause.clause_id))}


def refs_of(session: Reader, version_ids: Sequence[int]) -> dict[int, list[str]]:
    """The references of each version, the main one first."""
    found: dict[int, list[str]] = defaultdict(list)
    statement = select(ItemClause.version_id, reference_column()).join(Clause, Clause.id == ItemClause.clause_id)
    statement = statement.join(Edition, Edition.id == Clause.edition_id).join(Standard, Standard.id == Edition.standard_id)
    statement = statement.where(ItemClause.version_id.in_(version_ids)).order_by(ItemClause.version_id, ItemClause.position)
    for version_id, ref in session.execute(statement):
        found[version_id].append(ref)
    return found
