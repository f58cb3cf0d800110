"""The room from the officer's side: the board and its polling, the door, what is done to one attempt and to all, paper."""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from certification import receipt
from certification.actions import attempts as closing
from certification.actions import room as actions
from certification.store import appeals
from certification.tables import Attempt, AttemptEvent, Booking, PastResult, Presence, Result, RoomNote, Sitting
from certification.timing import Kind
from foundation.clock import TickingClock
from foundation.database import db
from foundation.sealing import sealer
from foundation.tables import AuditRow
from foundation.work import SYSTEM, Actor, Work, work
from people.tables import Person
from tests.cast import Cast, Visitor
from tests.certification.exams import MINUTES, Room, document, room_for
from tests.conftest import START

Rooms = Callable[[str], Room]
SignIn = Callable[[str], Visitor]
REASON = {"reason": "三号机房停电"}


@pytest.fixture
def sitting(cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]]) -> int:
    """Sitting T1, open for two hours; ``owner`` and ``colleague`` are booked."""
    return seed(document(cast))["T1"]


@pytest.fixture
def rooms(app: Flask, sign_in: SignIn, sitting: int) -> Rooms:
    return room_for(app, sign_in, sitting)


@pytest.fixture
def owner(rooms: Rooms) -> Room:
    room = rooms("owner")
    assert room.start().status_code == 201
    return room


@pytest.fixture
def officer(sign_in: SignIn, sitting: int) -> Visitor:
    return sign_in("officer")


def page(sitting: int, path: str = "") -> str:
    return f"/sittings/{sitting}/room{path}"


def turn(officer: Visitor, room: Room, verb: str, **typed: Any) -> Any:
    fields = {f"{verb}-{name}": value for name, value in {"reason": "身体不适", **typed}.items()}
    return officer.form(f"/sittings/{room.sitting}/attempts/{room.attempt}/{verb}", fields)


def timeline(app: Flask, attempt: str) -> list[tuple[str, int | None, str, int | None]]:
    query = select(AttemptEvent.kind, AttemptEvent.seconds, AttemptEvent.reason, AttemptEvent.by).where(AttemptEvent.attempt_id == attempt)
    with app.app_context():
        return [tuple(row) for row in db.session.execute(query.order_by(AttemptEvent.id))]


def attempt(app: Flask, attempt_id: str) -> Attempt:
    with app.app_context():
        return db.session.get_one(Attempt, attempt_id)


def book(app: Flask) -> list[tuple[str, str, int]]:
    with app.app_context():
        return [(row.kind, row.text, row.seconds) for row in db.session.scalars(select(RoomNote).order_by(RoomNote.id))]


def deeds(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [(row.event, row.actor, row.result) for row in db.session.scalars(select(AuditRow).order_by(AuditRow.seq))]


def set_sitting(app: Flask, **values: Any) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Sitting).values(**values))


def see(app: Flask, attempt_id: str, seen: datetime, **values: Any) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.merge(Presence(attempt_id=attempt_id, seen=seen, **{"slot": None, "waiting": 0, "hidden": False, **values}))


def rows(text: str) -> list[str]:
    return re.findall(r'class="row-link seat seat-(\w+)"', text)


def main_of(text: str) -> str:
    return text[text.index("<main"):text.index("</main>")]


# The board


def test_the_board_shows_where_everybody_stands(app: Flask, officer: Visitor, owner: Room, clock: TickingClock, sitting: int) -> None:
    owner.put(*owner.answers()[:4])
    see(app, owner.attempt, clock.now(), slot=5, waiting=2)
    text = officer.get(page(sitting)).text
    assert rows(text) == ["waiting", "on"]
    for said in ("王建国", "S0001", "4 / 6", "在第 5 题", "2 题待传", "10:00 截止"):
        assert said in text
    clock.tick(seconds=89)
    assert rows(officer.get(page(sitting)).text) == ["waiting", "on"]
    clock.tick(seconds=1)
    text = officer.get(page(sitting)).text
    assert rows(text) == ["away", "waiting"], "whoever needs help comes first"
    assert "09:00 起没有动静" in text
    see(app, owner.attempt, clock.now())
    clock.tick(minutes=3, seconds=29)
    see(app, owner.attempt, clock.now())
    clock.tick(seconds=1)
    text = officer.get(page(sitting)).text
    assert rows(text) == ["stuck", "waiting"]
    assert "09:00 起没有新答案" in text


def test_what_came_since_the_page_last_spoke_does_not_wait_any_more(
    app: Flask, officer: Visitor, owner: Room, clock: TickingClock, sitting: int
) -> None:
    see(app, owner.attempt, clock.now(), waiting=3)
    clock.tick(seconds=1)
    given = owner.answers()
    owner.put(given[0], given[1])
    owner.put({**given[1], "seq": 9})
    one = f"/sittings/{sitting}/attempts/{owner.attempt}"
    assert all("1 题待传" in officer.get(path).text for path in (page(sitting), one))
    owner.put(given[2], given[3])
    assert not any("题待传" in officer.get(path).text for path in (page(sitting), one))
    clock.tick(seconds=1)
    see(app, owner.attempt, clock.now(), waiting=2)
    assert "2 题待传" in officer.get(page(sitting)).text


