"""What a dispatch decision is judged on: the whole team in one query, however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ARRAY, Text, and_, bindparam, func, select
from sqlalchemy.orm import Session, scoped_session

from certification import licence as rule
from certification.dispatch_code import CHECKS
from certification.licence import Validity
from certification.store.licences import EVENTS, LICENCES, SPANS, event_of
from certification.tables import Programme, ProgrammeEdition
from certification.visit import Assignment, Held, Member
from foundation.database import Wire
from foundation.prepared import Line, Prepared, Source
from foundation.tables import AuditRow
from people.tables import Contract, Partner, Person, RosterEntry
from standards.clause import parse_reference
from standards.store import ClauseView, clause_at

Reader = Session | scoped_session[Session]
PEOPLE, PARTNERS, CONTRACTS, ROSTER = Person.__table__, Partner.__table__, Contract.__table__, RosterEntry.__table__
PROGRAMMES, EDITIONS = Programme.__table__, ProgrammeEdition.__table__
PORTION = 5000  # staff numbers in one query; PostgreSQL's driver takes 65,535 parameters


@dataclass(frozen=True)
class Replay:
    """An instant of the past: of the ledgers only what had been recorded by then is seen."""

    at: datetime
    zone: ZoneInfo


@dataclass(frozen=True)
class Facts:
    """What is known under one programme: members by staff number, and whether it exists."""

    members: Mapping[str, Member]
    programme_known: bool


_STAFF = PEOPLE.c.staff_no.in_(bindparam("staff", expanding=True))
_IN_JSON = PEOPLE.c.staff_no.in_(select(func.json_each(bindparam("staff")).table_valued("value").c.value))
_IN_ARRAY = PEOPLE.c.staff_no == func.any(bindparam("staff", type_=ARRAY(Text)))
_PROGRAMME = select(PROGRAMMES.c.id).where(PROGRAMMES.c.code == bindparam("programme")).scalar_subquery()
_TEAM = (
    select(
        PEOPLE.c.staff_no, PEOPLE.c.left, PARTNERS.c.code, PARTNERS.c.kind, PARTNERS.c.id,
        _PROGRAMME.label("programme_id"),
        LICENCES.c.number, SPANS.c.starts, SPANS.c.ends, SPANS.c.standing, SPANS.c.grade, SPANS.c.until, SPANS.c.certified,
        CONTRACTS.c.code.label("contract"), CONTRACTS.c.state, CONTRACTS.c.starts.label("begins"), CONTRACTS.c.ends.label("finishes"),
        ROSTER.c.starts.label("on"), ROSTER.c.ends.label("off"),
    )
    .select_from(
        PEOPLE.join(PARTNERS, PARTNERS.c.id == PEOPLE.c.partner_id)
        .outerjoin(SPANS, and_(SPANS.c.person_id == PEOPLE.c.id, SPANS.c.programme_id == _PROGRAMME))
        .outerjoin(LICENCES, LICENCES.c.id == SPANS.c.licence_id)
        .outerjoin(ROSTER, ROSTER.c.person_id == PEOPLE.c.id)
        .outerjoin(CONTRACTS, CONTRACTS.c.id == ROSTER.c.contract_id)
    )
)
_PREPARED = Prepared(_TEAM.where(_IN_JSON), postgresql=_TEAM.where(_IN_ARRAY))
"""Each span of a person beside each place on a roster: a few rows a person, one round trip for the team."""
_PERSON, _LICENCE, _PLACE = slice(1, 4), slice(6, 13), slice(13, 19)
_KNOWN = Prepared(select(PROGRAMMES.c.id).where(PROGRAMMES.c.code == bindparam("code")))
_LEDGERS = (
    select(EVENTS, PEOPLE.c.staff_no, LICENCES.c.number, EDITIONS.c.spec)
    .select_from(
        PEOPLE.join(LICENCES, LICENCES.c.person_id == PEOPLE.c.id)
        .join(EDITIONS, EDITIONS.c.id == LICENCES.c.programme_edition_id)
        .join(EVENTS, EVENTS.c.licence_id == LICENCES.c.id)
    )
    .where(_STAFF, LICENCES.c.programme_id == _PROGRAMME, EVENTS.c.recorded <= bindparam("known_by", type_=EVENTS.c.recorded.type))
    .order_by(EVENTS.c.licence_id, EVENTS.c.id)
)


def facts(source: Line, staff: Sequence[str], programme: str, company: int | None = None, replay: Replay | None = None) -> Facts:
    """What is known about ``staff`` under ``programme``; to an asker limited to ``company`` all others are unknown.

    A replay sees the ledgers as they were recorded by then; companies,
    contracts and rosters carry dates of their own and are taken as they are.
    """
    people: dict[str, tuple[Any, ...]] = {}
    held: dict[str, dict[tuple[Any, ...], Held]] = {}
    places: dict[str, dict[tuple[Any, ...], Assignment]] = {}
    programme_known = False
    for portion in _portions(staff):
        among = portion if source.dialect.name == "postgresql" else msgspec.json.encode(portion).decode()
        for row in _PREPARED.rows(source, staff=among, programme=programme):
            number, partner_id, programme_id, licence, contract = row[0], row[4], row[5], row[6], row[13]
            if company is not None and partner_id != company:
                continue
            if number not in people:
                people[number], held[number], places[number] = row[_PERSON], {}, {}
                programme_known = programme_known or programme_id is not None
            if licence is not None and (licence, row[7]) not in held[number]:
                held[number][licence, row[7]] = Held(*row[_LICENCE])
            if contract is not None and (contract, row[17]) not in places[number]:
                places[number][contract, row[17]] = Assignment(*row[_PLACE])
    spans: Mapping[str, Iterable[Held]] = {number: found.values() for number, found in held.items()}
    if replay is not None:
        spans = _as_known(source, staff, programme, replay)
    if not people:
        programme_known = programme_exists(source, programme)
    return Facts(
        {
            number: Member(number, code, kind == "operator", left, tuple(spans.get(number, ())), tuple(places[number].values()))
            for number, (left, code, kind) in people.items()
        },
        programme_known,
    )


def programme_exists(source: Source, code: str) -> bool:
    """Whether there is a programme of that code."""
    return _KNOWN.first(source, code=code) is not None


def programme_codes(session: Reader) -> list[str]:
    """Every programme's code, in order."""
    return list(session.scalars(select(PROGRAMMES.c.code).order_by(PROGRAMMES.c.code)))


