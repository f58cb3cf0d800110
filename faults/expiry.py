"""Saves that race the deadline, the sweep that closes, and whoever looks first."""

import threading
import time
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from app import create_app
from certification.actions.attempts import close_overdue
from certification.actions.timing import wind_all
from certification.store.attempts import SITTINGS, any_attempt
from faults import proof
from faults.candidate import Candidate, room, together
from faults.kills import guarded
from faults.proof import ATTEMPTS, LATE, STEPS, Report
from faults.site import Site
from foundation.clock import SystemClock
from foundation.work import SYSTEM, work

IN = 2.0  # seconds until the deadline
BEYOND = 1.0  # seconds for which everybody goes on saving after the deadline


def run(site: Site, sitting: int, names: list[str], seed: str) -> Report:
    """Everybody saves through the deadline while a sweep and the people themselves close the attempts.

    The window's end is moved to where it is tried only when the room is full, as an officer may.
    """
    people = room(site.port, names, sitting, seed)
    app = create_app(site.settings)
    with app.app_context(), work(SYSTEM) as w:
        closes = w.now + timedelta(seconds=IN)
        w.connection.execute(update(SITTINGS).where(SITTINGS.c.id == sitting).values(closes=closes))
        rows = [any_attempt(w.connection, one.ledger.attempt) for one in people]
        if wind_all(w, rows) != len(people):
            raise RuntimeError("not every attempt got the new deadline")
    over = (closes - SystemClock().now()).total_seconds()
    until = time.monotonic() + over + BEYOND
    stop, failed = threading.Event(), []
    sweeper = threading.Thread(target=guarded(lambda: _sweep(app, stop, until - BEYOND), failed), daemon=True)
    sweeper.start()
    together([_saving(one, until) for one in people] + [_looking(one, until - BEYOND - 0.2, until) for one in people[::3]])
    stop.set()
    sweeper.join()
    if failed:
        raise failed[0]
    report = Report("expiry", len(names))
    books = [one.ledger for one in people]
    report.add(books)
    engine = site.engine()
    report.losses += proof.losses(engine, books, site.settings.secret_key)
    report.losses += proof.missing_evidence(engine, books)
    report.losses += _on_time(site, books, report)
    return report


def _saving(one: Candidate, until: float) -> Any:
    def save() -> None:
        while time.monotonic() < until:
            one.save(5)

    return save


def _looking(one: Candidate, since: float, until: float) -> Any:
    """Another connection that asks how the attempt stands, all the time around the deadline: it closes on sight."""
    line = one.line.twin()

    def look() -> None:
        time.sleep(max(0.0, since - time.monotonic()))
        while time.monotonic() < until:
            if line.ask("GET", f"/api/v1/attempts/{one.ledger.attempt}").status >= 500:
                one.ledger.fail(500, "GET attempt")

    return look


def _sweep(app: Flask, stop: threading.Event, since: float) -> None:
    """The worker's sweep, in this process, again and again from just before the deadline."""
    time.sleep(max(0.0, since - 0.1 - time.monotonic()))
    with app.app_context():
        while not stop.wait(0.01):
            close_overdue(SystemClock().now())


def _on_time(site: Site, books: list[Any], report: Report) -> list[str]:
    """Every attempt is closed at its deadline; what is scored was received before it, what is late evidence not before it."""
    found = []
    late = scored_after = 0
    with site.engine().connect() as connection:
        for book in books:
            row = connection.execute(select(ATTEMPTS).where(ATTEMPTS.c.id == book.attempt)).one()
            if row.state != "closed_by_deadline" or row.ended != row.deadline:
                found.append(f"{book.attempt} is {row.state} since {row.ended}, and its deadline was {row.deadline}")
            received = connection.execute(select(STEPS.c.received).where(STEPS.c.attempt_id == book.attempt)).scalars().all()
            found += [f"{book.attempt}: scored, and received {at}" for at in received if at >= row.deadline]
            kept = select(LATE.c.received).where(LATE.c.attempt_id == book.attempt, LATE.c.code == "late")
            rows = connection.execute(kept).scalars().all()
            found += [f"{book.attempt}: refused as late, and received {at}" for at in rows if at < row.deadline]
            late += len(rows)
            scored_after += sum((row.deadline - at).total_seconds() < 0.1 for at in received)
    report.notes |= {"late evidence": late, "scored of the last 0.1 s": scored_after}
    if not late:
        found.append("nothing came late: nothing was tried")
    return found
