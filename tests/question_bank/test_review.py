"""Who may take which step with a question, and where it then stands."""

import pytest

from question_bank.item import State
from question_bank.review import Refusal, Standing, Step, approvers, authors, decide, possible

AUTHOR, OTHER, THIRD, VERSION = 1, 2, 3, 7


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


def test_a_draft_that_names_no_clause_is_not_submitted() -> None:
    draft = Standing(State.DRAFT, VERSION, False, frozenset({AUTHOR}), asks_nothing=True)
    assert decide(draft, Step.SUBMIT, AUTHOR, VERSION) is Refusal.NO_CLAUSE
    assert possible(draft, AUTHOR) == [Step.EDIT, Step.RETIRE]


def test_a_version_without_a_rationale_is_not_approved_and_can_be_returned() -> None:
    bare = Standing(State.IN_REVIEW, VERSION, False, frozenset({AUTHOR}), unexplained=True)
    assert decide(bare, Step.APPROVE, OTHER, VERSION) is Refusal.NO_RATIONALE
    assert decide(bare, Step.RETURN, OTHER, VERSION, "请写明依据") is State.DRAFT


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


# Key clauses: two people


def key(*approved: int, authors: frozenset[int] = frozenset({AUTHOR})) -> Standing:
    return Standing(State.IN_REVIEW, VERSION, False, authors, asks_key=True, approvers=frozenset(approved))


@pytest.mark.parametrize(("standing", "who", "expected"), [
    (key(), OTHER, State.IN_REVIEW),
    (key(OTHER), THIRD, State.APPROVED),
    (key(OTHER), OTHER, Refusal.APPROVED_ALREADY),
    (key(OTHER), AUTHOR, Refusal.OWN_WORK),
    (key(AUTHOR), OTHER, State.IN_REVIEW),
    (key(OTHER, authors=frozenset({AUTHOR, OTHER})), THIRD, State.IN_REVIEW),
])
def test_a_key_clause_needs_two_people_who_did_not_write_it(standing: Standing, who: int, expected: State | Refusal) -> None:
    assert decide(standing, Step.APPROVE, who, VERSION) is expected


def test_whoever_approved_may_still_return_it() -> None:
    assert decide(key(OTHER), Step.RETURN, OTHER, VERSION, "选项C也对") is State.DRAFT
    assert possible(key(OTHER), OTHER) == [Step.RETURN]


def test_an_ordinary_clause_needs_one() -> None:
    assert standing(State.IN_REVIEW).needed == 1
    assert key().needed == 2


@pytest.mark.parametrize(("verdicts", "expected"), [
    ([], set()),
    ([("submitted", AUTHOR), ("approved", OTHER)], {OTHER}),
    ([("submitted", AUTHOR), ("approved", OTHER), ("approved", THIRD)], {OTHER, THIRD}),
    ([("submitted", AUTHOR), ("approved", OTHER), ("returned", THIRD), ("submitted", AUTHOR)], set()),
    ([("submitted", AUTHOR), ("approved", OTHER), ("withdrawn", AUTHOR), ("submitted", AUTHOR), ("approved", THIRD)], {THIRD}),
    ([("submitted", AUTHOR), ("approved", OTHER), ("live", AUTHOR), ("retired", THIRD)], {OTHER}),
])
def test_approvals_count_since_the_last_submission(verdicts: list[tuple[str, int]], expected: set[int]) -> None:
    assert approvers(verdicts) == expected
