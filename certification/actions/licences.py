"""The verbs of licences: open one, append to its ledger, suspend, reinstate, revoke, and check the spans."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from certification import licence as rule
from certification.licence import Event, Grade, Kind, Refusal, Validity
from certification.licence_number import BITS, licence_number
from certification.store import licences as store
from foundation.config import settings
from foundation.work import Work


@dataclass(frozen=True)
class NewEvent:
    """An event to be appended; ``recorded`` is the unit of work's instant when None."""

    kind: Kind | str
    effective: datetime
    grade: Grade | str | None = None
    until: datetime | None = None
    reason: str = ""
    recorded: datetime | None = None
    decision_id: int | None = None
    successor_id: int | None = None


def zone() -> ZoneInfo:
    """The zone in which civil days are counted."""
    return settings().timezone


def new_licence(w: Work, person_id: int, edition_id: int, issued: datetime, number: str | None = None) -> tuple[int, str]:
    """Open a licence without events; answers its id and number (drawn when not given, the year that of ``issued``)."""
    while number is None:
        drawn = licence_number(issued.astimezone(zone()).year, secrets.randbits(BITS))
        number = None if store.number_taken(w.connection, drawn) else drawn
    licence_id = store.add_licence(w.connection, number, person_id, edition_id, w.now)
    w.record("licence.opened", f"licence:{licence_id}", person=person_id, edition=edition_id)
    return licence_id, number


def append_event(w: Work, licence_id: int, event: NewEvent) -> None:
    """Append one event; see ``append_events``."""
    append_events(w, licence_id, [event])


def append_events(w: Work, licence_id: int, events: Sequence[NewEvent]) -> None:
    """Append to the ledger and rebuild that licence's spans, in the same transaction.

    An event that certifies keeps its end of validity, so that the ledger stays
    what it is when the programme's validity changes later.
    """
    licence = store.locked(w.connection, licence_id)
    validity = Validity(store.months_of(w.connection, licence.programme_edition_id), zone())
    ledger = store.events_of(w.connection, licence_id)
    rows = []
    for new in events:
        event = _event(w, new, ledger, validity)
        ledger.append(event)
        rows.append({
            "licence_id": licence_id, "kind": event.kind, "grade": event.grade, "effective": event.effective, "until": event.until,
            "recorded": event.recorded, "reason": event.reason, "decision_id": new.decision_id, "by": w.actor.account_id,
            "successor_id": new.successor_id,
        })
        w.record(f"licence.{event.kind}", f"licence:{licence_id}", decision=new.decision_id, effective=event.effective.isoformat())
    store.add_events(w.connection, rows)
    store.replace_spans(w.connection, licence, rule.spans(ledger, validity))


def _event(w: Work, new: NewEvent, ledger: Sequence[Event], validity: Validity) -> Event:
    kind = Kind(new.kind)
    until = new.until
    if until is None and kind in rule.CERTIFIES:
        until = rule.end_of_validity(ledger, kind, new.effective, validity)
    return Event(kind, Grade(new.grade) if new.grade else None, new.effective, until, new.recorded or w.now, new.reason)


def change(w: Work, licence_id: int, kind: Kind, reason: str, grade: Grade | None = None) -> Refusal | None:
    """Suspend, reinstate, revoke, upgrade or reduce with effect now, or say why not; the reason stays in the ledger.

    Who may do so is judged before, by ``certification.decision``.
    """
    licence = store.locked(w.connection, licence_id)
    validity = Validity(store.months_of(w.connection, licence.programme_edition_id), zone())
    refusal = rule.refusal(store.events_of(w.connection, licence_id), kind, w.now, validity, grade)
    if refusal:
        w.record(f"licence.{kind}", f"licence:{licence_id}", "refused", why=refusal)
        return refusal
    append_event(w, licence_id, NewEvent(kind, w.now, grade, reason=reason))
    return None


def doctor_spans(session: store.Reader) -> list[str]:
    """Sentences about licences whose kept spans differ from what their ledger says; none when all is well."""
    return [
        f"licence {kept.number} ({kept.licence_id}): the kept spans differ from its ledger"
        for kept in store.every_ledger(session)
        if rule.spans(kept.events, Validity(kept.months, zone())) != kept.spans
    ]
