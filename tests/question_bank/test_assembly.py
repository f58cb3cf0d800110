"""Papers from blueprints: rows are honoured, clauses spread, clashes kept apart, and a lack is named."""

import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.assembly import Paper, Shortfall, assemble
from question_bank.blueprint import Blueprint, PoolItem, Row, draws
from question_bank.item import Kind
from standards.clause import Tier


def item(
    number: int, *refs: str, kind: Kind = Kind.SINGLE, key: bool | None = False, level: str = "recall", tier: str | None = None
) -> PoolItem:
    return PoolItem(number, number + 1000, kind, tuple(f"S@1#{ref}" for ref in refs), key, 3, level, tier)


def row(*clauses: str, count: int = 1, **more: Any) -> Row:
    return Row(tuple(f"S@1#{clause}" for clause in clauses), count, **more)


def ids(paper: Paper | Shortfall) -> list[list[int]]:
    assert isinstance(paper, Paper), paper
    return [[version for version, _points in section["slots"]] for section in paper.sections]


def lacking(paper: Paper | Shortfall) -> dict[int, int]:
    assert isinstance(paper, Shortfall), paper
    return {found.row: found.missing for found in paper.rows}


# Which questions a row may draw

@pytest.mark.parametrize(("made", "asked", "expected"), [
    (row("1"), item(1, "1.2"), True),
    (row("1"), item(1, "12.1"), False),
    (row("1", "2"), item(1, "1.1", "2.1"), True),
    (row("1"), item(1, "1.1", "2.1"), False),
    (row("1"), item(1), False),
    (row("1", kinds=(Kind.MULTIPLE,)), item(1, "1"), False),
    (row("1", kinds=(Kind.MULTIPLE, Kind.SINGLE)), item(1, "1"), True),
    (row("1", tier=Tier.BASIC), item(1, "1", tier="basic"), True),
    (row("1", tier=Tier.BASIC), item(1, "1", tier="improved"), False),
    (row("1", tier=Tier.BASIC), item(1, "1"), False),
    (row("1", level="apply"), item(1, "1", level="apply"), True),
    (row("1", level="apply"), item(1, "1"), False),
])
def test_a_row_draws_what_lies_under_all_it_asks_for(made: Row, asked: PoolItem, expected: bool) -> None:
    assert draws(made, None, asked) is expected


@pytest.mark.parametrize(("key", "by_key_row", "by_plain_row", "by_any_row"), [
    (True, True, False, True), (False, False, True, True), (None, False, False, True),
])
def test_key_rows_and_plain_rows_never_compete(key: bool | None, by_key_row: bool, by_plain_row: bool, by_any_row: bool) -> None:
    mixed = Blueprint((row("1"), row("1", key_clause=True)))
    silent = Blueprint((row("1"),))
    asked = item(1, "1", key=key)
    assert draws(mixed.rows[1], mixed.wants_key(mixed.rows[1]), asked) is by_key_row
    assert draws(mixed.rows[0], mixed.wants_key(mixed.rows[0]), asked) is by_plain_row
    assert draws(silent.rows[0], silent.wants_key(silent.rows[0]), asked) is by_any_row


def test_a_row_may_shut_key_clauses_out_by_itself() -> None:
    plain = Blueprint((row("1", key_clause=False),))
    assert not draws(plain.rows[0], plain.wants_key(plain.rows[0]), item(1, "1", key=True))


# Papers

def test_a_paper_has_a_section_a_row_with_points_and_titles() -> None:
    rows = [row("1", count=2, points=2, title={"zh": "总则"}), row("2", points=1.5)]
    paper = assemble(rows, [item(n, f"{n % 2 + 1}.{n}") for n in range(8)], "s")
    assert isinstance(paper, Paper)
    assert [section["title"] for section in paper.sections] == [{"zh": "总则"}, {"zh": "第2部分", "en": "Part 2"}]
    assert [[points for _version, points in section["slots"]] for section in paper.sections] == [[2, 2], [1.5]]


