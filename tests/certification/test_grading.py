"""Fractions, marks, sections, cuts; the boundaries are probed on both sides."""

from fractions import Fraction
from typing import Any

import pytest

from certification.grading import Grade, Graded, Key, Section, exact, fraction, grade_attempt
from certification.layout import Slot
from certification.programme import ExamSpec, SectionMinimum
from certification.scoring import Fill, Match, Multiple, Order, Scoring
from question_bank.blueprint import Row

ROW = Row(clauses=("GCS@2011#1",), count=50, points=2)


def exam(pass_: float = 0.8, excellent: float = 0.92, *sections: SectionMinimum) -> ExamSpec:
    return ExamSpec(minutes=60, pass_=pass_, excellent=excellent, blueprint=(ROW,), sections=sections)


def graded(right: int, total: int = 50, spec: ExamSpec | None = None, points: float = 2, key_items: int = 0, right_keys: int = 0) -> Graded:
    """A paper of singles, the last ``key_items`` of them on key clauses; the first ``right`` others are answered rightly."""
    slots = [Slot(0, n, points, "single", ("A", "B")) for n in range(total)]
    ordinary = total - key_items
    keys = {n: Key("single", ("A",), ("GCS@2011#1.1" if n < ordinary else "GCS@2011#12.1",), n >= ordinary) for n in range(total)}
    answers = {n + 1: "A" if n < right or ordinary <= n < ordinary + right_keys else "B" for n in range(total)}
    return grade_attempt(slots, keys, answers, spec or exam())


@pytest.mark.parametrize(
    ("right", "passed", "grade"), [(39, False, None), (40, True, Grade.QUALIFIED), (45, True, Grade.QUALIFIED), (46, True, Grade.EXCELLENT)]
)
def test_the_cuts_are_reached_exactly(right: int, passed: bool, grade: Grade | None) -> None:
    result = graded(right)
    assert (result.passed, result.grade, result.mark, result.points) == (passed, grade, right * 2, 100)


@pytest.mark.parametrize("total", range(1, 61))
def test_no_cut_in_hundredths_is_missed_by_a_rounding_error(total: int) -> None:
    for right in range(total + 1):
        for cut in (0.07, 0.29, 0.57, 0.6, 0.7, 0.8, 0.85, 0.92):
            assert graded(right, total, exam(cut, 1.0), points=0.1).passed is (right * 100 >= round(cut * 100) * total)


def test_all_right_is_excellent_and_nothing_right_is_zero() -> None:
    assert graded(50).grade is Grade.EXCELLENT
    assert (graded(0).mark, graded(0).fraction, graded(0).grade) == (0, 0, None)


@pytest.mark.parametrize(("right_keys", "met", "grade"), [(7, False, None), (8, True, Grade.EXCELLENT)])
def test_a_section_minimum_stands_beside_the_cut(right_keys: int, met: bool, grade: Grade | None) -> None:
    spec = exam(0.8, 0.9, SectionMinimum(min=0.8, key_clauses=True))
    result = graded(40, 50, spec, key_items=10, right_keys=right_keys)
    assert result.fraction >= 0.9
    assert (result.sections[-1].met, result.sections[-1].points, result.grade, result.passed) == (met, 20, grade, met)


def test_a_minimum_on_clauses_counts_only_items_that_lie_wholly_under_them() -> None:
    slots = [Slot(0, n, 1, "single", ("A", "B")) for n in range(4)]
    refs = [("GCS@2011#1.1",), ("GCS@2011#12.1",), ("GCS@2011#1.1", "GCS@2011#12.1"), ("XX@1#1.1",)]
    keys = {n: Key("single", ("A",), refs[n]) for n in range(4)}
    spec = exam(0.1, 1.0, SectionMinimum(min=0.5, clauses=("GCS@2011#1",)))
    result = grade_attempt(slots, keys, {2: "A", 3: "A", 4: "A"}, spec)
    assert result.sections == (Section(None, 0, 1, 0, 0.5, False),)
    assert not result.passed


def test_a_minimum_without_items_holds_nobody_back() -> None:
    assert graded(50, spec=exam(0.8, 0.9, SectionMinimum(min=0.8, key_clauses=True))).passed


def test_the_sections_of_the_form_are_summed_under_their_titles() -> None:
    slots = [Slot(0, 1, 2, "single", ("A", "B")), Slot(1, 2, 3, "single", ("A", "B"))]
    keys = {1: Key("single", ("A",)), 2: Key("single", ("B",))}
    result = grade_attempt(slots, keys, {1: "A", 2: "A"}, exam(), [{"zh": "一"}, {"zh": "二"}])
    assert result.sections == (Section({"zh": "一"}, 2, 2, 1), Section({"zh": "二"}, 0, 3, 0))
    assert result.marks == ((1, 1.0, 2.0), (2, 0.0, 0.0))


