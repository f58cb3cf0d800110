"""What a decider does to a licence in pages: the six acts, their decisions, plans, any day's standing, a corrected name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from certification.actions import licence_acts, licences
from certification.actions.licence_acts import Act
from certification.actions.licences import NewEvent
from certification.licence import Kind
from certification.licence_act import Reason, Refusal
from certification.tables import Breach, BreachMeasure, Decision, Licence, LicenceEvent, LicenceSpan
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow, OutboxRow
from foundation.work import SYSTEM, Actor, work
from people.tables import Person
from standards.tables import Clause
from tests.cast import Cast, Visitor
from tests.certification.holders import event, granted, stage
from tests.conftest import START

SignIn = Callable[[str], Visitor]
DAY = timedelta(days=1)


def said(kind: str, code: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "reason_code": f"{kind}.{code}", "reason": f"理由：{kind}", **more}


def standing_of(page: Any) -> str:
    return str(page.text).partition('data-standing="')[2].partition('"')[0]


def events(app: Flask, number: str) -> list[Any]:
    with app.app_context():
        query = select(LicenceEvent).join(Licence, Licence.id == LicenceEvent.licence_id).where(Licence.number == number)
        return list(db.session.scalars(query.order_by(LicenceEvent.id)))


@pytest.fixture
def number(app: Flask, cast: Cast) -> str:
    """``owner``'s licence, qualified and in force until 13 August 2027."""
    return str(stage(app, cast, owner=[granted()])["owner"])


# the acts

def test_each_act_is_a_decision_with_its_reason_and_stands_in_the_ledger(
    app: Flask, cast: Cast, number: str, client: Visitor, sign_in: SignIn, clock: TickingClock,
) -> None:
    decider, url, seen = sign_in("decider"), f"/licences/{number}", []
    acts = [("upgraded", "reassessed"), ("suspended", "complaint"), ("scope_reduced", "inspection"), ("reinstated", "cleared"),
            ("revoked", "fraud")]
    for kind, code in acts:
        clock.tick(minutes=1)
        assert decider.form(url, said(kind, code)).status_code == 302
        seen.append(standing_of(client.get(f"/verify/{number}")))
    assert seen == ["active", "suspended", "suspended", "active", "revoked"]
    found = events(app, number)[1:]
    assert [(one.kind, one.reason_code, one.by) for one in found] == [(kind, code, cast.decider.account_id) for kind, code in acts]
    assert [one.grade for one in found] == ["excellent", None, "qualified", None, None]
    with app.app_context():
        rows = list(db.session.scalars(select(Decision).order_by(Decision.id)))
        assert [one.decision_id for one in found] == [row.id for row in rows]
        assert {(row.state, row.decided_by, row.licence_id == found[0].licence_id) for row in rows} == {
            ("granted", cast.decider.account_id, True),
        }
        assert licences.doctor_spans(db.session) == []
        assert "decision.acted" in set(db.session.scalars(select(AuditRow.event)))
    listed = decider.get("/decisions?state=acts").text
    assert all(word in listed for word in ("暂停", "升为优秀", "降为合格", "恢复", "撤销"))
    assert "舞弊或冒用身份" in decider.get(f"/decisions/{rows[-1].id}").text
    own = sign_in("owner").get(url).text
    assert "舞弊或冒用身份；理由：revoked" in own
    assert "卫东明" not in own


def test_only_what_makes_sense_is_offered_and_done(number: str, sign_in: SignIn) -> None:
    decider, url = sign_in("decider"), f"/licences/{number}"
    page = decider.get(url).text
    assert 'value="reinstated"' not in page
    assert 'value="scope_reduced"' not in page
    assert 'value="suspended.complaint"' in page
    assert decider.form(url, said("reinstated", "cleared")).status_code == 422
    decider.form(url, said("suspended", "complaint"))
    stale = decider.form(url, said("suspended", "complaint"))
    assert stale.status_code == 422