def test_who_only_looks_on_is_not_asked_to_check_in(app: Flask, officer: Visitor, sign_in: SignIn, sitting: int) -> None:
    set_sitting(app, check_in=True)
    button = re.compile(r'<a class="btn btn-(\w+)"[^>]*room/check-in"')
    assert button.findall(main_of(officer.get(page(sitting)).text)) == ["primary"]
    assert button.findall(main_of(sign_in("auditor").get(page(sitting)).text)) == ["secondary"]


def test_a_hidden_page_and_lost_focus_are_told_without_a_judgement(
    app: Flask, officer: Visitor, owner: Room, clock: TickingClock, sitting: int
) -> None:
    see(app, owner.attempt, clock.now(), hidden=True)
    with app.app_context(), work(SYSTEM) as w:
        kinds = ("focus_lost", "focus_back", "focus_lost")
        w.session.add_all(AttemptEvent(attempt_id=owner.attempt, kind=kind, at=w.now) for kind in kinds)
    text = officer.get(page(sitting)).text
    assert rows(text)[0] == "away"
    assert "起页面不在前台" in text
    assert "离开页面 2 次" in text


def test_a_cleared_answer_is_none(app: Flask, officer: Visitor, owner: Room, sitting: int) -> None:
    given = owner.answers()
    owner.put(*given)
    assert "6 / 6" in officer.get(page(sitting)).text
    owner.put({"slot": 1, "seq": 2, "answer": None}, {"slot": 2, "seq": 2, "answer": given[1]["answer"]})
    assert "5 / 6" in officer.get(page(sitting)).text
    owner.put({"slot": 1, "seq": 3, "answer": given[0]["answer"]})
    assert "6 / 6" in officer.get(page(sitting)).text


def test_search_and_chips_narrow_the_board_and_the_poll_alike(officer: Visitor, owner: Room, sitting: int) -> None:
    for path in ("", "/state"):
        assert rows(officer.get(page(sitting, f"{path}?q=S0002")).text) == ["waiting"]
        assert rows(officer.get(page(sitting, f"{path}?place=on")).text) == ["on"]
        text = officer.get(page(sitting, f"{path}?q=nobody&place=away&sitting_id=7&sort=nonsense")).text
        assert rows(text) == []
        assert "没有符合条件的人" in text
    chips = officer.get(page(sitting)).text.replace("&amp;", "&").replace("sort=help&", "")
    assert 'place=waiting">未开始 <span class="count">1</span>' in chips


def test_a_poll_answers_304_until_something_shown_changes(
    app: Flask, officer: Visitor, owner: Room, rooms: Rooms, clock: TickingClock, sitting: int
) -> None:
    def poll(tag: str | None = None) -> Any:
        return officer.get(page(sitting, "/state"), headers={"If-None-Match": tag} if tag else {})

    changes: list[Callable[[], Any]] = [
        lambda: owner.put(*owner.answers()[:1]),
        lambda: see(app, owner.attempt, clock.now(), waiting=1),
        lambda: see(app, owner.attempt, clock.now(), waiting=1, slot=3),
        lambda: see(app, owner.attempt, clock.now(), hidden=True),
        lambda: see(app, owner.attempt, clock.now()),
        lambda: turn(officer, owner, "extend", minutes=1),
        lambda: turn(officer, owner, "pause"),
        lambda: turn(officer, owner, "resume"),
        lambda: clock.tick(seconds=90),
        lambda: rooms("colleague").start(),
        lambda: set_sitting(app, closes=START + timedelta(hours=3)),
        lambda: owner.submit(),
    ]
    first = poll()
    tag = first.headers["ETag"]
    assert (first.status_code, tag[0], tag[-1]) == (200, '"', '"'), "strong"
    assert float(first.headers["X-Server-Time"]) == START.timestamp()
    for number, change in enumerate(changes):
        same = poll(tag)
        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
        assert float(same.headers["X-Server-Time"]) == clock.now().timestamp()
        change()
        fresh = poll(tag)
        assert (fresh.status_code, number) == (200, number)
        assert fresh.headers["ETag"] != tag
        tag = fresh.headers["ETag"]
    clock.tick(seconds=30)
    assert poll(tag).status_code == 304, "time passing by itself changes nothing on the board"


def test_the_tag_knows_language_and_question(officer: Visitor, owner: Room, sitting: int) -> None:
    tags = {officer.get(page(sitting, f"/state{query}")).headers["ETag"] for query in ("", "?q=S0002", "?place=on", "?sort=-staff_no")}
    tags.add(officer.get(page(sitting, "/state"), headers={"Accept-Language": "en"}).headers["ETag"])
    assert len(tags) == 5


def test_a_paused_attempt_shows_what_it_has_left(officer: Visitor, owner: Room, clock: TickingClock, sitting: int) -> None:
    clock.tick(minutes=20)
    turn(officer, owner, "pause")
    clock.tick(minutes=50)
    turn(officer, owner, "extend", minutes=5)
    clock.tick(minutes=7)
    text = officer.get(page(sitting)).text
    assert "停在 45:00" in text
    assert rows(text)[0] == "paused"


def test_an_auditor_looks_on_and_finds_nothing_to_press(sign_in: SignIn, owner: Room, sitting: int, officer: Visitor) -> None:
    auditor = sign_in("auditor")
    for path in (page(sitting), page(sitting, "/check-in"), f"/sittings/{sitting}/attempts/{owner.attempt}"):
        assert 'method="post"' not in main_of(auditor.get(path).text)
        assert 'method="post"' in main_of(officer.get(path).text)


