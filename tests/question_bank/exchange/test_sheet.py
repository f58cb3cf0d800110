"""Tables of questions: our own come back as they were, others' are read by what their headings say, and every doubt names its cell."""

import base64
import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from question_bank.exchange import sheet, sheet_writing
from question_bank.exchange.found import Found, Media, Status, Unusable
from question_bank.exchange.sent import Sent
from question_bank.exchange.sheet_answers import said_gaps, split
from question_bank.exchange.sheet_words import Sort, heading, kind_in
from question_bank.item import Level, Option, Wording, digest
from question_bank.kind import Kind
from tests.question_bank.exchange.wordings import texts, wordings

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
HEAD = ["题型", "题干", "选项A", "选项B", "选项C", "答案", "解析", "条款", "难度"]


def workbook(*rows: list[Any], title: str = "题目") -> bytes:
    """A workbook as Excel saves it, with these rows."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def table(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def only(*rows: list[Any]) -> Found:
    """The one question of a workbook."""
    (found,) = sheet.read_xlsx(workbook(*rows))
    return found


def row(kind: str, stem: str, answer: str, *options: str) -> Found:
    return only(["题型", "题干", "答案", *(f"选项{letter}" for letter in "ABCDEFGH"[: len(options)])], [kind, stem, answer, *options])


def codes(found: Found) -> list[str]:
    return [note.code for note in found.notes]


@st.composite
def fills(draw: st.DrawFn) -> Wording:
    """Fill questions whose texts hold the table's own separators."""
    accepted = texts("ab;；|｜\\ 5", longest=8)
    key = tuple(tuple(draw(st.lists(accepted, min_size=1, max_size=3, unique=True))) for _gap in range(draw(st.integers(1, 3))))
    return Wording(Kind.FILL, " 和 ".join(["____"] * len(key)), (), key, "", ("GCS@2011#12.1",), 3, Level.RECALL)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.one_of(wordings(), fills()))
def test_what_is_written_as_csv_is_read_again_the_same(wording: Wording) -> None:
    written = sheet_writing.write_csv([Sent("Q.1-a", wording, {"GCS@2011#3": "提前，预约"})])
    (found,) = sheet.read_csv(written.content)
    if not written.notes and found.status is not Status.REFUSED:
        assert (digest(found.wording), found.code, found.status) == (digest(wording), "Q.1-a", Status.KEPT)
    assert found.status is not Status.REFUSED or wording.kind is Kind.FILL
    assert not written.notes or [note.code for note in written.notes["Q.1-a"]] == ["lines_joined"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.lists(wordings(), min_size=6, max_size=10))
def test_what_is_written_as_a_workbook_is_read_again_the_same(said: list[Wording]) -> None:
    written = sheet_writing.write_xlsx([Sent(f"Q{number}", wording) for number, wording in enumerate(said)])
    for found, wording in zip(sheet.read_xlsx(written.content), said, strict=True):
        if found.code not in written.notes:
            assert (digest(found.wording), found.status) == (digest(wording), Status.KEPT)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(texts("ab;；|｜\\", 6), min_size=1, max_size=3), min_size=1, max_size=3))
def test_separators_within_an_answer(key: list[list[str]]) -> None:
    assert [split(part, "|｜") for part in split(said_gaps(key), ";；\n")] == key


def test_pictures_and_sounds_lie_on_a_sheet_of_their_own() -> None:
    stem = "看 ![图](media:0123456789abcdef) 听 ![铃](media:0123456789abcdes)"
    said = Wording(Kind.TRUE_FALSE, stem, (Option("T", "正确"), Option("F", "错误")), ("T",), "", (), 3, Level.RECALL)
    media = (Media("0123456789abcdef", PNG), Media("0123456789abcdes", b"ID3" + bytes(60_000)))
    written = sheet_writing.write_xlsx([Sent("Q1", said, media=media)])
    (found,) = sheet.read_xlsx(written.content)
    assert (found.wording, set(found.media), found.status) == (said, set(media), Status.KEPT)
    lost = sheet_writing.write_csv([Sent("Q1", said, media=media)])
    assert [note.code for note in lost.notes["Q1"]] == ["media_lost"]
    (bare,) = sheet.read_csv(lost.content)
    assert codes(bare) == ["picture_missing", "picture_missing"]


