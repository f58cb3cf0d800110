"""Regrades: the committed ones as grading reads them, proposals as pages list them, and the facts that a dry run rests on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased, scoped_session

from certification import licence
from certification.layout import read_layout
from certification.licence import Grade
from certification.regrade import Kind, Outcome, Ruling
from certification.regrade_report import Earned, Facts
from certification.store.licences import EVENTS, LICENCES, SPANS, spans_at
from certification.store.saving import ATTEMPT, ATTEMPTS
from certification.tables import Appeal, Decision, Programme, ProgrammeEdition, Regrade, Result, Sitting
from foundation.prepared import Prepared
from people.tables import Account, Person
from question_bank.tables import Form, Item, ItemVersion

Reader = Session | scoped_session[Session]
REGRADES, RESULTS, DECISIONS, PEOPLE = Regrade.__table__, Result.__table__, Decision.__table__, Person.__table__


_COMMITTED = Prepared(
    select(REGRADES.c.version_id, REGRADES.c.kind, REGRADES.c.detail)
    .where(REGRADES.c.sitting_id == bindparam("sitting"), REGRADES.c.state == "committed")
    .order_by(REGRADES.c.decided, REGRADES.c.id)
)


def committed(connection: Connection, sitting_id: int) -> list[Ruling]:
    """What was committed for a sitting, in the order of commitment; every hand-in asks, so it is prepared."""
    return [Ruling(row.version_id, Kind(row.kind), row.detail) for row in _COMMITTED.rows(connection, sitting=sitting_id)]


def committed_ids(session: Reader, sitting_id: int) -> dict[int, list[int]]:
    """The committed regrades of a sitting by item version, in their order."""
    query = select(Regrade.version_id, Regrade.id).where(Regrade.sitting_id == sitting_id, Regrade.state == "committed")
    found: dict[int, list[int]] = {}
    for version_id, regrade_id in session.execute(query.order_by(Regrade.decided, Regrade.id)):
        found.setdefault(version_id, []).append(regrade_id)
    return found


# A dry run


def graded_attempts(connection: Connection, sitting_id: int, lock: bool = False) -> list[Row[Any]]:
    """The attempts of a sitting whose result counts, as saving reads them; with ``lock`` they are held until the transaction ends."""
    counts = and_(RESULTS.c.state != "voided", ATTEMPTS.c.state != "invalidated")
    query = ATTEMPT.join(RESULTS, RESULTS.c.attempt_id == ATTEMPTS.c.id).where(ATTEMPTS.c.sitting_id == sitting_id, counts)
    query = query.order_by(ATTEMPTS.c.id)
    return list(connection.execute(query.with_for_update(of=ATTEMPTS) if lock else query))


def outcomes(connection: Connection, sitting_id: int) -> dict[str, Outcome]:
    """What the results of a sitting say now, by attempt."""
    query = select(RESULTS.c.attempt_id, RESULTS.c.mark, RESULTS.c.points, RESULTS.c.passed, RESULTS.c.grade)
    query = query.join(ATTEMPTS, ATTEMPTS.c.id == RESULTS.c.attempt_id).where(ATTEMPTS.c.sitting_id == sitting_id)
    return {row.attempt_id: Outcome(row.mark, row.points, bool(row.passed), row.grade) for row in connection.execute(query)}


def facts(connection: Connection, sitting_id: int, now: datetime, expiring_days: int) -> dict[str, Facts]:
    """Who sat each attempt, the decision on it and the licence that it earned: three queries for a whole sitting."""
    query = (
        select(ATTEMPTS.c.id, ATTEMPTS.c.person_id, PEOPLE.c.partner_id, DECISIONS.c.id.label("decision"), DECISIONS.c.state)
        .join(PEOPLE, PEOPLE.c.id == ATTEMPTS.c.person_id)
        .outerjoin(DECISIONS, DECISIONS.c.attempt_id == ATTEMPTS.c.id)
    )
    rows = list(connection.execute(query.where(ATTEMPTS.c.sitting_id == sitting_id)))
    held = _earned(connection, sitting_id, now, expiring_days)
    return {row.id: Facts(row.person_id, row.partner_id, row.decision, row.state, held.get(row.decision)) for row in rows}


def _earned(connection: Connection, sitting_id: int, now: datetime, expiring_days: int) -> dict[int, Earned]:
    """The licences that decisions on a sitting's attempts gave or renewed, by decision, as they stand at ``now``."""
    later = EVENTS.alias("later")
    since = select(later.c.id).where(later.c.licence_id == EVENTS.c.licence_id, later.c.id > EVENTS.c.id)
    since = since.where(later.c.kind.in_([kind.value for kind in licence.CERTIFIES]))
    query = (
        select(
            EVENTS.c.decision_id, LICENCES.c.id, LICENCES.c.number, SPANS.c.standing, SPANS.c.grade, SPANS.c.until, SPANS.c.certified,
            since.correlate(EVENTS).exists().label("renewed"),
        )
        .select_from(EVENTS)
        .join(LICENCES, LICENCES.c.id == EVENTS.c.licence_id)
        .join(DECISIONS, DECISIONS.c.id == EVENTS.c.decision_id)
        .join(ATTEMPTS, ATTEMPTS.c.id == DECISIONS.c.attempt_id)
        .outerjoin(SPANS, and_(SPANS.c.licence_id == LICENCES.c.id, spans_at(now)))
        .where(ATTEMPTS.c.sitting_id == sitting_id)
        .order_by(EVENTS.c.id)
    )
    found = {}
    for row in connection.execute(query):
        grade = Grade(row.grade) if row.grade else None
        state = licence.State.NONE
        if row.standing:
            state = licence.standing_of(licence.State(row.standing), grade, row.until, row.certified, now, expiring_days).state
        found[row.decision_id] = Earned(row.id, row.number, state, grade, bool(row.renewed))
    return found


