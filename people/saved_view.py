"""Lists that somebody narrowed and keeps under a name."""

from enum import StrEnum

MOST = 30
"""Views of one page that an account may keep."""
LONGEST_NAME = 40
LONGEST_QUERY = 2000


class Refusal(StrEnum):
    """Why a view is not kept."""

    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    TAKEN = "taken"


def refusal(known: bool, kept: int, query: str) -> Refusal | None:
    """Whether a view may be kept beside ``kept`` others; one that is ``known`` is only changed."""
    if len(query) > LONGEST_QUERY:
        return Refusal.TOO_LONG
    return Refusal.TOO_MANY if not known and kept >= MOST else None
