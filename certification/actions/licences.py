"""The verbs of a licence's ledger: open one, append to it, and check the spans. What a decider does stands in ``licence_acts``."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from certification import licence as rule
from certification.actions import status_lists
from certification.licence import Event, Grade, Kind, Validity
from certification.licence_act import CODES, Reason
from certification.licence_number import BITS, licence_number
from certification.store import licences as store
from foundation.config import settings
from foundation.work import Work


@dataclass(frozen=True)
class NewEvent:
    """An event to be appended; ``recorded`` is the unit of work's instant when None.

    ``by_rule``: nobody did it, it follows from a published rule. ``certified``: see ``licence.Event``.
    """

    kind: Kind | str
    effective: datetime
    grade: Grade | str | None = None
    until: datetime | None = None
    reason: str = ""
    recorded: datetime | None = None
    decision_id: int | None = None
    successor_id: int | None = None
    reason_code: Reason | str = ""
    by_rule: bool = False
    certified: datetime | None = None


def zone() -> ZoneInfo:
    """The zone in which civil days are counted."""
    return settings().timezone


def new_licence(w: Work, person_id: int, edition_id: int, issued: datetime, number: str | None = None) -> tuple[int, str]:
    """Open a licence without events; answers its id and number (drawn when not given, the year that of ``issued``)."""
    while number is None:
        drawn = licence_number(issued.astimezone(zone()).year, secrets.randbits(BITS))
        number = None if store.number_taken(w.connection, drawn) else drawn
    licence_id = _add(w, number, person_id, edition_id)
    w.record("licence.opened", f"licence:{licence_id}", person=person_id, edition=edition_id)
    return licence_id, number


def _add(w: Work, number: str, person_id: int, edition_id: int) -> int:
    """Write the licence in a place of the status lists that nobody else has taken in the meantime."""
    while True:
        place = status_lists.draw(w.connection)
        try:
            with w.connection.begin_nested():
                return store.add_licence(w.connection, number, person_id, edition_id, w.now, place)
        except IntegrityError:
            if not status_lists.taken(w.connection, place):
                raise


def append_event(w: Work, licence_id: int, event: NewEvent, announce: bool = True) -> None:
    """Append one event; see ``append_events``."""
    append_events(w, licence_id, [event], announce)


def append_events(w: Work, licence_id: int, events: Sequence[NewEvent], announce: bool = True) -> None:
    """Append to the ledger and rebuild that licence's spans, in the same transaction.

    An event that certifies keeps its end of validity, so that the ledger stays
    what it is when the programme's validity changes later. ``announce``: tell
    those who asked to hear of a change of standing (webhooks). Raises
    ValueError for a reason code that does not belong to the kind.
    """
    licence = store.locked(w.connection, licence_id)
    validity = Validity(store.months_of(w.connection, licence.programme_edition_id), zone())
    ledger = store.events_of(w.connection, licence_id)
    rows = []
    for new in events:
        event = _event(w, new, ledger, validity)
        ledger.append(event)
        rows.append(_row(w, licence_id, new, event))
        w.record(f"licence.{event.kind}", f"licence:{licence_id}", decision=new.decision_id, effective=event.effective.isoformat())
    store.add_events(w.connection, rows)
    store.replace_spans(w.connection, licence, rule.spans(ledger, validity))
    if announce:
        w.later("standing_changed", {"licence_id": licence_id})


def _row(w: Work, licence_id: int, new: NewEvent, event: Event) -> dict[str, Any]:
    return {
        "licence_id": licence_id, "kind": event.kind, "grade": event.grade, "effective": event.effective, "until": event.until,
        "certified": event.certified, "recorded": event.recorded, "reason_code": new.reason_code, "reason": event.reason,
        "decision_id": new.decision_id, "by": None if new.by_rule else w.actor.account_id, "successor_id": new.successor_id,
    }


def _event(w: Work, new: NewEvent, ledger: Sequence[Event], validity: Validity) -> Event:
    kind = Kind(new.kind)
    if new.reason_code and new.reason_code not in CODES[kind]:
        raise ValueError(f"{new.reason_code} is no reason for {kind}")
    until = new.until
    if until is None and kind in rule.CERTIFIES:
        until = rule.end_of_validity(ledger, kind, new.effective, validity)
    return Event(kind, Grade(new.grade) if new.grade else None, new.effective, until, new.recorded or w.now, new.reason, new.certified)


def doctor_spans(session: store.Reader) -> list[str]:
    """Sentences about licences whose kept spans differ from what their ledger says; none when all is well."""
    return [
        f"licence {kept.number} ({kept.licence_id}): the kept spans differ from its ledger"
        for kept in store.every_ledger(session)
        if rule.spans(kept.events, Validity(kept.months, zone())) != kept.spans
    ]
