"""Words of licences and decisions that several pages say, by code."""

from flask_babel import lazy_gettext as _l

from certification import decision, licence_act
from certification.independence import Check, Part
from certification.licence import Kind, State
from certification.licence_act import Reason

STATE_WORDS = {
    State.ACTIVE: _l("有效"), State.EXPIRING: _l("即将到期"), State.EXPIRED: _l("已过期"), State.SUSPENDED: _l("已暂停"),
    State.REVOKED: _l("已撤销"), State.SUPERSEDED: _l("已换新证"), State.NONE: _l("未持证"),
}
KIND_WORDS = {
    Kind.GRANTED: _l("授予"), Kind.RENEWED: _l("续期"), Kind.UPGRADED: _l("升为优秀"), Kind.SCOPE_REDUCED: _l("降为合格"),
    Kind.SUSPENDED: _l("暂停"), Kind.REINSTATED: _l("恢复"), Kind.REVOKED: _l("撤销"), Kind.SUPERSEDED: _l("换发新证"),
}
REFUSALS = {
    decision.Refusal.NOT_PENDING: _l("这一项已经决定过，不能再改。"),
    decision.Refusal.SELF: _l("不能对自己作认证决定，请由另一位认证决定人处理。"),
    decision.Refusal.INVOLVED: _l("您在本周期参与过这位人员的培训、考试或评卷，按回避规则不能作决定，请由未参与的认证决定人处理。"),
    decision.Refusal.OWN_COMPANY: _l("您与这位人员同属一家合作方，按回避规则不能作决定，请由运营商或其他单位的认证决定人处理。"),
    decision.Refusal.PROPOSER: _l("这一项是您提请的，请由另一位认证决定人处理。"),
    decision.Refusal.NOT_PASSED: _l("成绩未通过、未公布或已作废，不能授予。"),
    decision.Refusal.REASON_MISSING: _l("不授予时请写明理由。"),
    decision.Refusal.APPEALED: _l("申诉还没有了结，成绩可能变化，不能批量授予，请打开后单独决定。"),
    decision.Refusal.REGRADING: _l("这个场次有重新评分等待签署，成绩可能变化，不能批量授予，请打开后单独决定。"),
    decision.Refusal.ACT: _l("这是对上岗证的处理，不能批量授予，请打开后单独决定。"),
    decision.Refusal.OLD_EXAM: _l("这次考试在最近一次认证之前，已经用过，不能再用来续期。"),
    decision.Refusal.NEW_EXAM: _l("上岗证已过期，迟到的续期须凭到期前规定期限内或到期后的新考试。"),
    decision.Refusal.LEDGER: _l("这张上岗证的现状不允许这样处理。"),
}
LICENCE_REFUSALS = {
    licence_act.Refusal.NOT_GRANTED: _l("这张上岗证还没有生效。"),
    licence_act.Refusal.GRANTED_ALREADY: _l("这张上岗证已经授予过。"),
    licence_act.Refusal.ENDED: _l("这张上岗证已撤销或已换新证，不能再处理。"),
    licence_act.Refusal.EXPIRED: _l("这张上岗证已过期，不能再暂停或调整等级。"),
    licence_act.Refusal.SUSPENDED_ALREADY: _l("这张上岗证已经暂停。"),
    licence_act.Refusal.NOT_SUSPENDED: _l("这张上岗证没有被暂停，不需要恢复。"),
    licence_act.Refusal.SAME_GRADE: _l("等级没有变化。"),
    licence_act.Refusal.MEASURES_OPEN: _l("持证人还有未完成的复训或复考，完成后才能恢复。"),
    licence_act.Refusal.PAST_DAY: _l("起效日不能早于今天。"),
    licence_act.Refusal.WRONG_REASON: _l("请选择这种处理可用的事由。"),
    licence_act.Refusal.NO_NAME: _l("请填写更正后的姓名。"),
    licence_act.Refusal.SAME_NAME: _l("姓名没有变化。"),
    licence_act.Refusal.PLANNED_NAME: _l("换发新证即刻生效，不能预定日期。"),
    licence_act.Refusal.ASKED_ALREADY: _l("同样的申请已在等待决定。"),
}
REASON_WORDS = {
    Reason.PASSED: _l("通过认证考试"), Reason.TAKEN_OVER: _l("由原系统转入"), Reason.CARRIED_OVER: _l("随换证转入"),
    Reason.REASSESSED: _l("重新考核"), Reason.REGRADE: _l("重新评分"), Reason.CORRECTION: _l("更正登记错误"), Reason.HOLDER: _l("本人申请"),
    Reason.INVESTIGATION: _l("正在调查"), Reason.COMPLAINT: _l("客户投诉"), Reason.INSPECTION: _l("检查不合格"),
    Reason.MISUSE: _l("证件或标识使用不当"), Reason.MISCONDUCT: _l("严重违规"), Reason.FRAUD: _l("舞弊或冒用身份"),
    Reason.BREACH_POINTS: _l("违规记分达到门槛"), Reason.BREACH_LIFTED: _l("违规认定已撤销"),
    Reason.MEASURES_DONE: _l("已完成复训或复考"),
    Reason.CLEARED: _l("调查已结清"), Reason.NAME_CHANGED: _l("姓名变更"), Reason.NAME_CORRECTED: _l("姓名登记有误"),
}
ACT_WORDS = {
    Kind.UPGRADED: _l("升为优秀"), Kind.SCOPE_REDUCED: _l("降为合格"), Kind.SUSPENDED: _l("暂停"), Kind.REINSTATED: _l("恢复"),
    Kind.REVOKED: _l("撤销"), Kind.SUPERSEDED: _l("更正姓名并换证"),
}
DECISION_WORDS = {"certification": _l("认证"), **{kind.value: word for kind, word in ACT_WORDS.items()}}
PART_WORDS = {
    Part.TRAINED: _l("培训"), Part.SCHEDULED: _l("安排考试"), Part.CHECKED_IN: _l("核验身份"), Part.INVIGILATED: _l("监考"),
    Part.RELEASED: _l("公布成绩"), Part.REGRADED: _l("提议重新评分"), Part.MARKED: _l("评卷"), Part.RULED: _l("认定填空写法"),
}
CHECK_WORDS = {
    Check.NOT_ONESELF: (_l("不是本人"), _l("这是您自己的认证")),
    Check.NOT_TRAINED: (_l("没有培训过这位人员"), _l("您培训过这位人员")),
    Check.NOT_EXAMINED: (_l("没有参与这位人员的考试"), _l("您参与过这位人员的考试")),
    Check.NOT_MARKED: (_l("没有评过这位人员的答卷"), _l("您评过这位人员的答卷")),
    Check.NOT_PROPOSED: (_l("不是提请人"), _l("这一项是您提请的")),
    Check.OTHER_COMPANY: (_l("不与这位人员同属一家合作方"), _l("您与这位人员同属，或在周期内同属过一家合作方")),
}
