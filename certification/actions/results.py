"""Grading an attempt: the answers that are scored, the result that is kept, the end of an attempt.

Everything that earns points comes together in ``compute``: the keys, what
people marked, what was ruled since. It is asked again whenever one of them
changes, and nothing is ever scored anywhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol

from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from certification import marking, receipt, regrade, ruling, sitting
from certification.grading import Graded, grade_attempt
from certification.layout import Paper, in_codes, is_blank
from certification.programme import from_json
from certification.regrade import Ruling
from certification.sitting import State, Step
from certification.store import attempts as store
from certification.store import marking as marking_store
from certification.store import regrades, saving
from certification.store import rulings as fill_store
from foundation.config import settings
from foundation.work import Work
from question_bank.item import Kind


@dataclass(frozen=True)
class Ended:
    """An attempt that is over, with its receipt (a JWS)."""

    state: State
    receipt: str


class Source(Protocol):
    """Where facts are read: a unit of work, or a connection and a session that write nothing (a dry run)."""

    @property
    def connection(self) -> Connection: ...

    @property
    def session(self) -> Session: ...


def compute(w: Source, attempt: Row[Any], paper: Paper, steps: dict[int, Step], rulings: Sequence[Ruling] | None = None) -> Graded:
    """What the newest answers of an attempt earn, by everything that is known now; ``rulings``: the sitting's committed ones when None."""
    row = store.spec_and_form(w.connection, attempt.sitting_id)
    exam = from_json(row.spec).exam
    keys = store.grading_keys(w.session, {slot.version for slot in paper.slots})
    coded = {number: in_codes(paper, number, answer) for number, answer in sitting.answers(steps.values()).items()}
    coded = _as_ruled(w, attempt, paper, coded)
    ruled = regrades.committed(w.connection, attempt.sitting_id) if rulings is None else rulings
    slots, keys, given = regrade.apply(paper.slots, keys, ruled)
    given = {**_by_hand(w, attempt, paper, coded), **given}
    return grade_attempt(slots, keys, coded, exam, [section.get("title") for section in row.sections], given)


def _by_hand(w: Source, attempt: Row[Any], paper: Paper, coded: Mapping[int, Any]) -> dict[int, Fraction]:
    """What markers settled of the short answers, by slot."""
    short = [number for number, slot in enumerate(paper.slots, 1) if slot.kind == Kind.SHORT]
    marks = marking_store.marks_of_attempt(w.connection, attempt.id) if short else {}
    return marking.given({number: coded.get(number) for number in short}, marks)


def _as_ruled(w: Source, attempt: Row[Any], paper: Paper, coded: dict[int, Any]) -> dict[int, Any]:
    """The answers with the fill-in texts that people accepted read as the key's own."""
    fills = {number: slot.version for number, slot in enumerate(paper.slots, 1) if slot.kind == Kind.FILL}
    accepted = fill_store.accepted(w.connection, attempt.sitting_id, set(fills.values())) if fills else {}
    known = fill_store.gaps(w.session, accepted.keys()) if accepted else {}
    read = {n: ruling.read(coded[n], known[version], accepted[version]) for n, version in fills.items() if n in coded and version in known}
    return {**coded, **read}


def grade_again(w: Work, attempt: Row[Any], why: str) -> Graded:
    """Grade an attempt that is over anew and keep the result; the one before stays among the past ones."""
    paper = saving.paper_of(attempt)
    graded = compute(w, attempt, paper, saving.newest_steps(w.connection, attempt.id, 1, len(paper.slots)))
    store.keep_result(w.connection, attempt.id, graded, w.now, why)
    return graded


def grade_if_changed(w: Work, attempt: Row[Any], why: str) -> bool:
    """The same, but a result that would say what it says already stays as it is."""
    paper = saving.paper_of(attempt)
    graded = compute(w, attempt, paper, saving.newest_steps(w.connection, attempt.id, 1, len(paper.slots)))
    changed = [list(entry) for entry in graded.marks] != store.kept_marks(w.connection, attempt.id)
    if changed:
        store.keep_result(w.connection, attempt.id, graded, w.now, why)
    return changed


def grade_when_complete(w: Work, attempt: Row[Any], why: str) -> Graded | None:
    """The same, but only when nothing of the attempt is left for people to mark; else the result waits, and None."""
    paper = saving.paper_of(attempt)
    graded = compute(w, attempt, paper, saving.newest_steps(w.connection, attempt.id, 1, len(paper.slots)))
    if not graded.complete:
        return None
    store.keep_result(w.connection, attempt.id, graded, w.now, why)
    return graded


def end(w: Work, attempt: Row[Any], state: State, ended: datetime) -> Ended:
    """Grade the newest answers and keep end, result and receipt."""
    paper = saving.paper_of(attempt)
    steps = saving.newest_steps(w.wire, attempt.id, 1, len(paper.slots))
    graded = compute(w, attempt, paper, steps)
    count = sum(not is_blank(answer) for answer in sitting.answers(steps.values()).values())
    statement = receipt.Receipt(attempt.id, state, ended, count, sitting.digest(steps.values()))
    signed = receipt.sign(statement, receipt.signing_key(settings().secret_key))
    store.end_attempt(w.wire, attempt.id, state, ended, signed)
    store.keep_result(w.connection, attempt.id, graded, w.now)
    w.record(f"attempt.{state}", f"attempt:{attempt.id}", answers=count, digest=statement.digest, chain=attempt.chain.hex())
    return Ended(state, signed)
