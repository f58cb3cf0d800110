"""A generated crowd of licences and rosters, and a board of them that is counted one by one: what the SQL is held against."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, insert, select

from certification import licence as rule
from certification.licence import Event, Grade, Kind, Span, State, Validity
from certification.outlook import Month
from certification.tables import Licence, LicenceSpan, Programme, ProgrammeEdition
from foundation.work import Work
from people.tables import Account, Contract, ContractEvent, Partner, Person, RosterEntry
from tests.cast import SHANGHAI
from tests.conftest import START

CITIES = ("杭州", "宁波", "温州", "")
DAY = timedelta(days=1)


def settle(w: Work, people: int = 160, seed: int = 7) -> None:
    """Companies, contracts in every state, people who come and go, and ledgers of every kind under two programmes."""
    rng = random.Random(seed)
    editions = dict(_rows(w, select(ProgrammeEdition.programme_id, ProgrammeEdition.id)))
    programmes = dict(_rows(w, select(Programme.code, Programme.id)))
    w.connection.execute(insert(Partner), [{"code": f"K{n}", "name": f"公司{n}", "kind": "partner"} for n in range(4)])
    companies = [id_ for id_, in _rows(w, select(Partner.id).where(Partner.code.like("K%")))]
    contracts = []
    for number in range(9):
        state = ("draft", "certified_roster", "signed", "running", "ending", "ended", "running", "ended", "running")[number]
        starts = START + rng.randint(-300, 100) * DAY
        contracts.append({
            "code": f"KC{number}", "title": "", "partner_id": companies[number % 4], "state": state, "starts": starts,
            "ends": starts + rng.randint(30, 500) * DAY, "programmes": rng.choice([["GC"], ["GC", "BB"], [], ["NOT-THERE"]]),
        })
    w.connection.execute(insert(Contract), contracts)
    kept = {code: id_ for id_, code in _rows(w, select(Contract.id, Contract.code).where(Contract.code.like("KC%")))}
    w.connection.execute(insert(ContractEvent), [
        {"contract_id": kept["KC5"], "before": "running", "after": "ended", "at": START - 5 * DAY, "note": "", "facts": {}},
    ])
    rows = [
        {"staff_no": f"K{n:04}", "name": f"测试{n}", "partner_id": rng.choice(companies), "city": rng.choice(CITIES),
         "left": rng.choice([None] * 9 + [START + rng.randint(-90, 90) * DAY])}
        for n in range(people)
    ]
    w.connection.execute(insert(Person), rows)
    persons = _rows(w, select(Person.id, Person.partner_id).where(Person.staff_no.like("K%")))
    own = {company: [kept[row["code"]] for row in contracts if row["partner_id"] == company] for company in companies}
    entries, licences, spans = [], [], []
    first = len(_rows(w, select(Licence.id))) + 1000
    for person, company in persons:
        for contract in rng.sample(own[company], rng.choice([0, 1, 1, 2])):
            starts = START + rng.randint(-200, 60) * DAY
            ends = rng.choice([None, None, starts + rng.randint(1, 300) * DAY])
            entries.append({"contract_id": contract, "person_id": person, "starts": starts, "ends": ends})
        for programme in programmes.values():
            for _ in range(rng.choice([0, 1, 1, 2])):
                number = first + len(licences)
                licences.append({
                    "id": number, "number": f"CZ-K-{number}", "person_id": person, "programme_id": programme, "holder": "x",
                    "programme_edition_id": editions[programme], "created": START, "status_index": number,
                })
                spans += [
                    {"licence_id": number, "person_id": person, "programme_id": programme, **_of(span)} for span in _ledger(rng)
                ]
    for table, found in ((RosterEntry, entries), (Licence, licences), (LicenceSpan, spans)):
        w.connection.execute(insert(table), found)


def _rows(w: Work, query: Select[Any]) -> list[Any]:
    return list(w.connection.execute(query))


def _of(span: Span) -> dict[str, Any]:
    return {name: getattr(span, name) for name in ("starts", "ends", "standing", "grade", "until", "certified")}


def _ledger(rng: random.Random) -> list[Span]:
    """A licence's spans by the rule itself."""
    at = START + rng.randint(-500, 40) * DAY + timedelta(hours=rng.randint(0, 23))
    events = [Event(Kind.GRANTED, rng.choice(list(Grade)), at, None, at)]
    for _ in range(rng.choice([0, 0, 1, 2, 3])):
        at += timedelta(days=rng.randint(1, 200))
        kind = rng.choice([Kind.RENEWED, Kind.SUSPENDED, Kind.REINSTATED, Kind.REVOKED, Kind.SUPERSEDED, Kind.UPGRADED])
        events.append(Event(kind, None, at, None, at))
    return rule.spans(events, Validity(12, SHANGHAI))


