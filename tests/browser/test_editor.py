"""Writing a question in a browser: the look follows the typing, files go in where the cursor stood, ticks are never lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from foundation.database import db
from question_bank.store import items as store
from question_bank.store import relations
from question_bank.tables import Item
from question_bank.views.media import MOST_BODY
from tests import cast as players
from tests.browser.hall import Device, Hall, open_hall
from tests.browser.looking import all_well, dark_colours
from tests.databases import Databases
from tests.question_bank.test_editor import LOADED, TWIN
from tests.question_bank.test_media_rules import drawn, tone
from tests.standards.book import BOOK

WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def hall(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with open_hall(databases, tmp_path_factory.mktemp("editor")) as opened:
        players.seed(opened.app, {**BOOK, "items": [LOADED, TWIN]})
        yield opened


@pytest.fixture
def page(hall: Hall, browser: Browser) -> Iterator[Page]:
    device = Device(hall, browser, "trainer")
    device.page.goto("/question-bank/new")
    yield device.page
    device.close()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    for name, content in (("图.png", drawn(size=(90, 60))), ("来电.wav", tone(1)), ("坏.png", b"not a picture")):
        (tmp_path / name).write_bytes(content)
    return {path.stem: path for path in tmp_path.iterdir()}


def write(page: Page, stem: str, *options: str) -> None:
    page.fill("#stem", stem)
    for at, text in enumerate(options):
        page.fill(f"#options-{at}-text", text)


def test_the_look_follows_what_is_typed(page: Page) -> None:
    write(page, "上门**之前**应当先做什么？", "与客户预约", "直接到现场", "以上都不对")
    look = page.locator("#look")
    expect(look.locator(".question-stem strong")).to_have_text("之前")
    expect(look.locator(".choice-text")).to_have_text(["与客户预约", "直接到现场", "以上都不对"])
    expect(look.locator(".look-hints")).to_contain_text("以上都不对")
    expect(page.locator("#look-status")).to_contain_text("条提示")
    page.locator("label", has_text="判断题").click()
    expect(look.locator(".choice-text")).to_have_text(["正确", "错误"])
    assert all_well(page) + dark_colours(page) == []


def test_a_question_is_written_with_pictures_clauses_and_an_enemy(hall: Hall, page: Page, files: dict[str, Path]) -> None:
    write(page, "上门服务之前，装维人员应当先做什么事情？", "与客户预约", "直接到现场")
    page.locator("#stem").focus()
    page.keyboard.press("Control+End")
    page.set_input_files("#file", files["图"])
    expect(page.locator("#stem")).to_have_value(re.compile(r"？!\[图片说明\]\(media:[0-9a-f]{16}\)$"))
    page.keyboard.type("工单")  # the words that stand in for it are chosen
    page.locator("#options-1-text").focus()
    page.set_input_files("#file", files["来电"])
    expect(page.locator("#options-1-text")).to_have_value(re.compile(r"^直接到现场!\[录音说明\]\(media:[0-9a-f]{15}s\)$"))
    expect(page.locator("#look").get_by_alt_text("工单")).to_be_visible()
    expect(page.locator("#look audio")).to_have_count(1)

    page.locator("#suggested").get_by_label("提前预约").check()
    expect(page.locator("#clauses")).to_have_value("STD@2026#2.1")
    expect(page.locator("#suggested .named-clauses")).to_contain_text("上门服务前必须与客户预约")
    near = page.locator("#look .near")
    expect(near).to_contain_text("STD-2-01")
    near.get_by_label("互斥").check()
    expect(page.locator("#enemies")).to_have_value("STD-2-01")
    page.check("#options-0-right")
    page.fill("#rationale", "第二条要求先预约。")
    page.get_by_role("button", name="保存草稿").last.click()
    page.wait_for_url(re.compile(r"/question-bank/\d+$"))
    expect(page.locator("main").get_by_alt_text("工单")).to_be_visible()
    expect(page.locator("main")).to_contain_text("互斥的试题")
    assert all_well(page) == []
    with hall.app.app_context():
        item = db.session.scalars(select(Item).order_by(Item.id.desc()).limit(1)).one()
        said = store.wording_of(db.session, store.versions(db.session, item.id)[-1])
        assert said.clauses == ("STD@2026#2.1",)
        assert "![工单](media:" in said.stem
        assert [row.code for row in relations.enemies_of(db.session, item.id)] == ["STD-2-01"]


def test_a_second_file_goes_behind_the_first(page: Page, files: dict[str, Path]) -> None:
    page.fill("#stem", "看图，再听录音：")
    page.set_input_files("#file", files["图"])
    expect(page.locator("#stem")).to_have_value(re.compile(r"：!\[图片说明\]\(media:[0-9a-f]{16}\)$"))
    page.set_input_files("#file", files["来电"])
    expect(page.locator("#stem")).to_have_value(
        re.compile(r"：!\[图片说明\]\(media:[0-9a-f]{16}\)!\[录音说明\]\(media:[0-9a-f]{15}s\)$"))


def test_a_file_beyond_all_measure_is_called_too_large(page: Page, tmp_path: Path) -> None:
    (tmp_path / "长.wav").write_bytes(b"RIFF" + bytes(MOST_BODY))
    page.set_input_files("#file", tmp_path / "长.wav")
    expect(page.locator("#file-status")).to_contain_text("文件太大")


def test_who_is_signed_out_while_writing_hears_it_before_saving(page: Page) -> None:
    page.fill("#stem", "写到一半")
    expect(page.locator("#look .question-stem")).to_have_text("写到一半")
    expect(page.locator("#session-lost")).to_be_hidden()
    page.context.clear_cookies()
    page.fill("#stem", "写到一半，登录失效了")
    expect(page.locator("#session-lost")).to_contain_text("登录已失效")
    expect(page.locator("#stem")).to_have_value("写到一半，登录失效了")


def test_a_long_word_stays_in_its_tile(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    write(page, "哪一个对？", "x" * 200, "短")
    expect(page.locator("#look .choice-text").first).to_have_text("x" * 200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_file_that_cannot_be_used_says_why_and_changes_nothing(page: Page, files: dict[str, Path]) -> None:
    page.fill("#stem", "图里是什么？")
    page.set_input_files("#file", files["坏"])
    expect(page.locator("#file-status")).to_contain_text("这不是能用的图片或声音")
    expect(page.locator("#stem")).to_have_value("图里是什么？")


def test_leaving_by_mistake_is_asked_about(page: Page) -> None:
    page.fill("#stem", "写了一半")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]


def test_the_tools_work_by_keyboard_on_a_wide_screen(hall: Hall, browser: Browser) -> None:
    device = Device(hall, browser, "trainer")
    page = device.page
    page.set_viewport_size(WIDE)
    page.goto("/question-bank/new")
    page.fill("#stem", "先做哪一步")
    page.locator("#stem").press("Shift+Home")
    page.get_by_role("button", name="加粗").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stem")).to_have_value("**先做哪一步**")
    expect(page.locator("#look .question-stem strong")).to_have_text("先做哪一步")
    page.locator("label", has_text="填空题").click()
    page.locator("#stem").press("End")
    page.get_by_role("button", name="插入空").click()
    expect(page.locator("#look .fill-gap")).to_have_count(1)
    assert all_well(page) + dark_colours(page) == []
    device.close()


def test_clauses_are_looked_for_without_leaving_the_page(page: Page) -> None:
    page.fill("#stem", "写了一半的题干")
    page.fill("#query", "泄露")
    found = page.locator("#found")
    expect(found.locator("mark")).to_have_text("泄露")
    found.get_by_label("保密").check()
    expect(page.locator("#clauses")).to_have_value("STD@2026#1.1")
    expect(page.locator("#suggested .named-clauses")).to_contain_text("不得泄露客户资料")
    found.get_by_label("保密").uncheck()
    expect(page.locator("#clauses")).to_have_value("")
    page.locator("#query").press("Enter")
    expect(page.locator("#stem")).to_have_value("写了一半的题干")
    page.fill("#query", "没有这种词")
    expect(found).to_contain_text("没有条款提到")
