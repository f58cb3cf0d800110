"""The list of questions: what a search finds, what facets count, and that the cards say what the questions do."""

import random
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from bench.bank import fill
from foundation.database import db
from foundation.work import SYSTEM, work
from people.tables import Account
from question_bank.actions import figures as figure_actions
from question_bank.actions import papers
from question_bank.figures import Figures
from question_bank.store import cards, facets
from question_bank.store import items as store
from question_bank.store.words import holding
from question_bank.tables import Item, ItemRemark, ItemVersion
from standards.search import patterns, words
from tests.cast import Cast, Visitor
from tests.conftest import START
from tests.question_bank.test_item_pages import LOADED, TYPED
from tests.standards.book import BOOK

SignIn = Callable[[str], Visitor]
MANY = 240


@pytest.fixture
def shelf(app: Flask, cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]]) -> int:
    """A shelf and one loaded item; its id."""
    return seed({**BOOK, "items": [LOADED]})["STD-1-01"]


@pytest.fixture
def full(app: Flask, shelf: int) -> None:
    """A bank of some hundred questions, some with figures, some with an open remark."""
    dice = random.Random(2)
    with app.app_context(), work(SYSTEM) as w:
        authors = list(w.connection.scalars(select(Account.id).order_by(Account.id).limit(3)))
        fill(w.connection, MANY, authors, seed=3)
        versions = list(w.connection.scalars(select(ItemVersion.id).order_by(ItemVersion.id)))
        found = {version: Figures(50, dice.random(), dice.uniform(-0.3, 0.6)) for version in dice.sample(versions, 60)}
        figure_actions.keep(w, {**found, versions[0]: Figures(4, 0.5, None)})
        for version in dice.sample(versions, 12):
            w.connection.execute(insert(ItemRemark).values(
                version_id=version, account_id=authors[0], met="bank", reason="typo", at=START, text="",
                state=dice.choice(["open", "fixed"]),
            ))


def listed(query: str, **chosen: str) -> list[int]:
    statement, order, tie = store.list_statement(query, chosen)
    return [row.id for row in db.session.execute(statement.order_by(order["code"], tie))]


# The index of words

ALPHABET = "上门预约客户，。 aB2ＳＬ"


def test_a_search_finds_exactly_what_stands_there(app: Flask, shelf: int) -> None:
    """The index against the patterns that say what a search is, on texts of few letters, so that much nearly fits."""
    dice = random.Random(9)
    texts = ["".join(dice.choices(ALPHABET, k=dice.randint(1, 14))) for _ in range(150)] + ["上门", "门，门预", "約", "100%满意_x"]
    with app.app_context(), work(SYSTEM) as w:
        stored = {}
        for number, text in enumerate(texts, 1000):
            item = {"id": number, "code": f"X-{number}", "state": "draft", "edited_here": True, "canary": False, "changed": START}
            w.connection.execute(insert(Item).values(**item))
            stored[number] = words([text])
            w.connection.execute(insert(ItemVersion).values(
                id=number, item_id=number, number=1, kind="single", stem=text, options=[], right=[], key=[], rationale="", difficulty=3,
                level="recall", digest=bytes(32), created=START, words=stored[number],
            ))
        for _ in range(300):
            query = "".join(dice.choices(ALPHABET, k=dice.randint(1, 5)))
            wanted = patterns(query)
            expected = {number for number, kept in stored.items() if wanted and all(one[1:-1] in kept for one in wanted)}
            found = w.connection.scalars(select(ItemVersion.id).where(ItemVersion.id >= 1000, *holding(ItemVersion.id, query)))
            assert set(found) == expected, query


def test_the_index_follows_a_version_that_changes_or_goes(app: Flask, shelf: int) -> None:
    def finds(query: str) -> bool:
        return w.connection.scalar(select(ItemVersion.id).where(*holding(ItemVersion.id, query))) is not None

    with app.app_context(), work(SYSTEM) as w:
        version = w.connection.execute(select(ItemVersion)).one()
        assert finds("客户资料能给")
        w.connection.execute(update(ItemVersion).values(words=words(["别的话"])))
        assert (finds("客户资料"), finds("别的话")) == (False, True)
        w.connection.execute(insert(Item).values(id=90, code="Y", state="draft", edited_here=True, canary=False, changed=START))
        w.connection.execute(insert(ItemVersion).values(**{**version._mapping, "id": 91, "item_id": 90, "words": words(["一去不回"])}))
        assert finds("一去不回")
        w.connection.execute(delete(ItemVersion).where(ItemVersion.id == 91))
        assert not finds("一去不回")


# Facets

