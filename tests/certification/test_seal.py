"""The seal of a paper, on both sides of every boundary."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from certification import seal
from certification.seal import LASTS, WAITS, Opening, Pass, Refusal, Step

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
ANNA, BERT, CARL = 1, 2, 3


def opening(**more: Any) -> Opening:
    return Opening(**{"id": 1, "asked": NOW, "asked_by": ANNA, **more})


def confirmed(**more: Any) -> Opening:
    return opening(confirmed=NOW, confirmed_by=BERT, ends=NOW + LASTS, **more)


def test_the_seal_ends_with_the_first_sitting_that_opens() -> None:
    ends = seal.opens([NOW + timedelta(days=2), NOW + timedelta(days=1)])
    assert ends == NOW + timedelta(days=1)
    assert seal.is_sealed(ends, ends - TICK)
    assert not seal.is_sealed(ends, ends)


def test_a_paper_that_no_sitting_uses_stays_sealed() -> None:
    assert seal.opens([]) is None
    assert seal.is_sealed(None, NOW)


def test_a_request_waits_a_quarter_of_an_hour_and_lapses() -> None:
    assert seal.step(opening(), NOW + WAITS - TICK) is Step.WAITING
    assert seal.step(opening(), NOW + WAITS) is Step.LAPSED
    assert seal.step(opening(refused=True), NOW) is Step.REFUSED


def test_an_opening_is_open_a_quarter_of_an_hour() -> None:
    assert seal.step(confirmed(), NOW + LASTS - TICK) is Step.OPEN
    assert seal.step(confirmed(), NOW + LASTS) is Step.ENDED
    assert seal.until(confirmed()) == NOW + LASTS
    assert seal.until(opening()) == NOW + WAITS


def test_nobody_asks_twice_at_once() -> None:
    assert seal.may_ask(True, [], ANNA, NOW) is None
    assert seal.may_ask(True, [opening()], ANNA, NOW) is Refusal.ASKED_ALREADY
    assert seal.may_ask(True, [opening()], BERT, NOW) is None
    assert seal.may_ask(True, [opening()], ANNA, NOW + WAITS) is None
    assert seal.may_ask(True, [confirmed()], ANNA, NOW) is Refusal.OPEN_ALREADY
    assert seal.may_ask(True, [confirmed()], BERT, NOW) is Refusal.OPEN_ALREADY
    assert seal.may_ask(True, [confirmed()], ANNA, NOW + LASTS) is None


def test_there_is_nothing_to_ask_once_the_seal_has_ended() -> None:
    assert seal.may_ask(False, [], ANNA, NOW) is Refusal.NOT_SEALED
    assert seal.may_break(False, [], ANNA, NOW) is Refusal.NOT_SEALED
    assert seal.may_confirm(False, opening(), BERT, NOW) is Refusal.NOT_SEALED


def test_the_glass_may_be_broken_while_ones_own_request_waits() -> None:
    assert seal.may_break(True, [opening()], ANNA, NOW) is None
    assert seal.may_break(True, [confirmed(broken_glass=True)], ANNA, NOW) is Refusal.OPEN_ALREADY


def test_the_second_person_is_never_the_first() -> None:
    assert seal.may_confirm(True, opening(), ANNA, NOW) is Refusal.OWN_REQUEST
    assert seal.may_confirm(True, opening(), BERT, NOW) is None
    assert seal.may_refuse(True, opening(), NOW) is None


@pytest.mark.parametrize(("one", "at", "why"), [
    (opening(), NOW + WAITS, Refusal.LAPSED),
    (opening(refused=True), NOW, Refusal.SETTLED),
    (confirmed(), NOW, Refusal.SETTLED),
    (confirmed(), NOW + LASTS, Refusal.SETTLED),
])
def test_what_is_settled_or_lapsed_is_not_confirmed(one: Opening, at: datetime, why: Refusal) -> None:
    assert seal.may_confirm(True, one, CARL, at) is why
    assert seal.may_refuse(True, one, at) is why


def test_while_the_seal_lasts_only_the_two_look() -> None:
    assert seal.may_look(True, [confirmed()], ANNA, NOW) == Pass(1)
    assert seal.may_look(True, [confirmed()], BERT, NOW + LASTS - TICK) == Pass(1)
    assert seal.may_look(True, [confirmed()], CARL, NOW) is Refusal.SEALED
    assert seal.may_look(True, [confirmed()], ANNA, NOW + LASTS) is Refusal.SEALED
    assert seal.may_look(True, [opening()], ANNA, NOW) is Refusal.SEALED


def test_whoever_broke_the_glass_looks_alone() -> None:
    broken = opening(broken_glass=True, confirmed=NOW, ends=NOW + LASTS)
    assert seal.may_look(True, [broken], ANNA, NOW) == Pass(1)
    assert seal.may_look(True, [broken], BERT, NOW) is Refusal.SEALED


def test_the_newest_opening_is_the_one_that_counts() -> None:
    later = confirmed(id=7, asked=NOW + TICK)
    assert seal.may_look(True, [later, confirmed()], ANNA, NOW + TICK) == Pass(7)


def test_after_the_seal_there_is_no_opening_to_name() -> None:
    assert seal.may_look(False, [confirmed()], CARL, NOW) == Pass(None)


def test_whoever_is_to_sit_the_exam_never_looks() -> None:
    assert seal.may_ask(True, [], ANNA, NOW, sits=True) is Refusal.CANDIDATE
    assert seal.may_break(True, [], ANNA, NOW, sits=True) is Refusal.CANDIDATE
    assert seal.may_confirm(True, opening(), BERT, NOW, sits=True) is Refusal.CANDIDATE
    assert seal.may_look(True, [confirmed()], ANNA, NOW, sits=True) is Refusal.CANDIDATE
    assert seal.may_look(False, [], ANNA, NOW, sits=True) is Refusal.CANDIDATE
