"""Something behind every door, owned by the cast: what ``tests/authorization.yaml`` knocks with.

``owner`` is booked for a sitting, has an attempt in progress, a licence and a
pending decision; the coordinator of the same company tried a dispatch.
"""

from typing import Any

from flask import Flask
from sqlalchemy import select

from certification.actions.decisions import open_for
from certification.tables import Appeal, FormLook, FormOpening, ProgrammeEdition, Regrade, Sitting
from foundation.work import SYSTEM, Work, work
from people.tables import RosterEntry
from question_bank.tables import FormItem, Item, ItemVersion
from tests import cast as players
from tests.cast import Cast
from tests.certification import written
from tests.certification.exams import document

KEYS = {"dispatch": "a key for dispatch, of a test 0123456789", "metrics": "a key for metrics, of a test 0123456789"}
VISIT = {
    "staff": "S0001", "programme": "GC", "customer_tier": "ordinary", "scope": "local",
    "starts": "2026-11-23T09:00", "ends": "2026-11-23T18:00", "visit": "W-1",
}


def build(app: Flask, cast: Cast) -> dict[str, Any]:
    """Make it all; answers the names that the authorization file uses for ids."""
    filled = document(cast)
    filled["sittings"][0]["booked"] = [cast.owner.staff_no]
    filled["licences"] = [{
        "staff_no": cast.owner.staff_no, "programme": "GC",
        "events": [{"kind": "granted", "grade": "qualified", "effective": "2026-03-01T00:00:00+08:00"}],
    }]
    filled["api_keys"] = [{"name": name, "scope": name, "key": key} for name, key in KEYS.items() if name == "dispatch"]
    ids = players.seed(app, filled)
    sitting = ids["T1"]
    started = players.sign_in(app, cast, "owner").send("POST", f"/api/v1/sittings/{sitting}/attempts", json={})
    attempt = started.get_json()["attempt_id"]
    tried = players.sign_in(app, cast, "coordinator").form("/dispatch", VISIT)
    with app.app_context(), work(SYSTEM) as w:
        edition = w.session.scalars(select(ProgrammeEdition.id)).first()
        decision = open_for(w, cast.owner.person_id, edition or 0, None, "qualified")
        cases = _cases(w, cast, sitting, attempt)
        cases |= _sealed(w, cast, sitting)
        marked = written.yesterday(w, cast, edition or 0)
        entry = w.session.scalars(select(RosterEntry.id).where(RosterEntry.person_id == cast.owner.person_id)).one()
    return {
        **cases, **marked, "sitting": sitting, "attempt": attempt, "licence": ids[f"{cast.owner.staff_no}/GC"],
        "decision": decision, "dispatch_decision": tried.headers["Location"].rpartition("/")[2], "programme": "GC", "item": ids["Q1"],
        "person": cast.owner.person_id, "account": cast.owner.account_id, "key": ids["dispatch"], "partner": cast.partners["P01"],
        "contract": cast.contracts["C01"], "entry": entry, "state": "ending", "pause": "pause",
        "standard": "STD", "edition": "2026", "clause": "1.1",
    }


def _cases(w: Work, cast: Cast, sitting: int, attempt: str) -> dict[str, int]:
    """A proposal to regrade a question, a complaint that waits and an appeal that was answered, both of ``owner``."""
    version = w.session.scalars(select(FormItem.version_id)).first() or 0
    regrade = Regrade(
        sitting_id=sitting, version_id=version, kind="void", reason="题干有歧义", state="proposed", proposed=w.now,
        proposed_by=cast.officer.account_id,
    )
    filed = {"person_id": cast.owner.person_id, "sitting_id": sitting, "text": "考场的网络中断过。", "filed": w.now, "due": w.now}
    appeal = Appeal(kind="complaint", state="filed", **filed)
    answered = Appeal(
        kind="appeal", attempt_id=attempt, state="rejected", decided=w.now, decided_by=cast.decider.account_id, outcome="已复核，无误。",
        **filed,
    )
    w.session.add_all([regrade, appeal, answered])
    w.session.flush()
    return {"version": version, "regrade": regrade.id, "appeal": appeal.id, "answered": answered.id}


def _sealed(w: Work, cast: Cast, sitting: int) -> dict[str, Any]:
    """The sitting's paper, a request to look into it and a look, both of ``officer``; a trap question that nobody uses yet."""
    form = w.session.get_one(Sitting, sitting).form_id
    opening = FormOpening(form_id=form, asked=w.now, asked_by=cast.officer.account_id, reason="核对一处错字")
    trap = Item(code="TRAP-1", state="draft", canary=True, changed=w.now)
    w.session.add_all([opening, trap])
    w.session.flush()
    look = FormLook(form_id=form, opening_id=opening.id, account_id=cast.officer.account_id, at=w.now)
    like = w.session.scalars(select(ItemVersion).order_by(ItemVersion.id)).first()
    assert like is not None
    w.session.add_all([look, ItemVersion(
        item_id=trap.id, number=1, kind=like.kind, stem="陷阱题", options=like.options, key=like.key, digest=b"0" * 32, created=w.now
    )])
    w.session.flush()
    return {"form": form, "opening": opening.id, "look": look.id, "canary": trap.code}
