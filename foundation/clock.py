"""The only place that reads the time.

A request's instant is stamped when it arrives, before any lock, and handed
down as an argument. Tests put a clock of their own into the app and tick it.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from flask import Flask, current_app, has_request_context, request


class Clock(Protocol):
    """Anything that can say the present instant, with its zone."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


class TickingClock:
    """A clock that stands still until it is told to move; for tests and replays."""

    def __init__(self, start: datetime) -> None:
        self.instant = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it stands at, in UTC."""
        return self.instant

    def tick(self, **delta: float) -> None:
        """Move forward by ``timedelta(**delta)``."""
        self.instant += timedelta(**delta)

    def set(self, instant: datetime) -> None:
        """Move to ``instant``."""
        self.instant = instant.astimezone(UTC)


def init_app(app: Flask, clock: Clock | None = None) -> None:
    """Give the app its clock; ``site`` stamps every request with it on arrival."""
    app.extensions["clock"] = clock or SystemClock()


def now() -> datetime:
    """The instant the request arrived; outside a request, the present one."""
    instant: datetime = request.arrived if has_request_context() else current_app.extensions["clock"].now()  # type: ignore[attr-defined]
    return instant