def test_nobody_else_comes_in(sign_in: SignIn, owner: Room, sitting: int) -> None:
    for name in ("owner", "colleague", "stranger"):
        browser = sign_in(name)
        for path in (page(sitting), page(sitting, "/state"), page(sitting, "/code"), f"/sittings/{sitting}/attempts/{owner.attempt}"):
            assert browser.get(path).status_code == 403
        assert turn(browser, owner, "extend", minutes=5).status_code == 403


def test_nobody_at_all_is_sent_to_sign_in(nobody: Visitor, owner: Room, sitting: int) -> None:
    answer = nobody.get(page(sitting, "/state"))
    assert (answer.status_code, "/login" in answer.headers["Location"]) == (302, True)


def test_an_attempt_of_another_sitting_is_not_found(
    app: Flask, officer: Visitor, owner: Room, cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]]
) -> None:
    other = document(cast)
    other["sittings"][0] |= {"code": "T2", "booked": []}
    elsewhere = seed({"sittings": other["sittings"]})["T2"]
    assert officer.get(f"/sittings/{elsewhere}/attempts/{owner.attempt}").status_code == 404
    for path in ("pause", "notes"):
        assert officer.form(f"/sittings/{elsewhere}/attempts/{owner.attempt}/{path}", {"pause-reason": "x"}).status_code == 404
    with app.app_context(), work(SYSTEM) as w, pytest.raises(LookupError):
        actions.turn_one(w, elsewhere, owner.attempt, Kind.PAUSED, "x")


# One attempt


def test_each_deed_moves_the_clock_and_stands_on_the_timeline_with_reason_and_name(
    app: Flask, officer: Visitor, owner: Room, clock: TickingClock, cast: Cast
) -> None:
    end = START + timedelta(minutes=MINUTES)
    assert turn(officer, owner, "extend", minutes=10, reason="听力设备故障").status_code == 302
    assert attempt(app, owner.attempt).deadline == end + timedelta(minutes=10)
    clock.tick(minutes=5)
    assert turn(officer, owner, "pause").status_code == 302
    assert owner.put(*owner.answers()[:1]).json["refused"][0]["code"] == "paused"
    clock.tick(minutes=7)
    assert turn(officer, owner, "resume", reason="已经好了").status_code == 302
    assert attempt(app, owner.attempt).deadline == end + timedelta(minutes=17)
    assert owner.put(*owner.answers()[:1]).json["saved"]
    by = cast.officer.account_id
    assert timeline(app, owner.attempt) == [
        ("extended", 600, "听力设备故障", by), ("paused", None, "身体不适", by), ("resumed", None, "已经好了", by),
    ]
    text = officer.get(f"/sittings/{owner.sitting}/attempts/{owner.attempt}").text
    for said in ("延长时间 10 分钟", "听力设备故障", "09:05:00 · 郑秀英", "09:12:00 · 郑秀英", "已经好了", "开始作答"):
        assert said in text
    done = [event for event, actor, result in deeds(app) if actor == f"account:{by}" and result == "done"]
    assert done == ["attempt.extended", "attempt.paused", "attempt.resumed"]


def test_reopened_the_candidate_goes_on_and_gets_a_new_receipt(
    app: Flask, officer: Visitor, owner: Room, clock: TickingClock
) -> None:
    owner.put(*owner.answers(right=False)[:2])
    clock.tick(minutes=30)
    first = owner.submit().json["receipt"]
    assert owner.put(*owner.answers()[:1]).json["refused"][0]["code"] == "closed"
    clock.tick(hours=3)  # long after the window
    assert turn(officer, owner, "reopen", minutes=15, reason="误点了交卷").status_code == 302
    assert owner.look().json["state"] == "in_progress"
    with app.app_context():
        assert db.session.get(Result, owner.attempt) is None
        assert db.session.scalars(select(PastResult.why).where(PastResult.attempt_id == owner.attempt)).all() == ["reopened"]
    assert [saved["slot"] for saved in owner.put(*owner.answers()).json["saved"]] == [1, 2, 3, 4, 5, 6]
    clock.tick(minutes=14)
    second = owner.submit().json["receipt"]
    assert (first["count"], second["count"]) == (2, 6)
    assert first["jws"] != second["jws"]
    with app.app_context():
        assert db.session.get_one(Result, owner.attempt).passed
    text = officer.get(f"/sittings/{owner.sitting}/attempts/{owner.attempt}").text
    digest = first["digest"]
    assert f"此前 09:30:00 交卷，答了 2 题，回执码 {digest[:4]} {digest[4:8]} {digest[8:12]}" in text
    assert second["digest"][:4] in text
    assert "误点了交卷" in text
    assert "此前的评分结果转为留存" in text


def test_a_reopened_attempt_closes_when_its_new_time_is_over(app: Flask, officer: Visitor, owner: Room, clock: TickingClock) -> None:
    clock.tick(minutes=MINUTES + 1)  # over, and nobody has closed it yet
    assert turn(officer, owner, "extend", minutes=5).status_code == 422
    assert turn(officer, owner, "reopen", minutes=5).status_code == 302
    assert attempt(app, owner.attempt).deadline == clock.now() + timedelta(minutes=5)
    clock.tick(minutes=5)
    assert owner.put(*owner.answers()[:1]).json["refused"][0]["code"] == "late"
    with app.app_context():
        assert closing.close_overdue(clock.now()) == 1
    assert attempt(app, owner.attempt).state == "closed_by_deadline"