# Proposals

_BY, _DECIDER = aliased(Person), aliased(Person)
_BY_ACCOUNT, _DECIDER_ACCOUNT = aliased(Account), aliased(Account)
_SHOWN = (
    select(
        Regrade, Sitting.code.label("sitting"), Sitting.released, Sitting.closes, Sitting.form_id, Sitting.programme_edition_id,
        Programme.title, Item.code.label("item"), Item.id.label("item_id"), ItemVersion.stem,
        _BY.name.label("proposer"), _DECIDER.name.label("decider"),
    )
    .join(Sitting, Sitting.id == Regrade.sitting_id)
    .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
    .join(Programme, Programme.id == ProgrammeEdition.programme_id)
    .join(ItemVersion, ItemVersion.id == Regrade.version_id)
    .join(Item, Item.id == ItemVersion.item_id)
    .join(_BY_ACCOUNT, _BY_ACCOUNT.id == Regrade.proposed_by)
    .join(_BY, _BY.id == _BY_ACCOUNT.person_id)
    .outerjoin(_DECIDER_ACCOUNT, _DECIDER_ACCOUNT.id == Regrade.decided_by)
    .outerjoin(_DECIDER, _DECIDER.id == _DECIDER_ACCOUNT.person_id)
)
ORDER: dict[str, Any] = {"proposed": Regrade.proposed, "decided": Regrade.decided, "sitting": Sitting.code}
TIE = Regrade.id


def listed(search: str, state: str | None) -> Select[Any]:
    """Proposals for a list page: narrowed by words in sitting, question and reason, and by state."""
    query = _SHOWN
    for word in search.split():
        columns = (Sitting.code, Item.code, ItemVersion.stem, Regrade.reason)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return query.where(Regrade.state == state) if state else query


def counts(session: Reader) -> dict[str, int]:
    """How many proposals there are by state."""
    return dict(session.execute(select(Regrade.state, func.count()).group_by(Regrade.state)).all())


def one(session: Reader, regrade_id: int) -> Row[Any] | None:
    """A proposal with its sitting, its question and the names of those who acted."""
    return session.execute(_SHOWN.where(Regrade.id == regrade_id)).first()


def of_sitting(session: Reader, sitting_id: int) -> Sequence[Row[Any]]:
    """The proposals of one sitting, the newest first."""
    return session.execute(_SHOWN.where(Regrade.sitting_id == sitting_id).order_by(Regrade.id.desc())).all()


def committed_before(session: Reader, row: Any) -> Sequence[Row[Any]]:
    """What was committed on the question of a proposal that waits, in the order of commitment; nothing once it was decided."""
    same = (Regrade.sitting_id == row.sitting_id, Regrade.version_id == row.version_id, Regrade.state == "committed")
    query = _SHOWN.where(*same).order_by(Regrade.decided, Regrade.id)
    return session.execute(query).all() if row.state == "proposed" else []


def locked(session: Session, regrade_id: int) -> Regrade:
    """A proposal's row, held until the transaction ends: of two deciders one comes first."""
    return session.scalars(select(Regrade).where(Regrade.id == regrade_id).with_for_update()).one()


