"""The verbs of comments: trainers talk about a version, part by part, until it is settled."""

from foundation.work import Work
from question_bank.store import comments as store
from question_bank.store.items import locked, versions
from question_bank.tables import ItemComment


def comment(w: Work, item_id: int, number: int, account_id: int, part: str, text: str) -> int:
    """Keep a comment on version ``number`` of an item; its id. Raises LookupError when there is no such version."""
    item = locked(w.session, item_id)
    version = next((row for row in versions(w.session, item_id) if row.number == number), None)
    if item is None or version is None:
        raise LookupError(item_id)
    row = ItemComment(version_id=version.id, account_id=account_id, part=part, text=text.strip(), at=w.now)
    w.session.add(row)
    w.session.flush()
    w.record("item.commented", f"item:{item.code}", version=number, comment=row.id)
    return row.id


def settle(w: Work, item_id: int, comment_id: int, account_id: int, settled: bool) -> None:
    """Settle a comment, or open it again; what is so already stays. Raises LookupError when it is not on the item."""
    item, row = locked(w.session, item_id), store.locked(w.session, item_id, comment_id)
    if item is None or row is None:
        raise LookupError(comment_id)
    if (row.settled is not None) == settled:
        return
    row.settled, row.settled_by = (w.now, account_id) if settled else (None, None)
    w.record("item.comment_settled" if settled else "item.comment_opened", f"item:{item.code}", comment=row.id)
