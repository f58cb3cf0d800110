"""A person's file: everything that is kept of somebody, scoped to the asker, section by section (R8)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, true
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.store.licences import Scope
from certification.tables import (
    Attempt,
    Booking,
    CustodyAgreement,
    CustodyItem,
    CustodyReceipt,
    Decision,
    DispatchDecision,
    Programme,
    ProgrammeEdition,
    Result,
    Sitting,
    Training,
    TrainingAttendance,
)
from people.tables import Account, Contract, LoginSession, Partner, Person, RosterEntry

Reader = Session | scoped_session[Session]
_BY, _BY_ACCOUNT = aliased(Person), aliased(Account)
MOST = 200
"""Rows of one section: nobody has lived through more."""


def person_in_scope(session: Reader, staff_no: str, scope: Scope) -> Row[Any] | None:
    """Whoever has that staff number, in whatever capitals; None when there is nobody or it is a stranger."""
    query = (
        select(
            Person.id, Person.staff_no, Person.name, Person.city, Person.left, Person.phone, Person.id_number, Person.partner_id,
            Partner.name.label("partner"), Partner.kind.label("partner_kind"), Account.id.label("account_id"), Account.username,
            Account.email, Account.roles, Account.created.label("account_created"),
        )
        .join(Partner, Partner.id == Person.partner_id)
        .outerjoin(Account, and_(Account.person_id == Person.id, Account.closed.is_(None)))
    )
    return session.execute(query.where(func.upper(Person.staff_no) == staff_no.upper(), scope.condition())).first()


def exams(session: Reader, person_id: int) -> Sequence[Row[Any]]:
    """Bookings with attempt and result, the latest first; what was not released shows no mark."""
    out = Result.state == "released"
    query = (
        select(
            Sitting.id, Sitting.code, Sitting.opens, Sitting.closes, Sitting.place, Sitting.cancelled, Programme.title,
            Attempt.id.label("attempt_id"), Attempt.state, Attempt.started, Attempt.ended,
            Result.mark, Result.points, Result.passed, Result.grade, Result.sections, Result.released,
        )
        .join(Booking, Booking.sitting_id == Sitting.id)
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .outerjoin(Attempt, and_(Attempt.sitting_id == Sitting.id, Attempt.person_id == Booking.person_id))
        .outerjoin(Result, and_(Result.attempt_id == Attempt.id, out))
        .where(Booking.person_id == person_id)
    )
    return session.execute(query.order_by(Sitting.opens.desc(), Sitting.id.desc()).limit(MOST)).all()


def trainings(session: Reader, person_id: int) -> Sequence[Row[Any]]:
    """Trainings that were attended, the latest first, with who taught them."""
    query = (
        select(
            Training.id, Training.title, Training.held, Training.minutes, Training.note, Programme.title.label("programme"),
            _BY.name.label("trainer"),
        )
        .join(TrainingAttendance, TrainingAttendance.training_id == Training.id)
        .join(Programme, Programme.id == Training.programme_id)
        .join(_BY_ACCOUNT, _BY_ACCOUNT.id == Training.trainer_id).join(_BY, _BY.id == _BY_ACCOUNT.person_id)
        .where(TrainingAttendance.person_id == person_id)
    )
    return session.execute(query.order_by(Training.held.desc(), Training.id.desc()).limit(MOST)).all()


def _of(company: int | None) -> ColumnElement[bool]:
    """A condition on Contract: anybody's, or one company's. Where somebody worked before is not the new company's to read."""
    return Contract.partner_id == company if company is not None else true()


def custody(session: Reader, person_id: int, company: int | None = None) -> Sequence[Row[Any]]:
    """Items on receipts, those that are still out first; for an asker of a ``company`` those under its contracts."""
    query = (
        select(
            CustodyItem.id, CustodyItem.kind, CustodyItem.label, CustodyItem.state, CustodyItem.closed, CustodyItem.note,
            CustodyReceipt.id.label("receipt_id"), CustodyReceipt.number, CustodyReceipt.issued, CustodyReceipt.assignment,
        )
        .join(CustodyReceipt, CustodyReceipt.id == CustodyItem.receipt_id)
        .join(CustodyAgreement, CustodyAgreement.id == CustodyReceipt.agreement_id)
        .join(Contract, Contract.id == CustodyAgreement.contract_id)
        .where(CustodyReceipt.person_id == person_id, _of(company))
    )
    return session.execute(query.order_by(CustodyItem.closed.is_not(None), CustodyReceipt.issued.desc(), CustodyItem.id).limit(MOST)).all()


def rosters(session: Reader, person_id: int, company: int | None = None) -> Sequence[Row[Any]]:
    """Places on rosters with their contracts, the latest first; for an asker of a ``company`` those of its contracts."""
    query = (
        select(
            RosterEntry.id, RosterEntry.starts, RosterEntry.ends, Contract.id.label("contract_id"), Contract.code, Contract.title,
            Contract.state, Contract.ends.label("contract_ends"), Contract.partner_id, Partner.name.label("partner"),
        )
        .join(Contract, Contract.id == RosterEntry.contract_id).join(Partner, Partner.id == Contract.partner_id)
        .where(RosterEntry.person_id == person_id, _of(company))
    )
    return session.execute(query.order_by(RosterEntry.starts.desc(), RosterEntry.id.desc()).limit(MOST)).all()


def decisions(session: Reader, person_id: int) -> Sequence[Row[Any]]:
    """Decisions on the person, the latest first, with who decided."""
    query = (
        select(
            Decision.id, Decision.kind, Decision.state, Decision.grade, Decision.reason, Decision.opened, Decision.decided,
            Programme.title, _BY.name.label("decider"),
        )
        .join(ProgrammeEdition, ProgrammeEdition.id == Decision.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .outerjoin(_BY_ACCOUNT, _BY_ACCOUNT.id == Decision.decided_by).outerjoin(_BY, _BY.id == _BY_ACCOUNT.person_id)
        .where(Decision.person_id == person_id)
    )
    return session.execute(query.order_by(Decision.opened.desc(), Decision.id.desc()).limit(MOST)).all()


def dispatches(session: Reader, staff_no: str, since: datetime | None, most: int | None = MOST) -> Sequence[Row[Any]]:
    """What the dispatcher was answered about the person since an instant (ever, when None), the latest first; all when ``most`` is None."""
    query = select(
        DispatchDecision.id, DispatchDecision.at, DispatchDecision.asker, DispatchDecision.subject, DispatchDecision.visit,
        DispatchDecision.allowed, DispatchDecision.request, DispatchDecision.answer,
    ).where(DispatchDecision.subject == staff_no)
    if since is not None:
        query = query.where(DispatchDecision.at >= since)
    return session.execute(query.order_by(DispatchDecision.at.desc(), DispatchDecision.id.desc()).limit(most)).all()


def sign_ins(session: Reader, account_id: int) -> Sequence[Row[Any]]:
    """The devices on which an account is signed in."""
    query = select(LoginSession.created, LoginSession.expires, LoginSession.device).where(LoginSession.account_id == account_id)
    return session.execute(query.order_by(LoginSession.created.desc())).all()
