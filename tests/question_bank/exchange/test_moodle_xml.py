"""Moodle XML: what Moodle writes is read as Moodle counts it, and what is written is read again as it was."""

import base64
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.grading import fraction
from certification.scoring import Multiple, Scoring
from question_bank.exchange import moodle_xml
from question_bank.exchange.found import Found, Media, Status, Unusable
from question_bank.exchange.sent import Sent
from question_bank.item import Level, Option, Wording, digest
from question_bank.kind import Kind
from tests.question_bank.exchange.wordings import texts, wordings

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(range(40))
PACKED = base64.b64encode(PIXEL).decode()


def quiz(*questions: str) -> bytes:
    """A file of these questions."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{"".join(questions)}</quiz>'.encode()


def question(sort: str, inner: str, stem: str = "<p>题</p>", extra: str = "") -> str:
    """A question in the shape of Moodle's own export."""
    return f"""<!-- question: 7  -->
  <question type="{sort}">
    <name><text>名</text></name>
    <questiontext format="html"><text><![CDATA[{stem}]]></text>{extra}</questiontext>
    <generalfeedback format="html"><text></text></generalfeedback>
    <defaultgrade>2.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden><idnumber>Q-7</idnumber>
    {inner}
  </question>
"""


def answer(text: str, weight: str, feedback: str = "", form: str = "html") -> str:
    told = f'<feedback format="html"><text>{feedback}</text></feedback>'
    return f'<answer fraction="{weight}" format="{form}"><text><![CDATA[{text}]]></text>{told}</answer>'


def only(*parts: str) -> Found:
    """The one question of a file."""
    (found,) = moodle_xml.read(quiz(question(*parts)))
    return found


def codes(found: Found) -> list[str]:
    return [note.code for note in found.notes if note.code != "title"]


def choice(weights: list[str], single: bool = True, more: str = "") -> Found:
    answers = "".join(answer(f"<p>项 {place}</p>", weight) for place, weight in enumerate(weights))
    return only("multichoice", f"<single>{'true' if single else 'false'}</single>{more}{answers}")


SINGLES = [
    (["100", "0", "0"], Kind.SINGLE, ("A",), []),
    (["0", "100", "50"], Kind.SITUATIONAL, {"B": 1.0, "C": 0.5}, []),
    (["100", "33.33333", "0"], Kind.SITUATIONAL, {"A": 1.0, "B": 0.3333333}, []),
    (["100", "-25", "0"], Kind.SINGLE, ("A",), ["penalty_lost"]),
    (["100", "100", "0"], Kind.SITUATIONAL, {"A": 1.0, "B": 1.0}, []),
]


@pytest.mark.parametrize(("weights", "kind", "key", "lost"), SINGLES)
def test_a_single_choice_carries_every_share_exactly(weights: list[str], kind: Kind, key: object, lost: list[str]) -> None:
    found = choice(weights)
    assert (found.kind, found.key, codes(found)) == (kind, key, lost)
    earned = [fraction(kind, found.key, option.code) for option in found.options]
    assert earned == [max(Fraction(0), Fraction(weight) / 100) for weight in weights]


def moodle_counts(weights: list[str], chosen: tuple[int, ...]) -> Fraction:
    """What Moodle gives for a choice of several: the sum of the weights, from nothing to everything."""
    return max(Fraction(0), min(Fraction(1), sum((Fraction(weights[place]) for place in chosen), Fraction(0)) / 100))


@pytest.mark.parametrize("weights", [
    ["50", "50", "-100"], ["33.33333", "33.33333", "33.33333"], ["50", "50", "-50", "-50"], ["25", "25", "25", "25", "-25"],
    ["100", "-100"],
    ["33.33333", "33.33333", "33.33333", "-33.33333"], ["50", "50"],
])
def test_several_to_choose_name_the_policy_that_counts_as_moodle_does(weights: list[str]) -> None:
    found = choice(weights, single=False)
    assert (found.status, codes(found)) == (Status.KEPT, ["policy"])
    policy = Scoring(multiple=Multiple(found.notes[0].words[0]))
    for size in range(1, len(weights) + 1):
        for chosen in combinations(range(len(weights)), size):
            answered = [found.options[place].code for place in chosen]
            ours = fraction(Kind.MULTIPLE, found.key, answered, policy, len(weights))
            assert abs(ours - moodle_counts(weights, chosen)) < Fraction(1, 1_000_000)


