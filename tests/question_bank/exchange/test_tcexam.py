"""TCExam's exports, as its versions 11 to 16 write them; hostile ones are refused whole."""

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.grading import fraction
from question_bank.exchange import tcexam
from question_bank.exchange.found import Found, Status, Unusable
from question_bank.kind import Kind

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<tcexamquestions version="14.1.8">
\t<header lang="zh" date="2024-03-23 20:04:30">
\t</header>
\t<body>
\t\t<module>
\t\t\t<name>{module}</name>
\t\t\t<enabled>true</enabled>
\t\t\t<subject>
\t\t\t\t<name>{subject}</name>
\t\t\t\t<description>上门服务的题目</description>
\t\t\t\t<enabled>true</enabled>
"""
TAIL = """\t\t\t</subject>
\t\t</module>
\t</body>
</tcexamquestions>
"""


def question(kind: str, said: str, answers: list[tuple[str, str, str]], difficulty: str = "1", why: str = "", enabled: str = "true") -> str:
    """A question as TCExam writes it; ``answers``: (isright, position, text)."""
    lines = [
        "<question>", f"\t<enabled>{enabled}</enabled>", f"\t<type>{kind}</type>", f"\t<difficulty>{difficulty}</difficulty>",
        "\t<position></position>", "\t<timer>0</timer>", "\t<fullscreen>false</fullscreen>", "\t<inline_answers>false</inline_answers>",
        "\t<auto_next>false</auto_next>", f"\t<description>{said}</description>", f"\t<explanation>{why}</explanation>",
    ]
    for right, position, text in answers:
        lines += [
            "\t<answer>", "\t\t<enabled>true</enabled>", f"\t\t<isright>{right}</isright>", f"\t\t<position>{position}</position>",
            "\t\t<keyboard_key></keyboard_key>", f"\t\t<description>{text}</description>", "\t\t<explanation></explanation>", "\t</answer>",
        ]
    return "\n".join("\t\t\t\t" + line for line in [*lines, "</question>"]) + "\n"


def file(*questions: str, module: str = "default", subject: str = "default") -> bytes:
    """An export of these questions."""
    return (HEAD.format(module=module, subject=subject) + "".join(questions) + TAIL).encode()


CHOICE = [("false", "", "5 分钟"), ("true", "", "30 分钟"), ("false", "", "不用联系 &amp; 直接上门")]


def codes(found: Found) -> list[str]:
    return [note.code for note in found.notes]


def test_every_type() -> None:
    found = tcexam.read_xml(file(
        question("single", "上门前应[b]至少[/b]提前多久&#10;联系客户？", CHOICE, why="第 12 条"),
        question("multiple", "着装要求包括：", [("true", "", "工装"), ("true", "", "工牌"), ("false", "", "便装")], "6"),
        question("text", "热线号码是", [("true", "", "10086"), ("true", "", "１００８６")]),
        question("text", "客户投诉时怎么办？", []),
        question("ordering", "上门的步骤", [("false", "2", "穿鞋套"), ("false", "1", "敲门"), ("false", "3", "自我介绍")]),
        module="服务", subject="GCS@2011#12",
    ))
    single, multiple, typed, essay, order = found
    assert (single.kind, single.key, single.stem) == (Kind.SINGLE, ("B",), "上门前应**至少**提前多久\n联系客户？")
    assert [option.text for option in single.options] == ["5 分钟", "30 分钟", "不用联系 & 直接上门"]
    assert (single.rationale, single.clauses, single.difficulty, single.status) == ("第 12 条", ("GCS@2011#12",), 3, Status.KEPT)
    assert (multiple.kind, multiple.key, multiple.difficulty, codes(multiple)) == (Kind.MULTIPLE, ("A", "B"), 3, ["difficulty_guessed"])
    assert (typed.kind, typed.key) == (Kind.FILL, (("10086", "１００８６"),))
    assert (essay.kind, essay.key, essay.status) == (Kind.SHORT, (), Status.KEPT)
    assert (order.kind, order.key) == (Kind.ORDER, ("B", "A", "C"))
    assert [one.ref for one in found][:2] == ["第 13 行", "第 49 行"]


def test_points_are_the_same_as_in_tcexam() -> None:
    several, multiple, order, typed = tcexam.read_xml(file(
        question("single", "题", [("true", "", "一"), ("true", "", "二"), ("false", "", "三")]),
        question("multiple", "题", [("true", "", "一"), ("true", "", "二"), ("false", "", "三")]),
        question("ordering", "题", [("true", "2", "一"), ("true", "1", "二")]),
        question("text", "题", [("true", "", "Ja"), ("false", "", "Nein")]),
    ))
    assert [fraction(several.kind, several.key, code) for code in "ABC"] == [1, 1, 0]
    assert [fraction(multiple.kind, multiple.key, list(said)) for said in ("AB", "A", "ABC")] == [1, 0, 0]
    assert [fraction(order.kind, order.key, list(said)) for said in ("BA", "AB")] == [1, 0]
    assert [fraction(typed.kind, typed.key, [said]) for said in ("ja", "Nein")] == [Fraction(1), Fraction(0)]


TSV = "\r\n".join([
    "M=MODULE\tmodule_enabled\tmodule_name",
    "S=SUBJECT\tsubject_enabled\tsubject_name\tsubject_description",
    "Q=QUESTION\tquestion_enabled\tquestion_description\tquestion_explanation\tquestion_type\tquestion_difficulty\tquestion_position"
    "\tquestion_timer\tquestion_fullscreen\tquestion_inline_answers\tquestion_auto_next",
    "A=ANSWER\tanswer_enabled\tanswer_description\tanswer_explanation\tanswer_isright\tanswer_position\tanswer_keyboard_key",
    "",
    "M\t1\t服务",
    "S\t1\t上门\t",
    "Q\t1\t第一行\\n第二行 \"引号\"\t因为\\t如此\tS\t1\t\t0\t0\t0\t0",
    "A\t1\t一\t错在这里\t0\t\t",
    "A\t1\t二\t\t1\t\t",
    "A\t0\t三\t\t0\t\t",
    "Q\t0\t步骤\t\tO\t10\t\t0\t0\t0\t0",
    "A\t1\t后\t\t1\t2\t",
    "A\t1\t先\t\t1\t1\t",
    'Q\t1\t"说""说"""\t\tT\t1',
    "S\t1\t仪容\t",
    "Q\t1\t多选\t\tM\t1",
    "A\t1\t一\t\t1\t",
    "A\t1\t二\t\t1\t",
    "",
])


