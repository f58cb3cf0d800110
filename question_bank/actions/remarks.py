"""The verbs of remarks: "this question looks wrong", from whoever met it, and what a trainer answers."""

from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from foundation.work import Work
from question_bank.remark import Met, Refusal, State, check, check_settling
from question_bank.store import remarks as store
from question_bank.tables import ItemRemark


def remark(w: Work, version_id: int, account_id: int, met: Met, met_id: str | None, reason: str, text: str) -> Refusal | None:
    """Keep a remark on a version; raises LookupError when there is no such version.

    The newest remark of one account in one place stands while it is open, so
    that one that is sent again, because its acknowledgement was lost, is one
    remark.
    """
    if (refused := check(met, reason, text)) is not None:
        return refused
    subject = store.subject(w.session, version_id)
    if subject is None:
        raise LookupError(version_id)
    said = {"reason": reason, "text": text.strip(), "met_id": met_id}
    mine = store.open_remark(w.session, version_id, account_id, met)
    if mine is not None and {name: getattr(mine, name) for name in said} == said:
        return None
    row = ItemRemark(version_id=version_id, account_id=account_id, met=met, at=w.now, state=State.OPEN, **said)
    if mine is None and not _added(w, row):
        mine = store.open_remark(w.session, version_id, account_id, met)
    if mine is not None:
        w.session.execute(update(ItemRemark).where(ItemRemark.id == mine.id).values(at=w.now, **said))
    w.record("item.remarked", f"item:{subject.code}", version=subject.number, met=met, reason=reason)
    return None


def _added(w: Work, row: ItemRemark) -> bool:
    """Whether the row could be added; False where the same account remarked in the same instant."""
    try:
        with w.session.begin_nested():
            w.session.add(row)
    except IntegrityError:
        return False
    return True


def settle(w: Work, item_id: int, remark_ids: Collection[int], state: State, answer: str, account_id: int) -> int | Refusal:
    """Settle open remarks on an item with one answer; how many. Those of other items, or settled already, are left alone."""
    rows = store.open_of(w.session, item_id, remark_ids)
    if not rows:
        return Refusal.NONE_OPEN
    own = store.wrote_any(w.session, {row.version_id for row in rows}, account_id)
    refused = check_settling(state, answer, own)
    if refused is None:
        for row in rows:
            row.state, row.answer, row.settled, row.settled_by = state, answer.strip(), w.now, account_id
    subject = store.subject(w.session, rows[0].version_id)
    w.record(
        "item.remarks_settled", f"item:{subject.code if subject else item_id}", "refused" if refused else "done",
        **({"reason": refused} if refused else {"state": state, "remarks": len(rows)}),
    )
    return refused or len(rows)
