"""Logo items through the doors: who signs, who issues, what becomes of the items, and who sees what."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification.actions import custody as actions
from certification.actions import custody_papers as papers
from certification.custody import Kind, Refusal, Wanted
from certification.signature import How, Signature
from certification.tables import CustodyAgreement, CustodyItem, CustodyReceipt
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, Actor, work
from people.tables import Contract, RosterEntry
from tests.cast import Cast, Visitor
from tests.certification.custodian import agree, base, declared, hand, text_of
from tests.conftest import START

SignIn = Callable[[str], Visitor]


@pytest.fixture
def where(cast: Cast) -> str:
    return base(cast)


@pytest.fixture
def number(sign_in: SignIn, where: str) -> str:
    """A receipt of the owner's: a uniform and two badges, signed for."""
    hr = sign_in("hr")
    assert agree(hr, where).status_code == 303
    return str(hand(hr, where).headers["Location"].rpartition("/")[2])


def items(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [(row.kind, row.label, row.state) for row in db.session.scalars(select(CustodyItem).order_by(CustodyItem.id))]


def item_ids(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(CustodyItem.id).order_by(CustodyItem.id)))


def deeds(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.event.startswith("custody.")).order_by(AuditRow.seq))
        return [(row.event, row.result) for row in rows]


def change(app: Flask, *statements: Any) -> None:
    with app.app_context(), work(SYSTEM) as w:
        for statement in statements:
            w.session.execute(statement)


# The agreement


def test_nothing_is_issued_before_the_company_signed(app: Flask, sign_in: SignIn, where: str) -> None:
    hr = sign_in("hr")
    assert "公司还没有签标识物品使用责任书" in hr.get(f"{where}/issue?staff=S0001").text
    assert hand(hr, where).status_code == 409
    assert items(app) == []
    assert "签责任书" in hr.get(where).text


def test_an_agreement_is_kept_as_it_was_signed(app: Flask, sign_in: SignIn, where: str) -> None:
    hr = sign_in("hr")
    assert "承诺如下" in hr.get(f"{where}/agreement").text
    assert agree(hr, where).status_code == 303
    page = hr.get(where).text
    with app.app_context():
        kept = db.session.scalars(select(CustodyAgreement)).one()
        assert (kept.signatory, kept.signed, kept.signature["how"]) == ("钱总", START, "drawn")
        assert kept.digest == hashlib.sha256(kept.pdf).digest()
    assert kept.digest.hex() in page
    assert "与签署时一致" in page
    paper = hr.get(f"{where}/agreement.pdf")
    assert paper.mimetype == "application/pdf"
    text = text_of(paper.data)
    for words in ("标识物品使用责任书", "华信通服", "C01", "且不再续约时全部交回", "钱总（手写签名）", "2026年11月22日09:00:00", "SHA-256"):
        assert words in text, words
    assert "已经签过" in hr.get(f"{where}/agreement").text
    agree(hr, where, **{"sign-name": "别人"})
    assert deeds(app) == [("custody.agreed", "done")]


def test_an_agreement_on_paper_needs_a_name_and_a_day(app: Flask, sign_in: SignIn, where: str) -> None:
    hr = sign_in("hr")
    paper = {"how": "paper", "sign-strokes": ""}
    answer = agree(hr, where, **paper)
    assert (answer.status_code, "请填写纸上签署日期" in answer.text) == (422, True)
    answer = agree(hr, where, **paper, paper_day="2026-11-23")
    assert (answer.status_code, "不能晚于今天" in answer.text) == (422, True)
    assert 'value="钱总"' in answer.text
    assert agree(hr, where, **paper, paper_day="2026-11-20").status_code == 303
    assert "签在纸上" in hr.get(where).text
    assert "2026年11月20日" in text_of(hr.get(f"{where}/agreement.pdf").data)
    with app.app_context():
        assert db.session.scalars(select(CustodyAgreement)).one().signature == {"how": "paper", "strokes": []}


BAD_AGREEMENTS = (
    ({"sign-name": ""}, "请输入签名人姓名"), ({"sign-strokes": ""}, "请在框内手写签名"), ({"sign-strokes": "[[[5,5]]]"}, "签名太小"),
    ({"sign-strokes": "[[[5,5000]]]"}, "没有读到完整的签名"), ({"text": "短"}, "20 到 6000"), ({"how": "telex"}, "有效的"),
    ({"text": "本公司只在进行支撑服务时使用标识物品，署名𠮷野。"}, "这些字无法打印：𠮷"),
)


