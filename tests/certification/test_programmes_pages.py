"""The pages of programmes: what is demanded, and whether the bank can meet it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from foundation.clock import TickingClock
from foundation.work import SYSTEM, work
from question_bank.tables import Item
from tests.cast import Cast, Visitor
from tests.certification.exams import document

SignIn = Callable[[str], Visitor]
Seed = Callable[[dict[str, Any]], dict[str, int]]


@pytest.fixture
def filled(cast: Cast, seed: Seed) -> dict[str, Any]:
    """Programme GC with its one sitting, and what it was seeded from."""
    given = document(cast, cut_rationale={"zh": "试行的分数线", "en": "A trial cut"}, sections=[{"key_clauses": True, "min": 0.75}])
    given["programmes"][0] |= {"retakes": {"wait_days": 7, "per_year": 3}, "renewal_window_days": 45}
    seed(given)
    return given


def test_the_list_names_what_each_programme_asks(filled: dict[str, Any], sign_in: SignIn) -> None:
    page = sign_in("officer").get("/programmes").text
    assert "集团客户现场支撑" in page
    assert "STD@2026" in page
    assert "6 题，60 分钟" in page
    assert "12 个月" in page
    assert "已冻结" in page


def test_the_list_is_searched_in_both_languages(filled: dict[str, Any], sign_in: SignIn) -> None:
    trainer = sign_in("trainer")
    for words, count in (("现场", 1), ("group", 1), ("gc", 1), ("%", 0)):
        assert f"共 {count} 条" in trainer.get(f"/programmes?q={words}").text, words
    assert "没有符合条件的项目" in trainer.get("/programmes?q=nothing").text


def test_a_programme_shows_cuts_validity_retakes_and_editions(filled: dict[str, Any], sign_in: SignIn) -> None:
    page = sign_in("decider").get("/programmes/GC").text
    said = "50%,优秀线 90%,试行的分数线,单独达到 75%,至少 7 天,最多 3 次,到期前 45 天起可续期,满分 12 分,第 1 版,现在可以组卷"
    for words in said.split(","):
        assert words in page, words


def lights(page: str) -> list[str]:
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [word for row in table.split("</tr>")[:-1] for word in ("充足", "偏少", "不够") if word in row]


def test_the_light_compares_what_is_needed_with_what_is_live(app: Flask, filled: dict[str, Any], seed: Seed, sign_in: SignIn) -> None:
    trainer = sign_in("trainer")
    assert lights(trainer.get("/programmes/GC").text) == ["偏少", "偏少"]
    more = [{**item, "code": f"M-{item['code']}", "stem": f"{item['stem']}（另问）"} for item in filled["items"][:3]]
    seed({"items": more})
    assert lights(trainer.get("/programmes/GC").text) == ["充足", "偏少"]
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Item).where(Item.code == "Q4").values(state="retired"))
    page = trainer.get("/programmes/GC").text
    assert lights(page) == ["充足", "不够"]
    assert "现在组不出一份完整的试卷" in page
    assert "“第2部分”还差 1 道题" in page


def test_a_changed_programme_gets_a_new_edition_and_the_frozen_one_stays(filled: dict[str, Any], seed: Seed, sign_in: SignIn) -> None:
    filled["programmes"][0]["exam"]["minutes"] = 45
    seed({"programmes": filled["programmes"]})
    officer = sign_in("officer")
    page = officer.get("/programmes/GC").text
    assert "还没有场次，可以修改" in page
    assert ">45<" in page.replace("\n", "")
    assert "可修改" in page
    old = officer.get("/programmes/GC?edition=1").text
    assert "这是旧版" in old
    assert ">60<" in old.replace("\n", "")
    assert officer.get("/programmes/GC?edition=3").status_code == 404
    assert officer.get("/programmes/NONE").status_code == 404


def test_an_edition_freezes_at_its_first_sitting(filled: dict[str, Any], seed: Seed, sign_in: SignIn, clock: TickingClock) -> None:
    filled["programmes"][0]["exam"]["minutes"] = 45
    seed({"programmes": filled["programmes"]})
    officer = sign_in("officer")
    officer.form("/sittings/new", {"programme": "GC", "opens": "2026-11-23T09:00", "closes": "2026-11-23T10:00"})
    assert "2026年11月22日 起冻结" in officer.get("/programmes/GC").text


@pytest.mark.parametrize("name", ["owner", "coordinator", "hr", "admin", "rater"])
def test_who_has_no_business_there_does_not_come_in(filled: dict[str, Any], sign_in: SignIn, name: str) -> None:
    assert [sign_in(name).get(path).status_code for path in ("/programmes", "/programmes/GC")] == [403, 403]


def test_nobody_is_sent_to_sign_in(filled: dict[str, Any], nobody: Visitor) -> None:
    assert nobody.get("/programmes/GC").headers["Location"] == "/login?next=/programmes/GC"