def test_an_act_needs_a_reason_and_a_code_that_belongs_to_it(number: str, sign_in: SignIn) -> None:
    decider, url = sign_in("decider"), f"/licences/{number}"
    no_reason = decider.form(url, {"kind": "suspended", "reason_code": "suspended.complaint"})
    assert (no_reason.status_code, "请写明理由" in no_reason.text) == (422, True)
    no_kind = decider.form(url, {"reason": "已经写好的理由"})
    assert (no_kind.status_code, "已经写好的理由" in no_kind.text) == (422, True)
    other = decider.form(url, {"kind": "suspended", "reason_code": "revoked.fraud", "reason": "已经写好的理由"})
    assert (other.status_code, "请选择这种处理可用的事由" in other.text, "已经写好的理由" in other.text) == (422, True, True)
    assert decider.form(url, {"kind": "suspended", "reason_code": "suspended.passed", "reason": "x"}).status_code == 422
    assert decider.form(url, {"kind": "granted", "reason_code": "granted.passed", "reason": "x"}).status_code == 422


@pytest.mark.parametrize("name", ["hr", "auditor", "coordinator", "owner", "officer"])
def test_nobody_else_acts(app: Flask, number: str, sign_in: SignIn, name: str) -> None:
    assert sign_in(name).form(f"/licences/{number}", said("revoked", "fraud")).status_code == 403
    assert len(events(app, number)) == 1


