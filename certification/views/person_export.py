"""A person's file as a document that the person takes away.

Source: the Personal Information Protection Law of the PRC, articles 45 (to
consult, copy and transfer one's own information). It holds what is kept about
the person. Questions, answers and other people's names stay behind: they
belong to the exam and to others.
"""

from datetime import datetime
from typing import Any

import msgspec

from certification.store import appeals, person_file
from certification.views.person_contents import File, plain
from certification.views.verdicts import answer_of
from foundation.database import db
from people import identity
from question_bank.store import remarks

FORMAT = "chizheng-person-file/1"


def document(file: File, now: datetime) -> bytes:
    """The file as JSON in UTF-8; instants in UTC. Sealed numbers are whole for the person, masked for anybody else."""
    who = file.who
    phone = plain(who.phone, None if file.own else identity.mask_phone)
    id_number = plain(who.id_number, None if file.own else identity.mask_id)
    content: dict[str, Any] = {
        "format": FORMAT, "exported": now,
        "person": {
            "staff_no": who.staff_no, "name": who.name, "company": who.partner, "city": who.city, "left": who.left, "phone": phone,
            "id_number": id_number,
        },
        "account": _account(file),
        "licences": [_licence(held) for held in file.licences],
        "exams": [_exam(row) for row in file.exams],
        "appeals": [_appeal(row.Appeal) for row in appeals.all_own(db.session, who.id)],
        "trainings": [{"title": row.title, "programme": row.programme, "held": row.held, "minutes": row.minutes} for row in file.trainings],
        "breaches": [_breach(row) for row in file.breaches],
        "measures": [_measure(row) for row in file.measures],
        "custody": [_item(row) for row in file.custody],
        "rosters": [{"contract": row.code, "company": row.partner, "from": row.starts, "until": row.ends} for row in file.rosters],
        "decisions": [_decision(row) for row in file.decisions],
        "remarks": _remarks(file),
        "dispatch": [_dispatch(row, who.staff_no) for row in file.dispatches],
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2)


def _account(file: File) -> dict[str, Any] | None:
    who = file.who
    if who.account_id is None:
        return None
    devices = [
        {"device": row.device, "signed_in": row.created, "until": row.expires} for row in person_file.sign_ins(db.session, who.account_id)
    ]
    return {"username": who.username, "email": who.email, "roles": who.roles, "created": who.account_created, "signed_in_on": devices}


def _licence(held: Any) -> dict[str, Any]:
    events = [
        {
            "kind": entry.event.kind, "grade": entry.event.grade, "effective": entry.event.effective, "until": entry.event.until,
            "recorded": entry.event.recorded, "reason": entry.event.reason, "successor": entry.successor,
        }
        for entry in held.ledger
    ]
    return {
        "number": held.view.number, "programme": held.view.programme, "name": held.view.name, "standing": held.now.state,
        "grade": held.now.grade, "until": held.now.until, "events": events,
    }


def _remarks(file: File) -> list[dict[str, Any]]:
    """What the person said is wrong with questions, for themself alone: nobody else learns who remarked. Not the questions, nor answers."""
    if not file.own or file.who.account_id is None:
        return []
    return [
        {"met": row.met, "reason": row.reason, "text": row.text, "at": row.at, "state": row.state}
        for row in remarks.by_account(db.session, file.who.account_id)
    ]


def _exam(row: Any) -> dict[str, Any]:
    result = None
    if row.released:
        result = {
            "mark": row.mark, "points": row.points, "passed": row.passed, "grade": row.grade, "sections": row.sections,
            "released": row.released,
        }
    return {
        "sitting": row.code, "programme": row.title, "opens": row.opens, "closes": row.closes, "place": row.place, "attempt": row.state,
        "started": row.started, "ended": row.ended, "result": result,
    }


def _appeal(case: Any) -> dict[str, Any]:
    return {"kind": case.kind, "state": case.state, "text": case.text, "filed": case.filed, "decided": case.decided, "answer": case.outcome}


def _breach(row: Any) -> dict[str, Any]:
    found = row.Breach
    return {
        "number": found.number, "clause": f"{row.standard}@{row.edition}#{row.clause}", "citation": row.citation, "source": found.source,
        "severity": found.severity, "points": found.points, "occurred": found.occurred, "recorded": found.recorded, "state": found.state,
        "description": found.description, "appealed": found.appealed, "appeal": found.appeal_text, "decided": found.decided,
        "answer": found.outcome,
    }


def _measure(row: Any) -> dict[str, Any]:
    one = row.BreachMeasure
    return {
        "kind": one.kind, "breach": row.number, "points": one.points, "opened": one.opened, "due": one.due, "closed": one.closed,
        "why_closed": one.why_closed,
    }


def _item(row: Any) -> dict[str, Any]:
    return {
        "receipt": row.number, "kind": row.kind, "label": row.label, "state": row.state, "issued": row.issued, "closed": row.closed,
        "assignment": row.assignment,
    }


def _decision(row: Any) -> dict[str, Any]:
    return {
        "kind": row.kind, "programme": row.title, "state": row.state, "grade": row.grade, "reason": row.reason, "opened": row.opened,
        "decided": row.decided,
    }


def _dispatch(row: Any, staff_no: str) -> dict[str, Any]:
    reasons = [check.code for check in answer_of(row).reasons if check.subject in (None, staff_no)]
    return {"visit": row.visit, "at": row.at, "allowed": row.allowed, "reasons": reasons}
