"""``python -m bench [NAME…] [--write] [--database sqlite|postgresql|both] [--scale S]``: the tables of ``docs/benchmarks.md``."""

import argparse
import contextlib
import os
import platform
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from bench import bank, dispatching, exam, growth, importing, ratios, rush
from bench.place import Place
from bench.serving import ROOT
from faults.postgres import strict

KEPT = ROOT / "docs" / "benchmarks.md"
PARTS: dict[str, ModuleType] = {
    "ratios": ratios, "exam": exam, "rush": rush, "growth": growth, "dispatch": dispatching, "imports": importing, "bank": bank,
}
INTRODUCTION = """# What it costs

`make bench` measures all of this and prints it, on SQLite and on PostgreSQL; `make bench WRITE=1` keeps it here. One part alone:
`make bench ARGS="rush --database sqlite"`; the parts are {names}. A quick look at less of everything: `ARGS="--scale 0.2"`.

Machines differ and are shared: what can be said as a ratio inside one run, or as CPU time, is. CPU is read to the nanosecond from the
kernel's account of each thread. PostgreSQL is one that the benchmark starts itself, with the promises of a real one (`fsync`,
`synchronous_commit`, `full_page_writes` on); SQLite runs with `synchronous=FULL`, as always here. What must never be lost is tried in
[faults.md](faults.md)."""


def machine() -> str:
    """What this was measured on."""
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    return f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}), {platform.system()}, Python {platform.python_version()}"


def section(name: str, rows: list[str], seconds: float) -> str:
    """One part of the page, between marks by which it is found again."""
    part = PARTS[name]
    when = f"{datetime.now(UTC):%Y-%m-%d}, in {seconds:.0f} s, at a load of {os.getloadavg()[1]:.1f}"
    measured = f"Measured by `make bench ARGS={name}` on {machine()}; {when}."
    body = "\n".join([f"## {part.TITLE}", "", part.NOTE, "", part.HEAD, *rows, "", measured])
    return f"<!-- {name} -->\n{body}\n<!-- end of {name} -->"


def page(former: str, fresh: dict[str, str]) -> str:
    """The whole page; a part that was not measured now stays as it was."""
    parts = []
    for name in PARTS:
        kept = re.search(f"<!-- {name} -->.*?<!-- end of {name} -->", former, re.S)
        if text := fresh.get(name) or (kept[0] if kept else ""):
            parts.append(text)
    introduction = INTRODUCTION.format(names=", ".join(f"`{name}`" for name in PARTS))
    return "\n\n".join([introduction, *parts]) + "\n"


def main() -> int:
    """Measure, print, and keep the page when asked."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PARTS)}; all of them when none is named")
    asked.add_argument("--write", action="store_true", help=f"keep the tables in {KEPT.relative_to(ROOT)}")
    asked.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    asked.add_argument("--scale", type=float, default=1.0, help="less of everything, for a quick look; not to be kept")
    options = asked.parse_args()
    if unknown := set(options.names) - set(PARTS):
        asked.error(f"{', '.join(sorted(unknown))}: the parts are {', '.join(PARTS)}")
    if options.write and (options.scale != 1 or options.database != "both"):
        asked.error("only whole tables are kept: --write goes with neither --scale nor --database")
    fresh = {}
    with contextlib.ExitStack() as stack:
        places = [Place("SQLite", None, options.scale)] if options.database != "postgresql" else []
        if options.database != "sqlite":
            places.append(Place("PostgreSQL", stack.enter_context(strict()), options.scale))
        for name in options.names or PARTS:
            began = time.monotonic()
            rows = [row for place in places for row in PARTS[name].run(place)]
            fresh[name] = section(name, sorted(rows, key=lambda row: row.split("|")[1], reverse=True), time.monotonic() - began)
            print(f"\n{fresh[name]}", flush=True)
    if options.write:
        KEPT.write_text(page(KEPT.read_text("utf-8"), fresh), "utf-8")
        print(f"kept in {KEPT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
