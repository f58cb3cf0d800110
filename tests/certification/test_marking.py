"""The rule of marking by hand, on both sides of every boundary."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from certification import marking
from certification.marking import CLAIM, STEPS, THIRD, TOLERANCE, Answer, Mark, Marker, Refusal
from certification.release import Block
from tests.conftest import START

A, B, C, D = (Marker(number, 100 + number, None) for number in (1, 2, 3, 4))
HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
SECRET = b"a secret of a test"


def marked(number: int, marker: Marker, fraction: Fraction | None, taken: datetime = START) -> Mark:
    return Mark(number, marker.account, fraction, taken)


def answer(*marks: Mark, attempt: str = "a1", slot: int = 3, seq: int = 1) -> Answer:
    return Answer(7, 70, attempt, slot, seq, "先道歉，再说明原因。", 4, 500, 50, None, marks)


def two(one: Fraction, other: Fraction) -> tuple[Mark, Mark]:
    return marked(1, A, one), marked(2, B, other)


# What counts


@pytest.mark.parametrize(("one", "other", "counts"), [
    (0, 0, 0), (1, 1, 1), (HALF, HALF, HALF),
    (HALF, HALF + TOLERANCE, Fraction(5, 8)),  # just within: the mean
    (0, TOLERANCE, Fraction(1, 8)),
    (HALF, HALF + TOLERANCE + Fraction(1, 1000), None),  # just beyond: a third
    (0, HALF, None), (1, 0, None),
])
def test_two_marks_within_the_tolerance_count_by_their_mean(one: Fraction, other: Fraction, counts: Fraction | None) -> None:
    for first, second in ((one, other), (other, one)):
        assert marking.settled(two(Fraction(first), Fraction(second))) == counts


def test_the_published_figures() -> None:
    assert (0, QUARTER, HALF, Fraction(3, 4), 1) == STEPS
    assert (QUARTER, timedelta(minutes=30), 10) == (TOLERANCE, CLAIM, marking.FEW)


def test_one_mark_or_a_claim_settles_nothing() -> None:
    assert marking.settled(()) is None
    assert marking.settled((marked(1, A, HALF),)) is None
    assert marking.settled((marked(1, A, HALF), marked(2, B, None))) is None


def test_the_third_mark_alone_counts_whatever_the_others_said() -> None:
    assert marking.settled((*two(STEPS[0], STEPS[4]), marked(3, C, QUARTER))) == QUARTER
    assert marking.settled((*two(STEPS[0], STEPS[4]), marked(3, C, None))) is None
    assert marking.differs(two(STEPS[0], STEPS[4]))
    assert not marking.differs((*two(STEPS[0], STEPS[4]), marked(3, C, QUARTER)))


@drawn(st.lists(st.sampled_from(STEPS), min_size=3, max_size=3))
def test_a_settled_fraction_lies_between_the_marks_and_is_exact(steps: list[Fraction]) -> None:
    first, second, third = steps
    found = marking.settled(two(first, second))
    if found is None:
        assert abs(first - second) > TOLERANCE
        assert marking.settled((*two(first, second), marked(3, C, third))) == third
    else:
        assert min(first, second) <= found <= max(first, second)
        assert Fraction(float(found)) == found  # nothing is lost in the database


@pytest.mark.parametrize("nothing", [None, "", "   ", "\n\t　", [], {}])
def test_a_blank_answer_is_worth_nothing_by_itself(nothing: object) -> None:
    assert marking.given({3: nothing}, {}) == {3: 0}


def test_what_is_open_is_left_out_and_a_zero_is_an_answer() -> None:
    marks = {3: two(HALF, HALF), 4: two(STEPS[0], STEPS[4]), 5: (marked(1, A, HALF),)}
    assert marking.given({3: "a", 4: "b", 5: "c", 6: "0", 7: " "}, marks) == {3: HALF, 7: 0}


# Which round waits


@pytest.mark.parametrize(("marks", "waiting"), [
    ((), 1),
    ((marked(1, A, HALF),), 2),
    ((marked(2, A, HALF),), 1),
    ((marked(1, A, None),), 2),  # a live claim holds its round
    ((marked(1, A, None), marked(2, B, None)), None),
    (two(HALF, HALF), None),
    (two(STEPS[0], STEPS[4]), 3),
    ((*two(STEPS[0], STEPS[4]), marked(3, C, None)), None),
    ((*two(STEPS[0], STEPS[4]), marked(3, C, HALF)), None),
])
def test_the_round_that_waits(marks: Sequence[Mark], waiting: int | None) -> None:
    assert marking.next_round(marks, START) == waiting


@pytest.mark.parametrize(("after", "waiting"), [
    (timedelta(0), 2), (CLAIM - timedelta(microseconds=1), 2), (CLAIM, 1), (CLAIM + timedelta(hours=5), 1),
])
def test_a_claim_lapses_after_half_an_hour_and_not_before(after: timedelta, waiting: int) -> None:
    assert marking.next_round((marked(1, A, None),), START + after) == waiting
    assert marking.next_round((marked(1, A, HALF),), START + after) == 2, "a mark never lapses"


def test_the_claim_of_a_third_lapses_too() -> None:
    marks = (*two(STEPS[0], STEPS[4]), marked(3, C, None))
    assert marking.next_round(marks, START + CLAIM) == THIRD


# Who may


def test_nobody_marks_themselves_their_company_or_whom_they_booked() -> None:
    mine = answer()
    assert marking.refusal(replace(A, person=500), mine, False, START) is Refusal.ONESELF
    assert marking.refusal(replace(A, company=50), mine, False, START) is Refusal.COMPANY
    assert marking.refusal(replace(A, company=51), mine, False, START) is None
    assert marking.refusal(A, replace(mine, booked_by=A.account), False, START) is Refusal.BOOKED
    assert marking.refusal(B, replace(mine, booked_by=A.account), False, START) is None


def test_nobody_marks_the_same_answer_twice() -> None:
    once = answer(marked(1, A, HALF))
    assert marking.refusal(A, once, False, START) is Refusal.TWICE
    assert marking.refusal(B, once, False, START) is None
    apart = answer(*two(STEPS[0], STEPS[4]))
    assert [marking.refusal(one, apart, True, START) for one in (A, B, C)] == [Refusal.TWICE, Refusal.TWICE, None]
    assert marking.refusal(C, apart, False, START) is Refusal.TAKEN, "the third is another queue"
    assert marking.refusal(C, answer(), True, START) is Refusal.TAKEN
    assert marking.refusal(C, answer(*two(HALF, HALF)), False, START) is Refusal.SETTLED


def test_whoever_lost_a_claim_may_take_the_answer_again() -> None:
    late = START + CLAIM
    mine = answer(marked(1, A, None))
    assert marking.holds(A, mine, False, late - timedelta(microseconds=1))
    assert not marking.holds(A, mine, False, late)
    assert not marking.holds(A, mine, True, START), "a blind claim is not in the third's queue"
    assert marking.refusal(A, mine, False, START) is Refusal.TWICE
    assert marking.refusal(A, mine, False, late) is None


def test_a_mark_that_comes_late_still_finds_a_round() -> None:
    late = START + CLAIM
    assert marking.round_for(A, answer(marked(1, A, None)), False, START) == 1
    assert marking.round_for(A, answer(marked(1, A, None)), False, late) == 1
    assert marking.round_for(A, answer(marked(1, B, HALF)), False, late) == 2, "another took the round: the other one is free"
    assert marking.round_for(A, answer(marked(1, B, HALF), marked(2, C, HALF)), False, late) is Refusal.SETTLED
    assert marking.round_for(A, answer(marked(1, B, None), marked(2, C, HALF)), False, START) is Refusal.TAKEN


def test_a_blind_mark_never_becomes_the_third() -> None:
    apart = answer(marked(1, B, STEPS[0]), marked(2, C, STEPS[4]))
    assert marking.round_for(A, apart, False, START) is Refusal.TAKEN
    assert marking.round_for(A, apart, True, START) == THIRD
    reading = answer(*apart.marks, marked(3, A, None))
    assert marking.round_for(A, reading, False, START) is Refusal.TWICE
    assert marking.round_for(D, reading, True, START) is Refusal.TAKEN


def test_a_mark_can_be_corrected_until_it_is_settled() -> None:
    assert marking.may_correct(A, answer(marked(1, A, HALF)), START)
    assert not marking.may_correct(A, answer(marked(1, A, None)), START)
    assert not marking.may_correct(B, answer(marked(1, A, HALF)), START)
    assert not marking.may_correct(A, answer(*two(HALF, HALF)), START)
    apart = answer(*two(STEPS[0], STEPS[4]))
    assert marking.may_correct(A, apart, START)
    assert marking.round_for(A, apart, False, START) == 1


def test_nothing_moves_under_the_eyes_of_the_third() -> None:
    reading = answer(*two(STEPS[0], STEPS[4]), marked(3, C, None))
    assert not marking.may_correct(A, reading, START)
    assert marking.may_correct(A, reading, START + CLAIM), "the third went away"
    done = answer(*two(STEPS[0], STEPS[4]), marked(3, C, HALF))
    assert not marking.may_correct(A, done, START)
    assert marking.may_correct(C, done, START), "nobody looks at the third's mark again, so a slip can be put right"
    assert marking.round_for(C, done, True, START) == THIRD
    assert isinstance(marking.round_for(C, done, False, START), Refusal)


@pytest.mark.parametrize(("blocks", "is_open"), [
    ([], True), ([Block.MARKING], True), ([Block.WINDOW_OPEN], False), ([Block.RUNNING, Block.MARKING], False), ([Block.RELEASED], False),
])
def test_marking_begins_when_nobody_writes_any_more(blocks: list[Block], is_open: bool) -> None:
    assert marking.is_open(blocks) is is_open


# The order


def test_each_marker_has_an_order_of_their_own_that_stays() -> None:
    answers = [answer(attempt=f"attempt-{number:02}") for number in range(20)]
    asked = [(marker, found) for marker in (A, B) for found in (answers, answers[::-1])]
    orders = [[one.attempt for one in marking.queue(marker, found, False, SECRET, START)] for marker, found in asked]
    assert orders[0] == orders[1]
    assert orders[2] == orders[3]
    assert orders[0] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2]) == [one.attempt for one in answers]
    assert orders[0] != sorted(orders[0])
    rest = [one for one in answers if one.attempt != orders[0][0]]
    assert [one.attempt for one in marking.queue(A, rest, False, SECRET, START)] == orders[0][1:], "what is gone moves nothing"


def test_the_name_of_an_answer_leads_back_to_nobody() -> None:
    mine = answer()
    name = marking.alias(SECRET, 1, mine)
    assert name == marking.alias(SECRET, 1, replace(mine, marks=two(HALF, HALF)))
    others = {
        marking.alias(SECRET, 2, mine), marking.alias(b"another", 1, mine), marking.alias(SECRET, 1, replace(mine, slot=4)),
        marking.alias(SECRET, 1, replace(mine, attempt="a2")), marking.alias(SECRET, 1, replace(mine, seq=2)),
    }
    assert len(others | {name}) == 6
    assert mine.attempt not in name


# Figures


def test_the_tally_counts_every_answer_once() -> None:
    found = [
        answer(), answer(marked(1, A, None)), answer(marked(1, A, HALF)), answer(marked(1, A, HALF), marked(2, B, None)),
        answer(*two(HALF, HALF)), answer(*two(STEPS[0], STEPS[4])), answer(*two(STEPS[0], STEPS[4]), marked(3, C, HALF)),
    ]
    assert marking.tally(found, START) == marking.Tally(total=7, settled=2, once=2, third=1, held=2)
    assert marking.tally(found, START + CLAIM).held == 0
    assert marking.tally([], START) == marking.Tally()


@pytest.mark.parametrize(("n", "enough"), [(0, False), (9, False), (10, True)])
def test_agreement_says_nothing_before_ten_answers(n: int, enough: bool) -> None:
    found = marking.agreement([answer(*two(HALF, HALF))] * n)
    assert (found.n, found.exact, found.within, found.enough) == (n, n, n, enough)
    assert all(one.enough is enough for one in marking.leniency([answer(*two(HALF, HALF))] * n))


def test_agreement_and_leniency_of_known_marks() -> None:
    answers = [
        answer(*two(STEPS[4], STEPS[4])), answer(*two(STEPS[3], STEPS[2])), answer(*two(STEPS[4], STEPS[0]), marked(3, C, HALF)),
        answer(marked(1, C, HALF), marked(2, A, HALF)), answer(marked(1, A, HALF)), answer(marked(1, A, HALF), marked(2, B, None)),
    ]
    found = marking.agreement(answers)
    assert (found.n, found.exact, found.within, found.distance) == (4, 2, 3, (0.25 + 1) / 4)
    assert [(one.marker, one.n, one.mean) for one in marking.leniency(answers)] == [
        (A.account, 4, 1.25 / 4), (C.account, 1, 0), (B.account, 3, -1.25 / 3),
    ]
