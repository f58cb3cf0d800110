"""The verbs of appeals and complaints: file, take, give back, answer, withdraw."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from certification import appeal as rule
from certification.actions.licences import zone
from certification.appeal import Kind, Refusal, State
from certification.decision import Decider
from certification.store import appeals as store
from certification.store import attempts, decisions
from certification.tables import Appeal
from foundation.work import Work


def may_appeal(session: store.Reader, attempt: Row[Any], now: datetime) -> Refusal | None:
    """Why the owner of ``attempt`` may not appeal against its result now."""
    times = store.result_times(session, attempt.id)
    released, graded = (times.released, times.graded) if times else (None, None)
    if attempt.state == "invalidated":
        released = None
    before = store.earlier(session, Kind.APPEAL, attempt.person_id, attempt.sitting_id)
    return rule.may_appeal(released, graded, before, now, zone())


def filing_ends(session: store.Reader, attempt_id: str) -> datetime | None:
    """Until when one may appeal against the result of an attempt; None before its release."""
    times = store.result_times(session, attempt_id)
    return rule.filing_ends(max(times.released, times.graded), zone()) if times and times.released else None


def may_complain(session: store.Reader, sitting: Row[Any], person_id: int, now: datetime) -> Refusal | None:
    """Why somebody who was booked may not complain about ``sitting`` (``store.own_booking``) now."""
    before = store.earlier(session, Kind.COMPLAINT, person_id, sitting.id)
    return rule.may_complain(sitting.opens, _over(sitting), sitting.cancelled is not None, before, now, zone())


def complaint_ends(sitting: Row[Any]) -> datetime:
    """Until when one may complain about ``sitting``."""
    return rule.filing_ends(_over(sitting), zone())


def _over(sitting: Row[Any]) -> datetime:
    return max(sitting.closes, sitting.ended) if sitting.ended else sitting.closes


def appeal(w: Work, person_id: int, attempt_id: str, text: str, slot: int | None) -> int | Refusal | None:
    """File an appeal against one's own released result; None when the attempt is a stranger's."""
    attempt = attempts.read_attempt(w.session, attempt_id, person_id)
    if attempt is None:
        return None
    store.hold_booking(w.session, attempt.sitting_id, person_id)
    refused = may_appeal(w.session, attempt, w.now) or (Refusal.SHORT if len(text.strip()) < rule.SHORTEST else None)
    times = store.result_times(w.session, attempt_id)
    if slot is not None and times and not 0 < slot <= len(times.marks):
        refused = refused or Refusal.NO_SUCH_QUESTION
    return _file(w, Kind.APPEAL, refused, person_id, attempt.sitting_id, attempt_id, text, slot)


def complain(w: Work, person_id: int, sitting_id: int, text: str) -> int | Refusal | None:
    """File a complaint about a sitting for which one is booked; None for anybody else."""
    sitting = store.own_booking(w.session, sitting_id, person_id)
    if sitting is None:
        return None
    store.hold_booking(w.session, sitting_id, person_id)
    refused = may_complain(w.session, sitting, person_id, w.now) or (Refusal.SHORT if len(text.strip()) < rule.SHORTEST else None)
    return _file(w, Kind.COMPLAINT, refused, person_id, sitting_id, sitting.attempt_id, text, None)


def _file(
    w: Work, kind: Kind, refused: Refusal | None, person_id: int, sitting_id: int, attempt_id: str | None, text: str, slot: int | None
) -> int | Refusal:
    if refused:
        w.record(f"{kind}.filed", f"sitting:{sitting_id}", "refused", why=refused)
        return refused
    appeal_id = store.add(
        w.session, kind=kind, person_id=person_id, sitting_id=sitting_id, attempt_id=attempt_id, slot=slot, text=text.strip(),
        filed=w.now, due=rule.due(w.now, zone()),
    )
    w.record(f"{kind}.filed", f"appeal:{appeal_id}", sitting=sitting_id, attempt=attempt_id, slot=slot)
    return appeal_id


def barred(session: Session | store.Reader, decider: Decider, row: Appeal, company_id: int) -> Refusal | None:
    """Why a decider may not have this case at all; None when they may."""
    return rule.may_take(decider, State(row.state), row.person_id, company_id, store.involved(session, row), row.taken_by, row.taken_by)


def take(w: Work, appeal_id: int, seen: int | None) -> Refusal | None:
    """Take a case, or take it over from ``seen``, who had it when the page was made."""
    row, decider, company = _case(w, appeal_id)
    involved = store.involved(w.session, row)
    refused = rule.may_take(decider, State(row.state), row.person_id, company, involved, row.taken_by, seen)
    if refused:
        w.record("appeal.taken", f"appeal:{appeal_id}", "refused", why=refused)
        return refused
    former, row.state, row.taken, row.taken_by = row.taken_by, State.UNDER_REVIEW, w.now, decider.account_id
    w.record("appeal.taken", f"appeal:{appeal_id}", former=former)
    return None


def give_back(w: Work, appeal_id: int) -> Refusal | None:
    """Whoever has a case gives it back for others to take."""
    row, decider, _company = _case(w, appeal_id)
    if row.state != State.UNDER_REVIEW or row.taken_by != decider.account_id:
        w.record("appeal.given_back", f"appeal:{appeal_id}", "refused", why=Refusal.NOT_TAKEN)
        return Refusal.NOT_TAKEN
    row.state, row.taken, row.taken_by = State.FILED, None, None
    w.record("appeal.given_back", f"appeal:{appeal_id}")
    return None


def answer(w: Work, appeal_id: int, upheld: bool, outcome: str, asks_regrade: bool) -> Refusal | None:
    """Decide a case with reasons; an upheld one may ask officers to propose a regrade."""
    row, decider, company = _case(w, appeal_id)
    involved = store.involved(w.session, row)
    if refused := rule.may_answer(decider, State(row.state), row.person_id, company, involved, row.taken_by, outcome):
        w.record("appeal.answered", f"appeal:{appeal_id}", "refused", why=refused)
        return refused
    row.state, row.decided, row.decided_by = (State.UPHELD if upheld else State.REJECTED), w.now, decider.account_id
    row.outcome, row.asks_regrade = outcome.strip(), upheld and asks_regrade
    w.record("appeal.answered", f"appeal:{appeal_id}", outcome=row.state, asks_regrade=row.asks_regrade)
    return None


def withdraw(w: Work, appeal_id: int) -> Refusal | None:
    """The person takes a case back; whose it is, the door has asked."""
    row = store.locked(w.session, appeal_id)
    if refused := rule.may_withdraw(State(row.state)):
        w.record("appeal.withdrawn", f"appeal:{appeal_id}", "refused", why=refused)
        return refused
    row.state, row.decided, row.decided_by = State.WITHDRAWN, w.now, w.actor.account_id
    w.record("appeal.withdrawn", f"appeal:{appeal_id}")
    return None


def _case(w: Work, appeal_id: int) -> tuple[Appeal, Decider, int]:
    """The locked case, who acts, and the company of whoever filed it."""
    row = store.locked(w.session, appeal_id)
    return row, decisions.decider_of(w.session, w.actor.account_id or 0), store.company_of(w.session, row.person_id)
