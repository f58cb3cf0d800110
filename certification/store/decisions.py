"""Decisions: pending and decided, with what they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, update
from sqlalchemy.orm import Session, scoped_session

from certification.decision import Case, Decider, Employment
from certification.independence import Cycle
from certification.store import independence
from certification.store.independence import Asked
from certification.tables import Appeal, Attempt, Decision, Programme, ProgrammeEdition, Regrade, Result, Sitting
from people.tables import Account, Partner, Person

Reader = Session | scoped_session[Session]
CERTIFICATION = "certification"
"""The kind of a decision that is no act on a licence."""


@dataclass(frozen=True)
class Filing:
    """A case with what a grant needs to know; ``sat`` is when the exam behind it was handed in.

    Where ``kind`` is an act, ``licence_id``, ``reason_code``, ``proposal``, ``effective`` and ``holder`` say which (``licence_acts.Act``).
    """

    decision_id: int
    kind: str
    case: Case
    person: str
    programme_id: int
    edition_id: int
    grade: str | None
    months: int
    window_days: int
    sat: datetime | None
    licence_id: int | None
    reason_code: str
    proposal: str
    effective: datetime | None
    holder: str


def decider_of(session: Reader, account_id: int) -> Decider:
    """The account as the rule of independence sees it, with every roster that its person stood on."""
    query = select(Person.id, Partner.id, Partner.kind).join(Account, Account.person_id == Person.id)
    query = query.join(Partner, Partner.id == Person.partner_id).where(Account.id == account_id)
    person_id, partner_id, kind = session.execute(query).one()
    return Decider(account_id, person_id, partner_id, kind == "operator", independence.employment(session, [person_id])[person_id])


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns).select_from(Decision)
        .join(Person, Person.id == Decision.person_id)
        .join(Partner, Partner.id == Person.partner_id)
        .join(ProgrammeEdition, ProgrammeEdition.id == Decision.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .outerjoin(Attempt, Attempt.id == Decision.attempt_id)
        .outerjoin(Sitting, Sitting.id == Attempt.sitting_id)
        .outerjoin(Result, Result.attempt_id == Decision.attempt_id)
    )


_DONE = select(Regrade.id).where(Regrade.appeal_id == Appeal.id, Regrade.state == "committed").exists()
_UNSETTLED = or_(Appeal.state.in_(("filed", "under_review")), and_(Appeal.state == "upheld", Appeal.asks_regrade, ~_DONE))
_APPEALED = (
    select(Appeal.id).where(Appeal.kind == "appeal", Appeal.person_id == Decision.person_id, Appeal.sitting_id == Attempt.sitting_id)
    .where(_UNSETTLED).correlate(Decision, Attempt).exists()
)
_REGRADING = (
    select(Regrade.id).where(Regrade.sitting_id == Attempt.sitting_id, Regrade.state == "proposed").correlate(Attempt).exists()
)
_CASE = (
    Decision.id, Decision.kind, Decision.state, Decision.opened_by, Decision.decided, Decision.licence_id, Decision.reason_code,
    Decision.proposal, Decision.effective, Decision.holder, Decision.person_id, Decision.grade, Decision.programme_edition_id,
    ProgrammeEdition.programme_id, ProgrammeEdition.spec, Person.name, Person.partner_id, Attempt.started, Attempt.ended,
    Sitting.created_by, Sitting.released_by, Result.state.label("result_state"), Result.passed, _APPEALED.label("appealed"),
    _REGRADING.label("regrading"),
)


@dataclass(frozen=True)
class Judged:
    """A row as the rule sees it, and the cycle that it is judged by."""

    case: Case
    cycle: Cycle


def judged(session: Reader, rows: Sequence[Row[Any]], now: datetime, zone: ZoneInfo) -> dict[int, Judged]:
    """Joined rows as the rule sees them, by decision; one that was decided is seen as it was then."""
    asked = {
        row.id: Asked(row.person_id, row.programme_id, row.decided or now, row.kind != CERTIFICATION, row.started) for row in rows
    }
    cycles = independence.cycles(session, list(asked.values()), zone)
    worked = independence.employment(session, {row.person_id for row in rows})
    return {row.id: Judged(_case(row, cycles[asked[row.id]], worked[row.person_id]), cycles[asked[row.id]]) for row in rows}


def _case(row: Row[Any], cycle: Cycle, worked: tuple[Employment, ...]) -> Case:
    """A joined row as the rule sees it; without a result behind it nothing was failed."""
    passed = None if row.result_state is None else bool(row.passed) and row.result_state == "released"
    act = row.kind != CERTIFICATION
    return Case(
        row.state == "pending", row.person_id, row.partner_id, cycle.accounts, passed, bool(row.appealed), bool(row.regrading), act,
        row.opened_by if act else None, cycle.since, worked,
    )


def act_on(session: Reader, person_id: int, company_id: int, programme_id: int, now: datetime, zone: ZoneInfo) -> Judged:
    """An act on a licence as a case to be judged: whoever examined its holder for it is involved."""
    asked = Asked(person_id, programme_id, now, act=True)
    cycle = independence.cycles(session, [asked], zone)[asked]
    worked = independence.employment(session, [person_id])[person_id]
    return Judged(Case(True, person_id, company_id, cycle.accounts, act=True, since=cycle.since, employment=worked), cycle)


def filings(session: Session, decision_ids: Sequence[int], now: datetime, zone: ZoneInfo) -> list[Filing]:
    """The cases of ``decision_ids``, oldest first; their rows and persons stay locked until the transaction ends.

    The person is locked too: two decisions on one person must not both open a licence.
    """
    query = _joined(*_CASE).where(Decision.id.in_(decision_ids)).order_by(Decision.opened, Decision.id)
    rows = session.execute(query.with_for_update(of=(Decision, Person))).all()
    found = judged(session, rows, now, zone)
    return [
        Filing(
            row.id, row.kind, found[row.id].case, row.name, row.programme_id, row.programme_edition_id, row.grade,
            int(row.spec["validity_months"]), int(row.spec.get("renewal_window_days", 60)), row.ended, row.licence_id, row.reason_code,
            row.proposal, row.effective, row.holder,
        )
        for row in rows
    ]


def open_case(session: Session, person_id: int, edition_id: int, attempt_id: str | None, grade: str | None, now: datetime) -> int | None:
    """Add a pending decision; None when the attempt has one already."""
    if attempt_id and session.scalar(select(Decision.id).where(Decision.attempt_id == attempt_id)):
        return None
    row = Decision(person_id=person_id, programme_edition_id=edition_id, attempt_id=attempt_id, state="pending", grade=grade, opened=now)
    session.add(row)
    session.flush()
    return row.id


def add_act(session: Session, **values: Any) -> int:
    """Write a decision on an act; answers its id."""
    row = Decision(**values)
    session.add(row)
    session.flush()
    return row.id


def proposed(session: Reader, person_id: int, licence_id: int, kind: str) -> bool:
    """Whether such an act waits for a decision: on the licence, or on the person's name, which is one for all licences."""
    query = select(Decision.id).where(Decision.person_id == person_id, Decision.kind == kind, Decision.state == "pending")
    return session.scalar(query if kind == "superseded" else query.where(Decision.licence_id == licence_id)) is not None


