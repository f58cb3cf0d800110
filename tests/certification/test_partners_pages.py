"""Companies, contracts and rosters: who sees what, who is certified, and what HR and coordinators may change."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from foundation.clock import TickingClock
from foundation.database import db
from foundation.sealing import sealer
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people.actions.rosters import sweep_leavers
from people.tables import Account, Contract, Partner, Person, RosterEntry
from tests.cast import SHANGHAI, Cast, Visitor
from tests.certification.exams import document

SignIn = Callable[[str], Visitor]
Seed = Callable[[dict[str, Any]], dict[str, int]]
ID = "11010519491231002X"
NEW_PERSON = {"staff_no": "S0900", "starts": "2026-11-22", "name": "钱多多", "city": "杭州", "id_number": ID, "phone": "138 0013 8000"}


def holds(staff_no: str, since: str = "2026-06-01", programme: str = "GC", *more: dict[str, Any]) -> dict[str, Any]:
    events = [{"kind": "granted", "grade": "qualified", "effective": f"{since}T00:00:00+08:00"}, *more]
    return {"staff_no": staff_no, "programme": programme, "events": events}


@pytest.fixture
def company(app: Flask, cast: Cast, seed: Seed) -> str:
    """P01's contract asks for GC: ``owner`` holds it, ``colleague``'s is expiring, the coordinator has none. Answers the page's path."""
    filled = document(cast)
    filled["licences"] = [holds("S0001"), holds("S0002", "2025-12-10")]
    seed(filled)
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Contract).values(programmes=["GC"]))
    return f"/partners/{cast.partners['P01']}"


@pytest.fixture
def contract(company: str, cast: Cast) -> str:
    """The path of contract C01's page."""
    return f"{company}/contracts/{cast.contracts['C01']}"


def deeds(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [(row.event, row.subject, row.result) for row in db.session.scalars(select(AuditRow).order_by(AuditRow.seq))]


def roster(app: Flask, contract_id: int) -> list[tuple[str, datetime | None]]:
    with app.app_context():
        query = select(Person.staff_no, RosterEntry.ends).join(Person, Person.id == RosterEntry.person_id)
        rows = db.session.execute(query.where(RosterEntry.contract_id == contract_id).order_by(Person.staff_no))
        return [(row.staff_no, row.ends) for row in rows]


def local(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=SHANGHAI)


# Who sees what


def test_hr_and_auditors_see_all_companies_with_their_figures(company: str, sign_in: SignIn) -> None:
    for name in ("hr", "auditor"):
        page = sign_in(name).get("/partners").text
        assert "华信通服" in page
        assert "远诚网络" in page
        assert "共 3 条" in page
        assert "2 / 3" in page
        assert "1 人未持证" in page
        assert "0 / 2" in page


def test_a_coordinator_is_led_to_the_own_company_and_meets_404_elsewhere(company: str, contract: str, cast: Cast, sign_in: SignIn) -> None:
    own, other = sign_in("coordinator"), sign_in("other_coordinator")
    assert own.get("/partners").headers["Location"] == company
    assert own.get(contract).status_code == 200
    for path in (company, contract):
        assert other.get(path).status_code == 404
    entry = f"{contract}/people/1/end"
    assert [other.get(f"{contract}/people/new").status_code, other.form(f"{contract}/people/new", NEW_PERSON).status_code] == [404, 404]
    assert [other.get(entry).status_code, other.form(entry, {"last_day": "2026-11-22"}).status_code] == [404, 404]


def test_a_contract_is_not_found_under_another_company(cast: Cast, contract: str, sign_in: SignIn) -> None:
    wrong = f"/partners/{cast.partners['P02']}/contracts/{cast.contracts['C01']}"
    hr = sign_in("hr")
    assert [hr.get(wrong).status_code, hr.get(f"{wrong}/people/new").status_code, hr.form(f"{wrong}/state/ended").status_code] == [404] * 3


def test_only_hr_changes_companies_and_contracts(company: str, contract: str, sign_in: SignIn) -> None:
    for name in ("coordinator", "auditor"):
        browser = sign_in(name)
        assert browser.form("/partners/new", {"name": "x", "code": "X"}).status_code == 403
        assert browser.form(f"{company}/contracts/new").status_code == 403
        assert browser.form(f"{contract}/state/ended", {"reason": "x"}).status_code == 403
    page = sign_in("auditor").get(contract).text
    assert "列入人员" not in page
    assert "标记为" not in page
    assert ">移出<" not in page
    assert sign_in("auditor").form(f"{contract}/people/new", NEW_PERSON).status_code == 403


# Standings


def test_the_roster_shows_each_standing_under_what_the_contract_asks_for(contract: str, sign_in: SignIn) -> None:
    page = sign_in("coordinator").get(contract).text
    rows = {row.partition("</tr>")[0] for row in page.partition("<tbody>")[2].split("<tr>")[1:]}
    words, numbers = ("有效", "即将到期", "未持证"), ("S0001", "S0002", "S0003")
    found = {number: word for row in rows for number in numbers for word in words if number in row and word in row}
    assert found == {"S0001": "有效", "S0002": "即将到期", "S0003": "未持证"}
    assert "有 1 人没有有效的上岗证" in page


def test_standings_filter_the_roster(contract: str, company: str, sign_in: SignIn) -> None:
    browser = sign_in("hr")
    for path in (contract, company):
        counts = {wanted: browser.get(f"{path}?standing={wanted}").text for wanted in ("certified", "expiring", "uncertified")}
        assert [("S0001" in page, "S0002" in page, "S0003" in page) for page in counts.values()] == [
            (True, True, False), (False, True, False), (False, False, True)
        ]


@pytest.mark.parametrize(
    ("event", "word"),
    [
        ({"kind": "suspended", "effective": "2026-11-01T00:00:00+08:00"}, "已暂停"),
        ({"kind": "revoked", "effective": "2026-11-01T00:00:00+08:00"}, "已撤销"),
    ],
)
def test_a_suspended_or_revoked_licence_is_no_licence(
    app: Flask, cast: Cast, seed: Seed, sign_in: SignIn, event: dict[str, str], word: str
) -> None:
    filled = document(cast)
    filled["licences"] = [holds("S0001", "2026-06-01", "GC", event)]
    seed(filled)
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Contract).values(programmes=["GC"]))
    page = sign_in("hr").get(f"/partners/{cast.partners['P01']}/contracts/{cast.contracts['C01']}?standing=uncertified").text
    assert "S0001" in page
    assert word in page


