"""The matrix of coverage as a rule: cells, gaps, tiers, and what a blueprint asks for."""

import pytest

from question_bank.blueprint import Blueprint, Row
from question_bank.coverage import Cell, Line, Needed, by_tier, lines, total, wanted
from question_bank.inspection import LEAST, LEAST_KEY
from question_bank.item import ASKED, Kind, Level
from standards.clause import Tier


def clause(number: str, key: bool = False, tier: Tier | None = None, examinable: bool = True) -> Needed:
    return Needed(int(number), f"S@1#{number}", "", tier, key, examinable)


def matrix(*counts: tuple[int, str, int, int], clauses: tuple[Needed, ...] = (clause("1"), clause("2", key=True))) -> list[Line]:
    return lines(clauses, counts, ("single", "fill"))


def test_a_cell_holds_what_was_counted_and_the_others_are_empty() -> None:
    first, second = matrix((1, "single", 3, 1), (2, "fill", 0, 2))
    assert first.cells == (Cell(3, 1), Cell())
    assert (first.live, first.making, second.live, second.making) == (3, 1, 0, 2)


def test_a_kind_that_is_no_column_is_left_out() -> None:
    assert matrix((1, "order", 5, 0))[0].live == 0


def test_a_clause_lacks_what_the_inspection_asks_for_and_drafts_do_not_help() -> None:
    plain, key = matrix((1, "single", 0, 9), (2, "single", LEAST_KEY - 1, 3))
    assert (plain.lacks, key.lacks) == (LEAST, 1)
    plain, key = matrix((1, "single", LEAST, 0), (2, "single", 1, 0), (2, "fill", LEAST_KEY, 0))
    assert (plain.lacks, key.lacks) == (0, 0)


def test_a_clause_that_is_not_asked_lacks_nothing() -> None:
    assert matrix(clauses=(clause("1", key=True, examinable=False),))[0].lacks == 0


@pytest.mark.parametrize(("live", "heat"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4), (500, 4)])
def test_a_cell_is_drawn_the_warmer_the_more_it_holds(live: int, heat: int) -> None:
    assert Cell(live).heat == heat


def test_tiers_are_added_up_in_their_order_and_what_is_not_asked_counts_nowhere() -> None:
    clauses = (clause("1", tier=Tier.EXCELLENT), clause("2"), clause("3", tier=Tier.BASIC), clause("4", tier=Tier.BASIC, examinable=False))
    tiers = by_tier(matrix((1, "single", LEAST, 0), (3, "fill", LEAST, 0), (4, "fill", 7, 0), clauses=clauses))
    assert list(tiers) == [Tier.BASIC, Tier.EXCELLENT, None]
    assert (tiers[Tier.BASIC].live, tiers[Tier.BASIC].empty, tiers[Tier.BASIC].clauses) == ([0, LEAST], [1, 0], 1)
    whole = total(tiers.values())
    assert (whole.clauses, whole.live, whole.empty, whole.lacking) == (3, [LEAST, LEAST], [2, 2], 1)


def test_nothing_added_up_is_nothing() -> None:
    assert total(by_tier([]).values()).clauses == 0


def asked(number: str, *rows: Row, key: bool = False, tier: Tier | None = None) -> set[str]:
    return set(wanted(Blueprint(rows), clause(number, key, tier), ASKED))


def test_a_blueprint_asks_in_the_kinds_of_the_rows_that_draw_on_the_clause() -> None:
    rows = (Row(("S@1#1",), 1, kinds=(Kind.SINGLE,)), Row(("S@1#1", "S@1#2"), 1, kinds=(Kind.FILL,)))
    assert asked("1", *rows) == {"single", "fill"}
    assert asked("2", *rows) == {"fill"}
    assert asked("3", *rows) == set()
    assert asked("1", Row(("S@1#1",), 1)) == set(ASKED)


def test_rows_for_key_clauses_and_tiers_draw_on_no_others() -> None:
    rows = (Row(("S@1#9",), 1), Row(("S@1#1", "S@1#2"), 1, kinds=(Kind.SINGLE,), key_clause=True), Row(("S@1#2",), 1, kinds=(Kind.FILL,)))
    assert asked("1", *rows, key=True) == {"single"}
    assert asked("2", *rows) == {"fill"}
    tiered = Row(("S@1#1",), 1, kinds=(Kind.ORDER,), tier=Tier.BASIC)
    assert asked("1", tiered, tier=Tier.BASIC) == {"order"}
    assert asked("1", tiered) == set()


def test_by_level_a_blueprint_asks_in_the_level_of_its_rows() -> None:
    levels = tuple(Level)
    assert wanted(Blueprint((Row(("S@1#1",), 1, level="apply"),)), clause("1"), levels) == {"apply"}
    assert wanted(Blueprint((Row(("S@1#1",), 1, kinds=(Kind.FILL,)),)), clause("1"), levels) == {"apply", "recall"}
