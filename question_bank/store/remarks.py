"""Remarks on questions: of one question, of one account, and the list that trainers work through. Never who remarked."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import Session, aliased

from people.tables import Account, Person
from question_bank.remark import Met, State
from question_bank.store import Reader
from question_bank.store.words import holding
from question_bank.tables import Item, ItemCard, ItemRemark, ItemVersion

OPEN = ItemRemark.state == State.OPEN


def subject(session: Reader, version_id: int) -> Row[Any] | None:
    """The item that a version belongs to: ``id, code, number, author_id``; None when there is none."""
    query = select(Item.id, Item.code, ItemVersion.number, ItemVersion.author_id).join(Item, Item.id == ItemVersion.item_id)
    return session.execute(query.where(ItemVersion.id == version_id)).first()


def open_remark(session: Session, version_id: int, account_id: int, met: Met) -> ItemRemark | None:
    """The account's open remark on a version in one place, held for a change."""
    mine = select(ItemRemark).where(ItemRemark.version_id == version_id, ItemRemark.account_id == account_id, ItemRemark.met == met, OPEN)
    return session.scalars(mine.with_for_update()).first()


def open_of(session: Session, item_id: int, remark_ids: Collection[int]) -> list[ItemRemark]:
    """Those of ``remark_ids`` that are open and on the item, held for a change."""
    query = select(ItemRemark).join(ItemVersion, ItemVersion.id == ItemRemark.version_id)
    query = query.where(ItemVersion.item_id == item_id, ItemRemark.id.in_(remark_ids), OPEN)
    return list(session.scalars(query.order_by(ItemRemark.id).with_for_update(of=ItemRemark)))


def wrote_any(session: Session, version_ids: Collection[int], account_id: int) -> bool:
    """Whether the account wrote one of the versions."""
    query = select(ItemVersion.id).where(ItemVersion.id.in_(version_ids), ItemVersion.author_id == account_id)
    return session.scalar(query.limit(1)) is not None


def of_item(session: Reader, item_id: int) -> list[Row[Any]]:
    """Everything remarked on an item, open ones first: ``id, met, reason, text, at, state, answer, settled, number, settler``."""
    query = (
        select(
            ItemRemark.id, ItemRemark.met, ItemRemark.reason, ItemRemark.text, ItemRemark.at, ItemRemark.state, ItemRemark.answer,
            ItemRemark.settled, ItemVersion.number, Person.name.label("settler"),
        )
        .join(ItemVersion, ItemVersion.id == ItemRemark.version_id)
        .outerjoin(Account, Account.id == ItemRemark.settled_by).outerjoin(Person, Person.id == Account.person_id)
        .where(ItemVersion.item_id == item_id)
    )
    return list(session.execute(query.order_by(case((OPEN, 0), else_=1), ItemRemark.at.desc(), ItemRemark.id.desc())))


def mine(session: Reader, account_id: int, version_ids: Collection[int]) -> dict[int, ItemRemark]:
    """The newest remark of the account on each of the versions, wherever it was met."""
    query = select(ItemRemark).where(ItemRemark.account_id == account_id, ItemRemark.version_id.in_(version_ids))
    return {row.version_id: row for row in session.scalars(query.order_by(ItemRemark.at, ItemRemark.id))}


def by_account(session: Reader, account_id: int) -> list[ItemRemark]:
    """Everything that an account remarked, the newest first: for its owner's own export."""
    query = select(ItemRemark).where(ItemRemark.account_id == account_id)
    return list(session.scalars(query.order_by(ItemRemark.at.desc(), ItemRemark.id.desc())))


def by_item(query: str, chosen: Mapping[str, str]) -> tuple[Select[Any], dict[str, Any], Any]:
    """Questions with remarks, one row each, its orders and its tie; columns as in the list of questions, with ``open, all, latest``.

    ``chosen`` may hold ``state`` (``open``, the default, or ``settled``), ``met`` and ``reason``.
    """
    open_ones = func.sum(case((OPEN, 1), else_=0))
    remarked = aliased(ItemVersion)
    of = select(
        remarked.item_id, open_ones.label("open"), func.count().label("all"), func.max(ItemRemark.at).label("latest")
    ).join(remarked, remarked.id == ItemRemark.version_id)
    for name, column in (("met", ItemRemark.met), ("reason", ItemRemark.reason)):
        if value := chosen.get(name):
            of = of.where(column == value)
    settled = chosen.get("state") == "settled"
    heard = of.group_by(remarked.item_id).having(open_ones == 0 if settled else open_ones > 0).subquery()
    statement = select(
        Item.id, Item.code, Item.state, Item.version_id.is_not(None).label("in_use"), ItemVersion.kind, ItemVersion.stem,
        heard.c.open, heard.c.all, heard.c.latest,
    ).join(heard, heard.c.item_id == Item.id).join(ItemCard, ItemCard.item_id == Item.id)
    statement = statement.join(ItemVersion, ItemVersion.id == ItemCard.version_id).where(*holding(ItemCard.version_id, query))
    return statement, {"open": heard.c.open, "latest": heard.c.latest, "code": Item.code}, Item.id


def reasons_of(session: Reader, item_ids: Collection[int]) -> dict[int, Sequence[tuple[str, int]]]:
    """Of each item, its open remarks' reasons with their counts, the most first."""
    query = (
        select(ItemVersion.item_id, ItemRemark.reason, func.count().label("n")).join(ItemRemark, ItemRemark.version_id == ItemVersion.id)
        .where(ItemVersion.item_id.in_(item_ids), OPEN).group_by(ItemVersion.item_id, ItemRemark.reason)
        .order_by(func.count().desc(), ItemRemark.reason)
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for item_id, reason, count in session.execute(query):
        found.setdefault(item_id, []).append((reason, count))
    return dict(found)


def open_items(session: Reader) -> int:
    """How many questions have open remarks."""
    query = select(func.count(ItemVersion.item_id.distinct())).join(ItemRemark, ItemRemark.version_id == ItemVersion.id).where(OPEN)
    return int(session.scalar(query) or 0)


def open_on(session: Reader, item_id: int) -> int:
    """How many remarks on a question are open."""
    query = select(func.count(ItemRemark.id)).join(ItemVersion, ItemVersion.id == ItemRemark.version_id)
    return int(session.scalar(query.where(ItemVersion.item_id == item_id, OPEN)) or 0)
