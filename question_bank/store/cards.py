"""What the cards of the list say, worked out from the questions themselves."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, and_, case, cast, exists, func, literal, select
from sqlalchemy.orm import Session

from question_bank.item import State
from question_bank.store import Reader
from question_bank.store.pool import IN_USE
from question_bank.tables import FormItem, Item, ItemCard, ItemClause, ItemFigures, ItemVersion
from question_bank.traits import EASY, FIELD, FIGURES, HARD, TRAITS, WEAK
from standards.tables import Clause

_newest = select(func.max(ItemVersion.id)).where(ItemVersion.item_id == Item.id).correlate(Item).scalar_subquery()
SHOWN = case((and_(Item.state.in_((State.LIVE, State.RETIRED)), Item.version_id.is_not(None)), Item.version_id), else_=_newest)
"""The version that an item's page shows first: the one in use, or the newest where that is being worked on."""
COLUMNS = [column.name for column in ItemCard.__table__.columns]


def asks_key() -> ColumnElement[bool]:
    """Whether the version asks about a key clause."""
    return exists().where(ItemClause.version_id == ItemVersion.id, ItemClause.clause_id == Clause.id, Clause.key_clause)


def _code(name: str, column: Any) -> ColumnElement[int]:
    """The code of a column's value; an unknown or missing one counts as the first."""
    known = {value: code for code, value in enumerate(FIELD[name].values)}
    return case(known, value=column, else_=0)


def _packed(said: dict[str, ColumnElement[Any]]) -> ColumnElement[int]:
    """The fields' codes, each at its place."""
    return cast(sum((code * (1 << FIELD[name].shift) for name, code in said.items()), start=literal(0, BigInteger())), Integer)


def statement() -> Select[Any]:
    """The cards of all items, with the columns of ``COLUMNS``; narrow it by Item."""
    main = select(Clause.edition_id, Clause.tier, ItemClause.version_id).join(ItemClause, ItemClause.clause_id == Clause.id)
    main = main.where(ItemClause.position == 0).subquery()
    used = exists().where(FormItem.version_id == ItemVersion.id)
    facility, rest = ItemFigures.facility, ItemFigures.rest_correlation
    said = {
        "state": _code("state", Item.state), "in_use": case((IN_USE, 1), else_=0), "kind": _code("kind", ItemVersion.kind),
        "level": _code("level", ItemVersion.level), "difficulty": ItemVersion.difficulty, "key": case((asks_key(), 1), else_=0),
        "tier": _code("tier", main.c.tier),
    }
    did = {
        "facility": case(
            (facility < HARD, _at("facility", "hard")), (facility >= EASY, _at("facility", "easy")),
            (facility.is_not(None), _at("facility", "middle")), (used, _at("facility", "waiting")), else_=0,
        ),
        "correlation": case(
            (rest < 0, _at("correlation", "negative")), (rest < WEAK, _at("correlation", "weak")),
            (rest.is_not(None), _at("correlation", "good")), else_=0,
        ),
    }
    assert [*said, *did] == [field.name for field in (*TRAITS, *FIGURES)]
    found = select(
        ItemVersion.id, Item.id, Item.code, Item.changed, _packed(said), _packed(did), main.c.edition_id, ItemVersion.author_id,
        facility, rest,
    )
    found = found.select_from(Item).join(ItemVersion, ItemVersion.id == SHOWN)
    return found.outerjoin(main, main.c.version_id == ItemVersion.id).outerjoin(ItemFigures, ItemFigures.version_id == ItemVersion.id)


def _at(name: str, value: str) -> int:
    return FIELD[name].code(value)


def outdated(session: Reader) -> list[int]:
    """The items whose card is missing or says something else than they do; a check, which reads everything."""
    kept = {row.item_id: tuple(row) for row in session.execute(select(*ItemCard.__table__.columns))}
    true = {row[1]: tuple(row) for row in session.execute(statement())}
    return sorted(key for key in kept.keys() | true.keys() if kept.get(key) != true.get(key))


def items_of(session: Session, version_ids: Sequence[int]) -> list[int]:
    """The items that the versions belong to."""
    return list(session.scalars(select(ItemVersion.item_id).where(ItemVersion.id.in_(version_ids)).distinct()))
