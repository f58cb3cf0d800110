"""What people judge themselves: the answers to short and fill-in questions of sittings that are over, in two statements."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, Text, and_, cast, func, select
from sqlalchemy.orm import Session, scoped_session

from certification.layout import read_layout
from certification.tables import Attempt, Booking, Programme, ProgrammeEdition, Sitting
from certification.tables import Step as StepRow
from people.tables import Person
from question_bank.item import Kind
from question_bank.tables import FormItem, Item, ItemVersion

Reader = Session | scoped_session[Session]
ENDED = ("submitted", "closed_by_deadline")
STEPS = StepRow.__table__


@dataclass(frozen=True)
class Given:
    """One person's newest answer to one slot; ``answer`` as it was kept, None where nothing was ever said."""

    sitting: int
    version: int
    attempt: str
    slot: int
    points: float
    person: int
    company: int
    booked_by: int | None
    seq: int
    answer: Any


def questions(
    session: Reader, kind: str, sitting_id: int | None = None, version_id: int | None = None, past: bool = False
) -> list[Row[Any]]:
    """Questions of ``kind`` on the papers of sittings, those due first; without ``past`` only where neither cancelled nor released."""
    query = (
        select(
            Sitting.id.label("sitting_id"), Sitting.code, Sitting.opens, Sitting.closes, Programme.title,
            ItemVersion.id.label("version_id"), ItemVersion.number, ItemVersion.stem, Item.id.label("item_id"),
            Item.code.label("item_code"),
        )
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .join(FormItem, FormItem.form_id == Sitting.form_id)
        .join(ItemVersion, and_(ItemVersion.id == FormItem.version_id, ItemVersion.kind == kind))
        .join(Item, Item.id == ItemVersion.item_id)
    )
    if not past:
        query = query.where(Sitting.cancelled.is_(None), Sitting.released.is_(None))
    if sitting_id is not None:
        query = query.where(Sitting.id == sitting_id)
    if version_id is not None:
        query = query.where(ItemVersion.id == version_id)
    return list(session.execute(query.order_by(Sitting.closes, Sitting.id, ItemVersion.id)))


def kinds_by_hand(session: Reader, sitting_id: int) -> set[str]:
    """Which kinds that people judge stand on the sitting's paper: short, fill, both or none."""
    query = select(ItemVersion.kind).join(FormItem, FormItem.version_id == ItemVersion.id)
    query = query.join(Sitting, Sitting.form_id == FormItem.form_id).where(Sitting.id == sitting_id)
    return set(session.scalars(query.where(ItemVersion.kind.in_((Kind.SHORT, Kind.FILL))).distinct()))


def given(session: Reader, kind: str, sitting_ids: Collection[int], versions: Collection[int] | None = None) -> list[Given]:
    """Every slot of ``kind`` of the attempts that are over, with what was answered; slots that count nothing are left out."""
    if not sitting_ids:
        return []
    places = list(_places(session, kind, sitting_ids, versions))
    slots = {slot for _row, slot, _version, _points in places}
    newest = _newest(session, sitting_ids, slots) if slots else {}
    nothing = (0, None)
    return [
        Given(
            row.sitting_id, version, row.id, slot, points, row.person_id, row.partner_id, row.booked_by,
            *newest.get((row.id, slot), nothing),
        )
        for row, slot, version, points in places
    ]


def _places(
    session: Reader, kind: str, sitting_ids: Collection[int], versions: Collection[int] | None
) -> Iterator[tuple[Row[Any], int, int, float]]:
    """Attempt, slot number, item version and points; papers are shuffled, so each layout is asked."""
    query = (
        select(
            Attempt.id, Attempt.sitting_id, Attempt.person_id, Person.partner_id, Booking.booked_by,
            cast(Attempt.__table__.c.layout, Text).label("layout"),
        )
        .join(Person, Person.id == Attempt.person_id)
        .outerjoin(Booking, and_(Booking.sitting_id == Attempt.sitting_id, Booking.person_id == Attempt.person_id))
        .where(Attempt.sitting_id.in_(sitting_ids), Attempt.state.in_(ENDED))
    )
    for row in session.execute(query.order_by(Attempt.id)):
        for number, slot in enumerate(read_layout(row.layout), 1):
            if slot.kind == kind and not slot.unscored and (versions is None or slot.version in versions):
                yield row, number, slot.version, slot.points


def _newest(session: Reader, sitting_ids: Collection[int], slots: Collection[int]) -> dict[tuple[str, int], tuple[int, Any]]:
    """``seq`` and answer of the newest step, by attempt and slot."""
    later = STEPS.alias("later")
    highest = select(func.max(later.c.seq)).where(later.c.attempt_id == STEPS.c.attempt_id, later.c.slot == STEPS.c.slot)
    query = (
        select(STEPS.c.attempt_id, STEPS.c.slot, STEPS.c.seq, STEPS.c.answer)
        .join(Attempt, Attempt.id == STEPS.c.attempt_id)
        .where(Attempt.sitting_id.in_(sitting_ids), Attempt.state.in_(ENDED), STEPS.c.slot.in_(slots))
        .where(STEPS.c.seq == highest.correlate(STEPS).scalar_subquery())
    )
    rows = session.execute(query)
    return {(row.attempt_id, row.slot): (row.seq, msgspec.json.decode(row.answer)) for row in rows}
