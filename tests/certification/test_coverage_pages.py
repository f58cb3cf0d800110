"""The matrix of coverage: what it counts, where it leads, and the way to the empty cell and back."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import event, insert, select

from certification.views import coverage as page_of_coverage
from foundation.database import db
from foundation.work import SYSTEM, work
from question_bank.inspection import LEAST, LEAST_KEY
from question_bank.store import coverage as store
from question_bank.tables import Item, ItemClause, ItemVersion
from standards.tables import Clause
from tests import cast as players
from tests.cast import Cast, Visitor
from tests.standards.book import BOOK

URL = "/question-bank/coverage"
SignIn = Callable[[str], Visitor]
Row = dict[str, str]


def item(code: str, clause: str, kind: str = "true_false", **more: Any) -> dict[str, Any]:
    answers: dict[str, dict[str, Any]] = {
        "true_false": {"key": ["T"]}, "fill": {"key": [["预约"]], "stem": f"{code}：先____再上门。"},
    }
    return {
        "code": code, "kind": kind, "stem": f"{code}：对吗？", "rationale": "第一条。", "clauses": [clause], **answers[kind], **more,
    }


ITEMS = [
    item("A1", "STD@2026#1.1"), item("A2", "STD@2026#1.1", level="apply"), item("A3", "STD@2026#1.1", "fill"),
    item("B1", "STD@2026#2.1"), item("C1", "STD@2026#2.2", "fill"),
]
PROGRAMME = {
    "code": "GC", "title": {"zh": "现场"}, "standards": ["STD@2026"], "validity_months": 12,
    "exam": {"minutes": 30, "pass": 0.5, "excellent": 0.9, "blueprint": [
        {"clauses": ["STD@2026#1"], "count": 1, "kinds": ["true_false", "single"]}, {"clauses": ["STD@2026#2.1"], "count": 1},
    ]},
}


@pytest.fixture
def trainer(app: Flask, cast: Cast, sign_in: SignIn) -> Visitor:
    players.seed(app, {**BOOK, "items": ITEMS, "programmes": [PROGRAMME]})
    return sign_in("trainer")


def page(client: Visitor, query: str = "") -> str:
    answer = client.get(URL + query)
    assert answer.status_code == 200, answer.status
    return unescape(answer.get_data(as_text=True))


def matrix(shown: str) -> dict[str, Row]:
    """The cells of each clause by the column's word, as text; links as ``text -> address``."""
    found = {}
    for number, cells in re.findall(r'<tr id="clause-\d+"[^>]*>.*?figures muted">([\d.]+)<(.*?)</tr>', shown, re.S):
        found[number] = {label: _cell(inner) for label, inner in re.findall(r'<td data-label="([^"]+)"[^>]*>(.*?)</td>', cells, re.S)}
    return found


def _cell(inner: str) -> str:
    seen = re.sub(r'<span class="visually-hidden">.*?</span>|<svg.*?</svg>', "", inner, flags=re.S)
    address = re.search(r'href="([^"]+)"', inner)
    return (re.sub(r"<[^>]+>", "", seen).strip() + (f" -> {address[1]}" if address else "")).strip()


def state(app: Flask, code: str, **values: Any) -> None:
    with app.app_context(), work(SYSTEM) as w:
        row = w.session.scalars(select(Item).where(Item.code == code)).one()
        for name, value in values.items():
            setattr(row, name, value)


def test_each_cell_counts_the_questions_in_use_of_its_clause_and_kind(trainer: Visitor) -> None:
    rows = matrix(page(trainer))
    assert rows["1.1"]["判断题"].startswith("2 ->")
    assert rows["1.1"]["填空题"].startswith("1 ->")
    assert rows["1.1"]["合计"].startswith("3 ->")
    assert rows["2.1"]["判断题"].startswith("1 ->")
    assert rows["1.2"]["合计"] == "0"


def test_a_number_leads_to_exactly_those_questions(trainer: Visitor) -> None:
    address = matrix(page(trainer))["1.1"]["判断题"].partition("-> ")[2]
    shown = trainer.get(address).get_data(as_text=True)
    assert [code for code in ("A1", "A2", "A3", "B1") if f">{code}<" in shown] == ["A1", "A2"]


def test_what_is_not_to_be_asked_is_left_out(trainer: Visitor) -> None:
    assert "12.1" not in matrix(page(trainer))


