"""Breaches found in the field: what they weigh, how long they count, what they bring about, and who may lift one.

Source: R6 (service and quality supervision: the group-customer standard,
article 3; the satisfaction and mystery-visit assessments of the business
halls). The figures are the operator's policy; they are ``Scale``, published as
tables in docs/breaches.md. ISO/IEC 17024, 9.5 (suspending and withdrawing) and
9.8 (appeals) say how: by published rules, and heard by somebody uninvolved.

What follows from a person's breaches is derived by replaying them in the order
in which they were recorded: a breach that carries the points of its day over a
threshold demands that threshold's measures. A lifted breach is left out of the
replay, as if it had never been.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from certification import decision
from certification.decision import Case, Decider
from certification.licence import add_months


class Source(StrEnum):
    """How it was found."""

    INSPECTION = "inspection"
    COMPLAINT = "complaint"
    MYSTERY_VISIT = "mystery_visit"


class Severity(StrEnum):
    """How grave it was."""

    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"


class State(StrEnum):
    """Where a breach stands. An appealed one keeps counting until it is decided."""

    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    LIFTED = "lifted"


class Kind(StrEnum):
    """A measure. ``revocation`` is a proposal: a decider decides, no rule does."""

    RETRAINING = "retraining"
    SUSPENSION = "suspension"
    REEXAMINATION = "reexamination"
    REVOCATION = "revocation"


class Closed(StrEnum):
    """Why a measure is over. ``lifted``: the breaches that demanded it do not any more; every other word says that it was fulfilled."""

    TRAINED = "trained"
    CERTIFIED = "certified"
    OVER = "over"
    DECIDED = "decided"
    LIFTED = "lifted"


class Verdict(StrEnum):
    """What a decider may say to an appeal; a breach recorded in error may be lifted without one."""

    LIFT = "lift"
    UPHOLD = "uphold"


class Refusal(StrEnum):
    """Why something is not recorded, appealed against or decided."""

    NOT_YET = "not_yet"
    TOO_OLD = "too_old"
    SHORT = "short"
    TOO_LATE = "too_late"
    OPEN_ALREADY = "open_already"
    ANSWERED = "answered"
    LIFTED = "lifted"
    NO_APPEAL = "no_appeal"
    SELF = "self"
    INVOLVED = "involved"
    OWN_COMPANY = "own_company"


@dataclass(frozen=True)
class Scale:
    """The parameters of the rule; docs/breaches.md publishes them. ``thresholds``: points, and what reaching them demands."""

    points: dict[Severity, int] = field(default_factory=lambda: {Severity.MINOR: 1, Severity.SERIOUS: 3, Severity.GRAVE: 6})
    key_clause: int = 1
    months: int = 12
    thresholds: tuple[tuple[int, tuple[Kind, ...]], ...] = (
        (3, (Kind.RETRAINING,)),
        (6, (Kind.SUSPENSION, Kind.RETRAINING)),
        (9, (Kind.SUSPENSION, Kind.REEXAMINATION)),
        (12, (Kind.SUSPENSION, Kind.REVOCATION)),
    )
    retraining_days: int = 30
    appeal_days: int = 15


SCALE = Scale()
BEFORE_REINSTATEMENT = (Kind.RETRAINING, Kind.REEXAMINATION)
"""What must be done before a suspension by points is lifted."""
SHORTEST, LONGEST = 10, 4000
"""Characters of a description, an appeal and its answer."""
SATURDAY = 5


@dataclass(frozen=True)
class Finding:
    """A breach that counts: not a lifted one."""

    id: int
    points: int
    occurred: datetime
    recorded: datetime


@dataclass(frozen=True)
class Demand:
    """A measure that a breach brought about by reaching ``points``."""

    kind: Kind
    breach_id: int
    points: int
    opened: datetime
    due: datetime | None = None


@dataclass(frozen=True)
class Taken:
    """A measure as it is kept. ``closed`` is when it was fulfilled: when the training was held, not when somebody wrote it down."""

    id: int
    kind: Kind
    breach_id: int
    opened: datetime
    closed: datetime | None = None
    why: Closed | None = None


@dataclass(frozen=True)
class Settlement:
    """What is to change so that the measures kept are those that the breaches demand."""

    close: tuple[Taken, ...] = ()
    open: tuple[Demand, ...] = ()


def points_of(severity: Severity, key_clause: bool, scale: Scale = SCALE) -> int:
    """What one breach weighs."""
    return scale.points[severity] + (scale.key_clause if key_clause else 0)


def lapses(occurred: datetime, zone: ZoneInfo, scale: Scale = SCALE) -> datetime:
    """The first instant at which a breach counts no more: the same civil date, twelve months later."""
    return add_months(occurred, scale.months, zone)


def counts(finding: Finding, on: datetime, zone: ZoneInfo, scale: Scale = SCALE) -> bool:
    """Whether a breach counts at an instant: from when it occurred, over a half-open window."""
    return finding.occurred <= on < lapses(finding.occurred, zone, scale)


def total(findings: Iterable[Finding], on: datetime, zone: ZoneInfo, scale: Scale = SCALE) -> int:
    """The points that count at an instant."""
    return sum(finding.points for finding in findings if counts(finding, on, zone, scale))


def demands(findings: Iterable[Finding], zone: ZoneInfo, scale: Scale = SCALE) -> list[Demand]:
    """Every measure that the breaches ever demanded, in the order in which they were recorded."""
    found: list[Demand] = []
    known: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (one.recorded, one.id)):
        before = total(known, finding.recorded, zone, scale)
        known.append(finding)
        after = total(known, finding.recorded, zone, scale)
        crossed = [kinds for at, kinds in scale.thresholds if before < at <= after]
        for kind in Kind:
            if any(kind in kinds for kinds in crossed):
                due = end_of_day(finding.recorded, scale.retraining_days, zone) if kind is Kind.RETRAINING else None
                found.append(Demand(kind, finding.id, after, finding.recorded, due))
    return found


def settle(findings: Iterable[Finding], taken: Sequence[Taken], zone: ZoneInfo, scale: Scale = SCALE) -> Settlement:
    """What to open and to close. One open measure of a kind serves all demands of that kind that are not fulfilled.

    A demand is fulfilled by a measure of its kind that was done after it arose:
    what was learnt before the breach does not count for it.
    """
    wanted = [demand for demand in demands(findings, zone, scale) if not _fulfilled(demand, taken)]
    close: list[Taken] = []
    opened: list[Demand] = []
    for kind in Kind:
        asked = [demand for demand in wanted if demand.kind is kind]
        grounds = {demand.breach_id for demand in asked}
        standing = [one for one in taken if one.kind is kind and one.closed is None]
        kept = [one for one in standing if one.breach_id in grounds][:1]
        close += [one for one in standing if one not in kept]
        opened += asked[:1] if not kept else []
    return Settlement(tuple(close), tuple(opened))


def _fulfilled(demand: Demand, taken: Sequence[Taken]) -> bool:
    done = (one.closed for one in taken if one.kind is demand.kind and one.why is not Closed.LIFTED)
    return any(closed is not None and closed >= demand.opened for closed in done)


def next_threshold(points: int, scale: Scale = SCALE) -> tuple[int, tuple[Kind, ...]] | None:
    """The threshold that comes next above ``points``; None beyond the last."""
    return next(((at, kinds) for at, kinds in scale.thresholds if at > points), None)


def end_of_day(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The midnight that ends the civil day ``days`` after that of ``moment``."""
    return datetime.combine(moment.astimezone(zone).date() + timedelta(days=days + 1), time(), zone)


