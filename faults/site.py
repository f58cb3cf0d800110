"""A site in a folder of its own: filled by ``flask seed``, served by gunicorn as ``make run`` serves it, and killed outright."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from foundation.config import Settings

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
SECRETS = {"SECRET_KEY": "a secret that is only made to be lost", "CHIZHENG_DATA_KEY": "a data key that is only made to be lost"}
OURS = ("CHIZHENG_", "DATABASE_URL", "SECRET_KEY", "REDIS_URL", "GUNICORN_CMD_ARGS")
# However we end, what we started ends with us.
ENDS_WITH_US = ["setpriv", "--pdeathsig=TERM"] if shutil.which("setpriv") else []


class Site:
    """One site; ``database`` is an address, or None for the SQLite file in the folder. ``more`` goes into the server's environment."""

    def __init__(self, folder: Path, database: str | None, workers: int = 2, application: str = "app:create_app()", **more: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.application = application
        given = {"CHIZHENG_DATA": str(folder), **SECRETS} | ({"DATABASE_URL": database} if database else {})
        self.settings = Settings.from_environ(given)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.env = kept | given | {"PORT": str(self.port), "WEB_CONCURRENCY": str(workers), **more}
        self.log = folder / "server.log"
        self.server: subprocess.Popen[bytes] | None = None
        self.document: dict[str, Any] = {}
        self.ids: dict[str, int] = {}

    def flask(self, *command: str) -> str:
        """One command of the site; raises RuntimeError with what it said."""
        words = [sys.executable, "-m", "flask", "--app", "app", *command]
        done = subprocess.run(words, cwd=ROOT, env={**self.env, "LD_PRELOAD": ""}, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(command)} failed:\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
        return done.stdout

    def seed(self, document: dict[str, Any]) -> dict[str, int]:
        """Load a document; answers ids by code."""
        self.document = document
        path = self.folder / "seed.json"
        path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        self.ids = json.loads(self.flask("seed", str(path)))
        return self.ids

    def engine(self) -> Engine:
        """The database itself, to look what is really there."""
        return create_engine(self.settings.database_url, poolclass=NullPool)

    def start(self) -> None:
        """Serve, and wait until somebody answers."""
        command = [*ENDS_WITH_US, sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", self.application]
        with self.log.open("a") as file:
            self.server = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=file, stderr=file, start_new_session=True)
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self.server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{self.log.read_text('utf-8')[-3000:]}")
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL to every process of the server at once; back when none is left."""
        if self.server is None:
            return
        group = self.server.pid
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        self.server.wait()
        while _group(group):
            time.sleep(0.005)
        self.server = None

    def stop(self) -> None:
        """End in order, so that what waits in memory is written."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(PATIENCE)
            self.server = None

    def processes(self) -> list[int]:
        """The server's processes."""
        return _group(self.server.pid) if self.server else []

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Served for the block, and gone after it."""
        self.start()
        try:
            yield
        finally:
            self.kill()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return probe.recv(15).startswith(b"HTTP/1.1 200")
        except OSError:
            return False


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _group(group: int) -> list[int]:
    """The processes of a group that still run; one that waits to be buried does not."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it may end while we look
            state, _parent, its_group = Path(f"/proc/{name}/stat").read_text("utf-8").rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in "ZX":
                found.append(int(name))
    return found
