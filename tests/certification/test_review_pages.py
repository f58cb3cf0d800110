"""What a released result shows of its questions, page by page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification.tables import Attempt, Regrade, Result, Sitting
from foundation.clock import TickingClock
from foundation.work import SYSTEM, work
from question_bank.tables import Form, FormItem
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, room_for
from tests.certification.papers import RIGHT, STEM, Desk, desk_for, release, sat


@pytest.fixture
def desk(app: Flask, cast: Cast, sign_in: Callable[[str], Visitor]) -> Desk:
    return desk_for(app, cast, sign_in)


@pytest.fixture
def room(desk: Desk) -> Callable[[str], Room]:
    return room_for(desk.app, desk.sign_in, desk.sitting)


def test_scores_alone_are_shown_unless_the_sitting_says_more(desk: Desk, clock: TickingClock, room: Any) -> None:
    here = sat(desk, clock, room)
    release(desk, clock, "none")
    assert "回看" not in here.browser.get(f"/attempts/{here.attempt}").text
    page = here.browser.get(f"/attempts/{here.attempt}/review").text
    assert "现在不能回看试题" in page
    assert STEM not in page


def test_the_clauses_that_were_missed_are_named_without_a_question(desk: Desk, clock: TickingClock, room: Any) -> None:
    here = sat(desk, clock, room)
    release(desk, clock, "clauses")
    page = here.browser.get(f"/attempts/{here.attempt}").text
    assert "3 题中 3 题失分" in page
    assert "/standards/STD/2026/1.1" in page
    assert STEM not in page
    assert STEM not in here.browser.get(f"/attempts/{here.attempt}/review").text


def test_everything_is_shown_with_answers_where_the_sitting_says_so(desk: Desk, clock: TickingClock, room: Any) -> None:
    here = sat(desk, clock, room)
    before = here.browser.get(f"/attempts/{here.attempt}/review").text
    assert STEM not in before, "not before release"
    release(desk, clock, "full")
    page = here.browser.get(f"/attempts/{here.attempt}/review").text
    assert page.count(STEM) == 6
    assert page.count("您的答案") == page.count("正确答案") == 6
    assert "第1题的解析" in page
    assert "0 / 2 分" in page
    assert RIGHT not in page, "texts, not the author's codes"
    for name in ("colleague", "stranger"):
        assert desk[name].get(f"/attempts/{here.attempt}/review").status_code == 404


def test_a_later_sitting_of_the_same_paper_holds_it_back(desk: Desk, clock: TickingClock, room: Any) -> None:
    here = sat(desk, clock, room)
    with desk.app.app_context(), work(SYSTEM) as w:
        first = w.session.get_one(Sitting, desk.sitting)
        later = {"form_id": first.form_id, "programme_edition_id": first.programme_edition_id, "created": first.created}
        w.session.add(Sitting(code="T2", opens=first.closes, closes=first.closes.replace(hour=first.closes.hour + 1), **later))
    release(desk, clock, "full")
    page = here.browser.get(f"/attempts/{here.attempt}").text
    assert "以后可以回看" in page
    assert STEM not in here.browser.get(f"/attempts/{here.attempt}/review").text
    clock.tick(hours=1)
    assert here.browser.get(f"/attempts/{here.attempt}/review").text.count(STEM) == 6


def test_an_attempt_that_was_voided_shows_nothing(desk: Desk, clock: TickingClock, room: Any) -> None:
    here = sat(desk, clock, room)
    release(desk, clock, "full")
    with desk.app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Result).values(state="voided"))
    assert STEM not in here.browser.get(f"/attempts/{here.attempt}/review").text


def test_a_question_that_was_voided_since_says_so(desk: Desk, clock: TickingClock, room: Any) -> None:
    here = sat(desk, clock, room)
    with desk.app.app_context(), work(SYSTEM) as w:
        layout = w.session.scalars(select(Attempt.layout)).one()
        w.session.add(Regrade(
            sitting_id=desk.sitting, version_id=layout[0][1], kind="void", reason="题干有误", state="committed", proposed=w.now,
            proposed_by=desk.cast.officer.account_id, decided=w.now, decided_by=desk.cast.decider.account_id, signature="x",
        ))
    release(desk, clock, "full")
    result = here.browser.get(f"/attempts/{here.attempt}").text
    assert "3 题中 3 题失分" in result
    assert "2 题中 2 题失分" in result
    page = here.browser.get(f"/attempts/{here.attempt}/review").text
    assert page.count("这道题已作废，不计分") == 1
    assert page.count(STEM) == 6


def test_nothing_is_shown_while_another_paper_still_asks_one_of_the_questions(desk: Desk, clock: TickingClock, room: Any) -> None:
    here = sat(desk, clock, room)
    release(desk, clock, "full")
    with desk.app.app_context(), work(SYSTEM) as w:
        own = w.session.get_one(Sitting, desk.sitting)
        form = w.session.get_one(Form, own.form_id)
        other = Form(code="OTHER", seed="another", sections=form.sections, created=w.now)
        w.session.add(other)
        w.session.flush()
        shared = w.session.scalars(select(FormItem.version_id).where(FormItem.form_id == form.id)).first()
        w.session.add(FormItem(form_id=other.id, version_id=shared))
        w.session.add(Sitting(
            code="T2", programme_edition_id=own.programme_edition_id, form_id=other.id, opens=w.now, closes=w.now + timedelta(hours=1),
            created=w.now,
        ))
    assert STEM not in here.browser.get(f"/attempts/{here.attempt}/review").text
    clock.tick(minutes=60)
    assert STEM in here.browser.get(f"/attempts/{here.attempt}/review").text
