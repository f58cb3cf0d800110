"""A digest in words: Chinese first, then the same in English, for a mail has no language button."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from certification.reminder import Digest, Line, Topic
from foundation.wording import language

HEADINGS: dict[Topic, Callable[[], str]] = {
    Topic.LICENCE: lambda: _("上岗证到期"),
    Topic.EXAM: lambda: _("近期考试"),
    Topic.RETRAINING: lambda: _("须完成的复训"),
    Topic.CUSTODY: lambda: _("待归还的标识物品"),
    Topic.DECISION: lambda: _("待作的认证决定"),
    Topic.APPEAL: lambda: _("待答复的申诉和投诉"),
    Topic.RELEASE: lambda: _("待公布的成绩"),
    Topic.CONTRACT: lambda: _("合同到期"),
}
PAGES = {
    Topic.LICENCE: "/licences", Topic.EXAM: "/", Topic.RETRAINING: "/", Topic.CUSTODY: "/", Topic.DECISION: "/decisions",
    Topic.APPEAL: "/", Topic.RELEASE: "/sittings", Topic.CONTRACT: "/partners",
}


def subject_of(found: Digest, today: date) -> str:
    """The subject line: the matters of the digest and the day."""
    with force_locale("zh"):
        matters = "、".join(HEADINGS[topic]() for topic, _lines in found.groups)
        return _("%(matters)s（%(day)s）", matters=matters, day=_day(today))


def text_of(found: Digest, name: str, site: str) -> str:
    """The body in both languages; ``name`` greets, empty for nobody in particular."""
    parts = []
    for locale in ("zh", "en"):
        with force_locale(locale):
            parts.append(_in_one_language(found, name, site))
    return "\n\n————\n\n".join(parts) + "\n"


def _in_one_language(found: Digest, name: str, site: str) -> str:
    paragraphs = [_("%(name)s，您好：", name=name)] if name else []
    for topic, lines in found.groups:
        told = "\n".join(f"· {_said(line)}" for line in lines)
        paragraphs.append(f"{_('【%(heading)s】', heading=HEADINGS[topic]())}\n{told}\n{site}{PAGES[topic]}")
    if found.more:
        paragraphs.append(_("还有 %(n)s 条，请登录查看。", n=found.more))
    return "\n\n".join(paragraphs)


def _day(day: date | None) -> str:
    return format_date(day, "yyyy-MM-dd") if day else ""


def _said(line: Line) -> str:
    """One sentence; a line about many names the company and how many."""
    if language() == "en" and line.what_en:
        line = replace(line, what=line.what_en)
    who = line.who or (_("%(company)s %(n)s 人", company=line.where, n=line.count) if line.count > 1 or line.where else "")
    match line.topic:
        case Topic.LICENCE:
            return _licence(line, who)
        case Topic.EXAM:
            return _("%(who)s：%(what)s考试在 %(day)s", who=who, what=line.what, day=_day(line.day))
        case Topic.RETRAINING:
            if line.left is not None and line.left < 0:
                return _("%(who)s：复训已逾期，应于 %(day)s 前完成，现在不能派单", who=who, day=_day(line.day))
            return _("%(who)s：须在 %(day)s 前完成复训", who=who, day=_day(line.day))
        case Topic.CUSTODY:
            return _("%(who)s：合同已结束，还有 %(n)s 件标识物品没有归还", who=line.who or line.where, n=line.count)
        case Topic.DECISION:
            return _("%(n)s 项等待决定，最早的从 %(day)s 起", n=line.count, day=_day(line.day))
        case Topic.APPEAL:
            return _("%(n)s 件等待答复，最早的从 %(day)s 起", n=line.count, day=_day(line.day))
        case Topic.RELEASE:
            return _("%(code)s：%(n)s 份成绩已评完，等待公布", code=line.what, n=line.count)
        case Topic.CONTRACT:
            return _contract(line)


def _licence(line: Line, who: str) -> str:
    if line.left is not None and line.left < 0:
        return _("%(who)s：%(what)s上岗证已过期，最后一天是 %(day)s", who=who, what=line.what, day=_day(line.day))
    if line.left == 0:
        return _("%(who)s：%(what)s上岗证今天到期", who=who, what=line.what)
    return _("%(who)s：%(what)s上岗证还有 %(n)s 天到期，最后一天是 %(day)s", who=who, what=line.what, n=line.left, day=_day(line.day))


def _contract(line: Line) -> str:
    if line.left is not None and line.left < 0:
        return _("%(company)s的合同 %(code)s 已在 %(day)s 结束", company=line.where, code=line.what, day=_day(line.day))
    if line.left == 0:
        return _("%(company)s的合同 %(code)s 今天结束", company=line.where, code=line.what)
    return _(
        "%(company)s的合同 %(code)s 到 %(day)s 结束，还有 %(n)s 天", company=line.where, code=line.what, day=_day(line.day), n=line.left
    )
