"""Breaches, their evidence and measures: a person's own, a company's, everybody's; and the facts that fulfil a measure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.breach import BEFORE_REINSTATEMENT, Closed, Finding, Kind, State, Taken
from certification.licence import CERTIFIES
from certification.licence import Kind as LicenceKind
from certification.store.licences import SPANS, Scope, spans_at
from certification.tables import (
    Breach,
    BreachFile,
    BreachMeasure,
    Decision,
    DispatchDecision,
    Licence,
    LicenceEvent,
    Programme,
    Training,
    TrainingAttendance,
)
from people.tables import Account, Partner, Person
from standards.tables import Clause, Edition, Standard

Reader = Session | scoped_session[Session]
REASON_CODE = "breach_points"
"""What stands in the ledger where the rule of points suspended a licence."""
_RECORDER, _RECORDER_ACCOUNT, _DECIDER, _DECIDER_ACCOUNT = aliased(Person), aliased(Account), aliased(Person), aliased(Account)

_SHOWN = (
    select(
        Breach, Person.name, Person.staff_no, Person.city, Person.partner_id, Partner.name.label("partner"),
        Programme.title, Programme.code.label("programme"), Clause.number.label("clause"), Clause.citation, Clause.key_clause,
        Standard.code.label("standard"), Standard.title.label("standard_title"), Edition.edition,
        _RECORDER.name.label("recorder"), _DECIDER.name.label("decider"), DispatchDecision.visit,
    )
    .join(Person, Person.id == Breach.person_id)
    .join(Partner, Partner.id == Person.partner_id)
    .join(Clause, Clause.id == Breach.clause_id)
    .join(Edition, Edition.id == Clause.edition_id)
    .join(Standard, Standard.id == Edition.standard_id)
    .join(_RECORDER_ACCOUNT, _RECORDER_ACCOUNT.id == Breach.recorded_by)
    .join(_RECORDER, _RECORDER.id == _RECORDER_ACCOUNT.person_id)
    .outerjoin(Programme, Programme.id == Breach.programme_id)
    .outerjoin(DispatchDecision, DispatchDecision.id == Breach.decision_id)
    .outerjoin(_DECIDER_ACCOUNT, _DECIDER_ACCOUNT.id == Breach.decided_by)
    .outerjoin(_DECIDER, _DECIDER.id == _DECIDER_ACCOUNT.person_id)
)
ORDER: dict[str, Any] = {
    "occurred": Breach.occurred, "recorded": Breach.recorded, "name": Person.name, "partner": Partner.name, "points": Breach.points,
}
TIE = Breach.id


def listed(company: int | None, search: str, chosen: dict[str, str]) -> Select[Any]:
    """Breaches for a list page: of one company or all, narrowed by words and by state, source, severity and partner (its code)."""
    query = _SHOWN if company is None else _SHOWN.where(Person.partner_id == company)
    for word in search.split():
        columns = (Breach.number, Person.name, Person.staff_no, Partner.name, Clause.number, Breach.description, DispatchDecision.visit)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    for name, column in (("state", Breach.state), ("source", Breach.source), ("severity", Breach.severity), ("partner", Partner.code)):
        if value := chosen.get(name):
            query = query.where(column == value)
    return query


def counts(session: Reader, company: int | None) -> dict[str, int]:
    """How many breaches there are by state, within a company or everywhere."""
    query = select(Breach.state, func.count()).join(Person, Person.id == Breach.person_id).group_by(Breach.state)
    return dict(session.execute(query if company is None else query.where(Person.partner_id == company)).all())


def partners(session: Reader) -> dict[str, str]:
    """The companies whose people have breaches, by code."""
    query = select(Partner.code, Partner.name).where(exists(
        select(Breach.id).join(Person, Person.id == Breach.person_id).where(Person.partner_id == Partner.id)
    ))
    return dict(session.execute(query.order_by(Partner.name)).all())


def in_scope(session: Reader, number: str, scope: Scope) -> Row[Any] | None:
    """A breach with everything that its page shows; None when there is none or it is a stranger's."""
    return session.execute(_SHOWN.where(Breach.number == number, scope.condition())).first()


