"""The lockdown browser's script and the watermark in a real browser: what it proves, and that nothing is in the way of reading."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from certification import safe_browser
from certification.tables import Attempt, AttemptEvent, Sitting
from foundation.database import db
from foundation.work import COMMAND, work
from tests.browser.hall import Device, Hall, open_hall
from tests.browser.looking import Watch, all_well, dark_colours
from tests.databases import Databases

OLD = """{ configKey: "", updateKeys(told) { setTimeout(() => { this.configKey = hash; told(); }, 50); } }"""
NEW = """{ configKey: hash, updateKeys(told) { told(); } }"""


@pytest.fixture(scope="module")
def hall(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with open_hall(databases, tmp_path_factory.mktemp("hall")) as opened:
        opened.app.extensions["settings"] = replace(opened.app.extensions["settings"], public_url=opened.address)
        yield opened


@pytest.fixture
def device(hall: Hall, browser: Browser) -> Iterator[Callable[..., Device]]:
    opened: list[Device] = []

    def another(name: str = "owner", **more: Any) -> Device:
        opened.append(Device(hall, browser, name, **more))
        return opened[-1]

    yield another
    for one in opened:
        one.close()


def demand(hall: Hall, attempt: str) -> int:
    """Let the attempt's sitting demand the lockdown browser; answers the sitting."""
    with hall.app.app_context(), work(COMMAND) as w:
        sitting = w.session.get_one(Sitting, w.session.scalars(select(Attempt.sitting_id).where(Attempt.id == attempt)).one())
        sitting.safe_browser = {"quit_hash": "", "spell_check": False, "reload": True}
        return sitting.id


def lock_down(hall: Hall, one: Device, sitting: int, attempt: str, security: str) -> None:
    """Make the browser tell its pages what a lockdown browser would."""
    key = safe_browser.config_key(safe_browser.configuration(safe_browser.Settings(), hall.address, sitting))
    pages = [safe_browser.start_page(hall.address, sitting), safe_browser.room_page(hall.address, attempt)]
    told = json.dumps({page: safe_browser.proof(page, key) for page in pages})
    one.context.add_init_script(
        f"const hash = {told}[location.href.split('#')[0]] ?? 'none'; window.SafeExamBrowser = {{ version: 'x', security: {security} }};"
    )


def noted(hall: Hall, attempt: str) -> int:
    query = select(AttemptEvent.id).where(AttemptEvent.attempt_id == attempt, AttemptEvent.kind == "safe_browser")
    with hall.app.app_context():
        return len(db.session.scalars(query).all())


def test_another_browser_is_told_what_to_do_and_sees_no_question(hall: Hall, device: Callable[..., Device]) -> None:
    attempt = hall.attempt()
    demand(hall, attempt)
    page = device().page
    page.goto(f"/attempts/{attempt}")
    expect(page.locator("#safe-browser-missing")).to_be_visible()
    expect(page.locator("#question")).to_be_hidden()
    assert all(line.startswith("409 for") for line in Watch.over(page).take())
    assert noted(hall, attempt) == 1


@pytest.mark.parametrize("security", [NEW, OLD])
def test_the_script_proves_and_every_answer_is_kept(hall: Hall, device: Callable[..., Device], security: str) -> None:
    attempt = hall.attempt()
    sitting, one = demand(hall, attempt), device()
    lock_down(hall, one, sitting, attempt, security)
    one.page.goto(f"/attempts/{attempt}")
    take_over(one)
    right = hall.right(attempt)
    for slot, texts in right.items():
        one.choose(slot, texts)
    one.saved()
    one.hand_in()
    assert sum(hall.marks(attempt).values()) == 12
    assert noted(hall, attempt) == 0
    expect(one.page.locator("main")).to_contain_text("退出安全考试浏览器")
    assert not Watch.over(one.page).take()


def take_over(one: Device) -> None:
    """The attempt was begun elsewhere; go on here."""
    one.ready()
    if one.page.locator("#notice-button").is_visible():
        one.page.click("#notice-button")


def test_a_sitting_is_begun_from_its_own_page(hall: Hall, device: Callable[..., Device]) -> None:
    sitting, one = demand(hall, hall.attempt()), device("colleague")
    lock_down(hall, one, sitting, "", NEW)
    page = one.page
    page.goto(f"/exams/sittings/{sitting}")
    assert not all_well(page)
    page.get_by_role("button", name="开始考试").click()
    page.wait_for_url("**/attempts/**")


def test_the_watermark_is_seen_and_hinders_nobody(hall: Hall, device: Callable[..., Device]) -> None:
    one = device().enter(hall.attempt())
    mark = one.page.locator("img.watermark")
    expect(mark).to_be_visible()
    assert mark.evaluate("image => image.complete && image.naturalWidth > 0")
    size = mark.bounding_box()
    assert size is not None
    assert (size["width"], size["height"]) == (360, 740)
    assert not all_well(one.page)
    assert not dark_colours(one.page)
    take_over(one)
    one.choose(1, hall.right(one.attempt)[1])
    one.saved()
