"""What becomes of the questions of a standard that has a new edition: the verdict on each, and the way into the later edition.

A question cites clauses of one edition. When a later one takes effect, each is
looked at once: it is still *right* and only needs the later clause, it needs
other words (*revise*), or it is to *retire*. The first two are carried over as
a draft that cites the later clauses and goes the usual way through review:
as the question's own next version, or as a copy beside it where both editions
are examined for a while. Source: product.md, "a clause belongs to one edition
of one standard; an item is only ever asked in a programme that contains its
clause".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from question_bank.item import State
from standards.edition_change import Change, carried


class Verdict(StrEnum):
    """What somebody decided about a question."""

    RIGHT = "right"
    REVISE = "revise"
    RETIRE = "retire"


class Stand(StrEnum):
    """How far the work on a question is."""

    OPEN = "open"
    DECIDED = "decided"
    DONE = "done"


class Refusal(StrEnum):
    """Why nothing was done with a question."""

    NO_VERDICT = "no_verdict"
    TO_RETIRE = "to_retire"
    NOT_TO_RETIRE = "not_to_retire"
    CARRIED = "carried"
    NO_CLAUSE = "no_clause"
    RETIRED = "retired"


SUGGESTED = {
    Change.SAME: Verdict.RIGHT, Change.MOVED: Verdict.RIGHT, Change.CHANGED: Verdict.REVISE, Change.WITHDRAWN: Verdict.RETIRE,
}
"""What most likely becomes of a question, by the gravest change of its clauses."""


@dataclass(frozen=True)
class Case:
    """A question on the work list: ``carried`` says that a draft for the later edition was made of it."""

    state: State
    verdict: Verdict | None
    carried: bool

    @property
    def stand(self) -> Stand:
        """Done once it was carried over, or retired."""
        if self.carried or (self.verdict is Verdict.RETIRE and self.state is State.RETIRED):
            return Stand.DONE
        return Stand.OPEN if self.verdict is None else Stand.DECIDED


def carry(case: Case, clauses: Sequence[str], later: Mapping[str, str | None]) -> list[str] | Refusal:
    """The references of the draft, or why there is none. ``later``: the successor of each former reference (``edition_change.carried``)."""
    if case.carried:
        return Refusal.CARRIED
    if case.state is State.RETIRED:
        return Refusal.RETIRED
    if case.verdict is None:
        return Refusal.NO_VERDICT
    if case.verdict is Verdict.RETIRE:
        return Refusal.TO_RETIRE
    return carried(clauses, later) or Refusal.NO_CLAUSE


def retire(case: Case) -> Refusal | None:
    """Why the question is not put out of use now; None when it is."""
    if case.state is State.RETIRED:
        return Refusal.RETIRED
    return None if case.verdict is Verdict.RETIRE else Refusal.NOT_TO_RETIRE
