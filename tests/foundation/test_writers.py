"""Many writers at once, in threads and in processes: everybody gets through, nothing is lost, the chain holds."""

import multiprocessing
import threading
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from foundation import audit
from foundation.database import db
from foundation.tables import AuditRow, OutboxRow
from foundation.work import SYSTEM, work
from tests.databases import SECRETS, make_app

WRITERS, TURNS = 4, 15


def write(app: Flask, name: int) -> None:
    for turn in range(TURNS):
        with app.app_context(), work(SYSTEM) as w:
            w.later("mail", {"writer": name, "turn": turn})
            w.record("mail.planned", f"writer:{name}")


def write_elsewhere(folder: Path, url: str | None, name: int) -> None:
    write(make_app(folder, url), name)


def kept(app: Flask) -> tuple[int | None, int | None, audit.Report]:
    with app.app_context():
        settings = app.extensions["settings"]
        rows = db.session.scalar(select(func.count()).select_from(OutboxRow))
        deeds = db.session.scalar(select(func.count()).select_from(AuditRow))
        return rows, deeds, audit.verify(db.engine, settings.data_dir, SECRETS["SECRET_KEY"])


def test_threads_take_turns(app: Flask) -> None:
    threads = [threading.Thread(target=write, args=(app, name)) for name in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    rows, deeds, report = kept(app)
    assert (rows, deeds, report.rows, report.problems) == (WRITERS * TURNS, WRITERS * TURNS, WRITERS * TURNS, [])


def test_processes_take_turns(app: Flask, tmp_path: Path) -> None:
    settings = app.extensions["settings"]
    url = settings.database_url if settings.database_given else None
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=write_elsewhere, args=(tmp_path, url, name)) for name in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    rows, deeds, report = kept(app)
    assert [process.exitcode for process in processes] == [0, 0]
    assert (rows, deeds, report.problems) == (2 * TURNS, 2 * TURNS, [])


def test_a_reader_does_not_wait_for_the_writer(app: Flask) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.later("mail", {})
        with db.engine.connect() as reader:
            assert reader.scalar(select(func.count()).select_from(OutboxRow)) == 0
