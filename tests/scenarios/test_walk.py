"""A play: started, answered, repaired, failed, ended; the same every time."""

from dataclasses import replace

from scenarios.course import Course
from scenarios.scenario_reading import parse
from scenarios.walk import Play, Refusal, Verdict, choose, draw, notation, replay, result, start
from tests.scenarios.planting import good

LATE = (("late", True),)


def course(name: str = "late_visit") -> Course:
    scenario, _ = parse(good(name))
    assert scenario
    return Course(scenario)


def played(of: Course, *answers: str, draws: tuple[tuple[str, bool | int | str], ...] = LATE) -> Play:
    play = start(of, draws)
    for answer in answers:
        after = choose(of, play, answer)
        assert isinstance(after, Play), (answer, after)
        play = after
    return play


BEST = ("knock", "apologise", "mat+shoe", "confirm>test>fix>retest", "sign")


def test_the_best_play_passes_with_every_point() -> None:
    of = course()
    found = result(of, played(of, *BEST), 2200)
    assert (found.verdict, found.score, found.share, found.short, found.end) == (Verdict.PASS, 2200, 1.0, (), "done")
    assert found.by_criterion == {"door": 400, "words": 400, "work": 1000, "close": 400}


def test_chance_follows_from_the_seed_alone() -> None:
    of = course()
    assert draw(of, "7") == draw(of, "7")
    assert {draw(of, str(seed)) for seed in range(20)} == {(("late", True),), (("late", False),)}


def test_conditions_decide_what_is_offered() -> None:
    of = course()
    play = played(of, "knock", draws=(("late", False),))
    assert [option.id for option in of.offered(play.position)] == ["silent", "thank"]
    assert choose(of, play, "apologise") is Refusal.NOT_OFFERED


def test_a_repair_gives_back_what_was_lost_and_never_more() -> None:
    of = course()
    cross = played(of, "bang", "apologise", "mat+shoe", "confirm>test>fix>retest")
    assert choose(of, cross, "sorry+remedy").score == cross.score  # type: ignore[union-attr]
    lost = played(of, "bang", "excuse", "mat+shoe", "confirm>test>fix>retest")
    after = choose(of, lost, "sorry+remedy")
    assert isinstance(after, Play)
    assert after.score - lost.score == 300
    assert of.ledger.by_criterion(after.position.account)["words"] == 400


def test_one_critical_mistake_fails_whatever_the_score() -> None:
    of = course()
    play = played(of, "knock", "apologise", "mat+shoe+smoke", "confirm>test>fix>retest", "sign")
    found = result(of, play, 2200)
    assert (found.verdict, found.criticals) == (Verdict.FAIL, ("entry:smoke",))


def test_breaking_a_hard_precedence_is_critical_and_earns_nothing() -> None:
    of = course()
    play = played(of, "knock", "apologise", "mat+shoe", "fix>confirm>test>retest")
    assert play.criticals == ("steps:confirm>fix",)
    assert play.moves[-1].gain == 0


def test_an_order_earns_the_share_of_pairs() -> None:
    of = course()
    assert played(of, "knock", "apologise", "mat+shoe", "test>confirm>fix>retest").moves[-1].gain == 500


def test_a_section_below_its_minimum_fails() -> None:
    of = course()
    found = result(of, played(of, "knock", "excuse", "mat+shoe", "confirm>test>fix>retest", "remedy", "sign"), 2200)
    assert found.short == ()
    of = Course(replace(of.scenario, sections={name: replace(one, least=1.0) for name, one in of.scenario.sections.items()}))
    found = result(of, played(of, "knock", "excuse", "mat+shoe", "confirm>test>fix>retest", "remedy", "sign"), 2200)
    assert (found.verdict, found.short) == (Verdict.FAIL, ("manners",))


def test_a_timer_that_ran_out_is_an_answer_and_only_where_there_is_a_timer() -> None:
    of = course()
    play = played(of, *BEST[:-1], "@timeout")
    assert (play.end, play.score, play.moves[-1].answer) == ("done", 1800, "@timeout")
    assert choose(of, played(of), "@timeout") is Refusal.NO_TIMER


def test_an_ended_play_takes_no_answer_and_a_stale_page_none_for_another_step() -> None:
    of = course()
    assert choose(of, played(of, "walk_in"), "knock") is Refusal.ENDED
    assert choose(of, played(of, "knock"), "apologise", "door") is Refusal.OTHER_STEP
    assert result(of, played(of, "knock"), 2200).verdict is Verdict.OPEN


def test_answers_of_the_wrong_shape_are_refused() -> None:
    of = course()
    play = played(of, "knock", "apologise")
    for answer in ("mat+mat", "gone", "mat+gone", "mat>shoe"):
        assert choose(of, play, answer) is Refusal.NOT_OFFERED
    order = played(of, "knock", "apologise", "")
    for answer in ("", "confirm>test", "confirm>confirm>fix>retest"):
        assert choose(of, order, answer) is Refusal.NOT_OFFERED


def test_a_replay_gives_the_same_play_or_says_where_it_breaks() -> None:
    of = course()
    play = played(of, *BEST)
    pairs = [(move.step, move.answer) for move in play.moves]
    assert replay(of, LATE, pairs) == play
    assert replay(of, LATE, [pairs[0], ("greet", "thank")]) == (1, Refusal.NOT_OFFERED)
    assert notation(play)[0] == "door:knock"


def test_looping_back_earns_nothing_again_and_erases_nothing() -> None:
    of = course("phone_practice")
    play = played(of, "rush", "name", "ask", draws=())
    assert (play.score, play.trail) == (300, ("ring", "again", "ring", "agree", "done"))


def test_a_preview_starts_anywhere_with_any_state() -> None:
    of = course()
    play = start(of, LATE, "upset", (True, "cross", True))
    assert play.position.step == "complain"
