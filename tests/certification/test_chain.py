"""Attempts held against their chains and receipts: the rule, and ``doctor`` on a database that somebody changed."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from certification.actions import chain as actions
from certification.actions.chain import doctor_attempts
from certification.chain import Flaw, Head, Link, flaws
from certification.receipt import Receipt
from certification.sitting import START_OF_CHAIN, State, Step, digest, link
from certification.store.saving import ATTEMPTS, STEPS
from foundation.work import SYSTEM, work
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, document, room_for
from tests.conftest import START

STEPS_KEPT = [Step(1, 1, '"a"'), Step(2, 1, "null"), Step(1, 2, '"b"')]


def links(*steps: Step) -> list[Link]:
    return [Link(position, step, START + timedelta(seconds=position)) for position, step in enumerate(steps, 1)]


def head(state: State = State.SUBMITTED, **changes: Any) -> Head:
    end = START_OF_CHAIN
    for one in links(*STEPS_KEPT):
        end = link(end, [one.step], one.received)
    statement = Receipt("a", State.SUBMITTED, START, 1, digest([STEPS_KEPT[2], STEPS_KEPT[1]]))
    return Head(**{"state": state, "chain": end, "length": 3, "statement": statement, **changes})


def test_steps_that_are_as_they_were_have_no_flaw() -> None:
    assert flaws(head(), links(*STEPS_KEPT)) == []
    assert flaws(head(State.INVALIDATED), links(*STEPS_KEPT)) == []
    assert flaws(head(State.IN_PROGRESS, statement=None), links(*STEPS_KEPT)) == []
    assert flaws(Head(State.IN_PROGRESS, START_OF_CHAIN, 0), []) == []


@pytest.mark.parametrize(("steps", "wanted"), [
    (STEPS_KEPT[:2], {Flaw.COUNT, Flaw.CHAIN, Flaw.RECEIPT}),
    ([STEPS_KEPT[0], STEPS_KEPT[1], Step(1, 2, '"c"')], {Flaw.CHAIN, Flaw.RECEIPT}),
    ([*STEPS_KEPT, Step(3, 1, "null")], {Flaw.COUNT, Flaw.CHAIN, Flaw.RECEIPT}),
    ([STEPS_KEPT[0], Step(2, 2, "null"), STEPS_KEPT[2]], {Flaw.CHAIN, Flaw.RECEIPT}),
    ([STEPS_KEPT[2], STEPS_KEPT[1], STEPS_KEPT[0]], {Flaw.ORDER, Flaw.CHAIN, Flaw.RECEIPT}),
    ([STEPS_KEPT[1], STEPS_KEPT[0], STEPS_KEPT[2]], {Flaw.CHAIN}),
])
def test_a_step_that_was_taken_changed_added_or_moved_is_found(steps: list[Step], wanted: set[Flaw]) -> None:
    assert set(flaws(head(), links(*steps))) == wanted


def test_a_step_that_is_at_another_position_is_out_of_order() -> None:
    moved = [Link(one.position + 1, one.step, one.received) for one in links(*STEPS_KEPT)]
    assert flaws(head(), moved) == [Flaw.ORDER]


@pytest.mark.parametrize(("changes", "wanted"), [
    ({"statement": None}, Flaw.NO_RECEIPT),
    ({"statement": None, "forged": True}, Flaw.FORGED),
    ({"state": State.CLOSED_BY_DEADLINE}, Flaw.RECEIPT),
    ({"state": State.IN_PROGRESS}, Flaw.RECEIPT),
])
def test_a_receipt_that_is_missing_forged_or_for_another_end_is_found(changes: dict[str, Any], wanted: Flaw) -> None:
    assert flaws(head(**changes), links(*STEPS_KEPT)) == [wanted]


@pytest.fixture
def rooms(app: Flask, cast: Cast, seed: Callable[..., Any], sign_in: Callable[[str], Visitor]) -> list[Room]:
    """One attempt that was handed in, and one that goes on."""
    room = room_for(app, sign_in, seed(document(cast))["T1"])
    both = [room("owner"), room("colleague")]
    for one in both:
        one.start()
        one.put(*one.answers())
        one.put(*one.answers(right=False))
    both[0].submit()
    return both


def doctor(app: Flask, *options: str) -> tuple[int, list[str]]:
    done = app.test_cli_runner().invoke(args=["doctor", "--json", *options])
    found = {check["check"]: check["problems"] for check in json.loads(done.output)["checks"]}
    return done.exit_code, found["attempts"]


def test_the_doctor_says_which_attempt_does_not_hold_any_more(app: Flask, rooms: list[Room]) -> None:
    over, running = (room.attempt for room in rooms)
    assert doctor(app) == (0, [])
    assert doctor(app, "--attempts", "1") == (0, [])
    with app.app_context(), work(SYSTEM) as w:
        receipt = w.connection.execute(select(ATTEMPTS.c.receipt).where(ATTEMPTS.c.id == over)).scalar_one()
        w.connection.execute(update(STEPS).where(STEPS.c.attempt_id == over, STEPS.c.position == 12).values(answer="null"))
        w.connection.execute(delete(STEPS).where(STEPS.c.attempt_id == running, STEPS.c.position == 12))
    code, found = doctor(app)
    assert code == 1
    assert sorted(found) == sorted([
        f"attempt {over}: its hash chain does not hold, its receipt is for other answers than those that are kept",
        f"attempt {running}: it has more or fewer steps than it counts, its hash chain does not hold",
    ])
    assert len(doctor(app, "--attempts", "1")[1]) == 1
    assert len(doctor(app, "--attempts", "5")[1]) == 2
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.id == over).values(receipt=receipt[:-6] + "AAAAAA"))
    assert f"attempt {over}: its hash chain does not hold, its receipt was not signed here" in doctor(app)[1]


def test_a_save_between_two_looks_is_no_flaw(app: Flask, rooms: list[Room], monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is read, somebody saves, the steps are read: the second look finds them in step."""
    real, saved = actions.store.links, []

    def late(connection: Any, attempt_id: str) -> Any:
        if attempt_id == rooms[1].attempt and not saved:
            saved.append(rooms[1].put(*rooms[1].answers()).json)
        return real(connection, attempt_id)

    monkeypatch.setattr(actions.store, "links", late)
    with app.app_context():
        assert list(doctor_attempts()) == []
    assert len(saved[0]["saved"]) == 6


def test_many_attempts_are_walked_in_portions_and_each_once(app: Flask, rooms: list[Room], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "PORTION", 3)
    with app.app_context(), work(SYSTEM) as w:
        one = dict(w.connection.execute(select(ATTEMPTS).where(ATTEMPTS.c.id == rooms[0].attempt)).mappings().one())
        people = w.connection.exec_driver_sql("SELECT id FROM people").scalars().all()
        rows = [
            {**one, "id": f"copy-{number}", "person_id": person} for number, person in enumerate(people)
            if person not in {one["person_id"]} and number < 10
        ]
        w.connection.execute(insert(ATTEMPTS), [row for row in rows if not _taken(w, row)])
    with app.app_context():
        wrong = [sentence.split()[1].rstrip(":") for sentence in doctor_attempts()]
        assert wrong == sorted(wrong)
        assert len(wrong) == len(set(wrong)) >= 7
        assert set(wrong) >= {sentence.split()[1].rstrip(":") for sentence in doctor_attempts(5)}


def _taken(w: Any, row: dict[str, Any]) -> bool:
    same = select(ATTEMPTS.c.id).where(ATTEMPTS.c.sitting_id == row["sitting_id"], ATTEMPTS.c.person_id == row["person_id"])
    return w.connection.execute(same).first() is not None
