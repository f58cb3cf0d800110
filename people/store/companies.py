"""Companies, contracts, people and rosters, scoped to the asker."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session, scoped_session

from people.contract import Stay
from people.tables import Contract, Partner, Person, RosterEntry

Reader = Session | scoped_session[Session]


def people_in_scope(company: int | None) -> ColumnElement[bool]:
    """A condition on Person: everybody, or one company's people."""
    return Person.partner_id == company if company is not None else Person.id.is_not(None)


def partners_in_scope(company: int | None) -> Select[Any]:
    """Partners that the asker may see."""
    query = select(Partner.id, Partner.code, Partner.name, Partner.kind)
    return query.where(Partner.id == company) if company is not None else query


def person_ids(session: Session, staff_nos: Sequence[str]) -> dict[str, int]:
    """Ids by staff number, of those that are known; asked for in portions, because a statement takes so many values."""
    found: dict[str, int] = {}
    for start in range(0, len(staff_nos), 5000):
        query = select(Person.staff_no, Person.id).where(Person.staff_no.in_(staff_nos[start : start + 5000]))
        found.update(session.execute(query).all())
    return found


def partner_in_scope(session: Reader, partner_id: int, company: int | None) -> Row[Any] | None:
    """A company, or None for a stranger."""
    return session.execute(partners_in_scope(company).where(Partner.id == partner_id)).first()


def partner_coded(session: Reader, code: str) -> Row[Any] | None:
    """The company of that code: ``id, code, name, kind``."""
    return session.execute(partners_in_scope(None).where(Partner.code == code)).first()


def contract_in_scope(session: Reader, partner_id: int, contract_id: int, company: int | None) -> Contract | None:
    """A contract of that company, or None for a stranger."""
    query = select(Contract).where(Contract.id == contract_id, Contract.partner_id == partner_id)
    return session.scalar(query if company is None else query.where(Contract.partner_id == company))


def contract_for_change(session: Session, contract_id: int) -> Contract:
    """A contract, its row held until the transaction ends."""
    return session.get_one(Contract, contract_id, with_for_update=True)


def stay_in_scope(session: Reader, contract_id: int, entry_id: int) -> Row[Any] | None:
    """A roster entry of that contract with the person."""
    query = select(RosterEntry.id, RosterEntry.starts, RosterEntry.ends, Person.id.label("person_id"), Person.name, Person.staff_no)
    query = query.join(Person, Person.id == RosterEntry.person_id)
    return session.execute(query.where(RosterEntry.id == entry_id, RosterEntry.contract_id == contract_id)).first()


def person_numbered(session: Reader, staff_no: str) -> Row[Any] | None:
    """Whoever has that staff number: ``id, staff_no, name, left, partner_id, partner``."""
    query = select(Person.id, Person.staff_no, Person.name, Person.left, Person.partner_id, Partner.name.label("partner"))
    return session.execute(query.join(Partner).where(func.upper(Person.staff_no) == staff_no.upper())).first()


def person_digested(session: Reader, digest: bytes) -> Row[Any] | None:
    """Whoever has the ID number of that digest: ``id, staff_no, name, partner_id``."""
    query = select(Person.id, Person.staff_no, Person.name, Person.partner_id)
    return session.execute(query.where(Person.id_number_digest == digest)).first()


def stays(session: Reader, contract_id: int, person_id: int) -> list[Stay]:
    """A person's times on a roster."""
    query = select(RosterEntry.starts, RosterEntry.ends)
    query = query.where(RosterEntry.contract_id == contract_id, RosterEntry.person_id == person_id)
    return [Stay(row.starts, row.ends) for row in session.execute(query)]


def end_stays(session: Session, person_id: int, ends: datetime) -> None:
    """End all of a person's times on rosters at ``ends``; one that would begin later never does."""
    open_ones = or_(RosterEntry.ends.is_(None), RosterEntry.ends > ends)
    for entry in session.scalars(select(RosterEntry).where(RosterEntry.person_id == person_id, open_ones)):
        entry.ends = max(ends, entry.starts)


def as_kept(session: Reader, typed: Sequence[str]) -> tuple[str, ...]:
    """Staff numbers as they are kept, each once: what was typed in other capitals means the same person."""
    query = select(Person.staff_no).where(func.upper(Person.staff_no).in_([number.upper() for number in typed]))
    kept = set(session.scalars(query))
    folded = {number.upper(): number for number in sorted(kept)}
    return tuple(dict.fromkeys(number if number in kept else folded.get(number.upper(), number) for number in typed))
