"""Letting somebody go in an emergency: two people, a reason, an end; the rule is in the truth table."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from certification.dispatch_override import Proposal, Refusal, confirm, propose, withdraw
from certification.tables import DispatchOverride
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from tests.cast import Cast, Visitor
from tests.certification.holders import KEY, granted, question, stage
from tests.conftest import START

SignIn = Callable[[str], Visitor]
REASON = "暴雨后全城抢修，能派的持证人员都已经在现场了"
FORM = {"staff": "S0101", "programme": "GC", "ends": "2026-11-23T20:00", "reason": REASON}
HOUR = timedelta(hours=1)
KEPT = Proposal(person_id=1, ends=START + HOUR, proposed_by=10)

PROPOSED = [
    ("x" * 19, 1, 2, None, START + HOUR, Refusal.SHORT_REASON), (" " * 30, 1, 2, None, START + HOUR, Refusal.SHORT_REASON),
    ("x" * 20, 1, 2, None, START, Refusal.ENDS_BEFORE), ("x" * 20, 1, 2, None, START + 72 * HOUR, None),
    ("x" * 20, 1, 2, None, START + 72 * HOUR + timedelta(seconds=1), Refusal.TOO_LONG),
    ("x" * 20, 1, 1, None, START + HOUR, Refusal.ONESELF),
    ("x" * 20, 1, 2, START, START + HOUR, Refusal.LEFT), ("x" * 20, 1, 2, START + HOUR, START + HOUR, None),
]


@pytest.mark.parametrize(("reason", "person", "own", "left", "ends", "why"), PROPOSED)
def test_what_may_be_proposed(reason: str, person: int, own: int, left: object, ends: object, why: Refusal | None) -> None:
    assert propose(reason, person, own, left, ends, START, 72) is why  # type: ignore[arg-type]


def test_another_account_confirms_and_never_the_person() -> None:
    assert confirm(KEPT, 11, 2, START) is None
    assert confirm(KEPT, 10, 2, START) is Refusal.SAME_ACCOUNT
    assert confirm(KEPT, 11, 1, START) is Refusal.ONESELF
    assert confirm(KEPT, 11, 2, START + HOUR) is Refusal.OVER
    assert confirm(Proposal(1, START + HOUR, 10, withdrawn=START), 11, 2, START) is Refusal.WITHDRAWN
    assert confirm(Proposal(1, START + HOUR, 10, confirmed=START), 11, 2, START) is Refusal.CONFIRMED_ALREADY
    assert withdraw(KEPT, START) is None


@pytest.fixture
def ask(app: Flask, cast: Cast, client: Visitor) -> Callable[[], bool]:
    stage(app, cast, owner=[granted()])
    body = question("S0101")
    return lambda: bool(client.post("/api/v1/access/evaluation", json=body, headers={"Authorization": f"Bearer {KEY}"}).json["decision"])


def test_two_let_one_go_until_one_takes_it_back(app: Flask, ask: Callable[[], bool], sign_in: SignIn, clock: TickingClock) -> None:
    hr, decider = sign_in("hr"), sign_in("decider")
    where = hr.form("/dispatch/overrides/new", FORM).location
    assert not ask()
    assert "等另一个有权放行的人确认" in hr.get(where).text
    assert "提出的人不能自己确认" in hr.form(f"{where}/confirm", follow_redirects=True).text
    assert not ask()
    assert "确认放行" in decider.get(where).text
    assert "派单判定立即放行" in decider.form(f"{where}/confirm", follow_redirects=True).text
    assert ask()
    page = hr.form("/dispatch", {
        "staff": "S0101", "programme": "GC", "customer_tier": "ordinary", "scope": "local", "starts": "2026-11-23T09:00",
        "ends": "2026-11-23T12:00", "visit": "W-99",
    }, follow_redirects=True).text
    for words in ("紧急放行期间可以派", "沈佳怡 提出、卫东明 确认紧急放行", "已由紧急放行", "没有这个项目的上岗证"):
        assert words in page
    listed = sign_in("auditor").get("/dispatch/overrides?state=in_force").text
    assert "赵志强" in listed
    assert "生效中" in listed
    clock.tick(minutes=5)
    assert "已撤回" in hr.form(f"{where}/withdraw", follow_redirects=True).text
    assert not ask()
    with app.app_context():
        query = select(AuditRow.event).where(AuditRow.event.startswith("override.")).order_by(AuditRow.seq)
        events = list(db.session.scalars(query))
        assert events == ["override.proposed", "override.confirmed", "override.confirmed", "override.withdrawn"]
        assert db.session.scalars(select(DispatchOverride)).one().withdrawn == clock.now()


def test_it_ends_by_itself(ask: Callable[[], bool], sign_in: SignIn, clock: TickingClock) -> None:
    where = sign_in("hr").form("/dispatch/overrides/new", {**FORM, "ends": "2026-11-23T12:00"}).location
    sign_in("decider").form(f"{where}/confirm")
    assert ask()
    clock.set(START + timedelta(hours=27))
    assert not ask()
    assert "已结束" in sign_in("hr").get(where).text
    assert "这次放行已经结束" in sign_in("hr").form(f"{where}/withdraw", follow_redirects=True).text


BAD = [
    ("staff", "", "请输入工号"), ("staff", "NOBODY", "没有这个工号"), ("staff", "H0001", "不能为自己放行"), ("programme", "NO", ""),
    ("ends", "", "请输入结束时间"), ("ends", "2026-11-22T08:00", "必须晚于现在"), ("ends", "2026-11-26T08:00", "超过了政策允许的上限"),
    ("reason", "太忙", "20 到 1000"), ("reason", " " * 40, ""),
]


@pytest.mark.parametrize(("field", "value", "words"), BAD)
def test_bad_input_names_the_field_and_keeps_what_was_typed(
    app: Flask, cast: Cast, sign_in: SignIn, field: str, value: str, words: str
) -> None:
    stage(app, cast)
    answer = sign_in("hr").form("/dispatch/overrides/new", {**FORM, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert words in answer.text
    if field not in {"reason"}:
        assert REASON in answer.text


def test_the_list_says_so_when_it_is_empty(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    stage(app, cast)
    assert "还没有紧急放行" in sign_in("hr").get("/dispatch/overrides").text
    assert "没有这样的放行" in sign_in("hr").get("/dispatch/overrides?state=over").text
    page = sign_in("hr").get("/dispatch/overrides/new?staff=S0001&programme=GC").text
    assert 'value="S0001"' in page
