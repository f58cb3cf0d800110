"""What is shown as changed between two wordings of a question."""

import time
from dataclasses import replace
from typing import Any

import pytest

from question_bank.difference import Line, Part, compare, rows, texts
from question_bank.item import Level, Option, Wording
from question_bank.kind import Kind


def options(*written: str) -> tuple[Option, ...]:
    return tuple(Option(letter, text) for letter, text in zip("ABCDEF", written, strict=False))


BEFORE = Wording(
    Kind.SINGLE, "与客户约好两点上门，最合适的到场时间是哪一个？", options("一点四十分", "一点五十三分", "两点零三分"), ("B",),
    "提前5至10分钟。", ("STD@2026#2.2",), 3, Level.RECALL,
)


def part(before: Wording, after: Wording, name: str) -> Part:
    return next(one for one in compare(before, after) if one.name == name)


def shown(line: Line) -> tuple[str | None, str | None]:
    """Each side with what changed in brackets."""
    sides = (line.before, line.after)
    before, after = (None if side is None else "".join(f"[{one.text}]" if one.changed else one.text for one in side) for side in sides)
    return before, after


def test_nothing_is_marked_where_nothing_changed() -> None:
    assert not any(one.changed for one in compare(BEFORE, BEFORE))


@pytest.mark.parametrize(("before", "after", "expected"), [
    ("提前5至10分钟到达", "提前5至15分钟到达", ("提前5至[10]分钟到达", "提前5至[15]分钟到达")),
    ("应当预约", "应当提前预约", ("应当预约", "应当[提前]预约")),
    ("请出示工号牌", "请出示 WiFi 工号牌", ("请出示工号牌", "请出示[ WiFi ]工号牌")),
    ("请立即离开现场", "请马上就离开现场", ("请[立即]离开现场", "请[马上就]离开现场")),
    ("能说与做到", "能讲与写到", ("能[说与做]到", "能[讲与写]到")),
    ("预约", "完全是另一句话", ("[预约]", "[完全是另一句话]")),
    ("", "新写的", (None, "[新写的]")),
    ("不要了", "", ("[不要了]", None)),
    ("", "", ("", "")),
])
def test_words_that_changed_are_marked(before: str, after: str, expected: tuple[str | None, str | None]) -> None:
    assert shown(texts(before, after)) == expected


@pytest.mark.parametrize(("before", "after"), [
    ("甲" * 40, "乙" * 40), ("甲乙丙丁", "丁丙乙甲"), ("a b", "b a"), ("上门前\n预约", "上门前预约"),
])
def test_both_texts_are_there_to_the_letter(before: str, after: str) -> None:
    line = texts(before, after)
    assert "".join(one.text for one in line.before or ()) == before
    assert "".join(one.text for one in line.after or ()) == after


def test_an_option_put_in_between_does_not_change_those_that_follow() -> None:
    after = replace(BEFORE, options=options("一点四十分", "一点五十分", "一点五十三分", "两点零三分"), key=("C",))
    lines = part(BEFORE, after, "answers").lines
    assert [shown(line) for line in lines] == [
        ("一点四十分", "一点四十分"), (None, "[一点五十分]"), ("一点五十三分", "一点五十三分"), ("两点零三分", "两点零三分"),
    ]
    assert [line.marks for line in lines] == [("A", "A"), ("", "B"), ("B", "C"), ("C", "D")]
    assert [line.changed for line in lines] == [False, True, False, False]


def test_an_option_that_went_stands_where_it_stood() -> None:
    after = replace(BEFORE, options=options("一点四十分", "两点零三分"), key=("A",))
    assert [shown(line) for line in part(BEFORE, after, "answers").lines] == [
        ("一点四十分", "一点四十分"), ("[一点五十三分]", None), ("两点零三分", "两点零三分"),
    ]


def test_another_key_is_a_change_though_every_word_is_the_same() -> None:
    lines = part(BEFORE, replace(BEFORE, key=("C",)), "answers").lines
    assert [(line.changed, line.worth) for line in lines] == [(False, (0.0, 0.0)), (True, (1.0, 0.0)), (True, (0.0, 1.0))]


def test_steps_of_an_order_differ_by_their_place() -> None:
    before = replace(BEFORE, kind=Kind.ORDER, options=options("预约", "敲门", "出示工号牌"), key=("A", "B", "C"))
    lines = part(before, replace(before, key=("A", "C", "B")), "answers").lines
    assert [line.changed for line in lines] == [False, True, True]
    assert [line.marks for line in lines] == [("1", "1"), ("3", "2"), ("2", "3")]


@pytest.mark.parametrize(("said", "expected"), [
    (replace(BEFORE, kind=Kind.MATCH, options=options("迟到", "改期"), key={"A": "1", "B": "2"},
             right=(Option("1", "通知"), Option("2", "提前"), Option("3", "不管"))), ["迟到 → 通知", "改期 → 提前", "不管"]),
    (replace(BEFORE, kind=Kind.FILL, options=(), key=(("5", "五"), ("10",))), ["5 | 五", "10"]),
    (replace(BEFORE, kind=Kind.SHORT, options=(), key=("说明原因", "致歉")), ["说明原因", "致歉"]),
    (replace(BEFORE, kind=Kind.SITUATIONAL, key={"A": 0.5, "B": 1}), ["一点四十分", "一点五十三分", "两点零三分"]),
])
def test_every_kind_is_compared_by_what_is_answered(said: Wording, expected: list[str]) -> None:
    assert [row.text for row in rows(said)] == expected


def test_facts_are_compared_too() -> None:
    after = replace(BEFORE, clauses=("STD@2026#2.1", "STD@2026#2.2"), level=Level.APPLY, difficulty=4)
    changed = {one.name for one in compare(BEFORE, after) if one.changed}
    assert changed == {"clauses", "level", "difficulty"}
    assert [shown(line) for line in part(BEFORE, after, "clauses").lines] == [(None, "[STD@2026#2.1]"), ("STD@2026#2.2", "STD@2026#2.2")]


@pytest.mark.parametrize("texts_of", [("甲乙" * 1000, "乙甲甲" * 666), ("".join(chr(0x4e00 + n % 7) for n in range(2000)), "甲" * 2000)])
def test_long_texts_do_not_take_long(texts_of: Any) -> None:
    began = time.process_time()
    texts(*texts_of)
    assert time.process_time() - began < 1
