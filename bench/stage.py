"""A site with the shipped content and people who may sit and be sent, in a folder of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from bench.client import Browser, Wire
from bench.serving import ROOT, clean
from foundation.work import SYSTEM, work
from people.login import SESSION_LENGTH, new_token, token_hash
from people.tables import Account, LoginSession
from tests.cast import csrf_token, visitor

PASSWORD = "一句只为测量而写的长口令"
KEY = "a key that is only made to be measured"
FIFTY = "FIFTY"
SAVES, TEN = 5, 10
SECRETS = {"SECRET_KEY": "a secret that is only made to be measured", "CHIZHENG_DATA_KEY": "a data key that is only made to be measured"}


def environment(folder: Path, database: str) -> dict[str, str]:
    """What configures the product on this stage."""
    return {"CHIZHENG_DATA": str(folder), **SECRETS} | ({"DATABASE_URL": database} if database else {})


def fill(folder: Path, database: str, people: int) -> None:
    """Schema, content, ``people`` with licences who are booked for a sitting that is open now, and a key."""
    env = clean(**environment(folder, database))
    document = folder / "people.json"
    document.write_text(json.dumps(_people(people), ensure_ascii=False), "utf-8")
    for command in (["db", "upgrade"], ["content", "load"], ["seed", str(document)]):
        done = subprocess.run([sys.executable, "-m", "flask", "--app", "app", *command], cwd=ROOT, env=env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(command)} failed:\n{done.stdout[-1000:]}{done.stderr[-3000:]}")


def _people(count: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    numbers = [f"B{number:05}" for number in range(count)]
    granted = (now - timedelta(days=100)).isoformat()
    return {
        "partners": [{"code": "BENCH", "name": "测量公司", "contracts": [{
            "code": "BENCH-1", "starts": f"{now.year - 1}-01-01", "ends": f"{now.year + 1}-12-31", "state": "running", "programmes": ["GC"],
        }]}],
        "people": [
            {"staff_no": number, "username": number.lower(), "password": PASSWORD, "name": "测量员", "roles": ["candidate"],
             "partner": "BENCH", "contract": "BENCH-1", "city": "杭州"}
            for number in numbers
        ],
        "sittings": [{
            "code": "BENCH", "programme": "GC", "opens": (now - timedelta(hours=1)).isoformat(),
            "closes": (now + timedelta(hours=8)).isoformat(), "entry_code": None, "booked": numbers,
        }],
        "licences": [
            {"staff_no": number, "programme": "GC", "events": [{"kind": "granted", "grade": "excellent", "effective": granted}]}
            for number in numbers
        ],
        "api_keys": [{"name": "bench", "scope": "dispatch", "key": KEY}],
    }


def fifty(people: int, licences: bool = False, desk: bool = False, others: int = 0) -> dict[str, Any]:
    """A programme FIFTY of its own with fifty single-choice items, and a sitting FIFTY for which all of ``people`` are booked.

    ``licences``: they, and ``others`` without an account, hold one; ``desk``: somebody at HR and an officer can sign in.
    """
    document = _people(people)
    numbers = [person["staff_no"] for person in document["people"]]
    strangers = [f"B{number:05}" for number in range(people, people + others)]
    document["partners"][0]["contracts"][0]["programmes"] = [FIFTY]
    document["people"] += [
        {"staff_no": number, "name": "测量员", "partner": "BENCH", "contract": "BENCH-1", "city": "杭州"} for number in strangers
    ]
    if desk:
        document["people"] += [
            {"staff_no": f"BENCH-{role.upper()}", "username": f"bench-{role}", "password": PASSWORD, "name": "测量员", "roles": [role]}
            for role in ("hr", "officer")
        ]
    document["standards"] = [{"code": "BENCH", "title": {"zh": "测量用的规范"}, "editions": [{
        "edition": "1", "effective": "2020-01-01", "clauses": [{"number": "1.1", "text": {"zh": "按约定的时间到达，不能时提前说明"}}],
    }]}]
    document["items"] = [{
        "code": f"BENCH-{number}", "kind": "single", "difficulty": 3, "clauses": ["BENCH@1#1.1"], "key": ["A"],
        "stem": f"第 {number} 题：工程师在前往客户处的途中得知不能按约定的时间到达，这时最先应当怎样做？",
        "options": [{"code": code, "text": f"{code}：按规范里写明的第 {number} 条做法处理，并把情况记下来"} for code in "ABCD"],
        "rationale": "规范要求提前说明。",
    } for number in range(1, 51)]
    exam = {"minutes": 120, "pass": 0.6, "excellent": 0.85, "blueprint": [{"clauses": ["BENCH@1#1"], "count": 50, "points": 2}]}
    document["programmes"] = [{"code": FIFTY, "title": {"zh": "五十题"}, "standards": ["BENCH@1"], "validity_months": 12, "exam": exam}]
    document["sittings"][0] |= {"code": FIFTY, "programme": FIFTY}
    granted = _people(1)["licences"][0] | {"programme": FIFTY}
    document["licences"] = [granted | {"staff_no": number} for number in numbers + strangers] if licences else []
    return document


@dataclass(frozen=True)
class Pass:
    """What a signed-in browser sends with each request."""

    headers: dict[str, str]


def passes(app: Flask, people: int = 0, names: Sequence[str] = ()) -> list[Pass]:
    """Browsers that signed in before the measuring began: ``people`` candidates, or the accounts that are named."""
    wanted = list(names) or [f"b{number:05}" for number in range(people)]
    accounts, sessions = Account.__table__, LoginSession.__table__
    tokens = [new_token() for _ in wanted]
    with app.app_context(), work(SYSTEM) as w:
        ids = {name: id_ for id_, name in w.connection.execute(select(accounts.c.id, accounts.c.username))}
        life = {"created": w.now, "expires": w.now + SESSION_LENGTH, "device": "bench"}
        rows = [{"token_hash": token_hash(token), "account_id": ids[name], **life} for name, token in zip(wanted, tokens, strict=True)]
        w.connection.execute(insert(sessions), rows)
    return [_pass(app, token) for token in tokens]


def _pass(app: Flask, token: str) -> Pass:
    client = visitor(app)
    with client.session_transaction() as session:
        session.permanent = True
        session["_user_id"], session["_fresh"] = token, True
    csrf = csrf_token(client)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return Pass({"Cookie": f"{name}={cookie.value}", "X-CSRFToken": csrf, "Content-Type": "application/json"})


class Candidate:
    """Somebody in the exam room, with the bodies of five saves ready to be sent."""

    def __init__(self, wire: Wire, number: int, sitting: int | None = None) -> None:
        self.browser = Browser(wire)
        self.browser.sign_in(f"b{number:05}", PASSWORD)
        if sitting is None:
            sitting = int(self.browser.page("/exams").partition("/exams/sittings/")[2].partition('"')[0])
        started = self.browser.json("POST", f"/api/v1/sittings/{sitting}/attempts", {})
        self.attempt: str = started["attempt_id"]
        items = [item for section in started["form"]["sections"] for item in section["items"]]
        self.bodies = bodies(items)

    def requests(self) -> Iterator["Request"]:
        """The saves, each of ten answers."""
        headers = {"Content-Type": "application/json", "Cookie": self.browser.cookie, "X-CSRFToken": self.browser.token}
        for body in self.bodies:
            yield "PUT", f"/api/v1/attempts/{self.attempt}/responses", body, headers

    def finish(self) -> None:
        """Hand in and look at the page that follows."""
        self.browser.json("POST", f"/api/v1/attempts/{self.attempt}/submit", {}, Idempotency_Key="bench")
        self.browser.page("/exams")


Request = tuple[str, str, bytes, dict[str, str]]


def bodies(items: list[dict[str, Any]]) -> list[bytes]:
    """Five saves of ten answers."""
    return [_body(items[first : first + TEN]) for first in range(0, SAVES * TEN, TEN)]


def _body(items: list[dict[str, Any]]) -> bytes:
    return json.dumps({"responses": [{"slot": item["slot"], "answer": _answer(item), "seq": 1} for item in items]}).encode()


def _answer(item: dict[str, Any]) -> Any:
    """Something to say to a question of any kind."""
    if item["kind"] == "fill":
        return ["两小时"] * item["blanks"]
    if item["kind"] == "match":
        return {left["id"]: item["right"][0]["id"] for left in item["left"]}
    ids = [option["id"] for option in item["options"]]
    if item["kind"] == "order":
        return ids
    return ids[:2] if item["kind"] == "multiple" else ids[0]


def evaluations(people: int, count: int, programme: str = "GC") -> Iterator[Request]:
    """``count`` questions, about one person after the other, for a visit tomorrow."""
    starts = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=1)
    ends = starts + timedelta(hours=6)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    for number in range(count):
        question = {
            "subject": {"type": "staff", "id": f"B{number % people:05}"}, "action": {"name": "dispatch"},
            "resource": {"type": "visit", "id": f"W-{number}", "properties": {
                "programme": programme, "customer_tier": "gold", "scope": "local", "starts": starts.isoformat(), "ends": ends.isoformat(),
            }},
        }
        yield "POST", "/api/v1/access/evaluation", json.dumps(question).encode(), headers
