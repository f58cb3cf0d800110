"""The checker's figures against every play of small scenarios, walked one by one; and 200 steps within five seconds."""

import random
import time
from collections.abc import Iterator

import pytest

from scenarios.answer import outcomes
from scenarios.checker import check
from scenarios.course import Course
from scenarios.language import Kind
from scenarios.scenario_reading import parse
from scenarios.walk import Play, Refusal, choose, start
from tests.scenarios.planting import good

TEXT = "text: {zh: 字, en: Text}, feedback: {zh: 说, en: Said}"


def plays(course: Course) -> Iterator[Play]:
    """Every play, answer by answer."""
    waiting = [start(course, draws) for draws in course.draws()]
    while waiting:
        play = waiting.pop()
        if play.end or play.stuck:
            yield play
            continue
        step = course.step(play.position)
        for one in outcomes(step, course.offered(play.position)):
            after = choose(course, play, one.answer)
            assert not isinstance(after, Refusal)
            waiting.append(after)


def made(seed: int) -> str:
    """a scenario of five steps with caps, repairs, criticals, conditions and shortcuts."""
    dice = random.Random(seed)
    lines = [
        "schema: scn/1", "id: made", "version: 1", "title: {zh: 题, en: Title}", "standard: S@1", "mode: [practice]", "vars:",
        "  late: {type: bool, init: {random: [true, false]}}", "  mood: {type: int, min: 0, max: 2, init: 1}", "criteria:",
    ]
    lines += [f"  c{n}: {{cap: {dice.choice([2, 3, 5, 20])}}}" for n in range(3)] + ["start: n0", "nodes:"]
    for n in range(5):
        ask = dice.choice(["single", "single", "multi"])
        lines += [f"  n{n}:", f"    ask: {ask}", f"    next: {f'n{n + 1}' if n < 4 else 'done'}", "    options:"]
        for option in "abc":
            parts = [f"id: {option}", TEXT, f"points: {dice.randint(-1, 4)}"]
            parts.append("repairs: [c0, c1]" if dice.random() < 0.2 else f"criterion: c{dice.randrange(3)}")
            parts += [f"when: '{dice.choice(['mood > 0', 'late', 'mood < 2 or late'])}'"] if option == "c" else []
            parts += [f"set: {{mood: mood {dice.choice('+-')} 1}}"] if dice.random() < 0.4 else []
            parts += ["critical: true"] if dice.random() < 0.1 else []
            parts += [f"next: n{dice.randint(n + 1, 4)}"] if ask == "single" and n < 4 and dice.random() < 0.3 else []
            lines.append(f"      - {{{', '.join(parts)}}}")
    return "\n".join([*lines, "  done: {end: by_score}", ""])


@pytest.mark.parametrize("text", [*(pytest.param(made(seed), id=str(seed)) for seed in range(4)), good("hall_queue")])
def test_least_most_and_best_are_those_of_all_plays(text: str) -> None:
    scenario, found = parse(text)
    assert scenario
    assert not found
    course = Course(scenario)
    every = list(plays(course))
    scores = check(text).scores
    assert scores
    assert scores.least == min(play.score for play in every)
    assert scores.most == max(play.score for play in every)
    clean = [play.score for play in every if not play.criticals and not scenario.steps[play.end].failed]
    assert scores.best_clean == max(clean)
    assert all(play.score == sum(course.ledger.by_criterion(play.position.account).values()) for play in every)


def two_hundred() -> str:
    """200 steps, three variables, two openings, 40 criteria."""
    lines = [
        "schema: scn/1", "id: big", "version: 1", "title: {zh: 大, en: Big}", "standard: S@1", "mode: [exam]", "vars:",
        "  late: {type: bool, init: {random: [true, false]}}", "  mood: {type: int, min: 0, max: 3, init: 2}",
        "  place: {type: enum, values: [door, hall, room], init: door}", "criteria:",
    ]
    lines += [f"  c{n}: {{cap: 20, clauses: [{n}.1]}}" for n in range(40)] + ["start: n0", "nodes:"]
    for n in range(200):
        after = f"n{n + 1}" if n < 199 else "done"
        lines += [f"  n{n}:", "    ask: single", f"    criterion: c{n % 40}", f"    next: {after}", "    options:"]
        lines.append(f"      - {{id: a, {TEXT}, points: 0, set: {{mood: mood - 1}}}}")
        lines.append(f"      - {{id: b, {TEXT}, points: 4, set: {{mood: mood + 1, place: {('door', 'hall', 'room')[n % 3]}}}}}")
        lines.append(f"      - {{id: d, {TEXT}, when: \"mood > 1 or late and place == 'hall'\", points: 2}}")
    return "\n".join([*lines, "  done: {end: by_score}", ""])


def test_two_hundred_steps_are_decided_in_five_seconds() -> None:
    text = two_hundred()
    began = time.process_time()
    report = check(text)
    assert time.process_time() - began < 5
    assert report.decided
    assert report.scores
    assert (report.scores.least, report.scores.most, report.out_of) == (0, 80_000, 80_000)
    assert report.scenario
    assert sum(step.kind is Kind.SINGLE for step in report.scenario.steps.values()) == 200
