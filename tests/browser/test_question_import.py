"""A hundred questions pasted, given clauses and sent to review within five minutes, by a trainer at a desk and on a phone."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from ruamel.yaml import YAML
from sqlalchemy import func, select

from foundation.database import db
from question_bank.tables import Item, ItemClause
from tests.browser.conftest import DESK, PHONE
from tests.browser.inside import served, sign_in
from tests.browser.looking import Watch, all_well, axe, dark_colours
from tests.cast import Cast

CONTENT = Path(__file__).resolve().parent.parent.parent / "content"
FIVE_MINUTES = 300.0
MARKS = {"T": "√", "F": "×"}


@pytest.fixture
def address(app: Flask, cast: Cast) -> Iterator[str]:
    """The site in this process with the shipped standards and no question."""
    loaded = app.test_cli_runner().invoke(args=["content", "load", str(CONTENT / "standards")])
    assert loaded.exit_code == 0, loaded.output
    with served(app) as address:
        yield address


@pytest.fixture
def trainer(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def opened(size: dict[str, int] = DESK) -> Page:
        context = browser.new_context(base_url=address, viewport=size, locale="zh-CN", reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        Watch.over(page)
        sign_in(page, "trainer")
        return page

    yield opened
    for context in contexts:
        context.close()


def paper(count: int) -> str:
    """A paper as a training centre types it, of the questions that the product ships with."""
    items: list[dict[str, Any]] = []
    for file in sorted((CONTENT / "items").glob("*.yaml")):
        items += YAML(typ="safe").load(file)["items"]
    lines, number = ["综合素质考试试卷", ""], 0
    for kind, heading in (("single", "一、单项选择题"), ("multiple", "二、多项选择题"), ("true_false", "三、判断题")):
        lines.append(heading)
        for item in [item for item in items if item["kind"] == kind][: count - number]:
            number += 1
            lines.append(f"{number}、{item['stem']}")
            if kind == "true_false":
                lines.append(f"【答案】{MARKS[item['key'][0]]}")
            else:
                lines += [*(f"{option['code']}．{option['text']}" for option in item["options"]), f"【答案】{''.join(item['key'])}"]
            lines += [f"【解析】{item['rationale']}", ""]
    assert number == count
    return "\n".join(lines)


def test_a_hundred_pasted_questions_are_in_review_within_five_minutes(app: Flask, trainer: Callable[..., Page]) -> None:
    page, text = trainer(), paper(100)
    began = time.monotonic()
    page.goto("/question-bank")
    page.get_by_role("link", name="导入", exact=True).click()
    page.get_by_label("粘贴题目").fill(text)
    page.get_by_role("button", name="读取并检查").click()
    expect(page.get_by_text("还有 100 道题没有选定条款")).to_be_visible()
    page.get_by_role("button", name="全部采用第一条建议").click()
    first = page.locator(".import-row").first
    expect(first.locator("[data-pick][aria-pressed=true]")).to_have_count(1)
    second = first.locator("[data-pick]").nth(1)
    with page.expect_response(lambda answer: answer.url.endswith("/rows") or "/rows?" in answer.url) as kept:
        second.click()
    assert kept.value.status == 204
    expect(second).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="导入并提交审核").click()
    expect(page.get_by_text("导入完成，100 道新题，100 道已提交审核。")).to_be_visible()
    took = time.monotonic() - began
    print(f"100 questions from the clipboard into review: {took:.1f} s")
    assert took < FIVE_MINUTES
    assert not all_well(page)
    with app.app_context():
        assert dict(db.session.execute(select(Item.state, func.count()).group_by(Item.state)).all()) == {"in_review": 100}
        assert db.session.scalar(select(func.count()).select_from(ItemClause)) == 100


def test_the_pages_stand_on_a_phone_and_in_the_dark(trainer: Callable[..., Page]) -> None:
    page = trainer(PHONE)
    page.goto("/question-bank/import")
    assert not all_well(page)
    assert not dark_colours(page)
    page.get_by_label("粘贴题目").fill(paper(3) + "\n\n4、没有答案的题\nA. 一\nB. 二\n")
    page.get_by_role("button", name="读取并检查").click()
    expect(page.locator(".import-row")).to_have_count(4)
    assert not all_well(page)
    assert not dark_colours(page)
    page.locator("[name^=clauses-]").first.fill("GCS@2011#999")
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_text("没有条款“GCS@2011#999”")).to_be_visible()
    assert not axe(page)
    Watch.over(page).take()  # the 422 is what was asked for
    page.get_by_role("button", name="全部采用第一条建议").click()
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_text("道成为新的一版")).to_be_visible()
    page.goto("/question-bank/export?format=aiken")
    expect(page.get_by_role("link", name="下载")).to_be_visible()
    assert not all_well(page)
    assert not dark_colours(page)