def test_gaps_are_said_and_can_be_had_alone(trainer: Visitor) -> None:
    assert f"缺 {LEAST_KEY} 题" in page(trainer)  # 1.2 is a key clause without a question
    there = {"1.1": (3, LEAST_KEY), "1.2": (0, LEAST_KEY), "2.1": (1, LEAST), "2.2": (1, LEAST)}
    assert set(matrix(page(trainer, "?gaps=yes"))) == {number for number, (count, least) in there.items() if count < least}


def test_drafts_are_counted_apart_and_traps_and_retired_ones_not_at_all(app: Flask, trainer: Visitor) -> None:
    state(app, "A1", state="draft", version_id=None)
    state(app, "A2", state="retired")
    state(app, "B1", canary=True)
    rows = matrix(page(trainer))
    assert rows["1.1"]["判断题"].startswith("+1 ->")
    assert "state" not in rows["1.1"]["判断题"]  # the way to a draft is not narrowed to what is in use
    assert rows["2.1"]["合计"] == "0"


def test_a_revision_counts_once_with_the_version_in_use(app: Flask, trainer: Visitor) -> None:
    with app.app_context(), work(SYSTEM) as w:
        old = w.session.scalars(select(ItemVersion).join(Item, Item.version_id == ItemVersion.id).where(Item.code == "B1")).one()
        new = ItemVersion(item_id=old.item_id, number=2, kind="fill", stem="新", options=[], key=[["a"]], digest=b"0" * 32, created=w.now)
        w.session.add(new)
        w.session.flush()
        w.session.add(ItemClause(version_id=new.id, clause_id=w.session.scalars(select(Clause.id).where(Clause.number == "2.1")).one()))
        w.session.get_one(Item, old.item_id).state = "draft"
    row = matrix(page(trainer))["2.1"]
    assert (row["判断题"][:1], row["填空题"][:4]) == ("1", "+ ->")


def test_by_level_the_columns_are_levels(trainer: Visitor) -> None:
    row = matrix(page(trainer, "?by=level"))["1.1"]
    assert (row["记忆"][:1], row["应用"][:1]) == ("2", "1")
    assert "level=apply" in row["应用"]


def test_tiers_are_added_up_and_narrow_the_matrix(trainer: Visitor) -> None:
    shown = page(trainer)
    assert "按等级汇总" in shown
    assert set(matrix(page(trainer, "?tier=basic"))) == {"2.2"}
    assert set(matrix(page(trainer, "?tier=none"))) == {"1.1", "1.2", "2.1"}


def test_a_programme_narrows_the_matrix_to_what_its_papers_ask(trainer: Visitor) -> None:
    rows = matrix(page(trainer, "?programme=GC"))
    assert set(rows) == {"1.1", "1.2", "2.1"}
    assert rows["1.2"]["单选题"].startswith("+ ->")
    assert rows["1.2"]["填空题"] == "–"
    assert rows["2.1"]["填空题"].startswith("+ ->")


def test_another_edition_is_a_click_away_and_an_unknown_one_is_as_good_as_none(trainer: Visitor) -> None:
    assert set(matrix(page(trainer, "?edition=OTH@1"))) == {"1"}
    assert "1.1" in matrix(page(trainer, "?edition=NONE@1&programme=NONE"))


def test_a_search_finds_clauses_by_their_words_and_numbers(trainer: Visitor) -> None:
    assert set(matrix(page(trainer, "?q=预约"))) == {"2.1", "2.2"}
    assert set(matrix(page(trainer, "?q=2.1"))) == {"2.1"}
    assert "没有符合条件的条款" in page(trainer, "?q=电梯")


def test_a_clash_is_marked_on_its_row_and_told_in_full(trainer: Visitor) -> None:
    shown = page(trainer)
    assert "规范有冲突" in shown.partition('figures muted">2.2<')[2].partition("</tr>")[0]
    assert "规范有冲突" not in shown.partition('figures muted">2.1<')[2].partition("</tr>")[0]
    assert "一分钟" in shown


