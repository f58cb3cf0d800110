"""A visit's papers: printed, filled in by the team, confirmed by the customer without an account, once and in time."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification.tables import DispatchDecision, VisitPaper
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from tests.cast import Cast, Visitor
from tests.certification.custodian import declared, signed, text_of
from tests.certification.holders import granted, stage

SignIn = Callable[[str], Visitor]
ASKED = {
    "staff": "S0001 S0002", "programme": "GC", "customer_tier": "ordinary", "scope": "local", "starts": "2026-11-22T09:30",
    "ends": "2026-11-22T12:00", "visit": "W-17",
}
WORK = {"customer": "湖滨宾馆", "arrived": "2026-11-22T08:50", "work": "更换光模块，业务恢复。"}
NOTE = {"customer": "湖滨宾馆", "arrived": "2026-11-22T08:30", "left": "2026-11-22T08:50", "contact": "王建国", "phone": "138-0013-8000"}
HAPPY = {"satisfied": "yes", "remarks": "处理很快", **signed("钱多多")}


@pytest.fixture
def held(app: Flask, cast: Cast) -> dict[str, Any]:
    return stage(app, cast, owner=[granted()], colleague=[granted(grade="excellent")])


@pytest.fixture
def decision(held: dict[str, Any], sign_in: SignIn) -> str:
    """An allowed visit of the owner, who leads, and the colleague."""
    return asked(sign_in("hr"))


def asked(browser: Visitor, **changes: str) -> str:
    return str(browser.form("/dispatch", {**ASKED, **changes}).headers["Location"].rpartition("/")[2])


def begun(browser: Visitor, decision: str, kind: str = "fault") -> str:
    """The path of a new paper."""
    answer = browser.form(f"/visit-papers/decisions/{decision}", {"kind": kind})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"].removesuffix("/fill"))


@pytest.fixture
def paper(decision: str, sign_in: SignIn) -> str:
    """A confirmation of fault handling that the leader filled in."""
    owner = sign_in("owner")
    path = begun(owner, decision)
    assert owner.form(f"{path}/fill", WORK).status_code == 303
    return path


def address(browser: Visitor, path: str) -> str:
    """The path that the customer's code leads to."""
    page = browser.form(f"{path}/link")
    assert page.status_code == 200
    return re.search(r"/visits/[\w-]{40,}", page.text)[0]  # type: ignore[index]


def rows(app: Flask) -> list[VisitPaper]:
    with app.app_context():
        return list(db.session.scalars(select(VisitPaper).order_by(VisitPaper.id)))


# Printing


def test_a_blank_paper_says_beforehand_what_is_known(held: dict[str, Any], decision: str, sign_in: SignIn) -> None:
    span = "2026年11月22日09:30至2026年11月22日12:00"
    known = ("W-17", "集团客户现场支撑", "王建国", "李晓梅", "华信通服", held["owner"], held["colleague"], span, decision)
    colleague = sign_in("colleague")
    for kind, words in (
        ("fault", ("集团客户现场故障处理确认书", "故障处理情况", "客户签名", "附录一")),
        ("inspection", ("集团客户现场巡检确认书", "巡检情况", "附录二")),
        ("note", ("到访留言", "到访时间", "离开时间", "联系人", "联系电话", "第二十八条")),
    ):
        answer = colleague.get(f"/visit-papers/decisions/{decision}/{kind}.pdf")
        assert answer.mimetype == "application/pdf"
        text = text_of(answer.data)
        assert [one for one in (*words, *known) if one not in text] == []
    assert colleague.get(f"/visit-papers/decisions/{decision}/letter.pdf").status_code == 404


