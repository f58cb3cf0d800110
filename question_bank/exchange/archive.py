"""A zip archive from a stranger: looked through by its directory before a byte is unpacked, then read one file at a time.

Refused are paths that lead out of it (``path``), more files, more bytes or a
steeper growth than an honest package has and files that share their bytes
(``bomb``), passwords (``encrypted``), and what is broken (``damaged``). Nothing
is ever written to a disk. Directories and what macOS puts beside the files are
left out of the names.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from question_bank.exchange.found import Unusable

MOST_FILES = 20_000
"""Files of an archive, at most."""
UNPACKED = 512 * 1024 * 1024
"""Bytes of all its files together, as its directory declares them."""
STEEPEST = 250
"""Bytes that one packed byte may become, in files of more than ``SMALL`` bytes; XML of a machine reaches 100."""
SMALL = 4 * 1024 * 1024
LOCAL_HEADER = 30
_UTF8, _LOCKED = 0x800, 0x1 | 0x40
_DIRECTORY_ENTRY = b"PK\x01\x02"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DRIVE = re.compile("[A-Za-z]:")
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)


class Archive:
    """The files of an archive, by name with ``/`` between folders, in the order of its directory."""

    def __init__(self, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
        self._archive, self._members = archive, members

    @property
    def names(self) -> list[str]:
        """All files."""
        return list(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        """Bytes of a file, unpacked; raises KeyError."""
        return self._members[name].file_size

    def read(self, name: str, limit: int) -> bytes:
        """A file as a whole; raises KeyError, Unusable ``too_large`` beyond ``limit`` bytes, ``damaged`` where its checksum is wrong."""
        member = self._members[name]
        if member.file_size > limit:
            raise Unusable("too_large", f"{limit // 2**20} MB" if limit >= 2**20 else f"{limit} B")
        try:
            return self._archive.read(member)
        except _BROKEN as trouble:
            raise Unusable("damaged", name) from trouble

    def start(self, name: str, count: int) -> bytes:
        """The first ``count`` bytes of a file; no more than that is unpacked. Raises KeyError, Unusable ``damaged``."""
        try:
            with self._archive.open(self._members[name]) as file:
                return file.read(count)
        except _BROKEN as trouble:
            raise Unusable("damaged", name) from trouble


def entries(content: bytes) -> Archive:
    """The archive, looked through; raises Unusable ``damaged``, ``encrypted``, ``bomb`` or ``path``."""
    if content.count(_DIRECTORY_ENTRY) > 2 * MOST_FILES:
        raise Unusable("bomb")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as trouble:
        raise Unusable("damaged", "zip") from trouble
    members = archive.infolist()
    _look_through(members, archive.start_dir)
    return Archive(archive, dict(_named(members)))


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of ``files`` (name, content), which depends on nothing but them: every file is of the first moment that zip knows."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _FIRST_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def _look_through(members: Sequence[zipfile.ZipInfo], directory: int) -> None:
    if len(members) > MOST_FILES or sum(member.file_size for member in members) > UNPACKED:
        raise Unusable("bomb")
    for member in members:
        if member.flag_bits & _LOCKED:
            raise Unusable("encrypted")
        if member.file_size > SMALL and member.file_size > STEEPEST * member.compress_size:
            raise Unusable("bomb")
        if member.compress_type not in _METHODS:
            raise Unusable("damaged", member.filename[:100])
    ends = sorted((member.header_offset, member.header_offset + LOCAL_HEADER + member.compress_size) for member in members)
    if any(end > start for (_begin, end), (start, _end) in pairwise([*ends, (directory, directory)])):
        raise Unusable("bomb")


def _named(members: Iterable[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    seen: set[str] = set()
    for member in members:
        name = _name(member)
        parts = name.split("/")
        linked = stat.S_ISLNK(member.external_attr >> 16)
        if linked or name.startswith("/") or _DRIVE.match(name) or ".." in parts or "\0" in member.orig_filename:
            raise Unusable("path", name[:100])
        name = "/".join(part for part in parts if part not in ("", "."))
        if name in seen:
            raise Unusable("damaged", name[:100])
        if not member.is_dir() and parts[0] != "__MACOSX" and parts[-1] not in (".DS_Store", ""):
            seen.add(name)
            yield name, member


def _name(member: zipfile.ZipInfo) -> str:
    """The name that was meant: programs that do not say so write UTF-8 or the encoding of a Chinese Windows all the same."""
    name = member.filename
    if not member.flag_bits & _UTF8 and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")
