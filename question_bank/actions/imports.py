"""Imports of questions: taken in, read, looked at and given clauses, then kept as a whole or thrown away.

Reading and keeping are handlers of the worker; a door runs them at once where
the file is small, and the worker takes over where the door's process ended.
Both may run twice: reading replaces its rows, keeping ends in one transaction.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from foundation import clock
from foundation.database import db
from foundation.outbox import handler
from foundation.work import SYSTEM, Work, work
from foundation.worker import sweep
from question_bank.actions import media
from question_bank.actions.import_reading import Judged, Reading, examine, judge
from question_bank.clause_suggestion import Suggestion, clear
from question_bank.exchange.found import Status
from question_bank.exchange.pieces import plain, told_notes
from question_bank.sameness import LEFT_OUT, NEVER_KEPT, Relation
from question_bank.store import imports as store
from question_bank.tables import QuestionImport, QuestionImportRow

KEPT_DAYS = 14
"""Days that a file which was read waits to be kept."""
AT_ONCE = 256 * 1024
"""Bytes of a file that a door reads itself; the worker reads larger ones."""
GRACE = timedelta(seconds=45)
"""After this the worker does what a door began and did not end."""
OPEN = ("waiting", "reading", "checked")


def upload(w: Work, name: str, content: bytes, asked_format: str = "", edition: str = "") -> int:
    """Take a file in; answers its id. ``asked_format`` is a format's name, or "" to look."""
    made = QuestionImport(
        name=name[:200], format=asked_format, edition=edition, content=content, digest=hashlib.sha256(content).digest(), state="waiting",
        created=w.now, created_by=w.actor.account_id,
    )
    w.session.add(made)
    w.session.flush()
    w.record("questions.uploaded", f"question-import:{made.id}", file=made.digest.hex()[:16], size=len(content))
    w.later("question_import_read", {"id": made.id}, w.now + GRACE if len(content) <= AT_ONCE else None)
    return made.id


@handler("question_import_read")
def read(payload: dict[str, Any]) -> None:
    """Read an import that waits."""
    import_id = int(payload["id"])
    if not _step(import_id, ("waiting", "reading"), "reading"):
        return
    found = store.whole(db.session, import_id)
    reading = examine(found.name, found.format, found.content or b"", lambda done, total: _tell(import_id, done, total))
    judged = judge(db.session, reading.questions, found.edition, clock.now())
    with work(SYSTEM) as w:
        found = store.for_change(w.session, import_id)
        if found.state == "reading":  # it may have been thrown away meanwhile
            _settle(w, found, reading, judged)


def _settle(w: Work, found: QuestionImport, reading: Reading, judged: Sequence[Judged]) -> None:
    """Write down what came of reading; a file that cannot be read is not kept."""
    w.session.execute(delete(QuestionImportRow).where(QuestionImportRow.import_id == found.id))
    subject = f"question-import:{found.id}"
    if reading.refusal:
        found.state, found.content, found.finished = "refused", None, w.now
        found.report = {"refusal": [reading.refusal[0], list(reading.refusal[1])]}
        w.record("questions.read", subject, "refused", reason=reading.refusal[0])
        return
    for called, encoded in reading.media.values():
        media.keep(w, encoded, called)
    w.session.add_all(_row(found.id, at, one) for at, one in enumerate(judged))
    found.state, found.format, found.done, found.total = "checked", reading.format, len(judged), len(judged)
    found.report = dict(tally(judged))
    w.record("questions.read", subject, **found.report)


def tally(judged: Sequence[Judged]) -> dict[str, int]:
    """How many questions were kept, degraded and refused."""
    return {status.value: sum(one.question.status is status for one in judged) for status in Status}


def _row(import_id: int, at: int, one: Judged) -> QuestionImportRow:
    question, refused = one.question, one.question.status is Status.REFUSED
    return QuestionImportRow(
        import_id=import_id, position=at, ref=question.ref, code=question.code, status=question.status.value, said=plain(question.said),
        notes=told_notes(question.notes), relation=one.relation.value, clauses=list(one.clauses),
        suggested=[[*pair] for pair in one.suggested],
        left_out=refused or one.relation in LEFT_OUT, twin_id=one.twin.item_id if one.twin else None,
    )


