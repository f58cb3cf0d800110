"""How questions did is counted when results come out, again when they change, and never from what nobody may see yet."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification.actions import item_figures as actions
from certification.store import item_figures as store
from certification.tables import Attempt, ItemTally, Regrade, Result
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from foundation.worker import drain_outbox
from question_bank.figures import Figures, figures, tally
from question_bank.store import cards
from question_bank.store import items as bank
from question_bank.tables import ItemFigures
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, room_for
from tests.certification.papers import Desk, desk_for, release, sat


@pytest.fixture
def desk(app: Flask, cast: Cast, sign_in: Callable[[str], Visitor]) -> Desk:
    return desk_for(app, cast, sign_in)


@pytest.fixture
def room(desk: Desk) -> Callable[[str], Room]:
    return room_for(desk.app, desk.sign_in, desk.sitting)


def kept(app: Flask) -> dict[int, Figures]:
    with app.app_context():
        return {row.version_id: Figures(row.answers, row.facility, row.rest_correlation) for row in db.session.scalars(select(ItemFigures))}


def both_sit(desk: Desk, clock: TickingClock, room: Any) -> None:
    """One answers everything rightly, one wrongly."""
    sat(desk, clock, room, right=True)
    other: Room = room("colleague")
    other.start()
    other.put(*other.answers(False))
    other.submit()


def test_a_release_has_them_counted(app: Flask, desk: Desk, clock: TickingClock, room: Any) -> None:
    both_sit(desk, clock, room)
    with app.app_context():
        drain_outbox()
        assert actions.count(desk.sitting) == 0, "not before release"
    assert kept(app) == {}
    release(desk, clock, "none")
    with app.app_context():
        drain_outbox()
        assert cards.outdated(db.session) == []
        statement, _order, _tie = bank.list_statement("", {"facility": "middle"})
        assert len(db.session.execute(statement).all()) == 6
    assert set(kept(app).values()) == {Figures(2, 0.5, None)}
    assert len(kept(app)) == 6


def test_counting_again_changes_nothing_and_what_is_void_is_taken_away(
    app: Flask, desk: Desk, clock: TickingClock, room: Any,
) -> None:
    both_sit(desk, clock, room)
    release(desk, clock, "none")
    with app.app_context():
        drain_outbox()
        before = kept(app)
        actions.count(desk.sitting)
        assert kept(app) == before
        gone = min(before)
        officer = desk.cast.officer.account_id
        with work(SYSTEM) as w:
            w.session.add(Regrade(
                sitting_id=desk.sitting, version_id=gone, kind="full_credit", reason="题目有误", state="committed", proposed=w.now,
                proposed_by=officer, decided=w.now, decided_by=officer, signature="signed",
            ))
        actions.count(desk.sitting)
        assert set(kept(app)) == set(before) - {gone}
        assert cards.outdated(db.session) == []


def test_who_cheated_is_not_counted(app: Flask, desk: Desk, clock: TickingClock, room: Any) -> None:
    both_sit(desk, clock, room)
    release(desk, clock, "none")
    with app.app_context():
        with work(SYSTEM) as w:
            low = w.connection.scalar(select(Result.attempt_id).order_by(Result.mark))
            w.connection.execute(update(Attempt).where(Attempt.id == low).values(state="invalidated"))
        actions.count(desk.sitting)
    assert set(kept(app).values()) == {Figures(1, 1.0, None)}


def test_sittings_are_added_up_as_the_rule_does(app: Flask, desk: Desk, clock: TickingClock, room: Any) -> None:
    both_sit(desk, clock, room)
    release(desk, clock, "none")
    with app.app_context():
        actions.count(desk.sitting)
        papers = store.marked(db.session, desk.sitting)
        version = papers[0].answers[0][0]
        assert db.session.scalar(select(ItemTally.answers).where(ItemTally.version_id == version)) == len(papers) == 2
        told = figures([tally(papers)[version]])
        assert told == kept(app)[version]


def test_the_command_counts_every_released_sitting(app: Flask, desk: Desk, clock: TickingClock, room: Any) -> None:
    both_sit(desk, clock, room)
    release(desk, clock, "none")
    answer = app.test_cli_runner().invoke(args=["question-bank", "figures", "--json"])
    assert answer.output.strip() == '{"sittings": 1, "versions": 6}'
    assert len(kept(app)) == 6
