"""Evidence files, honest and hostile."""

import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from certification.breach_file import JPEG, LONGEST_SIDE, MOST_BYTES, PDF, Evidence, Flaw, read

PAPER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, (200, 30, 30) if mode == "RGB" else None).save(out, kind, **more)
    return out.getvalue()


def kept(name: str, content: bytes) -> Evidence:
    found = read(name, content)
    assert isinstance(found, Evidence), found
    return found


def opened(found: Evidence) -> Image.Image:
    return Image.open(io.BytesIO(found.content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_anew_as_a_jpeg(kind: str) -> None:
    found = kept(f"现场.{kind.lower()}", picture(kind))
    assert (found.name, found.media_type, opened(found).format, opened(found).size) == ("现场.jpg", JPEG, "JPEG", (60, 40))


def test_where_and_with_what_a_picture_was_taken_is_not_kept_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "CameraMaker"  # turned by a quarter; the maker
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 20.0)
    found = kept("p.jpg", picture(exif=exif.tobytes(), comment=b"a secret remark"))
    again = opened(found)
    assert again.size == (40, 60)
    assert not again.getexif()
    assert b"CameraMaker" not in found.content
    assert b"secret" not in found.content


def test_what_is_hidden_behind_a_picture_or_in_it_is_gone() -> None:
    script = b"<script>alert(1)</script>"
    polyglot = picture() + b"PK\x03\x04" + script + PAPER
    assert script not in kept("p.jpg", polyglot).content
    assert script not in kept("p.png", picture("PNG") + script).content


def test_transparency_becomes_white_and_a_large_picture_smaller() -> None:
    found = opened(kept("p.png", picture("PNG", (5000, 100), "RGBA")))
    assert found.size == (LONGEST_SIDE, 48)
    assert found.getpixel((1200, 20)) == (255, 255, 255)


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that says it is ``side`` by ``side``."""
    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(5000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_200, 60_000])
def test_a_picture_that_unfolds_into_gigabytes_is_not_decoded(side: int) -> None:
    assert read("p.png", bomb(side)) is Flaw.PIXELS


@pytest.mark.parametrize("content", [
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', b"<!doctype html><script>alert(1)</script>",
    b"GIF89a" + bytes(60), b"MZ" + bytes(200), b"PK\x03\x04" + bytes(80), b"\n%PDF-1.4 %%EOF", bytes(500),
])
def test_what_is_neither_a_photograph_nor_a_document_is_refused(content: bytes) -> None:
    for name in ("photo.jpg", "paper.pdf", "x.svg"):
        assert read(name, content) is Flaw.KIND


def test_empty_broken_and_oversized_files_say_so() -> None:
    assert read("p.jpg", b"") is Flaw.EMPTY
    assert read("p.jpg", picture() + bytes(MOST_BYTES)) is Flaw.TOO_LARGE
    assert read("p.png", picture("PNG", (300, 300))[:120]) is Flaw.BROKEN
    assert read("p.pdf", b"%PDF-1.7 cut off") is Flaw.BROKEN


def test_a_document_is_kept_byte_for_byte() -> None:
    found = kept("投诉单.PDF", PAPER)
    assert (found.name, found.media_type, found.content) == ("投诉单.pdf", PDF, PAPER)


@pytest.mark.parametrize(("name", "plain"), [
    ("../../etc/passwd.jpg", "passwd.jpg"), ("C:\\x\\照片.png", "照片.jpg"), ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
    ("\u202egpj.exe", "gpj.jpg"), ("", "file.jpg"), ("...", "file.jpg"), ("x" * 300 + ".jpg", "x" * 80 + ".jpg"),
])
def test_a_name_cannot_lead_anywhere(name: str, plain: str) -> None:
    assert kept(name, picture()).name.replace(" ", "") == plain.replace(" ", "")


@given(some.binary(min_size=1, max_size=400), some.sampled_from(["JPEG", "PNG", "WEBP"]), some.integers(0, 10_000))
def test_whatever_is_sent_is_kept_whole_or_refused(noise: bytes, kind: str, at: int) -> None:
    good = picture(kind)
    at %= len(good)
    for content in (noise, good[:at] + noise, good[:at] + noise + good[at + len(noise):]):
        found = read("p", content)
        if isinstance(found, Evidence):
            assert opened(found).format == "JPEG"
