"""An exam with questions that people judge: two short answers, a fill-in with two gaps, three others; everybody hands in.

Sections and points as in ``exams``: six items of two points. Whoever sits
answers the three others right, so that 6 of 12 points are certain.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from certification.layout import canonical, option_id
from certification.store import attempts as store
from certification.store import saving
from certification.tables import Attempt, Booking, Sitting, Step
from foundation.database import db
from foundation.work import Work
from question_bank.tables import Form, FormItem, Item, ItemVersion
from tests.cast import Cast, Visitor
from tests.certification.exams import RIGHT, Room, document

SHORTS = {"Q1": "客户因迟到而不满，应当怎样回应？", "Q4": "离开之前应当做什么？"}
MODEL = "canary 先道歉，说明原因，再给出预计到达时间"
FILL = "应当提前 ____ 到达，并核对 ____。"
KEY = [["十分钟"], ["预约工单"]]
WRITTEN: dict[str, dict[str, Any]] = {
    "Q1": {"kind": "short", "stem": SHORTS["Q1"], "key": [MODEL], "options": []},
    "Q4": {"kind": "short", "stem": SHORTS["Q4"], "key": [MODEL], "options": []},
    "Q2": {"kind": "fill", "stem": FILL, "key": KEY, "options": []},
}
ANSWERS: dict[str, dict[str, Any]] = {
    "owner": {"Q1": "先道歉并说明原因", "Q4": "当面演示一遍", "Q2": ["十分钟", "预约工单"]},
    "colleague": {"Q1": "打个电话", "Q4": "   ", "Q2": ["十分钟", "派工单"]},
    "stranger": {"Q1": "不知道", "Q4": "请客户签字", "Q2": ["赶早", " 派工单 "]},
}


def sat(
    app: Flask, cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]], sign_in: Callable[[str], Visitor],
    people: Sequence[str] = tuple(ANSWERS), booked: Sequence[str] = (), **spec: Any,
) -> dict[str, Any]:
    """Ids: ``T1``, item versions by code in ``versions``, attempts by name in ``attempts``. ``booked`` are there and do not come."""
    filled = document(cast, **spec)
    filled["sittings"][0]["booked"] = [cast[name].staff_no for name in (*people, *booked)]
    for item in filled["items"]:
        item.update(WRITTEN.get(item["code"], {}))
    ids: dict[str, Any] = dict(seed(filled))
    with app.app_context():
        ids["versions"] = dict(db.session.execute(select(Item.code, Item.version_id)).all())
    ids["attempts"] = {name: sit(app, sign_in(name), ids["T1"], ids["versions"], ANSWERS[name]) for name in people}
    return ids


def sit(app: Flask, browser: Visitor, sitting: int, versions: dict[str, int], said: dict[str, Any], hand_in: bool = True) -> str:
    """One person's exam; answers the attempt's id."""
    room = Room(app, browser, sitting)
    assert room.start().status_code == 201
    answer = room.put(*responses(app, room.attempt, versions, said))
    assert answer.json["refused"] == []
    if hand_in:
        assert room.submit().status_code == 200
    return room.attempt


def responses(app: Flask, attempt: str, versions: dict[str, int], said: dict[str, Any], seq: int = 1) -> list[dict[str, Any]]:
    """What is said to the questions in words, and the right choice everywhere else."""
    codes = {version: code for code, version in versions.items()}
    with app.app_context():
        paper = saving.paper_of(store.any_attempt(db.session.connection(), attempt))
    found = []
    for number, slot in enumerate(paper.slots, 1):
        chosen = [option_id(paper.secret, number, code) for code in slot.shown if code.startswith((RIGHT, "T"))]
        answer = said.get(codes[slot.version], chosen if slot.kind == "multiple" else (chosen or [None])[0])
        found.append({"slot": number, "seq": seq, "answer": answer})
    return found


def yesterday(w: Work, cast: Cast, edition: int) -> dict[str, int]:
    """A sitting of yesterday that ``owner`` handed in, put there row by row: its id, a short question's and a fill-in question's."""
    versions = {
        kind: ItemVersion(
            item_id=_item(w, f"W-{kind}"), number=1, kind=kind, stem=stem, options=[], key=key, digest=bytes(32), created=w.now
        )
        for kind, stem, key in (("short", SHORTS["Q1"], [MODEL]), ("fill", FILL, KEY))
    }
    w.session.add_all(versions.values())
    w.session.flush()
    slots = [[version.id, 2] for version in versions.values()]
    form = Form(code="F-W1", seed="seed", sections=[{"title": None, "slots": slots}], created=w.now)
    w.session.add(form)
    w.session.flush()
    w.session.add_all(FormItem(form_id=form.id, version_id=version.id) for version in versions.values())
    opens, closes = w.now - timedelta(hours=25), w.now - timedelta(hours=24)
    sitting = Sitting(code="W1", programme_edition_id=edition, form_id=form.id, opens=opens, closes=closes, created=opens)
    w.session.add(sitting)
    w.session.flush()
    w.session.add(Booking(sitting_id=sitting.id, person_id=cast.owner.person_id, booked=opens))
    layout = [[0, version.id, 2, kind, [], [], 2 if kind == "fill" else 0] for kind, version in versions.items()]
    attempt = Attempt(
        id="w" * 32, sitting_id=sitting.id, person_id=cast.owner.person_id, state="submitted", layout=layout, secret=bytes(16),
        started=opens, deadline=closes, ended=closes, chain=bytes(32), step_count=2,
    )
    w.session.add(attempt)
    w.session.flush()
    said = (ANSWERS["owner"]["Q1"], ["赶早", "派工单"])
    w.session.add_all(
        Step(attempt_id=attempt.id, slot=slot, seq=1, position=slot, answer=canonical(answer), received=opens)
        for slot, answer in enumerate(said, 1)
    )
    w.session.flush()
    return {"marked_sitting": sitting.id, "short": versions["short"].id, "fill": versions["fill"].id}


def _item(w: Work, code: str) -> int:
    item = Item(code=code, state="retired", changed=w.now)
    w.session.add(item)
    w.session.flush()
    return item.id
