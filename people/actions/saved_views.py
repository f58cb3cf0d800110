"""Keeping, renaming and dropping saved views."""

from foundation.work import Work
from people import saved_view as rule
from people.saved_view import Refusal
from people.store import saved_views as store
from people.tables import SavedView


def keep(w: Work, account_id: int, page: str, name: str, query: str) -> Refusal | bool:
    """Keep the narrowing under ``name``; a view of that name is changed. Answers whether it is new, or why it is not kept."""
    known = store.view_named(w.session, account_id, page, name)
    if refused := rule.refusal(known is not None, store.count_of(w.session, account_id, page), query):
        return refused
    if known is None:
        known = SavedView(account_id=account_id, page=page, name=name, query=query, created=w.now)
        w.session.add(known)
        w.session.flush()
        w.record("view.kept", f"view:{known.id}", page=page)
        return True
    known.query = query
    w.record("view.changed", f"view:{known.id}", page=page)
    return False


def rename(w: Work, account_id: int, view_id: int, name: str) -> Refusal | None:
    """Give one's view another name, unless another of the page has it."""
    view = store.view_in_scope(w.session, account_id, view_id)
    if view is None:
        return None
    other = store.view_named(w.session, account_id, view.page, name)
    if other is not None and other.id != view.id:
        return Refusal.TAKEN
    view.name = name
    w.record("view.renamed", f"view:{view.id}", page=view.page)
    return None


def drop(w: Work, account_id: int, view_id: int) -> None:
    """Forget one's view."""
    if view := store.view_in_scope(w.session, account_id, view_id):
        w.session.delete(view)
        w.record("view.dropped", f"view:{view_id}", page=view.page)
