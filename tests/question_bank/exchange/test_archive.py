"""Archives from strangers: what is refused before a byte is unpacked, and what is read."""

import io
import stat
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.exchange.archive import SMALL, entries, packed
from question_bank.exchange.found import Unusable


def archive(*names: str, mode: int = 0) -> bytes:
    """An archive of files that say ``x``."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as into:
        for name in names:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            into.writestr(entry, "x")
    return target.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(Unusable) as found:
        entries(content)
    return found.value.code


def test_what_is_packed_is_read_and_depends_on_nothing_else() -> None:
    files = [("a/b.xml", b"<a/>" * 10), ("图/一 (1).png", b"\x89PNG")]
    content = packed(files)
    opened = entries(content)
    assert opened.names == ["a/b.xml", "图/一 (1).png"]
    assert [opened.read(name, 100) for name in opened.names] == [said for _name, said in files]
    assert "a/b.xml" in opened
    assert "a" not in opened
    assert opened.size("a/b.xml") == 40
    assert packed(files) == content


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "C:\\x", "..\\x", "a/..", "\\\\server\\x"])
def test_paths_that_lead_out(name: str) -> None:
    assert refusal(archive("ok.xml", name)) == "path"


def test_links() -> None:
    assert refusal(archive("x", mode=stat.S_IFLNK | 0o777)) == "path"


def test_bombs() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr("x.xml", b" " * (2 * SMALL))
    assert refusal(target.getvalue()) == "bomb"
    assert refusal(b"PK\x01\x02" * 40_001) == "bomb"


def test_files_that_share_their_bytes() -> None:
    content = bytearray(archive("a.xml", "b.xml"))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = (0).to_bytes(4, "little")
    assert refusal(bytes(content)) == "bomb"


def test_more_bytes_than_a_directory_may_promise() -> None:
    content = bytearray(archive("a.xml"))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = (600 * 2**20).to_bytes(4, "little")
    assert refusal(bytes(content)) == "bomb"


def test_passwords_and_other_ways_of_packing() -> None:
    content = bytearray(archive("a.xml"))
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    assert refusal(bytes(content)) == "encrypted"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as into:
        into.writestr("x.xml", b"<a/>")
    assert refusal(target.getvalue()) == "damaged"


TWICE = archive("a.xml", "b.xml").replace(b"b.xml", b"a.xml")


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + bytes(100), b"", archive("a")[:-8], TWICE])
def test_broken_archives(content: bytes) -> None:
    assert refusal(content) == "damaged"


def test_a_broken_file_and_a_large_one() -> None:
    content = bytearray(archive("a.xml"))
    content[content.index(b"a.xml") + 5] ^= 0xFF
    opened = entries(bytes(content))
    for limit, code in ((10, "damaged"), (0, "too_large")):
        with pytest.raises(Unusable) as found:
            opened.read("a.xml", limit)
        assert found.value.code == code


def test_names_as_chinese_windows_writes_them() -> None:
    """The directory says nothing of the encoding, so that zip takes it for the American one."""
    for encoding in ("gbk", "utf-8"):
        content = archive("aaaaaa.png").replace(b"aaaaaa", "图题".encode(encoding).ljust(6, b"a"))
        assert entries(content).names == [f"图题{'aa' if encoding == 'gbk' else ''}.png"]


def test_what_macs_put_beside_the_files() -> None:
    assert entries(archive("a/b.xml", "__MACOSX/a/._b.xml", "a/.DS_Store", "a/")).names == ["a/b.xml"]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 300), st.integers(0, 255))
def test_any_changed_byte_is_refused_or_read(place: int, value: int) -> None:
    content = bytearray(archive("a.xml", "b/c.xml"))
    content[place % len(content)] = value
    codes = set()
    try:
        opened = entries(bytes(content))
        for name in opened.names:
            opened.read(name, 100)
    except Unusable as trouble:
        codes.add(trouble.code)
    assert codes <= {"damaged", "path", "bomb", "encrypted", "too_large"}
