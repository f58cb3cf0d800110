"""What a new edition changes: each sort of change on its own, then a whole edition at once."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.edition_change import Change, Duty, Step, carried, compare, gravest, likeness, marked
from tests.published import named

NOTE = "无人应答且联系不上时留言，写明到访时间和联系电话。"
EARLY = "在预约时间前5至10分钟到达客户现场。"
BADGE = "上门时佩戴工号牌。"


def one(former: list[Duty], later: list[Duty]) -> Step:
    (step,) = compare(former, later)
    return step


def kinds(steps: list[Step]) -> list[tuple[Change, str | None, str | None]]:
    return [(step.change, step.former, step.later) for step in steps]


def test_the_same_words_under_the_same_number_are_the_same() -> None:
    assert one([Duty("1", BADGE)], [Duty("1", BADGE)]) == Step(Change.SAME, "1", "1", (), 1.0)


def test_blanks_and_full_width_forms_change_nothing() -> None:
    assert one([Duty("1", "提前 10 分钟(现场)。")], [Duty("1", "提前１０分钟（现场）。")]).change is Change.SAME


def test_the_same_words_under_another_number_have_moved() -> None:
    step = one([Duty("25.1", EARLY)], [Duty("26.1", EARLY)])
    assert (step.change, step.renumbered, step.parts) == (Change.MOVED, True, ())


@pytest.mark.parametrize("number", ["25.1", "31.4"])
def test_other_words_for_the_same_duty_have_changed_under_whichever_number(number: str) -> None:
    step = one([Duty("25.1", EARLY)], [Duty(number, "在预约时间前10分钟到达客户现场。")])
    assert (step.change, step.parts, step.renumbered) == (Change.CHANGED, ("text",), number != "25.1")
    assert 0.45 <= step.likeness < 1


@pytest.mark.parametrize(("part", "value"), [
    ("duty", "should"), ("tier", "excellent"), ("key_clause", True), ("examinable", False), ("phrase", "您好"),
])
def test_a_duty_that_binds_otherwise_has_changed_though_its_words_stay(part: str, value: object) -> None:
    later = Duty(**{"number": "1", "text": BADGE, part: value})  # type: ignore[arg-type]
    assert one([Duty("1", BADGE)], [later]) == Step(Change.CHANGED, "1", "1", (part,), 1.0)


def test_a_number_that_now_says_something_else_is_one_withdrawn_and_one_added() -> None:
    assert kinds(compare([Duty("1", BADGE)], [Duty("1", NOTE)])) == [
        (Change.WITHDRAWN, "1", None), (Change.ADDED, None, "1"),
    ]


def test_a_clause_put_in_early_moves_the_others_and_changes_none() -> None:
    later = [Duty("1", "出发前清点工具。"), Duty("2", BADGE), Duty("3", EARLY)]
    assert kinds(compare([Duty("1", BADGE), Duty("2", EARLY)], later)) == [
        (Change.ADDED, None, "1"), (Change.MOVED, "1", "2"), (Change.MOVED, "2", "3"),
    ]


def test_two_that_changed_places_have_both_moved() -> None:
    steps = compare([Duty("1", BADGE), Duty("2", EARLY)], [Duty("1", EARLY), Duty("2", BADGE)])
    assert kinds(steps) == [(Change.MOVED, "2", "1"), (Change.MOVED, "1", "2")]


def test_of_several_with_the_same_words_the_number_decides() -> None:
    twice = [Duty("1", BADGE), Duty("2", BADGE)]
    assert kinds(compare(twice, [Duty("2", BADGE), Duty("3", BADGE)])) == [(Change.SAME, "2", "2"), (Change.MOVED, "1", "3")]


def test_between_two_likely_successors_the_number_decides_and_the_other_is_added() -> None:
    later = [Duty("7", "在预约时间前10分钟到达客户现场。"), Duty("9", "在预约时间前15分钟到达客户现场。")]
    assert kinds(compare([Duty("9", EARLY)], later)) == [(Change.ADDED, None, "7"), (Change.CHANGED, "9", "9")]


def test_withdrawn_clauses_stand_behind_what_they_followed() -> None:
    former = [Duty("0", "甲乙丙丁"), Duty("1", BADGE), Duty("2", NOTE), Duty("3", EARLY)]
    assert [step.former for step in compare(former, [Duty("1", BADGE), Duty("3", EARLY)])] == ["0", "1", "2", "3"]


def test_a_first_edition_is_all_added_and_a_last_one_all_withdrawn() -> None:
    assert [step.change for step in compare([], [Duty("1", BADGE)])] == [Change.ADDED]
    assert [step.change for step in compare([Duty("1", BADGE)], [])] == [Change.WITHDRAWN]


_duties = st.lists(
    st.tuples(st.integers(1, 30), st.text("客户现场预约到达工牌", min_size=1, max_size=8)), unique_by=lambda pair: pair[0], max_size=12
).map(lambda pairs: [Duty(str(number), text) for number, text in pairs])


@given(_duties, _duties)
def test_every_clause_of_either_edition_is_named_exactly_once(former: list[Duty], later: list[Duty]) -> None:
    steps = compare(former, later)
    assert Counter(step.former for step in steps if step.former) == Counter(duty.number for duty in former)
    assert [step.later for step in steps if step.later] == [duty.number for duty in later]
    old, new = {duty.number: duty for duty in former}, {duty.number: duty for duty in later}
    for step in steps:
        assert (step.former is None, step.later is None) == (step.change is Change.ADDED, step.change is Change.WITHDRAWN)
        if step.change in (Change.SAME, Change.MOVED):
            assert old[step.former or ""].text == new[step.later or ""].text


@given(_duties)
def test_an_edition_beside_itself_changes_nothing(duties: list[Duty]) -> None:
    assert {step.change for step in compare(duties, duties)} <= {Change.SAME}


def test_the_gravest_change_of_its_clauses_is_that_of_the_question() -> None:
    assert gravest([Change.MOVED, Change.WITHDRAWN, Change.CHANGED]) is Change.WITHDRAWN
    assert gravest([Change.SAME, Change.MOVED]) is Change.MOVED


def test_a_question_takes_its_clauses_along_without_those_that_fell_away() -> None:
    later = {"S@1#1": "S@2#3", "S@1#2": None, "S@1#4": "S@2#3"}
    assert carried(["S@1#1", "S@1#2", "T@9#1", "S@1#4"], later) == ["S@2#3", "T@9#1"]
    assert carried(["S@1#2"], later) == []


def test_the_pieces_of_both_texts_are_the_texts_again() -> None:
    new = "在预约时间前10分钟到达客户现场。"
    before, after = marked(EARLY, new)
    assert ("".join(text for text, _ in before), "".join(text for text, _ in after)) == (EARLY, new)
    assert [text for text, differs in before if differs] == ["5至"]
    assert not any(differs for _text, differs in after)


def test_likeness_of_bags_is_dices_coefficient() -> None:
    assert likeness(Counter("abc"), Counter("abd")) == pytest.approx(2 / 3)
    assert likeness(Counter(), Counter()) == 1.0


def _duty(cell: str) -> list[Duty]:
    number, _, text = cell.partition(" ")
    return [Duty(number, text)] if cell else []


@pytest.mark.parametrize(("former", "later", "becomes"), named("coverage.md", "What a new edition changes").values())
def test_the_published_cases_come_out_as_they_are_published(former: str, later: str, becomes: str) -> None:
    assert ", ".join(step.change for step in compare(_duty(former), _duty(later))) == becomes
