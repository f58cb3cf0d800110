"""Rows that are written a moment later: none is lost while the process lives, and none holds up the others."""

import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import OperationalError

from foundation import backlog as module
from foundation.backlog import Backlog, backlog
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import OutboxRow


def keep(connection: Connection, rows: list[Any]) -> None:
    connection.execute(insert(OutboxRow), rows)


@pytest.fixture
def row(clock: TickingClock) -> Any:
    def make(task: str, **more: Any) -> dict[str, Any]:
        return {"task": task, "payload": {}, "created": clock.now(), "due": clock.now(), "tries": 0, **more}

    return make


def written(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxRow.task).order_by(OutboxRow.id)))


def test_rows_wait_until_they_are_flushed(app: Flask, row: Any) -> None:
    with app.app_context():
        waiting = backlog("test", keep)
        waiting.put([row("a"), row("b")])
        assert backlog("test", keep) is waiting
    assert written(app) == []
    with app.app_context():
        assert waiting.flush() == 2
        assert waiting.flush() == 0
    assert written(app) == ["a", "b"]


def test_many_rows_are_written_in_portions_and_in_order(app: Flask, row: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PORTION", 3)
    with app.app_context():
        waiting = backlog("test", keep)
        waiting.put([row(f"{n:02}") for n in range(10)])
        assert waiting.flush() == 10
    assert written(app) == [f"{n:02}" for n in range(10)]


def test_a_bad_row_is_dropped_alone(app: Flask, row: Any) -> None:
    with app.app_context():
        waiting = backlog("test", keep)
        waiting.put([row("a", id=1), row("b", id=1), row("c", id=3), row("d", id=4)])
        assert waiting.flush() == 3
        assert not waiting.waiting
    assert written(app) == ["a", "c", "d"]


def test_while_the_database_is_away_nothing_is_lost(app: Flask, row: Any) -> None:
    away = [True]

    def sometimes(connection: Connection, rows: list[Any]) -> None:
        if away[0]:
            raise OperationalError("INSERT", {}, Exception("gone"))
        keep(connection, rows)

    with app.app_context():
        waiting = backlog("test", sometimes)
        waiting.put([row("a"), row("b")])
        with pytest.raises(OperationalError):
            waiting.flush()
        waiting.put([row("c")])
        away[0] = False
        assert waiting.flush() == 3
    assert written(app) == ["a", "b", "c"]


def test_the_thread_writes_by_itself_and_survives_a_failure(app: Flask, row: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.02)
    monkeypatch.setattr(app, "testing", False)
    calls: list[int] = []

    def fails_first(connection: Connection, rows: list[Any]) -> None:
        calls.append(len(rows))
        if len(calls) == 1:
            raise RuntimeError("something nobody thought of")
        keep(connection, rows)

    waiting = Backlog(app, "test", fails_first)
    waiting.put([row("a")])
    deadline = time.monotonic() + 10
    while waiting.waiting or len(calls) < 2:
        assert time.monotonic() < deadline, "the thread wrote nothing"
        time.sleep(0.02)
    waiting.close()
    assert written(app) == ["a"]
