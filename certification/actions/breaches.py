"""The verbs of breaches: record one with its evidence, appeal, decide, and carry out what the points demand."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from certification import breach as rule
from certification.actions import licences
from certification.actions.licences import NewEvent, zone
from certification.breach import Closed, Demand, Kind, Refusal, Severity, Source, State, Verdict
from certification.breach_file import MOST_FILES, Evidence
from certification.licence import Kind as LicenceKind
from certification.licence_number import ALPHABET
from certification.store import breaches as store
from certification.store import decisions
from certification.tables import Breach, BreachFile, BreachMeasure, Decision
from foundation.work import SYSTEM, Work, work
from foundation.worker import sweep

LIFTED_CODE = "breach_lifted"
FULFILLED = {
    Kind.RETRAINING: Closed.TRAINED, Kind.REEXAMINATION: Closed.CERTIFIED, Kind.SUSPENSION: Closed.OVER, Kind.REVOCATION: Closed.DECIDED,
}


@dataclass(frozen=True)
class Found:
    """What was found in the field; ``decision_id`` is the dispatch decision of the visit, where it is known."""

    person_id: int
    clause_id: int
    source: Source
    severity: Severity
    occurred: datetime
    description: str
    programme_id: int | None = None
    decision_id: str | None = None
    files: Sequence[Evidence] = ()


def record(w: Work, found: Found) -> str | Refusal:
    """Record a breach and carry out what it brings about; answers its number.

    What the same account has written down before in the same words is not counted twice: somebody pressed the button again.
    """
    if refused := rule.may_record(found.occurred, found.description, w.now, zone()):
        w.record("breach.recorded", f"person:{found.person_id}", "refused", why=refused)
        return refused
    store.hold_person(w.session, found.person_id)
    if known := store.same(w.session, found.person_id, found.clause_id, found.occurred, found.description.strip(), w.actor.account_id):
        return known
    row = Breach(
        number=_number(w), person_id=found.person_id, programme_id=found.programme_id, source=found.source, clause_id=found.clause_id,
        severity=found.severity, points=rule.points_of(found.severity, store.is_key(w.session, found.clause_id)), occurred=found.occurred,
        description=found.description.strip(), decision_id=found.decision_id, state=State.CONFIRMED, recorded=w.now,
        recorded_by=w.actor.account_id,
    )
    w.session.add(row)
    w.session.flush()
    w.record("breach.recorded", f"breach:{row.id}", person=found.person_id, clause=found.clause_id, points=row.points)
    add_files(w, row.id, found.files)
    settle(w, found.person_id)
    _suspend_anew(w, found.person_id, row.id)
    return row.number


def _number(w: Work) -> str:
    """A number that nobody has: the year and six characters drawn by lot, so that it tells nothing of how many there are."""
    while True:
        drawn = f"BR-{w.now.astimezone(zone()).year}-{''.join(secrets.choice(ALPHABET) for _ in range(6))}"
        if not store.number_taken(w.session, drawn):
            return drawn


def add_files(w: Work, breach_id: int, files: Sequence[Evidence]) -> bool:
    """Keep evidence, unless there would be too much of it; what is there already is not kept twice."""
    there = {row.digest for row in store.locked_files(w.session, breach_id)}
    fresh = {file.digest: file for file in files if file.digest not in there}
    if len(there) + len(fresh) > MOST_FILES:
        return False
    for file in fresh.values():
        row = BreachFile(
            breach_id=breach_id, name=file.name, media_type=file.media_type, content=file.content, digest=file.digest, added=w.now,
            added_by=w.actor.account_id,
        )
        w.session.add(row)
        w.session.flush()
        w.record("breach.evidence_added", f"breach:{breach_id}", file=row.id, sha256=file.digest.hex())
    return True


def appeal(w: Work, breach_id: int, text: str) -> Refusal | None:
    """The person appeals; whose breach it is, the door has asked."""
    row = store.locked(w.session, breach_id)
    refused = rule.may_appeal(State(row.state), row.decided, row.recorded, w.now, zone())
    refused = refused or (Refusal.SHORT if len(text.strip()) < rule.SHORTEST else None)
    if refused:
        w.record("breach.appealed", f"breach:{breach_id}", "refused", why=refused)
        return refused
    row.state, row.appealed, row.appeal_text = State.APPEALED, w.now, text.strip()
    w.record("breach.appealed", f"breach:{breach_id}")
    return None


def barred(session: store.Reader, account_id: int, row: Breach, company_id: int) -> Refusal | None:
    """Why an account may not decide on this breach at all."""
    return rule.barred(decisions.decider_of(session, account_id), row.person_id, company_id, row.recorded_by)


def decide(w: Work, person_id: int, breach_id: int, verdict: Verdict, outcome: str) -> Refusal | None:
    """Lift a breach or uphold it, with reasons. Lifting derives the person's measures anew."""
    store.hold_person(w.session, person_id)
    row, decider = store.locked(w.session, breach_id), decisions.decider_of(w.session, w.actor.account_id or 0)
    company = store.company_of(w.session, person_id)
    if refused := rule.may_decide(decider, State(row.state), person_id, company, row.recorded_by, verdict, outcome):
        w.record("breach.decided", f"breach:{breach_id}", "refused", why=refused)
        return refused
    row.state = State.LIFTED if verdict is Verdict.LIFT else State.CONFIRMED
    row.decided, row.decided_by, row.outcome = w.now, decider.account_id, outcome.strip()
    w.session.flush()
    w.record("breach.decided", f"breach:{breach_id}", verdict=verdict)
    settle(w, person_id)
    return None


