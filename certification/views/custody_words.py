"""The words of custody on pages: states, refusals, reasons to give back."""

from flask_babel import lazy_gettext as _l

from certification.custody import Due, Refusal
from certification.forms.custody import KINDS

FILTERS = {"open": _l("保管中"), "overdue": _l("逾期未交回"), "lost": _l("遗失未结案"), "closed": _l("已结清")}
REFUSALS = {
    Refusal.SIGNED_ALREADY: _l("这份合同的责任书已经签过。"),
    Refusal.CONTRACT_OVER: _l("合同已结束，不能再签责任书。"),
    Refusal.IN_FUTURE: _l("签署日期不能晚于今天"),
    Refusal.NO_AGREEMENT: _l("公司还没有签标识物品使用责任书，不能发放。"),
    Refusal.CONTRACT_NOT_IN_FORCE: _l("合同不在有效期内。标识物品只在进行支撑服务时使用。"),
    Refusal.NOT_ON_ROSTER: _l("此人现在不在这份合同的花名册上。"),
    Refusal.OPEN_ITEMS: _l("此人还有未交回的物品，交回后再一并发放。"),
    Refusal.UNSETTLED_LOSS: _l("此人遗失的物品还没有结案。"),
    Refusal.NO_ITEMS: _l("请至少选一件物品。"),
    Refusal.TOO_MANY: _l("一张凭据最多 20 件物品。"),
    Refusal.NO_ASSIGNMENT: _l("请填写用于哪项工作。"),
    Refusal.CLOSED: _l("这件物品已经交回或报失，请刷新页面。"),
    Refusal.NOT_LOST: _l("这件物品没有待结案的遗失，请刷新页面。"),
}
DUE = {Due.CONTRACT_OVER: _l("合同结束，未续约"), Due.OFF_ROSTER: _l("已不在花名册")}
__all__ = ["DUE", "FILTERS", "KINDS", "REFUSALS"]
