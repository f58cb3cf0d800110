"""Taking over whole ledgers at once: a migration of a hundred thousand licences must not be a hundred thousand round trips."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certification import licence as rule
from certification.actions.licences import zone
from certification.actions.status_lists import draw_many
from certification.licence import Event, Validity
from certification.licence_number import BITS, licence_number
from certification.store import ledgers as store
from foundation.work import Work


@dataclass(frozen=True)
class Ledger:
    """A person's licence under a programme edition, valid for ``months``; events in order of effect."""

    person_id: int
    programme_id: int
    edition_id: int
    months: int
    number: str | None
    events: tuple[Event, ...]


def take_over(w: Work, ledgers: Sequence[Ledger]) -> list[str]:
    """Keep the ledgers with their spans; answers their numbers in the same order."""
    numbers = _numbers(w, ledgers)
    ids = store.add_licences(w.connection, [
        {"number": number, "person_id": ledger.person_id, "programme_id": ledger.programme_id,
         "programme_edition_id": ledger.edition_id, "created": w.now, "status_index": place}
        for number, ledger, place in zip(numbers, ledgers, draw_many(w.connection, len(ledgers)), strict=True)
    ])
    events: list[dict[str, Any]] = []
    spans: list[dict[str, Any]] = []
    for number, ledger in zip(numbers, ledgers, strict=True):
        validity = Validity(ledger.months, zone())
        written = _with_ends(ledger.events, validity)
        events += [store.event_row(ids[number], event, w.actor.account_id) for event in written]
        spans += [store.span_row(ids[number], ledger.person_id, ledger.programme_id, span) for span in rule.spans(written, validity)]
    store.add_rows(w.connection, events, spans)
    if ledgers:
        w.record("licence.taken_over", "licences", licences=len(numbers), events=len(events))
    return numbers


def _with_ends(events: Sequence[Event], validity: Validity) -> list[Event]:
    """The events with the end of validity written into those that certify and were given none."""
    ledger: list[Event] = []
    for event in events:
        until = event.until
        if until is None and event.kind in rule.CERTIFIES:
            until = rule.end_of_validity(ledger, event.kind, event.effective, validity)
        ledger.append(Event(event.kind, event.grade, event.effective, until, event.recorded, event.reason, event.certified))
    return ledger


def _numbers(w: Work, ledgers: Sequence[Ledger]) -> list[str]:
    taken = store.numbers(w.connection) if ledgers else set()
    found = []
    for ledger in ledgers:
        number = ledger.number
        while number is None or (number in taken and ledger.number is None):
            number = licence_number(_year(ledger.events[0].effective), secrets.randbits(BITS))
        taken.add(number)
        found.append(number)
    return found


def _year(moment: datetime) -> int:
    return moment.astimezone(zone()).year
