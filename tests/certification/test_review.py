"""What a released result shows of its questions, and until when it waits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from certification import review
from certification.review import Missed, Review, Shown, Use
from question_bank.kind import Kind

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
TEXTS = {"A": "甲", "B": "乙", "C": "丙"}
RIGHT = {"X": "一", "Y": "二"}


@pytest.mark.parametrize("asked", list(Review))
def test_before_release_nothing_is_shown_and_nothing_promised(asked: Review) -> None:
    assert review.shown(asked, False, [Use(NOW)], NOW) == Shown(Review.NONE, Review.NONE)


@pytest.mark.parametrize("asked", [Review.CLAUSES, Review.FULL])
def test_the_last_sitting_of_the_paper_decides(asked: Review) -> None:
    uses = [Use(NOW - timedelta(days=1)), Use(NOW)]
    assert review.shown(asked, True, uses, NOW) == Shown(asked, asked)
    waiting = review.shown(asked, True, uses, NOW - TICK)
    assert waiting == Shown(Review.NONE, asked, NOW)
    assert waiting.waits


def test_somebody_who_still_writes_holds_it_back_without_an_hour() -> None:
    assert review.shown(Review.FULL, True, [Use(NOW, running=True)], NOW) == Shown(Review.NONE, Review.FULL)
    assert review.shown(Review.CLAUSES, True, [Use(NOW), Use(NOW, running=True)], NOW + timedelta(days=1)).level is Review.NONE


def test_none_is_none_whatever_else() -> None:
    assert review.shown(Review.NONE, True, [], NOW) == Shown(Review.NONE, Review.NONE)
    assert not review.shown(Review.NONE, True, [], NOW).waits


def test_the_clauses_are_counted_over_what_was_asked() -> None:
    marks = [(1, 1.0, 2.0), (2, 0.0, 0.0), (3, 0.5, 1.0), (4, None, None), (5, 0.0, 0.0)]
    found = review.missed(marks, {1: (7,), 2: (7, 8), 3: (8,), 4: (9,)})
    assert found == [Missed(8, 2, 2), Missed(7, 1, 2)], "slot 5 is unscored, slot 4 not marked yet"


@pytest.mark.parametrize(("kind", "said", "lines"), [
    (Kind.SINGLE, "A", ["甲"]),
    (Kind.SINGLE, ("A",), ["甲"]),
    (Kind.TRUE_FALSE, ("B",), ["乙"]),
    (Kind.MULTIPLE, ["C", "A"], ["丙", "甲"]),
    (Kind.ORDER, ["B", "A"], ["1. 乙", "2. 甲"]),
    (Kind.MATCH, {"A": "Y", "B": "X"}, ["甲 → 二", "乙 → 一"]),
    (Kind.FILL, [["十分钟", "10 分钟"], ["两小时"]], ["十分钟 / 10 分钟", "两小时"]),
    (Kind.FILL, ["十分钟", ""], ["十分钟", ""]),
    (Kind.SITUATIONAL, {"A": 1, "B": 0.5, "C": 1}, ["甲", "丙"]),
    (Kind.SITUATIONAL, "B", ["乙"]),
    (Kind.SHORT, "先致歉，再说明。", ["先致歉，再说明。"]),
    (Kind.MULTIPLE, None, []), (Kind.FILL, [], []), (Kind.MATCH, {}, []), (Kind.SHORT, "", []),
])
def test_an_answer_and_a_key_are_said_in_words_whatever_the_kind(kind: Kind, said: Any, lines: list[str]) -> None:
    assert review.lines(kind, said, TEXTS, RIGHT) == lines
