"""The limits of the bank as a whole, each proved by a bank that keeps it and one that breaks it."""

from dataclasses import replace

import pytest

from question_bank import inspection
from question_bank.inspection import Asked, Demand, Finding, alike, chi_square_p, inspect
from question_bank.item import Kind

WORDS = ["预约上门", "佩戴工牌", "保守秘密", "遵守纪律", "轻声敲门", "双手递卡", "备齐工具", "说明来意", "静音手机", "穿好制服"]


SAME_LENGTH = ("甲甲甲", "乙乙乙", "丙丙丙", "丁丁丁")


def single(number: int, right: str = "A", options: tuple[str, ...] = SAME_LENGTH, ref: str = "S@1#1") -> Asked:
    letters = tuple(zip("ABCD", options, strict=True))
    stem = f"{WORDS[number % 10]}与{WORDS[number // 10 % 10]}之间{number}号情形如何处理"
    return Asked(f"Q{number:03}", Kind.SINGLE, stem, letters, (right,), "第二十四条。", (ref,))


def even(count: int) -> list[Asked]:
    return [single(number, "ABCD"[number % 4]) for number in range(count)]


def finding(items: list[Asked], name: str, demands: list[Demand] | None = None) -> Finding:
    report = inspect(items, demands or [Demand("S@1#1", False)])
    return next(found for found in report.findings if found.name.startswith(name))


def test_an_even_bank_holds_every_limit() -> None:
    report = inspect(even(40), [Demand("S@1#1", True)])
    assert report.holds, [found for found in report.findings if not found.holds]


def test_a_clause_without_a_question_breaks_coverage() -> None:
    found = finding(even(4), "coverage", [Demand("S@1#1", False), Demand("S@1#2", False)])
    assert (found.holds, found.broken, found.figure) == (False, ("S@1#2: 0 of 2",), "1 of 2 clauses")


def test_a_key_clause_needs_four() -> None:
    assert finding([single(1)], "coverage", [Demand("S@1#1", True)]).broken == ("S@1#1: 1 of 4",)
    assert finding([single(number) for number in range(4)], "coverage", [Demand("S@1#1", True)]).holds


def test_an_edition_that_nobody_asks_about_is_left_out_and_listed() -> None:
    report = inspect(even(4), [Demand("S@1#1", False), Demand("T@1#1", False)])
    assert report.findings[0].holds
    assert report.skipped == ("T@1",)


def test_keys_that_are_mostly_c_break_the_balance() -> None:
    lopsided = [single(number, "C" if number % 3 else "A") for number in range(40)]
    assert not finding(lopsided, "key position").holds
    assert finding(even(40), "key position").holds


def test_too_few_questions_say_nothing_about_balance() -> None:
    assert finding([single(number, "C") for number in range(10)], "key position").holds


def test_true_and_false_are_balanced_too() -> None:
    options = (("T", "正确"), ("F", "错误"))
    items = [replace(single(number), kind=Kind.TRUE_FALSE, options=options, key=("T",)) for number in range(30)]
    assert not finding(items, "key position, true_false").holds


@pytest.mark.parametrize(("long", "holds"), [(12, True), (13, False)])
def test_the_key_may_be_the_longest_in_three_of_ten(long: int, holds: bool) -> None:
    items = [single(number, options=("甲甲甲甲" if number < long else "甲甲", *SAME_LENGTH[1:])) for number in range(40)]
    found = finding(items, "key is the longest")
    assert found.holds is holds
    assert found.figure.startswith(f"{long} of 40")


def test_an_option_as_long_as_the_key_is_no_cue() -> None:
    assert finding([single(number) for number in range(40)], "key is the longest").figure.startswith("0 of 40")


def test_twins_are_named() -> None:
    items = [*even(20), replace(single(3), code="TWIN", stem=single(3).stem + "呢")]
    found = finding(items, "near duplicates")
    assert not found.holds
    assert found.broken[0].startswith("Q003 ~ TWIN")


def test_near_duplicates_are_listed_and_break_nothing() -> None:
    items = [single(1), replace(single(1), code="NEAR", stem=single(1).stem[:14] + "另当别论")]
    found = finding(items, "near duplicates")
    assert found.holds
    assert [pair[:12] for pair in found.listed] == ["NEAR ~ Q001 "]


def test_a_very_large_bank_is_held_against_the_limit_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [single(1), replace(single(1), code="NEAR", stem=single(1).stem[:14] + "另当别论"), replace(single(1), code="TWIN")]
    monkeypatch.setattr(inspection, "FEW", 2)
    found = finding(items, "near duplicates")
    assert (found.figure, len(found.broken), found.listed) == ("1 pairs above 0.8", 1, ())


def test_alike_finds_the_same_pairs_as_comparing_all() -> None:
    bags = {f"b{n:02}": frozenset(str((n * step) % 17) for step in range(1, 9 + n % 5)) for n in range(40)}
    plain = [(a, b, len(bags[a] & bags[b]) / len(bags[a] | bags[b])) for a in bags for b in bags if a < b]
    for limit in (0.5, 0.7, 0.8):
        assert alike(bags, limit) == [pair for pair in plain if pair[2] > limit]


@pytest.mark.parametrize(("rationale", "holds"), [
    ("第二十四条要求先预约。", True), ("依据第24条。", True), ("按第一章第一节第3条。", True), ("See Article 24.", True),
    ("因为要预约。", False), ("", False),
])
def test_a_rationale_cites_an_article(rationale: str, holds: bool) -> None:
    assert finding([replace(single(1), rationale=rationale)], "rationale").holds is holds


@pytest.mark.parametrize(("counts", "p"), [
    ([10, 10, 10, 10], 1.0),
    ([20, 10, 5, 5], 0.0018166489665723214),  # chi2 = 15, 3 degrees
    ([30, 20], 0.15729920705028513),  # chi2 = 2, 1 degree
    ([12, 8, 10], 0.6703200460356393),  # chi2 = 0.8, 2 degrees
    ([5, 9, 8, 10, 3], 0.302272),  # exp(-x/2) (1 + x/2) at 4 degrees
    ([], 1.0), ([0, 0], 1.0),
])
def test_the_chance_of_uneven_counts_is_that_of_the_tables(counts: list[int], p: float) -> None:
    assert chi_square_p(counts) == pytest.approx(p, rel=1e-5)


def test_a_question_that_says_what_goes_into_its_gap_is_found() -> None:
    def fill(code: str, stem: str, *accepted: str) -> Asked:
        return Asked(code, Kind.FILL, stem, (), (accepted,), "第二十四条。", ("S@1#1",))

    items = [
        fill("Q1", "提前 ____ 分钟到达，也就是十分钟之前。", "10分钟"), fill("Q2", "先与客户预约，____ 后上门。", "别的", "预约"),
        fill("Q3", "提前 ____ 分钟，最多 105 分钟。", "10"), fill("Q4", "第 5 条说提前 ____ 分钟。", "5"),
    ]
    found = finding(items, "answer stands")
    assert (found.holds, found.broken, found.figure) == (False, ("Q1", "Q2"), "2 of 4")
    assert finding(items[2:], "answer stands").holds


def test_the_best_way_in_a_situation_should_not_be_the_longest_either() -> None:
    item = Asked("Q1", Kind.SITUATIONAL, "怎么办", (("A", "长长长"), ("B", "短")), {"A": 1.0, "B": 0.5}, "第二十四条。", ("S@1#1",))
    assert finding([item], "key is the longest").figure == "1 of 1 (100%)"
