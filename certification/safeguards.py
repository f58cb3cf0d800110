"""When a sitting's safeguards and its paper may still be changed: until shortly before it opens, and nobody has begun.

Afterwards one thing is left: not to ask for the lockdown browser any more.
"""

from datetime import datetime, timedelta
from enum import StrEnum

LAST_CALL = timedelta(minutes=1)
"""Before the opening: whoever begins at its first instant must not meet half a change."""


class Refusal(StrEnum):
    """Why nothing is changed any more."""

    CANCELLED = "cancelled"
    OPENED = "opened"
    EARLY = "early"
    RELEASED = "released"
    NOT_DEMANDED = "not_demanded"


def may_change(opens: datetime, started: int, cancelled: bool, now: datetime) -> Refusal | None:
    """Why it stays as it is; None when it may be changed. ``started``: how many have begun."""
    if cancelled:
        return Refusal.CANCELLED
    return Refusal.OPENED if started or now >= opens - LAST_CALL else None


def may_waive(opens: datetime, demanded: bool, released: bool, cancelled: bool, now: datetime) -> Refusal | None:
    """Why the lockdown browser is still asked for, or was not to begin with; None when an invigilator may do without it.

    Until the opening the demand itself is changed. After the end of the window
    it may still matter: whoever has time credit goes on, or changes the device.
    """
    if cancelled:
        return Refusal.CANCELLED
    if released:
        return Refusal.RELEASED
    if not demanded:
        return Refusal.NOT_DEMANDED
    return Refusal.EARLY if now < opens - LAST_CALL else None
