"""What the template workbook says: an example of every kind, advice beside the cells, the page that explains it all.

All are message ids, said in the reader's language by the door that hands the
workbook out.
"""

from dataclasses import dataclass

from question_bank.exchange.sheet_words import Sort
from question_bank.kind import Kind


def _(message: str) -> str:
    """Mark a message id for the catalogue."""
    return message


@dataclass(frozen=True)
class Example:
    """A row of the examples, and what the table of kinds says of its kind."""

    kind: Kind
    stem: str
    answer: str
    options: tuple[str, ...]
    right: tuple[str, ...]
    rationale: str
    fills_options: str
    fills_answer: str


EXAMPLES = (
    Example(
        Kind.SINGLE, _("上门前，最迟应提前多久与客户确认时间？"), "B", (_("5 分钟"), _("30 分钟"), _("不必确认")), (),
        _("提前确认，客户才有准备。"), _("每个选项一列"), _("正确选项的字母"),
    ),
    Example(
        Kind.MULTIPLE, _("下列哪些物品应在上门前备齐？"), "ABD", (_("工牌"), _("鞋套"), _("烟酒礼品"), _("测试仪表")), (),
        _("工牌、鞋套和仪表是上门必备。"), _("每个选项一列"), _("全部正确选项的字母，连着写"),
    ),
    Example(
        Kind.TRUE_FALSE, _("可以把客户的联系方式转告同事使用。"), _("错误"), (), (), _("客户信息要保密。"),
        _("不用填"), _("正确 或 错误，也可以写 √ ×"),
    ),
    Example(
        Kind.FILL, _("电话应在 ____ 声铃响内接听，通话中每 ____ 秒向客户说明一次进度。"), _("3 | 三\n30 | 三十"), (), (),
        _("空用两个以上的下划线表示。"), _("不用填；在题干里用 ____ 留空"), _("一行写一个空；同一个空的几种写法用 | 隔开"),
    ),
    Example(
        Kind.ORDER, _("请排出上门服务的顺序。"), "CAB", (_("处理故障"), _("请客户确认"), _("出示工牌")), (),
        _("先表明身份，再处理，最后确认。"), _("每个步骤一列，次序随意"), _("字母按正确顺序连着写"),
    ),
    Example(
        Kind.MATCH, _("请把情形与做法配对。"), "A-2；B-1", (_("客户不在家"), _("会迟到")),
        (_("尽早电话告知"), _("留下访问单"), _("直接离开")), _("右侧可以多写几项作干扰。"),
        _("左侧写在“选项”列，右侧写在“右侧”列"), _("左边字母-右边数字，用；隔开"),
    ),
    Example(
        Kind.SITUATIONAL, _("客户情绪激动，打断了你的解释。你会怎么做？"), "A=1；B=0.5",
        (_("先听完，复述客户的诉求"), _("表示理解，继续解释"), _("请客户冷静下来再说")), (), _("先听后说。"),
        _("每种做法一列"), _("每种做法得几成分：1 是满分，没写的不得分"),
    ),
    Example(
        Kind.SHORT, _("客户投诉上次维修没有修好，你到场后先说什么？"), _("道歉\n说明将重新检测\n告知预计时间"), (), (),
        _("要点写在答案里，只给阅卷人看。"), _("不用填"), _("要点一行一条，可以不填"),
    ),
)
HINTS = {
    Sort.CODE: _("您自己的题目编号。可以不填，系统会编号。"),
    Sort.KIND: _("从列表里选。"),
    Sort.STEM: _("题目的文字。填空题用 ____ 留空。图片直接插入，放在这一格上。"),
    Sort.ANSWER: _("选择题写字母，如 B 或 ACD；判断题写 正确 或 错误；其他题型见“填写说明”。"),
    Sort.RATIONALE: _("为什么这样答。考生练习和看成绩时能看到。"),
    Sort.CLAUSES: _("依据的条款，如 GCS@2011#12.1；几个条款各占一行（Alt+Enter）。不填可以在导入时选。"),
    Sort.DIFFICULTY: _("1 最易，5 最难。不填按 3。"),
    Sort.LEVEL: _("识记：记得条款就能答。应用：要放进情景里判断。不填按识记。"),
    Sort.FORMAT: _("一般不用填。文字里用了 **加粗** 等 Markdown 写法时选 Markdown。"),
}
STEPS = (
    (_("填题目"), _("在“题目”表里一行写一道题。带 * 的列必填；变成琥珀色的格子还缺内容，灰色的格子这种题型用不到。")),
    (_("传上来"), _("在“题库 → 导入”里选这个文件。系统先试读一遍，逐题列出结果，这时还没有存进题库。")),
    (_("看报告，再保留"), _("有问题的题目会写明是哪一格。改好再传；确认无误后保留，题目先成为草稿，再送审。")),
)
COLUMNS = (
    (Sort.CODE, _("您自己的编号"), _("系统编号")),
    (Sort.RATIONALE, _("为什么这样答"), _("没有解析")),
    (Sort.CLAUSES, _("依据的条款编号，一行一个"), _("导入时再选")),
    (Sort.DIFFICULTY, _("1 到 5"), "3"),
    (Sort.LEVEL, _("识记或应用"), _("识记")),
    (Sort.FORMAT, _("纯文字或 Markdown"), _("纯文字")),
)
REMARKS = (
    _("图片：用“插入 → 图片”放在题干或选项的格子上，会跟着那一格导入。声音请导入后在题目里添加。"),
    _("公式：单元格里不要用公式，有公式的题目会被挡下。请复制后选择性粘贴为“数值”。"),
    _("数字和日期：表格已设为文本，1.10、1-2 会照原样保留。从别处粘贴时，请选“只保留文本”。"),
    _("答案里本来就有 | 或 ；时，在前面加一个反斜杠：\\| \\；"),
    _("不要改列名；列的次序可以换，用不到的列可以删。工作表可以按题型分开，如“单选题”“判断题”。"),
)
