"""Marking a question otherwise in one sitting, after it was held: what a ruling does, whom it touches, who may sign it.

A regrade is proposed by an officer and committed by a decider; grading then
reads it (``apply``). Several may be committed on one question: they are applied
in the order of commitment, and where two cannot both hold the later one does.
Source: ISO/IEC 17024, 9.2 and 9.3 (examinations that are fair, valid and
reliable; what is found afterwards is put right) and 4.3 (impartiality).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

import msgspec

from certification import licence
from certification.decision import Decider
from certification.grading import FULL, Key
from certification.layout import Slot
from question_bank.item import Kind as ItemKind


class Kind(StrEnum):
    """What is done about a question.

    VOID: it counts for nobody, its points leave mark and maximum. FULL_CREDIT:
    everybody earns it. EXTRA_KEY: a further answer earns as much, the old key
    still does. REWEIGHT: it is worth other points.
    """

    VOID = "void"
    FULL_CREDIT = "full_credit"
    EXTRA_KEY = "extra_key"
    REWEIGHT = "reweight"


class State(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    COMMITTED = "committed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Refusal(StrEnum):
    """Why a regrade is not proposed, not committed, not refused or not withdrawn."""

    CANCELLED = "cancelled"
    NOT_CLOSED = "not_closed"
    RUNNING = "running"
    UNSCORED = "unscored"
    POINTS = "points"
    STEP = "step"
    SAME_POINTS = "same_points"
    KEY = "key"
    KNOWN_KEY = "known_key"
    BY_HAND = "by_hand"
    SETTLED = "settled"
    PROPOSER = "proposer"
    NOT_PROPOSER = "not_proposer"
    SELF = "self"
    INVOLVED = "involved"
    OWN_COMPANY = "own_company"
    MOVED = "moved"
    NOTE = "note"
    UNDECIDED = "undecided"


class Change(StrEnum):
    """What a regrade does to somebody's result, the gravest first."""

    FAILS = "fails"
    FALLS = "falls"
    PASSES = "passes"
    RISES = "rises"
    MARK = "mark"


class Deed(StrEnum):
    """What a decider may do about a licence that a regrade touches."""

    KEEP = "keep"
    REVOKE = "revoke"
    REDUCE = "reduce"
    UPGRADE = "upgrade"


MAX_POINTS, STEP = 100, 0.5
_PAIR = re.compile("([A-Za-z])[ :=–-]*([0-9]{1,3})")


@dataclass(frozen=True)
class Ruling:
    """A committed regrade as grading reads it. ``detail``: {"key": …} of an extra key, {"points": …} of a reweight, else empty."""

    version: int
    kind: Kind
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class _Held:
    """Where the rulings on one question have led."""

    void: bool = False
    full: bool = False
    points: float | None = None
    also: tuple[Any, ...] = ()


def _after(held: _Held, ruling: Ruling) -> _Held:
    """The next ruling: a void undoes a credit, anything else makes the question count again, a further key asks for answers again."""
    match ruling.kind:
        case Kind.VOID:
            return replace(held, void=True, full=False)
        case Kind.FULL_CREDIT:
            return replace(held, void=False, full=True)
        case Kind.EXTRA_KEY:
            return replace(held, void=False, full=False, also=(*held.also, ruling.detail["key"]))
        case Kind.REWEIGHT:
            return replace(held, void=False, points=float(ruling.detail["points"]))


def apply(
    slots: Sequence[Slot], keys: Mapping[int, Key], rulings: Iterable[Ruling]
) -> tuple[tuple[Slot, ...], dict[int, Key], dict[int, Fraction]]:
    """Slots, keys and given fractions (by slot number) as ``rulings``, in the order of their commitment, leave them.

    A slot that never counted (a trap) never will.
    """
    held: dict[int, _Held] = {}
    for ruling in rulings:
        held[ruling.version] = _after(held.get(ruling.version, _Held()), ruling)
    ruled = {slot.version: held[slot.version] for slot in slots if slot.version in held and not slot.unscored}
    new = {version: replace(key, also=(*key.also, *ruled[version].also)) if version in ruled else key for version, key in keys.items()}
    given = {number: FULL for number, slot in enumerate(slots, 1) if slot.version in ruled and ruled[slot.version].full}
    return tuple(_slot(slot, ruled.get(slot.version)) for slot in slots), new, given


def _slot(slot: Slot, held: _Held | None) -> Slot:
    if held is None or slot.unscored:
        return slot
    return msgspec.structs.replace(slot, unscored=held.void, points=slot.points if held.points is None else held.points)


# Whom it touches


@dataclass(frozen=True)
class Outcome:
    """What a result says to the outside."""

    mark: float
    points: float
    passed: bool
    grade: str | None


@dataclass(frozen=True)
class Flip:
    """One person's result before and after."""

    attempt: str
    before: Outcome
    after: Outcome
    change: Change


def change(before: Outcome, after: Outcome) -> Change | None:
    """The gravest that happens between two results; None when they are the same."""
    if before.passed != after.passed:
        return Change.PASSES if after.passed else Change.FAILS
    if before.grade != after.grade:
        return Change.RISES if after.grade == licence.Grade.EXCELLENT else Change.FALLS
    return Change.MARK if (before.mark, before.points) != (after.mark, after.points) else None


