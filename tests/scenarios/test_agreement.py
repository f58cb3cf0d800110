"""Coefficients of agreement against the published world: the data are typed here, the figures stand in docs/agreement.md."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from scenarios.agreement import ac1, alpha, cohen_kappa, fleiss_kappa, icc, linear, raw, squared
from scenarios.agreement_report import Report, report, word
from scenarios.agreement_table import Note, Rating, Row, Scale, Table, table
from tests.published import rows

# Cohen 1968: two judges, three categories, 200 cases, and the article's weights of disagreement.
COHEN = ((88, 14, 18), (10, 40, 10), (2, 6, 12))
COHEN_WEIGHTS = ((0, 1, 3), (1, 0, 6), (3, 6, 0))
COHEN_UNEVEN = ((0, 1, 4), (1, 0, 6), (2, 2, 0))
# Fleiss 1971, table 1: thirty patients, six psychiatrists each, how many gave each of five diagnoses.
FLEISS = (
    "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006", "10050", "11040", "03300", "10050", "02031",
    "00501", "30012", "51000", "02040", "10203", "00006", "01050", "02013", "20040", "10041", "05010", "40002", "02040", "10500", "00006",
)
# Krippendorff 2011, section C: four observers (lines), twelve units, five values, gaps.
KRIPPENDORFF = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
# Shrout & Fleiss 1979, table 2: six targets, four judges.
SHROUT_FLEISS = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))
HIGH = ((118, 5), (2, 0))


def crossed(counts: tuple[tuple[int, ...], ...]) -> Table:
    """A table of two raters from their cross table."""
    return table([(a, b) for a, line in enumerate(counts) for b, times in enumerate(line) for _ in range(times)])


def observed(*lines: str) -> Table:
    """A line a rater, a character a unit, a dot for a gap."""
    return table([[None if cell == "." else int(cell) for cell in unit] for unit in zip(*lines, strict=True)])


DATA = {
    "Cohen 1968": crossed(COHEN),
    "Fleiss 1971": table([[kind for kind, times in enumerate(line) for _ in range(int(times))] for line in FLEISS]),
    "Krippendorff 2011": observed(*KRIPPENDORFF),
    "Shrout & Fleiss 1979": table(SHROUT_FLEISS),
    "high agreement, two categories": crossed(HIGH),
}
PUBLISHED = rows("agreement.md", "Published checks")


def by_the_article(one: Rating, other: Rating) -> int:
    return COHEN_WEIGHTS[int(one)][int(other)]


def unevenly(one: Rating, other: Rating) -> int:
    return COHEN_UNEVEN[int(one)][int(other)]


def found(data: Table, name: str) -> Fraction | None:
    family, _, member = name.partition(".")
    return {
        "raw": lambda: raw(data), "ac1": lambda: ac1(data),
        "cohen_kappa": lambda: cohen_kappa(data), "fleiss_kappa": lambda: fleiss_kappa(data),
        "weighted by the article's weights": lambda: cohen_kappa(data, by_the_article),
        "weighted by its uneven weights": lambda: cohen_kappa(data, unevenly),
        "krippendorff_alpha": lambda: alpha(data, Scale(member)), "icc": lambda: icc(data)[member],
    }[family]().value


@pytest.mark.parametrize(("data", "figure", "published"), PUBLISHED, ids=lambda cell: cell)
def test_published_figures_come_out(data: str, figure: str, published: str) -> None:
    value = found(DATA[data], figure)
    assert value is not None
    digits = -int(Decimal(published).as_tuple().exponent)
    assert f"{float(value):.{digits}f}" == f"{float(published):.{digits}f}"


def test_the_data_of_every_source_are_used() -> None:
    assert {row[0] for row in PUBLISHED} == set(DATA)
    assert [sum(int(line[kind]) for line in FLEISS) for kind in range(5)] == [26, 26, 30, 55, 43]  # the totals that Fleiss prints


def test_counts_behind_raw_agreement() -> None:
    assert vars(report(DATA["high agreement, two categories"], Scale.NOMINAL, resamples=0).counts) == {
        "units_alike": 118, "units": 125, "pairs_alike": 118, "pairs": 125,
    }
    assert vars(report(DATA["Krippendorff 2011"], Scale.NOMINAL, resamples=0).counts) == {
        "units_alike": 8, "units": 11, "pairs_alike": 43, "pairs": 55,
    }


def told(lines: Sequence[Row], scale: Scale = Scale.INTERVAL, **more: int) -> Report:
    return report(table(lines), scale, **more)


def test_everybody_agrees_always() -> None:
    """The common case: raw agreement and AC1 stand, everything else says that it is not defined."""
    everything = told([(1, 1, 1)] * 12)
    defined = {figure.name: figure.value for figure in everything.figures if figure.value is not None}
    assert defined == {"raw": 1.0, "ac1": 1.0}
    notes = {figure.name: figure.note for figure in everything.figures if figure.note}
    assert notes.pop("cohen_kappa") is notes.pop("weighted_kappa.linear") is notes.pop("weighted_kappa.quadratic") is Note.TWO_RATERS
    assert set(notes.values()) == {Note.ALL_ALIKE}
    assert everything.figure("raw").interval is None, "agreement without exception proves no certainty"


def test_everybody_agrees_on_units_that_differ() -> None:
    everything = told([(0, 0), (1, 1), (2, 2)] * 4)
    assert {figure.value for figure in everything.figures} == {1.0}
    assert {figure.word for figure in everything.figures} == {"", "almost perfect", "reliable", "excellent"}


@pytest.mark.parametrize(
    ("lines", "name", "note"),
    [
        ([(1, None), (None, 2)], "raw", Note.NO_PAIRS),
        ([(1, None), (None, 2)], "ac1", Note.NO_PAIRS),
        ([(1, None), (None, 2)], "krippendorff_alpha.nominal", Note.NO_PAIRS),
        ([(1, None), (None, 2)], "icc.2,1", Note.TOO_FEW),
        ([], "raw", Note.NO_PAIRS),
        ([(1,), (2,)], "fleiss_kappa", Note.NO_PAIRS),
        ([(1,), (2,)], "icc.1,1", Note.TOO_FEW),
        ([(1, 2, 3)] * 3, "cohen_kappa", Note.TWO_RATERS),
        ([(1, 2)] * 3, "icc.1,k", Note.NO_SPREAD),
        ([(1, 2)] * 3, "icc.3,1", Note.NO_SPREAD),
        ([("y", "n"), ("y", "y")], "krippendorff_alpha.ordinal", Note.WORDS),
        ([("y", "n"), ("y", "y")], "icc.2,k", Note.WORDS),
        ([("y", "n"), ("y", "y")], "weighted_kappa.linear", Note.NO_STEPS),
    ],
)
def test_not_defined_is_said_with_its_reason(lines: list[Row], name: str, note: Note) -> None:
    words = any(isinstance(cell, str) for line in lines for cell in line)
    everything = told(lines, Scale.NOMINAL if words else Scale.INTERVAL, resamples=10)
    figure = everything.figure(name)
    assert (figure.value, figure.note, figure.interval, figure.word) == (None, note, None, "")
    assert everything.plain()["note"][name].startswith("not defined: ")


def test_no_word_below_ten_units() -> None:
    nine, ten = told([(0, 0), (1, 1), (1, 1)] * 3), told([(0, 0), (1, 1)] * 5)
    assert {figure.word for figure in nine.figures} == {""}
    assert nine.figure("ac1").n == 9
    assert ten.figure("ac1").word == "almost perfect"


def test_words_depend_on_the_units_a_figure_rests_on() -> None:
    """Eleven units, of which two raters share nine: no word, although the table has more than ten."""
    assert told([(0, 0), (1, 1), (1, 1)] * 3 + [(1, None), (0, None)]).figure("ac1").word == ""


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ac1", "-0.01", "poor"), ("ac1", "0", "slight"), ("cohen_kappa", "0.2", "slight"), ("fleiss_kappa", "0.21", "fair"),
        ("weighted_kappa.linear", "0.6", "moderate"), ("ac1", "0.8", "substantial"), ("ac1", "0.801", "almost perfect"),
        ("krippendorff_alpha.nominal", "0.666", "not reliable"), ("krippendorff_alpha.nominal", "0.667", "tentative"),
        ("krippendorff_alpha.ordinal", "0.8", "reliable"), ("icc.2,1", "0.499", "poor"), ("icc.2,1", "0.5", "moderate"),
        ("icc.2,k", "0.75", "good"), ("icc.2,k", "0.9", "good"), ("icc.2,k", "0.91", "excellent"), ("raw", "0.99", ""),
    ],
)
def test_words_are_their_authors(name: str, value: str, said: str) -> None:
    assert word(name, Fraction(value)) == said


def test_categories_that_nobody_used_lower_what_chance_explains() -> None:
    data = DATA["high agreement, two categories"]
    assert ac1(data).value == ac1(data, 2).value
    assert (ac1(data, 5).value or 0) > (ac1(data).value or 0)
    assert ac1(data, 1).value == ac1(data).value


def test_the_scale_tells_what_a_step_is() -> None:
    """1, 2 and 10 are neighbours on an ordinal scale, and far apart on an interval scale."""
    lines: list[Row] = [(1, 1), (1, 2), (2, 2), (2, 10), (10, 10), (10, 10)]
    steps, sizes = told(lines, Scale.ORDINAL, resamples=0), told(lines, Scale.INTERVAL, resamples=0)
    as_steps = told([tuple({1: 0, 2: 1, 10: 2}[int(cell or 0)] for cell in line) for line in lines], Scale.INTERVAL, resamples=0)
    for weights in ("weighted_kappa.linear", "weighted_kappa.quadratic"):
        assert steps.figure(weights).value == as_steps.figure(weights).value != sizes.figure(weights).value
    assert cohen_kappa(table(lines), linear).value != cohen_kappa(table(lines), squared).value
    with pytest.raises(ValueError, match="needs numbers"):
        told([("a", "b")], Scale.ORDINAL)


def test_the_interval_holds_the_figure_and_narrows_with_more_units() -> None:
    few, many = told([(1, 1), (0, 0), (1, 0), (2, 2), (2, 1), (0, 0)]), told([(1, 1), (0, 0), (1, 0), (2, 2), (2, 1), (0, 0)] * 15)
    for name in ("raw", "ac1", "krippendorff_alpha.interval", "icc.2,1"):
        narrow, wide = many.figure(name), few.figure(name)
        assert narrow.interval is not None
        assert wide.interval is not None
        assert narrow.interval[0] <= (narrow.value or 0) <= narrow.interval[1]
        assert narrow.interval[1] - narrow.interval[0] < wide.interval[1] - wide.interval[0]


def test_the_interval_of_a_share_is_near_the_binomial() -> None:
    """118 of 125: the exact binomial quantiles of the share are .904 and .984."""
    low, high = report(DATA["high agreement, two categories"], Scale.NOMINAL).figure("raw").interval or (0, 0)
    assert low == pytest.approx(0.904, abs=0.009)
    assert high == pytest.approx(0.984, abs=0.009)


def test_an_interval_comes_from_its_seed() -> None:
    data = DATA["Krippendorff 2011"]
    assert report(data, Scale.NOMINAL, seed=1) == report(data, Scale.NOMINAL, seed=1)
    assert report(data, Scale.NOMINAL, seed=1).figures != report(data, Scale.NOMINAL, seed=2).figures


def test_no_interval_when_too_few_resamples_define_the_figure() -> None:
    """One unit of five differs: a third of the resamples miss it, and kappa is not defined in those."""
    one = told([*[(1, 1)] * 4, (0, 0)])
    assert one.figure("cohen_kappa").value == 1.0
    assert one.figure("cohen_kappa").interval is None


@pytest.mark.parametrize(("lines", "told_"), [([(1, 2), (1,)], "every row"), ([(float("inf"), 1)], "finite"), ([(float("nan"), 1)], "NaN")])
def test_what_is_no_table_is_refused(lines: list[Row], told_: str) -> None:
    with pytest.raises(ValueError, match=told_):
        table(lines)
