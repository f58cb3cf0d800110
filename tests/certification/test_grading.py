"""Fractions, marks, sections, cuts; the boundaries are probed on both sides."""

from fractions import Fraction
from typing import Any

import pytest

from certification.grading import Grade, Graded, Key, Multiple, Section, exact, fraction, grade_attempt
from certification.layout import Slot
from certification.programme import ExamSpec, SectionMinimum
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


@pytest.mark.parametrize(
    ("answer", "expected"), [(["A"], Fraction(1, 3)), (["A", "B", "C"], Fraction(1)), (["A", "D"], Fraction(0)), ([], Fraction(0))]
)
def test_the_sharing_policy_gives_part_of_the_points_unless_something_wrong_is_chosen(answer: list[str], expected: Fraction) -> None:
    assert fraction("multiple", ("A", "B", "C"), answer, Multiple.SHARE_UNLESS_WRONG) == expected


def test_a_short_answer_waits_for_a_person_and_nothing_is_decided_before() -> None:
    slots = [Slot(0, 1, 2, "single", ("A", "B")), Slot(0, 2, 3, "short")]
    keys = {1: Key("single", ("A",)), 2: Key("short", None)}
    result = grade_attempt(slots, keys, {1: "A", 2: "因为"}, exam(0.1, 0.2))
    assert (result.complete, result.passed, result.grade, result.mark, result.points) == (False, False, None, 2, 5)
    assert result.marks == ((1, 1.0, 2.0), (2, None, None))


def test_a_written_decimal_is_taken_as_written() -> None:
    assert exact(0.8) == Fraction(4, 5)
    assert exact(2) == 2
