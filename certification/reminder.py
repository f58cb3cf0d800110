"""What people are reminded of, and on which day.

A reminder comes when a threshold is crossed: so many days are left, counted in
civil days. The day of the last run is part of the question, so that a day on
which nothing ran loses no reminder and a day with two runs doubles none.
Source: ISO/IEC 17024, 9.6 (holders know in time what recertification asks).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Topic(StrEnum):
    """What a line is about, in the order in which a digest tells it."""

    LICENCE = "licence"
    EXAM = "exam"
    RETRAINING = "retraining"
    CUSTODY = "custody"
    DECISION = "decision"
    APPEAL = "appeal"
    RELEASE = "release"
    CONTRACT = "contract"


THRESHOLDS: dict[Topic, tuple[int, ...]] = {
    Topic.LICENCE: (90, 60, 30, 7, 0, -1),
    Topic.EXAM: (3, 1, 0),
    Topic.RETRAINING: (14, 7, 1, -1),
    Topic.CONTRACT: (90, 60, 30, 7, 0),
}
"""Days left, -1 the day after the last. The other topics are told every day on which something waits."""
LONGEST_GAP = 7
"""Days that a run catches up on when none came before it."""
MOST_LINES = 20


@dataclass(frozen=True)
class Window:
    """Last days that cross ``threshold``: ``first`` to ``last``, both included."""

    threshold: int
    first: date
    last: date


@dataclass(frozen=True)
class Line:
    """One sentence to be: who or what it is about, the day that matters, and days left (-1: over)."""

    topic: Topic
    what: str
    what_en: str = ""
    who: str = ""
    where: str = ""
    day: date | None = None
    left: int | None = None
    count: int = 1


@dataclass(frozen=True)
class Digest:
    """The lines of one recipient by topic; ``more`` counts those that were left out."""

    groups: tuple[tuple[Topic, tuple[Line, ...]], ...]
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.groups)


def since(last_run: date | None, today: date) -> date:
    """The day up to which everybody was reminded: that of the last run, not more than a week ago."""
    earliest = today - timedelta(days=LONGEST_GAP)
    return max(earliest, last_run) if last_run is not None else today - timedelta(days=1)


def windows(topic: Topic, last_run: date, today: date) -> list[Window]:
    """Which last days cross a threshold of ``topic`` after ``last_run``, up to ``today``; none when it ran today."""
    return [
        Window(threshold, last_run + timedelta(days=threshold + 1), today + timedelta(days=threshold))
        for threshold in THRESHOLDS[topic] if last_run < today
    ]


def left(last_day: date, today: date) -> int:
    """Whole days left, 0 on the last day itself, -1 when it is over."""
    return max(-1, (last_day - today).days)


def digest(lines: Iterable[Line], most: int = MOST_LINES) -> Digest:
    """The lines by topic, the most urgent first, ``most`` of them and the rest counted."""
    ordered = sorted(lines, key=lambda line: (tuple(Topic).index(line.topic), line.day or date.max, line.where, line.who, line.what))
    kept = ordered[:most]
    groups = tuple((topic, found) for topic in Topic if (found := tuple(line for line in kept if line.topic is topic)))
    return Digest(groups, len(ordered) - len(kept))


def by_company(lines: Sequence[Line]) -> list[Line]:
    """Lines about people gathered into one a company and matter, their counts added up: for those who look after everybody."""
    counts: dict[tuple[Topic, str, str, int | None], list[Line]] = {}
    for line in lines:
        counts.setdefault((line.topic, line.where, line.what, line.left), []).append(line)
    return [
        Line(
            topic, what, found[0].what_en, "", where, min((line.day for line in found if line.day), default=None), remaining,
            sum(line.count for line in found),
        )
        for (topic, where, what, remaining), found in counts.items()
    ]
