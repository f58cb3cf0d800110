"""Whoever sits an exam, or looks back at one, says that a question looks wrong; where a question was asked is told to trainers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification.store import saving
from certification.tables import Attempt, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from question_bank.remark import MAX_TEXT
from question_bank.tables import FormItem, Item, ItemRemark, ItemVersion
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, document, room_for
from tests.certification.papers import Desk, desk_for, release, sat

SignIn = Callable[[str], Visitor]


@pytest.fixture
def sitting(cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]]) -> int:
    return seed(document(cast))["T1"]


@pytest.fixture
def room(app: Flask, sign_in: SignIn, sitting: int) -> Callable[[str], Room]:
    return room_for(app, sign_in, sitting)


def say(here: Room, **body: Any) -> Any:
    return here.browser.send("POST", f"/api/v1/attempts/{here.attempt}/remarks", json=body)


def kept(app: Flask) -> list[tuple[Any, ...]]:
    with app.app_context():
        rows = db.session.scalars(select(ItemRemark).order_by(ItemRemark.id))
        return [(row.version_id, row.met, row.met_id, row.reason, row.text, row.state) for row in rows]


def versions(app: Flask, attempt: str) -> list[int]:
    """The version in each slot."""
    with app.app_context():
        return [entry[1] for entry in db.session.scalars(select(Attempt.layout).where(Attempt.id == attempt)).one()]


# In the exam room


def test_a_remark_is_kept_on_the_question_in_the_slot(app: Flask, room: Callable[[str], Room]) -> None:
    here = room("owner")
    here.start()
    answer = say(here, slot=2, reason="unclear", text=" 看不懂 ")
    assert (answer.status_code, answer.json["kept"]) == (200, 2)
    assert kept(app) == [(versions(app, here.attempt)[1], "exam", here.attempt, "unclear", "看不懂", "open")]


def test_it_may_be_sent_again_and_changed_but_stays_one(app: Flask, room: Callable[[str], Room]) -> None:
    here = room("owner")
    here.start()
    for reason in ("unclear", "unclear", "typo"):
        assert say(here, slot=1, reason=reason).status_code == 200
    assert [row[3] for row in kept(app)] == ["typo"]


def test_the_answer_is_the_same_whatever_the_question_and_tells_nothing_of_it(app: Flask, room: Callable[[str], Room]) -> None:
    """Also for a trap: whoever sits the exam cannot find it by remarking."""
    here = room("owner")
    here.start()
    with app.app_context(), work(SYSTEM) as w:
        layout = w.session.scalars(select(Attempt.layout)).one()
        w.session.execute(update(Attempt).values(layout=[[*layout[0][:7], True], *layout[1:]]))
        w.session.execute(update(Item).where(Item.version_id == layout[1][1]).values(canary=True))
    saving.forget()
    answers = [say(here, slot=slot, reason="two_answers") for slot in range(1, 7)]
    assert {answer.status_code for answer in answers} == {200}
    assert {tuple(sorted(answer.json)) for answer in answers} == {("kept", "server_time")}
    assert not any(b"canary" in answer.data for answer in answers)


def test_nobody_in_an_exam_speaks_of_its_key(app: Flask, room: Callable[[str], Room]) -> None:
    here = room("owner")
    here.start()
    assert say(here, slot=1, reason="wrong_key").status_code == 422
    page = here.browser.get(f"/attempts/{here.attempt}").text
    assert "remark-unclear" in page
    assert "wrong_key" not in page
    assert "标准答案有误" not in page
    assert kept(app) == []


@pytest.mark.parametrize(("body", "field"), [
    ({"slot": 1, "reason": "nonsense"}, "reason"), ({"slot": 1, "reason": "other", "text": " "}, "text"),
    ({"slot": 1, "reason": "typo", "text": "字" * (MAX_TEXT + 1)}, "text"), ({"slot": "1", "reason": "typo"}, "body"), ({}, "body"),
    ({"slot": 1, "reason": None}, "body"), ([], "body"),
])
def test_a_remark_out_of_shape_is_refused_and_named(app: Flask, room: Callable[[str], Room], body: Any, field: str) -> None:
    here = room("owner")
    here.start()
    answer = here.browser.send("POST", f"/api/v1/attempts/{here.attempt}/remarks", json=body)
    assert answer.status_code == 422
    assert list(answer.json["error"]["fields"]) == [field]
    assert kept(app) == []


def test_half_a_body_is_refused(room: Callable[[str], Room]) -> None:
    here = room("owner")
    here.start()
    url = f"/api/v1/attempts/{here.attempt}/remarks"
    for data in (b"", b"{", b"\xff", b"[" * 100_000):
        assert here.browser.send("POST", url, data=data, content_type="application/json").status_code == 422


def test_a_slot_or_an_attempt_that_is_not_mine_is_not_found(app: Flask, room: Callable[[str], Room], nobody: Visitor) -> None:
    here = room("owner")
    here.start()
    assert say(here, slot=99, reason="typo").status_code == 404
    assert say(here, slot=0, reason="typo").status_code == 404
    url = f"/api/v1/attempts/{here.attempt}/remarks"
    for name in ("colleague", "stranger"):
        assert room(name).browser.send("POST", url, json={"slot": 1, "reason": "typo"}).status_code == 404
    assert nobody.post(url, json={"slot": 1, "reason": "typo"}).status_code == 401
    assert here.browser.post(url, json={"slot": 1, "reason": "typo"}).status_code == 400, "without a token"
    assert kept(app) == []


def test_it_changes_nothing_about_the_answers_and_may_come_after_the_hand_in(app: Flask, room: Callable[[str], Room]) -> None:
    here = room("owner")
    here.start()
    here.put(*here.answers()[:3])
    before = here.look().json["responses"]
    say(here, slot=1, reason="typo")
    assert here.look().json["responses"] == before
    here.submit()
    late = say(here, slot=2, reason="unclear", text="离线时写的")
    assert late.status_code == 200
    assert [row[4] for row in kept(app)] == ["", "离线时写的"]


def test_another_device_of_the_same_person_may_say_it_too(app: Flask, sign_in: SignIn, room: Callable[[str], Room]) -> None:
    here = room("owner")
    here.start()
    other = Room(app, sign_in("owner"), here.sitting, here.attempt)
    assert say(other, slot=1, reason="typo").status_code == 200
    assert here.put(*here.answers()[:1]).json["refused"] == [], "the pen stays where it was"


def test_one_takes_one_s_own_remarks_away_and_nobody_else_does(room: Callable[[str], Room], sign_in: SignIn) -> None:
    here = room("owner")
    here.start()
    say(here, slot=1, reason="typo", text="少一个字")
    own = here.browser.form("/people/S0001/export").get_json()["remarks"]
    assert [(one["met"], one["reason"], one["text"], one["state"]) for one in own] == [("exam", "typo", "少一个字", "open")]
    assert sign_in("hr").form("/people/S0001/export").get_json()["remarks"] == []


# Looking back


@pytest.fixture
def desk(app: Flask, cast: Cast, sign_in: SignIn) -> Desk:
    return desk_for(app, cast, sign_in)


@pytest.fixture
def hall(desk: Desk) -> Callable[[str], Room]:
    return room_for(desk.app, desk.sign_in, desk.sitting)


def test_looking_back_one_remarks_and_reads_what_became_of_it(desk: Desk, clock: TickingClock, hall: Any) -> None:
    here = sat(desk, clock, hall)
    url = f"/attempts/{here.attempt}/questions/2/remark"
    assert here.browser.get(url).status_code == 404, "not before the questions are shown"
    release(desk, clock, "full")
    assert "标准答案有误" in here.browser.get(url).text
    sent = here.browser.form(url, {"reason": "wrong_key", "text": "第二条不是这样说的"})
    assert sent.location.endswith(f"/attempts/{here.attempt}/review#q2")
    review = here.browser.get(f"/attempts/{here.attempt}/review").text
    assert "您反馈过：标准答案有误" in review
    with desk.app.app_context():
        remark = db.session.scalars(select(ItemRemark)).one()
        item = db.session.scalars(select(ItemVersion.item_id).where(ItemVersion.id == remark.version_id)).one()
        assert (remark.met, remark.met_id) == ("review", here.attempt)
    desk["trainer"].form(f"/question-bank/{item}/remarks", {"remark": ["1"], "state": "fixed", "answer": "您说得对，新版已改。"})
    review = here.browser.get(f"/attempts/{here.attempt}/review").text
    assert "已修改" in review
    assert "您说得对，新版已改。" in review
    for name in ("colleague", "stranger"):
        assert desk[name].get(url).status_code == 404
        assert desk[name].form(url, {"reason": "typo"}).status_code == 404


def test_an_outcome_is_not_told_while_the_questions_are_not_shown(desk: Desk, clock: TickingClock, hall: Any) -> None:
    here = sat(desk, clock, hall)
    say(here, slot=2, reason="typo")
    with desk.app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(ItemRemark).values(state="no_fault", answer="选项甲才对"))
    release(desk, clock, "clauses")
    for url in (f"/attempts/{here.attempt}", f"/attempts/{here.attempt}/review", f"/api/v1/attempts/{here.attempt}"):
        assert "选项甲才对" not in here.browser.get(url).text, url


@pytest.mark.parametrize(("sent", "words"), [
    ({}, "请选一个原因"), ({"reason": "other", "text": ""}, "请写明哪里有问题"),
    ({"reason": "typo", "text": "字" * 501}, "说明最多 500 个字"),
])
def test_a_remark_that_says_too_little_comes_back(desk: Desk, clock: TickingClock, hall: Any, sent: dict[str, str], words: str) -> None:
    here = sat(desk, clock, hall)
    release(desk, clock, "full")
    answer = here.browser.form(f"/attempts/{here.attempt}/questions/1/remark", sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert sent.get("text", "") in answer.text
    assert kept(desk.app) == []


# Where a question was asked


def item_of(app: Flask, version: int) -> int:
    with app.app_context():
        return db.session.scalars(select(ItemVersion.item_id).where(ItemVersion.id == version)).one()


def test_where_a_question_was_asked_is_told_once_its_sitting_has_opened(desk: Desk, clock: TickingClock, hall: Any) -> None:
    with desk.app.app_context():
        version = db.session.scalars(select(FormItem.version_id)).first() or 0
    url = f"/question-bank/{item_of(desk.app, version)}/use"
    sealed = desk["trainer"].get(url).text
    assert "还没有在开考的场次里用过" in sealed
    assert "T1" not in sealed
    here = sat(desk, clock, hall)
    say(here, slot=versions(desk.app, here.attempt).index(version) + 1, reason="typo")
    for name in ("trainer", "auditor"):
        told = desk[name].get(url).text
        assert "T1" in told
        assert "三号机房" in told
        assert "第 1 版" in told
        assert here.attempt not in told
        assert desk.cast.owner.name not in told
    with desk.app.app_context(), work(SYSTEM) as w:
        first = w.session.get_one(Sitting, desk.sitting)
        w.session.add(Sitting(
            code="NEXT-WEEK", form_id=first.form_id, programme_edition_id=first.programme_edition_id, created=w.now,
            opens=w.now + timedelta(days=7), closes=w.now + timedelta(days=8),
        ))
    assert "NEXT-WEEK" not in desk["trainer"].get(url).text
    assert desk["trainer"].get("/question-bank/999999/use").status_code == 404
