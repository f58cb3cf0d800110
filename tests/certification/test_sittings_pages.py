"""The officer's and the coordinator's pages about sittings: schedule, book, cancel, release; who sees what."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from certification.tables import Attempt, Booking, Decision, ProgrammeEdition, Result, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people.tables import Account, Person
from question_bank.tables import Form, Item
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, document
from tests.conftest import START

SignIn = Callable[[str], Visitor]
Ids = dict[str, int]
TOMORROW = {"opens": "2026-11-23T09:00", "closes": "2026-11-23T11:00"}


@pytest.fixture
def ids(cast: Cast, seed: Callable[[dict[str, Any]], Ids]) -> Ids:
    """Programme GC and sitting T1, which opens in two days; ``owner`` and ``colleague`` of P01 are booked."""
    return seed(document(cast, opens=START + timedelta(days=2)))


@pytest.fixture
def officer(ids: Ids, sign_in: SignIn) -> Visitor:
    return sign_in("officer")


def deeds(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [(row.event, row.subject, row.result) for row in db.session.scalars(select(AuditRow).order_by(AuditRow.seq))]


def booked(app: Flask, sitting_id: int) -> list[str]:
    with app.app_context():
        query = select(Person.staff_no).join(Booking, Booking.person_id == Person.id).where(Booking.sitting_id == sitting_id)
        return list(db.session.scalars(query.order_by(Person.staff_no)))


def sit(app: Flask, browser: Visitor, sitting_id: int, right: bool = True, hand_in: bool = True) -> None:
    room = Room(app, browser, sitting_id)
    assert room.start().status_code == 201
    room.put(*room.answers(right))
    if hand_in:
        assert room.submit().status_code == 200


# Scheduling


def test_a_sitting_is_scheduled_with_its_form_and_the_edition_freezes(
    app: Flask, officer: Visitor, clock: TickingClock, cast: Cast
) -> None:
    answer = officer.form("/sittings/new", {"programme": "GC", "place": "五号机房", "seats": "20", **TOMORROW})
    assert answer.status_code == 302
    with app.app_context():
        sitting = db.session.scalars(select(Sitting).order_by(Sitting.id.desc())).first()
        assert sitting is not None
        form, edition = db.session.get_one(Form, sitting.form_id), db.session.get_one(ProgrammeEdition, sitting.programme_edition_id)
    assert (sitting.code, sitting.place, sitting.seats, sitting.entry_code) == ("GC-20261123", "五号机房", 20, None)
    assert (sitting.opens, sitting.closes) == (START + timedelta(days=1), START + timedelta(days=1, hours=2))
    assert (sitting.created_by, edition.frozen) == (cast.officer.account_id, clock.now())
    assert len(form.seed) == 32
    assert [len(section["slots"]) for section in form.sections] == [3, 3]
    assert ("sitting.scheduled", f"sitting:{sitting.id}", "done") in deeds(app)
    page = officer.get(answer.headers["Location"]).text
    assert "6 题 · 12 分" in page
    assert "五号机房" in page


def test_two_sittings_of_a_day_get_different_codes_and_papers(app: Flask, officer: Visitor) -> None:
    for _ in range(2):
        assert officer.form("/sittings/new", {"programme": "GC", **TOMORROW}).status_code == 302
    with app.app_context():
        codes = list(db.session.scalars(select(Sitting.code).where(Sitting.code.startswith("GC-")).order_by(Sitting.id)))
        seeds = set(db.session.scalars(select(Form.seed)))
    assert codes == ["GC-20261123", "GC-20261123-2"]
    assert len(seeds) == 3


def test_an_entry_code_is_made_up_when_asked_for_and_only_officers_see_it(app: Flask, officer: Visitor, sign_in: SignIn) -> None:
    where = officer.form("/sittings/new", {"programme": "GC", "make_code": "y", **TOMORROW}).headers["Location"]
    with app.app_context():
        code = db.session.scalar(select(Sitting.entry_code).order_by(Sitting.id.desc()).limit(1))
    assert code is not None
    assert len(code) == 6
    assert code.isdecimal()
    assert code in officer.get(where).text
    for name in ("auditor", "coordinator"):
        assert code not in sign_in(name).get(where).text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"opens": "2026-11-22T08:59"}, "开始时间已经过去"), ({"closes": "2026-11-23T09:00"}, "结束时间要晚于开始时间"),
        ({"closes": "2026-11-23T09:59"}, "考试时长 60 分钟"),
        ({"closes": "2027-01-23T09:59"}, "最长 31 天"), ({"opens": ""}, "请填写开始时间"),
        ({"opens": "tomorrow"}, "field-error"), ({"closes": "9999-12-31T23:59"}, "年份要在"), ({"code": "T1"}, "场次编号 T1 已被使用"),
        ({"code": "试一试"}, "场次编号只能用字母"), ({"seats": "0"}, "1 到 10000"), ({"seats": "many"}, "field-error"),
        ({"programme": "NONE"}, "field-error"), ({"place": "远" * 121}, "地点最多 120 个字"), ({"entry_code": "1" * 41}, "入场码最多 40"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(app: Flask, officer: Visitor, change: dict[str, str], says: str) -> None:
    typed = {"programme": "GC", "place": "一号机房", "code": "MINE-1", "seats": "12", "entry_code": "open", **TOMORROW} | change
    page = officer.form("/sittings/new", typed)
    assert page.status_code == 422
    assert says in page.text
    for name in ("place", "code", "seats", "entry_code", "opens", "closes"):
        assert f'value="{typed[name]}"' in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Sitting)) == 1


def test_a_bank_that_is_too_small_is_shown_row_by_row(app: Flask, officer: Visitor) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Item).where(Item.code.in_(["Q1", "Q2", "Q4"])).values(state="retired"))
    page = officer.form("/sittings/new", {"programme": "GC", "place": "一号机房", **TOMORROW})
    assert page.status_code == 422
    assert "蓝图第 1 行“第1部分”还差 2 道题" in page.text
    assert "蓝图第 2 行“第2部分”还差 1 道题" in page.text
    assert 'value="一号机房"' in page.text
    assert 'value="2026-11-23T09:00"' in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Sitting)) == 1
    assert deeds(app)[-1][0::2] == ("sitting.scheduled", "refused")


# Booking


def test_pasted_numbers_are_booked_and_each_bad_line_is_named(app: Flask, cast: Cast, ids: Ids, officer: Visitor) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.get_one(Person, cast.coordinator.person_id).left = START
    typed = "s0101，S0102\nS9999 S0003\tS0101"
    page = officer.form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": typed})
    assert page.status_code == 422
    assert booked(app, ids["T1"]) == ["S0001", "S0002", "S0101", "S0102"]
    assert "已报名 2 人" in page.text
    assert "2 个工号没有报上" in page.text
    assert "S9999" in page.text
    assert "没有找到这个工号" in page.text
    assert "陈立新" in page.text
    assert "这个人已离职" in page.text
    assert typed.replace("\t", "\t") in page.text, "what was typed stays in the box"
    again = officer.form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": "S0101 S0102"})
    assert again.status_code == 302
    assert "已报名 0 人，另有 2 人早已在名单里" in officer.get(again.headers["Location"]).text
    assert [event for event, _, _ in deeds(app)].count("booking.added") == 2


@pytest.mark.parametrize("typed", ["", "   \n ,，;", " ".join(f"X{n}" for n in range(501))])
def test_nothing_and_too_much_are_refused(app: Flask, ids: Ids, officer: Visitor, typed: str) -> None:
    assert officer.form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": typed}).status_code == 422
    assert booked(app, ids["T1"]) == ["S0001", "S0002"]


def test_seats_run_out_within_one_paste(app: Flask, ids: Ids, officer: Visitor) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Sitting).values(seats=3))
    page = officer.form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": "S0102 S0101"})
    assert booked(app, ids["T1"]) == ["S0001", "S0002", "S0102"]
    assert "座位已满" in page.text
    assert "共 3 座，余 0 座" in page.text


def test_retake_rules_are_kept_and_say_until_when(
    app: Flask, cast: Cast, seed: Callable[..., Ids], sign_in: SignIn, clock: TickingClock
) -> None:
    first = document(cast)
    first["programmes"][0]["retakes"] = {"wait_days": 7, "per_year": 2}
    ids = seed(first)
    sit(app, sign_in("owner"), ids["T1"], right=False)
    officer = sign_in("officer")
    near = officer.form("/sittings/new", {"programme": "GC", "code": "NEAR", "opens": "2026-11-28T09:00", "closes": "2026-11-28T11:00"})
    page = officer.form(near.headers["Location"] + "/bookings", {"staff_nos": "S0001"})
    assert "离上一次考试的间隔不够，11月29日 00:00 起可以报名" in page.text
    far = officer.form("/sittings/new", {"programme": "GC", "code": "FAR", "opens": "2026-11-29T09:00", "closes": "2026-11-29T11:00"})
    assert officer.form(far.headers["Location"] + "/bookings", {"staff_nos": "S0001"}).status_code == 302


def test_warnings_are_shown_and_the_person_is_booked(app: Flask, cast: Cast, ids: Ids, officer: Visitor) -> None:
    where = officer.form("/sittings/new", {"programme": "GC", "code": "T2", **TOMORROW}).headers["Location"]
    with app.app_context(), work(SYSTEM) as w:
        w.session.add(Person(staff_no="S0700", name="没账号的人", partner_id=cast.partners["P01"]))
    page = officer.form(where + "/bookings", {"staff_nos": "S0001 S0700"})
    assert page.status_code == 200
    assert "还报了同一项目的另一场" in page.text
    assert "T1" in page.text
    assert "还没有可用的账号" in page.text
    assert booked(app, int(where.rpartition("/")[2])) == ["S0001", "S0700"]


def test_a_holder_whose_licence_lasts_is_pointed_out(app: Flask, cast: Cast, seed: Callable[..., Ids], sign_in: SignIn) -> None:
    filled = document(cast, opens=START + timedelta(days=2))
    events = [{"kind": "granted", "grade": "qualified", "effective": "2026-10-01T00:00:00+08:00"}]
    filled["licences"] = [{"staff_no": "S0101", "programme": "GC", "events": events}]
    ids = seed(filled)
    page = sign_in("officer").form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": "S0101"})
    assert page.status_code == 200
    assert "上岗证仍有效，还没到续期时间" in page.text
    assert "2027年9月30日" in page.text


def test_an_officer_books_late_comers_while_the_sitting_runs(app: Flask, ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    clock.tick(days=2)
    officer = sign_in("officer")
    assert officer.form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": "S0101"}).status_code == 302
    clock.tick(hours=2)
    page = officer.form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": "S0102"})
    assert "场次已经结束" in page.text
    assert booked(app, ids["T1"]) == ["S0001", "S0002", "S0101"]


def test_a_booking_is_cancelled_until_the_sitting_opens(app: Flask, cast: Cast, ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    officer, where = sign_in("officer"), f"/sittings/{ids['T1']}/bookings/{{}}/cancel"
    assert officer.form(where.format(cast.owner.person_id)).status_code == 302
    assert booked(app, ids["T1"]) == ["S0002"]
    assert officer.form(where.format(cast.owner.person_id)).status_code == 404
    clock.tick(days=2)
    officer = sign_in("officer")
    answer = officer.form(where.format(cast.colleague.person_id))
    assert "场次已经开始" in officer.get(answer.headers["Location"]).text
    assert booked(app, ids["T1"]) == ["S0002"]


# The coordinator


def test_a_coordinator_books_own_people_only_and_learns_nothing_of_others(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    other = sign_in("other_coordinator")
    page = other.form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": "S0101\nS0003"})
    assert booked(app, ids["T1"]) == ["S0001", "S0002", "S0101"]
    assert "S0003" in page.text
    assert "没有找到这个工号" in page.text
    assert "陈立新" not in page.text


def test_a_coordinator_sees_own_people_and_how_many_seats_are_left(app: Flask, cast: Cast, ids: Ids, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Sitting).values(seats=9))
    own, other = (sign_in(name).get(f"/sittings/{ids['T1']}").text for name in ("coordinator", "other_coordinator"))
    assert "王建国" in own
    assert "李晓梅" in own
    assert "王建国" not in other
    assert "共 9 座，余 7 座" in other
    assert sign_in("other_coordinator").form(f"/sittings/{ids['T1']}/bookings/{cast.owner.person_id}/cancel").status_code == 404


def test_a_coordinator_sees_what_is_to_come_and_where_own_people_sat(ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    own, other = sign_in("coordinator"), sign_in("other_coordinator")
    assert "T1" in other.get("/sittings").text
    clock.tick(days=3)
    own, other = sign_in("coordinator"), sign_in("other_coordinator")
    assert "T1" in own.get("/sittings").text
    assert "还没有可以报名的场次" in other.get("/sittings").text
    assert (own.get(f"/sittings/{ids['T1']}").status_code, other.get(f"/sittings/{ids['T1']}").status_code) == (200, 404)
    assert other.form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": "S0101"}).status_code == 404


def test_a_coordinator_does_not_book_once_the_sitting_runs(app: Flask, ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    clock.tick(days=2)
    page = sign_in("coordinator").form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": "S0003"})
    assert page.status_code == 422
    assert "场次已经开始，请联系考务" in page.text
    assert booked(app, ids["T1"]) == ["S0001", "S0002"]


def test_those_in_need_are_filled_in_for_a_coordinator(ids: Ids, sign_in: SignIn) -> None:
    page = sign_in("other_coordinator").get(f"/sittings/{ids['T1']}?fill=1").text
    box = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "S0101\nS0102" in box.replace("\r", "")
    assert "填入本公司没有持证或快到期的" not in sign_in("officer").get(f"/sittings/{ids['T1']}").text


@pytest.mark.parametrize("name", ["owner", "trainer", "rater", "decider", "hr", "admin"])
def test_others_do_not_come_in(ids: Ids, sign_in: SignIn, name: str) -> None:
    assert sign_in(name).get("/sittings").status_code == 403
    assert sign_in(name).form(f"/sittings/{ids['T1']}/release").status_code == 403


# Calling off


def test_a_sitting_is_called_off_with_a_reason(app: Flask, ids: Ids, officer: Visitor, sign_in: SignIn) -> None:
    where = f"/sittings/{ids['T1']}/cancel"
    empty = officer.form(where, {"reason": " "})
    assert empty.status_code == 422
    assert "请写明取消原因" in empty.text
    assert officer.form(where, {"reason": "机房停电"}).status_code == 302
    assert "机房停电" in officer.get(f"/sittings/{ids['T1']}").text
    assert "已取消" in sign_in("coordinator").get("/sittings").text
    assert officer.form(f"/sittings/{ids['T1']}/bookings", {"staff_nos": "S0101"}).status_code == 422
    assert ("sitting.cancelled", f"sitting:{ids['T1']}", "done") in deeds(app)


def test_a_sitting_that_somebody_began_is_not_called_off(app: Flask, ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    clock.tick(days=2)
    sit(app, sign_in("owner"), ids["T1"], hand_in=False)
    answer = sign_in("officer").form(f"/sittings/{ids['T1']}/cancel", {"reason": "改期"})
    assert answer.status_code == 302
    with app.app_context():
        assert db.session.get_one(Sitting, ids["T1"]).cancelled is None


# Release


def test_results_wait_until_all_is_in_and_the_page_says_for_what(app: Flask, ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    clock.tick(days=2)
    officer, where = sign_in("officer"), f"/sittings/{ids['T1']}"
    sit(app, sign_in("owner"), ids["T1"])
    sit(app, sign_in("colleague"), ids["T1"], right=False, hand_in=False)
    page = officer.get(where).text
    assert "考试到 11月24日 11:00 结束，还有 1 人没有交卷" in page
    assert "还有 1 份答卷正在作答" in page
    assert f'action="{where}/release"' not in page
    refused = officer.get(officer.form(f"{where}/release").headers["Location"]).text
    assert "还不能公布成绩" in refused
    with app.app_context():
        assert db.session.get_one(Sitting, ids["T1"]).released is None
    assert deeds(app)[-1] == ("sitting.released", f"sitting:{ids['T1']}", "refused")


def test_release_opens_one_decision_for_each_who_passed(app: Flask, cast: Cast, ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    clock.tick(days=2)
    sit(app, sign_in("owner"), ids["T1"])
    sit(app, sign_in("colleague"), ids["T1"], right=False)
    officer, where = sign_in("officer"), f"/sittings/{ids['T1']}"
    assert f'action="{where}/release"' in officer.get(where).text
    assert officer.form(f"{where}/release").status_code == 302
    with app.app_context():
        sitting = db.session.get_one(Sitting, ids["T1"])
        results = list(db.session.scalars(select(Result)))
        decisions = list(db.session.scalars(select(Decision)))
    assert (sitting.released, sitting.released_by) == (clock.now(), cast.officer.account_id)
    assert len(results) == 2
    assert {result.state for result in results} == {"released"}
    assert [(row.person_id, row.state, row.grade) for row in decisions] == [(cast.owner.person_id, "pending", "excellent")]
    assert ("sitting.released", f"sitting:{ids['T1']}", "done") in deeds(app)
    officer.form(f"{where}/release")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Decision)) == 1


def test_an_attempt_whose_time_is_over_does_not_hold_the_release_up(app: Flask, ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    clock.tick(days=2)
    sit(app, sign_in("owner"), ids["T1"], hand_in=False)
    clock.tick(hours=2)
    officer = sign_in("officer")
    officer.form(f"/sittings/{ids['T1']}/release")
    with app.app_context():
        assert db.session.scalars(select(Attempt.state)).all() == ["closed_by_deadline"]
        assert db.session.get_one(Sitting, ids["T1"]).released == clock.now()
    assert "缺考" in officer.get(f"/sittings/{ids['T1']}").text


def test_before_release_only_officers_see_a_score(app: Flask, ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    clock.tick(days=2)
    sit(app, sign_in("owner"), ids["T1"])
    sit(app, sign_in("colleague"), ids["T1"])
    where = f"/sittings/{ids['T1']}"
    seen = {name: "12 / 12" in sign_in(name).get(where).text for name in ("officer", "auditor", "coordinator")}
    assert seen == {"officer": True, "auditor": False, "coordinator": False}
    sign_in("officer").form(f"{where}/release")
    assert all("12 / 12" in sign_in(name).get(where).text for name in seen)


# The list


def test_the_list_is_searched_filtered_and_sorted(ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    officer = sign_in("officer")
    for day in range(3):
        date = f"2026-11-2{5 + day}"
        typed = {"programme": "GC", "code": f"X{day}", "place": "在线", "opens": f"{date}T09:00", "closes": f"{date}T11:00"}
        assert officer.form("/sittings/new", typed).status_code == 302
    assert "共 4 条" in officer.get("/sittings").text
    assert "共 3 条" in officer.get("/sittings?q=在线").text
    page = officer.get("/sittings?sort=code").text
    assert page.index(">T1<") < page.index(">X0<") < page.index(">X2<")
    clock.tick(days=3, hours=1)
    officer = sign_in("officer")
    states = {state: officer.get(f"/sittings?state={state}").text for state in ("upcoming", "running", "ended", "released", "cancelled")}
    found = [(state, code) for state, text in states.items() for code in ("T1", "X0", "X1", "X2") if f">{code}<" in text]
    assert found == [("upcoming", "X1"), ("upcoming", "X2"), ("running", "X0"), ("ended", "T1")]
    assert "没有符合条件的场次" in states["cancelled"]


def test_the_people_of_a_sitting_are_searched_filtered_and_paged(app: Flask, cast: Cast, ids: Ids, officer: Visitor) -> None:
    with app.app_context(), work(SYSTEM) as w:
        crowd = [Person(staff_no=f"N{n:03}", name=f"考生{n:03}", partner_id=cast.partners["P02"]) for n in range(30)]
        w.session.add_all(crowd)
        w.session.flush()
        for person in crowd:
            w.session.add(Account(person_id=person.id, username=person.staff_no, password_hash="-", roles=["candidate"], created=w.now))
    where = f"/sittings/{ids['T1']}"
    assert officer.form(f"{where}/bookings", {"staff_nos": "\n".join(person.staff_no for person in crowd)}).status_code == 302
    assert "共 32 条" in officer.get(where).text
    assert "考生029" not in officer.get(where).text
    assert "考生029" in officer.get(f"{where}?q=N029").text
    assert "王建国" in officer.get(f"{where}?page=2").text
    assert "名单里没有符合条件的人" in officer.get(f"{where}?state=submitted").text
    assert officer.get("/sittings/999999").status_code == 404


# Side by side


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """Do them at the same moment, each in a thread of its own."""
    gate = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        gate.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_the_last_seat_is_taken_once(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Sitting).values(seats=3))
    where, own, other = f"/sittings/{ids['T1']}/bookings", sign_in("coordinator"), sign_in("other_coordinator")
    pages = together(lambda: own.form(where, {"staff_nos": "S0003"}), lambda: other.form(where, {"staff_nos": "S0101"}))
    assert sorted(page.status_code for page in pages) == [302, 422]
    assert len(booked(app, ids["T1"])) == 3


def test_two_officers_release_once(app: Flask, ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    clock.tick(days=2)
    sit(app, sign_in("owner"), ids["T1"])
    sit(app, sign_in("colleague"), ids["T1"])
    one, other, where = sign_in("officer"), sign_in("other_officer"), f"/sittings/{ids['T1']}/release"
    together(lambda: one.form(where), lambda: other.form(where))
    assert [result for event, _, result in deeds(app) if event == "sitting.released"] in (["done", "refused"], ["refused", "done"])
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Decision)) == 2
