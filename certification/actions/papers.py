"""The verbs of a sealed paper: ask to look, be the second person, break the glass, look; put another paper in its place."""

import secrets
from dataclasses import dataclass
from typing import Any

from certification import seal
from certification.programme import from_json
from certification.safeguards import Refusal as Late
from certification.safeguards import may_change
from certification.seal import LASTS, Pass, Refusal
from certification.store import papers as store
from certification.store import sittings
from certification.tables import FormOpening, PaperNote, ProgrammeEdition, Sitting
from foundation.work import Work
from question_bank.actions import papers as bank
from question_bank.assembly import Shortfall, assemble
from question_bank.store import pool as bank_store
from standards import store as standards


def _state(w: Work, form_id: int, account_id: int) -> tuple[bool, list[seal.Opening], bool]:
    """Whether a paper is sealed now, its openings, and whether the account's holder is to sit it."""
    paper = store.paper(w.session, form_id, w.now)
    if paper is None:
        raise LookupError(form_id)
    openings = [store.as_opening(row) for row in store.openings(w.session, paper.seed)]
    return seal.is_sealed(paper.ends, w.now), openings, store.sits(w.session, paper.seed, account_id, w.now)


def ask(w: Work, form_id: int, account_id: int, reason: str) -> Refusal | None:
    """Ask to look into a sealed paper; it waits for a second person."""
    sealed, openings, sits = _state(w, form_id, account_id)
    if refusal := seal.may_ask(sealed, openings, account_id, w.now, sits):
        w.record("paper.asked", f"paper:{form_id}", "refused", code=refusal)
        return refusal
    w.session.add(FormOpening(form_id=form_id, asked=w.now, asked_by=account_id, reason=reason))
    w.record("paper.asked", f"paper:{form_id}")
    return None


def break_glass(w: Work, form_id: int, account_id: int, reason: str) -> Refusal | None:
    """Open a sealed paper alone, at once; everybody else is told."""
    sealed, openings, sits = _state(w, form_id, account_id)
    if refusal := seal.may_break(sealed, openings, account_id, w.now, sits):
        w.record("paper.glass_broken", f"paper:{form_id}", "refused", code=refusal)
        return refusal
    opening = FormOpening(
        form_id=form_id, asked=w.now, asked_by=account_id, reason=reason, broken_glass=True, confirmed=w.now, ends=w.now + LASTS
    )
    w.session.add(opening)
    w.session.flush()
    w.record("paper.glass_broken", f"paper:{form_id}", opening=opening.id)
    return None


def answer(w: Work, opening_id: int, account_id: int, agrees: bool) -> Refusal | None:
    """The second person confirms or turns down; whoever asked may take the request back."""
    opening = store.locked_opening(w.session, opening_id)
    sealed, _openings, sits = _state(w, opening.form_id, account_id)
    facts = store.as_opening(opening)
    refusal = seal.may_confirm(sealed, facts, account_id, w.now, sits) if agrees else seal.may_refuse(sealed, facts, w.now)
    event = "paper.opened" if agrees else "paper.turned_down"
    if refusal:
        w.record(event, f"paper:{opening.form_id}", "refused", code=refusal, opening=opening_id)
        return refusal
    if agrees:
        opening.confirmed, opening.confirmed_by, opening.ends = w.now, account_id, w.now + LASTS
    else:
        opening.refused = True
    w.record(event, f"paper:{opening.form_id}", opening=opening_id)
    return None


def look(w: Work, form_id: int, account_id: int) -> int | Refusal:
    """Leave to see a paper's questions now: the id of the row in the log, or why not."""
    sealed, openings, sits = _state(w, form_id, account_id)
    found = seal.may_look(sealed, openings, account_id, w.now, sits)
    if not isinstance(found, Pass):
        w.record("paper.looked", f"paper:{form_id}", "refused", code=found)
        return found
    row = store.add_look(w.session, form_id, found.opening_id, account_id, w.now)
    w.record("paper.looked", f"paper:{form_id}", look=row, opening=found.opening_id)
    return row


@dataclass(frozen=True)
class Replaced:
    """The paper that took the place of another, and how many questions both hold."""

    form_id: int
    shared: int


def replace(w: Work, sitting_id: int, reason: str) -> Replaced | Shortfall | Late:
    """Put another paper in the place of a sitting's, with none of its questions if the pool allows; the old one is kept."""
    sitting = sittings.locked(w.session, sitting_id)
    if late := change_refusal(w, sitting):
        w.record("paper.replaced", f"sitting:{sitting_id}", "refused", code=late)
        return late
    former = store.paper(w.session, sitting.form_id, w.now)
    spec = from_json(w.session.get_one(ProgrammeEdition, sitting.programme_edition_id).spec)
    known = {version for section in former.sections for version, _points in section["slots"]} if former else set()
    pool, camps, seed = bank_store.pool(w.session, spec.standards), standards.clash_camps(w.session), secrets.token_hex(16)
    paper = assemble(spec.exam.blueprint, [item for item in pool if item.version_id not in known], seed, camps)
    if isinstance(paper, Shortfall):
        paper = assemble(spec.exam.blueprint, pool, seed, camps)
    if isinstance(paper, Shortfall):
        w.record("paper.replaced", f"sitting:{sitting_id}", "refused", rows=[row.row for row in paper.rows])
        return paper
    put_in_place(w, sitting, seed, paper.sections, "replaced", reason)
    w.record("paper.replaced", f"sitting:{sitting_id}", form=sitting.form_id)
    return Replaced(sitting.form_id, sum(version in known for section in paper.sections for version, _points in section["slots"]))


def change_refusal(w: Work, sitting: Sitting) -> Late | None:
    """Why a locked sitting's paper and safeguards stay as they are; None when they may be changed."""
    started = sittings.progress(w.session, sitting.id).started
    return may_change(sitting.opens, started, sitting.cancelled is not None, w.now)


def put_in_place(w: Work, sitting: Sitting, seed: str, sections: list[dict[str, Any]], kind: str, reason: str) -> None:
    """Keep a paper under the next free code, give it to a locked sitting, and note why."""
    former = sitting.form_id
    sitting.form_id = bank.keep_form(w, _next_code(w, sitting.code), seed, sections)
    w.session.add(PaperNote(
        kind=kind, sitting_id=sitting.id, form_id=sitting.form_id, former_id=former, reason=reason, by=w.actor.account_id, at=w.now
    ))


def _next_code(w: Work, sitting_code: str) -> str:
    taken = store.codes_like(w.session, f"F-{sitting_code}")
    number = 2
    while f"F-{sitting_code}-{number}" in taken:
        number += 1
    return f"F-{sitting_code}-{number}"
