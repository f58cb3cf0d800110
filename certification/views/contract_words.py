"""What contracts say: refusals, the points of the checklist, the entries of the history. Page, PDF and JSON say the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certification.checklist import Check, Cure, Head, Holding, Outcome, Topic
from certification.views.words import STATE_WORDS
from foundation.config import settings
from foundation.wording import day, instant, last_day, local, mark, said
from people.contract import MOVES, Refusal, State

STATES = {
    State.DRAFT: _l("草稿"), State.CERTIFIED_ROSTER: _l("花名册已确认"), State.SIGNED: _l("已签订"), State.RUNNING: _l("执行中"),
    State.ENDING: _l("即将结束"), State.ENDED: _l("已结束"),
}
REFUSALS = {
    Refusal.NO_SUCH_MOVE: _l("合同现在的状态下不能这样做，请刷新页面。"),
    Refusal.NO_PROGRAMME: _l("合同没有写明人员须持哪种上岗证，先修改合同。"),
    Refusal.NOBODY: _l("花名册还是空的，先列入人员再签订。"),
    Refusal.UNCERTIFIED: _l("花名册里还有人没有持证，不能签订（R2：先认证，后签约）。"),
    Refusal.NO_REASON: _l("请写明理由。"),
    Refusal.OVER: _l("合同的最后一天已经过去。"),
    Refusal.BEFORE_START: _l("最后一天不能早于合同开始的那天。"),
    Refusal.SAME_END: _l("最后一天没有变化。"),
}
DONE = {
    State.DRAFT: _l("合同已退回草稿。"), State.CERTIFIED_ROSTER: _l("已确认：花名册里的人都持证。"),
    State.SIGNED: _l("合同已签订，签约时的核对表已存档。"), State.ENDED: _l("合同已提前终止。"),
}
FIELDS = {
    "title": _l("合同名称"), "starts": _l("开始日期"), "ends": _l("最后一天"), "programmes": _l("须持上岗证"), "renews_id": _l("续签自"),
}
assert set(DONE) == {to for reachable in MOVES.values() for to in reachable}


def topic_words(check: Check, head: Head) -> tuple[str, str]:
    """A point of the checklist and a line about it."""
    number, first = check.number, day(head.starts)
    match check.topic, check.outcome:
        case Topic.ROSTER, Outcome.PASS:
            return _("花名册有 %(n)s 人", n=number), ""
        case Topic.ROSTER, _outcome:
            return _("花名册还是空的"), _("先列入这份合同下要上岗的人员。")
        case Topic.PROGRAMMES, Outcome.PASS:
            return _("写明了须持的上岗证"), mark("、").join(said(dict(title)) for title in head.programmes.values())
        case Topic.PROGRAMMES, _outcome:
            return _("没有写明须持的上岗证"), _("在合同里选定认证项目。")
        case Topic.CERTIFIED, Outcome.PASS:
            return _("花名册里的人都已持证"), ""
        case Topic.CERTIFIED, _outcome:
            return (_("还有 %(n)s 人没有持证", n=number) if number else _("还没有人可以核对")), _("人员先认证合格，合同才能签订。")
        case Topic.AGREEMENT, Outcome.PASS:
            return _("公司已签标识物品责任书"), day(check.day)
        case Topic.AGREEMENT, _outcome:
            return _("公司还没有签标识物品责任书"), _("不影响签约；签署之前不能发放工服、工牌等标识物品。")
        case Topic.LAPSING, _outcome:
            return _("有 %(n)s 人的上岗证在合同开始前到期", n=number), _("合同 %(day)s 开始，到时需要先续期才能派单。", day=first)
        case Topic.RENEWAL, Outcome.PASS:
            return _("续签合同 %(code)s，中间没有间断", code=check.code), _("原合同至 %(day)s，标识物品不用收回。", day=last_day(check.day))
        case Topic.RENEWAL, _outcome:
            ended = last_day(check.day)
            return _("续签合同 %(code)s，中间有间断", code=check.code), _("原合同至 %(day)s，到期后标识物品要先收回。", day=ended)
        case Topic.YEARLY, _outcome:
            return _("合同超过一年，每个合同年都要考核一次"), _("每个人最近一次认证不早于派单结束前 12 个月（R3）。")
    return _dates(check)


def _dates(check: Check) -> tuple[str, str]:
    if check.code == "over":
        return _("合同期已经过去"), _("最后一天是 %(day)s，请修改期限。", day=last_day(check.day))
    if check.code == "begun":
        return _("合同期已经开始"), _("%(day)s 已开始；签订之前不能按这份合同派单。", day=day(check.day))
    return _("合同期没有问题"), _("%(day)s 开始", day=day(check.day))


def standing_words(holding: Holding) -> str:
    """A standing with its last day."""
    word = str(STATE_WORDS[holding.standing])
    return _("%(word)s，至 %(day)s", word=word, day=last_day(holding.until)) if holding.until else word


def cure_words(holding: Holding) -> str:
    """What gets somebody the licence that is missing; empty when none is."""
    match holding.cure:
        case Cure.BOOK:
            return _("报名考试")
        case Cure.SIT:
            return _("已报名 %(code)s（%(when)s）", code=holding.sitting or "", when=instant(holding.when))
        case Cure.DECISION:
            return _("已通过考试，等待认证决定")
        case Cure.REINSTATE:
            return _("等待恢复上岗证")
    return ""


def entry_title(event: Any) -> str:
    """What an entry of the history says that was done."""
    before, after, facts = event.before, event.after, event.facts
    if not before:
        return _("新增为草稿") if after == State.DRAFT else _("载入：%(state)s", state=STATES[State(after)])
    if facts.get("document"):
        return _("载入：%(state)s", state=STATES[State(after)])
    if before == after:
        return _("修改最后一天") if after != State.DRAFT else _("修改合同")
    return move_title(State(before), State(after), by_hand=event.by is not None)


def move_title(before: State, after: State, by_hand: bool) -> str:
    """What a move is called."""
    match before, after:
        case State.CERTIFIED_ROSTER, State.DRAFT:
            return _("退回草稿") if by_hand else _("花名册里有人不再持证，自动退回草稿")
        case State.SIGNED, State.DRAFT:
            return _("撤回签订")
        case _state, State.CERTIFIED_ROSTER:
            return _("确认花名册全部持证")
        case _state, State.SIGNED:
            return _("签订合同")
        case State.ENDING, State.RUNNING:
            return _("合同延长，继续执行")
        case _state, State.RUNNING:
            return _("合同开始执行")
        case _state, State.ENDING:
            return _("合同进入最后 %(n)s 天", n=settings().ending_days)
    return _("提前终止") if by_hand else _("合同到期结束")


def changes(facts: Mapping[str, Any], titles: Mapping[str, str], codes: Mapping[int, str]) -> list[str]:
    """Each changed field, from what to what. ``titles``: programmes by code; ``codes``: contracts by id."""
    found = []
    for name, label in FIELDS.items():
        if isinstance(pair := facts.get(name), list):
            before, after = (_value(name, value, titles, codes) for value in pair)
            found.append(_("%(field)s：%(before)s → %(after)s", field=label, before=before, after=after))
    return found


def _value(name: str, value: Any, titles: Mapping[str, str], codes: Mapping[int, str]) -> str:
    if name == "starts":
        return day(datetime.fromisoformat(value))
    if name == "ends":
        return moment_of_end(datetime.fromisoformat(value))
    if name == "programmes":
        return mark("、").join(titles.get(code, code) for code in value) or "–"
    if name == "renews_id":
        return codes.get(value, "–")
    return str(value) or "–"


def moment_of_end(ends: datetime) -> str:
    """The last day, or the instant where a contract was broken off within a day."""
    here = local(ends)
    return last_day(ends) if (here.hour, here.minute, here.second) == (0, 0, 0) else instant(ends)
