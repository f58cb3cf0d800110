"""The way of a question from a draft into use, and who may take each step of it.

A version is written, submitted, approved or returned by somebody who did not
write it, and put to use. A question about a key clause needs two approvals, by
two people: whoever fails it fails the exam. A question in use can be revised:
the newest version then goes the same way while the one in use stays; the state
tells where the newest stands. Source: product.md, "Who may do what": write,
review, approve, never one's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from question_bank.item import State


class Step(StrEnum):
    """What can be done with a question."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    RETURN = "return"
    MAKE_LIVE = "make_live"
    DISCARD = "discard"
    RETIRE = "retire"
    RESTORE = "restore"


class Refusal(StrEnum):
    """Why a step is not taken."""

    WRONG_STATE = "wrong_state"
    OWN_WORK = "own_work"
    APPROVED_ALREADY = "approved_already"
    NOT_YOURS = "not_yours"
    STALE = "stale"
    NO_COMMENT = "no_comment"
    NO_CLAUSE = "no_clause"
    NO_RATIONALE = "no_rationale"


VERDICTS = {
    Step.SUBMIT: "submitted", Step.WITHDRAW: "withdrawn", Step.APPROVE: "approved", Step.RETURN: "returned",
    Step.MAKE_LIVE: "live", Step.DISCARD: "discarded", Step.RETIRE: "retired", Step.RESTORE: "restored",
}
"""How each step is remembered in a version's history."""

FROM = {
    Step.EDIT: (State.DRAFT, State.APPROVED, State.LIVE),
    Step.SUBMIT: (State.DRAFT,),
    Step.WITHDRAW: (State.IN_REVIEW,),
    Step.APPROVE: (State.IN_REVIEW,),
    Step.RETURN: (State.IN_REVIEW,),
    Step.MAKE_LIVE: (State.APPROVED,),
    Step.DISCARD: (State.DRAFT, State.APPROVED),
    Step.RETIRE: (State.DRAFT, State.APPROVED, State.LIVE),
    Step.RESTORE: (State.RETIRED,),
}
TO = {
    Step.EDIT: State.DRAFT,
    Step.SUBMIT: State.IN_REVIEW,
    Step.WITHDRAW: State.DRAFT,
    Step.APPROVE: State.APPROVED,
    Step.RETURN: State.DRAFT,
    Step.MAKE_LIVE: State.LIVE,
    Step.DISCARD: State.LIVE,
    Step.RETIRE: State.RETIRED,
}
APPROVALS, KEY_APPROVALS = 1, 2
"""How many people approve a version; one that asks about a key clause."""


@dataclass(frozen=True)
class Standing:
    """Where a question stands.

    ``version_id`` is the version in question: the newest, or the one in use where
    nothing newer is being worked on; ``in_use`` whether one is in use, and
    ``authors`` the accounts whose wording since the one in use would come into
    use with an approval. ``asks_key``: it asks about a key clause;
    ``approvers`` are the accounts that have approved it since it was last submitted.
    ``asks_nothing``: no clause is named yet, ``unexplained``: no rationale, as in a draft out of a file.
    """

    state: State
    version_id: int
    in_use: bool
    authors: frozenset[int]
    asks_key: bool = False
    approvers: frozenset[int] = frozenset()
    asks_nothing: bool = False
    unexplained: bool = False

    @property
    def needed(self) -> int:
        """How many approvals the version needs in all."""
        return KEY_APPROVALS if self.asks_key else APPROVALS


def decide(standing: Standing, step: Step, account_id: int, version_id: int, comment: str = "") -> State | Refusal:
    """The state after ``step``, or why it is refused. ``version_id`` is the version that the person had before them."""
    if standing.state not in FROM[step] or (step is Step.DISCARD and not standing.in_use):
        return Refusal.WRONG_STATE
    if version_id != standing.version_id:
        return Refusal.STALE
    if step in (Step.APPROVE, Step.RETURN) and account_id in standing.authors:
        return Refusal.OWN_WORK
    if step is Step.APPROVE and account_id in standing.approvers:
        return Refusal.APPROVED_ALREADY
    if step is Step.APPROVE and standing.unexplained:
        return Refusal.NO_RATIONALE
    if step is Step.WITHDRAW and account_id not in standing.authors:
        return Refusal.NOT_YOURS
    if step is Step.SUBMIT and standing.asks_nothing:
        return Refusal.NO_CLAUSE
    if step is Step.RETURN and not comment.strip():
        return Refusal.NO_COMMENT
    if step is Step.RESTORE:
        return State.LIVE if standing.in_use else State.DRAFT
    if step is Step.APPROVE and len((standing.approvers - standing.authors) | {account_id}) < standing.needed:
        return State.IN_REVIEW
    return TO[step]


def possible(standing: Standing, account_id: int) -> list[Step]:
    """The steps that this account could take now, given a comment where one is needed."""
    return [step for step in Step if isinstance(decide(standing, step, account_id, standing.version_id, "–"), State)]


def authors(versions: Iterable[tuple[int, int | None]], settled: int) -> frozenset[int]:
    """Who wrote what is newer than version ``settled``, the last one that is in use or was discarded (0 for none).

    ``versions``: (id, author); an unknown author counts as none.
    """
    return frozenset(author for key, author in versions if author is not None and key > settled)


def approvers(verdicts: Iterable[tuple[str, int]]) -> frozenset[int]:
    """Who approved a version since it was last submitted. ``verdicts`` are its (verdict, account), the oldest first."""
    found: set[int] = set()
    for verdict, account_id in verdicts:
        if verdict == VERDICTS[Step.APPROVE]:
            found.add(account_id)
        elif verdict in (VERDICTS[Step.SUBMIT], VERDICTS[Step.RETURN], VERDICTS[Step.WITHDRAW]):
            found.clear()
    return frozenset(found)
