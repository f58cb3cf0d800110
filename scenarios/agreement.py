"""How well raters agree: raw agreement, AC1, the kappas, Krippendorff's alpha and the intraclass correlations.

All sums are exact. Formulas, sources and the published figures that tests reproduce are in ``docs/agreement.md``.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm

from scenarios.agreement_table import Found, Note, Rating, Scale, Table, number

Distance = Callable[[Rating, Rating], int]
"""What two ratings of one unit are apart; 0 when they are alike."""
ICC = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")


def raw(given: Table) -> Found:
    """The share of pairs of ratings of one unit that agree, averaged over the units with two ratings or more."""
    n = sum(times for _, times in given.rated(2))
    return Found(_alike(given, n), n) if n else Found(None, 0, Note.NO_PAIRS)


def _alike(given: Table, n: int) -> Fraction:
    common = lcm(*{unit.pairs for unit, _ in given.rated(2)})
    return Fraction(sum(times * unit.alike * (common // unit.pairs) for unit, times in given.rated(2)), n * common)


def _shares(given: Table) -> list[Fraction]:
    """For each category the share of ratings of a unit that name it, averaged over the units."""
    common = lcm(*{len(unit.said) for unit, _ in given.rated(1)})
    sums: Counter[Rating] = Counter()
    for unit, times in given.rated(1):
        for rating in unit.said:
            sums[rating] += times * (common // len(unit.said))
    return [Fraction(value, given.n * common) for value in sums.values()]


def ac1(given: Table, categories: int = 2) -> Found:
    """Gwet's first-order coefficient (2008). ``categories``: how many the scale offers, when not all were used.

    It is defined when all ratings are one category: chance agreement is then nil, however many more there are.
    """
    n = sum(times for _, times in given.rated(2))
    if not n:
        return Found(None, 0, Note.NO_PAIRS)
    shares = _shares(given)
    chance = sum((share * (1 - share) for share in shares), Fraction(0)) / (max(len(shares), categories, 2) - 1)
    return Found(_corrected(_alike(given, n), chance), n)


def fleiss_kappa(given: Table) -> Found:
    """Fleiss (1971), for any number of raters, who need not be the same; with gaps in Gwet's form (2014)."""
    n = sum(times for _, times in given.rated(2))
    if not n:
        return Found(None, 0, Note.NO_PAIRS)
    chance = sum((share * share for share in _shares(given)), Fraction(0))
    return Found(None, n, Note.ALL_ALIKE) if chance == 1 else Found(_corrected(_alike(given, n), chance), n)


def _corrected(agreed: Fraction, chance: Fraction) -> Fraction:
    return (agreed - chance) / (1 - chance)


def unlike(one: Rating, other: Rating) -> int:
    """Every difference counts the same (Cohen 1960)."""
    return int(one != other)


def linear(one: Rating, other: Rating) -> int:
    """A difference counts by its size."""
    return abs(number(one) - number(other))


def squared(one: Rating, other: Rating) -> int:
    """A difference counts by its square."""
    return (number(one) - number(other)) ** 2


def cohen_kappa(given: Table, distance: Distance = unlike) -> Found:
    """Cohen's kappa (1960) for two raters; with a distance, weighted (1968). Units that both have rated count."""
    if given.raters != 2:
        return Found(None, 0, Note.TWO_RATERS)
    both = [(unit.said, times) for unit, times in given.rated(2)]
    n = sum(times for _, times in both)
    if not n:
        return Found(None, 0, Note.NO_PAIRS)
    first: Counter[Rating] = Counter()
    second: Counter[Rating] = Counter()
    for (one, other), times in both:
        first[one] += times
        second[other] += times
    expected = _expected(first, second, distance, n)
    if not expected:
        return Found(None, n, Note.ALL_ALIKE)
    return Found(1 - Fraction(n * sum(times * distance(one, other) for (one, other), times in both), expected), n)


