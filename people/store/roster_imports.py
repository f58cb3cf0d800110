"""Imports of rosters, and what is known beside a roster that came as a table."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, select
from sqlalchemy.orm import Session, scoped_session, undefer

from people.contract import Stay
from people.roster_check import Agreement, Owner
from people.tables import Account, Contract, ImportedPerson, Partner, Person, RosterEntry, RosterImport

Reader = Session | scoped_session[Session]
ASKED = 5000
"""Values that a statement is asked with; for more of them the table is read through."""


def import_in_scope(session: Reader, import_id: int, company: int | None, whole: bool = False) -> RosterImport | None:
    """An import, or None for a stranger; a coordinator does not see what was imported across companies. ``whole``: with its faults."""
    query = select(RosterImport).where(RosterImport.id == import_id)
    if company is not None:
        query = query.where(RosterImport.partner_id == company, RosterImport.everywhere.is_(False))
    return session.scalar(query.options(undefer(RosterImport.faults)) if whole else query)


def import_for_change(session: Session, import_id: int) -> RosterImport:
    """An import, its row held until the transaction ends."""
    return session.get_one(RosterImport, import_id, with_for_update=True)


def staged_in_vain(session: Reader) -> list[int]:
    """Imports that are settled and still have staged rows: their process ended between the two."""
    query = select(RosterImport.id).where(RosterImport.state != "keeping", exists().where(ImportedPerson.import_id == RosterImport.id))
    return list(session.scalars(query))


def recent(session: Reader, partner_id: int, company: int | None) -> list[Row[Any]]:
    """The last imports for a company: ``id, name, state, report, created, author``."""
    query = select(
        RosterImport.id, RosterImport.name, RosterImport.state, RosterImport.report, RosterImport.created, Person.name.label("author")
    ).outerjoin(Account, Account.id == RosterImport.created_by).outerjoin(Person, Person.id == Account.person_id)
    query = query.where(RosterImport.partner_id == partner_id)
    if company is not None:
        query = query.where(RosterImport.everywhere.is_(False))
    return list(session.execute(query.order_by(RosterImport.id.desc()).limit(8)))


def kept_before(session: Reader, digest: bytes, partner_id: int, import_id: int) -> Row[Any] | None:
    """The last import of the same file for the same company that was kept: ``id, finished``."""
    query: Select[Any] = select(RosterImport.id, RosterImport.finished).where(
        RosterImport.digest == digest, RosterImport.partner_id == partner_id, RosterImport.state == "kept", RosterImport.id < import_id
    )
    return session.execute(query.order_by(RosterImport.id.desc())).first()


def contract_codes(session: Reader, partner_id: int) -> list[Row[Any]]:
    """``id, code, title`` of a company's contracts that have not ended, the newest first."""
    query = select(Contract.id, Contract.code, Contract.title).where(Contract.partner_id == partner_id, Contract.state != "ended")
    return list(session.execute(query.order_by(Contract.starts.desc(), Contract.id)))


def partner_codes(session: Reader, company: int | None) -> dict[str, int]:
    """Ids by code in capitals."""
    query = select(Partner.code, Partner.id)
    return {row.code.upper(): row.id for row in session.execute(query if company is None else query.where(Partner.id == company))}


def agreements(session: Reader) -> dict[str, Agreement]:
    """Contracts by code in capitals."""
    query = select(Contract.code, Contract.id, Contract.partner_id, Contract.state, Contract.starts, Contract.ends)
    return {row.code.upper(): Agreement(row.id, row.partner_id, row.state, row.starts, row.ends) for row in session.execute(query)}


def ids_of(connection: Connection, staff_nos: Collection[str], digests: Collection[bytes]) -> tuple[dict[str, int], dict[bytes, Owner]]:
    """Who has one of the staff numbers (in capitals), and whose are the digests.

    Everybody is read through once: asking for a hundred thousand of them by
    name takes longer than that on both databases.
    """
    query = select(Person.id, Person.staff_no, Person.id_number_digest, Person.partner_id)
    if len(staff_nos) + len(digests) <= ASKED:
        query = query.where(func.upper(Person.staff_no).in_(staff_nos) | Person.id_number_digest.in_(digests))
    known: dict[str, int] = {}
    owners: dict[bytes, Owner] = {}
    for person_id, staff_no, digest, partner_id in connection.execute(query).all():
        if (key := staff_no.upper()) in staff_nos:
            known[key] = person_id
        if digest is not None and digest in digests:
            owners[digest] = Owner(person_id, staff_no, partner_id)
    return known, owners


def details(connection: Connection, ids: Collection[int]) -> list[Row[Any]]:
    """What is kept of people: ``id, staff_no, name, partner_id, city, id_number, id_number_digest, phone, left``."""
    columns: list[Any] = [Person.id, Person.staff_no, Person.name, Person.partner_id, Person.city, Person.id_number]
    query: Select[Any] = select(*columns, Person.id_number_digest, Person.phone, Person.left)
    rows = connection.execute(query.where(Person.id.in_(ids)) if len(ids) <= ASKED else query).all()
    return [row for row in rows if row[0] in ids]


def stays_of(connection: Connection, ids: Collection[int]) -> dict[tuple[int, int], list[Stay]]:
    """Times on rosters by person and contract."""
    query = select(RosterEntry.person_id, RosterEntry.contract_id, RosterEntry.starts, RosterEntry.ends)
    found: defaultdict[tuple[int, int], list[Stay]] = defaultdict(list)
    if not ids:
        return found
    times: dict[tuple[datetime, datetime | None], Stay] = {}  # few different ones, for very many people
    narrowed = query.where(RosterEntry.person_id.in_(ids)) if len(ids) <= ASKED else query
    for person_id, contract_id, *time in connection.execute(narrowed).all():
        if person_id in ids:
            key = (time[0], time[1])
            found[person_id, contract_id].append(times.get(key) or times.setdefault(key, Stay(*key)))
    return found