def newest_record(session: Reader) -> datetime | None:
    """When the newest deed was recorded: the clock cannot be before that."""
    return session.scalar(select(AuditRow.at).order_by(AuditRow.seq.desc()).limit(1))


def known_programmes(session: Reader, codes: Sequence[str]) -> frozenset[str]:
    """Which of ``codes`` are programmes."""
    found: set[str] = set()
    for portion in _portions(codes):
        found.update(session.scalars(select(PROGRAMMES.c.code).where(PROGRAMMES.c.code.in_(portion))))
    return frozenset(found)


def _portions(staff: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(staff), PORTION):
        yield list(staff[start : start + PORTION])


def _as_known(source: Line, staff: Sequence[str], programme: str, replay: Replay) -> dict[str, list[Held]]:
    """The spans that the ledgers gave when only what was recorded by the instant of the replay was in them."""
    held: dict[str, list[Held]] = defaultdict(list)
    for portion in _portions(staff):
        connection = source.core if isinstance(source, Wire) else source
        rows = connection.execute(_LEDGERS, {"staff": portion, "programme": programme, "known_by": replay.at})
        for _licence_id, group in groupby(rows, attrgetter("licence_id")):
            entries = list(group)
            validity = Validity(int(entries[0].spec["validity_months"]), replay.zone)
            for span in rule.spans([event_of(entry) for entry in entries], validity):
                held[entries[0].staff_no].append(
                    Held(entries[0].number, span.starts, span.ends, span.standing, span.grade, span.until, span.certified)
                )
    return held


def citations(session: Reader) -> dict[str, ClauseView]:
    """The clauses behind the checks, by reference; those of a standard that is not loaded are missing."""
    found = {}
    for reference in dict.fromkeys(reference for _rule, references in CHECKS.values() for reference in references):
        parts = parse_reference(reference)
        view = clause_at(session, parts.standard, parts.edition, parts.number) if parts else None
        if view is not None:
            found[reference] = view
    return found
