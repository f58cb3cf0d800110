"""Saved views: everybody has their own."""

from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, scoped_session

from people.tables import SavedView

Reader = Session | scoped_session[Session]


def views_of(session: Reader, account_id: int, page: str) -> list[Row[Any]]:
    """``id, name, query`` of an account's views of a page, by name."""
    query = select(SavedView.id, SavedView.name, SavedView.query).where(SavedView.account_id == account_id, SavedView.page == page)
    return list(session.execute(query.order_by(SavedView.name, SavedView.id)))


def view_in_scope(session: Reader, account_id: int, view_id: int) -> SavedView | None:
    """One of the account's own views; a stranger's is not there."""
    return session.scalar(select(SavedView).where(SavedView.id == view_id, SavedView.account_id == account_id))


def view_named(session: Reader, account_id: int, page: str, name: str) -> SavedView | None:
    """The account's view of that name on that page."""
    query = select(SavedView).where(SavedView.account_id == account_id, SavedView.page == page, SavedView.name == name)
    return session.scalar(query)


def count_of(session: Reader, account_id: int, page: str) -> int:
    """How many views of the page the account keeps."""
    query = select(func.count()).select_from(SavedView).where(SavedView.account_id == account_id, SavedView.page == page)
    return session.scalar(query) or 0
