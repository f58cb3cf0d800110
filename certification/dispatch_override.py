"""An emergency override: two people let one person go under one programme, for a reason and until an hour.

Source: product.md, "Dispatch" (a refusal is never lifted by one person
alone). What it never lifts: that nobody knows the person or the programme,
that the person has left or works for somebody else, that a licence is
revoked, or that nothing could be judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from certification.dispatch_code import Code, Result
from certification.dispatch_finding import Check
from certification.visit import Member, Override, Visit

LEAST_REASON = 20
"""Characters of a reason that somebody can be held to."""
NEVER = frozenset({
    Code.UNKNOWN_STAFF, Code.LEFT, Code.UNKNOWN_PROGRAMME, Code.VISIT_WINDOW, Code.VISIT_TOO_LONG, Code.WRONG_PARTNER,
    Code.LICENCE_REVOKED, Code.CLOCK_IN_DOUBT, Code.SYSTEM_UNAVAILABLE,
})


class Refusal(StrEnum):
    """Why an override may not be proposed, confirmed or withdrawn."""

    SHORT_REASON = "short_reason"
    ENDS_BEFORE = "ends_before"
    TOO_LONG = "too_long"
    ONESELF = "oneself"
    SAME_ACCOUNT = "same_account"
    CONFIRMED_ALREADY = "confirmed_already"
    WITHDRAWN = "withdrawn"
    OVER = "over"
    LEFT = "left"


@dataclass(frozen=True)
class Proposal:
    """An override as it is kept; ids are those of accounts, ``person_id`` of whom it lets go."""

    person_id: int
    ends: datetime
    proposed_by: int
    confirmed: datetime | None = None
    withdrawn: datetime | None = None


def propose(
    reason: str, person_id: int, own_person: int, left: datetime | None, ends: datetime, now: datetime, hours: int
) -> Refusal | None:
    """Whether somebody who is ``own_person`` may propose to let ``person_id`` go until ``ends``."""
    if len(reason.strip()) < LEAST_REASON:
        return Refusal.SHORT_REASON
    if ends <= now:
        return Refusal.ENDS_BEFORE
    if ends - now > timedelta(hours=hours):
        return Refusal.TOO_LONG
    if left is not None and left <= now:
        return Refusal.LEFT
    return Refusal.ONESELF if person_id == own_person else None


def confirm(kept: Proposal, account_id: int, own_person: int, now: datetime) -> Refusal | None:
    """Whether another account may confirm it: never who proposed it, nor the person whom it lets go."""
    if refused := withdraw(kept, now):
        return refused
    if kept.confirmed is not None:
        return Refusal.CONFIRMED_ALREADY
    if kept.proposed_by == account_id:
        return Refusal.SAME_ACCOUNT
    return Refusal.ONESELF if kept.person_id == own_person else None


def withdraw(kept: Proposal, now: datetime) -> Refusal | None:
    """Whether it may still be withdrawn."""
    if kept.withdrawn is not None:
        return Refusal.WITHDRAWN
    return Refusal.OVER if kept.ends <= now else None


def in_force(overrides: Sequence[Override], visit: Visit, at: datetime) -> Override | None:
    """The override that lets a member go on ``visit``, looked at from ``at``: it is in force and the visit ends with it at the latest."""
    fitting = [one for one in overrides if one.starts <= at < one.ends and visit.ends <= one.ends and visit.ends > one.starts]
    return max(fitting, key=lambda one: one.ends, default=None)


def lifted(visit: Visit, members: Mapping[str, Member], checks: Sequence[Check], at: datetime) -> tuple[Check, ...]:
    """``checks``, with what an override lifts marked and a check that names who lifted it.

    A person's denials are lifted together or not at all. What the team lacks
    as a whole is lifted with its leader.
    """
    lead = visit.team[0] if visit.team else None
    failing = [check for check in checks if check.outcome is Result.FAIL]
    barred = {check.subject or lead for check in failing if check.code in NEVER}
    granted: dict[str, Override] = {}
    for number in dict.fromkeys(check.subject or lead for check in failing):
        member = members.get(number) if number else None
        found = in_force(member.overrides, visit, at) if member else None
        if number is not None and found is not None and number not in barred:
            granted[number] = found
    if not granted:
        return tuple(checks)
    marked = [
        msgspec.structs.replace(check, overridden=True) if check.outcome is Result.FAIL and (check.subject or lead) in granted else check
        for check in checks
    ]
    named = [
        Check("override", Result.PASS, Code.OVERRIDDEN, number, {"proposed": one.proposed_by, "confirmed": one.confirmed_by},
              {"ends": one.ends})
        for number, one in granted.items()
    ]
    return (*marked, *named)
