"""Markings ↔ values. A mark counts only for the text that it was given on.

Somebody whose attempt was reopened may have written anew: a claim or mark that
is older than the newest answer of its slot is left out everywhere, and cleared
away when the answer is taken again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session, scoped_session

from certification.layout import is_blank
from certification.marking import Answer, Mark
from certification.store.answers import STEPS, given
from certification.tables import Attempt, Marking
from question_bank.item import Kind

Reader = Session | scoped_session[Session]
MARKINGS, ATTEMPTS = Marking.__table__, Attempt.__table__
Marks = dict[tuple[str, int], tuple[Mark, ...]]


def _current() -> ColumnElement[bool]:
    """A condition on markings: they are about the newest answer."""
    same = and_(STEPS.c.attempt_id == MARKINGS.c.attempt_id, STEPS.c.slot == MARKINGS.c.slot)
    newest = select(func.max(STEPS.c.received)).where(same).correlate(MARKINGS).scalar_subquery()
    return MARKINGS.c.taken >= newest


def _marks(source: Connection | Reader, which: ColumnElement[bool]) -> Marks:
    query = select(
        MARKINGS.c.attempt_id, MARKINGS.c.slot, MARKINGS.c.round, MARKINGS.c.marker_id, MARKINGS.c.fraction, MARKINGS.c.taken,
        MARKINGS.c.comment,
    ).where(which, _current())
    found: defaultdict[tuple[str, int], list[Mark]] = defaultdict(list)
    for row in source.execute(query.order_by(MARKINGS.c.attempt_id, MARKINGS.c.slot, MARKINGS.c.round)):
        fraction = None if row.fraction is None else Fraction(row.fraction)  # quarters: exact in binary
        found[row.attempt_id, row.slot].append(Mark(row.round, row.marker_id, fraction, row.taken, row.comment))
    return {place: tuple(marks) for place, marks in found.items()}


def marks_of_attempt(connection: Connection, attempt_id: str) -> dict[int, tuple[Mark, ...]]:
    """All marks and claims on one attempt, by slot."""
    return {slot: marks for (_attempt, slot), marks in _marks(connection, MARKINGS.c.attempt_id == attempt_id).items()}


def marks_of_sittings(source: Connection | Reader, sitting_ids: Collection[int]) -> Marks:
    """All marks and claims on the attempts of sittings, by attempt and slot."""
    attempts = select(ATTEMPTS.c.id).where(ATTEMPTS.c.sitting_id.in_(sitting_ids))
    return _marks(source, MARKINGS.c.attempt_id.in_(attempts))


def answers(session: Reader, sitting_ids: Collection[int], versions: Collection[int] | None = None) -> tuple[list[Answer], int]:
    """The short answers of attempts that are over, with their marks, and how many more are blank: nobody needs to see those."""
    everything = given(session, Kind.SHORT, sitting_ids, versions)
    marks = marks_of_sittings(session, sitting_ids) if everything else {}
    said = [one for one in everything if not is_blank(one.answer)]
    found = [
        Answer(
            one.sitting, one.version, one.attempt, one.slot, one.seq, str(one.answer), one.points, one.person, one.company, one.booked_by,
            marks.get((one.attempt, one.slot), ()),
        )
        for one in said
    ]
    return found, len(everything) - len(said)


def take(connection: Connection, answer: Answer, round_: int, marker: int, now: datetime) -> list[Row[Any]]:
    """Claim a round for a marker. What stood in the way is cleared and answered: claims that expired, marks on an older text."""
    here = and_(MARKINGS.c.attempt_id == answer.attempt, MARKINGS.c.slot == answer.slot)
    kept = [mark.round for mark in answer.marks if mark.marker != marker and mark.round != round_]
    gone = and_(here, MARKINGS.c.round.not_in(kept)) if kept else here
    cleared = connection.execute(select(MARKINGS.c.round, MARKINGS.c.marker_id, MARKINGS.c.fraction).where(gone)).all()
    connection.execute(delete(MARKINGS).where(gone))
    row = {"attempt_id": answer.attempt, "slot": answer.slot, "round": round_, "marker_id": marker, "taken": now, "comment": ""}
    connection.execute(insert(MARKINGS).values(row))
    return list(cleared)


def give(connection: Connection, answer: Answer, round_: int, fraction: Fraction, comment: str, now: datetime) -> None:
    """Keep the mark of a round that was taken."""
    values = {"fraction": float(fraction), "comment": comment, "marked": now}
    connection.execute(update(MARKINGS).where(_round(answer, round_)).values(values))


def drop_claim(connection: Connection, answer: Answer, round_: int) -> None:
    """Give a claim back; a mark stays."""
    connection.execute(delete(MARKINGS).where(_round(answer, round_), MARKINGS.c.fraction.is_(None)))


def _round(answer: Answer, round_: int) -> ColumnElement[bool]:
    return and_(MARKINGS.c.attempt_id == answer.attempt, MARKINGS.c.slot == answer.slot, MARKINGS.c.round == round_)


def with_marks(answers: Iterable[Answer], marks: Marks) -> list[Answer]:
    """The same answers with the marks as they are now."""
    return [replace(one, marks=marks.get((one.attempt, one.slot), ())) for one in answers]
