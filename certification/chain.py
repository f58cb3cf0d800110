"""Does an attempt still say what it said? Its steps held against its hash chain, and against its receipt.

Whoever changes, adds or takes away a step must mend the chain, whose head the
audit knows from the attempt's end on, and the receipt, which only the
application's secret can sign. Source: promises.md, "Nothing lost", 1; surface.md,
"Attempt", the receipt.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certification.layout import is_blank
from certification.receipt import Receipt
from certification.sitting import START_OF_CHAIN, State, Step, answers, digest, link

RECEIPTED = frozenset({State.SUBMITTED, State.CLOSED_BY_DEADLINE})


class Flaw(StrEnum):
    """What does not hold."""

    ORDER = "order"
    COUNT = "count"
    CHAIN = "chain"
    NO_RECEIPT = "no_receipt"
    FORGED = "forged"
    RECEIPT = "receipt"


@dataclass(frozen=True)
class Link:
    """One step where it stands in the chain."""

    position: int
    step: Step
    received: datetime


@dataclass(frozen=True)
class Head:
    """What the attempt's own row says. ``statement`` is None when there is no receipt, or (``forged``) none of ours."""

    state: State
    chain: bytes
    length: int
    statement: Receipt | None = None
    forged: bool = False


def flaws(head: Head, links: Iterable[Link]) -> list[Flaw]:
    """Everything that does not hold, of ``links`` in the order of their positions; none when all is well.

    No more is remembered than the newest step of each slot, however many there are.
    """
    found: dict[Flaw, None] = {}
    chain, length = START_OF_CHAIN, 0
    newest: dict[int, Step] = {}
    for one in links:
        length += 1
        former = newest.get(one.step.slot)
        if one.position != length or (former is not None and former.seq >= one.step.seq):
            found[Flaw.ORDER] = None
        chain = link(chain, [one.step], one.received)
        newest[one.step.slot] = one.step
    if length != head.length:
        found[Flaw.COUNT] = None
    if chain != head.chain:
        found[Flaw.CHAIN] = None
    if flaw := _receipt_flaw(head, newest):
        found[flaw] = None
    return list(found)


def _receipt_flaw(head: Head, newest: dict[int, Step]) -> Flaw | None:
    """An attempt that is over has a receipt for exactly the newest answers; one that was invalidated keeps what it had."""
    if head.forged:
        return Flaw.FORGED
    if head.statement is None:
        return Flaw.NO_RECEIPT if head.state in RECEIPTED else None
    count = sum(not is_blank(answer) for answer in answers(newest.values()).values())
    same = head.statement.digest == digest(newest.values()) and head.statement.count == count
    return None if same and head.statement.state in (head.state, *_BEFORE.get(head.state, ())) else Flaw.RECEIPT


_BEFORE = {State.INVALIDATED: RECEIPTED}
