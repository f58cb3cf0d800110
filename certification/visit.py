"""A visit and its team: what the dispatcher asks, and what is known about those who would go.

Instants are UTC; every interval is half-open. ``tier`` and ``scope`` are the
customer's, as product.md defines them.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

YEARS = range(2000, 2101)
"""A visit in another year is a slip of the keyboard, and days counted from it overflow."""

class Tier(StrEnum):
    """How important the customer is."""

    GOLD = "gold"
    IMPORTANT = "important"
    ORDINARY = "ordinary"


class Scope(StrEnum):
    """How far the customer reaches."""

    LOCAL = "local"
    CROSS_CITY = "cross_city"
    CROSS_PROVINCE = "cross_province"


class Visit(msgspec.Struct, frozen=True, gc=False):
    """What is asked. ``team`` begins with the subject and names nobody twice; ``logo``: the operator's logo is to be worn."""

    team: tuple[str, ...]
    programme: str
    tier: Tier
    scope: Scope
    starts: datetime
    ends: datetime
    id: str = ""
    partner: str | None = None
    logo: bool = False


class Held(msgspec.Struct, frozen=True, gc=False):
    """A span of one of a person's licences under the programme; see ``licence.Span``."""

    number: str
    starts: datetime
    ends: datetime | None
    standing: str
    grade: str | None
    until: datetime
    certified: datetime


class Assignment(msgspec.Struct, frozen=True, gc=False):
    """A place on a contract's roster; ``off`` is the end of the place, None when open."""

    contract: str
    state: str
    starts: datetime
    ends: datetime
    on: datetime
    off: datetime | None


class Term(msgspec.Struct, frozen=True, gc=False):
    """A contract's state and time."""

    state: str
    starts: datetime
    ends: datetime


class Entrusted(msgspec.Struct, frozen=True, gc=False):
    """Logo items that somebody holds under a contract's agreement; ``terms`` are those of the contract and of the one that renews it."""

    contract: str
    count: int
    terms: tuple[Term, ...]


class Retraining(msgspec.Struct, frozen=True, gc=False):
    """A retraining that a breach of ``clause`` brought about, and that was not attended yet."""

    due: datetime
    breach: str
    clause: str


class Override(msgspec.Struct, frozen=True, gc=False):
    """A confirmed override over ``[starts, ends)``; both are staff numbers."""

    starts: datetime
    ends: datetime
    proposed_by: str
    confirmed_by: str


class Member(msgspec.Struct, frozen=True, gc=False):
    """What is known about one of the team; ``agreement``: their company signed a responsibility agreement for logo items."""

    staff_no: str
    partner: str
    operator: bool
    left: datetime | None = None
    held: tuple[Held, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    entrusted: tuple[Entrusted, ...] = ()
    agreement: bool = False
    retraining: tuple[Retraining, ...] = ()
    overrides: tuple[Override, ...] = ()


def first_gap(intervals: Iterable[tuple[datetime, datetime | None]], starts: datetime, ends: datetime) -> datetime | None:
    """The first instant of ``[starts, ends)`` that no interval covers, None when all of it is covered."""
    at = starts
    for begin, end in sorted(intervals, key=lambda interval: interval[0]):
        if begin > at:
            break
        if end is None or end >= ends:
            return None
        at = max(at, end)
    return at