def test_a_facet_counts_what_the_list_then_shows(app: Flask, full: None) -> None:
    with app.app_context():
        for query, chosen in (
            ("", {}), ("客户", {}), ("户", {"state": "live"}), ("", {"state": "draft", "kind": "single"}), ("", {"standard": "STD@2026"}),
            ("", {"standard": "STD@2026", "level": "apply", "difficulty": "2"}), ("", {"remark": "yes"}), ("上门之前", {"key": "yes"}),
            ("", {"facility": "hard"}), ("", {"correlation": "negative", "state": "live"}), ("先说明原因", {"tier": "none"}),
        ):
            found = facets.count(db.session, query, chosen)
            assert found.total == len(listed(query, **chosen))
            checked = 0
            for name, counts in found.counts.items():
                for value, number in counts.items():
                    if value and (name != "clause" or "standard" in chosen):
                        assert number == len(listed(query, **{**chosen, name: value})), (query, chosen, name, value)
                        checked += 1
            assert checked > 12


def test_what_does_not_exist_finds_nothing(app: Flask, full: None) -> None:
    with app.app_context():
        for name in facets.NAMES:
            if name != "remark":
                assert listed("", **{name: "no-such-value"}) == [], name
        assert listed("，。") == []
        assert listed("客户' OR 1=1 --") == []


def test_few_hits_are_listed_as_the_whole_list_would(app: Flask, full: None) -> None:
    with app.app_context():
        for sort in ("changed", "code", "difficulty", "state", "facility"):
            plain, order, tie = store.list_statement("客户", {})
            few, column, last = store.list_of("客户", {}, 10)
            expected = [row.id for row in db.session.execute(plain.order_by(order[sort], tie))]
            assert [row.id for row in db.session.execute(few.order_by(column[sort], last))] == expected


# Cards

def drift(app: Flask) -> list[int]:
    with app.app_context():
        return cards.outdated(db.session)


def test_every_verb_leaves_the_cards_true(app: Flask, shelf: int, sign_in: SignIn) -> None:
    trainer, other = sign_in("trainer"), sign_in("other_trainer")
    item_id = int(trainer.form("/question-bank/new", TYPED).location.rpartition("/")[2])
    assert drift(app) == []

    def newest() -> int:
        with app.app_context():
            return store.newest_version(db.session, item_id)

    steps: list[tuple[Visitor, str, dict[str, Any]]] = [
        (trainer, "step", {"step": "submit"}), (other, "review", {"verdict": "return", "comment": "改"}),
        (trainer, "step", {"step": "submit"}), (other, "review", {"verdict": "approve"}), (trainer, "step", {"step": "make_live"}),
        (trainer, "edit", {**TYPED, "stem": "改过的题干？"}),
        (trainer, "step", {"step": "discard"}), (trainer, "step", {"step": "retire"}), (trainer, "step", {"step": "restore"}),
    ]
    for client, door, data in steps:
        answer = client.form(f"/question-bank/{item_id}/{door}", {**data, "version": newest() if door != "step" else _shown(app, item_id)})
        assert answer.status_code == 302, (door, data)
        assert drift(app) == [], (door, data)
    with app.app_context(), work(SYSTEM) as w:
        version = _shown(app, item_id)
        papers.keep_form(w, "P-1", "seed", [{"title": None, "slots": [[version, 2]]}])
    assert drift(app) == []
    with app.app_context():
        assert item_id in listed("", facility="waiting")


def _shown(app: Flask, item_id: int) -> int:
    with app.app_context():
        item = db.session.get(Item, item_id)
        assert item is not None
        return store.standing(db.session, item, store.versions(db.session, item_id)).version_id


def test_a_changed_clause_changes_the_cards_of_its_questions(
    app: Flask, shelf: int, seed: Callable[[dict[str, Any]], dict[str, int]],
) -> None:
    with app.app_context():
        before = listed("", key="yes")
    book = {"standards": [
        {**standard, "editions": [
            {**edition, "clauses": [{**clause, "key_clause": not clause.get("key_clause", False)} for clause in edition["clauses"]]}
            for edition in standard["editions"]
        ]}
        for standard in BOOK["standards"]
    ]}
    seed(book)
    assert drift(app) == []
    with app.app_context():
        assert (shelf in before) is not (shelf in listed("", key="yes"))


# The page

