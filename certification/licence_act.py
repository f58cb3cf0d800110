"""What may be done to a licence after it was granted: which act, for which reason, from when, and why not.

Source: ISO/IEC 17024, 9.5 (suspending, withdrawing, reducing the scope);
product.md, "Settled points". An act takes effect at once or at the first
instant of a civil day to come; then it is *planned* and stands in the ledger
already. A plan is never deleted: what takes it back is another act of the same
day (a planned suspension by a reinstatement). What ends a licence is final,
also when it is only planned.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from certification.licence import Event, Grade, Kind, Validity, held_at

ACTS = (Kind.UPGRADED, Kind.SCOPE_REDUCED, Kind.SUSPENDED, Kind.REINSTATED, Kind.REVOKED, Kind.SUPERSEDED)
"""What is done to a licence besides certifying."""
GRADES = {Kind.UPGRADED: Grade.EXCELLENT, Kind.SCOPE_REDUCED: Grade.QUALIFIED}
"""The grade that an act leads to."""


class Reason(StrEnum):
    """Why an event stands in a ledger: the closed list that docs/licences.md publishes."""

    PASSED = "passed"
    TAKEN_OVER = "taken_over"
    CARRIED_OVER = "carried_over"
    REASSESSED = "reassessed"
    REGRADE = "regrade"
    CORRECTION = "correction"
    HOLDER = "holder"
    INVESTIGATION = "investigation"
    COMPLAINT = "complaint"
    INSPECTION = "inspection"
    MISUSE = "misuse"
    MISCONDUCT = "misconduct"
    FRAUD = "fraud"
    BREACH_POINTS = "breach_points"
    BREACH_LIFTED = "breach_lifted"
    MEASURES_DONE = "measures_done"
    CLEARED = "cleared"
    NAME_CHANGED = "name_changed"
    NAME_CORRECTED = "name_corrected"


R = Reason
OFFERED: dict[Kind, tuple[Reason, ...]] = {
    Kind.UPGRADED: (R.REASSESSED, R.CORRECTION),
    Kind.SCOPE_REDUCED: (R.REASSESSED, R.INSPECTION, R.COMPLAINT, R.HOLDER, R.CORRECTION),
    Kind.SUSPENDED: (R.INVESTIGATION, R.COMPLAINT, R.INSPECTION, R.MISUSE, R.MISCONDUCT, R.HOLDER),
    Kind.REINSTATED: (R.CLEARED, R.MEASURES_DONE, R.BREACH_LIFTED, R.HOLDER, R.CORRECTION),
    Kind.REVOKED: (R.MISCONDUCT, R.FRAUD, R.MISUSE, R.BREACH_POINTS, R.COMPLAINT, R.INSPECTION, R.HOLDER),
    Kind.SUPERSEDED: (R.NAME_CORRECTED, R.NAME_CHANGED),
}
"""What a decider may choose, by act."""
_BY_RULE: dict[Kind, tuple[Reason, ...]] = {
    Kind.GRANTED: (R.PASSED, R.CARRIED_OVER), Kind.RENEWED: (R.PASSED,), Kind.UPGRADED: (R.REGRADE, R.CARRIED_OVER),
    Kind.SCOPE_REDUCED: (R.REGRADE, R.CARRIED_OVER), Kind.SUSPENDED: (R.BREACH_POINTS, R.CARRIED_OVER),
    Kind.REINSTATED: (R.CARRIED_OVER,), Kind.REVOKED: (R.REGRADE, R.CARRIED_OVER), Kind.SUPERSEDED: (),
}
CODES = {kind: frozenset({*OFFERED.get(kind, ()), *codes, R.TAKEN_OVER}) for kind, codes in _BY_RULE.items()}
"""Every code that may stand on an event of a kind: what is offered, and what follows from a rule or another decision."""


class Refusal(StrEnum):
    """Why an event may not be added to a ledger."""

    NOT_GRANTED = "not_granted"
    GRANTED_ALREADY = "granted_already"
    ENDED = "ended"
    EXPIRED = "expired"
    SUSPENDED_ALREADY = "suspended_already"
    NOT_SUSPENDED = "not_suspended"
    SAME_GRADE = "same_grade"
    MEASURES_OPEN = "measures_open"
    PAST_DAY = "past_day"
    WRONG_REASON = "wrong_reason"
    NO_NAME = "no_name"
    SAME_NAME = "same_name"
    PLANNED_NAME = "planned_name"
    ASKED_ALREADY = "asked_already"


def effective_from(day: date | None, now: datetime, zone: ZoneInfo) -> datetime | Refusal:
    """When an act takes effect: now for no day or today, else the first instant of the day; a day that is over is refused."""
    today = now.astimezone(zone).date()
    if day is None or day == today:
        return now
    return Refusal.PAST_DAY if day < today else datetime.combine(day, time(), zone).astimezone(UTC)


def refusal(
    events: Iterable[Event], kind: Kind, at: datetime, validity: Validity, grade: Grade | None = None, unmet: Collection[str] = ()
) -> Refusal | None:
    """Why an event of ``kind`` may not be added with effect at ``at``, if anything speaks against it.

    ``unmet`` are the retrainings and re-examinations that the holder still owes
    after breaches (R6): nobody is reinstated before they are done.
    """
    held = held_at(events, at, validity)
    if held.ended:
        return Refusal.ENDED
    if held.certified is None or held.until is None:
        return None if kind is Kind.GRANTED else Refusal.NOT_GRANTED
    if kind is Kind.GRANTED:
        return Refusal.GRANTED_ALREADY
    if kind is Kind.REINSTATED:
        return Refusal.NOT_SUSPENDED if not held.suspended else Refusal.MEASURES_OPEN if unmet else None
    if kind is Kind.SUSPENDED and held.suspended:
        return Refusal.SUSPENDED_ALREADY
    if kind in {Kind.SUSPENDED, *GRADES} and held.until <= at:
        return Refusal.EXPIRED
    if kind in GRADES and grade == held.grade:
        return Refusal.SAME_GRADE
    return None


def name_refusal(old: str, new: str) -> Refusal | None:
    """Why a licence may not be replaced by one in the name of ``new``."""
    if not new.strip():
        return Refusal.NO_NAME
    return Refusal.SAME_NAME if new.strip() == old else None


def possible(events: Collection[Event], now: datetime, validity: Validity) -> tuple[Kind, ...]:
    """The acts that make sense now, or on the day of something that is planned."""
    days = [now, *(event.effective for event in events if event.effective > now)]
    return tuple(
        kind for kind in ACTS
        if any(refusal(events, kind, day, validity, GRADES.get(kind)) is None for day in days)
    )


def succession(events: Collection[Event], at: datetime, validity: Validity) -> list[Event]:
    """The ledger of the licence that takes this one's place at ``at``: the same grade, end, certification and suspension.

    What is planned for later days is carried over too. Raises ValueError for a ledger that holds nothing to carry on.
    """
    held = held_at(events, at, validity)
    if held.ended or held.certified is None or held.until is None:
        raise ValueError("a licence that is over, or was never granted, has no successor")
    found = [Event(Kind.GRANTED, held.grade, at, held.until, at, certified=held.certified)]
    if held.suspended:
        found.append(Event(Kind.SUSPENDED, None, at, None, at))
    planned = sorted((event for event in events if event.effective > at), key=lambda event: (event.effective, event.recorded))
    return found + [replace(event, recorded=at) for event in planned]
