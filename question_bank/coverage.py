"""The matrix of coverage: for each clause, how many questions there are of each kind (or level), and where one is missing.

A clause *lacks* questions while fewer are in use than the inspection asks for
(``inspection.Demand``); what is being written counts as on its way, never as
there. An *empty* cell is a kind in which nobody asked about a clause yet: no
fault by itself, but the place where a question adds most.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.blueprint import Blueprint
from question_bank.inspection import Demand
from question_bank.item import Kind, Level
from standards.clause import Tier, covers_reference


@dataclass(frozen=True)
class Cell:
    """Questions in use, and new ones that are being written or reviewed."""

    live: int = 0
    making: int = 0

    @property
    def heat(self) -> int:
        """How warm the cell is drawn, 0 (empty) to 4 (eight and more)."""
        return min(4, self.live.bit_length())


EMPTY = Cell()


@dataclass(frozen=True)
class Needed:
    """A clause as the matrix sees it; ``chapter`` heads its part of the document."""

    clause_id: int
    ref: str
    chapter: str
    tier: Tier | None
    key_clause: bool
    examinable: bool


@dataclass(frozen=True)
class Line:
    """A clause with its cells, in the order of the columns."""

    clause: Needed
    cells: tuple[Cell, ...]

    @property
    def live(self) -> int:
        """All questions in use on the clause."""
        return sum(cell.live for cell in self.cells)

    @property
    def making(self) -> int:
        """All new ones on their way."""
        return sum(cell.making for cell in self.cells)

    @property
    def lacks(self) -> int:
        """How many questions are missing until the clause has enough in use."""
        least = Demand(self.clause.ref, self.clause.key_clause).least if self.clause.examinable else 0
        return max(0, least - self.live)


@dataclass
class Tally:
    """Some clauses added up: ``lacking`` of ``clauses`` have too few questions; ``empty`` counts clauses by column without one."""

    clauses: int = 0
    lacking: int = 0
    live: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Count one line of an examinable clause."""
        self.live = self.live or [0] * len(line.cells)
        self.empty = self.empty or [0] * len(line.cells)
        self.clauses += 1
        self.lacking += line.lacks > 0
        for at, cell in enumerate(line.cells):
            self.live[at] += cell.live
            self.empty[at] += cell.live == 0


def lines(clauses: Iterable[Needed], counts: Iterable[tuple[int, str, int, int]], columns: Sequence[str]) -> list[Line]:
    """Every clause with its cells. ``counts``: (clause id, column, live, making); a column that is not shown is left out."""
    found: Mapping[int, dict[str, Cell]] = defaultdict(dict)
    for clause_id, column, live, making in counts:
        found[clause_id][column] = Cell(live, making)
    return [Line(clause, tuple(found[clause.clause_id].get(column, EMPTY) for column in columns)) for clause in clauses]


def by_tier(matrix: Iterable[Line]) -> dict[Tier | None, Tally]:
    """The examinable clauses of each tier added up; those of standards without tiers under None. In the order of the tiers."""
    found: dict[Tier | None, Tally] = defaultdict(Tally)
    for line in matrix:
        if line.clause.examinable:
            found[line.clause.tier].add(line)
    order: tuple[Tier | None, ...] = (*Tier, None)
    return {tier: found[tier] for tier in order if tier in found}


def total(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    whole = Tally()
    for tally in tallies:
        whole.clauses += tally.clauses
        whole.lacking += tally.lacking
        whole.live = [a + b for a, b in zip(whole.live or [0] * len(tally.live), tally.live, strict=True)]
        whole.empty = [a + b for a, b in zip(whole.empty or [0] * len(tally.empty), tally.empty, strict=True)]
    return whole


def wanted(plan: Blueprint, clause: Needed, columns: Sequence[str]) -> frozenset[str]:
    """The columns (kinds or levels) in which papers of this blueprint may ask about the clause; none when no row draws on it."""
    found: set[str] = set()
    for row in plan.rows:
        key = plan.wants_key(row)
        fits = (key is None or key is clause.key_clause) and (row.tier is None or row.tier is clause.tier)
        if fits and any(covers_reference(prefix, clause.ref) for prefix in row.clauses):
            found |= {*(row.kinds or Kind), *((row.level,) if row.level else Level)} & set(columns)
    return frozenset(found)
