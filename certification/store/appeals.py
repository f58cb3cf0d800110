"""Appeals and complaints: a person's own, the list of those that are decided, and who had a part in a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.appeal import OPEN, Earlier, State
from certification.layout import read_layout
from certification.store import saving
from certification.store.room import let_stand
from certification.tables import (
    Appeal,
    Attempt,
    AttemptEvent,
    Booking,
    Decision,
    FillRuling,
    Marking,
    PastResult,
    Programme,
    ProgrammeEdition,
    Regrade,
    Result,
    RoomNote,
    Sitting,
)
from foundation.database import Instant
from people.tables import Account, Partner, Person
from question_bank.tables import FormItem, Item, ItemVersion

Reader = Session | scoped_session[Session]
_OPEN = [state.value for state in OPEN]
_TAKER = aliased(Person)
_TAKER_ACCOUNT = aliased(Account)
_DECIDER = aliased(Person)
_DECIDER_ACCOUNT = aliased(Account)

_SHOWN = (
    select(
        Appeal, Person.name, Person.staff_no, Person.partner_id, Partner.name.label("partner"), Programme.title,
        ProgrammeEdition.spec, Sitting.code, Sitting.opens, Sitting.closes, Sitting.place, Sitting.released, Sitting.form_id,
        Attempt.state.label("attempt_state"), Attempt.started, Attempt.ended,
        Result.state.label("result_state"), Result.mark, Result.points, Result.passed, Result.grade, Result.sections, Result.marks,
        _TAKER.name.label("taker"), _DECIDER.name.label("decider"),
    )
    .join(Person, Person.id == Appeal.person_id)
    .join(Partner, Partner.id == Person.partner_id)
    .join(Sitting, Sitting.id == Appeal.sitting_id)
    .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
    .join(Programme, Programme.id == ProgrammeEdition.programme_id)
    .outerjoin(Attempt, Attempt.id == Appeal.attempt_id)
    .outerjoin(Result, Result.attempt_id == Appeal.attempt_id)
    .outerjoin(_TAKER_ACCOUNT, _TAKER_ACCOUNT.id == Appeal.taken_by)
    .outerjoin(_TAKER, _TAKER.id == _TAKER_ACCOUNT.person_id)
    .outerjoin(_DECIDER_ACCOUNT, _DECIDER_ACCOUNT.id == Appeal.decided_by)
    .outerjoin(_DECIDER, _DECIDER.id == _DECIDER_ACCOUNT.person_id)
)
ORDER: dict[str, Any] = {
    "due": case((Appeal.state.in_(_OPEN), Appeal.due), else_=literal(datetime(9000, 1, 1, tzinfo=UTC), Instant())),
    "filed": Appeal.filed, "name": Person.name, "sitting": Sitting.code,
}
TIE = Appeal.id


def listed(search: str, kind: str | None, state: str | None, now: datetime) -> Select[Any]:
    """Cases for a list page: narrowed by words, kind and state; ``open`` and ``overdue`` are states too."""
    query = _SHOWN
    for word in search.split():
        columns = (Person.name, Person.staff_no, Partner.name, Sitting.code, Appeal.text)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if kind:
        query = query.where(Appeal.kind == kind)
    wanted: dict[str, ColumnElement[bool]] = {"open": Appeal.state.in_(_OPEN), "overdue": _late(now)}
    return query.where(wanted.get(state, Appeal.state == state)) if state else query


def _late(now: datetime) -> ColumnElement[bool]:
    return and_(Appeal.state.in_(_OPEN), Appeal.due <= now)


def counts(session: Reader, now: datetime) -> dict[str, int]:
    """How many cases there are by state, and how many are ``open`` and ``overdue``."""
    found: dict[str, int] = dict(session.execute(select(Appeal.state, func.count()).group_by(Appeal.state)).all())
    late = session.scalar(select(func.count()).where(_late(now))) or 0
    return {**found, "open": sum(found.get(state, 0) for state in _OPEN), "overdue": late}


def one(session: Reader, appeal_id: int) -> Row[Any] | None:
    """A case with everything that its page shows."""
    return session.execute(_SHOWN.where(Appeal.id == appeal_id)).first()


def own(session: Reader, appeal_id: int, person_id: int) -> Row[Any] | None:
    """A person's own case; None for a stranger."""
    return session.execute(_SHOWN.where(Appeal.id == appeal_id, Appeal.person_id == person_id)).first()


def all_own(session: Reader, person_id: int) -> Sequence[Row[Any]]:
    """Everything a person filed, the newest first."""
    return session.execute(_SHOWN.where(Appeal.person_id == person_id).order_by(Appeal.filed.desc(), Appeal.id.desc())).all()


def locked(session: Session, appeal_id: int) -> Appeal:
    """A case's row, held until the transaction ends."""
    return session.scalars(select(Appeal).where(Appeal.id == appeal_id).with_for_update()).one()


def add(session: Session, **values: Any) -> int:
    """Keep a new case; answers its id."""
    row = Appeal(state=State.FILED, **values)
    session.add(row)
    session.flush()
    return row.id


def earlier(session: Reader, kind: str, person_id: int, sitting_id: int) -> list[Earlier]:
    """What a person filed before of one kind about one sitting."""
    query = select(Appeal.state, Appeal.decided).where(Appeal.kind == kind, Appeal.person_id == person_id, Appeal.sitting_id == sitting_id)
    return [Earlier(State(row.state), row.decided) for row in session.execute(query)]


def about(session: Reader, person_id: int, sitting_id: int) -> Sequence[Row[Any]]:
    """What a person filed about one sitting, the newest first: ``id, kind, state, due``."""
    query = select(Appeal.id, Appeal.kind, Appeal.state, Appeal.due).where(Appeal.person_id == person_id, Appeal.sitting_id == sitting_id)
    return session.execute(query.order_by(Appeal.id.desc())).all()


