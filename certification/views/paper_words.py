"""Words of papers, seals, traps and safeguards, by code."""

from flask_babel import lazy_gettext as _l

from certification import canary, safeguards
from certification.seal import Refusal, Step

STATES = {"sealed": _l("已封存"), "ended": _l("已启用"), "set_aside": _l("已停用")}
STEPS = {
    Step.WAITING: _l("等待确认"), Step.OPEN: _l("已启封"), Step.ENDED: _l("已结束"), Step.LAPSED: _l("无人确认，已失效"),
    Step.REFUSED: _l("未同意"),
}
REFUSALS = {
    Refusal.NOT_SEALED: _l("试卷的封存期已经结束，可以直接查看。"),
    Refusal.ASKED_ALREADY: _l("您的请求还在等待确认，不用再提。"),
    Refusal.OPEN_ALREADY: _l("试卷已经为您启封，可以直接查看。"),
    Refusal.OWN_REQUEST: _l("不能确认自己的请求，请另一位考务确认。"),
    Refusal.LAPSED: _l("这个请求超过 15 分钟无人确认，已经失效，请重新提出。"),
    Refusal.SETTLED: _l("这个请求已经有人处理过。"),
    Refusal.CANDIDATE: _l("您报名了使用这份试卷的场次，考试全部结束前不能看试卷。"),
    Refusal.SEALED: _l("试卷还在封存中。需要查看时，请先申请启封。"),
}
CANARY = {
    canary.Refusal.UNKNOWN: _l("没有这个编号的试题"),
    canary.Refusal.RETIRED: _l("这道题已停用，不能设为陷阱题"),
    canary.Refusal.KIND: _l("这种题型要人工判断或自由填写，不能设为陷阱题"),
    canary.Refusal.SCORED: _l("这道题在试卷上计过分，不能设为陷阱题"),
    canary.Refusal.ALREADY: _l("这道题已经是陷阱题"),
    canary.Refusal.NOT_ONE: _l("这道题不是陷阱题"),
    canary.Refusal.IN_USE: _l("请先在题库停用这道题：它的答案是错的，在用时取消标记会让错误答案计入成绩"),
    canary.Refusal.TOO_FEW: _l("本项目规范下可用的陷阱题不够"),
}
LATE = {
    safeguards.Refusal.CANCELLED: _l("场次已取消，不能再改。"),
    safeguards.Refusal.OPENED: _l("场次马上开始或已经开始，不能再改。"),
}
