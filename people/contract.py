"""The life of a contract, and who may be on its roster when.

Sources: 000, art. 12 (partner staff are assessed before the contract is
signed; our policy R2: a contract is not signed while anybody on its roster is
uncertified) and art. 19 (what is taken back when a contract ends without
renewal). The table of cases is docs/contracts.md.

People draft a contract, confirm that its whole roster is certified, sign it,
withdraw a signature before the first day and break a contract off. The rest
the calendar does: a contract runs from ``starts``, is ending in its last days
and ended at ``ends``. That is derived, so a reader is never a sweep behind;
the sweep writes it down afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


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
    NO_PROGRAMME = "no_programme"
    NOBODY = "nobody"
    UNCERTIFIED = "uncertified"
    NO_REASON = "no_reason"
    OVER = "over"
    OUTSIDE = "outside"
    ON_ROSTER = "on_roster"
    BEFORE_START = "before_start"
    SAME_END = "same_end"


MOVES: dict[State, tuple[State, ...]] = {
    State.DRAFT: (State.CERTIFIED_ROSTER, State.SIGNED),
    State.CERTIFIED_ROSTER: (State.SIGNED, State.DRAFT),
    State.SIGNED: (State.DRAFT,),
    State.RUNNING: (State.ENDED,),
    State.ENDING: (State.ENDED,),
    State.ENDED: (),
}
"""What people may do; the calendar moves the rest. Signing a draft confirms its roster in the same act."""

EXPLAINED = frozenset({(State.SIGNED, State.DRAFT), (State.RUNNING, State.ENDED), (State.ENDING, State.ENDED)})
"""Moves that need a reason: withdrawing a signature before the first day, and breaking off."""
WAS_SIGNED = frozenset({State.SIGNED, State.RUNNING, State.ENDING, State.ENDED})
OPEN_END = frozenset({State.SIGNED, State.RUNNING, State.ENDING})
"""Where the last day may still be moved, with a reason; a draft is simply edited."""


@dataclass(frozen=True)
class Stay:
    """A time ``[starts, ends)``, open when ``ends`` is None: a contract's term, or somebody's time on a roster."""

    starts: datetime
    ends: datetime | None


@dataclass(frozen=True)
class Term:
    """A contract's days, ``[starts, ends)``."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Roster:
    """How many are on a roster, how many of them lack a licence in force, and how many programmes the contract asks for."""

    people: int
    uncertified: int
    programmes: int = 1

    @property
    def certified(self) -> bool:
        """Whether somebody is there, something is asked for and nobody lacks it."""
        return bool(self.people and self.programmes) and not self.uncertified


@dataclass(frozen=True)
class Step:
    """A move that the calendar or the roster makes by itself, in effect since ``since``."""

    before: State
    after: State
    since: datetime


class Noted(Protocol):
    """An entry of a contract's history, as ``ContractEvent`` keeps it."""

    before: str
    at: datetime
    facts: dict[str, object]


def by_clock(state: State, term: Term, at: datetime, ending_days: int) -> tuple[Step, ...]:
    """The moves that the calendar has made by ``at``: begun, in its last ``ending_days``, over, or out of them again when prolonged."""
    soon = max(term.starts, term.ends - timedelta(days=ending_days))
    if state is State.ENDING and at < soon:
        return (Step(state, State.RUNNING, at),)
    line = [(State.SIGNED, term.starts), (State.RUNNING, term.starts), (State.ENDING, soon), (State.ENDED, term.ends)]
    states = [name for name, _since in line]
    if state not in states:
        return ()
    steps: list[Step] = []
    for after, since in line[states.index(state) + 1 :]:
        if since > at:
            break
        steps.append(Step(steps[-1].after if steps else state, after, since))
    return tuple(steps)


def due(state: State, term: Term, roster: Roster, at: datetime, ending_days: int) -> tuple[Step, ...]:
    """The moves that have come by themselves: those of the calendar, and back to draft when a confirmed roster no longer holds."""
    if state is State.CERTIFIED_ROSTER and not roster.certified:
        return (Step(state, State.DRAFT, at),)
    return by_clock(state, term, at, ending_days)


def current(state: State, steps: Sequence[Step]) -> State:
    """Where a contract kept as ``state`` stands after ``steps``."""
    return steps[-1].after if steps else state


def unfit(term: Term, roster: Roster, at: datetime) -> Refusal | None:
    """Why a roster cannot be confirmed, nor the contract signed."""
    if term.ends <= at:
        return Refusal.OVER
    if not roster.programmes:
        return Refusal.NO_PROGRAMME
    if not roster.people:
        return Refusal.NOBODY
    return Refusal.UNCERTIFIED if roster.uncertified else None


def move(state: State, to: State, term: Term, roster: Roster, at: datetime, reason: str = "") -> tuple[State, ...] | Refusal:
    """The states that a contract takes, in order, when somebody moves it on; ``state`` is where it stands at ``at``."""
    if to not in MOVES[state]:
        return Refusal.NO_SUCH_MOVE
    if (state, to) in EXPLAINED and not reason.strip():
        return Refusal.NO_REASON
    if to in {State.CERTIFIED_ROSTER, State.SIGNED} and (refusal := unfit(term, roster, at)):
        return refusal
    return (State.CERTIFIED_ROSTER, to) if state is State.DRAFT and to is State.SIGNED else (to,)


def broken_off(term: Term, at: datetime) -> datetime:
    """The end of a contract that is broken off at ``at``; a term is never empty."""
    return max(at, term.starts + timedelta(seconds=1))


def edit(state: State) -> Refusal | None:
    """Whether title, days, programmes and renewal may be changed: only of a draft."""
    return None if state is State.DRAFT else Refusal.NO_SUCH_MOVE


def shift_end(state: State, term: Term, ends: datetime, at: datetime, reason: str) -> Refusal | None:
    """Whether a signed contract may end at ``ends`` instead: in the future, after its start, and with a reason."""
    if state not in OPEN_END:
        return Refusal.NO_SUCH_MOVE
    if ends <= term.starts:
        return Refusal.BEFORE_START
    if ends <= at:
        return Refusal.OVER
    if ends == term.ends:
        return Refusal.SAME_END
    return None if reason.strip() else Refusal.NO_REASON


def renewed(ends: datetime, successors: Iterable[tuple[State, datetime]]) -> bool:
    """Whether a contract that ends at ``ends`` goes on in one of its ``successors`` (state, starts): signed, and no day between.

    Then nothing is taken back at its end (art. 19).
    """
    return any(state in WAS_SIGNED and starts <= ends for state, starts in successors)


def renewable(contract_id: int | None, renews: Mapping[int, int | None]) -> list[int]:
    """Which contracts of ``renews`` (id: the one it renews) ``contract_id`` may renew: not itself, nor one that renews it in turn."""
    found = []
    for candidate in renews:
        line, at = {candidate}, renews[candidate]
        while at is not None and at not in line:
            line.add(at)
            at = renews.get(at)
        if contract_id not in line:
            found.append(candidate)
    return found


def as_of(state: State, ends: datetime, events: Sequence[Noted], at: datetime) -> tuple[State, datetime]:
    """The state and the end that had been recorded by ``at``, from what is kept now and all ``events``, oldest first.

    A document that brought the contract tells what was so before it: it is not turned back.
    """
    for event in reversed(events):
        if event.at <= at:
            break
        if event.before or not event.facts.get("document"):
            state = State(event.before or State.DRAFT)
        change = event.facts.get("ends")
        if isinstance(change, list | tuple):
            ends = datetime.fromisoformat(str(change[0]))
    return state, ends


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