def test_nothing_that_is_written_is_a_formula() -> None:
    texts_ = ("=cmd|' /C calc'!A0", "-5 ℃", "＠x", "'=x")
    options = tuple(Option("ABCD"[place], text) for place, text in enumerate(texts_))
    said = Wording(Kind.SINGLE, "+1", options, ("A",), "@SUM(1)", (), 3, Level.RECALL)
    written = sheet_writing.write_csv([Sent("Q1", said)])
    assert not any(cell.startswith(("=", "+", "-", "@", "＠")) for cell in written.content.decode("utf-8-sig").split(","))
    (found,) = sheet.read_csv(written.content)
    assert found.wording == said
    (same,) = sheet.read_xlsx(sheet_writing.write_xlsx([Sent("Q1", said)]).content)
    assert same.wording == said


ANSWERS = [
    ("单选题", "题", "B", ("a", "b"), ("B",)), ("选择题", "题", "b", ("a", "b"), ("B",)), ("单选", "题", " Ｂ ", ("a", "b"), ("B",)),
    ("单选题", "题", "乙方", ("甲方", "乙方"), ("B",)), ("多选题", "题", "CA", ("a", "b", "c"), ("A", "C")),
    ("多项选择题", "题", "A、C", ("a", "b", "c"), ("A", "C")), ("多选", "题", "甲\n丙", ("甲", "乙", "丙"), ("A", "C")),
    ("判断题", "题", "√", (),
    ("T",)),
    ("判断", "题", "×", (),
    ("F",)),
    ("判断题", "题", "错。", (),
    ("F",)),
    ("是非题", "题", "T", (),
    ("T",)),
    ("判断题", "题", "B", ("对", "错"), ("F",)), ("排序题", "题", "C→A→B", ("a", "b", "c"), ("C", "A", "B")),
    ("填空题", "提前 ____ 分钟", "30|三十", (), (("30", "三十"),)), ("填空题", "__ 和 __", "甲；乙", (), (("甲",), ("乙",))),
    ("填空题", "速度 ____", "5 m/s", (), (("5 m/s",),)), ("填空题", "____", "a\\|b", (), (("a|b",),)),
    ("情景题", "题", "A=1;C=50%", ("a", "b", "c"), {"A": 1.0, "C": 0.5}),
    ("简答题", "题", "一\n二", (),
    ("一", "二")),
    ("简答题", "题", "", (), ()),
]


@pytest.mark.parametrize(("kind", "stem", "answer", "options", "key"), ANSWERS)
def test_answers_as_people_write_them(kind: str, stem: str, answer: str, options: tuple[str, ...], key: object) -> None:
    found = row(kind, stem, answer, *options)
    assert found.key == key
    assert found.status is Status.KEPT or "cell_ignored" in codes(found)


TAKEN = [
    ("单选题", "题", "2", ("a", "b"), ("B",), "cell_taken"), ("多选题", "题", "1,3", ("a", "b", "c"), ("A", "C"), "cell_taken"),
    ("排序题", "题", "312", ("a", "b", "c"),
    ("C", "A", "B"), "cell_taken"),
    ("填空题", "提前____分钟", "30;三十", (), (("30", "三十"),), "cell_taken"),
    ("填空题", "__、__", "甲、乙", (), (("甲",), ("乙",)), "cell_taken"), ("填空题", "提前（  ）分钟", "30", (), (("30",),), "gap_guessed"),
    ("情景题", "题", "A=4 B=2", ("a", "b"), {"A": 1.0, "B": 0.5}, "cell_taken"), ("", "题", "AB", ("a", "b"), ("A", "B"), "kind_guessed"),
    ("", "题", "对", (), ("T",), "kind_guessed"), ("", "提前 __ 分钟", "30", (), (("30",),), "kind_guessed"),
]


@pytest.mark.parametrize(("kind", "stem", "answer", "options", "key", "note"), TAKEN)
def test_what_is_not_said_plainly_is_taken_and_noted(kind: str, stem: str, answer: str, options: Any, key: object, note: str) -> None:
    found = row(kind, stem, answer, *options)
    assert (found.key, found.status, note in codes(found)) == (key, Status.DEGRADED, True)


