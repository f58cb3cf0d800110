"""When a sitting's safeguards and its paper may still be changed: until shortly before it opens, and nobody has begun."""

from datetime import datetime, timedelta
from enum import StrEnum

LAST_CALL = timedelta(minutes=1)
"""Before the opening: whoever begins at its first instant must not meet half a change."""


class Refusal(StrEnum):
    """Why nothing is changed any more."""

    CANCELLED = "cancelled"
    OPENED = "opened"


def may_change(opens: datetime, started: int, cancelled: bool, now: datetime) -> Refusal | None:
    """Why it stays as it is; None when it may be changed. ``started``: how many have begun."""
    if cancelled:
        return Refusal.CANCELLED
    return Refusal.OPENED if started or now >= opens - LAST_CALL else None
