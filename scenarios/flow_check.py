"""What the states show about the ways through a scenario: codes 020 to 024, 030 and 033."""

from collections.abc import Iterator

from scenarios.expression import Expression
from scenarios.file_check import answers
from scenarios.finding import Finding, finding
from scenarios.language import Kind, Scenario, Step
from scenarios.state_graph import Graph


def check(graph: Graph, order: list[list[int]]) -> Iterator[Finding]:
    """Every finding about ways, once per place in the file."""
    scenario = graph.course.scenario
    for step in scenario.steps.values():
        if step.id not in graph.at:
            yield finding("unreachable", step.line, step.path, name=step.id)
        else:
            yield from _offers(graph, step)
            yield from _conditions(graph, step)
    yield from _dead_ends(graph)
    yield from _loops(graph, order)
    yield from _idle_criticals(graph)


def _dead_ends(graph: Graph) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for place, move in graph.stuck:
        step = graph.course.step(graph.states[place])
        choice = move.partition(":")[2] if step.kind is Kind.SINGLE else ""
        if (step.id, choice) in told:
            continue
        told.add((step.id, choice))
        state = graph.course.told(graph.states[place].values)
        option = next((option for option in step.options if option.id == choice), None)
        line, path = (option.line, option.path) if option else (step.line, step.path)
        saying = "no_next" if move else "dead_end"
        yield finding(saying, line, path, graph.way_to(place, move), name=step.id, state=state)


def _loops(graph: Graph, order: list[list[int]]) -> Iterator[Finding]:
    told: set[str] = set()
    for group in order:
        inside = set(group)
        if len(group) == 1 and all(edge.target != group[0] for edge in graph.edges[group[0]]):
            continue
        first = min(group, key=lambda place: (graph.at[graph.states[place].step][0], place))
        step = graph.course.step(graph.states[first])
        trap = all(edge.target in inside for place in group for edge in graph.edges[place])
        saying = "endless" if trap and not any(place in inside for place, _ in graph.stuck) else "loop"
        if step.id in told or (saying == "loop" and not graph.course.scenario.exam):
            continue
        told.add(step.id)
        state = graph.course.told(graph.states[first].values)
        yield finding(saying, step.line, step.path, graph.way_to(first), name=step.id, state=state)


def _offers(graph: Graph, step: Step) -> Iterator[Finding]:
    states = [graph.states[place] for place in graph.at[step.id]]
    for option in step.options:
        if option.when is not None and not any(option.when.run(state.values) for state in states):
            yield finding("never_offered", option.line, option.path, name=option.id)
    if step.kind is Kind.BRANCH:
        taken = set()
        for state in states:
            holding = (n for n, arm in enumerate(step.arms) if arm.when is None or arm.when.run(state.values))
            taken.add(next(holding, None))
        for number, arm in enumerate(step.arms):
            if number not in taken:
                yield finding("never_taken", arm.line, arm.path)


def _conditions(graph: Graph, step: Step) -> Iterator[Finding]:
    states = [graph.states[place].values for place in graph.at[step.id]]
    conditions: list[tuple[Expression | None, str, bool]] = [(option.when, option.path, False) for option in step.options]
    conditions += [(arm.when, arm.path, True) for arm in step.arms] + [(line.when, line.path, True) for line in step.said]
    for condition, path, tell_never in conditions:
        if condition is None:
            continue
        found = {bool(condition.run(values)) for values in states}
        if found == {True} or (found == {False} and tell_never):
            saying = "constant_true" if True in found else "constant_false"
            play = graph.way_to(graph.at[step.id][0])
            yield finding(saying, condition.line, f"{path}.when", play, text=condition.text)


def criticals(scenario: Scenario) -> dict[str, tuple[int, str]]:
    """Every critical mistake, ``step:id``, with its line and path."""
    found = {}
    for step in scenario.steps.values():
        for one in answers(step):
            if one.critical:
                found[f"{step.id}:{one.id}"] = (one.line, one.path)
        for pair in step.before:
            if pair.critical:
                found[f"{step.id}:{pair.id}"] = (pair.line, f"{step.path}.before")
    return found


def _idle_criticals(graph: Graph) -> Iterator[Finding]:
    possible = {name for edges in graph.edges for edge in edges for name in edge.criticals}
    stuck = {move for _, move in graph.stuck}
    for name, (line, path) in criticals(graph.course.scenario).items():
        if name not in possible and name not in stuck:
            yield finding("idle_critical", line, path, name=name)