WRONG = [
    ("单选题", "题", "E", ("a", "b"), "cell_no_option", ("C2（答案）", "E")),
    ("单选题", "题", "AB", ("a", "b"), "cell_several", ("C2（答案）", "AB")),
    ("单选题", "题", "不知道", ("a", "b"), "cell_unread", ("C2（答案）", "不知道")),
    ("单选题", "题", "", ("a", "b"), "cell_empty", ("C2（答案）",)),
    ("单选题", "", "A", ("a", "b"), "cell_empty", ("B2（题干）",)),
    ("计算题", "题", "A", ("a", "b"), "cell_kind", ("A2（题型）", "计算题")),
    ("排序题", "题", "AB", ("a", "b", "c"), "cell_steps_missing", ("C2（答案）", "C")),
    ("判断题", "题", "也许", (), "cell_unread", ("C2（答案）", "也许")),
    ("填空题", "__ 和 __", "甲", (), "cell_gaps", ("C2（答案）", "2", "1")),
    ("情景题", "题", "A=高", ("a", "b"), "cell_unread", ("C2（答案）", "A=高")),
    ("单选题", "题", "A", ("a", "a"), "unsound", ("options", "two options say the same: 'a'")),
]


@pytest.mark.parametrize(("kind", "stem", "answer", "options", "code", "words"), WRONG)
def test_a_refusal_names_its_cell(kind: str, stem: str, answer: str, options: Any, code: str, words: tuple[str, ...]) -> None:
    found = row(kind, stem, answer, *options)
    assert found.status is Status.REFUSED
    assert (code, words) in [(note.code, note.words) for note in found.notes]


def test_matches() -> None:
    head = ["题型", "题干", "选项A", "选项B", "右侧1", "右侧2", "右侧3", "答案"]
    found = only(head, ["配对题", "题", "甲", "乙", "一", "二", "三", "A-2、B→1"])
    assert (found.key, found.status) == ({"A": "2", "B": "1"}, Status.KEPT)
    assert [option.text for option in found.right] == ["一", "二", "三"]
    assert codes(only(head, ["配对题", "题", "甲", "乙", "一", "二", None, "A-2"])) == ["cell_steps_missing"]
    assert codes(only(head, ["配对题", "题", "甲", "乙", "一", "二", None, "A-2;B-9"])) == ["cell_no_option"]


CELLS = ["A.甲\nB.乙\nC.丙", "A、甲|B、乙|C、丙", "甲|乙|丙", "A. 甲 B. 乙 C. 丙", "甲；乙；丙", "(A)甲\n(B)乙\n(C)丙"]


@pytest.mark.parametrize("cell", CELLS)
def test_options_in_one_cell(cell: str) -> None:
    found = only(["题目", "选项", "正确答案"], ["题", cell, "C"])
    assert ([option.text for option in found.options], found.key) == (["甲", "乙", "丙"], ("C",))


HEADINGS = [
    ("*题型（必填）", Sort.KIND),
    ("试题题干", Sort.STEM),
    ("正确答案(多选用逗号)", Sort.ANSWER),
    ("选项 D", Sort.OPTION),
    ("F", Sort.OPTION),
    ("选项1", Sort.OPTION),
    ("Correct Answer", Sort.ANSWER),
    ("难易程度", Sort.DIFFICULTY),
    ("右侧2", Sort.RIGHT),
    ("知识点", Sort.CATEGORY),
    ("Option codes", Sort.CODES), ("序号", Sort.NUMBER), ("备注", None), ("2", None), ("选项AA", None), ("选项99", None), ("x" * 300, None),
]


@pytest.mark.parametrize(("text", "sort"), HEADINGS)
def test_headings_as_people_write_them(text: str, sort: Sort | None) -> None:
    found = heading(text)
    assert (found.sort if found else None) is sort


def test_titles_name_a_kind() -> None:
    assert kind_in("一、单选题（每题 2 分，共 40 分）") is Kind.SINGLE
    assert kind_in("单选题和多选题") is None
    assert kind_in("第一部分") is None


