"""What happens after a commit: done once it is due, tried again when it fails, found again when it was lost."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from foundation import outbox, worker
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import OutboxRow
from foundation.work import SYSTEM, work
from tests.conftest import START


class Post:
    """A handler that notes what it gets and fails as often as it is told to."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.failures = 0

    def __call__(self, payload: dict[str, Any]) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the post office is shut")
        self.seen.append(payload)


@pytest.fixture
def post() -> Iterator[Post]:
    handler = Post()
    outbox.handlers["test.post"] = handler
    yield handler
    del outbox.handlers["test.post"]


def send(app: Flask, delay: timedelta = timedelta(0), **payload: Any) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.later("test.post", payload, w.now + delay)


def rows(app: Flask) -> list[OutboxRow]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def drain(app: Flask) -> int:
    with app.app_context():
        return worker.drain_outbox()


def test_what_is_due_is_done_once_and_in_order(app: Flask, post: Post) -> None:
    send(app, letter=1)
    send(app, letter=2)
    assert drain(app) == 2
    assert drain(app) == 0
    assert [seen["letter"] for seen in post.seen] == [1, 2]
    assert [row.done for row in rows(app)] == [START, START]


def test_what_is_not_due_waits(app: Flask, clock: TickingClock, post: Post) -> None:
    send(app, timedelta(minutes=5), letter=1)
    assert drain(app) == 0
    clock.tick(minutes=5)
    assert drain(app) == 1
    assert len(post.seen) == 1


def test_a_failure_is_kept_and_tried_again_ever_later(app: Flask, clock: TickingClock, post: Post) -> None:
    post.failures = 2
    send(app, letter=1)
    drain(app)
    (row,) = rows(app)
    assert (row.tries, row.done, row.due, row.error) == (1, None, START + timedelta(seconds=5), "ConnectionError: the post office is shut")
    assert drain(app) == 0
    clock.tick(seconds=5)
    drain(app)
    (row,) = rows(app)
    assert (row.tries, row.due) == (2, START + timedelta(seconds=15))
    clock.tick(seconds=10)
    drain(app)
    (row,) = rows(app)
    assert (row.done, row.error) == (START + timedelta(seconds=15), None)
    assert post.seen == [{"letter": 1}]


def test_the_wait_grows_no_further_than_an_hour(app: Flask, clock: TickingClock, post: Post) -> None:
    post.failures = 40
    send(app, letter=1)
    for _ in range(20):
        drain(app)
        clock.tick(hours=1)
    (row,) = rows(app)
    assert row.tries == 20


def test_one_failure_does_not_hold_up_the_others(app: Flask, post: Post) -> None:
    post.failures = 1
    send(app, letter=1)
    send(app, letter=2)
    assert drain(app) == 2
    assert post.seen == [{"letter": 2}]


def test_a_task_that_nobody_knows_is_kept_with_its_error(app: Flask) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.later("test.unknown", {})
    drain(app)
    (row,) = rows(app)
    assert row.done is None
    assert "KeyError" in str(row.error)


def test_a_task_that_was_lost_in_a_crash_is_found_again(app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    send(app, letter=1)

    def crash(*_: Any) -> None:
        raise SystemExit("kill -9 between the deed and its mark")

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(outbox, "mark_done", crash)
        drain(app)
    assert rows(app)[0].done is None
    with app.app_context():
        counts = worker.run_sweeps()
    assert counts["outbox"] == 1
    assert post.seen == [{"letter": 1}, {"letter": 1}]  # which is why each handler must be safe to repeat
    assert rows(app)[0].done == START


def test_a_work_that_fails_leaves_nothing_to_do(app: Flask, post: Post) -> None:
    with app.app_context(), pytest.raises(RuntimeError), work(SYSTEM) as w:
        w.later("test.post", {})
        raise RuntimeError("broken")
    assert drain(app) == 0
    assert post.seen == []


def test_a_sweep_that_fails_does_not_stop_the_others(app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_now: Any) -> int:
        raise ValueError("broken")

    monkeypatch.setitem(worker.sweeps, "test.broken", broken)
    send(app, letter=1)
    with app.app_context():
        counts = worker.run_sweeps()
    assert (counts["test.broken"], counts["audit-checkpoint"], counts["outbox"]) == (-1, 1, 1)


def test_the_command_runs_every_sweep_once(app: Flask, post: Post) -> None:
    send(app, letter=1)
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output
    assert '"outbox": 1' in result.output
    assert post.seen == [{"letter": 1}]


def test_somebody_who_waits_is_served_between_the_sweeps(app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.01)
    send(app, letter=1)
    stop = threading.Event()
    attending = threading.Thread(target=worker.attend, args=(app, stop))
    attending.start()
    try:
        for _ in range(500):
            if post.seen:
                break
            stop.wait(0.01)
    finally:
        stop.set()
        attending.join(10)
    assert post.seen == [{"letter": 1}]


def test_two_threads_do_not_do_the_same_work(app: Flask, post: Post) -> None:
    send(app, letter=1)
    with worker._draining:
        assert drain(app) == 0
    assert drain(app) == 1
