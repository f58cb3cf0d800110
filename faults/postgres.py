"""A PostgreSQL of our own that promises what a real one does (fsync on), and can be killed outright."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.databases import binaries

STRICT = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=200", "timezone=UTC")
PATIENCE = 60.0


class Postgres:
    """One server; ``kill`` and ``start`` as often as wanted."""

    def __init__(self, folder: Path) -> None:
        programs, user = binaries(folder)
        self.log = folder / "log"
        self.home = folder / "run"
        self.home.mkdir()
        self.become: list[str] = []
        if os.geteuid() == 0:  # it refuses to run as root
            folder.chmod(0o755)
            shutil.chown(self.home, user)
            self.become = ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]
        begin = ["-D", str(self.home / "data"), "-U", "chizheng", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*self.become, str(programs / "initdb"), *begin], cwd=self.home, check=True, capture_output=True)
        options = [word for option in STRICT for word in ("-c", option)]
        leave = ["setpriv", "--pdeathsig=INT", *self.become[1:]] if shutil.which("setpriv") else []  # it ends with us, however we end
        self.command = [
            *leave, str(programs / "postgres"), "-D", str(self.home / "data"), "-k", str(self.home), "-h", "", *options
        ]
        self.server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve; after a kill this is a recovery from the log.

        A process that was born while the others were killed may hold the shared memory a moment longer.
        """
        until = time.monotonic() + PATIENCE
        while True:
            told = self.log.stat().st_size if self.log.exists() else 0
            with self.log.open("a") as log:
                self.server = subprocess.Popen(self.command, cwd=self.home, stdout=log, stderr=log, start_new_session=True)
            try:
                self._connect("postgres").close()
            except RuntimeError:
                if "pre-existing shared memory block" not in self.log.read_text()[told:] or time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    def kill(self) -> None:
        """SIGKILL to the postmaster and every backend, the latter first."""
        if self.server is None:
            return
        for pid in [*self.processes(), self.server.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()
        self.server = None

    def kill_a_backend(self, database: str) -> None:
        """SIGKILL to one backend that serves ``database``: the postmaster cuts all others off and recovers."""
        one = "SELECT pid FROM pg_stat_activity WHERE datname = %s ORDER BY random() LIMIT 1"
        with self._connect("postgres") as connection:
            row = connection.execute(one, (database,)).fetchone()
        if row is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(row[0], signal.SIGKILL)

    def processes(self) -> list[int]:
        """The backends and other children of the postmaster."""
        if self.server is None:
            return []
        with contextlib.suppress(OSError):  # it may be gone already
            return [int(pid) for pid in Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text("ascii").split()]
        return []

    def create(self, name: str) -> str:
        """A new empty database; answers its address."""
        with self._connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return f"postgresql:///{name}?host={self.home}&user=chizheng"

    def _connect(self, name: str) -> psycopg.Connection[Any]:
        """A connection, as soon as it starts or has recovered."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return psycopg.connect(host=str(self.home), user="chizheng", dbname=name, autocommit=True)
            except psycopg.OperationalError as error:
                if self.server is None or self.server.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"PostgreSQL does not answer:\n{self.log.read_text()[-2000:]}") from error
                time.sleep(0.02)


@contextlib.contextmanager
def strict() -> Iterator[Postgres]:
    """A server for the block; raises Unavailable where there is none to be had."""
    folder = Path(tempfile.mkdtemp(prefix="chizheng-faults-"))
    server = Postgres(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
