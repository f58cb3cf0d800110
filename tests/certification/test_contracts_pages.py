"""A partner's contract from draft to its end: in a browser, on paper, over JSON and by itself."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from certification.actions.contracts import sweep_contracts
from certification.actions.decisions import open_for
from certification.actions.licences import NewEvent, append_event
from certification.tables import CustodyAgreement, Licence, LicenceEvent, ProgrammeEdition, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people.tables import Contract, ContractEvent, Person, RosterEntry
from tests import cast as players
from tests.cast import SHANGHAI, Cast, Visitor
from tests.certification.exams import document

SignIn = Callable[[str], Visitor]
Seed = Callable[[dict[str, Any]], dict[str, int]]
GC = "集团客户现场支撑"


def local(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=SHANGHAI)


def holds(staff_no: str, *more: dict[str, Any], since: str = "2026-11-01") -> dict[str, Any]:
    granted = {"kind": "granted", "grade": "qualified", "effective": f"{since}T00:00:00+08:00"}
    return {"staff_no": staff_no, "programme": "GC", "events": [granted, *more]}


@pytest.fixture
def draft(app: Flask, cast: Cast, seed: Seed) -> str:
    """A draft for 2027, asking for GC: ``owner`` holds it, ``colleague`` has nothing but a booking. Answers the page's path."""
    filled = document(cast)
    filled["licences"] = [holds("S0001")]
    seed(filled)
    with app.app_context(), work(SYSTEM) as w:
        contract = Contract(
            partner_id=cast.partners["P01"], code="C-27", title="驻点支撑（2027）", state="draft", starts=local(2027, 1, 1),
            ends=local(2028, 1, 1), programmes=["GC"],
        )
        w.session.add(contract)
        w.session.flush()
        for member in (cast.owner, cast.colleague):
            w.session.add(RosterEntry(contract_id=contract.id, person_id=member.person_id, starts=contract.starts))
        return f"/partners/{contract.partner_id}/contracts/{contract.id}"


def number(path: str) -> int:
    return int(path.rpartition("/")[2])


def certify(seed: Seed, staff_no: str = "S0002", *more: dict[str, Any]) -> None:
    seed({"licences": [holds(staff_no, *more)]})


def kept(app: Flask, path: str) -> Contract:
    with app.app_context():
        found: Contract = db.session.get_one(Contract, number(path))
        return found


def history(app: Flask, path: str) -> list[tuple[str, str, int | None, str]]:
    with app.app_context():
        rows = db.session.scalars(select(ContractEvent).where(ContractEvent.contract_id == number(path)).order_by(ContractEvent.id))
        return [(row.before, row.after, row.by, row.note) for row in rows]


def deeds(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(row.event, row.result) for row in db.session.scalars(select(AuditRow).order_by(AuditRow.seq))]


