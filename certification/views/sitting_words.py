"""Words of sittings and bookings, by code."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certification.booking import Caution, Refusal
from certification.release import Block, Progress
from certification.timetable import Refusal as Window
from foundation.wording import instant

STATES = {
    "upcoming": _l("未开始"), "running": _l("进行中"), "ended": _l("待公布"), "released": _l("已公布"), "cancelled": _l("已取消"),
}
ATTEMPTS = {
    "booked": _l("未开始"), "in_progress": _l("作答中"), "submitted": _l("已交卷"), "closed_by_deadline": _l("到时收卷"),
}
REFUSALS = {
    Refusal.UNKNOWN: _l("没有找到这个工号，或不在您的管理范围内"),
    Refusal.LEFT: _l("这个人已离职"),
    Refusal.CANCELLED: _l("场次已取消"),
    Refusal.RELEASED: _l("场次的成绩已公布"),
    Refusal.OPENED: _l("场次已经开始，请联系考务"),
    Refusal.CLOSED: _l("场次已经结束"),
    Refusal.FULL: _l("座位已满"),
    Refusal.WAIT: _l("离上一次考试的间隔不够"),
    Refusal.PER_YEAR: _l("一年内的考试次数已用完"),
    Refusal.STARTED: _l("这个人已经开始考试，不能取消报名"),
}
CAUTIONS = {
    Caution.NO_ACCOUNT: _l("还没有可用的账号，考试前要先开通"),
    Caution.ELSEWHERE: _l("还报了同一项目的另一场"),
    Caution.LICENSED: _l("上岗证仍有效，还没到续期时间"),
}
WINDOWS: dict[Window, tuple[str, Callable[[int], str]]] = {
    Window.PAST: ("opens", lambda _minutes: _("开始时间已经过去，请选将来的时间")),
    Window.ORDER: ("closes", lambda _minutes: _("结束时间要晚于开始时间")),
    Window.SHORT: ("closes", lambda minutes: _("考试时长 %(n)s 分钟，结束时间至少要在开始 %(n)s 分钟以后", n=minutes)),
    Window.LONG: ("closes", lambda _minutes: _("一个场次最长 31 天")),
}


def block_words(block: Block, progress: Progress, closes: datetime) -> str:
    """What stands in the way of releasing results."""
    if block is Block.WINDOW_OPEN:
        return _("考试到 %(time)s 结束，还有 %(n)s 人没有交卷", time=instant(closes), n=progress.booked - progress.ended)
    if block is Block.RUNNING:
        return _("还有 %(n)s 份答卷正在作答，到时间会自动收卷", n=progress.running)
    if block is Block.MARKING:
        return _("还有 %(n)s 份答卷没有评完分", n=progress.marking)
    return _("场次已取消") if block is Block.CANCELLED else _("成绩已经公布")
