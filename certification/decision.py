"""Who may decide on a person's certification, and what a grant does.

Source: ISO/IEC 17024, 4.3 (impartiality) and 9.4 (the decision is made by
people who took no part in examining or training the person). In the cycle
(``independence``) the decider neither trained, examined, rated nor marked the
person, nor worked for a company of theirs; the operator decides on its own
staff. Nobody decides on themselves, nor on what they proposed themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from certification import licence_act
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
    PROPOSER = "proposer"
    OWN_COMPANY = "own_company"
    NOT_PASSED = "not_passed"
    REASON_MISSING = "reason_missing"
    APPEALED = "appealed"
    REGRADING = "regrading"
    ACT = "act"
    OLD_EXAM = "old_exam"
    NEW_EXAM = "new_exam"
    LEDGER = "ledger"


class Deed(StrEnum):
    """What a grant does to the ledger."""

    NEW = "new"
    RENEWAL = "renewal"


@dataclass(frozen=True)
class Employment:
    """Somebody stood on a roster of a partner's: ``[starts, ends)``, open when ``ends`` is None. The operator's are left out."""

    company_id: int
    starts: datetime
    ends: datetime | None

    def reaches(self, since: datetime | None) -> bool:
        """Whether any of it lies after ``since``; where no cycle is known, whether it goes on."""
        return self.ends is None or (since is not None and self.ends > since)


@dataclass(frozen=True)
class Decider:
    """Who wants to decide, and where they worked."""

    account_id: int
    person_id: int
    company_id: int
    company_is_operator: bool
    employment: tuple[Employment, ...] = ()


@dataclass(frozen=True)
class Case:
    """What is to be decided. ``involved`` are accounts that trained or examined the person in the cycle, which began at ``since``.

    ``passed`` is None where no result stands behind the case (a suspension).
    ``appealed``: an appeal against the result is open, or was upheld and waits for its regrade;
    ``regrading``: a regrade of the sitting is proposed. Either may still change the result.
    ``act``: it is not a certification but an act on a licence, which ``proposer`` proposed.
    """

    pending: bool
    person_id: int
    company_id: int
    involved: frozenset[int] = frozenset()
    passed: bool | None = None
    appealed: bool = False
    regrading: bool = False
    act: bool = False
    proposer: int | None = None
    since: datetime | None = None
    employment: tuple[Employment, ...] = ()


def refusal(decider: Decider, case: Case) -> Refusal | None:
    """Why ``decider`` may not decide ``case`` at all, if anything speaks against it."""
    if not case.pending:
        return Refusal.NOT_PENDING
    if decider.person_id == case.person_id:
        return Refusal.SELF
    if decider.account_id in case.involved:
        return Refusal.INVOLVED
    if case.proposer is not None and case.proposer == decider.account_id:
        return Refusal.PROPOSER
    return Refusal.OWN_COMPANY if colleagues(decider, case) else None


def colleagues(decider: Decider, case: Case) -> bool:
    """Whether the two work for one partner now, or each did at some time in the cycle; the operator decides on its own staff."""
    theirs = {case.company_id} | {one.company_id for one in case.employment if one.reaches(case.since)}
    own = {one.company_id for one in decider.employment if one.reaches(case.since)}
    return not theirs.isdisjoint(own if decider.company_is_operator else own | {decider.company_id})


def held_back(case: Case) -> Refusal | None:
    """Why a case is not granted together with others, but looked at by itself: an act, or a result that may still change."""
    if not case.pending:
        return None
    if case.act:
        return Refusal.ACT
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


def renewal_refusal(until: datetime, certified: datetime, sat: datetime | None, at: datetime, window_days: int) -> Refusal | None:
    """Why an exam handed in at ``sat`` (None: there is none) does not renew a licence at ``at``, if anything speaks against it.

    An exam renews once: one from before the last certification is spent. A
    renewal after the end of validity is late and needs a new exam: one of the
    last ``window_days`` before the end, when it was due, or of later.
    """
    if sat is not None and sat < certified:
        return Refusal.OLD_EXAM
    late = until <= at
    return Refusal.NEW_EXAM if late and (sat is None or sat < until - timedelta(days=window_days)) else None


@dataclass(frozen=True)
class Outcome:
    """What became of one case: the licence's number when granted, or the refusal; ``ledger`` is what LEDGER means by it."""

    decision_id: int
    person: str
    refusal: Refusal | None = None
    number: str | None = None
    until: datetime | None = None
    renewed: bool = False
    ledger: licence_act.Refusal | None = None
