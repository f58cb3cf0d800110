"""One paper from a blueprint and a pool: solved, seeded, or a shortfall that names its rows.

``assemble`` looks for a full draw before it chooses anything. Rows that
overlap compete for questions; a draw is a flow from rows to questions, grown
along augmenting paths, so that a paper is found whenever there is one. Clashes
are branched on: where a full draw holds two camps of one clash, each camp is
tried with the others shut out. Two enemies, questions of which one gives the
other away, are a clash of their own with a camp each. Only then are the questions
chosen, one after the other, the clause least asked so far first, each choice
checked to leave a full draw possible. All chance comes from the seed: the same rows, pool and
seed give the same paper. Source: product.md, "no paper mixes its two sides".
"""

import itertools
import random
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from question_bank.blueprint import Blueprint, PoolItem, Row, draws, section_title
from standards.clause import covers_reference

Camps = Sequence[frozenset[str]]
Sides = Mapping[int, frozenset[int]]
"""On which camps of one clash each question stands; those that stand on none are left out."""
TRIES = 400
"""Draws that are made for clashes before the paper is given up: where so many fail, the bank lacks questions."""


@dataclass(frozen=True)
class Paper:
    """``sections``: one ``{"title", "slots": [[version_id, points], …]}`` a row."""

    sections: list[dict[str, Any]]


@dataclass(frozen=True)
class Missing:
    """A row that cannot be filled: its place in the blueprint (from 0), its title, and how many questions it lacks."""

    row: int
    title: dict[str, str]
    missing: int


@dataclass(frozen=True)
class Shortfall:
    """Why there is no paper. Rows that compete share the lack: more questions for any of them may do."""

    rows: tuple[Missing, ...]


def assemble(rows: Sequence[Row], pool: Sequence[PoolItem], seed: str, clashes: Sequence[Camps] = ()) -> Paper | Shortfall:
    """A paper, or why there is none. ``clashes``: each a list of camps of references of which a paper may hold one."""
    dice = random.Random(seed)
    on = [_sides(pool, camps) for camps in clashes]
    mixed = {key for sides in on for key, camps in sides.items() if len(camps) > 1}
    items = {item.version_id: item for item in pool if item.version_id not in mixed}
    order = sorted(items)
    dice.shuffle(order)
    blueprint = Blueprint(tuple(rows))
    eligible = [[key for key in order if draws(row, blueprint.wants_key(row), items[key])] for row in rows]
    draw, lacking = _solve(_Draw(eligible, [row.count for row in rows]), [*on, *_quarrels(pool)], dice, itertools.count())
    if draw is None:
        return Shortfall(tuple(Missing(at, section_title(rows[at], at + 1), n) for at, n in sorted(lacking.items())))
    sections = []
    for at, (row, chosen) in enumerate(zip(rows, _choose(draw, rows, items, dice), strict=True)):
        dice.shuffle(chosen)
        sections.append({"title": section_title(row, at + 1), "slots": [[key, row.points] for key in chosen]})
    return Paper(sections)


def _sides(pool: Sequence[PoolItem], camps: Camps) -> Sides:
    """On which camps of a clash each question stands."""
    found = {item.version_id: frozenset(at for at, camp in enumerate(camps) if camp.intersection(item.refs)) for item in pool}
    return {key: taken for key, taken in found.items() if taken}


def _quarrels(pool: Sequence[PoolItem]) -> list[Sides]:
    """The pairs of enemies in the pool, each a clash with two camps."""
    versions = {item.item_id: item.version_id for item in pool}
    pairs = {tuple(sorted((item.item_id, other))) for item in pool for other in item.enemies if other in versions}
    return [{versions[one]: frozenset({0}), versions[other]: frozenset({1})} for one, other in sorted(pairs)]