def result_times(session: Reader, attempt_id: str) -> Row[Any] | None:
    """When an attempt's result was released and last graded, and how many questions it has; None before grading."""
    return session.execute(select(Result.released, Result.graded, Result.marks).where(Result.attempt_id == attempt_id)).first()


def past_results(session: Reader, attempt_id: str) -> Sequence[Row[Any]]:
    """The results that others replaced, the newest first: ``mark, points, passed, grade, graded, released, replaced, why``."""
    query = select(
        PastResult.mark, PastResult.points, PastResult.passed, PastResult.grade, PastResult.graded, PastResult.released,
        PastResult.replaced, PastResult.why,
    )
    return session.execute(query.where(PastResult.attempt_id == attempt_id).order_by(PastResult.id.desc())).all()


def involved(session: Reader, appeal: Appeal) -> frozenset[int]:
    """The accounts that had a part in what a case is about.

    Who set the sitting up, released it, entered or checked in the person,
    turned the clock or noted something, marked, ruled on a text, decided on the result,
    proposed or committed a regrade, or wrote a question of the paper.
    """
    sitting, attempt = appeal.sitting_id, appeal.attempt_id or ""
    booking = and_(Booking.sitting_id == sitting, Booking.person_id == appeal.person_id)
    regraded = and_(Regrade.sitting_id == sitting, Regrade.state == "committed")
    queries: Iterable[Select[Any]] = (
        select(Sitting.created_by, Sitting.released_by).where(Sitting.id == sitting),
        select(Booking.booked_by, Booking.checked_in_by).where(booking),
        select(RoomNote.by).where(RoomNote.sitting_id == sitting, or_(RoomNote.attempt_id.is_(None), RoomNote.attempt_id == attempt)),
        select(AttemptEvent.by).where(AttemptEvent.attempt_id == attempt),
        select(Marking.marker_id).where(Marking.attempt_id == attempt),
        select(FillRuling.by).join(FormItem, FormItem.version_id == FillRuling.version_id)
        .join(Sitting, Sitting.form_id == FormItem.form_id).where(Sitting.id == sitting),
        select(Decision.decided_by).where(Decision.attempt_id == attempt),
        select(Regrade.proposed_by).where(Regrade.sitting_id == sitting, Regrade.state.in_(("proposed", "committed"))),
        select(Regrade.decided_by).where(regraded),
        select(ItemVersion.author_id).join(FormItem, FormItem.version_id == ItemVersion.id)
        .join(Sitting, Sitting.form_id == FormItem.form_id).where(Sitting.id == sitting),
    )
    return frozenset(account for query in queries for row in session.execute(query) for account in row if account is not None)


def attempt_of(session: Reader, attempt_id: str) -> Row[Any]:
    """An attempt as saving reads it, whosever it is."""
    return session.execute(saving.ATTEMPT.where(saving.ATTEMPTS.c.id == attempt_id)).one()


@dataclass(frozen=True)
class Asking:
    """An upheld appeal that asks officers for a regrade; ``version`` and ``code`` of the question that it is about, if it names one."""

    id: int
    sitting_id: int
    slot: int | None
    outcome: str
    version: int | None
    code: str | None


def asking(session: Reader, appeal_id: int) -> Asking | None:
    """What that appeal asks for; None when it asks for nothing."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None or not appeal.asks_regrade or appeal.sitting_id is None:
        return None
    version = code = None
    if appeal.slot and appeal.attempt_id:
        version = read_layout(attempt_of(session, appeal.attempt_id).layout)[appeal.slot - 1].version
        query = select(Item.code).join(ItemVersion, ItemVersion.item_id == Item.id)
        code = session.scalar(query.where(ItemVersion.id == version))
    return Asking(appeal.id, appeal.sitting_id, appeal.slot, appeal.outcome, version, code)


def hold_booking(session: Session, sitting_id: int, person_id: int) -> None:
    """Hold a person's booking until the transaction ends: two forms sent at once are two, one after the other."""
    let_stand(session, sitting_id)
    query = select(Booking.sitting_id).where(Booking.sitting_id == sitting_id, Booking.person_id == person_id)
    session.execute(query.with_for_update())


def news(session: Reader, person_id: int, since: datetime) -> Sequence[Row[Any]]:
    """A person's cases that are open, or were answered since ``since``: ``id, kind, state, due, decided, code``."""
    recent = or_(Appeal.state.in_(_OPEN), and_(Appeal.state.in_(("upheld", "rejected")), Appeal.decided > since))
    query = select(Appeal.id, Appeal.kind, Appeal.state, Appeal.due, Appeal.decided, Sitting.code).join(Sitting)
    return session.execute(query.where(Appeal.person_id == person_id, recent).order_by(Appeal.filed.desc())).all()


def own_booking(session: Reader, sitting_id: int, person_id: int) -> Row[Any] | None:
    """The sitting as somebody who was booked for it may complain of it: times, and the end of their own attempt, if any."""
    query = (
        select(
            Sitting.id, Sitting.code, Sitting.opens, Sitting.closes, Sitting.cancelled, Programme.title, Attempt.id.label("attempt_id"),
            Attempt.ended,
        )
        .join(Booking, and_(Booking.sitting_id == Sitting.id, Booking.person_id == person_id))
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .outerjoin(Attempt, and_(Attempt.sitting_id == Sitting.id, Attempt.person_id == person_id))
    )
    return session.execute(query.where(Sitting.id == sitting_id)).first()


def company_of(session: Reader, person_id: int) -> int:
    """The company of a person."""
    return session.scalars(select(Person.partner_id).where(Person.id == person_id)).one()