def test_a_book_of_sheets_by_kind_with_titles_and_numbers() -> None:
    book = Workbook()
    single = book.active
    assert single is not None
    single.title = "单选题"
    head = ["序号", "题目", "A", "B", "答案", "备注"]
    rows = [["2026 年题库"], [], head, [1, "题一", 30, 45, "B", "老题"], ["二、判断题"], [2, "题二", None, None, "√"]]
    for cells in rows:
        single.append(cells)
    judge = book.create_sheet("判断题")
    judge.append(["题干", "答案"])
    judge.append(["题三", "错误"])
    hidden = book.create_sheet("草稿")
    hidden.sheet_state = "hidden"
    hidden.append(["题干", "答案"])
    hidden.append(["看不见", "对"])
    book.create_sheet("说明").append(["每题 2 分"])
    first, second, third = sheet.read_xlsx(saved(book))
    assert (first.ref, first.kind, first.key) == ("单选题 第 4 行", Kind.SINGLE, ("B",))
    assert [option.text for option in first.options] == ["30", "45"]
    assert [(note.code, note.words) for note in first.notes] == [("column_ignored", ("备注", "老题")), ("sheet_ignored", ("说明",))]
    assert (second.kind, third.kind, third.key, third.ref) == (Kind.TRUE_FALSE, Kind.TRUE_FALSE, ("F",), "判断题 第 2 行")


def test_numbers_are_read_as_they_show() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "难度"])
    page.append(["单选题", "版本号是？", 1.1, 1.1, 0.05, 20, "A", 3.0])
    page["D2"].number_format, page["E2"].number_format = "0.00", "0%"
    (found,) = sheet.read_xlsx(saved(book))
    assert [option.text for option in found.options] == ["1.1", "1.10", "5%", "20"]
    assert [(note.code, note.words) for note in found.notes] == [("cell_number", ("C2（选项A）", "1.1"))]


def test_days_are_read_as_they_show() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["题型", "题干", "答案"])
    page.append(["填空题", "何日生效？____", 45658])
    page["C2"].number_format = 'yyyy"年"m"月"d"日"'
    (found,) = sheet.read_xlsx(saved(book))
    assert found.key == (("2025年1月1日",),)
    assert [(note.code, note.words) for note in found.notes] == [("cell_date", ("C2（答案）", "2025年1月1日"))]


def test_formulas_and_errors_are_refused() -> None:
    found = only(HEAD, ["单选题", '=CONCAT("a","b")', "a", "b", None, "A"])
    assert (found.notes[0].code, found.notes[0].words) == ("cell_formula", ("B2（题干）", 'CONCAT("a","b")'))
    assert found.status is Status.REFUSED
    (csv,) = sheet.read_csv(table("题型,题干,答案", '判断题,"=HYPERLINK(""http://x"",""y"")",对'))
    assert codes(csv)[0] == "cell_formula"
    (text,) = sheet.read_csv(table("题型,题干,答案", "判断题,'=HYPERLINK 是一个函数,对"))
    assert (text.stem, text.status) == ("=HYPERLINK 是一个函数", Status.KEPT)
    (minus,) = sheet.read_csv(table("题型,题干,答案", "判断题,-5 ℃ 时水会结冰,对"))
    assert (minus.stem, minus.status) == ("-5 ℃ 时水会结冰", Status.KEPT)


def test_a_cell_over_several_rows_counts_for_each_of_them() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for cells in (["题型", "题干", "答案"], ["判断题", "题一", "对"], [None, "题二", "错"], [None, "题三", "对"]):
        page.append(cells)
    page.merge_cells("A2:A4")
    found = sheet.read_xlsx(saved(book))
    assert [(one.kind, one.status) for one in found] == [(Kind.TRUE_FALSE, Status.KEPT)] * 3


def test_raised_figures_stay_raised() -> None:
    rich = CellRichText("面积单位是 m", TextBlock(InlineFont(vertAlign="superscript"), "2"))
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["题型", "题干", "答案"])
    page.append(["判断题", rich, "对"])
    (found,) = sheet.read_xlsx(saved(book))
    assert found.stem == "面积单位是 m²"