def test_an_invalidated_attempt_takes_nothing_more_and_can_be_reopened(app: Flask, officer: Visitor, owner: Room) -> None:
    missing = turn(officer, owner, "invalidate")
    assert missing.status_code == 422
    assert "作废前请先勾选确认" in missing.text
    assert attempt(app, owner.attempt).state == "in_progress"
    assert turn(officer, owner, "invalidate", sure="y", reason="替考").status_code == 302
    assert owner.put(*owner.answers()[:1]).json["refused"][0]["code"] == "closed"
    assert "已作废" in owner.browser.get(f"/attempts/{owner.attempt}").text
    assert turn(officer, owner, "reopen", minutes=20, reason="查明不是替考").status_code == 302
    assert owner.put(*owner.answers()[:1]).json["saved"]


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("extend", {"minutes": "0"}, "分钟数要在 1 到 240 之间"), ("extend", {"minutes": "241"}, "分钟数要在 1 到 240 之间"),
    ("extend", {"minutes": ""}, "请填写分钟数"), ("extend", {"minutes": "soon"}, "field-error"),
    ("extend", {"minutes": "5", "reason": " "}, "请写明原因"), ("pause", {"reason": ""}, "请写明原因"),
    ("pause", {"reason": "长" * 501}, "原因最多 500 字"), ("resume", {}, "这份答卷没有暂停"), ("reopen", {"minutes": "5"}, "还没有结束"),
]


def test_what_is_wrong_is_named_and_nothing_typed_is_lost(app: Flask, officer: Visitor, owner: Room) -> None:
    for verb, typed, says in WRONG:
        answer = turn(officer, owner, verb, **typed)
        assert (answer.status_code, says in answer.text) == (422, True), (verb, typed)
        for value in typed.values():
            assert value.strip() in answer.text
    assert timeline(app, owner.attempt) == []


def test_after_the_release_nothing_moves(app: Flask, officer: Visitor, owner: Room, rooms: Rooms, sitting: int) -> None:
    owner.put(*owner.answers())
    owner.submit()
    other = rooms("colleague")
    other.start()
    other.submit()
    assert officer.form(f"/sittings/{sitting}/release").status_code == 302
    before = attempt(app, owner.attempt).receipt
    for verb, typed in (("reopen", {"minutes": 5}), ("invalidate", {"sure": "y"})):
        answer = turn(officer, owner, verb, **typed)
        assert answer.status_code == 422
        assert "成绩已公布" in answer.text
    for path in ("/credit", "/pause", "/resume"):
        answer = officer.form(page(sitting, path), {"minutes": 5, "waiting": "y", **REASON})
        assert (answer.status_code, "成绩已公布" in answer.text) == (422, True)
    answer = officer.form(page(sitting, "/window"), {"closes": "2026-11-22T12:00", **REASON})
    assert (answer.status_code, "成绩已公布" in answer.text) == (422, True)
    assert attempt(app, owner.attempt).receipt == before


def test_after_the_release_an_attempt_without_a_result_does_not_move_either(
    app: Flask, officer: Visitor, owner: Room, rooms: Rooms, sitting: int, clock: TickingClock
) -> None:
    turn(officer, owner, "invalidate", sure="y")  # while it ran: nothing was graded
    other = rooms("colleague")
    other.start()
    other.submit()
    clock.tick(hours=3)
    assert officer.form(f"/sittings/{sitting}/release").status_code == 302
    answer = turn(officer, owner, "reopen", minutes=30)
    assert (answer.status_code, "成绩已公布" in answer.text) == (422, True)
    assert attempt(app, owner.attempt).state == "invalidated"


def test_who_waited_for_the_lock_comes_after_what_happened_meanwhile(app: Flask, owner: Room, cast: Cast, sitting: int) -> None:
    by = Actor(f"account:{cast.officer.account_id}", cast.officer.account_id)

    def at(seconds: int, kind: Kind, given: int = 0) -> None:
        with app.app_context(), work(by, START + timedelta(seconds=seconds)) as w:
            assert actions.turn_one(w, sitting, owner.attempt, kind, "网络中断", given) is None

    at(60, Kind.PAUSED)
    at(59, Kind.RESUMED)  # asked for a moment earlier, and got the lock a moment later
    at(660, Kind.EXTENDED, 60)
    assert attempt(app, owner.attempt).deadline == START + timedelta(minutes=MINUTES + 1), "nobody is paused for ever"


def test_late_evidence_tells_what_it_says_only_after_the_end(officer: Visitor, owner: Room, clock: TickingClock) -> None:
    where = f"/sittings/{owner.sitting}/attempts/{owner.attempt}?show=sign"
    turn(officer, owner, "pause")
    owner.put(*owner.answers()[:1])
    text = officer.get(where).text
    assert "留存的答案，第 1 题" in text
    assert "暂停期间发来" in text
    assert "内容：" not in text
    turn(officer, owner, "resume")
    owner.submit()
    text = officer.get(where).text
    assert re.search("内容：[ABCD](、[ABCD])*<", text)
    assert "canary" not in text


def test_the_attempt_page_holds_no_key_and_no_score(officer: Visitor, owner: Room) -> None:
    owner.put(*owner.answers())
    owner.submit()
    text = officer.get(f"/sittings/{owner.sitting}/attempts/{owner.attempt}").text
    for secret in ("canary", "12 / 12", "通过", "优秀", "得分"):
        assert secret not in text[text.index("<main"):]