def test_the_empty_cell_leads_to_the_editor_and_the_saved_question_back_to_its_row(app: Flask, trainer: Visitor) -> None:
    here = f"{URL}?gaps=yes&sort=number&edition=STD%402026"
    address = matrix(page(trainer, here.removeprefix(URL)))["1.2"]["判断题"].partition("-> ")[2]
    asked = parse_qs(urlsplit(address).query)
    assert (asked["clause"], asked["kind"]) == (["STD@2026#1.2"], ["true_false"])
    back = asked["next"][0]
    assert back.startswith(f"{URL}?")
    assert "gaps=yes" in back
    shown = trainer.get(address).get_data(as_text=True)
    assert "STD@2026#1.2" in shown
    assert re.search(r'value="true_false"[^>]*checked|checked[^>]*value="true_false"', shown)
    typed = {
        "kind": "true_false", "stem": "待人要诚实。", "truth": "T", "rationale": "第一条。", "clauses": "STD@2026#1.2", "difficulty": "3",
        "level": "recall",
    }
    answer = trainer.form(address, {**typed, "next": back})
    assert answer.status_code == 302, unescape(answer.get_data(as_text=True))
    assert unescape(answer.location) == back
    assert matrix(page(trainer, "?gaps=yes&edition=STD@2026"))["1.2"]["判断题"].startswith("+1 ->")


def test_an_auditor_reads_and_is_offered_no_editor(trainer: Visitor, sign_in: SignIn) -> None:
    shown = page(sign_in("auditor"))
    assert matrix(shown)["1.2"]["判断题"] == "0"
    assert "/question-bank/new" not in shown


def test_without_a_standard_the_page_says_so(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    assert "还没有规范" in page(sign_in("trainer"))


def test_the_counts_come_with_one_statement_however_many_questions_there_are(app: Flask, trainer: Visitor) -> None:
    with app.app_context():
        clause_ids = list(db.session.scalars(select(Clause.id)))
        with work(SYSTEM) as w:
            first = 1 + (w.session.scalars(select(ItemVersion.id).order_by(ItemVersion.id.desc())).first() or 0)
            ids = range(first, first + 3000)
            w.connection.execute(insert(Item.__table__), [
                {"id": n, "code": f"X{n}", "state": "live", "version_id": n, "edited_here": False, "canary": False, "changed": w.now}
                for n in ids
            ])
            w.connection.execute(insert(ItemVersion.__table__), [
                {"id": n, "item_id": n, "number": 1, "kind": "order", "stem": "…", "options": [], "right": [], "key": [], "rationale": "",
                 "difficulty": 3, "level": "recall", "digest": b"0" * 32, "created": w.now, "words": ""} for n in ids
            ])
            w.connection.execute(insert(ItemClause.__table__), [
                {"version_id": n, "clause_id": clause_ids[n % len(clause_ids)], "position": 0} for n in ids
            ])
        said: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        rows = store.counts(db.session, [1], "kind")
        assert sum(statement.startswith("SELECT") for statement in said) == 1
        assert sum(row.live for row in rows if row.column == "order") == sum(clause_ids[n % len(clause_ids)] in _of_edition(1) for n in ids)


def _of_edition(edition_id: int) -> set[int]:
    return set(db.session.scalars(select(Clause.id).where(Clause.edition_id == edition_id)))


def test_addresses_are_put_together_as_flask_would() -> None:
    found = page_of_coverage.Addresses("/question-bank", "/question-bank/new", "/question-bank/coverage?a=b", "kind")
    assert found.questions(7, "fill") == "/question-bank?clause=7&kind=fill&state=live"
    assert found.questions(7, "", "") == "/question-bank?clause=7"
    assert parse_qs(urlsplit(found.write(7, "S@1#2", "fill")).query) == {
        "clause": ["S@1#2"], "kind": ["fill"], "next": ["/question-bank/coverage?a=b#clause-7"],
    }


def test_a_programme_says_where_other_rules_disagree_with_what_it_asks(app: Flask, trainer: Visitor) -> None:
    exam = {**PROGRAMME["exam"], "blueprint": [{"clauses": ["STD@2026#2"], "count": 1}]}  # type: ignore[dict-item]
    players.seed(app, {"programmes": [{**PROGRAMME, "code": "GD", "exam": exam}]})
    shown = unescape(trainer.get("/programmes/GD").get_data(as_text=True))
    for words in ("1 处冲突", "提前多久到达", "本项目考的条款", "一份试卷只会出现其中一方"):
        assert words in shown
    assert "提前多久到达" not in unescape(trainer.get("/programmes/GC").get_data(as_text=True))
