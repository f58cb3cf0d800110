"""How questions stand to each other: enemies, and those that say nearly the same."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select
from sqlalchemy.orm import Session

from question_bank.item import ItemFace, State, Wording
from question_bank.likeness import windows
from question_bank.store import Reader
from question_bank.store.faces import face_of
from question_bank.store.words import holding
from question_bank.tables import Item, ItemCard, ItemClause, ItemEnemy, ItemVersion

TOO_COMMON = 40
"""Questions that hold a stretch of words from which on it says nothing."""
MOST_ON_CLAUSE = 300


def neighbours(session: Reader, said: Wording, clause_ids: Collection[int], item_id: int = 0) -> dict[int, ItemFace]:
    """Questions that may be alike, by version id: those on the same clauses, and those that share a stretch of words.

    Retired ones and the item itself are left out; of each the version that its page shows first.
    """
    cards = select(ItemCard.version_id).join(Item, Item.id == ItemCard.item_id).where(Item.state != State.RETIRED, Item.id != item_id)
    wanted: set[int] = set()
    if clause_ids:
        on = select(ItemClause.version_id).where(ItemClause.clause_id.in_(clause_ids))
        wanted.update(session.scalars(cards.where(ItemCard.version_id.in_(on)).order_by(ItemCard.version_id.desc()).limit(MOST_ON_CLAUSE)))
    common = []
    for run in windows(said):
        found = session.scalars(cards.where(*holding(ItemCard.version_id, run)).limit(TOO_COMMON)).all()
        if len(found) < TOO_COMMON:
            wanted.update(found)
        else:
            common.append(run)
    if common:  # each says nothing, all of them together say a good deal
        wanted.update(session.scalars(cards.where(*holding(ItemCard.version_id, " ".join(common))).limit(TOO_COMMON)))
    columns = (ItemVersion.id, ItemVersion.kind, ItemVersion.stem, ItemVersion.options, ItemVersion.right)
    return {row.id: face_of(row) for row in session.execute(select(*columns).where(ItemVersion.id.in_(wanted)))} if wanted else {}


def versions(session: Reader, version_ids: Collection[int]) -> dict[int, tuple[Item, ItemVersion]]:
    """Versions with their items, by version id."""
    query = select(Item, ItemVersion).join(ItemVersion, ItemVersion.item_id == Item.id).where(ItemVersion.id.in_(version_ids))
    return {version.id: (item, version) for item, version in session.execute(query)} if version_ids else {}


def ids_by_code(session: Reader, codes: Collection[str]) -> dict[str, int]:
    """Ids of items by code; a code that nobody has is left out."""
    return dict(session.execute(select(Item.code, Item.id).where(Item.code.in_(codes))).all()) if codes else {}


def enemies_of(session: Reader, item_id: int) -> Sequence[Row[Any]]:
    """The enemies of an item, by code: ``id, code, state, stem``."""
    before = select(ItemEnemy.one_id).where(ItemEnemy.other_id == item_id)
    hostile = select(ItemEnemy.other_id).where(ItemEnemy.one_id == item_id).union(before)
    query = (
        select(Item.id, Item.code, Item.state, ItemVersion.stem).join(ItemCard, ItemCard.item_id == Item.id)
        .join(ItemVersion, ItemVersion.id == ItemCard.version_id).where(Item.id.in_(hostile)).order_by(Item.code)
    )
    return session.execute(query).all()


def replace_enemies(session: Session, item_id: int, others: Collection[int], row: dict[str, Any]) -> tuple[set[int], set[int]]:
    """Make ``others`` the enemies of an item; answers who came and who went. ``row``: what each new pair says besides."""
    held = {enemy.id for enemy in enemies_of(session, item_id)}
    came, gone = set(others) - held - {item_id}, held - set(others)
    if gone:
        session.execute(delete(ItemEnemy).where(or_(
            (ItemEnemy.one_id == item_id) & ItemEnemy.other_id.in_(gone), (ItemEnemy.other_id == item_id) & ItemEnemy.one_id.in_(gone),
        )))
    if came:
        pairs = [(min(item_id, other), max(item_id, other)) for other in sorted(came)]
        session.execute(insert(ItemEnemy), [{"one_id": one, "other_id": other, **row} for one, other in pairs])
    return came, gone
