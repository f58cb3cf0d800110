"""Questions that come in: read, looked at, given clauses, kept whole or thrown away, and safe to repeat."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from foundation import outbox
from foundation.child import Parsed
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow, OutboxRow
from foundation.worker import drain_outbox
from question_bank.actions import import_keeping, import_reading, imports
from question_bank.actions.item_batches import write_items
from question_bank.exchange.pieces import pieces
from question_bank.item import State
from question_bank.store import imports as store
from question_bank.tables import Item, ItemClause, ItemVersion, QuestionImport, QuestionImportRow, Review
from tests import cast as players
from tests.cast import Cast, Visitor

PAPER = """::Q-TIME:: 改变上门时间，至少提前几个小时通知客户？ {
=两个小时 ~一个小时 ~半个小时
#### 第二十五条：至少提前2个小时通知客户。
}

::Q-NOTE:: 留言要写明到访时间和离开时间。{T}

::Q-BROKEN:: 没有答案的题 {~甲 ~乙}
"""
STANDARD = {
    "code": "GCS", "title": {"zh": "支撑规范", "en": "Support rules"},
    "editions": [{"edition": "2011", "effective": "2011-01-01", "clauses": [
        {"number": "25.1", "title": {"zh": "提前到达"}, "text": {"zh": "提前5至10分钟到达现场。"}, "citation": {"zh": "第二十五条"}},
        {"number": "25.3", "title": {"zh": "改约提前通知"}, "citation": {"zh": "第二十五条"},
         "text": {"zh": "确需改变上门时间的，至少提前2个小时通知客户。"}},
        {"number": "28.3", "title": {"zh": "留言内容"}, "citation": {"zh": "第二十八条"},
         "text": {"zh": "留言写明到访时间、离开时间、联系电话。"}},
    ]}],
}
Upload = Callable[..., int]


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process: a child for each would take longer than all the rest. test_import_reading.py proves the child."""
    monkeypatch.setattr(import_reading, "parse", lambda _parser, content, _limits: Parsed(tuple(pieces(content))))


@pytest.fixture
def trainer(app: Flask, cast: Cast, seed: Any) -> Visitor:
    seed({"standards": [STANDARD]})
    return players.sign_in(app, cast, "trainer")


@pytest.fixture
def upload(trainer: Visitor) -> Upload:
    """Paste a text, or send a file; answers the import's id."""

    def send(text: str = PAPER, name: str = "", content: bytes = b"", **more: str) -> int:
        data: dict[str, Any] = {"text": text, **more}
        if content:
            data = {"file": (io.BytesIO(content), name), **more}
        answer = trainer.form("/question-bank/import", data, content_type="multipart/form-data")
        assert answer.status_code == 302, answer.text
        return int(answer.headers["Location"].rpartition("/")[2])

    return send