@pytest.mark.parametrize(("weights", "lost"), [
    (["50", "50", "0"], ["weights_lost"]), (["60", "40", "-100"], ["weights_lost"]), (["50", "50", "-20", "-100"], ["penalty_lost"]),
    (["50", "50", "-50", "0"], ["penalty_lost", "weights_lost"]), (["100", "0"], ["weights_lost"]),
])
def test_weights_that_no_policy_counts_alike_are_named(weights: list[str], lost: list[str]) -> None:
    found = choice(weights, single=False)
    assert (found.kind, found.status, codes(found)) == (Kind.MULTIPLE, Status.DEGRADED, lost)


def test_all_or_nothing_and_the_open_university() -> None:
    answers = answer("a", "100") + answer("b", "100") + answer("c", "0")
    whole = only("multichoiceset", answers)
    assert (whole.kind, whole.key, whole.notes[0].words) == (Kind.MULTIPLE, ("A", "B"), ("all_or_nothing",))
    assert codes(only("oumultiresponse", answers)) == ["policy_lost"]


def test_true_and_false() -> None:
    found = only("truefalse", answer("true", "0", "错", "plain_text") + answer("false", "100", "", "plain_text"))
    assert (found.kind, found.key, found.rationale, codes(found)) == (Kind.TRUE_FALSE, ("F",), "√：错", ["feedback_merged"])
    old = only("truefalse", answer("Verdadero", "100") + answer("Falso", "0"))
    assert old.key == ("T",)


def test_short_answers() -> None:
    given = answer("10086", "100", "好") + answer("1008*", "50") + answer("10010", "25") + answer("10\\*", "100") + answer("*", "0", "不对")
    found = only("shortanswer", f"<usecase>1</usecase>{given}")
    assert found.key == (("10086", "10*"),)
    assert codes(found) == ["wildcard_lost", "partial_answer_lost", "case_lost", "feedback_merged"]
    assert found.rationale == "10086：好\n不对"
    shadowed = only("shortanswer", answer("Bar", "50") + answer("bar", "100") + answer("foo", "100"))
    assert shadowed.key == (("foo",),)


def test_numbers_with_margins_and_units() -> None:
    found = only("numerical", '<answer fraction="100"><text>5</text><tolerance>0</tolerance></answer>')
    assert (found.key, found.status) == ((("5",),), Status.KEPT)
    near = only("numerical", '<answer fraction="100"><text>5</text><tolerance>1</tolerance></answer>')
    assert (near.key, codes(near)) == ((("5", "4", "6"),), ["tolerance_lost"])
    units = (
        "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit><unit><multiplier>100</multiplier><unit_name>cm</unit_name>"
        "</unit></units>"
    )
    one = '<answer fraction="100"><text>2.5</text><tolerance>0</tolerance></answer>'
    assert only("numerical", one + units).key == (("2.5", "2.5 m", "250 cm"),)
    strict = only("numerical", f"{one}{units}<unitgradingtype>1</unitgradingtype><unitpenalty>0.1</unitpenalty>")
    assert (strict.key, codes(strict)) == ((("2.5 m", "250 cm"),), ["partial_answer_lost"])


def test_pairs() -> None:
    inner = "".join(
        f'<subquestion format="html"><text><![CDATA[{left}]]></text><answer><text>{other}</text></answer></subquestion>'
        for left, other in (("<p>frog</p>", "amphi*bian"), ("cat", "mammal"), ("newt", "amphi*bian"), ("", "insect"))
    )
    found = only("matching", f"<shuffleanswers>false</shuffleanswers>{inner}")
    assert found.key == {"A": "1", "B": "2", "C": "1"}
    assert [option.text for option in found.right] == ["amphi\\*bian", "mammal", "insect"]
    assert codes(found) == ["position_lost", "policy"]
    rich = only("ddmatch", '<subquestion><text>a</text><answer format="html"><text>&lt;b&gt;x&lt;/b&gt;</text></answer></subquestion>' * 1
                + '<subquestion><text>b</text><answer format="html"><text>y</text></answer></subquestion>')
    assert [option.text for option in rich.right] == ["**x**", "y"]


@pytest.mark.parametrize(("counted", "note"), [
    ("ABSOLUTE_POSITION", ("policy", "positions")), ("", ("policy", "positions")), ("ALL_OR_NOTHING", ("policy", "exact")),
    ("RELATIVE_NEXT_EXCLUDE_LAST", ("policy", "adjacent_pairs")), ("LONGEST_ORDERED_SUBSET", ("policy_lost", "LONGEST_ORDERED_SUBSET")),
])
def test_ordering(counted: str, note: tuple[str, str]) -> None:
    steps = "".join(answer(f"步 {place}", f"{place}.0000000") for place in (1, 2, 3))
    found = only("ordering", f"<selecttype>ALL</selecttype><gradingtype>{counted}</gradingtype>{steps}")
    assert (found.kind, found.key, found.notes[0].code, *found.notes[0].words) == (Kind.ORDER, ("A", "B", "C"), *note)
    some = only("ordering", f"<selecttype>RANDOM</selecttype><selectcount>2</selectcount>{steps}")
    assert "subset_lost" in codes(some)


