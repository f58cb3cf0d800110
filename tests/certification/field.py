"""A field day for the tests of breaches and of a person's file: a standard, licences of the cast, and ways to record."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from certification.actions import breaches as actions
from certification.actions.breaches import Found
from certification.breach import Refusal, Severity, Source
from certification.tables import Breach, Programme
from foundation.work import Actor, work
from standards.store import clause_ids
from tests.cast import Cast
from tests.certification import holders
from tests.conftest import START

CLAUSE, KEY = "GCS@2011#12.1", "GCS@2011#25.1"
WORDS = "到达现场后没有出示工号牌，客户当场提出异议。"


def stage(app: Flask, cast: Cast, **licences: list[dict[str, Any]]) -> dict[str, Any]:
    """What ``holders`` stage, with a key clause beside the others; licence numbers by name of the cast."""
    filled = holders.document(cast, **licences)
    filled["standards"][0]["editions"][0]["clauses"].append({
        "number": "25.1", "text": {"zh": "提前五至十分钟到达现场"}, "citation": {"zh": "第二十五条", "en": "Article 25"}, "key": True,
    })
    ids = holders.keep(app, filled)
    return {name: ids[f"{cast[name].staff_no}/GC"] for name in licences}


def as_of(cast: Cast, name: str) -> Actor:
    return Actor(f"account:{cast[name].account_id}", cast[name].account_id)


def record(
    app: Flask, cast: Cast, severity: str = "serious", who: str = "owner", at: datetime | None = None, clause: str = CLAUSE,
    programme: str | None = None, by: str = "hr",
) -> str:
    """HR records a breach of ``who``, found an hour before; answers its number."""
    now = at or START
    with app.app_context(), work(as_of(cast, by), now) as w:
        programme_id = w.session.scalar(select(Programme.id).where(Programme.code == programme)) if programme else None
        made = actions.record(w, Found(
            cast[who].person_id, clause_ids(w.session)[clause], Source.INSPECTION, Severity(severity), now - timedelta(hours=1), WORDS,
            programme_id,
        ))
    assert not isinstance(made, Refusal), made
    return made


def breach_id(app: Flask, number: str) -> int:
    with app.app_context(), work(Actor("command")) as w:
        return w.session.scalars(select(Breach.id).where(Breach.number == number)).one()