@dataclass(frozen=True)
class Pair:
    """One row of the board, found one by one."""

    staff_no: str
    partner: str
    city: str
    programme: str | None
    standing: str
    owed: bool
    until: datetime | None
    contract: str | None = None

    def lapses_in(self, month: Month) -> bool:
        """Whether the licence ends in the month, in force until then or not renewed since."""
        ends = self.until is not None and month.starts < self.until <= month.ends
        return ends and self.standing in (State.ACTIVE, State.EXPIRING, State.EXPIRED)


def board(session: Any, at: datetime, soon: int) -> list[Pair]:
    """Everybody at ``at``, by looking at each person in turn."""
    data = _Everything(session)
    return [pair for person in data.people for pair in _pairs(data, person, at, soon)]


def by_contract(session: Any, at: datetime, soon: int) -> list[Pair]:
    """What each contract asks of each of its people."""
    data = _Everything(session)
    found = []
    for person in data.people:
        if _gone(person, at):
            continue
        for contract, code in sorted(data.asked(person, at)):
            held = data.held(person, code, at)
            found.append(_pair(data, person, code, held, True, at, soon, contract))
    return found


def _pairs(data: "_Everything", person: Any, at: datetime, soon: int) -> Iterator[Pair]:
    if _gone(person, at):
        return
    asked = {code for _, code in data.asked(person, at)}
    held = {code: span for code in data.programmes if (span := data.held(person, code, at))}
    for code in sorted(asked | set(held)):
        yield _pair(data, person, code, held.get(code), code in asked, at, soon, None)
    account = data.accounts.get(person.id)
    if not asked and not held and (account is None or "candidate" in account):
        yield _pair(data, person, None, None, False, at, soon, None)


def _gone(person: Any, at: datetime) -> bool:
    return person.left is not None and person.left <= at


def _pair(
    data: "_Everything", person: Any, code: str | None, span: Any, asked: bool, at: datetime, soon: int, contract: str | None
) -> Pair:
    standing = State.NONE if span is None else rule.standing_of(
        State(span.standing), None, span.until, span.certified, at, soon
    ).state
    owed = asked and standing in (State.EXPIRED, State.NONE)
    partner = data.partners[person.partner_id]
    return Pair(person.staff_no, partner, person.city, code, standing.value, owed, span.until if span else None, contract)


class _Everything:
    """All the rows, in memory."""

    def __init__(self, session: Any) -> None:
        self.people = session.scalars(select(Person)).all()
        self.partners = {row.id: row.code for row in session.scalars(select(Partner))}
        self.contracts = {row.id: row for row in session.scalars(select(Contract))}
        self.accounts = {row.person_id: row.roles for row in session.scalars(select(Account))}
        self.programmes = {row.code: row.id for row in session.scalars(select(Programme))}
        self.ended = {row.contract_id: row.at for row in session.scalars(select(ContractEvent).where(ContractEvent.after == "ended"))}
        self.roster: dict[int, list[Any]] = {}
        for entry in session.scalars(select(RosterEntry)):
            self.roster.setdefault(entry.person_id, []).append(entry)
        self.spans: dict[tuple[int, int], list[Any]] = {}
        for span in session.scalars(select(LicenceSpan)):
            self.spans.setdefault((span.person_id, span.programme_id), []).append(span)

    def asked(self, person: Any, at: datetime) -> set[tuple[str, str]]:
        """Contracts with the programmes that they ask of that person."""
        found = set()
        for entry in self.roster.get(person.id, ()):
            contract = self.contracts[entry.contract_id]
            over = contract.ends <= at or (contract.state == "ended" and not self.ended.get(contract.id, at) > at)
            if not over and (entry.ends is None or entry.ends > at):
                found |= {(contract.code, code) for code in contract.programmes if code in self.programmes}
        return found

    def held(self, person: Any, code: str, at: datetime) -> Any:
        """The span that speaks: of several licences the last certified."""
        covering = [
            span for span in self.spans.get((person.id, self.programmes[code]), ())
            if span.starts <= at and (span.ends is None or at < span.ends)
        ]
        return max(covering, key=lambda span: (span.certified, span.licence_id), default=None)