def test_essays() -> None:
    told = '<graderinfo format="html"><text><![CDATA[<p>道歉</p><p>重测 2*3</p>]]></text></graderinfo>'
    found = only("essay", f"<attachmentsrequired>1</attachmentsrequired>{told}<responsetemplate><text>我</text></responsetemplate>")
    assert (found.kind, found.key) == (Kind.SHORT, ("道歉", "重测 2*3"))
    assert codes(found) == ["template_lost", "attachment_lost"]


CLOZE = [
    ("水在 {1:NUMERICAL:=0} 度结冰，{1:SHORTANSWER:=沸腾~=开} {1:NM:=100:0}", Kind.FILL, (("0",), ("沸腾", "开"), ("100",)), ["policy"]),
    ("首都是 {1:SHORTANSWER:%100%Paris#好~%50%Marseille#不~*#错}", Kind.FILL, (("Paris",),), ["partial_answer_lost", "feedback_merged"]),
    ("{1:SHORTANSWER_C:=H<sub>2</sub>O}", Kind.FILL, (("H2O",),), ["case_lost"]),
    ("选 {1:MULTICHOICE_VS:a~=b~%50%c}", Kind.SITUATIONAL, {"B": 1.0, "C": 0.5}, []),
    ("选 {1:MR:=a~=b~c}", Kind.MULTIPLE, ("A", "B"), ["weights_lost"]),
    ("SF {1:MC:=CA~AZ} LA {1:MC:CA~%100%AZ} {1:MC:=CA~AZ}", Kind.MATCH, {"A": "1", "B": "2", "C": "1"}, ["recast", "policy"]),
    ("{1:SA:=a} {3:SA:=b}", Kind.FILL, (("a",), ("b",)), ["weights_lost", "policy"]),
    ("{1:SA:=a\\}b\\~c\\#d &amp; e}", Kind.FILL, (("a}b~c#d & e",),), []),
]


@pytest.mark.parametrize(("stem", "kind", "key", "notes"), CLOZE)
def test_fields_in_the_text(stem: str, kind: Kind, key: object, notes: list[str]) -> None:
    found = only("cloze", "", f"<p>{stem}</p>")
    assert (found.kind, found.key) == (kind, key)
    assert codes(found) == notes


@pytest.mark.parametrize(("stem", "code"), [
    ("{1:MC:=a~b} {1:MC:=c~d}", "kind_unknown"), ("{1:MC:=a~b} {1:SA:=x}", "kind_unknown"), ("没有", "not_a_question"),
    ("{1:SA:~%50%a}", "answer_missing"), (" ".join(["{1:SA:=a}"] * 11), "kind_unknown"), ("{1:NM:=abc}", "answer_unknown"),
])
def test_fields_that_are_not_asked_here(stem: str, code: str) -> None:
    found = only("cloze", "", stem)
    assert (found.status, found.notes[0].code) == (Status.REFUSED, code)


def test_words_for_gaps() -> None:
    boxes = "".join(f"<selectoption><text>{word}</text><group>1</group></selectoption>" for word in ("cat", "sat", "mat", "dog"))
    found = only("gapselect", boxes, "The [[1]] [[2]] on the [[3]].")
    assert found.stem == "The 〔1〕 〔2〕 on the 〔3〕."
    assert found.key == {"A": "1", "B": "2", "C": "3"}
    assert [option.text for option in found.right] == ["cat", "sat", "mat", "dog"]
    assert codes(found) == ["recast", "policy"]
    single = only("ddwtos", boxes.replace("selectoption", "dragbox"), "The [[2]] cat.")
    assert (single.kind, single.key, single.stem) == (Kind.SINGLE, ("B",), "The ____ cat.")
    groups = boxes.replace("sat</text><group>1", "sat</text><group>2")
    assert "groups_lost" in codes(only("gapselect", groups, "[[1]] [[2]]"))
    assert only("gapselect", boxes, "[[9]] [[1]]").status is Status.REFUSED


