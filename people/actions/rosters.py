"""Companies, contracts and rosters, one at a time, as pages change them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from foundation.sealing import sealer
from foundation.work import SYSTEM, Work, work
from foundation.worker import sweep
from people import contract as rule
from people.contract import Refusal, State, Stay, Term
from people.store import companies as store
from people.store import sign_in as sign_ins
from people.tables import Account, Contract, Partner, Person, RosterEntry


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be added to the staff; ID number and phone as plain, checked text, empty when not given."""

    staff_no: str
    name: str
    city: str = ""
    id_number: str = ""
    phone: str = ""


def add_partner(w: Work, code: str, name: str) -> int:
    """Add a partner company; the caller has made sure that the code is free."""
    partner = Partner(code=code, name=name, kind="partner")
    w.session.add(partner)
    w.session.flush()
    w.record("partner.added", f"partner:{partner.id}")
    return partner.id


def add_person(w: Work, partner_id: int, new: Newcomer) -> int:
    """Add one of a company's staff; ID number and phone are sealed."""
    sealed = sealer()
    person = Person(
        staff_no=new.staff_no, name=new.name, partner_id=partner_id, city=new.city,
        id_number=sealed.seal(new.id_number) if new.id_number else None,
        id_number_digest=sealed.digest(new.id_number) if new.id_number else None,
        phone=sealed.seal(new.phone) if new.phone else None,
    )
    w.session.add(person)
    w.session.flush()
    w.record("person.added", f"person:{person.id}", partner=partner_id)
    return person.id


def rename(w: Work, person_id: int, name: str) -> None:
    """Correct a person's name; what was issued in the old one keeps it."""
    w.session.get_one(Person, person_id).name = name
    w.session.flush()
    w.record("person.renamed", f"person:{person_id}")


def enter_roster(w: Work, contract: Contract, person_id: int, starts: datetime) -> Refusal | None:
    """Put somebody of the company on a roster; who had left works here again.

    The contract's row is held: it is not signed while somebody without a licence enters.
    """
    held = store.contract_for_change(w.session, contract.id)
    state, stays = State(held.state), store.stays(w.session, held.id, person_id)
    state = rule.current(state, rule.by_clock(state, Term(held.starts, held.ends), w.now, 0))
    if refusal := rule.enter(state, Stay(held.starts, held.ends), stays, starts):
        return refusal
    w.session.add(RosterEntry(contract_id=contract.id, person_id=person_id, starts=starts))
    person = w.session.get_one(Person, person_id)
    if person.left is not None:
        person.left = None
        w.record("person.returned", f"person:{person_id}")
    w.record("roster.entered", f"contract:{contract.id}", person=person_id)
    return None


def leave_roster(w: Work, entry_id: int, ends: datetime) -> Refusal | None:
    """End somebody's time on a roster at ``ends``."""
    entry = w.session.get_one(RosterEntry, entry_id)
    if refusal := rule.leave(Stay(entry.starts, entry.ends), ends):
        return refusal
    entry.ends = ends
    w.record("roster.left", f"contract:{entry.contract_id}", person=entry.person_id)
    return None


def leave_company(w: Work, person_id: int, ends: datetime) -> None:
    """Somebody leaves the company at ``ends``: off every roster, and the account closes when that is past."""
    w.session.get_one(Person, person_id).left = ends
    store.end_stays(w.session, person_id, ends)
    w.record("person.left", f"person:{person_id}")
    if ends <= w.now:
        close_accounts_of_leavers(w)


def close_accounts_of_leavers(w: Work) -> int:
    """Close the accounts of those who have left by now and end their sign-ins; answers how many."""
    query = select(Account).join(Person, Person.id == Account.person_id).where(Account.closed.is_(None), Person.left <= w.now)
    found = w.session.scalars(query).all()
    for account in found:
        account.closed = w.now
        sign_ins.drop_sessions_of(w.session, account.id)
        w.record("account.closed", f"account:{account.id}")
    return len(found)


@sweep("leavers")
def sweep_leavers(now: datetime) -> int:
    """A last day lies ahead when it is entered; the account closes when it is over."""
    with work(SYSTEM, now) as w:
        return close_accounts_of_leavers(w)