def test_a_programme_that_is_not_known_is_held_by_nobody(app: Flask, contract: str, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Contract).values(programmes=["GC", "NOT-LOADED"]))
    assert "有 3 人没有有效的上岗证" in sign_in("hr").get(contract).text


def test_lists_are_searched_sorted_and_filtered(company: str, contract: str, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    assert "共 1 条" in hr.get("/partners?q=远诚").text
    assert "共 2 条" in hr.get("/partners?contract=in_force").text
    assert "没有符合条件的公司" in hr.get("/partners?q=_").text
    assert "共 1 条" in hr.get(f"{company}?q=王建").text
    assert "共 0 条" in hr.get(f"{company}?contract=none").text
    page = hr.get(f"{contract}?sort=-staff_no").text
    assert page.index("S0003") < page.index("S0001")


# HR's deeds


def test_hr_adds_a_company_and_a_contract(app: Flask, company: str, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    where = hr.form("/partners/new", {"name": "新来通信", "code": "P09"}).headers["Location"]
    assert "还没有合同" in hr.get(where).text
    typed = {"code": "C-09", "title": "驻点", "starts": "2026-12-01", "ends": "2027-11-30", "programmes": ["GC"]}
    made = hr.form(f"{where}/contracts/new", typed)
    page = hr.get(made.headers["Location"]).text
    assert "草稿" in page
    assert "2026年12月1日" in page
    assert "2027年11月30日" in page
    assert "花名册还是空的" in page
    with app.app_context():
        row = db.session.scalars(select(Contract).where(Contract.code == "C-09")).one()
        assert db.session.scalar(select(Partner.kind).where(Partner.code == "P09")) == "partner"
    assert (row.starts, row.ends, row.state, row.programmes) == (local(2026, 12, 1), local(2027, 12, 1), "draft", ["GC"])
    assert [deed[0] for deed in deeds(app)][-2:] == ["partner.added", "contract.added"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": "", "code": "P09"}, "请输入公司名称"), ({"name": "甲", "code": "P01"}, "这个公司编号已被使用"),
        ({"name": "甲", "code": "编号"}, "编号只能用字母"),
    ],
)
def test_a_company_that_is_wrong_is_not_added(company: str, sign_in: SignIn, typed: dict[str, str], says: str) -> None:
    page = sign_in("hr").form("/partners/new", typed)
    assert page.status_code == 422
    assert says in page.text
    assert f'value="{typed["code"]}"' in page.text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ends": "2026-11-30"}, "结束日期不能早于开始日期"),
        ({"code": "C01"}, "这个合同编号已被使用"), ({"programmes": []}, "至少选一个认证项目"),
        ({"starts": "someday"}, "field-error"), ({"ends": "9999-12-31"}, "年份要在"),
        ({"title": ""}, "请输入合同名称"), ({"programmes": ["X"]}, "field-error"),
    ],
)
def test_a_contract_that_is_wrong_is_not_added(app: Flask, company: str, sign_in: SignIn, change: dict[str, Any], says: str) -> None:
    typed = {"code": "C-09", "title": "驻点", "starts": "2026-12-01", "ends": "2027-11-30", "programmes": ["GC"]} | change
    page = sign_in("hr").form(f"{company}/contracts/new", typed)
    assert page.status_code == 422
    assert says in page.text
    assert all(f'value="{typed[name]}"' in page.text for name in ("code", "title", "starts", "ends"))
    with app.app_context():
        assert len(db.session.scalars(select(Contract.id)).all()) == 2


