"""Logo items in custody: when they may be issued, what closes them, when they are to be given back.

Source: 000, art. 19 (and 20 for the tool bag): a partner uses the operator's
logo only after the company has signed the responsibility agreement, only during
support work, and the items are taken back when the contract ends and is not
renewed. That each person signs for each item, that open items and losses which
nobody settled block the next issue, and that items go back when somebody is on
no roster of the company any more is the product's own policy (R5).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from people.contract import Stay
from people.roster import IN_FORCE

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of numbers that are read out over the telephone: no I, L, O, U."""
MOST = 20
"""Items on one receipt."""
LABEL = 80


class Kind(StrEnum):
    """What bears the logo."""

    UNIFORM = "uniform"
    BADGE = "badge"
    TOOL_BAG = "tool_bag"
    HELMET = "helmet"
    OTHER = "other"


class State(StrEnum):
    """What became of an item."""

    ISSUED = "issued"
    RETURNED = "returned"
    LOST = "lost"


class Refusal(StrEnum):
    """Why something is not signed, issued, returned, reported or settled."""

    SIGNED_ALREADY = "signed_already"
    CONTRACT_OVER = "contract_over"
    IN_FUTURE = "in_future"
    NO_AGREEMENT = "no_agreement"
    CONTRACT_NOT_IN_FORCE = "contract_not_in_force"
    NOT_ON_ROSTER = "not_on_roster"
    OPEN_ITEMS = "open_items"
    UNSETTLED_LOSS = "unsettled_loss"
    NO_ITEMS = "no_items"
    TOO_MANY = "too_many"
    NO_ASSIGNMENT = "no_assignment"
    CLOSED = "closed"
    NOT_LOST = "not_lost"


class Due(StrEnum):
    """Why an open item is to be given back now."""

    CONTRACT_OVER = "contract_over"
    OFF_ROSTER = "off_roster"


@dataclass(frozen=True)
class Term:
    """A contract's state and time ``[starts, ends)``; ``ended`` is when it was ended early, None when it was not or nobody knows."""

    state: str
    starts: datetime
    ends: datetime
    ended: datetime | None = None


@dataclass(frozen=True)
class Item:
    """An item of a receipt as it stands."""

    state: State
    settled: bool = False


@dataclass(frozen=True)
class Wanted:
    """An item to be issued."""

    kind: Kind
    label: str = ""


@dataclass(frozen=True)
class Facts:
    """What an issue rests on.

    The contract, when its agreement was signed, the person's times on its
    roster, and what they were issued on any receipt.
    """

    term: Term
    signed: datetime | None
    stays: Sequence[Stay]
    held: Sequence[Item]


def in_force(term: Term, now: datetime) -> bool:
    """Whether support work is done under the contract at ``now``."""
    return term.state in IN_FORCE and term.starts <= now < term.ends


def over(term: Term, now: datetime) -> datetime | None:
    """When the contract ended; None while it has not."""
    if term.state == "ended":
        return min(term.ended or term.ends, term.ends, now)
    return term.ends if term.ends <= now else None


def may_sign(term: Term, signed: datetime | None, day: datetime, now: datetime) -> Refusal | None:
    """Why the company's agreement is not taken as signed on ``day``; None when it is."""
    if signed is not None:
        return Refusal.SIGNED_ALREADY
    if over(term, now) is not None:
        return Refusal.CONTRACT_OVER
    return Refusal.IN_FUTURE if day > now else None


def barriers(facts: Facts, now: datetime) -> tuple[Refusal, ...]:
    """Everything that stands against issuing items to a person at ``now``, whatever the items."""
    found = (
        (Refusal.NO_AGREEMENT, facts.signed is None or facts.signed > now),
        (Refusal.CONTRACT_NOT_IN_FORCE, not in_force(facts.term, now)),
        (Refusal.NOT_ON_ROSTER, not any(stay.starts <= now and (stay.ends is None or now < stay.ends) for stay in facts.stays)),
        (Refusal.OPEN_ITEMS, any(item.state is State.ISSUED for item in facts.held)),
        (Refusal.UNSETTLED_LOSS, any(item.state is State.LOST and not item.settled for item in facts.held)),
    )
    return tuple(refusal for refusal, stands in found if stands)


def may_issue(facts: Facts, items: Sequence[Wanted], assignment: str, now: datetime) -> tuple[Refusal, ...]:
    """Everything that stands against issuing ``items`` for ``assignment``; empty when they may be issued."""
    asked = (
        (Refusal.NO_ITEMS, not items),
        (Refusal.TOO_MANY, len(items) > MOST),
        (Refusal.NO_ASSIGNMENT, not assignment.strip()),
    )
    return (*barriers(facts, now), *(refusal for refusal, stands in asked if stands))


def may_return(item: Item) -> Refusal | None:
    """Why an item cannot be taken back. One that was lost may be found until its loss is settled."""
    open_or_found = item.state is State.ISSUED or (item.state is State.LOST and not item.settled)
    return None if open_or_found else Refusal.CLOSED


def may_report(item: Item) -> Refusal | None:
    """Why an item cannot be reported lost."""
    return None if item.state is State.ISSUED else Refusal.CLOSED


def may_settle(item: Item) -> Refusal | None:
    """Why a loss cannot be settled."""
    return None if item.state is State.LOST and not item.settled else Refusal.NOT_LOST


def due_back(chain: Sequence[Term], now: datetime) -> datetime | None:
    """Since when items issued under ``chain[0]`` are to be given back; None while they may be kept.

    ``chain``: the contract and the contracts that renew it, each the renewal of
    the one before. A renewal counts once it is signed; a draft is none.
    """
    ended = over(chain[0], now)
    for term in chain[1:]:
        if term.state not in IN_FORCE and term.state != "ended":
            break
        ended = over(term, now)
    return ended


def chain(contract_id: int, terms: Mapping[int, Term], renewals: Mapping[int, Sequence[int]]) -> list[Term]:
    """A contract's term and those of its signed renewals, for ``due_back``; of several renewals the one that ends last."""
    found, seen, at = [terms[contract_id]], {contract_id}, contract_id
    while True:
        signed = [id_ for id_ in renewals.get(at, ()) if id_ not in seen and (terms[id_].state in IN_FORCE or terms[id_].state == "ended")]
        if not signed:
            return found
        at = max(signed, key=lambda id_: (terms[id_].state in IN_FORCE, terms[id_].ends, id_))
        seen.add(at)
        found.append(terms[at])


def numbered(year: int, bits: int) -> str:
    """A receipt's number out of 40 random bits: ``BG-2026-7K3M9QXD``."""
    return f"BG-{year}-" + "".join(ALPHABET[bits >> 5 * place & 31] for place in range(8))


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of what is signed, as canonical JSON: it is printed on the paper that holds the same content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def intact(pdf: bytes, kept: bytes) -> bool:
    """Whether a kept paper still is what it was when its digest was taken."""
    return hashlib.sha256(pdf).digest() == kept
