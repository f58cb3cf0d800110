"""What the question bank holds for a programme: clause by clause, row by row, and whether a paper can be made of it.

A row is *comfortable* from twice as many questions as it asks: below that,
papers differ too little from one another to be kept apart.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from certification.programme import Spec
from question_bank.assembly import Camps, Shortfall, assemble
from question_bank.blueprint import Blueprint, PoolItem, draws, section_title
from question_bank.coverage import Needed, wanted
from question_bank.inspection import Demand
from question_bank.item import ASKED

COMFORTABLE = 2


@dataclass(frozen=True)
class RowSupply:
    """A row of the blueprint: the questions that it asks, and those that it may draw."""

    title: str
    count: int
    available: int


@dataclass(frozen=True)
class Supply:
    """A programme beside the bank: ``clauses`` can be asked, ``short`` have too few questions, ``missing`` questions lack for a paper."""

    programme: str
    edition: int
    items: int
    clauses: int
    short: tuple[str, ...]
    rows: tuple[RowSupply, ...]
    missing: int

    @property
    def holds(self) -> bool:
        """Whether a paper can be made."""
        return not self.missing

    def plain(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {"ok": self.holds, **asdict(self)}


def supply(
    programme: str, edition: int, spec: Spec, clauses: Sequence[Needed], pool: Sequence[PoolItem], clashes: Sequence[Camps]
) -> Supply:
    """The programme's figures. ``clauses`` and ``pool`` are those of its editions."""
    plan = Blueprint(spec.exam.blueprint)
    counts = Counter(ref for item in pool for ref in set(item.refs))
    asked = [clause for clause in clauses if clause.examinable and wanted(plan, clause, ASKED)]
    short = tuple(
        f"{clause.ref}: {counts[clause.ref]} of {least}" for clause in asked
        if counts[clause.ref] < (least := Demand(clause.ref, clause.key_clause).least)
    )
    paper = assemble(spec.exam.blueprint, pool, "availability", clashes)
    missing = sum(row.missing for row in paper.rows) if isinstance(paper, Shortfall) else 0
    rows = tuple(
        RowSupply(section_title(row, number)["zh"], row.count, sum(draws(row, plan.wants_key(row), item) for item in pool))
        for number, row in enumerate(spec.exam.blueprint, 1)
    )
    return Supply(programme, edition, len(pool), len(asked), short, rows, missing)
