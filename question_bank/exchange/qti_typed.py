"""What the gaps of a QTI item accept: every text that the item names is put into its gap and through its rules.

Numbers with a margin become the values around them that earn everything, as
far as they can be listed. A text that earns a part is noted, so are capitals
that count and gaps whose answers hang together.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

from question_bank.exchange.found import Note, Weight
from question_bank.exchange.qti_processing import Processing
from question_bank.exchange.qti_scoring import NOTHING, Worth, penalty, policy_notes
from question_bank.exchange.qti_values import NUMBERS, Beyond, Scalar, Value, scalar
from question_bank.key import MAX_TEXTS
from question_bank.kind import Kind

NAMED, TRIED, AROUND = 60, 800, 24
"""Texts that are tried in one gap, in all gaps together, and values on each side of a number."""
NONSENSE, FAR = "\ufdd0", Fraction(-98_765_432_125, 1000)
"""Answers that no file means."""
Filled = dict[str, Scalar]


class _Gaps:
    """The gaps of one item."""

    def __init__(self, processing: Processing, names: Sequence[str]) -> None:
        self.processing, self.names = processing, names

    def score(self, filled: Mapping[str, Scalar]) -> Fraction:
        return self.processing.score(self.answer(filled))

    def answer(self, filled: Mapping[str, Scalar]) -> dict[str, Value | None]:
        known = self.processing.known
        return {name: Value(known[name].cardinality, (filled[name],)) if name in filled else None for name in self.names}

    def wrong(self, name: str) -> Scalar:
        return FAR if self.processing.known[name].base in NUMBERS else NONSENSE

    def pool(self, name: str) -> list[Scalar]:
        """Every answer that the file names for a gap, the correct ones first."""
        declared = self.processing.known[name]
        said = [*(declared.correct.items if declared.correct else ())]
        said += [key for key, _points, _cased in declared.points.entries] if declared.points else []
        for rule in self.processing.named("baseValue"):
            base = rule.attributes.get("baseType", "string")
            if (base in NUMBERS) == (declared.base in NUMBERS) and base in ("string", "identifier", *NUMBERS) and rule.text.strip():
                said.append(scalar(declared.base, rule.text))
        return list(dict.fromkeys(said))[:NAMED]

    def best(self, pools: Mapping[str, Sequence[Scalar]]) -> tuple[Filled, Fraction, list[tuple[Scalar, ...]]]:
        """The gaps filled as well as can be, what that earns, and every filling that earns as much, as far as all were tried."""
        filled: Filled = {name: pool[0] for name, pool in pools.items() if pool}
        if len(filled) < len(self.names):
            raise Beyond("correctResponse")
        size = 1
        for pool in pools.values():
            size *= len(pool)
        earned = {said: self.score(dict(zip(self.names, said, strict=True))) for said in product(*pools.values())} if size <= TRIED else {}
        for _round in range(2 if not earned else 0):
            for name, pool in pools.items():
                filled[name] = max(pool, key=lambda text, name=name: self.score({**filled, name: text}))  # type: ignore[misc]
        most = max(earned.values()) if earned else self.score(filled)
        tops = [said for said, points in earned.items() if points == most]
        if tops and self.score(filled) < most:
            filled = dict(zip(self.names, tops[0], strict=True))
        return filled, most, tops


def typed(processing: Processing, names: Sequence[str]) -> Worth:
    """The gaps of an item, by the names of their variables; raises Beyond."""
    gaps = _Gaps(processing, names)
    pools = {name: gaps.pool(name) for name in names}
    filled, best, tops = gaps.best(pools)
    if best <= 0:
        raise Beyond("SCORE")
    notes: list[Note] = []
    accepted = {}
    for name in names:
        accepted[name], lost = _gap(gaps, name, pools[name], filled, best)
        notes += lost
    if any(text not in accepted[name] for said in tops for name, text in zip(names, said, strict=True)):
        notes.append(Note(Weight.LOST, "answers_several", (str(len(tops)),)))
    notes += _together(gaps, filled, best)
    key = tuple(tuple(dict.fromkeys(shown(text) for text in accepted[name]))[:MAX_TEXTS] for name in names)
    return Worth(Kind.FILL, key, best, tuple(dict.fromkeys(notes)), gaps.answer(filled))


def _gap(gaps: _Gaps, name: str, pool: Sequence[Scalar], filled: Filled, best: Fraction) -> tuple[list[Scalar], list[Note]]:
    """What one gap accepts while the others are right."""
    none = gaps.score({**filled, name: gaps.wrong(name)})
    if none == best:
        raise Beyond(name)
    accepted, notes = [filled[name]], []
    for text in pool:
        points = gaps.score({**filled, name: text})
        if points == best:
            accepted.append(text)
        elif points > none:
            share = f"{float(100 * (points - none) / (best - none)):.4g}%"
            notes.append(Note(Weight.LOST, "partial_answer_lost", (shown(text)[:100], share)))
    accepted = list(dict.fromkeys(accepted))
    if gaps.processing.known[name].base in NUMBERS:
        near = [number for text in list(accepted) if isinstance(text, Fraction) for number in _around(text)]
        found = [number for number in near if number not in accepted and gaps.score({**filled, name: number}) == best]
        if found:
            low, high = (limit([*found, *(text for text in accepted if isinstance(text, Fraction))]) for limit in (min, max))
            notes.append(Note(Weight.LOST, "tolerance_lost", (f"{shown(low)}–{shown(high)}",)))
            accepted += sorted(dict.fromkeys(found), key=lambda number: (len(shown(number)), number))
    elif any(_cased(gaps, name, text, filled, best) for text in accepted):
        notes.append(Note(Weight.LOST, "case_lost"))
    return accepted, notes


def _cased(gaps: _Gaps, name: str, text: Scalar, filled: Filled, best: Fraction) -> bool:
    """Whether a text earns less when its capitals are small letters and the other way round."""
    return isinstance(text, str) and text.swapcase() != text and gaps.score({**filled, name: text.swapcase()}) < best


def _around(middle: Fraction) -> Iterator[Fraction]:
    """The numbers beside one: by its own last figure, and half of that."""
    step = Fraction(1, 10 ** len(shown(middle).partition(".")[2]))
    yield from (middle - step / 2, middle + step / 2)
    for place in range(1, AROUND + 1):
        yield from (middle - place * step, middle + place * step)


def _together(gaps: _Gaps, filled: Filled, best: Fraction) -> Iterator[Note]:
    """What partly right gaps earn."""
    names = list(gaps.names)
    wrong = {name: gaps.wrong(name) for name in names}
    tried: dict[tuple[bool, ...], Fraction] = {}
    for right in islice(_mixtures(len(names)), 100):
        tried[right] = gaps.score({name: filled[name] if good else wrong[name] for name, good in zip(names, right, strict=True)})
    if min(tried.values()) < 0:
        yield penalty({sum(right): points for right, points in tried.items() if points < 0})
    shares = {right: points / best for right, points in tried.items()}
    policies: dict[str, Callable[[Any], Fraction]] = {"share": lambda right: Fraction(sum(right), len(right))}
    shown_shares = {f"{sum(right)}/{len(right)}": max(NOTHING, share) for right, share in shares.items()}
    yield from policy_notes(shares, policies, dict(list(shown_shares.items())[:8]))


def _mixtures(count: int) -> Iterator[tuple[bool, ...]]:
    """Which gaps are right: all, none, each alone, all but each, the first so many."""
    yield from ((True,) * count, (False,) * count)
    for place in range(count):
        yield tuple(index == place for index in range(count))
        yield tuple(index != place for index in range(count))
        yield tuple(index <= place for index in range(count))


def shown(value: Scalar) -> str:
    """An answer as a person writes it."""
    if not isinstance(value, Fraction):
        return str(value)
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{float(value):.12f}".rstrip("0")
    return text if Fraction(text) == value else f"{float(value):.9g}"
