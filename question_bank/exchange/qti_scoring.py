"""Which answers of a QTI item earn what, found out by putting them through its rules, as keys of ours with what they cannot say.

A choice of one keeps every share exactly. Where several things are chosen,
ordered or matched, the best answer is the key; what partly right answers earn
is a policy of the exam here, so it is compared with every policy there is and
noted: ``policy_open`` names the one that gives the same, ``weights_lost`` says
that none does. Sources: IMS QTI 2.2; docs/formats.md, "Partial credit".
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise, permutations
from typing import Any

from question_bank.exchange.found import Note, Weight, Wrong
from question_bank.exchange.qti_processing import Processing
from question_bank.exchange.qti_values import MULTIPLE, ORDERED, SINGLE, Beyond, Scalar, Value
from question_bank.kind import Kind

NOTHING, ALL = Fraction(0), Fraction(1)
SUBSETS, ORDERS = 7, 5
"""Up to so many options every answer is tried; beyond, those that tell the policies apart."""
Chosen = tuple[str, ...]


@dataclass(frozen=True)
class Worth:
    """A key in the identifiers of the file, what it earns there, and what it does not say. ``answer``: the best answer, by variable."""

    kind: Kind
    key: Any
    best: Fraction
    notes: tuple[Note, ...] = ()
    answer: Mapping[str, Value | None] | None = None


def one(processing: Processing, name: str, options: Sequence[str], said: Callable[[str], Scalar] = str) -> Worth:
    """One option to choose; ``said`` is how the file writes that it was chosen. Raises Beyond."""
    cardinality = processing.known[name].cardinality
    earned = {option: processing.score({name: Value(cardinality, (said(option),))}) for option in options}
    best = max(earned.values())
    if best <= 0:
        raise Beyond("SCORE")
    notes = [penalty(earned)] if min(earned.values()) < 0 else []
    shares = {option: float(points / best) for option, points in earned.items() if points > 0}
    first = next(option for option in options if earned[option] == best)
    answer = {name: Value(cardinality, (said(first),))}
    if len(shares) == 1:
        return Worth(Kind.SINGLE, (first,), best, tuple(notes), answer)
    return Worth(Kind.SITUATIONAL, shares, best, tuple(notes), answer)


def penalty(earned: Mapping[Any, Fraction]) -> Note:
    below = {option: points for option, points in earned.items() if points < 0}
    shown = (f"{'+'.join(option) if isinstance(option, tuple) else option} {_figure(points)}" for option, points in below.items())
    return Note(Weight.LOST, "penalty_lost", ("、".join(list(shown)[:6]),))


def _figure(points: Fraction) -> str:
    return str(points.numerator) if points.denominator == 1 else f"{float(points):.4g}"


def several(processing: Processing, name: str, options: Sequence[str], most: int = 0) -> Worth:
    """Several options to choose, ``most`` at most (0: any number); raises Beyond and Wrong."""
    declared = processing.known[name]
    guess = tuple(option for option in options if declared.correct and option in declared.correct.items)
    if not guess and declared.points:
        guess = tuple(option for option in options if declared.points.of(Value(MULTIPLE, (option,))) > 0)
    tried = [chosen for chosen in _subsets(options, guess) if not most or len(chosen) <= most]
    earned = {chosen: processing.score({name: Value(MULTIPLE, chosen)}) for chosen in tried}
    key, best, notes = _best(earned, guess)
    shares = {chosen: points / best for chosen, points in earned.items()}
    policies = {policy: _picked(policy, key, len(options)) for policy in PICKED}
    alone = {option: shares.get((option,), NOTHING) for option in options}
    notes += policy_notes(shares, policies, alone if any(alone.values()) else _parts({"+".join(one): shares[one] for one in shares}))
    return Worth(Kind.MULTIPLE, key, best, tuple(notes), {name: Value(MULTIPLE, key)})


def _subsets(options: Sequence[str], guess: Chosen) -> list[Chosen]:
    if len(options) <= SUBSETS:
        return [chosen for size in range(1, len(options) + 1) for chosen in combinations(options, size)]
    wrong = [option for option in options if option not in guess]
    sets = [{option} for option in options] + [set(guess), set(options), set(wrong)]
    sets += [set(guess) - {left} for left in guess] + [set(guess) | {more} for more in wrong]
    sets += [{first, more} for first in guess[:4] for more in wrong[:4]] + [set(guess[:size]) for size in range(2, len(guess))]
    sets += [set(guess[:2]) | set(wrong[:size]) for size in range(1, 4)] + [set(wrong[:size]) for size in range(2, 4)]
    ordered = (tuple(option for option in options if option in chosen) for chosen in sets)
    return list(dict.fromkeys(chosen for chosen in ordered if chosen))


def _best(earned: Mapping[Any, Fraction], guess: Any) -> tuple[Any, Fraction, list[Note]]:
    """The answer that earns most, what it earns, and what is lost where others earn as much or less than nothing."""
    best = max(earned.values(), default=NOTHING)
    if best <= 0:
        raise Beyond("SCORE")
    tops = [answer for answer, points in earned.items() if points == best]
    notes = [] if len(tops) == 1 else [Note(Weight.LOST, "answers_several", (str(len(tops)),))]
    if min(earned.values()) < 0:
        notes.append(penalty(earned))
    return (guess if guess in tops else tops[0]), best, notes


def policy_notes(
    shares: Mapping[Any, Fraction], policies: Mapping[str, Callable[[Any], Fraction]], shown: Mapping[str, Fraction]
) -> Iterator[Note]:
    """What partly right answers earn, in words of ours; nothing to say where only the key earns anything, which is what exams do."""
    given = {answer: max(NOTHING, share) for answer, share in shares.items()}
    if sum(share > 0 for share in given.values()) <= sum(share == 1 for share in given.values()):
        return
    name = next((name for name, share in policies.items() if all(share(answer) == given[answer] for answer in given)), None)
    if name:
        yield Note(Weight.LOST, "policy_open", (name,))
    else:
        yield Note(Weight.LOST, "weights_lost", ("、".join(f"{what} {float(100 * share):.4g}%" for what, share in shown.items()),))


def _parts(shares: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The first answers that earn a part."""
    return dict(list({answer: share for answer, share in shares.items() if 0 < share < 1}.items())[:6])


