"""Words of appeals and complaints, by code."""

from flask_babel import lazy_gettext as _l

from certification.appeal import Kind, Refusal, State

KINDS = {Kind.APPEAL: _l("成绩申诉"), Kind.COMPLAINT: _l("考试投诉")}
STATES = {
    State.FILED: _l("已提交"), State.UNDER_REVIEW: _l("复核中"), State.UPHELD: _l("成立"), State.REJECTED: _l("不成立"),
    State.WITHDRAWN: _l("已撤回"),
}
TONES = {State.FILED: "info", State.UNDER_REVIEW: "warn", State.UPHELD: "good", State.REJECTED: "neutral", State.WITHDRAWN: "neutral"}
REFUSALS = {
    Refusal.NOT_RELEASED: _l("成绩还没有公布，公布后才能申诉。对考试过程有意见，可以投诉。"),
    Refusal.NOT_BEGUN: _l("考试还没有开始，开始后才能投诉。"),
    Refusal.TOO_LATE: _l("提交期限已过。"),
    Refusal.OPEN_ALREADY: _l("您已经提交过，正在处理。"),
    Refusal.ANSWERED: _l("对这次成绩的申诉已经答复，不能再次申诉。"),
    Refusal.NO_SUCH_QUESTION: _l("您的答卷上没有这个题号。"),
    Refusal.CLOSED: _l("这一件已经办结或撤回，不能再改。"),
    Refusal.TAKEN: _l("刚刚有另一位认证决定人受理了这一件，请查看最新情况。"),
    Refusal.NOT_TAKEN: _l("这一件不是由您受理的。请先受理，再作答复。"),
    Refusal.SELF: _l("这是您本人提交的，不能由您处理。"),
    Refusal.INVOLVED: _l("您参与过这次考试的组织、评分、认证决定或命题，按回避规则不能处理，请由未参与的认证决定人受理。"),
    Refusal.OWN_COMPANY: _l("您与提交人同属一家合作方，按回避规则不能处理，请由运营商或其他单位的认证决定人受理。"),
    Refusal.SHORT: _l("请写明理由，至少 10 字。"),
}
