"""The verb of enemies: say which questions never stand on one paper with another."""

from collections.abc import Collection

from foundation.work import Work
from question_bank.store import items
from question_bank.store import relations as store


def keep_enemies(w: Work, item_id: int, others: Collection[int], account_id: int) -> None:
    """Make ``others`` the enemies of an item, and no one else. Papers that were drawn before stay as they are."""
    item = items.locked(w.session, item_id)
    if item is None:
        raise LookupError(item_id)
    came, gone = store.replace_enemies(w.session, item_id, others, {"at": w.now, "account_id": account_id, "reason": ""})
    if came or gone:
        w.record("item.enemies", f"item:{item.code}", added=sorted(came), removed=sorted(gone))
