"""The best (or worst) that can be scored from each state, and a play that does it."""

from collections.abc import Callable
from dataclasses import dataclass

from scenarios.course import opening_moves
from scenarios.state_graph import Edge, Graph

Allow = Callable[[Edge], bool]


@dataclass(frozen=True)
class Optimum:
    """Per state the value to come (None: no allowed end can be reached) and the move that leads to it."""

    graph: Graph
    value: list[int | None]
    via: list[Edge | None]

    def play(self, start: int) -> tuple[str, ...]:
        """The moves of a play from one of the starts, with its draws."""
        draws = next(draws for draws, place in self.graph.starts if place == start)
        return opening_moves(draws) + tuple(edge.answer for edge in self.edges(start) if edge.answer)

    def edges(self, place: int) -> list[Edge]:
        """The same, move by move."""
        found = []
        while (edge := self.via[place]) is not None:
            found.append(edge)
            place = edge.target
        return found


def optimum(graph: Graph, order: list[list[int]], allow: Allow, ends: Callable[[int], bool], least: bool = False) -> Optimum:
    """Over plays of allowed moves to an end that counts. Inside a loop nothing is earned, so passing on until nothing grows is exact."""
    value: list[int | None] = [None] * len(graph.states)
    via: list[Edge | None] = [None] * len(graph.states)
    sign = -1 if least else 1
    for group in order:
        changed = True
        while changed:
            changed = False
            for place in group:
                edges = graph.edges[place]
                if not edges:
                    if value[place] is None and ends(place):
                        value[place] = 0
                    continue
                best = value[place]
                for edge in edges:
                    ahead = value[edge.target]
                    if ahead is None or not allow(edge):
                        continue
                    whole = edge.gain + ahead
                    if best is None or (whole - best) * sign > 0:
                        best = value[place] = whole
                        via[place] = edge
                        changed = len(group) > 1
    return Optimum(graph, value, via)
