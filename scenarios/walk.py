"""A play: started, answered step by step, ended, judged. The same answers to the same draws give the same result, always.

Chance and time come in as data: the draws follow from the play's stored seed,
and a timer that ran out (by the server's clock) is the answer ``@timeout``. A
play is rebuilt from its draws and answers by ``replay``; nothing else is kept.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from scenarios.answer import TIMEOUT, Award, outcome
from scenarios.course import Course, Draws, Position
from scenarios.expression import Values
from scenarios.language import Kind, Scenario


class Refusal(StrEnum):
    """Why an answer is not taken."""

    ENDED = "ended"
    OTHER_STEP = "other_step"
    NOT_OFFERED = "not_offered"
    NO_TIMER = "no_timer"


class Verdict(StrEnum):
    """What a play comes to."""

    OPEN = "open"
    PASS = "pass"
    FAIL = "fail"


@dataclass(frozen=True)
class Move:
    """One answer and what it did; ``gain`` is after caps and repairs."""

    step: str
    answer: str
    gain: int
    awards: tuple[Award, ...]
    criticals: tuple[str, ...]
    before: Position


@dataclass(frozen=True)
class Play:
    """A play so far. ``trail`` are the steps that were entered, ``end`` the end that was reached, ``stuck`` that there was no way on."""

    draws: Draws
    position: Position
    moves: tuple[Move, ...] = ()
    trail: tuple[str, ...] = ()
    score: int = 0
    criticals: tuple[str, ...] = ()
    end: str = ""
    stuck: bool = False


@dataclass(frozen=True)
class Result:
    """A play judged. ``short`` are the sections below their minimum; ``share`` is of the total that was frozen at publication."""

    verdict: Verdict
    score: int
    out_of: int
    by_criterion: dict[str, int]
    criticals: tuple[str, ...]
    short: tuple[str, ...]
    end: str

    @property
    def share(self) -> float:
        return self.score / self.out_of if self.out_of else 0.0


def draw(course: Course, seed: str) -> Draws:
    """What chance decides for the play with this stored seed, variable by variable."""
    made = []
    for variable in course.scenario.variables:
        if len(variable.starts) > 1:
            digest = hashlib.sha256(f"{seed}:{course.scenario.id}:{variable.name}".encode()).digest()
            made.append((variable.name, variable.starts[int.from_bytes(digest[:8]) % len(variable.starts)]))
    return tuple(made)


def start(course: Course, draws: Draws, step: str = "", values: Values | None = None) -> Play:
    """A new play; a preview may begin at any ``step`` with any ``values``."""
    position = course.opening(draws)
    position = replace(position, step=step or position.step, values=position.values if values is None else values)
    return _settled(course, Play(draws, position, trail=(position.step,)))


def choose(course: Course, play: Play, answer: str, step: str = "") -> Play | Refusal:
    """The play after ``answer``, in the notation of ``scenarios.answer``. ``step`` is where the player believed to be."""
    if play.end or play.stuck:
        return Refusal.ENDED
    if step and step != play.position.step:
        return Refusal.OTHER_STEP
    asked = course.step(play.position)
    if answer == TIMEOUT and asked.timer is None:
        return Refusal.NO_TIMER
    found = outcome(asked, course.offered(play.position), answer)
    if found is None:
        return Refusal.NOT_OFFERED
    after, gain = course.answer(play.position, found)
    awards = found.awards if play.position.step not in play.position.seen else ()
    move = Move(asked.id, found.answer, gain, awards, found.criticals, play.position)
    criticals = play.criticals + tuple(one for one in found.criticals if one not in play.criticals)
    made = replace(play, moves=(*play.moves, move), score=play.score + gain, criticals=criticals)
    if after is None:
        return replace(made, stuck=True)
    return _settled(course, replace(made, position=after, trail=(*play.trail, after.step)))


def _settled(course: Course, play: Play) -> Play:
    """Past everything that needs no answer."""
    passed: set[Position] = set()
    while course.step(play.position).kind in (Kind.SAY, Kind.BRANCH):
        onward = course.pass_on(play.position)
        if onward is None or onward in passed:
            return replace(play, stuck=True)
        passed.add(onward)
        play = replace(play, position=onward, trail=(*play.trail, onward.step))
    step = course.step(play.position)
    if step.kind is Kind.END:
        return replace(play, end=step.id)
    return replace(play, stuck=bool(step.options) and not course.offered(play.position))


def replay(course: Course, draws: Draws, answers: Iterable[tuple[str, str]]) -> Play | tuple[int, Refusal]:
    """The play that ``(step, answer)`` pairs make; or the place of the first that is not taken, and why."""
    play = start(course, draws)
    for place, (step, answer) in enumerate(answers):
        after = choose(course, play, answer, step)
        if isinstance(after, Refusal):
            return place, after
        play = after
    return play


def result(course: Course, play: Play, out_of: int) -> Result:
    """Verdict = an end that is scored, no critical, the score at or above the cut, every section at or above its minimum."""
    scenario = course.scenario
    by_criterion = course.ledger.by_criterion(play.position.account)
    short = short_sections(scenario, by_criterion)
    verdict = Verdict.OPEN
    if play.end:
        failed = scenario.steps[play.end].failed or play.criticals or short or not reaches(scenario, play.score, out_of)
        verdict = Verdict.FAIL if failed else Verdict.PASS
    return Result(verdict, play.score, out_of, by_criterion, play.criticals, short, play.end)


def reaches(scenario: Scenario, score: int, out_of: int) -> bool:
    """Whether ``score`` is at or above the cut."""
    return Fraction(score) >= Fraction(str(scenario.cut)) * out_of


def short_sections(scenario: Scenario, by_criterion: dict[str, int]) -> tuple[str, ...]:
    """The sections whose criteria together stay below their minimum."""
    short = []
    for section in scenario.sections.values():
        own = [criterion for criterion in scenario.criteria.values() if criterion.section == section.id]
        got = sum(by_criterion.get(criterion.id, 0) for criterion in own)
        if Fraction(got) < Fraction(str(section.least)) * sum(criterion.cap or 0 for criterion in own):
            short.append(section.id)
    return tuple(short)


def notation(play: Play) -> tuple[str, ...]:
    """The play as counter-examples and test plans write it, without its draws."""
    return tuple(f"{move.step}:{move.answer}" for move in play.moves)

