"""The whole road once, in a browser: from a scheduled sitting to a dispatched person, by everybody it takes.

The clock stands still and is ticked, so that a sitting opens and closes when
the story says so. Runs on both databases.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from certification.store import attempts, saving
from certification.tables import Attempt, Licence, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import COMMAND, work
from people.actions.accounts import create_key
from question_bank.item import ItemFace, ItemKey, Kind
from question_bank.key import best
from question_bank.store import faces as bank
from tests.browser.inside import served, sign_in
from tests.browser.looking import Watch, all_well
from tests.cast import Cast

pytestmark = pytest.mark.walkthrough
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
KEY = "walkthrough-key-0123456789-0123456789"


@pytest.fixture
def address(app: Flask, cast: Cast) -> Iterator[str]:
    """The site in this process, with the shipped content, so that the story can tick its clock."""
    loaded = app.test_cli_runner().invoke(args=["content", "load"])
    assert loaded.exit_code == 0, loaded.output
    with app.app_context(), work(COMMAND) as w:
        create_key(w, "walkthrough", "dispatch", KEY)
    with served(app) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """``visit("officer")``: that person's browser, signed in through the door."""
    contexts: list[BrowserContext] = []

    def opened(name: str | None = None, size: dict[str, int] = DESK, language: str = "zh-CN") -> Page:
        context = browser.new_context(
            base_url=address, viewport=size, locale=language, timezone_id="Asia/Shanghai", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        if name:
            sign_in(page, name)
        return page

    yield opened
    for context in contexts:
        context.close()


def well(page: Page) -> None:
    """Nothing is wrong with the page as it stands."""
    assert all_well(page) == []


def right_answers(app: Flask, attempt: str) -> list[tuple[str, Any]]:
    """For each question in order its kind and what a candidate who knows the standard would answer: texts, or pairs of them."""
    with app.app_context():
        paper = saving.paper_of(attempts.any_attempt(db.session.connection(), attempt))
        versions = [slot.version for slot in paper.slots]
        faces, keys = bank.faces(db.session, versions), bank.keys(db.session, versions)
        return [(faces[version].kind, _said(faces[version], keys[version])) for version in versions]


def _said(face: ItemFace, key: ItemKey) -> Any:
    texts = {option.code: option.text for option in face.options}
    if face.kind is Kind.FILL:
        return [accepted[0] for accepted in key.key]
    if face.kind is Kind.MATCH:
        right = {option.code: option.text for option in face.right}
        return {texts[one]: right[other] for one, other in key.key.items()}
    if face.kind is Kind.ORDER:
        return [texts[code] for code in key.key]
    return [texts[code] for code in best(face.kind, key.key)]


def one(app: Flask, column: Any) -> Any:
    with app.app_context():
        return db.session.scalars(select(column)).one()


def answer(page: Page, kind: str, said: Any) -> None:
    """Answer the question that is shown."""
    if kind == Kind.FILL:
        for at, text in enumerate(said):
            page.locator("#choices .fill-gap").nth(at).fill(text)
    elif kind == Kind.MATCH:
        for left, right in said.items():
            chosen = page.get_by_label(left, exact=True)
            chosen.select_option(next(text for text in chosen.locator("option").all_inner_texts() if text.endswith(right)))
    elif kind == Kind.ORDER:
        _put_in_order(page, said)
    else:
        for text in said:
            page.locator("#choices .choice").filter(has=page.get_by_text(text, exact=True)).click()


def _put_in_order(page: Page, said: list[str]) -> None:
    steps = page.locator("#choices .order-text")
    for place, text in enumerate(said):
        for _step in range(steps.all_inner_texts().index(text) - place):
            page.locator("#choices .order-row").filter(has=page.get_by_text(text, exact=True)).locator("[data-up]").click()
    if page.locator("#choices [data-open]").is_visible():  # it stood right as it was dealt
        page.click("#choices [data-confirm]")


def test_from_a_scheduled_sitting_to_a_dispatched_person(
    app: Flask, cast: Cast, clock: TickingClock, visit: Callable[..., Page], address: str
) -> None:
    # The officer schedules a sitting for half past nine.
    officer = visit("officer")
    officer.goto("/sittings/new")
    officer.select_option("[name=programme]", label=officer.locator("[name=programme] option", has_text="集团客户现场支撑").inner_text())
    officer.fill("[name=opens]", "2026-11-22T09:30")
    officer.fill("[name=closes]", "2026-11-22T11:00")
    officer.fill("[name=place]", "海淀培训中心 3 号考场")
    officer.fill("[name=seats]", "10")
    well(officer)
    officer.click("main form[action='/sittings/new'] button[type=submit]")
    sitting_id = one(app, Sitting.id)
    officer.wait_for_url(f"**/sittings/{sitting_id}")
    well(officer)

    # The coordinator books two of the company's people; somebody else's is refused, and what was typed is still there.
    coordinator = visit("coordinator")
    coordinator.goto(f"/sittings/{sitting_id}")
    coordinator.fill("[name=staff_nos]", "S0001\nS0002\nS0101")
    coordinator.click("#book button[type=submit]")
    expect(coordinator.locator("main")).to_contain_text("王建国")
    expect(coordinator.locator(".note-bad")).to_contain_text("S0101")
    expect(coordinator.locator("[name=staff_nos]")).to_have_value("S0001\nS0002\nS0101")
    well(coordinator)

    # The candidate comes too early, then in time, and sits it on a phone.
    candidate = visit("owner", PHONE)
    candidate.goto(f"/exams/sittings/{sitting_id}")
    expect(candidate.locator("main")).not_to_contain_text("开始考试")
    well(candidate)
    clock.tick(minutes=31)
    candidate.goto("/exams")
    candidate.locator(f"a[href='/exams/sittings/{sitting_id}']").first.click()
    candidate.wait_for_url(f"**/exams/sittings/{sitting_id}")
    well(candidate)
    candidate.get_by_role("button", name="开始考试").click()
    candidate.wait_for_url("**/attempts/*")
    candidate.locator("#question").wait_for()
    well(candidate)
    known = right_answers(app, candidate.url.rpartition("/")[2])
    for number, (kind, said) in enumerate(known, 1):
        expect(candidate.locator("#number")).to_have_text(str(number))
        if number == 20:  # the network goes; nothing is called saved until it is back
            candidate.context.set_offline(True)
        answer(candidate, kind, said)
        if number == 21:
            expect(candidate.locator("#net")).to_be_visible(timeout=15000)
            expect(candidate.locator("#saved")).to_have_attribute("data-state", "waiting")
            candidate.context.set_offline(False)
            expect(candidate.locator("#saved")).to_have_attribute("data-state", "saved", timeout=30000)
            expect(candidate.locator("#net")).to_be_hidden()
            assert all("ERR_INTERNET_DISCONNECTED" in found for found in Watch.over(candidate).take())
        if number < 50:
            candidate.click("#next")
    expect(candidate.locator("#saved")).to_have_attribute("data-state", "saved", timeout=15000)
    candidate.reload()
    candidate.locator("#question").wait_for()
    candidate.click("#list")
    expect(candidate.locator("#overview .slot-done")).to_have_count(50)
    candidate.click("#finish")
    candidate.click("#confirm")
    expect(candidate.locator("main")).to_contain_text("答卷回执", timeout=15000)
    well(candidate)
    attempt_id = one(app, Attempt.id)

    # Before release nobody sees a score; after the window the officer releases.
    assert "/ 100" not in candidate.content()
    officer.goto(f"/sittings/{sitting_id}")
    assert officer.locator(f"form[action='/sittings/{sitting_id}/release']").count() == 0
    clock.set(datetime.fromisoformat("2026-11-22T11:00:00+08:00"))
    officer.goto(f"/sittings/{sitting_id}")
    well(officer)
    officer.locator(f"form[action='/sittings/{sitting_id}/release'] button").click()
    with officer.expect_navigation():
        officer.locator("dialog[open] .btn-primary, dialog[open] .btn-danger").first.click()
    well(officer)
    candidate.goto(f"/attempts/{attempt_id}")
    expect(candidate.locator("main")).to_contain_text("/ 100")
    well(candidate)
    candidate.goto("/licences/mine")
    assert candidate.locator(".licence").count() == 0  # a pass alone grants nothing

    # The decider grants; the licence takes effect at once.
    decider = visit("decider", language="en")
    decider.goto("/decisions")
    well(decider)
    decider.locator("a[href^='/decisions/']").filter(has_text="王建国").first.click()
    decider.wait_for_url("**/decisions/*")
    decider.locator("input[name=verdict][value=grant]").check(force=True)
    well(decider)
    with decider.expect_navigation():
        decider.locator("form[action^='/decisions/'] button[type=submit]").click()
    well(decider)
    number = one(app, Licence.number)

    # The candidate's card, the public page, HR's list.
    candidate.goto("/")
    expect(candidate.locator(".licence")).to_contain_text(number)
    well(candidate)
    public = visit(None, PHONE)
    public.goto(f"/verify/{number}")
    expect(public.locator("main")).to_have_attribute("data-standing", "active")
    expect(public.locator("main")).to_contain_text("王*")
    assert "王建国" not in public.content()
    well(public)
    hr = visit("hr")
    hr.goto("/licences?standing=active")
    expect(hr.locator("#list tbody")).to_contain_text("王建国")
    well(hr)
    hr.goto("/licences?standing=none")
    expect(hr.locator("#list tbody")).to_contain_text("李晓梅")

    # HR tries a decision; the dispatcher asks through the API and gets the same answer.
    hr.goto("/dispatch")
    hr.select_option("[name=programme]", "GC")
    hr.fill("[name=staff]", "S0001 S0002")
    hr.fill("[name=starts]", "2026-11-22T14:00")
    hr.fill("[name=ends]", "2026-11-22T17:00")
    for field, value in (("customer_tier", "gold"), ("scope", "cross_city")):
        hr.locator(f"input[name={field}][value={value}]").check(force=True)
    hr.fill("[name=visit]", "W-17")
    well(hr)
    hr.locator("main form button[type=submit]").first.click()
    expect(hr.locator("main")).to_contain_text("不能派")
    expect(hr.locator("main")).to_contain_text("第十二条")
    well(hr)
    ask = {
        "subject": {"type": "staff", "id": "S0001"}, "action": {"name": "dispatch"},
        "resource": {"type": "visit", "id": "W-18", "properties": {
            "programme": "GC", "customer_tier": "gold", "scope": "cross_city",
            "starts": "2026-11-22T14:00:00+08:00", "ends": "2026-11-22T17:00:00+08:00"}},
        "context": {"team": ["S0002"]},
    }
    headers = {"Authorization": f"Bearer {KEY}"}
    denied = hr.request.post(f"{address}/api/v1/access/evaluation", data=ask, headers=headers).json()
    assert denied["decision"] is False
    assert {(reason["subject"], reason["clause"]) for reason in denied["context"]["reasons"]} >= {("S0002", "GCS@2011#12.1")}
    allowed = hr.request.post(f"{address}/api/v1/access/evaluation", data=ask | {"context": {"team": []}}, headers=headers).json()
    assert allowed["decision"] is True, allowed
    assert any(one_of["id"] == number for one_of in allowed["context"]["evidence"])