def _expected(first: Mapping[Rating, int], second: Mapping[Rating, int], distance: Distance, n: int) -> int:
    """The sum of distances over all n × n pairs of the two raters' ratings; the three usual distances without n² steps."""
    if distance is unlike:
        return n * n - sum(count * second[rating] for rating, count in first.items() if rating in second)
    if distance is squared:
        sums = [(_moment(side, 1), _moment(side, 2)) for side in (first, second)]
        return n * (sums[0][1] + sums[1][1]) - 2 * sums[0][0] * sums[1][0]
    if distance is not linear:
        return sum(a * b * distance(one, other) for one, a in first.items() for other, b in second.items())
    total = below = beneath = 0
    values = sorted({number(rating) for rating in (*first, *second)})
    for value, following in pairwise(values):
        below += first.get(value, 0)
        beneath += second.get(value, 0)
        total += (following - value) * (below * (n - beneath) + beneath * (n - below))
    return total


def _moment(side: Mapping[Rating, int], power: int) -> int:
    return sum(count * int(number(rating) ** power) for rating, count in side.items())


def alpha(given: Table, scale: Scale) -> Found:
    """Krippendorff's alpha. Units with a single rating say nothing about agreement and are left out."""
    if scale is not Scale.NOMINAL and not given.numbers:
        return Found(None, 0, Note.WORDS)
    paired = list(given.rated(2))
    n = sum(times for _, times in paired)
    if not n:
        return Found(None, 0, Note.NO_PAIRS)
    counts: Counter[Rating] = Counter()
    for unit, times in paired:
        for rating in unit.said:
            counts[rating] += times
    places = _places(counts, scale)
    ratings = sum(counts.values())
    if scale is Scale.NOMINAL:
        expected = ratings * ratings - sum(count * count for count in counts.values())
    else:
        expected = _spread([(places[rating], count) for rating, count in counts.items()])
    if not expected:
        return Found(None, n, Note.ALL_ALIKE)
    common = lcm(*{len(unit.said) - 1 for unit, _ in paired})
    observed = 0
    for unit, times in paired:
        apart = unit.pairs - unit.alike if scale is Scale.NOMINAL else _spread([(places[rating], 1) for rating in unit.said])
        observed += times * (common // (len(unit.said) - 1)) * apart
    return Found(1 - Fraction((ratings - 1) * observed, common * expected), n)


def _places(counts: Mapping[Rating, int], scale: Scale) -> dict[Rating, int]:
    """Where each rating lies. Ordinal distances are the ratings that lie between, which is the distance of mid-ranks (here doubled)."""
    if scale is Scale.NOMINAL:
        return {}
    if scale is Scale.INTERVAL:
        return {rating: number(rating) for rating in counts}
    places, below = {}, 0
    for rating in sorted(counts, key=number):
        places[rating] = 2 * below + counts[rating]
        below += counts[rating]
    return places


def _spread(values: Sequence[tuple[int, int]]) -> int:
    """The squared differences of all ordered pairs of values that occur so often."""
    n = sum(count for _, count in values)
    return 2 * (n * sum(count * value * value for value, count in values) - sum(count * value for value, count in values) ** 2)


def icc(given: Table) -> dict[str, Found]:
    """The six intraclass correlations of Shrout & Fleiss (1979), of the units that every rater has rated."""
    k = given.raters
    full = [([number(rating) for rating in unit.said], times) for unit, times in given.rated(max(k, 1))] if given.numbers else []
    n = sum(times for _, times in full)
    if not given.numbers or n < 2 or k < 2:
        note = Note.WORDS if not given.numbers else Note.TOO_FEW
        return dict.fromkeys(ICC, Found(None, n, note))
    middle = Fraction(sum(times * sum(said) for said, times in full) ** 2, n * k)
    rows = Fraction(sum(times * sum(said) ** 2 for said, times in full), k) - middle
    columns = Fraction(sum(sum(times * said[place] for said, times in full) ** 2 for place in range(k)), n) - middle
    total = sum(times * sum(value * value for value in said) for said, times in full) - middle
    between, judges = rows / (n - 1), columns / (k - 1)
    within, error = (total - rows) / (n * (k - 1)), (total - rows - columns) / ((n - 1) * (k - 1))
    bias = (judges - error) / n
    parts = {
        "1,1": (between - within, between + (k - 1) * within),
        "2,1": (between - error, between + (k - 1) * error + k * bias),
        "3,1": (between - error, between + (k - 1) * error),
        "1,k": (between - within, between),
        "2,k": (between - error, between + bias),
        "3,k": (between - error, between),
    }
    lacking = Note.NO_SPREAD if total else Note.ALL_ALIKE
    return {form: Found(over / under, n) if under > 0 else Found(None, n, lacking) for form, (over, under) in parts.items()}
