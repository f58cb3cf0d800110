"""A sitting's clock and door: who may start and when, which answer is kept (``timing`` tells until when).

The window is half-open: ``[opens, closes)``. An attempt that starts inside it
may run to its deadline, which is never later than the window's end (both moved
by time credit). A response counts when it was *received* before deadline +
grace, whenever it comes to be written. Source: product.md, "Settled points",
Deadline; surface.md, "Attempt".
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from certification.layout import Paper, canonical, fits

MAX_ANSWER = 20_000
"""Bytes of canonical JSON that one answer may have."""
MAX_SEQ = 2**31 - 1
NOTHING = timedelta()
START_OF_CHAIN = bytes(32)
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class State(StrEnum):
    """Where an attempt stands."""

    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    CLOSED_BY_DEADLINE = "closed_by_deadline"
    INVALIDATED = "invalidated"


RUNNING = frozenset({State.IN_PROGRESS, State.PAUSED})


class Refusal(StrEnum):
    """Why an attempt cannot be started, resumed or handed in."""

    NOT_BOOKED = "not_booked"
    CANCELLED = "cancelled"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    ENTRY_CODE = "entry_code"
    CHECK_IN = "check_in"
    SAFE_BROWSER = "safe_browser"
    ALREADY_ENDED = "already_ended"
    PAUSED = "paused"
    INVALIDATED = "invalidated"


class Code(StrEnum):
    """Why one response was not kept; ``read_only`` is for a device that another one took over from."""

    LATE = "late"
    STALE = "stale"
    SEQ_CONFLICT = "seq_conflict"
    BAD_SHAPE = "bad_shape"
    CLOSED = "closed"
    PAUSED = "paused"
    READ_ONLY = "read_only"
    UNKNOWN_SLOT = "unknown_slot"


EVIDENCE = frozenset({Code.LATE, Code.CLOSED, Code.PAUSED, Code.READ_ONLY})
"""Refusals that say nothing against the answer itself."""
MAX_EVIDENCE = 1000
"""Answers that one attempt may leave as evidence."""


@dataclass(frozen=True)
class Refused:
    """A refusal and, where there is one, the instant at which it next changes."""

    code: Refusal
    until: datetime | None = None


@dataclass(frozen=True)
class Window:
    """When a sitting takes place, ``[opens, closes)``, and whether it was called off."""

    opens: datetime
    closes: datetime
    cancelled: bool = False


def code_matches(wanted: str | None, given: str) -> bool:
    """Whether the entry code is right, compared in constant time; width and case of letters do not count."""
    return wanted is None or hmac.compare_digest(_typed(wanted), _typed(given))


def _typed(code: str) -> bytes:
    return unicodedata.normalize("NFKC", code).strip().casefold().encode()


def may_start(
    window: Window, booked: bool, knows_code: bool, now: datetime, checked_in: bool = True, proven: bool = True
) -> Refused | None:
    """Whether a person may begin at ``now``; None means yes.

    ``checked_in``: an officer has seen them, or need not; ``proven``: the
    lockdown browser is in use, or is not demanded.
    """
    if not booked:
        return Refused(Refusal.NOT_BOOKED)
    if window.cancelled:
        return Refused(Refusal.CANCELLED)
    if now < window.opens:
        return Refused(Refusal.NOT_OPEN, window.opens)
    if now >= window.closes:
        return Refused(Refusal.CLOSED)
    if not checked_in:
        return Refused(Refusal.CHECK_IN)
    if not proven:
        return Refused(Refusal.SAFE_BROWSER)
    return None if knows_code else Refused(Refusal.ENTRY_CODE)


def may_go_on(state: State) -> Refused | None:
    """Whether an attempt that was begun may be gone on with; None means yes."""
    if state is State.IN_PROGRESS:
        return None
    return Refused({State.PAUSED: Refusal.PAUSED, State.INVALIDATED: Refusal.INVALIDATED}.get(state, Refusal.ALREADY_ENDED))


def may_submit(state: State) -> Refused | None:
    """Whether a hand-in is answered with a receipt, the first time or again; None means yes."""
    refusal = may_go_on(state)
    return None if refusal and refusal.code is Refusal.ALREADY_ENDED else refusal


def is_overdue(state: State, limit: datetime, now: datetime) -> bool:
    """Whether a running attempt is to be closed: nothing received from ``limit`` (deadline + grace) on counts."""
    return state is State.IN_PROGRESS and now >= limit


class Response(msgspec.Struct, frozen=True):
    """One answer as the client sends it; ``seq`` grows per slot on the client."""

    slot: int
    seq: int
    answer: Any


class Step(msgspec.Struct, frozen=True):
    """One answer as it is kept: ``answer`` is canonical JSON."""

    slot: int
    seq: int
    answer: str


@dataclass(frozen=True)
class Accepted:
    """``steps`` are new; ``saved`` are to be acknowledged, repeats among them; ``refused`` are not kept."""

    steps: list[Step] = field(default_factory=list)
    saved: list[Step] = field(default_factory=list)
    refused: list[tuple[Response, Code]] = field(default_factory=list)


def accept(
    state: State, limit: datetime, paper: Paper, latest: Mapping[int, Step | None], responses: Iterable[Response], received: datetime,
    writes: bool = True,
) -> Accepted:
    """Sort responses into those to keep and those to refuse.

    ``limit`` is deadline + grace; ``latest`` the newest kept step of each slot;
    ``writes`` is False for a device that another one took over from.
    What was received in time counts even when the system closed the attempt
    while the response waited its turn; after a hand-in nothing does.
    """
    known = dict(latest)
    out = Accepted()
    shut = _shut(state, limit, received) or (None if writes else Code.READ_ONLY)
    if shut:
        out.refused.extend((response, shut) for response in responses)
        return out
    for response in responses:
        newest = known.get(response.slot)
        verdict = _judge(paper, newest, response)
        if isinstance(verdict, Code):
            out.refused.append((response, verdict))
            continue
        out.saved.append(verdict)
        if verdict is not newest:
            out.steps.append(verdict)
            known[response.slot] = verdict
    return out


def _shut(state: State, limit: datetime, received: datetime) -> Code | None:
    if state is State.PAUSED:
        return Code.PAUSED
    if state in (State.SUBMITTED, State.INVALIDATED):
        return Code.CLOSED
    return Code.LATE if received >= limit else None


def evidence(paper: Paper, refused: Iterable[tuple[Response, Code]]) -> list[tuple[Step, Code]]:
    """Those refused responses that are kept as evidence: well formed, and refused for their time, the state or the device."""
    told = [(_judge(paper, None, response), code) for response, code in refused if code in EVIDENCE]
    return [(step, code) for step, code in told if isinstance(step, Step)]


def _judge(paper: Paper, newest: Step | None, response: Response) -> Step | Code:
    """The step that keeps the response (the newest one itself when it is repeated), or why there is none."""
    slot, seq, answer = response.slot, response.seq, response.answer
    if not 0 < slot <= len(paper.slots):
        return Code.UNKNOWN_SLOT
    if not 0 < seq <= MAX_SEQ or not fits(paper, slot, answer):
        return Code.BAD_SHAPE
    text = canonical(answer)
    if len(text) > MAX_ANSWER // 4 and len(text.encode()) > MAX_ANSWER:
        return Code.BAD_SHAPE
    if newest is None or seq > newest.seq:
        return Step(slot, seq, text)
    if seq < newest.seq:
        return Code.STALE
    return newest if newest.answer == text else Code.SEQ_CONFLICT


def fingerprints(attempt: str, steps: Iterable[Step]) -> list[str]:
    """What acknowledgements carry: SHA-256 (hex) of the canonical JSON ``[attempt, slot, seq, answer]`` of each step."""
    name = canonical(attempt)
    return [hashlib.sha256(f"[{name},{step.slot},{step.seq},{step.answer}]".encode()).hexdigest() for step in steps]


def link(chain: bytes, steps: Iterable[Step], received: datetime) -> bytes:
    """The head of an attempt's hash chain after ``steps``: each link covers the one before it and the whole step."""
    micros = (received - _EPOCH) // _MICROSECOND
    for step in steps:
        chain = hashlib.sha256(chain + f"[{step.slot},{step.seq},{step.answer},{micros}]".encode()).digest()
    return chain


def digest(steps: Iterable[Step]) -> str:
    """What a receipt carries: SHA-256 (hex) of the canonical JSON ``[[slot, seq, answer], …]`` of the newest steps, by slot."""
    rows = ",".join(f"[{step.slot},{step.seq},{step.answer}]" for step in sorted(steps, key=lambda step: step.slot))
    return hashlib.sha256(f"[{rows}]".encode()).hexdigest()


def answers(steps: Iterable[Step]) -> dict[int, Any]:
    """What the newest steps say, by slot; cleared ones are None."""
    return {step.slot: msgspec.json.decode(step.answer) for step in steps}
