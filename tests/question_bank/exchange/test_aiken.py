"""Aiken as Moodle reads it: single choice, one line to each thing, errors by line."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.grading import fraction
from question_bank.exchange import aiken
from question_bank.exchange.found import Status, Unusable
from question_bank.exchange.sent import Sent
from question_bank.item import Level, Option, Wording, digest
from question_bank.kind import Kind
from tests.question_bank.exchange.wordings import PLAIN, wordings

FILE = """上门前应至少提前多久联系客户？
A. 5 分钟
B. 30 分钟
C. 不用联系
ANSWER: B

Moodle's abilities include <html class="cool"> & images:

A) True
B) False

ANSWER: A
一行题干，
两行题干：
A.没有空格
B.也没有
ANSWER:b
"""


def test_a_file() -> None:
    first, second, third = aiken.read(FILE.replace("\n", "\r\n").encode("utf-8-sig"))
    assert (first.ref, first.kind, first.stem, first.key) == ("第 1 行", Kind.SINGLE, "上门前应至少提前多久联系客户？", ("B",))
    assert first.options == (Option("A", "5 分钟"), Option("B", "30 分钟"), Option("C", "不用联系"))
    assert second.stem == "Moodle's abilities include <html class=\"cool\"> & images:"
    assert (third.stem, third.key, third.ref) == ("一行题干，\n两行题干：", ("B",), "第 13 行")
    assert [one.status for one in (first, second, third)] == [Status.KEPT] * 3
    assert [fraction(first.kind, first.key, code) for code in "ABC"] == [0, 1, 0]


WRONG = [
    ("题\nA) 一\nANSWER: A", "unsound", None),
    ("题\nANSWER: A", "syntax", ("2", "A. B. C.")),
    ("ANSWER: A", "syntax", ("1", "ANSWER")),
    ("题\nA) 一\nB) 二\nANSWER: C", "answer_unknown", ("C",)),
    ("题\nA) 一\nB) 二\nANSWER: A, B", "answer_unknown", ("A, B",)),
    ("题\nA) 一\nB) 二\nANSWER:", "answer_missing", ()),
    ("题\nA) 一\nB) 二", "answer_missing", ()),
    ("题\nA) 一\nA) 二\nANSWER: A", "unsound", None),
]


@pytest.mark.parametrize(("text", "code", "words"), WRONG)
def test_what_is_wrong_is_named_and_the_rest_goes_on(text: str, code: str, words: tuple[str, ...] | None) -> None:
    found, after = aiken.read(f"{text}\n\n好题\nA) 对\nB) 错\nANSWER: A\n".encode())
    note = found.notes[0]
    assert (note.code, found.ref, found.status) == (code, "第 1 行", Status.REFUSED)
    assert words is None or note.words == words
    assert (after.stem, after.status) == ("好题", Status.KEPT)


def test_an_option_that_goes_on_in_the_next_line_is_a_guess() -> None:
    (found,) = aiken.read("题\nA) 一\n   接着\nB) 二\nANSWER: A".encode())
    assert found.options[0].text == "一\n接着"
    assert [(note.code, note.words) for note in found.notes] == [("line_guessed", ("3",))]


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), ("只有一段话".encode(), "no_questions"), (b"\xff", "encoding")])
def test_a_file_that_is_none(content: bytes, code: str) -> None:
    with pytest.raises(Unusable) as refusal:
        aiken.read(content)
    assert refusal.value.code == code


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(wordings((Kind.SINGLE,), PLAIN))
def test_what_is_written_is_read_again_the_same(wording: Wording) -> None:
    codes = {option.code: chr(ord("A") + place) for place, option in enumerate(wording.options)}
    options = tuple(Option(codes[option.code], option.text) for option in wording.options)
    bare = Wording(wording.kind, wording.stem, options, (codes[wording.key[0]],), "", (), 3, Level.RECALL)
    written = aiken.write([Sent("Q", bare)])
    if written.left_out:
        assert written.notes["Q"][0].code == "text_not_carried"
        return
    (found,) = aiken.read(written.content)
    assert digest(found.wording) == digest(bare)
    assert [note.code for note in written.notes["Q"]] == ["code_lost"]


def test_what_aiken_cannot_say_is_noted() -> None:
    options = (Option("甲", "一"), Option("乙", "二\n行"))
    full = Wording(Kind.SINGLE, "看 ![图](media:a.png)", options, ("乙",), "因为", ("GCS@2011#1",), 4, Level.APPLY)
    many = Wording(Kind.MULTIPLE, "题", options, ("甲",), "", (), 3, Level.RECALL)
    sly = Wording(Kind.SINGLE, "题", (Option("A", "ANSWER: B"), Option("B", "二")), ("A",), "", (), 3, Level.RECALL)
    written = aiken.write([Sent("full", full), Sent("many", many), Sent("sly", sly)])
    assert {code: [note.code for note in notes] for code, notes in written.notes.items()} == {
        "full": [
            "code_lost", "rationale_lost", "clauses_lost", "difficulty_lost", "level_lost", "option_codes_lost", "lines_joined",
            "markup_lost", "media_lost",
        ],
        "many": ["kind_not_carried"],
        "sly": ["text_not_carried"],
    }
    (found,) = aiken.read(written.content)
    assert (found.key, found.options[1].text) == (("B",), "二 行")


def outcome(content: bytes) -> str:
    """Why a file is refused, "" where it is read."""
    try:
        aiken.read(content)
    except Unusable as refusal:
        return refusal.code
    return ""


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text("AB.):\nANSWER题 一", max_size=150).map(str.encode), st.binary(max_size=100)))
def test_anything_is_read_or_refused(content: bytes) -> None:
    assert outcome(content) in {"", "empty", "no_questions", "encoding"}


@pytest.mark.parametrize("part", ["A. a\n", "ANSWER: A\n", "题\n", "题\nA. a\nB. b\nANSWER: A\n", " ", "A)", "ANSWER"])
def test_the_time_grows_with_the_text(part: str) -> None:
    start = time.process_time()
    assert outcome(("题\n" + part * (40_000 // len(part))).encode()) in {"", "no_questions"}
    assert time.process_time() - start < 3, "the child would be killed"
