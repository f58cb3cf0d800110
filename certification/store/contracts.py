"""What contracts ask of the people on their rosters: the checklist before signing, and who was assessed in which year."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import aliased

from certification.checklist import Cure, Head, Holding, Line, cure
from certification.licence import CERTIFIES, Standing, State
from certification.store.licences import EVENTS, LICENCES, SPANS, spans_at
from certification.store.partners import Asked, Reader, Tally, not_over, roster, standings, tallies
from certification.tables import Booking, CustodyAgreement, Decision, ProgrammeEdition, Sitting
from people.contract import Roster, Stay
from people.tables import Contract, Partner, Person, RosterEntry


def figures(session: Reader, contract: Contract, known: dict[str, Row[Any]], asked: Asked) -> Roster:
    """The roster as the rule of contracts sees it."""
    tally = tallies(session, [contract], known, asked)[contract.id]
    return Roster(tally.people, tally.uncertified, len(contract.programmes))


def head(session: Reader, contract: Contract, state: str, tally: Tally, known: dict[str, Row[Any]], asked: Asked) -> Head:
    """The contract and its figures, for the checklist."""
    partner = session.get_one(Partner, contract.partner_id)
    agreement = session.scalar(select(CustodyAgreement.signed).where(CustodyAgreement.contract_id == contract.id))
    renews = session.get(Contract, contract.renews_id) if contract.renews_id else None
    titles = {code: dict(known[code].title) if code in known else {"zh": code} for code in contract.programmes}
    return Head(
        partner.name, partner.code, contract.code, contract.title, state, contract.starts, contract.ends, titles, tally.people,
        tally.uncertified, _lapsing(session, contract, known, asked), agreement, renews.code if renews else None,
        renews.ends if renews else None,
    )


def _lapsing(session: Reader, contract: Contract, known: dict[str, Row[Any]], asked: Asked) -> int:
    """How many on the roster hold a licence now that runs out before the contract begins."""
    ids = [known[code].id for code in contract.programmes if code in known]
    query = (
        select(func.count(RosterEntry.person_id.distinct()))
        .join(SPANS, SPANS.c.person_id == RosterEntry.person_id)
        .where(RosterEntry.contract_id == contract.id, not_over(asked.at), SPANS.c.programme_id.in_(ids), SPANS.c.standing == "active")
        .where(spans_at(asked.at), SPANS.c.until <= contract.starts)
    )
    return int(session.scalar(query) or 0)


PORTION = 5000
"""People in one statement; PostgreSQL's driver takes 65,535 parameters."""


def lines(
    session: Reader, contract: Contract, known: dict[str, Row[Any]], asked: Asked, rows: Sequence[Row[Any]] | None = None
) -> tuple[Line, ...]:
    """The people on the roster, of one page's ``rows`` or all of them in order of staff number, with what each holds and lacks."""
    if rows is None:
        rows = session.execute(roster(contract.id, asked).order_by(Person.staff_no)).all()
    portions = (rows[start : start + PORTION] for start in range(0, len(rows), PORTION))
    return tuple(line for portion in portions for line in _lines(session, contract.programmes, known, asked, portion))


def _lines(
    session: Reader, codes: Sequence[str], known: dict[str, Row[Any]], asked: Asked, rows: Sequence[Row[Any]]
) -> Iterator[Line]:
    people = [row.id for row in rows]
    held, numbers = standings(session, people, asked), _numbers(session, people, asked)
    pending, booked = _pending(session, people), _booked(session, people, asked)

    def holding(person_id: int, code: str) -> Holding:
        key = (person_id, known[code].id if code in known else 0)
        standing = held.get(key, Standing(State.NONE))
        step = cure(standing.state, key in pending, key in booked)
        sitting = booked[key] if step is Cure.SIT else None
        return Holding(
            code, standing.state, numbers.get(key), standing.grade, standing.until, step, sitting.code if sitting else None,
            sitting.opens if sitting else None,
        )

    for row in rows:
        yield Line(row.staff_no, row.name, row.city, row.starts, tuple(holding(row.id, code) for code in codes))


def _numbers(session: Reader, people: Sequence[int], asked: Asked) -> dict[tuple[int, int], str]:
    """The number of the licence that speaks, by person and programme: the last certified."""
    query = select(SPANS.c.person_id, SPANS.c.programme_id, LICENCES.c.number).join(LICENCES, LICENCES.c.id == SPANS.c.licence_id)
    query = query.where(SPANS.c.person_id.in_(people), spans_at(asked.at)).order_by(SPANS.c.certified, SPANS.c.licence_id)
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def _pending(session: Reader, people: Sequence[int]) -> set[tuple[int, int]]:
    """Who has passed an exam and waits for the decision on it."""
    query = select(Decision.person_id, ProgrammeEdition.programme_id).where(Decision.state == "pending", Decision.attempt_id.is_not(None))
    query = query.join(ProgrammeEdition, ProgrammeEdition.id == Decision.programme_edition_id).where(Decision.person_id.in_(people))
    return {(row[0], row[1]) for row in session.execute(query)}


def _booked(session: Reader, people: Sequence[int], asked: Asked) -> dict[tuple[int, int], Row[Any]]:
    """The next sitting that somebody is booked for."""
    query = (
        select(Booking.person_id, ProgrammeEdition.programme_id, Sitting.code, Sitting.opens)
        .join(Sitting, Sitting.id == Booking.sitting_id)
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .where(Booking.person_id.in_(people), Sitting.closes > asked.at, Sitting.cancelled.is_(None))
        .order_by(Sitting.opens.desc())
    )
    return {(row[0], row[1]): row for row in session.execute(query)}


def assessments(
    session: Reader, contract: Contract, known: dict[str, Row[Any]]
) -> list[tuple[int, list[Stay], list[list[Any]]]]:
    """Everybody who was ever on the roster: person, stays, and the days of certification for each programme that the contract asks for."""
    stays: defaultdict[int, list[Stay]] = defaultdict(list)
    query = select(RosterEntry.person_id, RosterEntry.starts, RosterEntry.ends).where(RosterEntry.contract_id == contract.id)
    for person_id, starts, ends in session.execute(query.order_by(RosterEntry.person_id)):
        if ends is None or ends > starts:
            stays[person_id].append(Stay(starts, ends))
    days: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
    entry = aliased(RosterEntry)
    there = select(entry.id).where(entry.person_id == LICENCES.c.person_id, entry.contract_id == contract.id).exists()
    certified = (
        select(LICENCES.c.person_id, LICENCES.c.programme_id, func.coalesce(EVENTS.c.certified, EVENTS.c.effective))
        .join(EVENTS, and_(EVENTS.c.licence_id == LICENCES.c.id, EVENTS.c.kind.in_(sorted(CERTIFIES))))
        .where(there)
    )
    for person_id, programme_id, day in session.execute(certified):
        days[person_id, programme_id].append(day)
    ids = [known[code].id if code in known else 0 for code in contract.programmes]
    return [(person, held, [days[person, id_] for id_ in ids]) for person, held in stays.items()]


def named(session: Reader, people: Sequence[int]) -> dict[int, Row[Any]]:
    """``id, staff_no, name`` by id."""
    query = select(Person.id, Person.staff_no, Person.name).where(Person.id.in_(people))
    return {row.id: row for row in session.execute(query)}
