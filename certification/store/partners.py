"""Companies, contracts and rosters beside the standings that contracts ask for.

The rows belong to ``people``; they are only read here. A roster's people are
those whose stay has not ended: under a contract that begins later they are
there already, because they are assessed before it is signed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, scoped_session

from certification.licence import Grade, Standing, State, standing_of
from certification.store.licences import SPANS, spans_at
from certification.tables import Programme
from people.roster import IN_FORCE
from people.store.companies import partners_in_scope
from people.tables import Account, Contract, Partner, Person, RosterEntry

Reader = Session | scoped_session[Session]
STANDINGS = ("certified", "expiring", "uncertified")


@dataclass(frozen=True)
class Asked:
    """The instant, and how many days before its end a licence is expiring."""

    at: datetime
    expiring_days: int


@dataclass(frozen=True)
class Tally:
    """How many are on a contract's roster, certified under all its programmes, and of those soon expiring."""

    people: int = 0
    certified: int = 0
    expiring: int = 0

    @property
    def uncertified(self) -> int:
        """Who is missing at least one licence in force."""
        return self.people - self.certified


def not_over(at: datetime) -> ColumnElement[bool]:
    """A condition on RosterEntry: in force, or still to begin."""
    return or_(RosterEntry.ends.is_(None), RosterEntry.ends > at)


def programmes_by_code(session: Reader) -> dict[str, Row[Any]]:
    """``id, code, title`` of all programmes."""
    return {row.code: row for row in session.execute(select(Programme.id, Programme.code, Programme.title).order_by(Programme.code))}


def _active(programme_id: int, asked: Asked, soon: bool = False) -> ColumnElement[bool]:
    """A condition on Person: an active licence under the programme; with ``soon`` one that is expiring."""
    wanted = [SPANS.c.person_id == Person.id, SPANS.c.programme_id == programme_id, SPANS.c.standing == State.ACTIVE, spans_at(asked.at)]
    if soon:
        wanted.append(SPANS.c.until <= asked.at + timedelta(days=asked.expiring_days))
    return exists(select(SPANS.c.licence_id).where(*wanted))


def standing_is(wanted: str, codes: Sequence[str], known: dict[str, Row[Any]], asked: Asked) -> ColumnElement[bool]:
    """A condition on Person for one of STANDINGS under all of ``codes``; a programme that is not known is held by nobody."""
    ids = [known[code].id for code in codes if code in known]
    certified = and_(true(), *(_active(id_, asked) for id_ in ids)) if len(ids) == len(codes) else false()
    if wanted == "uncertified":
        return ~certified
    if wanted == "expiring":
        return and_(certified, or_(false(), *(_active(id_, asked, soon=True) for id_ in ids)))
    return certified


def certified_last(codes: Sequence[str], known: dict[str, Row[Any]], asked: Asked) -> ColumnElement[int]:
    """An order of people: who lacks a licence in force comes first."""
    return case((standing_is("certified", codes, known, asked), 1), else_=0)


def standing_under(wanted: str, contracts: Iterable[Contract], known: dict[str, Row[Any]], asked: Asked) -> ColumnElement[bool]:
    """A condition on a roster's person: one of STANDINGS under what the contract of the stay asks for."""
    each = (and_(Contract.code == contract.code, standing_is(wanted, contract.programmes, known, asked)) for contract in contracts)
    return or_(false(), *each)


def tallies(session: Reader, contracts: Iterable[Contract], known: dict[str, Row[Any]], asked: Asked) -> dict[int, Tally]:
    """A tally for each contract; one statement for each different set of programmes."""
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for contract in contracts:
        groups[tuple(contract.programmes)].append(contract.id)
    found: dict[int, Tally] = {}
    for codes, ids in groups.items():
        certified, expiring = (standing_is(wanted, codes, known, asked) for wanted in ("certified", "expiring"))
        query = (
            select(RosterEntry.contract_id, func.count(), func.count().filter(certified), func.count().filter(expiring))
            .join(Person, Person.id == RosterEntry.person_id)
            .where(RosterEntry.contract_id.in_(ids), not_over(asked.at))
            .group_by(RosterEntry.contract_id)
        )
        found.update({contract_id: Tally(*counts) for contract_id, *counts in session.execute(query)})
        found.update({id_: Tally() for id_ in ids if id_ not in found})
    return found


