"""What a new edition of a standard changes, clause by clause.

Two clauses are one duty in two editions when they say the same, or nearly the
same; the number helps, but proves nothing, because a clause put in early moves
every number behind it. What says the same under another number has *moved*;
what says something else has *changed*, under whichever number; what is left in
the former edition is *withdrawn*, in the later one *added*.

Likeness is that of the Chinese texts (Dice's coefficient over bigrams, 0 to 1):
the English is a translation, and correcting it changes no duty. Source:
product.md, "a clause belongs to one edition of one standard".
"""

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from standards.search import normal, tokens


class Change(StrEnum):
    """What became of a duty, the lightest first."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    ADDED = "added"


GRAVITY = {Change.SAME: 0, Change.MOVED: 1, Change.CHANGED: 2, Change.WITHDRAWN: 3}
"""What may become of a question's clauses; the gravest is what becomes of the question."""

ALIKE = 0.45  # at least as alike: one duty in other words
ALIKE_SAME_NUMBER = 0.25  # under the same number less is enough
NUMBER_HELPS = 0.1  # added to the likeness of two clauses under one number, so that it decides between equals


@dataclass(frozen=True)
class Duty:
    """A clause as far as it can change: ``text`` and ``phrase`` in Chinese, the others as in ``clause.ClauseDoc``."""

    number: str
    text: str
    phrase: str = ""
    duty: str = "must"
    tier: str | None = None
    key_clause: bool = False
    examinable: bool = True


@dataclass(frozen=True)
class Step:
    """One duty from the former edition to the later; the number is None where it is not there.

    ``parts`` names what differs: ``text``, ``phrase``, ``duty``, ``tier``,
    ``key_clause``, ``examinable``; ``likeness`` is that of the texts.
    """

    change: Change
    former: str | None
    later: str | None
    parts: tuple[str, ...] = ()
    likeness: float = 0.0

    @property
    def renumbered(self) -> bool:
        """Whether the duty stands under another number."""
        return self.former is not None and self.later is not None and self.former != self.later


PARTS = ("text", "phrase", "duty", "tier", "key_clause", "examinable")


def compare(former: Sequence[Duty], later: Sequence[Duty]) -> list[Step]:
    """Every clause of either edition once: in the order of the later edition, each withdrawn one behind the one that it followed."""
    pairs = _pairs(former, later)
    old = {duty.number: duty for duty in former}
    steps = [_step(old[pairs[new.number]], new) if new.number in pairs else Step(Change.ADDED, None, new.number) for new in later]
    return list(_with_withdrawn(steps, [duty.number for duty in former], set(pairs.values())))


def _step(old: Duty, new: Duty) -> Step:
    parts = tuple(name for name in PARTS if _plain(getattr(old, name)) != _plain(getattr(new, name)))
    change = Change.CHANGED if parts else Change.MOVED if old.number != new.number else Change.SAME
    return Step(change, old.number, new.number, parts, 1.0 if "text" not in parts else likeness(_bag(old), _bag(new)))


def _plain(value: object) -> object:
    """As it is compared: full-width forms and blanks make no difference."""
    return "".join(normal(value).split()) if isinstance(value, str) else value


def _with_withdrawn(steps: Iterable[Step], former: Sequence[str], paired: set[str]) -> Iterator[Step]:
    """The steps, with each withdrawn clause behind the last step that came from a clause before it."""
    follows: dict[str, list[str]] = {}
    before = ""
    for number in former:
        if number in paired:
            before = number
        else:
            follows.setdefault(before, []).append(number)
    yield from (Step(Change.WITHDRAWN, number, None) for number in follows.pop("", []))
    for step in steps:
        yield step
        if step.former is not None:
            yield from (Step(Change.WITHDRAWN, number, None) for number in follows.pop(step.former, []))


def _pairs(former: Sequence[Duty], later: Sequence[Duty]) -> dict[str, str]:
    """The former number of each later one that has one: first those that say the same, then the most alike."""
    pairs: dict[str, str] = {}
    for new, old in _equal(former, later):
        pairs[new] = old
    rest_old = [duty for duty in former if duty.number not in set(pairs.values())]
    rest_new = [duty for duty in later if duty.number not in pairs]
    taken: set[str] = set()
    for _score, new, old in sorted(_candidates(rest_old, rest_new), key=lambda found: (-found[0], found[1], found[2])):
        if new not in pairs and old not in taken:
            pairs[new] = old
            taken.add(old)
    return pairs


def _equal(former: Sequence[Duty], later: Sequence[Duty]) -> Iterator[tuple[str, str]]:
    """(later, former) of the clauses whose text is the same; of several, the one with the same number first, then in order."""
    waiting: dict[object, list[str]] = {}
    for duty in former:
        waiting.setdefault(_plain(duty.text), []).append(duty.number)
    left = []
    for duty in later:
        numbers = waiting.get(_plain(duty.text), [])
        if duty.number in numbers:
            numbers.remove(duty.number)
            yield duty.number, duty.number
        else:
            left.append(duty)
    for duty in left:
        if numbers := waiting.get(_plain(duty.text), []):
            yield duty.number, numbers.pop(0)


def _candidates(former: Sequence[Duty], later: Sequence[Duty]) -> Iterator[tuple[float, str, str]]:
    """(score, later, former) of every pair that may be one duty in other words; only pairs that share a token are looked at."""
    bags = {duty.number: _bag(duty) for duty in former}
    holders: dict[str, list[str]] = defaultdict(list)
    for number, bag in bags.items():
        for token in bag:
            holders[token].append(number)
    for new in later:
        bag = _bag(new)
        for number in sorted({number for token in bag for number in holders[token]}):
            share, same = likeness(bag, bags[number]), number == new.number
            if share >= (ALIKE_SAME_NUMBER if same else ALIKE):
                yield share + (NUMBER_HELPS if same else 0), new.number, number


def _bag(duty: Duty) -> Counter[str]:
    return Counter(tokens(duty.text))


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient of two bags of tokens: 1 for equal bags, 0 for nothing in common."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def gravest(changes: Iterable[Change]) -> Change:
    """What becomes of a question whose clauses changed so; ADDED never comes here."""
    return max(changes, key=GRAVITY.__getitem__)


def carried(clauses: Sequence[str], later: Mapping[str, str | None]) -> list[str]:
    """The references that a question has in the later edition, its main one first.

    ``later`` maps each reference of the former edition to its successor, or to
    None where it was withdrawn; a reference of another standard is not in it and stays.
    """
    found = (later.get(reference, reference) for reference in clauses)
    return list(dict.fromkeys(reference for reference in found if reference is not None))


def marked(old: str, new: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in pieces, each with whether it differs: the former with what fell away, the later with what came."""
    before: list[tuple[str, bool]] = []
    after: list[tuple[str, bool]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if b > a:
            before.append((old[a:b], what != "equal"))
        if d > c:
            after.append((new[c:d], what != "equal"))
    return before, after
