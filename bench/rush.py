"""A thousand people at once: they start together, they save for a while, they hand in together."""

import asyncio
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from app import create_app
from bench import firing, stage
from bench.firing import Line, Shot, Volley
from bench.place import Place
from bench.stage import Pass, fifty
from certification.actions.attempts import prepare
from faults import proof
from faults.ledger import Ledger
from faults.site import Site

PEOPLE = 1000
START_IN, END_IN, SAVES_A_SECOND = 10.0, 5.0, 100
SAVING = 20.0
TITLE = "A thousand at once"
NOTE = """1,000 people on connections of their own in front of the server as `make run` starts it (2 processes, 8 threads each), which
shares the machine with whoever asks. *Start*: 1,000 starts spread over 10 s, their papers drawn beforehand. *Save*: 100 saves of 10
answers a second, from people at random; beside it each of them reports every 30 s where they are, and every second somebody reads the
list of licences, the sittings, and the board of the room. *Hand in*: 1,000 hand-ins in 5 s. A wait counts from the moment at which a
request was due. Then everything that was acknowledged is looked for in the database: *lost*. *Asking* is the CPU of the load generator
itself, of one core."""
HEAD = """| database | what | n | answer p50 / p99 / max, ms | promise | the last after, s | errors | lost | server CPU, cores | asking |
|---|---|---|---|---|---|---|---|---|---|"""


def run(place: Place) -> list[str]:
    """Three rows."""
    with place.site(fifty(place.people(PEOPLE, 100), desk=True)) as site:
        app = create_app(site.settings)
        passes = stage.passes(app, place.people(PEOPLE, 100))
        with app.app_context():
            while prepare(datetime.now(UTC)):
                pass
        return asyncio.run(Rush(place, site, passes).run())


