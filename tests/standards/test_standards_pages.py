"""The pages of standards: read by everybody who signed in, with questions for those who may read them."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from foundation.database import db
from question_bank.store import clauses as asked_about
from question_bank.store import items as store
from tests.cast import Cast
from tests.standards.book import BOOK

SignIn = Callable[[str], FlaskClient]
ITEMS = [
    {"code": "STD-2-01", "kind": "true_false", "stem": "上门前要先约好时间。", "key": ["T"], "rationale": "第二条。",
     "clauses": ["STD@2026#2.1"]},
]


@pytest.fixture
def shelf(cast: Cast, seed: Callable[[dict[str, Any]], Any]) -> None:
    seed({**BOOK, "items": ITEMS})


def text(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status
    return unescape(answer.get_data(as_text=True))


@pytest.mark.parametrize("who", ["owner", "coordinator", "trainer", "officer", "rater", "decider", "hr", "auditor", "admin"])
def test_everybody_who_signed_in_reads_the_standards(shelf: None, sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    for url in ("/standards", "/standards?q=预约", "/standards/clashes", "/standards/STD/2026", "/standards/STD/2026/2.1"):
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("url", ["/standards", "/standards/clashes", "/standards/STD/2026", "/standards/STD/2026/2.1"])
def test_nobody_is_sent_to_sign_in(shelf: None, nobody: FlaskClient, url: str) -> None:
    answer = nobody.get(url)
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/login")


@pytest.mark.parametrize("url", ["/standards/NOPE/2026", "/standards/STD/1999", "/standards/STD/2026/9.9", "/standards/STD/2026/1"])
def test_what_is_not_there_is_not_found(shelf: None, sign_in: SignIn, url: str) -> None:
    assert sign_in("owner").get(url).status_code == 404


def test_an_empty_shelf_says_what_to_do(sign_in: SignIn) -> None:
    assert "还没有规范" in text(sign_in("owner"), "/standards")
    assert "没有记录冲突" in text(sign_in("owner"), "/standards/clashes")


def test_search_shows_clauses_of_all_editions_with_the_hit_marked(shelf: None, sign_in: SignIn) -> None:
    page = text(sign_in("owner"), "/standards?q=到达")
    assert "/standards/STD/2026/2.2" in page
    assert "/standards/OTH/1/1" in page
    assert "<mark>到达</mark>" in page
    assert "/standards/STD/2026/1.1" not in page


def test_a_search_that_finds_nothing_says_so_and_keeps_the_words(shelf: None, sign_in: SignIn) -> None:
    page = text(sign_in("owner"), "/standards?q=飞机<script>")
    assert "没有条款提到" in page
    assert 'value="飞机<script>"' in page


def test_a_hit_in_the_other_language_is_shown_in_that_language(shelf: None, sign_in: SignIn) -> None:
    page = text(sign_in("owner"), "/standards?q=disclose")
    assert "Do not <mark>disclose</mark> customer data." in page


def test_an_edition_shows_its_chapters_and_is_narrowed_by_filters(shelf: None, sign_in: SignIn) -> None:
    client = sign_in("owner")
    whole = text(client, "/standards/STD/2026")
    assert all(found in whole for found in ("总则", "不得泄露客户资料。", "本条不用来出题。", "全部收录。"))
    assert "/standards/STD/2026/1.1" in text(client, "/standards/STD/2026?duty=must_not")
    narrowed = text(client, "/standards/STD/2026?key=yes&duty=must")
    assert "/standards/STD/2026/1.2" in narrowed
    assert "/standards/STD/2026/1.1" not in narrowed
    assert "/standards/STD/2026/2.2" in text(client, "/standards/STD/2026?stage=arrival&tier=basic")
    assert "没有符合条件的条款" in text(client, "/standards/STD/2026?q=飞机&stage=nonsense")
    assert "<mark>预约</mark>" in text(client, "/standards/STD/2026?q=预约")


def test_a_clause_shows_everything_that_is_known_about_it(shelf: None, sign_in: SignIn) -> None:
    page = text(sign_in("owner"), "/standards/STD/2026/2.1")
    for found in ("提前预约", "上门服务前必须与客户预约。", "Make an appointment.", "第二条", "STD@2026#2.1", "规定用语", "所有人员"):
        assert found in page
    assert "您好，<b>我是</b>小王" in page  # unescaped here: the page carries it as text
    assert "<b>我是" not in sign_in("owner").get("/standards/STD/2026/2.1").get_data(as_text=True)


def test_a_clash_is_shown_with_all_its_sides(shelf: None, sign_in: SignIn) -> None:
    client = sign_in("owner")
    for url in ("/standards/STD/2026/2.2", "/standards/OTH/1/1", "/standards/clashes"):
        page = text(client, url)
        assert all(found in page for found in ("提前多久到达", "5至10分钟", "一分钟", "以上门规范为准。")), url
    assert "提前多久到达" not in text(client, "/standards/STD/2026/2.1")


def test_questions_are_counted_and_linked_for_those_who_may_read_them(app: Flask, shelf: None, sign_in: SignIn) -> None:
    with app.app_context():
        item_id = store.items_on(db.session, next(iter(asked_about.counts_by_clause(db.session))))[0].id
    for who in ("trainer", "auditor"):
        assert "试题 1 道" in text(sign_in(who), "/standards/STD/2026")
        assert f"/question-bank/{item_id}" in text(sign_in(who), "/standards/STD/2026/2.1")
    for who in ("owner", "officer", "hr", "admin"):
        assert "试题" not in text(sign_in(who), "/standards/STD/2026").partition("<h1")[2]
        page = text(sign_in(who), "/standards/STD/2026/2.1").partition("<h1")[2]
        assert "上门前要先约好时间。" not in page
        assert "/question-bank" not in page


def test_only_writers_are_offered_to_write(shelf: None, sign_in: SignIn) -> None:
    assert "为本条出题" in text(sign_in("trainer"), "/standards/STD/2026/2.1")
    assert "为本条出题" not in text(sign_in("trainer"), "/standards/STD/2026/12.1")
    assert "为本条出题" not in text(sign_in("auditor"), "/standards/STD/2026/2.1")
