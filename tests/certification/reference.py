"""Dispatch, decided another way: every few hours of a visit are looked at one by one, from the raw ledgers.

Written without the product's spans, gaps, edges or checks: what it has in
common with them is the shape of the facts. Every instant that matters lies on
a grid of ``STEP`` hours, so that looking at the grid is looking at all of it.
``history`` draws such facts from dice.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from certification.licence import Event, Grade, Kind
from certification.visit import Assignment, Entrusted, Override, Retraining, Scope, Term, Tier, Visit

SHANGHAI = ZoneInfo("Asia/Shanghai")
STEP = timedelta(hours=3)
ORIGIN = datetime(2026, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)
NOW = ORIGIN + timedelta(days=250)
CONTRACTS = ("C1", "C2")
STATES = ("draft", "signed", "running", "ending", "ended")
GOOD_STATES = ("signed", "running", "ending")


@dataclass
class Someone:
    """Everything that was ever recorded about one person; a ledger for each licence."""

    number: str
    ledgers: list[list[Event]] = field(default_factory=list)
    places: list[Assignment] = field(default_factory=list)
    items: list[Entrusted] = field(default_factory=list)
    retraining: list[Retraining] = field(default_factory=list)
    overrides: list[Override] = field(default_factory=list)
    operator: bool = False
    agreement: bool = False
    left: datetime | None = None


def year_later(day: datetime, months: int) -> datetime:
    """Midnight of the same civil day ``months`` later, of the next day that exists where it does not."""
    local = day.astimezone(SHANGHAI)
    month = local.month + months
    year, month = local.year + (month - 1) // 12, (month - 1) % 12 + 1
    date = local.day
    while True:
        try:
            return datetime(year, month, date, tzinfo=SHANGHAI).astimezone(UTC)
        except ValueError:
            year, month, date = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


@dataclass
class Looked:
    """What a ledger says when it is read up to one instant."""

    state: str = "none"
    grade: str = ""
    certified: datetime | None = None
    over_since: datetime | None = None


def look(ledger: list[Event], at: datetime) -> Looked:
    """Read a ledger from its beginning, in the order of effect, and stop at ``at``."""
    seen, until, suspended, ended = Looked(), None, False, ""
    for event in sorted(ledger, key=lambda one: one.effective):
        if event.effective > at or ended:
            continue
        if event.kind in ("granted", "renewed"):
            runs_on = event.kind == "renewed" and until is not None and until > event.effective
            until = event.until or year_later(until if runs_on and until else event.effective, 12)
            seen.grade, seen.certified = str(event.grade or seen.grade or "qualified"), event.effective
        elif event.kind in ("upgraded", "scope_reduced"):
            if seen.certified:
                seen.grade = str(event.grade or ("excellent" if event.kind == "upgraded" else "qualified"))
        elif event.kind in ("suspended", "reinstated"):
            suspended = event.kind == "suspended"
        else:
            ended, seen.over_since = str(event.kind), event.effective
    if until is None:
        seen.state = "none"
    elif ended:
        seen.state = ended
    elif at >= until:
        seen.state = "expired"
    else:
        seen.state = "suspended" if suspended else "active"
    return seen


def hours_of(visit: Visit) -> list[datetime]:
    """Every instant of the grid within the visit."""
    found, at = [], visit.starts
    while at < visit.ends:
        found.append(at)
        at += STEP
    return found


def revoked(one: Someone, visit: Visit) -> bool:
    """Some licence is revoked at some time of the visit, and nothing was certified between that and the visit's start."""
    for at in hours_of(visit):
        for ledger in one.ledgers:
            seen = look(ledger, at)
            if seen.state == "revoked" and seen.over_since is not None:
                anew = [
                    event for other in one.ledgers for event in other
                    if event.kind in ("granted", "renewed") and seen.over_since < event.effective <= visit.starts
                    and look(other, event.effective).state == "active"
                ]
                if not anew:
                    return True
    return False


def fit(one: Someone, visit: Visit, months: int) -> bool:
    """Nothing speaks against the person at any hour of the visit, the grade apart."""
    for at in hours_of(visit):
        states = [look(ledger, at).state for ledger in one.ledgers]
        if "active" not in states or "suspended" in states:
            return False
        if not one.operator and not any(
            place.state in GOOD_STATES and place.starts <= at < place.ends and place.on <= at and (place.off is None or at < place.off)
            for place in one.places
        ):
            return False
        if not one.operator and any(
            not any(term.state in GOOD_STATES and term.starts <= at < term.ends for term in items.terms) for items in one.items
        ):
            return False
    last = [look(ledger, visit.ends - timedelta(microseconds=1)) for ledger in one.ledgers]
    certified = [seen.certified for seen in last if seen.state == "active" and seen.certified]
    if not certified or year_later(max(certified), months) < visit.ends:
        return False
    if visit.logo and not one.operator and not (one.items and one.agreement):
        return False
    return not any(duty.due < visit.ends for duty in one.retraining)


def excellent(one: Someone, visit: Visit) -> bool:
    """Graded excellent, and in force, at every hour."""
    return all(
        any((seen := look(ledger, at)).state == "active" and seen.grade == "excellent" for ledger in one.ledgers) for at in hours_of(visit)
    )


def let_go(one: Someone, visit: Visit, at: datetime) -> bool:
    """Two people let them go, for a visit of this time, and it is not past."""
    return any(o.starts <= at < o.ends and o.starts < visit.ends <= o.ends for o in one.overrides)