def waiting_on(session: Reader, licence_id: int, person_id: int) -> list[Row[Any]]:
    """The proposals about a licence, or about its holder's name, that nobody has decided yet."""
    about = or_(Decision.licence_id == licence_id, and_(Decision.person_id == person_id, Decision.kind == "superseded"))
    query = select(Decision.id, Decision.kind, Decision.holder, Decision.opened, Decision.proposal, Decision.reason_code)
    return list(session.execute(query.where(about, Decision.kind != CERTIFICATION, Decision.state == "pending")))


def close_case(session: Session, decision_id: int, state: str, reason: str, account_id: int, now: datetime) -> None:
    """Write a verdict down."""
    values = {"state": state, "reason": reason, "decided": now, "decided_by": account_id}
    session.execute(update(Decision).where(Decision.id == decision_id, Decision.state == "pending").values(**values))


LISTED = (
    *_CASE, Decision.opened, Decision.decided, Decision.reason, Decision.attempt_id, Person.staff_no, Person.city,
    Partner.name.label("partner"), Programme.code.label("programme_code"), Programme.title, ProgrammeEdition.number.label("edition"),
    Sitting.code.label("sitting"), Sitting.opens, Sitting.place, Sitting.released,
    Result.mark, Result.points, Result.fraction, Result.sections,
)


def listed(state: str | None, text: str, programme: str | None, grade: str | None, kind: str | None = None) -> Select[Any]:
    """Decisions for a list page, narrowed; ``acts`` are those on licences that were decided, the other states those on certifications."""
    query = _joined(*LISTED)
    wanted: list[ColumnElement[bool]] = []
    if state == "acts":
        wanted += [Decision.state != "pending", Decision.kind != CERTIFICATION]
    elif state:
        wanted.append(Decision.state == state)
        if state != "pending":
            wanted.append(Decision.kind == CERTIFICATION)
    if kind:
        wanted.append(Decision.kind == kind)
    if programme:
        wanted.append(Programme.code == programme)
    if grade:
        wanted.append(Decision.grade == grade)
    if text:
        wanted.append(or_(Person.name.icontains(text, autoescape=True), Person.staff_no.icontains(text, autoescape=True),
                          Partner.name.icontains(text, autoescape=True), Sitting.code.icontains(text, autoescape=True)))
    return query.where(*wanted)


ORDER: dict[str, Any] = {
    "opened": Decision.opened, "decided": Decision.decided, "name": Person.name, "partner": Partner.name, "fraction": Result.fraction,
}
TIE = Decision.id


def counts(session: Reader) -> dict[str, int]:
    """How many decisions there are by state as ``listed`` has it."""
    state = case((and_(Decision.state != "pending", Decision.kind != CERTIFICATION), "acts"), else_=Decision.state)
    return dict(session.execute(select(state, func.count()).group_by(state)).all())


def one(session: Reader, decision_id: int) -> Row[Any] | None:
    """A decision with everything that its page shows."""
    return session.execute(_joined(*LISTED, Decision.decided_by).where(Decision.id == decision_id)).first()


def names_of(session: Reader, account_ids: Sequence[int]) -> dict[int, str]:
    """The names behind accounts."""
    query = select(Account.id, Person.name).join(Person, Person.id == Account.person_id).where(Account.id.in_(account_ids))
    return dict(session.execute(query).all())


def programmes(session: Reader) -> dict[str, dict[str, str]]:
    """Every programme's title by code, for filters."""
    return dict(session.execute(select(Programme.code, Programme.title).order_by(Programme.code)).all())
