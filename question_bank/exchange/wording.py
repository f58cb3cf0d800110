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
    "similar": _("和题库里的 %(one)s 很像，相似度 %(two)s%%"),
    "clause_unknown": _("“%(one)s”不是题库里的条款，请在审核时选定条款"),
    "difficulty_guessed": _("难度“%(one)s”换算为 %(two)s"),
    "markup_lost": _("只保留了文字，没有保留格式：%(one)s"),
    "link_lost": _("链接改成了文字：%(one)s"),
    "picture_missing": _("文件里没有这个图片或声音：%(one)s"),
    "media_unfit": _("图片或声音“%(one)s”不能用：%(two)s"),
    "position_lost": _("原题的选项顺序固定，这里每次考试都会打乱"),
    "disabled": _("原题已停用，导入后是草稿"),
    "policy": _("部分得分：原题的算法是 %(one)s，考试选用同一种，得分就一样"),
    "policy_lost": _("部分得分：原题的算法“%(one)s”这里没有，改按考试的算法"),
    "subset_lost": _("原题每次从 %(two)s 步里抽 %(one)s 步，这里全部都要排"),
    "template_lost": _("预先填好的答题文字没有保留"),
    "attachment_lost": _("原题要求上传附件，这里只作答文字"),
    "groups_lost": _("原题各空的备选词分组给出（%(one)s），这里合在一起"),
    "recast": _("原来的形式这里没有，改成了%(one)s"),
    "file_lost": _("附带的文件没有用到，没有导入：%(one)s"),
    # QTI
    "policy_open": _("原题给部分分；考试的计分规则选“%(one)s”，得分才相同"),
    "answers_several": _("原题有 %(one)s 种组合都得满分，这里只认其中一种"),
    "order_part": _("这里的排序题要排出全部选项，原题只排其中几项"),
    "pairs_uneven": _("这里的配对题每个左项恰好配一个右项，原题不是"),
    "sides_made": _("原题的选项不分左右，这里分成了左右两边"),
    "menus_joined": _("原题每个空有自己的下拉选项，这里合成了一道配对题"),
    "interactions_mixed": _("一道题里有几处作答，这里没有这样的题：%(one)s"),
    "dynamic": _("原题的内容会变化（%(one)s），这里没有这样的题"),
    "processing_absent": _("文件没有写怎样评分，按正确答案评分"),
    "processing_guessed": _("原题的评分方法无法照搬（%(one)s），按正确答案评分"),
    "processing_unread": _("原题的评分方法无法照搬（%(one)s），也没有可用的正确答案"),
    "points_apart": _("原题满分 %(two)s 分，其中只有 %(one)s 分由这里的答案决定"),
    "file_missing": _("压缩包里没有这个文件：%(one)s"),
    # papers
    "around": _("题目之外的文字没有导入：%(one)s"),
    "material_joined": _("前面的材料接在题干里"),
    "piece_guessed": _("%(one)s的文字接在前一行后面"),
    "options_guessed": _("选项字母后面只有空格，按选项 %(one)s 读取，请核对"),
    "picture_guessed": _("图片放在选项 %(one)s 里"),
    "picture_unreadable": _("这种图片用不了，请在 Word 里另存为 PNG 或 JPEG：%(one)s"),
    "kind_guessed": _("没有写明题型，当作%(one)s"),
    "options_missing": _("没有找到选项"),
    "answers_differ": _("答案前后不一致：%(one)s"),
    "single_with_many": _("题型是单选题，答案却有多个：%(one)s"),
    "many_with_single": _("多选题只有一个答案：%(one)s"),
    "bracket_unclear": _("看不出括号里的“%(one)s”是答案还是题干"),
    "bracket_guessed": _("把括号里的文字当作答案：%(one)s"),
    "answer_by_colour": _("没有写明答案，把有颜色、下划线或打勾的选项当作答案：%(one)s"),
    "answer_underlined": _("没有写明答案，把下划线上的文字当作答案：%(one)s"),
    "answer_in_rationale": _("没有写明答案，答案取自解析：%(one)s"),
    "gaps_differ": _("题干有 %(one)s 个空，答案数目对不上：%(two)s"),
    "gaps_guessed": _("各空的答案按标点分开：%(one)s"),
    "alternatives_guessed": _("当作几种都算对的答案：%(one)s"),
    "model_answer_missing": _("没有参考答案，由阅卷人评分"),
    "line_cut": _("一行过长，没有导入：%(one)s"),
    "number_repeated": _("有几道题都是第 %(one)s 题，不知道答案属于哪一道"),
    "row_differs": _("“%(one)s”给了 %(two)s 个答案，题目有 %(three)s 道"),
    "answer_homeless": _("答案里的第 %(one)s 题在题目中找不到"),
    "box_lost": _("文本框里的文字没有导入：%(one)s"),
    "hidden_lost": _("隐藏的文字没有导入：%(one)s"),
    "object_lost": _("嵌入的对象没有导入：%(one)s"),
    # tables
    "cell_formula": _("单元格 %(one)s 是公式，请改成文字：%(two)s"),
    "cell_error": _("单元格 %(one)s 是错误值 %(two)s"),
    "cell_empty": _("单元格 %(one)s 没有填"),
    "cell_kind": _("单元格 %(one)s：没有“%(two)s”这种题型"),
    "cell_unread": _("单元格 %(one)s：“%(two)s”读不懂，请对照模板的“填写说明”"),
    "cell_no_option": _("单元格 %(one)s：没有选项 %(two)s"),
    "cell_several": _("单元格 %(one)s：单选题只能有一个答案，现在是“%(two)s”"),
    "cell_steps_missing": _("单元格 %(one)s：答案里缺少 %(two)s"),
    "cell_gaps": _("单元格 %(one)s：题干有 %(two)s 个空，答案有 %(three)s 个"),
    "cell_number": _("单元格 %(one)s 是数字，按 %(two)s 读取；末尾的 0 可能已经丢失，请核对"),
    "cell_date": _("单元格 %(one)s 是日期或时间，按“%(two)s”读取，请核对"),
    "cell_taken": _("单元格 %(one)s：“%(two)s”读作“%(three)s”，请核对"),
    "cell_ignored": _("单元格 %(one)s 没有用到：%(two)s"),
    "column_ignored": _("“%(one)s”列没有导入：%(two)s"),
    "sheet_ignored": _("工作表“%(one)s”没有表头，没有导入"),
    "gap_guessed": _("单元格 %(one)s：括号改成了填空的横线"),
    "picture_placed": _("图片放在单元格 %(one)s 上，归到了 %(two)s，请核对"),
    # writers
    "kind_not_carried": _("这种格式写不了%(one)s，没有导出"),
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
    "reads_otherwise": _("再导入时会和原题不同：%(one)s"),
    "weights_uncommon": _("权重 %(one)s 不在 Moodle 的常用分值里，导入 Moodle 时可能要选“最接近的分值”"),
}
"""Sentences of the notes on a question, by code."""

REFUSALS = {
    "empty": _("文件是空的"),
    "no_questions": _("文件里没有找到题目"),
    "headings_missing": _("没有找到表头：前几行里要有一行写着“题干”“答案”等列名"),
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
    "too_many": _("一个文件最多 %(one)s 道题，请分成几个文件"),
    "too_costly": _("文件太复杂，没能在限定时间内读完"),
    "bomb": _("压缩包展开后过大，出于安全不能读取"),
    "path": _("压缩包里有不安全的路径：%(one)s"),
}
"""Sentences of ``Unusable``: why a file as a whole is not read."""


def filled(words: Sequence[str]) -> dict[str, str]:
    """The values of a sentence: the first word as ``one`` and so on, none left open."""
    return dict(zip(PLACES, [*words, "", "", ""], strict=False))
