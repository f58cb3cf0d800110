"""The verbs of the decision: open a case, grant it, refuse it; what was proposed about a licence is decided here too."""

from collections.abc import Sequence

from certification import decision as rule
from certification import licence as licence_rule
from certification.actions import licence_acts, licences
from certification.actions.licence_acts import Act
from certification.actions.licences import NewEvent
from certification.decision import Decider, Deed, Outcome, Refusal, Verdict
from certification.licence import Kind, Validity
from certification.licence_act import Reason
from certification.store import decisions as store
from certification.store import licences as licence_store
from certification.store.decisions import Filing
from certification.store.licences import LicenceView
from foundation.work import Work


def open_for(w: Work, person_id: int, programme_edition_id: int, attempt_id: str | None, grade: str | None) -> int | None:
    """Open a pending decision on a passed result; None when that attempt has one already."""
    decision_id = store.open_case(w.session, person_id, programme_edition_id, attempt_id, grade, w.now)
    if decision_id is not None:
        w.record("decision.opened", f"decision:{decision_id}", attempt=attempt_id, grade=grade)
    return decision_id


def decide(w: Work, decision_ids: Sequence[int], verdict: Verdict, reason: str = "", alone: bool = True) -> list[Outcome]:
    """Judge and record each case by itself, oldest first; a refused one does not hold up the others.

    The decider is the account that acts. Ids that do not exist are left out. Not ``alone``: what may still change is held back.
    """
    if w.actor.account_id is None:
        raise ValueError("a decision needs an account that decides")
    decider = store.decider_of(w.session, w.actor.account_id)
    filed = store.filings(w.session, decision_ids, w.now, licences.zone())
    return [_decide(w, filing, decider, verdict, reason.strip(), alone) for filing in filed]


def _decide(w: Work, filing: Filing, decider: Decider, verdict: Verdict, reason: str, alone: bool) -> Outcome:
    outcome = _refusal(w, filing, decider, verdict, reason, alone)
    if outcome.refusal:
        w.record(f"decision.{verdict}", f"decision:{filing.decision_id}", "refused", why=outcome.ledger or outcome.refusal)
        return outcome
    state = "granted" if verdict is Verdict.GRANT else "refused"
    store.close_case(w.session, filing.decision_id, state, reason, decider.account_id, w.now)
    w.record(f"decision.{state}", f"decision:{filing.decision_id}")
    if verdict is Verdict.REFUSE:
        return outcome
    if filing.licence_id is None:
        return grant(w, filing, reason)
    licence_acts.carry_out(w, filing.licence_id, _act(filing, reason), filing.decision_id)
    return outcome


def _refusal(w: Work, filing: Filing, decider: Decider, verdict: Verdict, reason: str, alone: bool) -> Outcome:
    """The outcome before anything is done: with the refusal, if anything speaks against the verdict."""
    refusal, ledger = rule.judge(decider, filing.case, verdict, reason, alone), None
    if refusal is None and verdict is Verdict.GRANT:
        if filing.licence_id is None:
            refusal = _exam_refusal(w, filing)
        elif ledger := licence_acts.check(w, filing.licence_id, _act(filing, reason)):
            refusal = Refusal.LEDGER
    return Outcome(filing.decision_id, filing.person, refusal, ledger=ledger)


def _act(filing: Filing, reason: str) -> Act:
    """What was proposed, for the decider's reason, or the proposer's where the decider gave none."""
    return Act(Kind(filing.kind), filing.reason_code, reason or filing.proposal, filing.effective, filing.holder)


def _exam_refusal(w: Work, filing: Filing) -> Refusal | None:
    """Why the exam behind a case does not renew the licence that the person has, if anything speaks against it."""
    done, licence_id, view = _deed(w, filing)
    if done is Deed.NEW or licence_id is None or view is None or not view.spans:
        return None
    held = licence_rule.standing_at(view.spans, w.now, 0)
    if held.until is None or held.certified is None:
        return None
    return rule.renewal_refusal(held.until, held.certified, filing.sat, w.now, filing.window_days)


def _deed(w: Work, filing: Filing) -> tuple[Deed, int | None, LicenceView | None]:
    """Whether a grant opens a licence or renews one, and which."""
    held = {view.id: view for view in licence_store.licences_under(w.session, filing.case.person_id, filing.programme_id)}
    done, licence_id = rule.deed({id_: licence_rule.standing_at(view.spans, w.now, 0).state for id_, view in held.items()})
    return done, licence_id, held.get(licence_id or 0)


def grant(w: Work, filing: Filing, reason: str) -> Outcome:
    """Carry a grant into the ledger: open a licence, or renew the one that the person has under the programme."""
    done, licence_id, view = _deed(w, filing)
    validity = Validity(filing.months, licences.zone())
    if done is Deed.NEW or licence_id is None or view is None:
        licence_id, number = licences.new_licence(w, filing.case.person_id, filing.edition_id, w.now)
        kind, until = Kind.GRANTED, licence_rule.add_months(w.now, validity.months, validity.zone)
    else:
        ledger = licence_store.events_of(w.connection, licence_id)
        number, kind = view.number, Kind.RENEWED
        until = licence_rule.end_of_renewal(ledger, w.now, validity, filing.window_days)
    event = NewEvent(kind, w.now, filing.grade, until, reason, decision_id=filing.decision_id, reason_code=Reason.PASSED)
    licences.append_event(w, licence_id, event)
    return Outcome(filing.decision_id, filing.person, None, number, until, kind is Kind.RENEWED)
