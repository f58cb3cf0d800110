"""What the home page asks for: the next thing for each role, in a few small queries."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.tables import Attempt, Booking, BreachMeasure, Decision, DispatchDecision, Programme, ProgrammeEdition, Result, Sitting
from foundation.tables import AuditRow, OutboxRow
from people.roster import IN_FORCE
from people.tables import Account, ApiKey, Contract, Partner, Person
from question_bank.store import remarks
from question_bank.tables import Item, ItemVersion, Review

Reader = Session | scoped_session[Session]
OVER = ("submitted", "closed_by_deadline", "invalidated")


def next_sitting(session: Reader, person_id: int, now: datetime) -> Row[Any] | None:
    """The booked sitting that comes next or is open, unless its attempt is over."""
    query = (
        select(Sitting.id, Sitting.code, Sitting.opens, Sitting.closes, Sitting.place, Programme.title, ProgrammeEdition.spec,
               Attempt.id.label("attempt_id"), Attempt.deadline)
        .join(Booking, and_(Booking.sitting_id == Sitting.id, Booking.person_id == person_id))
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .outerjoin(Attempt, and_(Attempt.sitting_id == Sitting.id, Attempt.person_id == person_id))
        .where(Sitting.closes > now, Sitting.cancelled.is_(None), or_(Attempt.id.is_(None), Attempt.state.not_in(OVER)))
        .order_by(Sitting.opens)
    )
    return session.execute(query.limit(1)).first()


def latest_result(session: Reader, person_id: int, since: datetime) -> Row[Any] | None:
    """The newest released result since ``since``, with the decision on it, if any."""
    query = (
        select(Result.attempt_id, Result.mark, Result.points, Result.passed, Result.grade, Result.released, Programme.title,
               Decision.state.label("decision"), Decision.reason)
        .join(Attempt, Attempt.id == Result.attempt_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .outerjoin(Decision, Decision.attempt_id == Attempt.id)
        .where(Attempt.person_id == person_id, Result.state == "released", Result.released > since)
        .order_by(Result.released.desc())
    )
    return session.execute(query.limit(1)).first()


def waiting_result(session: Reader, person_id: int) -> Row[Any] | None:
    """An attempt of the person that is over and whose result is not released yet."""
    query = (
        select(Attempt.id, Attempt.ended, Sitting.code)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Result, Result.attempt_id == Attempt.id)
        .where(Attempt.person_id == person_id, Result.state.in_(("marking", "marked")))
    )
    return session.execute(query.order_by(Attempt.ended.desc()).limit(1)).first()


def upcoming_sittings(session: Reader, now: datetime, days: int = 30, limit: int = 5) -> list[Row[Any]]:
    """Sittings that run or open soon, with how many are booked."""
    booked = select(func.count()).where(Booking.sitting_id == Sitting.id).scalar_subquery()
    query = (
        select(Sitting.id, Sitting.code, Sitting.opens, Sitting.closes, Sitting.place, Sitting.seats, Programme.title)
        .add_columns(booked.label("booked"))
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .where(Sitting.closes > now, Sitting.opens < now + timedelta(days=days), Sitting.cancelled.is_(None))
        .order_by(Sitting.opens)
    )
    return list(session.execute(query.limit(limit)))


def sittings_to_release(session: Reader, now: datetime) -> list[Row[Any]]:
    """Sittings that are over and have marked results nobody has released."""
    marked = func.count(Result.attempt_id)
    query = (
        select(Sitting.id, Sitting.code, Sitting.closes, marked.label("marked"))
        .join(Attempt, Attempt.sitting_id == Sitting.id)
        .join(Result, and_(Result.attempt_id == Attempt.id, Result.state == "marked"))
        .where(Sitting.closes <= now, Sitting.released.is_(None))
        .group_by(Sitting.id, Sitting.code, Sitting.closes)
        .order_by(Sitting.closes)
    )
    return list(session.execute(query))


def writing(session: Reader, account_id: int) -> dict[str, int]:
    """A trainer's desk: items to review (not one's own, nor approved already), own drafts, own returned, live in all, remarked on."""
    last = aliased(ItemVersion)
    newest = select(func.max(last.id)).where(last.item_id == Item.id).correlate(Item).scalar_subquery()
    desk = select(Item.id, Item.state, Item.version_id.label("used"), ItemVersion.author_id, ItemVersion.id.label("version_id"))
    found = desk.join(ItemVersion, ItemVersion.item_id == Item.id).where(ItemVersion.id == newest).subquery()
    mine = found.c.author_id == account_id
    returned = select(Review.id).where(Review.version_id == found.c.version_id, Review.verdict == "returned").exists()
    again = aliased(Review)
    since = select(again.id).where(again.version_id == Review.version_id, again.verdict == "submitted", again.id > Review.id).exists()
    approved = select(Review.id).where(
        Review.version_id == found.c.version_id, Review.verdict == "approved", Review.account_id == account_id, ~since
    ).exists()

    def count(*conditions: ColumnElement[bool]) -> int:
        return _number(session, select(func.count()).select_from(found).where(*conditions))

    return {
        "to_review": count(found.c.state == "in_review", or_(found.c.author_id.is_(None), ~mine), ~approved),
        "drafts": count(found.c.state == "draft", mine),
        "returned": count(found.c.state == "draft", mine, returned),
        "live": count(found.c.used.is_not(None), found.c.state != "retired"),
        "remarked": remarks.open_items(session),
    }


def pending_decisions(session: Reader, limit: int = 5) -> tuple[int, list[Row[Any]]]:
    """How many decisions wait, and the oldest of them."""
    pending = Decision.state == "pending"
    query = (
        select(Decision.id, Decision.kind, Decision.grade, Decision.opened, Person.name, Person.staff_no, Partner.name.label("partner"))
        .join(Person, Person.id == Decision.person_id)
        .join(Partner, Partner.id == Person.partner_id)
        .where(pending)
        .order_by(Decision.opened, Decision.id)
    )
    return _number(session, select(func.count()).where(pending)), list(session.execute(query.limit(limit)))


def overdue_retrainings(session: Reader, now: datetime, company: int | None) -> int:
    """Retrainings after breaches that were due and are not done."""
    late = select(func.count()).select_from(BreachMeasure).join(Person, Person.id == BreachMeasure.person_id)
    late = late.where(BreachMeasure.kind == "retraining", BreachMeasure.closed.is_(None), BreachMeasure.due <= now)
    return _number(session, late if company is None else late.where(Person.partner_id == company))


def ending_contracts(session: Reader, now: datetime, company: int | None, days: int = 90) -> list[Row[Any]]:
    """Contracts in force that end within ``days``, of one company or of all."""
    query = (
        select(Contract.id, Contract.code, Contract.ends, Contract.partner_id, Partner.name.label("partner"))
        .join(Partner)
        .where(Contract.ends > now, Contract.ends <= now + timedelta(days=days), Contract.state.in_(IN_FORCE))
        .order_by(Contract.ends)
    )
    return list(session.execute(query if company is None else query.where(Contract.partner_id == company)))


def denials(session: Reader, since: datetime, limit: int = 5) -> tuple[int, int, list[Row[Any]]]:
    """Dispatch decisions since ``since``: all, denied, and the newest denied ones."""
    recent = DispatchDecision.at >= since
    query = select(DispatchDecision.id, DispatchDecision.at, DispatchDecision.subject, DispatchDecision.visit)
    newest = session.execute(query.where(recent, _denied()).order_by(DispatchDecision.at.desc()).limit(limit))
    return (
        _number(session, select(func.count()).where(recent)),
        _number(session, select(func.count()).where(recent, _denied())),
        list(newest),
    )


def _denied() -> ColumnElement[bool]:
    return DispatchDecision.allowed.is_(False)


def deeds(session: Reader, since: datetime) -> tuple[int, int]:
    """Audit rows in all and since ``since``."""
    return _number(session, select(func.count()).select_from(AuditRow)), _number(session, select(func.count()).where(AuditRow.at >= since))


def operation(session: Reader, now: datetime) -> dict[str, int]:
    """The admin's figures: accounts, those that still hold a one-time password, keys, work waiting and failing."""
    return {
        "accounts": _number(session, select(func.count()).where(Account.closed.is_(None))),
        "one_time": _number(session, select(func.count()).where(Account.closed.is_(None), Account.one_time.is_(True))),
        "keys": _number(session, select(func.count()).where(ApiKey.revoked.is_(None))),
        "waiting": _number(session, select(func.count()).where(OutboxRow.done.is_(None), OutboxRow.due <= now)),
        "failing": _number(session, select(func.count()).where(OutboxRow.done.is_(None), OutboxRow.tries > 0)),
    }


def _number(session: Reader, query: Any) -> int:
    return int(session.scalar(query) or 0)
