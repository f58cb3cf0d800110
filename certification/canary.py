"""Trap questions: which item may be one, where they stand on a paper, and what an attempt shows of them.

A trap's key is wrong on purpose. It stands on a paper unscored and looks like
every other question, so that whoever answers by a stolen key shows it. What it
shows is a lead and never a verdict: somebody may simply have been mistaken.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from certification.layout import Slot
from question_bank.item import Kind, State

KINDS = frozenset({Kind.SINGLE, Kind.TRUE_FALSE, Kind.MULTIPLE, Kind.ORDER, Kind.MATCH})
"""Kinds whose answer is right or wrong without a person, and whose key nobody hits by writing freely."""
MOST = 10
"""Traps that one paper may carry."""


class Refusal(StrEnum):
    """Why an item does not become a trap, stop being one, or go on a paper."""

    UNKNOWN = "unknown"
    RETIRED = "retired"
    KIND = "kind"
    SCORED = "scored"
    ALREADY = "already"
    NOT_ONE = "not_one"
    IN_USE = "in_use"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Facts:
    """What is asked of an item: ``scored`` on how many papers it counts, ``in_use`` that a version of it can be drawn."""

    kind: Kind
    state: State
    in_use: bool
    canary: bool
    scored: int


def may_mark(item: Facts) -> Refusal | None:
    """Why the item cannot become a trap; None when it can, also before it is put to use, so that it is never drawn scored."""
    if item.canary:
        return Refusal.ALREADY
    if item.state is State.RETIRED:
        return Refusal.RETIRED
    if item.kind not in KINDS:
        return Refusal.KIND
    return Refusal.SCORED if item.scored else None


def may_unmark(item: Facts) -> Refusal | None:
    """Why the item must stay a trap: while it can be drawn, its wrong key would come to count."""
    if not item.canary:
        return Refusal.NOT_ONE
    return Refusal.IN_USE if item.in_use else None


def place(sections: Sequence[Mapping[str, Any]], versions: Sequence[int], seed: str) -> list[dict[str, Any]]:
    """The sections of a paper with ``versions`` as their traps, spread by lot; traps that were there before are gone."""
    dice = random.Random(seed)
    out = [{key: value for key, value in section.items() if key != "canaries"} for section in sections]
    filled = [index for index, section in enumerate(out) if section["slots"]]
    order: list[int] = []
    for version in versions:
        order = order or dice.sample(filled, len(filled))
        out[order.pop()].setdefault("canaries", []).append(version)
    return out


def on_paper(sections: Sequence[Mapping[str, Any]]) -> list[int]:
    """The traps of a paper."""
    return [version for section in sections for version in section.get("canaries", ())]


@dataclass(frozen=True)
class Trace:
    """In ``of`` traps of an attempt the trap's key was given ``chosen`` times."""

    chosen: int
    of: int


def trace(slots: Sequence[Slot], marks: Sequence[Sequence[Any]]) -> Trace:
    """What a graded attempt shows. ``marks``: [slot number, fraction, mark] as a result keeps them."""
    full = {number for number, fraction, _mark in marks if fraction == 1}
    traps = [number for number, slot in enumerate(slots, 1) if slot.unscored]
    return Trace(sum(number in full for number in traps), len(traps))
