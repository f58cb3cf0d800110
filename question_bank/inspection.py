"""The bank looked at as a whole: does it cover the clauses, and does it give itself away?

Test-wise candidates gain by position (the key is often C), by length (the
longest option is right) and by twins (one question answers another); a bank
that leaves a clause unasked cannot claim to examine the standard. The limits
are the project's own.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from question_bank.fill import normal
from question_bank.guessing import Guessed, guess
from question_bank.key import best
from question_bank.kind import Kind
from standards.search import tokens

LEAST, LEAST_KEY = 2, 4  # questions on a clause, on a key clause
BALANCE_P = 0.01  # below this chance, uneven key positions are no accident
LONGEST_SHARE = 0.30  # of questions answered with one option whose key is the longest option
GUESSED, ENOUGH_GUESSED = 0.05, 200  # what a habit may earn above chance, and questions from which that means something
ENOUGH_SINGLES = 20  # below this the shares of positions and lengths say nothing
ALIKE = 0.8  # Jaccard index of bigrams above which two questions are twins, which breaks the limit
NEAR = 0.5  # above this they are listed for somebody to look at,
FEW = 10_000  # in a bank of at most so many questions: a lower limit costs far more comparisons
ARTICLE = re.compile(r"第\s*[〇零一二三四五六七八九十百\d]+\s*[条章节款项]|\b[Aa]rticle \d+|\b[Ii]tem \d+")


@dataclass(frozen=True)
class Asked:
    """An item in use, as the inspection reads it: ``options`` of both sides, ``key`` by kind."""

    code: str
    kind: Kind
    stem: str
    options: tuple[tuple[str, str], ...]
    key: Any
    rationale: str
    refs: tuple[str, ...]


@dataclass(frozen=True)
class Demand:
    """A clause that can be asked about."""

    ref: str
    key_clause: bool

    @property
    def least(self) -> int:
        """How many questions it needs."""
        return LEAST_KEY if self.key_clause else LEAST


@dataclass(frozen=True)
class Finding:
    """One limit: what was looked at, the figure, the limit in words, whether it holds, what breaks it, and what is only worth a look."""

    name: str
    figure: str
    limit: str
    holds: bool
    broken: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """All findings, and the editions that were left out because nobody wrote a question on them."""

    items: int
    findings: tuple[Finding, ...]
    skipped: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every limit holds."""
        return all(finding.holds for finding in self.findings)

    def plain(self) -> dict[str, object]:
        """The report as plain values."""
        return {"ok": self.holds, **asdict(self)}


def inspect(items: Sequence[Asked], demands: Sequence[Demand]) -> Report:
    """Hold the items against every limit.

    Coverage counts only editions on which there is at least one question: one
    that was loaded in part, to show its clashes, is not examined; it is listed
    as skipped.
    """
    examined = {ref.partition("#")[0] for item in items for ref in item.refs}
    skipped = sorted({demand.ref.partition("#")[0] for demand in demands} - examined)
    findings = [
        _coverage(items, [demand for demand in demands if demand.ref.partition("#")[0] in examined]),
        *_balance(items), _longest(items), _guesser(items), _told(items), _twins(items), _citations(items),
    ]
    return Report(len(items), tuple(findings), tuple(skipped))


def _coverage(items: Sequence[Asked], demands: Sequence[Demand]) -> Finding:
    counts = Counter(ref for item in items for ref in set(item.refs))
    short = [demand for demand in demands if counts[demand.ref] < demand.least]
    broken = tuple(f"{demand.ref}: {counts[demand.ref]} of {demand.least}" for demand in short)
    figure = f"{len(demands) - len(short)} of {len(demands)} clauses"
    return Finding("coverage", figure, f"every clause {LEAST}, every key clause {LEAST_KEY}", not short, broken)


def _balance(items: Sequence[Asked]) -> Iterator[Finding]:
    """Positions of the right option: of single-choice questions by number of options, and of true/false ones."""
    groups: Mapping[tuple[Kind, int], list[Asked]] = defaultdict(list)
    for item in items:
        if item.kind in (Kind.SINGLE, Kind.TRUE_FALSE):
            groups[item.kind, len(item.options)].append(item)
    for (kind, size), group in sorted(groups.items()):
        codes = [[code for code, _text in item.options].index(item.key[0]) for item in group]
        counts = [codes.count(at) for at in range(size)]
        p = chi_square_p(counts)
        name = f"key position, {kind}, {size} options"
        figure = f"{'/'.join(map(str, counts))}, p = {p:.3f}"
        yield Finding(name, figure, f"p >= {BALANCE_P}", p >= BALANCE_P or len(group) < ENOUGH_SINGLES)


def chi_square_p(counts: Sequence[int]) -> float:
    """How likely counts at least this uneven are when every place has the same chance (chi-square, n − 1 degrees)."""
    total, places = sum(counts), len(counts)
    if not total or places < 2:
        return 1.0
    expected = total / places
    return _upper_gamma((places - 1) / 2, sum((count - expected) ** 2 / expected for count in counts) / 2)


