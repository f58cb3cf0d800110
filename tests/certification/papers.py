"""A sitting whose paper is still sealed, and trap items beside the pool, for the tests of papers and safeguards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from certification.tables import Booking, FormLook, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from question_bank.tables import Form, Item
from tests import cast as players
from tests.cast import Cast, Visitor
from tests.certification.exams import RIGHT, WRONG, Room, document, item
from tests.conftest import START

OPENS = START + timedelta(hours=2)
STEM = "应当怎样做？"
TRAPS = ("TRAP-1", "TRAP-2", "TRAP-3")


@dataclass
class Desk:
    """A sealed paper and whoever comes to it."""

    app: Flask
    cast: Cast
    sign_in: Callable[[str], Visitor]
    sitting: int

    def __post_init__(self) -> None:
        self.browsers: dict[str, Visitor] = {}

    def __getitem__(self, name: str) -> Visitor:
        if name not in self.browsers:
            self.browsers[name] = self.sign_in(name)
        return self.browsers[name]

    @property
    def form(self) -> int:
        """The paper that the sitting uses now."""
        with self.app.app_context():
            return db.session.scalars(select(Sitting.form_id).where(Sitting.id == self.sitting)).one()

    def sections(self, form: int) -> list[Any]:
        with self.app.app_context():
            return list(db.session.get_one(Form, form).sections)

    def ask(self, name: str, way: str = "ask", reason: str = "核对一处错字") -> Any:
        return self[name].form(f"/papers/{self.form}/open", {"way": way, "reason": reason})

    def look(self, name: str) -> Any:
        return self[name].get(f"/papers/{self.form}/questions")

    def looks(self) -> list[tuple[int, int | None]]:
        """Who looked, under which opening."""
        with self.app.app_context():
            return [tuple(row) for row in db.session.execute(select(FormLook.account_id, FormLook.opening_id).order_by(FormLook.id))]

    def deeds(self) -> list[tuple[str, str]]:
        """The audit's events about papers, traps and safeguards, with their results."""
        with self.app.app_context():
            rows = db.session.execute(select(AuditRow.event, AuditRow.result).order_by(AuditRow.seq)).all()
        ours = ("paper.", "item.canary", "sitting.protected", "sitting.review", "watermark")
        return [(event, result) for event, result in rows if event.startswith(ours)]

    def add_items(self, codes: tuple[str, ...] = TRAPS, draft: bool = False) -> None:
        """More items on the same clauses, after the paper was assembled."""
        more = [{**item(number, "single", "STD@2026#1.1"), "code": code} for number, code in enumerate(codes, 90)]
        players.seed(self.app, {"items": more})
        if draft:
            self.change_items(codes, state="draft", version_id=None)

    def change_items(self, codes: tuple[str, ...], **values: Any) -> None:
        with self.app.app_context(), work(SYSTEM) as w:
            for row in w.session.scalars(select(Item).where(Item.code.in_(codes))):
                for name, value in values.items():
                    setattr(row, name, value)

    def mark(self, name: str = "officer", codes: tuple[str, ...] = TRAPS) -> None:
        for code in codes:
            assert self[name].form("/papers/canaries", {"code": code, "reason": "防泄露"}).status_code == 302

    def place(self, count: int, name: str = "officer") -> Any:
        return self[name].form(f"/sittings/{self.sitting}/canaries", {"count": count})

    def book(self, name: str) -> None:
        with self.app.app_context(), work(SYSTEM) as w:
            w.session.add(Booking(sitting_id=self.sitting, person_id=self.cast[name].person_id, booked=w.now))


def desk_for(app: Flask, cast: Cast, sign_in: Callable[[str], Visitor], opens: datetime = OPENS, **spec: Any) -> Desk:
    """The small exam of ``exams``, sealed until ``opens``."""
    ids = players.seed(app, document(cast, opens, **spec))
    return Desk(app, cast, sign_in, ids["T1"])


def release(desk: Desk, clock: TickingClock, review: str, hours: float = 2) -> None:
    clock.set(OPENS)
    clock.tick(hours=hours)
    desk["officer"].form(f"/sittings/{desk.sitting}/release")
    answer = desk["officer"].form(f"/sittings/{desk.sitting}/review", {"review": review}, follow_redirects=True)
    assert "已保存" in answer.text


def sat(desk: Desk, clock: TickingClock, room: Any, right: bool = False) -> Room:
    clock.set(OPENS)
    here: Room = room("owner")
    here.start()
    here.put(*here.answers(right))
    here.submit()
    return here


__all__ = ["OPENS", "RIGHT", "STEM", "TRAPS", "WRONG", "Desk", "desk_for", "release", "sat"]
