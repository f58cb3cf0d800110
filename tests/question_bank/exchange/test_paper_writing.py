"""Word papers that are written: what comes back is the same or said to be another, and the paper to sit tells nothing."""

import io
import re
import struct
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from question_bank.exchange import paper, paper_docx, paper_writing
from question_bank.exchange.found import Media
from question_bank.exchange.sent import Sent
from question_bank.item import TRUE_FALSE, Level, Option, Wording, digest
from question_bank.kind import Kind
from tests.question_bank.exchange.wordings import LETTERS, PLAIN, wordings

NAME = "0123456789abcdef"


def png(width: int, height: int) -> bytes:
    """A white picture."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _row in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT",
        rows) + chunk(b"IEND", b"")


def wording(kind: Kind, stem: str, options: str = "", key: object = (), right: str = "", rationale: str = "", **more: object) -> Wording:
    sides = [tuple(Option(chr(ord(first) + place), text) for place, text in enumerate(side.split("|"))) if side else () for side,
        first in ((options, "A"), (right, "1"))]
    left = TRUE_FALSE if kind is Kind.TRUE_FALSE else sides[0]
    return Wording(kind, stem, left, key, rationale, ("GCS@2011#12.1",), int(str(more.get("difficulty", 3))),
        Level(str(more.get("level", "recall"))), sides[1])


EACH = {
    "Q1": wording(Kind.SINGLE, "上门前应至少提前多久联系客户？", "5分钟|30分钟|1小时|不用联系", ("B",), rationale="第十二条。\n要提前。"),
    "Q2": wording(Kind.SINGLE, "服务宗旨是（  ）。", "客户为根、服务为本，人人有责，处处留心|效率|质量", ("A",), difficulty=5),
    "Q3": wording(Kind.MULTIPLE, "哪些要登记？", "姓名|电话|血型", ("A", "B"), level="apply"),
    "Q4": wording(Kind.MULTIPLE, "只有一项对？", "甲|乙", ("B",)),
    "Q5": wording(Kind.TRUE_FALSE, "可以迟到。", key=("F",), rationale="不可以。"),
    "Q6": wording(Kind.FILL, "提前 ____ 分钟，迟到 ____ 分钟以上要致电。", key=(("30", "三十", "半小时"), ("10/次", "十或十一"))),
    "Q7": wording(Kind.FILL, "宗旨是", key=(("客户为根",),)),
    "Q8": wording(Kind.ORDER, "排出先后", "敲门|预约|自我介绍|离开", ("B", "A", "C", "D")),
    "Q9": wording(Kind.MATCH, "左右相连", "敲门|留条", {"A": "1", "B": "3"}, "到达|多余|无人"),
    "Q10": wording(Kind.SITUATIONAL, "客户发火，先做什么？", "解释|倾听|离开", {"A": 0.3333333333333333, "B": 1.0}),
    "Q11": wording(Kind.SHORT, "简述流程。\n\n分步写：\n- 甲\n- 乙", key=("先预约", "再敲门；后说明")),
    "Q12": wording(Kind.SHORT, "谈谈看法。"),
    "Q14": wording(Kind.SINGLE, "看表：\n| 项目 | 时限 |\n| --- | --- |\n| 安装 | **48** 小时 |\n\n安装的时限是？", "48 小时|24 小时",
        ("A",)),
    "Q15": wording(Kind.TRUE_FALSE, "下表没有错。\n\n| 甲 | 乙 |\n| --- | --- |\n| 1. 丙 | 丁 |", key=("T",)),
    "Q13": wording(Kind.SINGLE, "下列**不**正确的是 a_b、`x`", "*甲*乙|5*3|乙\\*|丙 <b>", ("C",)),
}


def sent() -> list[Sent]:
    return [Sent(code, said, {"GCS@2011#12.1": "提前预约（上门）"}) for code, said in EACH.items()]


def test_every_kind_comes_back_the_same() -> None:
    written = paper_writing.write(sent())
    found = {one.code: one for one in paper.read_word(written.content)}
    assert {code: written.notes[code] for code in EACH} == dict.fromkeys(EACH, ())
    assert {code for code in EACH if digest(found[code].wording) != digest(EACH[code])} == set()
    assert {found[code].status.value for code in EACH} == {"kept"}


def test_the_paper_is_in_sections_and_numbered_through() -> None:
    text = said(paper_writing.write(sent()).content)
    assert re.findall(r"[一二三四五六七八]、[^（]+（共 \d+ 题", text) == [
        "一、单项选择题（共 4 题", "二、多项选择题（共 2 题", "三、判断题（共 2 题", "四、填空题（共 2 题", "五、排序题（共 1 题",
        "六、连线题（共 1 题",
        "七、情境判断题（共 1 题", "八、简答题（共 2 题",
    ]
    assert [stem in text for stem in ("\n1. 上门前应", "\n6. 只有一项对？", "\n12. 左右相连", "\n15. 谈谈看法。")] == [True] * 4


def said(content: bytes) -> str:
    """Everything that the document shows, paragraph by paragraph."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"))
    return "\n".join("".join(piece.text or "\t" for piece in one.iter("{*}t", "{*}tab", "{*}br")) for one in tree.iter("{*}p"))