SITUATION = {"A": 1, "B": 0.5, "C": 0}
JUDGED: list[tuple[str, Any, Any, Fraction]] = [
    ("single", ("A",), "A", Fraction(1)), ("single", ("A",), "B", Fraction(0)), ("single", ("A",), None, Fraction(0)),
    ("true_false", ("F",), "F", Fraction(1)), ("true_false", ("F",), "T", Fraction(0)),
    ("multiple", ("A", "C"), ["C", "A"], Fraction(1)), ("multiple", ("A", "C"), ["A"], Fraction(0)),
    ("multiple", ("A", "C"), ["A", "B", "C"], Fraction(0)), ("multiple", ("A", "C"), [], Fraction(0)),
    ("order", ["B", "A", "C"], ["B", "A", "C"], Fraction(1)), ("order", ["B", "A", "C"], ["A", "B", "C"], Fraction(0)),
    ("order", ["B", "A"], ["B"], Fraction(0)),
    ("match", {"A": "1", "B": "2"}, {"B": "2", "A": "1"}, Fraction(1)), ("match", {"A": "1", "B": "2"}, {"A": "1"}, Fraction(0)),
    ("fill", [["五分钟", "5分钟"], ["SLA"]], ["５分钟", " sla "], Fraction(1)),
    ("fill", [["五分钟"], ["SLA"]], ["五分钟", ""], Fraction(0)),
    ("fill", [["a b"]], ["Ａ　b"], Fraction(1)), ("fill", [["甲"], ["乙"]], ["甲"], Fraction(0)),
    ("situational", SITUATION, "A", Fraction(1)), ("situational", SITUATION, "B", Fraction(1, 2)),
    ("situational", SITUATION, "D", Fraction(0)),
]


@pytest.mark.parametrize(("kind", "key", "answer", "expected"), JUDGED)
def test_the_share_of_an_item_by_kind(kind: str, key: Any, answer: Any, expected: Fraction) -> None:
    assert fraction(kind, key, answer) == expected


PARTIAL: list[tuple[Any, str, Any, Any, str]] = [
    # several right options: A B C of five
    *[(Multiple.ALL_OR_NOTHING, "multiple", "ABC", answer, share) for answer, share in
      (("ABC", "1"), ("AB", "0"), ("ABCD", "0"), ("ABCDE", "0"), ("", "0"))],
    *[(Multiple.SHARE_UNLESS_WRONG, "multiple", "ABC", answer, share) for answer, share in
      (("A", "1/3"), ("AB", "2/3"), ("CBA", "1"), ("ABD", "0"), ("D", "0"), ("ABCDE", "0"), ("", "0"))],
    *[(Multiple.HALF_UNLESS_WRONG, "multiple", "ABC", answer, share) for answer, share in
      (("A", "1/2"), ("AC", "1/2"), ("ABC", "1"), ("ABCD", "0"), ("E", "0"), ("", "0"))],
    *[(Multiple.RIGHT_MINUS_WRONG, "multiple", "ABC", answer, share) for answer, share in
      (("A", "1/3"), ("ABD", "1/3"), ("AD", "0"), ("DE", "0"), ("ABC", "1"), ("ABCDE", "1/3"), ("", "0"))],
    *[(Multiple.PER_OPTION, "multiple", "ABC", answer, share) for answer, share in
      (("ABC", "1"), ("AB", "4/5"), ("ABCD", "4/5"), ("DE", "0"), ("ABCDE", "3/5"), ("", "0"))],
    *[(Order.EXACT, "order", "ABCD", answer, share) for answer, share in (("ABCD", "1"), ("BACD", "0"), ("ABC", "0"))],
    *[(Order.ADJACENT_PAIRS, "order", "ABCD", answer, share) for answer, share in
      (("ABCD", "1"), ("DABC", "2/3"), ("DCBA", "0"), ("BCDA", "2/3"), ("BACD", "1/3"), ("AB", "1/3"))],
    *[(Order.POSITIONS, "order", "ABCD", answer, share) for answer, share in
      (("ABCD", "1"), ("BACD", "1/2"), ("DABC", "0"), ("DCBA", "0"), ("ABDC", "1/2"), ("A", "1/4"))],
    *[(Match.EXACT, "match", {"A": "1", "B": "2"}, answer, share) for answer, share in (({"A": "1", "B": "2"}, "1"), ({"A": "1"}, "0"))],
    *[(Match.SHARE, "match", {"A": "1", "B": "2", "C": "2"}, answer, share) for answer, share in
      (({"A": "1", "B": "2", "C": "2"}, "1"), ({"A": "1"}, "1/3"), ({"A": "2", "B": "2"}, "1/3"), ({"A": "3"}, "0"), ({}, "0"))],
    *[(Fill.ALL, "fill", [["甲"], ["乙"]], answer, share) for answer, share in ((["甲", "乙"], "1"), (["甲", "丙"], "0"))],
    *[(Fill.SHARE, "fill", [["甲"], ["乙"]], answer, share) for answer, share in
      ((["甲", "乙"], "1"), (["甲", ""], "1/2"), (["乙", "甲"], "0"), (["", ""], "0"), (["甲"], "1/2"))],
]


