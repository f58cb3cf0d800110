"""Who had a part in a cycle, and why this account may or may not decide: what a decision's and a licence's page show."""

from dataclasses import dataclass
from datetime import datetime

from certification import decision, independence
from certification.decision import Decider, Refusal
from certification.store import decisions as store
from certification.store.decisions import Judged
from certification.views.words import CHECK_WORDS, PART_WORDS, REFUSALS
from foundation.database import db
from people.login import account
from people.permission import Permission


@dataclass(frozen=True)
class Line:
    """One who had a part: each part, in which training or sitting, and when; ``you`` is the asker."""

    name: str
    you: bool
    parts: list[tuple[str, str, datetime]]


@dataclass(frozen=True)
class Shown:
    """The cycle, its people, and for a decider each check with its words; ``barred`` says why not."""

    since: datetime
    lines: list[Line]
    checks: list[tuple[bool, str]]
    barred: str | None


def shown(judged: Judged) -> Shown:
    """What the page says about a case."""
    me, found = account(), judged.cycle.involvements
    names = store.names_of(db.session, [one.account_id for one in found])
    lines: dict[int, Line] = {}
    for one in found:
        line = lines.setdefault(one.account_id, Line(names.get(one.account_id, ""), one.account_id == me.account_id, []))
        line.parts.append((str(PART_WORDS[one.part]), one.what, one.at))
    if not me.may(Permission.DECIDE):
        return Shown(judged.cycle.since, list(lines.values()), [], None)
    decider = store.decider_of(db.session, me.account_id)
    asked = independence.checks(decider, judged.case, found)
    checks = [(holds, str(CHECK_WORDS[check][0 if holds else 1])) for check, holds in asked]
    return Shown(judged.cycle.since, list(lines.values()), checks, barred(decider, judged))


def barred(decider: Decider, judged: Judged) -> str | None:
    """The sentence that says why an account may not decide; None when it may, or when it is decided."""
    refusal = decision.refusal(decider, judged.case)
    return str(REFUSALS[refusal]) if refusal and refusal is not Refusal.NOT_PENDING else None
