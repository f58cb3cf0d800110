"""Free text: hit, miss or refer."""

import pytest

from scenarios.free_text import judge
from scenarios.language import Kind, Phrase, Step, Worth


def phrase(name: str, *words: str) -> Phrase:
    return Phrase(name, words, Worth(), False, (), 1, "")


STEP = Step(
    "complain", Kind.TEXT, 1, "", rubric=(phrase("sorry", "对不起", "抱歉", "very sorry indeed"), phrase("remedy", "马上为您处理")),
    forbid=(phrase("rude", "不关我的事"),),
)


@pytest.mark.parametrize(("text", "hits", "refer"), [
    ("对不起，我马上为您处理。", {"sorry", "remedy"}, set()),
    ("对 不 起", {"sorry"}, set()),
    ("ＶＥＲＹ  Sorry   indeed", {"sorry"}, set()),
    ("我并不抱歉", set(), set()),
    ("没办法，抱歉", {"sorry"}, set()),
    ("这不关我的事", {"rude"}, set()),
    ("马上给您处理", set(), {"remedy"}),
    ("好的", set(), set()),
    ("", set(), set()),
])
def test_what_a_text_says(text: str, hits: set[str], refer: set[str]) -> None:
    found = judge(STEP, text)
    assert (found.hits, found.refer) == (hits, refer)
