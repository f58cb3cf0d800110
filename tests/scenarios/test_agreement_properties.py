"""What must hold of any ratings: names, order, gaps and units of measure change nothing; and plain references agree."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.agreement import Distance, ac1, alpha, cohen_kappa, fleiss_kappa, icc, linear, raw, squared, unlike
from scenarios.agreement_report import Report, report
from scenarios.agreement_table import Scale, table

Lines = list[tuple[int | None, ...]]


@st.composite
def ratings(draw: st.DrawFn, least: int = 2, most: int = 4, gaps: bool = True) -> Lines:
    raters = draw(st.integers(least, most))
    cell = st.integers(0, 3) | st.none() if gaps else st.integers(0, 3)
    return draw(st.lists(st.tuples(*[cell] * raters), min_size=1, max_size=9))


def values(lines: list[Any], scale: Scale = Scale.INTERVAL) -> dict[str, Any]:
    return {figure.name: figure.value for figure in report(table(lines), scale, resamples=0).figures}


def whole(lines: list[Any]) -> Report:
    return report(table(lines), Scale.INTERVAL, resamples=12)


@given(ratings(), st.permutations(["done", "not done", "in part", "otherwise"]))
def test_names_of_categories_change_nothing_nominal(lines: Lines, names: list[str]) -> None:
    other = [tuple(None if cell is None else names[cell] for cell in line) for line in lines]
    for name in ("raw", "ac1", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha.nominal"):
        assert values(lines, Scale.NOMINAL)[name] == values(other, Scale.NOMINAL)[name]


@given(ratings(), st.randoms(use_true_random=False))
def test_the_order_of_raters_changes_nothing(lines: Lines, dice: Any) -> None:
    order = list(range(len(lines[0])))
    dice.shuffle(order)
    assert values(lines) == values([tuple(line[place] for place in order) for line in lines])


@given(ratings(), st.randoms(use_true_random=False))
def test_the_order_of_units_changes_nothing_not_even_intervals(lines: Lines, dice: Any) -> None:
    other = list(lines)
    dice.shuffle(other)
    assert whole(lines) == whole(other)


@given(ratings(), st.integers(1, 3))
def test_units_that_nobody_rated_change_nothing(lines: Lines, more: int) -> None:
    assert whole(lines) == whole([*lines, *[(None,) * len(lines[0])] * more])


@given(ratings(), st.integers(0, 3))
def test_a_unit_with_one_rating_says_nothing_about_agreement(lines: Lines, value: int) -> None:
    lone = (value,) + (None,) * (len(lines[0]) - 1)
    before, after = values(lines), values([*lines, lone])
    for name in before:
        if name not in {"ac1", "fleiss_kappa", "weighted_kappa.linear", "weighted_kappa.quadratic"}:
            assert before[name] == after[name]


@given(ratings(), st.integers(1, 7), st.integers(-5, 5), st.sampled_from([1, 2, 10]))
def test_another_unit_of_measure_changes_nothing(lines: Lines, times: int, plus: int, parts: int) -> None:
    other = [tuple(None if cell is None else (cell * times + plus) / parts for cell in line) for line in lines]
    before, after = values(lines), values(other)
    assert before.keys() == after.keys()
    for name, value in before.items():
        assert after[name] == (None if value is None else pytest.approx(value, abs=1e-9))


@given(ratings())
def test_ordinal_figures_know_the_order_only(lines: Lines) -> None:
    """0, 1, 2, 3 stretched to 0, 1, 8, 27."""
    other = [tuple(None if cell is None else cell**3 for cell in line) for line in lines]
    for name in ("krippendorff_alpha.ordinal", "weighted_kappa.linear", "weighted_kappa.quadratic"):
        assert values(lines, Scale.ORDINAL)[name] == values(other, Scale.ORDINAL)[name]


@given(ratings())
def test_bounds(lines: Lines) -> None:
    found = values(lines)
    assert found["raw"] is None or 0 <= found["raw"] <= 1
    assert all(value is None or value <= 1 + 1e-12 for name, value in found.items() if not name.startswith("icc.2"))


@given(st.lists(st.integers(0, 3), min_size=2, max_size=9), st.integers(2, 4))
def test_copies_of_one_rater_agree_perfectly(said: list[int], raters: int) -> None:
    found = values([(value,) * raters for value in said])
    defined = {name for name, value in found.items() if value is not None}
    assert all(found[name] == 1 for name in defined)
    assert {"raw", "ac1"} <= defined
    if len(set(said)) > 1:
        assert "krippendorff_alpha.ordinal" in defined
        assert "icc.2,1" in defined


@given(ratings(most=2))
def test_two_categories_need_no_weights(lines: Lines) -> None:
    two = table([tuple(None if cell is None else cell % 2 for cell in line) for line in lines])
    assert cohen_kappa(two) == cohen_kappa(two, linear) == cohen_kappa(two, squared)


@given(ratings(most=2))
def test_short_ways_to_expected_disagreement_are_right(lines: Lines) -> None:
    """A distance that the rule does not know is summed pair by pair."""
    data = table(lines)
    distances: tuple[Distance, ...] = (unlike, linear, squared)
    for distance in distances:
        assert cohen_kappa(data, distance) == cohen_kappa(data, lambda one, other, used=distance: used(one, other))  # type: ignore[misc]


@given(ratings())
def test_alpha_is_the_coincidence_matrix_of_krippendorff(lines: Lines) -> None:
    """The textbook's way: coincidences of values, and the metric differences written out."""
    pairs: dict[tuple[int, int], float] = {}
    for line in lines:
        said = [cell for cell in line if cell is not None]
        for one, other in permutations(range(len(said)), 2):
            key = said[one], said[other]
            pairs[key] = pairs.get(key, 0) + 1 / (len(said) - 1)
    margin = [sum(times for (one, _), times in pairs.items() if one == value) for value in range(4)]
    n = sum(margin)

    def apart(scale: Scale, one: int, other: int) -> float:
        if scale is Scale.NOMINAL:
            return float(one != other)
        if scale is Scale.INTERVAL:
            return float(one - other) ** 2
        low, high = sorted((one, other))
        return (sum(margin[low:high + 1]) - (margin[low] + margin[high]) / 2) ** 2 if low != high else 0.0

    for scale in Scale:
        expected = sum(margin[a] * margin[b] * apart(scale, a, b) for a in range(4) for b in range(4))
        found = alpha(table(lines), scale).value
        if expected < 1e-9:
            assert found is None
        else:
            observed = sum(times * apart(scale, *key) for key, times in pairs.items())
            assert found is not None
            assert float(found) == pytest.approx(1 - (n - 1) * observed / expected)


