"""Comments of trainers on versions of a question."""

from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session, aliased

from people.tables import Account, Person
from question_bank.store import Reader
from question_bank.tables import ItemComment, ItemVersion

_BY, _SETTLER = aliased(Person), aliased(Person)
_BY_ACCOUNT, _SETTLER_ACCOUNT = aliased(Account), aliased(Account)


def of_item(session: Reader, item_id: int) -> list[Row[Any]]:
    """Open ones first, each group the oldest first: ``id, part, text, at, settled, number, name, settler``."""
    query = (
        select(
            ItemComment.id, ItemComment.part, ItemComment.text, ItemComment.at, ItemComment.settled, ItemVersion.number,
            _BY.name, _SETTLER.name.label("settler"),
        )
        .join(ItemVersion, ItemVersion.id == ItemComment.version_id)
        .join(_BY_ACCOUNT, _BY_ACCOUNT.id == ItemComment.account_id).join(_BY, _BY.id == _BY_ACCOUNT.person_id)
        .outerjoin(_SETTLER_ACCOUNT, _SETTLER_ACCOUNT.id == ItemComment.settled_by)
        .outerjoin(_SETTLER, _SETTLER.id == _SETTLER_ACCOUNT.person_id)
        .where(ItemVersion.item_id == item_id)
    )
    return list(session.execute(query.order_by(case((ItemComment.settled.is_(None), 0), else_=1), ItemComment.at, ItemComment.id)))


def locked(session: Session, item_id: int, comment_id: int) -> ItemComment | None:
    """A comment on the item, held for a change."""
    query = select(ItemComment).join(ItemVersion, ItemVersion.id == ItemComment.version_id)
    query = query.where(ItemVersion.item_id == item_id, ItemComment.id == comment_id)
    return session.scalars(query.with_for_update(of=ItemComment)).first()


def open_on(session: Reader, item_id: int) -> int:
    """How many comments on an item nobody has settled."""
    query = select(func.count(ItemComment.id)).join(ItemVersion, ItemVersion.id == ItemComment.version_id)
    return int(session.scalar(query.where(ItemVersion.item_id == item_id, ItemComment.settled.is_(None))) or 0)
