"""The way of a question into a later edition: what may be done when, and why not."""

import pytest

from question_bank.carry_over import SUGGESTED, Case, Refusal, Stand, Verdict, carry, retire
from question_bank.item import State
from standards.edition_change import Change

LATER = {"S@1#1": "S@2#5", "S@1#2": None}


def case(verdict: Verdict | None = Verdict.RIGHT, state: State = State.LIVE, carried: bool = False) -> Case:
    return Case(state, verdict, carried)


@pytest.mark.parametrize("verdict", [Verdict.RIGHT, Verdict.REVISE])
def test_what_is_right_or_needs_other_words_takes_the_later_clauses(verdict: Verdict) -> None:
    assert carry(case(verdict), ["S@1#1", "S@1#2"], LATER) == ["S@2#5"]


@pytest.mark.parametrize(("found", "clauses", "refusal"), [
    (case(None), ["S@1#1"], Refusal.NO_VERDICT),
    (case(Verdict.RETIRE), ["S@1#1"], Refusal.TO_RETIRE),
    (case(carried=True), ["S@1#1"], Refusal.CARRIED),
    (case(state=State.RETIRED), ["S@1#1"], Refusal.RETIRED),
    (case(), ["S@1#2"], Refusal.NO_CLAUSE),
])
def test_why_a_question_is_not_carried_over(found: Case, clauses: list[str], refusal: Refusal) -> None:
    assert carry(found, clauses, LATER) is refusal


def test_only_what_was_decided_to_retire_is_put_out_of_use() -> None:
    assert retire(case(Verdict.RETIRE)) is None
    assert retire(case(Verdict.RIGHT)) is Refusal.NOT_TO_RETIRE
    assert retire(case(None)) is Refusal.NOT_TO_RETIRE
    assert retire(case(Verdict.RETIRE, State.RETIRED)) is Refusal.RETIRED


@pytest.mark.parametrize(("found", "stand"), [
    (case(None), Stand.OPEN), (case(), Stand.DECIDED), (case(Verdict.RETIRE), Stand.DECIDED), (case(carried=True), Stand.DONE),
    (case(Verdict.RETIRE, State.RETIRED), Stand.DONE), (case(Verdict.RIGHT, State.RETIRED), Stand.DECIDED),
])
def test_how_far_the_work_is(found: Case, stand: Stand) -> None:
    assert found.stand is stand


def test_every_change_that_can_touch_a_question_has_a_suggestion() -> None:
    assert set(SUGGESTED) == set(Change) - {Change.ADDED}
