"""Decisions: pending and decided, with what they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, scoped_session

from certification.decision import Case, Decider
from certification.tables import Appeal, Attempt, Decision, Programme, ProgrammeEdition, Regrade, Result, Sitting
from people.tables import Account, Partner, Person

Reader = Session | scoped_session[Session]


@dataclass(frozen=True)
class Filing:
    """A case with what a grant needs to know."""

    decision_id: int
    case: Case
    person: str
    programme_id: int
    edition_id: int
    grade: str | None
    months: int
    window_days: int


def decider_of(session: Reader, account_id: int) -> Decider:
    """The account as the rule of independence sees it."""
    query = select(Person.id, Partner.id, Partner.kind).join(Account, Account.person_id == Person.id)
    query = query.join(Partner, Partner.id == Person.partner_id).where(Account.id == account_id)
    person_id, partner_id, kind = session.execute(query).one()
    return Decider(account_id, person_id, partner_id, kind == "operator")


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
    Decision.id, Decision.state, Decision.person_id, Decision.grade, Decision.programme_edition_id, ProgrammeEdition.programme_id,
    ProgrammeEdition.spec, Person.name, Person.partner_id, Sitting.created_by, Sitting.released_by,
    Result.state.label("result_state"), Result.passed, _APPEALED.label("appealed"), _REGRADING.label("regrading"),
)


def case_of(row: Row[Any]) -> Case:
    """A joined row as the rule sees it; without a result behind it nothing was failed."""
    passed = None if row.result_state is None else bool(row.passed) and row.result_state == "released"
    involved = frozenset(account for account in (row.created_by, row.released_by) if account is not None)
    return Case(row.state == "pending", row.person_id, row.partner_id, involved, passed, bool(row.appealed), bool(row.regrading))


def filings(session: Session, decision_ids: Sequence[int]) -> list[Filing]:
    """The cases of ``decision_ids``, oldest first; their rows and persons stay locked until the transaction ends.

    The person is locked too: two decisions on one person must not both open a licence.
    """
    query = _joined(*_CASE).where(Decision.id.in_(decision_ids)).order_by(Decision.opened, Decision.id)
    rows = session.execute(query.with_for_update(of=(Decision, Person))).all()
    return [
        Filing(
            row.id, case_of(row), row.name, row.programme_id, row.programme_edition_id, row.grade, int(row.spec["validity_months"]),
            int(row.spec.get("renewal_window_days", 60)),
        )
        for row in rows
    ]


def latest_involved(session: Reader, person_id: int, programme_id: int) -> frozenset[int]:
    """The accounts that examined a person in the cycle of their last decided case under a programme."""
    query = _joined(Sitting.created_by, Sitting.released_by).where(Decision.person_id == person_id, Programme.id == programme_id)
    row = session.execute(query.order_by(Decision.opened.desc(), Decision.id.desc()).limit(1)).first()
    return frozenset(account for account in row if account is not None) if row else frozenset()


def open_case(session: Session, person_id: int, edition_id: int, attempt_id: str | None, grade: str | None, now: datetime) -> int | None:
    """Add a pending decision; None when the attempt has one already."""
    if attempt_id and session.scalar(select(Decision.id).where(Decision.attempt_id == attempt_id)):
        return None
    row = Decision(person_id=person_id, programme_edition_id=edition_id, attempt_id=attempt_id, state="pending", grade=grade, opened=now)
    session.add(row)
    session.flush()
    return row.id


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


def listed(state: str | None, text: str, programme: str | None, grade: str | None) -> Select[Any]:
    """Decisions for a list page, narrowed."""
    query = _joined(*LISTED)
    wanted: list[ColumnElement[bool]] = []
    if state:
        wanted.append(Decision.state == state)
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
    """How many decisions there are by state."""
    return dict(session.execute(select(Decision.state, func.count()).group_by(Decision.state)).all())


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
