"""How a question did: the share earned, and the correlation with the rest of the paper, sitting by sitting."""

import random
import statistics

import pytest

from question_bank.figures import LEAST, Figures, Marked, figures, tally


def papers(count: int, seed: int, ease: float = 0.0) -> list[Marked]:
    """People of different skill on three questions of two points; 1 goes with skill, 2 with chance, 3 against skill."""
    dice = random.Random(seed)
    found = []
    for _person in range(count):
        skill = dice.random()
        shares = [float(dice.random() < skill + ease), dice.choice([0.0, 0.5, 1.0]), float(dice.random() > skill)]
        found.append(Marked([(number, share, 2 * share) for number, share in enumerate(shares, 1)], 2 * sum(shares), 6.0))
    return found


def by_hand(found: list[Marked], version: int) -> float:
    earned = [share for paper in found for key, share, _mark in paper.answers if key == version]
    rest = [paper.mark - mark for paper in found for key, _share, mark in paper.answers if key == version]
    return statistics.correlation(earned, rest)


def test_one_sitting_is_the_plain_mean_and_correlation() -> None:
    found = papers(200, 7)
    for version, counted in tally(found).items():
        told = figures([counted])
        assert told is not None
        assert told.answers == 200
        assert told.facility == pytest.approx(statistics.mean(paper.answers[version - 1][1] for paper in found))
        assert told.rest_correlation == pytest.approx(by_hand(found, version))


def test_an_easier_sitting_does_not_pass_for_discrimination() -> None:
    dice = random.Random(3)

    def chance(ease: float) -> list[Marked]:
        """Two questions that have nothing to do with each other, both easier where the crowd is better."""
        pairs = [(float(dice.random() < ease), float(dice.random() < ease)) for _person in range(400)]
        return [Marked([(1, one, one), (2, two, two)], one + two, 2.0) for one, two in pairs]

    weak, strong = chance(0.1), chance(0.9)
    mixed = figures([tally([*weak, *strong])[1]])
    apart = figures([tally(weak)[1], tally(strong)[1]])
    assert mixed is not None
    assert apart is not None
    assert mixed.rest_correlation is not None
    assert apart.rest_correlation is not None
    assert mixed.rest_correlation > 0.5
    assert abs(apart.rest_correlation) < 0.1
    assert apart.facility == pytest.approx(mixed.facility)


def test_little_says_nothing() -> None:
    few = figures([tally(papers(LEAST - 1, 1))[1]])
    assert few is not None
    assert few.rest_correlation is None
    assert figures([tally(papers(LEAST, 1))[1]]) != few
    same = [Marked([(1, 1.0, 2.0), (2, share, share)], 2.0 + share, 4.0) for share in (0.0, 1.0) for _ in range(20)]
    assert figures([tally(same)[1]]) == Figures(40, 1.0, None)
    assert figures([]) is None
    assert tally([]) == {}


def test_a_paper_without_points_is_borne() -> None:
    assert tally([Marked([(1, 1.0, 0.0)], 0.0, 0.0)])[1].answers == 1