def test_the_paper_to_sit_tells_no_answer() -> None:
    keyed = [Sent(one.code, one.wording, one.clause_titles) for one in sent()]
    written = paper_writing.write_without_key(keyed)
    text = said(written.content)
    for secret in ("【", "第十二条", "GCS", "Q1", "半小时", "再敲门", "33"):
        assert secret not in text
    assert "姓名" in text
    assert "每题 ____ 分" in text
    with zipfile.ZipFile(io.BytesIO(written.content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert "第十二条".encode() not in everything
    assert all(one.notes and one.notes[0].code in ("answer_missing", "model_answer_missing",
        "around") for one in paper.read_word(written.content))


def test_a_paper_is_the_same_whoever_writes_it_whenever() -> None:
    assert paper_writing.write(sent()).content == paper_writing.write(sent()).content


def test_pictures_travel_and_what_word_cannot_hold_is_named() -> None:
    shown = wording(Kind.SINGLE, f"看 ![接线\\*图](media:{NAME}) 答", f"![](media:{NAME})|乙", ("A",))
    missing = wording(Kind.SINGLE, f"听 ![录音](media:{NAME[:15]}s)", "甲|乙", ("A",))
    media = (Media(NAME, png(1200, 40)), Media(f"{NAME[:15]}s", b"ID3"))
    written = paper_writing.write([Sent("P", shown, media=media), Sent("S", missing, media=media)])
    found = {one.code: one for one in paper.read_word(written.content)}
    assert (digest(found["P"].wording), found["P"].media) == (digest(shown), (Media(NAME, png(1200, 40)),))
    assert written.notes["P"] == ()
    assert [(note.code, note.words) for note in written.notes["S"]] == [("media_lost", (f"{NAME[:15]}s",)), ("reads_otherwise", ("题干",))]


def test_what_would_be_read_as_something_else_is_said() -> None:
    sly = wording(Kind.SINGLE, "题目\n2. 又一题\nA. 甲\nB. 乙\n答案：A", "一|二", ("B",))
    written = paper_writing.write([Sent("sly", sly), Sent("good", EACH["Q1"])])
    assert {note.code for note in written.notes["sly"]} == {"reads_otherwise"}
    assert written.notes["good"] == ()


def test_the_parts_are_what_word_expects() -> None:
    content = paper_writing.write([Sent("P", wording(Kind.SINGLE, f"![图](media:{NAME})", "甲|乙", ("A",)),
        media=(Media(NAME, png(9, 9)),))]).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        trees = {name: etree.fromstring(archive.read(name)) for name in names if name.endswith((".xml", ".rels"))}
    assert names[0] == "[Content_Types].xml"
    assert f"word/media/{NAME}.png" in names
    declared = {one.get("PartName") for one in trees["[Content_Types].xml"].iter("{*}Override")}
    assert declared == {f"/word/{part}.xml" for part in ("document", "styles", "settings", "footer1")}
    targets = {one.get("Id"): one.get("Target") for one in trees["word/_rels/document.xml.rels"]}
    assert {f"word/{target}" for target in targets.values()} <= set(names)
    used = {value for one in trees["word/document.xml"].iter() for name, value in one.attrib.items() if name.endswith(("}id", "}embed"))}
    assert used <= set(targets)
    styles = {one.get(f"{{{paper_docx.W}}}styleId") for one in trees["word/styles.xml"].iter("{*}style")}
    named = {one.get(f"{{{paper_docx.W}}}val") for one in trees["word/document.xml"].iter("{*}pStyle", "{*}rStyle")}
    assert named <= styles


@pytest.mark.parametrize(("content", "size"), [
    (png(7, 3), (7, 3)), (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x05\x00\x09\x01\x11\x00", (9, 5)), (b"GIF89a", None),
    (b"\x89PNG", None), (b"", None),
    (b"\xff\xd8\xff", None),
])
def test_the_size_of_a_picture(content: bytes, size: tuple[int, int] | None) -> None:
    assert paper_docx.size(content) == size


def test_no_questions_make_an_empty_paper() -> None:
    assert zipfile.ZipFile(io.BytesIO(paper_writing.write([]).content)).testzip() is None


QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@QUIET
@given(wordings(alphabet=PLAIN))
def test_plain_texts_are_read_again_the_same(said: Wording) -> None:
    written = paper_writing.write([Sent("Q", said)])
    same = [one for one in paper.read_word(written.content) if digest(one.wording) == digest(said)]
    assert bool(same) != bool(written.notes["Q"])
    paper_writing.write_without_key([Sent("Q", said)])


@QUIET
@given(wordings(alphabet=LETTERS))
def test_any_texts_are_read_again_the_same_or_said_not_to_be(said: Wording) -> None:
    written = paper_writing.write([Sent("Q", said)])
    same = [one for one in paper.read_word(written.content) if one.code == "Q" and digest(one.wording) == digest(said)]
    assert bool(same) != bool(written.notes["Q"])
