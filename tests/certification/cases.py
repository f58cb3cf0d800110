"""A sitting that is over: sat by some of the cast with chosen questions right, released, decided. For regrades and appeals."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from certification.layout import option_id
from certification.store import attempts as store
from certification.store import saving
from certification.tables import Decision, Licence, Result, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from question_bank.tables import Item
from tests.cast import Cast, Visitor
from tests.cast import seed as keep
from tests.certification.exams import RIGHT, WRONG, Room, document
from tests.conftest import START

QUESTIONS = ("Q1", "Q2", "Q3", "Q4", "Q5", "Q6")
"""Six questions of two points; Q1 and Q4 single, Q2 and Q5 multiple, Q3 and Q6 true or false."""
CLOSES = START + timedelta(hours=2)


@dataclass
class Held:
    """What the sitting left behind."""

    app: Flask
    cast: Cast
    clock: TickingClock
    sign_in: Callable[[str], Visitor]
    sitting: int
    versions: dict[str, int] = field(default_factory=dict)
    attempts: dict[str, str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)

    def sit(self, name: str, right: str) -> None:
        """``sit("owner", "Q1 Q2")``: hand in with those right and all others wrong."""
        room = Room(self.app, self.sign_in(name), self.sitting)
        assert room.start().status_code == 201
        room.put(*self._answers(room.attempt, set(right.split())))
        assert room.submit().status_code == 200
        self.attempts[name] = room.attempt

    def _answers(self, attempt: str, right: set[str]) -> list[dict[str, Any]]:
        with self.app.app_context():
            paper = saving.paper_of(store.any_attempt(db.session.connection(), attempt))
        out = []
        for number, slot in enumerate(paper.slots, 1):
            wanted = (RIGHT, "T") if self.codes[slot.version] in right else (WRONG, "F")
            chosen = [code for code in slot.shown if code.startswith(wanted)]
            ids = [option_id(paper.secret, number, code) for code in sorted(chosen)]
            out.append({"slot": number, "seq": 1, "answer": ids if slot.kind == "multiple" else ids[0]})
        return out

    def over(self, release: bool = True) -> None:
        """Tick past the end, and let the officer release."""
        self.clock.set(CLOSES + timedelta(hours=1))
        if release:
            assert self.sign_in("officer").form(f"/sittings/{self.sitting}/release").status_code == 302

    def grant(self, name: str) -> str:
        """The decider grants what ``name`` passed; answers the licence's number."""
        with self.app.app_context():
            decision = db.session.scalar(select(Decision.id).where(Decision.attempt_id == self.attempts[name]))
        self.sign_in("other_decider").form(f"/decisions/{decision}", {"verdict": "grant"})
        with self.app.app_context():
            number = db.session.scalar(select(Licence.number).where(Licence.person_id == self.cast[name].person_id))
        assert number
        return number

    def result(self, name: str) -> tuple[float, float, bool, str | None]:
        with self.app.app_context():
            row = db.session.get_one(Result, self.attempts[name])
            return row.mark, row.points, row.passed, row.grade

    def decision(self, name: str) -> Any:
        with self.app.app_context():
            return db.session.scalar(select(Decision).where(Decision.attempt_id == self.attempts[name]))

    def propose(self, code: str, kind: str, by: str = "officer", **more: Any) -> int:
        """The officer proposes; answers the regrade's id."""
        url = f"/sittings/{self.sitting}/regrades/{self.versions[code]}"
        answer = self.sign_in(by).form(url, {"kind": kind, "reason": "标准答案有误，见第一条", **more})
        assert answer.status_code == 302, answer.text
        return int(answer.headers["Location"].rpartition("/")[2])


def hold(
    app: Flask, cast: Cast, clock: TickingClock, sign_in: Callable[[str], Visitor], marks: dict[str, str], **spec: Any
) -> Held:
    """``hold(…, {"owner": "Q1 Q2 Q3"})``: everybody named sits with those questions right; the window is still open."""
    filled = document(cast, **spec)
    filled["sittings"][0]["booked"] = [cast[name].staff_no for name in marks]
    held = Held(app, cast, clock, sign_in, keep(app, filled)["T1"])
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Sitting).values(created_by=cast.officer.account_id))
        held.versions = {code: version or 0 for code, version in w.session.execute(select(Item.code, Item.version_id))}
    held.codes = {version: code for code, version in held.versions.items()}
    for name, right in marks.items():
        held.sit(name, right)
    return held
