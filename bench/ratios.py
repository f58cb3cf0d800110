"""The hot paths beside a bare endpoint, taking turns in one run."""

import itertools
import json
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench import bare, stage
from bench.client import Wire, over_network
from bench.place import Place
from bench.serving import Server, serve
from bench.stage import Candidate, Request

PEOPLE = 101
ROUNDS = 10  # bare and real take turns, so that a busy moment of the machine meets both
EVALUATIONS = 2000
TITLE = "The hot paths beside a bare endpoint"
NOTE = """CPU of the answering process (one gunicorn gthread worker); requests come one after the other over one kept-alive connection.
The bare endpoint is Flask and one row: read through Flask-SQLAlchemy, or read and written through the naked driver with the same
durability. Both take turns in the same run, so the ratio holds on a busy or a slower machine; the milliseconds do not. Medians over the
turns, the ratio with its quartiles."""
HEAD = """| database | what | n | bare endpoint, ms CPU | here, ms CPU | ratio | promise | answer p50 / p99, ms |
|---|---|---|---|---|---|---|---|"""


@dataclass(frozen=True)
class Cost:
    """What the requests of one turn took: seconds of CPU together, and the seconds until each answer."""

    cpu: float
    waits: list[float]

    @property
    def each(self) -> float:
        """Milliseconds of CPU for one request."""
        return 1000 * self.cpu / len(self.waits)


@dataclass(frozen=True)
class Row:
    """One line of the table: what each turn took, bare and real."""

    database: str
    what: str
    bare: list[Cost]
    real: list[Cost]

    def shown(self) -> str:
        """Medians over the turns; the ratio with its quartiles, because turns differ on a shared machine."""
        low, middle, high = statistics.quantiles([real.each / bare.each for bare, real in zip(self.bare, self.real, strict=True)], n=4)
        bare, real = (statistics.median(cost.each for cost in costs) for costs in (self.bare, self.real))
        waits = statistics.quantiles([1000 * wait for cost in self.real for wait in cost.waits], n=100)
        count = sum(len(cost.waits) for cost in self.real)
        return (
            f"| {self.database} | {self.what} | {count} | {bare:.2f} | {real:.2f} | **{middle:.2f}** ({low:.2f} to {high:.2f}) "
            f"| ≤ 2 | {waits[49]:.1f} / {waits[98]:.1f} |"
        )


def measure(server: Server, wire: Wire, requests: Iterable[Request]) -> Cost:
    """Send one after the other over one connection; every answer must be a 200."""
    ready = list(requests)
    waits = []
    before = server.cpu()
    for method, path, body, headers in ready:
        began = time.perf_counter()
        status, _, data = wire(method, path, body, headers)
        waits.append(time.perf_counter() - began)
        if status != 200:
            raise RuntimeError(f"{method} {path} answered {status}: {data[:300]!r}")
    return Cost(server.cpu() - before, waits)


def bare_saves(count: int) -> Iterator[Request]:
    """As many bytes as ten answers have."""
    body = json.dumps({"text": "x" * 500}).encode()
    for number in range(count):
        yield "PUT", f"/save/{number % bare.ROWS + 1}", body, {"Content-Type": "application/json"}


def bare_reads(count: int) -> Iterator[Request]:
    """One row after the other."""
    for number in range(count):
        yield "GET", f"/read/{number % bare.ROWS + 1}", b"", {}


def run(place: Place) -> list[str]:
    """Two rows."""
    with place.folder() as folder:
        database, people = place.database(), place.people(PEOPLE)
        bare_database = place.database() or str(folder / "bare.sqlite3")
        stage.fill(folder, database, people)
        bare.prepare(bare_database)
        env = stage.environment(folder, database)
        simple = serve("bench.bare:create_app()", folder, BARE_DATABASE=bare_database)
        with serve("app:create_app()", folder, **env) as real, simple as plain:
            wire, bare_wire = over_network(real.port), over_network(plain.port)
            candidates = [Candidate(wire, number) for number in range(people)]
            measure(real, wire, [*candidates.pop().requests(), *stage.evaluations(people, 50)])
            measure(plain, bare_wire, [*bare_saves(20), *bare_reads(20)])
            save, save_bare, ask, ask_bare = [], [], [], []
            for turn in range(ROUNDS):
                sent = list(itertools.chain.from_iterable(candidate.requests() for candidate in candidates[turn::ROUNDS]))
                save_bare.append(measure(plain, bare_wire, bare_saves(len(sent))))
                save.append(measure(real, wire, sent))
                ask_bare.append(measure(plain, bare_wire, bare_reads(EVALUATIONS // ROUNDS)))
                ask.append(measure(real, wire, stage.evaluations(people, EVALUATIONS // ROUNDS)))
    rows = Row(place.name, "one save of 10 answers", save_bare, save), Row(place.name, "one dispatch evaluation", ask_bare, ask)
    return [row.shown() for row in rows]
