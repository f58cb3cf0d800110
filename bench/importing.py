"""A roster of 100,000 rows beside the time that the reader alone needs for the file."""

import io
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Flask
from python_calamine import load_workbook

from app import create_app
from bench.place import Place
from faults.site import Site
from foundation import clock, sheets
from foundation.config import settings
from foundation.database import db
from foundation.sealing import sealer
from foundation.work import SYSTEM, work
from people.actions import roster_imports, roster_keeping
from people.actions.roster_reading import Scope, examine
from people.identity import check_character
from people.roster_sheet import Field, heading
from people.store import roster_imports as store

ROWS, TURNS = 100_000, 5
TITLE = "A roster of 100,000 rows"
NOTE = """An xlsx of eight columns (staff number, name, ID number, phone, city, contract, first day, company). *Calamine alone*: the library
reads the file into Python. *Read and check*: child process, every cell checked, ID numbers digested, everybody looked up: a dry run.
CPU of our processes, the child among them, and of the database's; medians over turns that alternate in one run, and the ratio with its
quartiles. *Keep*: read and checked once more, sealed, staged and swapped in; what writers wait for is the swap alone."""
HEAD = """| database | what | calamine alone, s CPU | here, s CPU | ratio | promise | wall, s | writers held, s |
|---|---|---|---|---|---|---|---|"""


def run(place: Place) -> list[str]:
    """Three rows: all new, keeping them, and the same file once more."""
    content = _workbook(place.people(ROWS, 1000))
    contract = {"code": "BENCH-1", "starts": "2026-01-01", "ends": "2036-12-31", "state": "running", "programmes": []}
    with place.site({"partners": [{"code": "BENCH", "name": "测量公司", "contracts": [contract]}]}) as site:
        app = create_app(site.settings)
        with app.app_context():
            measured = _Measured(place, site, app, content)
            fresh = measured.turns("read and check, all new")
            kept = measured.keep()
            again = measured.turns("read and check, all known")
            db.engine.dispose()
    return [fresh, kept, again]


def _workbook(rows: int) -> bytes:
    def numbered(number: int) -> str:
        born = date(1970, 1, 1) + timedelta(days=number % 11_000)
        digits = f"3301{number // 11_000 % 90 + 10:02d}{born:%Y%m%d}{number // 990_000:03d}"
        return digits + check_character(digits)

    cells = (
        [f"N{number:06d}", f"测量{number}", numbered(number), f"139{number:08d}", "杭州", "BENCH-1", date(2026, 3, 1), "BENCH"]
        for number in range(rows)
    )
    return sheets.xlsx([heading(name, "zh") for name in Field], cells)


class _Measured:
    """One site, one file."""

    def __init__(self, place: Place, site: Site, app: Flask, content: bytes) -> None:
        self.place, self.site, self.app, self.content = place, site, app, content
        self.scope = Scope(store.partner_codes(db.session, None)["BENCH"], False)
        self.held = 0.0

    def cpu(self) -> float:
        """Seconds so far: ours, our children's, the database's."""
        ours = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in ours) + self.place.spent(self.site)[1]

    def timed(self, deed: Callable[[], Any]) -> tuple[float, float]:
        """Seconds of CPU and of wall time."""
        cpu, wall = self.cpu(), time.perf_counter()
        deed()
        return self.cpu() - cpu, time.perf_counter() - wall

    def turns(self, what: str) -> str:
        """Reading alone and reading with checking in turn."""
        alone, here = [], []
        for _ in range(TURNS):
            alone.append(self.timed(lambda: load_workbook(io.BytesIO(self.content)).get_sheet_by_index(0).to_python())[0])
            here.append(self.timed(self.check))
        low, ratio, high = statistics.quantiles([cpu / base for base, (cpu, _wall) in zip(alone, here, strict=True)], n=4)
        cpu, wall = (statistics.median(turn[place] for turn in here) for place in (0, 1))
        promise = "≤ 3" if "new" in what else ""
        spent = f"{statistics.median(alone):.2f} | {cpu:.2f}"
        return f"| {self.place.name} | {what} | {spent} | **{ratio:.2f}** ({low:.2f} to {high:.2f}) | {promise} | {wall:.1f} | |"

    def check(self) -> None:
        """The dry run."""
        verdict = examine(self.content, self.scope, clock.now(), settings().timezone)
        db.session.remove()
        if not roster_imports.good(verdict):
            raise RuntimeError(f"the roster was refused: {roster_imports.report_of(verdict)}")

    def keep(self) -> str:
        """All of it, as the worker does it."""
        with work(SYSTEM) as w:
            made = roster_imports.upload(w, self.scope, "bench.xlsx", self.content, sealer().seal_bytes(self.content))
        roster_imports.read({"id": made})
        with work(SYSTEM) as w:
            roster_imports.ask_keep(w, made)
        really = roster_keeping.swap

        def swap(*given: Any) -> None:
            began = time.perf_counter()
            really(*given)
            self.held = time.perf_counter() - began

        roster_keeping.swap = swap
        try:
            cpu, wall = self.timed(lambda: roster_imports.keep({"id": made, "actor": "system", "account": None, "origin": ""}))
        finally:
            roster_keeping.swap = really
        return f"| {self.place.name} | keep them | | {cpu:.2f} | | | {wall:.1f} | {self.held:.2f} |"
