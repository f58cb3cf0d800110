"""Every state that any play of a scenario can reach, and the moves between them: what the checker decides on.

States are positions; answers that cannot differ in what follows are one move.
The count is capped; a graph that meets the cap says so and decides nothing.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from scenarios.answer import Outcome, outcomes
from scenarios.component import components
from scenarios.course import Course, Draws, Position, opening_moves
from scenarios.language import Kind, Option, Scenario, Step

CAP = 200_000
"""States."""


class Edge(NamedTuple):
    """One move. ``best`` says that no clean answer of the step earns more; a move without an ``answer`` needs none."""

    target: int
    gain: int
    answer: str
    criticals: tuple[str, ...]
    best: bool


class Graph:
    """The states by number, their moves, and where each was first reached from."""

    def __init__(self, course: Course, cap: int = CAP) -> None:
        self.course, self.cap = course, cap
        self.states: list[Position] = []
        self.edges: list[list[Edge]] = []
        self.parent: list[tuple[int, str]] = []
        self.starts: list[tuple[Draws, int]] = []
        self.stuck: list[tuple[int, str]] = []
        self.at: dict[str, list[int]] = {}
        self.full = False
        self._number: dict[Position, int] = {}
        self._answers: dict[tuple[str, tuple[str, ...]], list[tuple[Outcome, bool]]] = {}
        self._explore()

    def _explore(self) -> None:
        for draws in self.course.draws():
            self.starts.append((draws, self._known(self.course.opening(draws), -1 - len(self.starts), "")))
        place = 0
        while place < len(self.states):
            self.edges.append(self._moves(place))
            if len(self.states) > self.cap:
                self.full = True
                return
            place += 1

    def _known(self, position: Position, source: int, answer: str) -> int:
        found = self._number.get(position)
        if found is None:
            found = self._number[position] = len(self.states)
            self.states.append(position)
            self.parent.append((source, answer))
            self.at.setdefault(position.step, []).append(found)
        return found

    def _moves(self, place: int) -> list[Edge]:
        position = self.states[place]
        step = self.course.step(position)
        if step.kind is Kind.END:
            return []
        if step.kind in (Kind.SAY, Kind.BRANCH):
            onward = self.course.pass_on(position)
            if onward is None:
                self.stuck.append((place, ""))
                return []
            return [Edge(self._known(onward, place, ""), 0, "", (), True)]
        moves = []
        stuck = len(self.stuck)
        for one, best in self._differing(step, self.course.offered(position)):
            move = f"{step.id}:{one.answer}"
            after, gain = self.course.answer(position, one)
            if after is None:
                self.stuck.append((place, move))
            else:
                moves.append(Edge(self._known(after, place, move), gain, move, one.criticals, best))
        if not moves and len(self.stuck) == stuck:
            self.stuck.append((place, ""))
        return moves

    def _differing(self, step: Step, offered: tuple[Option, ...]) -> list[tuple[Outcome, bool]]:
        """The answers that differ in where they lead, with whether each is best; of those that differ in points alone, most and least."""
        key = (step.id, tuple(option.id for option in offered))
        known = self._answers.get(key)
        if known is not None:
            return list(known)
        groups: dict[object, list[Outcome]] = {}
        if offered or not step.options:
            for one in outcomes(step, offered):
                followed = tuple(award for award in one.awards if self.course.ledger.follows(award[0]))
                sets = tuple((each.name, each.value.text) for each in one.sets)
                groups.setdefault((one.next, sets, one.criticals, one.mends, followed), []).append(one)
        found = []
        for group in groups.values():
            most, least = max(group, key=lambda one: one.face), min(group, key=lambda one: one.face)
            found += [most] if most.face == least.face else [most, least]
        top = max((one.face for one in found if not one.criticals), default=None)
        made = [(one, not one.criticals and one.face == top) for one in found]
        self._answers[key] = made
        return made

    def way_to(self, place: int, last: str = "") -> tuple[str, ...]:
        """A shortest play, in moves, to a state."""
        moves = [last] if last else []
        while place >= 0:
            place, move = self.parent[place]
            if move:
                moves.append(move)
        return opening_moves(self.starts[-1 - place][0]) + tuple(reversed(moves))

    def order(self) -> list[list[int]]:
        """The states in groups that can reach one another, each after all that it leads to."""
        return components({place: [edge.target for edge in edges] for place, edges in enumerate(self.edges)})


def binding(scenario: Scenario, loops: Iterable[str]) -> list[str]:
    """The criteria whose cap some chain of steps could overfill: only those need be followed from state to state."""
    best = {name: _offers(step) for name, step in scenario.steps.items()}
    capped = [name for name, criterion in scenario.criteria.items() if criterion.cap is not None]
    if any(loops):
        most = {name: sum(offer.get(name, 0) for offer in best.values()) for name in capped}
    else:
        ways = {name: [target for target, _, _ in step.targets() if target in scenario.steps] for name, step in scenario.steps.items()}
        order = [group[0] for group in components(ways)]
        most = {}
        for name in capped:
            ahead: dict[str, int] = {}
            for step in order:
                ahead[step] = best[step].get(name, 0) + max((ahead[target] for target in ways[step]), default=0)
            most[name] = max(ahead.values(), default=0)
    return [name for name in capped if most[name] > (scenario.criteria[name].cap or 0)]


def _offers(step: Step) -> dict[str, int]:
    """The most that a step can give to each criterion, repairs aside (they give back what a step before offered)."""
    found: dict[str, int] = {}
    worths = [step.worth, *(option.worth for option in step.options), *(phrase.worth for phrase in (*step.rubric, *step.forbid))]
    combine: Callable[[int, int], int] = max if step.kind is Kind.SINGLE else int.__add__
    for worth in worths:
        for name, earned in worth.points:
            found[name] = combine(found.get(name, 0), max(0, earned))
    return found


def build(scenario: Scenario, cap: int = CAP) -> Graph:
    """The graph of a scenario, following no more criteria than needed: caps that can bind, and sections with a minimum."""
    followed = binding(scenario, Course(scenario, ()).loops)
    minimums = {section.id for section in scenario.sections.values() if section.least > 0}
    names = [name for name, one in scenario.criteria.items() if name in followed or one.section in minimums]
    return Graph(Course(scenario, names), cap)
