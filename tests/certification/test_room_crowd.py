"""Three hundred people in one room: how many statements a poll costs, and that a deed for all of them is one short transaction."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select

from certification.actions import room as actions
from certification.layout import Slot
from certification.tables import Attempt, AttemptEvent, Booking, Presence, Step
from foundation.database import db
from foundation.tables import AuditRow, OutboxRow
from foundation.work import SYSTEM, Actor, work
from people.tables import Person
from tests.cast import Cast, Visitor
from tests.certification.exams import MINUTES, document
from tests.conftest import START

PEOPLE, SLOTS = 300, 6


@pytest.fixture
def sitting(app: Flask, cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]]) -> int:
    """T1 with 300 people who have begun and answered twice, and the two of the cast who have not."""
    sitting = seed(document(cast))["T1"]
    layout = msgspec.to_builtins([Slot(0, 1, 1.0, "single", ("A", "B"))] * SLOTS)
    ids = [f"crowd{number:03}" for number in range(PEOPLE)]
    with app.app_context(), work(SYSTEM) as w:
        partner = cast.partners["P02"]
        w.connection.execute(insert(Person), [{"staff_no": f"C{n:04}", "name": f"考生{n}", "partner_id": partner} for n in range(PEOPLE)])
        people = list(w.connection.scalars(select(Person.id).where(Person.staff_no.startswith("C0")).order_by(Person.id)))
        w.connection.execute(insert(Booking), [{"sitting_id": sitting, "person_id": one, "booked": START} for one in people])
        w.connection.execute(insert(Attempt), [
            {"id": id_, "sitting_id": sitting, "person_id": one, "state": "in_progress", "layout": layout, "secret": bytes(16),
             "started": START, "deadline": START + timedelta(minutes=MINUTES), "chain": bytes(32), "step_count": 2 * SLOTS}
            for id_, one in zip(ids, people, strict=True)
        ])
        w.connection.execute(insert(Step), [
            {"attempt_id": id_, "slot": slot, "seq": seq, "position": (seq - 1) * SLOTS + slot, "answer": '"x"', "received": START}
            for id_ in ids for slot in range(1, SLOTS + 1) for seq in (1, 2)
        ])
        w.connection.execute(insert(Presence), [{"attempt_id": id_, "seen": START, "slot": 1} for id_ in ids])
    return sitting


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            said.append(statement)

    with app.app_context():
        engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield said
        finally:
            event.remove(engine, "before_cursor_execute", note)


def of_the_room(said: list[str]) -> list[str]:
    return [statement for statement in said if "login_sessions" not in statement]


def test_a_poll_of_three_hundred_is_two_statements(app: Flask, sign_in: Callable[[str], Visitor], sitting: int) -> None:
    officer = sign_in("officer")
    with counted(app) as said:
        answer = officer.get(f"/sittings/{sitting}/room/state")
    assert answer.text.count("data-key=") == PEOPLE + 2
    assert len(of_the_room(said)) == 2, said
    with counted(app) as said:
        again = officer.get(f"/sittings/{sitting}/room/state", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, len(of_the_room(said))) == (304, 2)


def test_a_credit_and_a_pause_reach_three_hundred_in_one_transaction(app: Flask, cast: Cast, sitting: int) -> None:
    by, began = Actor(f"account:{cast.officer.account_id}", cast.officer.account_id), time.process_time()
    with app.app_context():
        with work(by) as w:
            out = actions.credit(w, sitting, 600, "停电", True)
        with work(by) as w:
            paused = actions.pause_all(w, sitting, "停电")
    spent = time.process_time() - began
    assert (out.done, out.waiting, out.over, paused.done) == (PEOPLE, 2, [], PEOPLE)
    assert spent < 3, f"{spent:.2f} s of processor for 600 events"
    with app.app_context():
        ends = select(Attempt.deadline, func.count()).group_by(Attempt.deadline)
        assert db.session.execute(ends).all() == [(START + timedelta(minutes=MINUTES + 10), PEOPLE)]
        kinds = select(AttemptEvent.kind, func.count()).group_by(AttemptEvent.kind).order_by(AttemptEvent.kind)
        assert db.session.execute(kinds).all() == [("extended", PEOPLE), ("paused", PEOPLE)]
        assert db.session.scalar(select(func.count()).where(AuditRow.event == "attempt.extended")) == PEOPLE
        assert db.session.scalar(select(func.count()).where(OutboxRow.task == "attempt.close")) == PEOPLE


def test_a_deed_that_fails_in_the_middle_is_done_to_nobody(app: Flask, cast: Cast, sitting: int) -> None:
    by = Actor(f"account:{cast.officer.account_id}", cast.officer.account_id)
    with app.app_context(), pytest.raises(RuntimeError, match="the plug"), work(by) as w:
        actions.credit(w, sitting, 600, "停电", True)
        raise RuntimeError("somebody pulled the plug")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AttemptEvent)) == 0
        assert db.session.scalar(select(func.max(Attempt.deadline))) == START + timedelta(minutes=MINUTES)
        assert db.session.scalar(select(func.max(Booking.extra_seconds))) == 0
