"""Pictures, sounds and marks in the exam room: shown, played, and still there when the network is not."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from foundation.work import SYSTEM, work
from question_bank import picture, sound
from question_bank.actions import media
from tests import cast as players
from tests.browser.hall import Device, Hall, open_hall
from tests.browser.looking import all_well
from tests.browser.test_exam_kinds import SLOT, begin, kept
from tests.certification.test_item_kinds import every_kind
from tests.databases import Databases
from tests.question_bank.test_media_rules import drawn, tone

WIDTH = """(one) => one.complete ? one.naturalWidth
    : new Promise((done) => { one.onload = () => done(one.naturalWidth); one.onerror = () => done(0); })"""
SECONDS = """(one) => new Promise((done) => one.readyState > 0 ? done(one.duration)
    : one.addEventListener("loadedmetadata", () => done(one.duration)))"""
FETCHED = """() => new Set(performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname)
    .filter((path) => path.startsWith("/media/"))).size"""


@pytest.fixture(scope="module")
def hall(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with open_hall(databases, tmp_path_factory.mktemp("media")) as opened:
        yield opened


def names(app: Flask) -> dict[str, str]:
    with app.app_context(), work(SYSTEM) as w:
        files = {"one": drawn(size=(90, 60)), "two": drawn("L", (80, 50)), "three": drawn("L", (70, 40))}
        found = {name: media.keep(w, picture.encode(content), name) for name, content in files.items()}
        return {**found, "call": media.keep(w, sound.encode(tone(2)), "call")}


def marked(filled: dict[str, Any], app: Flask) -> dict[str, Any]:
    """The paper of every kind, with something to see or to hear in most of its questions."""
    files = names(app)
    items = {item["kind"]: item for item in filled["items"]}
    items["single"]["stem"] += f"\n\n![机柜的接线](media:{files['one']})\n\n- 先看**标签**\n- 再看端口"
    items["single"]["options"][1]["text"] += f"![门](media:{files['two']})"
    items["multiple"]["options"][2]["text"] = f"![香烟](media:{files['call']})"
    items["fill"]["stem"] = f"**提前 ____ 至 ____ 分钟**到达。\n\n![时钟](media:{files['three']})"
    items["match"]["options"][0]["text"] = "**迟到**"
    items["match"]["right"][0]["text"] = "*致电*"
    items["order"]["options"][0]["text"] = "**预约**"
    return filled


@pytest.fixture
def room(hall: Hall, browser: Browser) -> Iterator[Device]:
    hall.count += 1
    filled = marked(deepcopy(every_kind(hall.cast)), hall.app)
    filled["sittings"][0].update(code=f"M{hall.count}", opens=hall.clock.now().isoformat())
    sitting = players.seed(hall.app, filled)[f"M{hall.count}"]
    device = Device(hall, browser, has_touch=True)
    begin(device, sitting)
    yield device
    device.close()


def test_what_a_question_shows_is_there_and_is_answered_as_ever(hall: Hall, room: Device) -> None:
    page = room.page
    stem = page.locator("#stem")
    expect(stem.locator("li")).to_have_count(2)
    expect(stem.locator("strong")).to_have_text("标签")
    expect(stem.get_by_alt_text("机柜的接线")).to_be_visible()
    assert stem.locator("img").evaluate(WIDTH) == 90
    assert page.locator(".choice-text img").evaluate(WIDTH) == 80
    assert all_well(page) == []
    page.get_by_label("先预约").tap()

    room.go(SLOT["fill"])
    gaps = page.locator(".fill-sentence .fill-gap")
    expect(gaps).to_have_count(2)
    expect(page.locator(".fill-sentence strong .fill-gap")).to_have_count(2)
    expect(page.get_by_alt_text("时钟")).to_be_visible()
    assert " ".join(str(stem.text_content()).split()) == "提前 第 1 空，共 2 空 至 第 2 空，共 2 空 分钟到达。 时钟"
    gaps.nth(0).fill("5")
    gaps.nth(1).fill("10")

    room.go(SLOT["match"])
    expect(page.locator(".match-row label strong")).to_have_text("迟到")
    page.get_by_label("迟到").select_option(index=texts(room).index("致电") + 1)

    room.go(SLOT["order"])
    handle = page.locator(".order-row").filter(has_text="预约").locator("button:not(:disabled)").first
    handle.tap()
    expect(page.locator("#question-speaker")).to_contain_text("预约，现在是第")
    room.saved()
    said = kept(hall, room.attempt)
    assert said["single"] == "canary1"
    assert said["fill"] == ["5", "10"]
    assert said["match"] == {"canary1": "canary1"}


def texts(room: Device) -> list[str]:
    """The right side of the match in its order."""
    return room.page.locator(".match-offer > span:last-child").all_inner_texts()


def test_a_sound_in_an_option_is_played_without_choosing_it(room: Device) -> None:
    room.go(SLOT["multiple"])
    audio = room.page.get_by_label("香烟").locator("xpath=self::audio")
    assert 1.8 < audio.evaluate(SECONDS) < 2.3
    audio.click(position={"x": 20, "y": 25})
    assert not audio.evaluate("(one) => one.paused")
    assert room.here() == []
    room.go(SLOT["single"])
    expect(room.page.locator("audio")).to_have_count(0)


def test_without_a_network_every_picture_and_sound_is_there(hall: Hall, room: Device) -> None:
    page = room.page
    wanted = len(set(re.findall(r"/media/\w+", str(page.evaluate("() => fetch(room.dataset.api).then((one) => one.text())")))))
    assert wanted == 4
    fetched(page, wanted)
    room.context.set_offline(True)
    room.go(SLOT["fill"])
    page.get_by_alt_text("时钟").wait_for()
    assert page.get_by_alt_text("时钟").evaluate(WIDTH) == 70
    page.locator(".fill-gap").first.fill("5")
    room.go(SLOT["multiple"])
    assert 1.8 < page.locator(".choice audio").evaluate(SECONDS) < 2.3
    room.context.set_offline(False)
    room.wake()
    room.saved()
    assert kept(hall, room.attempt)["fill"] == ["5", ""]


def fetched(page: Page, wanted: int) -> None:
    """Wait until so many files of questions have come."""
    for _ in range(100):
        if page.evaluate(FETCHED) >= wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the pictures were not fetched ahead")
