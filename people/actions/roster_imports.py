"""Imports of rosters: uploaded, read and checked by the worker, looked at, then kept as a whole or thrown away.

Both handlers may run twice, and begin anew where a crash ended them: reading
writes nothing but its report, keeping ends in one transaction.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import IntegrityError

from foundation import clock
from foundation.child import Trouble
from foundation.config import settings
from foundation.database import db
from foundation.outbox import handler
from foundation.sealing import sealer
from foundation.work import SYSTEM, Actor, Work, work
from foundation.worker import sweep
from people.actions import roster_keeping
from people.actions.roster_keeping import Stale
from people.actions.roster_reading import Scope, Verdict, examine
from people.roster_check import Judged
from people.store import roster_imports as store
from people.tables import Contract, RosterImport

FAULTS_KEPT = 100_000
"""Faults of one file that are written down; beyond them only their number."""
TRIES = 3
KEPT_DAYS = 7
"""Days that a checked file waits to be kept before it is thrown away: it is full of ID numbers."""
OPEN = ("waiting", "reading", "checked")


def upload(w: Work, scope: Scope, name: str, content: bytes, sealed: bytes, contract_id: int | None = None) -> int:
    """Take a file in, for the worker to read; ``sealed`` is its content, sealed before the unit of work."""
    made = RosterImport(
        partner_id=scope.partner_id, contract_id=contract_id, everywhere=scope.everywhere, name=name[:200], content=sealed,
        digest=sealer().digest_bytes(content), state="waiting", created=w.now, created_by=w.actor.account_id,
    )
    w.session.add(made)
    w.session.flush()
    w.record("roster.uploaded", f"import:{made.id}", partner=scope.partner_id)
    w.later("roster_import_read", {"id": made.id})
    return made.id


def ask_keep(w: Work, import_id: int) -> bool:
    """Have a checked roster kept; False when it is not, or no longer, to be kept."""
    found = store.import_for_change(w.session, import_id)
    if found.state != "checked":
        return False
    found.state, found.done = "keeping", 0
    w.record("roster.keeping", f"import:{import_id}")
    w.later("roster_import_keep", {"id": import_id, "actor": w.actor.name, "account": w.actor.account_id, "origin": w.actor.origin})
    return True


def discard(w: Work, import_id: int) -> bool:
    """Throw an import away; False when it is being kept, or settled."""
    found = store.import_for_change(w.session, import_id)
    if found.state not in OPEN:
        return False
    found.state, found.content, found.finished = "discarded", None, w.now
    w.record("roster.discarded", f"import:{import_id}")
    return True


@handler("roster_import_read")
def read(payload: dict[str, Any]) -> None:
    """Read and check an import that waits."""
    import_id = int(payload["id"])
    if not _step(import_id, ("waiting", "reading"), "reading"):
        return
    verdict = _examined(import_id, "reading")
    with work(SYSTEM) as w:
        found = store.import_for_change(w.session, import_id)
        if found.state == "reading":  # it may have been thrown away meanwhile
            _settle(found, verdict, w.now)
            w.record("roster.read", f"import:{import_id}", found.state, faults=found.report.get("faults", 0))


def _examined(import_id: int, state: str, share: int = 1) -> Verdict:
    """Read and check what an import holds; that is one of ``share`` equal parts of what is to be done."""
    row = db.session.execute(
        select(RosterImport.content, RosterImport.partner_id, RosterImport.everywhere, Contract.code)
        .outerjoin(Contract, Contract.id == RosterImport.contract_id).where(RosterImport.id == import_id)
    ).one()
    content = sealer().open_bytes(row.content)
    scope = Scope(row.partner_id, row.everywhere, row.code or "")
    return examine(content, scope, clock.now(), settings().timezone, lambda done, total: _tell(import_id, state, done // share, total))


def _settle(found: RosterImport, verdict: Verdict, now: datetime) -> None:
    """Write down what came of reading; a file that will not be kept is not kept."""
    found.report = report_of(verdict)
    found.done = found.total
    if good(verdict):
        found.state = "checked"
        return
    found.faults = faults_of(verdict.judged)
    found.state, found.content, found.finished = "refused", None, now


def good(verdict: Verdict) -> bool:
    """Whether the roster can be kept."""
    return verdict.judged is not None and not verdict.judged.faults


def report_of(verdict: Verdict) -> dict[str, Any]:
    """What is told of a reading: ``trouble``, or ``counts``, ``faults`` (how many) and ``ignored`` headings."""
    if verdict.trouble or verdict.judged is None:
        return {"trouble": str(verdict.trouble or Trouble.EMPTY)}
    return {"counts": verdict.judged.counts, "faults": len(verdict.judged.faults), "ignored": list(verdict.ignored)}


def faults_of(judged: Judged | None) -> list[list[Any]]:
    """The faults as rows: row, column, what, value, other."""
    faults = judged.faults[:FAULTS_KEPT] if judged else []
    return [[fault.row, str(fault.field), str(fault.wrong), fault.value, fault.other] for fault in faults]


@handler("roster_import_keep")
def keep(payload: dict[str, Any]) -> None:
    """Keep an import that was asked to be kept, by whoever asked."""
    import_id, actor = int(payload["id"]), Actor(payload["actor"], payload["account"], payload["origin"])
    if not _step(import_id, ("keeping",), "keeping"):
        return
    for attempt in range(1, TRIES + 1):
        verdict = _examined(import_id, "keeping", share=2)
        if not good(verdict):
            with work(SYSTEM) as w:
                roster_keeping.drop_staged(w, import_id)
                _settle(store.import_for_change(w.session, import_id), verdict, w.now)
                w.record("roster.kept", f"import:{import_id}", "refused")
            return
        try:
            keep_now(import_id, actor, verdict)
        except (Stale, IntegrityError):
            if attempt == TRIES:
                raise
        else:
            return


def keep_now(import_id: int, actor: Actor, verdict: Verdict) -> None:
    """Stage and swap; raises Stale or IntegrityError when something changed meanwhile, and then nothing is kept."""
    changes = verdict.judged.changes if verdict.judged else []
    now = clock.now()
    roster_keeping.stage(import_id, changes, now, lambda done, total: _tell(import_id, "keeping", (total + done) // 2, total))
    with work(actor) as w:
        found = store.import_for_change(w.session, import_id)
        if found.state != "keeping":
            return
        roster_keeping.swap(w, import_id)
        found.state, found.content, found.finished, found.report = "kept", None, w.now, report_of(verdict)
        found.done = found.total = len(changes)
        w.session.flush()
        counts = found.report["counts"]
        w.record("roster.kept", f"import:{import_id}", partner=found.partner_id, file=found.digest.hex()[:16], **counts)
    with work(SYSTEM) as w:
        roster_keeping.drop_staged(w, import_id)


def examined(scope: Scope, content: bytes) -> Verdict:
    """What a file would do; nothing is written."""
    return examine(content, scope, clock.now(), settings().timezone)


def import_at_once(scope: Scope, name: str, content: bytes, actor: Actor) -> Verdict:
    """Read, check and keep without the worker; a roster that cannot be kept leaves nothing.

    Raises Stale when something changed meanwhile, and then nothing was kept.
    """
    verdict = examined(scope, content)
    if good(verdict):
        with work(actor) as w:
            made = RosterImport(
                partner_id=scope.partner_id, everywhere=scope.everywhere, name=name[:200],
                digest=sealer().digest_bytes(content), state="keeping", created=w.now, created_by=actor.account_id,
            )
            w.session.add(made)
            w.session.flush()
            w.record("roster.uploaded", f"import:{made.id}", partner=scope.partner_id)
        try:
            keep_now(made.id, actor, verdict)
        except (Stale, IntegrityError) as error:
            with work(actor) as w:
                _give_up(w, made.id)
            raise Stale from error
    return verdict


def _give_up(w: Work, import_id: int) -> None:
    """Nothing of it was kept, and nobody will try again."""
    roster_keeping.drop_staged(w, import_id)
    found = store.import_for_change(w.session, import_id)
    found.state, found.content, found.finished = "discarded", None, w.now
    w.record("roster.discarded", f"import:{import_id}")


def _step(import_id: int, before: tuple[str, ...], after: str) -> bool:
    """Take an import on; False when it is somewhere else by now."""
    with work(SYSTEM) as w:
        moved = update(RosterImport).where(RosterImport.id == import_id, RosterImport.state.in_(before)).values(state=after)
        return bool(w.connection.execute(moved).rowcount)


def _tell(import_id: int, state: str, done: int, total: int) -> None:
    """Let whoever looks see how far it is."""
    with work(SYSTEM) as w:
        w.connection.execute(
            update(RosterImport).where(RosterImport.id == import_id, RosterImport.state == state).values(done=done, total=total)
        )


@sweep("roster-imports")
def forget_unwanted(now: datetime) -> int:
    """Throw away what was checked and never kept, and what a command that was ended left."""
    with work(SYSTEM, now) as w:
        left = and_(RosterImport.state == "keeping", RosterImport.content.is_(None), RosterImport.created <= now - timedelta(days=1))
        unwanted = and_(RosterImport.state.in_(OPEN), RosterImport.created <= now - timedelta(days=KEPT_DAYS))
        found = w.session.scalars(select(RosterImport.id).where(or_(unwanted, left))).all()
        for import_id in found:
            _give_up(w, import_id)
        for import_id in store.staged_in_vain(w.session):
            roster_keeping.drop_staged(w, import_id)
        return len(found)