def company_tallies(session: Reader, contracts: Iterable[Contract], known: dict[str, Row[Any]], asked: Asked) -> dict[int, Tally]:
    """A tally for each company over ``contracts``, one statement: a person counts once, and as certified when that under all of them."""
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for contract in contracts:
        groups[tuple(contract.programmes)].append(contract.id)

    def people(wanted: str) -> ColumnElement[int]:
        each = [and_(RosterEntry.contract_id.in_(ids), standing_is(wanted, codes, known, asked)) for codes, ids in groups.items()]
        return func.count(case((or_(false(), *each), RosterEntry.person_id)).distinct())

    query = (
        select(Contract.partner_id, func.count(RosterEntry.person_id.distinct()), people("uncertified"), people("expiring"))
        .join(Contract, Contract.id == RosterEntry.contract_id)
        .join(Person, Person.id == RosterEntry.person_id)
        .where(RosterEntry.contract_id.in_([id_ for ids in groups.values() for id_ in ids]), not_over(asked.at))
        .group_by(Contract.partner_id)
    )
    return {partner: Tally(total, total - lacking, expiring) for partner, total, lacking, expiring in session.execute(query)}


PARTNER_ORDER: dict[str, Any] = {"name": Partner.name, "code": Partner.code, "id": Partner.id}


def partners(company: int | None, search: str, state: str | None, now: datetime) -> Select[Any]:
    """Companies with how many people work there; ``state`` is ``in_force`` or ``none`` (no contract in force)."""
    people = select(func.count()).where(Person.partner_id == Partner.id, or_(Person.left.is_(None), Person.left > now)).correlate(Partner)
    query = partners_in_scope(company).add_columns(people.scalar_subquery().label("people"))
    for word in search.split():
        query = query.where(or_(Partner.name.icontains(word, autoescape=True), Partner.code.icontains(word, autoescape=True)))
    in_force = exists(select(Contract.id).where(
        Contract.partner_id == Partner.id, Contract.state.in_(IN_FORCE), Contract.starts <= now, Contract.ends > now
    ))
    if state in ("in_force", "none"):
        query = query.where(in_force if state == "in_force" else ~in_force)
    return query


def contracts_of_all(session: Reader, partner_ids: Sequence[int]) -> dict[int, list[Contract]]:
    """Contracts by company, the newest first."""
    found: dict[int, list[Contract]] = {id_: [] for id_ in partner_ids}
    query = select(Contract).where(Contract.partner_id.in_(list(partner_ids))).order_by(Contract.starts.desc(), Contract.id)
    for contract in session.scalars(query):
        found[contract.partner_id].append(contract)
    return found


ROSTER_ORDER: dict[str, Any] = {
    "staff_no": Person.staff_no, "name": Person.name, "city": Person.city, "starts": RosterEntry.starts, "contract": Contract.code,
    "id": Person.id,
}
_PERSON = (
    Person.id, Person.name, Person.staff_no, Person.city, Person.phone, Person.id_number, Person.left, Account.id.label("account_id"),
    RosterEntry.id.label("entry_id"), RosterEntry.starts, RosterEntry.ends, RosterEntry.contract_id, Contract.code.label("contract"),
    Contract.programmes,
)


def staff(partner_id: int, asked: Asked, left: bool = False) -> Select[Any]:
    """A company's people, one row for each roster that they are on, and one for those on none; or those who ``left``."""
    gone = and_(Person.left.is_not(None), Person.left <= asked.at)
    return (
        select(*_PERSON)
        .select_from(Person)
        .outerjoin(Account, and_(Account.person_id == Person.id, Account.closed.is_(None)))
        .outerjoin(RosterEntry, and_(RosterEntry.person_id == Person.id, not_over(asked.at)))
        .outerjoin(Contract, Contract.id == RosterEntry.contract_id)
        .where(Person.partner_id == partner_id, gone if left else ~gone)
    )


def roster(contract_id: int, asked: Asked) -> Select[Any]:
    """Who is on a contract's roster."""
    return (
        select(*_PERSON)
        .select_from(RosterEntry)
        .join(Person, Person.id == RosterEntry.person_id)
        .join(Contract, Contract.id == RosterEntry.contract_id)
        .outerjoin(Account, and_(Account.person_id == Person.id, Account.closed.is_(None)))
        .where(RosterEntry.contract_id == contract_id, not_over(asked.at))
    )


def searched(query: Select[Any], search: str, digest: bytes | None) -> Select[Any]:
    """Narrow people by words, or by the digest of a whole ID number: what is sealed cannot be searched in part."""
    for word in search.split():
        named = [column.icontains(word, autoescape=True) for column in (Person.name, Person.staff_no, Person.city)]
        query = query.where(or_(*named, Person.id_number_digest == digest) if digest else or_(*named))
    return query


def standings(session: Reader, person_ids: Iterable[int], asked: Asked) -> dict[tuple[int, int], Standing]:
    """The standing by person and programme; of several licences the last certified speaks."""
    query = select(SPANS).where(SPANS.c.person_id.in_(list(person_ids)), spans_at(asked.at)).order_by(SPANS.c.certified, SPANS.c.licence_id)
    return {
        (row.person_id, row.programme_id): standing_of(
            State(row.standing), Grade(row.grade) if row.grade else None, row.until, row.certified, asked.at, asked.expiring_days
        )
        for row in session.execute(query)
    }
