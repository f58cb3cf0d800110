"""What a free text says: each element of the rubric is hit, missed, or referred to a person; forbidden phrases likewise.

The text is folded (width, case, spaces) and searched for every synonym. One
that stands behind a negation in the same clause of the sentence is missed. One
that is only nearly there, a single sign apart, is never a hit: a person rules.
"""

import re
import unicodedata
from dataclasses import dataclass

from scenarios.language import Phrase, Step

NEGATIONS = ("不", "没", "别", "无", "未", "勿", "not ", "n't ", "never ")
WINDOW = 4
"""Signs before a synonym in which a negation turns it round."""
NEAR = 4
"""Signs from which a synonym that differs in one sign is referred; shorter ones come near everything."""
LONGEST = 2000
_BREAK = re.compile(r"[,.;:!?，。；：！？、…\n]")
_CJK_SPACE = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])\s+|\s+(?=[\u2e80-\u9fff\uff00-\uffef])")


@dataclass(frozen=True)
class Reading:
    """Ids of the phrases that were found, and of those that a person must look at."""

    hits: frozenset[str]
    refer: frozenset[str]


def fold(text: str) -> str:
    """Width, case and spaces levelled."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    return re.sub(r"\s+", " ", _CJK_SPACE.sub("", plain)).strip()


def judge(step: Step, text: str) -> Reading:
    """What ``text`` says of the step's rubric and forbidden phrases."""
    pieces = [piece for piece in _BREAK.split(fold(text)) if piece]
    hits, refer = set(), set()
    for phrase in (*step.rubric, *step.forbid):
        words = [fold(word) for word in phrase.words]
        plain = phrase in step.forbid
        if any(_says(piece, word, plain) for piece in pieces for word in words):
            hits.add(phrase.id)
        elif any(_nearly(piece, word) for piece in pieces for word in words):
            refer.add(phrase.id)
    return Reading(frozenset(hits), frozenset(refer))


def answer_of(step: Step, reading: Reading) -> str:
    """The hits in the notation of plays, in the step's order."""
    return "+".join(phrase.id for phrase in (*step.rubric, *step.forbid) if phrase.id in reading.hits)


def overlaps(rubric: Phrase, forbidden: Phrase) -> list[tuple[str, str]]:
    """Pairs of a synonym and a forbidden phrase of which one contains the other: saying the right thing would count as the wrong one."""
    found = []
    for word in rubric.words:
        for phrase in forbidden.words:
            one, other = fold(word), fold(phrase)
            if one and other and (one in other or other in one):
                found.append((word, phrase))
    return found


def _says(piece: str, word: str, plain: bool) -> bool:
    """``plain`` phrases carry their own negation, so none before them is looked for."""
    place = piece.find(word) if word else -1
    while place >= 0:
        if plain or not any(negation in piece[max(0, place - WINDOW):place] for negation in NEGATIONS):
            return True
        place = piece.find(word, place + 1)
    return False


def _nearly(piece: str, word: str) -> bool:
    if len(word) < NEAR:
        return False
    size = len(word)
    windows = (piece[n:n + size] for n in range(max(0, len(piece) - size) + 1))
    return any(len(window) == size and sum(a != b for a, b in zip(window, word, strict=True)) == 1 for window in windows)
