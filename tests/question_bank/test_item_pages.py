"""The pages of questions: written by one trainer, judged by another, read by the auditor, closed to everybody else."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from question_bank.item import State, check_wording
from question_bank.store import clauses as asked_about
from question_bank.store import items as store
from question_bank.tables import Item, ItemVersion
from tests.cast import Cast, Visitor
from tests.question_bank.typed import Typed
from tests.standards.book import BOOK

SignIn = Callable[[str], Visitor]
LOADED = {
    "code": "STD-1-01", "kind": "single", "stem": "客户资料能给<别人>看吗？",
    "options": [{"code": "A", "text": "不能"}, {"code": "B", "text": "能"}], "key": ["A"],
    "rationale": "第一条规定不得泄露。", "clauses": ["STD@2026#1.1"], "difficulty": 2, "level": "apply", "author": "trainer",
}
TYPED = {
    "kind": "single", "stem": "上门之前应当先做什么？", "options-0-text": "与客户预约", "options-0-right": "y",
    "options-1-text": "直接到现场", "options-2-text": "", "options-3-text": "请人转告客户",
    "rationale": "第二条要求先预约。", "clauses": "STD@2026#2.1", "difficulty": "3", "level": "recall",
}


@pytest.fixture
def bank(cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]]) -> int:
    """A shelf and one loaded item; its id."""
    return seed({**BOOK, "items": [LOADED]})["STD-1-01"]


@pytest.fixture
def trainer(bank: int, sign_in: SignIn) -> Visitor:
    return sign_in("trainer")


@pytest.fixture
def other(bank: int, sign_in: SignIn) -> Visitor:
    return sign_in("other_trainer")


@pytest.fixture
def third(bank: int, sign_in: SignIn) -> Visitor:
    return sign_in("third_trainer")


def page(client: Visitor, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status
    return unescape(answer.get_data(as_text=True))


def write(client: Visitor, **changes: str) -> int:
    """Write a draft; its id."""
    answer = client.form("/question-bank/new", {**TYPED, **changes})
    assert answer.status_code == 302, unescape(answer.get_data(as_text=True))
    return int(answer.location.rpartition("/")[2])


def newest(app: Flask, item_id: int) -> int:
    with app.app_context():
        return store.versions(db.session, item_id)[-1].id


def state(app: Flask, item_id: int) -> tuple[str, int | None]:
    with app.app_context():
        item = db.session.get(Item, item_id)
        assert item is not None
        return item.state, item.version_id


def step(client: Visitor, app: Flask, item_id: int, name: str, status: int = 302, **more: Any) -> str:
    answer = client.form(f"/question-bank/{item_id}/step", {"step": name, "version": newest(app, item_id), **more})
    assert answer.status_code == status, answer.status
    return unescape(answer.get_data(as_text=True))


def judge(client: Visitor, app: Flask, item_id: int, verdict: str, comment: str = "", status: int = 302) -> str:
    data = {"verdict": verdict, "comment": comment, "version": newest(app, item_id)}
    answer = client.form(f"/question-bank/{item_id}/review", data)
    assert answer.status_code == status, answer.status
    return unescape(answer.get_data(as_text=True))


# Doors

@pytest.mark.parametrize("who", ["owner", "coordinator", "officer", "rater", "decider", "hr", "admin"])
def test_questions_are_closed_to_everybody_else(bank: int, sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    for url in ("/question-bank", f"/question-bank/{bank}", "/question-bank/new", f"/question-bank/{bank}/edit"):
        assert client.get(url).status_code == 403, url
    for url in ("/question-bank/new", f"/question-bank/{bank}/edit", f"/question-bank/{bank}/step", f"/question-bank/{bank}/review"):
        assert client.form(url, TYPED).status_code == 403, url


def test_the_auditor_reads_and_changes_nothing(bank: int, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    assert "客户资料能给" in page(auditor, "/question-bank")
    shown = page(auditor, f"/question-bank/{bank}")
    assert "第一条规定不得泄露。" in shown
    for offered in ("修订", "停用", "写试题"):
        assert offered not in shown.partition("<h1")[2]
    for url in ("/question-bank/new", f"/question-bank/{bank}/edit"):
        assert auditor.get(url).status_code == 403
    for url in (f"/question-bank/{bank}/step", f"/question-bank/{bank}/review"):
        assert auditor.form(url, {"step": "retire"}).status_code == 403


def test_nobody_is_sent_to_sign_in(bank: int, nobody: Visitor) -> None:
    for url in ("/question-bank", f"/question-bank/{bank}", "/question-bank/new", f"/question-bank/{bank}/edit"):
        assert nobody.get(url).location.startswith("/login"), url
    assert nobody.form(f"/question-bank/{bank}/step", {"step": "retire"}).location.startswith("/login")


def test_a_post_without_its_token_is_refused(trainer: Visitor, bank: int) -> None:
    assert trainer.post(f"/question-bank/{bank}/step", data={"step": "retire"}).status_code == 400
    assert trainer.post("/question-bank/new", data=TYPED).status_code == 400


def test_what_is_not_there_is_not_found(trainer: Visitor) -> None:
    assert trainer.get("/question-bank/999").status_code == 404
    assert trainer.get("/question-bank/999/edit").status_code == 404
    assert trainer.form("/question-bank/999/step", {"step": "retire", "version": "1"}).status_code == 404
    assert trainer.form("/question-bank/999/review", {"verdict": "approve", "version": "1"}).status_code == 404


# The list

def test_the_list_is_searched_and_filtered(trainer: Visitor, bank: int) -> None:
    item_id = write(trainer)
    everything = page(trainer, "/question-bank")
    assert "共 2 条" in everything
    assert "客户资料能给<别人>看吗？" in everything
    for query, expected in (
        ("q=资料", bank), ("q=std-1", bank), ("q=转告", item_id), ("state=live", bank), ("state=draft", item_id),
        ("key=yes", bank), ("key=no", item_id), ("difficulty=2", bank), ("level=recall", item_id),
    ):
        shown = page(trainer, f"/question-bank?{query}")
        assert "共 1 条" in shown, query
        assert f'href="/question-bank/{expected}"' in shown, query
    assert "没有符合条件的试题" in page(trainer, "/question-bank?kind=multiple")
    for strange in ("difficulty=many", "clause=x", "page=99", "sort=nonsense", "state=%27"):
        assert trainer.get(f"/question-bank?{strange}").status_code == 200, strange


def test_the_list_is_narrowed_to_a_clause(app: Flask, trainer: Visitor) -> None:
    item_id = write(trainer)
    with app.app_context():
        clause_id = asked_about.clause_ids_of(db.session, [newest(app, item_id)])[newest(app, item_id)][0]
    shown = page(trainer, f"/question-bank?clause={clause_id}")
    assert "共 1 条" in shown
    assert "STD@2026#2.1" in shown


def test_a_stem_is_text_and_never_markup(trainer: Visitor, bank: int) -> None:
    for url in ("/question-bank", f"/question-bank/{bank}", f"/question-bank/{bank}/edit"):
        assert "<别人>" not in trainer.get(url).get_data(as_text=True)


# Writing

def test_a_draft_is_kept_with_its_letters_in_order(app: Flask, trainer: Visitor) -> None:
    item_id = write(trainer)
    with app.app_context():
        item = db.session.get(Item, item_id)
        assert item is not None
        assert (item.state, item.version_id, item.code) == (State.DRAFT, None, f"STD-2-N{item_id}")
        version = store.versions(db.session, item_id)[0]
        texts = {option["code"]: option["text"] for option in version.options}
        assert texts == {"A": "与客户预约", "B": "直接到现场", "C": "请人转告客户"}
        assert version.key == ["A"]
    shown = page(trainer, f"/question-bank/{item_id}")
    assert "上门之前应当先做什么？" in shown
    assert "草稿" in shown


def test_a_statement_is_kept_as_right_or_wrong(app: Flask, trainer: Visitor) -> None:
    item_id = write(trainer, kind="true_false", truth="F")
    with app.app_context():
        version = store.versions(db.session, item_id)[0]
        assert (version.kind, version.key, [option["code"] for option in version.options]) == ("true_false", ["F"], ["T", "F"])


KINDS: dict[str, tuple[dict[str, str], Any, list[str]]] = {
    "order": ({}, ["A", "B", "C"], ["<li>与客户预约</li>"]),
    "situational": ({"options-0-share": "100", "options-1-share": " ５０％ "}, {"A": 1.0, "B": 0.5, "C": 0.0}, ["得 100%", "得 50%"]),
    "match": (
        {"pairs-0-left": "甲", "pairs-0-right": "一", "pairs-1-left": "乙", "pairs-1-right": "二", "pairs-2-right": "三",
         "pairs-3-left": "丙", "pairs-3-right": "一"},
        {"A": "1", "B": "2", "C": "1"}, ["<dt>丙</dt><dd>一</dd>", "干扰项：三"],
    ),
    "fill": ({"stem": "提前 ____ 至 ____ 分钟", "accepted": "5 | 五\r\n10"}, [["5", "五"], ["10"]], ["5 或 五</li>", "第 2 空"]),
    "short": ({"model": "先道歉（2 分）\n说明原因"}, ["先道歉（2 分）", "说明原因"], ["<li>说明原因</li>", "<textarea"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_every_kind_is_written_shown_and_edited(app: Flask, trainer: Visitor, kind: str) -> None:
    typed, key, words = KINDS[kind]
    item_id = write(trainer, kind=kind, **typed)
    with app.app_context():
        version = store.versions(db.session, item_id)[0]
        assert (version.kind, version.key) == (kind, key)
        assert check_wording(store.wording_of(db.session, version)) == []
    shown = page(trainer, f"/question-bank/{item_id}")
    assert all(found in shown for found in words), words
    assert "共 1 条" in page(trainer, f"/question-bank?kind={kind}")
    again = fields(trainer.get(f"/question-bank/{item_id}/edit").get_data(as_text=True))
    answer = trainer.form(f"/question-bank/{item_id}/edit", again)
    assert answer.status_code == 302
    with app.app_context():
        assert len(store.versions(db.session, item_id)) == 1, "what is shown for editing says something else"


def test_more_rows_are_asked_for_without_losing_what_was_typed(app: Flask, trainer: Visitor) -> None:
    answer = trainer.form("/question-bank/new", {**TYPED, "kind": "match", "pairs-0-left": "甲", "do": "more"})
    shown = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "处需要修改" not in shown
    assert 'name="options-8-text"' in shown
    assert 'name="pairs-8-right"' in shown
    assert 'value="甲"' in shown
    filled = {f"options-{at}-text": f"第{at + 1}步" for at in range(9)}
    item_id = write(trainer, kind="order", **filled)
    with app.app_context():
        assert store.versions(db.session, item_id)[0].key == list("ABCDEFGHI")
    all_letters = {f"options-{at}-text": str(at) for at in range(26)}
    full = trainer.form("/question-bank/new", {**TYPED, **all_letters, "do": "more"})
    assert 'name="options-26-text"' not in full.get_data(as_text=True)


def fields(text: str) -> dict[str, Any]:
    return {name: value for name, value in Typed(text).values.items() if name not in ("csrf_token", "query")}


@pytest.mark.parametrize(("changes", "words"), [
    ({"stem": " "}, "请写出题干"),
    ({"stem": "长" * 2001}, "题干最多 2000 个字"),
    ({"options-1-text": "", "options-3-text": ""}, "至少写两个选项"),
    ({"options-1-text": "与客户预约"}, "有两个选项内容相同"),
    ({"options-1-text": "长" * 501}, "选项最多 500 个字"),
    ({"options-0-right": ""}, "现在标了 0 个"),
    ({"options-1-right": "y"}, "现在标了 2 个"),
    ({"options-2-right": "y"}, "标为正确的选项还没有内容"),
    ({"kind": "multiple"}, "多选题至少要有两个正确选项和一个错误选项"),
    ({"kind": "multiple", "options-1-right": "y", "options-3-right": "y"}, "多选题至少要有两个正确选项和一个错误选项"),
    ({"kind": "true_false"}, "请选择这个说法是对还是错"),
    ({"rationale": ""}, "请写明依据"),
    ({"clauses": ""}, "请至少选一个条款"),
    ({"clauses": "STD@2025#2.1"}, "您是不是指 STD@2026#2.1"),
    ({"clauses": "保密"}, "没有条款“保密”"),
    ({"difficulty": "9"}, "难度"),
    ({"kind": "guess"}, "题型"),
    ({"kind": "order", "options-3-text": ""}, "至少写 3 项"),
    ({"kind": "situational"}, "至少有一个选项得满分"),
    ({"kind": "situational", "options-0-share": "百"}, "选项 A 的得分要填 0 到 100 的数"),
    ({"kind": "situational", "options-0-share": "101"}, "选项 A 的得分要填 0 到 100 的数"),
    ({"kind": "match"}, "至少写两对"),
    ({"kind": "match", "pairs-0-left": "甲", "pairs-0-right": "一", "pairs-1-left": "乙"}, "“乙”还没有写右边"),
    ({"kind": "match", "pairs-0-left": "甲", "pairs-0-right": "一", "pairs-1-left": "甲", "pairs-1-right": "二"}, "左边有两项内容相同"),
    ({"kind": "match", "pairs-0-left": "甲", "pairs-0-right": "一", "pairs-1-left": "乙", "pairs-1-right": "一"}, "右边至少要有两项不同"),
    ({"kind": "fill", "accepted": "预约"}, "要用连着的下划线"),
    ({"kind": "fill", "stem": "上门前 ____ 小时 ____", "accepted": "两"}, "题干有 2 个空，答案写了 1 行"),
    ({"kind": "fill", "stem": "上门前 ____", "accepted": "， | 预约"}, "不能作答案"),
    ({"kind": "short"}, "请写出评分要点"),
    ({"level": "guess"}, "层次"),
])
def test_bad_input_is_named_and_what_was_typed_is_still_there(app: Flask, trainer: Visitor, changes: dict[str, str], words: str) -> None:
    data = {**TYPED, **changes}
    answer = trainer.form("/question-bank/new", {name: value for name, value in data.items() if value or not name.endswith("-right")})
    shown = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert words in shown
    assert "处需要修改" in shown
    for typed in ("stem", "options-0-text", "options-3-text", "rationale"):
        assert data[typed] in shown
    assert "STD@20" in shown or "clauses" in changes
    with app.app_context():
        assert len(db.session.scalars(select(Item)).all()) == 1


def test_clauses_are_looked_for_without_losing_what_was_typed(app: Flask, trainer: Visitor) -> None:
    answer = trainer.form("/question-bank/new", {**TYPED, "stem": "写了一半", "query": "预约", "do": "find"})
    shown = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "写了一半" in shown
    assert "处需要修改" not in shown
    assert 'value="STD@2026#2.2"' in shown
    added = trainer.form("/question-bank/new", {**TYPED, "query": "预约", "picked": ["STD@2026#2.2", "STD@2026#2.1"], "do": "add"})
    assert "STD@2026#2.1\r\nSTD@2026#2.2" in unescape(added.get_data(as_text=True)).replace("\n", "\r\n").replace("\r\r", "\r")
    with app.app_context():
        assert len(db.session.scalars(select(Item)).all()) == 1


def test_ticked_clauses_are_kept_with_the_question(app: Flask, trainer: Visitor) -> None:
    data = {**TYPED, "picked": ["STD@2026#2.2"]}
    item_id = int(trainer.form("/question-bank/new", data).location.rpartition("/")[2])
    with app.app_context():
        version = store.versions(db.session, item_id)[0]
        assert store.wording_of(db.session, version).clauses == ("STD@2026#2.1", "STD@2026#2.2")


def test_the_form_starts_with_the_clause_one_came_from(trainer: Visitor) -> None:
    shown = page(trainer, "/question-bank/new?clause=STD%402026%231.2")
    assert "STD@2026#1.2" in shown
    assert "待人诚实守信。" in shown


# The road into use

def test_a_question_goes_from_a_draft_into_use(app: Flask, trainer: Visitor, other: Visitor) -> None:
    item_id = write(trainer)
    step(trainer, app, item_id, "submit")
    assert state(app, item_id) == (State.IN_REVIEW, None)
    assert "请您审核" in page(other, f"/question-bank/{item_id}")
    judge(other, app, item_id, "approve", "很好")
    assert state(app, item_id) == (State.APPROVED, None)
    step(trainer, app, item_id, "make_live")
    assert state(app, item_id) == (State.LIVE, newest(app, item_id))
    shown = page(trainer, f"/question-bank/{item_id}")
    assert all(found in shown for found in ("提交审核", "审核通过", "吴海涛：很好", "启用"))


def test_nobody_approves_their_own(app: Flask, trainer: Visitor) -> None:
    item_id = write(trainer)
    step(trainer, app, item_id, "submit")
    assert "等待另一位培训师审核" in page(trainer, f"/question-bank/{item_id}")
    refused = judge(trainer, app, item_id, "approve", status=409)
    assert "这一版有您写的内容，不能由您审核" in refused
    assert state(app, item_id) == (State.IN_REVIEW, None)
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.event == "item.approve")).one()
        assert (row.result, row.subject) == ("refused", f"item:STD-2-N{item_id}")


def test_an_author_of_part_of_it_does_not_approve_it_either(app: Flask, trainer: Visitor, other: Visitor) -> None:
    """The first wrote it, the second rewrote the stem and submitted it: neither may judge."""
    item_id = write(trainer)
    other.form(f"/question-bank/{item_id}/edit", {**TYPED, "stem": "上门之前首先做什么？", "version": newest(app, item_id)})
    step(other, app, item_id, "submit")
    for client in (trainer, other):
        judge(client, app, item_id, "approve", status=409)
    assert state(app, item_id)[0] == State.IN_REVIEW


def test_a_question_is_returned_with_a_comment(app: Flask, trainer: Visitor, other: Visitor) -> None:
    item_id = write(trainer)
    step(trainer, app, item_id, "submit")
    assert "请写明要改什么" in judge(other, app, item_id, "return", status=422)
    assert "长长长" in judge(other, app, item_id, "return", "长" * 1001, status=422)
    judge(other, app, item_id, "return", "选项C太像答案")
    assert state(app, item_id)[0] == State.DRAFT
    assert "选项C太像答案" in page(trainer, f"/question-bank/{item_id}")


def test_an_author_takes_it_back_and_a_reviewer_does_not(app: Flask, trainer: Visitor, other: Visitor) -> None:
    item_id = write(trainer)
    step(trainer, app, item_id, "submit")
    assert "只有写这一版的人才能撤回" in step(other, app, item_id, "withdraw", 409)
    step(trainer, app, item_id, "withdraw")
    assert state(app, item_id)[0] == State.DRAFT


def test_a_revision_leaves_the_version_in_use(app: Flask, trainer: Visitor, other: Visitor, third: Visitor, bank: int) -> None:
    first = newest(app, bank)
    shown = page(trainer, f"/question-bank/{bank}/edit")
    assert 'value="不能"' in shown
    assert f'name="version" type="hidden" value="{first}"' in shown
    answer = trainer.form(f"/question-bank/{bank}/edit", {**TYPED, "clauses": "STD@2026#1.1", "version": first})
    assert answer.status_code == 302
    assert state(app, bank) == (State.DRAFT, first)
    assert "旧版在用" in page(trainer, "/question-bank")
    assert "客户资料能给" in page(trainer, f"/question-bank/{bank}?version=1")
    step(trainer, app, bank, "submit")
    judge(other, app, bank, "approve")
    assert state(app, bank) == (State.IN_REVIEW, first), "a key clause: one approval is not enough"
    judge(third, app, bank, "approve")
    assert state(app, bank) == (State.APPROVED, first)
    step(other, app, bank, "make_live")
    assert state(app, bank) == (State.LIVE, newest(app, bank))
    assert newest(app, bank) != first


def test_a_revision_is_given_up(app: Flask, trainer: Visitor, bank: int) -> None:
    first = newest(app, bank)
    trainer.form(f"/question-bank/{bank}/edit", {**TYPED, "version": first})
    step(trainer, app, bank, "discard")
    assert state(app, bank) == (State.LIVE, first)
    assert "客户资料能给" in page(trainer, f"/question-bank/{bank}")


def test_saving_a_question_in_use_unchanged_does_not_speak_of_a_draft(app: Flask, trainer: Visitor, bank: int) -> None:
    first = newest(app, bank)
    answer = trainer.form(f"/question-bank/{bank}/edit", fields(page(trainer, f"/question-bank/{bank}/edit")))
    assert answer.status_code == 302
    shown = page(trainer, answer.location)
    assert "没有新的一版" in shown
    assert "草稿已保存" not in shown
    assert state(app, bank) == (State.LIVE, first)


def test_a_reviewer_is_told_that_a_rationale_is_missing(app: Flask, trainer: Visitor, other: Visitor) -> None:
    item_id = write(trainer)
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(ItemVersion).where(ItemVersion.item_id == item_id).values(rationale=""))
    step(trainer, app, item_id, "submit")
    shown = page(other, f"/question-bank/{item_id}")
    assert "这道题没有解析" in shown
    assert 'value="approve"' not in shown
    assert 'value="return"' in shown


def test_saving_the_same_again_makes_no_version(app: Flask, trainer: Visitor) -> None:
    item_id = write(trainer)
    version = newest(app, item_id)
    assert trainer.form(f"/question-bank/{item_id}/edit", {**TYPED, "version": version}).status_code == 302
    assert newest(app, item_id) == version


def test_an_edit_over_somebody_elses_edit_is_refused_and_kept_on_the_page(app: Flask, trainer: Visitor, other: Visitor) -> None:
    item_id = write(trainer)
    version = newest(app, item_id)
    other.form(f"/question-bank/{item_id}/edit", {**TYPED, "stem": "别人先改了", "version": version})
    answer = trainer.form(f"/question-bank/{item_id}/edit", {**TYPED, "stem": "我也改了", "version": version})
    shown = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "别人刚保存了新的一版" in shown
    assert "我也改了" in shown
    with app.app_context():
        assert store.versions(db.session, item_id)[-1].stem == "别人先改了"


def test_a_version_that_was_not_seen_is_not_approved(app: Flask, trainer: Visitor, other: Visitor) -> None:
    item_id = write(trainer)
    seen = newest(app, item_id)
    trainer.form(f"/question-bank/{item_id}/edit", {**TYPED, "stem": "又改了", "version": seen})
    step(trainer, app, item_id, "submit")
    answer = other.form(f"/question-bank/{item_id}/review", {"verdict": "approve", "version": seen})
    assert answer.status_code == 409
    assert "别人刚保存了新的一版" in unescape(answer.get_data(as_text=True))


def test_a_question_is_retired_and_restored(app: Flask, trainer: Visitor, bank: int) -> None:
    version = newest(app, bank)
    step(trainer, app, bank, "retire")
    assert state(app, bank) == (State.RETIRED, version)
    assert trainer.get(f"/question-bank/{bank}/edit").status_code == 302
    step(trainer, app, bank, "restore")
    assert state(app, bank) == (State.LIVE, version)


def test_a_step_out_of_turn_is_refused_in_words(app: Flask, trainer: Visitor, bank: int) -> None:
    for name in ("submit", "withdraw", "make_live", "discard", "restore"):
        assert "试题的状态已经变了" in step(trainer, app, bank, name, 409), name


@pytest.mark.parametrize("name", ["", "edit", "approve", "return", "nonsense"])
def test_a_step_that_is_none_is_a_bad_request(app: Flask, trainer: Visitor, bank: int, name: str) -> None:
    step(trainer, app, bank, name, 400)


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_version_that_is_none_is_refused(trainer: Visitor, bank: int, version: str) -> None:
    assert trainer.form(f"/question-bank/{bank}/step", {"step": "retire", "version": version}).status_code == 409
    assert trainer.form(f"/question-bank/{bank}/edit", {**TYPED, "version": version}).status_code == 409


def test_a_verdict_that_is_none_is_a_bad_request(trainer: Visitor, bank: int) -> None:
    assert trainer.form(f"/question-bank/{bank}/review", {"verdict": "submit"}).status_code == 400


def test_every_change_is_in_the_audit(app: Flask, trainer: Visitor, other: Visitor) -> None:
    item_id = write(trainer)
    step(trainer, app, item_id, "submit")
    judge(other, app, item_id, "approve")
    step(trainer, app, item_id, "make_live")
    step(other, app, item_id, "retire")
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.subject == f"item:STD-2-N{item_id}").order_by(AuditRow.seq)).all()
        assert [(row.event, row.result) for row in rows] == [
            (event, "done") for event in ("item.written", "item.submit", "item.approve", "item.make_live", "item.retire")
        ]
        assert len({row.actor for row in rows}) == 2


def test_an_old_version_that_does_not_exist_shows_the_present_one(trainer: Visitor, bank: int) -> None:
    assert "客户资料能给" in page(trainer, f"/question-bank/{bank}?version=77")
