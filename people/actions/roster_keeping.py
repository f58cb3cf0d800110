"""Keeping a checked roster: staged in portions, then swapped in at once.

Sealing a hundred thousand numbers takes longer than writers may be held, so
sealed rows are staged in short transactions, where nobody sees them. One more
transaction makes sure that what was relied on still holds and moves all of
them over by a handful of statements. A crash before it leaves nothing; the
next try stages anew.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, delete, exists, func, insert, literal, or_, select, update

from foundation.sealing import sealer
from foundation.work import SYSTEM, Work, work
from people.roster_check import Change, Kind
from people.tables import Contract, ImportedEntry, ImportedPerson, Person, RosterEntry

PORTION = 2000
PEOPLE, ROSTER, CONTRACTS, STAGED, ENTRIES = (
    cast(Table, row.__table__) for row in (Person, RosterEntry, Contract, ImportedPerson, ImportedEntry)
)


class Stale(Exception):
    """What the plan relied on has changed since: it is to be made anew."""


def stage(import_id: int, changes: Sequence[Change], now: datetime, progress: Callable[[int, int], None]) -> None:
    """Seal what is personal and put it beside, a portion at a time; what an earlier try left is dropped."""
    with work(SYSTEM) as w:
        drop_staged(w, import_id)
    for start in range(0, len(changes), PORTION):
        portion = changes[start : start + PORTION]
        people = [_person(import_id, change, now) for change in portion]
        entries = [
            {"import_id": import_id, "staff_no": change.staff_no, "contract_id": contract_id, "starts": starts}
            for change in portion for contract_id, starts in change.entries
        ]
        with work(SYSTEM) as w:
            w.connection.execute(insert(STAGED), people)
            if entries:
                w.connection.execute(insert(ENTRIES), entries)
        progress(start + len(portion), len(changes))


def drop_staged(w: Work, import_id: int) -> None:
    """Forget what was put beside."""
    for table in (STAGED, ENTRIES):
        w.connection.execute(delete(table).where(table.c.import_id == import_id))


def _person(import_id: int, change: Change, now: datetime) -> dict[str, Any]:
    sealed = sealer()
    moves = None
    if change.kind is Kind.MOVED:
        moves = min((starts for _contract, starts in change.entries), default=now)
    return {
        "import_id": import_id, "person_id": change.person_id, "staff_no": change.staff_no, "name": change.name, "city": change.city,
        "partner_id": change.partner_id, "seen_partner": change.seen_partner, "seen_left": change.seen_left, "back": change.back,
        "id_number": sealed.seal(change.id_number) if change.id_number else None,
        "id_number_digest": sealed.digest(change.id_number) if change.id_number else None,
        "phone": sealed.seal(change.phone) if change.phone else None, "moves": moves,
    }


def swap(w: Work, import_id: int) -> None:
    """Move everything that was staged over, or raise Stale; an ID number that was taken meanwhile raises IntegrityError.

    What was staged stays, for the caller to drop afterwards: nobody needs to wait for that.
    """
    _hold(w, import_id)
    mine = STAGED.c.import_id == import_id
    columns = ("staff_no", "name", "city", "partner_id", "id_number", "id_number_digest", "phone")
    fresh = select(*(STAGED.c[name] for name in columns)).where(mine, STAGED.c.person_id.is_(None)).order_by(STAGED.c.id)
    w.connection.execute(insert(PEOPLE).from_select(columns, fresh))
    of_person = and_(mine, STAGED.c.person_id == PEOPLE.c.id)
    w.connection.execute(update(PEOPLE).where(of_person).values(
        name=func.coalesce(func.nullif(STAGED.c.name, ""), PEOPLE.c.name),
        city=func.coalesce(func.nullif(STAGED.c.city, ""), PEOPLE.c.city),
        partner_id=STAGED.c.partner_id, id_number=func.coalesce(STAGED.c.id_number, PEOPLE.c.id_number),
        id_number_digest=func.coalesce(STAGED.c.id_number_digest, PEOPLE.c.id_number_digest),
        phone=func.coalesce(STAGED.c.phone, PEOPLE.c.phone),
    ))
    w.connection.execute(update(PEOPLE).where(of_person, STAGED.c.back.is_(True)).values(left=None))
    _end_elsewhere(w, import_id)
    entering = select(ENTRIES.c.contract_id, PEOPLE.c.id, ENTRIES.c.starts).where(
        ENTRIES.c.import_id == import_id, PEOPLE.c.staff_no == ENTRIES.c.staff_no
    )
    w.connection.execute(insert(ROSTER).from_select(("contract_id", "person_id", "starts"), entering.order_by(ENTRIES.c.id)))
    _record(w, import_id)


def _hold(w: Work, import_id: int) -> None:
    """Raise Stale unless companies, leavings and contracts are what the plan relied on; the contracts' rows stay held.

    One of them is not signed, nor ended, while people enter its roster.
    """
    mine = ENTRIES.c.import_id == import_id
    contracts = select(CONTRACTS.c.state).where(CONTRACTS.c.id.in_(select(ENTRIES.c.contract_id).where(mine))).order_by(CONTRACTS.c.id)
    ended = any(row.state == "ended" for row in w.connection.execute(contracts.with_for_update()).all())
    known = select(literal(1)).join_from(STAGED, PEOPLE, PEOPLE.c.id == STAGED.c.person_id).where(
        STAGED.c.import_id == import_id,
        or_(PEOPLE.c.partner_id != STAGED.c.seen_partner, PEOPLE.c.left.is_distinct_from(STAGED.c.seen_left)),
    )
    there = select(literal(1)).select_from(ENTRIES).join(PEOPLE, PEOPLE.c.staff_no == ENTRIES.c.staff_no).join(
        ROSTER, and_(ROSTER.c.person_id == PEOPLE.c.id, ROSTER.c.contract_id == ENTRIES.c.contract_id)
    ).where(mine, or_(ROSTER.c.ends.is_(None), ROSTER.c.ends > ENTRIES.c.starts))
    if ended or any(w.connection.execute(query.limit(1)).first() for query in (known, there)):
        raise Stale


def _end_elsewhere(w: Work, import_id: int) -> None:
    """Who moved to another company leaves the rosters of the former one when they begin at the new one."""
    moved = w.connection.execute(
        select(STAGED.c.person_id, STAGED.c.partner_id, STAGED.c.moves).where(STAGED.c.import_id == import_id, STAGED.c.moves.is_not(None))
    ).all()
    for row in moved:
        elsewhere = exists().where(CONTRACTS.c.id == ROSTER.c.contract_id, CONTRACTS.c.partner_id != row.partner_id)
        open_ones = and_(ROSTER.c.person_id == row.person_id, or_(ROSTER.c.ends.is_(None), ROSTER.c.ends > row.moves), elsewhere)
        w.connection.execute(update(ROSTER).where(open_ones, ROSTER.c.starts < row.moves).values(ends=row.moves))
        w.connection.execute(update(ROSTER).where(open_ones).values(ends=ROSTER.c.starts))  # would have begun later: never does
        w.record("person.moved", f"person:{row.person_id}", partner=row.partner_id)


def _record(w: Work, import_id: int) -> None:
    """Who was renamed and who came back, each by itself; those who are new stand in the import's own record."""
    known = select(STAGED.c.person_id, STAGED.c.name, STAGED.c.back).where(STAGED.c.import_id == import_id, STAGED.c.person_id.is_not(None))
    for row in w.connection.execute(known.where(or_(STAGED.c.name != "", STAGED.c.back.is_(True))).order_by(STAGED.c.id)):
        if row.name:
            w.record("person.renamed", f"person:{row.person_id}")
        if row.back:
            w.record("person.returned", f"person:{row.person_id}")
