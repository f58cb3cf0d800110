"""When a visit's paper is made, filled in, handed to a customer and confirmed."""

from datetime import timedelta

import pytest

from certification import visit_paper as rule
from certification.visit_paper import Kind, Paper, Refusal
from tests.conftest import START

NOW, HOUR = START, timedelta(hours=1)
BEGUN, FILLED = Paper(Kind.FAULT), Paper(Kind.FAULT, NOW - HOUR)
OPEN, ENDED = Paper(Kind.FAULT, NOW - HOUR, NOW + HOUR), Paper(Kind.INSPECTION, NOW - HOUR, NOW)
DONE = Paper(Kind.FAULT, NOW - HOUR, NOW + HOUR, NOW)
NOTE, LEFT = Paper(Kind.NOTE), Paper(Kind.NOTE, NOW - HOUR)


@pytest.mark.parametrize(("allowed", "replay", "expected"), [
    (True, False, None), (False, False, Refusal.NOT_ALLOWED), (True, True, Refusal.REPLAY), (False, True, Refusal.NOT_ALLOWED),
])
def test_only_an_allowed_visit_has_papers(allowed: bool, replay: bool, expected: Refusal | None) -> None:
    assert rule.may_make(allowed, replay) == expected


@pytest.mark.parametrize(("paper", "arrived", "left", "expected"), [
    (BEGUN, -1, None, None), (FILLED, -1, 0, None), (OPEN, -2, -1, None), (ENDED, 0, 0, None), (NOTE, -1, 1, None),
    (DONE, -1, None, Refusal.FINAL), (LEFT, -1, 0, Refusal.FINAL),
    (BEGUN, 1, None, Refusal.IN_FUTURE), (BEGUN, -1, -2, Refusal.LEFT_BEFORE),
])
def test_a_paper_is_filled_in_until_it_is_final(paper: Paper, arrived: int, left: int | None, expected: Refusal | None) -> None:
    assert rule.may_fill(paper, NOW + arrived * HOUR, None if left is None else NOW + left * HOUR, NOW) == expected


@pytest.mark.parametrize(("paper", "link", "confirm"), [
    (BEGUN, Refusal.NOT_FILLED, Refusal.NOT_FILLED), (FILLED, None, Refusal.EXPIRED), (OPEN, None, None), (ENDED, None, Refusal.EXPIRED),
    (DONE, Refusal.CONFIRMED, Refusal.CONFIRMED), (NOTE, Refusal.NOBODY_THERE, Refusal.NOT_FILLED),
    (LEFT, Refusal.NOBODY_THERE, Refusal.EXPIRED),
])
def test_a_customer_confirms_once_while_the_address_is_open(paper: Paper, link: Refusal | None, confirm: Refusal | None) -> None:
    assert (rule.may_link(paper), rule.may_confirm(paper, NOW)) == (link, confirm)
