"""What a new edition of a standard means for a programme's blueprint and for papers that are still to be sat.

A programme names editions, and so do its rows: until it has an edition of its
own that names the later one, its papers go on asking the former.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from question_bank.blueprint import Row, section_title
from standards.clause import covers_reference
from standards.edition_change import Change


@dataclass(frozen=True)
class RowImpact:
    """A row of a blueprint: how many clauses it draws on, by what became of them, and the later references in their stead."""

    title: dict[str, str]
    changes: Mapping[Change, int]
    later: tuple[str, ...]

    @property
    def touched(self) -> bool:
        """Whether any clause of the row says something else now, or is gone."""
        return bool(self.changes.get(Change.CHANGED) or self.changes.get(Change.WITHDRAWN))


def rows(blueprint: Sequence[Row], changes: Mapping[str, Change], successors: Mapping[str, str | None]) -> list[RowImpact]:
    """Every row that draws on the former edition. ``changes`` and ``successors`` are by its references."""
    found = []
    for number, row in enumerate(blueprint, 1):
        under = [ref for ref in changes if any(covers_reference(prefix, ref) for prefix in row.clauses)]
        if under:
            later = dict.fromkeys(successor for ref in under if (successor := successors[ref]) is not None)
            found.append(RowImpact(section_title(row, number), Counter(changes[ref] for ref in under), tuple(later)))
    return found


def uncovered(later: Iterable[str], impacts: Iterable[RowImpact]) -> list[str]:
    """The clauses of the later edition that no row would draw on if each row only followed its own clauses."""
    drawn = {ref for impact in impacts for ref in impact.later}
    return [ref for ref in later if ref not in drawn]
