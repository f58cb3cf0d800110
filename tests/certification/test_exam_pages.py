"""The candidate's pages around an exam: mine and nobody else's, in every state, with and without a script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from certification.tables import Attempt, Result, Sitting
from foundation.clock import TickingClock
from foundation.work import SYSTEM, work
from tests.cast import Cast, Visitor
from tests.certification.exams import MINUTES, Room, document, room_for
from tests.conftest import START

Rooms = Callable[[str], Room]


@pytest.fixture
def rooms(app: Flask, cast: Cast, sign_in: Callable[[str], Visitor], seed: Callable[[dict[str, Any]], dict[str, int]]) -> Rooms:
    return room_for(app, sign_in, seed(document(cast, sections=[{"title": {"zh": "关键条款"}, "key_clauses": True, "min": 0.8}]))["T1"])


@pytest.fixture
def owner(rooms: Rooms) -> Room:
    return rooms("owner")


def page(room: Room, url: str) -> str:
    answer = room.browser.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def change(app: Flask, table: Any, **values: Any) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(table).values(**values))


def begun(room: Room, right: bool = True) -> Room:
    room.start()
    room.put(*room.answers(right))
    return room


# My exams


def test_my_exams_link_each_booked_sitting(owner: Room, rooms: Rooms) -> None:
    text = page(owner, "/exams")
    assert f'href="/exams/sittings/{owner.sitting}"' in text
    assert "集团客户现场支撑" in text
    assert "现在可以进入" in text
    stranger = page(rooms("stranger"), "/exams")
    assert "/exams/sittings/" not in stranger
    assert "还没有考试" in stranger


def test_an_exam_in_progress_leads_back_into_the_room(owner: Room) -> None:
    begun(owner)
    text = page(owner, "/exams")
    assert f'href="/attempts/{owner.attempt}"' in text
    assert "继续作答" in text


def test_what_is_over_moves_to_the_past_and_can_be_searched(owner: Room, clock: TickingClock) -> None:
    clock.tick(hours=3)
    text = page(owner, "/exams")
    assert "以前的考试" in text
    assert "缺考" in text
    assert "集团客户现场支撑" in page(owner, "/exams?q=现场")
    assert "集团客户现场支撑" in page(owner, "/exams?q=三号 T1&sort=-opens")
    assert "没有符合条件的考试" in page(owner, "/exams?q=没有这个&page=99")


# What awaits me


@pytest.mark.parametrize(
    ("minutes", "words"), [(-60, "还没有开始"), (0, "开始考试"), (90, "只剩 30 分钟"), (120, "这场考试已经结束")]
)
def test_the_way_in_is_open_inside_the_window(owner: Room, clock: TickingClock, minutes: int, words: str) -> None:
    clock.set(START + timedelta(minutes=minutes))
    text = page(owner, f"/exams/sittings/{owner.sitting}")
    assert words in text
    assert ("<form class=\"form" in text) is (0 <= minutes < 120)


def test_the_page_says_what_awaits_one(owner: Room) -> None:
    text = page(owner, f"/exams/sittings/{owner.sitting}")
    for words in ("三号机房", f"{MINUTES} 分钟", "6 题，共 12 分", "6 分", "10.8 分", "关键条款", "80%"):
        assert words in text


def test_starting_without_a_script_leads_into_the_room(owner: Room) -> None:
    answer = owner.browser.form(f"/exams/sittings/{owner.sitting}")
    assert answer.status_code == 302
    assert page(owner, answer.headers["Location"]).count('id="room"') == 1
    assert owner.browser.form(f"/exams/sittings/{owner.sitting}").headers["Location"] == answer.headers["Location"]


def test_a_wrong_entry_code_is_said_at_its_field_and_stays_there(app: Flask, owner: Room) -> None:
    change(app, Sitting, entry_code="A7K2")
    answer = owner.browser.form(f"/exams/sittings/{owner.sitting}", {"entry_code": "B1B1"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="B1B1"' in text
    assert "入场码不对" in text
    assert "A7K2" not in text + page(owner, f"/exams/sittings/{owner.sitting}")
    assert owner.browser.form(f"/exams/sittings/{owner.sitting}", {"entry_code": "x" * 41}).status_code == 422
    assert owner.browser.form(f"/exams/sittings/{owner.sitting}", {"entry_code": "a7k2"}).status_code == 302


def test_a_start_before_the_window_is_refused_with_the_time(owner: Room, clock: TickingClock) -> None:
    clock.set(START - timedelta(hours=1))
    answer = owner.browser.form(f"/exams/sittings/{owner.sitting}")
    assert answer.status_code == 422
    assert "09:00 开放" in answer.get_data(as_text=True)


def test_a_cancelled_sitting_says_why(app: Flask, owner: Room) -> None:
    change(app, Sitting, cancelled=START, cancel_reason="停电")
    assert "停电" in page(owner, f"/exams/sittings/{owner.sitting}")
    assert "停电" in page(owner, "/exams")


def test_after_the_hand_in_the_sitting_leads_to_the_receipt(owner: Room) -> None:
    begun(owner).submit()
    assert f'href="/attempts/{owner.attempt}"' in page(owner, f"/exams/sittings/{owner.sitting}")
    assert owner.browser.form(f"/exams/sittings/{owner.sitting}").status_code == 302


# The room


def test_the_room_holds_no_question_before_its_script_asks_for_one(owner: Room) -> None:
    begun(owner)
    text = page(owner, f"/attempts/{owner.attempt}")
    assert f'data-api="/api/v1/attempts/{owner.attempt}"' in text
    assert 'name="csrf-token"' in text
    assert "应当怎样做" not in text
    assert text.count('class="slot slot-todo"') == 6


def test_the_room_keeps_to_the_content_policy(owner: Room) -> None:
    begun(owner)
    text = page(owner, f"/attempts/{owner.attempt}")
    assert "<script>" not in text
    assert "style=" not in text
    assert " onclick" not in text


def test_handing_in_without_a_script_gives_the_receipt(owner: Room) -> None:
    begun(owner)
    answer = owner.browser.form(f"/attempts/{owner.attempt}/submit")
    assert answer.headers["Location"] == f"/attempts/{owner.attempt}"
    text = page(owner, f"/attempts/{owner.attempt}")
    digest = owner.submit().json["receipt"]["digest"]
    assert f"{digest[:4]} {digest[4:8]} {digest[8:12]}" in text
    assert "6 / 6 题" in text
    assert "本人交卷" in text


def test_a_paused_attempt_shows_neither_room_nor_receipt_and_is_not_handed_in(app: Flask, owner: Room) -> None:
    begun(owner)
    change(app, Attempt, state="paused")
    assert "请等待考务恢复" in page(owner, f"/attempts/{owner.attempt}")
    answer = owner.browser.form(f"/attempts/{owner.attempt}/submit", follow_redirects=True)
    assert "答卷已暂停" in answer.get_data(as_text=True)


def test_an_attempt_that_is_opened_after_its_deadline_is_closed_on_sight(owner: Room, clock: TickingClock) -> None:
    begun(owner)
    clock.set(START + timedelta(minutes=MINUTES))
    text = page(owner, f"/attempts/{owner.attempt}")
    assert "到时自动收卷" in text
    assert 'id="room"' not in text


# The result


def test_the_result_is_shown_after_its_release_and_not_before(app: Flask, owner: Room) -> None:
    begun(owner).submit()
    before = page(owner, f"/attempts/{owner.attempt}") + page(owner, "/exams")
    assert "12 / 12" not in before
    assert "优秀" not in page(owner, f"/attempts/{owner.attempt}")
    change(app, Result, state="released", released=START)
    after = page(owner, f"/attempts/{owner.attempt}")
    for words in ("通过", "优秀", "<b>12</b>", "关键条款", "达到", "第1部分", "认证决定人正在审定"):
        assert words in after
    assert "canary" not in after
    assert "12 / 12" in page(owner, "/exams")


def test_who_did_not_pass_learns_which_minimum_was_missed_and_what_next(app: Flask, owner: Room) -> None:
    begun(owner, right=False).submit()
    change(app, Result, state="released", released=START)
    text = page(owner, f"/attempts/{owner.attempt}")
    for words in ("没有通过", "有 1 项最低线没有达到", "未达到", "再次报名"):
        assert words in text


@pytest.mark.parametrize("state", ["marking", "marked", "voided"])
def test_no_other_state_of_a_result_shows_a_score(app: Flask, owner: Room, state: str) -> None:
    begun(owner).submit()
    change(app, Result, state=state)
    text = page(owner, f"/attempts/{owner.attempt}") + page(owner, "/exams")
    assert "<b>12</b>" not in text
    assert "12 / 12" not in text


def test_an_invalidated_attempt_shows_no_result(app: Flask, owner: Room) -> None:
    begun(owner).submit()
    change(app, Result, state="released", released=START)
    change(app, Attempt, state="invalidated")
    text = page(owner, f"/attempts/{owner.attempt}")
    assert "这份答卷已作废" in text
    assert "<b>12</b>" not in text


# Who may come in


def test_pages_of_an_exam_belong_to_who_is_booked(owner: Room, rooms: Rooms, client: Visitor) -> None:
    begun(owner)
    sitting, attempt = f"/exams/sittings/{owner.sitting}", f"/attempts/{owner.attempt}"
    colleague, stranger = rooms("colleague"), rooms("stranger")
    assert colleague.browser.get(sitting).status_code == 200  # booked too
    assert colleague.browser.get(attempt).status_code == 404
    assert colleague.browser.form(f"{attempt}/submit").status_code == 404
    assert [stranger.browser.get(url).status_code for url in (sitting, attempt)] == [404, 404]
    assert stranger.browser.form(sitting).status_code == 404
    for url in ("/exams", sitting, attempt):
        assert client.get(url).headers["Location"].startswith("/login?next=")
        assert rooms("officer").browser.get(url).status_code == 403


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_renders_in_both_languages(app: Flask, owner: Room, locale: str) -> None:
    owner.browser.form("/language", {"locale": locale})
    urls = ["/exams", f"/exams/sittings/{owner.sitting}"]
    for url in urls:
        page(owner, url)
    begun(owner)
    page(owner, f"/attempts/{owner.attempt}")
    owner.submit()
    page(owner, f"/attempts/{owner.attempt}")
    change(app, Result, state="released", released=START)
    assert f'lang="{"en" if locale == "en" else "zh-Hans"}"' in page(owner, f"/attempts/{owner.attempt}")
