"""What a remark must say, and who may settle it how."""

import pytest

from question_bank.remark import MAX_TEXT, OFFERED, Met, Reason, Refusal, State, check, check_settling
from question_bank.remark_wording import PLACES, REASONS, SENTENCES, SHORT, STATES


@pytest.mark.parametrize(("met", "reason", "text", "expected"), [
    (Met.EXAM, "unclear", "", None),
    (Met.EXAM, "other", " ", Refusal.NO_TEXT),
    (Met.EXAM, "other", "第二个空没有单位", None),
    (Met.EXAM, "wrong_key", "", Refusal.NOT_OFFERED),
    (Met.REVIEW, "wrong_key", "", None),
    (Met.BANK, "nonsense", "", Refusal.NOT_OFFERED),
    (Met.EXAM, "typo", "字" * MAX_TEXT, None),
    (Met.EXAM, "typo", "字" * (MAX_TEXT + 1), Refusal.TOO_LONG),
])
def test_a_remark_is_kept_or_refused(met: Met, reason: str, text: str, expected: Refusal | None) -> None:
    assert check(met, reason, text) is expected


def test_nobody_is_asked_about_a_key_that_they_have_not_seen() -> None:
    assert [met for met in Met if Reason.WRONG_KEY not in OFFERED[met]] == [Met.EXAM]


@pytest.mark.parametrize(("state", "answer", "own", "expected"), [
    (State.FIXED, "", False, None),
    (State.FIXED, "", True, None),
    (State.KNOWN, "", True, None),
    (State.NO_FAULT, "题干写明了客户已经同意。", False, None),
    (State.NO_FAULT, " ", False, Refusal.NO_ANSWER),
    (State.NO_FAULT, "没问题", True, Refusal.OWN_WORK),
    (State.FIXED, "字" * (MAX_TEXT + 1), False, Refusal.TOO_LONG),
])
def test_an_author_does_not_settle_alone_that_nothing_is_wrong(state: State, answer: str, own: bool, expected: Refusal | None) -> None:
    assert check_settling(state, answer, own) is expected


def test_everything_has_its_words() -> None:
    assert (set(PLACES), set(REASONS), set(SHORT), set(STATES), set(SENTENCES)) == tuple(map(set, (Met, Reason, Reason, State, Refusal)))