def test_a_decider_does_not_judge_oneself(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    number = stage(app, cast, decider=[granted(), event("suspended", START - DAY)])["decider"]
    page = sign_in("decider")
    assert "不能对自己" in page.get(f"/licences/{number}").text
    assert page.form(f"/licences/{number}", said("reinstated", "cleared")).status_code == 409
    assert [one.kind for one in events(app, number)] == ["granted", "suspended"]


# plans and days

def test_an_act_of_a_day_to_come_is_planned_and_works_then(
    app: Flask, number: str, client: Visitor, sign_in: SignIn, clock: TickingClock
) -> None:
    decider, url = sign_in("decider"), f"/licences/{number}"
    done = decider.form(url, said("suspended", "holder", effective="2026-12-01"), follow_redirects=True).text
    assert "已计划：2026年12月1日 零点起暂停" in done
    assert "计划 · 暂停" in done
    assert standing_of(client.get(f"/verify/{number}")) == "active"
    assert "理由：suspended" not in sign_in("owner").get("/licences/mine").text  # it is not suspended yet
    clock.tick(days=8, hours=14, minutes=59)
    assert standing_of(client.get(f"/verify/{number}")) == "active"
    clock.tick(minutes=1)  # midnight in Shanghai
    assert standing_of(client.get(f"/verify/{number}")) == "suspended"
    with app.app_context():
        assert licences.doctor_spans(db.session) == []


def test_a_plan_is_taken_back_by_the_opposite_of_the_same_day(
    number: str, client: Visitor, sign_in: SignIn, clock: TickingClock
) -> None:
    decider, url = sign_in("decider"), f"/licences/{number}"
    decider.form(url, said("suspended", "holder", effective="2026-12-01"))
    too_early = decider.form(url, said("reinstated", "holder", effective="2026-11-30"))
    assert (too_early.status_code, "没有被暂停" in too_early.text) == (409, True)
    clock.tick(minutes=5)
    assert decider.form(url, said("reinstated", "holder", effective="2026-12-01")).status_code == 302
    clock.tick(days=10)
    assert standing_of(client.get(f"/verify/{number}")) == "active"


def test_a_day_that_is_over_is_refused_and_today_is_now(app: Flask, number: str, sign_in: SignIn) -> None:
    decider, url = sign_in("decider"), f"/licences/{number}"
    past = decider.form(url, said("suspended", "complaint", effective="2026-11-21"))
    assert (past.status_code, "起效日不能早于今天" in past.text, "理由：suspended" in past.text) == (422, True, True)
    assert decider.form(url, said("suspended", "complaint", effective="2026-11-22")).status_code == 302
    assert events(app, number)[-1].effective == START
    assert decider.form(url, said("reinstated", "cleared", effective="9999-12-31")).status_code == 422


@pytest.mark.parametrize(("asked", "words"), [
    ("2026-08-13", "未持证"), ("2026-08-14", "2026年8月14日 09:00 起"), ("2026-12-31", "有效"), ("2027-08-13", "即将到期"),
    ("2027-08-14", "已过期"), ("2027-13-01", "2027-13-01"), ("x", "请按"), ("1200-01-01", "年份"),
])
def test_the_standing_of_any_day_is_shown(number: str, sign_in: SignIn, asked: str, words: str) -> None:
    page = sign_in("owner").get(f"/licences/{number}?on={asked}")
    assert page.status_code == 200
    assert words in page.text.partition('id="day"')[2].partition("只增不改")[0]


def test_a_day_may_be_asked_as_it_was_known_then(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    number = stage(app, cast, owner=[granted()])["owner"]
    with app.app_context(), work(SYSTEM) as w:
        licence = w.session.scalars(select(Licence.id)).one()
        licences.append_event(w, licence, NewEvent(Kind.SUSPENDED, START - 10 * DAY, reason="追溯"))
    hr = sign_in("hr")
    day = (START - 5 * DAY).date().isoformat()
    pages = [hr.get(f"/licences/{number}?on={day}{known}").text for known in ("", "&known=then")]
    part = [page.partition('role="status"')[2].partition("</ul>")[0] for page in pages]
    assert ("已暂停" in part[0], "有效" in part[1], "已暂停" in part[1]) == (True, True, False)


# breaches

def test_nobody_is_reinstated_while_a_retraining_is_owed(app: Flask, cast: Cast, number: str, sign_in: SignIn) -> None:
    decider, url = sign_in("decider"), f"/licences/{number}"
    decider.form(url, said("suspended", "complaint"))
    with app.app_context(), work(SYSTEM) as w:
        clause = w.session.scalars(select(Clause.id)).first()
        breach = Breach(
            number="B-1", person_id=cast.owner.person_id, source="inspection", clause_id=clause, severity="serious", points=3,
            occurred=w.now, description="x", state="confirmed", recorded=w.now, recorded_by=cast.hr.account_id,
        )
        w.session.add(breach)
        w.session.flush()
        owed = {"person_id": cast.owner.person_id, "breach_id": breach.id, "points": 3, "opened": w.now, "due": w.now}
        w.session.add(BreachMeasure(kind="retraining", **owed))
    refused = decider.form(url, said("reinstated", "cleared"))
    assert (refused.status_code, "复训或复考" in refused.text) == (409, True)
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(BreachMeasure).values(closed=w.now, why_closed="trained"))
    assert decider.form(url, said("reinstated", "measures_done")).status_code == 302


# what is proposed

def propose(app: Flask, actor: Actor, number: str, act: Act) -> Any:
    with app.app_context(), work(actor) as w:
        licence = w.session.scalars(select(Licence.id).where(Licence.number == number)).one()
        return licence_acts.propose(w, licence, act)


def test_a_proposal_waits_for_a_decider(app: Flask, number: str, client: Visitor, sign_in: SignIn) -> None:
    act = Act(Kind.REVOKED, Reason.BREACH_POINTS, "十二个月内累计 12 分")
    proposal = propose(app, SYSTEM, number, act)
    assert propose(app, SYSTEM, number, act) is Refusal.ASKED_ALREADY
    assert standing_of(client.get(f"/verify/{number}")) == "active"
    decider = sign_in("decider")
    assert "撤销" in decider.get("/decisions").text
    assert "十二个月内累计 12 分" in decider.get(f"/decisions/{proposal}").text
    assert "等待认证决定" in decider.get(f"/licences/{number}").text
    assert "请打开后单独决定" in decider.form("/decisions/grant", {"ids": [proposal]}, follow_redirects=True).text
    assert decider.form(f"/decisions/{proposal}", {"verdict": "refuse"}).status_code == 422
    assert decider.form(f"/decisions/{proposal}", {"verdict": "grant"}).status_code == 302
    last = events(app, number)[-1]
    assert (last.kind, last.reason_code, last.reason, last.decision_id) == ("revoked", "breach_points", act.reason, proposal)
    assert decider.form(f"/decisions/{proposal}", {"verdict": "grant"}).status_code == 409


def test_a_proposal_that_was_overtaken_is_not_carried_out(app: Flask, number: str, sign_in: SignIn) -> None:
    proposal = propose(app, SYSTEM, number, Act(Kind.SUSPENDED, Reason.COMPLAINT, "x"))
    decider = sign_in("decider")
    decider.form(f"/licences/{number}", said("revoked", "fraud"))
    answer = decider.form(f"/decisions/{proposal}", {"verdict": "grant"})
    assert (answer.status_code, "不能再处理" in answer.text) == (409, True)
    assert decider.form(f"/decisions/{proposal}", {"verdict": "refuse", "reason": "已撤销"}).status_code == 302


# another name

NAME = {"holder": "王建囯", "reason_code": "name_corrected", "reason": "登记时写错一个字"}


def test_a_corrected_name_is_a_new_licence_worth_the_same(
    app: Flask, cast: Cast, client: Visitor, sign_in: SignIn, clock: TickingClock
) -> None:
    old = stage(app, cast, owner=[granted(grade="excellent"), event("suspended", START - DAY, reason="投诉")])["owner"]
    owner = sign_in("owner")
    assert owner.form(f"/licences/{old}/name", NAME).status_code == 302
    assert "申请把姓名更正为“王建囯”" in owner.get(f"/licences/{old}").text
    again = owner.form(f"/licences/{old}/name", NAME)
    assert (again.status_code, "已在等待决定" in again.text) == (409, True)
    with app.app_context():
        proposal = db.session.scalars(select(Decision.id)).one()
    clock.tick(hours=3)
    decider = sign_in("decider")
    shown = decider.get(f"/decisions/{proposal}").text
    assert all(word in shown for word in ("王建国", "王建囯", "登记时写错一个字"))
    assert decider.form(f"/decisions/{proposal}", {"verdict": "grant"}).status_code == 302
    with app.app_context():
        first, second = db.session.scalars(select(Licence).order_by(Licence.id)).all()
        assert (first.holder, second.holder, first.number) == ("王建国", "王建囯", old)
        assert db.session.get(Person, cast.owner.person_id).name == "王建囯"
        spans = {one.licence_id: one for one in db.session.scalars(select(LicenceSpan).where(LicenceSpan.starts == clock.now()))}
        suspended = (LicenceSpan.licence_id == first.id, LicenceSpan.standing == "suspended")
        before = db.session.scalars(select(LicenceSpan).where(*suspended)).one()
        after = spans[second.id]
        assert spans[first.id].standing == "superseded"
        assert (after.standing, after.grade, after.until, after.certified) == ("suspended", "excellent", before.until, before.certified)
        assert licences.doctor_spans(db.session) == []
        number = second.number
    assert standing_of(client.get(f"/verify/{old}")) == "superseded"
    assert standing_of(client.get(f"/verify/{number}")) == "suspended"
    assert f'href="/licences/{number}"' in owner.get(f"/licences/{old}").text
    assert f'href="/licences/{old}"' in owner.get(f"/licences/{number}").text


def test_a_decider_may_replace_a_licence_directly_and_needs_the_name(app: Flask, number: str, sign_in: SignIn) -> None:
    decider, url = sign_in("decider"), f"/licences/{number}"
    none = decider.form(url, said("superseded", "name_changed"))
    assert (none.status_code, "请填写更正后的姓名" in none.text) == (422, True)
    same = decider.form(url, said("superseded", "name_changed", holder="王建国"))
    assert (same.status_code, "姓名没有变化" in same.text) == (422, True)
    later = decider.form(url, said("superseded", "name_changed", holder="王建党", effective="2026-12-01"))
    assert (later.status_code, "不能预定日期" in later.text) == (422, True)
    assert decider.form(url, said("superseded", "name_changed", holder="王建党")).status_code == 302
    assert [one.kind for one in events(app, number)] == ["granted", "superseded"]
    assert "已换发新证" in decider.get(url).text or "已换新证" in decider.get(url).text


@pytest.mark.parametrize(("name", "status"), [
    ("owner", 302), ("coordinator", 302), ("hr", 302), ("other_coordinator", 404), ("colleague", 404), ("stranger", 404), ("auditor", 404),
    ("decider", 404), ("officer", 404),
])
def test_who_may_ask_for_another_name(number: str, sign_in: SignIn, name: str, status: int) -> None:
    browser = sign_in(name)
    assert browser.get(f"/licences/{number}/name").status_code == (200 if status == 302 else 404)
    assert browser.form(f"/licences/{number}/name", NAME).status_code == status


def test_a_request_with_errors_keeps_what_was_typed(number: str, sign_in: SignIn, client: Visitor) -> None:
    owner = sign_in("owner")
    page = owner.form(f"/licences/{number}/name", {"holder": "", "reason": "写好的说明"})
    assert (page.status_code, "写好的说明" in page.text, "请填写更正后的姓名" in page.text) == (422, True, True)
    hidden = owner.form(f"/licences/{number}/name", {**NAME, "holder": "王\u202e建国"})
    assert (hidden.status_code, "不能显示的字符" in hidden.text) == (422, True)
    same = owner.form(f"/licences/{number}/name", {**NAME, "holder": "王建国"})
    assert (same.status_code, "姓名没有变化" in same.text) == (422, True)
    assert client.get(f"/licences/{number}/name").location.startswith("/login")


# the ledger is only added to

@pytest.mark.parametrize("deed", [
    pytest.param(update(LicenceEvent).values(reason="x"), id="update"), pytest.param(delete(LicenceEvent), id="delete"),
])
def test_the_database_refuses_to_change_the_ledger(app: Flask, number: str, deed: Any) -> None:
    with app.app_context(), pytest.raises(DBAPIError, match="the ledger is insert-only"), work(SYSTEM) as w:
        w.connection.execute(deed)
    assert [one.kind for one in events(app, number)] == ["granted"]


def test_postgresql_refuses_to_empty_the_ledger(app: Flask, number: str) -> None:
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            return  # SQLite has no TRUNCATE
        with pytest.raises(DBAPIError, match="the ledger is insert-only"), work(SYSTEM) as w:
            w.connection.execute(text("TRUNCATE licence_events CASCADE"))


def test_a_change_is_announced_and_a_take_over_is_not(app: Flask, number: str, sign_in: SignIn) -> None:
    def announced() -> int:
        with app.app_context():
            return len(db.session.scalars(select(OutboxRow).where(OutboxRow.task == "standing_changed")).all())

    assert announced() == 0  # the licence was seeded
    sign_in("decider").form(f"/licences/{number}", said("suspended", "complaint"))
    assert announced() == 1
    with app.app_context(), work(SYSTEM) as w:
        licence = w.session.scalars(select(Licence.id)).one()
        licences.append_event(w, licence, NewEvent(Kind.REINSTATED, w.now), announce=False)
    assert announced() == 1


def test_a_code_that_is_not_on_the_list_is_a_fault(app: Flask, number: str) -> None:
    with app.app_context(), pytest.raises(ValueError, match="no reason for suspended"), work(SYSTEM) as w:
        licence = w.session.scalars(select(Licence.id)).one()
        licences.append_event(w, licence, NewEvent(Kind.SUSPENDED, w.now, reason_code="passed"))
    with app.app_context(), pytest.raises(DBAPIError), work(SYSTEM) as w:
        values = {"licence_id": 1, "kind": "forgotten", "effective": w.now, "recorded": w.now}
        w.connection.execute(insert(LicenceEvent).values(values))
