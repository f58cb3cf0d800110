"""The yearly clock of a contract that lasts longer than a year.

Source: 000, art. 12 (R3: at least one assessment a year). Years are counted
in civil days of the zone from the contract's first day, so the year of a
contract that begins on 29 February begins on 1 March where there is none.
Settled here: the assessment with which somebody came onto the roster counts
for the contract year in which they came, if it was no older than 12 months;
later years each need one of their own, and a last part of a year one in the 12
months before its end. Our policy on top, as dispatch judges
it: the last certification is at most 12 months before a visit's end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from certification.licence import add_months
from people.contract import Stay

MONTHS = 12


class Outcome(StrEnum):
    """How somebody stands in a contract year."""

    ASSESSED = "assessed"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Year:
    """The contract's ``number``-th year ``[starts, ends)``; the last may be shorter. An assessment is due before ``ends``."""

    number: int
    starts: datetime
    ends: datetime

    def over(self, at: datetime) -> bool:
        """Whether it lies behind."""
        return self.ends <= at

    def runs(self, at: datetime) -> bool:
        """Whether it is the present one."""
        return self.starts <= at < self.ends


@dataclass(frozen=True)
class Tally:
    """How many are asked to be assessed in a year, how many were, and who was not."""

    year: Year
    asked: int
    assessed: int
    missing: tuple[int, ...]


def longer_than_a_year(starts: datetime, ends: datetime, zone: ZoneInfo) -> bool:
    """Whether a contract of ``[starts, ends)`` lasts longer than twelve calendar months."""
    return ends > add_months(starts, MONTHS, zone)


def years(starts: datetime, ends: datetime, zone: ZoneInfo) -> list[Year]:
    """The contract years, in order."""
    found: list[Year] = []
    begins = starts
    while begins < ends:
        number = len(found) + 1
        following = add_months(starts, MONTHS * number, zone)
        found.append(Year(number, begins, min(following, ends)))
        begins = following
    return found


def asked(year: Year, stays: Iterable[Stay], at: datetime) -> Stay | None:
    """The stay for which somebody is to be assessed in ``year``: the one that lasts to its end, or at ``at`` while it runs.

    None for who is not asked: was not there, left during the year, or comes later.
    """
    over = year.over(at)
    here = [
        stay for stay in stays
        if (stay.starts < year.ends if over else stay.starts <= at)
        and (stay.ends is None or (stay.ends >= year.ends if over else stay.ends > at))
    ]
    return max(here, key=lambda stay: stay.starts, default=None)


def outcome(year: Year, stay: Stay, certified: Sequence[Sequence[datetime]], at: datetime, zone: ZoneInfo) -> Outcome:
    """How somebody stands who is asked for ``stay``; ``certified`` holds the days of assessment, one list a programme."""
    opens = min(year.starts, add_months(year.ends, -MONTHS, zone))
    if stay.starts >= year.starts:
        opens = min(opens, add_months(stay.starts, -MONTHS, zone))
    if all(any(opens <= day < year.ends and day <= at for day in days) for days in certified):
        return Outcome.ASSESSED
    return Outcome.OVERDUE if year.over(at) else Outcome.DUE


def tally(
    year: Year, roster: Iterable[tuple[int, Sequence[Stay], Sequence[Sequence[datetime]]]], at: datetime, zone: ZoneInfo
) -> Tally:
    """The year's figures over a ``roster`` of (person, stays, days of assessment by programme)."""
    people = assessed = 0
    missing: list[int] = []
    for person, stays, certified in roster:
        stay = asked(year, stays, at)
        if stay is None:
            continue
        people += 1
        if outcome(year, stay, certified, at, zone) is Outcome.ASSESSED:
            assessed += 1
        else:
            missing.append(person)
    return Tally(year, people, assessed, tuple(missing))


def policy_until(certified: Sequence[Sequence[datetime]], at: datetime, zone: ZoneInfo) -> datetime | None:
    """Until when our policy covers somebody: twelve months after the last certification under the programme that is oldest.

    None where one is missing altogether.
    """
    last = [max((day for day in days if day <= at), default=None) for days in certified]
    found = [add_months(day, MONTHS, zone) for day in last if day is not None]
    return min(found) if found and len(found) == len(last) else None
