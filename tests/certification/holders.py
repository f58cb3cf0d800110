"""Licences for the cast, and questions about them, for the tests of decisions, licences and dispatch."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from tests.cast import Cast
from tests.cast import seed as keep
from tests.conftest import START

KEY = "dispatch-test-key-0123456789-0123456789"
GCS_CLAUSES = ("12.1", "12.2", "12.3", "12.5", "12.6")


def event(kind: str, effective: datetime, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "effective": effective.isoformat(), **more}


def granted(days: float = -100, grade: str = "qualified", **more: Any) -> dict[str, Any]:
    """A grant some days from START."""
    return event("granted", START + timedelta(days=days), grade=grade, **more)


def document(cast: Cast, **licences: list[dict[str, Any]]) -> dict[str, Any]:
    """Two programmes, the clauses behind the checks, an API key, and a licence under GC for each of the cast that is named."""
    rows = [{"clauses": ["GCS@2011#12"], "kinds": ["single"], "count": 5, "points": 2}]
    exam = {"minutes": 60, "pass": 0.6, "excellent": 0.85, "blueprint": rows}
    programmes = {"GC": "集团客户现场支撑", "BB": "宽带装维"}
    return {
        "standards": [{"code": "GCS", "title": {"zh": "集团客户现场支撑规范", "en": "On-site support"}, "editions": [{
            "edition": "2011", "effective": "2011-01-01",
            "clauses": [{"number": n, "text": {"zh": f"条款{n}"}, "citation": {"zh": "第十二条", "en": "Article 12"}} for n in GCS_CLAUSES],
        }]}],
        "programmes": [
            {"code": code, "title": {"zh": title}, "standards": ["GCS@2011"], "validity_months": 12, "exam": exam}
            for code, title in programmes.items()
        ],
        "licences": [{"staff_no": cast[name].staff_no, "programme": "GC", "events": events} for name, events in licences.items()],
        "api_keys": [{"name": "test", "scope": "dispatch", "key": KEY}],
    }


def stage(app: Flask, cast: Cast, **licences: list[dict[str, Any]]) -> dict[str, Any]:
    """Keep the document; answers the licence numbers by name of the cast."""
    ids = keep(app, document(cast, **licences))
    return {name: ids[f"{cast[name].staff_no}/GC"] for name in licences}


def question(subject: str = "S0001", *team: str, at: datetime | None = None, **properties: Any) -> dict[str, Any]:
    """A question about a visit tomorrow from 09:00 to 12:00."""
    asked = {
        "programme": "GC", "customer_tier": "ordinary", "scope": "local", "starts": (START + timedelta(days=1)).isoformat(),
        "ends": (START + timedelta(days=1, hours=3)).isoformat(), **properties,
    }
    context: dict[str, Any] = {"team": list(team)}
    if at is not None:
        context["at"] = at.isoformat()
    return {
        "subject": {"type": "staff", "id": subject}, "action": {"name": "dispatch"},
        "resource": {"type": "visit", "id": "W-17", "properties": asked}, "context": context,
    }