class _Draw:
    """Which row holds which question, towards ``counts`` a row; ``held`` maps a question to its row."""

    def __init__(self, eligible: Sequence[Sequence[int]], counts: Sequence[int]) -> None:
        self.eligible = eligible
        self.counts = counts
        self.held: dict[int, int] = {}
        self.fixed: set[int] = set()
        self.filled = [0] * len(counts)

    def without(self, shut: set[int]) -> "_Draw":
        """A fresh draw from the questions that are not shut out."""
        return _Draw([[key for key in row if key not in shut] for row in self.eligible], self.counts)

    def fill(self) -> dict[int, int]:
        """Give every row as many questions as can be; answers what rows lack."""
        lacking = {}
        for row, count in enumerate(self.counts):
            while self.filled[row] < count and self.augment(row):
                pass
            if self.filled[row] < count:
                lacking[row] = count - self.filled[row]
        return lacking

    def augment(self, start: int) -> bool:
        """One more question for ``start``, rows passing questions on where that helps (breadth first)."""
        came: dict[int, tuple[int, int]] = {}  # row: the question that it would give up, and to which row
        queue, seen = [start], {start}
        for row in queue:
            for key in self.eligible[row]:
                owner = self.held.get(key)
                if owner is None:
                    self._pass_on(row, key, came)
                    self.filled[start] += 1
                    return True
                if owner not in seen and key not in self.fixed:
                    seen.add(owner)
                    came[owner] = (key, row)
                    queue.append(owner)
        return False

    def _pass_on(self, row: int, key: int, came: dict[int, tuple[int, int]]) -> None:
        self.held[key] = row
        while row in came:
            given, row = came[row]
            self.held[given] = row

    def fix(self, row: int, key: int) -> bool:
        """Settle that ``row`` asks ``key`` when a full draw stays possible; otherwise change nothing."""
        owner = self.held.get(key)
        if owner != row:
            before, counts = dict(self.held), list(self.filled)
            spare = next(other for other in self.eligible[row] if self.held.get(other) == row and other not in self.fixed)
            del self.held[spare]
            self.held[key] = row
            self.fixed.add(key)
            if owner is not None:
                self.filled[owner] -= 1
                if not self.augment(owner):
                    self.held, self.filled = before, counts
                    self.fixed.discard(key)
                    return False
        self.fixed.add(key)
        return True


def _solve(draw: _Draw, clashes: Sequence[Sides], dice: random.Random, tries: Iterator[int]) -> tuple[_Draw | None, dict[int, int]]:
    """A full draw in which no clash has two camps, its other camps shut out; else None and the least that rows lack."""
    lacking = draw.fill()
    if lacking:
        return None, lacking
    best: dict[int, int] = {}
    for sides in clashes:
        used = _used(sides, draw.held)
        if len(used) < 2:
            continue
        camps = 1 + max(at for taken in sides.values() for at in taken)
        for keep in dice.sample(range(camps), camps):
            if next(tries) >= TRIES:
                break
            found, lacking = _solve(draw.without(_outside(sides, keep)), clashes, dice, tries)
            if found is not None:
                return found, {}
            best = min(best or lacking, lacking, key=lambda rows: sum(rows.values()))
        return None, best or {next(row for key, row in draw.held.items() if key in sides): 1}
    return _shut_unused(draw, clashes, dice), {}


def _used(sides: Sides, keys: Container[int]) -> set[int]:
    """The camps on which any of the questions stands."""
    return {at for key, taken in sides.items() if key in keys for at in taken}


def _outside(sides: Sides, keep: int) -> set[int]:
    """Questions on the clash that do not stand in the camp that is kept."""
    return {key for key, taken in sides.items() if taken - {keep}}


def _shut_unused(draw: _Draw, clashes: Sequence[Sides], dice: random.Random) -> _Draw:
    """Settle for each clash the one camp that may still be chosen from: that of the draw, else one by lot."""
    shut: set[int] = set()
    eligible = {key for row in draw.eligible for key in row}
    for sides in clashes:
        used, there = _used(sides, draw.held), _used(sides, eligible)
        if there:
            shut |= _outside(sides, used.pop() if used else dice.choice(sorted(there)))
    draw.eligible = [[key for key in row if key not in shut] for row in draw.eligible]
    return draw


def _choose(draw: _Draw, rows: Sequence[Row], items: dict[int, PoolItem], dice: random.Random) -> list[list[int]]:
    """Settle every row's questions, least asked clauses first, and among those the least asked entry of the row."""
    asked: Counter[str] = Counter()
    chosen: list[list[int]] = []
    for at, row in enumerate(rows):
        taken: list[int] = []
        entries: Counter[str] = Counter()
        lot = {key: dice.random() for key in draw.eligible[at]}
        while len(taken) < row.count:
            key = next(key for key in _by_need(row, items, lot, asked, entries) if key not in draw.fixed and draw.fix(at, key))
            taken.append(key)
            asked.update(items[key].refs)
            entries[_entry(row, items[key])] += 1
        chosen.append(taken)
    return chosen


def _by_need(
    row: Row, items: dict[int, PoolItem], lot: dict[int, float], asked: Counter[str], entries: Counter[str]
) -> Iterator[int]:
    """The row's questions, those whose clauses were asked least first."""

    def need(key: int) -> tuple[int, int, float]:
        item = items[key]
        return max(asked[ref] for ref in item.refs), entries[_entry(row, item)], lot[key]

    return iter(sorted(lot, key=need))


def _entry(row: Row, item: PoolItem) -> str:
    """The entry of the row's clauses under which the question's main clause lies."""
    return next(prefix for prefix in row.clauses if covers_reference(prefix, item.refs[0]))
