"""Every kind of question on a phone: by touch, by keyboard, by dragging; and not a letter lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from certification.layout import in_codes
from certification.sitting import answers
from certification.store import attempts as store
from certification.store import saving
from foundation.database import db
from tests import cast as players
from tests.browser.hall import Device, Hall, open_hall
from tests.browser.looking import all_well, dark_colours
from tests.certification.test_item_kinds import KINDS, RIGHT, every_kind
from tests.databases import Databases

STEPS = ["预约", "上门", "确认", "回访"]
PAIRS = {"迟到": "致电", "改期": "两小时前", "无人": "留言条"}
PICKED = {"single": ["先预约"], "multiple": ["工号牌", "鞋套", "工具包"], "true_false": ["正确"], "situational": ["道歉并说明"]}
SLOT = {kind: at for at, kind in enumerate(KINDS, 1)}  # a section of its own for each kind, so nothing changes places


@pytest.fixture(scope="module")
def hall(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with open_hall(databases, tmp_path_factory.mktemp("kinds")) as opened:
        yield opened


@pytest.fixture
def room(hall: Hall, browser: Browser) -> Iterator[Device]:
    """A phone in front of a paper of every kind."""
    hall.count += 1
    filled = every_kind(hall.cast)
    filled["sittings"][0].update(code=f"K{hall.count}", opens=hall.clock.now().isoformat())
    sitting = players.seed(hall.app, filled)[f"K{hall.count}"]
    device = Device(hall, browser, has_touch=True)
    begin(device, sitting)
    yield device
    device.close()


def begin(device: Device, sitting: int) -> None:
    """Through the door, as a candidate would."""
    device.page.goto(f"/exams/sittings/{sitting}")
    device.page.get_by_role("button", name="开始考试").tap()
    device.page.wait_for_url("**/attempts/*")
    device.attempt = device.page.url.rpartition("/")[2]
    device.ready()


def kept(hall: Hall, attempt: str) -> dict[str, Any]:
    """What the server would score, by kind, in option codes."""
    with hall.app.app_context():
        connection = db.session.connection()
        paper = saving.paper_of(store.any_attempt(connection, attempt))
        said = answers(saving.newest_steps(connection, attempt, 1, len(paper.slots)).values())
        return {paper.slots[number - 1].kind: in_codes(paper, number, one) for number, one in said.items()}


def steps(page: Page) -> list[str]:
    return page.locator(".order-text").all_inner_texts()


def row(page: Page, text: str) -> Locator:
    return page.locator(".order-row").filter(has=page.get_by_text(text, exact=True))


def put_in_order(page: Page, press: Callable[[Locator], None]) -> None:
    for place, text in enumerate(STEPS):
        while steps(page).index(text) > place:
            press(row(page, text).locator("[data-up]"))


def choose(page: Page, left: str, right: str) -> None:
    select = page.get_by_label(left, exact=True)
    value = select.locator("option").filter(has_text=right).get_attribute("value")
    select.select_option(value)


def answer(device: Device, kind: str, press: Callable[[Locator], None]) -> None:
    """The right answer to the question that is shown; ``press`` is how a button or tile is used."""
    page = device.page
    for text in PICKED.get(kind, []):
        press(page.locator(".choice").filter(has=page.get_by_text(text, exact=True)).locator("input"))
    if kind == "order":
        put_in_order(page, press)
        if not kept_order(page):
            press(page.locator("#question [data-confirm]"))
    elif kind == "match":
        for left, right in PAIRS.items():
            choose(page, left, right)
    elif kind == "fill":
        for at, text in enumerate(RIGHT["fill"]):
            page.locator(".fill-gap").nth(at).press_sequentially(text)
    elif kind == "short":
        page.locator(".short-text").press_sequentially(RIGHT["short"])


def kept_order(page: Page) -> bool:
    return not page.locator("[data-open]").is_visible()


def test_every_kind_is_answered_by_touch_and_is_well(hall: Hall, room: Device) -> None:
    page = room.page
    for kind, slot in SLOT.items():
        room.go(slot)
        answer(room, kind, lambda target: target.tap())
        if kind in ("order", "match", "fill", "short"):
            assert all_well(page) == [], kind
            assert dark_colours(page) == [], kind
    assert expect_sizes(page) == []
    room.saved()
    wanted = {**RIGHT, "multiple": sorted(RIGHT["multiple"])}
    found = kept(hall, room.attempt)
    assert {**found, "multiple": sorted(found["multiple"])} == wanted
    page.reload()
    room.ready()
    room.go(SLOT["order"])
    assert steps(page) == STEPS
    room.go(SLOT["fill"])
    assert [page.locator(".fill-gap").nth(at).input_value() for at in (0, 1)] == RIGHT["fill"]
    room.go(SLOT["match"])
    assert page.get_by_label("改期", exact=True).locator("option:checked").inner_text().endswith("两小时前")
    page.click("#list")
    expect(page.locator("#overview .slot-done")).to_have_count(len(KINDS))


def expect_sizes(page: Page) -> list[str]:
    """Controls of the question that a finger would miss."""
    small = """() => [...document.querySelectorAll("#question button, #question select, #question input, #question textarea")]
        .filter(e => e.offsetParent && !e.closest("[hidden]")).map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44 || box.width < 44).map(([text]) => text)"""
    return list(page.evaluate(small))


def test_the_keyboard_is_enough(hall: Hall, room: Device) -> None:
    page = room.page
    for kind in ("order", "match", "fill", "short"):
        room.go(SLOT[kind])
        answer(room, kind, lambda target: target.press("Enter"))
        assert expect_sizes(page) == [], kind
    room.go(SLOT["order"])
    place = page.locator("#question-speaker")
    row(page, "回访").locator("[data-up]").press("Enter")
    expect(place).to_have_text("回访，现在是第 3 项，共 4 项")
    expect(row(page, "回访").locator("[data-up]")).to_be_focused()
    row(page, "回访").locator("[data-down]").press("Enter")
    expect(row(page, "回访").locator("[data-up]")).to_be_focused()  # at the end there is no way down
    room.go(SLOT["fill"])
    page.locator(".fill-gap").first.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#number")).to_have_text(str(SLOT["fill"]))  # the arrow moves in the text, not through the paper
    page.keyboard.press("Enter")
    expect(page.locator(".fill-gap").nth(1)).to_be_focused()
    room.saved()
    assert {kind: kept(hall, room.attempt)[kind] for kind in ("order", "match", "fill", "short")} == {
        kind: RIGHT[kind] for kind in ("order", "match", "fill", "short")
    }


def test_an_order_that_nobody_touched_is_not_an_answer(hall: Hall, room: Device) -> None:
    page = room.page
    room.go(SLOT["order"])
    dealt = steps(page)
    assert dealt != STEPS
    expect(page.locator("[data-open]")).to_be_visible()
    room.go(SLOT["single"])
    assert "order" not in kept(hall, room.attempt)
    room.go(SLOT["order"])
    page.locator("#question [data-confirm]").tap()
    expect(page.locator("[data-open]")).to_be_hidden()
    room.saved()
    assert len(kept(hall, room.attempt)["order"]) == len(STEPS)
    page.click("#clear")
    expect(page.locator("[data-open]")).to_be_visible()
    room.saved()
    assert kept(hall, room.attempt)["order"] is None
    assert steps(page) == dealt


def test_steps_are_dragged_by_their_handle(hall: Hall, room: Device) -> None:
    page = room.page
    room.go(SLOT["order"])
    for place, text in enumerate(STEPS):
        if steps(page).index(text) == place:
            continue
        handle = row(page, text).locator(".order-handle").bounding_box()
        target = page.locator(".order-row").nth(place).bounding_box()
        assert handle is not None
        assert target is not None
        page.mouse.move(handle["x"] + 20, handle["y"] + handle["height"] / 2)
        page.mouse.down()
        page.mouse.move(handle["x"] + 20, target["y"] + 4, steps=6)
        page.mouse.up()
    assert steps(page) == STEPS
    room.saved()
    assert kept(hall, room.attempt)["order"] == RIGHT["order"]


def test_the_last_letter_survives_an_immediate_reload(hall: Hall, room: Device) -> None:
    page = room.page
    room.go(SLOT["short"])
    page.locator(".short-text").press_sequentially("先道歉")
    page.reload()
    room.ready()
    room.go(SLOT["short"])
    expect(page.locator(".short-text")).to_have_value("先道歉")
    expect(page.locator(".short-count")).to_have_text("3 / 5000 字")
    room.saved()
    assert kept(hall, room.attempt)["short"] == "先道歉"


def test_half_an_answer_is_still_to_do(room: Device) -> None:
    page = room.page
    room.go(SLOT["fill"])
    page.locator(".fill-gap").first.fill("5")
    room.go(SLOT["match"])
    choose(page, "迟到", "致电")
    room.go(SLOT["single"])
    page.click("#list")
    for kind in ("fill", "match"):
        expect(page.locator(f"#overview a.slot[href$='#{SLOT[kind]}']")).to_have_class("slot slot-todo")
