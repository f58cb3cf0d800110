"""An exam hall for browsers: the real site in this process with a clock that can be moved, and candidates' devices in front of it."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import delete, select

from certification.actions.timing import turn
from certification.evidence import REPORTED
from certification.layout import in_codes
from certification.store import attempts as store
from certification.store import presence, saving
from certification.tables import AttemptEvent, LateStep, Presence
from certification.timing import Kind
from foundation.backlog import backlog
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import COMMAND, work
from people.login import token_hash
from people.tables import LoginSession
from question_bank.store import faces as bank
from tests import cast as players
from tests.browser.inside import served
from tests.browser.looking import Watch
from tests.cast import PASSWORD, Cast
from tests.certification.exams import RIGHT, document
from tests.conftest import START
from tests.databases import Databases, make_app

PHONE = {"width": 360, "height": 740}
PATIENCE = 15_000
API = re.compile(r"/api/v1/attempts/")
SAVES = re.compile(r"/api/v1/attempts/[^/]+/responses$")


KIND = """() => document.querySelector("#choices .fill-gap, .fill-gap") ? "fill" : document.querySelector("#choices textarea") ? "short"
    : document.querySelector("#choices .order-row") ? "order"
    : document.querySelector("#choices input[type=checkbox]") ? "multiple" : "single\""""
ANSWER = """() => {
    const all = (which, read) => [...document.querySelectorAll("#choices " + which)].map(read);
    const typed = all(":is(.fill-gap, textarea)", (one) => one.value);
    if (typed.length) return typed.some((one) => one) ? typed : [];
    const steps = all(".order-text", (one) => one.innerText);
    if (steps.length) return document.querySelector("#choices .order-open") ? [] : steps;
    return all(".choice:has(input:checked) .choice-text", (one) => one.innerText).sort();
}"""
OTHERS = [
    {"kind": "fill", "stem": "提前 ____ 至 ____ 分钟到达。", "key": [["5"], ["10"]]},
    {"kind": "short", "stem": "客户投诉迟到，您怎样答复？", "key": ["说明原因", "道歉"]},
    {"kind": "order", "stem": "请排出上门的步骤。", "key": ["a", "b", "c"],
     "options": [{"code": code, "text": text} for code, text in (("a", "预约"), ("b", "上门"), ("c", "回访"))]},
]
CHOICES, SLOTS = 6, 6 + len(OTHERS)


def paper(cast: Cast, code: str, opens: datetime, hours: float) -> dict[str, Any]:
    """Six questions to choose in, then one to fill, one to write and one to order."""
    filled = document(cast, opens, hours)
    filled["sittings"][0]["code"] = code
    clauses = [{"number": "3.1", "text": {"zh": "上门"}}]
    filled["standards"][0]["editions"][0]["clauses"] += clauses
    filled["items"] += [
        {"code": f"K{at}", "rationale": "解析", "clauses": ["STD@2026#3.1"], "difficulty": 3, **one} for at, one in enumerate(OTHERS)
    ]
    filled["programmes"][0]["exam"]["blueprint"].append({"clauses": ["STD@2026#3"], "count": len(OTHERS), "points": 1})
    return filled


