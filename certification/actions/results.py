"""Grading an attempt: the answers that are scored, the result that is kept, the end of an attempt.

Everything that earns points comes together in ``compute``: the keys, what
people marked, what was ruled since. It is asked again whenever one of them
changes, and nothing is ever scored anywhere else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from certification import receipt, sitting
from certification.grading import Graded, grade_attempt
from certification.layout import Paper, in_codes, is_blank
from certification.programme import from_json
from certification.sitting import State, Step
from certification.store import attempts as store
from certification.store import saving
from foundation.config import settings
from foundation.work import Work


@dataclass(frozen=True)
class Ended:
    """An attempt that is over, with its receipt (a JWS)."""

    state: State
    receipt: str


def compute(w: Work, attempt: Row[Any], paper: Paper, steps: dict[int, Step]) -> Graded:
    """What the newest answers of an attempt earn, by everything that is known now."""
    row = store.spec_and_form(w.connection, attempt.sitting_id)
    exam = from_json(row.spec).exam
    keys = store.grading_keys(w.session, {slot.version for slot in paper.slots})
    coded = {number: in_codes(paper, number, answer) for number, answer in sitting.answers(steps.values()).items()}
    return grade_attempt(paper.slots, keys, coded, exam, [section.get("title") for section in row.sections])


def grade_again(w: Work, attempt: Row[Any], why: str) -> Graded:
    """Grade an attempt that is over anew and keep the result; the one before stays among the past ones."""
    paper = saving.paper_of(attempt)
    graded = compute(w, attempt, paper, saving.newest_steps(w.connection, attempt.id, 1, len(paper.slots)))
    store.keep_result(w.connection, attempt.id, graded, w.now, why)
    return graded


def end(w: Work, attempt: Row[Any], state: State, ended: datetime) -> Ended:
    """Grade the newest answers and keep end, result and receipt."""
    paper = saving.paper_of(attempt)
    steps = saving.newest_steps(w.connection, attempt.id, 1, len(paper.slots))
    graded = compute(w, attempt, paper, steps)
    count = sum(not is_blank(answer) for answer in sitting.answers(steps.values()).values())
    statement = receipt.Receipt(attempt.id, state, ended, count, sitting.digest(steps.values()))
    signed = receipt.sign(statement, receipt.signing_key(settings().secret_key))
    store.end_attempt(w.connection, attempt.id, state, ended, signed)
    store.keep_result(w.connection, attempt.id, graded, w.now)
    w.record(f"attempt.{state}", f"attempt:{attempt.id}", answers=count, digest=statement.digest, chain=attempt.chain.hex())
    return Ended(state, signed)
