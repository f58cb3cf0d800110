"""The first half of a partner's story, and what its chapters share: from a draft contract to people who carry the logo.

The second half, and the story as a whole, is ``test_partner_story.py``.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from certification.actions.decisions import open_for
from certification.tables import CustodyReceipt, Licence, Programme, ProgrammeEdition
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from foundation.worker import run_sweeps
from people.tables import Contract, Partner, Person
from tests.browser.looking import all_well
from tests.browser.test_signature import draw
from tests.cast import SHANGHAI, Cast
from tests.cast import seed as keep
from tests.people.sheets import person, xlsx

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
FANG, GAO, HE = ("N00001", "方远"), ("N00002", "高敏"), ("N00003", "何军")
Visit = Callable[..., Page]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass
class Story:
    """What the chapters share."""

    app: Flask
    cast: Cast
    clock: TickingClock
    visit: Visit
    contract: str = ""
    """The path of the contract's page."""
    licence: str = ""
    """The number of the licence that 方远 gets."""
    public: Page | None = None
    """The phone of somebody who never signed in."""

    def one(self, statement: Any) -> Any:
        with self.app.app_context():
            return db.session.scalars(statement).one()

    def worker(self) -> None:
        """What the worker does each second and each minute."""
        with self.app.app_context():
            counts = run_sweeps()
        assert -1 not in counts.values(), counts

    def until(self, text: str) -> None:
        """The time passes, and the worker has been at it."""
        self.clock.set(local(text))
        self.worker()


def well(page: Page) -> None:
    """Nothing is wrong with the page as it stands."""
    found = all_well(page)
    assert found == [], (page.url, found)