def test_a_note_on_an_attempt_stands_on_its_timeline_and_in_the_book(app: Flask, officer: Visitor, owner: Room, sitting: int) -> None:
    where = f"/sittings/{sitting}/attempts/{owner.attempt}"
    empty = officer.form(f"{where}/notes", {"text": " "})
    assert (empty.status_code, "请写下记录的内容" in empty.text) == (422, True)
    assert officer.form(f"{where}/notes", {"text": "<b>多次</b>回头"}).status_code == 302
    for path in (where, page(sitting)):
        text = officer.get(path).text
        assert "&lt;b&gt;多次&lt;/b&gt;回头" in text
    assert book(app) == [("note", "<b>多次</b>回头", 0)]


@pytest.mark.parametrize("paused", [False, True])
def test_a_paper_is_collected_with_what_was_saved_and_given_back_by_a_reopening(
    app: Flask, officer: Visitor, owner: Room, clock: TickingClock, sitting: int, paused: bool
) -> None:
    given = owner.answers()
    owner.put(*given[:4])
    clock.tick(minutes=7)
    if paused:
        turn(officer, owner, "pause")
        clock.tick(minutes=2)
    one = f"/sittings/{sitting}/attempts/{owner.attempt}"
    assert 'action="' + one + '/collect"' in officer.get(one).text
    for typed, said in (({"sure": "y", "reason": ""}, "请写明原因"), ({}, "收卷前请先勾选确认")):
        answer = turn(officer, owner, "collect", **typed)
        assert (answer.status_code, said in answer.text) == (422, True)
    assert attempt(app, owner.attempt).receipt is None
    assert turn(officer, owner, "collect", sure="y", reason="突发不适，送医").status_code == 302
    kept = attempt(app, owner.attempt)
    assert (kept.state, kept.ended) == ("submitted", clock.now())
    assert receipt.read(kept.receipt).count == 4
    assert owner.submit().json["receipt"] == receipt.as_json(kept.receipt)
    assert owner.put(*given[4:]).json["refused"][0]["code"] == "closed"
    kind, seconds, reason, by = timeline(app, owner.attempt)[-1]
    assert (kind, seconds, reason, by is not None) == ("collected", None, "突发不适，送医", True)
    text = officer.get(one).text
    assert ("考务收卷的回执" in text, "本人交卷" in text, "突发不适，送医" in text) == (True, False, True)
    done = [(event, result) for event, _, result in deeds(app) if event in ("attempt.submitted", "attempt.collected")]
    assert done == [("attempt.submitted", "done"), ("attempt.collected", "done")]
    assert turn(officer, owner, "collect", sure="y").status_code == 422
    assert turn(officer, owner, "reopen", minutes=15).status_code == 302
    again = attempt(app, owner.attempt)
    assert (again.state, again.receipt, again.deadline) == ("in_progress", None, clock.now() + timedelta(minutes=15))
    assert len(owner.put(*given[4:]).json["saved"]) == 2


def test_only_an_officer_collects(app: Flask, owner: Room, sign_in: SignIn) -> None:
    for name in ("auditor", "owner", "colleague"):
        assert turn(sign_in(name), owner, "collect", sure="y").status_code == 403
    assert attempt(app, owner.attempt).ended is None


# The whole room


def test_a_credit_reaches_everybody_who_runs_and_if_wanted_those_who_wait(
    app: Flask, officer: Visitor, owner: Room, rooms: Rooms, clock: TickingClock, sitting: int
) -> None:
    turn(officer, owner, "pause")
    shown = officer.get(page(sitting, "/credit")).text
    assert re.findall(r'stat-value">(\d+)<', shown) == ["1", "1"]
    assert "给 1 人补时" in shown
    assert officer.form(page(sitting, "/credit"), {"minutes": 12, "waiting": "y", **REASON}).status_code == 302
    assert attempt(app, owner.attempt).deadline == START + timedelta(minutes=MINUTES + 12)
    assert ("extended", 720, "三号机房停电") in [event[:3] for event in timeline(app, owner.attempt)]
    other = rooms("colleague")
    assert other.start().status_code == 201
    assert attempt(app, other.attempt).deadline == START + timedelta(minutes=MINUTES + 12)
    turn(officer, owner, "resume")
    assert attempt(app, owner.attempt).deadline == START + timedelta(minutes=MINUTES + 12), "credited once, not twice"
    assert book(app) == [("incident", "三号机房停电", 720)]
    assert ("room.credited", "done") in [(event, result) for event, _, result in deeds(app)]


def test_the_same_credit_shortly_after_the_first_is_asked_about(
    app: Flask, officer: Visitor, owner: Room, clock: TickingClock, sitting: int
) -> None:
    path, typed, end = page(sitting, "/credit"), {"minutes": 12, "reason": "又停电了"}, START + timedelta(minutes=MINUTES)
    assert "再补一次" not in officer.get(path).text
    assert officer.form(path, {"minutes": 12, **REASON}).status_code == 302
    clock.tick(minutes=9, seconds=59)
    answer = officer.form(path, typed)
    assert (answer.status_code, attempt(app, owner.attempt).deadline) == (422, end + timedelta(minutes=12))
    for said in ("这场刚补过同样的时间", 'name="again"', "09:00", "补过 12 分钟：三号机房停电", 'value="12"', "又停电了"):
        assert said in answer.text
    assert ("room.credited", "refused") in [(event, result) for event, _, result in deeds(app)]
    assert officer.form(path, {**typed, "minutes": 11}).status_code == 302, "other minutes are another matter"
    assert officer.form(path, {**typed, "again": "y"}).status_code == 302
    assert attempt(app, owner.attempt).deadline == end + timedelta(minutes=35)
    clock.tick(minutes=10)
    assert officer.form(path, typed).status_code == 302, "ten minutes later it is not asked any more"


