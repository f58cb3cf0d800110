"""The verbs of rulings on fill-in texts: rule, and bring results up to date with what was ruled."""

from collections.abc import Collection, Sequence

from certification.actions import results
from certification.marking import Marker, Refusal
from certification.ruling import Gaps, Place
from certification.store import attempts as attempts_store
from certification.store import rulings as store
from certification.store import sittings
from certification.store.answers import ENDED, Given
from foundation.work import Work

WHY = "fill_ruled"
AT_ONCE = 50
"""How many results one transaction grades anew: a save of somebody who sits elsewhere waits for no more."""


def rule(
    w: Work, marker: Marker, sitting_id: int, place: Place, accepted: bool, reason: str, known: Gaps, answers: Sequence[Given]
) -> list[str] | Refusal:
    """Keep a ruling; answers the attempts that it concerns, for ``grade``, or why there is none.

    SETTLED: the sitting's results are out. ONESELF: the marker wrote that text. ``answers`` are those of every sitting
    that is not released and asks the question.
    """
    sitting = sittings.locked(w.session, sitting_id)
    subject, wrote = f"item_version:{place.version}", store.whoever_wrote(answers, place, known)
    over = sitting.released is not None or sitting.cancelled is not None
    if over or any(one.person == marker.person for one in wrote):
        w.record("fill.ruled", subject, "refused", sitting=sitting_id)
        return Refusal.SETTLED if over else Refusal.ONESELF
    store.add(w.connection, place, accepted, reason, w.actor.account_id, w.now)
    found = [one.attempt for one in wrote]
    w.record("fill.ruled", subject, gap=place.gap, accepted=accepted, sitting=sitting_id, attempts=len(found))
    return found


def grade(w: Work, attempt_ids: Collection[str]) -> int:
    """Grade anew those whose results are not out, as far as they are over; answers how many results changed.

    Rows are held in the order in which a release holds them: the sittings, then the attempts.
    """
    held = [sittings.locked(w.session, one) for one in store.sittings_of(w.connection, attempt_ids)]
    released = {one.id for one in held if one.released is not None}
    rows = [attempts_store.any_attempt(w.connection, attempt_id) for attempt_id in sorted(attempt_ids)]
    waiting = (row for row in rows if row.state in ENDED and row.sitting_id not in released)
    return sum(results.grade_if_changed(w, row, WHY) for row in waiting)


def catch_up(w: Work, sitting_id: int) -> None:
    """Grade anew what a ruling missed, because it was handed in meanwhile or the machine stopped: the last look before a release."""
    grade(w, store.whoever_may_gain(w.session, sitting_id))
