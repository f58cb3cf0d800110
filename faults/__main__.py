"""``python -m faults``: the full counts on both databases. See docs/faults.md."""

import argparse
import contextlib
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from faults import cuts, expiry, kills, mischief, races, takeover
from faults.postgres import Postgres, strict
from faults.proof import Report
from faults.site import ROOT, Site
from faults.stage import document, names

KINDS = ("kills", "cuts", "races", "expiry", "responses", "takeover", "browser")
BACKENDS = 0.3
"""Of the kills on PostgreSQL, the share that hit one backend, and as many the whole database server."""


@dataclass(frozen=True)
class Counts:
    """How much of everything."""

    cycles: int = 500
    candidates: int = 64
    cuts: int = 100
    races: int = 1000
    expiries: int = 5
    saves: int = 150
    turns: int = 40
    histories: int = 100


class Run:
    """All kinds of trouble on one database."""

    def __init__(self, counts: Counts, seed: str, server: Postgres | None) -> None:
        self.counts = counts
        self.seed = seed
        self.server = server
        self.name = "PostgreSQL" if server else "SQLite"
        self.made = 0

    @contextlib.contextmanager
    def site(self, people: int) -> Iterator[tuple[Site, int, list[str]]]:
        """A fresh site with its room, not yet served; nothing of it is left after the block."""
        self.made += 1
        with tempfile.TemporaryDirectory(prefix="chizheng-faults-") as folder:
            made = Site(Path(folder), self.server.create(f"faults{self.made}") if self.server else None, workers=3)
            made.flask("db", "upgrade")
            try:
                yield made, made.seed(document(people))["FAULTS"], names(people)
            finally:
                made.kill()

    def say(self, sentence: str) -> None:
        """Progress, with the time."""
        print(f"{time.strftime('%H:%M:%S')} {self.name}: {sentence}", flush=True)

    def kills(self) -> Report:
        """The server is killed; on PostgreSQL also one backend, or the database server with all of them."""
        with self.site(self.counts.candidates) as (site, sitting, people):
            dice = random.Random(f"{self.seed}:what")

            def kill() -> None:
                what = dice.random()
                if self.server is None or what > 2 * BACKENDS:
                    site.kill()
                elif what < BACKENDS:
                    self.server.kill_a_backend(f"faults{self.made}")
                else:
                    self.server.kill()
                    site.kill()
                    self.server.start()

            report = kills.run(site, sitting, people, self.counts.cycles, self.seed, self.say, kill)
        if self.server is not None:  # while the database is down the site says so: 503 and try again, never a 500
            report.notes["answered 503 while it was down"] = sum(count for what, count in report.failures.items() if what.startswith("503"))
            for what in [what for what in report.failures if what.startswith("503")]:
                del report.failures[what]
        return report

    def cuts(self) -> Report:
        """Power cuts, and beside them the ones that must lose."""
        with tempfile.TemporaryDirectory(prefix="chizheng-faults-") as folder:
            places = [Path(folder) / name for name in ("full", "normal")]
            for place in places:
                place.mkdir()
            each = 10
            report = cuts.run(places[0], 16, -(-self.counts.cuts // each), each, self.seed, say=self.say)
            weak = cuts.run(places[1], 16, 5, each, self.seed, weak=True, say=self.say)
        report.notes["lost with NORMAL"] = len(weak.losses)
        if not weak.losses:
            report.losses.append("with synchronous=NORMAL nothing was lost: nothing was tried")
        return report

    def races(self) -> Report:
        """Everything at once, for everybody."""
        with self.site(self.counts.races) as (site, sitting, people), site.serving():
            return races.run(site, sitting, people, self.seed, self.say)

    def expiry(self) -> Report:
        """Rooms that close while everybody saves."""
        whole = Report("expiry")
        for number in range(self.counts.expiries):
            with self.site(32) as (site, sitting, people), site.serving():
                one = expiry.run(site, sitting, people, f"{self.seed}:{number}")
            self.say(one.line())
            whole.rounds += one.rounds
            whole.acknowledged += one.acknowledged
            whole.refused += one.refused
            whole.losses += one.losses
            whole.failures += one.failures
            whole.notes = {name: whole.notes.get(name, 0) + count for name, count in one.notes.items()}
        return whole

    def responses(self) -> Report:
        """A proxy that cannot be trusted."""
        with self.site(16) as (site, sitting, people), site.serving():
            return mischief.run(site, sitting, people, self.counts.saves, self.seed)

    def takeover(self) -> Report:
        """Two devices each."""
        with self.site(16) as (site, sitting, people), site.serving():
            return takeover.run(site, sitting, people, self.counts.turns, self.seed)

    def browser(self) -> Report:
        """Histories of a real browser, offline and reloaded, out of seeds."""
        report = Report("browser histories", self.counts.histories)
        command = [sys.executable, "-m", "pytest", "-q", "tests/browser/test_exam_client.py", "--histories", str(self.counts.histories)]
        command += ["--database", "postgresql" if self.server else "sqlite"]
        if subprocess.run(command, cwd=ROOT).returncode:
            report.losses.append("the browser's histories failed: see above")
        return report


def main() -> int:
    """Run what is asked for, and answer 1 when anything was lost."""
    asked = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    asked.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; everything when none is named")
    asked.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    asked.add_argument("--seed", default="", help="repeats the dice of an earlier run; threads still meet as they meet")
    for name, count in vars(Counts()).items():
        asked.add_argument(f"--{name}", type=int, default=count, help=f"{count} unless given")
    options = asked.parse_args()
    if unknown := set(options.kinds) - set(KINDS):
        asked.error(f"{', '.join(sorted(unknown))}: the kinds are {', '.join(KINDS)}")
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell had it ignored: what was tried so far is judged
        signal.signal(number, signal.default_int_handler)
    counts = Counts(**{name: getattr(options, name) for name in vars(Counts())})
    seed = options.seed or secrets.token_hex(4)
    print(f"seed {seed}", flush=True)
    reports: list[tuple[str, Report, float]] = []
    with contextlib.ExitStack() as stack:
        for database in ("sqlite", "postgresql"):
            if options.database not in (database, "both"):
                continue
            run = Run(counts, seed, stack.enter_context(strict()) if database == "postgresql" else None)
            for kind in options.kinds or KINDS:
                if kind == "cuts" and run.server:
                    continue  # whose disk is PostgreSQL's own business; killing it outright stands in for it
                began = time.monotonic()
                report = _tried(run, kind, getattr(run, kind))
                reports.append((run.name, report, time.monotonic() - began))
                run.say(report.line())
                for sentence in report.losses[:20]:
                    run.say(f"  {sentence}")
    print(f"\n{table(reports)}\nseed {seed}")
    return 0 if all(report.good for _, report, _ in reports) else 1


def _tried(run: Run, kind: str, deed: Callable[[], Report]) -> Report:
    """The report; whatever stopped the trial is one more thing that must not be."""
    try:
        return deed()
    except Exception as error:  # noqa: BLE001 - said, and counted as a loss
        run.say(f"{kind} stopped: {error!r}")
        return Report(kind, losses=[f"stopped: {error!r}"])


def table(reports: list[tuple[str, Report, float]]) -> str:
    """The summary, as Markdown."""
    lines = ["| database | what | rounds | acknowledged | refused | lost | 5xx | seconds |", "|---|---|---|---|---|---|---|---|"]
    for name, report, seconds in reports:
        refused = ", ".join(f"{code} {count}" for code, count in sorted(report.refused.items()))
        notes = "".join(f"; {what}: {count}" for what, count in report.notes.items())
        lines.append(
            f"| {name} | {report.what}{notes} | {report.rounds} | {report.acknowledged} | {refused} | **{len(report.losses)}** "
            f"| {sum(report.failures.values())} | {seconds:.0f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
