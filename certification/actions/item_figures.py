"""Counting how questions did, once the results of a sitting are out and whenever one of them changes afterwards."""

from typing import Any

from certification.store import item_figures as store
from foundation.database import db
from foundation.outbox import handler
from foundation.work import SYSTEM, Work, work
from question_bank.actions import figures as bank
from question_bank.figures import figures, tally

TASK = "item_figures"


def ask(w: Work, sitting_id: int) -> None:
    """Have a sitting counted after the commit."""
    w.later(TASK, {"sitting": sitting_id})


@handler(TASK)
def _asked(payload: dict[str, Any]) -> None:
    count(payload["sitting"])


def count(sitting_id: int) -> int:
    """Count a sitting anew; answers how many versions it concerns. What is read is read outside the unit of work."""
    found = tally(store.marked(db.session, sitting_id))
    with work(SYSTEM) as w:
        versions = store.keep(w.connection, sitting_id, found)
        known = store.tallies(w.connection, versions)
        bank.keep(w, {version: figures(known[version]) for version in versions})
        w.record("items.counted", f"sitting:{sitting_id}", versions=len(versions))
    return len(versions)
