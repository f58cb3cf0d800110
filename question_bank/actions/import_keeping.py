"""Keeping what was read: every question that is to be kept becomes a draft or a version of one, or none does."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import select

from foundation.database import db
from foundation.outbox import handler
from foundation.work import Actor, Work, work
from question_bank.actions import imports
from question_bank.actions.import_reading import relations
from question_bank.actions.item_batches import write_items
from question_bank.actions.items import revise_item, take_step
from question_bank.exchange.found import Status
from question_bank.exchange.pieces import wording_of
from question_bank.item import CODE, State, Wording
from question_bank.review import Refusal, Step
from question_bank.sameness import LEFT_OUT, Known, Relation
from question_bank.store import imports as store
from question_bank.store import items
from question_bank.tables import Item, QuestionImport, QuestionImportRow
from standards.store import clause_ids

AT_ONCE = 300
"""Questions that a door keeps itself; the worker keeps more of them."""


class Moved(Exception):
    """The bank changed since the questions were looked at; nothing is kept."""


@dataclass(frozen=True)
class Outcome:
    """What became of a keeping: counts of ``new`` and ``revised`` questions, of these ``submitted`` to review."""

    new: int = 0
    revised: int = 0
    submitted: int = 0


def ask_keep(w: Work, import_id: int, submit: bool) -> bool:
    """Have what was read kept; False when it is not, or no longer, to be kept."""
    found = store.for_change(w.session, import_id)
    if found.state != "checked":
        return False
    found.state, found.submit, found.done = "keeping", submit, 0
    w.record("questions.keeping", f"question-import:{import_id}", submit=submit)
    payload = {"id": import_id, "actor": w.actor.name, "account": w.actor.account_id, "origin": w.actor.origin}
    w.later("question_import_keep", payload, w.now + imports.GRACE if found.total <= AT_ONCE else None)
    return True


@handler("question_import_keep")
def keep(payload: dict[str, Any]) -> None:
    """Keep an import that was asked to be kept, by whoever asked; where the bank moved, it is to be looked at again."""
    import_id, actor = int(payload["id"]), Actor(payload["actor"], payload["account"], payload["origin"])
    refs = clause_ids(db.session)
    try:
        with work(actor) as w:
            found = store.for_change(w.session, import_id)
            if found.state == "keeping":
                _keep(w, found, refs)
    except Moved:
        with work(actor) as w:
            found = store.for_change(w.session, import_id)
            found.state = "checked"
            found.report = {**found.report, "moved": look_again(w, import_id)}
            w.record("questions.kept", f"question-import:{import_id}", "refused")


def _keep(w: Work, found: QuestionImport, refs: Mapping[str, int]) -> None:
    """Write everything or raise Moved."""
    store.alone(w.session)
    rows = [row for row in store.rows(w.session, found.id) if not row.left_out]
    if not all(_still(row, *now) for row, now in zip(rows, _related(w, rows), strict=True)):
        raise Moved
    outcome = _write(w, rows, refs, found.submit)
    found.state, found.content, found.finished, found.done = "kept", None, w.now, found.total
    found.report = {**found.report, **asdict(outcome)}
    w.record("questions.kept", f"question-import:{found.id}", file=found.digest.hex()[:16], **asdict(outcome))


def _related(w: Work, rows: Sequence[QuestionImportRow]) -> list[tuple[Relation, Known | None]]:
    """What the questions are to the bank now."""
    return relations(w.session, [(wording_of(row.said), row.code) for row in rows])


def _still(row: QuestionImportRow, relation: Relation, twin: Known | None) -> bool:
    """Whether a question is to the bank what it was when it was looked at."""
    if row.relation == Relation.NEW and row.twin_id is not None:  # somebody said that it is one of its own
        return relation is not Relation.SAME
    return row.relation == relation and row.twin_id == (twin.item_id if twin else None)


def look_again(w: Work, import_id: int) -> int:
    """Hold the questions against the bank once more; answers how many of them are something else now."""
    rows = [row for row in store.rows(w.session, import_id) if row.status != Status.REFUSED]
    changed = 0
    for row, (relation, twin) in zip(rows, _related(w, rows), strict=True):
        if not _still(row, relation, twin):
            row.relation, row.twin_id, row.left_out = relation.value, twin.item_id if twin else None, relation in LEFT_OUT
            changed += 1
    return changed


def _write(w: Work, rows: Sequence[QuestionImportRow], refs: Mapping[str, int], submit: bool) -> Outcome:
    """Make the items and versions; raises Moved."""
    taken = set(w.session.scalars(select(Item.code).where(Item.code.in_({row.code for row in rows}))))
    new: list[tuple[QuestionImportRow, Wording, str]] = []
    revised = submitted = 0
    for row in rows:
        said = replace(wording_of(row.said), clauses=tuple(row.clauses))
        if row.relation == Relation.REVISION:
            row.item_id = _revised(w, row.twin_id or 0, said, refs)
            submitted += submit and _submitted(w, row.item_id, said)
            revised += 1
        else:
            code = row.code if CODE.fullmatch(row.code) and row.code not in taken else ""
            taken.add(code)
            new.append((row, said, code))
    w.session.flush()
    ids, sent = write_items(w, [(said, code) for _row, said, code in new], refs, w.actor.account_id, submit)
    for (row, _said, _code), item_id in zip(new, ids, strict=True):
        row.item_id = item_id
    return Outcome(len(new), revised, submitted + sent)


def _revised(w: Work, item_id: int, said: Wording, refs: Mapping[str, int]) -> int:
    outcome = revise_item(w, item_id, _version(w, item_id), said, refs, w.actor.account_id or 0)
    if isinstance(outcome, Refusal):
        raise Moved
    return item_id


def _submitted(w: Work, item_id: int, said: Wording) -> bool:
    """Send it to review; a question without a clause stays a draft."""
    if not said.clauses:
        return False
    return take_step(w, item_id, Step.SUBMIT, _version(w, item_id), w.actor.account_id or 0) is State.IN_REVIEW


def _version(w: Work, item_id: int) -> int:
    """The version that a step on the item is about."""
    item = w.session.get_one(Item, item_id)
    return items.standing(w.session, item, items.versions(w.session, item_id)).version_id


def import_at_once(actor: Actor, name: str, content: bytes, asked_format: str, edition: str, suggest: bool, submit: bool) -> int:
    """Read and keep without the worker; answers the import's id. A file that cannot be read, or holds nothing to keep, adds nothing."""
    with work(actor) as w:
        import_id = imports.upload(w, name, content, asked_format, edition)
    imports.read({"id": import_id})
    with work(actor) as w:
        if suggest:
            imports.take_suggested(w, import_id, every=True)
        going = ask_keep(w, import_id, submit)
    if going:
        keep({"id": import_id, "actor": actor.name, "account": actor.account_id, "origin": actor.origin})
    return import_id
