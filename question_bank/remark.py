"""Remarks: somebody who met a question says that it looks wrong, and a trainer settles that.

What is offered depends on where the question was met, never on the question
itself: whoever sits an exam learns nothing of a key by remarking, not even
which kinds of fault are thinkable. Whoever wrote a version does not settle alone
that nothing is wrong with it. Source: product.md, "Who may do what": write,
review, approve, never one's own.
"""

from enum import StrEnum


class Met(StrEnum):
    """Where the question was met."""

    EXAM = "exam"
    REVIEW = "review"
    PRACTICE = "practice"
    BANK = "bank"


class Reason(StrEnum):
    """What looks wrong."""

    UNCLEAR = "unclear"
    TWO_ANSWERS = "two_answers"
    WRONG_KEY = "wrong_key"
    TYPO = "typo"
    OUTDATED = "outdated"
    PICTURE = "picture"
    OTHER = "other"


class State(StrEnum):
    """What became of a remark: open, mended, no fault, or known and on its way."""

    OPEN = "open"
    FIXED = "fixed"
    KNOWN = "known"
    NO_FAULT = "no_fault"


class Refusal(StrEnum):
    """Why a remark is not kept, or not settled."""

    NOT_OFFERED = "not_offered"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"
    NO_ANSWER = "no_answer"
    OWN_WORK = "own_work"
    NONE_OPEN = "none_open"


MAX_TEXT = 500
"""Characters of a remark, and of the answer to it."""
OFFERED = {met: tuple(reason for reason in Reason if reason is not Reason.WRONG_KEY or met is not Met.EXAM) for met in Met}
"""The reasons that may be given where a question was met: in an exam nobody has seen a key."""


def check(met: Met, reason: str, text: str) -> Refusal | None:
    """Why the remark is not kept, or None. ``other`` says nothing by itself and wants words."""
    if reason not in OFFERED[met]:
        return Refusal.NOT_OFFERED
    if len(text) > MAX_TEXT:
        return Refusal.TOO_LONG
    if reason == Reason.OTHER and not text.strip():
        return Refusal.NO_TEXT
    return None


def check_settling(state: State, answer: str, own: bool) -> Refusal | None:
    """Why remarks are not settled so, or None. ``own``: whoever settles wrote one of the versions remarked on.

    "No fault" is told with its reason, because those who remarked read it.
    """
    if len(answer) > MAX_TEXT:
        return Refusal.TOO_LONG
    if state is State.NO_FAULT:
        if own:
            return Refusal.OWN_WORK
        if not answer.strip():
            return Refusal.NO_ANSWER
    return None
