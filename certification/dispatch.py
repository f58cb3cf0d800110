"""May this person, with this team, be sent to this customer?

One pure resolver that judges the whole visit ``[starts, ends)`` and gathers
every reason, not the first. Source: product.md R1 to R6, from the group-customer
standard (``GCS@2011``), article 12; each check names its clause in ``CHECKS``. R5 and
R6 stand in ``dispatch_duty``, the emergency in ``dispatch_override``.

- ``licence`` (R1) every member holds a licence of the programme that is in
  force from the start on; a suspension of any of them counts.
- ``validity`` (R3) it does not run out before the visit ends.
- ``yearly`` (R3) the last certification is at most 12 months before the end.
- ``backbone`` (R4) for a gold customer, and for an important one across cities
  or provinces, somebody is graded excellent throughout.
- ``contract`` every member of a partner is on the roster of a contract that is
  signed and covers the visit; the operator's own staff need none.
- ``custody`` (R5) logo items are held under a contract that lasts, and where
  the logo is to be worn every member of a partner holds some.
- ``breach`` (R6) no retraining is overdue.

Nothing is allowed by default: what is unknown denies.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from certification.dispatch_code import STANDING_CODES, Code, Result
from certification.dispatch_duty import breach, custody, edges_of
from certification.dispatch_finding import Check, DispatchAnswer, Evidence
from certification.dispatch_override import lifted
from certification.dispatch_policy import Policy
from certification.licence import Grade, State, add_months
from certification.visit import Assignment, Held, Member, Scope, Tier, Visit, first_gap


def resolve(visit: Visit, members: Mapping[str, Member], programme_known: bool, at: datetime, policy: Policy) -> DispatchAnswer:
    """Judge ``visit`` on the facts known at ``at``; who is not in ``members`` is unknown."""
    checks: list[Check] = []
    evidence: list[Evidence] = []
    sound = visit.starts < visit.ends
    checks.append(_window(visit, sound, policy))
    if not programme_known:
        checks.append(Check("programme", Result.FAIL, Code.UNKNOWN_PROGRAMME, None, {"programme": visit.programme}))
    if not visit.team:
        checks.append(Check("staff", Result.FAIL, Code.UNKNOWN_STAFF))
    backbone: str | None = None
    for number in visit.team:
        member = members.get(number)
        if member is None:
            checks.append(Check("staff", Result.FAIL, Code.UNKNOWN_STAFF, number))
            continue
        checks += _belongs(visit, member)
        if not sound:
            continue
        checks += (_contract(visit, member, policy, evidence), custody(visit, member, policy), breach(visit, member))
        if programme_known:
            checks += _licence(visit, member, policy, evidence)
            backbone = backbone or _excellent(visit, member)
    if sound and programme_known:
        checks.append(_backbone(visit, backbone))
    found, until = tuple(checks), _valid_until(visit, members, at, policy)
    if allowed := not [check for check in found if check.outcome is Result.FAIL]:
        return DispatchAnswer(allowed, found, tuple(evidence), until, policy.version)
    found = lifted(visit, members, found, at)
    allowed = all(check.outcome is not Result.FAIL or check.overridden for check in found)
    return DispatchAnswer(allowed, found, tuple(evidence), until, policy.version)


def denied(code: Code, at: datetime, policy: Policy) -> DispatchAnswer:
    """The answer when nothing could be judged: no, and why; to be asked again at once."""
    return DispatchAnswer(False, (Check("system", Result.FAIL, code),), (), at, policy.version)


def needs_backbone(tier: Tier, scope: Scope) -> bool:
    """Whether R4 applies: gold, or important across cities or provinces."""
    return tier is Tier.GOLD or (tier is Tier.IMPORTANT and scope is not Scope.LOCAL)


def _window(visit: Visit, sound: bool, policy: Policy) -> Check:
    if not sound:
        return Check("window", Result.FAIL, Code.VISIT_WINDOW, times={"starts": visit.starts, "ends": visit.ends})
    if visit.ends - visit.starts > timedelta(days=policy.longest_days):
        return Check("window", Result.FAIL, Code.VISIT_TOO_LONG, None, {"days": str(policy.longest_days)})
    return Check("window", Result.PASS, Code.WINDOW_SOUND)


def _belongs(visit: Visit, member: Member) -> list[Check]:
    found = [Check("staff", Result.PASS, Code.STAFF_KNOWN, member.staff_no)]
    if member.left is not None and member.left < visit.ends:
        found = [Check("staff", Result.FAIL, Code.LEFT, member.staff_no, times={"left": member.left})]
    if visit.partner is not None:
        matches = visit.partner == member.partner
        code = Code.PARTNER_MATCHES if matches else Code.WRONG_PARTNER
        outcome = Result.PASS if matches else Result.FAIL
        found.append(Check("partner", outcome, code, member.staff_no, {"partner": visit.partner}))
    return found


def _contract(visit: Visit, member: Member, policy: Policy, evidence: list[Evidence]) -> Check:
    if member.operator:
        return Check("contract", Result.SKIP, Code.OPERATOR_STAFF, member.staff_no)
    places = [place for place in member.assignments if place.state in policy.in_force]
    gap = first_gap([_in_force(place) for place in places], visit.starts, visit.ends)
    if gap is None:
        last = max((place for place in places if _in_force(place)[0] < visit.ends), key=lambda place: _in_force(place)[1])
        evidence.append(Evidence("contract", last.contract, member.staff_no, _in_force(last)[1]))
        return Check("contract", Result.PASS, Code.CONTRACT_COVERS, member.staff_no, {"contract": last.contract})
    code, contract, times = _why_no_contract(visit, member.assignments, places, gap)
    return Check("contract", Result.FAIL, code, member.staff_no, {"contract": contract}, times)


def _in_force(place: Assignment) -> tuple[datetime, datetime]:
    """When a place on a roster counts: while both the place and its contract last."""
    return max(place.starts, place.on), place.ends if place.off is None else min(place.ends, place.off)


def _why_no_contract(
    visit: Visit, every: Sequence[Assignment], places: Sequence[Assignment], gap: datetime
) -> tuple[Code, str, dict[str, datetime]]:
    """The nearest explanation for ``gap``: the contract that would have covered it but for one thing."""
    if not every:
        return Code.NOT_ON_ROSTER, "", {}
    for place in every:
        if place not in places and place.state != "ended" and place.starts <= gap < place.ends:
            return Code.CONTRACT_NOT_SIGNED, place.contract, {}
    for place in places:
        if place.starts <= gap < place.ends:
            code = Code.ROSTER_SHORT if place.on <= visit.starts and gap > visit.starts else Code.NOT_ON_ROSTER
            return code, place.contract, {"until": gap}
    if gap > visit.starts:
        ending = max((place for place in places if place.ends <= gap), key=lambda place: place.ends, default=every[-1])
        return Code.CONTRACT_SHORT, ending.contract, {"until": gap}
    coming = min((place for place in places if place.starts > gap), key=lambda place: place.starts, default=None)
    if coming is not None:
        return Code.CONTRACT_NOT_STARTED, coming.contract, {"starts": coming.starts}
    last = max(every, key=lambda place: place.ends)
    return Code.CONTRACT_ENDED, last.contract, {"until": min(last.ends, gap)}


def _licence(visit: Visit, member: Member, policy: Policy, evidence: list[Evidence]) -> list[Check]:
    """R1 and R3 for one member. Whatever leaves a gap in the visit fails exactly one of ``licence`` and ``validity``."""
    active = [held for held in member.held if held.standing == State.ACTIVE]
    gap = first_gap([(held.starts, held.ends) for held in active], visit.starts, visit.ends)
    there = None if gap is None else _speaking_at(member.held, gap)
    lapses = gap is not None and gap > visit.starts and there is not None and there.standing == State.EXPIRED
    found = [_in_force_throughout(visit, member, active, None if lapses else gap, there)]
    known = [held for held in member.held if held.standing not in {State.REVOKED, State.SUPERSEDED}]
    if gap is None:
        known = [held for held in active if held.ends is None or held.ends >= visit.ends]
    latest = max((held for held in known if held.starts < visit.ends), key=lambda held: held.certified, default=None)
    found.append(_validity(visit, member, latest, gap if lapses else None))
    found.append(_yearly(visit, member, latest, policy))
    if gap is None and latest is not None:
        evidence.append(Evidence("licence", latest.number, member.staff_no, latest.until, latest.grade, latest.certified))
    return found


def _speaking_at(spans: Sequence[Held], at: datetime) -> Held | None:
    """Of the spans that cover ``at``, one a licence, the last certified."""
    there = [held for held in spans if held.starts <= at and (held.ends is None or at < held.ends)]
    return max(there, key=lambda held: held.certified, default=None)


def _in_force_throughout(visit: Visit, member: Member, active: Sequence[Held], gap: datetime | None, there: Held | None) -> Check:
    """R1. A licence that merely runs out on the way is for ``validity`` to say; the caller then gives no ``gap``."""
    who = member.staff_no
    if barred := _barred(visit, member, active):
        code = STANDING_CODES[State(barred.standing)]
        return Check("licence", Result.FAIL, code, who, {"number": barred.number}, {"since": barred.starts})
    if gap is None:
        return Check("licence", Result.PASS, Code.LICENCE_ACTIVE, who)
    if there is not None:
        times = {"since": there.starts, "until": there.until}
        return Check("licence", Result.FAIL, STANDING_CODES[State(there.standing)], who, {"number": there.number}, times)
    coming = min((held for held in active if held.starts > gap), key=lambda held: held.starts, default=None)
    if coming is not None:
        return Check("licence", Result.FAIL, Code.LICENCE_NOT_YET, who, {"number": coming.number}, {"since": coming.starts})
    return Check("licence", Result.FAIL, Code.LICENCE_NONE, who)


def _barred(visit: Visit, member: Member, active: Sequence[Held]) -> Held | None:
    """A span that forbids, also beside a licence in force: a revocation that no certification followed, or a suspension.

    The revocation comes first, because no override lifts it.
    """
    last = max((held.certified for held in active if held.starts <= visit.starts), default=None)
    suspended: Held | None = None
    for held in member.held:
        if held.starts < visit.ends and (held.ends is None or held.ends > visit.starts):
            if held.standing == State.REVOKED and (last is None or held.starts >= last):
                return held
            if held.standing == State.SUSPENDED:
                suspended = suspended or held
    return suspended


def _validity(visit: Visit, member: Member, latest: Held | None, lapse: datetime | None) -> Check:
    who = member.staff_no
    if lapse is not None:
        return Check("validity", Result.FAIL, Code.LICENCE_LAPSES, who, times={"until": lapse, "ends": visit.ends})
    if latest is None or latest.until <= visit.starts:
        return Check("validity", Result.SKIP, Code.NO_LICENCE_TO_CHECK, who)
    if latest.until < visit.ends:  # suspended, and it would run out as well
        return Check("validity", Result.FAIL, Code.LICENCE_LAPSES, who, times={"until": latest.until, "ends": visit.ends})
    return Check("validity", Result.PASS, Code.VALIDITY_COVERS, who, times={"until": latest.until})


def _yearly(visit: Visit, member: Member, latest: Held | None, policy: Policy) -> Check:
    if latest is None:
        return Check("yearly", Result.SKIP, Code.NO_LICENCE_TO_CHECK, member.staff_no)
    words, times = {"months": str(policy.recertify_months)}, {"certified": latest.certified}
    if visit.ends > add_months(latest.certified, policy.recertify_months, policy.zone):
        return Check("yearly", Result.FAIL, Code.CERTIFICATION_OLD, member.staff_no, words, times)
    return Check("yearly", Result.PASS, Code.CERTIFIED_RECENTLY, member.staff_no, words, times)


def _excellent(visit: Visit, member: Member) -> str | None:
    """The member's number when graded excellent throughout the visit."""
    spans = [(held.starts, held.ends) for held in member.held if held.standing == State.ACTIVE and held.grade == Grade.EXCELLENT]
    return member.staff_no if spans and first_gap(spans, visit.starts, visit.ends) is None else None


