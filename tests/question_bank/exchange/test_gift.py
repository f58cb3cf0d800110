"""GIFT as Moodle writes it and as people type it; what it is worth here is what it was worth there."""

import time
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.grading import fraction
from certification.scoring import Multiple, Scoring
from question_bank.exchange import gift
from question_bank.exchange.found import Found, Status, Unusable
from question_bank.exchange.sent import Sent
from question_bank.item import Level, Option, Wording, digest
from question_bank.kind import Kind
from tests.question_bank.exchange.wordings import wordings

MOODLE = r"""// question: 0  name: Switch category to $course$/top/Default for GC/上门服务
$CATEGORY: $course$/top/Default for GC/上门服务


// question: 101  name: 预约
// [id:Q-101] [tag:服务] [tag:GCS@2011#12.1]
::预约::[html]<p dir\="ltr" style\="text-align\: left;">上门前应<strong>至少</strong>提前多久联系客户？<br></p>{
	=[html]<p>30 分钟</p>#[html]<p>对</p>
	~[html]<p>5 分钟</p>
	~[html]<p>不用联系 &amp; 直接上门</p>#[html]<p>见第 12 条</p>
	####[html]<p>第 12 条：提前 30 分钟。</p>
}


// question: 102  name: 着装
::着装::[html]<p>着装要求包括\:</p>{
	~%33.33333%[html]<p>工装</p>
	~%33.33333%[html]<p>工牌</p>
	~%33.33333%[html]<p>鞋套</p>
	~%-100%[html]<p>便装</p>
}


// question: 103  name: 数值
::数值::[html]<p>几次响铃内接听？</p>{#
	=%100%3:1#
	~#[html]<p>再想想</p>
}


// question: 104  name: 配对
::配对::[html]<p>请配对</p>{
	=[html]<p>红色</p> -> 停
	=[html]<p>绿色</p> -> 行
	= -> 等
}


// question: 105  name: 判断
::判断::[html]<p>可以收客户的烟。</p>{FALSE#[html]<p>不行</p>#[html]<p>很好</p>####[html]<p>第 24 条</p>}


// question: 106  name: 简答
::简答::[html]<p>客户投诉时怎么办？</p>{}


// question: 107  name: 短答
::短答::[html]<p>热线号码是</p>{
	=%100%10086#
	=%50%1008*#
	=%0%*#[html]<p>查一查</p>
}


// question: 108  name: 说明
::说明::[html]<p>以下是第二部分</p>
"""


def only(text: str) -> Found:
    """The one question of a file."""
    (found,) = gift.read(text.encode())
    return found


def codes(found: Found) -> list[str]:
    return [note.code for note in found.notes]


def test_a_file_that_moodle_wrote() -> None:
    found = gift.read(MOODLE.replace("\n", "\r\n").encode("utf-8-sig"))
    assert [one.kind for one in found] == [
        Kind.SINGLE, Kind.MULTIPLE, Kind.FILL, Kind.MATCH, Kind.TRUE_FALSE, Kind.SHORT, Kind.FILL, Kind.SHORT,
    ]
    single, multiple, number, match, truth, essay, typed, text = found
    assert single.stem == "上门前应**至少**提前多久联系客户？"
    assert [option.text for option in single.options] == ["30 分钟", "5 分钟", "不用联系 & 直接上门"]
    assert single.rationale == "第 12 条：提前 30 分钟。\nA：对\nC：见第 12 条"
    assert (single.code, single.clauses, single.key) == ("Q-101", ("GCS@2011#12.1",), ("A",))
    assert codes(single) == ["feedback_merged", "tags", "title"]
    assert multiple.key == ("A", "B", "C")
    assert multiple.status is Status.KEPT
    assert codes(multiple) == ["policy", "category"]
    assert number.key == (("3", "2", "4"),)
    assert codes(number)[:2] == ["tolerance_lost", "feedback_merged"]
    assert match.key == {"A": "1", "B": "2"}
    assert [option.text for option in match.right] == ["停", "行", "等"]
    assert truth.key == ("F",)
    assert truth.rationale == "第 24 条\n×：很好\n√：不行"
    assert (essay.key, essay.status) == ((), Status.KEPT)
    assert typed.key == (("10086",),)
    assert {"wildcard_lost"} <= set(codes(typed))
    assert (text.status, codes(text)) == (Status.REFUSED, ["not_a_question"])


