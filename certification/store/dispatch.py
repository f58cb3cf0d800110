"""What a dispatch decision is judged on: the whole team in one query, however many they are."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, scoped_session

from certification.dispatch_code import CHECKS, CLAUSES
from certification.store import dispatch_past as past
from certification.store.dispatch_query import (
    AGREEMENT,
    ENTRUSTED,
    LICENCE,
    NOW,
    OVERRIDES,
    PERSON,
    PLACE,
    PROGRAMMES,
    RETRAINING,
    THEN,
    instant,
)
from certification.visit import Assignment, Entrusted, Held, Member, Override, Retraining, Term
from foundation.prepared import Line, Prepared, Source
from foundation.tables import AuditRow
from standards.clause import parse_reference
from standards.store import ClauseView, clause_at

Reader = Session | scoped_session[Session]
PORTION = 5000  # staff numbers in one query; PostgreSQL's driver takes 65,535 parameters


@dataclass(frozen=True)
class Replay:
    """An instant of the past: only what had been recorded by then is seen."""

    at: datetime
    zone: ZoneInfo


@dataclass(frozen=True)
class Facts:
    """What is known under one programme: members by staff number, and whether it exists."""

    members: Mapping[str, Member]
    programme_known: bool


@dataclass(slots=True)
class _Found:
    """What the rows say of one person; the keys tell rows apart that the join repeats."""

    person: Sequence[Any]
    extra: tuple[Any, ...]
    held: dict[tuple[Any, ...], Held] = field(default_factory=dict)
    places: dict[tuple[Any, ...], Assignment] = field(default_factory=dict)


_KNOWN = Prepared(select(PROGRAMMES.c.id).where(PROGRAMMES.c.code == bindparam("code")))
AsOf = Callable[[str, str, datetime], tuple[str, datetime]]


def facts(
    source: Line, staff: Sequence[str], programme: str, company: int | None = None, replay: Replay | None = None, logo: bool = False
) -> Facts:
    """What is known about ``staff`` under ``programme``; to an asker limited to ``company`` all others are unknown.

    A replay sees what had been recorded by then: the ledgers, the states and
    ends of contracts, items, measures and overrides; people and rosters carry
    dates of their own and are taken as they are. ``logo``: whether companies
    signed for the logo is asked for too.
    """
    people: dict[str, _Found] = {}
    programme_known = False
    for portion in _portions(staff):
        programme_known = _read(source, portion, programme, company, replay, logo, people) or programme_known
    if not people:
        programme_known = programme_exists(source, programme)
    if replay is None:
        return Facts({number: _member(number, found, found.held.values()) for number, found in people.items()}, programme_known)
    held = past.ledgers(source, staff, programme, replay.at, replay.zone)
    terms = past.contracts(source, people, replay.at)
    return Facts({number: _member(number, found, held.get(number, ()), terms) for number, found in people.items()}, programme_known)


def _read(
    source: Line, staff: list[str], programme: str, company: int | None, replay: Replay | None, logo: bool, people: dict[str, _Found]
) -> bool:
    """Add what the rows say to ``people``; whether the programme is there. Values that repeat are read once."""
    among = staff if source.dialect.name == "postgresql" else msgspec.json.encode(staff).decode()
    if replay is None:
        rows, readers = NOW.raw(source, staff=among, programme=programme, logo=int(logo))
    else:
        rows, readers = THEN.raw(source, staff=among, programme=programme, logo=int(logo), known_by=replay.at)
    held, places, left = _Reader(readers, LICENCE), _Reader(readers, PLACE), _Reader(readers, PERSON)
    known = False
    for row in rows:
        if company is not None and row[4] != company:
            continue
        number = row[0]
        found = people.get(number)
        if found is None:
            found = people[number] = _Found(left.read(row[PERSON]), (row[ENTRUSTED], row[RETRAINING], row[OVERRIDES], row[AGREEMENT]))
            known = known or row[5] is not None
        licence, place = row[LICENCE], row[PLACE]
        if licence[0] is not None and licence not in found.held:
            found.held[licence] = Held(*held.read(licence))
        if place[0] is not None and place not in found.places:
            found.places[place] = places.once(place, Assignment)
    return known


class _Reader:
    """Reads one part of a row; a part that many rows share is made once."""

    def __init__(self, readers: Mapping[int, Callable[[Any], Any]], part: slice) -> None:
        self.readers = [(place - part.start, read) for place, read in readers.items() if part.start <= place < part.stop]
        self.made: dict[tuple[Any, ...], Any] = {}
        self.values: dict[Any, Any] = {}

    def read(self, part: Sequence[Any]) -> Sequence[Any]:
        """The values as their columns' types read them."""
        values, known = list(part), self.values
        for place, read in self.readers:
            raw = values[place]
            value = known.get(raw)
            if value is None:
                value = known[raw] = read(raw)
            values[place] = value
        return values

    def once(self, part: tuple[Any, ...], make: Callable[..., Any]) -> Any:
        """What ``make`` makes of it, the same for all that share it."""
        found = self.made.get(part)
        if found is None:
            found = self.made[part] = make(*self.read(part))
        return found


