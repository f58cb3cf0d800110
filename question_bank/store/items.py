"""Items as the editor's pages show them: the list, one item with its versions, where it stands, who reviewed it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, case, exists, false, func, select
from sqlalchemy.orm import Session

from people.tables import Account, Person
from question_bank.item import Level, State, Wording
from question_bank.key import tidy
from question_bank.review import VERDICTS, Standing, Step, authors
from question_bank.store import Reader
from question_bank.store.clauses import refs_of
from question_bank.store.faces import face_of
from question_bank.store.pool import IN_USE
from question_bank.tables import Item, ItemClause, ItemVersion, Review
from standards.search import patterns
from standards.tables import Clause

ItemRow: TypeAlias = Item
VersionRow: TypeAlias = ItemVersion
_newest = select(func.max(ItemVersion.id)).where(ItemVersion.item_id == Item.id).correlate(Item).scalar_subquery()
SHOWN = case((and_(Item.state.in_((State.LIVE, State.RETIRED)), Item.version_id.is_not(None)), Item.version_id), else_=_newest)
"""The version that an item's page shows first: the one in use, or the newest where that is being worked on."""


def list_statement(query: str, chosen: Mapping[str, str]) -> tuple[Any, dict[str, Any], Any]:
    """The question bank as a list: the statement, its orders, and what breaks ties.

    ``chosen`` may hold ``state`` (``live`` finds every item in use), ``kind``,
    ``level``, ``difficulty``, ``key`` (yes or no) and ``clause`` (a clause's id).
    """
    statement = select(
        Item.id, Item.code, Item.state, Item.changed, Item.version_id.is_not(None).label("in_use"),
        ItemVersion.kind, ItemVersion.stem, ItemVersion.difficulty, ItemVersion.level, _asks_key().label("asks_key"),
    ).join(ItemVersion, ItemVersion.id == SHOWN)
    sought = [ItemVersion.words.like(pattern) for pattern in patterns(query)]
    if query and not sought:
        sought = [false()]  # a search that holds no word finds nothing, not everything
    statement = statement.where(*sought, *_conditions(chosen))
    order = {"changed": Item.changed, "code": Item.code, "difficulty": ItemVersion.difficulty, "state": Item.state}
    return statement, order, Item.id


def _asks_key() -> ColumnElement[bool]:
    """Whether the version asks about a key clause."""
    return exists().where(ItemClause.version_id == ItemVersion.id, ItemClause.clause_id == Clause.id, Clause.key_clause)


def _conditions(chosen: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    if state := chosen.get("state"):
        yield IN_USE if state == State.LIVE else Item.state == state
    for name, column in (("kind", ItemVersion.kind), ("level", ItemVersion.level)):
        if value := chosen.get(name):
            yield column == value
    if (value := chosen.get("difficulty", "")).isdecimal():
        yield ItemVersion.difficulty == int(value)
    if value := chosen.get("key"):
        yield _asks_key() if value == "yes" else ~_asks_key()
    if (value := chosen.get("clause", "")).isdecimal():
        yield exists().where(ItemClause.version_id == ItemVersion.id, ItemClause.clause_id == int(value))


def item(session: Reader, item_id: int) -> Item | None:
    """An item's row, or None."""
    return session.get(Item, item_id)


def locked(session: Session, item_id: int) -> Item | None:
    """The row for a change, held until the unit of work ends."""
    return session.get(Item, item_id, with_for_update=True)


def versions(session: Reader, item_id: int) -> list[ItemVersion]:
    """An item's versions, the oldest first."""
    return list(session.scalars(select(ItemVersion).where(ItemVersion.item_id == item_id).order_by(ItemVersion.id)))


def wording_of(session: Reader, row: ItemVersion) -> Wording:
    """What the version says, as the rule and the form want it."""
    refs = tuple(refs_of(session, [row.id])[row.id])
    face = face_of(row)
    key = tidy(face.kind, row.key, [option.code for option in face.options])
    return Wording(face.kind, face.stem, face.options, key, row.rationale, refs, row.difficulty, Level(row.level), face.right)


def standing(session: Reader, row: Item, rows: Sequence[ItemVersion]) -> Standing:
    """Where the item stands, as the rule wants to know it. ``rows`` are its versions, the oldest first."""
    discarded = select(func.max(Review.version_id)).join(ItemVersion, ItemVersion.id == Review.version_id)
    discarded = discarded.where(ItemVersion.item_id == row.id, Review.verdict == VERDICTS[Step.DISCARD])
    known = authors([(version.id, version.author_id) for version in rows], max(row.version_id or 0, session.scalar(discarded) or 0))
    settled = row.version_id if row.state in (State.LIVE, State.RETIRED) else None
    return Standing(State(row.state), settled or rows[-1].id, row.version_id is not None, known)


def reviews(session: Reader, item_id: int) -> list[Row[Any]]:
    """Every step that was taken on an item's versions, the newest first: ``at, verdict, comment, number, name``."""
    statement = (
        select(Review.at, Review.verdict, Review.comment, ItemVersion.number, Person.name)
        .join(ItemVersion, ItemVersion.id == Review.version_id)
        .join(Account, Account.id == Review.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(ItemVersion.item_id == item_id)
        .order_by(Review.at.desc(), Review.id.desc())
    )
    return list(session.execute(statement))


def names(session: Reader, account_ids: Iterable[int | None]) -> dict[int, str]:
    """The names behind accounts."""
    wanted = {key for key in account_ids if key is not None}
    statement = select(Account.id, Person.name).join(Person, Person.id == Account.person_id).where(Account.id.in_(wanted))
    return {row[0]: row[1] for row in session.execute(statement)} if wanted else {}


def items_on(session: Reader, clause_id: int) -> Sequence[Row[Any]]:
    """The items that ask about a clause, by code; columns as in ``list_statement``."""
    statement, order, _tie = list_statement("", {"clause": str(clause_id)})
    return session.execute(statement.order_by(order["code"])).all()


def item_ids(session: Reader, codes: Collection[str]) -> dict[str, int]:
    """Ids by code, of those among ``codes`` that are known."""
    return {code: item_id for code, item_id in session.execute(select(Item.code, Item.id)) if code in codes}


def newest_version(session: Reader, item_id: int) -> int:
    """The id of the item's newest version."""
    query = select(ItemVersion.id).where(ItemVersion.item_id == item_id).order_by(ItemVersion.number.desc())
    return session.scalars(query.limit(1)).one()
