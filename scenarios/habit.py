"""Ways to answer without knowing anything: always the longest, always the first, everything."""

from collections.abc import Callable

from scenarios.answer import Outcome, outcome, outcomes
from scenarios.course import Course, Draws
from scenarios.language import Kind, Option, Step
from scenarios.walk import Play, Refusal, choose, start

Habit = Callable[[Step, tuple[Option, ...]], str]


def _face(step: Step, offered: tuple[Option, ...], answer: str) -> int:
    found = outcome(step, offered, answer)
    return found.face if found else 0


def longest(step: Step, offered: tuple[Option, ...]) -> str:
    """The longest text; where several are equally long, the one that earns least: the doubt is the author's."""
    size = max(_length(option) for option in offered)
    return min((option.id for option in offered if _length(option) == size), key=lambda answer: _face(step, offered, answer))


def first(step: Step, offered: tuple[Option, ...]) -> str:
    """The first option that is offered."""
    return offered[0].id


def everything(step: Step, offered: tuple[Option, ...]) -> str:
    """All that may be ticked; of a single choice, the one that earns least without being critical."""
    if step.kind is Kind.MULTI:
        return "+".join(option.id for option in offered[:step.max_pick])
    clean = [option for option in offered if not option.critical] or list(offered)
    return min((option.id for option in clean), key=lambda answer: _face(step, offered, answer))


HABITS: dict[str, Habit] = {"longest": longest, "first": first, "everything": everything}


def _length(option: Option) -> int:
    return len(option.text.said("zh")) if option.text else 0


def played(course: Course, draws: Draws, habit: Habit) -> Play:
    """The play of somebody with this habit. They write nothing, and get about half of an order right."""
    play = start(course, draws)
    while not play.end and not play.stuck and len(play.moves) <= len(course.scenario.steps):
        step, offered = course.step(play.position), course.offered(play.position)
        after = choose(course, play, habit(step, offered) if step.options else _unknowing(step))
        if isinstance(after, Refusal):
            break
        play = after
    return play


def _unknowing(step: Step) -> str:
    if step.kind is not Kind.ORDER:
        return ""
    harmless = [one for one in outcomes(step, ()) if not one.criticals and one.answer != "@timeout"]
    half = sum(most for _, most in step.worth.points) / 2

    def far(one: Outcome) -> tuple[float, int]:
        return abs(one.face - half), one.face

    return min(harmless, key=far).answer