def choose(w: Work, import_id: int, chosen: Mapping[int, Sequence[str]]) -> bool:
    """Settle on clauses, by question; False when the import is no longer open to it."""
    if (rows := _open_rows(w, import_id, list(chosen))) is None:
        return False
    for row in rows:
        row.clauses = list(dict.fromkeys(chosen[row.id]))
    w.record("questions.clauses", f"question-import:{import_id}", questions=len(rows))
    return True


def take_suggested(w: Work, import_id: int, every: bool) -> int:
    """Take the first suggestion for questions without a clause: for all, or where it leads clearly; answers how many."""
    rows = [row for row in _open_rows(w, import_id) or () if not row.clauses and row.suggested and row.status != Status.REFUSED]
    taken = [row for row in rows if every or clear([Suggestion(ref, score) for ref, score in row.suggested])]
    for row in taken:
        row.clauses = [row.suggested[0][0]]
    w.record("questions.clauses", f"question-import:{import_id}", questions=len(taken), suggested=True)
    return len(taken)


def leave_out(w: Work, import_id: int, ids: Sequence[int], left: bool) -> bool:
    """Leave questions out, or take them in again where that can be; False when the import is no longer open to it."""
    if (rows := _open_rows(w, import_id, ids)) is None:
        return False
    for row in rows:
        row.left_out = left or row.status == Status.REFUSED or row.relation in NEVER_KEPT
    w.record("questions.left_out" if left else "questions.taken_in", f"question-import:{import_id}", questions=len(rows))
    return True


def as_new(w: Work, import_id: int, ids: Sequence[int]) -> bool:
    """Take revisions for questions of their own; False when the import is no longer open to it."""
    if (rows := _open_rows(w, import_id, ids)) is None:
        return False
    for row in rows:
        if row.relation in (Relation.REVISION, Relation.BUSY, Relation.KEY_DIFFERS):
            row.relation, row.left_out = Relation.NEW.value, False
    w.record("questions.as_new", f"question-import:{import_id}", questions=len(rows))
    return True


def _open_rows(w: Work, import_id: int, ids: Sequence[int] | None = None) -> Sequence[QuestionImportRow] | None:
    """Questions to change; None when the import is settled or not read yet."""
    if store.for_change(w.session, import_id).state != "checked":
        return None
    return store.rows(w.session, import_id, ids)


def discard(w: Work, import_id: int) -> bool:
    """Throw an import away; False when it is being kept, or settled."""
    found = store.for_change(w.session, import_id)
    if found.state not in OPEN:
        return False
    found.state, found.content, found.finished = "discarded", None, w.now
    w.session.execute(delete(QuestionImportRow).where(QuestionImportRow.import_id == import_id))
    w.record("questions.discarded", f"question-import:{import_id}")
    return True


def _step(import_id: int, before: tuple[str, ...], after: str) -> bool:
    """Take an import on; False when it is somewhere else by now."""
    with work(SYSTEM) as w:
        moved = update(QuestionImport).where(QuestionImport.id == import_id, QuestionImport.state.in_(before)).values(state=after)
        return bool(w.connection.execute(moved).rowcount)


def _tell(import_id: int, done: int, total: int) -> None:
    """Let whoever looks see how far it is."""
    with work(SYSTEM) as w:
        w.connection.execute(update(QuestionImport).where(QuestionImport.id == import_id).values(done=done, total=total))


@sweep("question-imports")
def forget_unwanted(now: datetime) -> int:
    """Throw away what was read and never kept."""
    with work(SYSTEM, now) as w:
        old = select(QuestionImport.id).where(QuestionImport.state.in_(OPEN), QuestionImport.created <= now - timedelta(days=KEPT_DAYS))
        return sum(discard(w, import_id) for import_id in w.session.scalars(old).all())
