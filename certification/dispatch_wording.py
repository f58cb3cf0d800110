"""What each code of a dispatch decision says, in Chinese (the message id) and through the catalogue in English.

The resolver never sees these sentences. ``who`` is a staff number where
another program reads the answer, a name where a colleague does.
"""

from certification.dispatch_code import Code


def _(message: str) -> str:
    """Mark a message id for the catalogue."""
    return message


SENTENCES = {
    Code.UNKNOWN_STAFF: _("没有工号为 %(who)s 的人员"),
    Code.LEFT: _("%(who)s 已于 %(left)s 离开公司"),
    Code.UNKNOWN_PROGRAMME: _("没有代码为 %(programme)s 的认证项目"),
    Code.VISIT_WINDOW: _("作业的结束时间必须晚于开始时间"),
    Code.VISIT_TOO_LONG: _("一次作业最长 %(days)s 天"),
    Code.WRONG_PARTNER: _("%(who)s 不是合作方 %(partner)s 的人员"),
    Code.LICENCE_NONE: _("%(who)s 没有这个项目的上岗证"),
    Code.LICENCE_NOT_YET: _("%(who)s 的上岗证到 %(since)s 才生效"),
    Code.LICENCE_EXPIRED: _("%(who)s 的上岗证已于 %(until)s 到期"),
    Code.LICENCE_SUSPENDED: _("%(who)s 的上岗证自 %(since)s 起暂停"),
    Code.LICENCE_REVOKED: _("%(who)s 的上岗证自 %(since)s 起撤销"),
    Code.LICENCE_SUPERSEDED: _("%(who)s 的上岗证已换新证，旧证不能再用"),
    Code.LICENCE_LAPSES: _("%(who)s 的上岗证在作业结束前到期：有效至 %(until)s，作业到 %(ends)s 结束"),
    Code.CERTIFICATION_OLD: _("%(who)s 到作业结束时，距上次认证（%(certified)s）已超过 %(months)s 个月"),
    Code.NO_EXCELLENT: _("这类客户的队伍至少要有一名作业全程等级为“优秀”的技术骨干，这支队伍没有"),
    Code.NOT_ON_ROSTER: _("%(who)s 在作业期间不在任何有效合同的花名册上"),
    Code.ROSTER_SHORT: _("%(who)s 在作业结束前退出合同 %(contract)s 的花名册"),
    Code.CONTRACT_NOT_SIGNED: _("%(who)s 所在的合同 %(contract)s 还没有签"),
    Code.CONTRACT_NOT_STARTED: _("%(who)s 所在的合同 %(contract)s 到 %(starts)s 才开始"),
    Code.CONTRACT_ENDED: _("%(who)s 所在的合同 %(contract)s 已结束"),
    Code.CONTRACT_SHORT: _("%(who)s 所在的合同 %(contract)s 在作业结束前到期：有效至 %(until)s"),
    Code.ITEMS_OVERDUE: _("%(who)s 还拿着合同 %(contract)s 名下的标识物品 %(count)s 件，而合同只到 %(until)s"),
    Code.NO_AGREEMENT: _("%(who)s 的公司没有签过标识使用责任书，不能使用标识"),
    Code.NO_CUSTODY: _("%(who)s 没有领用合同有效期内的标识物品，而这次作业要求使用标识"),
    Code.RETRAINING_DUE: _("%(who)s 因违规 %(breach)s（%(clause)s）最晚应在 %(due)s 完成复训，还没有完成"),
    Code.CLOCK_IN_DOUBT: _("服务器时钟可能不准，现在不能判定"),
    Code.SYSTEM_UNAVAILABLE: _("系统暂时不能判定，请稍后再试"),
    Code.STAFF_KNOWN: _("%(who)s 在职"),
    Code.PROGRAMME_KNOWN: _("认证项目存在"),
    Code.WINDOW_SOUND: _("作业时间合理"),
    Code.PARTNER_MATCHES: _("%(who)s 属于合作方 %(partner)s"),
    Code.LICENCE_ACTIVE: _("%(who)s 持证有效，未被暂停"),
    Code.VALIDITY_COVERS: _("%(who)s 的上岗证有效至 %(until)s，覆盖作业结束"),
    Code.CERTIFIED_RECENTLY: _("%(who)s 最近一次认证在 %(months)s 个月以内（%(certified)s）"),
    Code.EXCELLENT_PRESENT: _("技术骨干 %(who)s 等级优秀"),
    Code.CONTRACT_COVERS: _("%(who)s 在合同 %(contract)s 的花名册上，合同覆盖作业"),
    Code.OPERATOR_STAFF: _("%(who)s 是运营商员工，不适用合作合同和标识物品的规定"),
    Code.NOT_NEEDED: _("这类客户不要求队伍里有优秀骨干"),
    Code.NO_LICENCE_TO_CHECK: _("%(who)s 没有可核对的有效上岗证"),
    Code.ITEMS_IN_ORDER: _("%(who)s 领用的标识物品所属合同有效"),
    Code.NO_ITEMS: _("%(who)s 没有领用标识物品，这次作业也没有要求"),
    Code.NO_RETRAINING_DUE: _("%(who)s 没有逾期的复训"),
    Code.OVERRIDDEN: _("%(who)s 由 %(proposed)s 提出、%(confirmed)s 确认紧急放行，到 %(ends)s 为止"),
}

