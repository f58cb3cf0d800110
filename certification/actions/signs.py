"""Signs of life from the exam room: where it is, and what it noticed.

Where it is may be lost with a crash and is written in batches; what it noticed
is evidence and is kept at once on the attempt's timeline.
"""

from datetime import datetime

from certification import evidence
from certification.evidence import MAX_SLOTS, Signal
from certification.store import attempts as store
from certification.store import presence
from certification.store.presence import Sight
from foundation.backlog import backlog
from foundation.work import Actor, work

MOST = 10_000_000
"""Milliseconds or characters beyond which nothing more is told."""


def note(actor: Actor, attempt_id: str, signal: Signal, now: datetime) -> None:
    """Take a signal of an open attempt; the door has seen to it that it is the person's own."""
    sight = Sight(attempt_id, now, _on_paper(signal.slot), min(max(0, signal.waiting), MAX_SLOTS), signal.hidden)
    backlog("presence", presence.keep).put([sight])
    if not signal.signs:
        return
    with work(actor, now) as w:
        for sign in evidence.worth_keeping(signal.signs, store.event_count(w.connection, attempt_id)):
            detail = {"slot": _on_paper(sign.slot), "amount": min(max(0, sign.amount), MOST)}
            store.add_event(w.connection, attempt_id, sign.kind, w.now, detail=detail)


def _on_paper(slot: int | None) -> int | None:
    return slot if slot is not None and 0 < slot <= MAX_SLOTS else None