def flips(before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> list[Flip]:
    """Everybody whose result changes, by attempt: the gravest changes first, then by attempt."""
    order = list(Change)
    found = [(attempt, one, after[attempt], change(one, after[attempt])) for attempt, one in before.items() if attempt in after]
    hit = [Flip(attempt, old, new, what) for attempt, old, new, what in found if what is not None]
    return sorted(hit, key=lambda flip: (order.index(flip.change), flip.attempt))


LIVING = frozenset({licence.State.ACTIVE, licence.State.EXPIRING, licence.State.SUSPENDED})


def deeds(what: Change, standing: licence.State, grade: str | None) -> tuple[Deed, ...]:
    """What may be done about a licence that this result earned, keeping it first; nothing when it is not touched or is over."""
    if what is Change.FAILS and standing in LIVING | {licence.State.EXPIRED}:
        return Deed.KEEP, Deed.REVOKE
    if standing not in LIVING:
        return ()
    if what is Change.FALLS and grade == licence.Grade.EXCELLENT:
        return Deed.KEEP, Deed.REDUCE
    if what is Change.RISES and grade == licence.Grade.QUALIFIED:
        return Deed.KEEP, Deed.UPGRADE
    return ()


# Who may, and when


def may_propose(closes: datetime, running: int, cancelled: bool, now: datetime) -> Refusal | None:
    """Why no regrade may be proposed for a sitting yet; ``running`` attempts of people with extra time may outlast it."""
    if cancelled:
        return Refusal.CANCELLED
    return Refusal.NOT_CLOSED if now < closes else Refusal.RUNNING if running else None


def may_decide(
    decider: Decider, state: State, proposed_by: int, touched: Iterable[tuple[int, int]], involved: Collection[int] = ()
) -> Refusal | None:
    """Why this account may not sign or refuse a proposal.

    ``touched``: (person, company) of everybody whose result changes; ``involved``: accounts that held the sitting or wrote the question.
    """
    if state is not State.PROPOSED:
        return Refusal.SETTLED
    if decider.account_id == proposed_by:
        return Refusal.PROPOSER
    people = list(touched)
    if any(person == decider.person_id for person, _company in people):
        return Refusal.SELF
    if decider.account_id in involved:
        return Refusal.INVOLVED
    if not decider.company_is_operator and any(company == decider.company_id for _person, company in people):
        return Refusal.OWN_COMPANY
    return None


# What was typed


def check(kind: Kind, item_kind: str, known: Key, points: float, void: bool, detail: Mapping[str, Any]) -> Refusal | None:
    """Why a proposal makes no sense for a question that is worth ``points`` now and judged by ``known``; ``void``: it counts for nobody."""
    if kind is Kind.VOID:
        return Refusal.UNSCORED if void else None
    if kind is Kind.REWEIGHT:
        worth = detail.get("points")
        if not isinstance(worth, int | float) or not 0 < worth <= MAX_POINTS:
            return Refusal.POINTS
        return Refusal.STEP if worth % STEP else Refusal.SAME_POINTS if worth == points and not void else None
    if kind is Kind.EXTRA_KEY:
        if item_kind == ItemKind.SHORT:
            return Refusal.BY_HAND
        return Refusal.KEY if detail.get("key") is None else Refusal.KNOWN_KEY if _is_known(item_kind, known, detail["key"]) else None
    return None


def _is_known(item_kind: str, known: Key, key: Any) -> bool:
    keys = (known.key, *known.also)
    if item_kind in (ItemKind.SINGLE, ItemKind.TRUE_FALSE):
        return any(set(key) <= set(one) for one in keys)
    if item_kind == ItemKind.MULTIPLE:
        return any(set(key) == set(one) for one in keys)
    if item_kind == ItemKind.ORDER:
        return any(list(key) == list(one) for one in keys)
    return any(key == one for one in keys)


def further_key(
    kind: str, picked: Sequence[str], typed: str, codes: Sequence[str], right: Sequence[str] = (), blanks: int = 1
) -> Any | None:
    """A further key in the shape of its kind (formats.md), or None when it cannot be read.

    ``picked`` are option codes (single, true/false, multiple, situational);
    ``typed`` is read for the others: letters in order ("B A C"), pairs of a
    letter and a number ("A2 B1"), or one text a line for each of ``blanks``.
    """
    if kind in (ItemKind.SINGLE, ItemKind.TRUE_FALSE):
        return list(picked) if len(picked) == 1 else None
    if kind == ItemKind.SITUATIONAL:
        return {picked[0]: 1} if len(picked) == 1 else None
    if kind == ItemKind.MULTIPLE:
        return [code for code in codes if code in picked] or None
    if kind == ItemKind.FILL:
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        return [[line] for line in lines] if len(lines) == blanks else None
    signs = [sign.upper() for sign in typed if sign.isascii() and sign.isalnum()]
    if kind == ItemKind.ORDER:
        order = [_at(codes, ord(sign) - ord("A")) for sign in signs]
        return order if sorted(map(str, order)) == sorted(codes) else None
    if kind == ItemKind.MATCH:
        pairs = _PAIR.findall(typed)
        once = len(pairs) == len(codes) and not _PAIR.sub("", typed).strip(" \t\r\n,;，；、。")  # no letter twice, nothing left over
        found = {_at(codes, ord(letter.upper()) - ord("A")): _at(right, int(number) - 1) for letter, number in pairs}
        return found if once and set(found) == set(codes) and None not in found.values() else None
    return None


def _at(codes: Sequence[str], index: int) -> str | None:
    return codes[index] if 0 <= index < len(codes) else None
