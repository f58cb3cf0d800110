"""A standard's second edition from the first look to the last question: what changed, what it touches, the work list."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from question_bank.actions import items as item_actions
from question_bank.review import Step
from question_bank.store import clauses as asked_about
from question_bank.store import edition_changes as store
from question_bank.store import items
from question_bank.tables import EditionChangeItem, Item, ItemVersion
from standards.store import clause_ids
from standards.tables import Edition
from tests import cast as players
from tests.cast import Cast, Visitor
from tests.certification.renewed import BECAME, QUESTIONS, document

CHANGES, IMPACT = "/standards/STD/2028/changes", "/standards/STD/2028/impact"


class Desk:
    """Trainers before the two editions."""

    def __init__(self, app: Flask, cast: Cast, sign_in: Callable[[str], Visitor]) -> None:
        self.app, self.cast, self.sign_in = app, cast, sign_in
        self.ids = players.seed(app, document(cast))
        self.trainer = sign_in("trainer")

    def page(self, url: str, name: str = "") -> str:
        answer = (self.sign_in(name) if name else self.trainer).get(url)
        assert answer.status_code == 200, answer.status
        return unescape(answer.get_data(as_text=True))

    def open(self) -> str:
        """Open the work list; its address."""
        answer = self.trainer.form(f"{CHANGES}/list", {"since": "2026"})
        assert answer.status_code == 302
        return str(answer.location)

    def do(self, url: str, deed: str, *codes: str, status: int = 302, **more: Any) -> str:
        chosen = [self.ids[code] for code in codes]
        answer = self.trainer.form(url, {"do": deed, "chosen": chosen, **more})
        assert answer.status_code == status, answer.status
        return unescape(answer.get_data(as_text=True))

    def row(self, code: str) -> EditionChangeItem:
        with self.app.app_context():
            return db.session.scalars(select(EditionChangeItem).where(EditionChangeItem.item_id == self.ids[code])).one()

    def item(self, item_id: int) -> tuple[str, list[tuple[int, list[str]]]]:
        """State, and (number, references) of each version."""
        with self.app.app_context():
            found = items.versions(db.session, item_id)
            refs = asked_about.refs_of(db.session, [row.id for row in found])
            return db.session.get_one(Item, item_id).state, [(row.number, refs[row.id]) for row in found]


@pytest.fixture
def desk(app: Flask, cast: Cast, sign_in: Callable[[str], Visitor]) -> Desk:
    return Desk(app, cast, sign_in)


def test_every_clause_says_what_became_of_it(desk: Desk) -> None:
    shown = desk.page(CHANGES)
    for words in ("与2026版相比", "1.2 → 1.3", "<del>5至</del>", "现在是关键条款", "进门先说明身份和来意。", "传真给服务中心"):
        assert words in shown
    assert "没有变化的 1 条没有列出" in shown
    assert "保密" not in shown.partition("<ol")[2]
    assert "保密" in desk.page(f"{CHANGES}?change=same").partition("<ol")[2]
    assert "旧条款试题 1 道" in shown


@pytest.mark.parametrize(("change", "there", "not_there"), [
    ("added", "自我介绍", "传真"), ("withdrawn", "传真", "自我介绍"), ("moved", "工牌", "传真"), ("changed", "改约", "工牌"),
])
def test_the_changes_are_narrowed_by_their_sort(desk: Desk, change: str, there: str, not_there: str) -> None:
    shown = desk.page(f"{CHANGES}?change={change}").partition("<ol")[2]
    assert there in shown
    assert not_there not in shown


def test_a_search_finds_a_clause_by_what_it_said_before(desk: Desk) -> None:
    shown = desk.page(f"{CHANGES}?q=5至10分钟").partition("<ol")[2]
    assert "到达" in shown
    assert "保密" not in shown


def test_a_candidate_sees_the_changes_but_no_question(desk: Desk) -> None:
    shown = desk.page(CHANGES, "owner")
    assert "自我介绍" in shown
    assert "试题 1 道" not in shown
    assert "/impact" not in shown
    assert "为本条出题" not in shown


def test_a_first_edition_says_that_there_is_nothing_to_compare(desk: Desk) -> None:
    assert "没有更早的版本可以对比" in desk.page("/standards/STD/2026/changes")
    assert desk.trainer.get("/standards/STD/2026/impact").status_code == 404
    assert desk.trainer.get(f"{CHANGES}?since=1999").status_code == 404


def test_the_edition_leads_to_its_changes(desk: Desk) -> None:
    assert "/standards/STD/2028/changes" in desk.page("/standards/STD/2028")
    assert "/changes" not in desk.page("/standards/STD/2026")


def test_the_impact_counts_questions_programmes_and_papers(desk: Desk) -> None:
    shown = desk.page(IMPACT)
    assert "6 道试题考查旧版条款" in shown
    for words in ("现场支撑", "仍考旧版", "新版有 1 条不在任何部分里", "STD@2028#1.2", "T1", "这里只有数目"):
        assert words in shown
    assert "/sittings/" not in shown.partition("<main")[2]  # a trainer does not open sittings
    assert "/sittings/" in desk.page(IMPACT, "auditor").partition("<main")[2]


def test_the_work_list_holds_every_question_with_the_gravest_change_of_its_clauses(desk: Desk) -> None:
    shown = desk.page(desk.open())
    for code, numbers in QUESTIONS.items():
        assert code in shown
        graver = ["same", "moved", "changed", "withdrawn"]
        assert desk.row(code).change == max((BECAME[number] for number in numbers), key=graver.index)


def test_opening_it_again_adds_only_what_was_written_since(desk: Desk) -> None:
    first = desk.open()
    players.seed(desk.app, {"items": [{**document(desk.cast)["items"][0], "code": "LATE", "stem": "新写的一题？"}]})
    assert desk.open() == first
    shown = desk.page(first)
    assert "1 道试题已列入清单" in shown
    assert "LATE" in shown


def test_a_verdict_names_who_gave_it_and_can_be_taken_back(desk: Desk) -> None:
    url = desk.open()
    desk.do(url, "right", "STAYS", "MOVES")
    row = desk.row("STAYS")
    assert (row.verdict, row.decided_by) == ("right", desk.cast.trainer.account_id)
    assert desk.cast.trainer.name in desk.page(f"{url}?verdict=right")
    desk.do(url, "undecide", "STAYS")
    assert (desk.row("STAYS").verdict, desk.row("STAYS").decided, desk.row("MOVES").verdict) == ("", None, "right")


def test_what_is_still_right_is_carried_over_as_a_draft_on_the_later_clauses(desk: Desk) -> None:
    url = desk.open()
    desk.do(url, "right", "MOVES", "BOTH")
    assert "请核对解析里引用的条号" in desk.page(str(desk.trainer.form(
        url, {"do": "carry", "chosen": [desk.ids["MOVES"], desk.ids["BOTH"]]}).location))
    assert desk.item(desk.ids["MOVES"]) == ("draft", [(1, ["STD@2026#1.2"]), (2, ["STD@2028#1.3"])])
    assert desk.item(desk.ids["BOTH"])[1][1] == (2, ["STD@2028#1.1"])
    with desk.app.app_context():
        item = db.session.get_one(Item, desk.ids["MOVES"])
        first = select(ItemVersion.id).where(ItemVersion.item_id == item.id, ItemVersion.number == 1)
        assert item.version_id == db.session.scalars(first).one()
    assert "已处理" in desk.page(url)


def test_a_copy_leaves_the_question_in_use_for_the_former_edition(desk: Desk) -> None:
    url = desk.open()
    desk.do(url, "revise", "GROWS")
    desk.do(url, "copy", "GROWS")
    carried = desk.row("GROWS").carried_id
    assert carried not in (None, desk.ids["GROWS"])
    assert desk.item(desk.ids["GROWS"]) == ("live", [(1, ["STD@2026#2.1"])])
    assert desk.item(carried or 0) == ("draft", [(1, ["STD@2028#2.1"])])


def test_what_cannot_be_carried_over_is_named_with_the_reason_and_the_rest_is_done(desk: Desk) -> None:
    url = desk.open()
    desk.do(url, "right", "STAYS", "GOES")
    desk.do(url, "retire", "BOTH")
    shown = desk.do(url, "carry", "STAYS", "GOES", "BOTH", "KEYED", status=200).partition("有些试题没有处理")[2].partition("</ul>")[0]
    for code, why in (("GOES", "条款全部废止"), ("BOTH", "判定为要停用"), ("KEYED", "还没有判定")):
        assert f"{code}</span>" in shown.partition(why)[2]
    assert "STAYS" not in shown
    assert desk.row("STAYS").carried_id == desk.ids["STAYS"]
    assert "已经带到新条款" in desk.do(url, "carry", "STAYS", status=409)
    assert "已经带到新条款" in desk.do(url, "retire", "STAYS", status=409)


def test_what_is_in_review_is_not_carried_over_behind_the_reviewers_back(desk: Desk) -> None:
    url, item_id, me = desk.open(), desk.ids["STAYS"], desk.cast.trainer.account_id
    with desk.app.app_context():
        version = items.newest_version(db.session, item_id)
        said = items.wording_of(db.session, db.session.get_one(ItemVersion, version))
        with work(SYSTEM) as w:
            item_actions.revise_item(w, item_id, version, replace(said, stem="换一种问法？"), clause_ids(w.session), me)
            item_actions.take_step(w, item_id, Step.SUBMIT, items.newest_version(w.session, item_id), me)
    desk.do(url, "right", "STAYS")
    assert "试题的状态已经变了" in desk.do(url, "carry", "STAYS", status=409)
    assert desk.row("STAYS").carried_id is None
    assert desk.item(item_id) == ("in_review", [(1, ["STD@2026#1.1"]), (2, ["STD@2026#1.1"])])


def test_what_was_decided_to_retire_is_put_out_of_use_and_nothing_else(desk: Desk) -> None:
    url = desk.open()
    desk.do(url, "retire", "GOES")
    shown = desk.do(url, "stop", "GOES", "STAYS", status=200)
    assert "没有判定为要停用" in shown
    assert (desk.item(desk.ids["GOES"])[0], desk.item(desk.ids["STAYS"])[0]) == ("retired", "live")
    assert "GOES" in desk.page(f"{url}?stand=done")


def test_questions_are_handed_to_a_trainer_and_found_by_name(desk: Desk) -> None:
    url = desk.open()
    desk.do(url, "assign", "STAYS", to=str(desk.cast.trainer.account_id))
    desk.do(url, "assign", "GOES", to=str(desk.cast.other_trainer.account_id))
    mine = desk.page(f"{url}?assigned={desk.cast.trainer.account_id}")
    assert ("STAYS" in mine, "GOES" in mine) == (True, False)
    assert "GOES" not in desk.page(f"{url}?assigned=none")
    desk.do(url, "assign", "STAYS", to=str(desk.cast.owner.account_id), status=400)
    desk.do(url, "assign", "STAYS", to="")
    assert desk.row("STAYS").assigned_id is None


def test_one_deed_reaches_all_that_the_filters_let_through(desk: Desk) -> None:
    url = desk.open()
    answer = desk.trainer.form(f"{url}?change=changed", {"do": "revise", "every": "y"})
    assert answer.status_code == 302
    assert answer.location.endswith("change=changed")
    assert {code for code in QUESTIONS if desk.row(code).verdict} == {"GROWS", "KEYED"}


def test_a_deed_without_a_question_says_so_and_does_nothing(desk: Desk) -> None:
    assert "先勾选试题" in desk.do(desk.open(), "right", status=422)
    desk.do(desk.open(), "burn", "STAYS", status=400)
    assert desk.row("STAYS").verdict == ""


@pytest.mark.parametrize("number", ["9" * 30, "99999999999", "²"])
def test_a_number_that_no_row_can_have_is_nobody_and_nothing(desk: Desk, number: str) -> None:
    url = desk.open()
    assert "没有符合条件" in desk.page(f"{url}?assigned={number}")
    answer = desk.trainer.form(url, {"do": "right", "chosen": [number]})
    assert answer.status_code == 422
    assert desk.row("STAYS").verdict == ""


def test_an_auditor_reads_the_list_and_changes_nothing(desk: Desk) -> None:
    url = desk.open()
    shown = desk.page(url, "auditor").partition("<main")[2]
    assert "STAYS" in shown
    assert "执行" not in shown
    assert desk.sign_in("auditor").form(url, {"do": "right", "every": "y"}).status_code == 403
    assert desk.sign_in("auditor").form(f"{CHANGES}/list").status_code == 403


def test_every_deed_is_in_the_audit(desk: Desk) -> None:
    url = desk.open()
    desk.do(url, "right", "STAYS")
    desk.do(url, "carry", "STAYS")
    with desk.app.app_context():
        events = db.session.scalars(select(AuditRow.event).where(AuditRow.event.like("edition_change.%")).order_by(AuditRow.seq)).all()
    assert events == ["edition_change.opened", "edition_change.decided", "edition_change.carried"]


def test_a_trap_is_on_no_list(desk: Desk) -> None:
    with desk.app.app_context():
        db.session.get_one(Item, desk.ids["STAYS"]).canary = True
        db.session.flush()
        touched = store.touching(db.session, db.session.scalars(select(Edition.id).where(Edition.edition == "2026")).one())
        assert desk.ids["STAYS"] not in touched
        assert desk.ids["MOVES"] in touched


def test_home_says_what_was_handed_to_one_until_it_is_done(desk: Desk) -> None:
    url = desk.open()
    desk.do(url, "assign", "STAYS", "MOVES", to=str(desk.cast.trainer.account_id))
    shown = desk.page("/")
    assert "STD新版待处理的题" in shown
    address = f"{url}?assigned={desk.cast.trainer.account_id}"
    assert address in shown
    assert "STD新版待处理的题" not in desk.page("/", "other_trainer")
    desk.do(url, "right", "STAYS", "MOVES")
    desk.do(url, "carry", "STAYS", "MOVES")
    assert "STD新版待处理的题" not in desk.page("/")


def test_a_programme_page_leads_to_its_coverage(desk: Desk) -> None:
    assert "/question-bank/coverage?programme=GC" in desk.page("/programmes/GC")


@pytest.mark.parametrize(("number", "words", "later"), [
    ("1.2", "2028版的这一条意思不变", "/standards/STD/2028/1.3"), ("2.1", "2028版修改了这一条", "/standards/STD/2028/2.1"),
    ("3.1", "2028版废止了这一条", ""),
])
def test_a_clause_says_what_became_of_it_in_the_next_edition(desk: Desk, number: str, words: str, later: str) -> None:
    shown = desk.page(f"/standards/STD/2026/{number}", "owner")
    assert words in shown
    assert later in shown


def test_a_clause_of_the_newest_edition_says_nothing_of_the_kind(desk: Desk) -> None:
    assert "看全部变化" not in desk.page("/standards/STD/2028/2.1")
