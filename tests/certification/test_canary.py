"""Trap questions: which may be one, where they stand, what they show."""

import random
from typing import Any

import pytest

from certification import canary, grading
from certification.canary import Facts, Refusal, Trace
from certification.grading import Key
from certification.layout import Slot, lay_out, versions, with_canaries
from certification.programme import ExamSpec
from question_bank.item import ItemFace, Option, State
from question_bank.kind import Kind

FACE_OPTIONS = (Option("A", "甲"), Option("B", "乙"))
SECTIONS: list[dict[str, Any]] = [
    {"title": {"zh": "一"}, "slots": [[1, 2], [2, 2], [3, 2]], "canaries": [8]},
    {"title": {"zh": "二"}, "slots": [[4, 5], [5, 5]], "canaries": [9]},
    {"title": {"zh": "三"}, "slots": [[6, 1]]},
]


def facts(**more: Any) -> Facts:
    return Facts(**{"kind": Kind.SINGLE, "state": State.LIVE, "in_use": True, "canary": False, "scored": 0, **more})


def faces() -> dict[int, ItemFace]:
    return {version: ItemFace(version, Kind.SINGLE, f"第{version}题", FACE_OPTIONS) for version in range(1, 10)}


@pytest.mark.parametrize(("item", "why"), [
    (facts(), None),
    (facts(state=State.DRAFT, in_use=False), None),
    (facts(canary=True), Refusal.ALREADY),
    (facts(state=State.RETIRED, in_use=False), Refusal.RETIRED),
    (facts(kind=Kind.SHORT), Refusal.KIND),
    (facts(kind=Kind.FILL), Refusal.KIND),
    (facts(scored=1), Refusal.SCORED),
])
def test_only_an_item_that_never_counted_becomes_a_trap(item: Facts, why: Refusal | None) -> None:
    assert canary.may_mark(item) is why


def test_a_trap_that_can_be_drawn_stays_one() -> None:
    assert canary.may_unmark(facts(canary=True)) is Refusal.IN_USE
    assert canary.may_unmark(facts(canary=True, in_use=False, state=State.RETIRED)) is None
    assert canary.may_unmark(facts()) is Refusal.NOT_ONE


def test_traps_are_spread_over_the_sections_and_replace_those_before() -> None:
    placed = canary.place(SECTIONS, [7, 8, 9, 10], "seed")
    assert sorted(canary.on_paper(placed)) == [7, 8, 9, 10]
    assert {len(section.get("canaries", [])) for section in placed} == {1, 2}
    assert [section["slots"] for section in placed] == [section["slots"] for section in SECTIONS]
    assert canary.place(placed, [], "other") == [{key: one[key] for key in ("title", "slots")} for one in SECTIONS]
    assert canary.on_paper(SECTIONS) == [8, 9], "the paper that was there is not touched"


def test_a_section_without_questions_carries_no_trap() -> None:
    placed = canary.place([{"slots": []}, {"slots": [[1, 1]]}], [8, 9], "seed")
    assert "canaries" not in placed[0]


@pytest.mark.parametrize("shuffle", [True, False])
def test_a_trap_looks_like_its_neighbours_and_is_unscored(shuffle: bool) -> None:
    slots = lay_out(SECTIONS, faces(), shuffle, b"seed")
    assert sorted(slot.version for slot in slots) == [1, 2, 3, 4, 5, 6, 8, 9] == sorted(versions(SECTIONS))
    traps = {slot.version: slot for slot in slots if slot.unscored}
    assert set(traps) == {8, 9}
    assert (traps[8].section, traps[8].points) == (0, 2)
    assert (traps[9].section, traps[9].points) == (1, 5)
    assert all(sorted(slot.shown) == ["A", "B"] for slot in slots)


def test_without_shuffling_everybody_meets_a_trap_at_the_same_place() -> None:
    papers = {tuple(slot.version for slot in lay_out(SECTIONS, faces(), False, bytes([n]))) for n in range(20)}
    assert len(papers) == 1, "the question that moved would be the trap"


def test_traps_stand_anywhere() -> None:
    sections = [{"slots": [[n, 1] for n in range(5)], "canaries": [one]} for one in range(50, 150)]
    places = {[version for version, _ in with_canaries(section)].index(section["canaries"][0]) for section in sections}
    assert places == set(range(6))


def test_a_trap_earns_and_costs_nothing() -> None:
    slots = lay_out(SECTIONS, faces(), True, b"seed")
    exam = ExamSpec(minutes=60, pass_=0.6, excellent=0.9, blueprint=())
    keys = {version: Key("single", ("A",)) for version in range(1, 10)}
    right = {number: "A" for number, _slot in enumerate(slots, 1)}
    by_trap = {number: "B" if slot.unscored else "A" for number, slot in enumerate(slots, 1)}
    one, other = (grading.grade_attempt(slots, keys, answers, exam, [{}, {}, {}]) for answers in (right, by_trap))
    assert (one.mark, one.points) == (other.mark, other.points) == (17, 17)
    assert [section.points for section in one.sections] == [6, 10, 1]
    assert canary.trace(slots, one.marks) == Trace(2, 2)
    assert canary.trace(slots, other.marks) == Trace(0, 2)


def test_an_attempt_without_traps_shows_nothing() -> None:
    assert canary.trace([Slot(0, 1, 2, "single", ("A",))], [(1, 1.0, 2.0)]) == Trace(0, 0)


def test_the_lot_is_the_seeds() -> None:
    picks = {tuple(canary.on_paper(canary.place(SECTIONS, random.Random(n).sample(range(20, 40), 2), str(n)))) for n in range(10)}
    assert len(picks) > 5