def of_person(session: Reader, person_id: int) -> Sequence[Row[Any]]:
    """A person's breaches, the latest first."""
    return session.execute(_SHOWN.where(Breach.person_id == person_id).order_by(Breach.occurred.desc(), Breach.id.desc())).all()


def files_of(session: Reader, breach_id: int) -> Sequence[Row[Any]]:
    """What evidence there is, without its content: ``id, name, media_type, size, added``."""
    query = select(BreachFile.id, BreachFile.name, BreachFile.media_type, func.length(BreachFile.content).label("size"), BreachFile.added)
    return session.execute(query.where(BreachFile.breach_id == breach_id).order_by(BreachFile.id)).all()


def locked_files(session: Session, breach_id: int) -> Sequence[Row[Any]]:
    """The digests of the evidence; the breach's row is held, so that two who add at once do not add too much."""
    locked(session, breach_id)
    return session.execute(select(BreachFile.digest).where(BreachFile.breach_id == breach_id)).all()


def file_in_scope(session: Reader, number: str, file_id: int, scope: Scope) -> BreachFile | None:
    """A piece of evidence with its content, or None for a stranger."""
    query = select(BreachFile).join(Breach, Breach.id == BreachFile.breach_id).join(Person, Person.id == Breach.person_id)
    return session.scalar(query.where(Breach.number == number, BreachFile.id == file_id, scope.condition()))


def people_like(session: Reader, text: str, limit: int) -> Sequence[Row[Any]]:
    """People whose name or staff number holds ``text``: ``id, staff_no, name, partner``."""
    query = select(Person.id, Person.staff_no, Person.name, Partner.name.label("partner")).join(Partner)
    for word in text.split():
        query = query.where(or_(Person.name.icontains(word, autoescape=True), Person.staff_no.icontains(word, autoescape=True)))
    return session.execute(query.order_by(Person.staff_no).limit(limit)).all() if text.split() else []


def visit_of(session: Reader, typed: str, staff_no: str) -> str | None:
    """The dispatch decision that was typed, by its id or its visit's number, if the person was of its team; the newest of several."""
    query = select(DispatchDecision.id, DispatchDecision.subject, DispatchDecision.request)
    query = query.where(or_(DispatchDecision.id == typed, DispatchDecision.visit == typed))
    for row in session.execute(query.order_by(DispatchDecision.at.desc(), DispatchDecision.id.desc()).limit(50)):
        if staff_no == row.subject or staff_no in row.request.get("visit", {}).get("team", ()):
            return str(row.id)
    return None


def hold_person(session: Session, person_id: int) -> None:
    """Keep others from settling the same person's breaches until the transaction ends."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def number_taken(session: Reader, number: str) -> bool:
    """Whether a breach has that number."""
    return session.scalar(select(Breach.id).where(Breach.number == number)) is not None


def same(
    session: Session, person_id: int, clause_id: int, occurred: datetime, description: str, recorded_by: int | None
) -> str | None:
    """The number of a breach that counts and that the same account recorded in the same words."""
    return session.scalar(select(Breach.number).where(
        Breach.person_id == person_id, Breach.clause_id == clause_id, Breach.occurred == occurred, Breach.description == description,
        Breach.recorded_by == recorded_by, Breach.state != State.LIFTED,
    ).limit(1))


def locked(session: Session, breach_id: int) -> Breach:
    """A breach's row, held until the transaction ends."""
    return session.get_one(Breach, breach_id, with_for_update=True)


def company_of(session: Reader, person_id: int) -> int:
    """The company that a person works for."""
    return session.execute(select(Person.partner_id).where(Person.id == person_id)).scalar_one()