def settle(w: Work, person_id: int) -> None:
    """Make the measures that are kept those that the breaches demand, and the licences follow; the person's row is held."""
    w.session.flush()
    plan = rule.settle(store.findings(w.session, person_id), store.taken(w.session, person_id), zone())
    for old in plan.close:
        store.close_measure(w.session, old.id, w.now, Closed.LIFTED, w.actor.account_id)
        w.record("breach.measure_closed", f"measure:{old.id}", person=person_id, why=Closed.LIFTED)
    opened = {demand.kind: _open(w, person_id, demand) for demand in plan.open}
    lost = {old.kind for old in plan.close} - set(opened)
    if Kind.SUSPENSION in opened:
        _suspend(w, person_id, opened[Kind.SUSPENSION])
    if Kind.SUSPENSION in lost:
        _reinstate(w, person_id)
    if Kind.REVOCATION in opened:
        _propose(w, person_id, opened[Kind.REVOCATION])
    if Kind.REVOCATION in lost:
        _take_back(w, person_id)


def _open(w: Work, person_id: int, demand: Demand) -> Demand:
    row = BreachMeasure(
        person_id=person_id, breach_id=demand.breach_id, kind=demand.kind, points=demand.points, opened=demand.opened, due=demand.due
    )
    w.session.add(row)
    w.session.flush()
    w.record(f"breach.{demand.kind}", f"measure:{row.id}", person=person_id, breach=demand.breach_id, points=demand.points)
    return demand


def _suspend(w: Work, person_id: int, demand: Demand) -> None:
    """Take every licence in force out of force, as the rule does it: nobody decides, so nobody stands in the ledger."""
    reason = f"违规记分累计 {demand.points} 分，按公布的规则暂停"
    for licence_id in store.in_force(w.session, person_id, w.now):
        event = NewEvent(LicenceKind.SUSPENDED, w.now, reason=reason, reason_code=store.REASON_CODE, by_rule=True)
        licences.append_event(w, licence_id, event)


def _suspend_anew(w: Work, person_id: int, breach_id: int) -> None:
    """A breach that demands a suspension reaches what came into force while an earlier one was still kept as open."""
    for demand in rule.demands(store.findings(w.session, person_id), zone()):
        if demand.breach_id == breach_id and demand.kind is Kind.SUSPENSION:
            _suspend(w, person_id, demand)


def _reinstate(w: Work, person_id: int) -> None:
    """Put back what the rule suspended: its ground is gone."""
    for licence_id in store.suspended_by_points(w.session, person_id):
        event = NewEvent(LicenceKind.REINSTATED, w.now, reason="违规记录已撤销，暂停不再有依据", reason_code=LIFTED_CODE)
        licences.append_event(w, licence_id, event)


def _propose(w: Work, person_id: int, demand: Demand) -> None:
    """Ask a decider whether each licence that lives is to be revoked."""
    waiting = store.proposed_for(w.session, person_id)
    for licence_id, edition_id in store.living(w.session, person_id, w.now):
        if licence_id in waiting:
            continue
        row = Decision(
            person_id=person_id, programme_edition_id=edition_id, licence_id=licence_id, kind=LicenceKind.REVOKED, state="pending",
            opened=w.now, reason_code=store.REASON_CODE, proposal=f"违规记分累计 {demand.points} 分，按公布的规则提请撤销",
        )
        w.session.add(row)
        w.session.flush()
        w.record("decision.opened", f"decision:{row.id}", licence=licence_id, points=demand.points)


def _take_back(w: Work, person_id: int) -> None:
    """Close the proposals that have lost their ground, by the decision that took it from them."""
    for decision_id in store.proposals(w.session, person_id):
        decisions.close_case(w.session, decision_id, "refused", "违规记录已撤销，提请不再有依据", w.actor.account_id or 0, w.now)
        w.record("decision.refused", f"decision:{decision_id}", why=LIFTED_CODE)


def fulfil(w: Work, person_ids: Iterable[int] | None = None) -> int:
    """Close the measures that facts have fulfilled, of some people or of all; answers how many.

    Closed as of the fact: a training that was held before a later breach does not stand for that one.
    """
    done = 0
    for row in store.open_measures(w.session, person_ids):
        kind = Kind(row.kind)
        at = {Kind.RETRAINING: row.trained, Kind.REEXAMINATION: row.certified}.get(kind)
        over = {Kind.SUSPENSION: not row.suspended, Kind.REVOCATION: not row.proposed}.get(kind)
        if at is None and not over:
            continue
        store.hold_person(w.session, row.person_id)
        store.close_measure(w.session, row.id, at or w.now, FULFILLED[kind], w.actor.account_id)
        w.record("breach.measure_closed", f"measure:{row.id}", person=row.person_id, why=FULFILLED[kind])
        settle(w, row.person_id)
        done += 1
    return done


@sweep("breach-measures")
def sweep_measures(now: datetime) -> int:
    """What was not closed as it happened is closed here; correctness never waits for it (``store.unmet`` asks the facts)."""
    with work(SYSTEM, now) as w:
        return fulfil(w)