def page(client: Visitor, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status
    return unescape(answer.get_data(as_text=True))


def test_the_page_offers_what_would_find_something(full: None, sign_in: SignIn) -> None:
    trainer = sign_in("trainer")
    whole = page(trainer, "/question-bank")
    assert f"共 {MANY + 1} 条" in whole
    for word in ("在用", "待审核", "单选题", "正确率", "区分度", "有人反映，还没处理", "规范", "作者"):
        assert word in whole, word
    narrowed = page(trainer, "/question-bank?state=live&standard=STD%402026&facility=hard&sort=facility")
    assert "条款" in narrowed
    assert "/question-bank/export?" in narrowed
    assert "state=live" in narrowed.partition("/question-bank/export?")[2].partition('"')[0]
    assert "没有符合条件的试题" in page(trainer, "/question-bank?q=没有人写过这样的话")
    for sort in ("facility", "-facility", "-code", "state", "difficulty"):
        assert "row-link" in page(trainer, f"/question-bank?sort={sort}&page=999")


@pytest.mark.parametrize("number", ["9" * 30, "99999999999", "²", "0"])
def test_a_number_that_no_row_can_have_finds_nothing(full: None, sign_in: SignIn, number: str) -> None:
    for name in ("clause", "author"):
        answer = sign_in("trainer").get(f"/question-bank?{name}={number}")
        assert answer.status_code == 200
        assert "没有符合条件的试题" in answer.text


def test_a_narrowing_is_kept_as_a_view(full: None, sign_in: SignIn) -> None:
    trainer = sign_in("trainer")
    kept = trainer.form("/views", {"page": "question_bank.index", "query": "kind=single&state=live", "name": "在用的单选"})
    assert kept.location.startswith("/question-bank?")
    assert "在用的单选" in page(trainer, "/question-bank")
    assert "在用的单选" not in page(sign_in("other_trainer"), "/question-bank")


def test_an_auditor_reads_the_list_and_is_offered_no_deed(full: None, sign_in: SignIn) -> None:
    shown = page(sign_in("auditor"), "/question-bank")
    assert 'name="ids"' not in shown
    assert "/question-bank/export" not in shown


# Many at once

def bulk(client: Visitor, data: dict[str, Any], query: str = "", status: int = 200) -> str:
    answer = client.form(f"/question-bank/bulk{query}", data)
    assert answer.status_code == status, answer.status
    return unescape(answer.get_data(as_text=True))


def tick(app: Flask, *codes: str) -> list[str]:
    with app.app_context():
        ids = store.item_ids(db.session, codes)
        return [f"{ids[code]}:{_shown(app, ids[code])}" for code in codes]


def test_each_question_of_many_is_judged_alone(app: Flask, shelf: int, sign_in: SignIn) -> None:
    trainer, other = sign_in("trainer"), sign_in("other_trainer")
    mine = [int(trainer.form("/question-bank/new", {**TYPED, "stem": f"第{n}题？"}).location.rpartition("/")[2]) for n in (1, 2)]
    theirs = int(other.form("/question-bank/new", {**TYPED, "stem": "别人的题？"}).location.rpartition("/")[2])
    ids = [f"{item_id}:{_shown(app, item_id)}" for item_id in (*mine, theirs)]
    report = bulk(trainer, {"step": "submit", "ids": [*ids, *tick(app, "STD-1-01"), "7x", "999999:1"]})
    assert "未办，原因如下" in report  # the loaded one is in use already
    assert report.count("待审核") == 3
    report = bulk(trainer, {"step": "approve", "ids": ids})
    assert report.count("这一版有您写的内容") == 2
    with app.app_context():
        states = {item_id: db.session.get_one(Item, item_id).state for item_id in (*mine, theirs, shelf)}
    assert states == {mine[0]: "in_review", mine[1]: "in_review", theirs: "approved", shelf: "live"}
    assert drift(app) == []


def test_a_version_that_nobody_saw_is_not_judged(app: Flask, shelf: int, sign_in: SignIn) -> None:
    trainer = sign_in("trainer")
    item_id = int(trainer.form("/question-bank/new", TYPED).location.rpartition("/")[2])
    seen = _shown(app, item_id)
    trainer.form(f"/question-bank/{item_id}/edit", {**TYPED, "stem": "又改了？", "version": str(seen)})
    assert "别人刚保存了新的一版" in bulk(trainer, {"step": "submit", "ids": [f"{item_id}:{seen}"]})


def test_all_that_a_narrowing_finds(app: Flask, full: None, sign_in: SignIn) -> None:
    trainer = sign_in("trainer")
    with app.app_context():
        approved = listed("", state="approved")
    assert approved
    report = bulk(trainer, {"step": "make_live", "all": "1"}, "?state=approved")
    assert report.count("row-link") == len(approved)
    with app.app_context():
        assert listed("", state="approved") == []
    assert drift(app) == []
    bulk(trainer, {"step": "approve", "all": "1"}, "?state=in_review", status=302)
    with app.app_context():
        assert listed("", state="in_review")


def test_nothing_is_done_without_a_choice(full: None, sign_in: SignIn) -> None:
    trainer = sign_in("trainer")
    for data in ({"step": "", "all": "1"}, {"step": "return", "all": "1"}, {"step": "submit"}, {"step": "submit", "ids": ["x"]}):
        assert trainer.form("/question-bank/bulk?state=live", data).location == "/question-bank?sort=-changed&state=live&page=1"
    assert sign_in("auditor").form("/question-bank/bulk", {"step": "retire", "all": "1"}).status_code == 403
    assert trainer.post("/question-bank/bulk", data={"step": "retire", "all": "1"}).status_code == 400