def test_the_tab_separated_file() -> None:
    single, order, essay, multiple = tcexam.read_tsv(TSV.encode())
    assert (single.kind, single.key, single.stem) == (Kind.SINGLE, ("B",), '第一行\n第二行 "引号"')
    assert single.rationale == "因为 如此\nA：错在这里"
    assert codes(single) == ["category", "option_disabled", "feedback_merged"]
    assert (order.kind, order.key, order.difficulty) == (Kind.ORDER, ("B", "A"), 5)
    assert codes(order) == ["category", "disabled", "difficulty_guessed"]
    assert (essay.kind, essay.stem, essay.status) == (Kind.SHORT, '说"说"', Status.KEPT)
    assert (multiple.kind, multiple.key, multiple.notes[0].words) == (Kind.MULTIPLE, ("A", "B"), ("服务 / 仪容",))


def test_broken_lines_of_a_tab_separated_file_are_named() -> None:
    stray, odd, good = tcexam.read_tsv("A\t1\t一\t\t1\nX\t1\nQ\t1\t题\t\tT\t1\n".encode())
    assert (stray.ref, codes(stray), odd.ref, codes(odd)) == ("第 1 行", ["syntax"], "第 2 行", ["syntax"])
    assert good.status is Status.KEPT


MARKED = [
    ("[b]粗[/b] [i]斜[/i]", "**粗** *斜*", []),
    ("[ulist][li]一[/li][li]二[/li][/ulist]", "- 一\n- 二", []),
    ("m[sup]2[/sup] H[sub]2[/sub]O", "m² H₂O", []),
    ("看[object]a/b.png[/object:100:80:一张图]", "看一张图", ["picture_missing"]),
    ("[img]c.jpg[/img]", "", ["picture_missing"]),
    ("[url=https://example.com/]此处[/url]", "此处（https://example.com/）", ["link_lost"]),
    ("[url]https://example.com/[/url]", "https://example.com/", []),
    ("[color=#ff0000]红[/color] [u]线[/u]", "红 线", ["markup_lost"]),
    ("&lt;b&gt;不是标签&lt;/b&gt; a*b*c", r"<b>不是标签</b> a\*b\*c", []),
    ("[tex]x^2[/tex]", "x^2", ["markup_lost"]),
]


