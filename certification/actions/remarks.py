"""The verb of whoever sits an exam, or looks back at one: this question looks wrong."""

from certification.store import attempts, saving
from foundation.work import Work
from question_bank.actions import remarks as bank
from question_bank.remark import Met, Refusal


def remark(
    w: Work, person_id: int, account_id: int, attempt_id: str, slot: int, met: Met, reason: str, text: str
) -> Refusal | None:
    """Keep a remark on the question in a slot of one's own attempt; raises LookupError where there is none.

    The attempt's row is not locked, so that no save waits, and its state does
    not matter: a remark that was made offline may arrive after the hand-in.
    Every slot is answered alike, a trap too.
    """
    row = attempts.read_attempt(w.wire, attempt_id, person_id)
    place = saving.paper_of(row).slot(slot) if row is not None else None
    if place is None:
        raise LookupError(slot)
    return bank.remark(w, place.version, account_id, met, attempt_id, reason, text)
