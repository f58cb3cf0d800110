"""``python -m bench [--write] [--database sqlite|postgresql|both] [--people N]``: the table of ``docs/benchmarks.md``."""

import argparse
import contextlib
import itertools
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench import bare, stage
from bench.client import Wire, over_network
from bench.serving import ROOT, Server, serve
from bench.stage import Candidate, Request
from tests.databases import postgres

ROUNDS = 10  # bare and real take turns, so that a busy moment of the machine meets both
EVALUATIONS = 2000
KEPT = ROOT / "docs" / "benchmarks.md"


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
        return (
            f"| {self.database} | {self.what} | {bare:.2f} | {real:.2f} | **{middle:.2f}** ({low:.2f} to {high:.2f}) | ≤ 2 "
            f"| {waits[49]:.1f} / {waits[98]:.1f} |"
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


def run(name: str, folder: Path, database: str, bare_database: str, people: int) -> tuple[list[Row], float]:
    """Both figures on one database, and the CPU seconds of a whole exam of one candidate."""
    stage.fill(folder, database, people)
    bare.prepare(bare_database)
    product, simple = "app:create_app()", "bench.bare:create_app()"
    env = stage.environment(folder, database)
    with serve(product, folder, **env) as real, serve(simple, folder, BARE_DATABASE=bare_database) as plain:
        wire, bare_wire = over_network(real.port), over_network(plain.port)
        warm = Candidate(wire, people - 1)
        measure(real, wire, [*warm.requests(), *stage.evaluations(people, 50)])
        measure(plain, bare_wire, [*bare_saves(20), *bare_reads(20)])
        began = real.cpu()
        candidates = [Candidate(wire, number) for number in range(people - 1)]
        entering = real.cpu() - began
        save, save_bare, ask, ask_bare = [], [], [], []
        for turn in range(ROUNDS):
            sent = list(itertools.chain.from_iterable(candidate.requests() for candidate in candidates[turn::ROUNDS]))
            save_bare.append(measure(plain, bare_wire, bare_saves(len(sent))))
            save.append(measure(real, wire, sent))
            ask_bare.append(measure(plain, bare_wire, bare_reads(EVALUATIONS // ROUNDS)))
            ask.append(measure(real, wire, stage.evaluations(people, EVALUATIONS // ROUNDS)))
        began = real.cpu()
        for candidate in candidates:
            candidate.finish()
        whole = (entering + sum(cost.cpu for cost in save) + real.cpu() - began) / len(candidates)
    return [Row(name, "one save of 10 answers", save_bare, save), Row(name, "one dispatch evaluation", ask_bare, ask)], whole


def table(rows: list[Row], exams: dict[str, float]) -> str:
    """The figures as Markdown."""
    lines = [
        "| database | what | bare endpoint, ms CPU | here, ms CPU | ratio | promise | answer p50 / p99, ms |",
        "|---|---|---|---|---|---|---|",
        *(row.shown() for row in rows),
    ]
    road = "sign in, start, 5 saves of 10, hand in, the page after"
    lines += [f"\nOne candidate's whole exam on {name} ({road}): {seconds:.3f} CPU s." for name, seconds in exams.items()]
    return "\n".join(lines)


def document(text: str) -> str:
    """The page that is kept."""
    return f"""# What the hot paths cost

Measured by `make bench WRITE=1` on {datetime.now(UTC):%Y-%m-%d}: Python {platform.python_version()}, {platform.system()}.
CPU is that of the answering process (one gunicorn gthread worker); requests come one after the other over one
kept-alive connection. The bare endpoint is Flask and one row: read through Flask-SQLAlchemy, or read and written
through the naked driver with the same durability. Both take turns in the same run, so the ratio holds on a busy or a slower
machine; the milliseconds do not. PostgreSQL runs here without fsync, which changes its waits and not our CPU.

{text}
"""


def main() -> int:
    """Measure, print, and keep the page when asked."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--write", action="store_true", help=f"keep the table in {KEPT.relative_to(ROOT)}")
    asked.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    asked.add_argument("--people", type=int, default=101, help="candidates, each with five saves")
    options = asked.parse_args()
    rows: list[Row] = []
    exams: dict[str, float] = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chizheng-bench-")))
        if options.database != "postgresql":
            (folder / "sqlite").mkdir()
            found, exams["SQLite"] = run("SQLite", folder / "sqlite", "", str(folder / "bare.sqlite3"), options.people)
            rows += found
        if options.database != "sqlite":
            socket = stack.enter_context(postgres())
            for name in ("product", "bare"):
                with psycopg.connect(host=socket, user="chizheng", dbname="postgres", autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {name}".encode())
            (folder / "postgresql").mkdir()
            addresses = [f"postgresql:///{name}?host={socket}&user=chizheng" for name in ("product", "bare")]
            found, exams["PostgreSQL"] = run("PostgreSQL", folder / "postgresql", addresses[0], addresses[1], options.people)
            rows += found
    text = table(rows, exams)
    print(text)
    if options.write:
        KEPT.write_text(document(text), "utf-8")
        print(f"kept in {KEPT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
