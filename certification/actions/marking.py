"""The verbs of marking: take an answer, mark it, give a claim back.

Everything here holds the sitting's row first: two markers cannot take the same
round, and no mark comes in while the results go out. Answers are read before
the unit of work begins; only the marks are read again inside it.
"""

from collections.abc import Sequence
from fractions import Fraction

from certification import marking
from certification.actions import results
from certification.marking import Answer, Marker, Refusal
from certification.store import attempts as attempts_store
from certification.store import marking as store
from certification.store import sittings
from certification.store.answers import ENDED
from foundation.config import settings
from foundation.work import Work


def _secret() -> bytes:
    return settings().secret_key.encode()


def alias(account: int, answer: Answer) -> str:
    """What pages made for ``account`` call the answer."""
    return marking.alias(_secret(), account, answer)


def _fresh(w: Work, answers: Sequence[Answer]) -> list[Answer]:
    """The answers of one sitting with their marks as they are now, the sitting held; none once its results are out."""
    if not answers:
        return []
    sitting = sittings.locked(w.session, answers[0].sitting)
    if sitting.released is not None or sitting.cancelled is not None:
        return []
    return store.with_marks(answers, store.marks_of_sittings(w.connection, [sitting.id]))


def take_next(w: Work, marker: Marker, answers: Sequence[Answer], third: bool) -> Answer | None:
    """Claim the marker's next answer of one question; the one they hold already, if there is one; None when nothing waits."""
    fresh = _fresh(w, answers)
    held = next((answer for answer in fresh if marking.holds(marker, answer, third, w.now)), None)
    if held is not None:
        return held
    free = marking.queue(marker, fresh, third, _secret(), w.now)
    if free:
        _claim(w, marker, free[0], third)
    return free[0] if free else None


def _claim(w: Work, marker: Marker, answer: Answer, third: bool) -> None:
    number = marking.THIRD if third else marking.next_round(answer.marks, w.now) or 1
    subject = f"attempt:{answer.attempt}"
    for row in store.take(w.connection, answer, number, marker.account, w.now):
        w.record("marking.cleared", subject, slot=answer.slot, round=row.round, marker=row.marker_id, fraction=row.fraction)
    w.record("marking.taken", subject, slot=answer.slot, round=number)


def mark(
    w: Work, marker: Marker, answers: Sequence[Answer], wanted: str, third: bool, fraction: Fraction, comment: str
) -> Refusal | None:
    """Keep a mark, or a correction of one; grades the attempt when it was the last. ``wanted`` is the answer's alias."""
    answer = next((one for one in _fresh(w, answers) if alias(marker.account, one) == wanted), None)
    if answer is None:
        return Refusal.TAKEN
    found = marking.round_for(marker, answer, third, w.now)
    subject = f"attempt:{answer.attempt}"
    if isinstance(found, Refusal):
        w.record("marking.marked", subject, "refused", slot=answer.slot, why=found)
        return found
    mine = marking.own(marker, answer)
    if mine is None or mine.round != found:
        _claim(w, marker, answer, third)
    store.give(w.connection, answer, found, fraction, comment, w.now)
    before = None if mine is None or mine.fraction is None else float(mine.fraction)
    w.record("marking.marked", subject, slot=answer.slot, round=found, fraction=float(fraction), before=before)
    _settle(w, answer)
    return None


def _settle(w: Work, answer: Answer) -> None:
    """Grade the attempt anew if nothing of it is left to mark."""
    marks = store.marks_of_attempt(w.connection, answer.attempt)
    if marking.settled(marks.get(answer.slot, ())) is None:
        return
    attempt = attempts_store.any_attempt(w.connection, answer.attempt)
    graded = results.grade_when_complete(w, attempt, "marked") if attempt.state in ENDED else None  # not one reopened meanwhile
    if graded is not None:
        w.record("attempt.marked", f"attempt:{answer.attempt}", mark=graded.mark, points=graded.points)


def drop_claim(w: Work, reader: int, answers: Sequence[Answer], wanted: str, number: int) -> bool:
    """Take a claim from whoever holds it, so that another may mark; False when nobody holds it any more."""
    answer = next((one for one in _fresh(w, answers) if alias(reader, one) == wanted), None)
    held = next((one for one in answer.marks if one.round == number and one.fraction is None), None) if answer else None
    if answer is None or held is None:
        return False
    store.drop_claim(w.connection, answer, number)
    w.record("marking.claim_dropped", f"attempt:{answer.attempt}", slot=answer.slot, round=number, marker=held.marker)
    return True
