"""Moving contracts on: signing reads standings, so the verbs live here. See ``people.contract`` for the rule."""

from datetime import datetime
from typing import Any

import msgspec

from certification.checklist import Checklist, checklist
from certification.store import contracts as store
from certification.store import partners as partner_store
from certification.store.partners import Asked, Reader
from foundation.config import settings
from foundation.database import db
from foundation.work import SYSTEM, Work, work
from foundation.worker import sweep
from people import contract as rule
from people.actions import contracts as drafts
from people.contract import Refusal, Roster, State, Step, Term
from people.store import companies
from people.store import contracts as contract_store


def steps(session: Reader, contract: Any, at: datetime) -> tuple[Step, ...]:
    """The moves that the calendar or the roster has made by ``at`` and that nobody has written down yet."""
    state, term = State(contract.state), Term(contract.starts, contract.ends)
    roster = _roster(session, contract, at) if state is State.CERTIFIED_ROSTER else Roster(0, 0)
    return rule.due(state, term, roster, at, settings().ending_days)


def stands(session: Reader, contract: Any, at: datetime) -> State:
    """Where a contract stands at ``at``."""
    return rule.current(State(contract.state), steps(session, contract, at))


def checked(session: Reader, contract: Any, state: State, at: datetime) -> Checklist:
    """The whole checklist of a contract that stands at ``state``."""
    asked, known = Asked(at, settings().expiring_days), partner_store.programmes_by_code(session)
    tally = partner_store.tallies(session, [contract], known, asked)[contract.id]
    lines = store.lines(session, contract, known, asked)
    return checklist(store.head(session, contract, state, tally, known, asked), lines, at, settings().timezone)


def move_contract(w: Work, contract_id: int, to: State, reason: str = "") -> Refusal | None:
    """Take a contract to its next state, or say why not; nobody uncertified may be on its roster when it is signed (R2)."""
    contract = companies.contract_for_change(w.session, contract_id)
    state, term = _settle(w, contract), Term(contract.starts, contract.ends)
    roster = _roster(w.session, contract, w.now)
    path = rule.move(state, to, term, roster, w.now, reason)
    if isinstance(path, Refusal):
        w.record(f"contract.{to}", f"contract:{contract_id}", "refused", why=path, uncertified=roster.uncertified)
        return path
    for after in path:
        w.record(f"contract.{after}", f"contract:{contract_id}", before=contract.state)
        _take(w, contract, after, reason)
    _settle(w, contract)
    return None


def _take(w: Work, contract: Any, after: State, reason: str) -> None:
    """One step of somebody's move, with what it rests on."""
    if after is State.SIGNED:
        facts = msgspec.to_builtins(checked(w.session, contract, State(contract.state), w.now))
        return drafts.note(w, contract, after, reason, {"checklist": facts})
    if after is State.ENDED:
        ends = rule.broken_off(Term(contract.starts, contract.ends), w.now)
        drafts.note(w, contract, after, reason, {"ends": [contract.ends.isoformat(), ends.isoformat()]})
        contract.ends = ends
        return None
    return drafts.note(w, contract, after, reason)


def shift_end(w: Work, contract_id: int, ends: datetime, reason: str) -> Refusal | None:
    """Move the last day of a signed contract."""
    contract = companies.contract_for_change(w.session, contract_id)
    refusal = drafts.shift_end(w, contract, _settle(w, contract), ends, reason)
    _settle(w, contract)
    return refusal


def _roster(session: Reader, contract: Any, at: datetime) -> Roster:
    asked, known = Asked(at, settings().expiring_days), partner_store.programmes_by_code(session)
    return store.figures(session, contract, known, asked)


def _settle(w: Work, contract: Any) -> State:
    """Write down what has come by itself; the caller holds the contract's row."""
    for step in steps(w.session, contract, w.now):
        w.record(f"contract.{step.after}", f"contract:{contract.id}", before=step.before, by_itself=True)
        drafts.note(w, contract, step.after, facts={} if step.since == w.now else {"since": step.since.isoformat()})
    return State(contract.state)


@sweep("contracts")
def sweep_contracts(now: datetime) -> int:
    """Write down the moves that came by themselves; readers have seen them already."""
    waiting = [contract.id for contract in contract_store.kept_open(db.session) if steps(db.session, contract, now)]
    for contract_id in waiting:
        with work(SYSTEM, now) as w:
            _settle(w, companies.contract_for_change(w.session, contract_id))
    return len(waiting)
