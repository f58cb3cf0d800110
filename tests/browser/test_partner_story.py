"""A partner's whole story in a browser: from a draft contract to an ended one, by everybody it takes.

Told in chapters; the clock stands still between them and is ticked where the
story says so. Runs on both databases.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from certification.tables import Breach, DispatchDecision, VisitPaper
from foundation.clock import TickingClock
from people.tables import Contract
from tests.browser import partner_story as before
from tests.browser.inside import served, sign_in
from tests.browser.looking import Watch
from tests.browser.partner_story import DESK, FANG, HE, PHONE, Story, Visit, local, send, sign, text_of, tile, well
from tests.cast import Cast

pytestmark = pytest.mark.walkthrough
OWN_PASSWORD = "方远自己的一句长口令-2026"


@pytest.fixture
def address(app: Flask, cast: Cast) -> Iterator[str]:
    """The site in this process, with the shipped content."""
    loaded = app.test_cli_runner().invoke(args=["content", "load"])
    assert loaded.exit_code == 0, loaded.output
    with served(app) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """``visit("hr")``: that person's browser, signed in through the door; nobody's without a name."""
    contexts: list[BrowserContext] = []

    def opened(name: str | None = None, size: dict[str, int] = DESK) -> Page:
        context = browser.new_context(
            base_url=address, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", accept_downloads=True
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        Watch.over(page)
        if name:
            sign_in(page, name)
        return page

    yield opened
    for context in contexts:
        context.close()


def ask(page: Page, visit: str, *team: str, logo: bool = True, day: str = "2026-11-24") -> None:
    """Fill in the form of a trial decision about an afternoon, and send it."""
    page.goto("/dispatch")
    page.select_option("[name=programme]", "GC")
    page.fill("[name=staff]", " ".join(team))
    page.fill("[name=starts]", f"{day}T14:00")
    page.fill("[name=ends]", f"{day}T17:00")
    tile(page, "customer_tier", "gold")
    tile(page, "scope", "cross_city")
    if logo:
        page.check("[name=logo]")
    page.fill("[name=visit]", visit)
    send(page, "判定")


def he_may_be_sent(story: Story, hr: Page) -> None:
    ask(hr, "W-16", FANG[0])
    expect(hr.locator("main")).to_contain_text("可以派")
    well(hr)
    story.worker()
    assert story.one(select(DispatchDecision.allowed).where(DispatchDecision.visit == "W-16"))
    expect(hr.get_by_role("heading", name="上门单据")).to_have_count(1)


def he_gets_an_account(story: Story) -> Page:
    """The administrator makes one; the person changes the password on a phone. Answers the person's page."""
    admin = story.visit("admin")
    admin.goto("/accounts/new")
    admin.fill("[name=staff_no]", FANG[0])
    admin.fill("[name=name]", FANG[1])
    admin.select_option("[name=partner]", label="恒达通信")
    admin.fill("[name=username]", "fangyuan")
    tile(admin, "roles", "candidate")
    send(admin, "新增账号")
    secret = admin.locator("#secret").inner_text()
    well(admin)
    own = story.visit(None, PHONE)
    own.goto("/login")
    own.fill("[name=username]", "fangyuan")
    own.fill("[name=password]", secret)
    own.click("main button[type=submit]")
    own.wait_for_url("**/account/password")
    own.fill("[name=current]", secret)
    own.fill("[name=new]", OWN_PASSWORD)
    own.fill("[name=again]", OWN_PASSWORD)
    send(own, "更新密码")
    own.goto("/")
    expect(own.locator(".licence")).to_contain_text(story.licence)
    well(own)
    return own


def the_customer_confirms(story: Story, own: Page) -> None:
    story.clock.set(local("2026-11-24T15:40"))
    own.goto("/visit-papers")
    well(own)
    expect(own.locator("main")).to_contain_text("W-16")
    own.get_by_role("link", name="打印或填写").click()
    well(own)
    own.get_by_role("button", name="在手机上填写").first.click()
    own.wait_for_url("**/fill")
    well(own)
    own.fill("[name=customer]", "湖滨宾馆")
    own.fill("[name=arrived]", "2026-11-24T14:05")
    own.fill("[name=work]", "更换光模块，业务恢复。")
    send(own, "保存，请客户确认")
    send(own, "请客户确认")
    well(own)
    link = own.locator("#address").inner_text().strip()
    customer = story.visit(None, PHONE)
    customer.goto("/visits/" + link.rpartition("/")[2])
    expect(customer.locator("main")).to_contain_text("更换光模块")
    expect(customer.locator("main")).to_contain_text("集团客户现场支撑")  # not its code
    well(customer)
    customer.locator("input[name=satisfied]").first.check(force=True)
    sign(customer, "林经理")
    send(customer, "确认")
    expect(customer.locator("main")).to_contain_text("已确认，谢谢")
    well(customer)
    assert story.one(select(VisitPaper.confirmed)) is not None
    own.get_by_role("link", name="完成").click()
    expect(own.locator("main")).to_contain_text("林经理")
    paper = text_of(own, own.get_by_role("link", name="打开 PDF"))
    assert all(word in paper for word in ("集团客户现场支撑", "湖滨宾馆", "更换光模块", "林经理", story.licence))