def test_files_of_a_text() -> None:
    file = f'<file name="a b.png" path="/" encoding="base64">{PACKED}</file><file name="unused.pdf" path="/" encoding="base64">AAAA</file>'
    stem = '看图 <img src="@@PLUGINFILE@@/a%20b.png" alt="图"> <img src="@@PLUGINFILE@@/gone.png">'
    other = '<answer fraction="100" format="html"><text><![CDATA[<img src="@@PLUGINFILE@@/a%20b.png">]]></text>' + (
        f'<file name="a b.png" path="/" encoding="base64">{base64.b64encode(PIXEL + b"2").decode()}</file></answer>'
    )
    found = only("multichoice", other + answer("b", "0"), stem, file)
    assert found.stem == "看图 ![图](media:a_b.png)"
    assert found.options[0].text == "![](media:2-a_b.png)"
    assert found.media == (Media("a_b.png", PIXEL), Media("2-a_b.png", PIXEL + b"2"))
    assert set(codes(found)) == {"picture_missing", "file_lost"}
    markdown = '![图](@@PLUGINFILE@@/a%20b.png "题") <img class="x" src="@@PLUGINFILE@@/a%20b.png"/> ![](@@PLUGINFILE@@/no.png)'
    inner = question("essay", "", markdown, file).replace('<questiontext format="html">', '<questiontext format="markdown">')
    (marked,) = moodle_xml.read(quiz(inner))
    assert marked.stem == "![图](media:a_b.png) ![](media:a_b.png)"
    assert "picture_missing" in codes(marked)
    old = only("multichoice", f"<image>x.png</image><image_base64>\n{PACKED}\n</image_base64>{answer('a', '100')}{answer('b', '0')}")
    assert (old.stem, old.media) == ("题\n\n![](media:x.png)", (Media("x.png", PIXEL),))


def test_what_stands_beside_a_question() -> None:
    more = (
        "<tags><tag><text>GCS@2011#12.1</text></tag><tag><text>difficulty:5</text></tag><tag><text>level:apply</text></tag>"
        "<tag><text>礼仪</text></tag></tags><shuffleanswers>0</shuffleanswers>"
        "<correctfeedback format='html'><text>Your answer is correct.</text></correctfeedback>"
    )
    found = choice(["100", "0"], more=more)
    assert (found.code, found.clauses, found.difficulty, found.level, found.points) == ("Q-7", ("GCS@2011#12.1",), 5, Level.APPLY, 2.0)
    assert codes(found) == ["position_lost", "tags"]
    told = choice(["100", "0"], more="<incorrectfeedback><text>再看第 3 条</text></incorrectfeedback><hidden>1</hidden>")
    assert codes(told) == ["feedback_lost"]


def test_categories_name_clauses() -> None:
    def category(name: str) -> str:
        return f'<question type="category"><category><text>{name}</text></category></question>'

    one = question("truefalse", answer("true", "100") + answer("false", "0"))
    names = ("$course$/top/GCS@2011#12", "$course$/top/Default for C1", "$course$/top/礼仪//仪表/甲")
    first, second, third = moodle_xml.read(quiz(*(category(name) + one for name in names)))
    assert first.clauses == ("GCS@2011#12",)
    assert codes(second) == []
    assert [note.words for note in third.notes if note.code == "category"] == [("礼仪／仪表/甲",)]


@pytest.mark.parametrize("sort", ["calculated", "random", "ddmarker", "coderunner", ""])
def test_types_that_are_not_asked_here_are_refused_by_name(sort: str) -> None:
    found = only(sort, "")
    assert (found.status, found.notes[0].code, found.notes[0].words) == (Status.REFUSED, "kind_unknown", (sort or "?",))
    assert codes(only("description", "")) == ["not_a_question"]


@pytest.mark.parametrize(("inner", "code"), [
    (answer("a", "0") + answer("b", "0"), "answer_missing"), (answer("a", "abc"), "syntax"),
    (answer("a", "50") + answer("b", "0"), "answer_missing"),
    (answer("x" * 100_001, "100"), "too_long"),
])
def test_questions_that_cannot_be_read(inner: str, code: str) -> None:
    found = only("multichoice", inner)
    assert (found.status, found.notes[0].code) == (Status.REFUSED, code)


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty"), (b"<quiz></quiz>", "no_questions"), (b"<a/>", "format_other"), (b"<quiz><question></quiz>", "damaged"),
    (b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay">&x;</question></quiz>', "doctype"),
    (b'<quiz><question type="category"><category><text>x</text></category></question></quiz>', "no_questions"),
])
def test_files_that_cannot_be_read(content: bytes, code: str) -> None:
    with pytest.raises(Unusable) as refusal:
        moodle_xml.read(content)
    assert refusal.value.code == code


