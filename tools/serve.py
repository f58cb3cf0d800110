"""``make run``: bring the database up to date, fill an empty one, and serve with the worker beside it.

The demonstration is loaded only into an empty embedded database, never where
``DATABASE_URL`` is set. One SIGINT or SIGTERM stops server and worker in
order; should this process be killed outright, both are told to stop by the
kernel.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from foundation.config import ConfigError, Settings  # noqa: E402 - the project's folder is not on the path before

PATIENCE = 30.0  # seconds for the server to answer, and for each process to end
LONGEST_PAUSE = 60.0  # seconds between two starts of a worker that does not stay up
FLASK = [sys.executable, "-m", "flask", "--app", "app"]
SERVER = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "app:create_app()"]


def main() -> int:
    """Prepare, serve, and answer the exit code."""
    try:
        settings = Settings.from_environ()
        _claim(settings.port)
        _prepare(settings)
    except (ConfigError, OSError) as error:
        return _fail(str(error))
    except subprocess.CalledProcessError as error:
        return _fail(f"`flask {' '.join(error.cmd[len(FLASK):])}` failed; nothing is served.")
    return _serve(settings)


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 2


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _claim(port: int) -> None:
    """Find a taken port before any work is done; raise OSError with what to do."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise OSError(f"Port {port} is in use. Choose another one: make run PORT={port + 1}") from error


def _prepare(settings: Settings) -> None:
    """Schema, content, and on an empty embedded database the demonstration; raise CalledProcessError."""
    _say("Bringing the database up to date")
    done = subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        done.check_returncode()
    _say("Loading the content pack")
    subprocess.run([*FLASK, "content", "load"], cwd=ROOT, check=True)
    if not settings.database_given:
        _demonstrate(settings.data_dir / "demo-accounts.txt")


def _demonstrate(kept: Path) -> None:
    """Load the demonstration when nobody is there yet; say who can sign in, now and at each later start."""
    done = subprocess.run([*FLASK, "demo", "--if-empty"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    if done.stdout.strip():
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(done.stdout)
    if kept.exists():
        _say(f"\n{kept.read_text('utf-8').strip()}\n(said again at each start; kept in {kept.name} in the data folder)")


def _serve(settings: Settings) -> int:
    """Server and worker until a signal comes or the server ends."""
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, told)
    server = _start(SERVER)
    worker = Worker()
    try:
        if _answers(settings.port, server, stop):
            _say(f"\nChizheng 持证上岗 is at http://127.0.0.1:{settings.port} - stop with Ctrl-C")
        while not stop.wait(0.5) and server.poll() is None:
            worker.keep_up()
    finally:
        _end(server, signal.SIGTERM)
        worker.end()
    if stop.is_set():
        _say("Stopped.")
        return 0
    return _fail(f"The server ended by itself with code {server.returncode}.")


class Worker:
    """The worker process, started again when it ends: later and later if it does not stay up."""

    def __init__(self) -> None:
        self.process = _start([*FLASK, "worker"])
        self.began = time.monotonic()
        self.pause = 1.0

    def keep_up(self) -> None:
        """Start it again when it is down and the pause is over."""
        if self.process.poll() is None:
            return
        up = time.monotonic() - self.began
        if up < self.pause:
            return
        self.pause = 1.0 if up > LONGEST_PAUSE else min(LONGEST_PAUSE, self.pause * 2)
        print(f"The worker ended with code {self.process.returncode} and is started again.", file=sys.stderr, flush=True)
        self.process, self.began = _start([*FLASK, "worker"]), time.monotonic()

    def end(self) -> None:
        """Let it finish what it is doing, and end."""
        _end(self.process, signal.SIGINT)


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    """A child in a session of its own, so that Ctrl-C reaches it through us and in order."""
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=_end_with_parent if sys.platform == "linux" else None)


def _end_with_parent() -> None:
    """In the child: have the kernel send SIGTERM when the parent is gone (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _end(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, server: "subprocess.Popen[bytes]", stop: threading.Event) -> bool:
    """Wait until the server takes connections."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None and not stop.is_set():
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            stop.wait(0.1)
        else:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
