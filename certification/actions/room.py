"""What an officer does in a room: to one attempt, to everybody in it, at the door, to the window.

Each deed has a reason. What happens to an attempt stands on its timeline, what
happens to the room or at its door in the room's book; both are in the audit.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from certification import room as rule
from certification import safeguards
from certification.actions import attempts as closing
from certification.actions.timing import turn, wind_all
from certification.safe_browser import read
from certification.sitting import State
from certification.store import attempts, sittings
from certification.store import room as store
from certification.tables import Sitting
from certification.timing import Kind, Refusal
from foundation.work import Work


@dataclass
class Outcome:
    """What became of a deed done to a whole room: ``done`` to so many, ``waiting`` have not begun, ``over`` cannot have it any more.

    ``earlier``: the same was done just before, at that instant, and nothing was done now.
    """

    done: int = 0
    waiting: int = 0
    over: list[str] = field(default_factory=list)
    earlier: datetime | None = None
    refusal: Refusal | None = None


def turn_one(w: Work, sitting_id: int, attempt_id: str, kind: Kind, reason: str, seconds: int = 0) -> Refusal | None:
    """Let ``kind`` happen to one attempt of the sitting, or say why it cannot; LookupError when it is another's.

    One whose time is over and that nobody has closed yet is closed first: it
    can be reopened then, and nothing else.
    """
    attempt = store.attempt_in(w.connection, sitting_id, attempt_id)
    if attempt is None:
        raise LookupError(attempt_id)
    if closing.close_overdue_attempt(w, attempt):
        attempt = attempts.any_attempt(w.connection, attempt_id)
    return closing.collect(w, attempt, reason) if kind is Kind.COLLECTED else turn(w, attempt, kind, reason, seconds)


def credit(w: Work, sitting_id: int, seconds: int, reason: str, waiting: bool, again: bool = False) -> Outcome:
    """Give time back after an incident: to everybody who runs or is paused and, if wanted, to those who have not begun.

    Those who have not begun get it on their booking, not on the sitting: there
    it would count a second time for everybody whose attempt was extended.
    Nothing is written when nobody would get it, nor when the room had the same
    shortly before, unless it is wanted ``again``.
    """
    store.held(w.session, sitting_id)  # of two officers at the same moment the second one is asked
    earlier = None if again else store.credited_since(w.connection, sitting_id, seconds, w.now - rule.AGAIN_WITHIN)
    if earlier is not None:
        w.record("room.credited", f"sitting:{sitting_id}", "refused", code="again", seconds=seconds)
        return Outcome(earlier=earlier)

    def also(out: Outcome) -> None:
        out.waiting = store.credit_waiting(w.connection, sitting_id, seconds, reason) if waiting else 0

    out = _turn_all(w, sitting_id, Kind.EXTENDED, reason, seconds, also)
    if out.done or out.waiting:
        store.add_note(w.connection, sitting_id, "incident", reason, w.actor.account_id, w.now, seconds)
        w.record("room.credited", f"sitting:{sitting_id}", seconds=seconds, running=out.done, waiting=out.waiting)
    return out


def pause_all(w: Work, sitting_id: int, reason: str) -> Outcome:
    """Stop the clock of everybody who is writing."""
    return _noted(w, sitting_id, _turn_all(w, sitting_id, Kind.PAUSED, reason), "paused", reason)


def resume_all(w: Work, sitting_id: int, reason: str) -> Outcome:
    """Let everybody who is paused go on, with the time that they had left."""
    return _noted(w, sitting_id, _turn_all(w, sitting_id, Kind.RESUMED, reason), "resumed", reason)


def _noted(w: Work, sitting_id: int, out: Outcome, kind: str, reason: str) -> Outcome:
    if out.done:
        store.add_note(w.connection, sitting_id, kind, reason, w.actor.account_id, w.now)
        w.record(f"room.{kind}", f"sitting:{sitting_id}", attempts=out.done)
    return out


def _turn_all(
    w: Work, sitting_id: int, kind: Kind, reason: str, seconds: int = 0, also: Callable[[Outcome], None] | None = None
) -> Outcome:
    """``kind`` to every open attempt of the sitting, each on its own timeline, all or none kept."""
    if refusal := _shut(store.held(w.session, sitting_id)):
        w.record(f"room.{kind}", f"sitting:{sitting_id}", "refused", code=refusal)
        return Outcome(refusal=refusal)
    out, late = Outcome(), []
    for attempt in _affected(store.running(w.connection, sitting_id), kind):
        refused = turn(w, attempt, kind, reason, seconds)
        if refused is None:
            out.done += 1
        elif refused is Refusal.OVERDUE:
            late.append(attempt.person_id)
    if also is not None:
        also(out)
    if kind is Kind.EXTENDED:
        late += store.closed_by_deadline(w.connection, sitting_id)
    known = store.names(w.session, late)
    out.over = [known[person] for person in late]
    return out


def _affected(found: Iterable[Row[Any]], kind: Kind) -> list[Row[Any]]:
    """Those open attempts that ``kind`` is for: whoever is paused already is not paused again, and the other way round."""
    wanted = {Kind.PAUSED: {State.IN_PROGRESS}, Kind.RESUMED: {State.PAUSED}}.get(kind)
    return [attempt for attempt in found if wanted is None or attempt.state in wanted]


def _shut(sitting: Sitting) -> Refusal | None:
    """Why nothing in this room moves any more."""
    if sitting.released is not None:
        return Refusal.RELEASED
    return Refusal.CANCELLED if sitting.cancelled is not None else None


def move_close(w: Work, sitting_id: int, closes: datetime, reason: str) -> rule.Refusal | Refusal | int:
    """Let the window end later; answers for how many running attempts the deadline was derived anew, or why it stays."""
    sitting = store.held(w.session, sitting_id)
    refusal = _shut(sitting) or rule.window_refusal(sitting.opens, sitting.closes, closes, w.now)
    if refusal is not None:
        w.record("room.window", f"sitting:{sitting_id}", "refused", code=refusal)
        return refusal
    former, sitting.closes = sitting.closes, closes
    w.session.flush()  # the deadlines are derived from what is kept
    moved = wind_all(w, store.running(w.connection, sitting_id))
    store.add_note(w.connection, sitting_id, "window", reason, w.actor.account_id, w.now, int((closes - former).total_seconds()))
    w.record("room.window", f"sitting:{sitting_id}", former=former.isoformat(), closes=closes.isoformat(), attempts=moved)
    return moved


def change_code(w: Work, sitting_id: int, code: str | None, reason: str) -> None:
    """Another entry code from now on, or none; whoever is in stays in. The code itself is written nowhere else."""
    sitting = sittings.locked(w.session, sitting_id)
    sitting.entry_code = code
    store.add_note(w.connection, sitting_id, "entry_code", reason, w.actor.account_id, w.now)
    w.record("room.entry_code", f"sitting:{sitting_id}", wanted=code is not None)


def waive_browser(w: Work, sitting_id: int, text: str) -> safeguards.Refusal | None:
    """Ask nobody of the sitting for the lockdown browser any more, or say why not; what was demanded stays on record.

    ``text`` is what the room's book says of it: the deed and its reason.
    """
    sitting = store.held(w.session, sitting_id)
    demanded = sitting.safe_browser is not None and not read(sitting.safe_browser).waived
    refusal = safeguards.may_waive(sitting.opens, demanded, sitting.released is not None, sitting.cancelled is not None, w.now)
    if refusal is not None:
        w.record("room.browser_waived", f"sitting:{sitting_id}", "refused", code=refusal)
        return refusal
    sitting.safe_browser = {**(sitting.safe_browser or {}), "waived": True}
    store.add_note(w.connection, sitting_id, "note", text, w.actor.account_id, w.now)
    w.record("room.browser_waived", f"sitting:{sitting_id}")
    return None


def check_in(w: Work, sitting_id: int, person_ids: Sequence[int], note: str) -> int:
    """Note that one has seen who these people are; answers for how many it is new."""
    new = store.check_in(w.connection, sitting_id, person_ids, w.actor.account_id, w.now, note)
    for person_id in new:
        w.record("booking.checked_in", f"sitting:{sitting_id}", person=person_id)
    return len(new)


def undo_check_in(w: Work, sitting_id: int, person_id: int, reason: str) -> bool:
    """Take a check-in back; False when there is none, or when the person has begun on the strength of it."""
    booking = store.booking(w.session, sitting_id, person_id)
    if booking is None or booking.checked_in is None or store.has_begun(w.connection, sitting_id, person_id):
        w.record("booking.unchecked", f"sitting:{sitting_id}", "refused", person=person_id)
        return False
    booking.checked_in, booking.checked_in_by, booking.check_note = None, None, ""
    store.add_note(w.connection, sitting_id, "unchecked", reason, w.actor.account_id, w.now, person_id=person_id)
    w.record("booking.unchecked", f"sitting:{sitting_id}", person=person_id)
    return True


def grant_extra(w: Work, sitting_id: int, person_id: int, seconds: int, reason: str) -> bool:
    """How much longer than others a person has, before they begin; False when they have begun (then their attempt is extended)."""
    booking = store.booking(w.session, sitting_id, person_id)
    if booking is None or store.has_begun(w.connection, sitting_id, person_id):
        w.record("booking.extra_time", f"sitting:{sitting_id}", "refused", person=person_id)
        return False
    booking.extra_seconds, booking.extra_reason = seconds, reason
    store.add_note(w.connection, sitting_id, "extra_time", reason, w.actor.account_id, w.now, seconds, person_id=person_id)
    w.record("booking.extra_time", f"sitting:{sitting_id}", person=person_id, seconds=seconds)
    return True


def note(w: Work, sitting_id: int, text: str, attempt_id: str | None = None) -> None:
    """Write down what one saw: in the room, or of one attempt."""
    store.add_note(w.connection, sitting_id, "note", text, w.actor.account_id, w.now, attempt_id=attempt_id)
    w.record("room.noted", f"sitting:{sitting_id}", **({"attempt": attempt_id} if attempt_id else {}))
