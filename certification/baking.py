"""A credential inside its picture: an ``iTXt`` chunk of a PNG.

Source: 1EdTech Open Badges 3.0, "Baking" (PNG: keyword ``openbadgecredential``,
not compressed, exactly one); PNG (W3C), 5 and 11.3.3.4. Reading looks at chunks
only and never at pixels, so that a hostile picture costs nothing.
"""

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
CHUNKS = 4096
"""More chunks than any badge has."""
LONGEST = 64 * 1024
"""A credential is shorter, in bytes."""


class NotAPicture(ValueError):
    """The bytes are no PNG, or a damaged one."""


def bake(picture: bytes, token: str) -> bytes:
    """The picture with ``token`` in it; one that it held before is replaced. Raises NotAPicture."""
    made = bytearray(SIGNATURE)
    for kind, body in chunks(picture):
        if kind == b"IEND":
            made += _chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0" + token.encode("ascii"))
        if not _holds_ours(kind, body):
            made += _chunk(kind, body)
    return bytes(made)


def unbake(picture: bytes) -> str | None:
    """The token in the picture; None when it has none. Raises NotAPicture."""
    found = [body for kind, body in chunks(picture) if _holds_ours(kind, body)]
    if not found:
        return None
    if len(found) > 1:
        raise NotAPicture("more than one credential")
    return _text(found[0][len(KEYWORD) + 1:])


def chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk up to IEND; raises NotAPicture where one is cut off or its checksum is wrong."""
    if not picture.startswith(SIGNATURE):
        raise NotAPicture("no PNG signature")
    at = len(SIGNATURE)
    for _ in range(CHUNKS):
        head = picture[at:at + 8]
        if len(head) < 8:
            raise NotAPicture("cut off")
        length, kind = struct.unpack(">I4s", head)
        body, check = picture[at + 8:at + 8 + length], picture[at + 8 + length:at + 12 + length]
        if len(check) < 4 or struct.unpack(">I", check)[0] != zlib.crc32(kind + body):
            raise NotAPicture("a chunk is damaged")
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + length
    raise NotAPicture("too many chunks")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _holds_ours(kind: bytes, body: bytes) -> bool:
    return kind == b"iTXt" and body.startswith(KEYWORD + b"\0")


def _text(rest: bytes) -> str:
    """The text of an iTXt chunk after its keyword: flag, method, language, translated keyword, text."""
    fields = rest[2:].split(b"\0", 2)
    if len(rest) < 2 or len(fields) < 3:
        raise NotAPicture("a text chunk is damaged")
    text = fields[2]
    try:
        if rest[0]:
            text = zlib.decompressobj().decompress(text, LONGEST + 1)
        if len(text) > LONGEST:
            raise NotAPicture("the text is too long")
        return text.decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise NotAPicture("the text cannot be read") from error
