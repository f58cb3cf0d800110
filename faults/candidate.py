"""A candidate's device that keeps to docs/exams.md: what is not acknowledged is sent again with the same seq."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

from faults.ledger import Answer, Ledger
from faults.line import Broken, Line, Said
from faults.stage import RIGHT

PATIENCE = 120.0  # seconds until a device gives up, which is a fault of the site
SETTLED = (200, 201, 409)


class GaveUp(Exception):
    """No typed answer within the patience of a device."""


class Candidate:
    """One device of one person in the exam room. ``dice`` decide what is typed."""

    def __init__(self, port: int, username: str, seed: str, mark: Callable[[], int] | None = None) -> None:
        self.username = username
        self.dice = random.Random(f"{seed}:{username}")
        self.line = Line(port)
        self.ledger = Ledger(mark=mark)
        self.items: dict[int, dict[str, Any]] = {}
        self.seq: dict[int, int] = {}
        self.patience = PATIENCE

    def enter(self, sitting: int) -> None:
        """Sign in and start."""
        self.line.sign_in(self.username)
        self.start(sitting)

    def start(self, sitting: int) -> None:
        """Start, or take over from another device: this one writes now, and knows what was saved before."""
        said = self.insist("POST", f"/api/v1/sittings/{sitting}/attempts", {}, self._is_start)
        body = said.json()
        if said.status == 409:
            raise GaveUp(f"{self.username} may not start: {body}")
        self.ledger.attempt = body["attempt_id"]
        self.items = {item["slot"]: item for section in body["form"]["sections"] for item in section["items"]}
        for slot, kept in body["responses"].items():
            self.seq[int(slot)] = max(self.seq.get(int(slot), 0), kept["seq"])

    @staticmethod
    def _is_start(body: Any) -> bool:
        return isinstance(body, dict) and ("refused" in body or {"attempt_id", "form", "responses"} <= body.keys())

    def answers(self, slots: list[int], right: bool = False) -> list[dict[str, Any]]:
        """New answers to ``slots``, each under a new seq."""
        out = []
        for slot in slots:
            self.seq[slot] = self.seq.get(slot, 0) + 1
            out.append(self.ledger.send(slot, self.seq[slot], self._answer(self.items[slot], right)))
        return out

    def _answer(self, item: dict[str, Any], right: bool) -> Any:
        options = [option["id"] for option in item["options"] if not right or option["text"].startswith(RIGHT)]
        if right:
            return options if item["kind"] == "multiple" else options[0]
        if self.dice.random() < 0.05:
            return None
        return self.dice.sample(options, self.dice.randint(1, len(options))) if item["kind"] == "multiple" else self.dice.choice(options)

    def save(self, most: int = 10) -> bool:
        """Save one to ``most`` new answers, and send them until it is said what became of each; whether all were taken."""
        slots = self.dice.sample(sorted(self.items), self.dice.randint(1, min(most, len(self.items))))
        return self.put(self.answers(slots))

    def put(self, responses: list[dict[str, Any]], line: Line | None = None) -> bool:
        """Send answers, the same ones again and again until it is said what became of each; whether all were taken."""
        asked: set[Answer] = {(one["slot"], one["seq"]) for one in responses}
        path = f"/api/v1/attempts/{self.ledger.attempt}/responses"
        self.insist("PUT", path, {"responses": responses}, lambda body: self.ledger.settle(asked, body), line)
        return not any(answer in self.ledger.refused for answer in asked)

    def submit(self, line: Line | None = None, key: str = "once") -> dict[str, Any] | None:
        """Hand in until there is a receipt; None when it was refused."""
        body = self.insist("POST", f"/api/v1/attempts/{self.ledger.attempt}/submit", {}, self._is_end, line, Idempotency_Key=key).json()
        if "receipt" not in body:
            return None
        receipt: dict[str, Any] = body["receipt"]
        if self.ledger.receipt not in (None, receipt):
            self.ledger.broken.append(f"{self.ledger.attempt}: a second receipt differs from the first")
        self.ledger.receipt = receipt
        return receipt

    @staticmethod
    def _is_end(body: Any) -> bool:
        return isinstance(body, dict) and (isinstance(body.get("receipt"), dict) or "refused" in body)

    def insist(
        self, method: str, path: str, body: Any, typed: Callable[[Any], bool], line: Line | None = None, **headers: str
    ) -> Said:
        """Ask until a typed answer comes; a broken line, a stranger's page and a failure are none. Raises GaveUp."""
        line = line or self.line
        began, pause = time.monotonic(), 0.02
        last = ""
        while time.monotonic() - began < self.patience:
            try:
                said = line.ask(method, path, body, **headers)
            except Broken as error:
                last = str(error)
            else:
                answer = said.json()
                if said.status in SETTLED and typed(answer):
                    return said
                last = f"{said.status} {said.data[:200]!r}"
                if said.status >= 500 and isinstance(answer, dict):  # the site's own error, not a gateway's page
                    self.ledger.fail(said.status, f"{method} {path.rpartition('/')[2]}")
                elif 400 <= said.status < 500 and answer is not None:
                    raise GaveUp(f"{method} {path}: {last}")
            time.sleep(pause * (0.5 + self.dice.random()))
            pause = min(0.3, pause * 1.5)
        raise GaveUp(f"{method} {path}: {last}")


def room(port: int, names: list[str], sitting: int, seed: str, mark: Callable[[], int] | None = None) -> list[Candidate]:
    """Everybody signed in and in front of the paper, eight at a time."""
    people = [Candidate(port, name, seed, mark) for name in names]
    together([lambda group=people[first::8]: [one.enter(sitting) for one in group] for first in range(8)])  # type: ignore[misc]
    return people


def together(deeds: list[Callable[[], Any]]) -> None:
    """Do all of it at the same time, a thread for each; raises the first error when all have ended."""
    errors: list[BaseException] = []
    ready = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> None:
        try:
            ready.wait()
            deed()
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that asked
            errors.append(error)

    threads = [threading.Thread(target=run, args=(deed,), daemon=True) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
