"""Who may take which step with a question, and where it then stands."""

import pytest

from question_bank.item import State
from question_bank.review import Refusal, Standing, Step, authors, decide, possible

AUTHOR, OTHER, VERSION = 1, 2, 7


def standing(state: State, in_use: bool = False) -> Standing:
    return Standing(state, VERSION, in_use, frozenset({AUTHOR}))


@pytest.mark.parametrize(("state", "step", "who", "expected"), [
    (State.DRAFT, Step.EDIT, OTHER, State.DRAFT),
    (State.DRAFT, Step.SUBMIT, AUTHOR, State.IN_REVIEW),
    (State.DRAFT, Step.APPROVE, OTHER, Refusal.WRONG_STATE),
    (State.DRAFT, Step.MAKE_LIVE, AUTHOR, Refusal.WRONG_STATE),
    (State.IN_REVIEW, Step.EDIT, AUTHOR, Refusal.WRONG_STATE),
    (State.IN_REVIEW, Step.APPROVE, OTHER, State.APPROVED),
    (State.IN_REVIEW, Step.APPROVE, AUTHOR, Refusal.OWN_WORK),
    (State.IN_REVIEW, Step.RETURN, OTHER, State.DRAFT),
    (State.IN_REVIEW, Step.RETURN, AUTHOR, Refusal.OWN_WORK),
    (State.IN_REVIEW, Step.WITHDRAW, AUTHOR, State.DRAFT),
    (State.IN_REVIEW, Step.WITHDRAW, OTHER, Refusal.NOT_YOURS),
    (State.IN_REVIEW, Step.SUBMIT, AUTHOR, Refusal.WRONG_STATE),
    (State.APPROVED, Step.MAKE_LIVE, AUTHOR, State.LIVE),
    (State.APPROVED, Step.EDIT, AUTHOR, State.DRAFT),
    (State.APPROVED, Step.APPROVE, OTHER, Refusal.WRONG_STATE),
    (State.LIVE, Step.EDIT, OTHER, State.DRAFT),
    (State.LIVE, Step.RETIRE, OTHER, State.RETIRED),
    (State.RETIRED, Step.EDIT, AUTHOR, Refusal.WRONG_STATE),
    (State.RETIRED, Step.RESTORE, AUTHOR, State.DRAFT),
])
def test_a_step_is_taken_or_refused(state: State, step: Step, who: int, expected: State | Refusal) -> None:
    assert decide(standing(state), step, who, VERSION, "改一下") is expected


def test_a_question_that_was_in_use_comes_back_into_use() -> None:
    assert decide(standing(State.RETIRED, in_use=True), Step.RESTORE, OTHER, VERSION) is State.LIVE


def test_only_a_revision_can_be_discarded() -> None:
    assert decide(standing(State.DRAFT, in_use=True), Step.DISCARD, AUTHOR, VERSION) is State.LIVE
    assert decide(standing(State.DRAFT), Step.DISCARD, AUTHOR, VERSION) is Refusal.WRONG_STATE


def test_a_return_says_what_to_change() -> None:
    assert decide(standing(State.IN_REVIEW), Step.RETURN, OTHER, VERSION, "  ") is Refusal.NO_COMMENT


def test_nobody_decides_about_a_version_they_did_not_see() -> None:
    assert decide(standing(State.IN_REVIEW), Step.APPROVE, OTHER, VERSION - 1) is Refusal.STALE
    assert decide(standing(State.DRAFT), Step.EDIT, AUTHOR, VERSION - 1) is Refusal.STALE


def test_what_is_offered_can_be_done() -> None:
    assert possible(standing(State.IN_REVIEW), OTHER) == [Step.APPROVE, Step.RETURN]
    assert possible(standing(State.IN_REVIEW), AUTHOR) == [Step.WITHDRAW]
    assert possible(standing(State.DRAFT), AUTHOR) == [Step.EDIT, Step.SUBMIT, Step.RETIRE]
    assert possible(standing(State.RETIRED), AUTHOR) == [Step.RESTORE]


def test_every_author_since_the_last_settled_version_counts() -> None:
    versions = [(1, 11), (2, 12), (3, None), (4, 13)]
    assert authors(versions, 0) == {11, 12, 13}
    assert authors(versions, 1) == {12, 13}
    assert authors(versions, 4) == frozenset()
