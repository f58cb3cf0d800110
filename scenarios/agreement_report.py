"""All coefficients of a table in the order in which they are shown, each with n, a bootstrap interval and, from n = 10, a word.

Raw agreement comes first and AC1 second, because kappa falls towards nought when nearly everybody does well, which is
the rule here. The interval is the percentile bootstrap over units (Efron & Tibshirani 1993), from a seed, so that the
same ratings always give the same figures. The words are those of the authors named at ``_BANDS``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from random import Random
from statistics import quantiles
from typing import Any

from scenarios.agreement import ac1, alpha, cohen_kappa, fleiss_kappa, icc, linear, raw, squared
from scenarios.agreement_table import Found, Note, Scale, Table, ranked

RESAMPLES = 1000
SEED = 20260101
WORDS_FROM = 10
"""Units below which no word is put to a figure."""
DEFINED = Fraction(95, 100)
"""The share of resamples that must define a coefficient; with fewer, what is left would flatter it."""

_BANDS: dict[str, tuple[tuple[Fraction, bool, str], ...]] = {  # from the top: a limit, whether a value must exceed it, the word
    # Landis & Koch 1977
    "kappa": (
        (Fraction(4, 5), True, "almost perfect"), (Fraction(3, 5), True, "substantial"), (Fraction(2, 5), True, "moderate"),
        (Fraction(1, 5), True, "fair"), (Fraction(0), False, "slight"),
    ),
    # Krippendorff 2004: rely on .800, draw tentative conclusions from .667
    "alpha": ((Fraction(4, 5), False, "reliable"), (Fraction(667, 1000), False, "tentative")),
    # Koo & Li 2016
    "icc": ((Fraction(9, 10), True, "excellent"), (Fraction(3, 4), False, "good"), (Fraction(1, 2), False, "moderate")),
}
_LOWEST = {"kappa": "poor", "alpha": "not reliable", "icc": "poor"}
_FAMILY = {
    "ac1": "kappa", "cohen_kappa": "kappa", "weighted_kappa": "kappa", "fleiss_kappa": "kappa", "krippendorff_alpha": "alpha", "icc": "icc",
}


@dataclass(frozen=True)
class Figure:
    """A coefficient by its name (``icc.2,1``): its value, the units it rests on, a 95 % interval and a word, or why not."""

    name: str
    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    word: str = ""
    note: Note | None = None

    def plain(self) -> dict[str, Any]:
        span = list(self.interval) if self.interval else None
        return {"name": self.name, "value": self.value, "n": self.n, "interval": span, "word": self.word or None}


@dataclass(frozen=True)
class Counts:
    """Behind raw agreement: units on which all raters agree of those with two or more, and pairs of ratings likewise."""

    units_alike: int
    units: int
    pairs_alike: int
    pairs: int


@dataclass(frozen=True)
class Report:
    """What is told of a table of ratings, figures in the order in which they are shown."""

    scale: Scale
    n_units: int
    n_raters: int
    counts: Counts
    figures: tuple[Figure, ...]

    def figure(self, name: str) -> Figure:
        return next(figure for figure in self.figures if figure.name == name)

    def plain(self) -> dict[str, Any]:
        """As JSON: values by name, families nested; ``note`` says by name why a value is null."""
        told: dict[str, Any] = {"n_units": self.n_units, "n_raters": self.n_raters, "scale": self.scale.value}
        for figure in self.figures:
            family, _, member = figure.name.partition(".")
            if member:
                told.setdefault(family, {})[member] = figure.value
            else:
                told[family] = figure.value
        told["counts"] = asdict(self.counts)
        told["note"] = {figure.name: SENTENCES[figure.note] for figure in self.figures if figure.note}
        return told | {"figures": [figure.plain() for figure in self.figures]}


SENTENCES = {
    Note.NO_PAIRS: "not defined: no unit has two ratings",
    Note.ALL_ALIKE: "not defined: every rating is the same, so agreement beyond chance cannot be told from chance",
    Note.TWO_RATERS: "not defined: for two raters only",
    Note.WORDS: "not defined: the ratings are words, not numbers",
    Note.NO_STEPS: "not defined: a nominal scale has no larger and smaller differences",
    Note.TOO_FEW: "not defined: fewer than two raters, or fewer than two units that all of them have rated",
    Note.NO_SPREAD: "not defined: the units do not differ, only the raters do",
}


def report(given: Table, scale: Scale, categories: int = 2, resamples: int = RESAMPLES, seed: int = SEED) -> Report:
    """Everything about ``given``. ``categories``: how many the scale offers. Raises ValueError when steps are asked of words."""
    if scale is not Scale.NOMINAL and not given.numbers:
        raise ValueError("an ordinal or interval scale needs numbers")
    stepped = ranked(given) if scale is Scale.ORDINAL else given
    found = _all(given, stepped, scale, categories)
    drawn: dict[str, list[Fraction]] = {name: [] for name in found}
    dice = Random(seed)
    for _ in range(resamples if given.n > 1 else 0):
        times = Counter(dice.choices(range(len(given.units)), [count for _, count in given.units], k=given.n))
        again = _all(_drawn(given, times), _drawn(stepped, times), scale, categories)
        for name, one in again.items():
            if one.value is not None:
                drawn[name].append(one.value)
    figures = tuple(_figure(name, one, _interval(drawn[name], resamples)) for name, one in found.items())
    return Report(scale, given.n, given.raters, _counts(given), figures)


def _drawn(given: Table, times: Mapping[int, int]) -> Table:
    units = tuple((given.units[place][0], count) for place, count in times.items())
    return Table(units, given.raters, given.numbers)


def _all(given: Table, stepped: Table, scale: Scale, categories: int) -> dict[str, Found]:
    """Every coefficient by name; ``stepped`` holds the numbers between which steps are counted."""
    weights = {"linear": linear, "quadratic": squared}
    weighted = {
        name: Found(None, 0, Note.NO_STEPS) if scale is Scale.NOMINAL else cohen_kappa(stepped, distance)
        for name, distance in weights.items()
    }
    return {
        "raw": raw(given),
        "ac1": ac1(given, categories),
        "cohen_kappa": cohen_kappa(given),
        **{f"weighted_kappa.{name}": one for name, one in weighted.items()},
        "fleiss_kappa": fleiss_kappa(given),
        **{f"krippendorff_alpha.{one.value}": alpha(given, one) for one in Scale},
        **{f"icc.{form}": one for form, one in icc(given).items()},
    }


def _figure(name: str, one: Found, interval: tuple[float, float] | None) -> Figure:
    if one.value is None:
        return Figure(name, None, one.n, note=one.note)
    return Figure(name, float(one.value), one.n, interval, word(name, one.value) if one.n >= WORDS_FROM else "")


def _interval(values: Sequence[Fraction], resamples: int) -> tuple[float, float] | None:
    """From the 2.5th to the 97.5th percentile; None when too few resamples define it, or all give the same figure."""
    if len(values) < 2 or len(values) < DEFINED * resamples or len(set(values)) == 1:
        return None
    cuts = quantiles([float(value) for value in values], n=40, method="inclusive")
    return cuts[0], cuts[-1]


def word(name: str, value: Fraction) -> str:
    """What the authors of a family of coefficients call such a value; nothing for raw agreement, which chance raises."""
    family = _FAMILY.get(name.partition(".")[0], "")
    for limit, above, said in _BANDS.get(family, ()):
        if value > limit or (value == limit and not above):
            return said
    return _LOWEST.get(family, "")


def _counts(given: Table) -> Counts:
    paired = list(given.rated(2))
    return Counts(
        sum(times for unit, times in paired if unit.alike == unit.pairs),
        sum(times for _, times in paired),
        sum(times * unit.alike for unit, times in paired) // 2,
        sum(times * unit.pairs for unit, times in paired) // 2,
    )