def repacked(content: bytes, **changed: str | bytes) -> bytes:
    """A workbook with parts put in or changed; ``__`` in a name stands for a slash and ``_x_`` for a dot."""
    parts = {name.replace("__", "/").replace("_x_", "."): text for name, text in changed.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as into:
        for name in source.namelist():
            if name not in parts:
                into.writestr(name, source.read(name))
        for name, text in parts.items():
            into.writestr(name, text)
    return target.getvalue()


XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
A, R = "http://schemas.openxmlformats.org/drawingml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = f'xmlns:xdr="{XDR}" xmlns:a="{A}" xmlns:r="{R}"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def picture(name: str, row_: int, column: int) -> str:
    return (
        f'<xdr:oneCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row_}</xdr:row></xdr:from><xdr:pic>'
        f'<xdr:nvPicPr><xdr:cNvPr id="2" name="{name}" descr=""/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill>'
        "</xdr:pic></xdr:oneCellAnchor>"
    )


def test_pictures_belong_to_the_cell_that_they_lie_on() -> None:
    book = workbook(["题型", "题干", "选项A", "选项B", "答案"], ["单选题", "哪一个？", None, "乙", "A"], ["判断题", "题", None, None, "对"])
    with zipfile.ZipFile(io.BytesIO(book)) as source:
        page = source.read("xl/worksheets/sheet1.xml").decode().replace("</worksheet>", f'<drawing xmlns:r="{R}" r:id="rId9"/></worksheet>')
    relation = '<Relationships xmlns="{}"><Relationship Id="{}" Type="x" Target="{}"/></Relationships>'
    content = repacked(
        book, xl__worksheets__sheet1_x_xml=page, xl__media__a_x_png=PNG,
        xl__worksheets___rels__sheet1_x_xml_x_rels=relation.format(RELATIONS, "rId9", "../drawings/drawing1.xml"),
        xl__drawings__drawing1_x_xml=f'<x:wsDr xmlns:x="{XDR}" {SPACES}>{picture("p", 1, 2)}{picture("q", 2, 7)}</x:wsDr>',
        xl__drawings___rels__drawing1_x_xml_x_rels=relation.format(RELATIONS, "rId1", "../media/a.png"),
    )
    first, second = sheet.read_xlsx(content)
    assert (first.options[0].text, first.media, first.status) == ("![](media:a.png)", (Media("a.png", PNG),), Status.KEPT)
    assert (second.stem, codes(second)) == ("题\n\n![](media:a.png)", ["picture_placed"])


def test_pictures_that_wps_keeps_in_a_cell() -> None:
    book = workbook(["题型", "题干", "选项A", "选项B", "答案"], ["单选题", "哪一个？", '=_xlfn.DISPIMG("ID_7",1)', "乙", "A"])
    images = (
        f'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" {SPACES}><etc:cellImage>'
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="1" name="ID_7"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic>'
        "</etc:cellImage></etc:cellImages>"
    )
    relation = f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="x" Target="media/b.png"/></Relationships>'
    content = repacked(book, xl__cellimages_x_xml=images, xl___rels__cellimages_x_xml_x_rels=relation, xl__media__b_x_png=PNG)
    (found,) = sheet.read_xlsx(content)
    assert (found.options[0].text, found.status) == ("![](media:b.png)", Status.KEPT)


def test_the_rest_of_a_row() -> None:
    head = ["题型", "题干", "答案", "条款", "难度", "认知层次", "分值", "章节", "标签", "格式"]
    found = only(head, ["判断题", "a*b*c", "对", "GCS@2011#12.1 提前预约\nJF@2024#1", "较难", "应用", 2, "礼仪", "电话", None])
    assert (found.stem, found.clauses, found.difficulty, found.level, found.points) == (
        "a\\*b\\*c", ("GCS@2011#12.1", "JF@2024#1"), 4, Level.APPLY, 2.0,
    )
    assert (codes(found), found.status) == (["category", "tags"], Status.KEPT)
    other = only(head, ["判断题", "a*b*c", "对", "《规范》第三条", 0.85, "？", None, None, None, "Markdown"])
    assert (other.stem, other.difficulty, other.clauses) == ("a*b*c", 1, ())
    assert codes(other) == ["clause_unknown", "difficulty_guessed", "cell_ignored"]


def test_numbers_of_rows_are_no_names() -> None:
    counted = only(["题号", "题干", "答案"], ["=ROW()-1", "太阳从东方升起。", "对"])
    assert (counted.code, codes(counted)) == ("", ["kind_guessed"])
    named = only(["题号", "题干", "答案"], ["GCS-7", "太阳从东方升起。", "对"])
    assert named.code == "GCS-7"


def test_columns_of_other_programs() -> None:
    head = ["题目", "选项A", "选项B", "选项A解析", "选项B解析", "正确答案", "解析", "图片URL", "难度"]
    found = only(head, ["题", "甲", "乙", "对的", "错的", "A", "为什么", "https://example.org/a.png", "easy"])
    assert found.rationale == "为什么\nA：对的\nB：错的"
    assert codes(found) == ["kind_guessed", "picture_missing", "feedback_merged", "difficulty_guessed"]
    (one,) = sheet.read_csv(table("题干,答案", "# 提示：本行可删", "太阳从东方升起。,对"))
    assert one.kind is Kind.TRUE_FALSE


def test_numbered_kinds_and_english_words() -> None:
    found = only(["问题", "题型（0单选，1判断，2多选）", "选项A", "选项B", "答案"], ["题", 2, "a", "b", "A,B"])
    assert (found.kind, found.key) == (Kind.MULTIPLE, ("A", "B"))
    english = only(["Kind", "Question", "Option A", "Option B", "Answer", "Rationale"], ["Single", "Q", "a", "b", "B", "why"])
    assert (english.kind, english.key, english.rationale, english.status) == (Kind.SINGLE, ("B",), "why", Status.KEPT)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_any_encoding(delimiter: str, encoding: str) -> None:
    rows = [["题型", "题干", "选项A", "选项B", "答案"], ["单选题", '"第一行\n第二行"', "甲", "乙", "A"],
            [], ["单选题", "题", "甲", "乙", "B"]]
    first, second = sheet.read_csv("\r\n".join(delimiter.join(cells) for cells in rows).encode(encoding))
    assert (first.stem, second.key, second.ref) == ("第一行\n第二行", ("B",), "第 4 行")


@pytest.mark.parametrize(("rows", "code"), [
    ([["甲", "乙"], ["一", "二"]], "headings_missing"), ([HEAD], "no_questions"), ([[]], "no_questions"),
])
def test_books_without_questions(rows: list[list[str]], code: str) -> None:
    with pytest.raises(Unusable) as refusal:
        sheet.read_xlsx(workbook(*rows))
    assert refusal.value.code == code


def test_hostile_books_are_refused() -> None:
    good = workbook(HEAD, ["判断题", "题", None, None, None, "对"])
    doctype = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData/></worksheet>'
    hostile = {
        "doctype": repacked(good, xl__worksheets__sheet1_x_xml=doctype), "path": repacked(good, **{"..__..__x_x_xml": "x"}),
        "bomb": repacked(good, xl__worksheets__sheet1_x_xml=b"<worksheet>" + b" " * 40_000_000),
        "damaged": repacked(good, xl__worksheets__sheet1_x_xml="<worksheet>"),
    }
    for code, content in hostile.items():
        with pytest.raises(Unusable) as refusal:
            sheet.read_xlsx(content)
        assert refusal.value.code == code


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text("ABC123=；|-/%√. 甲\n_", max_size=12), min_size=5, max_size=5), min_size=1, max_size=3))
def test_any_cells_are_read_or_refused(rows: list[list[str]]) -> None:
    """Whatever stands in a row, it becomes a question or a refusal with its reason, never a crash."""
    kinds = ["单选题", "多选题", "排序题", "配对题", "填空题", "情景题", "判断题", "简答题"]
    lines = [["题型", "题干", "选项A", "选项B", "答案", "选项代码"]]
    lines += [[kinds[(at + len(cells[0])) % 8], *cells] for at, cells in enumerate(rows)]
    quoted = "\n".join(",".join(json.dumps(cell, ensure_ascii=False).replace("\\n", "\n") for cell in line) for line in lines)
    refused, read = "", []
    try:
        read = sheet.read_csv(quoted.encode())
    except Unusable as refusal:
        refused = refusal.code
    assert refused == ("" if read else "no_questions")
    assert bool(read) or not any(cell.strip() for cells in rows for cell in cells)
    assert all(found.status is not Status.REFUSED or found.notes for found in read)
