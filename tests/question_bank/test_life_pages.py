"""The life of a question on its pages: two reviewers, comments, two versions side by side, remarks worked through."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import Actor, work
from people.tables import Account
from question_bank.actions.remarks import remark
from question_bank.remark import Met
from question_bank.store import items as store
from question_bank.tables import Item, ItemComment, ItemRemark
from tests.cast import Cast, Visitor
from tests.standards.book import BOOK

SignIn = Callable[[str], Visitor]
LOADED = {
    "code": "STD-1-01", "kind": "single", "stem": "客户资料能给<别人>看吗？",
    "options": [{"code": "A", "text": "不能"}, {"code": "B", "text": "能"}], "key": ["A"],
    "rationale": "第一条规定不得泄露。", "clauses": ["STD@2026#1.1"], "difficulty": 2, "level": "apply", "author": "trainer",
}
TYPED = {
    "kind": "single", "stem": "客户资料可以给<别人>看吗？", "options-0-text": "不可以", "options-0-right": "y", "options-1-text": "能",
    "options-2-text": "经本人同意才能", "rationale": "第一条规定不得泄露。", "clauses": "STD@2026#1.1", "difficulty": "2", "level": "apply",
}


@pytest.fixture
def bank(cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]]) -> int:
    """One question on a key clause, written by ``trainer``; its id."""
    return seed({**BOOK, "items": [LOADED]})["STD-1-01"]


def page(client: Visitor, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status
    return unescape(answer.get_data(as_text=True))


def version(app: Flask, item_id: int, number: int = 0) -> int:
    with app.app_context():
        return store.versions(db.session, item_id)[number - 1].id


def revise(client: Visitor, app: Flask, item_id: int) -> None:
    assert client.form(f"/question-bank/{item_id}/edit", {**TYPED, "version": version(app, item_id)}).status_code == 302


def approve(client: Visitor, app: Flask, item_id: int) -> Any:
    return client.form(f"/question-bank/{item_id}/review", {"verdict": "approve", "version": version(app, item_id)})


def state(app: Flask, item_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Item, item_id).state


def met(app: Flask, cast: Cast, item_id: int, who: str, reason: str = "unclear", text: str = "", where: Met = Met.EXAM) -> None:
    """Somebody remarks, wherever that is."""
    with app.app_context(), work(Actor("test")) as w:
        assert remark(w, store.versions(w.session, item_id)[0].id, cast[who].account_id, where, None, reason, text) is None


def remarks(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [(row.state, row.reason, row.answer) for row in db.session.scalars(select(ItemRemark).order_by(ItemRemark.id))]


def events(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.subject == "item:STD-1-01").order_by(AuditRow.seq))
        return [(row.event, row.result) for row in rows]


# Two reviewers


def test_a_question_on_a_key_clause_is_approved_by_two_people(app: Flask, bank: int, sign_in: SignIn) -> None:
    author, second, third = sign_in("trainer"), sign_in("other_trainer"), sign_in("third_trainer")
    revise(author, app, bank)
    author.form(f"/question-bank/{bank}/step", {"step": "submit", "version": version(app, bank)})
    assert "等待另外两位培训师审核" in page(author, f"/question-bank/{bank}")
    shown = page(second, f"/question-bank/{bank}")
    assert "关键条款：0 / 2 人通过" in shown
    assert f"/question-bank/{bank}/compare" in shown
    assert approve(second, app, bank).status_code == 302
    assert state(app, bank) == "in_review"
    mine = page(second, f"/question-bank/{bank}")
    assert "还要另一位培训师也通过" in mine
    assert "您已通过，等待第二位培训师" in mine
    again = approve(second, app, bank)
    assert again.status_code == 409
    assert "您已经通过了这一版" in unescape(again.get_data(as_text=True))
    assert "关键条款：1 / 2 人通过" in page(third, f"/question-bank/{bank}")
    assert "已通过：吴海涛" in page(third, f"/question-bank/{bank}")
    assert approve(third, app, bank).status_code == 302
    assert state(app, bank) == "approved"
    assert [one for one in events(app) if one[0] == "item.approve"] == [
        ("item.approve", "done"), ("item.approve", "refused"), ("item.approve", "done")
    ]


def test_an_approval_is_void_once_the_version_was_returned(app: Flask, bank: int, sign_in: SignIn) -> None:
    author, second, third = sign_in("trainer"), sign_in("other_trainer"), sign_in("third_trainer")
    revise(author, app, bank)
    submit = {"step": "submit", "version": version(app, bank)}
    author.form(f"/question-bank/{bank}/step", submit)
    approve(second, app, bank)
    third.form(f"/question-bank/{bank}/review", {"verdict": "return", "comment": "选项C也对", "version": version(app, bank)})
    assert state(app, bank) == "draft"
    author.form(f"/question-bank/{bank}/step", submit)
    approve(third, app, bank)
    assert state(app, bank) == "in_review"


def test_where_nobody_is_left_to_review_the_page_says_what_to_do(app: Flask, cast: Cast, bank: int, sign_in: SignIn) -> None:
    revise(sign_in("trainer"), app, bank)
    assert "能审核的培训师不够" not in page(sign_in("trainer"), f"/question-bank/{bank}")
    with app.app_context(), work(Actor("test")) as w:
        w.session.get_one(Account, cast.third_trainer.account_id).closed = w.now
    assert "还差 1 位培训师" in page(sign_in("trainer"), f"/question-bank/{bank}")
    assert "能审核的培训师不够" not in page(sign_in("auditor"), f"/question-bank/{bank}")


# Comments


def test_trainers_talk_about_a_part_of_a_version_until_it_is_settled(app: Flask, bank: int, sign_in: SignIn) -> None:
    author, second = sign_in("trainer"), sign_in("other_trainer")
    said = {"talk-number": "1", "talk-part": "options", "talk-text": "选项B<b>太短</b>"}
    assert second.form(f"/question-bank/{bank}/comments", said).status_code == 302
    shown = author.get(f"/question-bank/{bank}").get_data(as_text=True)
    assert "选项B&lt;b&gt;太短" in shown
    assert "吴海涛" in shown
    with app.app_context():
        comment = db.session.scalars(select(ItemComment.id)).one()
    url = f"/question-bank/{bank}/comments/{comment}"
    author.form(url, {"settled": "yes"})
    assert "已处理的评论（1）" in page(author, f"/question-bank/{bank}")
    author.form(url, {"settled": "yes"})
    second.form(url, {"settled": "no"})
    assert "已处理的评论" not in page(author, f"/question-bank/{bank}")
    assert events(app)[-3:] == [("item.commented", "done"), ("item.comment_settled", "done"), ("item.comment_opened", "done")]


@pytest.mark.parametrize(("change", "words"), [({"talk-text": " "}, "请写下评论"), ({"talk-text": "字" * 1001}, "评论最多 1000 个字")])
def test_a_comment_that_is_none_comes_back_as_it_was_typed(bank: int, sign_in: SignIn, change: dict[str, str], words: str) -> None:
    data = {"talk-number": "1", "talk-part": "stem", **change}
    answer = sign_in("trainer").form(f"/question-bank/{bank}/comments", data)
    shown = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert words in shown
    assert change["talk-text"].strip() in shown


def test_a_comment_on_nothing_is_not_found(bank: int, sign_in: SignIn, seed: Callable[[dict[str, Any]], dict[str, int]]) -> None:
    trainer = sign_in("trainer")
    assert trainer.form(f"/question-bank/{bank}/comments", {"talk-number": "9", "talk-text": "?"}).status_code == 404
    trainer.form(f"/question-bank/{bank}/comments", {"talk-number": "1", "talk-text": "!"})
    other = seed({"items": [{**LOADED, "code": "STD-1-02"}]})["STD-1-02"]
    assert trainer.form(f"/question-bank/{other}/comments/1").status_code == 404, "it is on another question"


# Two versions side by side


def test_two_versions_stand_side_by_side_with_their_words_marked(app: Flask, bank: int, sign_in: SignIn) -> None:
    trainer = sign_in("trainer")
    revise(trainer, app, bank)
    shown = page(trainer, f"/question-bank/{bank}/compare")
    assert "客户资料<del>能</del>给<别人>看吗？" in shown
    assert "客户资料<ins>可以</ins>给<别人>看吗？" in shown
    assert "<ins>经本人同意才能</ins>" in shown
    assert page(trainer, f"/question-bank/{bank}/compare?before=2&after=2").count("<ins>") == 0
    assert "这两版没有不同" not in shown
    assert "选的是同一版" in page(trainer, f"/question-bank/{bank}/compare?before=1&after=1")
    raw = trainer.get(f"/question-bank/{bank}/compare").get_data(as_text=True)
    assert "<别人>" not in raw, "what was written is text"


def test_an_only_version_is_compared_with_itself(bank: int, sign_in: SignIn) -> None:
    assert "选的是同一版" in page(sign_in("auditor"), f"/question-bank/{bank}/compare?before=7&after=x")


# Remarks


def test_remarks_are_listed_by_question_and_never_say_who(app: Flask, cast: Cast, bank: int, sign_in: SignIn) -> None:
    for who in ("owner", "colleague"):
        met(app, cast, bank, who, "two_answers", "两个都对<script>")
    met(app, cast, bank, "stranger", "typo")
    for name in ("trainer", "auditor"):
        listed = page(sign_in(name), "/question-bank/remarks")
        assert "选项不唯一" in listed
        assert "× 2" in listed
        shown = sign_in(name).get(f"/question-bank/{bank}/remarks").get_data(as_text=True)
        assert shown.count("不止一个选项合适") == 2
        assert "两个都对&lt;script&gt;" in shown
        assert "考试中" in shown
        for who in ("owner", "colleague", "stranger"):
            assert cast[who].name not in shown + listed
            assert cast[who].staff_no not in shown + listed
    assert "有 3 条“题目有问题”的反馈等待处理" in page(sign_in("trainer"), f"/question-bank/{bank}")
    home = page(sign_in("trainer"), "/")
    assert 'href="/question-bank/remarks"' in home
    assert "题目反馈待处理" in home


@pytest.mark.parametrize(("query", "found"), [
    ("?reason=typo", True), ("?reason=outdated", False), ("?met=exam", True), ("?met=review", False), ("?state=settled", False),
    ("?q=客户资料", True), ("?q=没有这个词", False), ("?sort=latest", True), ("?sort=-code", True),
])
def test_the_list_is_narrowed(app: Flask, cast: Cast, bank: int, sign_in: SignIn, query: str, found: bool) -> None:
    met(app, cast, bank, "owner", "typo")
    assert ("STD-1-01" in page(sign_in("trainer"), f"/question-bank/remarks{query}")) is found


def test_the_same_person_remarks_once_while_it_is_open(app: Flask, cast: Cast, bank: int) -> None:
    met(app, cast, bank, "owner", "typo")
    met(app, cast, bank, "owner", "unclear", "再想想")
    met(app, cast, bank, "owner", "unclear", "再想想")
    met(app, cast, bank, "owner", "unclear", "", Met.REVIEW)
    assert remarks(app) == [("open", "unclear", ""), ("open", "unclear", "")]
    assert [one[0] for one in events(app)].count("item.remarked") == 3, "the one that was sent again is no deed"


def test_remarks_are_settled_together_with_an_answer(app: Flask, cast: Cast, bank: int, sign_in: SignIn) -> None:
    met(app, cast, bank, "owner", "typo")
    met(app, cast, bank, "colleague", "typo")
    met(app, cast, bank, "stranger", "unclear")
    other = sign_in("other_trainer")
    settled = other.form(f"/question-bank/{bank}/remarks", {"remark": ["1", "2", "99"], "state": "fixed", "answer": "新版已改。"})
    assert settled.location.endswith(f"/question-bank/{bank}/remarks"), "one is still open"
    assert remarks(app) == [("fixed", "typo", "新版已改。"), ("fixed", "typo", "新版已改。"), ("open", "unclear", "")]
    again = other.form(f"/question-bank/{bank}/remarks", {"remark": ["1"], "state": "known"})
    assert again.status_code == 422
    assert "没有选中待处理的反馈" in unescape(again.get_data(as_text=True))
    last = other.form(f"/question-bank/{bank}/remarks", {"remark": ["3"], "state": "no_fault", "answer": "题干写明了。"})
    assert "/question-bank/remarks" in last.location
    assert "STD-1-01" in page(other, "/question-bank/remarks?state=settled")
    assert events(app)[-2:] == [("item.remarks_settled", "done")] * 2
    met(app, cast, bank, "owner", "typo")
    assert remarks(app)[-1] == ("open", "typo", ""), "who meets it again may say so again"


def test_an_author_does_not_settle_alone_that_nothing_is_wrong(app: Flask, cast: Cast, bank: int, sign_in: SignIn) -> None:
    met(app, cast, bank, "owner")
    data = {"remark": ["1"], "state": "no_fault", "answer": "我看没问题。"}
    refused = sign_in("trainer").form(f"/question-bank/{bank}/remarks", data)
    shown = unescape(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert "这道题有您写的内容" in shown
    assert "我看没问题。" in shown
    assert remarks(app) == [("open", "unclear", "")]
    assert events(app)[-1] == ("item.remarks_settled", "refused")
    assert sign_in("other_trainer").form(f"/question-bank/{bank}/remarks", data).status_code == 302


@pytest.mark.parametrize(("sent", "words"), [
    ({"remark": ["1"]}, "请选一个结论"), ({"remark": ["1"], "state": "open"}, "不是有效的选择"),
    ({"state": "fixed"}, "没有选中待处理的反馈"),
    ({"remark": ["1"], "state": "no_fault"}, "请写明为什么没有问题"), ({"remark": ["x", "-1"], "state": "fixed"}, "没有选中待处理的反馈"),
    ({"remark": ["1"], "state": "fixed", "answer": "字" * 501}, "答复最多 500 个字"),
])
def test_a_settling_that_says_too_little_comes_back(
    app: Flask, cast: Cast, bank: int, sign_in: SignIn, sent: dict[str, Any], words: str
) -> None:
    met(app, cast, bank, "owner")
    answer = sign_in("other_trainer").form(f"/question-bank/{bank}/remarks", sent)
    assert answer.status_code == 422
    assert words in unescape(answer.get_data(as_text=True))
    assert remarks(app) == [("open", "unclear", "")]


def test_a_trainer_remarks_on_the_page_of_the_question(app: Flask, bank: int, sign_in: SignIn) -> None:
    trainer = sign_in("third_trainer")
    url = f"/question-bank/{bank}/remark"
    sent = {"remark-number": "1", "remark-reason": "wrong_key", "remark-text": "第一条不是这样说的"}
    assert trainer.form(url, sent).status_code == 302
    assert remarks(app) == [("open", "wrong_key", "")]
    shown = unescape(trainer.form(url, {**sent, "remark-reason": "other", "remark-text": " "}).get_data(as_text=True))
    assert "选“其他”时，请写明哪里有问题。" in shown
    for wrong in ({"remark-reason": "nonsense"}, {"remark-reason": ""}, {"remark-number": "9"}, {"remark-text": "字" * 501}):
        assert trainer.form(url, {**sent, **wrong}).status_code == 422, wrong


@pytest.mark.parametrize("who", ["owner", "coordinator", "officer", "rater", "decider", "hr", "admin"])
def test_all_of_it_is_closed_to_everybody_else(app: Flask, bank: int, sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    for url in ("/question-bank/remarks", *(f"/question-bank/{bank}/{name}" for name in ("remarks", "compare", "use"))):
        assert client.get(url).status_code == 403, url
    for url in (f"/question-bank/{bank}/{name}" for name in ("remarks", "remark", "comments", "comments/1")):
        assert client.form(url).status_code == 403, url


def test_the_auditor_reads_and_settles_nothing(app: Flask, cast: Cast, bank: int, sign_in: SignIn) -> None:
    met(app, cast, bank, "owner", text="看不懂")
    auditor = sign_in("auditor")
    shown = page(auditor, f"/question-bank/{bank}/remarks")
    assert "看不懂" in shown
    assert "处理所选反馈" not in shown
    for name in ("remarks", "remark", "comments", "comments/1"):
        assert auditor.form(f"/question-bank/{bank}/{name}").status_code == 403
