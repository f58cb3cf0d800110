"""Rows of many licences at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from certification.licence import Event, Span
from certification.licence_act import Reason
from certification.tables import Licence, LicenceEvent, LicenceSpan
from people.tables import Person

LICENCES, EVENTS, SPANS = Licence.__table__, LicenceEvent.__table__, LicenceSpan.__table__
PEOPLE = Person.__table__


def numbers(connection: Connection) -> set[str]:
    """Every licence number in use."""
    return set(connection.execute(select(LICENCES.c.number)).scalars())


def add_licences(connection: Connection, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Write licences; answers their ids by number."""
    if not rows:
        return {}
    connection.execute(insert(LICENCES), list(rows))
    name = select(PEOPLE.c.name).where(PEOPLE.c.id == LICENCES.c.person_id).scalar_subquery()
    connection.execute(update(LICENCES).where(LICENCES.c.holder == "").values(holder=name))
    wanted = {row["number"] for row in rows}
    found = connection.execute(select(LICENCES.c.number, LICENCES.c.id))
    return {number: id_ for number, id_ in found if number in wanted}


def event_row(licence_id: int, event: Event, by: int | None) -> dict[str, Any]:
    """An entry of the ledger as a row."""
    return {
        "licence_id": licence_id, "kind": event.kind, "grade": event.grade, "effective": event.effective, "until": event.until,
        "certified": event.certified, "recorded": event.recorded, "reason_code": Reason.TAKEN_OVER, "reason": event.reason, "by": by,
    }


def span_row(licence_id: int, person_id: int, programme_id: int, span: Span) -> dict[str, Any]:
    """A span as a row."""
    return {
        "licence_id": licence_id, "person_id": person_id, "programme_id": programme_id, "starts": span.starts, "ends": span.ends,
        "standing": span.standing, "grade": span.grade, "until": span.until, "certified": span.certified,
    }


def add_rows(connection: Connection, events: Sequence[dict[str, Any]], spans: Sequence[dict[str, Any]]) -> None:
    """Write entries and spans."""
    for table, rows in ((EVENTS, events), (SPANS, spans)):
        if rows:
            connection.execute(insert(table), list(rows))
