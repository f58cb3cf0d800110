"""One step for many questions: each is judged alone, and each outcome is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.work import Work
from question_bank.actions import items
from question_bank.item import State
from question_bank.review import Refusal, Step
from question_bank.store import items as store

STEPS = (Step.SUBMIT, Step.APPROVE, Step.MAKE_LIVE, Step.RETIRE, Step.RESTORE)
"""What can be done to many questions. A return needs a word to each author, so it is not among them."""
MOST = 500
AT_ONCE = 20
"""Questions of one unit of work: on SQLite it is the only writer, and somebody may be sitting an exam."""


@dataclass(frozen=True)
class Outcome:
    """What became of a question: its new state, or why it stays as it is."""

    item_id: int
    code: str
    state: State
    refusal: Refusal | None


def take_steps(w: Work, step: Step, wanted: Sequence[tuple[int, int]], account_id: int) -> list[Outcome]:
    """Take ``step`` for each (item, version that was seen), at most ``AT_ONCE``; what is no item is left out."""
    outcomes = []
    for item_id, version_id in wanted:
        if (item := store.item(w.session, item_id)) is None:
            continue
        found = items.take_step(w, item_id, step, version_id, account_id)
        refusal = found if isinstance(found, Refusal) else None
        outcomes.append(Outcome(item_id, item.code, State(item.state), refusal))
    return outcomes
