"""The mark on a page, and the way back from a photograph of it."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from certification import watermark
from certification.watermark import Kind

KEY = "a key"


def test_a_code_is_eight_letters_and_depends_on_everything() -> None:
    codes = {watermark.code(key, kind, name) for key in ("a", "b") for kind in Kind for name in ("1", "2")}
    assert len(codes) == 8
    assert all(re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}", code) for code in codes)


def test_a_code_leads_back() -> None:
    named = [(kind, str(number)) for kind in Kind for number in range(200)]
    for one in named[::40]:
        wanted = watermark.pattern(watermark.code(KEY, *one))
        assert wanted is not None
        assert list(watermark.matching(KEY, wanted, named)) == [one]


def test_half_a_code_still_leads_back() -> None:
    wanted = watermark.pattern("?" * 2 + watermark.code(KEY, Kind.ATTEMPT, "x").replace("-", "")[2:6] + "？？")
    assert wanted is not None
    assert (Kind.ATTEMPT, "x") in list(watermark.matching(KEY, wanted, [(Kind.ATTEMPT, "y"), (Kind.ATTEMPT, "x")]))


@pytest.mark.parametrize(("typed", "read"), [
    ("k7f3-q2mb", "K7F3Q2MB"), (" K7F3 Q2MB ", "K7F3Q2MB"), ("0180AAAA", "OIBOAAAA"), ("????AAAA", "????AAAA"),
    ("?????AAA", None), ("K7F3", None), ("K7F3-Q2MBX", None), ("K7F3-Q2M9", None), ("", None), ("考考考考AAAA", None),
])
def test_what_is_typed_is_read_kindly(typed: str, read: str | None) -> None:
    assert watermark.pattern(typed) == read


@pytest.mark.parametrize(("name", "shown"), [
    ("王建国", "王*国"), ("张三", "张*"), ("欧阳娜娜", "欧*娜"), ("Ann Lee", "A. L."), ("王", "王*"),
])
def test_a_name_is_masked(name: str, shown: str) -> None:
    assert watermark.masked(name) == shown


def test_the_picture_is_plain_and_carries_what_it_is_given_as_text() -> None:
    picture = watermark.picture('S1 <b>&"', "ABCD-EFGH")
    texts = "".join(ElementTree.fromstring(picture).itertext())
    assert texts.count('S1 <b>&"') == 2
    assert texts.count("ABCD-EFGH") == 2
    assert not re.search(r"style|script|href|on\w+=", picture)
