"""Word papers: Word's own numbers, tables, pictures, styles, and everything that cannot come along and is named."""

import io
import time
import zipfile

import pytest

from question_bank.exchange import paper
from question_bank.exchange.formats import Name, detect
from question_bank.exchange.found import Media, Status, Unusable
from question_bank.exchange.paper_numbering import written
from tests.question_bank.exchange.test_paper import told
from tests.question_bank.exchange.word_files import PNG, box, docx, para, picture, rows, run

T, F = ("T",), ("F",)
OPTIONS = [para("A. 一"), para("B. 二")]
KEPT = {
    "numbers of Word's lists, a level for the options, headings by style": (
        [para("单选题", style="1"), para("甲？", number="1"), para("一", number="1", level=1), para("二", number="1", level=1),
        para("答案：B"),
         para("乙？", number="1"), para("一", number="1", level=1), para("二", number="1", level=1), para("答案：A"),
         para("判断题", style="1"), para("丙。（√）", number="3"), para("丁。（×）", number="3")],
        [("single", "甲？", ("B",), []), ("single", "乙？", ("A",), []), ("true_false", "丙。", T, []), ("true_false", "丁。", F, [])],
    ),
    "typed numbers, letters of a list that starts anew": (
        [para("1. 甲？"), para("一", number="4"), para("二", number="4"), para("答案：B"), para("2. 乙？"), para("一", number="5"),
         para("二", number="5"), para("答案：A")],
        [("single", "甲？", ("B",), []), ("single", "乙？", ("A",), [])],
    ),
    "circled numbers and 第1题": (
        [para("请排序", number="7"), para("【题型】排序题"), para("敲门", number="6"), para("预约", number="6"), para("答案：②①")],
        [("order", "请排序", ("②", "①"), [])],
    ),
    "soft line breaks": ([para("1. 甲？\nA. 一\nB. 二\n答案：B\n解析：一。\n二。")], [("single", "甲？", ("B",), [])]),
    "a table of options, and one with the letters in cells of their own": (
        [para("1. 甲？"), rows(["A. 一", "B. 二"], ["C. 三", "D. 四"]), para("答案：D"), para("2. 乙？"), rows(["A", "一", "B", "二"]),
        para("答案：A")],
        [("single", "甲？", ("D",), []), ("single", "乙？", ("A",), [])],
    ),
    "a table of answers below its heading, an empty answer sheet above": (
        [rows(["题号", "1", "2"], ["答案", "", ""]), para("一、单选题"), para("1. 甲？"), *OPTIONS, para("二、判断题"),
        para("2. 乙。（  ）"),
         para("参考答案"), rows(["题号", "1", "2"], ["答案", "A", "√"])],
        [("single", "甲？", ("A",), []), ("true_false", "乙。", T, [])],
    ),
    "a table with a question in each row": (
        [rows(["题号", "题型", "题干", "选项", "答案"], ["1", "单选", "甲？", para("A. 一") + para("B. 二"), "B"],
            ["2", "判断", "乙", "", "错误"])],
        [("single", "甲？", ("B",), []), ("true_false", "乙", F, [])],
    ),
    "a match in a table, numbers on either side, one that misleads": (
        [para("一、连线题"), para("1. 连线"), rows(["1. 敲门", "A. 到达"], ["2. 留条", "B. 无人"], ["", "C. 多余"]), para("答案：1-A 2-B"),
         para("2. 再连"), rows(["A. 甲", "1. 一"], ["B. 乙", "2. 二"], ["", "3. 三"]), para("答案：A-3，B-1")],
        [("match", "连线", {"1": "A", "2": "B"}, []), ("match", "再连", {"A": "3", "B": "1"}, [])],
    ),
    "underlined blanks are gaps": ([para("一、填空题"), para("1. 提前", run("    ", "lined"), "分钟。"), para("答案：30")],
        [("fill", "提前____分钟。", (("30",),), [])]),
    "ticks of a symbol font": (
        [para("一、判断题"), para("1. 甲（", '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "）"),
         para("2. 乙（", '<w:r><w:sym w:font="Wingdings 2" w:char="F04F"/></w:r>', "）")],
        [("true_false", "甲", T, []), ("true_false", "乙", F, [])],
    ),
    "what stands out is bold, what is bold as a whole is not": (
        [para("1. 下列", run("不", "dotted"), "正确的是"), para(run("A. 一", "bold")), para("B. 10", run("2", "raised")),
        para(run("答案：", "bold"), "B")],
        [("single", "下列**不**正确的是", ("B",), [])],
    ),
    "insertions count and deletions do not": (
        [para("1. 甲"), para("A. 一"), para("B. ", "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", f"<w:ins>{run('新')}</w:ins>"),
        para("答案：B")],
        [("single", "甲", ("B",), [])],
    ),
    "each question in a table of its own": (
        [rows([para("1. 甲") + "".join(OPTIONS) + para("答案：A")]), rows([para("2. 乙") + "".join(OPTIONS) + para("答案：B")])],
        [("single", "甲", ("A",), []), ("single", "乙", ("B",), [])],
    ),
    "two columns made with a table": (
        [rows([para("1. 甲") + "".join(OPTIONS) + para("答案：A"), para("2. 乙") + "".join(OPTIONS) + para("答案：B")])],
        [("single", "甲", ("A",), []), ("single", "乙", ("B",), [])],
    ),
    "a table in the stem": (
        [para("1. 看表"), rows(["项目", "时限"], ["安装", "48"]), para("时限是？"), *OPTIONS, para("答案：A")],
        [("single", "看表\n| 项目 | 时限 |\n| --- | --- |\n| 安装 | 48 |\n\n时限是？", ("A",), [])],
    ),
    "content controls and links": (
        [f"<w:sdt><w:sdtContent>{para('1. 甲')}</w:sdtContent></w:sdt>", para("A. ", f'<w:hyperlink r:id="x">{run("一")}</w:hyperlink>'),
        para("B. 二"),
         para("答案：A")],
        [("single", "甲", ("A",), [])],
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_layout_is_read_and_nothing_is_lost(name: str) -> None:
    blocks, expected = KEPT[name]
    content = docx(*blocks)
    found = paper.read_word(content)
    assert detect("卷.docx", content) is Name.WORD
    assert [told(one) for one in found] == expected
    assert {one.status for one in found} == {Status.KEPT}


LOST = {
    "a text box": ([para("1. 甲", box("密封线"))], ("box_lost", ("密封线",))),
    "hidden text": ([para("1. 甲"), para(run("答案：A", "hidden"))], ("hidden_lost", ("答案：A",))),
    "a formula": ([para("1. 甲", "<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>")], ("markup_lost", ("公式 x+1",))),
    "an object": ([para("1. 甲", '<w:r><w:object><o:OLEObject ProgID="Equation.3"/></w:object></w:r>')], ("object_lost", ("Equation.3",))),
    "struck text": ([para("1. 甲", run("乙", "struck"))], ("markup_lost", ("删除线",))),
    "a footnote": ([para("1. 甲", '<w:r><w:footnoteReference w:id="1"/></w:r>')], ("markup_lost", ("脚注",))),
    "a picture of Windows": ([para("1. 甲", picture("rId8"))], ("picture_unreadable", ("image2.wmf",))),
    "a picture that is not there": ([para("1. 甲", picture("rId5", "接线图"))], ("picture_missing", ("接线图",))),
}


@pytest.mark.parametrize("name", LOST)
def test_what_cannot_come_along_is_named_where_it_stood(name: str) -> None:
    blocks, note = LOST[name]
    after = [para("2. 乙"), *OPTIONS, para("答案：B")]
    first, second = paper.read_word(docx(*blocks, *OPTIONS, para("答案：B"), *after, files={"rId8": ("image2.wmf", b"\xd7\xcd\xc6\x9a")}))
    assert (first.status, [(one.code, one.words) for one in first.notes]) == (Status.DEGRADED, [note])
    assert (second.status, first.key) == (Status.KEPT, ("B",))


def test_pictures_stay_where_they_stood() -> None:
    first, second = paper.read_word(docx(
        para("1. 看图，这是什么？"), para(picture("rId9", "接线图")), *OPTIONS, para("答案：A"), para("2. 选图"),
        para("A. ", picture("rId9"), "\tB. 无"),
        para("答案：B"), files={"rId9": ("image1.png", PNG)},
    ))
    assert (first.stem, first.media) == ("看图，这是什么？\n![接线图](media:image1.png)", (Media("image1.png", PNG),))
    assert [option.text for option in second.options] == ["![](media:image1.png)", "无"]
    assert (first.status, second.status) == (Status.KEPT, Status.KEPT)


def test_an_answer_that_only_a_colour_or_a_line_says_is_a_guess() -> None:
    coloured, lit, filled = paper.read_word(docx(
        para("1. 甲"), para("A. 一"), para(run("B. 二", "red")), para("2. 乙"), para(run("A. 一", "lit")), para("B. 二"),
        para("二、填空题"), para("3. 提前", run(" 30 ", "lined"), "分钟，迟到", run("10", "lined"), "分钟。"),
    ))
    assert (coloured.key, [note.code for note in coloured.notes]) == (("B",), ["answer_by_colour"])
    assert (lit.key, lit.status) == (("A",), Status.DEGRADED)
    assert (filled.stem, filled.key) == ("提前____分钟，迟到____分钟。", (("30",), ("10",)))
    assert [note.code for note in filled.notes] == ["answer_underlined"]


def test_a_colour_changes_nothing_where_the_answer_is_said() -> None:
    (found,) = paper.read_word(docx(para("1. 甲"), para("A. 一"), para(run("B. 二", "red")), para("答案：A")))
    assert (found.key, found.status) == (("A",), Status.KEPT)


@pytest.mark.parametrize(("number", "form", "text"), [
    (1, "chineseCounting", "一"), (10, "chineseCounting", "十"), (15, "chineseCountingThousand", "十五"),
    (105, "chineseCounting", "一百零五"),
    (20, "japaneseCounting", "二十"), (12, "chineseLegalSimplified", "壹拾贰"), (27, "upperLetter", "AA"), (4, "lowerRoman", "iv"),
    (3, "decimalEnclosedCircle", "③"),
    (2, "ideographTraditional", "乙"), (7, "decimalZero", "07"), (5, "unheardOf", "5"), (2026, "ideographDigital", "二零二六"),
])
def test_numbers_as_word_writes_them(number: int, form: str, text: str) -> None:
    assert written(number, form) == text


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b">]><w:document xmlns:w="w"/>'
AWAY = '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="../../etc/passwd"/></Relationships>'
HOSTILE = {
    "a document with entities": (docx(extra={"word/document.xml": DOCTYPE}), "doctype"),
    "relations with entities": (docx(extra={"word/_rels/document.xml.rels": DOCTYPE}), "doctype"),
    "a broken document": (docx(extra={"word/document.xml": "<w:document"}), "damaged"),
    "no body": (docx(extra={"word/document.xml": "<document/>"}), "damaged"),
    "no document": (docx(extra={"_rels/.rels": AWAY}), "damaged"),
    "half an archive": (docx(para("1. 甲"))[:300], "damaged"),
    "nothing but a heading": (docx(para("服务规范")), "no_questions"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_none_is_refused_with_the_cause(name: str) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(Unusable) as refusal:
        paper.read_word(content)
    assert refusal.value.code == code


def test_a_path_that_leads_out_and_a_bomb_are_refused() -> None:
    for name, text, code in (("../../x", "a", "path"), ("word/media/a.bin", "\0" * 30_000_000, "bomb")):
        packed = io.BytesIO(docx(para("1. 甲")))
        with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as into:
            into.writestr(name, text)
        with pytest.raises(Unusable) as refusal:
            paper.read_word(packed.getvalue())
        assert refusal.value.code == code


def test_a_hundred_questions_with_lists_and_pictures_take_no_time() -> None:
    blocks = []
    for number in range(100):
        blocks += [para(f"第{number}个问题？", picture("rId9"), number="1")]
        blocks += [*(para(f"选项{place}", number="1", level=1) for place in range(4)), para("答案：C")]
    content = docx(*blocks, files={"rId9": ("image1.png", PNG)})
    start = time.process_time()
    found = paper.read_word(content)
    assert time.process_time() - start < 3, "the child would be killed"
    assert [one.key for one in found] == [("C",)] * 100
    assert {one.status for one in found} == {Status.KEPT}
