"""`make run`: what it prepares, what it says, and how it stops."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+) - stop with Ctrl-C")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Run:
    """One ``make run`` in a data folder of its own."""

    def __init__(self, folder: Path, port: int, **more: str) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("CHIZHENG_", "DATABASE_URL"))}
        env |= {"CHIZHENG_DATA": str(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1", **more}
        self.port = port
        self.log = folder.parent / f"{folder.name}-{port}.log"
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "tools/serve.py"], cwd=ROOT, env=env, stdout=file, stderr=file, start_new_session=True
            )

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8")

    def wait(self) -> None:
        """Until it says its address, or ends."""
        until = time.monotonic() + PATIENCE
        while not ADDRESS.search(self.said):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.2)

    def children(self) -> dict[str, int]:
        """The process ids of server and worker."""
        found = {}
        for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii").split():
            command = Path(f"/proc/{pid}/cmdline").read_text("ascii")
            found["server" if "gunicorn" in command else "worker"] = int(pid)
        return found

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    return made


@contextlib.contextmanager
def running(folder: Path, **more: str) -> Iterator[Run]:
    run = Run(folder, free_port(), **more)
    try:
        run.wait()
        yield run
    finally:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(PATIENCE)


def given(folder: Path) -> dict[str, str]:
    """A database that is named, which therefore gets no demonstration."""
    return {"DATABASE_URL": f"sqlite:///{folder / 'given.sqlite3'}"}


def gone(pid: int) -> bool:
    """Whether the process ends soon."""
    until = time.monotonic() + PATIENCE
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        if Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return not Path(f"/proc/{pid}").exists()


def test_a_first_run_fills_an_empty_site_and_a_second_one_keeps_it(folder: Path) -> None:
    with running(folder) as first:
        assert urllib.request.urlopen(f"http://127.0.0.1:{first.port}/readyz").read() == b"ready\n"
        password = re.search(r"password[^:\n]*: (\S+)", first.said)
        names = re.search(r"sign-in names: (.+)", first.said)
        assert password is not None
        assert names is not None
        children = first.children()
        assert set(children) == {"server", "worker"}
        assert first.stop(signal.SIGINT) == 0
        assert all(gone(pid) for pid in children.values())
        assert "Traceback" not in first.said
        assert "Stopped." in first.said
    with running(folder) as second:
        assert password[1] in second.said
        assert names[1] in second.said
        assert "added" not in second.said
        assert second.stop(signal.SIGTERM) == 0
    assert {path.stat().st_mode & 0o077 for path in folder.glob("demo-*.txt")} == {0}


def test_a_worker_that_dies_is_started_again_and_a_server_that_is_killed_takes_all_with_it(folder: Path) -> None:
    with running(folder, **given(folder)) as run:
        assert "sign-in names" not in run.said
        before = run.children()
        os.kill(before["worker"], signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while run.children().get("worker") in {None, before["worker"]} and time.monotonic() < until:
            time.sleep(0.2)
        after = run.children()
        assert after["server"] == before["server"]
        assert after["worker"] != before["worker"]
        os.kill(after["server"], signal.SIGKILL)
        assert run.process.wait(PATIENCE) == 2
        assert gone(after["worker"])
        assert "The server ended by itself" in run.said


def test_when_it_is_killed_outright_nothing_stays_behind(folder: Path) -> None:
    with running(folder, **given(folder)) as run:
        children = run.children()
        run.process.kill()
        run.process.wait(PATIENCE)
        assert all(gone(pid) for pid in children.values())


def test_a_port_in_use_is_said_before_any_work(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = Run(folder, taken.getsockname()[1])
        assert run.process.wait(PATIENCE) == 2
    assert run.said == f"Port {run.port} is in use. Choose another one: make run PORT={run.port + 1}\n"
    assert not list(folder.glob("*.sqlite3"))


@pytest.mark.parametrize("port", ["x", "99999"])
def test_a_setting_that_cannot_be_used_is_one_sentence(folder: Path, port: str) -> None:
    env = dict(os.environ) | {"CHIZHENG_DATA": str(folder), "PORT": port}
    done = subprocess.run([sys.executable, "tools/serve.py"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"PORT must be a whole number from 1 to 65535, not '{port}'.\n"
