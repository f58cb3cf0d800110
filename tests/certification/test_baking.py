"""A credential inside a picture: baked, found again, and found by somebody else's program."""

import io
import struct
import zlib

import pytest
from openbadgeslib import baking as others
from PIL import Image

from certification.baking import KEYWORD, SIGNATURE, NotAPicture, bake, chunks, unbake


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGBA", (16, 16), (15, 92, 99, 255)).save(held, "PNG")
    return held.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_text(body: bytes) -> bytes:
    plain = picture()
    return plain[:-12] + chunk(b"iTXt", body) + plain[-12:]


def test_what_was_baked_is_found_again_and_the_picture_still_opens() -> None:
    made = bake(picture(), "a.b.c")
    assert unbake(made) == "a.b.c"
    assert unbake(picture()) is None
    assert Image.open(io.BytesIO(made)).size == (16, 16)
    assert Image.open(io.BytesIO(made)).text["openbadgecredential"] == "a.b.c"  # type: ignore[attr-defined]


def test_baking_again_replaces() -> None:
    made = bake(bake(picture(), "old"), "new")
    assert (unbake(made), made.count(KEYWORD)) == ("new", 1)


def test_another_program_finds_ours_and_we_find_its() -> None:
    assert others.extract_png(bake(picture(), "a.b.c"), keyword=others.ITXT_KEYWORD_OB3) == "a.b.c"
    assert unbake(others.bake_png(picture(), "x.y.z", keyword=others.ITXT_KEYWORD_OB3)) == "x.y.z"


def test_a_compressed_text_with_a_language_is_read() -> None:
    assert unbake(with_text(KEYWORD + b"\0\1\0zh\0\xe5\xad\x97\0" + zlib.compress(b"a.b.c"))) == "a.b.c"


@pytest.mark.parametrize("body", [
    KEYWORD + b"\0", KEYWORD + b"\0\0", KEYWORD + b"\0\0\0no end", KEYWORD + b"\0\0\0\0\0\xff\xfe", KEYWORD + b"\0\1\0\0\0not zlib",
    KEYWORD + b"\0\1\0\0\0" + zlib.compress(bytes(50_000_000)), KEYWORD + b"\0\0\0\0\0" + b"x" * 70_000,
], ids=["bare", "short", "unterminated", "not-utf8", "not-zlib", "bomb", "long"])
def test_a_hostile_text_is_refused(body: bytes) -> None:
    with pytest.raises(NotAPicture):
        unbake(with_text(body))


def test_two_credentials_in_one_picture_are_refused() -> None:
    body = KEYWORD + b"\0\0\0\0\0a.b.c"
    plain = picture()
    with pytest.raises(NotAPicture):
        unbake(plain[:-12] + chunk(b"iTXt", body) * 2 + plain[-12:])


@pytest.mark.parametrize("damaged", [
    b"", b"GIF89a", SIGNATURE, picture()[:-3], picture().replace(b"IDAT", b"IDAX", 1), SIGNATURE + b"\xff\xff\xff\xffIDAT",
    SIGNATURE + chunk(b"tEXt", b"x") * 5000,
], ids=["empty", "gif", "head", "cut", "checksum", "huge", "endless"])
def test_what_is_no_picture_is_refused(damaged: bytes) -> None:
    with pytest.raises(NotAPicture):
        list(chunks(damaged))
    with pytest.raises(NotAPicture):
        bake(damaged, "a.b.c")
