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

ROUNDS = 5  # bare and real take turns, so that a busy moment of the machine meets both
EVALUATIONS = 2000
KEPT = ROOT / "docs" / "benchmarks.md"


@dataclass
class Cost:
    """What a number of requests took."""

    requests: int = 0
    cpu: float = 0.0
    waits: list[float] | None = None

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.requests + other.requests, self.cpu + other.cpu, (self.waits or []) + (other.waits or []))

    @property
    def each(self) -> float:
        """Milliseconds of CPU for one request."""
        return 1000 * self.cpu / self.requests

    def wait(self, share: int) -> float:
        """The percentile ``share`` of the milliseconds until the answer."""
        return 1000 * statistics.quantiles(self.waits or [0.0, 0.0], n=100)[share - 1]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    database: str
    what: str
    bare: Cost
    real: Cost

    @property
    def ratio(self) -> float:
        return self.real.each / self.bare.each


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
    return Cost(len(ready), server.cpu() - before, waits)


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
        save, save_bare, ask, ask_bare = Cost(), Cost(), Cost(), Cost()
        for turn in range(ROUNDS):
            sent = list(itertools.chain.from_iterable(candidate.requests() for candidate in candidates[turn::ROUNDS]))
            save_bare += measure(plain, bare_wire, bare_saves(len(sent)))
            save += measure(real, wire, sent)
            ask_bare += measure(plain, bare_wire, bare_reads(EVALUATIONS // ROUNDS))
            ask += measure(real, wire, stage.evaluations(people, EVALUATIONS // ROUNDS))
        began = real.cpu()
        for candidate in candidates:
            candidate.finish()
        whole = (entering + save.cpu + real.cpu() - began) / len(candidates)
    return [Row(name, "one save of 10 answers", save_bare, save), Row(name, "one dispatch evaluation", ask_bare, ask)], whole


def table(rows: list[Row], exams: dict[str, float]) -> str:
    """The figures as Markdown."""
    lines = [
        "| database | what | bare endpoint, ms CPU | here, ms CPU | ratio | promise | answer p50 / p99, ms |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {row.database} | {row.what} | {row.bare.each:.2f} | {row.real.each:.2f} | **{row.ratio:.2f}** | ≤ 2 "
            f"| {row.real.wait(50):.1f} / {row.real.wait(99):.1f} |"
            for row in rows
        ),
    ]
    road = "sign in, start, 5 saves of 10, hand in, the page after"
    lines += [f"\nOne candidate's whole exam on {name} ({road}): {seconds:.3f} CPU s." for name, seconds in exams.items()]
    return "\n".join(lines)


def document(text: str) -> str:
    """The page that is kept."""
    return f"""# What the hot paths cost

Measured by `make bench WRITE=1` on {datetime.now(UTC):%Y-%m-%d}: Python {platform.python_version()}, {platform.system()}.
CPU is that of the answering process (one gunicorn gthread worker); requests come one after the other over one
kept-alive connection. The bare endpoint is Flask and the database's driver, nothing else: it reads one row, or reads
and writes one, with the same durability. Both take turns in the same run, so the ratio holds on a busy or a slower
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
