"""A site with the shipped content and people who may sit and be sent, in a folder of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.client import Browser, Wire
from bench.serving import ROOT, clean

PASSWORD = "一句只为测量而写的长口令"
KEY = "a key that is only made to be measured"
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


class Candidate:
    """Somebody in the exam room, with the bodies of five saves ready to be sent."""

    def __init__(self, wire: Wire, number: int) -> None:
        self.browser = Browser(wire)
        self.browser.sign_in(f"b{number:05}", PASSWORD)
        page = self.browser.page("/exams")
        sitting = page.partition("/exams/sittings/")[2].partition('"')[0]
        started = self.browser.json("POST", f"/api/v1/sittings/{sitting}/attempts", {})
        self.attempt: str = started["attempt_id"]
        items = [item for section in started["form"]["sections"] for item in section["items"]]
        self.bodies = [_body(items[first : first + TEN]) for first in range(0, SAVES * TEN, TEN)]

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


def _body(items: list[dict[str, Any]]) -> bytes:
    def answer(item: dict[str, Any]) -> Any:
        ids = [option["id"] for option in item["options"]]
        return ids[:2] if item["kind"] == "multiple" else ids[0]

    return json.dumps({"responses": [{"slot": item["slot"], "answer": answer(item), "seq": 1} for item in items]}).encode()


def evaluations(people: int, count: int) -> Iterator[Request]:
    """``count`` questions, about one person after the other, for a visit tomorrow."""
    starts = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=1)
    ends = starts + timedelta(hours=6)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    for number in range(count):
        question = {
            "subject": {"type": "staff", "id": f"B{number % people:05}"}, "action": {"name": "dispatch"},
            "resource": {"type": "visit", "id": f"W-{number}", "properties": {
                "programme": "GC", "customer_tier": "gold", "scope": "local", "starts": starts.isoformat(), "ends": ends.isoformat(),
            }},
        }
        yield "POST", "/api/v1/access/evaluation", json.dumps(question).encode(), headers