def test_a_refused_visit_and_a_replay_have_no_papers(app: Flask, held: dict[str, Any], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    refused = asked(hr, staff="S0001 S0101")
    assert "没有上门单据" in hr.get(f"/visit-papers/decisions/{refused}").text
    assert "上门单据" not in hr.get(f"/dispatch/decisions/{refused}").text
    assert hr.get(f"/visit-papers/decisions/{refused}/fault.pdf").status_code == 404
    hr.form(f"/visit-papers/decisions/{refused}", {"kind": "fault"})
    replay = asked(hr)
    with app.app_context(), work(SYSTEM) as w:
        row = w.session.get_one(DispatchDecision, replay)
        row.request = {**row.request, "at": "2026-11-21T00:00:00Z"}
    hr.form(f"/visit-papers/decisions/{replay}", {"kind": "fault"})
    assert rows(app) == []


# Filling in


def test_the_leader_finds_the_visit_and_fills_its_paper_in(app: Flask, decision: str, sign_in: SignIn) -> None:
    owner = sign_in("owner")
    assert f"/visit-papers/decisions/{decision}" in owner.get("/visit-papers").text
    assert decision not in sign_in("stranger").get("/visit-papers").text
    path = begun(owner, decision)
    assert begun(owner, decision) == path, "a second tap goes on with the same paper"
    assert owner.form(f"{path}/fill", WORK, follow_redirects=True).text.count("更换光模块，业务恢复。") == 1
    text = text_of(owner.get(f"{path}.pdf").data)
    assert [one for one in ("湖滨宾馆", "更换光模块", "2026年11月22日08:50", "客户签名") if one not in text] == []
    assert "待客户确认" in sign_in("hr").get(f"/dispatch/decisions/{decision}").text
    owner.form(f"{path}/fill", {**WORK, "work": "更换光模块两只。", "left": "2026-11-22T09:00"})
    assert rows(app)[0].fields["work"] == "更换光模块两只。"


BAD_PAPERS = (
    ({"customer": ""}, "请填写客户名称"), ({"arrived": ""}, "请填写到达时间"), ({"arrived": "2026-11-22T09:01"}, "不能晚于现在"),
    ({"left": "2026-11-22T08:40"}, "不能早于到达时间"), ({"work": ""}, "请写明情况"), ({"work": "长" * 2001}, "2 到 2000"),
    ({"customer": "𠮷野宾馆"}, "这些字无法打印：𠮷"), ({"arrived": "1850-01-01T00:00"}, "2000 到 2100"),
)


def test_a_bad_paper_says_what_is_wrong(app: Flask, decision: str, sign_in: SignIn) -> None:
    owner = sign_in("owner")
    path = begun(owner, decision)
    for fields, words in BAD_PAPERS:
        answer = owner.form(f"{path}/fill", {**WORK, **fields})
        assert (answer.status_code, words in answer.text) == (422, True), words
        assert WORK["work"] in answer.text or "work" in fields, "what was typed is still there"
    assert rows(app)[0].filled is None


def test_a_note_is_final_when_it_is_filled_in(app: Flask, decision: str, sign_in: SignIn) -> None:
    owner = sign_in("owner")
    path = begun(owner, decision, "note")
    assert 'value="王建国"' in owner.get(f"{path}/fill").text
    assert "联系电话只能用" in owner.form(f"{path}/fill", {**NOTE, "phone": "call me"}).text
    assert "请填写离开时间" in owner.form(f"{path}/fill", {**NOTE, "left": ""}).text
    assert owner.form(f"{path}/fill", NOTE).status_code == 303
    text = text_of(owner.get(f"{path}.pdf").data)
    assert [one for one in ("138-0013-8000", "湖滨宾馆", "08:30", "08:50", "无人应答") if one not in text] == []
    assert rows(app)[0].digest.hex() in owner.get(path).text  # type: ignore[union-attr]
    assert "已经定稿" in owner.form(f"{path}/fill", {**NOTE, "customer": "别家"}, follow_redirects=True).text
    assert owner.form(f"{path}/link").status_code == 303
    assert rows(app)[0].fields["customer"] == "湖滨宾馆"
    assert rows(app)[0].token_hash is None


def test_a_customer_is_not_asked_before_the_paper_is_filled_in(app: Flask, decision: str, sign_in: SignIn) -> None:
    owner = sign_in("owner")
    path = begun(owner, decision)
    assert "先填写单据" in owner.form(f"{path}/link", follow_redirects=True).text
    assert rows(app)[0].token_hash is None


# The customer


def test_a_customer_confirms_on_a_phone(
    app: Flask, held: dict[str, Any], paper: str, decision: str, sign_in: SignIn, client: Visitor
) -> None:
    where = address(sign_in("owner"), paper)
    page = client.get(where)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    for words in ("湖滨宾馆", "更换光模块", "王建国", f"/verify/{held['owner']}", "您对这次服务满意吗"):
        assert words in page.text, words
    assert "S0001" not in page.text, "nothing else of the person"
    answer = client.form(where, HAPPY)
    assert (answer.status_code, "已确认，谢谢" in answer.text) == (200, True)
    kept = rows(app)[0]
    assert (kept.confirmation["name"], kept.confirmation["satisfied"], kept.confirmation["signature"]["how"]) == ("钱多多", True, "drawn")
    assert kept.pdf is not None
    assert kept.digest == hashlib.sha256(kept.pdf).digest()
    text = text_of(kept.pdf)
    assert [one for one in ("处理很快", "钱多多（手写签名）", "更换光模块", "SHA-256") if one not in text] == []
    hr = sign_in("hr")
    assert "客户已确认，满意" in hr.get(f"/dispatch/decisions/{decision}").text
    shown = hr.get(paper).text
    assert kept.digest.hex() in shown
    assert "与签署时一致" in shown
    with app.app_context():
        deed = db.session.scalars(select(AuditRow).where(AuditRow.event == "visit_paper.confirmed")).one()
        assert deed.actor == "nobody"
        assert "钱多多" not in deed.detail


def test_a_second_confirmation_changes_nothing(app: Flask, paper: str, sign_in: SignIn, client: Visitor) -> None:
    owner = sign_in("owner")
    where = address(owner, paper)
    client.form(where, HAPPY)
    before = rows(app)[0]
    again = client.form(where, {"satisfied": "no", **declared("别人")})
    assert (again.status_code, "已经确认过" in again.text) == (409, True)
    assert "已确认，谢谢" in client.get(where).text
    after = rows(app)[0]
    assert (after.confirmation, after.pdf, after.confirmed) == (before.confirmation, before.pdf, before.confirmed)
    assert "已经确认过" in owner.form(f"{paper}/link", follow_redirects=True).text
    assert "已经定稿" in owner.form(f"{paper}/fill", WORK, follow_redirects=True).text


def test_an_address_ends(app: Flask, paper: str, sign_in: SignIn, client: Visitor, clock: TickingClock) -> None:
    where = address(sign_in("owner"), paper)
    clock.tick(hours=2, seconds=-1)
    assert client.get(where).status_code == 200
    clock.tick(seconds=1)
    for answer in (client.get(where), client.form(where, HAPPY)):
        assert answer.status_code == 410
        assert "链接已过期" in answer.text
        assert "湖滨宾馆" not in answer.text
    assert rows(app)[0].confirmed is None


def test_what_was_confirmed_is_not_shown_for_ever(paper: str, sign_in: SignIn, client: Visitor, clock: TickingClock) -> None:
    where = address(sign_in("owner"), paper)
    client.form(where, HAPPY)
    clock.tick(hours=2)
    for answer in (client.get(where), client.form(where, HAPPY)):
        assert (answer.status_code, "湖滨宾馆" in answer.text) == (410, False)


def test_a_forged_address_leads_nowhere(app: Flask, paper: str, sign_in: SignIn, client: Visitor) -> None:
    where = address(sign_in("owner"), paper)
    kept = rows(app)[0].token_hash
    assert kept == hashlib.sha256(where.rpartition("/")[2].encode()).digest()
    forged = [where[:-1] + ("A" if where[-1] != "A" else "B"), where.upper(), "/visits/1", f"/visits/{kept.hex()}", "/visits/" + "x" * 4000]
    for one in forged:
        assert client.get(one).status_code == 404, one
        assert client.form(one, HAPPY).status_code == 404, one
    assert client.post(where, data=HAPPY).status_code == 400, "a form of another site"
    assert rows(app)[0].confirmed is None


def test_a_new_code_and_a_change_end_the_old_one(paper: str, sign_in: SignIn, client: Visitor) -> None:
    owner = sign_in("owner")
    first, second = address(owner, paper), address(owner, paper)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    owner.form(f"{paper}/fill", {**WORK, "work": "另有一处接头松动。"})
    assert client.form(second, HAPPY).status_code == 404, "the customer would confirm what was never shown"


BAD_CONFIRMATIONS = (
    ({"satisfied": ""}, "请选择满意或不满意"), ({"sign-name": ""}, "请输入签名人姓名"), ({"sign-strokes": ""}, "请在框内手写签名"),
    ({"sign-strokes": "[[[1,2],[900,1e9]]]"}, "没有读到完整的签名"), ({"remarks": "长" * 1001}, "最多 1000"),
    ({"remarks": "𠮷"}, "这些字无法打印"),
)


def test_a_bad_confirmation_says_what_is_wrong(app: Flask, paper: str, sign_in: SignIn, client: Visitor) -> None:
    where = address(sign_in("owner"), paper)
    for fields, words in BAD_CONFIRMATIONS:
        answer = client.form(where, {**HAPPY, **fields})
        assert (answer.status_code, words in answer.text) == (422, True), words
    assert rows(app)[0].confirmed is None


def test_an_unhappy_customer_is_heard_and_may_type_the_name(paper: str, decision: str, sign_in: SignIn, client: Visitor) -> None:
    client.form(address(sign_in("owner"), paper), {"satisfied": "no", "remarks": "来得太晚", **declared("钱多多")})
    assert "客户已确认，不满意" in sign_in("hr").get(f"/dispatch/decisions/{decision}").text
    page = sign_in("owner").get(paper).text
    assert "来得太晚" in page
    assert "以姓名作为签名" in page


# Who sees what


def test_the_team_and_hr_write_and_others_only_read(decision: str, paper: str, sign_in: SignIn) -> None:
    strangers = dict.fromkeys(("stranger", "coordinator", "other_coordinator", "officer"), 404)
    for name, status in {"owner": 200, "colleague": 200, "hr": 200, "auditor": 200, **strangers}.items():
        browser = sign_in(name)
        for path in (paper, f"{paper}.pdf", f"/visit-papers/decisions/{decision}", f"/visit-papers/decisions/{decision}/note.pdf"):
            assert browser.get(path).status_code == status, (name, path)
        writes = {200: 303 if name != "auditor" else 403, 404: 404}[status]
        assert browser.form(f"/visit-papers/decisions/{decision}", {"kind": "note"}).status_code == writes, name
        assert browser.form(f"{paper}/fill", WORK).status_code == writes, name


def test_a_coordinator_reads_what_they_asked(held: dict[str, Any], sign_in: SignIn) -> None:
    coordinator = sign_in("coordinator")
    decision = asked(coordinator)
    assert coordinator.get(f"/visit-papers/decisions/{decision}").status_code == 200
    assert coordinator.form(f"/visit-papers/decisions/{decision}", {"kind": "fault"}).status_code == 403
    assert sign_in("other_coordinator").get(f"/visit-papers/decisions/{decision}").status_code == 404


def test_a_paper_that_was_changed_says_so(app: Flask, paper: str, sign_in: SignIn, client: Visitor) -> None:
    client.form(address(sign_in("owner"), paper), HAPPY)
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(VisitPaper).values(pdf=b"%PDF-another"))
    assert "文件与签署时不一致" in sign_in("hr").get(paper).text


def test_the_list_shows_a_visit_once_and_forgets_old_ones(decision: str, sign_in: SignIn, clock: TickingClock) -> None:
    clock.tick(seconds=1)
    again, owner = asked(sign_in("hr")), sign_in("owner")
    page = owner.get("/visit-papers").text
    assert (again in page, decision in page) == (True, False)
    clock.tick(days=40)
    assert "最近没有由您带队" in sign_in("owner").get("/visit-papers").text