def test_a_bad_agreement_says_what_is_wrong_and_keeps_what_was_typed(app: Flask, sign_in: SignIn, where: str) -> None:
    hr = sign_in("hr")
    for fields, words in BAD_AGREEMENTS:
        answer = agree(hr, where, **fields)
        assert (answer.status_code, words in answer.text) == (422, True), words
        assert 'value="钱总"' in answer.text or "sign-name" in fields
    assert deeds(app) == []


# Issuing


def test_a_person_signs_for_items(app: Flask, sign_in: SignIn, number: str, where: str) -> None:
    assert items(app) == [("uniform", "", "issued"), ("badge", "GP-1", "issued"), ("badge", "GP-2", "issued")]
    hr = sign_in("hr")
    page = hr.get(f"/custody/{number}").text
    with app.app_context():
        kept = db.session.scalars(select(CustodyReceipt)).one()
    assert (kept.issued, kept.assignment, kept.digest) == (START, "杭州驻点支撑", hashlib.sha256(kept.pdf).digest())
    for words in (kept.digest.hex(), "与签署时一致", "杭州驻点支撑", "GP-1", "沈佳怡"):
        assert words in page, words
    text = text_of(hr.get(f"/custody/{number}.pdf").data)
    said = (number, "王建国（S0001）", "华信通服", "制服", "胸卡", "GP-2", "杭州驻点支撑", "只在进行支撑服务时使用", "手写签名", "SHA-256")
    assert [words for words in said if words not in text] == []
    assert number in hr.get(where).text


def test_the_holder_may_declare_the_name_and_nobody_signs_for_another(sign_in: SignIn, where: str) -> None:
    hr = sign_in("hr")
    agree(hr, where)
    answer = hand(hr, where, **{"sign-name": "李晓梅"})
    assert (answer.status_code, "须由本人签名" in answer.text, 'value="GP-1、GP-2"' in answer.text) == (422, True, True)
    answer = hand(hr, where, **{"sign-strokes": ""})
    assert (answer.status_code, "请在框内手写签名" in answer.text) == (422, True)
    assert hand(hr, where, **{**declared("王建国"), "sign-strokes": ""}).status_code == 303


BAD_ISSUES = (
    ({"assignment": " "}, "请填写用于哪项工作"), ({"uniform-taken": "", "badge-labels": ""}, "请至少选一件物品"),
    ({"other-taken": "y"}, "请说明是什么物品"), ({"badge-labels": "长" * 81}, "最多 80 个字"),
    ({"badge-labels": "、".join(f"B{n}" for n in range(21))}, "最多 20 件"), ({"assignment": "𠮷野驻点"}, "这些字无法打印"),
)


def test_a_bad_issue_says_what_is_wrong(app: Flask, sign_in: SignIn, where: str) -> None:
    hr = sign_in("hr")
    agree(hr, where)
    for fields, words in BAD_ISSUES:
        answer = hand(hr, where, **fields)
        assert (answer.status_code, words in answer.text) == (422, True), words
    assert items(app) == []


def test_only_the_companys_own_people_on_the_roster(app: Flask, cast: Cast, sign_in: SignIn, where: str) -> None:
    hr = sign_in("hr")
    agree(hr, where)
    assert "没有工号为 S0101 的人员" in hr.get(f"{where}/issue?staff=S0101").text
    assert hand(hr, where, "S0101", "赵志强").status_code == 422
    assert "没有工号为 S9999" in hr.get(f"{where}/issue?staff=S9999").text
    change(app, update(RosterEntry).where(RosterEntry.person_id == cast.owner.person_id).values(ends=START))
    assert "现在不在这份合同的花名册上" in hr.get(f"{where}/issue?staff=S0001").text


def test_open_items_and_unsettled_losses_block_the_next_issue(app: Flask, sign_in: SignIn, number: str, where: str) -> None:
    hr = sign_in("hr")
    uniform, first, second = item_ids(app)
    assert "还有未交回的物品" in hr.get(f"{where}/issue?staff=S0001").text
    hr.form(f"/custody/{number}/return", {"items": [uniform, first]})
    assert "还有未交回的物品" in hr.get(f"{where}/issue?staff=S0001").text
    hr.form(f"/custody/{number}/items/{second}/loss", {"report": "在地铁上遗失，已报站务。"})
    assert "遗失的物品还没有结案" in hr.get(f"{where}/issue?staff=S0001").text
    hr.form(f"/custody/{number}/items/{second}/settle", {"settlement": "按价赔偿，补发新卡。"})
    assert hand(hr, where).status_code == 303
    assert [event for event, _ in deeds(app)] == [
        "custody.agreed", "custody.issued", "custody.returned", "custody.lost", "custody.settled", "custody.issued"
    ]


