"""Moving a contract on: signing it reads standings, so the verb lives here."""

from certification.store import partners as store
from certification.store.partners import Asked
from foundation.work import Work
from people import contract as rule
from people.contract import Refusal, State
from people.store import companies


def move_contract(w: Work, contract_id: int, to: State, expiring_days: int) -> Refusal | None:
    """Take a contract to its next state; it is not signed while anybody on its roster is uncertified (R2)."""
    contract = companies.contract_for_change(w.session, contract_id)
    asked = Asked(w.now, expiring_days)
    tally = store.tallies(w.session, [contract], store.programmes_by_code(w.session), asked)[contract_id]
    if refusal := rule.move(State(contract.state), to, tally.people, tally.uncertified):
        w.record(f"contract.{to}", f"contract:{contract_id}", "refused", why=refusal, uncertified=tally.uncertified)
        return refusal
    w.record(f"contract.{to}", f"contract:{contract_id}", before=contract.state)
    contract.state = to.value
    return None
