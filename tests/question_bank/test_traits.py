"""Facets: packed into whole numbers, read again, and counted with the other choices given."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.traits import FIELD, FIGURES, TRAITS, Field, figures, known, tally, traits


def packed(fields: tuple[Field, ...], said: dict[str, str]) -> int:
    return sum(field.code(said[field.name]) << field.shift for field in fields)


@given(st.fixed_dictionaries({field.name: st.sampled_from(field.values) for field in TRAITS}))
def test_what_was_packed_is_read_again(said: dict[str, str]) -> None:
    assert traits(packed(TRAITS, said)) == said


@pytest.mark.parametrize("fields", [TRAITS, FIGURES])
def test_no_field_reaches_into_the_next(fields: tuple[Field, ...]) -> None:
    end = 0
    for field in fields:
        assert field.shift == end
        assert len(field.values) <= 1 << field.width
        end = field.shift + field.width
    assert end <= 31  # a whole number of either database


def test_figures_are_read_by_field() -> None:
    assert figures(packed(FIGURES, {"facility": "easy", "correlation": "weak"})) == {"facility": "easy", "correlation": "weak"}
    assert known("facility", "hard")
    assert not known("facility", "simple")
    assert FIELD["kind"].read(0) == "single"


def group(state: str, kind: str, in_use: str = "no") -> dict[str, str]:
    return {"state": state, "kind": kind, "in_use": in_use}


def test_a_question_in_use_counts_as_such_beside_the_state_of_its_revision() -> None:
    total, counts = tally([(group("draft", "single", "yes"), 2), (group("live", "single", "yes"), 5)], ("state",), {})
    assert (total, dict(counts["state"])) == (7, {"draft": 2, "live": 7})


STATES, KINDS = ("live", "draft", "retired"), ("single", "fill")
GROUPS = [(group(state, kind, "yes" if state == "live" else "no"), st.integers(0, 9)) for state, kind in product(STATES, KINDS)]


@given(
    st.tuples(*(number for _said, number in GROUPS)),
    st.sampled_from(["", *STATES]), st.sampled_from(["", *KINDS]),
)
def test_each_facet_is_counted_as_if_only_the_others_were_chosen(numbers: tuple[int, ...], state: str, kind: str) -> None:
    groups = [(said, number) for (said, _), number in zip(GROUPS, numbers, strict=True)]
    chosen = {name: value for name, value in (("state", state), ("kind", kind)) if value}
    total, counts = tally(groups, ("state", "kind"), chosen)
    assert total == sum(n for said, n in groups if state in ("", said["state"]) and kind in ("", said["kind"]))
    for value in STATES:
        assert counts["state"][value] == sum(n for said, n in groups if said["state"] == value and kind in ("", said["kind"]))
    for value in KINDS:
        assert counts["kind"][value] == sum(n for said, n in groups if said["kind"] == value and state in ("", said["state"]))
