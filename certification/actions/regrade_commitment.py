"""Committing a regrade: one signed decision, and everything that follows from it in the same transaction.

Results are graded again (the old ones stay among the past ones), decisions are
opened, changed or refused, and each licence that the result had earned is kept,
reduced, upgraded or revoked as the decider said of it, never by itself; of each
the decider must have said something.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from certification import regrade_report
from certification.actions import decisions as case
from certification.actions import item_figures, licence_acts, regrades
from certification.actions.licence_acts import Act
from certification.grading import Graded
from certification.licence import Kind
from certification.licence import State as Standing
from certification.licence_act import Reason
from certification.regrade import Change, Deed, Refusal, State
from certification.regrade_report import Choice, Line, Report, Said
from certification.store import attempts, decisions, sittings
from certification.store import regrades as store
from certification.tables import Sitting
from foundation.config import settings
from foundation.work import Work

DEEDS = {Deed.REVOKE: Kind.REVOKED, Deed.REDUCE: Kind.SCOPE_REDUCED, Deed.UPGRADE: Kind.UPGRADED}


@dataclass(frozen=True)
class Committed:
    """What was done, in numbers; ``deeds`` by licence id."""

    report: Report
    deeds: dict[int, Deed]


def carry_out(w: Work, regrade_id: int, digest: str, note: str, said: Said) -> Committed | Refusal:
    """Sign and carry out a proposal, all or nothing.

    ``digest`` is that of the dry run that the decider read: MOVED when the
    facts are others by now, UNDECIDED when ``said`` leaves out a licence that
    is touched. Locked in this order: sitting, proposal, attempts.
    """
    sitting = sittings.locked(w.session, store.sitting_of(w.session, regrade_id))
    row = store.locked(w.session, regrade_id)
    report, graded = regrades.dry_run(w, sitting.id, regrades.ruling_of(row), w.now, lock=True)
    refused = regrades.barred(w.session, w.actor.account_id or 0, row, report)
    refused = refused or (None if note.strip() else Refusal.NOTE)
    plain = regrade_report.plain(report)
    refused = refused or (None if regrade_report.digest(plain) == digest else Refusal.MOVED)
    if refused := refused or (Refusal.UNDECIDED if said.silent(report) else None):
        w.record("regrade.committed", f"regrade:{regrade_id}", "refused", why=refused)
        return refused
    _regrade(w, regrade_id, report, graded)
    if sitting.released:
        _decide(w, sitting, regrade_id, note.strip(), report)
        item_figures.ask(w, sitting.id)
    deeds = [_do_about(w, regrade_id, line, said, note.strip()) for line in report.touched]
    row.state, row.decided, row.decided_by, row.note = State.COMMITTED, w.now, w.actor.account_id, note.strip()
    row.report = {**plain, "deeds": deeds}
    signed = regrades.signed(row, sitting.code)
    row.signature = regrade_report.sign(signed, regrade_report.signing_key(settings().secret_key))
    counts = {str(what): number for what, number in report.counts.items() if number}
    w.record("regrade.committed", f"regrade:{regrade_id}", sitting=sitting.id, report=signed.report, **counts)
    return Committed(report, {entry["licence"]: Deed(entry["deed"]) for entry in deeds})


def _regrade(w: Work, regrade_id: int, report: Report, graded: Mapping[str, Graded]) -> None:
    """Keep the new results; a result that stays the same is left alone."""
    for line in report.lines:
        attempts.keep_result(w.connection, line.flip.attempt, graded[line.flip.attempt], w.now, f"regrade:{regrade_id}")
        w.record("result.regraded", f"attempt:{line.flip.attempt}", regrade=regrade_id, change=line.flip.change)


def _decide(w: Work, sitting: Sitting, regrade_id: int, note: str, report: Report) -> None:
    """The decisions that rest on results which are out: open for who passes now, close for who does not, correct the grade."""
    for line in report.lines:
        facts, after = line.facts, line.flip.after
        match line.flip.change, facts.decision:
            case Change.PASSES, None:
                case.open_for(w, facts.person_id, sitting.programme_edition_id, line.flip.attempt, after.grade)
            case Change.PASSES, "refused":
                _reopen(w, regrade_id, line)
            case Change.PASSES, "granted" if facts.earned is None or facts.earned.state in (Standing.REVOKED, Standing.SUPERSEDED):
                _reopen(w, regrade_id, line)
            case Change.FAILS, "pending":
                decisions.close_case(w.session, facts.decision_id or 0, "refused", note, w.actor.account_id or 0, w.now)
                w.record("decision.refused", f"decision:{facts.decision_id}", regrade=regrade_id)
            case Change.RISES | Change.FALLS, "pending":
                store.regrade_decision(w.connection, facts.decision_id or 0, after.grade)
                w.record("decision.regraded", f"decision:{facts.decision_id}", regrade=regrade_id, grade=after.grade)


def _reopen(w: Work, regrade_id: int, line: Line) -> None:
    """Somebody passes after all: what was decided on the failed result is decided anew."""
    facts = line.facts
    store.reopen_decision(w.connection, facts.decision_id or 0, line.flip.after.grade, w.now)
    w.record("decision.reopened", f"decision:{facts.decision_id}", regrade=regrade_id, former=facts.decision)


def _do_about(w: Work, regrade_id: int, line: Line, said: Said, note: str) -> dict[str, Any]:
    """Do about one licence what was said of it; answers it for the report.

    The ledger's entry begins with the code of the regrade, so that a holder and an auditor find it.
    """
    held, deed = line.facts.earned, said.of(line)
    assert held is not None, "a touched line has a licence"
    assert deed is not None, "a licence that nothing was said of is refused before"
    reason = said.licences.get(held.licence_id, Choice()).reason.strip() or note
    if deed in DEEDS:
        act = Act(DEEDS[deed], Reason.REGRADE, f"[R{regrade_id}] {reason}")
        if refused := licence_acts.change(w, held.licence_id, act):
            raise RuntimeError(f"licence {held.number} was to be {act.kind} and may not: {refused}")  # it was offered in this transaction
    w.record("regrade.licence", f"licence:{held.licence_id}", regrade=regrade_id, deed=deed)
    return {"licence": held.licence_id, "number": held.number, "deed": str(deed), "reason": reason}
