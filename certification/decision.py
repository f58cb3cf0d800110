"""Who may decide on a person's certification, and what a grant does.

Source: ISO/IEC 17024, 4.3 (impartiality) and 9.4 (the decision is made by
people who took no part in examining or training the person). The decider is
not the candidate, set up no sitting and released no result of this case, and
does not work for the person's company; the operator decides on its own staff.

Who trained a person is not recorded yet. Once it is, those accounts join
``Case.involved`` and nothing here changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certification.licence import State


class Verdict(StrEnum):
    """What a decider may say."""

    GRANT = "grant"
    REFUSE = "refuse"


class Refusal(StrEnum):
    """Why this account may not decide this case."""

    NOT_PENDING = "not_pending"
    SELF = "self"
    INVOLVED = "involved"
    OWN_COMPANY = "own_company"
    NOT_PASSED = "not_passed"
    REASON_MISSING = "reason_missing"
    APPEALED = "appealed"
    REGRADING = "regrading"


class Deed(StrEnum):
    """What a grant does to the ledger."""

    NEW = "new"
    RENEWAL = "renewal"


@dataclass(frozen=True)
class Decider:
    """Who wants to decide."""

    account_id: int
    person_id: int
    company_id: int
    company_is_operator: bool


@dataclass(frozen=True)
class Case:
    """What is to be decided. ``involved`` are accounts that examined the person in this cycle.

    ``passed`` is None where no result stands behind the case (a suspension).
    ``appealed``: an appeal against the result is open, or was upheld and waits for its regrade;
    ``regrading``: a regrade of the sitting is proposed. Either may still change the result.
    """

    pending: bool
    person_id: int
    company_id: int
    involved: frozenset[int] = frozenset()
    passed: bool | None = None
    appealed: bool = False
    regrading: bool = False


def refusal(decider: Decider, case: Case) -> Refusal | None:
    """Why ``decider`` may not decide ``case`` at all, if anything speaks against it."""
    if not case.pending:
        return Refusal.NOT_PENDING
    if decider.person_id == case.person_id:
        return Refusal.SELF
    if decider.account_id in case.involved:
        return Refusal.INVOLVED
    if decider.company_id == case.company_id and not decider.company_is_operator:
        return Refusal.OWN_COMPANY
    return None


def held_back(case: Case) -> Refusal | None:
    """Why a case is not granted together with others, but looked at by itself: its result may still change."""
    if not case.pending:
        return None
    return Refusal.APPEALED if case.appealed else Refusal.REGRADING if case.regrading else None


def judge(decider: Decider, case: Case, verdict: Verdict, reason: str, alone: bool = True) -> Refusal | None:
    """Why ``verdict`` may not be recorded, if anything speaks against it.

    Nothing is granted on a result that was voided or not passed; nobody is
    refused without a reason that can be told. ``alone``: the case is decided by itself, not as one of many.
    """
    if found := refusal(decider, case):
        return found
    if verdict is Verdict.GRANT and case.passed is False:
        return Refusal.NOT_PASSED
    if verdict is Verdict.REFUSE and not reason.strip():
        return Refusal.REASON_MISSING
    return None if alone else held_back(case)


def deed(standings: Mapping[int, State]) -> tuple[Deed, int | None]:
    """Whether a grant opens a licence or renews one, out of the licences that the person has under the programme.

    ``standings`` maps a licence's id to its present state. One that was revoked or superseded is over; any other is
    renewed under its own number, also when it has expired or is suspended.
    """
    living = [id_ for id_, state in standings.items() if state not in {State.REVOKED, State.SUPERSEDED}]
    return (Deed.RENEWAL, max(living)) if living else (Deed.NEW, None)


@dataclass(frozen=True)
class Outcome:
    """What became of one case: the licence's number when granted, or the refusal."""

    decision_id: int
    person: str
    refusal: Refusal | None = None
    number: str | None = None
    until: datetime | None = None
    renewed: bool = False
