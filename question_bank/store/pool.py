"""What a paper can be drawn from."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import and_, select

from question_bank.blueprint import PoolItem
from question_bank.item import Kind, State
from question_bank.store import Reader
from question_bank.tables import Item, ItemClause, ItemEnemy, ItemVersion
from standards.store import reference_column
from standards.tables import Clause, Edition, Standard

IN_USE = and_(Item.version_id.is_not(None), Item.state != State.RETIRED)
"""A condition on Item: one of its versions can be asked."""
DRAWN = and_(IN_USE, Item.canary.is_(False))
"""A condition on Item: it can be drawn to count. A trap is asked unscored and its key is wrong: no paper draws it, no figure counts it."""


def pool(session: Reader, standards: Sequence[str]) -> list[PoolItem]:
    """The items in use whose clauses all lie in the named editions (``STD@EDITION``), by version id.

    An item whose revision is still being written or reviewed is drawn with the version in use.
    """
    statement = (
        select(
            ItemVersion.id, ItemVersion.item_id, ItemVersion.kind, ItemVersion.difficulty, ItemVersion.level,
            reference_column().label("ref"), Clause.key_clause, Clause.tier,
        )
        .join(Item, Item.version_id == ItemVersion.id)
        .join(ItemClause, ItemClause.version_id == ItemVersion.id)
        .join(Clause, Clause.id == ItemClause.clause_id)
        .join(Edition, Edition.id == Clause.edition_id)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(DRAWN)
        .order_by(ItemVersion.id, ItemClause.position)
    )
    hostile = enemies(session)
    grouped = defaultdict(list)
    for row in session.execute(statement):
        grouped[row.id].append(row)
    items = []
    for rows in grouped.values():
        if any(row.ref.partition("#")[0] not in standards for row in rows):
            continue
        first, flags = rows[0], {row.key_clause for row in rows}
        key_clause = flags.pop() if len(flags) == 1 else None
        refs = tuple(row.ref for row in rows)
        items.append(PoolItem(
            first.id, first.item_id, Kind(first.kind), refs, key_clause, first.difficulty, first.level, first.tier,
            frozenset(hostile.get(first.item_id, ())),
        ))
    return items


def enemies(session: Reader) -> dict[int, set[int]]:
    """The enemies of every item that has any."""
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in session.execute(select(ItemEnemy.one_id, ItemEnemy.other_id)):
        found[one].add(other)
        found[other].add(one)
    return found
