"""How much of an item an answer earns that is partly right: named policies, chosen by each programme for each kind.

The names are public (docs/formats.md, "Partial credit"). Every share is exact
and lies in 0–1. Unless a programme says otherwise everything counts all or
nothing; nothing chosen earns nothing under every policy.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

import msgspec

NONE, HALF, FULL = Fraction(0), Fraction(1, 2), Fraction(1)


class Multiple(StrEnum):
    """Questions with several right options."""

    ALL_OR_NOTHING = "all_or_nothing"
    SHARE_UNLESS_WRONG = "share_unless_wrong"
    HALF_UNLESS_WRONG = "half_unless_wrong"
    RIGHT_MINUS_WRONG = "right_minus_wrong"
    PER_OPTION = "per_option"


class Order(StrEnum):
    """Questions that put steps in order."""

    EXACT = "exact"
    ADJACENT_PAIRS = "adjacent_pairs"
    POSITIONS = "positions"


class Match(StrEnum):
    """Questions that match two sides."""

    EXACT = "exact"
    SHARE = "share"


class Fill(StrEnum):
    """Questions with gaps."""

    ALL = "all"
    SHARE = "share"


class Scoring(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A programme's choice."""

    multiple: Multiple = Multiple.ALL_OR_NOTHING
    order: Order = Order.EXACT
    match: Match = Match.EXACT
    fill: Fill = Fill.ALL


def multiple(right: Collection[str], chosen: Collection[str], options: int, policy: Multiple) -> Fraction:
    """The share of a question with ``options`` options, ``right`` of which are to be chosen."""
    wanted, picked = set(right), set(chosen)
    if not picked:
        return NONE
    return _MULTIPLE[policy](len(picked & wanted), len(picked - wanted), len(wanted), options)


_MULTIPLE: dict[Multiple, Callable[[int, int, int, int], Fraction]] = {
    Multiple.ALL_OR_NOTHING: lambda hits, wrong, right, _options: FULL if hits == right and not wrong else NONE,
    Multiple.SHARE_UNLESS_WRONG: lambda hits, wrong, right, _options: NONE if wrong else Fraction(hits, right),
    Multiple.HALF_UNLESS_WRONG: lambda hits, wrong, right, _options: NONE if wrong else FULL if hits == right else HALF,
    Multiple.RIGHT_MINUS_WRONG: lambda hits, wrong, right, _options: max(NONE, Fraction(hits - wrong, right)),
    Multiple.PER_OPTION: lambda hits, wrong, right, options: Fraction(options - wrong - (right - hits), options),
}


def order(right: Sequence[str], given: Sequence[str], policy: Order) -> Fraction:
    """The share of an order: the whole, the neighbours that follow each other rightly, or the places that are right."""
    if policy is Order.EXACT or len(right) < 2:
        return FULL if list(given) == list(right) else NONE
    if policy is Order.POSITIONS:
        return Fraction(sum(one == other for one, other in zip(right, given, strict=False)), len(right))
    pairs = set(pairwise(right))
    return Fraction(sum(pair in pairs for pair in pairwise(given)), len(right) - 1)


def match(right: Mapping[str, str], given: Mapping[str, str], policy: Match) -> Fraction:
    """The share of a match: the whole, or the pairs that are right."""
    if policy is Match.EXACT:
        return FULL if dict(given) == dict(right) else NONE
    return Fraction(sum(given.get(one) == other for one, other in right.items()), len(right))


def fill(right: Sequence[bool], policy: Fill) -> Fraction:
    """The share of a question with gaps, ``right`` or not: the whole, or the gaps that are right."""
    if policy is Fill.ALL:
        return FULL if right and all(right) else NONE
    return Fraction(sum(right), len(right))
