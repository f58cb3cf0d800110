"""How a question did: how much of it was earned, and whether those who did well on the rest of the paper did well on it.

Each sitting is counted by itself, about its own means, and the counts of
several are added: so neither an easier paper nor a weaker crowd passes for a
property of the question. The correlation is that of the fraction earned with
the mark on the rest of the paper (corrected item-total correlation), pooled
within sittings.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST = 30
"""Answers below which a correlation says nothing."""


@dataclass(frozen=True)
class Marked:
    """One person's paper: ``answers`` are (version, fraction 0–1, mark); ``mark`` of ``points`` on the whole paper."""

    answers: Sequence[tuple[int, float, float]]
    mark: float
    points: float


@dataclass(frozen=True)
class Tally:
    """One version in one sitting. ``earned``: the sum of fractions; ``spread`` and ``rest_spread``: sums of squares about the mean
    of fraction and of rest (0–1); ``together``: the sum of their products."""

    answers: int
    earned: float
    spread: float
    rest_spread: float
    together: float


@dataclass(frozen=True)
class Figures:
    """What ItemFigures keeps: ``facility`` 0–1, ``rest_correlation`` -1 to 1, None below ``LEAST`` answers or where nothing varies."""

    answers: int
    facility: float
    rest_correlation: float | None


def tally(papers: Iterable[Marked]) -> dict[int, Tally]:
    """Count the papers of one sitting, by version."""
    pairs: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for paper in papers:
        for version, fraction, mark in paper.answers:
            pairs[version].append((fraction, (paper.mark - mark) / paper.points if paper.points else 0.0))
    return {version: _tally(found) for version, found in pairs.items()}


def _tally(pairs: Sequence[tuple[float, float]]) -> Tally:
    count = len(pairs)
    earned = math.fsum(fraction for fraction, _rest in pairs)
    mean, rest_mean = earned / count, math.fsum(rest for _fraction, rest in pairs) / count
    return Tally(
        count, earned, math.fsum((fraction - mean) ** 2 for fraction, _rest in pairs),
        math.fsum((rest - rest_mean) ** 2 for _fraction, rest in pairs),
        math.fsum((fraction - mean) * (rest - rest_mean) for fraction, rest in pairs),
    )


def figures(tallies: Sequence[Tally]) -> Figures | None:
    """What the sittings say together; None without an answer."""
    answers = sum(one.answers for one in tallies)
    if not answers:
        return None
    spread, rest = math.fsum(one.spread for one in tallies), math.fsum(one.rest_spread for one in tallies)
    together = math.fsum(one.together for one in tallies)
    varies = answers >= LEAST and spread > 1e-9 and rest > 1e-9
    correlation = max(-1.0, min(1.0, together / math.sqrt(spread * rest))) if varies else None
    return Figures(answers, math.fsum(one.earned for one in tallies) / answers, correlation)
