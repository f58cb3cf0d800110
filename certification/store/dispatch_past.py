"""What had been recorded by an instant of the past: the ledgers, and the states and ends of contracts."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from certification import licence as rule
from certification.licence import Validity
from certification.store.dispatch_query import PEOPLE, PROGRAMME, STAFF
from certification.store.licences import EVENTS, LICENCES, event_of
from certification.tables import ProgrammeEdition
from certification.visit import Held
from foundation.database import Wire
from foundation.prepared import Line
from people.contract import State, as_of
from people.tables import Contract, ContractEvent

EDITIONS = ProgrammeEdition.__table__
PORTION = 5000
_LEDGERS = (
    select(EVENTS, PEOPLE.c.staff_no, LICENCES.c.number, EDITIONS.c.spec)
    .select_from(
        PEOPLE.join(LICENCES, LICENCES.c.person_id == PEOPLE.c.id)
        .join(EDITIONS, EDITIONS.c.id == LICENCES.c.programme_edition_id)
        .join(EVENTS, EVENTS.c.licence_id == LICENCES.c.id)
    )
    .where(STAFF, LICENCES.c.programme_id == PROGRAMME, EVENTS.c.recorded <= bindparam("known_by", type_=EVENTS.c.recorded.type))
    .order_by(EVENTS.c.licence_id, EVENTS.c.id)
)


def ledgers(source: Line, staff: Sequence[str], programme: str, at: datetime, zone: ZoneInfo) -> dict[str, list[Held]]:
    """By staff number: the spans that the ledgers gave when only what was recorded by ``at`` was in them."""
    held: dict[str, list[Held]] = defaultdict(list)
    connection = source.core if isinstance(source, Wire) else source
    for start in range(0, len(staff), PORTION):
        values = {"staff": list(staff[start : start + PORTION]), "programme": programme, "known_by": at}
        for _licence_id, group in groupby(connection.execute(_LEDGERS, values), attrgetter("licence_id")):
            entries = list(group)
            validity = Validity(int(entries[0].spec["validity_months"]), zone)
            for span in rule.spans([event_of(entry) for entry in entries], validity):
                held[entries[0].staff_no].append(
                    Held(entries[0].number, span.starts, span.ends, span.standing, span.grade, span.until, span.certified)
                )
    return held


def contracts(source: Line, people: Collection[Any], at: datetime) -> Callable[[str, str, datetime], tuple[str, datetime]]:
    """The function that tells a contract's state and end as they had been recorded by ``at``; asked with what is kept now.

    Only contracts that moved since then are looked at: all others are what they were.
    """
    connection = source.core if isinstance(source, Wire) else source
    moved: dict[str, list[Any]] = defaultdict(list)
    if people:
        query = select(Contract.code, ContractEvent.at, ContractEvent.before, ContractEvent.after, ContractEvent.facts)
        query = query.join(Contract, Contract.id == ContractEvent.contract_id).where(ContractEvent.at > at)
        for row in connection.execute(query.order_by(ContractEvent.at, ContractEvent.id)):
            moved[row.code].append(row)

    def known(contract: str, state: str, ends: datetime) -> tuple[str, datetime]:
        events = moved.get(contract)
        return as_of(State(state), ends, events, at) if events else (state, ends)

    return known
