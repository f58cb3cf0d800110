"""The verbs of a sitting's safeguards: demand the lockdown browser, watermark, decide what a result shows; note what was not proven."""

from datetime import timedelta
from typing import Any

import msgspec

from certification.actions.papers import change_refusal
from certification.evidence import Kind
from certification.review import Review
from certification.safe_browser import Seen, Settings, proven
from certification.safeguards import Refusal
from certification.store import safeguards as store
from certification.store import sittings
from foundation.config import settings
from foundation.work import Actor, Work, work

PAUSE = timedelta(minutes=5)
"""One entry on the timeline for as long as this, however many requests lacked the proof."""


def protect(w: Work, sitting_id: int, watermark: bool, safe_browser: Settings | None) -> Refusal | None:
    """Switch watermark and lockdown browser (None: not demanded), before the sitting opens."""
    sitting = sittings.locked(w.session, sitting_id)
    if refusal := change_refusal(w, sitting):
        w.record("sitting.protected", f"sitting:{sitting_id}", "refused", code=refusal)
        return refusal
    sitting.watermark = watermark
    sitting.safe_browser = None if safe_browser is None else msgspec.to_builtins(safe_browser)
    w.record("sitting.protected", f"sitting:{sitting_id}", watermark=watermark, safe_browser=safe_browser is not None)
    return None


def set_review(w: Work, sitting_id: int, review: Review) -> Refusal | None:
    """What results show of the questions; may be changed at any time, what was seen stays seen."""
    sitting = sittings.locked(w.session, sitting_id)
    if sitting.cancelled is not None:
        w.record("sitting.review", f"sitting:{sitting_id}", "refused", code=Refusal.CANCELLED)
        return Refusal.CANCELLED
    sitting.review = review
    w.record("sitting.review", f"sitting:{sitting_id}", review=review)
    return None


def watch(actor: Actor, attempt_id: str, person_id: int, shown: Seen, door: str) -> None:
    """Keep on the timeline that a request to an open attempt did not prove the browser that its sitting demands. Evidence, no verdict."""
    row: Any = store.demanded(attempt_id, person_id)
    if row is None or proven(row.safe_browser, settings().public_url, row.sitting_id, shown, attempt_id):
        return
    with work(actor) as w:
        if not store.noted_since(w.connection, attempt_id, w.now - PAUSE):
            store.note(w.connection, attempt_id, Kind.SAFE_BROWSER, w.now, {"door": door})
