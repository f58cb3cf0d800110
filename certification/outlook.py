"""What the board tells of many licences at once: standings counted, and when those in force will lapse.

The database counts pairs of person and programme into cells; everything that
a page shows (figures, bars, months, chips, the length of the list) is added up
from the same cells, so that no two numbers on it can disagree.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from certification.licence import State

WITHIN = (7, 30, 60, 90)
"""Days from now for which the board tells how many lapse."""
MONTHS = 12
STATES = tuple(state.value for state in State)


class Show(StrEnum):
    """What a list may be narrowed to beside one exact standing."""

    IN_FORCE = "in_force"
    OWED = "owed"
    STOPPED = "stopped"
    OUT = "out"


@dataclass(frozen=True)
class Month:
    """A civil month ``YYYY-MM``. What is good until its last day ends at ``ends``, the first instant of the next month."""

    key: str
    starts: datetime
    ends: datetime


def last_moment(day: date, zone: ZoneInfo) -> datetime:
    """The end of a civil day: what took effect that day counts, and what is good until that day still is."""
    return _midnight(day + timedelta(days=1), zone) - timedelta(microseconds=1)


def month_of(at: datetime, zone: ZoneInfo, later: int = 0) -> Month:
    """The civil month of an instant, or one that comes ``later``."""
    here = at.astimezone(zone)
    first = here.year * 12 + here.month - 1 + later
    starts, ends = (date(number // 12, number % 12 + 1, 1) for number in (first, first + 1))
    return Month(f"{starts:%Y-%m}", _midnight(starts, zone), _midnight(ends, zone))


def month_named(text: str, zone: ZoneInfo) -> Month | None:
    """The month of ``YYYY-MM``, None when it is not one."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month_of(_midnight(day, zone), zone) if len(text) == len("2026-12") and 1970 < day.year < 9000 else None


def months_from(at: datetime, zone: ZoneInfo, count: int = MONTHS) -> list[Month]:
    """The month of ``at`` and those that follow."""
    return [month_of(at, zone, later) for later in range(count)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


@dataclass(frozen=True)
class Asked:
    """The part of the board that the list shows: a standing or Show, an end within so many days, an end in a month."""

    show: str = ""
    within: int = 0
    month: Month | None = None


@dataclass(frozen=True)
class Cell:
    """``count`` pairs of one group that share a standing (never EXPIRING) and an interval of ``until``.

    ``edge`` is the interval's place among the outlook's edges; ``owed`` says that a contract's roster asks for the licence.
    """

    group: Hashable
    standing: str
    edge: int
    owed: bool
    count: int


@dataclass(frozen=True)
class Outlook:
    """The instant that is asked about, and the edges that cut the ends of validity into intervals ``(edge before, edge]``."""

    at: datetime
    expiring_days: int
    months: tuple[Month, ...]
    edges: tuple[datetime, ...]

    @classmethod
    def of(cls, at: datetime, expiring_days: int, months: Sequence[Month], also: Month | None = None) -> "Outlook":
        """An outlook from ``at`` over ``months``; ``also`` is a month of its own that the list is narrowed to."""
        days = {at + timedelta(days=days) for days in (*WITHIN, expiring_days)}
        cuts = {instant for month in (*months, *([also] if also else [])) for instant in (month.starts, month.ends)}
        return cls(at, expiring_days, tuple(months), tuple(sorted({at} | days | cuts)))

    def place(self, until: datetime) -> int:
        """The interval that an end of validity falls into."""
        return bisect_left(self.edges, until)

    def wants(self, cell: Cell, asked: Asked) -> bool:
        """Whether the list would show the cell's pairs."""
        return (
            (not asked.show or self._shown(cell, asked.show))
            and (not asked.within or (cell.standing == State.ACTIVE and cell.edge <= self.place(self._soon(asked.within))))
            and (asked.month is None or self._in_month(cell, asked.month))
        )

    def _shown(self, cell: Cell, show: str) -> bool:
        active = cell.standing == State.ACTIVE
        expiring = active and cell.edge <= self.place(self._soon(self.expiring_days))
        match show:
            case Show.IN_FORCE:
                return active
            case Show.OUT:
                return not active
            case Show.OWED:
                return cell.owed and cell.standing in (State.EXPIRED, State.NONE)
            case Show.STOPPED:
                return cell.standing in (State.SUSPENDED, State.REVOKED)
            case State.EXPIRING:
                return expiring
            case State.ACTIVE:
                return active and not expiring
        return cell.standing == show

    def _soon(self, days: int) -> datetime:
        return self.at + timedelta(days=days)

    def _in_month(self, cell: Cell, month: Month) -> bool:
        return cell.standing in (State.ACTIVE, State.EXPIRED) and self.place(month.starts) < cell.edge <= self.place(month.ends)

    @staticmethod
    def merged(cells: Iterable[Cell]) -> list[Cell]:
        """The same pairs without their groups: few cells, to be counted many times."""
        found: Counter[tuple[str, int, bool]] = Counter()
        for cell in cells:
            found[cell.standing, cell.edge, cell.owed] += cell.count
        return [Cell(None, *key, number) for key, number in found.items()]

    def count(self, cells: Iterable[Cell], asked: Asked) -> int:
        """How many pairs the list would show."""
        return sum(cell.count for cell in cells if self.wants(cell, asked))

    def by_standing(self, cells: Iterable[Cell]) -> dict[str, int]:
        """Pairs by standing, zero included; EXPIRING is told apart from ACTIVE."""
        found = dict.fromkeys(STATES, 0)
        for cell in cells:
            soon = self._shown(cell, State.EXPIRING)
            found[State.EXPIRING if soon else cell.standing] += cell.count
        return found

    def by_group(self, cells: Iterable[Cell]) -> dict[Hashable, dict[str, int]]:
        """``by_standing`` and ``owed`` for each group."""
        groups: defaultdict[Hashable, list[Cell]] = defaultdict(list)
        for cell in cells:
            groups[cell.group].append(cell)
        return {group: self.by_standing(found) | {"owed": self.count(found, Asked(Show.OWED))} for group, found in groups.items()}

    def by_month(self, cells: Sequence[Cell]) -> Iterator[tuple[Month, int, int]]:
        """Each month with how many lapse in it, and how many of those have lapsed already and were not renewed."""
        for month in self.months:
            whole = self.count(cells, Asked(month=month))
            yield month, whole, self.count(cells, Asked(State.EXPIRED, month=month))
