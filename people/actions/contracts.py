"""Contracts one at a time: drafted, edited, their last day moved. Each deed is kept in the contract's history.

Signing reads standings and lives in ``certification``, with the sweep.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from foundation.work import Work
from people import contract as rule
from people.contract import Refusal, State, Term
from people.store import companies as store
from people.tables import Contract, ContractEvent


@dataclass(frozen=True)
class Wanted:
    """What a draft says: ``[starts, ends)``, the codes of the programmes that it asks for, the contract that it renews."""

    title: str
    starts: datetime
    ends: datetime
    programmes: Sequence[str]
    renews_id: int | None = None


def note(w: Work, contract: Contract, to: State, words: str = "", facts: dict[str, Any] | None = None) -> None:
    """Keep an entry of the contract's history, and the state that it leads to."""
    w.session.add(ContractEvent(
        contract_id=contract.id, before=contract.state, after=to.value, at=w.now, by=w.actor.account_id, note=words.strip(),
        facts=facts or {},
    ))
    contract.state = to.value
    w.session.flush()


def add_contract(w: Work, partner_id: int, code: str, wanted: Wanted) -> int:
    """Add a contract as a draft; the caller has made sure that the renewed one belongs to the same company."""
    contract = Contract(
        partner_id=partner_id, code=code, title=wanted.title, state=State.DRAFT.value, starts=wanted.starts, ends=wanted.ends,
        programmes=list(wanted.programmes), renews_id=wanted.renews_id,
    )
    w.session.add(contract)
    w.session.flush()
    w.session.add(ContractEvent(contract_id=contract.id, before="", after=State.DRAFT.value, at=w.now, by=w.actor.account_id))
    w.record("contract.added", f"contract:{contract.id}", partner=partner_id)
    return contract.id


def edit_contract(w: Work, contract_id: int, wanted: Wanted) -> Refusal | None:
    """Change a draft; what was changed is kept, from what to what."""
    contract = store.contract_for_change(w.session, contract_id)
    if refusal := rule.edit(State(contract.state)):
        w.record("contract.edited", f"contract:{contract_id}", "refused", why=refusal)
        return refusal
    new = asdict(wanted) | {"programmes": list(wanted.programmes)}
    changed = {name: [_plain(getattr(contract, name)), _plain(value)] for name, value in new.items() if getattr(contract, name) != value}
    if changed:
        for name in changed:
            setattr(contract, name, new[name])
        note(w, contract, State.DRAFT, "", changed)
        w.record("contract.edited", f"contract:{contract_id}", changed=sorted(changed))
    return None


def shift_end(w: Work, contract: Contract, state: State, ends: datetime, reason: str) -> Refusal | None:
    """Move the last day of a contract that stands at ``state``; the caller holds its row."""
    if refusal := rule.shift_end(state, Term(contract.starts, contract.ends), ends, w.now, reason):
        w.record("contract.end_moved", f"contract:{contract.id}", "refused", why=refusal)
        return refusal
    note(w, contract, state, reason, {"ends": [contract.ends.isoformat(), ends.isoformat()]})
    w.record("contract.end_moved", f"contract:{contract.id}", before=contract.ends.isoformat(), after=ends.isoformat())
    contract.ends = ends
    return None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