def test_without_asking_those_who_wait_get_nothing(app: Flask, officer: Visitor, owner: Room, sitting: int) -> None:
    officer.form(page(sitting, "/credit"), {"minutes": 12, **REASON})
    with app.app_context():
        assert db.session.scalars(select(Booking.extra_seconds)).all() == [0, 0]


def test_those_whose_time_is_over_are_named(
    app: Flask, officer: Visitor, owner: Room, rooms: Rooms, clock: TickingClock, sitting: int
) -> None:
    clock.tick(minutes=10)
    other = rooms("colleague")
    other.start()
    clock.tick(minutes=MINUTES - 10)  # owner's time is over this very instant, and nobody has closed it
    officer.form(page(sitting, "/credit"), {"minutes": 5, **REASON})
    text = officer.get(page(sitting)).text
    assert "各加 5 分钟" in text
    assert "需要的话逐个重开：王建国" in text
    assert attempt(app, other.attempt).deadline == START + timedelta(minutes=MINUTES + 15)
    assert timeline(app, owner.attempt) == []
    with app.app_context():
        closing.close_overdue(clock.now())
    officer.form(page(sitting, "/credit"), {"minutes": 5, "again": "y", **REASON})
    assert "需要的话逐个重开：王建国" in officer.get(page(sitting)).text


def test_a_credit_for_nobody_is_not_written(app: Flask, officer: Visitor, sitting: int) -> None:
    answer = officer.form(page(sitting, "/credit"), {"minutes": 12, **REASON})
    assert (answer.status_code, "现在没有可以加时的人" in answer.text) == (422, True)
    assert book(app) == []


def test_a_room_is_paused_and_goes_on_with_what_was_left(
    app: Flask, officer: Visitor, owner: Room, rooms: Rooms, clock: TickingClock, sitting: int
) -> None:
    other = rooms("colleague")
    other.start()
    turn(officer, other, "pause")
    clock.tick(minutes=10)
    assert "暂停 1 人" in officer.get(page(sitting, "/pause")).text
    assert officer.form(page(sitting, "/pause"), REASON).status_code == 302
    assert officer.form(page(sitting, "/pause"), REASON).status_code == 422
    clock.tick(minutes=25)
    assert "恢复 2 人" in officer.get(page(sitting, "/resume")).text
    assert officer.form(page(sitting, "/resume"), {"reason": "来电了"}).status_code == 302
    assert attempt(app, owner.attempt).deadline == START + timedelta(minutes=MINUTES + 25)
    assert attempt(app, other.attempt).deadline == START + timedelta(minutes=MINUTES + 35)
    assert book(app) == [("paused", "三号机房停电", 0), ("resumed", "来电了", 0)]


def test_a_later_end_gives_back_what_the_window_had_cut(
    app: Flask, officer: Visitor, rooms: Rooms, clock: TickingClock, sitting: int, owner: Room
) -> None:
    clock.tick(minutes=90)
    late = rooms("colleague")
    late.start()
    assert attempt(app, late.attempt).deadline == START + timedelta(hours=2)
    for typed, says in (
        ({"closes": "2026-11-22T11:00"}, "要晚于现在定的结束时间"), ({"closes": "2026-12-24T11:00"}, "最长 31 天"),
        ({"closes": ""}, "请填写结束时间"), ({"closes": "2026-11-22T11:20", "reason": ""}, "请写明原因"),
    ):
        answer = officer.form(page(sitting, "/window"), REASON | typed)
        assert (answer.status_code, says in answer.text) == (422, True)
    assert officer.form(page(sitting, "/window"), {"closes": "2026-11-22T11:20", **REASON}).status_code == 302
    assert attempt(app, late.attempt).deadline == START + timedelta(hours=2, minutes=20)
    assert attempt(app, owner.attempt).deadline == START + timedelta(minutes=MINUTES), "its own minutes were up already"
    assert book(app) == [("window", "三号机房停电", 1200)]


# The entry code


def test_the_code_is_shown_large_changed_and_switched_off(app: Flask, officer: Visitor, rooms: Rooms, sitting: int) -> None:
    assert "不需要入场码" in officer.get(page(sitting, "/code")).text
    answer = officer.form(page(sitting, "/code/change"), {"choice": "own", "code": "", "reason": "传出考场"})
    assert (answer.status_code, "请填写入场码" in answer.text, "传出考场" in answer.text) == (422, True, True)
    assert officer.form(page(sitting, "/code/change"), {"choice": "own", "code": " ab12 ", **REASON}).status_code == 302
    assert 'id="code">ab12<' in officer.get(page(sitting, "/code")).text
    room = rooms("owner")
    assert room.start(entry_code="wrong").json["refused"] == "entry_code"
    assert officer.form(page(sitting, "/code/change"), {"choice": "random", **REASON}).status_code == 302
    code = re.search(r'id="code">(\d{6})<', officer.get(page(sitting, "/code")).text)
    assert code
    assert room.start(entry_code="ab12").json["refused"] == "entry_code"
    assert room.start(entry_code=code[1]).status_code == 201
    assert officer.form(page(sitting, "/code/change"), {"choice": "off", **REASON}).status_code == 302
    assert rooms("colleague").start().status_code == 201
    assert [kind for kind, _, _ in book(app)] == ["entry_code"] * 3
    with app.app_context():
        written = repr([(row.event, row.detail) for row in db.session.scalars(select(AuditRow))])
    assert "ab12" not in written
    assert code[1] not in written


