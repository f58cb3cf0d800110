"""Enemies on papers: two questions of which one gives the other away never stand together."""

import pytest

from question_bank.assembly import Paper, Shortfall, assemble
from question_bank.blueprint import PoolItem, Row
from question_bank.item import Kind


def item(number: int, *enemies: int) -> PoolItem:
    hostile = frozenset(one + 100 for one in enemies)
    return PoolItem(number, number + 100, Kind.SINGLE, (f"S@1#1.{number}",), False, 3, "recall", None, hostile)


def drawn(paper: Paper | Shortfall) -> set[int]:
    assert isinstance(paper, Paper)
    return {version for section in paper.sections for version, _points in section["slots"]}


@pytest.mark.parametrize("seed", range(30))
def test_enemies_never_stand_on_one_paper(seed: int) -> None:
    pool = [item(0, 1), item(1, 0), item(2, 3, 4), item(3, 2), item(4, 2), *(item(n) for n in range(5, 9))]
    versions = drawn(assemble([Row(("S@1#1",), 6)], pool, str(seed)))
    assert len(versions) == 6
    assert not {0, 1} <= versions
    assert not ({2, 3} <= versions)
    assert not ({2, 4} <= versions)


def test_either_of_two_enemies_may_be_drawn() -> None:
    pool = [item(0, 1), item(1, 0), item(2)]
    seen = {frozenset(drawn(assemble([Row(("S@1#1",), 2)], pool, str(seed)))) for seed in range(30)}
    assert seen == {frozenset({0, 2}), frozenset({1, 2})}


def test_a_pool_that_lacks_questions_without_enemies_falls_short() -> None:
    found = assemble([Row(("S@1#1",), 2)], [item(0, 1), item(1, 0)], "s")
    assert isinstance(found, Shortfall)
    assert sum(row.missing for row in found.rows) == 1


def test_an_enemy_that_is_not_in_the_pool_does_not_count() -> None:
    assert drawn(assemble([Row(("S@1#1",), 2)], [item(0, 7), item(1)], "s")) == {0, 1}


def test_a_knot_of_enemies_ends_in_a_shortfall_in_good_time() -> None:
    """Sixty questions in pairs, sixty wanted: every choice fails, and no search goes through all of them."""
    pool = [item(n, n ^ 1) for n in range(60)]
    found = assemble([Row(("S@1#1",), 31)], pool, "s")
    assert isinstance(found, Shortfall)
    assert found.rows
    assert len(drawn(assemble([Row(("S@1#1",), 30)], pool, "s"))) == 30
