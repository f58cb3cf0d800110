"""Two live ratings and a third: the cases of docs/agreement.md, the exact borders, and what holds of any ratings."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.rating import (
    Checklist,
    Flaw,
    Item,
    Mark,
    Rating,
    Reason,
    Seen,
    Settlement,
    agreed,
    compare,
    flaws,
    passes,
    settle,
    total,
)
from tests.published import rows

TEN = Checklist(tuple(Item(str(place), 10, critical=place == 1) for place in range(1, 11)), Fraction(55))
FINE = Checklist((Item("talk", 100, top=100),), Fraction(60))
"""One item rated out of a hundred, so that totals are what is marked."""
VERDICT = {True: "passed", False: "not passed", None: "reviewer"}


def rated(levels: str, overall: int = 4, rater: str = "a") -> Rating:
    """One character an item of ``TEN``, N for N/A; every mark has a sentence."""
    marks = {str(place): Mark(None if level == "N" else int(level), "看到了。") for place, level in enumerate(levels, 1)}
    return Rating(rater, marks, overall)


def written(cell: str, rater: str) -> Rating:
    levels, overall = cell.split()
    return rated(levels, int(overall), rater)


def talked(points: int, rater: str, overall: int = 3) -> Rating:
    return Rating(rater, {"talk": Mark(points)}, overall)


@pytest.mark.parametrize(("case", "a", "b", "reasons"), rows("agreement.md", "Two ratings"), ids=lambda cell: cell)
def test_two_ratings_as_published(case: str, a: str, b: str, reasons: str) -> None:
    one, other = written(a, "a"), written(b, "b")
    found = compare(TEN, one, other)
    assert ", ".join(found.reasons) == reasons
    assert found.escalated is bool(reasons)
    assert compare(TEN, other, one).reasons == found.reasons, "the order of raters must not count"


@pytest.mark.parametrize("row", rows("agreement.md", "Three ratings"), ids=lambda row: row[0])
def test_three_ratings_as_published(row: list[str]) -> None:
    *cells, points, verdict, failed = row[1:]
    three = [written(cell, rater) for cell, rater in zip(cells, "abc", strict=True)]
    for order in permutations(three):
        found = settle(TEN, order)
        shown = "–" if found.points is None else f"{float(found.points):.1f}".removesuffix(".0")
        assert (shown, VERDICT[found.passed], ", ".join(found.failed)) == (points, verdict, failed)


def test_every_reason_is_published() -> None:
    told = {reason for row in rows("agreement.md", "Two ratings") for reason in row[3].split(", ") if reason}
    assert told == {reason.value for reason in Reason}


@pytest.mark.parametrize(("a", "b", "reasons"), [
    (80, 90, ()), (80, 91, (Reason.TOTALS,)), (64, 64, ()), (63, 64, (Reason.NEAR_CUT,)), (57, 57, (Reason.NEAR_CUT,)), (56, 56, ()),
    (60, 60, (Reason.NEAR_CUT,)), (56, 64, (Reason.VERDICTS,)), (59, 60, (Reason.VERDICTS, Reason.NEAR_CUT)),
])
def test_borders_of_totals(a: int, b: int, reasons: tuple[Reason, ...]) -> None:
    """Ten apart is still agreement, three from the cut is near it."""
    found = compare(FINE, talked(a, "a"), talked(b, "b"))
    assert tuple(reason for reason in found.reasons if reason is not Reason.ITEMS) == reasons


@pytest.mark.parametrize(("apart", "escalated"), [(1, False), (2, True)])
def test_three_of_four_items_alike_are_enough(apart: int, escalated: bool) -> None:
    four = Checklist(tuple(Item(name, 1, top=100) for name in "abcd"), Fraction(10))
    one = Rating("a", {name: Mark(50) for name in "abcd"}, 3)
    other = Rating("b", {name: Mark(51 if place < apart else 50) for place, name in enumerate("abcd")}, 3)
    found = compare(four, one, other)
    assert (found.alike, found.items, Reason.ITEMS in found.reasons) == (4 - apart, 4, escalated)
    assert found.apart == tuple("abcd"[:apart])


def test_a_critical_differs_when_done_differs_and_not_by_how_well() -> None:
    graded = Checklist((Item("safety", 0, top=2, critical=True), Item("talk", 100, top=100)), Fraction(10))

    def rating(level: int | None, rater: str) -> Rating:
        return Rating(rater, {"safety": Mark(level, "因为。"), "talk": Mark(90)}, 3)

    assert Reason.CRITICAL not in compare(graded, rating(1, "a"), rating(2, "b")).reasons
    for level in (1, 2, None):
        assert compare(graded, rating(0, "a"), rating(level, "b")).criticals == ("safety",)
    assert compare(graded, rating(None, "a"), rating(1, "b")).criticals == ("safety",)


def test_not_applicable_leaves_both_sums() -> None:
    assert total(TEN, rated("1111100000")) == 50
    assert total(TEN, rated("11111NNNNN")) == 100
    assert total(TEN, rated("111110NNNN")) == Fraction(500, 6)
    assert total(TEN, rated("NNNNNNNNNN")) is None
    assert passes(TEN, rated("NNNNNNNNNN")) is None
    assert passes(TEN, rated("0111111111")) is False
    assert passes(TEN, rated("0NNNNNNNNN")) is False


def test_levels_earn_their_share_of_the_points() -> None:
    graded = Checklist((Item("a", 3, top=2), Item("b", 1, top=4)), Fraction(50))
    assert total(graded, Rating("a", {"a": Mark(1), "b": Mark(3)}, 3)) == Fraction(225, 4)


PARTS = Checklist(
    (Item("hello", 10, section="door"), Item("shoes", 10, section="door"), Item("talk", 80, section="room")),
    Fraction(50), {"door": Fraction(50)},
)


def at_the_door(hello: int | None, shoes: int | None, rater: str) -> Rating:
    return Rating(rater, {"hello": Mark(hello, "没有发生。"), "shoes": Mark(shoes, "没有发生。"), "talk": Mark(1)}, 3)


@pytest.mark.parametrize(("marks", "passed"), [((0, 0), False), ((1, 0), True), ((None, 0), False), ((None, None), True)])
def test_a_section_has_its_minimum(marks: tuple[int | None, int | None], passed: bool) -> None:
    assert passes(PARTS, at_the_door(*marks, "a")) is passed


@pytest.mark.parametrize(("three", "passed"), [
    (((0, 0), (0, 0), (1, 1)), False), (((0, 0), (1, 1), (1, 0)), True), (((None, None), (None, None), (0, 0)), True),
    (((None, None), (0, 0), (1, 1)), None),
])
def test_two_of_three_decide_a_section(three: tuple[tuple[int | None, int | None], ...], passed: bool | None) -> None:
    found = settle(PARTS, [at_the_door(*marks, rater) for marks, rater in zip(three, "abc", strict=True)])
    assert found.passed is passed


def test_what_a_rating_must_hold() -> None:
    whole = rated("1111111111")
    assert flaws(TEN, whole) == []

    def with_mark(item: str, mark: Mark) -> list[tuple[str, Flaw]]:
        return flaws(TEN, replace(whole, marks={**whole.marks, item: mark}))

    assert with_mark("1", Mark(0)) == [("1", Flaw.SENTENCE_CRITICAL)]
    assert with_mark("1", Mark(0, " \n")) == [("1", Flaw.SENTENCE_CRITICAL)]
    assert with_mark("1", Mark(0, "没有核对证件。")) == []
    assert with_mark("2", Mark(0)) == []
    assert with_mark("2", Mark(None)) == [("2", Flaw.SENTENCE_NA)]
    assert with_mark("1", Mark(None)) == [("1", Flaw.SENTENCE_NA)]
    assert with_mark("2", Mark(None, "客户家里没有宠物。")) == []
    assert with_mark("2", Mark(2)) == with_mark("2", Mark(-1)) == [("2", Flaw.OFF_SCALE)]
    assert with_mark("11", Mark(1)) == [("11", Flaw.UNKNOWN)]
    assert flaws(TEN, replace(whole, marks={})) == [(str(place), Flaw.UNMARKED) for place in range(1, 11)]
    for overall in (None, 0, 6):
        assert flaws(TEN, replace(whole, overall=overall)) == [("", Flaw.OVERALL_MISSING)]
    assert flaws(TEN, replace(whole, seen=None)) == [("", Flaw.NOT_SEEN)]
    assert flaws(TEN, replace(whole, seen=Seen.RECORDING)) == []


def test_nothing_is_compared_or_settled_that_is_not_whole() -> None:
    one, other, third = rated("1111111100", rater="a"), rated("1111111000", rater="b"), rated("1111111110", rater="c")
    with pytest.raises(ValueError, match="another rater"):
        compare(TEN, one, replace(other, rater="a"))
    with pytest.raises(ValueError, match="not whole: overall_missing"):
        compare(TEN, one, replace(other, overall=None))
    with pytest.raises(ValueError, match="three ratings"):
        settle(TEN, [one, other])
    with pytest.raises(ValueError, match="another rater"):
        settle(TEN, [one, other, replace(third, rater="b")])
    with pytest.raises(ValueError, match="not_seen"):
        settle(TEN, [one, other, replace(third, seen=None)])


def test_two_that_agree_give_their_verdict_and_the_lower_total() -> None:
    one, other = rated("1111111100", rater="a"), rated("1111111000", rater="b")
    assert agreed(TEN, one, other) == agreed(TEN, other, one) == Settlement(Fraction(70), True, ())
    failed = rated("0111111110", rater="a"), rated("0111111110", rater="b")
    assert agreed(TEN, *failed) == Settlement(Fraction(80), False, ("1",))
    with pytest.raises(ValueError, match="third rating is needed: totals"):
        agreed(TEN, one, rated("1111110000", rater="b"))


def test_a_critical_on_which_no_two_agree_is_named() -> None:
    three = [rated(levels, rater=rater) for levels, rater in zip(("0111111111", "N111111111", "1111111111"), "abc", strict=True)]
    assert settle(TEN, three).open == ("1",)


levels = st.text("01N", min_size=10, max_size=10)


@given(levels, levels, st.integers(1, 5), st.integers(1, 5))
def test_what_is_not_escalated_has_one_verdict(a: str, b: str, first: int, second: int) -> None:
    one, other = rated(a, first, "a"), rated(b, second, "b")
    found = compare(TEN, one, other)
    assert found.reasons == compare(TEN, other, one).reasons
    if not found.escalated:
        settled = agreed(TEN, one, other)
        assert settled.passed is passes(TEN, one) is passes(TEN, other) is not None
        assert settled.points == min(total(TEN, one) or 0, total(TEN, other) or 0)


@given(levels, levels, levels)
def test_two_equal_ratings_outvote_any_third(a: str, b: str, c: str) -> None:
    one, twin, third = rated(a, rater="a"), rated(a, rater="b"), rated(b, rater="c")
    found = settle(TEN, [one, third, twin])
    if total(TEN, one) is not None and total(TEN, third) is not None:
        assert (found.points, found.passed) == (total(TEN, one), passes(TEN, one))
    three = [rated(levels, rater=rater) for levels, rater in zip((a, b, c), "abc", strict=True)]
    totals = sorted(points for rating in three if (points := total(TEN, rating)) is not None)
    if len(totals) == 3:
        assert totals[0] <= (settle(TEN, three).points or 0) <= totals[2]
