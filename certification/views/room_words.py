"""Words of the room: where people stand, why a deed is refused, what a timeline tells."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import Row

from certification import evidence, receipt, safeguards, timing
from certification.room import Place
from certification.room import Refusal as Window
from certification.sitting import Code
from certification.timing import Refusal
from foundation.wording import local, mark

PLACES = {
    Place.AWAY: _p("room", "离开"), Place.STUCK: _p("room", "久未作答"), Place.PAUSED: _p("room", "已暂停"),
    Place.UNCHECKED: _p("room", "未核验"), Place.WAITING: _p("room", "未开始"), Place.ON: _p("room", "作答中"),
    Place.OVER: _p("room", "已交卷"), Place.ABSENT: _p("room", "缺考"), Place.INVALIDATED: _p("room", "已作废"),
}
TONES = {
    Place.AWAY: "bad", Place.STUCK: "warn", Place.PAUSED: "violet", Place.UNCHECKED: "warn", Place.WAITING: "neutral",
    Place.ON: "info", Place.OVER: "good", Place.ABSENT: "neutral", Place.INVALIDATED: "bad",
}
MARKS = {
    Place.AWAY: "warning", Place.STUCK: "clock", Place.PAUSED: "pause", Place.UNCHECKED: "user", Place.WAITING: "none",
    Place.ON: "edit", Place.OVER: "check", Place.ABSENT: "none", Place.INVALIDATED: "x",
}
REFUSALS = {
    Refusal.NOT_RUNNING: _l("这份答卷现在不在作答中，不能这样做。"),
    Refusal.NOT_PAUSED: _l("这份答卷没有暂停。"),
    Refusal.NOT_ENDED: _l("这份答卷还没有结束，可以直接延长时间。"),
    Refusal.OVERDUE: _l("时间已到，已按时收卷。需要的话请重开答卷。"),
    Refusal.RELEASED: _l("成绩已公布，答卷不能再改动。"),
    Refusal.CANCELLED: _l("场次已取消。"),
    Refusal.TIME: _l("时间要在 1 分钟到 24 小时之间。"),
}
WINDOWS = {
    Window.EARLIER: _l("新的结束时间要晚于现在定的结束时间"),
    Window.PAST: _l("新的结束时间已经过去"),
    Window.LONG: _l("一个场次最长 31 天"),
}
BROWSER = {
    safeguards.Refusal.CANCELLED: _l("场次已取消。"),
    safeguards.Refusal.RELEASED: _l("成绩已公布，不用再放宽。"),
    safeguards.Refusal.NOT_DEMANDED: _l("本场现在不要求安全考试浏览器。"),
    safeguards.Refusal.EARLY: _l("场次还没有开始，请在“考试保护”里改。"),
}
BOOK = {
    "note": _l("考务记录"), "incident": _l("突发情况，全场补时"), "paused": _l("全场暂停"), "resumed": _l("全场恢复"),
    "window": _l("考试窗口延后结束"), "entry_code": _l("更换入场码"), "unchecked": _l("撤销核验"), "extra_time": _l("个人加时"),
}
TURNS = {
    timing.Kind.EXTENDED: (_l("延长时间"), "warn", "clock"), timing.Kind.PAUSED: (_l("暂停"), "violet", "pause"),
    timing.Kind.RESUMED: (_l("恢复作答"), "good", "next"), timing.Kind.REOPENED: (_l("重开答卷"), "warn", "history"),
    timing.Kind.INVALIDATED: (_l("作废"), "bad", "x"), timing.Kind.COLLECTED: (_l("收卷"), "warn", "inbox"),
}
SIGNS = {
    evidence.Kind.TAKEN_OVER: (_l("换了设备或重新登录后继续作答"), "copy"), evidence.Kind.FOCUS_LOST: (_l("离开作答页面"), "external"),
    evidence.Kind.FOCUS_BACK: (_l("回到作答页面"), "back"), evidence.Kind.PASTED: (_l("粘贴"), "copy"),
    evidence.Kind.COPIED: (_l("复制"), "copy"), evidence.Kind.FULLSCREEN_LEFT: (_l("退出全屏"), "external"),
    evidence.Kind.SAFE_BROWSER: (_l("没有证明用的是安全考试浏览器"), "shield"), evidence.Kind.CHECKED_IN: (_l("身份已核验"), "user"),
    evidence.Kind.ADMITTED: (_l("准许入场"), "user"),
}
CODES = {
    Code.LATE: _l("截止以后才到"), Code.CLOSED: _l("交卷以后才到"), Code.PAUSED: _l("暂停期间发来"),
    Code.READ_ONLY: _l("来自已被接替的设备"),
}
WHY = {
    "reopened": _l("重开答卷"), "graded_again": _l("重新评分"), "regrade": _l("重新评分"), "marked": _l("简答题评分完成"),
    "fill_ruled": _l("填空答案的认定"),
}


def lasting(seconds: int) -> str:
    """How long: 10 分钟, 1 分 30 秒, 45 秒."""
    minutes, rest = divmod(seconds, 60)
    if not rest:
        return _("%(n)s 分钟", n=minutes)
    return _("%(m)s 分 %(s)s 秒", m=minutes, s=rest) if minutes else _("%(s)s 秒", s=rest)


def clock_face(left: timedelta) -> str:
    """What a countdown shows: 41:07, 1:05:00."""
    minutes, seconds = divmod(int(left.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes:02}:{seconds:02}"


def second(moment: Any) -> str:
    """A time of day to the second: what happens in a room is told as exactly as it is known."""
    return format_datetime(local(moment), "HH:mm:ss", rebase=False)


def listed(names: Sequence[str], most: int = 10) -> str:
    """Names in a row, and how many more."""
    shown = mark("、").join(names[:most])
    return _("%(names)s等 %(n)s 人", names=shown, n=len(names)) if len(names) > most else shown


def turn_words(row: Row[Any]) -> str:
    """An event that moved the clock, in one line: what, and how much time it gave."""
    title = str(TURNS[timing.Kind(row.kind)][0])
    return f"{title} {lasting(row.seconds)}" if row.seconds else title


def happened(row: Row[Any]) -> tuple[str, str | None, str, str]:
    """An entry of a timeline: its title, tone, icon and what more it tells."""
    if row.kind in TURNS:
        _title, tone, icon = TURNS[timing.Kind(row.kind)]
        return turn_words(row), tone, icon, _former(row.detail)
    title, icon = SIGNS.get(row.kind, (row.kind, "info"))
    return str(title), None, icon, _sign(row.kind, row.detail or {})


def _sign(kind: str, detail: dict[str, Any]) -> str:
    told = [_("第 %(n)s 题", n=detail["slot"])] if detail.get("slot") else []
    if amount := detail.get("amount"):
        if kind == evidence.Kind.FOCUS_BACK:
            told.append(_("离开了 %(time)s", time=lasting(max(1, round(amount / 1000)))))
        elif kind in (evidence.Kind.PASTED, evidence.Kind.COPIED):
            told.append(_("%(n)s 个字符", n=amount))
    return " · ".join(told)


def _former(detail: dict[str, Any] | None) -> str:
    """What a reopening took back: the receipt stays on record."""
    if not detail or not detail.get("receipt"):
        return ""
    statement = receipt.read(detail["receipt"])
    return _("此前 %(time)s 交卷，答了 %(n)s 题，回执码 %(digest)s", time=second(statement.submitted_at), n=statement.count,
             digest=groups(statement.digest))


def groups(digest: str) -> str:
    """A receipt's code as the candidate's own page shows it: the first twelve characters, in fours."""
    return f"{digest[:4]} {digest[4:8]} {digest[8:12]}"