@pytest.mark.parametrize(("said", "text", "lost"), MARKED)
def test_tags_of_tcexam(said: str, text: str, lost: list[str]) -> None:
    (found,) = tcexam.read_xml(file(question("text", "题", [], why=said)))
    assert (found.rationale, codes(found)) == (text, lost)


WRONG = [
    (question("essay", "题", []), "kind_unknown"),
    (question("single", "题", []), "answer_missing"),
    (question("single", "题", [("false", "", "一"), ("false", "", "二")]), "unsound"),
    (question("multiple", "题", [("false", "", "一"), ("false", "", "二")]), "unsound"),
    (question("ordering", "题", [("true", "", "一"), ("true", "", "二")]), "answer_missing"),
    (question("text", "", []), "unsound"),
]


@pytest.mark.parametrize(("said", "code"), WRONG)
def test_what_cannot_be_asked_says_why_and_the_rest_goes_on(said: str, code: str) -> None:
    found, after = tcexam.read_xml(file(said, question("text", "还在", [])))
    assert (codes(found), found.status) == ([code], Status.REFUSED)
    assert (after.stem, after.status) == ("还在", Status.KEPT)


BOMB = b"""<?xml version="1.0"?><!-- c --><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<tcexamquestions><body>&b;</body></tcexamquestions>"""
XXE = b"""<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><tcexamquestions><question><description>&e;</description></question></tcexamquestions>"""
HOSTILE = [
    (BOMB, "doctype"),
    (XXE, "doctype"),
    (XXE.decode().encode("utf-16"), "doctype"),
    (b"<tcexamquestions><question>", "damaged"),
    (b"<tcexamquestions>&nbsp;</tcexamquestions>", "damaged"),
    (b"<a>" * 10_000, "damaged"),
    (b"<quiz/>", "format_other"),
    (b"<tcexamquestions/>", "no_questions"),
    (b"", "empty"),
    (b'<?xml version="1.0" encoding="UTF-8"?><tcexamquestions>\xd6\xd0</tcexamquestions>', "encoding"),
]


@pytest.mark.parametrize(("content", "code"), HOSTILE)
def test_hostile_and_broken_files_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(Unusable) as refusal:
        tcexam.read_xml(content)
    assert refusal.value.code == code


def test_old_exports_with_a_zero_byte_and_other_encodings() -> None:
    plain = file(question("text", "题", [])).replace(b"<keyboard_key></keyboard_key>", b"<key>\0</key>")
    assert [found.stem for found in tcexam.read_xml(plain)] == ["题"]
    for name in ("gbk", "gb2312", "utf-16"):
        content = file(question("text", "题", [])).decode().replace("UTF-8", name).encode(name)
        assert [found.stem for found in tcexam.read_xml(content)] == ["题"]


def outcome(content: bytes) -> str:
    """Why a file is refused by one of the readers, "" where both read it."""
    refusals = set()
    for reader in (tcexam.read_xml, tcexam.read_tsv):
        try:
            reader(content)
        except Unusable as refusal:
            refusals.add(refusal.code)
    return " ".join(sorted(refusals))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text("MSQA\t\n01<>/&;question\"", max_size=120).map(str.encode), st.binary(max_size=100)))
def test_anything_is_read_or_refused(content: bytes) -> None:
    assert set(outcome(content).split()) <= {"empty", "no_questions", "encoding", "doctype", "damaged", "format_other"}


PARTS = ["[b]", "[object]", "[url=", "[url]", "[img]", "[*]", "[/object:", "<![CDATA[", "&lt;", "[b]x[/b]", "\\n", '"']


@pytest.mark.parametrize("part", PARTS)
def test_the_time_grows_with_the_text(part: str) -> None:
    text = part * (40_000 // len(part))
    start = time.process_time()
    outcome(file(question("text", text, [])))
    outcome(f"Q\t1\t{text}\t\tT\t1\n".encode())
    assert time.process_time() - start < 3, "the child would be killed"
