"""Sealed papers: nobody looks inside before, unless two persons or a broken glass; every look is in the log."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from certification.actions.attempts import prepare
from certification.tables import Attempt, Booking, FormLook, FormOpening, PaperNote, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from people.tables import Account
from question_bank.tables import Form
from tests import cast as players
from tests.cast import MEMBERS, Cast, Visitor
from tests.certification.exams import Room, room_for
from tests.certification.papers import OPENS, STEM, Desk, desk_for

MINUTE = timedelta(minutes=1)
READERS = ("owner", "officer", "auditor", "decider")


@pytest.fixture
def desk(app: Flask, cast: Cast, sign_in: Callable[[str], Visitor]) -> Desk:
    return desk_for(app, cast, sign_in)


def the_opening(desk: Desk) -> int:
    with desk.app.app_context():
        return db.session.scalars(select(FormOpening.id).order_by(FormOpening.id.desc())).first() or 0


def test_the_shell_shows_counts_and_no_question(desk: Desk) -> None:
    for name in ("officer", "auditor"):
        listed, shell = desk[name].get("/papers?q=F-T1").text, desk[name].get(f"/papers/{desk.form}").text
        assert "F-T1" in listed
        assert "6 题 · 12 分" in listed
        assert "第1部分" in shell
        assert "已封存" in shell
        assert STEM not in listed + shell
    assert "没有符合条件" in desk["officer"].get("/papers?q=nothing-like-it").text


def test_a_sealed_paper_is_shown_to_nobody(desk: Desk) -> None:
    for name in ("officer", "auditor"):
        answer = desk.look(name)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/papers/{desk.form}")
    assert desk.looks() == []
    assert desk.deeds() == [("paper.looked", "refused")] * 2


def test_two_persons_open_it_for_a_quarter_of_an_hour(desk: Desk, clock: TickingClock) -> None:
    assert desk.ask("officer").status_code == 302
    assert "请求启封试卷 F-T1" in desk["other_officer"].get("/").text
    assert "请求启封试卷 F-T1" not in desk["officer"].get("/").text
    assert desk.look("officer").status_code == 302, "asking is not enough"
    assert desk["other_officer"].form(f"/papers/openings/{the_opening(desk)}/confirm").status_code == 302
    for name in ("officer", "other_officer"):
        page = desk.look(name)
        assert page.status_code == 200
        assert page.text.count(STEM) == 6
        assert "canary" not in page.text, "no key, no rationale"
    clock.tick(minutes=15)
    assert desk.look("officer").status_code == 302
    opening = the_opening(desk)
    assert desk.looks() == [(desk.cast.officer.account_id, opening), (desk.cast.other_officer.account_id, opening)]
    log = desk["auditor"].get(f"/papers/{desk.form}").text
    assert "郑秀英" in log
    assert "冯国栋" in log
    assert "核对一处错字" in log
    assert desk.deeds() == [
        ("paper.asked", "done"), ("paper.looked", "refused"), ("paper.opened", "done"), ("paper.looked", "done"), ("paper.looked", "done"),
        ("paper.looked", "refused"),
    ]


def test_nobody_is_their_own_second_person(desk: Desk) -> None:
    desk.ask("officer")
    page = desk["officer"].form(f"/papers/openings/{the_opening(desk)}/confirm", follow_redirects=True).text
    assert "不能确认自己的请求" in page
    assert desk.look("officer").status_code == 302


def test_a_request_that_nobody_confirms_lapses(desk: Desk, clock: TickingClock) -> None:
    desk.ask("officer")
    clock.tick(minutes=15)
    page = desk["other_officer"].form(f"/papers/openings/{the_opening(desk)}/confirm", follow_redirects=True).text
    assert "已经失效" in page
    assert desk.look("officer").status_code == 302


def test_a_request_may_be_turned_down_or_taken_back(desk: Desk) -> None:
    for name in ("other_officer", "officer"):
        desk.ask("officer")
        opening = the_opening(desk)
        assert "试卷仍然封存" in desk[name].form(f"/papers/openings/{opening}/refuse", follow_redirects=True).text
        assert "已经有人处理" in desk["other_officer"].form(f"/papers/openings/{opening}/confirm", follow_redirects=True).text


def test_a_reason_is_needed(desk: Desk) -> None:
    answer = desk.ask("officer", reason="  ")
    assert answer.status_code == 422
    assert "请写明理由" in answer.text
    assert desk.deeds() == []


def test_breaking_the_glass_opens_at_once_and_tells_everybody(desk: Desk, clock: TickingClock) -> None:
    desk.ask("officer", "break", "考生举报试题已外泄")
    assert desk.look("officer").status_code == 200
    assert desk.look("other_officer").status_code == 302, "it is open to whoever broke it"
    for name in ("other_officer", "auditor"):
        home = desk[name].get("/").text
        assert "郑秀英" in home
        assert "紧急启封了试卷 F-T1" in home
        assert "考生举报试题已外泄" in home
    assert "紧急启封了试卷" not in desk["officer"].get("/").text
    assert "紧急启封了这份试卷" in desk["auditor"].get(f"/papers/{desk.form}").text
    clock.tick(minutes=15)
    assert desk.look("officer").status_code == 302
    assert ("paper.glass_broken", "done") in desk.deeds()


def test_after_the_seal_everybody_who_may_look_is_still_logged(desk: Desk, clock: TickingClock) -> None:
    clock.set(OPENS - timedelta(microseconds=1))
    assert desk.look("auditor").status_code == 302
    clock.set(OPENS)
    assert desk.look("auditor").text.count(STEM) == 6
    assert desk.looks() == [(desk.cast.auditor.account_id, None)]
    assert desk.ask("officer").status_code == 302
    assert the_opening(desk) == 0, "there is nothing left to open"


def test_whoever_sits_the_exam_does_not_look(desk: Desk, clock: TickingClock) -> None:
    desk.book("officer")
    assert "考试全部结束前不能看试卷" in desk["officer"].form(
        f"/papers/{desk.form}/open", {"way": "break", "reason": "想看看"}, follow_redirects=True
    ).text
    desk.ask("other_officer")
    desk["officer"].form(f"/papers/openings/{the_opening(desk)}/confirm")
    assert desk.look("other_officer").status_code == 302
    clock.set(OPENS + MINUTE)
    assert desk.look("officer").status_code == 302
    clock.tick(hours=2)
    assert desk.look("officer").status_code == 200


def test_whoever_still_writes_with_time_of_their_own_does_not_look(desk: Desk, clock: TickingClock) -> None:
    """Extra time reaches beyond the sitting's end; the paper stays closed to whoever has it until they have handed in."""
    desk.book("officer")
    clock.set(OPENS)
    with desk.app.app_context(), work(SYSTEM) as w:
        booked = w.session.scalars(select(Booking).where(Booking.person_id == desk.cast["officer"].person_id)).one()
        booked.extra_seconds = 7200
        w.session.get_one(Account, desk.cast["officer"].account_id).roles = ["officer", "candidate"]
    clock.tick(minutes=110)
    room = Room(desk.app, desk["officer"], desk.sitting)
    room.start()
    clock.tick(minutes=11)
    assert room.look().json["state"] == "in_progress"
    assert desk.look("officer").status_code == 302
    room.submit()
    assert desk.look("officer").status_code == 200


