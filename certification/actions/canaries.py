"""The verbs of trap questions: mark an item, unmark it, put some on a sitting's paper."""

import random
import secrets
from typing import Any

from certification import canary
from certification.actions.papers import change_refusal, put_in_place
from certification.canary import Refusal
from certification.programme import from_json
from certification.safeguards import Refusal as Late
from certification.store import contents, papers, sittings
from certification.tables import PaperNote, ProgrammeEdition
from foundation.work import Work


def mark(w: Work, code: str, reason: str, on: bool) -> Refusal | None:
    """Make the item of that code a trap, or an ordinary item again; the reason is kept."""
    event = "item.canary_marked" if on else "item.canary_unmarked"
    item = contents.locked_item(w.session, code)
    if item is None:
        w.record(event, "item:unknown", "refused", code=Refusal.UNKNOWN)
        return Refusal.UNKNOWN
    facts = contents.canary_facts(w.session, item)
    if refusal := canary.may_mark(facts) if on else canary.may_unmark(facts):
        w.record(event, f"item:{code}", "refused", code=refusal)
        return refusal
    item.canary = on
    w.session.add(PaperNote(kind="marked" if on else "unmarked", item_id=item.id, reason=reason, by=w.actor.account_id, at=w.now))
    w.record(event, f"item:{code}")
    return None


def place(w: Work, sitting_id: int, count: int, reason: str = "") -> int | Refusal | Late:
    """Let a sitting's paper carry ``count`` traps by lot; answers how many. The paper is a new one with the same questions."""
    sitting = sittings.locked(w.session, sitting_id)
    if late := change_refusal(w, sitting):
        w.record("paper.canaries", f"sitting:{sitting_id}", "refused", code=late)
        return late
    paper: Any = papers.paper(w.session, sitting.form_id, w.now)
    if len(canary.on_paper(paper.sections)) == count:
        return count
    spec = from_json(w.session.get_one(ProgrammeEdition, sitting.programme_edition_id).spec)
    there = contents.available_canaries(w.session, spec.standards)
    if len(there) < count:
        w.record("paper.canaries", f"sitting:{sitting_id}", "refused", code=Refusal.TOO_FEW)
        return Refusal.TOO_FEW
    lot = secrets.token_hex(16)
    sections = canary.place(paper.sections, random.Random(lot).sample(there, count), lot)
    put_in_place(w, sitting, paper.seed, sections, "canaries", reason)
    w.record("paper.canaries", f"sitting:{sitting_id}", count=count, form=sitting.form_id)
    return count
