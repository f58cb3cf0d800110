"""Appeals against a result and complaints about how an exam was held: who may file, who may decide, until when.

Source: ISO/IEC 17024, 9.8 (appeals) and 9.9 (complaints): open to everybody
concerned, decided by people who took no part in what is complained of, without
discrimination, within a time that is published, with an answer that gives its
reasons. Days are civil days in the product's time zone; the last one is good
to its end, so it is kept as the next midnight.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from certification import decision
from certification.decision import Case, Decider

FILING_DAYS = 30
"""An appeal is filed within so many days after the result was released, or changed; a complaint after the sitting."""
ANSWER_DAYS = 30
"""It is answered within so many days after it was filed."""
SHORTEST, LONGEST = 10, 4000
"""Characters of what is filed, and of the answer."""


class Kind(StrEnum):
    """An appeal asks for another result; a complaint is about how the exam was held."""

    APPEAL = "appeal"
    COMPLAINT = "complaint"


class State(StrEnum):
    """Where it stands."""

    FILED = "filed"
    UNDER_REVIEW = "under_review"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.FILED, State.UNDER_REVIEW})


class Refusal(StrEnum):
    """Why something is not filed, taken, decided or withdrawn."""

    NOT_RELEASED = "not_released"
    NOT_BEGUN = "not_begun"
    TOO_LATE = "too_late"
    OPEN_ALREADY = "open_already"
    ANSWERED = "answered"
    NO_SUCH_QUESTION = "no_such_question"
    CLOSED = "closed"
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    SELF = "self"
    INVOLVED = "involved"
    OWN_COMPANY = "own_company"
    SHORT = "short"


@dataclass(frozen=True)
class Earlier:
    """What the same person filed before about the same thing."""

    state: State
    decided: datetime | None


def _after(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The end of the civil day that is ``days`` after the day of ``moment``: the midnight that follows it."""
    day: date = moment.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime.combine(day, time(), zone)


def filing_ends(since: datetime, zone: ZoneInfo) -> datetime:
    """Until when one may file about what was known, or happened, at ``since``."""
    return _after(since, FILING_DAYS, zone)


def due(filed: datetime, zone: ZoneInfo) -> datetime:
    """By when it is to be answered."""
    return _after(filed, ANSWER_DAYS, zone)


def is_overdue(state: State, until: datetime, now: datetime) -> bool:
    """Whether an answer is owed and late."""
    return state in OPEN and now >= until


def may_appeal(released: datetime | None, graded: datetime | None, earlier: list[Earlier], now: datetime, zone: ZoneInfo) -> Refusal | None:
    """Why a person may not appeal against their result; None when they may.

    The days count from the release, or from a later regrade: a result that
    changed may be appealed against again, one that was answered for may not.
    """
    if released is None:
        return Refusal.NOT_RELEASED
    since = max(released, graded or released)
    if found := _before(earlier, since):
        return found
    return Refusal.TOO_LATE if now >= filing_ends(since, zone) else None


def may_complain(opens: datetime, over: datetime, cancelled: bool, earlier: list[Earlier], now: datetime, zone: ZoneInfo) -> Refusal | None:
    """Why somebody who was booked may not complain about a sitting; ``over`` is its end, or that of the person's own attempt if later.

    No attempt is needed: who was not let in may complain too. What was
    answered may be complained of anew while there is time: it may be another matter.
    """
    if now < opens and not cancelled:
        return Refusal.NOT_BEGUN
    if any(one.state in OPEN for one in earlier):
        return Refusal.OPEN_ALREADY
    return Refusal.TOO_LATE if now >= filing_ends(over, zone) else None


def _before(earlier: list[Earlier], since: datetime) -> Refusal | None:
    if any(one.state in OPEN for one in earlier):
        return Refusal.OPEN_ALREADY
    answered = (one for one in earlier if one.state is not State.WITHDRAWN)
    return Refusal.ANSWERED if any(one.decided and one.decided >= since for one in answered) else None


def _independent(decider: Decider, person_id: int, company_id: int, involved: frozenset[int]) -> Refusal | None:
    found = decision.refusal(decider, Case(True, person_id, company_id, involved))
    return Refusal(found.value) if found else None


def may_take(
    decider: Decider, state: State, person_id: int, company_id: int, involved: frozenset[int], taken_by: int | None, seen: int | None
) -> Refusal | None:
    """Why a decider may not take a case. ``involved`` are accounts that had a part in it.

    ``seen`` is who had it when the page was made: a case may be taken over
    knowingly, never by two who click in the same second.
    """
    if state not in OPEN:
        return Refusal.CLOSED
    return (Refusal.TAKEN if taken_by != seen else None) or _independent(decider, person_id, company_id, involved)


def may_answer(
    decider: Decider, state: State, person_id: int, company_id: int, involved: frozenset[int], taken_by: int | None, outcome: str
) -> Refusal | None:
    """Why a decider may not answer a case: only who has taken it does, still uninvolved, and with reasons."""
    if state not in OPEN:
        return Refusal.CLOSED
    if taken_by != decider.account_id:
        return Refusal.NOT_TAKEN
    found = _independent(decider, person_id, company_id, involved)
    return found or (Refusal.SHORT if len(outcome.strip()) < SHORTEST else None)


def may_withdraw(state: State) -> Refusal | None:
    """Why the person may not take it back."""
    return None if state in OPEN else Refusal.CLOSED
