"""The verbs of regrades: propose, withdraw, run dry, refuse. Committing one stands in ``regrade_commitment``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from certification import regrade_report
from certification.actions import results
from certification.actions.results import Source
from certification.grading import Graded
from certification.layout import Slot
from certification.regrade import Kind, Outcome, Refusal, Ruling, State, apply, check, flips, may_decide, may_propose
from certification.regrade_report import Finding, Line, Report, Signed
from certification.store import attempts, decisions, saving, sittings
from certification.store import regrades as store
from certification.tables import Sitting
from foundation.config import settings
from foundation.database import db
from foundation.work import Work


@dataclass(frozen=True)
class Glance:
    """A source that only reads: what a page's dry run rests on."""

    connection: Connection
    session: Session


@dataclass(frozen=True)
class Proposal:
    """What an officer asks for; ``appeal_id`` names the upheld appeal behind it."""

    version: int
    kind: Kind
    detail: Mapping[str, Any]
    reason: str
    appeal_id: int | None = None


def glance() -> Glance:
    """The request's own reading session as a source."""
    return Glance(db.session.connection(), db.session())


def propose(w: Work, sitting_id: int, proposal: Proposal) -> int | Refusal:
    """Keep a proposal for a sitting that is over, or say why it makes no sense. Nothing is regraded yet."""
    sitting = sittings.locked(w.session, sitting_id)
    refused = may_propose(sitting.closes, store.running(w.session, sitting_id), sitting.cancelled is not None, w.now)
    if refused := refused or _senseless(w, sitting, proposal):
        w.record("regrade.proposed", f"sitting:{sitting_id}", "refused", why=refused)
        return refused
    regrade_id = store.add(
        w.session, sitting_id=sitting_id, version_id=proposal.version, kind=proposal.kind, detail=dict(proposal.detail),
        reason=proposal.reason, proposed=w.now, proposed_by=w.actor.account_id, appeal_id=proposal.appeal_id,
    )
    w.record("regrade.proposed", f"regrade:{regrade_id}", sitting=sitting_id, version=proposal.version, kind=proposal.kind)
    return regrade_id


def _senseless(w: Work, sitting: Sitting, proposal: Proposal) -> Refusal | None:
    """Judge the proposal against the question as it counts now, with what was committed before."""
    found = next(row for row in store.paper(w.session, sitting.form_id) if row[0] == proposal.version)
    version, points, _code, kind, _stem = found
    keys = attempts.grading_keys(w.session, [version])
    slots, ruled, _given = apply([Slot(0, version, points, kind)], keys, store.committed(w.connection, sitting.id))
    return check(proposal.kind, kind, ruled[version], slots[0].points, slots[0].unscored, proposal.detail)


def dry_run(
    source: Source, sitting_id: int, ruling: Ruling, now: datetime, lock: bool = False
) -> tuple[Report, dict[str, Graded]]:
    """What committing ``ruling`` now would do: the report, and by attempt the new results of those in it.

    Everything else that grading knows counts too, exactly as it will at the
    commitment. With ``lock`` the attempts are held until the transaction ends.
    """
    rows = store.graded_attempts(source.connection, sitting_id, lock)
    rulings = [*store.committed(source.connection, sitting_id), ruling]
    graded = {row.id: _graded(source, row, rulings) for row in rows}
    after = {attempt: Outcome(one.mark, one.points, one.passed, one.grade and str(one.grade)) for attempt, one in graded.items()}
    facts = store.facts(source.connection, sitting_id, now, settings().expiring_days)
    hit = flips(store.outcomes(source.connection, sitting_id), after)
    lines = regrade_report.ordered([Line(flip, facts[flip.attempt]) for flip in hit])
    return Report(len(rows), lines), {flip.attempt: graded[flip.attempt] for flip in hit}


def _graded(source: Source, attempt: Row[Any], rulings: list[Ruling]) -> Graded:
    paper = saving.paper_of(attempt)
    steps = saving.newest_steps(source.connection, attempt.id, 1, len(paper.slots))
    return results.compute(source, attempt, paper, steps, rulings)


def ruling_of(row: Any) -> Ruling:
    """A proposal's row as a ruling."""
    return Ruling(row.version_id, Kind(row.kind), row.detail)


def barred(session: store.Reader, account_id: int, row: Any, report: Report) -> Refusal | None:
    """Why an account may not decide on a proposal, if anything speaks against it."""
    touched = [(line.facts.person_id, line.facts.company_id) for line in report.lines]
    decider = decisions.decider_of(session, account_id)
    return may_decide(decider, State(row.state), row.proposed_by, touched, store.involved(session, row))


def withdraw(w: Work, regrade_id: int) -> Refusal | None:
    """The proposer takes a proposal back."""
    row = store.locked(w.session, regrade_id)
    refused = Refusal.SETTLED if row.state != State.PROPOSED else None
    if row.proposed_by != w.actor.account_id:
        refused = refused or Refusal.NOT_PROPOSER
    if refused:
        w.record("regrade.withdrawn", f"regrade:{regrade_id}", "refused", why=refused)
        return refused
    row.state, row.decided, row.decided_by = State.WITHDRAWN, w.now, w.actor.account_id
    w.record("regrade.withdrawn", f"regrade:{regrade_id}")
    return None


def refuse(w: Work, regrade_id: int, note: str) -> Refusal | None:
    """A decider turns a proposal down, with a note; nobody's result changes."""
    row = store.locked(w.session, regrade_id)
    refused = None if row.state == State.PROPOSED else Refusal.SETTLED
    if refused is None:  # who has a part in what it would change may not keep it from happening either
        report, _graded = dry_run(w, row.sitting_id, ruling_of(row), w.now)
        refused = barred(w.session, w.actor.account_id or 0, row, report) or (None if note.strip() else Refusal.NOTE)
    if refused:
        w.record("regrade.refused", f"regrade:{regrade_id}", "refused", why=refused)
        return refused
    row.state, row.decided, row.decided_by, row.note = State.REFUSED, w.now, w.actor.account_id, note.strip()
    w.record("regrade.refused", f"regrade:{regrade_id}")
    return None


def signed(row: Any, sitting: str) -> Signed:
    """What the decider of a committed regrade signed, as it is kept now."""
    return Signed(
        row.id, sitting, row.version_id, row.kind, row.detail, row.reason, row.proposed_by, row.proposed.astimezone(UTC), row.decided_by,
        row.decided.astimezone(UTC), row.note, regrade_report.digest(row.report),
    )


def verify(row: Any, sitting: str) -> Finding:
    """Whether the signature of a committed regrade is ours and covers exactly what is kept: proposal, report, decider and time."""
    key = regrade_report.signing_key(settings().secret_key)
    return regrade_report.verify(row.signature or "", signed(row, sitting), key)


def doctor_signatures(session: store.Reader) -> list[str]:
    """Sentences about committed regrades whose signature does not cover what is kept; none when all is well."""
    found = []
    for row in session.execute(store.listed("", State.COMMITTED)):
        finding = verify(row.Regrade, row.sitting)
        if finding is not Finding.GOOD:
            found.append(f"regrade {row.Regrade.id} of {row.sitting}: its signature is {finding}")
    return found
