"""Questions that leave: what each format would lose, the file, and who took it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from question_bank.exchange import gift
from question_bank.tables import Item
from question_bank.views import exports
from tests import cast as players
from tests.cast import Cast, Visitor
from tests.question_bank.test_imports import STANDARD

ITEMS = [
    {"code": "Q1", "kind": "single", "stem": "提前多久到达？", "options": [{"code": "A", "text": "五分钟"}, {"code": "B", "text": "一天"}],
     "key": ["A"], "rationale": "第二十五条。", "clauses": ["GCS@2011#25.1"]},
    {"code": "Q2", "kind": "fill", "stem": "提前 ____ 到 ____ 分钟到达。", "key": [["5"], ["10"]], "rationale": "第二十五条。",
     "clauses": ["GCS@2011#25.1"]},
]


@pytest.fixture
def trainer(app: Flask, cast: Cast, seed: Any) -> Visitor:
    seed({"standards": [STANDARD], "items": ITEMS})
    return players.sign_in(app, cast, "trainer")


def test_the_page_offers_formats_and_says_what_the_chosen_one_loses(trainer: Visitor) -> None:
    page = trainer.get("/question-bank/export").text
    assert "共 2 题" in page
    assert "下载" not in page, "nothing to take before a format is chosen"
    chosen = trainer.get("/question-bank/export?format=gift").text
    assert "这种格式的填空题只能有一个空，没有导出" in chosen
    assert "/question-bank/export/file?format=gift" in chosen


def test_the_file_is_what_the_list_shows_and_is_recorded(app: Flask, trainer: Visitor) -> None:
    answer = trainer.get("/question-bank/export/file?format=gift&kind=single")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="questions.gift.txt"'
    (found,) = gift.read(answer.data)
    assert (found.code, found.clauses) == ("Q1", ("GCS@2011#25.1",))
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.event == "questions.exported")).one()
        assert '"format": "gift"' in row.detail
        assert "kind=single" in row.detail


def test_the_paper_without_the_key_has_a_name_of_its_own(trainer: Visitor) -> None:
    served = {name: trainer.get(f"/question-bank/export/file?format={name}") for name in ("word", "word-paper")}
    named = {name: answer.headers["Content-Disposition"] for name, answer in served.items()}
    assert named == {"word": 'attachment; filename="questions.docx"', "word-paper": 'attachment; filename="paper.docx"'}


def test_a_trap_never_leaves(app: Flask, trainer: Visitor) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Item).where(Item.code == "Q1").values(canary=True))
    assert "共 1 题" in trainer.get("/question-bank/export").text
    content = trainer.get("/question-bank/export/file?format=moodle-xml").data
    assert b"Q2" in content
    assert b"Q1" not in content


def test_nothing_unknown_or_too_much_is_no_file(trainer: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "没有符合条件的试题" in trainer.get("/question-bank/export?q=没有这样的题").text
    for query in ("format=nothing", "format=text", "", "format=gift&q=没有这样的题"):
        assert trainer.get(f"/question-bank/export/file?{query}").status_code == 302
    monkeypatch.setattr(exports, "MOST", 1)
    assert "一次最多导出 1 道题" in trainer.get("/question-bank/export?format=gift").text
    assert trainer.get("/question-bank/export/file?format=gift").status_code == 302