def allowed(visit: Visit, team: list[Someone], at: datetime, months: int = 12, days: int = 31) -> bool:
    """Whether the team may be sent."""
    if not visit.starts < visit.ends or visit.ends - visit.starts > timedelta(days=days):
        return False
    for one in team:
        if (one.left is not None and one.left < visit.ends) or revoked(one, visit):
            return False
        if not fit(one, visit, months) and not let_go(one, visit, at):
            return False
    if visit.tier == "ordinary" or (visit.tier == "important" and visit.scope == "local"):
        return True
    return any(excellent(one, visit) for one in team) or let_go(team[0], visit, at)


def _days(dice: Random, low: int, high: int) -> datetime:
    return ORIGIN + timedelta(days=dice.randint(low, high))


def _hours(dice: Random, low: int, high: int) -> datetime:
    return ORIGIN + STEP * dice.randint(low * 8, high * 8)


def _ledger(dice: Random) -> list[Event]:
    """Mostly a career as it happens; now and then one that makes no sense."""
    at = _hours(dice, 0, 260)
    events = [Event(Kind.GRANTED, dice.choice(list(Grade)), at, None, ORIGIN)]
    for _ in range(dice.choice((0, 0, 1, 1, 2, 3, 4))):
        at = at + STEP * dice.randint(1, 8 * 120) if dice.random() < 0.9 else _hours(dice, 0, 500)
        kind = dice.choice([*Kind, Kind.RENEWED, Kind.RENEWED, Kind.REINSTATED, Kind.UPGRADED])
        grade = dice.choice(list(Grade)) if kind in (Kind.GRANTED, Kind.RENEWED, Kind.UPGRADED) else None
        events.append(Event(kind, grade, at, None, ORIGIN))
    effective = [event.effective for event in events]
    return events if len(set(effective)) == len(effective) else events[:1]


def someone(dice: Random, number: str, sound: float = 0.6) -> Someone:
    """A person; ``sound`` is how often each thing beside the ledger is in order."""
    one = Someone(number, [_ledger(dice) for _ in range(dice.choice((0, 1, 1, 1, 1, 2, 2)))])
    one.operator = dice.random() < 0.1
    if dice.random() < sound:
        one.places.append(Assignment("C1", "running", ORIGIN, ORIGIN + timedelta(days=900), ORIGIN, None))
    for _ in range(dice.choice((0, 0, 1, 2))):
        starts, on = _hours(dice, 0, 300), _hours(dice, 0, 300)
        off = on + STEP * dice.randint(0, 2000) if dice.random() < 0.4 else None
        contract = dice.choice(CONTRACTS)
        one.places.append(Assignment(contract, dice.choice(STATES), starts, starts + STEP * dice.randint(1, 3000), on, off))
    if dice.random() > sound:
        terms = [_term(dice, sound) for _ in range(dice.choice((1, 1, 2)))]
        one.items.append(Entrusted("C1", 1, tuple(terms)))
    if dice.random() > sound:
        one.retraining.append(Retraining(_hours(dice, 200, 500), "WG-1", "GCS@2011#12.1"))
    if dice.random() > sound:
        starts = NOW - STEP * dice.randint(-4, 16)
        one.overrides.append(Override(starts, starts + STEP * dice.randint(1, 24), "H1", "D1"))
    one.agreement = bool(one.items) or dice.random() < 0.5
    one.left = _hours(dice, 200, 500) if dice.random() < 0.1 else None
    return one


def _term(dice: Random, sound: float) -> Term:
    if dice.random() < sound:
        return Term("running", ORIGIN, ORIGIN + timedelta(days=900))
    starts = _hours(dice, 0, 300)
    return Term(dice.choice(STATES), starts, starts + STEP * dice.randint(1, 2500))


def edges_of(one: Someone) -> list[datetime]:
    """Instants at which something about a person begins or ends."""
    found = [edge for items in one.items for term in items.terms for edge in (term.starts, term.ends)]
    found += [edge for place in one.places for edge in (place.starts, place.ends, place.on, place.off) if edge]
    found += [duty.due for duty in one.retraining] + [let.ends for let in one.overrides]
    certified = [event.effective for ledger in one.ledgers for event in ledger if event.kind in ("granted", "renewed")]
    return found + [year_later(at, months) for at in certified for months in (6, 12)]


def visit_of(dice: Random, team: list[Someone]) -> Visit:
    """A visit of that team, around NOW or later, or about an instant at which something changes."""
    starts = NOW + STEP * dice.choice((dice.randint(-4, 16), dice.randint(0, 1600)))
    if any(one.overrides for one in team) and dice.random() < 0.6:
        starts = NOW + STEP * dice.randint(0, 8)
    elif dice.random() < 0.35 and (edges := sorted({edge for one in team for edge in edges_of(one) if edge > ORIGIN + STEP * 8})):
        starts = dice.choice(edges) - STEP * dice.randint(0, 4)
    ends = starts + STEP * dice.choice((dice.randint(1, 4), dice.randint(0, 12)))
    return Visit(
        tuple(one.number for one in team), "GC", dice.choice([Tier.ORDINARY, *Tier]), dice.choice(list(Scope)), starts, ends, "W-1",
        None, dice.random() < 0.2,
    )


def history(dice: Random, name: str = "S") -> tuple[Visit, list[Someone]]:
    """A team of one or two with everything about them, and a visit."""
    team = [someone(dice, f"{name}{n}", dice.choice((0.5, 0.8, 0.95))) for n in range(dice.choice((1, 1, 1, 2)))]
    return visit_of(dice, team), team
