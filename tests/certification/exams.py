"""A small exam to sit: six items on two clauses, one of them key, for the tests of attempts and of the exam pages.

Option codes and rationales carry the word "canary": where it is seen on the
candidate's side before release, a key has leaked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from certification.layout import in_codes, option_id
from certification.store import attempts as store
from certification.store import saving
from foundation.database import db
from tests.cast import Cast, Visitor
from tests.conftest import START

RIGHT, WRONG = "canaryright", "canarywrong"
MINUTES = 60


def item(number: int, kind: str, clause: str) -> dict[str, Any]:
    codes = {"single": [WRONG + "1", RIGHT, WRONG + "2", WRONG + "3"], "multiple": [RIGHT + "1", WRONG, RIGHT + "2"]}.get(kind, [])
    return {
        "code": f"Q{number}", "kind": kind, "stem": f"第{number}题：应当怎样做？",
        "options": [{"code": code, "text": f"第{number}题的做法{index}"} for index, code in enumerate(codes, 1)],
        "key": [code for code in codes if code.startswith(RIGHT)] or ["T"],
        "rationale": f"canary 第{number}题的解析", "clauses": [clause], "difficulty": 3,
    }


def document(cast: Cast, opens: datetime = START, hours: float = 2, entry_code: str | None = None, **spec: Any) -> dict[str, Any]:
    """A seed document: the standard, six items, programme GC, sitting T1 with ``owner`` and ``colleague`` booked."""
    kinds = ("single", "multiple", "true_false")
    clauses = [{"number": "1.1", "text": {"zh": "按时到达"}}, {"number": "2.1", "text": {"zh": "不得误导客户"}, "key_clause": True}]
    rows = [{"clauses": [f"STD@2026#{n}"], "count": 3, "points": 2, "key_clause": n == 2, "title": {"zh": f"第{n}部分"}} for n in (1, 2)]
    editions = [{"edition": "2026", "effective": "2026-01-01", "clauses": clauses}]
    title = {"zh": "集团客户现场支撑", "en": "Group customers"}
    exam = {"minutes": MINUTES, "pass": 0.5, "excellent": 0.9, "shuffle": True, "blueprint": rows, **spec}
    return {
        "standards": [{"code": "STD", "title": {"zh": "规范"}, "editions": editions}],
        "items": [item(3 * (clause - 1) + n, kind, f"STD@2026#{clause}.1") for clause in (1, 2) for n, kind in enumerate(kinds, 1)],
        "programmes": [{"code": "GC", "title": title, "standards": ["STD@2026"], "validity_months": 12, "exam": exam}],
        "sittings": [{
            "code": "T1", "programme": "GC", "opens": opens.isoformat(), "closes": (opens + timedelta(hours=hours)).isoformat(),
            "place": "三号机房", "entry_code": entry_code, "booked": [cast.owner.staff_no, cast.colleague.staff_no],
        }],
    }


@dataclass
class Room:
    """One candidate's browser and, once ``start`` was called, the attempt."""

    app: Flask
    browser: Visitor
    sitting: int
    attempt: str = ""
    seq: int = 0

    def start(self, **body: Any) -> Any:
        answer = self.browser.send("POST", f"/api/v1/sittings/{self.sitting}/attempts", json=body)
        if answer.status_code in (200, 201):
            self.attempt = answer.json["attempt_id"]
        return answer

    def put(self, *responses: dict[str, Any]) -> Any:
        return self.browser.send("PUT", f"/api/v1/attempts/{self.attempt}/responses", json={"responses": list(responses)})

    def submit(self, key: str = "k1") -> Any:
        return self.browser.send("POST", f"/api/v1/attempts/{self.attempt}/submit", headers={"Idempotency-Key": key})

    def look(self) -> Any:
        return self.browser.get(f"/api/v1/attempts/{self.attempt}")

    def answers(self, right: bool = True) -> list[dict[str, Any]]:
        """A response for every slot, all right or all wrong; known from inside, as no candidate could."""
        self.seq += 1
        with self.app.app_context():
            row = store.any_attempt(db.session.connection(), self.attempt)
            paper = saving.paper_of(row)
        out = []
        for number, slot in enumerate(paper.slots, 1):
            wanted = (RIGHT, "T") if right else (WRONG, "F")
            chosen = [code for code in slot.shown if code.startswith(wanted)]
            ids = [option_id(paper.secret, number, code) for code in chosen]
            assert in_codes(paper, number, ids[:1])
            out.append({"slot": number, "seq": self.seq, "answer": ids if slot.kind == "multiple" else ids[0]})
        return out


def room_for(app: Flask, sign_in: Callable[[str], Visitor], sitting: int) -> Callable[[str], Room]:
    """``room("owner")``: that person in front of the sitting."""
    return lambda name: Room(app, sign_in(name), sitting)
