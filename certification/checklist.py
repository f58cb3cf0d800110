"""What is looked at before a contract is signed: the roster, person by person, the days and the papers.

Source: 000, art. 12 (R2: nobody uncertified on the roster; R3: a contract of
more than a year is assessed each year) and art. 19 (R5: the responsibility
agreement comes before anything with the logo). A check that fails forbids the
signing (``people.contract.unfit`` says the same); a note does not.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from certification.contract_year import longer_than_a_year
from people.contract import Refusal, Roster, Term, unfit


class Outcome(StrEnum):
    """PASS and FAIL as they are said; NOTE is to be known and forbids nothing."""

    PASS = "pass"
    FAIL = "fail"
    NOTE = "note"


class Topic(StrEnum):
    """What is looked at, in the order of the paper."""

    ROSTER = "roster"
    PROGRAMMES = "programmes"
    CERTIFIED = "certified"
    DATES = "dates"
    LAPSING = "lapsing"
    AGREEMENT = "agreement"
    RENEWAL = "renewal"
    YEARLY = "yearly"


class Cure(StrEnum):
    """What gets somebody the licence that is missing."""

    NONE = ""
    BOOK = "book"
    SIT = "sit"
    DECISION = "decision"
    REINSTATE = "reinstate"


class Check(msgspec.Struct, frozen=True):
    """One point with its outcome; ``number`` is how many people (CERTIFIED, LAPSING, ROSTER), ``day`` the date it turns on."""

    topic: Topic
    outcome: Outcome
    number: int = 0
    day: datetime | None = None
    code: str = ""


class Holding(msgspec.Struct, frozen=True):
    """What somebody holds under one of the programmes, and what cures it when it is no licence in force."""

    programme: str
    standing: str
    number: str | None = None
    grade: str | None = None
    until: datetime | None = None
    cure: Cure = Cure.NONE
    sitting: str | None = None
    when: datetime | None = None


class Line(msgspec.Struct, frozen=True):
    """Somebody on the roster."""

    staff_no: str
    name: str
    city: str
    since: datetime
    holdings: tuple[Holding, ...]

    @property
    def blocks(self) -> bool:
        """Whether this person keeps the contract from being signed."""
        return any(holding.cure for holding in self.holdings)


class Head(msgspec.Struct, frozen=True):
    """The contract and its figures. ``programmes``: titles by code; ``lapsing``: licences that run out before its first day."""

    partner: str
    partner_code: str
    contract: str
    title: str
    state: str
    starts: datetime
    ends: datetime
    programmes: Mapping[str, Mapping[str, str]]
    people: int
    uncertified: int
    lapsing: int
    agreement: datetime | None = None
    renews: str | None = None
    renews_until: datetime | None = None


class Checklist(msgspec.Struct, frozen=True):
    """The whole of it as it stood at ``at``; ``lines`` may be a part of the roster on a page."""

    at: datetime
    head: Head
    checks: tuple[Check, ...]
    lines: tuple[Line, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether the contract may be signed."""
        return all(check.outcome is not Outcome.FAIL for check in self.checks)


def checklist(head: Head, lines: tuple[Line, ...], at: datetime, zone: ZoneInfo) -> Checklist:
    """The checklist of a contract at ``at``; a year is counted in civil days of ``zone``."""
    return Checklist(at, head, tuple(_checks(head, at, longer_than_a_year(head.starts, head.ends, zone))), lines)


def cure(standing: str, pending: bool, booked: bool) -> Cure:
    """What to do about a standing that is no licence in force: the nearest step that was already taken counts."""
    if standing in {"active", "expiring"}:
        return Cure.NONE
    if standing == "suspended":
        return Cure.REINSTATE
    if pending:
        return Cure.DECISION
    return Cure.SIT if booked else Cure.BOOK


def _checks(head: Head, at: datetime, yearly: bool) -> Iterator[Check]:
    refusal = unfit(Term(head.starts, head.ends), Roster(head.people, head.uncertified, len(head.programmes)), at)
    yield Check(Topic.ROSTER, Outcome.PASS if head.people else Outcome.FAIL, head.people)
    yield Check(Topic.PROGRAMMES, Outcome.PASS if head.programmes else Outcome.FAIL, len(head.programmes))
    lacking = bool(head.uncertified or not head.people)
    yield Check(Topic.CERTIFIED, Outcome.FAIL if lacking else Outcome.PASS, head.uncertified)
    yield _dates(head, at, refusal)
    if head.lapsing:
        yield Check(Topic.LAPSING, Outcome.NOTE, head.lapsing, head.starts)
    yield Check(Topic.AGREEMENT, Outcome.PASS if head.agreement else Outcome.NOTE, 0, head.agreement)
    if head.renews and head.renews_until:
        joined = head.starts <= head.renews_until
        yield Check(Topic.RENEWAL, Outcome.PASS if joined else Outcome.NOTE, 0, head.renews_until, head.renews)
    if yearly:
        yield Check(Topic.YEARLY, Outcome.NOTE, 0, head.ends)


def _dates(head: Head, at: datetime, refusal: Refusal | None) -> Check:
    """Over: cannot be signed; begun already: worth a note, because people may have worked before they were under contract."""
    if refusal is Refusal.OVER:
        return Check(Topic.DATES, Outcome.FAIL, 0, head.ends, "over")
    if head.starts <= at:
        return Check(Topic.DATES, Outcome.NOTE, 0, head.starts, "begun")
    return Check(Topic.DATES, Outcome.PASS, 0, head.starts)