def appeal_ends(recorded: datetime, zone: ZoneInfo, scale: Scale = SCALE) -> datetime:
    """Until when an appeal may be filed: the end of the last of so many working days (Monday to Friday) after the day of recording.

    Public holidays are not known here and count as working days: whoever is late by one may still be heard, because a
    breach can be lifted without an appeal.
    """
    day, left = moment_day(recorded, zone), scale.appeal_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return datetime.combine(day.date() + timedelta(days=1), time(), zone)


def moment_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The first instant of the civil day of ``moment``."""
    return datetime.combine(moment.astimezone(zone).date(), time(), zone)


def may_record(occurred: datetime, description: str, now: datetime, zone: ZoneInfo, scale: Scale = SCALE) -> Refusal | None:
    """Why a breach may not be recorded: it lies ahead, it would count no more, or nothing is said of it."""
    if occurred > now:
        return Refusal.NOT_YET
    if now >= lapses(occurred, zone, scale):
        return Refusal.TOO_OLD
    return Refusal.SHORT if len(description.strip()) < SHORTEST else None


def may_appeal(state: State, decided: datetime | None, recorded: datetime, now: datetime, zone: ZoneInfo) -> Refusal | None:
    """Why the person may not appeal: once, while there is time."""
    if state is State.LIFTED:
        return Refusal.LIFTED
    if state is State.APPEALED:
        return Refusal.OPEN_ALREADY
    if decided is not None:
        return Refusal.ANSWERED
    return Refusal.TOO_LATE if now >= appeal_ends(recorded, zone) else None


def barred(decider: Decider, person_id: int, company_id: int, recorded_by: int) -> Refusal | None:
    """Why a decider may not decide on a breach at all: it is their own, their company's, or they recorded it."""
    found = decision.refusal(decider, Case(True, person_id, company_id, frozenset({recorded_by})))
    return Refusal(found.value) if found else None


def may_decide(
    decider: Decider, state: State, person_id: int, company_id: int, recorded_by: int, verdict: Verdict, outcome: str
) -> Refusal | None:
    """Why a verdict may not be given: somebody involved, nothing to decide, or no reasons."""
    if state is State.LIFTED:
        return Refusal.LIFTED
    if found := barred(decider, person_id, company_id, recorded_by):
        return found
    if verdict is Verdict.UPHOLD and state is not State.APPEALED:
        return Refusal.NO_APPEAL
    return Refusal.SHORT if len(outcome.strip()) < SHORTEST else None