def _backbone(visit: Visit, backbone: str | None) -> Check:
    if not needs_backbone(visit.tier, visit.scope):
        return Check("backbone", Result.SKIP, Code.NOT_NEEDED)
    if backbone is None:
        return Check("backbone", Result.FAIL, Code.NO_EXCELLENT, None, {"tier": visit.tier, "scope": visit.scope})
    return Check("backbone", Result.PASS, Code.EXCELLENT_PRESENT, backbone)


def _valid_until(visit: Visit, members: Mapping[str, Member], at: datetime, policy: Policy) -> datetime:
    """The earliest boundary after ``at`` among the facts that were looked at, at the latest the end of the visit."""
    earliest = max(visit.ends, at)
    if policy.changes is not None and at < policy.changes < earliest:
        earliest = policy.changes
    for number in visit.team:
        member = members.get(number)
        if member is None:
            continue
        edges = [member.left, *edges_of(member)]
        for held in member.held:
            edges += (held.starts, held.ends)
            if held.standing == State.ACTIVE:
                edges.append(add_months(held.certified, policy.recertify_months, policy.zone))
        for place in member.assignments:
            edges += (place.starts, place.ends, place.on, place.off)
        for edge in edges:
            if edge is not None and at < edge < earliest:
                earliest = edge
    return earliest
