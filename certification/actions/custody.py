"""The verbs of custody: sign a company's agreement, issue to a person, take back, report a loss, settle it."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from certification import custody as rule
from certification.custody import Refusal, State, Wanted
from certification.signature import Signature
from certification.store import custody as store
from certification.tables import CustodyAgreement, CustodyItem, CustodyReceipt
from foundation.database import db
from foundation.work import Work
from people.store import companies


@dataclass(frozen=True)
class SignedPaper:
    """A text as it was signed, and the paper that was printed of it."""

    text: str
    signature: Signature
    pdf: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of the paper."""
        return hashlib.sha256(self.pdf).digest()


@dataclass(frozen=True)
class NewReceipt:
    """What is handed to whom, for which assignment, on which paper."""

    number: str
    person_id: int
    assignment: str
    items: Sequence[Wanted]
    paper: SignedPaper


def new_number(now: datetime) -> str:
    """A receipt's number that nobody has yet, for the year of ``now``."""
    while True:
        number = rule.numbered(now.year, secrets.randbits(40))
        if not store.number_taken(db.session, number):
            return number


def sign(w: Work, contract_id: int, paper: SignedPaper, day: datetime) -> Refusal | None:
    """Keep the company's agreement as signed on ``day``."""
    contract = companies.contract_for_change(w.session, contract_id)
    already = store.agreement_of(w.session, contract_id)
    if refusal := rule.may_sign(store.term(w.session, contract), already.signed if already else None, day, w.now):
        w.record("custody.agreed", f"contract:{contract_id}", "refused", why=refusal)
        return refusal
    w.session.add(CustodyAgreement(
        contract_id=contract_id, text=paper.text, signatory=paper.signature.name, signature=paper.signature.document(), signed=day,
        recorded_by=w.actor.account_id, pdf=paper.pdf, digest=paper.digest,
    ))
    w.record("custody.agreed", f"contract:{contract_id}", how=paper.signature.how, sha256=paper.digest.hex())
    return None


def issue(w: Work, contract_id: int, new: NewReceipt) -> tuple[Refusal, ...]:
    """Issue items against the agreement and the assignment; answers what stands against it."""
    contract = companies.contract_for_change(w.session, contract_id)
    store.hold_person(w.session, new.person_id)
    if refusals := rule.may_issue(store.facts(w.session, contract, new.person_id), new.items, new.assignment, w.now):
        w.record("custody.issued", f"contract:{contract_id}", "refused", person=new.person_id, why=list(refusals))
        return refusals
    agreement = store.agreement_of(w.session, contract_id)
    receipt = CustodyReceipt(
        number=new.number, agreement_id=agreement.id if agreement else 0, person_id=new.person_id, assignment=new.assignment.strip(),
        text=new.paper.text, signature={**new.paper.signature.document(), "name": new.paper.signature.name}, issued=w.now,
        issued_by=w.actor.account_id, pdf=new.paper.pdf, digest=new.paper.digest,
    )
    w.session.add(receipt)
    w.session.flush()
    w.session.add_all([CustodyItem(receipt_id=receipt.id, kind=item.kind.value, label=item.label, state="issued") for item in new.items])
    w.record("custody.issued", f"custody:{new.number}", person=new.person_id, items=len(new.items), sha256=new.paper.digest.hex())
    return ()


def give_back(w: Work, number: str, receipt_id: int, item_ids: Sequence[int], note: str) -> int:
    """Take back those items of a receipt that can be; answers how many. What was lost and is found comes back too."""
    taken = []
    for item_id in sorted(set(item_ids)):
        item = store.item_for_change(w.session, receipt_id, item_id)
        if item is None or rule.may_return(store.item(item)):
            continue
        item.note = "\n".join(filter(None, (item.note, note.strip())))
        item.state, item.closed, item.closed_by = State.RETURNED.value, w.now, w.actor.account_id
        taken.append(item_id)
    if taken:
        w.record("custody.returned", f"custody:{number}", items=taken)
    return len(taken)


def report_loss(w: Work, number: str, receipt_id: int, item_id: int, report: str) -> Refusal | None:
    """Close an item as lost; the next issue waits until that is settled."""
    item = store.item_for_change(w.session, receipt_id, item_id)
    if item is None or (refusal := rule.may_report(store.item(item))):
        return Refusal.CLOSED if item is None else refusal
    item.state, item.closed, item.closed_by, item.note = State.LOST.value, w.now, w.actor.account_id, report.strip()
    w.record("custody.lost", f"custody:{number}", item=item_id)
    return None


def settle(w: Work, number: str, receipt_id: int, item_id: int, settlement: str) -> Refusal | None:
    """Settle a loss: what was agreed about it."""
    item = store.item_for_change(w.session, receipt_id, item_id)
    if item is None or (refusal := rule.may_settle(store.item(item))):
        return Refusal.NOT_LOST if item is None else refusal
    item.settled, item.settled_by, item.settlement = w.now, w.actor.account_id, settlement.strip()
    w.record("custody.settled", f"custody:{number}", item=item_id)
    return None
