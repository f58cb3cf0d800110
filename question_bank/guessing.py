"""What somebody earns who knows no standard and only looks at how questions are written.

Each *habit* is one that test-wise candidates are known to have: the longest
option, the shortest, the most specific one, the one that repeats the question's
words, the one most like the others (keys are varied into distractors), the
odd one out, the one without strong words. Where a habit leaves several options
equal it picks among them at random. Source: Millman, Bishop and Ebel (1965),
An analysis of test-wiseness.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from question_bank.key import best
from question_bank.kind import Kind
from standards.search import tokens

Scores = list[float]
Habit = Callable[[str, Sequence[str]], Scores]
"""From the question and its options how likely each option looks."""
_EXACT = re.compile(r"[\d“”「」、，,%]")
_STRONG = re.compile("一律|绝不|绝对|任何|必须|完全|所有|从不|永远|只能|肯定")
_EXCUSE = re.compile("一律|绝不|任何|只要|就可以|就够|不必|不用|所以")


@dataclass(frozen=True)
class Guessed:
    """A habit on a bank: how many questions it was tried on, the share of them that it gets right, and what chance gets."""

    habit: str
    questions: int
    hit: float
    chance: float

    @property
    def gain(self) -> float:
        """What the habit is worth above chance (0–1)."""
        return self.hit - self.chance


def guess(questions: Sequence[tuple[Kind, str, Sequence[tuple[str, str]], object]]) -> list[Guessed]:
    """Every habit on ``questions`` (kind, stem, options as (code, text), key) answered with one option, the most useful first."""
    singles = [one for one in questions if one[0] in (Kind.SINGLE, Kind.SITUATIONAL)]
    found = [_tried(name, habit, singles) for name, habit in HABITS.items()] if singles else []
    if truths := [one for one in questions if one[0] is Kind.TRUE_FALSE]:
        right = sum((_EXCUSE.search(stem) is not None) == ("F" in best(kind, key)) for kind, stem, _options, key in truths)
        found.append(Guessed("strong words and excuses are false", len(truths), right / len(truths), 0.5))
    return sorted(found, key=lambda one: (-one.gain, one.habit))


def _tried(name: str, habit: Habit, questions: Sequence[tuple[Kind, str, Sequence[tuple[str, str]], object]]) -> Guessed:
    hits = chances = 0.0
    for kind, stem, options, key in questions:
        scores = habit(stem, [text for _code, text in options])
        liked = [code for (code, _text), score in zip(options, scores, strict=True) if score == max(scores)]
        right = best(kind, key)
        hits += sum(code in right for code in liked) / len(liked)
        chances += len([code for code, _text in options if code in right]) / len(options)
    return Guessed(name, len(questions), hits / len(questions), chances / len(questions))


def _bags(texts: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(tokens(text)) for text in texts]


def _shared(texts: Sequence[str]) -> Scores:
    """How many tokens each text has in common with all the others."""
    bags = _bags(texts)
    return [sum(len(bag & other) for other in bags if other is not bag) for bag in bags]


def _of_stem(stem: str, options: Sequence[str]) -> Scores:
    asked = frozenset(tokens(stem))
    return [len(bag & asked) for bag in _bags(options)]


HABITS: Mapping[str, Habit] = {
    "longest": lambda _stem, options: [len(text) for text in options],
    "shortest": lambda _stem, options: [-len(text) for text in options],
    "most specific": lambda _stem, options: [len(_EXACT.findall(text)) for text in options],
    "words of the question": _of_stem,
    "most like the others": lambda _stem, options: _shared(options),
    "odd one out": lambda _stem, options: [-shared for shared in _shared(options)],
    "no strong words": lambda _stem, options: [-len(_STRONG.findall(text)) for text in options],
}