TYPED = [
    # text, kind, stem, key
    ("Who's buried in Grant's tomb?{~Grant ~Jefferson =no one}", Kind.SINGLE, "Who's buried in Grant's tomb?", ("C",)),
    ("Grant is {~buried =entombed ~living} in Grant's tomb.", Kind.SINGLE, "Grant is _____ in Grant's tomb.", ("B",)),
    ("Grant is buried in Grant's tomb.{FALSE}", Kind.TRUE_FALSE, "Grant is buried in Grant's tomb.", ("F",)),
    ("Two plus {=two =2} equals four.", Kind.FILL, "Two plus _____ equals four.", (("two", "2"),)),
    ("When was Ulysses S. Grant born?{#1822}", Kind.FILL, "When was Ulysses S. Grant born?", (("1822",),)),
    ("Pi?{#3.14:0.01}", Kind.FILL, "Pi?", (("3.14", "3.13", "3.15"),)),
    ("From one to five?{#1..5}", Kind.FILL, "From one to five?", (("3", "1", "2", "4", "5"),)),
    ("Any of{#=1822:0 =%50%1822:2}", Kind.FILL, "Any of", (("1822",),)),
    ("Capitals{=Canada->Ottawa =Italy -> Rome\n=Japan\n->\nTokyo}", Kind.MATCH, "Capitals", {"A": "1", "B": "2", "C": "3"}),
    ("Write about it. {}", Kind.SHORT, "Write about it.", ()),
    ("[plain]a*b*c and 2 < 3 {T}", Kind.TRUE_FALSE, r"a\*b\*c and 2 < 3", ("T",)),
    ("[markdown]a *b* c{T}", Kind.TRUE_FALSE, "a *b* c", ("T",)),
    ("[unknown] a{T}", Kind.TRUE_FALSE, "[unknown] a", ("T",)),
    (r"::T\: x:: 2 \= 2 \{\} \~ \# \\ line\nline {T}", Kind.TRUE_FALSE, "2 = 2 {} ~ # \\ line\nline", ("T",)),
    ("a line\nand a line{T}", Kind.TRUE_FALSE, "a line\nand a line", ("T",)),
    ("x{~%50%a ~%50%b ~c}", Kind.MULTIPLE, "x", ("A", "B")),
    ("x{~%100%a ~b}", Kind.MULTIPLE, "x", ("A",)),
    ("x{=a ~%50%b ~%0%c ~d}", Kind.SITUATIONAL, "x", {"A": 1.0, "B": 0.5, "C": 0.0}),
    ("x{=a =b ~c}", Kind.SITUATIONAL, "x", {"A": 1.0, "B": 1.0}),
    ("x{Paris}", Kind.FILL, "x", (("Paris",),)),
    ("x{=true}", Kind.FILL, "x", (("true",),)),
    (r"x{=a\\*b}", Kind.FILL, "x", (("a*b",),)),
]


@pytest.mark.parametrize(("text", "kind", "stem", "key"), TYPED)
def test_what_people_type(text: str, kind: Kind, stem: str, key: object) -> None:
    found = only(text)
    assert (found.kind, found.stem, found.key) == (kind, stem, key)
    assert found.status is not Status.REFUSED