def is_key(session: Reader, clause_id: int) -> bool:
    """Whether a clause is a key clause."""
    return bool(session.execute(select(Clause.key_clause).where(Clause.id == clause_id)).scalar_one())


def findings(session: Reader, person_id: int) -> list[Finding]:
    """A person's breaches that count: all but the lifted ones."""
    query = select(Breach.id, Breach.points, Breach.occurred, Breach.recorded)
    query = query.where(Breach.person_id == person_id, Breach.state != State.LIFTED)
    return [Finding(*row) for row in session.execute(query)]


def taken(session: Reader, person_id: int) -> list[Taken]:
    """A person's measures, over or not."""
    rows = session.scalars(select(BreachMeasure).where(BreachMeasure.person_id == person_id).order_by(BreachMeasure.id))
    return [
        Taken(row.id, Kind(row.kind), row.breach_id, row.opened, row.closed, Closed(row.why_closed) if row.why_closed else None)
        for row in rows
    ]


def measures_of(session: Reader, person_id: int) -> Sequence[Row[Any]]:
    """A person's measures with the numbers of the breaches behind them, the latest first."""
    query = select(BreachMeasure, Breach.number).join(Breach, Breach.id == BreachMeasure.breach_id)
    query = query.where(BreachMeasure.person_id == person_id)
    return session.execute(query.order_by(BreachMeasure.opened.desc(), BreachMeasure.id.desc())).all()


def close_measure(session: Session, measure_id: int, closed: datetime, why: Closed, account_id: int | None) -> None:
    """A measure is over."""
    values = {"closed": closed, "why_closed": why, "closed_by": account_id}
    session.execute(update(BreachMeasure).where(BreachMeasure.id == measure_id, BreachMeasure.closed.is_(None)).values(**values))


_SCOPE = or_(Breach.programme_id.is_(None), Breach.programme_id == Training.programme_id)
_TRAINED = (
    select(func.min(Training.held)).join(TrainingAttendance, TrainingAttendance.training_id == Training.id)
    .where(TrainingAttendance.person_id == BreachMeasure.person_id, Training.held > BreachMeasure.opened, _SCOPE)
    .correlate(BreachMeasure, Breach).scalar_subquery()
)
_CERTIFIED = (  # ``certified`` is set where a new name carries an old certification on: that examines nobody anew
    select(func.min(LicenceEvent.effective)).join(Licence, Licence.id == LicenceEvent.licence_id)
    .where(
        Licence.person_id == BreachMeasure.person_id, LicenceEvent.kind.in_([kind.value for kind in CERTIFIES]),
        LicenceEvent.effective > BreachMeasure.opened, LicenceEvent.certified.is_(None),
        or_(Breach.programme_id.is_(None), Breach.programme_id == Licence.programme_id),
    )
    .correlate(BreachMeasure, Breach).scalar_subquery()
)
_TURNS, _LAST, _END = aliased(LicenceEvent), aliased(LicenceEvent), aliased(LicenceEvent)


def _suspended() -> Select[Any]:
    """Licences that the rule of points took out of force and nobody has put back; one that has expired since is among them."""
    last = select(func.max(_TURNS.id)).where(
        _TURNS.licence_id == Licence.id, _TURNS.kind.in_([LicenceKind.SUSPENDED.value, LicenceKind.REINSTATED.value])
    ).correlate(Licence).scalar_subquery()
    ended = exists(select(_END.id).where(
        _END.licence_id == Licence.id, _END.kind.in_([LicenceKind.REVOKED.value, LicenceKind.SUPERSEDED.value])
    ).correlate(Licence))
    return (
        select(Licence.id).join(_LAST, and_(_LAST.licence_id == Licence.id, _LAST.id == last))
        .where(_LAST.kind == LicenceKind.SUSPENDED.value, _LAST.reason_code == REASON_CODE, ~ended)
    )


