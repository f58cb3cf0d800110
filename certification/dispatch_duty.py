"""What a member owes beside a licence and a contract: logo items given back in time, retraining attended.

Sources: product.md R5, from the group-customer standard (``GCS@2011``),
article 19 (the company signs before its people wear the logo, and it is taken
back when a contract ends without renewal), and R6, from article 3 (supervision).
"""

from collections.abc import Iterator
from datetime import datetime

from certification.dispatch_code import Code, Result
from certification.dispatch_finding import Check
from certification.dispatch_policy import Policy
from certification.visit import Entrusted, Member, Visit, first_gap


def custody(visit: Visit, member: Member, policy: Policy) -> Check:
    """R5 for one member: nothing is held beyond its contract; where the logo is to be worn, the company has signed and something is held.

    Items that came along from another company do not speak for this one.
    """
    who = member.staff_no
    if member.operator:
        return Check("custody", Result.SKIP, Code.OPERATOR_STAFF, who)
    for entrusted in member.entrusted:
        gap = _gap(entrusted, visit, policy)
        if gap is not None:
            words = {"contract": entrusted.contract, "count": str(entrusted.count)}
            return Check("custody", Result.FAIL, Code.ITEMS_OVERDUE, who, words, {"until": _ended(entrusted, gap)})
    if visit.logo and not member.agreement:
        return Check("custody", Result.FAIL, Code.NO_AGREEMENT, who)
    if member.entrusted:
        return Check("custody", Result.PASS, Code.ITEMS_IN_ORDER, who)
    if not visit.logo:
        return Check("custody", Result.SKIP, Code.NO_ITEMS, who)
    return Check("custody", Result.FAIL, Code.NO_CUSTODY, who)


def _gap(entrusted: Entrusted, visit: Visit, policy: Policy) -> datetime | None:
    """The first instant of the visit at which no contract lets the person hold these items."""
    terms = [(term.starts, term.ends) for term in entrusted.terms if term.state in policy.in_force]
    return first_gap(terms, visit.starts, visit.ends)


def _ended(entrusted: Entrusted, gap: datetime) -> datetime:
    """When the contract ran out: by date, or, where it was ended by word, the instant of the visit that it leaves bare."""
    ends = [term.ends for term in entrusted.terms if term.ends <= gap]
    return max(ends, default=gap)


def breach(visit: Visit, member: Member) -> Check:
    """R6 for one member: no retraining that was due before the visit ends is still open; a suspension stands in the licence itself."""
    overdue = [one for one in member.retraining if one.due < visit.ends]
    if not overdue:
        return Check("breach", Result.PASS, Code.NO_RETRAINING_DUE, member.staff_no)
    first = min(overdue, key=lambda one: one.due)
    words = {"breach": first.breach, "clause": first.clause}
    return Check("breach", Result.FAIL, Code.RETRAINING_DUE, member.staff_no, words, {"due": first.due})


def edges_of(member: Member) -> Iterator[datetime]:
    """The instants at which one of these answers may change."""
    for entrusted in member.entrusted:
        for term in entrusted.terms:
            yield term.starts
            yield term.ends
    for duty in member.retraining:
        yield duty.due
    for override in member.overrides:
        yield override.starts
        yield override.ends
