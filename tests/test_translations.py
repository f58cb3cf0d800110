"""Every Chinese text of the interface has its English, with the same places for values, and the compiled catalogue is new."""

import re
from functools import cache

import messages  # tools/messages.py, which keeps the catalogue

merged = cache(messages.merged)


def places(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%%|\{\w+\}", text))


def test_the_english_catalogue_is_complete_and_compiled() -> None:
    assert messages.main(check=True) == 0, "run python tools/messages.py and fill in what it names"


def test_no_translation_loses_a_value() -> None:
    catalogue = merged()
    wrong = [(entry.id, entry.string) for entry in catalogue if entry.id and entry.string and places(entry.id) != places(entry.string)]
    assert wrong == []


def test_no_english_text_holds_chinese() -> None:
    catalogue = merged()
    left = [entry.string for entry in catalogue if entry.id and re.search(r"[\u4e00-\u9fff]", entry.string or "")]
    known = ("持证", "中文", "【答案】")  # names, and the marks of Chinese papers
    assert [text for text in left if not any(word in text for word in known)] == []
