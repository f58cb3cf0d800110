"""Signing on a phone: drawn with a finger, cleared, kept through an error, and typed where nothing can be drawn."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from certification.signature import FIELD
from certification.tables import CustodyReceipt, VisitPaper
from foundation.database import db
from foundation.work import SYSTEM, work
from tests.browser.conftest import PHONE
from tests.browser.inside import served
from tests.browser.inside import sign_in as through_the_door
from tests.browser.looking import Watch, all_well
from tests.cast import Cast
from tests.certification.custodian import TOKEN, agree, base, kept_for
from tests.certification.holders import granted, stage
from tests.certification.test_visit_papers_pages import asked


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


def phone(browser: Browser, address: str, **more: Any) -> Page:
    page = browser.new_context(base_url=address, viewport=PHONE, locale="zh-CN", reduced_motion="reduce", **more).new_page()
    Watch.over(page)
    return page


def draw(page: Page, *points: tuple[float, float]) -> None:
    """A line over the pad, points as shares of its width and height."""
    pad = page.locator(".signature-pad")
    pad.scroll_into_view_if_needed()
    frame = pad.bounding_box()
    assert frame is not None
    for place, (x, y) in enumerate(points):
        page.mouse.move(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"], steps=4)
        if place == 0:
            page.mouse.down()
    page.mouse.up()


def test_a_person_signs_for_items_on_a_phone(app: Flask, cast: Cast, sign_in: Any, browser: Browser, address: str) -> None:
    agree(sign_in("hr"), base(cast))
    page = phone(browser, address)
    through_the_door(page, "hr")
    page.goto(f"{base(cast)}/issue?staff=S0001")
    said = page.locator("[role=status]", has_text="用手指")
    expect(said).to_be_visible()
    draw(page, (0.1, 0.2), (0.5, 0.8), (0.9, 0.3))
    expect(page.get_by_text("已签名")).to_be_visible()
    page.get_by_role("button", name="清除签名").click()
    expect(page.locator(".signature-pad polyline")).to_have_count(0)
    assert page.locator("[name=sign-strokes]").input_value() == ""
    draw(page, (0.1, 0.2), (0.5, 0.8), (0.9, 0.3))
    draw(page, (0.3, 0.9), (0.6, 0.1))
    page.get_by_label("制服", exact=True).check()
    page.get_by_role("button", name="签收并发放").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写用于哪项工作")
    expect(page.locator(".signature-pad polyline")).to_have_count(2)  # nobody signs twice because of a slip elsewhere
    Watch.over(page).take()  # the 422
    assert all_well(page) == []
    page.get_by_label("用于哪项工作").fill("杭州驻点支撑")
    page.get_by_role("button", name="签收并发放").click()
    expect(page.get_by_role("heading", name="领用凭据")).to_be_visible()
    expect(page.locator(".signature-shown polyline")).to_have_count(2)
    with app.app_context():
        strokes = db.session.scalars(select(CustodyReceipt)).one().signature["strokes"]
    assert len(strokes) == 2
    (x, y), (to_x, to_y) = strokes[1][0], strokes[1][-1]
    assert abs(x - 0.3 * FIELD[0]) < 15
    assert abs(y - 0.9 * FIELD[1]) < 15
    assert abs(to_x - 0.6 * FIELD[0]) < 15
    assert abs(to_y - 0.1 * FIELD[1]) < 15
    assert all_well(page) == []
    page.context.close()


def test_a_customer_without_scripts_types_the_name(app: Flask, cast: Cast, sign_in: Any, browser: Browser, address: str) -> None:
    stage(app, cast, owner=[granted()], colleague=[granted()])
    decision = asked(sign_in("hr"))
    with app.app_context(), work(SYSTEM) as w:
        kept_for(w, cast, decision)
    page = phone(browser, address, java_script_enabled=False)
    page.goto(f"/visits/{TOKEN}")
    expect(page.locator(".signature-pad")).to_be_hidden()
    page.get_by_text("满意", exact=True).click()
    page.get_by_label("签名人姓名").fill("钱多多")
    page.get_by_label("以上面的姓名作为本人签名").check()
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_text("已确认，谢谢")).to_be_visible()
    with app.app_context():
        assert db.session.scalars(select(VisitPaper)).one().confirmation["signature"] == {"how": "typed", "strokes": []}
    page.context.close()
