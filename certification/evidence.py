"""What the exam room reports beside answers: kept on the timeline as evidence, never a verdict by itself.

A phone call takes the focus away, a screen reader pastes: what it means is for
a person to say. Source: promises.md, "Nothing lost", 4; product.md, attempt.
"""

from enum import StrEnum

import msgspec

MOST = 500
"""Entries that one attempt may leave; the rest is counted by nobody."""
MAX_SLOTS = 500
"""Slots that a paper has at most: what a room reports beyond is not believed."""
SILENT_AFTER = 90
"""Seconds without a sign after which a candidate counts as away."""


class Kind(StrEnum):
    """What can be on a timeline without moving the clock."""

    TAKEN_OVER = "taken_over"
    FOCUS_LOST = "focus_lost"
    FOCUS_BACK = "focus_back"
    PASTED = "pasted"
    COPIED = "copied"
    FULLSCREEN_LEFT = "fullscreen_left"
    SAFE_BROWSER = "safe_browser"
    CHECKED_IN = "checked_in"
    ADMITTED = "admitted"


REPORTED = frozenset({Kind.FOCUS_LOST, Kind.FOCUS_BACK, Kind.PASTED, Kind.COPIED, Kind.FULLSCREEN_LEFT})
"""What the room's script may report; the others are the server's own to say."""


class Sign(msgspec.Struct, frozen=True):
    """One report of the room: ``kind`` as in ``REPORTED``, the slot on the screen, ``ms`` how long (or how many characters)."""

    kind: str
    slot: int | None = None
    amount: int = 0


class Signal(msgspec.Struct, frozen=True):
    """A sign of life: the slot on the screen, how many answers wait on the device, whether the page is hidden, what happened."""

    slot: int | None = None
    waiting: int = 0
    hidden: bool = False
    signs: tuple[Sign, ...] = ()


def worth_keeping(signs: tuple[Sign, ...], kept: int) -> list[Sign]:
    """Those signs that go on the timeline of an attempt that has ``kept`` entries."""
    known = [sign for sign in signs if sign.kind in REPORTED]
    return known[: max(0, MOST - kept)]
