"""Why an exam cannot be begun, gone on with or handed in, in words: the same on the page and in JSON."""

from flask_babel import lazy_gettext as _l

from certification.sitting import Refusal, Refused
from foundation.wording import instant

TEXTS = {
    Refusal.NOT_BOOKED: _l("您没有报名这场考试。请联系合作方管理员报名。"),
    Refusal.CANCELLED: _l("这场考试已取消，请等待考务的新安排。"),
    Refusal.NOT_OPEN: _l("考试还没有开始。"),
    Refusal.CLOSED: _l("这场考试已经结束，不能再进入。请联系考务安排下一场。"),
    Refusal.ENTRY_CODE: _l("入场码不对。请核对考场公布的入场码，再输一次。"),
    Refusal.ALREADY_ENDED: _l("您已经交卷，这份答卷不能再打开。"),
    Refusal.PAUSED: _l("答卷已暂停，请等待考务恢复。"),
    Refusal.INVALIDATED: _l("这份答卷已作废。如有疑问，请联系考务。"),
}
OPENS = _l("考试还没有开始，%(time)s 开放。")


def refusal_text(refused: Refused) -> str:
    """What happened and what to do, in the reader's language."""
    if refused.code is Refusal.NOT_OPEN and refused.until:
        return str(OPENS) % {"time": instant(refused.until)}
    return str(TEXTS[refused.code])
