"""Who is on the board: a row for each person and programme that concern each other at an instant.

There is a row for each programme under which a person holds or held a licence,
and for each that a contract asks of those on its roster; who has neither has
one row without a programme, so that nobody is out of sight. Who has left is
not there, nor an office account that nobody asks a licence of. Of several
licences under one programme the last certified speaks.

The rows are a union of branches, each narrowed by itself: the planner of
SQLite does not push conditions into a union.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from certification.licence import State
from certification.store.licences import SPANS, spans_at
from certification.tables import Licence, Programme
from people.roster import IN_FORCE
from people.tables import Account, Contract, ContractEvent, Partner, Person, RosterEntry

NO_ID = cast(null(), SPANS.c.licence_id.type)
OF_A_LICENCE = ("licence_id", "grade", "until", "certified")


@dataclass(frozen=True)
class Narrowing:
    """Whose standing is asked for: codes, a city, words, a contract's state or ``in_force``.

    ``company`` is the id of the company that the asker is limited to.
    """

    company: int | None = None
    text: str = ""
    partner: str = ""
    programme: str = ""
    city: str = ""
    contract: str = ""
    contract_state: str = ""

    @property
    def by_roster(self) -> bool:
        """Whether only what contracts ask for is meant."""
        return bool(self.contract or self.contract_state)

    def nameless(self) -> "Narrowing":
        """The same without the search for somebody."""
        return replace(self, text="")


def _speaks(at: datetime) -> ColumnElement[bool]:
    """A condition on the span: it covers ``at``, and no span of another licence there was certified later.

    An anti-join, not a window: it looks at one person's few spans by index.
    """
    other = SPANS.alias("other")
    same_instant = and_(other.c.certified == SPANS.c.certified, other.c.licence_id > SPANS.c.licence_id)
    later = or_(other.c.certified > SPANS.c.certified, same_instant)
    rival = exists().where(
        other.c.person_id == SPANS.c.person_id, other.c.programme_id == SPANS.c.programme_id, other.c.licence_id != SPANS.c.licence_id,
        other.c.starts <= at, or_(other.c.ends.is_(None), other.c.ends > at), later,
    )
    return and_(spans_at(at), ~rival)


def _asks() -> ColumnElement[bool]:
    """A condition on Contract and Programme: the contract names the programme (its list of codes is JSON on both databases)."""
    codes = cast(Contract.programmes, Text)
    return func.replace(codes, '"' + Programme.code + '"', "") != codes


def _alive(at: datetime) -> ColumnElement[bool]:
    """A condition on Contract: not over at ``at``; one that has ended since was alive until the event that says so."""
    ended_later = exists().where(ContractEvent.contract_id == Contract.id, ContractEvent.after == "ended", ContractEvent.at > at)
    return and_(Contract.ends > at, or_(Contract.state != "ended", ended_later))


def _on_roster(at: datetime) -> ColumnElement[bool]:
    """A condition on RosterEntry: there at ``at``, or still to come, because people are assessed before they begin."""
    return or_(RosterEntry.ends.is_(None), RosterEntry.ends > at)


class Pairs:
    """The rows of the board at ``at``, narrowed, as a subquery: who, under what, how it stands, and whether a roster asks for it.

    ``columns`` are those of ``_columns`` that are wanted: what a union carries along it pays for in every row.
    """

    def __init__(self, at: datetime, narrowing: Narrowing, columns: Collection[str]) -> None:
        self.at, self.narrowing, self.columns = at, narrowing, columns

    def _asked(self) -> list[ColumnElement[bool]]:
        """Conditions on Contract and Programme: what contracts ask for, of the contracts that are meant."""
        wanted = [_asks()]
        if self.narrowing.contract:
            wanted.append(Contract.code == self.narrowing.contract)
        if state := self.narrowing.contract_state:
            wanted.append(Contract.state.in_(IN_FORCE) if state == "in_force" else Contract.state == state)
        return wanted if self.narrowing.by_roster else [*wanted, _alive(self.at)]

    def everybody(self) -> Any:
        """All rows, each person and programme once."""
        branches = self.branches()
        return (union_all(*branches) if len(branches) > 1 else branches[0]).subquery("pairs")

    def branches(self) -> list[Select[Any]]:
        """The parts of ``everybody``, which never overlap: counting each by itself costs half of counting their union."""
        if self.narrowing.by_roster:
            return [self._by_roster(by_contract=False)]
        return [self.held(), self._owing(), *([] if self.narrowing.programme else [self._bare()])]

    def by_contract(self) -> Select[Any]:
        """What each contract asks of those on its roster: a person under two contracts is there twice."""
        return self._by_roster(by_contract=True)

    def held(self) -> Select[Any]:
        """Whoever holds or held a licence."""
        owed = case((SPANS.c.standing == State.EXPIRED, self._needed(SPANS.c.person_id, SPANS.c.programme_id)), else_=false())
        query = select(*self._columns(SPANS.c.programme_id, NO_ID, owed)).select_from(SPANS.join(Person, Person.id == SPANS.c.person_id))
        if self.narrowing.text:
            query = query.join(Licence, Licence.id == SPANS.c.licence_id)
        return query.where(_speaks(self.at), *self._people(), self._words(Licence.number), self._programme(SPANS.c.programme_id))

    def _owing(self) -> Select[Any]:
        """Whoever is on a roster that asks for a licence and never had one."""
        owed = self._owed(by_contract=False)
        held = exists().where(SPANS.c.person_id == owed.c.person_id, SPANS.c.programme_id == owed.c.programme_id, spans_at(self.at))
        query = select(*self._columns(owed.c.programme_id, NO_ID, true(), held=False)).select_from(owed)
        query = query.join(Person, Person.id == owed.c.person_id)
        return query.where(~held, self._words())

    def _bare(self) -> Select[Any]:
        """Whoever neither holds a licence nor is asked for one."""
        held = exists().where(SPANS.c.person_id == Person.id, spans_at(self.at))
        staff = or_(Account.id.is_(None), cast(Account.roles, Text).contains('"candidate"'))
        query = select(*self._columns(NO_ID, NO_ID, false(), held=False)).select_from(Person)
        query = query.outerjoin(Account, Account.person_id == Person.id)
        return query.where(~held, ~self._needed(Person.id), staff, *self._people(), self._words())

    def _by_roster(self, by_contract: bool) -> Select[Any]:
        """What contracts ask for, held or not."""
        owed = self._owed(by_contract)
        span = and_(SPANS.c.person_id == owed.c.person_id, SPANS.c.programme_id == owed.c.programme_id, _speaks(self.at))
        query = select(*self._columns(owed.c.programme_id, owed.c.contract_id if by_contract else NO_ID, true()))
        query = query.select_from(owed).join(Person, Person.id == owed.c.person_id).outerjoin(SPANS, span)
        if self.narrowing.text:
            query = query.outerjoin(Licence, Licence.id == SPANS.c.licence_id)
        return query.where(self._words(Licence.number))

    def _owed(self, by_contract: bool) -> Any:
        """``person_id, programme_id`` (and ``contract_id``): what rosters ask for, each once."""
        query = select(Contract.id.label("contract_id"), Programme.id.label("programme_id")).join(Programme, and_(*self._asked()))
        asked = query.cte().prefix_with("MATERIALIZED")  # a few hundred rows, found once and not for each on a roster
        columns = [RosterEntry.person_id, asked.c.programme_id, *([asked.c.contract_id] if by_contract else [])]
        query = select(*columns).distinct().select_from(RosterEntry).join(asked, asked.c.contract_id == RosterEntry.contract_id)
        query = query.join(Person, Person.id == RosterEntry.person_id).where(_on_roster(self.at), *self._people())
        return query.where(self._programme(asked.c.programme_id)).subquery("owed")

    def _needed(self, person: Any, programme: Any = None) -> ColumnElement[bool]:
        """Whether a roster asks that person for a licence."""
        wanted = [RosterEntry.person_id == person, _on_roster(self.at), Contract.id == RosterEntry.contract_id, *self._asked()]
        if programme is not None:
            wanted.append(Programme.id == programme)
        return select(RosterEntry.id).select_from(RosterEntry).join(Contract, true()).join(Programme, true()).where(*wanted).exists()

    def _people(self) -> list[ColumnElement[bool]]:
        """Conditions on Person that every branch carries."""
        asked = self.narrowing
        wanted: list[ColumnElement[bool]] = [or_(Person.left.is_(None), Person.left > self.at)]
        if asked.company is not None:
            wanted.append(Person.partner_id == asked.company)
        if asked.partner:
            wanted.append(Person.partner_id == select(Partner.id).where(Partner.code == asked.partner).correlate(None).scalar_subquery())
        if asked.city:
            wanted.append(Person.city == asked.city)
        return wanted

    def _words(self, number: Any = None) -> ColumnElement[bool]:
        """The search: name, staff number, or the licence's number where there is one."""
        text = self.narrowing.text
        if not text:
            return true()
        named = [Person.name.icontains(text, autoescape=True), Person.staff_no.icontains(text, autoescape=True)]
        if number is not None:
            named.append(number.icontains(text.replace(" ", ""), autoescape=True))
        return or_(*named)

    def _programme(self, column: Any) -> ColumnElement[bool]:
        """The programme that is asked for."""
        if not self.narrowing.programme:
            return true()
        known = select(Programme.id).where(Programme.code == self.narrowing.programme).correlate(None).scalar_subquery()
        same: ColumnElement[bool] = column == known
        return same

    def _columns(self, programme: Any, contract: Any, owed: Any, held: bool = True) -> list[Any]:
        """What all branches have, in one order."""
        every = {
            "person_id": Person.id, "partner_id": Person.partner_id, "city": Person.city, "name": Person.name, "staff_no": Person.staff_no,
            "programme_id": programme, "contract_id": contract, "owed": owed,
            "standing": func.coalesce(SPANS.c.standing, State.NONE.value) if held else literal(State.NONE.value, String),
        }
        every |= {name: SPANS.c[name] if held else cast(null(), SPANS.c[name].type) for name in OF_A_LICENCE}
        return [column.label(name) for name, column in every.items() if name in self.columns]
