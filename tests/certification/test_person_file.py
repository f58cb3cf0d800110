"""A person's file: who sees it, what stands in it, the line of time, a sealed number for once, and the whole to take away."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from certification.actions import breaches as actions
from certification.store.person_file import MOST
from certification.tables import DispatchDecision, Programme, Training, TrainingAttendance
from foundation.clock import TickingClock
from foundation.database import db
from foundation.sealing import sealer
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people.tables import Person
from tests.cast import Cast, Visitor
from tests.certification import field
from tests.certification.holders import granted
from tests.conftest import START

SignIn = Callable[[str], Visitor]
PHONE, ID = "13800138000", "11010519491231002X"
SEEN_BY = ("owner", "coordinator", "hr", "decider", "auditor")


@pytest.fixture
def staged(app: Flask, cast: Cast) -> dict[str, Any]:
    numbers = field.stage(app, cast, owner=[granted(-340)], colleague=[granted()])
    with app.app_context(), work(SYSTEM, START - timedelta(days=3)) as w:
        sealed = {"phone": sealer().seal(PHONE), "id_number": sealer().seal(ID)}
        w.session.execute(update(Person).where(Person.staff_no == "S0001").values(**sealed))
        row = Training(
            programme_id=w.session.scalars(select(Programme.id)).first(), title="礼仪与规范", held=w.now, minutes=90,
            trainer_id=cast.trainer.account_id, note="迟到十分钟", recorded=w.now, recorded_by=cast.trainer.account_id,
        )
        w.session.add(row)
        w.session.flush()
        w.session.add(TrainingAttendance(training_id=row.id, person_id=cast.owner.person_id))
    return numbers


def ask(visitor: Visitor, visit: str = "W-17", staff: str = "S0001") -> str:
    """Ask the dispatcher about a visit next week; answers the decision's address."""
    answer = visitor.form("/dispatch", {
        "staff": staff, "programme": "GC", "customer_tier": "gold", "scope": "local", "visit": visit, "starts": "2026-11-23T09:00",
        "ends": "2026-11-23T12:00",
    })
    return str(answer.headers["Location"])


def test_everything_stands_in_the_file_and_why_a_visit_was_refused_is_one_click_away(
    app: Flask, cast: Cast, sign_in: SignIn, staged: Any
) -> None:
    number = field.record(app, cast)
    hr = sign_in("hr")
    decision = ask(hr)
    page = hr.get("/people/S0001").text
    for words in (
        "王建国", "华信通服", "杭州", staged["owner"], "即将到期", "授予", "礼仪与规范", "周文静", number, "第十二条",
        "最近 12 个月累计 3 分", "复训", "C01", "W-17", "优秀", decision, "为什么不能派", "集团客户现场支撑上岗证到期", "没有领用标识物品",
    ):
        assert words in page, words
    assert "李晓梅" not in page


def test_a_coordinator_does_not_read_where_a_newcomer_worked_before(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    with app.app_context(), work(SYSTEM, START) as w:
        w.session.execute(update(Person).where(Person.staff_no == "S0001").values(partner_id=cast.partners["P02"]))
    for name, seen in (("other_coordinator", False), ("hr", True), ("owner", True)):
        for path in ("/people/S0001", "/people/S0001/timeline"):
            page = sign_in(name).get(path)
            assert (page.status_code, "C01" in page.text) == (200, seen), (name, path)


@pytest.mark.parametrize("path", ["/people/S0001", "/people/s0001", "/people/S0001/timeline"])
def test_a_stranger_finds_nothing(sign_in: SignIn, staged: Any, path: str) -> None:
    for name in SEEN_BY:
        assert sign_in(name).get(path).status_code == 200, name
    for name in ("colleague", "stranger", "other_coordinator", "trainer", "officer", "rater", "admin"):
        assert sign_in(name).get(path).status_code == 404, name


def test_ones_own_file_holds_no_internal_notes(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    field.record(app, cast)
    ask(sign_in("coordinator"))
    page = sign_in("owner").get("/people/me").text
    for words in ("这是您本人的档案", "礼仪与规范", "复训", "W-17", staged["owner"]):
        assert words in page, words
    for words in ("周文静", "沈佳怡", "迟到十分钟", "/dispatch/decisions/", "记录违规</a>"):
        assert words not in page, words
    assert sign_in("hr").get("/people/me").status_code == 200
    coordinator = sign_in("coordinator").get("/people/S0003").text
    assert "这是您本人的档案" in coordinator


def test_an_auditor_reaches_what_a_coordinator_does_not(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    decision = ask(sign_in("hr"))
    assert decision in sign_in("auditor").get("/people/S0001").text
    assert decision not in sign_in("coordinator").get("/people/S0001").text
    own = ask(sign_in("coordinator"), "W-18")
    assert own in sign_in("coordinator").get("/people/S0001").text


def test_the_line_of_time_is_merged_filtered_searched_and_paged(
    app: Flask, cast: Cast, sign_in: SignIn, staged: Any, clock: TickingClock
) -> None:
    number = field.record(app, cast, "grave")
    hr = sign_in("hr")
    page = hr.get("/people/S0001/timeline").text
    titles = re.findall(r'timeline-title">(?:<a [^>]*>)?([^<]+)', page)
    assert titles.index("记录违规") < titles.index("参加培训：礼仪与规范") < titles.index("授予集团客户现场支撑上岗证")
    assert "暂停集团客户现场支撑上岗证" in titles
    page = hr.get("/people/S0001/timeline?kind=breach").text
    assert number in page
    assert "礼仪与规范" not in page
    assert "礼仪与规范" in hr.get("/people/S0001/timeline?q=礼仪").text
    assert "没有符合条件的记录" in hr.get("/people/S0001/timeline?q=没有这样的事").text
    for visit in range(24):
        clock.tick(seconds=1)  # the newest first, and at one instant there is none
        ask(hr, f"V-{visit}")
    first, second = hr.get("/people/S0001/timeline").text, hr.get("/people/S0001/timeline?page=2").text
    assert "V-23" in first
    assert "V-23" not in second
    assert "授予集团客户现场支撑上岗证" in second
    assert sign_in("decider").get("/people/D0001/timeline").status_code == 200


def test_numbers_are_masked_until_somebody_says_what_for_and_only_in_that_answer(
    app: Flask, cast: Cast, sign_in: SignIn, staged: Any
) -> None:
    hr = sign_in("hr")
    page = hr.get("/people/S0001").text
    assert "138****8000" in page
    assert PHONE not in page
    assert ID not in page
    for sent in (
        {"field": "phone"}, {"field": "phone", "reason": "curious"}, {"reason": "contact"}, {"field": "password_hash", "reason": "contact"},
    ):
        refused = hr.form("/people/S0001/reveal", sent)
        assert refused.status_code == 422, sent
        assert PHONE not in refused.text
    shown = hr.form("/people/S0001/reveal", {"field": "phone", "reason": "contact"})
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    assert PHONE in shown.text
    assert ID not in shown.text, "one number at a time"
    assert PHONE not in hr.get("/people/S0001").text
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.event == "person.revealed")).one()
        assert (row.actor, row.subject) == (f"account:{cast.hr.account_id}", f"person:{cast.owner.person_id}")
        assert json.loads(row.detail) == {"field": "phone", "reason": "contact"}
    own = sign_in("owner").form("/people/S0001/reveal", {"field": "id_number"})
    assert ID in own.text
    assert sign_in("other_coordinator").form("/people/S0001/reveal", {"field": "phone", "reason": "contact"}).status_code == 404


def test_a_number_sealed_under_another_key_does_not_break_the_page(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Person).where(Person.staff_no == "S0001").values(phone=b"x" * 40))
    assert "无法解密" in sign_in("hr").get("/people/S0001").text