PICKED: dict[str, Callable[[int, int, int, int], Fraction]] = {
    "share_unless_wrong": lambda hits, wrong, right, options: NOTHING if wrong else Fraction(hits, right),
    "half_unless_wrong": lambda hits, wrong, right, options: NOTHING if wrong else ALL if hits == right else Fraction(1, 2),
    "right_minus_wrong": lambda hits, wrong, right, options: max(NOTHING, Fraction(hits - wrong, right)),
    "per_option": lambda hits, wrong, right, options: Fraction(options - wrong - (right - hits), options),
}
"""The policies of an exam for several right options; a test holds them to what exams do."""


def _picked(policy: str, key: Chosen, options: int) -> Callable[[Any], Fraction]:
    def share(chosen: Chosen) -> Fraction:
        hits = len(set(key) & set(chosen))
        return PICKED[policy](hits, len(chosen) - hits, len(key), options)

    return share


def order(processing: Processing, name: str, steps: Sequence[str]) -> Worth:
    """Steps to put in order; raises Beyond and Wrong."""
    correct = processing.known[name].correct
    guess = tuple(str(item) for item in correct.items) if correct else ()
    if guess and set(guess) != set(steps):
        raise Wrong("order_part")
    if len(steps) > ORDERS and not guess:
        raise Wrong("answer_missing")
    earned = {given: processing.score({name: Value(ORDERED, given)}) for given in _orders(steps, guess)}
    key, best, notes = _best(earned, guess)
    policies: dict[str, Callable[[Any], Fraction]] = {
        "adjacent_pairs": lambda given: Fraction(sum(pair in set(pairwise(key)) for pair in pairwise(given)), len(key) - 1),
        "positions": lambda given: Fraction(sum(a == b for a, b in zip(key, given, strict=True)), len(key)),
    }
    shares = {given: points / best for given, points in earned.items()}
    notes += policy_notes(shares, policies, _parts({"→".join(given): share for given, share in shares.items()}))
    return Worth(Kind.ORDER, key, best, tuple(notes), {name: Value(ORDERED, key)})


