"""What remarks say, in Chinese (the message ids): where a question was met, what looks wrong, what became of it.

Nobody who sits an exam sees a word of ``WRONG_KEY`` or of an outcome.
"""

from question_bank.remark import Met, Reason, Refusal, State


def _(message: str) -> str:
    """Mark a message id for the catalogue."""
    return message


PLACES = {Met.EXAM: _("考试中"), Met.REVIEW: _("回看试卷时"), Met.PRACTICE: _("练习中"), Met.BANK: _("题库里")}
REASONS = {
    Reason.UNCLEAR: _("题意看不明白"),
    Reason.TWO_ANSWERS: _("不止一个选项合适，或没有合适的选项"),
    Reason.WRONG_KEY: _("标准答案有误"),
    Reason.TYPO: _("有错字，或显示不全"),
    Reason.OUTDATED: _("和现行规范不一致"),
    Reason.PICTURE: _("图片或声音有问题"),
    Reason.OTHER: _("其他"),
}
SHORT = {
    Reason.UNCLEAR: _("题意不清"), Reason.TWO_ANSWERS: _("选项不唯一"), Reason.WRONG_KEY: _("答案有误"), Reason.TYPO: _("错字"),
    Reason.OUTDATED: _("已过时"), Reason.PICTURE: _("图片声音"), Reason.OTHER: _("其他"),
}
STATES = {State.OPEN: _("待处理"), State.FIXED: _("已修改"), State.KNOWN: _("已知，正在处理"), State.NO_FAULT: _("没有问题")}
SENTENCES = {
    Refusal.NOT_OFFERED: _("请选一个原因。"),
    Refusal.NO_TEXT: _("选“其他”时，请写明哪里有问题。"),
    Refusal.TOO_LONG: _("最多写 500 个字。"),
    Refusal.NO_ANSWER: _("请写明为什么没有问题，反馈的人会看到。"),
    Refusal.OWN_WORK: _("这道题有您写的内容，不能由您判定“没有问题”。请另一位培训师来看，或者修改试题。"),
    Refusal.NONE_OPEN: _("没有选中待处理的反馈。可能别人刚处理过，请看最新的状态。"),
}