def text_of(content: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


def follow(browser: Visitor, answer: Any) -> str:
    assert answer.status_code == 302
    return str(browser.get(answer.headers["Location"]).text)


# Signing


def test_nobody_signs_past_somebody_uncertified_not_even_by_typing_the_address(app: Flask, draft: str, cast: Cast, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    for to in ("certified_roster", "signed"):
        answer = hr.form(f"{draft}/state/{to}")
        assert answer.headers["Location"] == f"{draft}?standing=uncertified"
        page = hr.get(answer.headers["Location"]).text
        assert "不能签订" in page
        assert "李晓梅" in page.partition("<tbody>")[2]
        assert "王建国" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
        assert deeds(app)[-1] == (f"contract.{to}", "refused")
    assert kept(app, draft).state == "draft"
    assert history(app, draft) == []


def test_an_empty_roster_is_not_signed(app: Flask, draft: str, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        for entry in w.session.scalars(select(RosterEntry).where(RosterEntry.contract_id == number(draft))):
            w.session.delete(entry)
    hr = sign_in("hr")
    assert "花名册还是空的" in follow(hr, hr.form(f"{draft}/state/signed"))
    assert kept(app, draft).state == "draft"


def test_a_partners_story_from_draft_to_its_end(
    app: Flask, draft: str, cast: Cast, seed: Seed, sign_in: SignIn, clock: TickingClock
) -> None:
    hr, by = sign_in("hr"), cast.hr.account_id
    assert "还不能签订" in hr.get(draft).text
    certify(seed)
    assert "可以签订" in hr.get(draft).text
    assert "已确认" in follow(hr, hr.form(f"{draft}/state/certified_roster"))
    assert kept(app, draft).state == "certified_roster"
    assert "核对表已存档" in follow(hr, hr.form(f"{draft}/state/signed"))
    assert kept(app, draft).state == "signed"
    moves = [("draft", "certified_roster", by, ""), ("certified_roster", "signed", by, "")]
    assert history(app, draft) == moves
    for day, state, word in (
        (local(2026, 12, 31), "signed", "已签订"), (local(2027, 1, 1), "running", "合同开始执行"),
        (local(2027, 11, 2), "ending", "合同进入最后 60 天"), (local(2028, 1, 1), "ended", "合同到期结束"),
    ):
        clock.set(day)
        before = kept(app, draft).state
        page = sign_in("hr").get(draft).text
        assert word in page, f"{day}: a reader does not wait for the sweep"
        with app.app_context():
            assert sweep_contracts(day) >= (before != state)
            assert sweep_contracts(day) == 0
        assert kept(app, draft).state == state
        if before != state:
            moves.append((before, state, None, ""))
    assert history(app, draft) == moves
    page = sign_in("hr").get(draft).text
    assert page.index("合同到期结束") < page.index("合同开始执行") < page.index("签订合同")
    assert "沈佳怡" in page
    assert "标记为已签订" not in page


def test_a_sweep_that_was_late_says_since_when(app: Flask, draft: str, seed: Seed, sign_in: SignIn, clock: TickingClock) -> None:
    certify(seed)
    sign_in("hr").form(f"{draft}/state/signed")
    clock.set(local(2027, 1, 5))
    with app.app_context():
        assert sweep_contracts(clock.now()) == 1
        event = db.session.scalars(select(ContractEvent).order_by(ContractEvent.id.desc())).first()
        assert event is not None
        assert datetime.fromisoformat(event.facts["since"]) == local(2027, 1, 1)
        assert event.at == clock.now()


def test_a_draft_that_is_signed_has_its_roster_confirmed_in_the_same_act(
    app: Flask, draft: str, cast: Cast, seed: Seed, sign_in: SignIn
) -> None:
    certify(seed)
    sign_in("hr").form(f"{draft}/state/signed")
    assert [(before, after) for before, after, *_ in history(app, draft)] == [("draft", "certified_roster"), ("certified_roster", "signed")]
    assert deeds(app)[-2:] == [("contract.certified_roster", "done"), ("contract.signed", "done")]


@pytest.mark.parametrize("loss", ["newcomer", "suspended", "time"])
def test_a_confirmed_roster_falls_back_to_draft_by_itself(
    app: Flask, draft: str, cast: Cast, seed: Seed, sign_in: SignIn, clock: TickingClock, loss: str
) -> None:
    certify(seed)
    hr = sign_in("hr")
    hr.form(f"{draft}/state/certified_roster")
    with app.app_context():
        assert sweep_contracts(clock.now()) == 0
    if loss == "newcomer":
        hr.form(f"{draft}/people/new", {"staff_no": "S0003", "starts": "2027-01-01"})
    elif loss == "suspended":
        _suspend(app, cast, clock.now())
    else:
        clock.set(local(2027, 11, 1))
        hr = sign_in("hr")
    page = hr.get(draft).text
    assert "自动退回草稿" in page
    assert "还不能签订" in page
    assert "不能签订" in follow(hr, hr.form(f"{draft}/state/signed"))
    with app.app_context():
        sweep_contracts(clock.now())
        assert sweep_contracts(clock.now()) == 0
    assert kept(app, draft).state == "draft"
    assert [(before, after) for before, after, *_ in history(app, draft)] == [("draft", "certified_roster"), ("certified_roster", "draft")]


def _suspend(app: Flask, cast: Cast, at: datetime) -> None:
    with app.app_context(), work(SYSTEM) as w:
        licence = w.session.scalars(select(Licence.id).where(Licence.person_id == cast.owner.person_id)).one()
        append_event(w, licence, NewEvent("suspended", at, reason="客户投诉"))


def test_a_signature_is_withdrawn_before_the_first_day_with_a_reason(app: Flask, draft: str, seed: Seed, sign_in: SignIn) -> None:
    certify(seed)
    hr = sign_in("hr")
    hr.form(f"{draft}/state/signed")
    assert hr.get(f"{draft}/state/draft").status_code == 200
    bare = hr.form(f"{draft}/state/draft", {"reason": "  "})
    assert bare.status_code == 422
    assert "请写明理由" in bare.text
    assert hr.form(f"{draft}/state/draft", {"reason": "字" * 501}).status_code == 422
    assert "退回草稿" in follow(hr, hr.form(f"{draft}/state/draft", {"reason": "客户推迟立项"}))
    assert kept(app, draft).state == "draft"
    assert "客户推迟立项" in hr.get(draft).text


def test_a_running_contract_is_broken_off_with_a_reason_and_ends_then(
    app: Flask, draft: str, seed: Seed, sign_in: SignIn, clock: TickingClock
) -> None:
    certify(seed)
    sign_in("hr").form(f"{draft}/state/signed")
    clock.set(local(2027, 3, 1) + timedelta(hours=9))
    hr = sign_in("hr")
    assert hr.form(f"{draft}/state/draft", {"reason": "后悔了"}).status_code == 302
    assert kept(app, draft).state == "running"
    assert hr.form(f"{draft}/state/ended").status_code == 422
    assert "提前终止" in follow(hr, hr.form(f"{draft}/state/ended", {"reason": "合作方退出"}))
    contract = kept(app, draft)
    assert (contract.state, contract.ends) == ("ended", clock.now())
    page = hr.get(draft).text
    assert "合作方退出" in page
    assert "2027年12月31日 → " in page
    assert hr.form(f"{draft}/people/new", {"staff_no": "S0003", "starts": "2027-03-01"}).status_code == 422


def test_what_cannot_be_is_refused_and_an_unknown_state_not_found(draft: str, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    for to in ("running", "ending", "ended", "draft"):
        assert "不能这样做" in follow(hr, hr.form(f"{draft}/state/{to}", {"reason": "试一试"}))
    assert [hr.form(f"{draft}/state/burnt").status_code, hr.get(f"{draft}/state/signed").status_code] == [404, 404]


# Editing


def test_a_draft_is_edited_and_each_change_is_kept(app: Flask, draft: str, cast: Cast, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    assert 'value="2027-12-31"' in hr.get(f"{draft}/edit").text
    typed = {"code": "ignored", "title": "驻点支撑", "starts": "2027-02-01", "ends": "2028-06-30", "programmes": ["GC"],
             "renews": str(cast.contracts["C01"])}
    page = follow(hr, hr.form(f"{draft}/edit", typed))
    contract = kept(app, draft)
    assert (contract.code, contract.title, contract.starts, contract.ends, contract.renews_id) == (
        "C-27", "驻点支撑", local(2027, 2, 1), local(2028, 7, 1), cast.contracts["C01"]
    )
    assert "合同名称：驻点支撑（2027） → 驻点支撑" in page
    assert "开始日期：2027年1月1日 → 2027年2月1日" in page
    assert "最后一天：2027年12月31日 → 2028年6月30日" in page
    assert "续签自：– → C01" in page
    assert deeds(app)[-1] == ("contract.edited", "done")
    hr.form(f"{draft}/edit", typed)
    assert len(history(app, draft)) == 1, "what changes nothing is not noted"


@pytest.mark.parametrize(
    ("change", "says"),
    [({"ends": "2026-12-31"}, "结束日期不能早于开始日期"), ({"title": ""}, "请输入合同名称"), ({"programmes": []}, "至少选一个认证项目"),
     ({"renews": "999"}, "field-error")],
)
def test_a_wrong_edit_changes_nothing(app: Flask, draft: str, sign_in: SignIn, change: dict[str, Any], says: str) -> None:
    typed = {"code": "C-27", "title": "驻点支撑", "starts": "2027-01-01", "ends": "2027-12-31", "programmes": ["GC"], "renews": "0"}
    typed |= change
    page = sign_in("hr").form(f"{draft}/edit", typed)
    assert page.status_code == 422
    assert says in page.text
    assert history(app, draft) == []


def test_after_the_signing_only_the_last_day_moves(
    app: Flask, draft: str, seed: Seed, sign_in: SignIn, clock: TickingClock
) -> None:
    certify(seed)
    hr = sign_in("hr")
    hr.form(f"{draft}/state/signed")
    assert "不能这样做" in follow(hr, hr.get(f"{draft}/edit"))
    for typed, says in (
        ({"last_day": "2027-06-30"}, "请写明理由"), ({"last_day": "2026-12-31", "reason": "缩短"}, "不能早于合同开始"),
        ({"last_day": "2027-12-31", "reason": "不变"}, "没有变化"), ({"last_day": "x", "reason": "缩短"}, "field-error"),
    ):
        page = hr.form(f"{draft}/end", typed)
        assert page.status_code == 422
        assert says in page.text
    assert "已修改" in follow(hr, hr.form(f"{draft}/end", {"last_day": "2027-02-28", "reason": "站点减少"}))
    assert kept(app, draft).ends == local(2027, 3, 1)
    assert "2027年12月31日 → 2027年2月28日" in hr.get(draft).text
    clock.set(local(2027, 1, 10))
    hr = sign_in("hr")
    assert "即将结束" in hr.get(draft).text
    follow(hr, hr.form(f"{draft}/end", {"last_day": "2028-12-31", "reason": "续作一年"}))
    assert (kept(app, draft).state, kept(app, draft).ends) == ("running", local(2029, 1, 1))
    assert [(before, after) for before, after, *_ in history(app, draft)][2:] == [
        ("signed", "signed"), ("signed", "running"), ("running", "ending"), ("ending", "ending"), ("ending", "running")
    ]
    assert "年度考核" in hr.get(draft).text


def test_a_draft_or_an_ended_contract_has_no_last_day_to_move(draft: str, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    assert "不能这样做" in follow(hr, hr.form(f"{draft}/end", {"last_day": "2027-06-30", "reason": "缩短"}))


def test_a_renewal_begins_with_what_the_old_one_says_and_both_name_each_other(
    app: Flask, draft: str, cast: Cast, sign_in: SignIn
) -> None:
    hr, old = sign_in("hr"), cast.contracts["C01"]
    form = hr.get(f"/partners/{cast.partners['P01']}/contracts/new?renews={old}").text
    assert 'value="2027-07-01"' in form
    assert f'<option selected value="{old}">' in form
    typed = {"code": "C-28", "title": "续签", "starts": "2027-07-01", "ends": "2028-06-30", "programmes": ["GC"], "renews": str(old)}
    made = hr.form(f"/partners/{cast.partners['P01']}/contracts/new", typed).headers["Location"]
    assert ">C01</a>" in hr.get(made).text
    assert ">C-28</a>" in hr.get(f"/partners/{cast.partners['P01']}/contracts/{old}").text
    assert "续签自 C01" in hr.get(f"/partners/{cast.partners['P01']}").text
    assert history(app, made) == [("", "draft", cast.hr.account_id, "")]
    elsewhere = typed | {"code": "C-29"}
    assert hr.form(f"/partners/{cast.partners['P02']}/contracts/new", elsewhere).status_code == 422


def test_the_history_cannot_be_changed(app: Flask, draft: str, seed: Seed, sign_in: SignIn) -> None:
    certify(seed)
    sign_in("hr").form(f"{draft}/state/signed")
    with app.app_context(), pytest.raises(DatabaseError, match="insert-only"), work(SYSTEM) as w:
        w.connection.execute(update(ContractEvent).values(note="改过"))


# The checklist


def test_the_checklist_says_who_blocks_and_what_cures_it(app: Flask, draft: str, cast: Cast, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.add(RosterEntry(contract_id=number(draft), person_id=cast.coordinator.person_id, starts=local(2027, 1, 1)))
    coordinator = sign_in("coordinator")
    page = coordinator.get(f"{draft}/checklist").text
    rows = {name: next(row for row in page.partition("<tbody>")[2].split("<tr>") if name in row) for name in ("王建国", "李晓梅", "陈立新")}
    assert "CZ-" in rows["王建国"]
    assert "已报名 T1" in rows["李晓梅"]
    assert '<a href="/sittings">报名考试</a>' in rows["陈立新"]
    assert page.index("李晓梅") < page.index("王建国"), "who blocks comes first"
    for words in ("还有 2 人没有持证", "花名册有 3 人", "2027年1月1日 开始", "公司还没有签标识物品责任书"):
        assert words in page
    assert "标记为已签订" not in page
    assert "合同超过一年" not in page
    hr = sign_in("hr").get(f"{draft}/checklist").text
    assert "报名考试" in hr
    assert '<a href="/sittings">报名考试</a>' not in hr, "HR books nobody"


def test_a_suspended_holder_waits_for_reinstatement_and_one_who_passed_for_the_decision(
    app: Flask, draft: str, cast: Cast, sign_in: SignIn, clock: TickingClock, seed: Seed
) -> None:
    _suspend(app, cast, clock.now())
    _pass(app, cast)
    page = sign_in("hr").get(f"{draft}/checklist").text
    assert "等待恢复上岗证" in page
    assert "已通过考试，等待认证决定" in page


def _pass(app: Flask, cast: Cast) -> None:
    browser = players.sign_in(app, cast, "colleague")
    with app.app_context():
        sitting = db.session.scalars(select(Sitting.id)).one()
        edition = db.session.scalars(select(ProgrammeEdition.id)).one()
    attempt = browser.send("POST", f"/api/v1/sittings/{sitting}/attempts", json={}).get_json()["attempt_id"]
    with app.app_context(), work(SYSTEM) as w:
        open_for(w, cast.colleague.person_id, edition, attempt, "qualified")


def test_notes_of_the_checklist_forbid_nothing(app: Flask, draft: str, cast: Cast, seed: Seed, sign_in: SignIn) -> None:
    seed({"licences": [holds("S0002", since="2025-12-15")]})
    with app.app_context(), work(SYSTEM) as w:
        contract = w.session.get_one(Contract, number(draft))
        contract.ends, contract.renews_id = local(2028, 7, 1), cast.contracts["C01"]
        w.session.get_one(Contract, cast.contracts["C01"]).ends = local(2026, 12, 1)
        w.session.add(CustodyAgreement(
            contract_id=contract.id, text="责任书", signatory="周总", signature={"how": "paper", "strokes": []}, signed=w.now,
            recorded_by=cast.hr.account_id, pdf=b"%PDF", digest=b"0" * 32,
        ))
    page = sign_in("hr").get(f"{draft}/checklist").text
    for words in (
        "有 1 人的上岗证在合同开始前到期", "合同超过一年，每个合同年都要考核一次", "续签合同 C01，中间有间断", "公司已签标识物品责任书",
        "可以签订", "标记为已签订",
    ):
        assert words in page


def test_the_paper_says_what_the_page_and_the_json_say(app: Flask, draft: str, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    answer = hr.get(f"{draft}/checklist.pdf")
    assert answer.mimetype == "application/pdf"
    paper, page = text_of(answer.data), hr.get(f"{draft}/checklist").text
    told = hr.get("/api/v1/contracts/C-27/checklist").get_json()
    assert (told["ready"], told["state"]) == (False, "draft")
    assert {check["topic"]: check["outcome"] for check in told["checks"]} == {
        "roster": "pass", "programmes": "pass", "certified": "fail", "dates": "pass", "agreement": "note"
    }
    owner, colleague = told["people"]
    assert (owner["blocks"], colleague["blocks"], colleague["holdings"][0]["cure"]) == (False, True, "sit")
    facts = [
        "签约前核对表", "华信通服", "C-27", "驻点支撑（2027）", "2027年12月31日", "还不能签订", "还有1人没有持证", "花名册有2人", GC,
        owner["holdings"][0]["number"], "至2027年10月31日", "未持证", "已报名T1",
        *(person[key] for person in told["people"] for key in ("name", "staff_no")),
    ]
    bare = "".join(page.split())
    for fact in facts:
        assert fact in paper
        assert fact in bare
    for words in ("合作方代表", "运营商代表", "日期", "核对于2026年11月22日09:00"):
        assert words in paper


def test_the_facts_of_a_signing_are_frozen_and_printed_again_as_they_were(
    app: Flask, draft: str, cast: Cast, seed: Seed, sign_in: SignIn, clock: TickingClock
) -> None:
    certify(seed)
    hr = sign_in("hr")
    hr.form(f"{draft}/state/signed")
    with app.app_context():
        signing = db.session.scalars(select(ContractEvent.id).where(ContractEvent.after == "signed")).one()
    then = hr.get(f"{draft}/checklist.pdf?signing={signing}").data
    clock.tick(days=100)  # in another year
    _suspend(app, cast, clock.now())
    with app.app_context(), work(SYSTEM) as w:
        w.session.get_one(Person, cast.owner.person_id).name = "王改名"
    hr = sign_in("hr")
    assert hr.get(f"{draft}/checklist.pdf?signing={signing}").data == then
    paper, page = text_of(then), hr.get(f"{draft}/checklist?signing={signing}").text
    for text in (paper, "".join(page.split())):
        assert "王建国" in text
        assert "签订时全部符合" in text
        assert "已暂停" not in text
    now = hr.get(f"{draft}/checklist").text
    assert "已暂停" in now
    assert "王改名" in now
    assert f"{draft}/checklist?signing={signing}" in hr.get(draft).text
    other = f"/partners/{cast.partners['P02']}/contracts/{cast.contracts['C02']}"
    for wrong in (f"{other}/checklist?signing={signing}", f"{draft}/checklist?signing=x", f"{draft}/checklist.pdf?signing={signing + 9}"):
        assert hr.get(wrong).status_code == 404


def test_a_name_that_cannot_be_printed_is_named(app: Flask, draft: str, cast: Cast, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.get_one(Person, cast.owner.person_id).name = "𠮷野"
    answer = sign_in("hr").get(f"{draft}/checklist.pdf")
    assert answer.status_code == 422
    assert "𠮷" in answer.text


@pytest.mark.parametrize("where", ["", "/checklist", "/checklist.pdf", "/edit", "/end", "/state/ended"])
def test_strangers_find_nothing_and_nobody_signs_in_first(draft: str, sign_in: SignIn, client: Visitor, where: str) -> None:
    reads = where in {"", "/checklist", "/checklist.pdf"}
    assert client.get(draft + where).status_code == 302
    assert sign_in("other_coordinator").get(draft + where).status_code == (404 if reads else 403)
    assert sign_in("coordinator").get(draft + where).status_code == (200 if reads else 403)
    assert sign_in("owner").get(draft + where).status_code == 403


# JSON


def test_a_contract_is_moved_over_json(app: Flask, draft: str, cast: Cast, seed: Seed, sign_in: SignIn, clock: TickingClock) -> None:
    hr, move = sign_in("hr"), "/api/v1/contracts/C-27/move"
    refused = hr.send("POST", move, json={"to": "signed"})
    assert (refused.status_code, refused.get_json()["refused"]) == (409, "uncertified")
    certify(seed)
    assert hr.send("POST", move, json={"to": "certified_roster"}).get_json()["state"] == "certified_roster"
    assert hr.send("POST", move, json={"to": "signed"}).get_json()["state"] == "signed"
    assert hr.get("/api/v1/contracts/C-27/checklist").get_json()["ready"] is True
    clock.set(local(2027, 3, 1))
    hr = sign_in("hr")
    assert hr.get("/api/v1/contracts/C-27/checklist").get_json()["state"] == "running"
    bare = hr.send("POST", move, json={"to": "ended"})
    assert (bare.status_code, bare.get_json()["error"]["fields"].keys()) == (422, {"reason"})
    ended = hr.send("POST", move, json={"to": "ended", "reason": "合作方退出"})
    assert (ended.status_code, ended.get_json()["state"]) == (200, "ended")
    assert datetime.fromisoformat(ended.get_json()["ends"]) == clock.now()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"to": "burnt"}', b'{"to": "signed", "more": 1}', b'{"to": "draft", "reason": "\\u0000"}']
)
def test_a_move_out_of_shape_is_named(draft: str, sign_in: SignIn, body: bytes) -> None:
    answer = sign_in("hr").send("POST", "/api/v1/contracts/C-27/move", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.get_json()["error"]["code"] == "bad_shape"


def test_the_json_doors_keep_strangers_out(draft: str, sign_in: SignIn, client: Visitor) -> None:
    look, move = "/api/v1/contracts/C-27/checklist", "/api/v1/contracts/C-27/move"
    assert [client.get(look).status_code, sign_in("coordinator").get(look).status_code] == [401, 200]
    assert [sign_in(name).get(look).status_code for name in ("owner", "other_coordinator")] == [403, 404]
    assert [sign_in(name).send("POST", move, json={"to": "signed"}).status_code for name in ("coordinator", "auditor")] == [403, 403]
    assert sign_in("hr").post(move, json={"to": "signed"}).status_code == 400, "no token"
    assert sign_in("hr").get("/api/v1/contracts/C-99/checklist").status_code == 404


# Years


def test_a_long_contract_counts_who_was_assessed_in_which_year(
    app: Flask, cast: Cast, seed: Seed, sign_in: SignIn, clock: TickingClock
) -> None:
    filled = document(cast)
    again = {"kind": "renewed", "grade": "qualified", "effective": "2026-10-01T00:00:00+08:00"}
    filled["licences"] = [holds("S0001", again, since="2025-12-01"), holds("S0002", since="2025-12-10")]
    seed(filled)
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Contract).values(programmes=["GC"], starts=local(2026, 1, 1), ends=local(2027, 7, 1)))
    path = f"/partners/{cast.partners['P01']}/contracts/{cast.contracts['C01']}"
    page = sign_in("hr").get(path).text.partition('id="years"')[2]
    assert "2 / 3" in page
    assert "1 人待考核" in page
    assert "陈立新" in page
    assert "还没有开始" in page
    clock.set(local(2027, 1, 1))
    page = sign_in("auditor").get(path).text.partition('id="years"')[2]
    assert "1 人逾期" in page
    assert "第 1 年逾期未考核" in page
    assert "最近一次认证已满 12 个月" in page
    assert "2026年12月10日 满" in page
    assert "还没有开始" not in page


def test_a_contract_of_a_year_or_a_draft_has_no_yearly_clock(app: Flask, draft: str, sign_in: SignIn) -> None:
    assert "年度考核" not in sign_in("hr").get(draft).text
    with app.app_context(), work(SYSTEM) as w:
        w.session.get_one(Contract, number(draft)).ends = local(2029, 1, 1)
    assert 'id="years"' not in sign_in("hr").get(draft).text
    with app.app_context():
        assert db.session.scalars(select(LicenceEvent.id)).first() is not None


# Documents


def test_a_document_leaves_its_trace_in_the_history_and_may_name_a_renewal(app: Flask, cast: Cast, seed: Seed) -> None:
    contract = {"code": "D1", "starts": "2026-01-01", "ends": "2026-12-31", "state": "running", "programmes": []}
    partner = {"code": "P07", "name": "新来通信", "contracts": [contract, contract | {"code": "D2", "starts": "2027-01-01",
               "ends": "2027-12-31", "state": "draft", "renews": "D1"}]}
    ids = seed({"partners": [partner]})
    seed({"partners": [partner]})
    assert [(before, after) for before, after, *_ in history(app, f"/{ids['D1']}")] == [("", "running")]
    assert kept(app, f"/{ids['D2']}").renews_id == ids["D1"]
