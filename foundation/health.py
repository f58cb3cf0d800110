"""Is the process up, is it ready, and how has it fared: what the health doors say.

The doors themselves stand in ``people.views.health``, because who may see the
figures is a question of permission. Counters are kept per process; each line
carries its worker, so that a collector can add them up.
"""

import os
import threading
import time
from collections import Counter
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask, Response, current_app, g, request
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from foundation.database import db
from foundation.tables import OutboxRow

NAMES = {
    "chizheng_requests_total": ("counter", "Requests answered, by endpoint, method and status."),
    "chizheng_request_seconds_total": ("counter", "Wall time spent on requests, by endpoint."),
    "chizheng_process_cpu_seconds_total": ("counter", "CPU time of the worker process."),
    "chizheng_outbox_waiting": ("gauge", "Rows of the outbox that are not done."),
}

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Tally:
    """Counts of one process, safe to add to from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: Counter[str] = Counter()

    def add(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        with self._lock:
            self._requests[endpoint, method, status] += 1
            self._seconds[endpoint] += seconds  # type: ignore[assignment]

    def lines(self, worker: str) -> dict[str, list[tuple[dict[str, str], float]]]:
        """Samples by metric name: labels and value."""
        with self._lock:
            requests, seconds = sorted(self._requests.items()), sorted(self._seconds.items())
        return {
            "chizheng_requests_total": [
                ({"endpoint": endpoint, "method": method, "status": str(status), "worker": worker}, count)
                for (endpoint, method, status), count in requests
            ],
            "chizheng_request_seconds_total": [({"endpoint": endpoint, "worker": worker}, spent) for endpoint, spent in seconds],
        }


def init_app(app: Flask) -> None:
    """Count every answered request, and learn once which schema the code expects."""
    app.extensions["tally"] = Tally()
    app.extensions["schema_head"] = ScriptDirectory(str(Path(app.root_path) / "migrations")).get_current_head()
    app.after_request(_count)


def _count(response: Response) -> Response:
    spent = time.perf_counter() - g.began if "began" in g else 0.0
    method = request.method if request.method in METHODS else "OTHER"  # a made-up method must not grow the table
    current_app.extensions["tally"].add(request.endpoint or "none", method, response.status_code, spent)
    return response


def unready() -> str | None:
    """Why the process cannot work now, in a word for the operator; None when it can."""
    try:
        found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        return "database"
    finally:
        db.session.remove()
    return None if found == current_app.extensions["schema_head"] else "schema"


def exposition() -> str:
    """The figures in the text format 0.0.4 of Prometheus."""
    worker = str(os.getpid())
    samples = current_app.extensions["tally"].lines(worker)
    samples["chizheng_process_cpu_seconds_total"] = [({"worker": worker}, time.process_time())]
    waiting = db.session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.done.is_(None)))
    samples["chizheng_outbox_waiting"] = [({}, waiting or 0)]
    written = []
    for name, (kind, meaning) in NAMES.items():
        written += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]
        written += [f"{name}{_labels(labels)} {value:.12g}" for labels, value in samples[name]]
    return "\n".join(written) + "\n"


def _labels(labels: dict[str, str]) -> str:
    """Label values are endpoints, methods and numbers: nothing in them needs escaping."""
    inner = ",".join(f'{key}="{value}"' for key, value in labels.items())
    return f"{{{inner}}}" if inner else ""