_PENDING_PROPOSAL = (Decision.kind == LicenceKind.REVOKED.value, Decision.reason_code == REASON_CODE, Decision.state == "pending")
_PROPOSED = exists(
    select(Decision.id).where(Decision.person_id == BreachMeasure.person_id, *_PENDING_PROPOSAL).correlate(BreachMeasure)
)


def open_measures(session: Reader, person_ids: Iterable[int] | None = None) -> Sequence[Row[Any]]:
    """Measures that are not closed, beside the facts that fulfil them: ``trained``, ``certified``, ``suspended``, ``proposed``."""
    suspended = exists(_suspended().where(Licence.person_id == BreachMeasure.person_id).correlate(BreachMeasure))
    query = (
        select(
            BreachMeasure.id, BreachMeasure.person_id, BreachMeasure.kind, _TRAINED.label("trained"), _CERTIFIED.label("certified"),
            suspended.label("suspended"), _PROPOSED.label("proposed"),
        )
        .join(Breach, Breach.id == BreachMeasure.breach_id).where(BreachMeasure.closed.is_(None))
    )
    wanted: ColumnElement[bool] | None = BreachMeasure.person_id.in_(list(person_ids)) if person_ids is not None else None
    return session.execute(query.where(wanted) if wanted is not None else query).all()


def unmet(session: Reader, person_id: int) -> list[Kind]:
    """What a person must still do before a suspension by points is lifted, by the facts as they are now."""
    done = {Kind.RETRAINING: "trained", Kind.REEXAMINATION: "certified"}
    rows = open_measures(session, [person_id])
    return [Kind(row.kind) for row in rows if row.kind in BEFORE_REINSTATEMENT and getattr(row, done[Kind(row.kind)]) is None]


def in_force(session: Session, person_id: int, at: datetime) -> list[int]:
    """The ids of a person's licences that are in force."""
    query = select(SPANS.c.licence_id).where(SPANS.c.person_id == person_id, SPANS.c.standing == "active", spans_at(at))
    return list(session.scalars(query))


def sound(session: Reader, staff_nos: Sequence[str], instants: Sequence[datetime], limit: int) -> Sequence[str]:
    """The first of some staff numbers whose licences were in force at every one of the instants."""
    query = select(Person.staff_no).where(Person.staff_no.in_(staff_nos))
    for at in instants:
        held = select(SPANS.c.licence_id).where(SPANS.c.person_id == Person.id, SPANS.c.standing == "active", spans_at(at))
        query = query.where(exists(held))
    return session.scalars(query.order_by(Person.staff_no).limit(limit)).all()


def suspended_by_points(session: Session, person_id: int) -> list[int]:
    """The ids of a person's licences that stand suspended by the rule of points."""
    return list(session.scalars(_suspended().where(Licence.person_id == person_id)))


def living(session: Session, person_id: int, at: datetime) -> Sequence[Row[Any]]:
    """The ids and programme editions of a person's licences that are in force or suspended."""
    query = select(Licence.id, Licence.programme_edition_id).join(SPANS, SPANS.c.licence_id == Licence.id)
    query = query.where(Licence.person_id == person_id, SPANS.c.standing.in_(("active", "suspended")), spans_at(at))
    return session.execute(query.order_by(Licence.id)).all()


def proposals(session: Session, person_id: int) -> list[int]:
    """The ids of pending decisions in which the rule of points proposes to revoke a person's licences."""
    return list(session.scalars(select(Decision.id).where(Decision.person_id == person_id, *_PENDING_PROPOSAL).order_by(Decision.id)))


def proposed_for(session: Session, person_id: int) -> set[int | None]:
    """The ids of the licences that a pending decision would revoke, whoever proposed it."""
    wanted = (Decision.person_id == person_id, Decision.kind == LicenceKind.REVOKED.value, Decision.state == "pending")
    return set(session.scalars(select(Decision.licence_id).where(*wanted)))