def test_two_issues_at_once_make_one_receipt(app: Flask, cast: Cast, sign_in: SignIn, where: str) -> None:
    agree(sign_in("hr"), where)
    with app.app_context():
        paper = papers.SignedPaper("收到", Signature("王建国", How.TYPED), b"pdf")
        new = [actions.NewReceipt(f"BG-2026-{n}", cast.owner.person_id, "驻点", [Wanted(Kind.BADGE)], paper) for n in range(2)]
        answers = []
        for receipt in new:
            with work(Actor("account:1", cast.hr.account_id)) as w:
                answers.append(actions.issue(w, cast.contracts["C01"], receipt))
    assert answers == [(), (Refusal.OPEN_ITEMS,)]
    assert ("custody.issued", "refused") in deeds(app)


# What becomes of items


def test_items_come_back_in_part_and_what_was_lost_may_be_found(app: Flask, sign_in: SignIn, number: str) -> None:
    hr = sign_in("hr")
    uniform, first, second = item_ids(app)
    assert "请勾选交回的物品" in hr.form(f"/custody/{number}/return", {}).text
    hr.form(f"/custody/{number}/return", {"items": [uniform], "note": "完好"})
    hr.form(f"/custody/{number}/items/{first}/loss", {"report": "出差途中遗失。"})
    assert [state for _, _, state in items(app)] == ["returned", "lost", "issued"]
    page = hr.get(f"/custody/{number}").text
    for words in ("完好", "出差途中遗失", "遗失，未结案", "现在找到"):
        assert words in page, words
    hr.form(f"/custody/{number}/return", {"items": [first, second], "note": "在车里找到"})
    assert [state for _, _, state in items(app)] == ["returned"] * 3
    answer = hr.form(f"/custody/{number}/return", {"items": [first]}, follow_redirects=True)
    assert "已经交回或报失" in answer.text
    assert "已经交回或报失" in hr.get(f"/custody/{number}/items/{first}/loss").text
    assert "没有待结案的遗失" in hr.get(f"/custody/{number}/items/{first}/settle").text


def test_a_report_and_a_settlement_are_written_out(app: Flask, sign_in: SignIn, number: str) -> None:
    hr, (uniform, *_) = sign_in("hr"), item_ids(app)
    answer = hr.form(f"/custody/{number}/items/{uniform}/loss", {"report": "丢"})
    assert (answer.status_code, "5 到 2000" in answer.text) == (422, True)
    hr.form(f"/custody/{number}/items/{uniform}/loss", {"report": "晾晒时被风吹走。"})
    answer = hr.form(f"/custody/{number}/items/{uniform}/settle", {"settlement": " "})
    assert (answer.status_code, "请写明处理结果" in answer.text) == (422, True)
    hr.form(f"/custody/{number}/items/{uniform}/settle", {"settlement": "照价赔偿。"})
    assert "照价赔偿。" in sign_in("owner").get(f"/custody/{number}").text


def test_an_ended_contract_calls_its_items_back(
    app: Flask, cast: Cast, sign_in: SignIn, number: str, where: str, clock: TickingClock
) -> None:
    hr = sign_in("hr")
    assert number not in hr.get("/custody?state=overdue").text
    assert "合同还没有结束" in hr.get(f"{where}/reclaim").text
    change(app, update(Contract).where(Contract.code == "C01").values(ends=START + timedelta(hours=1)))
    clock.tick(hours=1)
    page = hr.get("/custody?state=overdue").text
    assert number in page
    assert "合同结束，未续约" in page
    assert "3 件逾期未交回" in page
    assert "该收回的物品：3 件" in hr.get(where).text
    assert "下列物品全部收回" in hr.get(f"{where}/reclaim").text
    lines = hr.get(f"{where}/reclaim.csv").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[2] == f"S0001,王建国,杭州,胸卡,GP-1,{number},2026-11-22,保管中,合同结束，未续约"
    assert "有物品该交回了" in sign_in("owner").get("/custody/mine").text
    with app.app_context(), work(SYSTEM) as w:
        old = w.session.get_one(Contract, cast.contracts["C01"])
        w.session.add(Contract(
            partner_id=old.partner_id, code="C01-2", state="draft", starts=START, ends=START + timedelta(days=300), programmes=[],
            renews_id=old.id,
        ))
    assert number in hr.get("/custody?state=overdue").text, "a draft renews nothing"
    change(app, update(Contract).where(Contract.code == "C01-2").values(state="signed"))
    assert number not in hr.get("/custody?state=overdue").text


