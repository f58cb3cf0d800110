"""Why an exam cannot be begun, gone on with or handed in, in words: the same on the page and in JSON.

Chinese message ids; the doors put them through the catalogue with ``time``, the instant from which it changes.
"""

from certification.sitting import Refusal


def _(message: str) -> str:
    """Mark a message id for the catalogue."""
    return message


SENTENCES = {
    Refusal.NOT_BOOKED: _("您没有报名这场考试。请联系合作方管理员报名。"),
    Refusal.CANCELLED: _("这场考试已取消，请等待考务的新安排。"),
    Refusal.NOT_OPEN: _("考试还没有开始，%(time)s 开放。"),
    Refusal.CLOSED: _("这场考试已经结束，不能再进入。请联系考务安排下一场。"),
    Refusal.ENTRY_CODE: _("入场码不对。请核对考场公布的入场码，再输一次。"),
    Refusal.CHECK_IN: _("请先到考务处核验身份，核验后再进入。"),
    Refusal.SAFE_BROWSER: _("这场考试要用安全考试浏览器打开。请在考试页面下载配置文件，用它重新进入。"),
    Refusal.ALREADY_ENDED: _("您已经交卷，这份答卷不能再打开。"),
    Refusal.PAUSED: _("答卷已暂停，请等待考务恢复。"),
    Refusal.INVALIDATED: _("这份答卷已作废。如有疑问，请联系考务。"),
}