@st.composite
def fills(draw: st.DrawFn) -> Wording:
    """Fill questions with several gaps of several lengths."""
    pieces = draw(st.lists(texts(longest=8), min_size=3, max_size=4))
    runs = [draw(st.sampled_from(["__", "____", "＿＿", "_____"])) for _gap in pieces[1:]]
    stem = pieces[0] + "".join(run + piece for run, piece in zip(runs, pieces[1:], strict=True))
    key = tuple(tuple(draw(st.lists(texts(longest=8), min_size=1, max_size=3, unique=True))) for _run in runs)
    return Wording(Kind.FILL, stem, (), key, "", ("GCS@2011#12.1",), 3, Level.RECALL)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.one_of(wordings(), fills()))
def test_what_is_written_is_read_again_the_same(wording: Wording) -> None:
    written = moodle_xml.write([Sent("Q.1-a", wording)])
    if written.left_out:
        assert wording.kind is Kind.FILL
        return
    (found,) = moodle_xml.read(written.content)
    if found.status is Status.REFUSED:
        assert {note.words[0] for note in found.notes if note.code == "unsound"} == {"key"}  # a gap that another text wrote
        return
    assert (digest(found.wording), found.code, found.status) == (digest(wording), "Q.1-a", Status.KEPT)


def test_pictures_and_sounds_go_out_and_come_in() -> None:
    sound = b"ID3" + bytes(range(30))
    stem = "看 ![图](media:0123456789abcdef) 听 ![铃](media:0123456789abcdes)"
    options = (Option("A", "![](media:0123456789abcdef)"), Option("B", "b"))
    said = Wording(Kind.SINGLE, stem, options, ("A",), "", (), 3, Level.RECALL)
    media = (Media("0123456789abcdef", PIXEL), Media("0123456789abcdes", sound))
    written = moodle_xml.write([Sent("Q1", said, media=media)])
    assert b"@@PLUGINFILE@@/0123456789abcdef.png" in written.content
    assert b"&lt;audio controls" in written.content
    (found,) = moodle_xml.read(written.content)
    assert (found.wording, set(found.media), written.notes) == (said, set(media), {})


def test_a_comment_never_changes_what_a_question_says() -> None:
    options = tuple(Option(code, f"项 {code}") for code in ("x", "y"))
    said = Wording(Kind.SITUATIONAL, "题", options, {"x": 1.0, "y": 0.0}, "", (), 3, Level.RECALL)
    content = moodle_xml.write([Sent("Q1", said)]).content.decode()
    assert moodle_xml.read(content.encode())[0].wording == said
    more = content.replace("</answer>", '</answer><answer fraction="50"><text>第三项</text></answer>', 1)
    (found,) = moodle_xml.read(more.encode())
    assert [option.code for option in found.options] == ["A", "B", "C"]
    for hostile in ('{"codes": 3}', "[[[[", '{"codes": ["x", "x"], "order": [9], "zero": [-5, 99]}', "{" * 30_000):
        start, end = content.index("<!-- chizheng ") + 14, content.index("-->")
        (kept,) = moodle_xml.read((content[:start] + hostile + " " + content[end:]).encode())
        assert kept.key == {"A": 1.0} or kept.key == ("A",)


def test_what_moodle_cannot_say_is_noted() -> None:
    options = (Option("A", "a"), Option("B", "b"))
    said = Wording(Kind.SITUATIONAL, "题", options, {"A": 1.0, "B": 0.37}, "", (), 3, Level.RECALL)
    match = Wording(Kind.MATCH, "题", options, {"A": "1", "B": "2"}, "", (), 3, Level.RECALL, (Option("1", "**a**"), Option("2", "b")))
    gaps = Wording(Kind.FILL, "{1:x} __ 和 __", (), (("a",), ("b",)), "", (), 3, Level.RECALL)
    written = moodle_xml.write([Sent("1", said), Sent("2", match), Sent("3", gaps), Sent("4", replace(gaps, stem="__ 和 __"))])
    assert {code: [note.code for note in notes] for code, notes in written.notes.items()} == {
        "1": ["weights_uncommon"], "2": ["markup_lost"], "3": ["text_not_carried"],
    }
    assert [found.wording for found in moodle_xml.read(written.content)] == [said, match, replace(gaps, stem="__ 和 __")]


def test_the_time_grows_with_the_text() -> None:
    """Nested signs that make a slow reader try everything."""
    for stem in ("{1:SA:" * 12_000, "{1:SA:=" + "\\~" * 9_000 + "}", "[[1]]" * 10_000, "{" * 90_000):
        assert only("cloze", "", stem).status in (Status.REFUSED, Status.KEPT, Status.DEGRADED)
