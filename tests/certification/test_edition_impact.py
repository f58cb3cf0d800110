"""What a new edition means for a blueprint."""

from certification.edition_impact import rows, uncovered
from question_bank.blueprint import Row
from standards.edition_change import Change

CHANGES = {"S@1#1.1": Change.SAME, "S@1#1.2": Change.CHANGED, "S@1#12": Change.MOVED, "S@1#2": Change.WITHDRAWN}
LATER = {"S@1#1.1": "S@2#1.1", "S@1#1.2": "S@2#1.2", "S@1#12": "S@2#13", "S@1#2": None}


def test_a_row_counts_its_clauses_by_what_became_of_them_and_names_the_later_ones() -> None:
    first, last = rows([Row(("S@1#1",), 2, title={"zh": "总则"}), Row(("T@1#1",), 1), Row(("S@1#12", "S@1#2"), 1)], CHANGES, LATER)
    assert (first.title, dict(first.changes), first.later) == ({"zh": "总则"}, {"same": 1, "changed": 1}, ("S@2#1.1", "S@2#1.2"))
    assert (last.title["zh"], last.later, last.touched) == ("第3部分", ("S@2#13",), True)


def test_a_row_whose_clauses_only_moved_is_not_touched() -> None:
    (row,) = rows([Row(("S@1#12", "S@1#1.1"), 1)], CHANGES, LATER)
    assert not row.touched


def test_clauses_of_the_later_edition_that_no_row_follows_are_named() -> None:
    found = rows([Row(("S@1#1",), 2)], CHANGES, LATER)
    assert uncovered(["S@2#1.1", "S@2#1.2", "S@2#13", "S@2#14"], found) == ["S@2#13", "S@2#14"]
