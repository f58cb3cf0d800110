"""The verbs of the decision: open a case, grant it, refuse it."""

from collections.abc import Sequence

from certification import decision as rule
from certification import licence as licence_rule
from certification.actions import licences
from certification.actions.licences import NewEvent
from certification.decision import Decider, Deed, Outcome, Verdict
from certification.licence import Kind, Validity
from certification.store import decisions as store
from certification.store import licences as licence_store
from certification.store.decisions import Filing
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
    return [_decide(w, filing, decider, verdict, reason.strip(), alone) for filing in store.filings(w.session, decision_ids)]


def _decide(w: Work, filing: Filing, decider: Decider, verdict: Verdict, reason: str, alone: bool) -> Outcome:
    subject = f"decision:{filing.decision_id}"
    if refusal := rule.judge(decider, filing.case, verdict, reason, alone):
        w.record(f"decision.{verdict}", subject, "refused", why=refusal)
        return Outcome(filing.decision_id, filing.person, refusal)
    state = "granted" if verdict is Verdict.GRANT else "refused"
    store.close_case(w.session, filing.decision_id, state, reason, decider.account_id, w.now)
    w.record(f"decision.{state}", subject)
    return grant(w, filing, reason) if verdict is Verdict.GRANT else Outcome(filing.decision_id, filing.person)


def grant(w: Work, filing: Filing, reason: str) -> Outcome:
    """Carry a grant into the ledger: open a licence, or renew the one that the person has under the programme."""
    held = {view.id: view for view in licence_store.licences_under(w.session, filing.case.person_id, filing.programme_id)}
    states = {id_: licence_rule.standing_at(view.spans, w.now, 0).state for id_, view in held.items()}
    done, licence_id = rule.deed(states)
    validity = Validity(filing.months, licences.zone())
    if done is Deed.NEW or licence_id is None:
        licence_id, number = licences.new_licence(w, filing.case.person_id, filing.edition_id, w.now)
        kind, until = Kind.GRANTED, licence_rule.add_months(w.now, validity.months, validity.zone)
    else:
        ledger = licence_store.events_of(w.connection, licence_id)
        number, kind = held[licence_id].number, Kind.RENEWED
        until = licence_rule.end_of_renewal(ledger, w.now, validity, filing.window_days)
    event = NewEvent(kind, w.now, filing.grade, until, reason, decision_id=filing.decision_id)
    licences.append_event(w, licence_id, event)
    return Outcome(filing.decision_id, filing.person, None, number, until, kind is Kind.RENEWED)
