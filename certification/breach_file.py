"""Evidence files: pictures made anew, documents kept as they are, everything else refused.

A picture is decoded and written again as a JPEG: its place and camera (EXIF),
anything hidden behind its end and any trick of its format stay behind. A PDF
cannot be made anew; it is recognised by its first bytes and only ever handed
out as a download. What a file calls itself is not believed.
"""

import hashlib
import io
import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 6
MOST_PIXELS = 50_000_000
"""A picture that says it is larger is not decoded: a few kilobytes can unfold into gigabytes."""
LONGEST_SIDE = 2400
FORMATS = ("JPEG", "PNG", "WEBP")
JPEG, PDF = "image/jpeg", "application/pdf"
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error, Image.DecompressionBombError)
"""What Pillow raises on damaged files, by format."""


class Flaw(StrEnum):
    """Why a file is not kept."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    KIND = "kind"
    BROKEN = "broken"
    PIXELS = "pixels"


@dataclass(frozen=True)
class Evidence:
    """A file as it is kept; ``digest`` is the SHA-256 of ``content``."""

    name: str
    media_type: str
    content: bytes
    digest: bytes


def read(name: str, content: bytes) -> Evidence | Flaw:
    """The file as it may be kept, or why it may not."""
    if not content:
        return Flaw.EMPTY
    if len(content) > MOST_BYTES:
        return Flaw.TOO_LARGE
    if content.startswith(b"%PDF-"):
        return _kept(name, "pdf", PDF, content) if b"%%EOF" in content[-2048:] else Flaw.BROKEN
    picture = _anew(content)
    return picture if isinstance(picture, Flaw) else _kept(name, "jpg", JPEG, picture)


def _kept(name: str, ending: str, media_type: str, content: bytes) -> Evidence:
    return Evidence(_plain(name, ending), media_type, content, hashlib.sha256(content).digest())


def _plain(name: str, ending: str) -> str:
    """The name without folders, control characters or what would turn a line around, with the ending of what it really is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem = last.rpartition(".")[0] or last
    clean = "".join(one for one in stem if one == " " or (unicodedata.category(one)[0] not in "CZ" and one not in '"<>:|?*%;'))
    return f"{clean.strip('. ')[:80] or 'file'}.{ending}"


def _anew(content: bytes) -> bytes | Flaw:
    """The picture decoded, turned upright, made no longer than ``LONGEST_SIDE``, and written as a JPEG on white."""
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        return Flaw.PIXELS
    except _BROKEN:
        return Flaw.KIND
    if picture.width * picture.height > MOST_PIXELS:
        return Flaw.PIXELS
    try:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        clear = upright.convert("RGBA")
        page = Image.new("RGB", clear.size, "white")
        page.paste(clear, mask=clear.getchannel("A"))
        written = io.BytesIO()
        page.save(written, "JPEG", quality=85)
    except _BROKEN:
        return Flaw.BROKEN
    return written.getvalue()
