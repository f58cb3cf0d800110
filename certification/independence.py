"""Who had a part in a person's certification cycle, and what that means for whoever wants to decide.

Source: ISO/IEC 17024, 4.3 and 9.4. The cycle of a case began with the person's
previous certification in the programme, twelve months back when there was
none, and never later than the exam that the case rests on. An act on a licence
judges the certification in force: its cycle began one certification earlier,
so that those who examined for it are kept from it too.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from certification.decision import Case, Decider, colleagues
from certification.licence import add_months

MONTHS = 12
"""How far back the cycle of a first certification reaches."""


class Part(StrEnum):
    """What somebody did in a person's cycle."""

    TRAINED = "trained"
    SCHEDULED = "scheduled"
    CHECKED_IN = "checked_in"
    INVIGILATED = "invigilated"
    RELEASED = "released"
    REGRADED = "regraded"
    MARKED = "marked"
    RULED = "ruled"


class Check(StrEnum):
    """What is asked of a decider, in the order in which a page shows it."""

    NOT_ONESELF = "not_oneself"
    NOT_TRAINED = "not_trained"
    NOT_EXAMINED = "not_examined"
    NOT_MARKED = "not_marked"
    NOT_PROPOSED = "not_proposed"
    OTHER_COMPANY = "other_company"


CHECK_OF = {
    Part.TRAINED: Check.NOT_TRAINED, Part.SCHEDULED: Check.NOT_EXAMINED, Part.CHECKED_IN: Check.NOT_EXAMINED,
    Part.INVIGILATED: Check.NOT_EXAMINED, Part.RELEASED: Check.NOT_EXAMINED, Part.REGRADED: Check.NOT_EXAMINED,
    Part.MARKED: Check.NOT_MARKED, Part.RULED: Check.NOT_MARKED,
}


@dataclass(frozen=True, order=True)
class Involvement:
    """An account had a part: in which training or sitting (``what``), and when."""

    at: datetime
    part: Part
    account_id: int
    what: str


@dataclass(frozen=True)
class Cycle:
    """A person's cycle as it is judged: when it began, and who had a part in it."""

    since: datetime
    involvements: tuple[Involvement, ...]

    @property
    def accounts(self) -> frozenset[int]:
        """Everybody who had a part."""
        return frozenset(one.account_id for one in self.involvements)


def since(certifications: Iterable[datetime], at: datetime, act: bool, sat: datetime | None, zone: ZoneInfo) -> datetime:
    """When the cycle began that a case at ``at`` belongs to; ``sat`` is when the exam behind it was begun, None without one."""
    past = sorted({moment for moment in certifications if moment < at}, reverse=True)
    judged = past.pop(0) if act and past else at
    begin = past[0] if past else add_months(judged, -MONTHS, zone)
    return begin if sat is None else min(begin, sat)


def cycle(begin: datetime, until: datetime, found: Iterable[Involvement]) -> Cycle:
    """What happened from ``begin`` to ``until``, in order; the same part in the same thing counts once."""
    first: dict[tuple[Part, int, str], Involvement] = {}
    for one in sorted(one for one in found if begin <= one.at <= until):
        first.setdefault((one.part, one.account_id, one.what), one)
    return Cycle(begin, tuple(first.values()))


def checks(decider: Decider, case: Case, involvements: Collection[Involvement]) -> list[tuple[Check, bool]]:
    """Each thing that is asked of a decider, and whether it holds; all hold exactly when ``decision.refusal`` finds nothing."""
    broken = {CHECK_OF[one.part] for one in involvements if one.account_id == decider.account_id}
    if decider.person_id == case.person_id:
        broken.add(Check.NOT_ONESELF)
    if case.proposer is not None and case.proposer == decider.account_id:
        broken.add(Check.NOT_PROPOSED)
    if colleagues(decider, case):
        broken.add(Check.OTHER_COMPANY)
    asked = [check for check in Check if check is not Check.NOT_PROPOSED or case.proposer is not None]
    return [(check, check not in broken) for check in asked]
