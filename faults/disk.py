"""What a power cut leaves on the disk, out of the journal that ``disk.c`` keeps.

Until a file is synced, nothing of what was written to it since the last sync
is sure: after a cut all of it may be gone, or some of it, down to single
sectors, in any mixture. What a finished sync covers is there. That a file
exists or was removed is taken to be there at once; SQLite syncs the folder
itself where it counts on it.
"""

import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

SOURCE = Path(__file__).with_name("disk.c")
HEAD = struct.Struct("<IIQQQ")
MAGIC = 0x43555421
WRITE, SYNC, CUT_SHORT, REMOVE = 1, 2, 3, 4
ENDINGS = {1: "", 2: "-wal", 3: "-journal"}
SECTOR = 512
Unsynced = Literal["gone", "some", "there"]


class NoCompiler(Exception):
    """The shim cannot be built here; the text says why."""


def build(folder: Path) -> Path:
    """The shim as a library; raises NoCompiler."""
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        raise NoCompiler("there is no C compiler (gcc, cc or clang)")
    made = folder / "disk.so"
    done = subprocess.run(
        [compiler, "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl"], capture_output=True, text=True
    )
    if done.returncode:
        raise NoCompiler(f"{compiler} cannot build {SOURCE.name}: {done.stderr[-500:]}")
    return made


@dataclass(frozen=True)
class Record:
    """One deed: where its record begins in the journal, and for a sync up to where it covers the journal."""

    at: int
    deed: int
    file: int
    offset: int
    data: bytes


@dataclass
class Disk:
    """A database with its log as it stood at the beginning, and everything that was done to it since."""

    base: dict[int, bytes]
    records: list[Record]
    size: int
    ends: list[int] = field(default_factory=list)

    @classmethod
    def read(cls, base: dict[int, bytes], journal: Path) -> "Disk":
        """The deeds of a journal; one that was being written when everything was killed ends it."""
        data = journal.read_bytes()
        records = list(_records(data))
        return cls(base, records, len(data))

    def count(self, deed: int, file: int) -> int:
        """How often that was done."""
        return sum(record.deed == deed and record.file == file for record in self.records)

    def after_cut(self, upto: int, dice: random.Random, unsynced: Unsynced) -> dict[int, bytes]:
        """The files after the power went when the journal stood at ``upto``."""
        done = [record for record in self.records if record.at < upto]
        sure = {file: max((one.offset for one in done if one.deed == SYNC and one.file == file), default=0) for file in ENDINGS}
        files = {file: bytearray(data) for file, data in self.base.items()}
        for record in done:
            kept = record.at < sure[record.file]
            if record.deed == REMOVE:
                files.pop(record.file, None)
            elif record.deed == CUT_SHORT and (kept or unsynced != "gone"):
                del files.setdefault(record.file, bytearray())[record.offset:]
            elif record.deed == WRITE:
                for offset, part in _parts(record, kept, dice, unsynced):
                    _put(files.setdefault(record.file, bytearray()), offset, part)
        return {file: bytes(data) for file, data in files.items()}


def _records(data: bytes) -> Iterator[Record]:
    at = 0
    while at + HEAD.size <= len(data):
        magic, deed, file, offset, length = HEAD.unpack_from(data, at)
        if magic != MAGIC:
            raise ValueError(f"the journal is damaged at {at}")
        start = at + HEAD.size
        if deed == WRITE and start + length > len(data):
            return
        yield Record(at, deed, file, offset, data[start : start + length] if deed == WRITE else b"")
        at = start + (length if deed == WRITE else 0)


def _parts(record: Record, kept: bool, dice: random.Random, unsynced: Unsynced) -> Iterator[tuple[int, bytes]]:
    """What of a write is on the disk: all of it, or sectors of it."""
    if kept or unsynced == "there":
        yield record.offset, record.data
    elif unsynced == "some":
        first = record.offset // SECTOR * SECTOR
        for start in range(first, record.offset + len(record.data), SECTOR):
            low, high = max(start, record.offset), min(start + SECTOR, record.offset + len(record.data))
            if dice.random() < 0.5:
                yield low, record.data[low - record.offset : high - record.offset]


def _put(file: bytearray, offset: int, part: bytes) -> None:
    if len(file) < offset:
        file.extend(bytes(offset - len(file)))
    file[offset : offset + len(part)] = part


def files_of(database: Path) -> dict[int, bytes]:
    """The database and its log as they stand."""
    paths = {file: Path(f"{database}{ending}") for file, ending in ENDINGS.items()}
    return {file: path.read_bytes() for file, path in paths.items() if path.exists()}


def put_back(database: Path, files: dict[int, bytes]) -> None:
    """Make the disk what a cut left of it; what lives in memory (the log's index) is gone."""
    for ending in (*ENDINGS.values(), "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    for file, data in files.items():
        Path(f"{database}{ENDINGS[file]}").write_bytes(data)
