"""The verbs of an emergency override: one proposes, another confirms, anybody of them withdraws."""

from dataclasses import dataclass
from datetime import datetime

from certification import dispatch_override as rule
from certification.actions.dispatch_policies import policy_at
from certification.dispatch_override import Proposal, Refusal
from certification.store import dispatch_overrides as store
from certification.tables import DispatchOverride
from foundation.work import Work


@dataclass(frozen=True)
class Asker:
    """Who acts: the account, and the person it belongs to."""

    account_id: int
    person_id: int


def propose(w: Work, asker: Asker, staff_no: str, programme: str, reason: str, ends: datetime) -> Refusal | int | None:
    """Propose to let somebody go until ``ends``; answers the proposal's id, why not, or None when nobody has that number."""
    person, programme_id = store.person_numbered(w.session, staff_no), store.programme_numbered(w.session, programme)
    if person is None or programme_id is None:
        return None
    hours = policy_at(w.now, w.now).override_hours
    refused = rule.propose(reason, person.id, asker.person_id, person.left, ends, w.now, hours)
    if refused:
        w.record("override.proposed", f"person:{person.id}", "refused", why=refused)
        return refused
    kept = store.add(
        w.session, person_id=person.id, programme_id=programme_id, reason=reason.strip(), starts=w.now, ends=ends, proposed=w.now,
        proposed_by=asker.account_id,
    )
    w.record("override.proposed", f"override:{kept}", person=person.id, programme=programme, ends=ends.isoformat())
    return kept


def confirm(w: Work, asker: Asker, override_id: int) -> Refusal | None:
    """The second of the two says yes: from now on dispatch lets the person go."""
    row = _held(w, override_id)
    refused = rule.confirm(_proposal(row), asker.account_id, asker.person_id, w.now)
    if refused is None:
        row.confirmed, row.confirmed_by = w.now, asker.account_id
    _note(w, "override.confirmed", row, refused)
    return refused


def withdraw(w: Work, asker: Asker, override_id: int) -> Refusal | None:
    """Take it back, at once; anybody who may override may do so."""
    row = _held(w, override_id)
    refused = rule.withdraw(_proposal(row), w.now)
    if refused is None:
        row.withdrawn, row.withdrawn_by = w.now, asker.account_id
    _note(w, "override.withdrawn", row, refused)
    return refused


def _held(w: Work, override_id: int) -> DispatchOverride:
    row = store.for_change(w.session, override_id)
    if row is None:
        raise LookupError(f"override {override_id} is gone, and none is ever deleted")
    return row


def _proposal(row: DispatchOverride) -> Proposal:
    return Proposal(row.person_id, row.ends, row.proposed_by, row.confirmed, row.withdrawn)


def _note(w: Work, event: str, row: DispatchOverride, refused: Refusal | None) -> None:
    subject = f"override:{row.id}"
    if refused:
        w.record(event, subject, "refused", why=refused)
    else:
        w.record(event, subject, person=row.person_id)
