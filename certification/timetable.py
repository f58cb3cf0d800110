"""When a sitting may take place, and what to call it.

Source: product.md, "Words": a sitting is one scheduled delivery with a window
``[opens, closes)``; whoever starts at once must have the exam's full time.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

LONGEST = timedelta(days=31)


class Refusal(StrEnum):
    """Why a window cannot be."""

    PAST = "past"
    ORDER = "order"
    SHORT = "short"
    LONG = "long"


def window_refusal(opens: datetime, closes: datetime, minutes: int, now: datetime) -> Refusal | None:
    """Why ``[opens, closes)`` cannot be a sitting's window for an exam of ``minutes``."""
    if opens < now:
        return Refusal.PAST
    if closes <= opens:
        return Refusal.ORDER
    if closes - opens < timedelta(minutes=minutes):
        return Refusal.SHORT
    return Refusal.LONG if closes - opens > LONGEST else None


def suggest_code(programme: str, day: date, taken: Collection[str]) -> str:
    """``GC-20261123``, or with a number behind it when the day has a sitting already."""
    plain = f"{programme}-{day:%Y%m%d}"
    number, code = 1, plain
    while code in taken:
        number += 1
        code = f"{plain}-{number}"
    return code


def may_call_off(started: int, cancelled: bool, released: bool) -> bool:
    """A sitting is called off only while nobody has begun it."""
    return not (started or cancelled or released)
