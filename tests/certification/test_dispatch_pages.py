"""Trying a decision in a page: the form, the verdict with its cures, the log, and who sees what."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from certification.actions import dispatch as actions
from certification.actions.licences import NewEvent, append_event
from certification.tables import DispatchDecision, Licence
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from people.tables import Contract, ContractEvent
from tests.cast import Cast, Visitor
from tests.certification.holders import KEY, event, granted, question, stage
from tests.conftest import START

SignIn = Callable[[str], Visitor]
FORM = {
    "staff": "S0001", "programme": "GC", "customer_tier": "ordinary", "scope": "local", "starts": "2026-11-23T09:00",
    "ends": "2026-11-23T12:00", "visit": "W-17",
}


def asked(browser: Visitor, **changes: str) -> TestResponse:
    return browser.form("/dispatch", {**FORM, **changes}, follow_redirects=True)


@pytest.fixture
def held(app: Flask, cast: Cast) -> dict[str, Any]:
    """The owner is qualified, the colleague excellent, the stranger suspended."""
    return stage(
        app, cast, owner=[granted()], colleague=[granted(grade="excellent")],
        stranger=[granted(), event("suspended", START - timedelta(days=1))],
    )


def test_a_team_that_may_go(held: dict[str, Any], sign_in: SignIn) -> None:
    page = asked(sign_in("hr")).text
    assert "这支队伍可以派" in page
    assert "王建国 持证有效，未被暂停" in page
    assert held["owner"] in page
    assert "第十二条" in page


def test_a_denial_names_every_reason_with_its_clause_and_who_would_cure_it(held: dict[str, Any], sign_in: SignIn) -> None:
    page = asked(sign_in("hr"), staff="S0001，S0101 nobody", customer_tier="gold").text
    assert "不能派" in page
    assert "金牌级" in page
    assert "赵志强 的上岗证自 2026-11-21 09:00 起暂停" in page
    assert "没有工号为 nobody 的人员" in page
    assert "集团客户现场支撑规范 · 第十二条" in page
    assert 'value="S0001 S0101 nobody S0002"' in page  # add the colleague, who is excellent
    assert 'value="S0001 nobody S0002"' in page  # or have the colleague go instead of the suspended one


def test_a_cause_is_told_before_what_follows_from_it(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    stage(app, cast, owner=[granted(grade="excellent"), event("suspended", START - timedelta(days=1))], colleague=[granted()])
    hr, said = sign_in("hr"), "王建国 的上岗证自 2026-11-21 09:00 起暂停"
    page = asked(hr, staff="S0001 S0002", customer_tier="gold").text
    assert page.index(said) < page.index("至少要有一名")
    assert "缺少一名“优秀”等级的技术骨干" not in page
    with app.app_context():
        actions.flush()
    assert "S0001 的上岗证自 2026-11-21 09:00 起暂停" in hr.get("/dispatch/log?q=W-17").text
    assert "缺少一名“优秀”等级的技术骨干" in asked(hr, staff="S0002", customer_tier="gold").text


def test_a_cure_works(held: dict[str, Any], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    assert "李晓梅" in asked(hr, customer_tier="gold").text
    assert "这支队伍可以派" in asked(hr, customer_tier="gold", staff="S0001 S0002").text


def test_an_address_brings_the_fields_back(held: dict[str, Any], sign_in: SignIn) -> None:
    page = sign_in("hr").get("/dispatch?staff=S0001+S0002&customer_tier=gold&scope=cross_city&starts=2026-11-23T09:00&visit=W-9").text
    assert 'value="S0001 S0002"' in page
    assert 'value="W-9"' in page
    assert 'value="2026-11-23T09:00"' in page


BAD = [
    ("staff", "", "请输入至少一个工号"), ("staff", " ,， ", "请输入至少一个工号"), ("staff", "S" * 41, "不是工号"),
    ("staff", " ".join(f"S{n}" for n in range(51)), "最多 50 人"), ("programme", "NO", "无效"), ("customer_tier", "tin", "无效"),
    ("scope", "", "请选择服务范围"), ("starts", "", "请输入开始时间"), ("starts", "morgen", ""),
    ("starts", "1850-01-01T00:00", "2000 到 2100"),
    ("ends", "9999-12-31T23:59", "2000 到 2100"), ("ends", "2026-11-23T09:00", "结束时间必须晚于开始时间"), ("visit", "W" * 81, ""),
]


@pytest.mark.parametrize(("field", "value", "words"), BAD)
def test_bad_input_names_the_field_and_keeps_what_was_typed(
    held: dict[str, Any], sign_in: SignIn, field: str, value: str, words: str
) -> None:
    answer = sign_in("hr").form("/dispatch", {**FORM, "visit": "W-8888", **{field: value}})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    if field != "visit":
        assert 'value="W-8888"' in answer.text
    if words not in ("", "无效"):
        assert words in answer.text


def test_a_coordinator_knows_nobody_else(held: dict[str, Any], sign_in: SignIn) -> None:
    page = asked(sign_in("coordinator"), staff="S0001 S0101", customer_tier="gold").text
    assert "没有工号为 S0101 的人员" in page
    assert "赵志强" not in page
    other = asked(sign_in("other_coordinator"), staff="S0101", customer_tier="gold").text
    assert "李晓梅" not in other
    assert "S0002" not in other


@pytest.mark.parametrize(("name", "form", "log"), [
    ("hr", 200, 200), ("auditor", 200, 200), ("decider", 200, 403), ("coordinator", 200, 403), ("owner", 403, 403), ("officer", 403, 403),
    ("trainer", 403, 403), ("admin", 403, 403),
])
def test_who_comes_in(held: dict[str, Any], sign_in: SignIn, name: str, form: int, log: int) -> None:
    browser = sign_in(name)
    assert (browser.get("/dispatch").status_code, browser.form("/dispatch", FORM).status_code in (303,)) == (form, form == 200)
    assert browser.get("/dispatch/log").status_code == log


def test_nobody_signs_in_first(held: dict[str, Any], client: Visitor) -> None:
    for url in ("/dispatch", "/dispatch/log", "/dispatch/decisions/x"):
        assert client.get(url).location.startswith("/login")


def test_a_decision_is_seen_by_who_asked_and_by_those_who_read_the_log(held: dict[str, Any], sign_in: SignIn) -> None:
    where = sign_in("coordinator").form("/dispatch", FORM).location
    everybody = ("coordinator", "hr", "auditor", "decider", "other_coordinator", "owner")
    seen = {name: sign_in(name).get(where).status_code for name in everybody}
    assert seen == {"coordinator": 200, "hr": 200, "auditor": 200, "decider": 404, "other_coordinator": 404, "owner": 403}
    assert sign_in("hr").get("/dispatch/decisions/nothing").status_code == 404


def test_why_was_w17_refused(app: Flask, held: dict[str, Any], client: Visitor, sign_in: SignIn) -> None:
    client.post("/api/v1/access/evaluation", json=question("S0101"), headers={"Authorization": f"Bearer {KEY}"})
    asked(sign_in("decider"), visit="W-18")
    with app.app_context():
        actions.flush()
        assert db.session.scalar(select(func.count()).select_from(DispatchDecision)) == 2
    hr = sign_in("hr")
    page = hr.get("/dispatch/log?q=W-17").text
    assert "S0101 的上岗证自 2026-11-21 09:00 起暂停" in page
    assert "派单系统" in page
    assert "W-18" not in page
    where = page.partition('class="row-anchor" href="')[2].partition('"')[0]
    assert "赵志强" in hr.get(where).text
    assert "W-18" in hr.get("/dispatch/log?q=S0001&verdict=allowed").text
    assert "没有这样的判定" in hr.get("/dispatch/log?q=W-99").text
    assert hr.get("/dispatch/log?sort=-visit&verdict=maybe&page=7").status_code == 200


def test_without_a_log_the_page_says_so(held: dict[str, Any], sign_in: SignIn) -> None:
    assert "还没有判定" in sign_in("hr").get("/dispatch/log").text
    assert "还没有判定过" in sign_in("hr").get("/dispatch").text


def test_what_was_typed_is_text(held: dict[str, Any], sign_in: SignIn) -> None:
    page = asked(sign_in("hr"), staff="<b>S1</b>", visit="<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert "<b>S1" not in page


def test_a_replay_shows_what_was_and_what_is_different_now(
    app: Flask, held: dict[str, Any], client: Visitor, sign_in: SignIn, clock: TickingClock
) -> None:
    """Why was W-17 refused? The suspension is gone by now, and the contract is over instead."""
    client.post("/api/v1/access/evaluation", json=question("S0101"), headers={"Authorization": f"Bearer {KEY}"})
    with app.app_context():
        actions.flush()
    clock.tick(hours=1)
    with app.app_context(), work(SYSTEM) as w:
        licence_id = w.session.scalars(select(Licence.id).where(Licence.number == held["stranger"])).one()
        append_event(w, licence_id, NewEvent("reinstated", w.now, reason="整改完成"))
        contract = w.session.scalars(select(Contract).where(Contract.code == "C02")).one()
        w.session.add(ContractEvent(contract_id=contract.id, before="running", after="ended", at=w.now))
        contract.state = "ended"
    hr = sign_in("hr")
    where = hr.get("/dispatch/log?q=W-17").text.partition('class="row-anchor" href="')[2].partition('"')[0]
    assert f'href="{where}/replay"' in hr.get(where).text
    page = hr.get(f"{where}/replay").text
    then, _, now = page.partition("现在</")
    assert "回放的结果和当时的记录一致" in then
    assert "赵志强 的上岗证自 2026-11-21 09:00 起暂停" in then
    assert "已经解决" in now
    assert "新出现" in now
    assert "赵志强 所在的合同 C02 已结束" in now
    assert "仍然存在" not in now
    assert sign_in("decider").get(f"{where}/replay").status_code == 403
    assert hr.get("/dispatch/decisions/nothing/replay").status_code == 404
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(DispatchDecision)) == 1  # nobody was sent: nothing is logged


def test_the_cure_says_how_many_there_are(held: dict[str, Any], sign_in: SignIn) -> None:
    assert "有 1 名优秀骨干可派" in asked(sign_in("hr"), customer_tier="gold").text


def test_the_logo_is_asked_for_and_asked_for_again(held: dict[str, Any], sign_in: SignIn) -> None:
    page = asked(sign_in("hr"), logo="y").text
    assert "王建国 的公司没有签过标识使用责任书，不能使用标识" in page
    assert "要使用标识物品" in page
    assert 'name="logo" value="y"' in page
    assert "第十九条" in page or "GCS@2011#19.4" in page


def test_who_may_override_is_led_there(held: dict[str, Any], sign_in: SignIn) -> None:
    assert "/dispatch/overrides/new?staff=S0101&amp;programme=GC" in asked(sign_in("hr"), staff="S0101").text
    assert "/dispatch/overrides/new" not in asked(sign_in("coordinator"), staff="S0002", customer_tier="gold").text
