"""How alike two questions are: the share of their pairs of characters that they have in common.

Chinese is written without blanks, so neighbouring characters are compared in
pairs (shingles); a figure or a Latin word counts as one. Numbers weigh nothing
extra: "提前 5 分钟" and "提前 10 分钟" are alike on purpose, a person decides which
is which. What both say of the same clause in the same words is *nearly the same*;
half of the words make it *similar*.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.item import ItemFace, Wording
from question_bank.kind import Kind
from question_bank.rich_text import bare
from standards.search import tokens

Said = Wording | ItemFace
SIMILAR = 0.5
NEARLY_THE_SAME = 0.75
SHORTEST = 4
"""Pairs below which a text is too short to be compared."""
WINDOW = 6
"""Characters of a stretch that is looked for in other questions."""
MOST_WINDOWS = 8


@dataclass(frozen=True)
class Like:
    """A question that is alike; ``share`` from 0 to 1."""

    name: int
    share: float

    @property
    def nearly_the_same(self) -> bool:
        """Whether asking both would be asking twice."""
        return self.share >= NEARLY_THE_SAME


def shingles(said: Said) -> frozenset[str]:
    """What a question is compared by: the stem, and the options of those kinds that offer some of their own."""
    texts = [said.stem]
    if said.kind is not Kind.TRUE_FALSE:
        texts += [option.text for option in (*said.options, *said.right)]
    return frozenset(token for text in texts for token in tokens(bare(text, "")))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The shared part of both (Jaccard), 0 where one is too short to say."""
    if min(len(one), len(other)) < SHORTEST:
        return 0.0
    return len(one & other) / len(one | other)


def nearest(said: Wording, others: Mapping[int, ItemFace], most: int = 3, least: float = SIMILAR) -> list[Like]:
    """The questions most like this one, the most alike first.

    The stem alone may be what is alike: a question with new options is still the
    same question. Whichever comparison finds more counts.
    """
    whole, stem = shingles(said), _stem(said)
    found = []
    for name, other in others.items():
        share = max(likeness(whole, shingles(other)), likeness(stem, _stem(other)) if said.kind is other.kind else 0.0)
        if share >= least:
            found.append(Like(name, share))
    return sorted(found, key=lambda like: (-like.share, like.name))[:most]


def _stem(said: Said) -> frozenset[str]:
    return frozenset(tokens(bare(said.stem, "")))


def windows(said: Wording) -> list[str]:
    """Stretches of the stem, spread over it, to look for in a large bank: whatever is nearly the same holds most of them."""
    text = bare(said.stem, "")
    step = max(1, (len(text) - WINDOW) // (MOST_WINDOWS - 1))
    runs = [text[at : at + WINDOW] for at in range(0, max(1, len(text) - WINDOW + 1), step)]
    return list(dict.fromkeys(run for run in runs if len(tokens(run)) >= SHORTEST - 1))[:MOST_WINDOWS]
