"""Something behind every door, owned by the cast: what ``tests/authorization.yaml`` knocks with.

``owner`` is booked for a sitting, has an attempt in progress, a licence and a
pending decision; the coordinator of the same company tried a dispatch.
"""

from typing import Any

from flask import Flask
from sqlalchemy import select

from certification.actions.decisions import open_for
from certification.tables import ProgrammeEdition
from foundation.work import SYSTEM, work
from people.tables import RosterEntry
from tests import cast as players
from tests.cast import Cast
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
    tried = players.sign_in(app, cast, "coordinator").form("/dispatch", VISIT)
    with app.app_context(), work(SYSTEM) as w:
        edition = w.session.scalars(select(ProgrammeEdition.id)).first()
        decision = open_for(w, cast.owner.person_id, edition or 0, None, "qualified")
        entry = w.session.scalars(select(RosterEntry.id).where(RosterEntry.person_id == cast.owner.person_id)).one()
    return {
        "sitting": sitting, "attempt": started.get_json()["attempt_id"], "licence": ids[f"{cast.owner.staff_no}/GC"],
        "decision": decision, "dispatch_decision": tried.headers["Location"].rpartition("/")[2], "programme": "GC", "item": ids["Q1"],
        "person": cast.owner.person_id, "account": cast.owner.account_id, "key": ids["dispatch"], "partner": cast.partners["P01"],
        "contract": cast.contracts["C01"], "entry": entry, "state": "ending", "standard": "STD", "edition": "2026", "clause": "1.1",
    }