def test_a_look_says_how_often_each_question_was_shown(desk: Desk, clock: TickingClock) -> None:
    clock.set(OPENS)
    room_for(desk.app, desk.sign_in, desk.sitting)("owner").start()
    page = desk.look("officer").text
    assert page.count("启用过的试卷 1 份，见过的答卷 1 份") == 6
    assert "份答卷" in desk["officer"].get(f"/papers/{desk.form}").text


def test_the_mark_over_the_page_leads_back_to_the_look(desk: Desk) -> None:
    desk.ask("officer", "break")
    page = desk.look("officer").text
    with desk.app.app_context():
        look = db.session.scalars(select(FormLook.id)).one()
    assert f"/papers/looks/{look}/watermark.svg" in page
    picture = desk["officer"].get(f"/papers/looks/{look}/watermark.svg").text
    assert "E0001 郑*英" in picture
    code = picture.split("</tspan>")[1].rpartition(">")[2]
    assert code in page
    found = desk["auditor"].get("/papers/trace", query_string={"code": code.lower()}).text
    assert "郑秀英" in found
    assert "F-T1" in found
    assert "没有对得上" in desk["auditor"].get("/papers/trace?code=AAAA-AAA2").text
    wrong = desk["auditor"].get("/papers/trace?code=abc")
    assert wrong.status_code == 422
    assert 'value="abc"' in wrong.text


# Another paper in the place of one that leaked


def replace(desk: Desk, name: str = "officer", reason: str = "试题照片出现在群里") -> Any:
    return desk[name].form(f"/papers/sittings/{desk.sitting}/replace", {"reason": reason}, follow_redirects=True)


