"""Chinese papers as they are pasted: every layout that trainers use, and nothing taken for a key that is none."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.exchange import paper, wording
from question_bank.exchange.formats import Name, detect
from question_bank.exchange.found import Found, Status, Unusable, Weight
from question_bank.kind import Kind

T, F = ("T",), ("F",)


def read(text: str) -> list[Found]:
    return paper.read_text(text.encode())


def told(found: Found) -> tuple[object, ...]:
    """Kind, stem, key, and the codes of the notes that are no hints."""
    return found.kind.value, found.stem, found.key, [note.code for note in found.notes if note.weight is not Weight.HINT]


KEPT = {
    "answers in the bracket of the stem, options in one line": (
        "1、提前多久联系客户？（ B ）\nA、5分钟 B、30分钟　C、1小时\tD、不用\n2. 到达时间是（C）。A.早 B.准时 C.早5分钟",
        [("single", "提前多久联系客户？", ("B",), []), ("single", "到达时间是（  ）。", ("C",), [])],
    ),
    "full width, a letter per line, labels in boxes": (
        "１．登记什么？\nＡ．姓名\nＢ．电话\nＣ．血型\n【答案】ＡＢ\n【解析】第三条。",
        [("multiple", "登记什么？", ("A", "B"), [])],
    ),
    "options without blanks between, answer behind them": (
        "1.甲是（ ）。A.10分钟B.20分钟C.30分钟 答案：B 解析：规定。", [("single", "甲是（ ）。", ("B",), [])],
    ),
    "options in brackets, two to a line": (
        "二、多选题\n4、哪些需要登记\n(A)姓名 (B)电话\n(C)地址 (D)血型\n答案：A、B、C", [("multiple", "哪些需要登记", ("A", "B", "C"), [])],
    ),
    "a column of A and B beside a column of C and D": (
        "1. 甲？\nA. 一\tC. 三\nB. 二\tD. 四\n答案：D", [("single", "甲？", ("D",), [])],
    ),
    "small letters and English labels": (
        "1) what?\na) one\nb) two\nAnswer: b", [("single", "what?", ("B",), [])],
    ),
    "a row of answers in the last label": (
        "1. 甲？\nA. 一\nB. 二\n2. 乙？\nA. 一\nB. 二\n3. 丙？\nA. 一\nB. 二\n答案：1-3 ABA",
        [("single", "甲？", ("A",), []), ("single", "乙？", ("B",), []), ("single", "丙？", ("A",), [])],
    ),
    "a key at the end, by section": (
        "一、单选题\n1. 甲？\nA. 一 B. 二\n二、多选题\n2. 乙\nA. 一 B. 二 C. 三\n三、判断题\n3. 丙。（ ）\n4. 丁。（ ）\n参考答案\n"
        "一、单选题\n1.A\n二、多选题\n2. AC\n三、判断题\n3.√ 4.×",
        [("single", "甲？", ("A",), []), ("multiple", "乙", ("A", "C"), []), ("true_false", "丙。", T, []), ("true_false", "丁。", F, [])],
    ),
    "sections that start anew, their answers behind Chinese numerals": (
        "一、单选题\n1. 甲？\nA. 一 B. 二\n2. 乙？\nA. 一 B. 二\n二、判断题\n1. 丙。\n2. 丁。\n答案：\n一、1-2 AB\n二、1-2 √×",
        [("single", "甲？", ("A",), []), ("single", "乙？", ("B",), []), ("true_false", "丙。", T, []), ("true_false", "丁。", F, [])],
    ),
    "sections that start anew, and a key that does as well": (
        "一、单选题\n1. 甲？\nA. 一 B. 二\n二、判断题\n1. 丙。\n2. 丁。\n参考答案：\n1.A\n1.√ 2.×",
        [("single", "甲？", ("A",), []), ("true_false", "丙。", T, []), ("true_false", "丁。", F, [])],
    ),
    "an answer in words for each number, numbered inside": (
        "四、简答题（每题5分）\n1. 简述甲。\n2. 简述乙。\n参考答案\n四、简答题\n1. 答：（1）先敲门；\n（2）再说明。\n2. 答：留条。",
        [("short", "简述甲。", ("（1）先敲门；", "（2）再说明。"), []), ("short", "简述乙。", ("留条。",), [])],
    ),
    "a row of bare letters for a section": (
        "一、单选题\n1. 甲？\nA. 一 B. 二\n2. 乙？\nA. 一 B. 二\n参考答案\n一、单选题\nAB",
        [("single", "甲？", ("A",), []), ("single", "乙？", ("B",), [])],
    ),
    "a table of answers": (
        "1. 甲？\nA. 一 B. 二\n2. 乙？\nA. 一 B. 二\n题号\t1\t2\n答案\tA\tB",
        [("single", "甲？", ("A",), []), ("single", "乙？", ("B",), [])],
    ),
    "a table of questions": (
        "题号\t题型\t题干\tA\tB\t答案\t解析\n1\t单选\t甲？\t一\t二\tB\t因为\n2\t判断\t丙。\t\t\t√\t",
        [("single", "甲？", ("B",), []), ("true_false", "丙。", T, [])],
    ),
    "true or false in every way": (
        "三、判断题（正确的打√，错误的打×）\n1. 甲。（×）\n2. 乙（√）\n（√）3. 丙。\n4. 丁。（  ）\n答案：错误\n5. 戊。（对）\n"
        "6. 己。\n答案：F\n"
        "7. 庚 [ √ ]\n8. 辛。(X)",
        [("true_false", "甲。", F, []), ("true_false", "乙", T, []), ("true_false", "丙。", T, []), ("true_false", "丁。", F, []),
         ("true_false", "戊。", T, []), ("true_false", "己。", F, []), ("true_false", "庚", T, []), ("true_false", "辛。", F, [])],
    ),
    "true or false by letters that the heading explains": (
        "三、判断题（正确的选A，错误的选B）\n1. 甲。\n2. 乙。\n答案：1-2 AB",
        [("true_false", "甲。", T, []), ("true_false", "乙。", F, [])],
    ),
    "true or false with options": ("1. 甲\nA. 正确\nB. 错误\n答案：B", [("true_false", "甲", F, [])]),
    "a correction behind the mark is not shown with the question": (
        "三、判断题\n1. 提前30分钟。（×）应为40分钟", [("true_false", "提前30分钟。", F, [])],
    ),
    "gaps as lines and as brackets": (
        "一、填空题\n1. 提前（ ）分钟，迟到（ ）分钟。\n答案：(1)30 (2)10\n2. 热情____、周到____\n答案：甲；乙\n3. ____ ____ ____\n"
        "答案：甲、乙、丙\n"
        "4. ___1___和___2___\n答案：甲 乙\n5. 每年____次\n答案：5次/年",
        [("fill", "提前____分钟，迟到____分钟。", (("30",), ("10",)), []), ("fill", "热情____、周到____", (("甲",), ("乙",)), []),
         ("fill", "____ ____ ____", (("甲",), ("乙",), ("丙",)), []), ("fill", "____和____", (("甲",), ("乙",)), []),
         ("fill", "每年____次", (("5次/年",),), [])],
    ),
    "answers to gaps at the end": (
        "一、填空题\n1. 提前____分钟。\n2. 迟到____分钟要致电，晚于____点不去。\n参考答案\n1. 30\n2. 10；21",
        [("fill", "提前____分钟。", (("30",),), []), ("fill", "迟到____分钟要致电，晚于____点不去。", (("10",), ("21",)), [])],
    ),
    "numbers inside an answer are its own list": (
        "五、简答题\n11. 简述上门流程。\n答：1. 预约\n2. 敲门\n3. 自我介绍\n12. 客户不在家怎么办？\n答：留条。",
        [("short", "简述上门流程。", ("1. 预约", "2. 敲门", "3. 自我介绍"), []), ("short", "客户不在家怎么办？", ("留条。",), [])],
    ),
    "an order": (
        "六、排序题\n1. 排\nA. 敲门\nB. 预约\nC. 离开\n答案：B→A→C\n2. 再排\n①敲门 ②预约 ③离开\n答案：②①③",
        [("order", "排", ("B", "A", "C"), []), ("order", "再排", ("②", "①", "③"), [])],
    ),
    "numbered steps in the stem and a choice of orders": (
        "1. 请将下列步骤按正确顺序排列\n①敲门 ②预约\nA. ①② B. ②①\n答案：B",
        [("single", "请将下列步骤按正确顺序排列\n①敲门 ②预约", ("B",), [])],
    ),
    "a match in columns and in the text": (
        "一、连线题\n1. 左右连线\nA. 敲门\t1. 到达\nB. 留条\t2. 无人\n答案：A-1，B-2\n2. 配对\n（1）甲 （2）乙\na. 一 b. 二\n"
        "答案：(1)-b (2)-a",
        [("match", "左右连线", {"A": "1", "B": "2"}, []), ("match", "配对", {"1": "B", "2": "A"}, [])],
    ),
    "no numbers at all": (
        "甲是什么？\nA、一\nB、二\n答案：A\n\n乙是什么？\nA、一\nB、二\n答案：B\n解析：乙是二。\n丙是什么（AB）\nA、一\nB、二\nC、三",
        [("single", "甲是什么？", ("A",), []), ("single", "乙是什么？", ("B",), []), ("multiple", "丙是什么（  ）", ("A", "B"), [])],
    ),
    "no numbers, marks at the end": ("判断题\n可以迟到。（×）\n应当准时。（√）",
        [("true_false", "可以迟到。", F, []), ("true_false", "应当准时。", T, [])]),
    "what learning sites print": (
        "1. (单选题, 2.0分)甲是什么？\nA. 一\nB. 二\n我的答案: A 正确答案: B\n2. 【判断题】乙对不对\nA. 对\nB. 错\n"
        "我的答案：对 正确答案：错",
        [("single", "甲是什么？", ("B",), []), ("true_false", "乙对不对", F, [])],
    ),
    "Markdown": (
        "# 小测\n## 一、单项选择题（每题 6 分）\n### 1. 甲是？（6分）\n- A. 授权\n- B. 认证\n> 答案：B\n> 解析：身份。\n\n"
        "**2. 乙是（　）。**\nA. 一  \nB. 二\n**答案：A**",
        [("single", "甲是？", ("B",), []), ("single", "乙是（　）。", ("A",), [])],
    ),
    "instructions with numbers before the first section": (
        "考生须知：\n1. 本卷分两部分。\n2. 请用黑色笔。\n一、选择题（每小题3分）\n1．计算：1+1=（  ）\nA．1  B．2\n【答案】B\n"
        "二、填空题\n11．3+1=____。\n【答案】4",
        [("single", "计算：1+1=（  ）", ("B",), []), ("fill", "3+1=____。", (("4",),), [])],
    ),
    "a letter in the sentence beside an empty bracket": ("1. 对（A）类客户应（  ）\nA. 一\nB. 二\n答案：B",
        [("single", "对（A）类客户应（  ）", ("B",), [])]),
    "an answer that names its option, or explains itself": (
        "1. 甲？\nA. 一\nB. 二\n答案：B. 二\n2. 乙？\nA. 一\nB. 二\n答案：B（有规定）\n3. 丙？\nA. 一\nB. 二\n答案：二",
        [("single", "甲？", ("B",), []), ("single", "乙？", ("B",), []), ("single", "丙？", ("B",), [])],
    ),
    "places for points and page numbers between the questions": (
        "一、单选题\n1. 甲？\nA. 一\nB. 二\n第 1 页 共 2 页\n答案：A\n得分\t评卷人\n二、判断题\n得分：____ 评卷人：____\n2. 乙。（√）",
        [("single", "甲？", ("A",), []), ("true_false", "乙。", T, [])],
    ),
    "ranges and single answers in one row, under a heading that says only 选择题": (
        "一、单项选择题\n1. 甲？\nA. 一 B. 二\n2. 乙？\nA. 一 B. 二\n二、多项选择题\n3. 丙？\nA. 一 B. 二 C. 三\n参考答案\n一、选择题\n"
        "1-2：AB 3：AC",
        [("single", "甲？", ("A",), []), ("single", "乙？", ("B",), []), ("multiple", "丙？", ("A", "C"), [])],
    ),
    "an answer that repeats its number, a mark without a bracket": (
        "（一）单选题\n1、甲（ ）\nA、一 B、二\n答案：1、A\n（二）判断题\n1、乙。√",
        [("single", "甲（ ）", ("A",), []), ("true_false", "乙。", T, [])],
    ),
    "a key with explanations by number": (
        "1. 甲？\nA. 一 B. 二\n2. 乙？\nA. 一 B. 二\n答案与解析\n1. A。解析：因为甲。\n2.【答案】B\n【解析】因为乙。",
        [("single", "甲？", ("A",), []), ("single", "乙？", ("B",), [])],
    ),
    "an answer on the line of the question": ("1. 应提前__B__联系。\nA. 一\nB. 二", [("single", "应提前____联系。", ("B",), [])]),
    "numbers that jump, and lines of code with numbers": (
        "选择题\n23. 结果是（）\nfunc main() {\n30. fmt.Printf(\"3\")\n}\nA. 321\nB. 32\n参考答案：B\n31. 下一题（）\nA. 一\n"
        "B. 二\n参考答案：A",
        [("single", "结果是（）\nfunc main() {\n30. fmt.Printf(\"3\")\n}", ("B",), []), ("single", "下一题（）", ("A",), [])],
    ),
}

ABC = [("A", "甲"), ("B", "乙"), ("C", "丙"), ("D", "丁")]
ROWS = {
    "one row": ("1. 题？\nA 甲 B 乙 C 丙 D 丁\n答案：B", ("B",)),
    "full width": ("１．题？\nＡ　甲　　Ｂ　乙　　Ｃ　丙　　Ｄ　丁\n【答案】ＢＤ", ("B", "D")),
    "two rows, the answer in the bracket": ("1. 题？（ C ）\nA 甲 B 乙\nC 丙 D 丁", ("C",)),
    "three and one": ("1. 题？\nA 甲 B 乙 C 丙\nD 丁\n答案：D", ("D",)),
    "between tabs": ("1. 题？\nA 甲\tB 乙\tC 丙\tD 丁\n答案：A", ("A",)),
    "behind the question": ("1. 题？（  ）A 甲 B 乙 C 丙 D 丁\n答案：B", ("B",)),
    "points between": ("1. 题？（2分）\nA 甲 B 乙 C 丙 D 丁\n答案：B", ("B",)),
    "a letter in the sentence, too": ("1. 对 A 类客户题？\nA 甲 B 乙 C 丙 D 丁\n答案：B", ("B",)),
    "a key at the end": ("1. 题？\nA 甲 B 乙 C 丙 D 丁\n2. 另一道？\nA. 一 B. 二\n参考答案\n1-2 BA", ("B",)),
    "no number": ("题？\nA 甲 B 乙 C 丙 D 丁\n答案：B", ("B",)),
    "in the explanation": ("1. 题？\nA 甲 B 乙 C 丙 D 丁\n解析：有规定，故选B。", ("B",)),
    "an order": ("一、排序题\n1. 题？\nA 甲 B 乙 C 丙 D 丁\n答案：B→A→D→C", ("B", "A", "D", "C")),
}


@pytest.mark.parametrize("name", ROWS)
def test_letters_with_only_a_blank_behind_them_are_options_where_the_answer_names_them(name: str) -> None:
    text, key = ROWS[name]
    found = read(text)[0]
    assert ([(option.code, option.text) for option in found.options], found.key, found.status) == (ABC, key, Status.DEGRADED)
    assert ("options_guessed", ("A、B、C、D",)) in [(note.code, note.words) for note in found.notes]
    assert found.stem.split("（")[0].endswith("题？")


def test_such_letters_before_right_and_wrong_and_before_words_of_another_language() -> None:
    (found,) = read("一、判断题\n1. 题。\nA 正确 B 错误\n答案：B")
    assert told(found) == ("true_false", "题。", F, ["options_guessed"])
    (found,) = read("1. 接口？\nA USB B HDMI C 10 kg\n答案：C")
    assert [option.text for option in found.options] == ["USB", "HDMI", "10 kg"]
    (found,) = read("1. Which?\nA red one   B green one   C blue one\nAnswer: C")
    assert [option.text for option in found.options] == ["red one", "green one", "blue one"]


def test_a_letter_to_a_line_is_an_option_without_a_guess() -> None:
    (found,) = read("1. 题？\nＡ 甲\nＢ 乙\nC 丙\nD 丁\n答案：B")
    assert ([(option.code, option.text) for option in found.options], found.status) == (ABC, Status.KEPT)


@pytest.mark.parametrize("line", [
    "A man and B", "A man and B woman", "A man met B when C came", "A Team beat B Team while C Team rested", "A man came\nBut he left",
    "A 公司与 B 公司签约", "A 栋 30 户 B 栋 40 户 C 栋 50 户", "A 类优先， B 类其次， C 类最后", "A 甲 B 乙 C 丙哪个先？",
    "A 甲 C 乙 B 丙", "A 维生素 B 钙 B 铁", "A 甲 B 乙\n以上两项", "A 甲 B 甲", "B 甲 C 乙", "Ａ 甲，B乙",
])
def test_letters_in_a_sentence_are_no_options(line: str) -> None:
    for head in ("1. 看图：", "1. Who is it?"):
        (found,) = read(f"{head}\n{line}\n答案：B")
        assert found.options == ()
        assert line in found.stem
        assert found.status is Status.REFUSED


@pytest.mark.parametrize(("text", "kind"), [
    ("1. 题？\nA 甲 B 乙\n答案：留条。", "short"), ("一、填空题\n1. ____？\nA 甲 B 乙\n答案：A", "fill"),
    ("一、简答题\n1. 题？\nA 甲 B 乙\n答案：A", "short"), ("一、判断题\n1. 题。\nA 甲 B 乙\n答案：对", "true_false"),
])
def test_letters_that_no_answer_names_stay_in_the_question(text: str, kind: str) -> None:
    (found,) = read(text)
    assert (found.kind.value, "A 甲 B 乙" in found.stem, found.key is not None) == (kind, True, True)
    (found,) = read("1. 题？\nA 甲 B 乙\n答案：C")
    assert found.status is Status.REFUSED


AMONG = "{}．甲？\nA. 一\nB. 二\n答案：A\n{}乙？\nA. 一\nB. 二\n答案：B\n{}．丙？\nA. 一\nB. 二\n答案：B"


@pytest.mark.parametrize("mark", ["（4）", "(4)", "【4】", "（４）、"])
def test_a_number_in_brackets_between_two_without_is_a_question(mark: str) -> None:
    found = read(AMONG.format(3, mark, 5))
    assert [told(one) for one in found] == [
        ("single", "甲？", ("A",), []), ("single", "乙？", ("B",), []), ("single", "丙？", ("B",), []),
    ]
    assert found[1].ref.startswith("第 4 题")


def test_two_such_numbers_and_marks_and_a_key_at_the_end() -> None:
    found = read("二、判断题\n3．甲。（√）\n（4）乙。（×）\n（5）丙。（√）\n6．丁。（×）")
    assert [told(one)[1:3] for one in found] == [("甲。", T), ("乙。", F), ("丙。", T), ("丁。", F)]
    found = read("1．甲？\nA. 一\nB. 二\n（2）乙？\nA 一 B 二\n3．丙？\nA. 一\nB. 二\n参考答案\n1-3 ABB")
    assert [told(one)[1:3] for one in found] == [("甲？", ("A",)), ("乙？", ("B",)), ("丙？", ("B",))]


@pytest.mark.parametrize("text", [
    AMONG.format(3, "（5）", 6), AMONG.format(3, "（4）", 4), AMONG.format(3, "（4）", 6),
    "3．甲？（1）一（2）二（3）三\n答案：留条\n（4）乙？\n答案：敲门\n5．丙？\n答案：预约",
])
def test_numbers_that_do_not_run_on_stay_in_the_question(text: str) -> None:
    assert [one.ref.split(" （")[0] for one in read(text)] == ["第 3 题", f"第 {text.split('．')[1][-1]} 题"]


def test_numbered_parts_of_a_question_stay_inside_it() -> None:
    text = "一、简答题\n1．甲？\n（1）一？\n（2）二？\n（3）三？\n答：（1）敲门\n（2）预约\n（3）离开\n2．乙？\n答：留条"
    first, second = read(text)
    assert (first.stem, first.key) == ("甲？\n（1）一？\n（2）二？\n（3）三？", ("（1）敲门", "（2）预约", "（3）离开"))
    assert second.key == ("留条",)
    first, _second = read("1．甲？\nA. 一\nB. 二\n答案：A\n解析：（1）因为；\n（2）所以____。\n3．乙？\nA. 一\nB. 二\n答案：B")
    assert first.rationale == "（1）因为；\n（2）所以____。"


@pytest.mark.parametrize("name", KEPT)
def test_a_layout_is_read_and_nothing_is_lost(name: str) -> None:
    text, expected = KEPT[name]
    found = read(text)
    assert [told(one) for one in found] == expected
    assert {one.status for one in found} == {Status.KEPT}
    assert detect("粘贴.txt", text.encode()) in (Name.TEXT, Name.CSV)


GUESSED = {
    "a bracket within the sentence": ("1. 丙（A）类客户\nA. 一\nB. 二", ("single", "丙（  ）类客户", ("A",), ["bracket_guessed"])),
    "a bracket within the sentence that agrees with the answer": (
        "1. 提前（B）联系客户？\nA. 一\nB. 二\n答案：B", ("single", "提前（  ）联系客户？", ("B",), ["bracket_guessed"]),
    ),
    "a word in brackets in a section of gaps": ("一、填空题\n1. 时限（30）分钟", ("fill", "时限____分钟", (("30",),), ["bracket_guessed"])),
    "a stroke between two texts": (
        "一、填空题\n1. 时间是____\n答案：30分钟/半小时", ("fill", "时间是____", (("30分钟", "半小时"),), ["alternatives_guessed"]),
    ),
    "an explanation that ends with the answer": (
        "1. 甲？\nA. 一\nB. 二\n解析：有规定，故选B。", ("single", "甲？", ("B",), ["answer_in_rationale"]),
    ),
    "an option with a tick": ("1. 甲？\nA. 一\nB. 二（正确答案）\nC. 三", ("single", "甲？", ("B",), ["answer_by_colour"])),
    "words and no kind": ("1. 怎么办？\n答案：留条。", ("short", "怎么办？", ("留条。",), ["kind_guessed"])),
    "an order that only the stem announces": (
        "1. 按正确顺序排列\nA. 一\nB. 二\nC. 三\n答案：CAB", ("order", "按正确顺序排列", ("C", "A", "B"), ["kind_guessed"]),
    ),
    "a line behind the options": ("1. 甲？\nA. 一\nB. 二\n接着\n答案：A", ("single", "甲？", ("A",), ["piece_guessed"])),
    "a difficulty in words": ("1. 甲？\nA. 一\nB. 二\n答案：A\n难度：较难", ("single", "甲？", ("A",), ["difficulty_guessed"])),
}


@pytest.mark.parametrize("name", GUESSED)
def test_a_guess_is_said(name: str) -> None:
    text, expected = GUESSED[name]
    (found,) = read(text)
    assert (told(found), found.status) == (expected, Status.DEGRADED)


REFUSED = {
    "no answer": ("1. 甲？\nA. 一\nB. 二", ["answer_missing"]),
    "no options": ("一、单选题\n1. 甲？\n答案：B", ["options_missing"]),
    "an answer that is no option": ("1. 甲？\nA. 一\nB. 二\n答案：C", ["answer_unknown"]),
    "a bracket and a label that differ": ("1. 甲（A）？\nA. 一 B. 二\n答案：B", ["answers_differ"]),
    "a label and a list that differ": ("1. 甲？\nA. 一 B. 二\n答案：B\n参考答案\n1. A", ["answers_differ"]),
    "a label and an explanation that differ": ("1. 甲？\nA. 一 B. 二\n答案：A\n解析：故选B。", ["answers_differ"]),
    "a letter and words of another option": ("1. 甲？\nA. 一\nB. 二\n答案：B. 一", ["answers_differ"]),
    "several answers in a section of single choice": ("一、单选题\n1. 甲？\nA. 一 B. 二\n答案：AB", ["single_with_many"]),
    "two brackets with letters": ("1. 应（A），并（B）。\nA. 一\nB. 二", ["bracket_unclear"]),
    "a letter in the sentence and an empty bracket without an answer": ("1. 对（A）类应（ ）\nA. 一\nB. 二", ["bracket_unclear"]),
    "gaps and answers that do not come out even": ("一、填空题\n1. ____、____和____\n答案：甲、乙", ["gaps_differ"]),
    "an order that leaves one out": ("排序题\n1. 排\nA. 一\nB. 二\nC. 三\n答案：CA", ["answer_unknown"]),
    "pairs that name nobody": ("连线题\n1. 连\nA. 一\t1. 甲\nB. 二\t2. 乙\n答案：A-1，B-3", ["answer_unknown"]),
    "an option twice": ("1. 甲？\nA. 一\nA. 二\n答案：A", ["unsound"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_settled_is_refused(name: str) -> None:
    text, codes = REFUSED[name]
    (found,) = read(text)
    assert [note.code for note in found.notes if note.weight is Weight.WRONG][:1] == codes
    assert found.status is Status.REFUSED


def test_a_row_of_answers_that_does_not_come_out_even_takes_no_question_along() -> None:
    found = read("1. 甲？\nA. 一 B. 二\n2. 乙？\nA. 一 B. 二\n3. 丙？\nA. 一 B. 二\n答案：1-3 AB")
    assert [[(note.code, note.words) for note in one.notes] for one in found] == [[("row_differs", ("1-3 AB", "2", "3"))]] * 3


def test_answers_by_number_without_a_question_and_for_several() -> None:
    *found, stray = read("1. 甲？\nA. 一 B. 二\n2. 乙？\nA. 一 B. 二\n答案：1.A 2.B 7.C")
    assert [one.key for one in found] == [("A",), ("B",)]
    assert (stray.notes[0].code, stray.notes[0].words, stray.status) == ("answer_homeless", ("7",), Status.REFUSED)
    first, second, third = read("一、单选题\n1. 甲？\nA. 一 B. 二\n2. 乙？\nA. 一 B. 二\n二、单选题\n1. 丙？\nA. 一 B. 二\n"
        "参考答案：\n1.A 2.B")
    assert (first.notes[0].code, second.key, third.notes[0].code) == ("number_repeated", ("B",), "number_repeated")


def test_what_a_question_says_beside_itself() -> None:
    text = (
        "业务考试卷\n姓名：____\n一、单选题（共1题，每题2分）\n1. 甲？\nA. 一\nB. 二\n【答案】B\n【解析】因为。\n所以。\n【考点】仪容\n"
        "【难度】4\n【认知层次】应用\n"
        "【条款】GCS@2011#12.1（提前预约）、第3条\n【题目代码】Q-7"
    )
    (found,) = read(text)
    assert (found.rationale, found.difficulty, found.level.value, found.points) == ("因为。\n所以。", 4, "apply", 2.0)
    assert (found.clauses, found.code, found.ref) == (("GCS@2011#12.1",), "Q-7", "一、单选题 第 1 题 （第 4 行）")
    assert [(note.weight.value, note.code, note.words) for note in found.notes] == [
        ("lost", "clause_unknown", ("第3条",)), ("hint", "tags", ("仪容",)), ("hint", "around", ("业务考试卷／姓名：____",)),
    ]


def test_a_text_that_several_questions_share_stands_in_each() -> None:
    first, second, third = read(
        "一、案例分析题\n案例一：张工上门，客户不在。\n根据以上案例回答1-2题\n1. 怎么办？\nA. 走 B. 留条\n答案：B\n2. 等多久？\n"
        "A. 5 B. 10\n答案：B\n"
        "3. 独立的题？\nA. 一 B. 二\n答案：A"
    )
    shared = "案例一：张工上门，客户不在。\n根据以上案例回答1-2题\n"
    assert (first.stem, second.stem, third.stem) == (f"{shared}怎么办？", f"{shared}等多久？", "独立的题？")
    assert [[note.code for note in one.notes] for one in (first, second, third)] == [["material_joined"], ["material_joined"], []]


def test_a_paper_in_the_encoding_of_a_chinese_windows() -> None:
    (found,) = paper.read_text("1. 甲？\r\nA. 一\r\nB. 二\r\n答案：Ｂ\r\n".encode("gb18030"))
    assert told(found) == ("single", "甲？", ("B",), [])


def test_signs_of_markdown_in_a_paper_are_signs() -> None:
    (found,) = read("1. a*b*c 和 x_y？\nA. `一`\nB. <b>二</b>\n答案：B")
    assert (found.stem, [option.text for option in found.options]) == ("a\\*b\\*c 和 x_y？", ["\\`一\\`", "<b>二</b>"])


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), ("只有一段话，没有题目。".encode(), "no_questions"), (b"\xff", "encoding")])
def test_a_text_that_is_no_paper(content: bytes, code: str) -> None:
    with pytest.raises(Unusable) as refusal:
        paper.read_text(content)
    assert refusal.value.code == code


def test_every_code_of_a_paper_is_published() -> None:
    folder = Path(__file__).resolve().parents[3] / "question_bank" / "exchange"
    sources = "".join(path.read_text("utf-8") for path in folder.glob("paper*.py"))
    given = set(re.findall(r'note\(\s*Weight\.[A-Z]+, "(\w+)"', sources)) | set(re.findall(r'"(\w+_(?:lost|guessed|unreadable))"', sources))
    assert len(given) > 20
    assert given <= set(wording.NOTES)


def hundred() -> str:
    """A paper of a hundred questions with its key at the end."""
    lines = ["一、单项选择题（每题1分）"]
    for number in range(1, 61):
        lines += [f"{number}. 第{number}个问题是什么（  ）？", "A. 提前联系 B. 准时到达 C. 说明来意 D. 以上都是"]
    lines += ["二、多项选择题"]
    for number in range(61, 81):
        lines += [f"{number}. 第{number}个问题？", "A. 甲", "B. 乙", "C. 丙", "D. 丁"]
    lines += ["三、判断题", *(f"{number}. 第{number}句话。（  ）" for number in range(81, 101)), "参考答案", "一、单项选择题"]
    lines += [f"{low}-{low + 4} ABCDA" for low in range(1, 61, 5)]
    lines += ["二、多项选择题", *(f"{number}.ABD" for number in range(61, 81)), "三、判断题", "81-90 √×√×√×√×√× 91-100 √√√√√×××××"]
    return "\n".join(lines)


def test_a_hundred_questions_take_no_time() -> None:
    start = time.process_time()
    found = read(hundred())
    assert time.process_time() - start < 3, "the child would be killed"
    assert len(found) == 100
    assert {one.status for one in found} == {Status.KEPT}
    assert [one.key for one in found[:5]] == [("A",), ("B",), ("C",), ("D",), ("A",)]
    assert [one.kind for one in found[79:82]] == [Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.TRUE_FALSE]
    assert [one.key for one in found[80:82]] == [T, F]


def outcome(content: bytes) -> str:
    """Why a text is refused, "" where it is read."""
    try:
        paper.read_text(content)
    except Unusable as refusal:
        return refusal.code
    return ""


PIECES = ["一、单选题", "判断题", "1. ", "（2）", "A. 甲", "B、乙", "答案：", "AB", "1-5 ABCDE", "参考答案", "（  ）", "____", "√", "\n",
    "\n", "\t", "解析：", "【答案】", "案例一：", "连线题", "A. 一\t1. 二", "\t2. 三", "排序题", "填空题"]


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=40).map("".join).map(str.encode), st.binary(max_size=60)))
def test_anything_is_read_or_refused(content: bytes) -> None:
    assert outcome(content) in {"", "empty", "no_questions", "encoding"}


@pytest.mark.parametrize("part", [
    "A. a\n", "1. a\n", "1.A 2.B\n", "题\n", "一、单选题\n1. 题\nA. 一\nB. 二\n", " ", "（", "1-5 ABCDE ", "_", "【答案】", "A", "…",
    "1\tA\n", "参考答案\n",
    "一、单选题\n", "（  ）", "（2）a\n", "A 甲 B 乙 ", "（2）____\n（3）____\n",
])
def test_the_time_grows_with_the_text(part: str) -> None:
    start = time.process_time()
    assert outcome(("1. 题\nA. 一\nB. 二\n" + part * (12_000 // len(part))).encode()) == ""
    assert time.process_time() - start < 3, "the child would be killed"
