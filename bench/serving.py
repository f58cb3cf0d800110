"""A server of one process, and how much CPU it has used."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0


@dataclass(frozen=True)
class Server:
    """Where it listens, and the process that answers."""

    port: int
    worker: int

    def cpu(self) -> float:
        """Seconds of CPU that the threads of the answering process have used so far, to the nanosecond."""
        spent = (int(path.read_text("ascii").split()[0]) for path in Path(f"/proc/{self.worker}/task").glob("*/schedstat"))
        return sum(spent) / 1e9


@contextlib.contextmanager
def serve(application: str, folder: Path, **env: str) -> Iterator[Server]:
    """``application`` under gunicorn, one gthread worker, set up like ``make run``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--workers", "1", application]
    log = folder / f"{port}.log"
    with log.open("w") as file:
        master = subprocess.Popen(command, cwd=ROOT, env=clean(PORT=str(port), **env), stdout=file, stderr=file)
    try:
        yield Server(port, _answering(master, port, log))
    finally:
        master.terminate()
        master.wait(PATIENCE)


def clean(**env: str) -> dict[str, str]:
    """The environment without what would configure the product, and with ``env``."""
    ours = ("CHIZHENG_", "DATABASE_URL", "SECRET_KEY", "REDIS_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | env


def _answering(master: "subprocess.Popen[bytes]", port: int, log: Path) -> int:
    """The worker's process id, once it answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and master.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            children = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text("ascii").split()
            if children:
                return int(children[0])
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8')[-2000:]}")
