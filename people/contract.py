"""The life of a contract, and who may be on its roster when.

Sources: 000, art. 12 (partner staff are assessed before the contract is
signed; our policy R2: a contract is not marked signed while anybody on its
roster is uncertified); the states are those of ``people.roster``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a contract stands, in order."""

    DRAFT = "draft"
    CERTIFIED_ROSTER = "certified_roster"
    SIGNED = "signed"
    RUNNING = "running"
    ENDING = "ending"
    ENDED = "ended"


class Refusal(StrEnum):
    """Why something cannot be done under a contract."""

    NO_SUCH_MOVE = "no_such_move"
    NOBODY = "nobody"
    UNCERTIFIED = "uncertified"
    OVER = "over"
    OUTSIDE = "outside"
    ON_ROSTER = "on_roster"
    BEFORE_START = "before_start"


MOVES: dict[State, tuple[State, ...]] = {
    State.DRAFT: (State.SIGNED,),
    State.CERTIFIED_ROSTER: (State.SIGNED, State.DRAFT),
    State.SIGNED: (State.RUNNING,),
    State.RUNNING: (State.ENDING, State.ENDED),
    State.ENDING: (State.RUNNING, State.ENDED),
    State.ENDED: (),
}
"""What follows what; ``certified_roster`` is only ever set by documents, a page sees it in the standings."""


@dataclass(frozen=True)
class Stay:
    """Somebody's time on a roster, ``[starts, ends)``, open when ``ends`` is None."""

    starts: datetime
    ends: datetime | None


def move(state: State, to: State, on_roster: int, uncertified: int) -> Refusal | None:
    """Whether a contract may go from ``state`` to ``to``; signing asks that everybody on its roster is certified."""
    if to not in MOVES[state]:
        return Refusal.NO_SUCH_MOVE
    if to is State.SIGNED:
        return Refusal.NOBODY if not on_roster else Refusal.UNCERTIFIED if uncertified else None
    return None


def enter(state: State, term: Stay, stays: Sequence[Stay], starts: datetime) -> Refusal | None:
    """Whether somebody with ``stays`` on this roster may join it from ``starts`` on, under a contract of ``term``."""
    if state is State.ENDED:
        return Refusal.OVER
    if starts < term.starts or (term.ends is not None and starts >= term.ends):
        return Refusal.OUTSIDE
    if any(stay.ends is None or stay.ends > starts for stay in stays):
        return Refusal.ON_ROSTER
    return None


def leave(stay: Stay, ends: datetime) -> Refusal | None:
    """Whether a stay may end at ``ends``: not before it began."""
    return Refusal.BEFORE_START if ends < stay.starts else None
