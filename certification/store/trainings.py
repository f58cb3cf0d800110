"""Trainings as pages list and show them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, scoped_session

from certification.tables import Programme, Training, TrainingAttendance
from certification.training import Attendee
from people.tables import Account, Partner, Person

Reader = Session | scoped_session[Session]
PORTION = 500

_COUNT = (
    select(func.count()).where(TrainingAttendance.training_id == Training.id).correlate(Training).scalar_subquery().label("attendees")
)
_SHOWN = (
    select(
        Training.id, Training.title, Training.held, Training.minutes, Training.note, Training.trainer_id, Training.recorded,
        Programme.code.label("programme_code"), Programme.title.label("programme"), Person.name.label("trainer"), _COUNT,
    )
    .join(Programme, Programme.id == Training.programme_id)
    .join(Account, Account.id == Training.trainer_id)
    .join(Person, Person.id == Account.person_id)
)
ORDER: dict[str, Any] = {"held": Training.held, "title": Training.title, "trainer": Person.name, "attendees": _COUNT}
TIE = Training.id


def listed(trainer_id: int | None, text: str, programme: str | None) -> Select[Any]:
    """Trainings for a list page: those of one trainer, or all when None; searched by title, trainer, and who attended."""
    query = _SHOWN if trainer_id is None else _SHOWN.where(Training.trainer_id == trainer_id)
    if programme:
        query = query.where(Programme.code == programme)
    if text:
        attended = (
            select(TrainingAttendance.training_id).where(TrainingAttendance.training_id == Training.id)
            .where(TrainingAttendance.person_id.in_(_named(text))).correlate(Training)
        )
        like = (Training.title.icontains(text, autoescape=True), Person.name.icontains(text, autoescape=True), attended.exists())
        query = query.where(or_(*like))
    return query


def _named(text: str) -> Select[Any]:
    """The ids of people of that name or staff number."""
    people = Person.__table__.alias("attendee")
    like = (people.c.name.icontains(text, autoescape=True), people.c.staff_no.icontains(text, autoescape=True))
    return select(people.c.id).where(or_(*like))


def one(session: Reader, training_id: int, trainer_id: int | None) -> Row[Any] | None:
    """A training, or None when there is none or it is another trainer's."""
    query = _SHOWN.where(Training.id == training_id)
    return session.execute(query if trainer_id is None else query.where(Training.trainer_id == trainer_id)).first()


def attendees(session: Reader, training_id: int) -> Sequence[Row[Any]]:
    """Who attended, by staff number."""
    query = (
        select(Person.staff_no, Person.name, Partner.name.label("partner"), Person.city)
        .join(TrainingAttendance, TrainingAttendance.person_id == Person.id)
        .join(Partner, Partner.id == Person.partner_id)
    )
    return session.execute(query.where(TrainingAttendance.training_id == training_id).order_by(Person.staff_no)).all()


def known(session: Reader, staff_nos: Collection[str]) -> dict[str, Attendee]:
    """The people of those staff numbers."""
    wanted, found = sorted(set(staff_nos)), {}
    for start in range(0, len(wanted), PORTION):
        query = select(Person.staff_no, Person.id, Person.name, Person.left).where(Person.staff_no.in_(wanted[start : start + PORTION]))
        found.update({row.staff_no: Attendee(row.id, row.name, row.left) for row in session.execute(query)})
    return found


def programmes(session: Reader) -> dict[str, dict[str, str]]:
    """Every programme's title by code."""
    return dict(session.execute(select(Programme.code, Programme.title).order_by(Programme.code)).all())


def programme_id(session: Reader, code: str) -> int | None:
    """The programme of that code."""
    return session.scalar(select(Programme.id).where(Programme.code == code))
