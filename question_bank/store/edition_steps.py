"""Two editions of a standard beside each other, read from the rows."""

from dataclasses import dataclass
from functools import cached_property

from question_bank.store import Reader
from standards.edition_change import Change, Step, compare
from standards.store import ClauseView, EditionView, clauses_in, duty_of, editions
from standards.tables import Standard


@dataclass(frozen=True)
class Between:
    """A later edition beside a former one; ``earlier`` are all that came before it, the newest first."""

    former: EditionView
    later: EditionView
    earlier: list[EditionView]
    steps: list[Step]
    old: dict[str, ClauseView]
    new: dict[str, ClauseView]

    @cached_property
    def changes(self) -> dict[int, Change]:
        """What became of each clause of the former edition, by its id."""
        return {self.old[step.former].id: step.change for step in self.steps if step.former is not None}

    @cached_property
    def successors(self) -> dict[str, str | None]:
        """The reference that followed each one of the former edition; None where it was withdrawn."""
        return {
            self.old[step.former].ref: self.new[step.later].ref if step.later is not None else None
            for step in self.steps if step.former is not None
        }


def editions_of(session: Reader, code: str) -> list[EditionView]:
    """All editions of a standard, the newest first."""
    return editions(session, Standard.code == code)


def successor(session: Reader, clause: ClauseView) -> tuple[EditionView, Step] | None:
    """The next edition after the clause's own and what became of the clause there; None while there is no later one."""
    known = editions_of(session, clause.standard)
    at = next(at for at, view in enumerate(known) if view.id == clause.edition_id)
    found = between(session, clause.standard, known[at - 1].edition, clause.edition) if at else None
    if found is None:
        return None
    return found.later, next(step for step in found.steps if step.former == clause.number)


def between(session: Reader, code: str, later: str, since: str = "") -> Between | None:
    """``later`` beside the edition ``since``, or beside the one before it; None where either is not there."""
    known = editions_of(session, code)
    at = next((at for at, view in enumerate(known) if view.edition == later), None)
    earlier = known[at + 1 :] if at is not None else []
    former = next((view for view in earlier if not since or view.edition == since), None)
    if at is None or former is None:
        return None
    old = {view.number: view for view in clauses_in(session, [former.id])}
    new = {view.number: view for view in clauses_in(session, [known[at].id])}
    steps = compare([duty_of(view) for view in old.values()], [duty_of(view) for view in new.values()])
    return Between(former, known[at], earlier, steps, old, new)
