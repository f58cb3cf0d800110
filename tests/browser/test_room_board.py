"""The invigilator's board in a browser: fresh without being asked, honest when it is not, and nothing jumps under a finger."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from certification.tables import AttemptEvent, Presence
from foundation.clock import TickingClock
from foundation.work import SYSTEM, work
from tests.browser.conftest import PHONE
from tests.browser.inside import served, sign_in
from tests.browser.looking import Watch, all_well, dark_colours
from tests.cast import Cast
from tests.certification.exams import Room, document, room_for

TABLET = {"width": 768, "height": 1024}


@pytest.fixture
def rooms(app: Flask, cast: Cast, sign_in: Any, seed: Callable[[dict[str, Any]], dict[str, int]]) -> Callable[[str], Room]:
    return room_for(app, sign_in, seed(document(cast, entry_code="428915"))["T1"])


@pytest.fixture
def address(app: Flask, rooms: Any) -> Iterator[str]:
    """The site in this process, so that a test can tick its clock."""
    with served(app) as address:
        yield address


@pytest.fixture
def officer(browser: Browser, address: str) -> Iterator[Page]:
    """The officer's tablet, its script's clock in our hands."""
    context = browser.new_context(base_url=address, viewport=TABLET, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, "officer")
    page.clock.install()
    yield page
    context.close()


def see(app: Flask, room: Room, clock: TickingClock) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.merge(Presence(attempt_id=room.attempt, seen=clock.now(), slot=2, waiting=0, hidden=False))


def a_while(page: Page) -> None:
    """Let the board's timers run past one round; the answer is waited for by what it shows."""
    page.clock.fast_forward(10_000)


def row(page: Page, name: str) -> Any:
    return page.locator("tr.seat", has_text=name)


def test_the_board_keeps_itself_fresh_and_keeps_its_place(
    app: Flask, officer: Page, rooms: Callable[[str], Room], clock: TickingClock
) -> None:
    owner, colleague = rooms("owner"), rooms("colleague")
    owner.start(entry_code="428915")
    see(app, owner, clock)
    officer.goto(f"/sittings/{owner.sitting}/room")
    expect(row(officer, "王建国")).to_contain_text("作答中")
    expect(row(officer, "王建国").locator("time")).to_have_text(re.compile(r"^(1:00:00|59:\d\d)$"))
    expect(row(officer, "李晓梅")).to_contain_text("未开始")
    link = row(officer, "王建国").locator("a.row-anchor")
    link.focus()
    first = row(officer, "王建国").element_handle()

    colleague.start(entry_code="428915")
    owner.put(*owner.answers()[:3])
    a_while(officer)
    expect(row(officer, "李晓梅")).to_contain_text("作答中")
    expect(row(officer, "王建国")).to_contain_text("3 / 6")
    expect(link).to_be_focused()
    expect(officer.locator(".chip", has_text="作答中")).to_contain_text("2")
    assert first is not None

    kept = row(officer, "王建国").element_handle()
    clock.tick(minutes=2)
    see(app, owner, clock)
    a_while(officer)
    expect(row(officer, "李晓梅")).to_contain_text("离开")
    expect(officer.locator("tr.seat").first).to_contain_text("李晓梅")
    assert kept is not None
    assert kept.evaluate("row => row.isConnected"), "a row that did not change stays the element that it is"
    expect(link).to_be_focused()
    expect(row(officer, "王建国").locator("time")).to_have_text(re.compile(r"^57:\d\d$|^58:00$"))


def test_out_of_reach_it_says_so_and_signed_out_too(app: Flask, officer: Page, rooms: Callable[[str], Room], clock: TickingClock) -> None:
    owner = rooms("owner")
    owner.start(entry_code="428915")
    officer.goto(f"/sittings/{owner.sitting}/room")
    fresh = officer.locator("#fresh")
    a_while(officer)
    expect(fresh).to_contain_text("刚刚更新")
    officer.context.set_offline(True)
    a_while(officer)
    expect(fresh).to_contain_text("连不上服务器")
    expect(officer.locator("#fresh-said")).to_contain_text("连不上服务器")
    officer.context.set_offline(False)
    a_while(officer)
    expect(fresh).to_contain_text("刚刚更新")
    officer.route("**/room/state*", lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>"))
    a_while(officer)
    expect(fresh).to_contain_text("连不上服务器")
    officer.unroute("**/room/state*")
    officer.context.clear_cookies()
    a_while(officer)
    expect(fresh).to_contain_text("登录已失效")
    expect(row(officer, "王建国")).to_be_visible()


def test_nobody_is_asked_while_nobody_looks(app: Flask, officer: Page, rooms: Callable[[str], Room]) -> None:
    owner = rooms("owner")
    officer.goto(f"/sittings/{owner.sitting}/room")
    polls: list[str] = []
    officer.on("request", lambda request: polls.append(request.url) if "/state" in request.url else None)
    hidden = (
        "Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => %r});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    officer.evaluate(hidden % "hidden")
    for _ in range(3):
        a_while(officer)
    assert polls == []
    officer.evaluate(hidden % "visible")
    expect(officer.locator("#fresh")).to_contain_text("刚刚更新")
    assert len(polls) == 1, "asked at once when somebody looks again"


def test_the_pages_of_the_room_have_no_barrier(app: Flask, officer: Page, rooms: Callable[[str], Room], cast: Cast) -> None:
    owner = rooms("owner")
    owner.start(entry_code="428915")
    with app.app_context(), work(SYSTEM) as w:
        w.session.add_all(
            AttemptEvent(attempt_id=owner.attempt, kind=kind, at=w.now + timedelta(seconds=5), detail={"slot": 1, "amount": 3000})
            for kind in ("focus_lost", "focus_back", "pasted", "taken_over")
        )
    room = f"/sittings/{owner.sitting}/room"
    paths = (
        room, f"{room}/check-in", f"{room}/credit", f"{room}/pause", f"{room}/window", f"{room}/code", f"{room}/code/change",
        f"{room}/attendance", f"{room}/extra/{cast.colleague.person_id}", f"/sittings/{owner.sitting}/attempts/{owner.attempt}",
    )
    Watch.over(officer)
    found = []
    for size in (PHONE, TABLET):
        officer.set_viewport_size(size)  # type: ignore[arg-type]
        for path in paths:
            officer.goto(path)
            for details in officer.locator("main details").all():
                details.evaluate("part => { part.open = true; }")
            found += [f"{path} at {size['width']}: {line}" for line in [*all_well(officer), *dark_colours(officer)]]
    assert found == []


TWICE = """() => {
    const [seen, button] = [[], document.querySelector("main form[method=post] button[type=submit]")];
    window.addEventListener("submit", (event) => { seen.push(event.defaultPrevented); event.preventDefault(); });
    button.click();
    button.click();
    return seen;
}"""


def test_a_double_tap_sends_a_form_once(officer: Page, rooms: Callable[[str], Room]) -> None:
    officer.goto(f"/sittings/{rooms('owner').sitting}/room/credit")
    assert officer.evaluate(TWICE) == [False, True]
