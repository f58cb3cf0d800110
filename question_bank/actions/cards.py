"""Keeping the cards of the list: every verb that changes a question ends with ``file``."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert

from foundation.work import Work
from question_bank.store import cards as store
from question_bank.tables import Item, ItemCard

AT_ONCE = 500
_THESE = bindparam("items", expanding=True)
_CARDS = ItemCard.__table__
_TAKE = delete(_CARDS).where(_CARDS.c.item_id.in_(_THESE))
_PUT = insert(_CARDS).from_select(store.COLUMNS, store.statement().where(Item.id.in_(_THESE)))


def file(w: Work, item_ids: Sequence[int]) -> None:
    """Make the cards of these items anew, from what the items say now."""
    w.session.flush()
    for first in range(0, len(item_ids), AT_ONCE):
        some = {"items": list(item_ids[first : first + AT_ONCE])}
        w.connection.execute(_TAKE, some)
        w.connection.execute(_PUT, some)


def file_all(w: Work) -> None:
    """Make every card anew: after a change of what cards say, or of the clauses that questions ask about."""
    w.session.flush()
    w.connection.execute(delete(_CARDS))
    w.connection.execute(insert(_CARDS).from_select(store.COLUMNS, store.statement()))
