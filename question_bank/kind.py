"""The kinds of questions: how each is answered."""

from enum import StrEnum


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    ORDER = "order"
    MATCH = "match"
    FILL = "fill"
    SHORT = "short"
    SITUATIONAL = "situational"


ASKED = tuple(Kind)
"""The kinds that an exam can ask, in the order in which they are offered."""
PICKS_ONE = frozenset({Kind.SINGLE, Kind.TRUE_FALSE, Kind.SITUATIONAL})
"""Kinds answered with one option."""
WITHOUT_OPTIONS = frozenset({Kind.FILL, Kind.SHORT})
"""Kinds answered in one's own words."""