@pytest.mark.parametrize(("policy", "kind", "key", "answer", "share"), PARTIAL)
def test_each_policy_gives_its_share(policy: Any, kind: str, key: Any, answer: Any, share: str) -> None:
    scoring = Scoring(**{kind: policy})
    listed = list(answer) if isinstance(answer, str) else answer
    assert fraction(kind, tuple(key) if isinstance(key, str) else key, listed, scoring, options=5) == Fraction(share)


def test_every_policy_is_in_the_table() -> None:
    assert {row[0] for row in PARTIAL} == {*Multiple, *Order, *Match, *Fill}


@pytest.mark.parametrize("policy", list(Multiple))
def test_under_no_policy_does_a_worse_choice_earn_more(policy: Multiple) -> None:
    """Choosing one more right option never costs, one more wrong one never pays, whatever was chosen before."""
    options, right = "ABCDE", "ABC"
    for size in range(1, 2 ** len(options)):
        chosen = [code for at, code in enumerate(options) if size >> at & 1]
        share = fraction("multiple", tuple(right), chosen, Scoring(multiple=policy), 5)
        assert share is not None
        assert 0 <= share <= 1
        for more in set(options) - set(chosen):
            other = fraction("multiple", tuple(right), [*chosen, more], Scoring(multiple=policy), 5)
            assert other is not None
            assert other >= share if more in right else other <= share


def test_a_programme_chooses_and_the_paper_is_judged_so() -> None:
    slots = [Slot(0, 1, 3, "multiple", tuple("ABCDE")), Slot(0, 2, 4, "order", tuple("DCBA")), Slot(0, 3, 2, "fill", blanks=2)]
    keys = {1: Key("multiple", ("A", "B", "C")), 2: Key("order", tuple("ABCD")), 3: Key("fill", (("5",), ("10",)), after=("分钟", "分钟"))}
    answers = {1: ["A", "B"], 2: ["D", "A", "B", "C"], 3: ["五分钟", "9"]}
    assert grade_attempt(slots, keys, answers, exam()).mark == 0
    scoring = Scoring(Multiple.SHARE_UNLESS_WRONG, Order.ADJACENT_PAIRS, Match.SHARE, Fill.SHARE)
    chosen = ExamSpec(minutes=60, pass_=0.8, excellent=0.92, blueprint=(ROW,), scoring=scoring)
    result = grade_attempt(slots, keys, answers, chosen)
    assert [mark for _slot, _share, mark in result.marks] == [2.0, pytest.approx(8 / 3), 1.0]


def test_a_further_key_earns_what_it_would_have_earned() -> None:
    slots = [Slot(0, 1, 2, "order", tuple("CBA"))]
    keys = {1: Key("order", tuple("ABC"), also=(tuple("BAC"),))}
    assert grade_attempt(slots, keys, {1: ["B", "A", "C"]}, exam()).mark == 2


def test_a_short_answer_that_was_left_open_waits_for_nobody() -> None:
    slots = [Slot(0, 1, 2, "single", ("A", "B")), Slot(0, 2, 3, "short")]
    keys = {1: Key("single", ("A",)), 2: Key("short", ("要点",))}
    for answer in (None, "", " \n "):
        result = grade_attempt(slots, keys, {1: "A", 2: answer}, exam(0.1, 0.2))
        assert (result.complete, result.mark) == (True, 2)


def test_a_short_answer_waits_for_a_person_and_nothing_is_decided_before() -> None:
    slots = [Slot(0, 1, 2, "single", ("A", "B")), Slot(0, 2, 3, "short")]
    keys = {1: Key("single", ("A",)), 2: Key("short", None)}
    result = grade_attempt(slots, keys, {1: "A", 2: "因为"}, exam(0.1, 0.2))
    assert (result.complete, result.passed, result.grade, result.mark, result.points) == (False, False, None, 2, 5)
    assert result.marks == ((1, 1.0, 2.0), (2, None, None))


def test_a_written_decimal_is_taken_as_written() -> None:
    assert exact(0.8) == Fraction(4, 5)
    assert exact(2) == 2