class WalkingClock(TickingClock):
    """Goes on like any clock, and can be moved on top of it: the room measures what passes between two answers."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.began = time.monotonic()

    def now(self) -> datetime:
        return self.instant + timedelta(seconds=time.monotonic() - self.began)


class Device:
    """One browser of the candidate, signed in; ``page`` is the room."""

    def __init__(self, hall: "Hall", browser: Browser, name: str = "owner", **more: Any) -> None:
        self.hall, self.name = hall, name
        self.context: BrowserContext = browser.new_context(
            base_url=hall.address, viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **more
        )
        self.context.set_default_timeout(PATIENCE)
        self.token = b""
        self.sign_in()
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        Watch.over(page)
        return page

    def sign_in(self) -> None:
        """A session of its own, as a sign-in at the door would leave it."""
        visitor = players.sign_in(self.hall.app, self.hall.cast, self.name)
        cookie = visitor.get_cookie("chizheng")
        assert cookie is not None
        with visitor.session_transaction() as session:
            self.token = token_hash(session["_user_id"])
        self.context.add_cookies([{"name": "chizheng", "value": cookie.value, "url": self.hall.address}])

    def end_session(self) -> None:
        self.hall.end(self.token)

    def sign_in_again(self) -> None:
        """In the room's own dialog."""
        dialog = self.page.locator("#sign-in")
        if not dialog.is_visible():
            self.page.locator("#notice-button").click()
        before = self.hall.tokens()
        self.page.fill("#sign-in-password", PASSWORD)
        self.page.click("#sign-in-confirm")
        dialog.wait_for(state="hidden")
        (self.token,) = self.hall.tokens() - before

    def enter(self, attempt: str) -> "Device":
        """Open the room and wait until a question is there."""
        self.attempt = attempt
        self.page.goto(f"/attempts/{attempt}")
        self.ready()
        return self

    def ready(self) -> None:
        self.page.locator("#question").wait_for()

    def go(self, slot: int) -> None:
        """To a question, by the sheet's own link; the sheet itself need not be opened for it."""
        self.page.evaluate("slot => document.querySelector(`#overview a.slot[href$='#${slot}']`).click()", slot)

    def choose(self, slot: int, given: list[str]) -> None:
        """Answer a question with exactly this, whatever its kind; an empty list clears it."""
        self.go(slot)
        kind = self.page.evaluate(KIND)
        if kind == "fill":
            for at, gap in enumerate(self.page.locator("#choices .fill-gap").all()):
                gap.fill(given[at] if given else "")
        elif kind == "short":
            self.page.locator("#choices textarea").fill("")
            self.page.locator("#choices textarea").press_sequentially(given[0] if given else "")
        elif not given:
            if self.page.locator("#clear").is_visible():
                self.page.click("#clear")
        elif kind == "order":
            self._order(given)
        else:
            chosen = self.here()
            for text in self.texts():
                if (text in chosen) != (text in given) and (text in given or kind == "multiple"):
                    self.page.locator("#choices .choice").filter(has=self.page.get_by_text(text, exact=True)).click()

    def _order(self, given: list[str]) -> None:
        """Bubble it into place, as a finger would; one that stands as dealt is confirmed."""
        before = self.texts()
        for at, text in enumerate(given):
            for _ in range(self.texts().index(text) - at):
                self.page.locator("#choices .order-row").filter(has_text=text).locator("[data-up]").click()
        if before == given and self.here() != given:
            self.page.click("#choices [data-confirm]")

    def texts(self) -> list[str]:
        """What there is to choose from, or to put in order."""
        return self.page.locator("#choices .choice-text, #choices .order-text").all_inner_texts()

    def here(self) -> list[str]:
        """What stands answered on the page: the texts chosen, typed or put in order."""
        found: list[str] = self.page.evaluate(ANSWER)
        return found

    def kind(self, slot: int) -> str:
        self.go(slot)
        return str(self.page.evaluate(KIND))

    def options(self, slot: int) -> list[str]:
        self.go(slot)
        return self.texts()

    def shown(self, slot: int) -> list[str]:
        self.go(slot)
        return self.here()

    def state(self) -> str:
        """What the room says about saving: saved, saving, waiting."""
        return str(self.page.locator("#saved").get_attribute("data-state"))

    def saved(self) -> None:
        expect(self.page.locator("#saved")).to_have_attribute("data-state", "saved", timeout=PATIENCE)

    def wake(self) -> None:
        """The network is back: nobody waits for the next try."""
        self.page.evaluate("() => dispatchEvent(new Event('online'))")

    def wait(self, seconds: float) -> None:
        """Let the page's clock go on, slowly enough for answers to arrive before a request's own patience ends."""
        for _ in range(int(seconds)):
            self.page.clock.run_for(1000)
        self.page.clock.run_for(1000 * (seconds % 1))

    def hand_in(self) -> None:
        self.page.click("#list")
        self.page.click("#finish")
        self.page.click("#confirm")
        expect(self.page.locator("main")).to_contain_text("答卷回执", timeout=PATIENCE)

    def held(self) -> list[dict[str, Any]]:
        """The answers that wait in the device's store."""
        rows: list[dict[str, Any]] = self.page.evaluate("""() => new Promise((resolve, reject) => {
            const opened = indexedDB.open("chizheng-exam", 1);
            opened.onerror = () => reject(opened.error);
            opened.onsuccess = () => {
                const all = opened.result.transaction("answers").objectStore("answers").getAll();
                all.onsuccess = () => { opened.result.close(); resolve(all.result); };
            };
        })""")
        return rows

    def close(self) -> None:
        self.context.close()


