"""Advice while a question is written: what shows the key, and what makes a question harder than the duty that it asks about."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from ruamel.yaml import YAML

from question_bank.hints import hints
from question_bank.item import ItemDoc, Kind, Level, Option, Wording, wording
from question_bank.views.hint_words import PARTS, sentence

CLEAN = {
    "stem": "上门之前应当先做什么？", "options": ("与客户预约", "直接到现场", "请人转告他"), "key": ("A",),
    "rationale": "第二十五条要求先预约。",
}


def said(kind: Kind = Kind.SINGLE, **changes: Any) -> Wording:
    given = {**CLEAN, **changes}
    options = tuple(Option("ABCDEF"[at], text) for at, text in enumerate(given["options"]))
    return Wording(kind, given["stem"], options, given["key"], given["rationale"], ("S@1#1",), 3, Level.RECALL)


def codes(kind: Kind = Kind.SINGLE, **changes: Any) -> set[str]:
    return {hint.code for hint in hints(said(kind, **changes))}


def test_a_good_question_gets_no_advice() -> None:
    assert codes() == set()


@pytest.mark.parametrize(("code", "changes"), [
    ("key_longest", {"options": ("与客户预约，说明姓名、单位和到达的时间", "直接到现场", "请人转告他")}),
    ("all_of_them", {"options": ("与客户预约", "直接到现场", "以上都不对")}),
    ("all_of_them", {"options": ("与客户预约", "直接到现场", "上述全部正确")}),
    ("all_of_them", {"options": ("与客户预约", "直接到现场", "A和B")}),
    ("all_of_them", {"options": ("call first", "just go", "All of the above")}),
    ("negative", {"stem": "上门时，下列做法不正确的是哪一项？"}),
    ("negative", {"stem": "下列哪一项不属于上门前的准备？"}),
    ("two_options", {"options": ("与客户预约", "直接到现场")}),
    ("absolute_wrong", {"options": ("与客户预约", "从不联系他", "一律直接去")}),
    ("echo", {"stem": "客户要求改期，应当怎样答复改期申请？", "options": ("受理改期申请", "当面拒绝他", "请他找别人")}),
    ("shared_start", {"options": ("应当在上门前预约", "应当在上门前等候", "应当在上门前签字")}),
    ("unsorted", {"options": ("10 分钟", "5 分钟", "30 分钟")}),
    ("uneven_ends", {"options": ("与客户预约。", "直接到现场", "请人转告他")}),
    ("no_rationale", {"rationale": " "}),
    ("no_article", {"rationale": "规范要求先预约。"}),
    ("vague", {"stem": "客户经常投诉时应当先做什么？"}),
    ("long_stem", {"stem": "客户" * 90 + "？"}),
    ("picture_unsaid", {"stem": "图里缺了什么？![](media:0123456789abcdef)"}),
    ("picture_unsaid", {"stem": "图里缺了什么？![图片说明](media:0123456789abcdef)"}),
])
def test_what_weakens_a_question_is_named(code: str, changes: dict[str, Any]) -> None:
    assert code in codes(**changes)


@pytest.mark.parametrize(("kind", "code", "changes"), [
    (Kind.TRUE_FALSE, "absolute_statement", {"stem": "上门前一律要预约。"}),
    (Kind.TRUE_FALSE, "double_negative", {"stem": "上门前不得不预约。"}),
    (Kind.TRUE_FALSE, "two_statements", {"stem": "上门前要预约，并且要带鞋套。"}),
    (Kind.FILL, "gap_first", {"stem": "____ 分钟之前要到达。"}),
    (Kind.FILL, "many_gaps", {"stem": "要 ____ 、 ____ 、 ____ 和 ____ 。"}),
])
def test_other_kinds_have_advice_of_their_own(kind: Kind, code: str, changes: dict[str, Any]) -> None:
    key = ("T",) if kind is Kind.TRUE_FALSE else (("5",),)
    assert code in codes(kind, **{"options": (), "key": key, **changes})


@pytest.mark.parametrize("changes", [
    {"stem": "下列做法**不正确**的是哪一项？"},  # stressed: nobody overlooks it
    {"stem": "小方敲门没有人应，他还没有打过电话。应当先做什么？"},  # what happened is told, not asked
    {"options": ("5 分钟", "10 分钟", "30 分钟")}, {"options": ("30 分钟", "10 分钟", "5 分钟")},
    {"options": ("与客户预约时间", "直接到现场去", "请人转告客户")},
])
def test_what_only_looks_like_a_fault_is_left_alone(changes: dict[str, Any]) -> None:
    assert codes(**changes) == set()


def test_half_a_question_is_no_error() -> None:
    for kind in Kind:
        for key in ((), {}, (("5",),)):
            assert isinstance(hints(Wording(kind, "", (), key, "", (), 3, Level.RECALL)), list)


def test_every_hint_has_its_words(app: Any) -> None:
    seen = [hint for changes in (
        {"options": ("与客户预约，说明姓名、单位和到达的时间", "一律直接去", "以上都不对。")},
        {"stem": "下列不正确的是？", "rationale": ""},
    ) for hint in hints(said(**changes))]
    with app.test_request_context():
        assert seen
        assert all(sentence(hint).endswith("。") and str(PARTS[hint.part]) for hint in seen)


def test_the_shipped_questions_need_little_advice() -> None:
    """Advice that is given to every tenth good question would soon be read by nobody."""
    docs = [doc for path in sorted(Path("content/items").glob("*.yaml")) for doc in YAML(typ="safe").load(path)["items"]]
    found = [doc["code"] for doc in docs if hints(wording(msgspec.convert(doc, ItemDoc)))]
    assert len(found) <= len(docs) / 10, found
