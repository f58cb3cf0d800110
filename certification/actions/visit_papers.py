"""The verbs of a visit's papers: make one for an allowed decision, fill it in, give the customer an address, confirm."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certification import visit_paper as rule
from certification.signature import Signature
from certification.store import visit_papers as store
from certification.tables import DispatchDecision, VisitPaper
from certification.visit_paper import Kind, Refusal
from foundation.work import Work


@dataclass(frozen=True)
class Confirmation:
    """What a customer said: content or not, in words, and signed."""

    satisfied: bool
    remarks: str
    signature: Signature

    def document(self) -> dict[str, Any]:
        """What the row keeps."""
        return {
            "satisfied": self.satisfied, "remarks": self.remarks, "name": self.signature.name, "signature": self.signature.document(),
        }


def token_hash(token: str) -> bytes:
    """What is kept of a customer's address."""
    return hashlib.sha256(token.encode()).digest()


def make(w: Work, decision: DispatchDecision, kind: Kind, printed: dict[str, Any]) -> int | Refusal:
    """Begin a paper with what is ``printed`` on it beforehand; answers its id."""
    if refusal := rule.may_make(decision.allowed, decision.request.get("at") is not None):
        return refusal
    paper = VisitPaper(decision_id=decision.id, kind=kind.value, fields=printed, created=w.now, created_by=w.actor.account_id)
    w.session.add(paper)
    w.session.flush()
    w.record("visit_paper.made", f"visit_paper:{paper.id}", decision=decision.id, kind=kind)
    return paper.id


def fill(w: Work, paper_id: int, filled: dict[str, Any], arrived: datetime, left: datetime | None, pdf: bytes | None) -> Refusal | None:
    """Fill a paper in; a note is kept as ``pdf`` with that, and an address that a customer had ends."""
    paper = store.paper_for_change(w.session, paper_id)
    if refusal := rule.may_fill(store.as_rule(paper), arrived, left, w.now):
        return refusal
    paper.fields = {**paper.fields, **filled}
    paper.filled, paper.filled_by, paper.token_hash, paper.token_until = w.now, w.actor.account_id, None, None
    if pdf is not None:
        paper.pdf, paper.digest = pdf, hashlib.sha256(pdf).digest()
    w.record("visit_paper.filled", f"visit_paper:{paper_id}", sha256=paper.digest.hex() if paper.digest else "")
    return None


def link(w: Work, paper_id: int, token: str) -> Refusal | None:
    """Open an address for the customer; one that was given before ends."""
    paper = store.paper_for_change(w.session, paper_id)
    if refusal := rule.may_link(store.as_rule(paper)):
        return refusal
    paper.token_hash, paper.token_until = token_hash(token), w.now + rule.LINK
    w.record("visit_paper.linked", f"visit_paper:{paper_id}")
    return None


def confirm(w: Work, token: str, said: Confirmation, pdf: bytes) -> Refusal | None:
    """Keep what the customer confirmed, once; the paper is final with it."""
    paper = store.by_token(w.session, token_hash(token), hold=True)
    if paper is None:
        return Refusal.EXPIRED
    if refusal := rule.may_confirm(store.as_rule(paper), w.now):
        w.record("visit_paper.confirmed", f"visit_paper:{paper.id}", "refused", why=refusal)
        return refusal
    paper.confirmed, paper.confirmation = w.now, said.document()
    paper.pdf, paper.digest = pdf, hashlib.sha256(pdf).digest()
    w.record("visit_paper.confirmed", f"visit_paper:{paper.id}", satisfied=said.satisfied, sha256=paper.digest.hex())
    return None