def test_who_is_on_no_roster_any_more_gives_back(app: Flask, cast: Cast, sign_in: SignIn, number: str) -> None:
    change(app, update(RosterEntry).where(RosterEntry.person_id == cast.owner.person_id).values(ends=START))
    page = sign_in("hr").get("/custody?state=overdue").text
    assert number in page
    assert "已不在花名册" in page


# The list, and who sees what


def test_the_list_searches_filters_and_sorts(app: Flask, sign_in: SignIn, number: str, cast: Cast) -> None:
    hr, other = sign_in("hr"), base(cast, "C02", "P02")
    agree(hr, other)
    theirs = hand(hr, other, "S0101", "赵志强", **{"badge-labels": "YC-7", "uniform-taken": ""}).headers["Location"].rpartition("/")[2]
    for query, found in (
        ("", {number, theirs}), ("?q=YC-7", {theirs}), ("?q=王建国", {number}), ("?q=S0101", {theirs}), (f"?q={number}", {number}),
        ("?partner=P02", {theirs}), ("?state=open", {number, theirs}), ("?state=closed", set()), ("?state=lost", set()),
        ("?sort=name", {number, theirs}), ("?sort=-partner&page=9", {number, theirs}),
    ):
        page = hr.get(f"/custody{query}").text
        assert {one for one in (number, theirs) if f"/custody/{one}" in page} == found, query
    with app.app_context():
        mine = db.session.scalars(select(CustodyItem.id).join(CustodyReceipt).where(CustodyReceipt.number == theirs)).all()
    hr.form(f"/custody/{theirs}/return", {"items": mine})
    assert theirs in hr.get("/custody?state=closed").text
    assert "没有符合条件的凭据" in hr.get("/custody?q=nothing").text


def test_everybody_sees_their_own_part(sign_in: SignIn, number: str, where: str, cast: Cast) -> None:
    seen = {"owner": 200, "colleague": 404, "stranger": 404, "coordinator": 200, "other_coordinator": 404, "hr": 200, "auditor": 200,
            "officer": 404, "admin": 404}
    for name, status in seen.items():
        browser = sign_in(name)
        assert browser.get(f"/custody/{number}").status_code == status, name
        assert browser.get(f"/custody/{number}.pdf").status_code == status, name
    assert number in sign_in("owner").get("/custody/mine").text
    assert number not in sign_in("colleague").get("/custody/mine").text
    assert number in sign_in("coordinator").get("/custody").text
    assert number not in sign_in("other_coordinator").get("/custody").text
    for name in ("coordinator", "auditor", "owner"):
        browser, page = sign_in(name), sign_in(name).get(f"/custody/{number}").text
        assert "确认收回" not in page
        assert browser.form(f"/custody/{number}/return", {"items": 1}).status_code == 403
    assert sign_in("other_coordinator").get(where).status_code == 404
    assert sign_in("hr").get(base(cast, "C02", "P01")).status_code == 404, "a contract of another company"


def test_a_paper_that_was_changed_says_so(app: Flask, sign_in: SignIn, number: str, where: str) -> None:
    change(app, update(CustodyReceipt).values(pdf=b"%PDF-another"), update(CustodyAgreement).values(digest=bytes(32)))
    hr = sign_in("hr")
    assert "文件与签署时不一致" in hr.get(f"/custody/{number}").text
    assert "文件与签署时不一致" in hr.get(where).text


def test_a_stolen_form_changes_nothing(app: Flask, sign_in: SignIn, number: str) -> None:
    assert sign_in("hr").post(f"/custody/{number}/return", data={"items": item_ids(app)[0]}).status_code == 400
    assert sign_in("hr").form(f"/custody/{number}/return", {"items": 999_999}).status_code == 422
    assert {state for _, _, state in items(app)} == {"issued"}