def test_the_seed_alone_decides() -> None:
    rows, pool = [row("1", count=5)], [item(n, f"1.{n}") for n in range(30)]
    shuffled = pool[:]
    random.Random(7).shuffle(shuffled)
    assert assemble(rows, pool, "a") == assemble(rows, shuffled, "a")
    papers = {tuple(ids(assemble(rows, pool, str(seed)))[0]) for seed in range(20)}
    assert len(papers) == 20


def test_every_question_has_its_chance() -> None:
    pool = [item(n, f"1.{n}") for n in range(10)]
    drawn = Counter(ids(assemble([row("1")], pool, str(seed)))[0][0] for seed in range(400))
    assert set(drawn) == set(range(10))
    assert max(drawn.values()) < 80


def test_no_clause_is_repeated_before_all_were_asked() -> None:
    pool = [item(n, f"1.{n % 5}") for n in range(40)]
    for seed in range(20):
        asked = Counter(version % 5 for version in ids(assemble([row("1", count=12)], pool, str(seed)))[0])
        assert sorted(asked.values()) == [2, 2, 2, 3, 3]


def test_the_entries_of_a_row_are_asked_evenly() -> None:
    pool = [item(n, f"{n % 3 + 1}.{n}") for n in range(30)] + [item(100 + n, f"1.{100 + n}") for n in range(60)]
    for seed in range(10):
        versions = ids(assemble([row("1", "2", "3", count=6)], pool, str(seed)))[0]
        entries = Counter(1 if version >= 100 else version % 3 + 1 for version in versions)
        assert entries == {1: 2, 2: 2, 3: 2}


def test_overlapping_rows_are_solved_not_tried() -> None:
    """Row 0 could take everything; rows 1 and 2 need one certain question each."""
    pool = [item(1, "1.1"), item(2, "1.2", kind=Kind.MULTIPLE), item(3, "1.3", level="apply"), item(4, "1.4")]
    rows = [row("1", count=2), row("1", kinds=(Kind.MULTIPLE,)), row("1", level="apply")]
    for seed in range(30):
        assert [sorted(section) for section in ids(assemble(rows, pool, str(seed)))] == [[1, 4], [2], [3]]


def test_a_chain_of_rows_passes_questions_on() -> None:
    pool = [item(n, f"{n}.1", f"{n + 1}.1") for n in range(6)]
    rows = [row(*(str(clause) for clause in (n, n + 1))) for n in range(6)]
    assert ids(assemble(rows[::-1], pool, "x")) == [[5], [4], [3], [2], [1], [0]]


def test_a_lack_names_the_row_and_how_many() -> None:
    pool = [item(n, "1.1") for n in range(3)]
    short = assemble([row("1", count=5, title={"zh": "总则"}), row("2", count=2)], pool, "s")
    assert lacking(short) == {0: 2, 1: 2}
    assert isinstance(short, Shortfall)
    assert short.rows[0].title == {"zh": "总则"}
    assert lacking(assemble([row("1", count=2), row("1", count=2)], pool, "s")) in ({0: 1}, {1: 1})


# Clashes

def clash(*camps: str) -> list[frozenset[str]]:
    return [frozenset(f"S@1#{ref}" for ref in camp.split()) for camp in camps]


def test_no_paper_mixes_two_sides() -> None:
    pool = [item(n, f"1.{n}") for n in range(6)]
    seen = set()
    for seed in range(60):
        versions = set(ids(assemble([row("1", count=4)], pool, str(seed), [clash("1.0 1.1", "1.2")]))[0])
        assert not (versions & {0, 1} and versions & {2})
        seen |= versions
    assert seen == set(range(6))


