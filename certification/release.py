"""May the results of a sitting be released?

All at once and only when everything is in, so that nobody learns a score, or
talks about the questions, while others still sit. Source: product.md,
"Settled points", Release.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Block(StrEnum):
    """What still stands in the way."""

    CANCELLED = "cancelled"
    RELEASED = "released"
    WINDOW_OPEN = "window_open"
    RUNNING = "running"
    MARKING = "marking"


@dataclass(frozen=True)
class Progress:
    """How far a sitting is, in people: ``ended`` counts attempts that are over, ``marking`` those of them without marks."""

    booked: int
    running: int
    ended: int
    marking: int

    @property
    def started(self) -> int:
        """Who has begun."""
        return self.running + self.ended

    @property
    def missing(self) -> int:
        """Who has not begun."""
        return self.booked - self.started


def blocks(progress: Progress, closes: datetime, cancelled: bool, released: bool, now: datetime) -> list[Block]:
    """Everything that stands in the way; an empty list means that the results may be released.

    Before the window's end that takes everybody booked having handed in.
    """
    if cancelled or released:
        return [Block.CANCELLED if cancelled else Block.RELEASED]
    everybody = progress.booked > 0 and progress.ended == progress.booked
    found = [Block.WINDOW_OPEN] if now < closes and not everybody else []
    found += [Block.RUNNING] if progress.running else []
    return found + ([Block.MARKING] if progress.marking else [])