@pytest.fixture
def here(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def found(import_id: int) -> QuestionImport:
    db.session.expire_all()
    return db.session.get_one(QuestionImport, import_id)


def rows(import_id: int) -> list[QuestionImportRow]:
    db.session.expire_all()
    return list(store.rows(db.session, import_id))


def press(trainer: Visitor, import_id: int, do: str, **fields: Any) -> Any:
    return trainer.form(f"/question-bank/import/{import_id}/rows", {"do": do, **fields})


def items() -> list[Item]:
    db.session.expire_all()
    return list(db.session.scalars(select(Item).order_by(Item.id)))


# Reading


def test_a_pasted_text_is_read_before_the_next_page(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload()
    assert (found(made).state, found(made).format) == ("checked", "gift")
    assert [row.status for row in rows(made)] == ["kept", "kept", "refused"]
    page = trainer.get(f"/question-bank/import/{made}")
    assert page.status_code == 200
    assert "改变上门时间，至少提前几个小时通知客户" in page.text
    assert "没有给出答案" in page.text or "没有正确选项" in page.text
    assert not items()


def test_clauses_are_suggested_and_the_article_that_is_named_comes_first(upload: Upload, here: None) -> None:
    first, second, broken = rows(upload())
    assert first.suggested[0][0] == "GCS@2011#25.3"
    assert second.suggested[0][0] == "GCS@2011#28.3"
    assert broken.suggested == []


def test_a_file_that_cannot_be_read_says_why_and_is_not_kept(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload("", "试卷.xml", b'<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>')
    assert (found(made).state, found(made).report["refusal"][0]) == ("refused", "doctype")
    assert store.whole(db.session, made).content is None
    assert "DOCTYPE" in trainer.get(f"/question-bank/import/{made}").text


def test_nothing_or_both_is_an_error_that_keeps_what_was_typed(trainer: Visitor) -> None:
    empty = trainer.form("/question-bank/import", {"text": " "})
    assert empty.status_code == 422
    assert "请粘贴题目，或者选择文件" in empty.text
    sent = {"text": "甲乙丙丁", "file": (io.BytesIO(b"x"), "a.txt")}
    both = trainer.form("/question-bank/import", sent, content_type="multipart/form-data")
    assert both.status_code == 422
    assert "甲乙丙丁" in both.text


def test_a_large_file_is_left_to_the_worker(trainer: Visitor, upload: Upload, here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 10)
    made = upload()
    assert found(made).state == "waiting"
    assert trainer.get(f"/question-bank/import/{made}/progress").get_json() == {"state": "waiting", "busy": True, "done": 0, "total": 0}
    assert "排队等待" in trainer.get(f"/question-bank/import/{made}").text
    drain_outbox()
    assert found(made).state == "checked"


def test_what_a_door_began_and_did_not_end_the_worker_does(
    upload: Upload, here: None, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "read", lambda payload: None)
    made = upload()
    assert found(made).state == "waiting"
    monkeypatch.undo()
    clock.tick(seconds=imports.GRACE.total_seconds())
    drain_outbox()
    assert found(made).state == "checked"
    outbox.handlers["question_import_read"]({"id": made})
    assert len(rows(made)) == 3, "reading again replaces what was read"


# Choosing


def test_all_first_suggestions_are_taken_at_once(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload()
    assert press(trainer, made, "suggest").status_code == 302
    assert [row.clauses for row in rows(made)] == [["GCS@2011#25.3"], ["GCS@2011#28.3"], []]


def test_a_suggestion_a_number_or_a_reference_is_chosen_by_question(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload()
    first, second, _broken = rows(made)
    assert press(trainer, made, f"pick {first.id} GCS@2011#25.1").headers["Location"].endswith(f"#q{first.id}")
    press(trainer, made, "save", **{f"clauses-{second.id}": "28.3，GCS@2011#25.1"})
    assert [row.clauses for row in rows(made)] == [["GCS@2011#25.1"], ["GCS@2011#28.3", "GCS@2011#25.1"], []]
    assert press(trainer, made, "save", quiet="1", **{f"clauses-{second.id}": ""}).status_code == 204
    assert rows(made)[1].clauses == []


def test_a_clause_that_is_none_is_named_and_what_was_typed_stays(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload()
    first = rows(made)[0]
    answer = press(trainer, made, "submit", **{f"clauses-{first.id}": "GCS@2011#25.9"})
    assert answer.status_code == 422
    assert "没有条款“GCS@2011#25.9”" in answer.text
    assert 'value="GCS@2011#25.9"' in answer.text
    assert found(made).state == "checked", "nothing is kept while a clause is wrong"


def test_many_get_one_clause(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload()
    ids = [str(row.id) for row in rows(made)[:2]]
    press(trainer, made, "set", bulk="25.1", picked=ids)
    assert [row.clauses for row in rows(made)[:2]] == [["GCS@2011#25.1"]] * 2
    assert "请先勾选题目" in press(trainer, made, "set", bulk="25.1").text
    assert "没有条款“99”" in press(trainer, made, "set", bulk="99", picked=ids).text


def test_questions_are_left_out_and_taken_in_again(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload()
    first, _second, broken = rows(made)
    press(trainer, made, "leave", picked=[str(first.id)])
    assert rows(made)[0].left_out
    press(trainer, made, "take", picked=[str(first.id), str(broken.id)])
    assert [row.left_out for row in rows(made)] == [False, False, True], "what is refused stays out"


# Keeping


def test_kept_and_sent_to_review_by_one_button(trainer: Visitor, upload: Upload, cast: Cast, here: None) -> None:
    made = upload()
    press(trainer, made, "suggest")
    assert press(trainer, made, "submit").status_code == 302
    assert (found(made).state, found(made).report["new"], found(made).report["submitted"]) == ("kept", 2, 2)
    assert [(item.code, item.state, item.author_id) for item in items()] == [
        ("Q-TIME", State.IN_REVIEW, cast.trainer.account_id), ("Q-NOTE", State.IN_REVIEW, cast.trainer.account_id)
    ]
    assert db.session.scalar(select(func.count()).select_from(Review)) == 2
    assert db.session.scalar(select(func.count()).select_from(ItemClause)) == 2
    assert store.whole(db.session, made).content is None
    events = set(db.session.scalars(select(AuditRow.event)))
    assert {"questions.uploaded", "questions.read", "questions.kept", "item.written", "item.submit"} <= events
    assert "查看试题 Q-TIME" in trainer.get(f"/question-bank/import/{made}").text


def test_without_a_clause_a_question_stays_a_draft(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload()
    first = rows(made)[0]
    press(trainer, made, "submit", **{f"clauses-{first.id}": "25.3"})
    assert [item.state for item in items()] == [State.IN_REVIEW, State.DRAFT]
    assert found(made).report["submitted"] == 1
    assert trainer.get(f"/question-bank/{items()[1].id}").status_code == 200


def test_the_same_file_again_adds_nothing(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload()
    press(trainer, made, "suggest")
    press(trainer, made, "keep")
    before = [(item.id, item.changed) for item in items()]
    again = upload()
    assert [row.relation for row in rows(again)] == ["same", "same", "new"]
    assert "这个文件导入过" in trainer.get(f"/question-bank/import/{again}").text
    press(trainer, again, "take", picked=[str(row.id) for row in rows(again)])
    press(trainer, again, "keep")
    assert [(item.id, item.changed) for item in items()] == before


def test_two_uploads_of_one_file_are_kept_once(trainer: Visitor, upload: Upload, here: None) -> None:
    one, other = upload(), upload()
    press(trainer, one, "keep")
    answer = press(trainer, other, "keep")
    assert len(items()) == 2
    assert "题库刚有变化" in trainer.get(answer.headers["Location"]).text
    assert found(other).state == "checked"
    assert [row.relation for row in rows(other)] == ["same", "same", "new"]


def test_the_same_question_twice_in_a_file_is_kept_once(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload("甲问 {=一 ~二}\n\n甲问 {~二 =一}\n\n乙问 {=一 ~二}\n")
    assert [row.relation for row in rows(made)] == ["new", "repeated", "new"]
    press(trainer, made, "keep")
    assert len(items()) == 2


def test_a_changed_question_of_a_known_code_is_its_next_version(trainer: Visitor, upload: Upload, here: None) -> None:
    first = upload()
    press(trainer, first, "suggest")
    press(trainer, first, "keep")
    changed = upload(PAPER.replace("第二十五条：", "依据第二十五条："))
    assert [row.relation for row in rows(changed)] == ["revision", "same", "new"]
    assert rows(changed)[0].clauses == ["GCS@2011#25.3"], "the clauses of the version before go on"
    press(trainer, changed, "submit")
    assert found(changed).report["revised"] == 1
    versions = db.session.scalars(select(ItemVersion).where(ItemVersion.item_id == items()[0].id).order_by(ItemVersion.number)).all()
    assert [version.rationale[:2] for version in versions] == ["第二", "依据"]
    assert items()[0].state == State.IN_REVIEW
    again = upload(PAPER.replace("第二十五条：", "第二十五条明确："))
    assert rows(again)[0].relation == "busy", "what is in review is not edited"


def test_another_question_of_a_known_code_is_a_new_one(trainer: Visitor, upload: Upload, here: None) -> None:
    press(trainer, upload(), "keep")
    made = upload("::Q-TIME:: 制服的袖口要怎样？ {=扣好 ~卷起}\n")
    assert rows(made)[0].relation == "new"
    press(trainer, made, "keep")
    assert [item.code for item in items()][:2] == ["Q-TIME", "Q-NOTE"]
    assert items()[2].code == f"Q-N{items()[2].id}"


def test_the_same_question_with_another_answer_waits_for_a_decision(trainer: Visitor, upload: Upload, here: None) -> None:
    press(trainer, upload(), "keep")
    made = upload("留言要写明到访时间和离开时间。{F}\n")
    row = rows(made)[0]
    assert (row.relation, row.left_out) == ("key_differs", True)
    assert "题库里有同一道题，答案不同" in trainer.get(f"/question-bank/import/{made}").text
    press(trainer, made, "as_new", picked=[str(row.id)])
    press(trainer, made, "keep")
    assert len(items()) == 3


def test_a_question_that_is_nearly_one_of_the_bank_says_so(trainer: Visitor, upload: Upload, here: None) -> None:
    press(trainer, upload(), "keep")
    made = upload("改变上门的时间，至少提前几个小时通知客户？ {=两个小时 ~一个小时 ~半个小时}\n")
    (row,) = rows(made)
    assert (row.relation, row.status) == ("new", "kept")
    assert [words[0] for _weight, code, words in row.notes if code == "similar"] == ["Q-TIME"]
    assert "和题库里的 Q-TIME 很像" in trainer.get(f"/question-bank/import/{made}").text


def test_many_are_kept_by_the_worker(trainer: Visitor, upload: Upload, here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_keeping, "AT_ONCE", 1)
    made = upload()
    press(trainer, made, "keep")
    assert (found(made).state, len(items())) == ("keeping", 0)
    drain_outbox()
    assert (found(made).state, len(items())) == ("kept", 2)


def test_a_crash_while_keeping_leaves_nothing_and_the_worker_ends_it(
    trainer: Visitor, upload: Upload, here: None, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = upload()
    press(trainer, made, "suggest")

    def fails(*args: Any, **more: Any) -> Any:
        genuine(*args, **more)
        raise RuntimeError("the power went")

    genuine = write_items
    monkeypatch.setattr(import_keeping, "write_items", fails)
    assert press(trainer, made, "submit").status_code == 500
    assert not items()
    assert found(made).state == "keeping"
    monkeypatch.undo()
    clock.tick(seconds=imports.GRACE.total_seconds())
    drain_outbox()
    assert (found(made).state, len(items())) == ("kept", 2)
    assert not db.session.scalars(select(OutboxRow.id).where(OutboxRow.done.is_(None))).all()


def test_a_settled_import_is_not_changed(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload()
    press(trainer, made, "keep")
    row = rows(made)[0]
    answer = press(trainer, made, "save", **{f"clauses-{row.id}": "25.1"})
    assert "已经结束" in trainer.get(answer.headers["Location"]).text
    assert rows(made)[0].clauses == []
    gone = upload("丙问 {=一 ~二}\n")
    assert trainer.form(f"/question-bank/import/{gone}/discard").status_code == 302
    assert found(gone).state == "discarded"
    press(trainer, gone, "keep")
    assert len(items()) == 2


def test_what_nobody_keeps_is_thrown_away(upload: Upload, here: None, clock: TickingClock) -> None:
    made = upload()
    clock.tick(days=imports.KEPT_DAYS + 1)
    assert imports.forget_unwanted(clock.now()) == 1
    assert found(made).state == "discarded"
    assert not rows(made)


def test_the_report_says_what_became_of_every_question(trainer: Visitor, upload: Upload, here: None) -> None:
    made = upload()
    press(trainer, made, "suggest")
    report = trainer.get(f"/question-bank/import/{made}/report.csv")
    lines = report.get_data().decode("utf-8-sig").splitlines()
    assert lines[0].startswith("位置,题型,题干,结果")
    assert len(lines) == 4
    assert "GCS@2011#25.3" in lines[1]
    assert "不能导入" in lines[3]


# Whose it is


def test_an_import_is_its_uploaders_own(app: Flask, cast: Cast, upload: Upload) -> None:
    made = upload()
    other = players.sign_in(app, cast, "other_trainer")
    assert other.get(f"/question-bank/import/{made}").status_code == 404
    assert other.get(f"/question-bank/import/{made}/report.csv").status_code == 404
    assert other.form(f"/question-bank/import/{made}/rows", {"do": "keep"}).status_code == 404
    assert other.form(f"/question-bank/import/{made}/discard").status_code == 404
    assert players.sign_in(app, cast, "auditor").get(f"/question-bank/import/{made}").status_code == 403