def test_the_side_that_lets_the_paper_be_filled_is_taken() -> None:
    pool = [item(1, "1.1"), item(2, "1.2"), item(3, "1.3"), item(4, "2.1")]
    rows = [row("1", count=2), row("2")]
    for seed in range(20):
        assert sorted(ids(assemble(rows, pool, str(seed), [clash("1.1", "1.2 1.3", "2.2")]))[0]) == [2, 3]


def test_a_question_that_stands_on_both_sides_is_never_asked() -> None:
    assert lacking(assemble([row("1")], [item(1, "1.1", "1.2")], "s", [clash("1.1", "1.2")])) == {0: 1}


def test_a_lack_through_clashes_is_the_least_there_is() -> None:
    pool = [item(1, "1.1"), item(2, "1.2"), item(3, "1.3")]
    assert lacking(assemble([row("1", count=3)], pool, "s", [clash("1.1", "1.2 1.3")])) == {0: 1}


def test_clashes_that_hang_together_are_solved() -> None:
    """Seven clashes in a chain: no two neighbours may be asked."""
    pool = [item(n, f"1.{n}") for n in range(8)]
    clashes = [clash(f"1.{one}", f"1.{other}") for one, other in pairwise(range(8))]
    possible = ([0, 2, 4, 6], [1, 3, 5, 7], [0, 2, 4, 7], [0, 2, 5, 7], [0, 3, 5, 7])
    for seed in range(10):
        assert sorted(ids(assemble([row("1", count=4)], pool, str(seed), clashes))[0]) in possible


# Against counting by hand

@st.composite
def puzzles(draw: st.DrawFn) -> tuple[list[Row], list[PoolItem], list[list[frozenset[str]]]]:
    kinds = st.sampled_from([Kind.SINGLE, Kind.MULTIPLE])
    pool = [item(n, str(draw(st.integers(1, 4))), kind=draw(kinds)) for n in range(draw(st.integers(0, 7)))]
    rows = [
        row(*{str(draw(st.integers(1, 4))) for _ in range(2)}, count=draw(st.integers(1, 3)),
            kinds=draw(st.sampled_from([(), (Kind.SINGLE,), (Kind.MULTIPLE,)])))
        for _ in range(draw(st.integers(1, 3)))
    ]
    clashes = draw(st.sampled_from([[], [clash("1", "2")], [clash("1", "2"), clash("2", "3 4")], [clash("1 2", "3", "4")]]))
    return rows, pool, clashes


def feasible(rows: list[Row], pool: list[PoolItem], clashes: list[list[frozenset[str]]]) -> bool:
    """Try everything."""
    slots = [made for made in rows for _ in range(made.count)]

    def place(at: int, used: tuple[PoolItem, ...]) -> bool:
        if at == len(slots):
            refs = {ref for asked in used for ref in asked.refs}
            return all(sum(bool(camp & refs) for camp in camps) < 2 for camps in clashes)
        return any(place(at + 1, (*used, asked)) for asked in pool if asked not in used and draws(slots[at], None, asked))

    return place(0, ())


@settings(max_examples=150, deadline=None)
@given(puzzles(), st.integers(0, 99))
def test_a_paper_is_found_whenever_there_is_one(puzzle: tuple[list[Row], list[PoolItem], list[list[frozenset[str]]]], seed: int) -> None:
    rows, pool, clashes = puzzle
    paper = assemble(rows, pool, str(seed), clashes)
    assert isinstance(paper, Paper) is feasible(rows, pool, clashes)
    if isinstance(paper, Shortfall):
        assert all(found.missing > 0 for found in paper.rows)
        return
    by_id = {asked.version_id: asked for asked in pool}
    sections = ids(paper)
    versions = [version for section in sections for version in section]
    assert len(set(versions)) == len(versions)
    for made, section in zip(rows, sections, strict=True):
        assert len(section) == made.count
        assert all(draws(made, None, by_id[version]) for version in section)
    refs = {ref for version in versions for ref in by_id[version].refs}
    assert all(sum(bool(camp & refs) for camp in camps) < 2 for camps in clashes)
