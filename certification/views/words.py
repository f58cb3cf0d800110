"""Words of licences and decisions that several pages say, by code."""

from flask_babel import lazy_gettext as _l

from certification import decision, licence
from certification.licence import Kind, State

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
    decision.Refusal.INVOLVED: _l("您参与了这次考试的组织或成绩公布，按回避规则不能作决定，请由未参与的认证决定人处理。"),
    decision.Refusal.OWN_COMPANY: _l("您与这位人员同属一家合作方，按回避规则不能作决定，请由运营商或其他单位的认证决定人处理。"),
    decision.Refusal.NOT_PASSED: _l("成绩未通过、未公布或已作废，不能授予。"),
    decision.Refusal.REASON_MISSING: _l("不授予时请写明理由。"),
    decision.Refusal.APPEALED: _l("申诉还没有了结，成绩可能变化，不能批量授予，请打开后单独决定。"),
    decision.Refusal.REGRADING: _l("这个场次有重新评分等待签署，成绩可能变化，不能批量授予，请打开后单独决定。"),
}
LICENCE_REFUSALS = {
    licence.Refusal.NOT_GRANTED: _l("这张上岗证还没有生效。"),
    licence.Refusal.GRANTED_ALREADY: _l("这张上岗证已经授予过。"),
    licence.Refusal.ENDED: _l("这张上岗证已撤销或已换新证，不能再处理。"),
    licence.Refusal.EXPIRED: _l("这张上岗证已过期，不能再暂停或调整等级。"),
    licence.Refusal.SUSPENDED_ALREADY: _l("这张上岗证已经暂停。"),
    licence.Refusal.NOT_SUSPENDED: _l("这张上岗证没有被暂停，不需要恢复。"),
    licence.Refusal.SAME_GRADE: _l("等级没有变化。"),
}