def _member(number: str, found: _Found, held: Iterable[Held], as_of: AsOf | None = None) -> Member:
    left, code, kind = found.person
    entrusted, retraining, overrides, agreement = found.extra
    places: Iterable[Assignment] = found.places.values()
    if as_of is not None:
        places = [_as_known(place, as_of) for place in places]
    return Member(
        number, code, kind == "operator", left, tuple(held), tuple(places), _entrusted(entrusted, as_of), bool(agreement),
        tuple(Retraining(instant(due), breach, clause) for due, breach, clause in _listed(retraining)),
        tuple(
            Override(max(instant(starts), instant(confirmed)), instant(ends), first, second)
            for starts, confirmed, ends, first, second in _listed(overrides)
        ),
    )


def _as_known(place: Assignment, as_of: AsOf) -> Assignment:
    state, ends = as_of(place.contract, place.state, place.ends)
    return msgspec.structs.replace(place, state=state, ends=ends)


def _listed(text: str | None) -> list[Any]:
    return [] if text is None or text == "[]" else msgspec.json.decode(text)


def _entrusted(text: str | None, as_of: AsOf | None) -> tuple[Entrusted, ...]:
    """Open items by the contract under whose agreement they were issued."""
    found = []
    for contract, rows in groupby(sorted(_listed(text), key=lambda row: str(row[0])), key=lambda row: str(row[0])):
        every = list(rows)
        terms = {(row[first], *row[first + 1 : first + 4]) for row in every for first in (0, 4) if row[first] is not None}
        known = tuple(_term(*term, as_of) for term in sorted(terms, key=lambda term: (term[2], term[0])))
        found.append(Entrusted(contract, len({row[8] for row in every}), known))
    return tuple(found)


def _term(contract: str, state: str, starts: int, ends: int, as_of: AsOf | None) -> Term:
    last = instant(ends)
    if as_of is not None:
        state, last = as_of(contract, state, last)
    return Term(state, instant(starts), last)


def programme_exists(source: Source, code: str) -> bool:
    """Whether there is a programme of that code."""
    return _KNOWN.first(source, code=code) is not None


def programme_codes(session: Reader) -> list[str]:
    """Every programme's code, in order."""
    return list(session.scalars(select(PROGRAMMES.c.code).order_by(PROGRAMMES.c.code)))


def programme_titles(session: Reader) -> dict[str, dict[str, str]]:
    """Every programme's title by its code, in order."""
    rows = session.execute(select(PROGRAMMES.c.code, PROGRAMMES.c.title).order_by(PROGRAMMES.c.code))
    return {row.code: row.title for row in rows}


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


def citations(session: Reader) -> dict[str, ClauseView]:
    """The clauses behind the checks, by reference; those of a standard that is not loaded are missing."""
    found = {}
    for reference in dict.fromkeys([*(one for _rule, several in CHECKS.values() for one in several), *CLAUSES.values()]):
        parts = parse_reference(reference)
        view = clause_at(session, parts.standard, parts.edition, parts.number) if parts else None
        if view is not None:
            found[reference] = view
    return found
