"""The verbs of a new edition's work list: open it, decide, hand out, carry over, put out of use."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from foundation.work import Work
from question_bank import carry_over as rule
from question_bank.actions.items import revise_item, take_step, write_item
from question_bank.review import Refusal as StepRefusal
from question_bank.review import Step
from question_bank.store import edition_changes as store
from question_bank.store import items
from question_bank.tables import EditionChange, EditionChangeItem, Item
from standards.edition_change import Change, gravest

Refusal = rule.Refusal | StepRefusal


@dataclass(frozen=True)
class Outcome:
    """What became of one question; ``refusal`` is None where it was done."""

    code: str
    refusal: Refusal | None = None


def open_list(w: Work, former_id: int, later_id: int, changes: Mapping[int, Change], account_id: int) -> tuple[int, int]:
    """The work list between two editions, with every question on the former that is not on it yet: its id, and how many came.

    ``changes``: what became of each clause of the former edition, by its id.
    """
    row = store.list_between(w.session, former_id, later_id)
    if row is None:
        row = EditionChange(former_id=former_id, later_id=later_id, opened=w.now, opened_by=account_id)
        w.session.add(row)
        w.session.flush()
    known = store.listed(w.session, row.id)
    new = {item_id: found for item_id, found in store.touching(w.session, former_id).items() if item_id not in known}
    w.session.add_all(
        EditionChangeItem(change_id=row.id, item_id=item_id, version_id=version_id, change=gravest(changes[key] for key in clauses).value)
        for item_id, (version_id, clauses) in new.items()
    )
    w.record("edition_change.opened", f"edition_change:{row.id}", items=len(new))
    return row.id, len(new)


def decide(w: Work, change_id: int, item_ids: Collection[int], verdict: rule.Verdict | None, account_id: int) -> list[Outcome]:
    """Keep a verdict on each, or take it back (None); one that was carried over keeps its own."""
    outcomes = []
    for row, item in store.locked(w.session, change_id, item_ids):
        refusal = rule.Refusal.CARRIED if row.carried_id is not None else None
        if refusal is None:
            row.verdict = verdict.value if verdict else ""
            row.decided, row.decided_by = (w.now, account_id) if verdict else (None, None)
        outcomes.append(Outcome(item.code, refusal))
    _record(w, "decided", change_id, outcomes, verdict=verdict.value if verdict else "")
    return outcomes


def assign(w: Work, change_id: int, item_ids: Collection[int], account_id: int | None) -> list[Outcome]:
    """Hand questions to a trainer, or to nobody."""
    outcomes = []
    for row, item in store.locked(w.session, change_id, item_ids):
        row.assigned_id = account_id
        outcomes.append(Outcome(item.code))
    _record(w, "assigned", change_id, outcomes, account=account_id)
    return outcomes


@dataclass(frozen=True)
class Way:
    """How questions come into the later edition.

    ``later``: the successor of each reference of the former edition, None where
    it was withdrawn; ``refs``: clause ids by reference; ``copy``: as a new
    question beside the old one, not as its next version.
    """

    later: Mapping[str, str | None]
    refs: Mapping[str, int]
    copy: bool = False


def carry(w: Work, change_id: int, item_ids: Collection[int], way: Way, account_id: int) -> list[Outcome]:
    """Make a draft on the later clauses of each."""
    rows = store.locked(w.session, change_id, item_ids)
    outcomes = [Outcome(item.code, _carry(w, row, item, way, account_id)) for row, item in rows]
    _record(w, "carried", change_id, outcomes, copy=way.copy)
    return outcomes


def _carry(w: Work, row: EditionChangeItem, item: Item, way: Way, account_id: int) -> Refusal | None:
    versions = items.versions(w.session, item.id)
    shown = next(version for version in versions if version.id == items.standing(w.session, item, versions).version_id)
    said = items.wording_of(w.session, shown)
    outcome = rule.carry(store.case_of(row, item), said.clauses, way.later)
    if isinstance(outcome, rule.Refusal):
        return outcome
    said = replace(said, clauses=tuple(outcome))
    if way.copy:  # words that nobody has approved stay their author's, who may not approve the copy either
        author_id = account_id if shown.id == item.version_id else shown.author_id or account_id
        carried_id = write_item(w, said, way.refs, author_id)
    else:
        refused = revise_item(w, item.id, shown.id, said, way.refs, account_id)
        if isinstance(refused, StepRefusal):
            return refused
        carried_id = item.id
    row.carried_id, row.carried_version_id = carried_id, items.newest_version(w.session, carried_id)
    return None


def retire(w: Work, change_id: int, item_ids: Collection[int], account_id: int) -> list[Outcome]:
    """Put out of use, now, what was decided to retire."""
    outcomes = []
    for row, item in store.locked(w.session, change_id, item_ids):
        refusal: Refusal | None = rule.retire(store.case_of(row, item))
        if refusal is None:
            version_id = items.standing(w.session, item, items.versions(w.session, item.id)).version_id
            answer = take_step(w, item.id, Step.RETIRE, version_id, account_id)
            refusal = answer if isinstance(answer, StepRefusal) else None
        outcomes.append(Outcome(item.code, refusal))
    _record(w, "retired", change_id, outcomes)
    return outcomes


def _record(w: Work, deed: str, change_id: int, outcomes: Collection[Outcome], **detail: object) -> None:
    done = [outcome.code for outcome in outcomes if outcome.refusal is None]
    w.record(f"edition_change.{deed}", f"edition_change:{change_id}", "done" if done else "refused", items=done, **detail)