# The door


def test_nobody_begins_before_being_checked_in(app: Flask, officer: Visitor, rooms: Rooms, sitting: int, cast: Cast) -> None:
    set_sitting(app, check_in=True)
    room = rooms("owner")
    assert room.start().json["refused"] == "check_in"
    assert rows(officer.get(page(sitting)).text) == ["unchecked", "unchecked"]
    with app.app_context(), work(SYSTEM) as w:
        sealed = sealer().seal("110101199003078515")
        w.connection.execute(update(Person).where(Person.id == cast.owner.person_id).values(id_number=sealed))
    text = officer.get(page(sitting, "/check-in?q=S0001")).text
    assert "**************8515" in text
    assert "110101" not in text
    back = officer.form(page(sitting, "/check-in?q=S0001"), {"one": cast.owner.person_id, "note": "持临时身份证"})
    assert back.headers["Location"].endswith("/check-in?q=S0001")
    text = officer.get(page(sitting, "/check-in")).text
    assert "持临时身份证" in text
    assert "郑秀英" in text
    assert room.start().status_code == 201
    assert "持临时身份证" in officer.get(f"/sittings/{sitting}/attempts/{room.attempt}").text


def test_several_are_checked_in_at_once_and_only_those_of_the_list(app: Flask, officer: Visitor, sitting: int, cast: Cast) -> None:
    empty = officer.form(page(sitting, "/check-in"), {"note": "x"})
    assert (empty.status_code, "请先勾选" in empty.text) == (422, True)
    long = officer.form(page(sitting, "/check-in"), {"person": [cast.owner.person_id], "note": "长" * 201})
    assert (long.status_code, "备注最多 200 字" in long.text, " checked" in long.text) == (422, True, True)
    everybody = [cast.owner.person_id, cast.colleague.person_id, cast.stranger.person_id, "x"]
    officer.form(page(sitting, "/check-in"), {"person": everybody})
    with app.app_context():
        found = db.session.execute(select(Booking.person_id, Booking.checked_in_by).where(Booking.checked_in.is_not(None))).all()
    assert sorted(found) == [(person, cast.officer.account_id) for person in everybody[:2]]
    assert [event for event, _, _ in deeds(app)].count("booking.checked_in") == 2
    officer.form(page(sitting, "/check-in"), {"person": everybody})
    assert [event for event, _, _ in deeds(app)].count("booking.checked_in") == 2


def test_a_number_that_nobody_has_checks_nobody_in(officer: Visitor, sitting: int) -> None:
    for number in ("99999999999999999999", "4294967296", "-1", "0"):
        for field in ("one", "person"):
            assert officer.form(page(sitting, "/check-in"), {field: number}).status_code == 422, (field, number)


def test_a_check_in_is_undone_with_a_reason_until_the_person_has_begun(
    app: Flask, officer: Visitor, rooms: Rooms, sitting: int, cast: Cast
) -> None:
    set_sitting(app, check_in=True)
    where = page(sitting, f"/check-in/{cast.owner.person_id}/undo")
    officer.form(page(sitting, "/check-in"), {"one": cast.owner.person_id})
    assert officer.form(where, {"reason": ""}).status_code == 422
    assert officer.form(where, {"reason": "证件不是本人"}).status_code == 302
    assert book(app) == [("unchecked", "证件不是本人", 0)]
    assert "王建国" in officer.get(page(sitting)).text
    room = rooms("owner")
    assert room.start().json["refused"] == "check_in"
    officer.form(page(sitting, "/check-in"), {"one": cast.owner.person_id})
    assert room.start().status_code == 201
    assert "不能撤销" in officer.form(where, {"reason": "证件不是本人"}, follow_redirects=True).text
    assert officer.get(page(sitting, f"/check-in/{cast.stranger.person_id}/undo")).status_code == 404


def test_extra_time_before_the_start_counts_from_the_start(
    app: Flask, officer: Visitor, rooms: Rooms, sitting: int, cast: Cast
) -> None:
    where = page(sitting, f"/extra/{cast.owner.person_id}")
    assert officer.form(where, {"minutes": 241, "reason": "x"}).status_code == 422
    assert officer.form(where, {"minutes": 30, "reason": "视力障碍"}).status_code == 302
    assert "加时 30 分钟" in officer.get(page(sitting)).text
    assert "视力障碍" in officer.get(where).text
    room = rooms("owner")
    room.start()
    assert attempt(app, room.attempt).deadline == START + timedelta(minutes=MINUTES + 30)
    late = officer.form(where, {"minutes": 60, "reason": "视力障碍"})
    assert (late.status_code, "请在答卷上延长时间" in late.text) == (422, True)
    assert book(app) == [("extra_time", "视力障碍", 1800)]