def _upper_gamma(shape: float, x: float) -> float:
    """The regularised upper incomplete gamma function for whole and half shapes, by its recurrence from 1 or 1/2."""
    if shape % 1:
        at, value = 0.5, math.erfc(math.sqrt(x))
    else:
        at, value = 1.0, math.exp(-x)
    while at < shape:
        value += math.exp(at * math.log(x) - x - math.lgamma(at + 1)) if x else 0.0
        at += 1
    return value


def _longest(items: Sequence[Asked]) -> Finding:
    """How often the key of a question that is answered with one option is longer than every other option."""
    singles = [item for item in items if item.kind in (Kind.SINGLE, Kind.SITUATIONAL)]
    broken = [item.code for item in singles if _key_is_longest(item)]
    share = len(broken) / len(singles) if singles else 0.0
    holds = share <= LONGEST_SHARE or len(singles) < ENOUGH_SINGLES
    figure = f"{len(broken)} of {len(singles)} ({share:.0%})"
    return Finding("key is the longest option", figure, f"<= {LONGEST_SHARE:.0%}", holds, () if holds else tuple(broken))


def _key_is_longest(item: Asked) -> bool:
    key = best(item.kind, item.key)
    right = max(len(text) for code, text in item.options if code in key)
    return all(len(text) < right for code, text in item.options if code not in key)


def _guesser(items: Sequence[Asked]) -> Finding:
    """What the most useful habit of a test-wise guesser earns above chance; below ENOUGH_GUESSED questions chance itself moves as much."""
    tried = guess([(item.kind, item.stem, item.options, item.key) for item in items])
    broken = tuple(_habit_words(one) for one in tried if one.gain > GUESSED and one.questions >= ENOUGH_GUESSED)
    figure = _habit_words(tried[0]) if tried else "nothing to guess"
    return Finding("test-wise guesser", figure, f"<= {GUESSED:.0%} above chance", not broken, broken, tuple(map(_habit_words, tried[1:4])))


def _habit_words(one: Guessed) -> str:
    return f"{one.habit}: {one.hit:.1%} where chance gets {one.chance:.1%}"


def _told(items: Sequence[Asked]) -> Finding:
    """Questions with gaps that say themselves what goes into one; a lone digit or letter may stand anywhere."""
    broken = tuple(item.code for item in items if item.kind is Kind.FILL and any(_says(item.stem, texts) for texts in item.key))
    fills = sum(item.kind is Kind.FILL for item in items)
    return Finding("answer stands in the question", f"{len(broken)} of {fills}", "none", not broken, broken)


def _says(stem: str, accepted: Sequence[str]) -> bool:
    said = f" {normal(stem)} "
    return any(len(text) > 1 and (f" {text} " in said if text[0].isdigit() else text in said) for text in map(normal, accepted))


def _twins(items: Sequence[Asked]) -> Finding:
    bags = {}
    for item in items:
        texts = [item.stem] if item.kind is Kind.TRUE_FALSE else [item.stem, *(text for _code, text in item.options)]
        bags[item.code] = frozenset(token for text in texts for token in tokens(text))
    looked = NEAR if len(items) <= FEW else ALIKE
    pairs = alike(bags, looked)
    twins, near = ([f"{one} ~ {other} ({share:.2f})" for one, other, share in pairs if (share > ALIKE) is same] for same in (True, False))
    figure = f"{len(twins)} pairs above {ALIKE}" + (f", {len(near)} above {NEAR}" if looked == NEAR else "")
    return Finding("near duplicates", figure, f"Jaccard of bigrams <= {ALIKE}", not twins, tuple(twins), tuple(near))


def alike(bags: Mapping[str, frozenset[str]], limit: float) -> list[tuple[str, str, float]]:
    """Pairs whose Jaccard index is above ``limit``, sorted by name.

    Two such bags must share one of their rarest tokens: only the first
    ``size − ⌈limit × size⌉ + 1`` in order of rarity are looked up, so that a
    large bank is compared in a moment.
    """
    common = Counter(token for bag in bags.values() for token in bag)
    seen: dict[str, list[str]] = defaultdict(list)
    found = []
    for name in sorted(bags):
        bag = bags[name]
        rare = sorted(bag, key=lambda token: (common[token], token))[: len(bag) - math.ceil(limit * len(bag)) + 1]
        for other in sorted({other for token in rare for other in seen[token]}):
            share = len(bag & bags[other]) / len(bag | bags[other])
            if share > limit:
                found.append((other, name, share))
        for token in rare:
            seen[token].append(name)
    return sorted(found)


def _citations(items: Sequence[Asked]) -> Finding:
    broken = tuple(item.code for item in items if not ARTICLE.search(item.rationale))
    return Finding("rationale cites an article", f"{len(items) - len(broken)} of {len(items)}", "all", not broken, broken)
