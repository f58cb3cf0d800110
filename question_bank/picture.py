"""Pictures of questions, drawn anew: what a camera or a program wrote beside the pixels stays behind.

Drawings become PNG, photographs JPEG: both can be printed, put into a Word
paper and read by every other system. A transparent ground becomes white, so that black
lines can be seen at night too. What this rule wrote is left as it is when it comes
back, byte for byte: a picture keeps its name through export and import.
"""

import hashlib
import io
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 16_000_000
"""A picture that says it is larger is not decoded: a few kilobytes can unfold into gigabytes."""
MOST_PHOTO_PIXELS = 120_000_000
"""The same for a JPEG, which can be decoded at a half, a quarter or an eighth of its size."""
LONGEST_SIDE = 1600
LARGEST_DRAWING = 600_000
"""Bytes of a PNG above which it is taken for a photograph."""
QUALITY = 85
PNG, JPEG = "image/png", "image/jpeg"
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error)
"""What Pillow raises on damaged files, by format."""
_RESTART = re.compile(rb"\xff([^\x00\xd0-\xd7])")
_PLAIN_PARTS = {0xDB, 0xC0, 0xC4, 0xDA}
_JFIF = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


class Unfit(Exception):
    """A picture or sound that is not kept; ``code``: empty, too_large, kind, broken, pixels, long, svg, heic or aac."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Encoded:
    """A picture or sound as it is kept: ``width`` and ``height`` in pixels, ``seconds`` of a sound."""

    content: bytes
    media_type: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


def media_name(encoded: Encoded) -> str:
    """The name that a text calls it by, 16 signs of the SHA-256 of its content; of a sound the last one is an ``s``."""
    digits = hashlib.sha256(encoded.content).hexdigest()
    return f"{digits[:15]}s" if encoded.media_type.startswith("audio/") else digits[:16]


def told(coder: Callable[[bytes], Encoded], content: bytes) -> Iterator[list[Any]]:
    """What a process of its own says: one piece, ``[content, type, width, height, seconds]``, or ``[code]`` of an Unfit."""
    try:
        made = coder(content)
    except Unfit as unfit:
        yield [unfit.code]
    else:
        yield [made.content, made.media_type, made.width, made.height, made.seconds]


def in_child(content: bytes) -> Iterator[list[Any]]:
    """``encode`` for a process of its own."""
    return told(encode, content)


def encode(content: bytes) -> Encoded:
    """The picture drawn anew, at most LONGEST_SIDE pixels long; raises Unfit. Of a moving one the first picture is kept."""
    if not content:
        raise Unfit("empty")
    if len(content) > MOST_BYTES:
        raise Unfit("too_large")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            return _encoded(image, content)
    except UnidentifiedImageError as trouble:
        raise Unfit(_kind(content)) from trouble
    except Image.DecompressionBombError as trouble:
        raise Unfit("pixels") from trouble
    except _BROKEN as trouble:
        raise Unfit("broken") from trouble


def _kind(content: bytes) -> str:
    """Why nothing here reads it: formats that people try are named."""
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        return "heic"
    return "svg" if b"<svg" in content[:2000] else "kind"


def _encoded(image: Image.Image, content: bytes) -> Encoded:
    width, height = image.size
    photo = image.format == "JPEG"
    in_steps = photo and not image.info.get("progressive")  # a progressive one is unfolded whole before it is made smaller
    if width * height > (MOST_PHOTO_PIXELS if in_steps else MOST_PIXELS):
        raise Unfit("pixels")
    if photo and max(width, height) <= LONGEST_SIDE and _is_ours(image, content):
        image.load()
        return Encoded(content, JPEG, width, height)
    if photo:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    drawn = _on_white(ImageOps.exif_transpose(_small(image)))
    if not photo and len(png := _saved(drawn, "PNG", optimize=True)) <= LARGEST_DRAWING:
        return Encoded(png, PNG, *drawn.size)
    return Encoded(_saved(drawn, "JPEG", quality=QUALITY, optimize=True), JPEG, *drawn.size)


def _small(image: Image.Image) -> Image.Image:
    """The picture at its final size; colours from a palette are told apart first, because they cannot be mixed."""
    if image.mode not in ("L", "RGB", "RGBA", "CMYK"):
        image = image.convert("RGBA" if image.has_transparency_data else "L" if image.mode == "1" else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in grey where it has no colour, else in red, green and blue, without anything beside its pixels."""
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    drawn = image.convert("L" if image.mode == "L" else "RGB")
    fresh = Image.new(drawn.mode, drawn.size)
    fresh.paste(drawn)
    return fresh


def _saved(image: Image.Image, written_as: str, **how: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, written_as, **how)
    return target.getvalue()


def _is_ours(image: Image.Image, content: bytes) -> bool:
    """Whether ``_saved`` could have written the JPEG: our tables, no part that says anything beside the pixels, nothing behind its end."""
    own = Image.open(io.BytesIO(_saved(Image.new(image.mode, (8, 8)), "JPEG", quality=QUALITY)))
    if getattr(image, "quantization", None) != getattr(own, "quantization", 0):
        return False
    at, parts = 2, 0
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        inner = content[at + 4 : at + 2 + size]
        if marker not in _PLAIN_PARTS and not (marker == 0xE0 and parts == 0 and inner == _JFIF):
            return False
        at, parts = at + 2 + size, parts + 1
        if marker == 0xDA:
            ends = [found.start() for found in _RESTART.finditer(content, at)]
            return ends == [len(content) - 2] and content.endswith(b"\xff\xd9")
    return False
