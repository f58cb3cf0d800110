"""What makes a question fit to be asked."""

import json
from dataclasses import replace

import msgspec
import pytest

from question_bank.item import ItemDoc, Kind, Level, Option, Wording, check_item, check_wording, digest, wording
from question_bank.key import plain, tidy

ABCD = tuple(Option(code, text) for code, text in zip("ABCD", ("预约", "直接上门", "先打电话", "请人转告"), strict=True))
SOUND = Wording(Kind.SINGLE, "上门前要做什么？", ABCD, ("A",), "第二十四条要求先预约。", ("GCS@2011#24.1",), 3, Level.RECALL)


def places(said: Wording) -> list[str]:
    return [str(problem).partition(": ")[0] for problem in check_wording(said)]


def test_sound_wordings_have_no_problem() -> None:
    assert places(SOUND) == []
    assert places(replace(SOUND, kind=Kind.MULTIPLE, key=("A", "C"))) == []
    assert places(replace(SOUND, kind=Kind.ORDER, key=("B", "A", "D", "C"))) == []
    assert places(replace(SOUND, kind=Kind.SITUATIONAL, key={"A": 1.0, "B": 0.5})) == []
    sides = (Option("1", "一"), Option("2", "二"), Option("3", "三"))
    assert places(replace(SOUND, kind=Kind.MATCH, right=sides, key={"A": "1", "B": "2", "C": "2", "D": "1"})) == []
    assert places(replace(SOUND, kind=Kind.FILL, options=(), stem="提前 ____ 至 __ 分钟", key=(("5", "五"), ("10",)))) == []
    assert places(replace(SOUND, kind=Kind.FILL, options=(), key=(("预约",),))) == []
    assert places(replace(SOUND, kind=Kind.SHORT, options=(), key=())) == []
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
    ({"right": ABCD}, "$.right"),
    ({"kind": Kind.SHORT, "key": ("要点",)}, "$.options"),
    ({"key": {"A": 1}}, "$.key"),
    ({"key": None}, "$.key"),
    ({"kind": Kind.ORDER, "key": ("A", "B", "C")}, "$.key"),
    ({"kind": Kind.ORDER, "key": ("A", "B", "C", "D", "E")}, "$.key[4]"),
    ({"kind": Kind.SITUATIONAL, "key": ("A",)}, "$.key"),
    ({"kind": Kind.SITUATIONAL, "key": {"A": 0.5}}, "$.key"),
    ({"kind": Kind.SITUATIONAL, "key": {"A": 1, "B": 1.5}}, "$.key.B"),
    ({"kind": Kind.SITUATIONAL, "key": {"A": 1, "B": -0.1}}, "$.key.B"),
    ({"kind": Kind.SITUATIONAL, "key": {"A": 1, "X": 0}}, "$.key.X"),
    ({"kind": Kind.SITUATIONAL, "key": {"A": True}}, "$.key"),
    ({"kind": Kind.MATCH, "key": {code: code for code in "ABCD"}}, "$.right"),
    ({"kind": Kind.MATCH, "right": ABCD, "key": ("A", "B")}, "$.key"),
    ({"kind": Kind.MATCH, "right": ABCD, "key": {"A": "B"}}, "$.key"),
    ({"kind": Kind.MATCH, "right": ABCD, "key": {"A": "A", "B": "B", "C": "C", "D": "X"}}, "$.key.D"),
    ({"kind": Kind.MATCH, "right": (*ABCD, Option("E", "预约")), "key": {code: code for code in "ABCD"}}, "$.right[4].text"),
    ({"kind": Kind.MATCH, "right": (*ABCD, Option("A", "别的")), "key": {code: code for code in "ABCD"}}, "$.right[4].code"),
    ({"kind": Kind.FILL, "options": (), "key": ("5",)}, "$.key"),
    ({"kind": Kind.FILL, "options": (), "key": (("5",), ("10",))}, "$.key"),
    ({"kind": Kind.FILL, "options": (), "stem": "____ 至 ____", "key": (("5",),)}, "$.key"),
    ({"kind": Kind.FILL, "options": (), "key": ((),)}, "$.key[0]"),
    ({"kind": Kind.FILL, "options": (), "key": (("5", " ，"),)}, "$.key[0][1]"),
    ({"kind": Kind.FILL, "options": (), "key": (("长" * 201,),)}, "$.key[0][0]"),
    ({"kind": Kind.SHORT, "options": (), "key": ("长" * 1001,)}, "$.key[0]"),
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
    {"code": "Q1", "kind": "fill", "stem": "？", "key": [[5]]},
    {"code": "Q1", "kind": "sngle", "stem": "？", "key": ["A"]},
    {"code": "Q1", "kind": "single", "stem": "？", "key": ["A"], "answer": "A"},
    {"code": "Q1", "kind": "single", "stem": "？", "key": 1},
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


PLAIN = {
    "order": ({"options": [{"code": code, "text": code} for code in "ABC"], "key": ["B", "A", "C"]}, ("B", "A", "C")),
    "match": (
        {"options": [{"code": code, "text": code} for code in "AB"], "right": [{"code": code, "text": code} for code in "123"],
         "key": {"B": "1", "A": "3"}},
        {"A": "3", "B": "1"},
    ),
    "fill": ({"stem": "提前 ____ 分钟", "key": [["5", "五"]]}, (("5", "五"),)),
    "situational": ({"options": [{"code": code, "text": code} for code in "AB"], "key": {"B": 0.5, "A": 1}}, {"A": 1.0, "B": 0.5}),
    "short": ({"key": ["说明原因", " 道歉 "]}, ("说明原因", "道歉")),
}


@pytest.mark.parametrize("kind", PLAIN)
def test_a_document_may_hold_every_kind(kind: str) -> None:
    given, expected = PLAIN[kind]
    doc = msgspec.convert({"code": "Q1", "kind": kind, "stem": "？", "clauses": ["GCS@2011#24.1"], **given}, ItemDoc)
    assert check_item(doc, ()) == []
    assert wording(doc).key == expected
    assert tidy(doc.kind, json.loads(json.dumps(plain(wording(doc).key)))) == expected


@pytest.mark.parametrize(("key", "kept"), [("写一遍", ("写一遍",)), (None, ()), ([], ()), ("", ())])
def test_a_model_answer_may_be_one_text_or_none(key: object, kept: tuple[str, ...]) -> None:
    doc = msgspec.convert({"code": "Q1", "kind": "short", "stem": "？", "key": key, "clauses": ["GCS@2011#24.1"]}, ItemDoc)
    assert (check_item(doc, ()), wording(doc).key) == ([], kept)


def test_a_key_that_is_missing_is_missed_by_every_other_kind() -> None:
    for kind in set(Kind) - {Kind.SHORT}:
        doc = ItemDoc(code="Q1", kind=kind, stem="？", options=ABCD if kind not in (Kind.TRUE_FALSE, Kind.FILL) else (),
                      right=ABCD if kind is Kind.MATCH else (), clauses=("GCS@2011#24.1",))
        assert [str(found).partition(": ")[0] for found in check_item(doc, ())] == ["$.key"], kind


def test_the_right_side_and_the_order_of_a_key_make_a_version() -> None:
    one = replace(SOUND, kind=Kind.ORDER, key=("A", "B", "C", "D"))
    assert digest(replace(one, key=("B", "A", "C", "D"))) != digest(one)
    assert digest(replace(one, right=ABCD)) != digest(one)