class Rush:
    """The room, and everybody in it."""

    def __init__(self, place: Place, site: Site, passes: list[Pass]) -> None:
        self.place, self.site, self.passes = place, site, passes
        self.dice = random.Random("rush")
        self.sitting = site.ids[stage.FIFTY]
        self.desk = stage.passes(create_app(site.settings), names=("bench-hr", "bench-officer"))
        self.ledgers = [Ledger() for _ in passes]
        self.items: list[list[dict[str, Any]]] = [[] for _ in passes]

    async def run(self) -> list[str]:
        """Everything in its order, on one site."""
        self.site.start()
        self.lines = [Line(self.site.port) for _ in self.passes]
        start, start_cpu = await self._volley(self._starts())
        saving, saving_cpu = await self._volley(self._saves(), self._beside())
        end, end_cpu = await self._volley(self._ends())
        for line in self.lines:
            line.close()
        self.site.stop()
        lost = proof.losses(self.site.engine(), self.ledgers, self.site.settings.secret_key)
        lost += [sentence for book in self.ledgers for sentence in book.broken]
        for sentence in lost[:10]:
            self.place.say(f"LOST: {sentence}")
        missing = sum(book.receipt is None for book in self.ledgers)
        promises = ("no error", "p99 ≤ 150, max ≤ 2,000, no error", "all within 10 s, no 5xx, none lost")
        return [
            self._row(f"start, {len(self.passes)} in {START_IN:.0f} s", start, promises[0], start_cpu, 0),
            self._row(f"save, {SAVES_A_SECOND}/s for {SAVING:.0f} s", saving, promises[1], saving_cpu, len(lost)),
            self._row(f"hand in, {len(self.passes)} in {END_IN:.0f} s", end, promises[2], end_cpu, missing),
        ]

    def _row(self, what: str, volley: Volley, promise: str, cpu: float, lost: int) -> str:
        return (
            f"| {self.place.name} | {what} | {len(volley.waits)} | **{volley.shown()}** | {promise} | {volley.seconds:.1f} "
            f"| {volley.errors} | {lost} | {cpu / volley.seconds:.2f} | {volley.cpu / volley.seconds:.2f} |"
        )

    async def _volley(self, shots: list[Shot], *beside: Any) -> tuple[Volley, float]:
        before = self.place.whole(self.site)
        tasks = [asyncio.create_task(one) for one in beside]
        volley = await firing.fire(shots)
        for task in tasks:
            task.cancel()
        for task in tasks:
            try:
                await task
            except asyncio.CancelledError:
                continue
        return volley, self.place.whole(self.site) - before

    def _starts(self) -> list[Shot]:
        def keep(number: int) -> Callable[[int, bytes], None]:
            def kept(status: int, body: bytes) -> None:
                if status in (200, 201):
                    started = json.loads(body)
                    self.ledgers[number].attempt = started["attempt_id"]
                    self.items[number] = [item for section in started["form"]["sections"] for item in section["items"]]

            return kept

        path = f"/api/v1/sittings/{self.sitting}/attempts"
        return [
            Shot(at, self.lines[number], firing.request("POST", path, b"{}", one.headers), keep(number))
            for number, (one, at) in enumerate(zip(self.passes, self._times(len(self.passes), START_IN), strict=True))
        ]

    def _times(self, count: int, seconds: float) -> list[float]:
        return sorted(self.dice.uniform(0, seconds) for _ in range(count))

    def _saves(self) -> list[Shot]:
        shots = []
        seq = [0] * len(self.passes)
        for at in self._times(int(SAVES_A_SECOND * SAVING), SAVING):
            number = self.dice.randrange(len(self.passes))
            book, seq[number] = self.ledgers[number], seq[number] + 1
            chosen = self.dice.sample(self.items[number], stage.TEN)
            responses = [book.send(item["slot"], seq[number], self.dice.choice(item["options"])["id"]) for item in chosen]
            asked = {(one["slot"], one["seq"]) for one in responses}
            body = json.dumps({"responses": responses}).encode()
            path = f"/api/v1/attempts/{book.attempt}/responses"
            sent = firing.request("PUT", path, body, self.passes[number].headers)
            shots.append(Shot(at, self.lines[number], sent, self._settle(book, asked)))
        return shots

    def _settle(self, book: Ledger, asked: set[tuple[int, int]]) -> Callable[[int, bytes], None]:
        def keep(status: int, body: bytes) -> None:
            if status == 200 and not book.settle(asked, json.loads(body)):
                book.broken.append(f"an answer that is none: {body[:200]!r}")

        return keep

    async def _beside(self) -> None:
        """What else goes on while people save: their reports, and the desk's pages. Each must be answered well."""
        await asyncio.gather(self._signals(), *(self._read(number, path) for number, path in self._pages()))

    def _pages(self) -> Iterator[tuple[int, str]]:
        yield 0, "/licences"
        yield 1, "/sittings"
        yield 1, f"/sittings/{self.sitting}/room/state"

    async def _read(self, who: int, path: str) -> None:
        line, sent = Line(self.site.port), firing.request("GET", path, b"", self.desk[who].headers)
        try:
            while True:
                status, body = await line.ask(sent)
                if status != 200:
                    raise RuntimeError(f"GET {path} answered {status}: {body[:200]!r}")
                await asyncio.sleep(1)
        finally:
            line.close()

    async def _signals(self) -> None:
        every = 30 / len(self.passes)
        for number in self.dice.sample(range(len(self.passes)), len(self.passes)):
            await asyncio.sleep(every)
            path = f"/api/v1/attempts/{self.ledgers[number].attempt}/signals"
            body = json.dumps({"slot": 1, "waiting": 0, "hidden": False, "signs": []}).encode()
            status, answer = await self.lines[number].ask(firing.request("POST", path, body, self.passes[number].headers))
            if status != 200:
                raise RuntimeError(f"POST {path} answered {status}: {answer[:200]!r}")

    def _ends(self) -> list[Shot]:
        def keep(book: Ledger) -> Callable[[int, bytes], None]:
            def kept(status: int, body: bytes) -> None:
                if status == 200:
                    book.receipt = json.loads(body)["receipt"]

            return kept

        return [
            Shot(at, self.lines[number], firing.request(
                "POST", f"/api/v1/attempts/{self.ledgers[number].attempt}/submit", b"{}", one.headers | {"Idempotency-Key": "bench"}
            ), keep(self.ledgers[number]))
            for number, (one, at) in enumerate(zip(self.passes, self._times(len(self.passes), END_IN), strict=True))
        ]
