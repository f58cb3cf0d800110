"""Parsing what strangers sent, in a process of its own that may be killed.

A parser is named, not handed over: the child is a fresh interpreter, so it is
safe to start from a server's threads, it knows no secret and holds no
connection. It gets 256 MB of address space, some seconds of CPU and 20 s of
wall time, and may write no file; whatever it does beyond that ends it, and the
caller hears a word of ``Trouble`` instead of rows.
"""

import importlib
import logging
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

log = logging.getLogger("chizheng.child")

MEMORY = 256 * 1024 * 1024
WALL_SECONDS = 20
CPU_SECONDS = 3
ROOT = Path(__file__).resolve().parent.parent
Parser = Callable[[bytes], Iterable[Any]]


class Trouble(StrEnum):
    """Why a file was not read."""

    TOO_LARGE = "too_large"
    TOO_COSTLY = "too_costly"
    BOMB = "bomb"
    ENCRYPTED = "encrypted"
    OLD_FORMAT = "old_format"
    NOT_A_TABLE = "not_a_table"
    DAMAGED = "damaged"
    DOCTYPE = "doctype"
    ENCODING = "encoding"
    EMPTY = "empty"


class Refused(Exception):
    """Raised by a parser that will not read on; ``trouble`` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True)
class Parsed:
    """What came of it: the parser's pieces, or why there are none."""

    pieces: tuple[Any, ...] = ()
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Limits:
    """Bytes of address space, seconds of CPU and of wall time."""

    memory: int = MEMORY
    cpu: int = CPU_SECONDS
    wall: float = WALL_SECONDS


def parse(parser: str, content: bytes, limits: Limits = Limits()) -> Parsed:
    """Run ``parser``, named ``package.module:function``, over ``content``.

    The function yields pieces made of lists, texts, numbers and the results of
    ``day``, which come out as dates.
    """
    command = [sys.executable, "-s", "-m", "foundation.child", parser, str(limits.memory), str(limits.cpu)]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, env=environment, close_fds=True) as child:
        try:
            answer, said = child.communicate(content, timeout=limits.wall)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            return Parsed(trouble=Trouble.TOO_COSTLY)
    if said:
        log.warning("%s ended with %s: %s", parser, child.returncode, said[-2000:].decode("utf-8", "replace"))
    return _read(answer) or Parsed(trouble=_killed(child.returncode))


def _killed(code: int) -> Trouble:
    """Why a child ended that could not say it itself.

    It fell over what it read (1), the clock ended it (SIGXCPU, SIGKILL), or it
    was given no more memory: a library written in Rust aborts then.
    """
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return Trouble.TOO_COSTLY
    return Trouble.DAMAGED if code == 1 else Trouble.TOO_LARGE


def _read(answer: bytes) -> Parsed | None:
    """The frames that a child wrote; None when the last one is missing, because then it was ended."""
    pieces: list[Any] = []
    place = 0
    while place + 4 <= len(answer):
        length = int.from_bytes(answer[place : place + 4], "big")
        place += 4
        if length == 0:
            return Parsed(pieces=tuple(pieces))
        piece = _decoder.decode(memoryview(answer)[place : place + length])
        if isinstance(piece, str):
            return Parsed(trouble=Trouble(piece))
        pieces.append(piece)
        place += length
    return None


def _as_date(_code: int, data: memoryview) -> date:
    return date.fromordinal(int.from_bytes(data, "big"))


_decoder = msgspec.msgpack.Decoder(ext_hook=_as_date)


def day(value: date) -> Any:
    """A date as a piece carries it."""
    return msgspec.msgpack.Ext(1, value.toordinal().to_bytes(4, "big"))


def _frames(function: Parser, content: bytes) -> Iterator[bytes]:
    """Each piece behind its length, and an empty one at the end; a piece that is a word says why there are no more."""
    encode = msgspec.msgpack.Encoder().encode
    try:
        for piece in function(content):
            data = encode(piece)
            yield len(data).to_bytes(4, "big") + data
    except (Refused, MemoryError) as end:
        data = encode(end.trouble.value if isinstance(end, Refused) else Trouble.TOO_LARGE.value)
        yield len(data).to_bytes(4, "big") + data
    else:
        yield b"\0\0\0\0"


def _confine(memory: int, cpu: int) -> None:
    """Take away what a parser does not need; once taken, it cannot be given back."""
    for what, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        resource.setrlimit(what, (most, most))


def main(parser: str, memory: int, cpu: int) -> int:
    """The child: confine itself, load the parser, read standard input, write frames."""
    module, _, name = parser.partition(":")
    function: Parser = getattr(importlib.import_module(module), name)
    _confine(memory, cpu)
    content = sys.stdin.buffer.read()
    for frame in _frames(function, content):
        sys.stdout.buffer.write(frame)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    # The module under its own name: a parser raises the Refused of that one.
    sys.exit(importlib.import_module("foundation.child").main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