WRONG = [
    ("no answers here", "not_a_question", ()),
    ("never closed {=a ~b", "syntax", ("1", "{ }")),
    ("never opened =a ~b}", "syntax", ("1", "{ }")),
    ("two {=a ~b} of {=c ~d} them", "syntax", ("1", "{ } { }")),
    ("cloze {1:SHORTANSWER:=a}", "kind_unknown", ("Cloze",)),
    ("x{~a ~b}", "answer_missing", ()),
    ("x{=a -> b =c}", "answer_unknown", ("c",)),
    ("x{#five}", "answer_unknown", ("five",)),
    ("x{=%50%half}", "answer_missing", ()),
    ("x{=a ~a}", "unsound", ("options", "two options say the same: 'a'")),
    ("__ and __ {=a}", "unsound", None),
]


@pytest.mark.parametrize(("text", "code", "words"), WRONG)
def test_what_cannot_be_asked_says_why_and_the_rest_goes_on(text: str, code: str, words: tuple[str, ...] | None) -> None:
    found, after = gift.read(f"// a comment\n{text}\n\nstill read{{T}}\n".encode())
    (note,) = [note for note in found.notes if note.weight == "wrong"]
    assert (note.code, found.ref, found.status) == (code, "第 2 行", Status.REFUSED)
    if words is not None:
        assert tuple(word.replace("2", "1") if code == "syntax" else word for word in note.words) == words
    assert (after.stem, after.ref, after.status) == ("still read", "第 4 行", Status.KEPT)


LOST = [
    ("x{=a ~%-50%b ~c}", ["penalty_lost"]),
    ("x{~%70%a ~%30%b ~%-100%c}", ["weights_lost"]),
    ("x{~%50%a ~%25%b ~%25%c ~d}", ["weights_lost"]),
    ('x <img src="@@PLUGINFILE@@/a.png" alt="图">{T}', ["picture_missing"]),
    ("[html]<table><tr><td>1</td><td>2</td></tr></table>{T}", ["markup_lost"]),
    ('[html]<a href="https://example.com">hier</a>{T}', ["link_lost"]),
    ("x{=a =%50%b}", ["partial_answer_lost"]),
]


@pytest.mark.parametrize(("text", "lost"), LOST)
def test_nothing_is_lost_silently(text: str, lost: list[str]) -> None:
    found = only(text)
    assert codes(found) == lost
    assert found.status is Status.DEGRADED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le"])
def test_encodings(encoding: str) -> None:
    found = gift.read("::一::上门前应提前多久联系客户？\r\n{=30 分钟 ~不用联系}\r\n\r\n".encode(encoding))
    assert [one.stem for one in found] == ["上门前应提前多久联系客户？"]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b" \n", "empty"), (b"\xff\xff\x80", "encoding"), (b"// only a comment", "no_questions")]
)
def test_a_file_that_is_none(content: bytes, code: str) -> None:
    with pytest.raises(Unusable) as refusal:
        gift.read(content)
    assert refusal.value.code == code


def test_categories_name_clauses() -> None:
    text = "$CATEGORY: top/GCS@2011#12\n\na{T}\n\n$CATEGORY: $course$/top\nb{T}\n\n$CATEGORY: 礼仪\n\nc{T}"
    first, second, third = gift.read(text.encode())
    assert (first.clauses, codes(first)) == (("GCS@2011#12",), [])
    assert (second.clauses, codes(second)) == ((), [])
    assert (codes(third), third.status) == (["category"], Status.KEPT)