class Hall:
    """The site, its clock and the sittings that stories need."""

    def __init__(self, app: Flask, clock: WalkingClock, cast: Cast, address: str) -> None:
        self.app, self.clock, self.cast, self.address = app, clock, cast, address
        self.count = 0

    def attempt(self, name: str = "owner", hours: float = 2) -> str:
        """A sitting of its own that is open now, and a begun attempt at it."""
        self.count += 1
        code = f"B{self.count}"
        sitting = players.seed(self.app, paper(self.cast, code, self.clock.now(), hours))[code]
        before = self.tokens()
        begun = players.sign_in(self.app, self.cast, name).send("POST", f"/api/v1/sittings/{sitting}/attempts", json={})
        self.end(*self.tokens() - before)
        return str(begun.get_json()["attempt_id"])

    def end(self, *tokens: bytes) -> None:
        """End sessions behind their pages' backs."""
        with self.app.app_context(), work(COMMAND) as w:
            w.session.execute(delete(LoginSession).where(LoginSession.token_hash.in_(tokens)))

    def tokens(self) -> set[bytes]:
        with self.app.app_context():
            return set(db.session.scalars(select(LoginSession.token_hash)))

    def turn(self, attempt: str, kind: Kind, seconds: int = 0) -> None:
        """What an officer does to an attempt."""
        with self.app.app_context(), work(COMMAND) as w:
            assert turn(w, store.any_attempt(w.connection, attempt), kind, "测试", seconds) is None

    def kept(self, attempt: str) -> dict[int, list[str]]:
        """What the server would score, in the words of ``Device.here``; nothing for a cleared one."""
        with self.app.app_context():
            connection = db.session.connection()
            paper = saving.paper_of(store.any_attempt(connection, attempt))
            faces = bank.faces(db.session, [slot.version for slot in paper.slots])
            steps = saving.newest_steps(connection, attempt, 1, len(paper.slots))
            out = {}
            for number, step in steps.items():
                slot, answer = paper.slots[number - 1], in_codes(paper, number, json.loads(step.answer))
                texts = {option.code: option.text for option in faces[slot.version].options}
                said = [answer] if isinstance(answer, str) else answer or []
                said = said if slot.kind in ("fill", "short") else [texts[code] for code in said]
                out[number] = sorted(said) if slot.kind == "multiple" else said
            return {slot: said for slot, said in out.items() if said}

    def right(self, attempt: str) -> dict[int, list[str]]:
        """The right answer of each question to choose in, known from inside."""
        with self.app.app_context():
            paper = saving.paper_of(store.any_attempt(db.session.connection(), attempt))
            faces = bank.faces(db.session, [slot.version for slot in paper.slots])
            return {
                number: sorted(option.text for option in faces[slot.version].options if option.code.startswith((RIGHT, "T")))
                for number, slot in enumerate(paper.slots[:CHOICES], 1)
            }

    def late(self, attempt: str) -> list[tuple[int, str]]:
        """What is kept as evidence: slot and why it was refused."""
        with self.app.app_context():
            rows = db.session.execute(select(LateStep.slot, LateStep.code).where(LateStep.attempt_id == attempt).order_by(LateStep.slot))
            return [(row.slot, row.code) for row in rows]

    def presence(self, attempt: str) -> tuple[int | None, int, bool]:
        with self.app.app_context():
            backlog("presence", presence.keep).flush()
            row = db.session.get_one(Presence, attempt)
            return row.slot, row.waiting, row.hidden

    def noticed(self, attempt: str) -> list[tuple[str, int | None]]:
        """The timeline's kinds, each with its slot."""
        with self.app.app_context():
            rows = db.session.scalars(select(AttemptEvent).where(AttemptEvent.attempt_id == attempt).order_by(AttemptEvent.id))
            return [(row.kind, row.detail.get("slot")) for row in rows if row.kind in REPORTED]

    def marks(self, attempt: str) -> dict[int, float]:
        """The mark of each question to choose in."""
        with self.app.app_context():
            result = store.result_of(db.session, attempt)
            assert result is not None
            return {slot: mark for slot, _, mark in result.marks if slot <= CHOICES}


@contextmanager
def open_hall(databases: Databases, folder: Path) -> Iterator[Hall]:
    """The site with the cast and nothing else, served from this process."""
    url, clock = databases.fresh(folder), WalkingClock(START)
    app = make_app(folder, url, clock)
    cast = players.hire(app)
    with served(app) as address:
        yield Hall(app, clock, cast, address)
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


# What a network does to an answer, as handlers for ``context.route``; those that say so let the request through first.

HTML = "<!doctype html><html><title>欢迎使用</title><form action='http://portal.example/'><input name='phone'></form></html>"


def bad_gateway(route: Route) -> None:
    route.fulfill(status=502, content_type="text/html", body="<html><h1>502 Bad Gateway</h1></html>")


def captive_portal(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html; charset=utf-8", body=HTML)


def captive_redirect(route: Route) -> None:
    route.fulfill(status=302, headers={"Location": "http://portal.example/"})


def empty(route: Route) -> None:
    route.fulfill(status=200, body="")


def other_json(route: Route) -> None:
    route.fulfill(status=200, json={"saved": True, "ok": 1, "state": "done"})


def truncated(route: Route) -> None:
    """The server has it, half of its answer arrives."""
    answer = route.fetch()
    route.fulfill(status=answer.status, content_type="application/json", body=answer.text()[:-12])


def wrong_mark(route: Route) -> None:
    """The server has it, and the acknowledgement is of something else."""
    answer = route.fetch()
    body = answer.json()
    for entry in body.get("saved", []):
        entry["sha256"] = "0" * 64
    route.fulfill(status=answer.status, json=body)


def wrong_seq(route: Route) -> None:
    answer = route.fetch()
    body = answer.json()
    for entry in body.get("saved", []):
        entry["seq"] += 1
    route.fulfill(status=answer.status, json=body)


def dropped(route: Route) -> None:
    """The server has it, its answer does not arrive."""
    route.fetch()
    route.abort("connectionreset")


FAULTS: dict[str, Callable[[Route], None]] = {
    one.__name__: one
    for one in (bad_gateway, captive_portal, captive_redirect, empty, other_json, truncated, wrong_mark, wrong_seq, dropped)
}
