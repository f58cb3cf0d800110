"""The worker: sweeps on a timetable and the outbox.

huey keeps the timetable and runs the tasks: in a SQLite file of its own by
default, in Redis when ``REDIS_URL`` is set. A task that it loses in a crash is
found again by the next sweep, because the outbox is the truth. Between the
sweeps a thread looks into the outbox each second: somebody may be waiting.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask, current_app
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey

from foundation import audit, clock, outbox
from foundation.config import Settings
from foundation.database import DatabaseTrouble, db
from foundation.work import SYSTEM, work

log = logging.getLogger("chizheng.worker")
Sweep = Callable[[datetime], int]
sweeps: dict[str, Sweep] = {}
LOOK_EVERY = 1.0
"""Seconds between looks into the outbox."""
_draining = threading.Lock()


def sweep(name: str) -> Callable[[Sweep], Sweep]:
    """Register a sweep: it gets the present instant and answers how much it did."""

    def register(function: Sweep) -> Sweep:
        sweeps[name] = function
        return function

    return register


def drain_outbox() -> int:
    """Do every row that is due; a failure is kept with its row and tried again, ever less often.

    Answers how many; none while another thread of this process is at it.
    """
    if not _draining.acquire(blocking=False):
        return 0
    try:
        return _drain(clock.now())
    finally:
        _draining.release()


def _drain(now: datetime) -> int:
    with db.engine.connect() as connection:
        rows = outbox.waiting(connection, now)
    for row in rows:
        try:
            outbox.handlers[row.task](row.payload)
        except Exception as error:
            log.exception("outbox row %s (%s) failed", row.id, row.task)
            wait = timedelta(seconds=min(3600, 5 * 2**row.tries))
            with work(SYSTEM) as w:
                outbox.mark_failed(w.connection, row.id, f"{type(error).__name__}: {error}", now + wait)
        else:
            with work(SYSTEM) as w:
                outbox.mark_done(w.connection, row.id, now)
    return len(rows)


def run_sweeps() -> dict[str, int]:
    """Run every sweep once and drain the outbox; answers counts by name."""
    counts: dict[str, int] = {}
    for name, function in sweeps.items():
        try:
            counts[name] = function(clock.now())
        except Exception:
            log.exception("sweep %s failed", name)
            counts[name] = -1
    counts["outbox"] = drain_outbox()
    return counts


@sweep("audit-checkpoint")
def sign_checkpoint(now: datetime) -> int:
    """Sign the audit's head into the data folder."""
    settings: Settings = current_app.extensions["settings"]
    with db.engine.connect() as connection:
        audit.checkpoint(connection, settings.data_dir, settings.secret_key, now)
    return 1


def make_huey(app: Flask, settings: Settings) -> Huey:
    """The consumer's queue, with the timetable: sweeps each minute."""
    huey: Huey = (
        RedisHuey("chizheng", url=settings.redis_url)
        if settings.redis_url
        else SqliteHuey("chizheng", filename=str(settings.data_dir / "worker.sqlite3"), fsync=True)
    )

    @huey.periodic_task(crontab(minute="*"))
    def every_minute() -> None:
        with app.app_context():
            log.info("sweeps: %s", run_sweeps())

    return huey


def attend(app: Flask, stop: threading.Event) -> None:
    """Drain the outbox soon after something is put there, until ``stop`` is set."""
    while not stop.wait(LOOK_EVERY):
        with app.app_context():
            try:
                drain_outbox()
            except DatabaseTrouble:
                log.exception("the outbox could not be looked into")


def consume(app: Flask, settings: Settings) -> None:
    """Run until stopped; the first sweep comes at once, so that a restart catches up."""
    with app.app_context():
        log.info("sweeps: %s", run_sweeps())
    threading.Thread(target=attend, args=(app, threading.Event()), name="outbox", daemon=True).start()
    make_huey(app, settings).create_consumer(workers=1, periodic=True, initial_delay=0.2, check_worker_health=True).run()