def test_points_are_the_same_as_in_moodle() -> None:
    """Moodle: the sum of the weights of what was chosen, not below 0; for one choice the weight of it."""
    graded = only("x{=a ~%50%b ~%25%c ~d}")
    assert [fraction(graded.kind, graded.key, code) for code in "ABCD"] == [1, Fraction(1, 2), Fraction(1, 4), 0]
    several = only("x{~%50%a ~%50%b ~%-100%c}")
    policy = Scoring(multiple=Multiple.SHARE_UNLESS_WRONG)
    given = [["A"], ["B"], ["A", "B"], ["A", "B", "C"], ["C"]]
    assert [fraction(several.kind, several.key, answer, policy, 3) for answer in given] == [Fraction(1, 2), Fraction(1, 2), 1, 0, 0]
    matched = only("x{=a -> 1 =b -> 2 = -> 3}")
    assert fraction(matched.kind, matched.key, {"A": "1", "B": "2"}) == 1
    assert fraction(matched.kind, matched.key, {"A": "1", "B": "3"}) == 0
    number = only("x ____ {#5:1}")
    assert [fraction(number.kind, number.key, [said]) for said in ("4", "5", "6", "7")] == [1, 1, 1, 0]
    truth = only("x{F}")
    assert [fraction(truth.kind, truth.key, code) for code in "TF"] == [0, 1]
    typed = only("x{=a =b}")
    assert [fraction(typed.kind, typed.key, [said]) for said in ("B", "c")] == [1, 0]


def sent(wording: Wording) -> Sent:
    return Sent("Q.1-a", wording)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(wordings())
def test_what_is_written_is_read_again_the_same(wording: Wording) -> None:
    written = gift.write([sent(wording)])
    if written.left_out:
        assert wording.kind in (Kind.ORDER, Kind.SITUATIONAL) or "->" in f"{wording.key}{wording.options}"
        assert not written.content
        return
    (found,) = gift.read(written.content)
    assert found.code == "Q.1-a"
    assert digest(found.wording) == digest(wording)


def test_what_gift_cannot_say_is_noted() -> None:
    options = (Option("A", "一"), Option("B", "二"))
    common = {"rationale": "", "clauses": ("GCS@2011#1",), "difficulty": 3, "level": Level.RECALL}
    order = Wording(Kind.ORDER, "排序", options, ("B", "A"), **common)
    gaps = Wording(Kind.FILL, "__ 和 __", (), (("1",), ("2",)), **common)
    short = Wording(Kind.SHORT, "说说 ![图](media:a.png)", (), ("一句",), **common)
    odd = Wording(Kind.SITUATIONAL, "怎么办", options, {"A": 1.0, "B": 0.37}, **common)
    arrow = Wording(Kind.FILL, "写", (), (("a->b",),), **common)
    items = [Sent(code, one) for code, one in zip("abcde", (order, gaps, short, odd, arrow), strict=True)]
    written = gift.write(items)
    assert {code: [note.code for note in notes] for code, notes in written.notes.items()} == {
        "a": ["kind_not_carried"], "b": ["gaps_not_carried"], "c": ["media_lost", "model_answer_lost"], "d": ["weights_uncommon"],
        "e": ["text_not_carried"],
    }
    assert written.left_out == ["a", "b", "e"]
    assert [found.code for found in gift.read(written.content)] == ["c", "d"]


def outcome(content: bytes) -> str:
    """Why a file is refused, "" where it is read."""
    try:
        assert all(one.notes or one.stem for one in gift.read(content))
    except Unusable as refusal:
        return refusal.code
    return ""


@settings(max_examples=300, deadline=None)
@given(st.text("{}=~#%:\\-> \n/$[]TFabc0.5*<>&;p\"'一", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert outcome(text.encode()) in {"", "empty", "no_questions"}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert outcome(content) in {"", "empty", "no_questions", "encoding"}


PARTS = "{ } = ~ # #### -> % :: // \\ < <b> <!-- & [tag: [ {T}\n\n =a->b ~%50%a *".split(" ")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("frame", ["%s", "x{%s}", "x{=a %s}", "// %s\nx{T}", "[html]%s{T}"])
def test_the_time_grows_with_the_text(part: str, frame: str) -> None:
    content = (frame % (part * (20_000 // len(part)))).encode()
    start = time.process_time()
    assert outcome(content) in {"", "no_questions"}
    assert time.process_time() - start < 3, "the child would be killed"