def send(page: Page, name: str) -> None:
    """Press a button of the page and wait for the next one."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).click()


def agree(page: Page) -> None:
    """Say yes to what a dialog asks."""
    with page.expect_navigation():
        page.locator("dialog[open] .btn-primary, dialog[open] .btn-danger").first.click()


def tile(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value={value}]").check(force=True)


def text_of(page: Page, link: Locator) -> str:
    """What the PDF says to which a link leads, fetched as the browser would."""
    answer = page.request.get(str(link.get_attribute("href")))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return "".join("".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(answer.body())).pages)


def sign(page: Page, name: str) -> None:
    """Type the name and draw the signature."""
    page.fill("[name=sign-name]", name)
    draw(page, (0.1, 0.3), (0.4, 0.8), (0.7, 0.2), (0.9, 0.6))
    expect(page.get_by_text("已签名")).to_be_visible()


def a_partner_and_a_draft(story: Story, hr: Page) -> None:
    hr.goto("/partners/new")
    well(hr)
    hr.fill("[name=name]", "恒达通信")
    hr.fill("[name=code]", "P03")
    send(hr, "新增合作方")
    expect(hr.locator("main")).to_contain_text("还没有合同")
    well(hr)
    hr.get_by_role("link", name="新增合同").first.click()
    well(hr)
    hr.fill("[name=title]", "恒达驻点支撑合同")
    hr.fill("[name=code]", "HD-2026")
    hr.fill("[name=starts]", "2026-11-24")
    hr.fill("[name=ends]", "2027-12-31")
    tile(hr, "programmes", "GC")
    send(hr, "新增合同")
    partner = story.one(select(Partner.id).where(Partner.code == "P03"))
    contract = story.one(select(Contract.id).where(Contract.code == "HD-2026"))
    story.contract = f"/partners/{partner}/contracts/{contract}"
    hr.goto(story.contract)
    expect(hr.locator("main")).to_contain_text("花名册还是空的")
    well(hr)


def a_roster_comes_as_a_file(story: Story, hr: Page) -> None:
    def row(who: tuple[str, str], number: int, **more: Any) -> list[Any]:
        return person(number, staff_no=who[0], name=who[1], contract="HD-2026", since=local("2026-11-24").date(), partner="P03", **more)

    def upload(rows: list[list[Any]]) -> None:
        hr.goto(story.contract.partition("/contracts")[0] + "/import")
        hr.set_input_files("[name=file]", {"name": "恒达花名册.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(rows)})
        send(hr, "上传并检查")
        story.worker()

    hr.goto(story.contract.partition("/contracts")[0])
    hr.get_by_role("link", name="导入花名册").click()
    well(hr)
    upload([row(FANG, 1), row(GAO, 2, phone=13800138000.0), row(HE, 3)])
    expect(hr.locator("main")).to_contain_text("什么都没有导入", timeout=10_000)
    expect(hr.locator("main tbody tr")).to_have_count(1)
    expect(hr.locator("main tbody")).to_contain_text("第 3 行")
    expect(hr.locator("main tbody")).to_contain_text("存成了数字")
    well(hr)
    hr.locator("main").get_by_role("link", name="重新上传").click()
    upload([row(FANG, 1), row(GAO, 2), row(HE, 3)])
    expect(hr.get_by_role("button", name="全部导入")).to_be_visible(timeout=10_000)
    well(hr)
    send(hr, "全部导入")
    story.worker()
    expect(hr.locator("main")).to_contain_text("全部导入完成", timeout=10_000)
    well(hr)
    keep(story.app, {"licences": [{"staff_no": HE[0], "programme": "GC", "events": [
        {"kind": "granted", "grade": "qualified", "effective": "2025-12-20T10:00:00+08:00"}]}]})  # taken over from the books


def nobody_signs_past_the_uncertified(story: Story, hr: Page) -> None:
    hr.goto(story.contract)
    hr.get_by_role("button", name="标记为已签订").click()
    agree(hr)
    expect(hr.locator("main")).to_contain_text("不能签订")
    expect(hr.locator("main")).to_contain_text(FANG[1])
    assert story.one(select(Contract.state).where(Contract.code == "HD-2026")) == "draft"
    well(hr)
    hr.get_by_role("link", name="打开签约前核对表").click()
    expect(hr.get_by_role("heading", level=2, name="还不能签订")).to_be_visible()
    for number, name in (FANG, GAO):
        expect(hr.locator("#people tr", has_text=number)).to_contain_text(name)
        expect(hr.locator("#people tr", has_text=number)).to_contain_text("未持证")
    expect(hr.locator("#people tr", has_text=HE[0])).to_contain_text("至 2026")
    well(hr)
    paper = text_of(hr, hr.get_by_role("link", name="打印"))
    assert "方远" in paper
    assert "高敏" in paper


def they_are_certified(story: Story) -> None:
    with story.app.app_context(), work(SYSTEM) as w:  # their exam was passed and released
        edition = w.session.scalars(select(ProgrammeEdition.id).join(Programme).where(Programme.code == "GC")).one()
        for number, _name in (FANG, GAO):
            person_id = w.session.scalars(select(Person.id).where(Person.staff_no == number)).one()
            assert open_for(w, person_id, edition, None, "excellent" if number == FANG[0] else "qualified")
    decider = story.visit("decider")
    decider.goto("/decisions")
    well(decider)
    decider.get_by_role("button", name="授予本页 2 人").click()
    agree(decider)
    expect(decider.locator("main")).to_contain_text("已授予 2 人")
    story.licence = story.one(select(Licence.number).join(Person).where(Person.staff_no == FANG[0]))


def signed_and_running(story: Story, hr: Page) -> None:
    hr.goto(story.contract)
    expect(hr.locator("main")).to_contain_text("可以签订")
    send(hr, "确认花名册全部持证")
    expect(hr.locator("main")).to_contain_text("花名册已确认")
    hr.get_by_role("link", name="签约前核对", exact=True).click()
    hr.get_by_role("button", name="标记为已签订").click()
    agree(hr)
    expect(hr.locator("main")).to_contain_text("核对表已存档")
    well(hr)
    story.until("2026-11-24T08:30")
    assert story.one(select(Contract.state).where(Contract.code == "HD-2026")) == "running"


def the_logo_is_handed_out(story: Story) -> None:
    hr = story.visit("hr", PHONE)
    hr.goto(story.contract)
    expect(hr.locator("main")).to_contain_text("合同开始执行")
    expect(hr.locator("#years")).to_contain_text("3 / 3")
    well(hr)
    hr.get_by_role("link", name="标识物品").last.click()
    expect(hr.locator("main")).to_contain_text("还没有签使用责任书")
    well(hr)
    hr.get_by_role("link", name="签责任书").click()
    well(hr)
    sign(hr, "钱总")
    send(hr, "签署")
    expect(hr.locator(".signature-shown")).to_be_visible()
    hr.get_by_role("link", name="发放物品").first.click()
    hr.fill("[name=staff]", FANG[0])
    send(hr, "下一步")
    well(hr)
    hr.fill("[name=assignment]", "杭州城区集团客户驻点支撑")
    hr.check("[name=uniform-taken]")
    hr.check("[name=badge-taken]")
    hr.fill("[name=badge-labels]", "GP-1")
    sign(hr, FANG[1])
    send(hr, "签收并发放")
    well(hr)
    number = story.one(select(CustodyReceipt.number))
    paper = text_of(hr, hr.get_by_role("link", name="打开 PDF"))
    assert all(word in paper for word in (number, "方远", "GP-1", "杭州城区集团客户驻点支撑"))