# Rosters


@pytest.mark.parametrize("name", ["hr", "coordinator"])
def test_a_newcomer_is_added_with_sealed_numbers_that_are_shown_masked(
    app: Flask, contract: str, company: str, cast: Cast, sign_in: SignIn, name: str
) -> None:
    browser = sign_in(name)
    assert browser.form(f"{contract}/people/new", NEW_PERSON).headers["Location"] == contract
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.staff_no == "S0900")).one()
        assert (sealer().open(person.id_number or b""), sealer().open(person.phone or b"")) == (ID, "13800138000")
        assert ID.encode() not in (person.id_number or b"")
        assert person.partner_id == cast.partners["P01"]
    for path in (contract, company):
        page = browser.get(path).text
        assert "钱多多" in page
        assert "138****8000" in page
        assert "证件尾号 002X" in page
        assert ID not in page
        assert "13800138000" not in page
    assert "钱多多" in browser.get(f"{company}?q={ID}").text
    assert [deed[0] for deed in deeds(app)][-2:] == ["person.added", "roster.entered"]
    assert not any(ID in str(deed) or "钱多多" in str(deed) for deed in deeds(app))


def test_somebody_on_the_staff_needs_only_the_number(app: Flask, contract: str, cast: Cast, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.add(Person(staff_no="S0901", name="早在册", partner_id=cast.partners["P01"]))
    assert sign_in("coordinator").form(f"{contract}/people/new", {"staff_no": "s0901", "starts": "2026-11-22"}).status_code == 302
    assert ("S0901", None) in roster(app, cast.contracts["C01"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "新增人员要填姓名"), ({"staff_no": ""}, "请输入工号"),
        ({"staff_no": "S0001", "name": "王建国"}, "已在这份合同的花名册里"),
        ({"staff_no": "S0001", "name": "张三"}, "姓名是王建国"), ({"id_number": "110105194912310021"}, "身份证号校验不对"),
        ({"id_number": "12345"}, "身份证号应为 18 位"),
        ({"id_number": "110105194902300021"}, "出生日期不对"), ({"phone": "12345"}, "请填 11 位手机号"),
        ({"starts": "2025-12-31"}, "要在合同期内"), ({"starts": "2027-07-01"}, "要在合同期内"), ({"starts": "x"}, "field-error"),
        ({"starts": "0001-01-01"}, "年份要在"), ({"name": "名" * 81}, "姓名最多 80 个字"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    app: Flask, contract: str, cast: Cast, sign_in: SignIn, change: dict[str, str], says: str
) -> None:
    typed = NEW_PERSON | change
    before = roster(app, cast.contracts["C01"])
    page = sign_in("hr").form(f"{contract}/people/new", typed)
    assert page.status_code == 422
    assert says in page.text
    assert all(f'value="{value}"' in page.text for value in typed.values())
    assert roster(app, cast.contracts["C01"]) == before
    with app.app_context():
        assert db.session.scalar(select(Person.id).where(Person.staff_no == "S0900")) is None


def test_who_works_elsewhere_is_told_to_hr_and_kept_from_a_coordinator(contract: str, sign_in: SignIn) -> None:
    typed = {"staff_no": "S0101", "starts": "2026-11-22"}
    assert "这个工号属于远诚网络" in sign_in("hr").form(f"{contract}/people/new", typed).text
    page = sign_in("coordinator").form(f"{contract}/people/new", typed).text
    assert "这个工号已被使用，请核对" in page
    assert "远诚" not in page
    assert "赵志强" not in page


def test_one_person_has_one_entry(app: Flask, contract: str, cast: Cast, sign_in: SignIn) -> None:
    coordinator = sign_in("coordinator")
    assert coordinator.form(f"{contract}/people/new", NEW_PERSON).status_code == 302
    twice = NEW_PERSON | {"staff_no": "S0902", "name": "钱多"}
    assert "已登记在工号 S0900 名下" in coordinator.form(f"{contract}/people/new", twice).text
    other = f"/partners/{cast.partners['P02']}/contracts/{cast.contracts['C02']}/people/new"
    page = sign_in("other_coordinator").form(other, twice).text
    assert "已被登记，请联系运营商人力" in page
    assert "S0900" not in page
    assert "已登记在工号 S0900 名下" in sign_in("hr").form(other, twice).text


def test_a_last_day_is_inclusive_and_leads_back(app: Flask, contract: str, cast: Cast, sign_in: SignIn, clock: TickingClock) -> None:
    with app.app_context():
        entry = db.session.scalar(select(RosterEntry.id).where(RosterEntry.person_id == cast.owner.person_id))
    coordinator, where = sign_in("coordinator"), f"{contract}/people/{entry}/end"
    early = coordinator.form(where, {"last_day": "2025-12-30"})
    assert early.status_code == 422
    assert "最后一天不能早于开始的那天" in early.text
    assert coordinator.form(where, {"last_day": "2026-11-30"}).headers["Location"] == contract
    assert roster(app, cast.contracts["C01"])[0] == ("S0001", local(2026, 12, 1))
    assert "至 2026年11月30日" in coordinator.get(contract).text
    assert coordinator.form(f"{contract}/people/new", {"staff_no": "S0001", "starts": "2026-11-30"}).status_code == 422
    assert coordinator.form(f"{contract}/people/new", {"staff_no": "S0001", "starts": "2026-12-01"}).status_code == 302
    assert ("roster.left", f"contract:{cast.contracts['C01']}", "done") in deeds(app)


def test_who_leaves_is_off_every_roster_and_signed_out_after_the_last_day(
    app: Flask, contract: str, company: str, cast: Cast, sign_in: SignIn, clock: TickingClock
) -> None:
    with app.app_context():
        entry = db.session.scalar(select(RosterEntry.id).where(RosterEntry.person_id == cast.owner.person_id))
    owner, hr = sign_in("owner"), sign_in("hr")
    hr.form(f"{contract}/people/{entry}/end", {"last_day": "2026-11-22", "left": "y"})
    assert roster(app, cast.contracts["C01"])[0] == ("S0001", local(2026, 11, 23))
    with app.app_context():
        assert sweep_leavers(clock.now()) == 0
    assert owner.get("/standards").status_code == 200
    clock.set(local(2026, 11, 23))
    with app.app_context():
        assert sweep_leavers(clock.now()) == 1
        assert db.session.get_one(Account, cast.owner.account_id).closed == clock.now()
    assert owner.get("/standards").status_code == 302
    hr = sign_in("hr")
    assert "王建国" not in hr.get(company).text
    left = hr.get(f"{company}?standing=left").text
    assert "王建国" in left
    assert "已离职" in left
    assert "2026年11月22日" in left
    assert hr.form(f"{contract}/people/new", {"staff_no": "S0001", "starts": "2026-12-01"}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Person, cast.owner.person_id).left is None


def test_an_entry_of_another_contract_is_not_found(app: Flask, contract: str, cast: Cast, sign_in: SignIn) -> None:
    with app.app_context():
        entry = db.session.scalar(select(RosterEntry.id).where(RosterEntry.person_id == cast.stranger.person_id))
    assert sign_in("hr").get(f"{contract}/people/{entry}/end").status_code == 404
    assert date(2026, 11, 22).isoformat() in sign_in("hr").get(f"{contract}/people/new").text
