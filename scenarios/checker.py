"""Everything that can be decided about a scenario before anybody plays it.

The form is read first; only a scenario without a fault of form can be played,
so its states are explored then: all of them, or, above the cap, none is judged
and the report says so. docs/scenarios.md lists the codes.
"""

from dataclasses import dataclass, field

from scenarios import file_check, flow_check, recorded_play
from scenarios.file_check import Clauses, coverage
from scenarios.finding import Finding, Severity, finding
from scenarios.language import Scenario
from scenarios.scenario_reading import parse
from scenarios.score_check import ScoreCheck, Scores
from scenarios.state_graph import CAP, Graph, build


@dataclass(frozen=True)
class Report:
    """What the checker found. ``scores`` is None, and ``decided`` false, where no states could be explored; ``out_of`` in hundredths."""

    scenario: Scenario | None
    findings: tuple[Finding, ...]
    states: int = 0
    decided: bool = False
    scores: Scores | None = None
    out_of: int = 0
    coverage: dict[str, tuple[str, ...]] = field(default_factory=dict)
    clauses_known: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing is an error."""
        return not any(one.severity is Severity.ERROR for one in self.findings)


def check(text: str, clauses: Clauses | None = None, cap: int = CAP) -> Report:
    """The report on the text of a scenario file; without ``clauses`` code 040 is left out."""
    scenario, found = parse(text)
    if scenario is None:
        return Report(None, tuple(found), clauses_known=clauses is not None)
    if any(one.severity is Severity.ERROR for one in found):
        found += file_check.check(scenario, clauses, None)
        return Report(scenario, tuple(sorted(set(found))), coverage=coverage(scenario), clauses_known=clauses is not None)
    return _decided(scenario, found, clauses, build(scenario, cap))


def _decided(scenario: Scenario, found: list[Finding], clauses: Clauses | None, graph: Graph) -> Report:
    if graph.full:
        found = [finding("cap", scenario.start_line, "vars", limit=f"{graph.cap:,}"), *found, *file_check.check(scenario, clauses, None)]
        return Report(scenario, tuple(sorted(set(found))), len(graph.states), False, None, 0, coverage(scenario), clauses is not None)
    order = graph.order()
    scores = ScoreCheck(graph, order)
    found += flow_check.check(graph, order)
    found += scores.check()
    found += recorded_play.check(scenario, scores.out_of)
    found += file_check.check(scenario, clauses, graph.at)
    return Report(
        scenario, tuple(sorted(set(found))), len(graph.states), True, scores.scores, scores.out_of, coverage(scenario, graph.at),
        clauses is not None,
    )