CURES = {
    Code.UNKNOWN_STAFF: _("核对工号，或先把人员录入花名册"),
    Code.LEFT: _("换一名在职人员"),
    Code.UNKNOWN_PROGRAMME: _("核对认证项目代码"),
    Code.VISIT_WINDOW: _("修改作业时间"),
    Code.VISIT_TOO_LONG: _("把作业分成几次来判定"),
    Code.WRONG_PARTNER: _("换成该合作方的人员，或修改工单上的合作方"),
    Code.LICENCE_NONE: _("换一名持证人员；或先安排考试并获得认证决定"),
    Code.LICENCE_NOT_YET: _("换人，或把作业改到生效之后"),
    Code.LICENCE_EXPIRED: _("换人，或先考试续期"),
    Code.LICENCE_SUSPENDED: _("换人；恢复上岗须由认证决定人处理"),
    Code.LICENCE_REVOKED: _("换人；撤销后须重新考试取证"),
    Code.LICENCE_SUPERSEDED: _("核对新证的状态"),
    Code.LICENCE_LAPSES: _("换人，或在作业前完成续期"),
    Code.CERTIFICATION_OLD: _("换人，或在作业前参加本年度的认证考评"),
    Code.NO_EXCELLENT: _("增加一名等级为“优秀”的人员"),
    Code.NOT_ON_ROSTER: _("把人员加入有效合同的花名册，或换人"),
    Code.ROSTER_SHORT: _("延长花名册上的期限，或换人"),
    Code.CONTRACT_NOT_SIGNED: _("先签合同，或换其他合作方的人员"),
    Code.CONTRACT_NOT_STARTED: _("把作业改到合同开始之后，或换其他合作方的人员"),
    Code.CONTRACT_ENDED: _("先续签合同，或换其他合作方的人员"),
    Code.CONTRACT_SHORT: _("先续签合同，或把作业提前"),
    Code.ITEMS_OVERDUE: _("先收回这些物品，或续签合同；也可以换人"),
    Code.NO_AGREEMENT: _("先签标识使用责任书，或改为不用标识的作业"),
    Code.NO_CUSTODY: _("先为本人发放标识物品，或换一名已领用的人员"),
    Code.RETRAINING_DUE: _("先完成复训，或换人"),
    Code.CLOCK_IN_DOUBT: _("请管理员校准服务器时钟后再试"),
    Code.SYSTEM_UNAVAILABLE: _("请稍后再试；紧急情况请联系值班管理员"),
}
