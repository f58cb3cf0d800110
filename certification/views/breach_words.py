"""Words of breaches and their measures, by code."""

from flask_babel import lazy_gettext as _l

from certification.breach import Closed, Kind, Refusal, State
from certification.breach_file import Flaw
from certification.forms.breaches import SEVERITIES, SOURCES

STATES = {State.CONFIRMED: _l("已确认"), State.APPEALED: _l("申诉中"), State.LIFTED: _l("已撤销")}
TONES = {State.CONFIRMED: "neutral", State.APPEALED: "warn", State.LIFTED: "good"}
SEVERITY_TONES = {"minor": "neutral", "serious": "warn", "grave": "bad"}
KINDS = {
    Kind.RETRAINING: _l("复训"), Kind.SUSPENSION: _l("暂停上岗证"), Kind.REEXAMINATION: _l("重新考试"),
    Kind.REVOCATION: _l("提请撤销上岗证"),
}
CLOSED = {
    Closed.TRAINED: _l("已参加培训"), Closed.CERTIFIED: _l("已重新认证"), Closed.OVER: _l("已没有因此暂停的上岗证"),
    Closed.DECIDED: _l("认证决定人已决定"), Closed.LIFTED: _l("违规记录撤销，不再有依据"),
}
REFUSALS = {
    Refusal.NOT_YET: _l("发生时间在将来"),
    Refusal.TOO_OLD: _l("发生在 12 个月以前，不再计分，不能记录"),
    Refusal.SHORT: _l("请写明理由，至少 10 字"),
    Refusal.TOO_LATE: _l("申诉期限已过。"),
    Refusal.OPEN_ALREADY: _l("已经提出申诉，正在处理。"),
    Refusal.ANSWERED: _l("申诉已经答复，不能再次申诉。"),
    Refusal.LIFTED: _l("这条记录已经撤销。"),
    Refusal.NO_APPEAL: _l("本人没有申诉，不需要维持；确属误记的可以撤销。"),
    Refusal.SELF: _l("这是您本人的违规记录，不能由您处理。"),
    Refusal.INVOLVED: _l("这条违规由您记录，按回避规则不能由您处理，请由没有参与的认证决定人处理。"),
    Refusal.OWN_COMPANY: _l("您与这位人员同属一家合作方，按回避规则不能处理。"),
}
FLAWS = {
    Flaw.EMPTY: _l("文件是空的"), Flaw.TOO_LARGE: _l("超过 5 MB"), Flaw.KIND: _l("不是可以识别的照片或 PDF"),
    Flaw.BROKEN: _l("文件已损坏，无法读取"), Flaw.PIXELS: _l("像素太多，请缩小后再传"),
}
__all__ = ["CLOSED", "FLAWS", "KINDS", "REFUSALS", "SEVERITIES", "SEVERITY_TONES", "SOURCES", "STATES", "TONES"]