def a_breach_and_its_end(story: Story, own: Page) -> None:
    hr = story.visit("hr")
    hr.goto(f"/people/{FANG[0]}")
    hr.get_by_role("link", name="记录违规").click()
    hr.fill("[name=clause]", "GCS@2011#24.1")
    tile(hr, "severity", "grave")
    tile(hr, "source", "complaint")
    hr.fill("[name=occurred]", "2026-11-24T14:05")
    hr.fill("[name=visit]", "W-16")
    hr.fill("[name=description]", "客户投诉：没有按约定时间到达，也没有提前说明。")
    well(hr)
    send(hr, "记录违规")
    expect(hr.locator("main")).to_contain_text("违规已记录")
    well(hr)
    ask(hr, "W-17", FANG[0], day="2026-11-25")
    expect(hr.locator(".verdict h2")).to_contain_text("方远 的上岗证自 2026-11-24 15:40 起暂停")  # not what follows from it
    well(hr)
    the_public_sees(story, "suspended")
    number = story.one(select(Breach.number))
    own.goto("/")
    expect(own.locator(".licence")).to_contain_text("暂停")
    well(own)
    own.get_by_role("link", name="违规").first.click()
    well(own)
    own.goto(f"/breaches/{number}")
    well(own)
    own.fill("[name=text]", "当天 13:50 已电话告知客户堵车，客户同意推迟到 14:10，有通话记录。")
    send(own, "提交申诉")
    expect(own.locator("main")).to_contain_text("申诉已提交")
    decider = story.visit("decider")
    decider.goto(f"/breaches/{number}")
    well(decider)
    tile(decider, "verdict", "lift")
    decider.fill("[name=outcome]", "通话记录属实，改约在约定时间以前，违规不成立。")
    send(decider, "作出决定")
    well(decider)
    ask(hr, "W-18", FANG[0], day="2026-11-25")
    expect(hr.locator("main")).to_contain_text("可以派")
    the_public_sees(story, "active")


def the_public_sees(story: Story, standing: str) -> None:
    public = story.public = story.public or story.visit(None, PHONE)
    public.goto(f"/verify/{story.licence}")
    expect(public.locator("main")).to_have_attribute("data-standing", standing)
    expect(public.locator("main")).to_contain_text("方*")
    assert FANG[1] not in public.content()
    well(public)


def hr_answers_in_three_clicks(story: Story, hr: Page) -> None:
    story.worker()
    hr.goto("/")
    well(hr)
    with hr.expect_navigation():
        hr.locator("main").get_by_role("link", name="恒达通信", exact=True).first.click()
    expect(hr.locator("#list tbody tr")).to_have_count(1)
    expect(hr.locator("#list tbody")).to_contain_text(HE[1])
    well(hr)
    hr.goto("/")
    hr.fill("main [name=q]", "W-17")
    send(hr, "查原因")
    well(hr)
    expect(hr.locator("main tbody")).to_contain_text("暂停")  # the second click has answered; the third shows all of it
    with hr.expect_navigation():
        hr.locator("main tbody").get_by_role("link", name="W-17").click()
    expect(hr.locator(".verdict h2")).to_contain_text("暂停")
    hr.goto(f"/people/{FANG[0]}")
    for word in (story.licence, "GP-1", "W-17", "HD-2026"):
        expect(hr.locator("main")).to_contain_text(word)
    well(hr)


def the_contract_ends(story: Story) -> None:
    story.until("2027-11-10T09:00")
    assert story.one(select(Contract.state).where(Contract.code == "HD-2026")) == "ending"
    the_public_sees(story, "expiring")
    story.until("2028-01-01T09:00")
    assert story.one(select(Contract.state).where(Contract.code == "HD-2026")) == "ended"
    hr = story.visit("hr")
    hr.goto(story.contract)
    expect(hr.locator("main")).to_contain_text("合同到期结束")
    well(hr)
    ask(hr, "W-99", FANG[0], day="2028-01-03")
    expect(hr.locator("main")).to_contain_text("不能派")
    expect(hr.locator("main")).to_contain_text("HD-2026")
    hr.goto(f"{story.contract}/custody")
    well(hr)
    hr.get_by_role("link", name="打开收回清单").click()
    expect(hr.locator("main tbody tr")).to_have_count(2)
    expect(hr.locator("main tbody")).to_contain_text("GP-1")
    well(hr)
    hr.locator("main tbody").get_by_role("link").first.click()
    for box in hr.locator("input[name=items]").all():
        box.check(force=True)
    send(hr, "确认收回")
    expect(hr.locator("main")).to_contain_text("已收回 2 件物品")
    hr.goto(f"{story.contract}/custody/reclaim")
    expect(hr.locator("main")).to_contain_text("没有要收回的物品")
    expect(hr.locator("main .note-bad")).to_have_count(0)
    the_public_sees(story, "expired")


def test_a_partners_story(app: Flask, cast: Cast, clock: TickingClock, visit: Visit) -> None:
    story = Story(app, cast, clock, visit)
    hr = visit("hr")
    before.a_partner_and_a_draft(story, hr)
    before.a_roster_comes_as_a_file(story, hr)
    before.nobody_signs_past_the_uncertified(story, hr)
    before.they_are_certified(story)
    before.signed_and_running(story, hr)
    before.the_logo_is_handed_out(story)
    hr = visit("hr")
    he_may_be_sent(story, hr)
    own = he_gets_an_account(story)
    the_customer_confirms(story, own)
    a_breach_and_its_end(story, own)
    hr_answers_in_three_clicks(story, hr)
    the_contract_ends(story)
