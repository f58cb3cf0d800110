"""The verb that must be fast and must not lose anything: keeping answers.

A save is recorded in the attempt's own hash chain, not in the global audit,
whose one head would make every candidate wait for every other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from certification import sitting
from certification.actions.results import end
from certification.actions.timing import grace
from certification.evidence import Kind
from certification.sitting import Accepted, Response, State
from certification.store import attempts, saving
from foundation.work import Work


def save_responses(
    w: Work, person_id: int, attempt_id: str, pen: bytes, responses: Sequence[Response]
) -> tuple[Accepted, datetime] | None:
    """Append what counts; answers what was kept and the deadline, or None when the attempt is not the person's.

    ``w.now`` is the instant of receipt, stamped before any lock was waited for.
    ``pen`` names the session that writes; see ``may_write``.
    """
    attempt = saving.written_attempt(w.wire, attempt_id, person_id)
    if attempt is None:
        return None
    paper, state = saving.paper(w.wire, attempt_id), State(attempt.state)
    if state is State.CLOSED_BY_DEADLINE and attempts.result_state(w.connection, attempt_id) == "released":
        state = State.SUBMITTED  # what others were told already does not change any more
    asked = [response.slot for response in responses if paper.slot(response.slot)]
    newest = saving.newest_of(w.wire, attempt, len(paper.slots), asked)
    writes = attempt.pen == pen or may_write(w, attempt, pen)
    out = sitting.accept(state, attempt.deadline + grace(), paper, newest, responses, w.now, writes)
    if out.steps:
        saving.append_steps(w.wire, attempt, newest, out.steps, w.now, sitting.link(attempt.chain, out.steps, w.now))
        if state is State.CLOSED_BY_DEADLINE:  # received in time, written after the system had closed: it is scored
            end(w, attempts.any_attempt(w.connection, attempt_id), state, attempt.ended)
    if out.refused and (kept := sitting.evidence(paper, out.refused)):
        saving.keep_evidence(w.connection, attempt_id, kept, sitting.MAX_EVIDENCE, w.now)
    return out, attempt.deadline


def may_write(w: Work, attempt: Row[Any], pen: bytes) -> bool:
    """Whether another session than the one that began may write: only when that one has signed out, and then it holds the pen."""
    if attempt.pen is not None and saving.is_signed_in(w.connection, attempt.pen, w.now):
        return False
    take_over(w, attempt, pen)
    return True


def take_over(w: Work, attempt: Row[Any], pen: bytes) -> None:
    """This session writes from now on; the one before becomes read-only."""
    saving.hand_pen(w.connection, attempt.id, pen)
    if attempt.pen is not None:
        attempts.add_event(w.connection, attempt.id, Kind.TAKEN_OVER, w.now)
        w.record("attempt.taken_over", f"attempt:{attempt.id}")
