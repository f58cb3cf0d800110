"""A candidate looks back at a released exam: the clauses that were missed, or every question with its answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template
from sqlalchemy import Row

from certification import regrade, review, sitting
from certification.actions import attempts as actions
from certification.grading import Key
from certification.layout import Paper, Slot, in_codes
from certification.review import Missed, Review, Shown
from certification.sitting import State
from certification.store import attempts as store
from certification.store import exams as reads
from certification.store import regrades, saving
from certification.store import reviews as uses
from foundation import clock
from foundation.database import db
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.remark_wording import REASONS, STATES
from question_bank.rich_text import bare
from question_bank.store import faces as bank
from question_bank.store import remarks
from standards import store as standards
from standards.store import ClauseView

doors = Blueprint("reviews", __name__)


@dataclass(frozen=True)
class Part:
    """What the result page shows of the questions: how much and until when it waits, and the clauses that were missed."""

    shown: Shown
    missed: list[tuple[Missed, ClauseView]]


@dataclass(frozen=True)
class Question:
    """One question as it is looked back at, by everything that was ruled since.

    ``given``, ``right`` and each of ``also`` are lines of text; ``mark`` is None
    while a person must mark; a ``void`` question counts no more. ``remark`` is
    what this person said is wrong with it, and what became of that.
    """

    number: int
    face: Any
    given: list[str]
    right: list[str]
    also: list[list[str]]
    rationale: str
    mark: float | None
    points: float
    fraction: float | None
    void: bool
    clauses: list[ClauseView]
    remark: Any = None


def review_part(attempt: Row[Any], exam: Row[Any], now: datetime) -> Part:
    """What the result of a released attempt shows of its questions at ``now``."""
    shown = shown_at(attempt, exam, now)
    return Part(shown, _missed(attempt) if shown.level is not Review.NONE else [])


def shown_at(attempt: Row[Any], exam: Row[Any], now: datetime) -> review.Shown:
    """How much of its questions an attempt shows at ``now``."""
    released = attempt.result_state == "released" and attempt.state != State.INVALIDATED
    asked = Review(exam.review)
    return review.shown(asked, released, uses.uses(db.session, attempt.sitting_id, asked is Review.FULL), now)


def _ruled(attempt: Row[Any], paper: Paper) -> tuple[tuple[Slot, ...], dict[int, Key]]:
    """Slots and keys as the committed rulings leave them."""
    known = store.grading_keys(db.session, {slot.version for slot in paper.slots})
    slots, keys, _given = regrade.apply(paper.slots, known, regrades.committed(db.session.connection(), attempt.sitting_id))
    return slots, keys


def _missed(attempt: Row[Any]) -> list[tuple[Missed, ClauseView]]:
    paper, result = saving.paper_of(attempt), store.result_of(db.session, attempt.id)
    slots, _keys = _ruled(attempt, paper)
    keys = bank.keys(db.session, {slot.version for slot in slots})
    clauses = {number: keys[slot.version].clause_ids for number, slot in enumerate(slots, 1) if not slot.unscored}
    found = review.missed(result.marks if result else [], clauses)
    views = standards.clauses_by_id(db.session, [one.clause_id for one in found])
    return [(one, views[one.clause_id]) for one in found]


@doors.get("/attempts/<attempt_id>/review")
@requires(Permission.SIT)
def show(attempt_id: str) -> str:
    """Every scored question of one's own released exam, once nobody can profit from it."""
    row = actions.look_at(actor(), account().person_id, attempt_id) or abort(404)
    exam = reads.own_sitting(db.session, row.sitting_id, account().person_id) or abort(404)
    part = review_part(row, exam, clock.now())
    questions = _questions(row) if part.shown.level is Review.FULL else []
    return render_template(
        "certification/exam_review.html", attempt=row, sitting=exam, review=part, questions=questions, reasons=REASONS, outcomes=STATES
    )


def looked_back(attempt_id: str) -> tuple[Row[Any], list[Question]]:
    """The sitting and the questions that one's own review shows now, none before it may; a stranger gets 404."""
    row = actions.look_at(actor(), account().person_id, attempt_id) or abort(404)
    exam = reads.own_sitting(db.session, row.sitting_id, account().person_id) or abort(404)
    return exam, _questions(row) if review_part(row, exam, clock.now()).shown.level is Review.FULL else []


def _questions(attempt: Row[Any]) -> list[Question]:
    paper, result = saving.paper_of(attempt), store.result_of(db.session, attempt.id)
    versions = {slot.version for slot in paper.slots}
    faces, keys = bank.faces(db.session, versions), bank.keys(db.session, versions)
    views = standards.clauses_by_id(db.session, {one for key in keys.values() for one in key.clause_ids})
    answers = sitting.answers(saving.newest_steps(db.session.connection(), attempt.id, 1, len(paper.slots)).values())
    marks = {slot: (fraction, mark) for slot, fraction, mark in (result.marks if result else [])}
    said = remarks.mine(db.session, account().account_id, versions)
    found: list[Question] = []
    slots, known = _ruled(attempt, paper)
    for number, (drawn, slot) in enumerate(zip(paper.slots, slots, strict=True), 1):
        if drawn.unscored:  # a trap: its key is wrong
            continue
        key, face = keys[slot.version], faces[slot.version]
        fraction, mark = marks.get(number, (None, None))
        given = _lines(face, in_codes(paper, number, answers.get(number)))
        clauses = [views[one] for one in key.clause_ids if one in views]
        also = [_lines(face, one) for one in known[slot.version].also]
        found.append(Question(
            number, face, given, _lines(face, key.key), also, key.rationale, mark, slot.points, fraction, slot.unscored, clauses,
            said.get(slot.version),
        ))
    return found


def _lines(face: Any, said: Any) -> list[str]:
    options = {option.code: bare(option.text) for option in face.options}
    right = {option.code: bare(option.text) for option in getattr(face, "right", ())}
    return review.lines(face.kind, said, options, right)