def _orders(steps: Sequence[str], guess: Chosen) -> list[Chosen]:
    if len(steps) <= ORDERS:
        return list(permutations(steps))
    found = [guess, guess[::-1]]
    for place in range(len(guess)):
        found.append(guess[place:] + guess[:place])
        if place:
            found.append((*guess[: place - 1], guess[place], guess[place - 1], *guess[place + 1 :]))
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Sides:
    """A match: left and right identifiers. ``turned``: the file names the right one first; ``loose``: its pairs have no direction."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    turned: bool = False
    loose: bool = False

    def pair(self, left: str, right: str) -> tuple[str, ...]:
        """A pair as the file writes it."""
        return tuple(sorted((left, right))) if self.loose else (right, left) if self.turned else (left, right)


def match(processing: Processing, name: str, sides: Sides, key: Mapping[str, str]) -> Worth:
    """Two sides to match, every left one with what ``key`` says; raises Beyond."""

    def answer(given: Mapping[str, str]) -> Value | None:
        pairs = tuple(sides.pair(left, right) for left, right in given.items())
        return Value(SINGLE if processing.known[name].cardinality == SINGLE else MULTIPLE, pairs) if pairs else None

    offered = dict.fromkeys(key, sides.right)
    return _matched({tried: processing.score({name: answer(given)}) for tried, given in _matches(offered, key)}, key, {name: answer(key)})


def menus(processing: Processing, names: Mapping[str, str], offered: Mapping[str, Mapping[str, str]], key: Mapping[str, str]) -> Worth:
    """A match whose every left one is a variable of its own; raises Beyond.

    ``names``: the variable of each left one. ``offered``: what each left one
    can be matched with, right one by right one, as its variable says it.
    """

    def answer(given: Mapping[str, str]) -> dict[str, Value | None]:
        return {names[left]: Value(SINGLE, (offered[left][given[left]],)) if left in given else None for left in names}

    return _matched({tried: processing.score(answer(given)) for tried, given in _matches(offered, key)}, key, answer(key))


def _matched(earned: Mapping[Any, Fraction], key: Mapping[str, str], answer: Mapping[str, Value | None]) -> Worth:
    whole = tuple(key.items())
    best = earned[whole]
    if best <= 0 or best < max(earned.values()):
        raise Beyond("SCORE")
    notes = [penalty({len(given): points for given, points in earned.items() if points < 0})] if min(earned.values()) < 0 else []
    if (tops := list(earned.values()).count(best)) > 1:
        notes.append(Note(Weight.LOST, "answers_several", (str(tops),)))
    shares = {given: points / best for given, points in earned.items()}
    right = set(whole)
    policies: dict[str, Callable[[Any], Fraction]] = {"share": lambda given: Fraction(len(right & set(given)), len(whole))}
    alone = {"→".join(given[0]): share for given, share in shares.items() if len(given) == 1}
    counted = {f"{len(right & set(given))}/{len(whole)}": share for given, share in shares.items()}
    notes += policy_notes(shares, policies, alone if any(alone.values()) else _parts(counted))
    return Worth(Kind.MATCH, dict(key), best, tuple(notes), answer)


def _matches(
    offered: Mapping[str, Collection[str]], key: Mapping[str, str]
) -> Iterator[tuple[tuple[tuple[str, str], ...], Mapping[str, str]]]:
    """The whole match, each pair alone, each left open, the first so many, each wrong once, and two changed for each other."""
    lefts = list(key)
    tried: list[dict[str, str]] = [dict(key)]
    for place, left in enumerate(lefts):
        tried.append({left: key[left]})
        tried.append({other: right for other, right in key.items() if other != left})
        tried.append(dict(list(key.items())[: place + 1]))
        tried.extend({**key, left: right} for right in list(offered[left])[:4] if right != key[left])
    first, second = lefts[0], lefts[-1]
    if key[second] in offered[first] and key[first] in offered[second]:
        tried.append({**key, first: key[second], second: key[first]})
    yield from {tuple(given.items()): given for given in tried if given}.items()
