"""Search words: bigrams of Chinese, words of the rest; what is found is what stands there."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.search import LONGEST, Sought, best, patterns, pieces, sought, tokens, words


def test_chinese_becomes_pairs_and_the_rest_words() -> None:
    assert tokens("上门前2M测试仪，ＳＬＡ_x 约") == ["上门", "门前", "2m", "测试", "试仪", "sla", "x", "约"]


def test_runs_are_kept_apart() -> None:
    assert words(["上门，门预约"]) == " 上门 门  门预 预约 约 "
    assert words(["", "，。"]) == ""


def found(text: str, query: str) -> bool:
    """What a database answers."""
    wanted = patterns(query)
    with sqlite3.connect(":memory:") as base:
        return bool(wanted) and all(base.execute("SELECT ? LIKE ?", (words([text]), pattern)).fetchone()[0] for pattern in wanted)


@pytest.mark.parametrize(("text", "query", "expected"), [
    ("上门服务前必须与客户预约。", "预约", True),
    ("上门服务前必须与客户预约。", "客户预约", True),
    ("上门服务前必须与客户预约。", "预约客户", False),
    ("上门服务前必须与客户预约。", "预约 客户", True),
    ("上门服务前必须与客户预约。", "约", True),
    ("上门服务前必须与客户预约。", "务前必须", True),
    ("预先约定", "预约", False),
    ("上门，门预约", "上门预约", False),
    ("以SLA为基础", "sla", True),
    ("以SLA为基础", "sl", True),
    ("以SLA为基础", "la", False),
    ("2M测试仪", "２ｍ", True),
    ("12M测试仪", "2M", False),
    ("100%满意", "%", False),
    ("a_b", "a_b", True),
    ("a b", "_", False),
    ("满意100", "满意100", True),
])
def test_a_query_finds_what_stands_there(text: str, query: str, expected: bool) -> None:
    assert found(text, query) is expected


HAN = st.text(st.sampled_from("上门预约客户必须"), min_size=1, max_size=12)


@given(HAN, st.data())
def test_every_part_of_a_chinese_text_is_found_and_nothing_else(text: str, data: st.DataObject) -> None:
    query = data.draw(st.text(st.sampled_from("上门预约客户必须"), min_size=1, max_size=5))
    assert found(text, query) is (query in text)


@given(st.text(max_size=40), st.text(max_size=6))
def test_pieces_are_the_text_again(text: str, query: str) -> None:
    assert "".join(piece for piece, _hit in pieces(text, query)) == text


def test_an_index_is_asked_for_tokens_in_a_row() -> None:
    assert sought("上门预约 SLA") == [Sought(("上门", "门预", "预约"), open=False), Sought(("sla",), open=True)]
    assert sought("约") == [Sought(("约",), open=True)]
    assert sought("，%") == []


def test_a_word_without_an_end_is_cut_before_an_index_chokes_on_it() -> None:
    assert words(["か" * 3000]) == f" {'か' * LONGEST} "
    assert found("か" * 3000, "か" * 2000) is True


def test_hits_are_marked() -> None:
    assert list(pieces("上门前要预约客户SLA", "预约 sla")) == [("上门前要", False), ("预约", True), ("客户", False), ("SLA", True)]
    assert list(pieces("预约", "别的")) == [("预约", False)]


def test_a_text_is_shown_in_the_language_that_holds_the_hit() -> None:
    texts = {"zh": "上门前预约", "en": "Make an appointment"}
    assert best(texts, "en", "预约") == "zh"
    assert best(texts, "en", "appointment") == "en"
    assert best(texts, "zh", "飞机") == "zh"
    assert best({"zh": "上门"}, "en", "飞机") == "zh"
