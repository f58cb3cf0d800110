"""After the play: where it parted from the best, what each clause lost, the better line, criticals first."""

from scenarios.debrief import best_play, debrief
from scenarios.state_graph import build
from tests.scenarios.test_walk import BEST, LATE, course, played


def test_the_path_taken_is_held_against_the_best_path() -> None:
    of = course()
    best = best_play(of, build(of.scenario), LATE)
    assert best
    assert best.score == 2200
    found = debrief(of, played(of, "bang", "excuse", "mat+shoe+smoke", "confirm>test>fix>retest", "", "leave"), best)
    assert found.parted == 0
    assert [remark.lost for remark in found.taken] == [400, 300, 200, 0, 0, 400]
    assert found.clauses[0].clause == "SVC@2026#5.1"
    assert found.clauses[0].critical
    greet = found.taken[1]
    assert (greet.better, greet.better_said[0].zh, greet.feedback[0].zh) == ("apologise", "对不起，让您久等了", "先道歉，再说明。")
    assert found.clauses[1].lost >= found.clauses[2].lost
    assert found.best_score == 2200


def test_a_perfect_play_parts_from_nothing() -> None:
    of = course()
    play = played(of, *BEST)
    found = debrief(of, play, play)
    assert found.parted is None
    assert all(not remark.better for remark in found.taken)
