"""“题目有问题” in the exam room on a phone: kept, sent by itself after the answers, never lost and never in their way."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import select

from foundation.database import db
from question_bank.tables import ItemRemark
from tests.browser.hall import FAULTS, SAVES, Device, Hall, open_hall
from tests.browser.looking import Watch, all_well
from tests.browser.test_exam_client import FORBIDDEN
from tests.databases import Databases

REMARKS = re.compile(r"/api/v1/attempts/[^/]+/remarks$")


@pytest.fixture(scope="module")
def hall(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with open_hall(databases, tmp_path_factory.mktemp("hall")) as opened:
        yield opened


@pytest.fixture
def device(hall: Hall, browser: Browser) -> Iterator[Callable[..., Device]]:
    opened: list[Device] = []

    def another(**more: Any) -> Device:
        opened.append(Device(hall, browser, **more))
        return opened[-1]

    yield another
    for one in opened:
        one.close()


def say(here: Device, slot: int, reason: str, text: str = "") -> None:
    here.go(slot)
    here.page.click("#remark")
    here.page.click(f"label[for=remark-{reason}]")
    here.page.fill("#remark-text", text)
    here.page.click("#remark-form button[type=submit]")


def state(here: Device) -> Any:
    return expect(here.page.locator("#remark-state"))


def kept(hall: Hall, here: Device) -> list[tuple[str, str]]:
    with hall.app.app_context():
        rows = db.session.scalars(select(ItemRemark).where(ItemRemark.met_id == here.attempt).order_by(ItemRemark.id))
        return [(row.reason, row.text) for row in rows]


def test_a_remark_is_sent_and_says_so(hall: Hall, device: Callable[..., Device]) -> None:
    here = device().enter(hall.attempt())
    here.page.click("#remark")
    here.page.click("#remark-form button[type=submit]")
    expect(here.page.locator("#remark-problem")).to_contain_text("请选一个原因")
    all_well(here.page)
    here.page.keyboard.press("Escape")
    say(here, 2, "other", "图太小<b>")
    state(here).to_have_text("已发给培训师")
    assert kept(hall, here) == [("other", "图太小<b>")]
    here.go(3)
    state(here).to_have_text("")
    here.page.reload()
    here.ready()
    here.go(2)
    state(here).to_have_text("已发给培训师")
    here.page.click("#remark")
    expect(here.page.locator("#remark-text")).to_have_value("图太小<b>")
    here.page.keyboard.press("Escape")
    all_well(here.page)


def test_offline_it_waits_through_a_reload_and_goes_after_the_answers(hall: Hall, device: Callable[..., Device]) -> None:
    here = device().enter(hall.attempt())
    texts = here.options(1)
    here.context.set_offline(True)
    here.choose(1, texts[:1])
    say(here, 1, "unclear", "离线时写的")
    state(here).to_have_text("已记下，正在发送")
    order: list[str] = []
    here.page.on("request", lambda request: order.extend(
        name for name, door in (("save", SAVES), ("remark", REMARKS)) if door.search(request.url)
    ))
    here.context.set_offline(False)
    here.page.reload()
    here.ready()
    here.go(1)
    state(here).to_have_text("已发给培训师")
    assert order[-1] == "remark"  # the page that goes may send the answer as it leaves, which nobody sees here
    assert hall.kept(here.attempt)[1] == texts[:1]
    assert kept(hall, here) == [("unclear", "离线时写的")]
    Watch.over(here.page).take()


@pytest.mark.parametrize("fault", ["bad_gateway", "captive_portal", "other_json", "truncated", "dropped"])
def test_whatever_the_network_makes_of_the_answer_it_arrives_once(hall: Hall, device: Callable[..., Device], fault: str) -> None:
    here = device().enter(hall.attempt())
    here.context.route(REMARKS, FAULTS[fault])
    say(here, 1, "typo", "少一个字")
    state(here).to_have_text("还没有发送，网络恢复后自动再发")
    texts = here.options(1)
    here.choose(1, texts[:1])
    here.saved()
    here.context.unroute(REMARKS)
    here.wake()
    state(here).to_have_text("已发给培训师")
    assert kept(hall, here) == [("typo", "少一个字")]
    Watch.over(here.page).take()


def test_what_is_not_sent_at_the_hand_in_is_sent_from_the_receipt(hall: Hall, device: Callable[..., Device]) -> None:
    here = device().enter(hall.attempt())
    here.context.route(REMARKS, lambda route: route.abort())
    say(here, 4, "outdated", "第三条已经改了")
    state(here).to_have_text("还没有发送，网络恢复后自动再发")
    here.hand_in()
    assert kept(hall, here) == []
    here.context.unroute(REMARKS)
    with here.page.expect_response(REMARKS):
        here.page.reload()
    assert kept(hall, here) == [("outdated", "第三条已经改了")]
    Watch.over(here.page).take()


def test_a_slow_door_for_remarks_holds_no_answer_up(hall: Hall, device: Callable[..., Device]) -> None:
    here = device().enter(hall.attempt())
    held: list[Route] = []
    here.context.route(REMARKS, lambda route: held.append(route))
    say(here, 1, "typo")
    expect(here.page.locator("#remark-state")).to_have_text("已记下，正在发送")
    texts = here.options(2)
    here.choose(2, texts[:1])
    here.saved()
    assert set(hall.kept(here.attempt)) == {2}
    here.hand_in()
    assert held
    for route in held:
        route.abort()
    Watch.over(here.page).take()


def test_one_that_the_server_will_not_take_is_said_to_be_not_sent(hall: Hall, device: Callable[..., Device]) -> None:
    here = device().enter(hall.attempt())
    here.page.evaluate("document.getElementById('remark-typo').value = 'nonsense'")
    say(here, 1, "typo")
    state(here).to_have_text("没有发送成功，请重新写一次")
    assert kept(hall, here) == []
    Watch.over(here.page).take()


def test_a_device_that_keeps_nothing_is_honest_about_it(hall: Hall, device: Callable[..., Device]) -> None:
    here = device()
    here.context.add_init_script(FORBIDDEN)
    here.enter(hall.attempt())
    here.context.route(REMARKS, lambda route: route.abort())
    say(here, 1, "typo")
    state(here).to_contain_text("这个浏览器不能暂存")
    here.context.unroute(REMARKS)
    here.wake()
    state(here).to_have_text("已发给培训师")
    Watch.over(here.page).take()
