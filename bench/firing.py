"""Requests that leave at their appointed times, whatever became of those before; raw sockets, so that asking costs next to nothing.

A wait counts from the appointed time, not from when the request could be sent:
a queue on our side would otherwise hide the one on theirs.
"""

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Shot:
    """One request: ``at`` seconds after the beginning, on the connection ``line``."""

    at: float
    line: "Line"
    request: bytes
    keep: Callable[[int, bytes], Any] | None = None


@dataclass
class Volley:
    """What became of them: seconds until each answer, answers by status, seconds from the beginning to the last answer."""

    waits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    cpu: float = 0.0

    @property
    def errors(self) -> int:
        """Answers that were none, or not a success."""
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 400)

    def shown(self) -> str:
        """Milliseconds: median, 99th percentile, longest."""
        waits = statistics.quantiles([1000 * wait for wait in self.waits], n=100, method="inclusive")
        return f"{waits[49]:.0f} / {waits[98]:.0f} / {1000 * max(self.waits):.0f}"


class Line:
    """One kept-alive connection; requests on it wait for each other."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free = asyncio.Lock()
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body; a connection that was closed while it was idle is made anew once, as browsers do. Status 0: no answer."""
        async with self.free:
            for _ in range(2):
                fresh = self.ends is None
                try:
                    if self.ends is None:
                        self.ends = await asyncio.open_connection("127.0.0.1", self.port)
                    return await self._ask(*self.ends, request)
                except (OSError, asyncio.IncompleteReadError):
                    self.close()
                    if fresh:
                        break
            return 0, b""

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, bytes]:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        body = await reader.readexactly(length)
        if b"connection: close" in head.lower():
            self.close()
        return int(head[9:12]), body

    def close(self) -> None:
        """Hang up."""
        if self.ends is not None:
            self.ends[1].close()
            self.ends = None


def request(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode() + body


async def fire(shots: Iterable[Shot]) -> Volley:
    """Send all of it in time, and wait for every answer."""
    volley = Volley()
    began, cpu = time.perf_counter(), time.process_time()

    async def one(shot: Shot) -> None:
        status, body = await shot.line.ask(shot.request)
        volley.waits.append(time.perf_counter() - began - shot.at)
        volley.statuses[status] += 1
        if shot.keep is not None:
            shot.keep(status, body)

    under_way = []
    for shot in sorted(shots, key=lambda shot: shot.at):
        early = shot.at - (time.perf_counter() - began)
        if early > 0:
            await asyncio.sleep(early)
        under_way.append(asyncio.create_task(one(shot)))
    await asyncio.gather(*under_way)
    volley.seconds, volley.cpu = time.perf_counter() - began, time.process_time() - cpu
    return volley
