"""One place reads the time; a request keeps the instant at which it arrived."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from foundation import clock
from foundation.clock import SystemClock, TickingClock
from tests.conftest import START


def test_the_system_clock_says_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    found = SystemClock().now()
    assert before <= found <= datetime.now(UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_ticking_clock_stands_until_it_is_told_to_move() -> None:
    ticking = TickingClock(START)
    assert ticking.now() == ticking.now() == START
    ticking.tick(minutes=5)
    assert ticking.now() == START + timedelta(minutes=5)
    ticking.set(START)
    assert ticking.now() == START


def test_a_request_keeps_the_instant_of_its_arrival(app: Flask, clock: TickingClock) -> None:
    seen: list[datetime] = []

    def slow() -> str:
        seen.append(now())
        clock.tick(seconds=30)
        seen.append(now())
        return ""

    app.add_url_rule("/slow", view_func=slow)
    app.test_client().get("/slow")
    assert seen == [START, START]


def test_outside_a_request_the_present_counts(app: Flask, clock: TickingClock) -> None:
    with app.app_context():
        assert now() == START
        clock.tick(seconds=1)
        assert now() == START + timedelta(seconds=1)


now = clock.now
