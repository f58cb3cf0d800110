"""Every note and every refusal has its sentence, and none shows a word of the program's own."""

import re

import pytest
from flask import Flask

from foundation import wording
from question_bank.exchange.formats import Name
from question_bank.exchange.found import Found, Note, Weight, checked
from question_bank.exchange.wording import NOTES, REFUSALS
from question_bank.item import Option
from question_bank.kind import Kind
from question_bank.views.exchange_words import format_word, note_sentence, place_word, refusal_sentence

ENGLISH = re.compile(r"[a-z]{3,}")


@pytest.fixture(scope="module")
def words() -> Flask:
    """An app that knows nothing but the languages."""
    app = Flask(__name__)
    app.extensions["settings"] = type("Settings", (), {"timezone": type("Zone", (), {"key": "Asia/Shanghai"})})()
    wording.init_app(app)
    return app


def test_every_code_has_a_sentence(words: Flask) -> None:
    with words.test_request_context():
        for code in NOTES:
            assert note_sentence(Note(Weight.LOST, code, ("一", "二", "三")))
            assert "%(" not in note_sentence(Note(Weight.LOST, code))
        for code in REFUSALS:
            assert "%(" not in refusal_sentence(code, [])


def test_every_format_has_a_name(words: Flask) -> None:
    with words.test_request_context():
        assert all(format_word(name) != name.value for name in Name)


UNSOUND = [
    Found("1", Kind.SINGLE, "", (Option("A", "一"), Option("B", "二")), ("A",)),
    Found("1", Kind.SINGLE, "长" * 2001, (Option("A", "一"), Option("B", "二")), ("A",), rationale="长" * 2001, difficulty=9),
    Found("1", Kind.SINGLE, "问", (Option("A", "一"),), ("B",)),
    Found("1", Kind.SINGLE, "问", (Option("A", "一"), Option("A", "一"), Option("C", "")), ("A", "A")),
    Found("1", Kind.MULTIPLE, "问", (Option("A", "一"), Option("B", "二")), ()),
    Found("1", Kind.ORDER, "问", (Option("A", "一"), Option("B", "二")), ("A",)),
    Found("1", Kind.MATCH, "问", (Option("A", "一"), Option("B", "二")), {"A": "9"}, (Option("1", "甲"),)),
    Found("1", Kind.SITUATIONAL, "问", (Option("A", "一"), Option("B", "二")), {"A": 0.5}),
    Found("1", Kind.FILL, "问 __ 答", (), ((), ("",))),
]


@pytest.mark.parametrize("found", UNSOUND, ids=lambda found: f"{found.kind}-{found.stem[:2]}")
def test_what_makes_a_question_unfit_is_said_in_chinese(words: Flask, found: Found) -> None:
    notes = checked(found).notes
    assert notes
    with words.test_request_context():
        for note in notes:
            assert not ENGLISH.search(note_sentence(note)), (note, note_sentence(note))


def test_places_are_said_in_the_page_s_language(words: Flask) -> None:
    with words.test_request_context():
        assert place_word("一、单选题 第 3 题（第 17 行）") == "一、单选题 第 3 题（第 17 行）"
        assert place_word("item-7.xml") == "item-7.xml"
