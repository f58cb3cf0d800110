"""What makes a question fit to be asked."""

from dataclasses import replace

import msgspec
import pytest

from question_bank.item import ItemDoc, Kind, Level, Option, Wording, check_item, check_wording, digest, wording

ABCD = tuple(Option(code, text) for code, text in zip("ABCD", ("预约", "直接上门", "先打电话", "请人转告"), strict=True))
SOUND = Wording(Kind.SINGLE, "上门前要做什么？", ABCD, ("A",), "第二十四条要求先预约。", ("GCS@2011#24.1",), 3, Level.RECALL)


def places(said: Wording) -> list[str]:
    return [str(problem).partition(": ")[0] for problem in check_wording(said)]


def test_sound_wordings_have_no_problem() -> None:
    assert places(SOUND) == []
    assert places(replace(SOUND, kind=Kind.MULTIPLE, key=("A", "C"))) == []
    assert places(replace(SOUND, kind=Kind.TRUE_FALSE, options=(Option("T", "正确"), Option("F", "错误")), key=("F",))) == []


@pytest.mark.parametrize(("change", "place"), [
    ({"stem": "  "}, "$.stem"),
    ({"stem": "长" * 2001}, "$.stem"),
    ({"rationale": "长" * 2001}, "$.rationale"),
    ({"difficulty": 0}, "$.difficulty"),
    ({"difficulty": 6}, "$.difficulty"),
    ({"options": ABCD[:1]}, "$.options"),
    ({"options": (*ABCD, Option("A", "别的"))}, "$.options[4].code"),
    ({"options": (*ABCD, Option("", "别的"))}, "$.options[4].code"),
    ({"options": (*ABCD, Option("E", " "))}, "$.options[4].text"),
    ({"options": (*ABCD, Option("E", "长" * 501))}, "$.options[4].text"),
    ({"options": (*ABCD, Option("E", " 预约 "))}, "$.options[4].text"),
    ({"key": ()}, "$.key"),
    ({"key": ("A", "B")}, "$.key"),
    ({"key": ("X",)}, "$.key[0]"),
    ({"kind": Kind.MULTIPLE, "key": ()}, "$.key"),
    ({"kind": Kind.MULTIPLE, "key": ("A", "A")}, "$.key"),
    ({"kind": Kind.TRUE_FALSE}, "$.options"),
    ({"clauses": ()}, "$.clauses"),
    ({"clauses": ("24.1",)}, "$.clauses[0]"),
    ({"clauses": ("GCS@2011#24.1", "GCS@2011#24.1")}, "$.clauses[1]"),
    ({"kind": Kind.ORDER}, "$.kind"),
    ({"kind": Kind.SHORT}, "$.kind"),
])
def test_a_problem_names_its_place(change: dict[str, object], place: str) -> None:
    assert places(replace(SOUND, **change)) == [place]  # type: ignore[arg-type]


def test_a_true_false_question_may_leave_its_options_out() -> None:
    doc = msgspec.convert({"code": "Q1", "kind": "true_false", "stem": "上门要预约。", "key": ["T"], "clauses": ["GCS@2011#24.1"]}, ItemDoc)
    assert check_item(doc, ("items", 0)) == []
    assert [option.code for option in wording(doc).options] == ["T", "F"]


def test_a_code_can_be_linked() -> None:
    doc = ItemDoc(code="Q 1", kind=Kind.SINGLE, stem="？", options=ABCD, key=("A",), clauses=("GCS@2011#24.1",))
    assert [str(found).partition(": ")[0] for found in check_item(doc, ("items", 3))] == ["$.items[3].code"]


@pytest.mark.parametrize("plain", [
    {"code": "Q1", "kind": "single", "stem": "？"},
    {"code": "Q1", "kind": "sngle", "stem": "？", "key": ["A"]},
    {"code": "Q1", "kind": "single", "stem": "？", "key": ["A"], "answer": "A"},
    {"code": "Q1", "kind": "single", "stem": "？", "key": "A"},
    {"code": "Q1", "kind": "single", "stem": "？", "key": ["A"], "options": [{"code": "A", "text": "甲", "right": True}]},
    {"code": "Q1", "kind": "single", "stem": "？", "key": ["A"], "level": "guess"},
])
def test_a_wrong_shape_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plain, ItemDoc)


def test_the_order_in_which_a_key_is_written_makes_no_other_version() -> None:
    one = ItemDoc(code="Q1", kind=Kind.MULTIPLE, stem="？", options=ABCD, key=("C", "A"), clauses=("GCS@2011#24.1",))
    other = msgspec.structs.replace(one, key=("A", "C"))
    assert wording(one).key == ("A", "C")
    assert digest(wording(one)) == digest(wording(other))


@pytest.mark.parametrize("change", [
    {"stem": "上门前做什么？"}, {"key": ("B",)}, {"options": ABCD[::-1]}, {"rationale": "第二十四条。"}, {"difficulty": 4},
    {"level": Level.APPLY}, {"clauses": ("GCS@2011#24.2",)}, {"kind": Kind.MULTIPLE},
])
def test_whatever_changes_makes_another_version(change: dict[str, object]) -> None:
    assert digest(replace(SOUND, **change)) != digest(SOUND)  # type: ignore[arg-type]