def test_a_leaked_paper_is_replaced_and_kept(desk: Desk) -> None:
    before = desk.form
    assert "有 6 题与原试卷相同" in replace(desk).text, "the pool holds no others"
    assert desk.form != before
    with desk.app.app_context():
        old, new = db.session.get_one(Form, before), db.session.get_one(Form, desk.form)
        assert (old.code, new.code) == ("F-T1", "F-T1-2")
        assert old.seed != new.seed
        note = db.session.scalars(select(PaperNote)).one()
        assert (note.kind, note.former_id, note.form_id, note.reason) == ("replaced", before, desk.form, "试题照片出现在群里")
    assert "试题照片出现在群里" in desk["auditor"].get(f"/papers/{before}").text
    assert "已停用" in desk["auditor"].get(f"/papers/{before}").text
    assert desk.deeds() == [("paper.replaced", "done")]


def test_the_new_paper_avoids_the_old_questions_where_it_can(desk: Desk) -> None:
    more_items(desk)
    assert "没有相同的试题" in replace(desk).text


def more_items(desk: Desk) -> None:
    """As many questions again on both clauses."""
    desk.add_items(("M1", "M2", "M3"))
    options = [{"code": "A", "text": "这样"}, {"code": "B", "text": "那样"}]
    plain = {"kind": "single", "options": options, "key": ["A"], "rationale": "无", "difficulty": 3, "clauses": ["STD@2026#2.1"]}
    players.seed(desk.app, {"items": [{**plain, "code": f"N{at}", "stem": f"另一题{at}"} for at in range(3)]})


def test_a_paper_drawn_beforehand_is_not_used_after_a_replacement(desk: Desk, clock: TickingClock) -> None:
    clock.set(OPENS - 10 * MINUTE)
    with desk.app.app_context():
        assert prepare(clock.now()) == 2
    old = {version for section in desk.sections(desk.form) for version, _points in section["slots"]}
    more_items(desk)
    replace(desk)
    clock.tick(minutes=10)
    room = room_for(desk.app, desk.sign_in, desk.sitting)("owner")
    assert room.start().status_code == 201
    with desk.app.app_context():
        layout = db.session.scalars(select(Attempt.layout)).one()
    assert not old & {slot[1] for slot in layout}


def test_it_is_too_late_from_a_minute_before_the_opening(desk: Desk, clock: TickingClock) -> None:
    clock.set(OPENS - MINUTE)
    before = desk.form
    assert "不能再改" in replace(desk).text
    assert desk.form == before
    assert desk.deeds() == [("paper.replaced", "refused")]


def test_a_cancelled_sitting_keeps_its_paper(desk: Desk) -> None:
    desk["officer"].form(f"/sittings/{desk.sitting}/cancel", {"reason": "停电"})
    assert "场次已取消" in replace(desk).text


def test_a_paper_with_too_few_questions_behind_it_is_not_replaced(desk: Desk) -> None:
    desk.change_items(("Q1",), state="retired")
    answer = replace(desk)
    assert answer.status_code == 422
    assert "缺 1 题" in answer.text


# Nobody sees a sealed question, whatever they open


def test_no_page_of_anybody_shows_a_sealed_question_or_says_where_it_is_used(desk: Desk) -> None:
    desk.add_items(draft=True)
    desk.mark()
    desk.change_items(("TRAP-1", "TRAP-2", "TRAP-3"), state="live")
    with desk.app.app_context(), work(SYSTEM) as w:
        w.session.execute(Sitting.__table__.update().values(review="full"))
    named = {
        "sitting_id": desk.sitting, "form_id": desk.form, "item_id": 1, "version_id": 1, "person_id": desk.cast.owner.person_id,
        "code": "GC", "standard": "STD", "edition": "2026", "number": "1.1",
    }
    rules = [rule for rule in desk.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"]
    for name in READERS:
        for rule in rules:
            if rule.arguments <= set(named) and not rule.rule.startswith(("/question-bank", "/papers/canaries")):
                with desk.app.test_request_context():
                    path = rule.build({key: named[key] for key in rule.arguments}, False)[1]
                content = desk[name].get(path).get_data()
                assert STEM.encode() not in content, f"{name} sees a question at {path}"
    for name in ("trainer", "auditor"):
        page = desk[name].get("/question-bank/1").text
        assert STEM in page, "they may read the bank"
        assert "F-T1" not in page
        assert "用于试卷" not in page, "and are not told what is on a paper"


def test_every_member_of_the_cast_without_a_way_in_is_kept_out(desk: Desk) -> None:
    for name in set(MEMBERS) - {"officer", "other_officer", "auditor"}:
        assert desk[name].get("/papers").status_code == 403
        assert desk.look(name).status_code == 403
    with desk.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FormLook)) == 0
