"""Where a benchmark runs: a database, sites on it, and what their processes spend."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from faults.postgres import Postgres
from faults.site import Site


@dataclass
class Place:
    """SQLite, or a PostgreSQL of our own that keeps its promises (fsync on). ``scale`` shrinks what can be shrunk, for a quick look."""

    name: str
    server: Postgres | None = None
    scale: float = 1.0
    made: int = 0
    say: Any = field(default=print)

    def database(self) -> str:
        """The address of a new empty database; empty for the SQLite file in the site's folder."""
        self.made += 1
        return self.server.create(f"bench{self.made}") if self.server else ""

    def people(self, wanted: int, least: int = 40) -> int:
        """How many people, at this scale."""
        return max(least, int(wanted * self.scale))

    @contextlib.contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder that is gone after the block."""
        with tempfile.TemporaryDirectory(prefix="chizheng-bench-") as name:
            yield Path(name)

    @contextlib.contextmanager
    def site(self, document: dict[str, Any], workers: int = 2) -> Iterator[Site]:
        """A site that holds ``document``, not yet served; its processes are gone after the block."""
        with self.folder() as folder:
            made = Site(folder, self.database() or None, workers)
            made.flask("db", "upgrade")
            made.seed(document)
            try:
                yield made
            finally:
                made.stop()

    def spent(self, site: Site) -> tuple[float, float]:
        """Seconds of CPU so far of the site's web processes, and of the database's."""
        web = _cpu(site.processes())
        if self.server is None:
            return web, 0.0  # SQLite works inside the web processes
        return web, _cpu(_backends(site.settings.database_url))

    def whole(self, site: Site) -> float:
        """Both together."""
        return sum(self.spent(site))


def _cpu(pids: list[int]) -> float:
    """Seconds of CPU of all threads of these processes, to the nanosecond."""
    total = 0
    for pid in pids:
        for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):  # a thread that has just ended
                total += int(path.read_text("ascii").split()[0])
    return total / 1e9


def _backends(url: str) -> list[int]:
    """The database's processes that serve this site."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        mine = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return [row[0] for row in connection.execute(f"{mine} AND backend_type = 'client backend'".encode())]