def test_the_person_takes_everything_away_and_hr_a_masked_copy(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    number = field.record(app, cast)
    ask(sign_in("hr"))
    answer = sign_in("owner").form("/people/S0001/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="person-S0001-20261122.json"'
    own = answer.get_json()
    assert own["person"] == {
        "staff_no": "S0001", "name": "王建国", "company": "华信通服", "city": "杭州", "left": None, "phone": PHONE, "id_number": ID,
    }
    assert [one["number"] for one in own["licences"]] == [staged["owner"]]
    assert [one["kind"] for one in own["licences"][0]["events"]] == ["granted"]
    assert [(one["number"], one["points"]) for one in own["breaches"]] == [(number, 3)]
    assert [one["kind"] for one in own["measures"]] == ["retraining"]
    assert own["trainings"][0]["title"] == "礼仪与规范"
    assert own["dispatch"][0]["visit"] == "W-17"
    assert own["account"]["username"] == "owner"
    assert {"exams", "appeals", "custody", "rosters", "decisions"} <= set(own)
    assert "沈佳怡" not in answer.text
    assert "password" not in answer.text
    copy = sign_in("hr").form("/people/S0001/export").get_json()
    assert (copy["person"]["phone"], copy["person"]["id_number"][-4:]) == ("138****8000", "002X")
    assert ID not in str(copy)
    for name, wanted in (("coordinator", 403), ("auditor", 403), ("colleague", 404), ("stranger", 404)):
        assert sign_in(name).form("/people/S0001/export").status_code == wanted, name
    with app.app_context():
        rows = db.session.scalars(select(AuditRow.detail).where(AuditRow.event == "person.exported").order_by(AuditRow.seq)).all()
    assert [json.loads(row)["own"] for row in rows] == [True, False]


def test_what_is_taken_away_is_not_cut_to_what_a_page_shows(app: Flask, sign_in: SignIn, staged: Any) -> None:
    ask(sign_in("hr"))
    with app.app_context(), work(SYSTEM) as w:
        row = dict(w.session.execute(select(DispatchDecision.__table__)).mappings().one())
        w.session.execute(insert(DispatchDecision), [row | {"id": f"copy-{number}"} for number in range(MOST)])
    assert len(sign_in("owner").form("/people/S0001/export").get_json()["dispatch"]) == MOST + 1


def test_what_is_due_comes_first_and_what_is_late_says_so(
    app: Flask, cast: Cast, sign_in: SignIn, staged: Any, clock: TickingClock
) -> None:
    field.record(app, cast)
    page = sign_in("hr").get("/people/S0001").text
    assert page.index("上岗证到期") < page.index("复训</a>"), "17 December comes before 22 December"
    clock.tick(days=31)
    assert "已逾期，应于2026年12月22日前完成" in sign_in("hr").get("/people/S0001").text
    with app.app_context():
        assert actions.sweep_measures(clock.now()) == 0


def test_a_file_with_nothing_in_it_is_whole(sign_in: SignIn, staged: Any) -> None:
    page = sign_in("hr").get("/people/D0001").text
    for words in ("没有上岗证", "没有考试记录", "没有培训记录", "没有违规记录", "运营商员工，不需要合同", "近期没有要办的事"):
        assert words in page, words
