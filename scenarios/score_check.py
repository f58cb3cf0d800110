"""What the states show about points: codes 030 to 036 but 033, with the least and the most that can be scored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from scenarios import habit
from scenarios.answer import outcome, outcomes
from scenarios.course import Course, opening_moves
from scenarios.finding import Finding, finding
from scenarios.language import Kind, Scenario, Step, points
from scenarios.optimum import Optimum, optimum
from scenarios.state_graph import Edge, Graph
from scenarios.walk import Verdict, notation, reaches, result, short_sections


@dataclass(frozen=True)
class Scores:
    """Hundredths. ``best_clean``: without a critical mistake, at a scored end; ``best_practice``: with the best answer at every step."""

    least: int
    most: int
    best_clean: int | None
    best_practice: int | None


def clean(edge: Edge) -> bool:
    """A move without a critical mistake."""
    return not edge.criticals


def proper(edge: Edge) -> bool:
    """A best answer."""
    return edge.best


class ScoreCheck:
    """The optima of one graph, and what they say."""

    def __init__(self, graph: Graph, order: list[list[int]]) -> None:
        self.graph, self.order = graph, order
        self.scenario = graph.course.scenario
        self.clean = optimum(graph, order, clean, self.scored)
        self.practice = optimum(graph, order, proper, self.scored)
        least = optimum(graph, order, lambda edge: True, self.ended, least=True)
        self.most = optimum(graph, order, lambda edge: True, self.ended)
        starts = [place for _, place in graph.starts]
        self.scores = Scores(
            min((value for place in starts if (value := least.value[place]) is not None), default=0),
            max((value for place in starts if (value := self.most.value[place]) is not None), default=0),
            max((value for place in starts if (value := self.clean.value[place]) is not None), default=None),
            max((value for place in starts if (value := self.practice.value[place]) is not None), default=None),
        )
        self.out_of = self.scenario.out_of or self.scores.best_clean or 0

    def ended(self, place: int) -> bool:
        """Whether the state is an end."""
        return self.graph.course.step(self.graph.states[place]).kind is Kind.END

    def scored(self, place: int) -> bool:
        """Whether it is an end at which the score decides."""
        return self.ended(place) and not self.graph.course.step(self.graph.states[place]).failed

    def check(self) -> Iterator[Finding]:
        """Every finding about points."""
        yield from self._criticals()
        yield from self._variants()
        yield from self._detours()
        yield from self._total()
        yield from habits(self.scenario, self.out_of)
        if self.scenario.exam:
            yield from self._bypasses()

    def _criticals(self) -> Iterator[Finding]:
        for draws, place in self.graph.starts:
            if self.clean.value[place] is None and self.most.value[place] is not None:
                variant = f" ({', '.join(opening_moves(draws))})" if draws else ""
                yield finding("all_critical", self.scenario.start_line, "start", self.most.play(place), variant=variant)

    def _variants(self) -> Iterator[Finding]:
        ranked = sorted(((value, n) for n, (_, place) in enumerate(self.graph.starts) if (value := self.clean.value[place]) is not None))
        if not ranked or ranked[0][0] == ranked[-1][0]:
            return
        (low, one), (high, other) = ranked[0], ranked[-1]
        drawn = {name for (name, a), (_, b) in zip(self.graph.starts[one][0], self.graph.starts[other][0], strict=True) if a != b}
        line = next(variable.line for variable in self.scenario.variables if variable.name in drawn)
        shown = [", ".join(opening_moves(self.graph.starts[n][0])) for n in (one, other)]
        words: dict[str, Any] = {"low": points(low), "high": points(high), "low_variant": shown[0], "high_variant": shown[1]}
        yield finding("unequal", line, f"vars.{min(drawn)}", self.clean.play(self.graph.starts[one][1]), **words)

    def _detours(self) -> Iterator[Finding]:
        worst: tuple[int, int, int, int] | None = None
        for _, place in self.graph.starts:
            best, detour = self.practice.value[place], self.clean.value[place]
            if detour is not None and (best is None or detour > best):
                worst = max(worst or (0, 0, 0, 0), (detour - (best or 0), detour, best or 0, place))
        if worst:
            _, detour, best, place = worst
            line, path = self._first_wrong(self.clean, place)
            yield finding("detour", line, path, self.clean.play(place), detour=points(detour), best=points(best))

    def _first_wrong(self, way: Optimum, start: int) -> tuple[int, str]:
        for edge in way.edges(start):
            if not edge.best:
                name, _, answer = edge.answer.partition(":")
                step = self.scenario.steps[name]
                option = next((option for option in step.options if step.kind is Kind.SINGLE and option.id == answer), None)
                return (option.line, option.path) if option else (step.line, step.path)
        return self.scenario.start_line, "start"

    def _total(self) -> Iterator[Finding]:
        total, best = self.scenario.out_of, self.scores.best_clean
        if total is None or best is None or total == best:
            return
        place = next(place for _, place in self.graph.starts if self.clean.value[place] == best)
        words: dict[str, Any] = {"high": points(best), "low": points(self.scores.least), "total": points(total)}
        line = self.scenario.total_line if self.scenario.total is not None else next(iter(self.scenario.criteria.values())).line
        field = "total" if self.scenario.total is not None else "criteria"
        yield finding("low_maximum" if best < total else "high_maximum", line, field, self.clean.play(place), **words)

    def _bypasses(self) -> Iterator[Finding]:
        for name, criterion in self.scenario.criteria.items():
            testing = {step.id for step in self.scenario.steps.values() if tests(step, name)}
            if not testing or not _avoidable(self.scenario, testing):
                continue
            states = self.graph.states
            barred = {place for step in testing for place in self.graph.at.get(step, ())}
            way = optimum(self.graph, self.order, _around(barred), self._fair)
            for _, place in self.graph.starts:
                value = way.value[place]
                if states[place].step not in testing and value is not None and reaches(self.scenario, value, self.out_of):
                    line = criterion.line or min(self.scenario.steps[step].line for step in testing)
                    field = f"criteria.{name}" if not criterion.implied else self.scenario.steps[min(testing)].path
                    yield finding("bypass", line, field, way.play(place), name=name, score=points(value))
                    break

    def _fair(self, place: int) -> bool:
        """A scored end at which every section has its minimum."""
        by_criterion = self.graph.course.ledger.by_criterion(self.graph.states[place].account)
        return self.scored(place) and not [
            name for name in short_sections(self.scenario, by_criterion) if self.scenario.sections[name].least > 0
        ]


def tests(step: Step, criterion: str) -> bool:
    """Whether an answer to ``step`` can earn or lose points of ``criterion``."""
    worths = [step.worth, *(option.worth for option in step.options), *(phrase.worth for phrase in step.rubric)]
    return any(name == criterion for worth in worths for name, _ in worth.points)


def _around(barred: set[int]) -> Callable[[Edge], bool]:
    return lambda edge: edge.target not in barred and not edge.criticals


def _avoidable(scenario: Scenario, barred: set[str]) -> bool:
    """Whether a chain of jumps leads to an end around the ``barred`` steps; a quick look before the states are asked."""
    known, queue = {scenario.start}, [scenario.start]
    while queue:
        step = scenario.steps[queue.pop()]
        if step.id in barred:
            continue
        if step.kind is Kind.END:
            return True
        for target, _, _ in step.targets():
            if target not in known and target in scenario.steps:
                known.add(target)
                queue.append(target)
    return False


def habits(scenario: Scenario, out_of: int) -> Iterator[Finding]:
    """Code 035: whoever passes by habit, and steps where ticking all is as good as knowing."""
    course = Course(scenario)
    asked = [step for step in scenario.steps.values() if step.options]
    fitting = {
        "first": bool(asked), "longest": any(option.text for step in asked for option in step.options),
        "everything": any(step.kind is Kind.MULTI for step in asked),
    }
    for name, one in habit.HABITS.items():
        for draws in course.draws() if fitting[name] and out_of > 0 else ():
            play = habit.played(course, draws, one)
            if result(course, play, out_of).verdict is Verdict.PASS:
                moves = opening_moves(draws) + notation(play)
                yield finding(name, scenario.cut_line, "cut", moves, score=points(play.score))
                break
    for step in asked:
        if step.kind is Kind.MULTI and len(step.options) <= step.max_pick:
            every = outcome(step, step.options, "+".join(option.id for option in step.options))
            best = max((one.face for one in outcomes(step, step.options) if not one.criticals), default=0)
            if every and not every.criticals and every.face >= best > 0:
                yield finding("tick_all", step.line, f"{step.path}.options", name=step.id)