# On paper


def test_the_list_tells_who_came_and_what_happened(app: Flask, officer: Visitor, owner: Room, clock: TickingClock, sitting: int) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Person).where(Person.staff_no == "S0002").values(name="=HYPERLINK(1)"))
    turn(officer, owner, "extend", minutes=10)
    officer.form(page(sitting, "/notes"), {"text": "空调漏水"})
    owner.submit()
    clock.tick(hours=3)
    text = officer.get(page(sitting, "/attendance")).text
    for said in ("签名", "09:00 延长时间 10 分钟", "已交卷", "缺考", "空调漏水", "三号机房"):
        assert said in text
    answer = officer.get(page(sitting, "/attendance.csv"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="attendance-T1.csv"'
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[1].split(",")[:4] == ["序号", "工号", "姓名", "单位"]
    assert lines[3].split(",")[1:4] == ["S0002", "'=HYPERLINK(1)", "华信通服"]


def test_an_empty_room_says_so(officer: Visitor, cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]]) -> None:
    other = document(cast)
    other["sittings"][0] |= {"code": "T2", "booked": []}
    empty = seed({"sittings": other["sittings"]})["T2"]
    for path in ("", "/check-in", "/attendance"):
        assert "还没有人报名" in officer.get(page(empty, path)).text


# Two officers at once


def test_two_officers_who_act_at_once_do_so_one_after_the_other(app: Flask, owner: Room, cast: Cast, sitting: int) -> None:
    ready = threading.Barrier(2)
    seen: list[Any] = []

    def pause(name: str) -> None:
        with app.app_context():
            ready.wait()
            with work(Actor(f"account:{cast[name].account_id}", cast[name].account_id)) as w:
                seen.append(actions.turn_one(w, sitting, owner.attempt, Kind.PAUSED, name))

    threads = [threading.Thread(target=pause, args=(name,)) for name in ("officer", "other_officer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, seen)) == ["None", "not_running"]
    assert [event[0] for event in timeline(app, owner.attempt)] == ["paused"]


def test_a_credit_for_the_room_and_one_for_a_person_both_count(app: Flask, owner: Room, cast: Cast, sitting: int) -> None:
    ready = threading.Barrier(2)
    by = Actor(f"account:{cast.officer.account_id}", cast.officer.account_id)

    def act(deed: Callable[[Any], Any]) -> None:
        with app.app_context():
            ready.wait()
            with work(by) as w:
                deed(w)

    threads = [
        threading.Thread(target=act, args=(lambda w: actions.credit(w, sitting, 300, "停电", False),)),
        threading.Thread(target=act, args=(lambda w: actions.turn_one(w, sitting, owner.attempt, Kind.EXTENDED, "键盘坏了", 60),)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(event[1] or 0 for event in timeline(app, owner.attempt)) == [60, 300]
    assert attempt(app, owner.attempt).deadline == START + timedelta(minutes=MINUTES + 6)


def test_a_booking_is_never_locked_before_its_sitting(app: Flask, officer: Visitor, cast: Cast, sitting: int) -> None:
    """In the other order PostgreSQL finds a deadlock with a credit for the room, and one of the two is thrown out."""
    by, one = Actor(f"account:{cast.officer.account_id}", cast.officer.account_id), cast.owner.person_id
    deeds: list[Callable[[Work], Any]] = [
        lambda w: actions.check_in(w, sitting, [one], ""), lambda w: actions.undo_check_in(w, sitting, one, "认错人"),
        lambda w: actions.grant_extra(w, sitting, one, 600, "手伤"), lambda w: appeals.hold_booking(w.session, sitting, one),
    ]
    for deed in deeds:
        said: list[str] = []
        with app.app_context(), work(by) as w:
            event.listen(w.connection, "before_cursor_execute", lambda *told, said=said: said.append(told[2]))
            deed(w)
        first = [next(at for at, text in enumerate(said) if f"FROM {table}" in text) for table in ("sittings", "bookings")]
        assert first == sorted(first), said


# How a sitting is held


def test_a_sitting_is_scheduled_with_its_options_and_shows_them(app: Flask, officer: Visitor, sign_in: SignIn) -> None:
    typed = {
        "programme": "GC", "opens": "2026-11-23T09:00", "closes": "2026-11-23T11:00", "check_in": "y", "extra": "15", "review": "clauses",
    }
    for change, says in (({"extra": "241"}, "0 到 240 分钟"), ({"review": "all"}, "field-error")):
        answer = officer.form("/sittings/new", typed | change)
        assert (answer.status_code, says in answer.text) == (422, True)
    where = officer.form("/sittings/new", typed).headers["Location"]
    with app.app_context():
        made = db.session.scalars(select(Sitting).order_by(Sitting.id.desc())).first()
    assert made is not None
    assert (made.check_in, made.extra_seconds, made.watermark, made.review) == (True, 900, False, "clauses")
    text = officer.get(where).text
    for said in ("核验后才能开始", "15 分钟", "加上失分的条款", f"/sittings/{made.id}/room"):
        assert said in text
    assert f"/sittings/{made.id}/room" not in sign_in("coordinator").get(where).text


def test_an_officer_comes_from_home_to_an_open_room(officer: Visitor, sitting: int, clock: TickingClock) -> None:
    assert page(sitting) in officer.get("/").text
    clock.tick(hours=2)
    assert page(sitting) not in officer.get("/").text
