"""Rows that may be written a moment later: kept in memory, and written in one transaction each second.

For records whose truth lies elsewhere, so that an answer never waits for them.
A crash may lose a second of them. A forked process starts its own thread.
"""

import atexit
import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from foundation.work import SYSTEM, work

log = logging.getLogger("chizheng.backlog")
PAUSE = 1.0  # seconds between two writings
PORTION = 2000  # rows in one transaction, so that another writer never waits long behind them
MOST = 200_000  # rows kept while the database cannot be reached; the oldest go first
Write = Callable[[Connection, list[Any]], None]


class Backlog:
    """The rows that wait for ``write``, and the thread that writes them."""

    def __init__(self, app: Flask, name: str, write: Write) -> None:
        self.app = app
        self.name = name
        self.write = write
        self.waiting: deque[Any] = deque(maxlen=MOST)
        self.writing = threading.Lock()
        self.stopping = threading.Event()
        self.thread: threading.Thread | None = None
        self.pid = 0

    def put(self, rows: list[Any]) -> None:
        """Add rows; they are written within about a second. A test writes them itself, by ``flush``."""
        self.waiting.extend(rows)
        if self.pid != os.getpid() and not self.app.testing:
            self.pid = os.getpid()
            self.thread = threading.Thread(target=self._run, name=f"backlog-{self.name}", daemon=True)
            self.thread.start()
            atexit.register(self.close)

    def flush(self) -> int:
        """Write what waits now, in portions; answers how many rows. A portion that fails goes back to the front."""
        written = 0
        with self.writing:
            while self.waiting:
                rows = [self.waiting.popleft() for _ in range(min(PORTION, len(self.waiting)))]
                try:
                    written += self._write(rows)
                except BaseException:
                    self.waiting.extendleft(reversed(rows))
                    raise
        return written

    def _write(self, rows: list[Any]) -> int:
        """Write a portion; a row that the database refuses is reported and dropped, or it would hold up all others for ever."""
        try:
            with work(SYSTEM) as w:
                self.write(w.connection, rows)
        except (DataError, IntegrityError):
            if len(rows) == 1:
                log.exception("a row of %s cannot be written and is dropped", self.name)
                return 0
            half = len(rows) // 2
            return self._write(rows[:half]) + self._write(rows[half:])
        return len(rows)

    def _run(self) -> None:
        while not self.stopping.wait(PAUSE):
            self._try()

    def close(self) -> None:
        """Stop the thread and write what is left."""
        self.stopping.set()
        if self.thread is not None and self.pid == os.getpid():
            self.thread.join(timeout=5)
        self._try()

    def _try(self) -> None:
        try:
            with self.app.app_context():
                self.flush()
        except Exception:  # whatever it was, the rows are kept and the thread must live to try again
            log.exception("%d rows of %s could not be written yet", len(self.waiting), self.name)


def backlog(name: str, write: Write) -> Backlog:
    """The running app's backlog of that name, made on first use."""
    found: Backlog | None = current_app.extensions.get(f"backlog:{name}")
    if found is None:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        found = current_app.extensions.setdefault(f"backlog:{name}", Backlog(app, name, write))
    return found
