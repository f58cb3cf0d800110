"""Texts that no key of a fill-in question knew: grouped for a person to rule on, and read as the key's own once accepted.

A text is compared in its normal form (``question_bank.fill``), so that one
ruling holds for everybody who meant the same. Until somebody rules, such a
text is worth nothing. Source: docs/marking.md.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from question_bank.fill import matches, normal

COMPARED = 200
"""Characters that likeness looks at: more would only cost time."""


@dataclass(frozen=True)
class Gaps:
    """The key of one version: the accepted texts of each gap, and what stands after it in the question."""

    accepted: tuple[tuple[str, ...], ...]
    after: tuple[str, ...]

    def following(self, gap: int) -> str:
        """What stands after the gap."""
        return self.after[gap] if gap < len(self.after) else ""


@dataclass(frozen=True)
class Place:
    """One text in one gap of one version; ``text`` is normal, ``gap`` counts from 0."""

    version: int
    gap: int
    text: str


@dataclass(frozen=True)
class Group:
    """Everybody who meant the same: how it was mostly written, by how many, and the accepted text that is most like it (0–1)."""

    place: Place
    written: str
    people: int
    nearest: str
    likeness: float


def unmatched(answer: Any, gaps: Gaps) -> list[tuple[int, str, str]]:
    """Gap, normal form and text as written of everything in an answer that says something the key does not know."""
    found = []
    for gap, (text, accepted) in enumerate(zip(answer if isinstance(answer, list) else (), gaps.accepted, strict=False)):
        after = gaps.following(gap)
        said = normal(str(text), after)
        if said and not matches(str(text), accepted, after):
            found.append((gap, said, str(text).strip()))
    return found


def groups(answers: Iterable[tuple[int, Any]], known: Mapping[int, Gaps]) -> list[Group]:
    """All unmatched texts of ``answers`` (version, texts), by version and gap, the most frequent first."""
    written: defaultdict[Place, Counter[str]] = defaultdict(Counter)
    for version, answer in answers:
        for gap, said, text in unmatched(answer, known[version]):
            written[Place(version, gap, said)][text] += 1
    found = [_group(place, texts, known[place.version]) for place, texts in written.items()]
    return sorted(found, key=lambda one: (one.place.version, one.place.gap, -one.people, one.place.text))


def _group(place: Place, texts: Counter[str], gaps: Gaps) -> Group:
    after = gaps.following(place.gap)
    likeness = [(_alike(place.text, normal(known, after)), known) for known in gaps.accepted[place.gap]]
    best, nearest = max(likeness, key=lambda pair: pair[0], default=(0.0, ""))
    mostly = min(texts, key=lambda text: (-texts[text], text))
    return Group(place, mostly, sum(texts.values()), nearest, best)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one[:COMPARED], other[:COMPARED], autojunk=False).ratio()


def read(answer: Any, gaps: Gaps, accepted: Collection[tuple[int, str]]) -> Any:
    """An answer as grading reads it: a text that was accepted (gap, normal form) stands for the key's own."""
    if not accepted or not isinstance(answer, list):
        return answer
    return [_read(text, gap, gaps, accepted) for gap, text in enumerate(answer)]


def _read(text: Any, gap: int, gaps: Gaps, accepted: Collection[tuple[int, str]]) -> Any:
    if gap >= len(gaps.accepted) or not gaps.accepted[gap] or (gap, normal(str(text), gaps.following(gap))) not in accepted:
        return text
    return gaps.accepted[gap][0]


def newest(rulings: Sequence[tuple[Place, bool]]) -> dict[Place, bool]:
    """What holds for each text, of rulings in the order in which they were made."""
    return dict(rulings)