def sitting_of(session: Session, regrade_id: int) -> int:
    """The sitting of a proposal; it never changes, so it is read before anything is locked."""
    return session.scalars(select(Regrade.sitting_id).where(Regrade.id == regrade_id)).one()


def involved(session: Reader, row: Any) -> frozenset[int]:
    """The accounts that set up or released the sitting of a proposal, or wrote its question."""
    query = select(Sitting.created_by, Sitting.released_by, ItemVersion.author_id).join(ItemVersion, ItemVersion.id == row.version_id)
    found = session.execute(query.where(Sitting.id == row.sitting_id)).one()
    return frozenset(account for account in found if account is not None)


def add(session: Session, **values: Any) -> int:
    """Keep a proposal; answers its id."""
    row = Regrade(state="proposed", **values)
    session.add(row)
    session.flush()
    return row.id


def running(session: Reader, sitting_id: int) -> int:
    """How many attempts of a sitting are still running."""
    query = select(func.count()).select_from(ATTEMPTS).where(ATTEMPTS.c.sitting_id == sitting_id)
    return session.scalar(query.where(ATTEMPTS.c.state.in_(("in_progress", "paused")))) or 0


# The paper


def paper(session: Reader, form_id: int) -> list[tuple[int, float, str, str, str]]:
    """A form's questions in its own order: version, points, code, kind, stem. Traps, which never count, are left out."""
    sections = session.scalar(select(Form.sections).where(Form.id == form_id)) or []
    slots = [(version, float(points)) for section in sections for version, points in section["slots"]]
    query = select(ItemVersion.id, Item.code, ItemVersion.kind, ItemVersion.stem).join(Item, Item.id == ItemVersion.item_id)
    rows = {row.id: row for row in session.execute(query.where(ItemVersion.id.in_([version for version, _points in slots])))}
    return [(version, points, rows[version].code, rows[version].kind, rows[version].stem) for version, points in slots]


def shares(session: Reader, sitting_id: int) -> dict[int, float]:
    """The mean fraction that was earned on each item version, over every result of a sitting that counts."""
    query = select(ATTEMPT.selected_columns.layout, RESULTS.c.marks).join(RESULTS, RESULTS.c.attempt_id == ATTEMPTS.c.id)
    query = query.where(ATTEMPTS.c.sitting_id == sitting_id, ATTEMPTS.c.state != "invalidated", RESULTS.c.state != "voided")
    earned: dict[int, list[float]] = defaultdict(list)
    for row in session.execute(query):
        slots = read_layout(row.layout)
        for slot, fraction, _mark in row.marks:
            if fraction is not None:
                earned[slots[slot - 1].version].append(fraction)
    return {version: sum(all_) / len(all_) for version, all_ in earned.items()}


# Decisions that follow


def regrade_decision(connection: Connection, decision_id: int, grade: str | None) -> None:
    """The grade that a pending decision proposes, after a regrade."""
    pending = update(DECISIONS).where(DECISIONS.c.id == decision_id, DECISIONS.c.state == "pending")
    connection.execute(pending.values(grade=grade))


def reopen_decision(connection: Connection, decision_id: int, grade: str | None, now: datetime) -> None:
    """A decision that was made is to be made again; what it was stands in the audit and, if it granted, in the ledger."""
    values = {"state": "pending", "grade": grade, "reason": "", "opened": now, "decided": None, "decided_by": None}
    connection.execute(update(DECISIONS).where(DECISIONS.c.id == decision_id).values(**values))


def names(session: Reader, people: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Name and staff number by person."""
    query = select(Person.id, Person.name, Person.staff_no).where(Person.id.in_(list(people)))
    return {row.id: (row.name, row.staff_no) for row in session.execute(query)}


# What waits


def waiting(session: Reader, but: int | None = None) -> int:
    """How many proposals wait for a decider; those of the account ``but`` are left out."""
    query = select(func.count()).where(Regrade.state == "proposed")
    return session.scalar(query if but is None else query.where(Regrade.proposed_by != but)) or 0


def asked_for(session: Reader) -> list[Row[Any]]:
    """Upheld appeals that ask for a regrade nobody has proposed, the longest waiting first."""
    answered: ColumnElement[bool] = select(literal(1)).where(Regrade.appeal_id == Appeal.id, Regrade.state != "withdrawn").exists()
    query = select(Appeal.id, Appeal.decided, Appeal.outcome, Appeal.slot, Appeal.sitting_id, Sitting.code).join(Sitting)
    return list(session.execute(query.where(Appeal.asks_regrade, ~answered).order_by(Appeal.decided, Appeal.id)))
