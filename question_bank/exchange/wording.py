"""What each note and each refusal of an exchange says, in Chinese (the message id) and through the catalogue in English.

Readers and writers never see these sentences, they name codes. A note's words
fill ``%(one)s``, ``%(two)s`` and ``%(three)s`` in order; ``filled`` pairs them.
The codes are published in docs/exchange.md and never get another meaning.
"""

from collections.abc import Sequence


def _(message: str) -> str:
    """Mark a message id for the catalogue."""
    return message


PLACES = ("one", "two", "three")
NOTES = {
    # any format
    "unsound": _("这道题不能用：%(two)s"),
    "kind_unknown": _("这里没有“%(one)s”这种题型"),
    "not_a_question": _("这一段只有文字，没有要作答的内容"),
    "answer_missing": _("没有给出答案"),
    "answer_unknown": _("答案“%(one)s”不是选项之一"),
    "syntax": _("第 %(one)s 行读不懂：%(two)s"),
    "too_long": _("这道题太长，超过 %(one)s 个字符"),
    "weights_lost": _("部分得分的权重没有保留：%(one)s"),
    "penalty_lost": _("选错倒扣的分数没有保留：%(one)s"),
    "tolerance_lost": _("数值的允许误差没有保留：%(one)s"),
    "partial_answer_lost": _("只得一部分分的答案没有保留：%(one)s（%(two)s）"),
    "wildcard_lost": _("带通配符的答案没有保留：%(one)s"),
    "case_lost": _("原题区分大小写，这里不区分"),
    "feedback_merged": _("各选项的反馈并入了解析"),
    "feedback_lost": _("答错时的反馈没有保留"),
    "category": _("原来的分类是“%(one)s”，请在审核时选定条款"),
    "title": _("原来的名称是“%(one)s”"),
    "tags": _("原来的标签：%(one)s"),
    "option_disabled": _("停用的选项没有导入：%(one)s"),
    "line_guessed": _("第 %(one)s 行接在前一行后面"),
    "clause_unknown": _("“%(one)s”不是题库里的条款，请在审核时选定条款"),
    "difficulty_guessed": _("难度“%(one)s”换算为 %(two)s"),
    "markup_lost": _("只保留了文字，没有保留格式：%(one)s"),
    "link_lost": _("链接改成了文字：%(one)s"),
    "picture_missing": _("文件里没有这个图片或声音：%(one)s"),
    "position_lost": _("原题的选项顺序固定，这里每次考试都会打乱"),
    "disabled": _("原题已停用，导入后是草稿"),
    # writers
    "kind_not_carried": _("这种格式写不了“%(one)s”题，没有导出"),
    "gaps_not_carried": _("这种格式的填空题只能有一个空，没有导出"),
    "text_not_carried": _("这种格式写不了这段文字，没有导出：%(one)s"),
    "media_lost": _("这种格式带不了图片和声音：%(one)s"),
    "model_answer_lost": _("这种格式带不了参考答案"),
    "rationale_lost": _("这种格式带不了解析"),
    "clauses_lost": _("这种格式带不了条款：%(one)s"),
    "difficulty_lost": _("这种格式带不了难度"),
    "level_lost": _("这种格式带不了认知层次"),
    "code_lost": _("这种格式带不了题目代码"),
    "option_codes_lost": _("这种格式带不了选项的代码和次序"),
    "lines_joined": _("这种格式的一段文字只能写成一行，换行改成了空格"),
    "weights_uncommon": _("权重 %(one)s 不在 Moodle 的常用分值里，导入 Moodle 时可能要选“最接近的分值”"),
}
"""Sentences of the notes on a question, by code."""

REFUSALS = {
    "empty": _("文件是空的"),
    "no_questions": _("文件里没有找到题目"),
    "encoding": _("认不出文字的编码，请另存为 UTF-8 再试"),
    "format_unknown": _("认不出这是哪种格式的文件"),
    "format_other": _("文件内容不是 %(one)s 格式"),
    "format_old": _("%(one)s 是旧格式，请另存为新格式再试"),
    "format_not_read": _("%(one)s 格式只能导出，不能导入"),
    "format_not_written": _("%(one)s 格式只能导入，不能导出"),
    "encrypted": _("文件有密码，请去掉密码再试"),
    "doctype": _("XML 里有 DOCTYPE，出于安全不能读取"),
    "damaged": _("文件已损坏：%(one)s"),
    "too_large": _("文件太大：最多 %(one)s"),
    "too_costly": _("文件太复杂，没能在限定时间内读完"),
    "bomb": _("压缩包展开后过大，出于安全不能读取"),
    "path": _("压缩包里有不安全的路径：%(one)s"),
}
"""Sentences of ``Unusable``: why a file as a whole is not read."""


def filled(words: Sequence[str]) -> dict[str, str]:
    """The values of a sentence: the first word as ``one`` and so on, none left open."""
    return dict(zip(PLACES, [*words, "", "", ""], strict=False))