@given(ratings(gaps=False))
def test_correlations_are_those_of_a_table_of_variance(lines: Lines) -> None:
    """Sums of squares from means, in floating point."""
    found = icc(table(lines))
    n, k = len(lines), len(lines[0])
    if n < 2:
        assert all(one.value is None for one in found.values())
        return
    full = [[float(cell or 0) for cell in line] for line in lines]
    mean = sum(map(sum, full)) / (n * k)
    of_units, of_raters = [sum(line) / k for line in full], [sum(column) / n for column in zip(*full, strict=True)]
    units = k * sum((one - mean) ** 2 for one in of_units) / (n - 1)
    raters = n * sum((one - mean) ** 2 for one in of_raters) / (k - 1)
    within = sum((cell - of_units[row]) ** 2 for row, line in enumerate(full) for cell in line) / (n * (k - 1))
    rest = sum((cell - of_units[row] - of_raters[place] + mean) ** 2 for row, line in enumerate(full) for place, cell in enumerate(line))
    error = rest / ((n - 1) * (k - 1))
    plain = {
        "1,1": (units - within, units + (k - 1) * within), "1,k": (units - within, units),
        "2,1": (units - error, units + (k - 1) * error + k * (raters - error) / n), "2,k": (units - error, units + (raters - error) / n),
        "3,1": (units - error, units + (k - 1) * error), "3,k": (units - error, units),
    }
    for form, (over, under) in plain.items():
        value = found[form].value
        assert (value is None) == (under < 1e-9), form
        if value is not None:
            assert float(value) == pytest.approx(over / under, abs=1e-9)


@given(ratings(gaps=False))
def test_multi_rater_figures_are_those_of_counts(lines: Lines) -> None:
    """Fleiss and Gwet from a table of how many raters chose each category."""
    k = len(lines[0])
    counts = [[line.count(value) for value in range(4)] for line in lines]
    agreed = sum((sum(one * one for one in line) - k) / (k * (k - 1)) for line in counts) / len(lines)
    shares = [sum(line[value] for line in counts) / (k * len(lines)) for value in range(4)]
    used = max(2, sum(share > 0 for share in shares))
    by_chance = sum(share * (1 - share) for share in shares) / (used - 1)
    data = table(lines)
    assert float(raw(data).value or 0) == pytest.approx(agreed)
    assert float(ac1(data).value or 0) == pytest.approx((agreed - by_chance) / (1 - by_chance))
    chance = sum(share * share for share in shares)
    if chance < 1 - 1e-9:
        assert float(fleiss_kappa(data).value or 0) == pytest.approx((agreed - chance) / (1 - chance))
    else:
        assert fleiss_kappa(data).value is None


@settings(max_examples=30)
@given(ratings())
def test_intervals_lie_within_what_is_possible(lines: Lines) -> None:
    for figure in report(table(lines * 3), Scale.ORDINAL, resamples=40).figures:
        if figure.interval:
            assert figure.interval[0] <= figure.interval[1]
            if figure.name == "raw":
                assert figure.interval[0] >= 0
                assert figure.interval[1] <= 1
