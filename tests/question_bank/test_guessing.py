"""What a test-wise guesser earns: each habit on questions that give themselves away, and on those that do not."""

import pytest

from question_bank.guessing import HABITS, guess
from question_bank.kind import Kind

EVEN = ["先打电话", "先发短信", "先去敲门", "先问邻居"]


def single(stem: str, options: list[str], key: int) -> tuple[Kind, str, list[tuple[str, str]], tuple[str, ...]]:
    coded = [("ABCD"[at], text) for at, text in enumerate(options)]
    return Kind.SINGLE, stem, coded, ("ABCD"[key],)


@pytest.mark.parametrize(
    ("habit", "stem", "options"),
    [
        ("longest", "怎么做？", ["先打电话说明原因", *EVEN[1:]]),
        ("shortest", "怎么做？", ["等", *EVEN[1:]]),
        ("most specific", "多久？", ["提前2小时", "提前很久", "稍微提前", "临时提前"]),
        ("words of the question", "客户要巡检记录，给什么？", ["巡检记录", "报价单子", "合同副本", "设备清单"]),
        ("most like the others", "怎么做？", ["先问班长再去", "先问班长不去", "不问班长再去", "先去再说清楚"]),
        ("odd one out", "怎么做？", ["静候", "先敲门再进", "先敲门后进", "敲门就进去"]),
        ("no strong words", "怎么做？", ["视情况再定", "一律不接受", "任何人可进", "必须都带走"]),
    ],
)
def test_each_habit_finds_a_key_that_gives_itself_away(habit: str, stem: str, options: list[str]) -> None:
    found = {one.habit: one for one in guess([single(stem, options, 0)])}
    assert set(found) == set(HABITS)
    assert (found[habit].hit, found[habit].chance) == (1.0, 0.25)


def test_options_that_look_alike_are_worth_no_more_than_chance() -> None:
    for one in guess([single("怎么做？", EVEN, key) for key in range(4)]):
        assert one.gain == pytest.approx(0, abs=0.01), one


def test_strong_words_in_a_statement_are_taken_for_false() -> None:
    statement = ("一律不必预约", [("T", "正确"), ("F", "错误")])
    (one,) = guess([(Kind.TRUE_FALSE, *statement, ("F",)), (Kind.TRUE_FALSE, *statement, ("F",))])
    assert (one.hit, one.chance) == (1.0, 0.5)
    (other,) = guess([(Kind.TRUE_FALSE, *statement, ("T",))])
    assert other.hit == 0


def test_nothing_to_guess_is_no_finding() -> None:
    assert guess([]) == []
