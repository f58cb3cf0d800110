"""The marker's desk in a browser: by keys alone, on a phone, and a comment that outlives a reload and a new sign-in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, select

from certification.tables import Marking
from foundation.database import db
from foundation.work import SYSTEM, work
from people.tables import LoginSession
from tests.browser.conftest import DESK, PHONE
from tests.browser.inside import served, sign_in
from tests.browser.looking import Watch, all_well, dark_colours
from tests.cast import Cast
from tests.certification import written


@pytest.fixture
def ids(app: Flask, cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]], sign_in: Any) -> dict[str, Any]:
    return written.sat(app, cast, seed, sign_in)


@pytest.fixture
def address(app: Flask, ids: dict[str, Any]) -> Iterator[str]:
    """The site in this process."""
    with served(app) as address:
        yield address


@pytest.fixture
def desk(browser: Browser, address: str, ids: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """``desk("rater")``: that person's browser in front of question Q1, an answer taken."""
    contexts = []

    def opened(name: str = "rater", size: dict[str, int] = DESK) -> Page:
        context = browser.new_context(base_url=address, viewport=size, locale="zh-CN", reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        Watch.over(page)
        sign_in(page, name)
        page.goto(f"/marking/{ids['T1']}/{ids['versions']['Q1']}")
        page.get_by_role("button", name="开始评").click()
        expect(page.locator(".marking-text")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()


def given(app: Flask) -> list[tuple[float | None, str]]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(Marking.fraction, Marking.comment).order_by(Marking.marked))]


def test_a_whole_question_is_marked_by_number_keys(app: Flask, desk: Callable[..., Page]) -> None:
    page = desk()
    for key in ("4", "0", "2"):
        before = page.locator(".marking-text").inner_text()
        page.keyboard.press(key)
        page.wait_for_function("before => document.querySelector('.marking-text')?.textContent !== before", arg=before)
    expect(page.get_by_text("这道题没有等您评的答案了")).to_be_visible()
    with app.app_context():
        assert sorted(db.session.scalars(select(Marking.fraction))) == [0, 0.5, 1]


def test_a_digit_in_the_comment_is_a_digit(app: Flask, desk: Callable[..., Page]) -> None:
    page = desk()
    page.locator("[name=comment]").press_sequentially("漏了第 3 点")
    assert given(app) == [(None, "")]
    page.locator("button[name=mark]").nth(3).click()
    expect(page.locator("[name=comment]")).to_have_value("")
    assert (0.75, "漏了第 3 点") in given(app)


def test_a_comment_outlives_a_reload_and_a_new_sign_in_and_does_not_follow_to_the_next(app: Flask, desk: Callable[..., Page]) -> None:
    page = desk()
    page.locator("[name=comment]").press_sequentially("写到一半")
    page.reload()
    expect(page.locator("[name=comment]")).to_have_value("写到一半")
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(delete(LoginSession))
    place = page.url
    page.locator("button[name=mark]").nth(2).click()
    page.wait_for_url(lambda url: "/login" in url)
    sign_in(page, "rater")
    page.goto(place)
    expect(page.locator("[name=comment]")).to_have_value("写到一半")
    page.locator("button[name=mark]").nth(2).click()
    expect(page.locator("[name=comment]")).to_have_value("")
    assert (0.5, "写到一半") in given(app)


def test_the_marks_are_within_reach_on_a_phone_however_long_the_answer(
    desk: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk(size=PHONE)
    page.evaluate("document.querySelector('.marking-text').textContent = '很长的答案。'.repeat(400)")
    for place in (0, 300):
        page.evaluate("y => scrollTo(0, y)", place)
        for button in page.locator("button[name=mark]").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            assert box["y"] + box["height"] <= PHONE["height"] - 60, "above the bar of tabs"
    assert all_well(page) == []
    assert dark_colours(page) == []
