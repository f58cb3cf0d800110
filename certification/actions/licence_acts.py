"""What a decider does to a licence, at once or by granting what was proposed: the act, its decision, its event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from certification import licence_act as rule
from certification.actions import licences
from certification.actions.licences import NewEvent
from certification.licence import Event, Kind, Validity
from certification.licence_act import GRADES, Reason, Refusal
from certification.store import breaches
from certification.store import decisions as decision_store
from certification.store import licences as store
from foundation.work import Work
from people.actions import rosters


@dataclass(frozen=True)
class Act:
    """What is to be done to a licence. ``effective`` None: as soon as it is decided; ``holder``: the name of a superseding licence."""

    kind: Kind
    reason_code: Reason | str
    reason: str
    effective: datetime | None = None
    holder: str = ""


def change(w: Work, licence_id: int, act: Act) -> Refusal | None:
    """Do it and record the decision, or say why not.

    Who may do so is judged before, by ``certification.decision``. The person is
    locked before the licence, as everywhere: a name concerns all of them.
    """
    breaches.hold_person(w.session, store.person_of(w.connection, licence_id))
    if refusal := check(w, licence_id, act):
        w.record(f"licence.{act.kind}", f"licence:{licence_id}", "refused", why=refusal)
        return refusal
    decision_id = _decision(w, licence_id, act, w.now)
    carry_out(w, licence_id, act, decision_id)
    return None


def propose(w: Work, licence_id: int, act: Act) -> int | Refusal:
    """Open a pending decision on an act, for a decider to grant or refuse; answers its id."""
    person_id = store.person_of(w.connection, licence_id)
    breaches.hold_person(w.session, person_id)
    refusal = check(w, licence_id, act)
    if refusal is None and decision_store.proposed(w.session, person_id, licence_id, act.kind):
        refusal = Refusal.ASKED_ALREADY
    if refusal:
        w.record("decision.opened", f"licence:{licence_id}", "refused", act=act.kind, why=refusal)
        return refusal
    decision_id = _decision(w, licence_id, act, None)
    w.record("decision.opened", f"decision:{decision_id}", act=act.kind, licence=licence_id)
    return decision_id


def _decision(w: Work, licence_id: int, act: Act, decided: datetime | None) -> int:
    licence = store.locked(w.connection, licence_id)
    who = {"opened_by": w.actor.account_id} | ({"decided_by": w.actor.account_id} if decided else {})
    decision_id = decision_store.add_act(
        w.session, kind=act.kind, person_id=licence.person_id, programme_edition_id=licence.programme_edition_id, licence_id=licence_id,
        state="granted" if decided else "pending", grade=GRADES.get(act.kind), effective=act.effective, holder=act.holder,
        reason_code=act.reason_code, opened=w.now, decided=decided, **{"reason" if decided else "proposal": act.reason}, **who,
    )
    if decided:
        w.record("decision.acted", f"decision:{decision_id}", act=act.kind, licence=licence_id)
    return decision_id


def check(w: Work, licence_id: int, act: Act) -> Refusal | None:
    """Why the act may not be done now, if anything speaks against it; the licence stays locked."""
    ledger, validity, person_id = _ledger(w, licence_id)
    at = max(act.effective or w.now, w.now)
    if act.reason_code not in rule.CODES[act.kind]:
        return Refusal.WRONG_REASON
    unmet = breaches.unmet(w.session, person_id) if act.kind is Kind.REINSTATED else ()
    refusal = rule.refusal(ledger, act.kind, at, validity, GRADES.get(act.kind), unmet)
    if refusal or act.kind is not Kind.SUPERSEDED:
        return refusal
    return Refusal.PLANNED_NAME if at > w.now else rule.name_refusal(store.holder_of(w.connection, licence_id), act.holder)


def _ledger(w: Work, licence_id: int) -> tuple[list[Event], Validity, int]:
    licence = store.locked(w.connection, licence_id)
    validity = Validity(store.months_of(w.connection, licence.programme_edition_id), licences.zone())
    return store.events_of(w.connection, licence_id), validity, licence.person_id


def carry_out(w: Work, licence_id: int, act: Act, decision_id: int) -> None:
    """Write what was checked and decided into the ledger; a day that has come in the meantime becomes now."""
    at = max(act.effective or w.now, w.now)
    if act.kind is not Kind.SUPERSEDED:
        event = NewEvent(act.kind, at, GRADES.get(act.kind), reason=act.reason, decision_id=decision_id, reason_code=act.reason_code)
        licences.append_event(w, licence_id, event)
        return
    person_id = store.locked(w.connection, licence_id).person_id
    rosters.rename(w, person_id, act.holder)
    for living in store.living_of(w.session, person_id):
        _supersede(w, living, act, decision_id)


def _supersede(w: Work, licence_id: int, act: Act, decision_id: int) -> None:
    """Open the licence in the new name with everything that the old one was worth, and end the old one.

    A name is one person's: every licence of theirs that is not over is replaced.
    """
    ledger, validity, person_id = _ledger(w, licence_id)
    if rule.refusal(ledger, Kind.SUPERSEDED, w.now, validity):
        return
    edition_id = store.locked(w.connection, licence_id).programme_edition_id
    successor, _number = licences.new_licence(w, person_id, edition_id, w.now)
    licences.append_events(w, successor, _carried(rule.succession(ledger, w.now, validity), act.reason, decision_id))
    event = NewEvent(
        Kind.SUPERSEDED, w.now, reason=act.reason, decision_id=decision_id, successor_id=successor, reason_code=act.reason_code
    )
    licences.append_event(w, licence_id, event)


def _carried(events: Sequence[Event], reason: str, decision_id: int) -> list[NewEvent]:
    return [
        NewEvent(
            event.kind, event.effective, event.grade, event.until, event.reason or reason, decision_id=decision_id,
            reason_code=Reason.CARRIED_OVER, certified=event.certified,
        )
        for event in events
    ]
