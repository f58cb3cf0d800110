"""What somebody who knows nothing scores by habit."""

import pytest

from scenarios.habit import HABITS, played
from tests.scenarios.test_walk import LATE, course


@pytest.mark.parametrize(("habit", "moves"), [
    ("first", ["bang", "excuse", "mat"]),
    ("longest", ["bang", "excuse", "smoke"]),
    ("everything", ["bang", "excuse", "mat+shoe+smoke"]),
])
def test_what_each_habit_chooses(habit: str, moves: list[str]) -> None:
    play = played(course(), LATE, HABITS[habit])
    assert [move.answer for move in play.moves[:3]] == moves
    assert play.end == "done"


def test_an_order_is_half_right_and_a_text_is_empty() -> None:
    play = played(course(), LATE, HABITS["first"])
    answers = {move.step: move for move in play.moves}
    assert answers["steps"].gain == 300
    assert not answers["steps"].criticals
    assert answers["complain"].answer == ""
