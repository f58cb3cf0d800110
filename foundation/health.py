"""Is the process up, is it ready, and how has it fared: what the health doors say.

The doors themselves stand in ``people.views.health``, because who may see the
figures is a question of permission. Counters are kept per process; each line
carries its worker, so that a collector can add them up.
"""

import os
import threading
import time
from collections import Counter
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Response, current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from foundation.database import db
from foundation.site import Asked, Site
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
        self._known: dict[tuple[str, str, int], list[float]] = {}

    def add(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        with self._lock:
            found = self._known.get((endpoint, method, status))
            if found is None:
                found = self._known[endpoint, method, status] = [0, 0.0]
            found[0] += 1
            found[1] += seconds

    def lines(self, worker: str) -> dict[str, list[tuple[dict[str, str], float]]]:
        """Samples by metric name: labels and value."""
        with self._lock:
            known = sorted((key, count, spent) for key, (count, spent) in self._known.items())
        seconds: Counter[str] = Counter()
        for (endpoint, _method, _status), _count, spent in known:
            seconds[endpoint] += spent  # type: ignore[assignment]
        return {
            "chizheng_requests_total": [
                ({"endpoint": endpoint, "method": method, "status": str(status), "worker": worker}, count)
                for (endpoint, method, status), count, _spent in known
            ],
            "chizheng_request_seconds_total": [({"endpoint": endpoint, "worker": worker}, spent) for endpoint, spent in seconds.items()],
        }


def init_app(app: Site) -> None:
    """Count every answered request, and learn once which schema the code expects."""
    tally = app.extensions["tally"] = Tally()
    app.extensions["schema_head"] = _head(Path(app.root_path) / "migrations")

    def count(asked: Asked, response: Response) -> None:
        method = asked.method if asked.method in METHODS else "OTHER"  # a made-up method must not grow the table
        tally.add(asked.endpoint or "none", method, response.status_code, time.perf_counter() - asked.began)

    app.count = count


@cache
def _head(migrations: Path) -> str | None:
    """The schema that the code expects; reading it compiles every migration."""
    return ScriptDirectory(str(migrations)).get_current_head()


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
