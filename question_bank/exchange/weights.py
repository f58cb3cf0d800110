"""What the weights of options in another program say here: the kind, the key, and what of the weights is lost.

Choosing one, a part of the points is carried exactly, by a situational
question. Choosing several, a key holds no weights: what a partly right answer
earns is the policy of the exam (docs/formats.md, "Partial credit"). Where one
of the policies earns the same for every answer, a hint names it; where none
does, the weights are lost and named.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from question_bank.exchange.found import Note, Weight
from question_bank.kind import Kind

EVEN = Decimal("0.02")
"""Percent by which weights may differ that mean the same: a third is written as 33.33333 or 33.33."""
FULL = Decimal(100)
Weights = Mapping[str, Decimal | None]
"""Percent of the points by option code, None where nothing is said of an option."""


def one(weights: Weights) -> tuple[Kind, Any, list[Note]]:
    """One option to choose: a single question, or a situational one with the same shares; no key where nothing earns everything."""
    said = {code: weight for code, weight in weights.items() if weight is not None}
    below = {code: weight for code, weight in said.items() if weight < 0}
    lost = [Note(Weight.LOST, "penalty_lost", (shown(below),))] if below else []
    shares = {code: weight for code, weight in said.items() if weight >= 0}
    full = tuple(code for code, weight in shares.items() if weight == FULL)
    if len(shares) > 1 and full:
        return Kind.SITUATIONAL, {code: float(weight / FULL) for code, weight in shares.items()}, lost
    return Kind.SINGLE, full, lost


def several(weights: Weights) -> tuple[Kind, Any, list[Note]]:
    """Several to choose: what earns something is right; the sum of what was chosen counts, never below nothing."""
    whole = {code: weight or Decimal(0) for code, weight in weights.items()}
    right = {code: weight for code, weight in whole.items() if weight > 0}
    wrong = {code: weight for code, weight in whole.items() if weight <= 0}
    if not right or max(right.values()) - min(right.values()) > EVEN or abs(sum(right.values()) - FULL) > 1:
        return Kind.MULTIPLE, tuple(right), [Note(Weight.LOST, "weights_lost", (shown(whole),))]
    if policy := _policy(right, wrong):
        return Kind.MULTIPLE, tuple(right), [same_as(policy)]
    below = {code: weight for code, weight in wrong.items() if weight < 0}
    notes = [Note(Weight.LOST, "penalty_lost", (shown(below),))] if below else []
    if len(below) < len(wrong):
        notes.append(Note(Weight.LOST, "weights_lost", (shown(whole),)))
    return Kind.MULTIPLE, tuple(right), notes


def _policy(right: Mapping[str, Decimal], wrong: Mapping[str, Decimal]) -> str:
    """The policy that earns the same for every answer, of even weights of the right options; "" where none does."""
    if all(weight <= -FULL for weight in wrong.values()):
        return "share_unless_wrong"
    each = FULL / len(right)
    return "right_minus_wrong" if all(abs(weight + each) <= EVEN for weight in wrong.values()) else ""


def same_as(policy: str) -> Note:
    """The hint that the other program counts as one of our policies does."""
    return Note(Weight.HINT, "policy", (policy,))


def shown(weights: Mapping[str, Decimal]) -> str:
    """``A 50%、B 25%``."""
    return "、".join(f"{code} {percent(weight)}%" for code, weight in weights.items())


def percent(weight: Decimal) -> str:
    """``33.33333`` and ``50`` without zeros behind."""
    text = f"{weight:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
