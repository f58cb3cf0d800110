"""Points in the books: per criterion, never above its cap; a recovery gives back what was lost there and never more.

An account is a tuple of hundredths. Only the criteria that are followed have a
place in it; the points of the others simply add up. A play follows all of them,
the checker those whose cap can bind or that can be repaired: fewer states, the
same sums.
"""

from collections.abc import Iterable

from scenarios.answer import Outcome
from scenarios.language import Scenario, Worth

Account = tuple[int, ...]


class Ledger:
    """How points are entered. ``capped`` and ``mended`` name the criteria that are followed for their cap and their losses."""

    def __init__(self, scenario: Scenario, capped: Iterable[str], mended: Iterable[str]) -> None:
        self.caps = {name: criterion.cap for name, criterion in scenario.criteria.items()}
        self.sums = {name: place for place, name in enumerate(capped)}
        self.losses = {name: len(self.sums) + place for place, name in enumerate(mended)}
        self.most = mendable(scenario)
        self.empty: Account = (0,) * (len(self.sums) + len(self.losses))

    def follows(self, name: str) -> bool:
        """Whether points of this criterion depend on what came before."""
        return name in self.sums or name in self.losses

    def post(self, account: Account, outcome: Outcome) -> tuple[Account, int]:
        """The account after ``outcome``, and by how much the score grew."""
        if not self.empty:
            return account, outcome.face
        book = list(account)
        total = 0
        for name, got, best in outcome.awards:
            if name in self.losses and best > got:
                place = self.losses[name]
                book[place] = min(self.most.get(name, 0), book[place] + best - got)
            total += self._credit(book, name, got)
        for names, mends in outcome.mends:
            left = mends
            for name in names:
                place = self.losses[name]
                given = min(left, book[place])
                book[place] -= given
                left -= given
                total += self._credit(book, name, given)
        return tuple(book), total

    def _credit(self, book: list[int], name: str, got: int) -> int:
        place = self.sums.get(name)
        if place is None:
            return got
        cap = self.caps[name]
        after = book[place] + got if cap is None else min(cap, book[place] + got)
        grown = after - book[place]
        book[place] = after
        return grown

    def by_criterion(self, account: Account) -> dict[str, int]:
        """The sums of the followed criteria."""
        return {name: account[place] for name, place in self.sums.items()}


def mendable(scenario: Scenario) -> dict[str, int]:
    """How much of each criterion all recoveries together could give back."""
    worths: list[Worth] = []
    for step in scenario.steps.values():
        worths += [step.worth, *(option.worth for option in step.options), *(phrase.worth for phrase in (*step.rubric, *step.forbid))]
    found: dict[str, int] = {}
    for worth in worths:
        for name in worth.repairs:
            found[name] = found.get(name, 0) + worth.mends
    return found
