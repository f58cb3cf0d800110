"""The list of questions: search, facets, sort, pages."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from foundation.database import db
from foundation.listing import Listing
from foundation.wording import said
from people.login import account, requires
from people.permission import Permission
from people.store import saved_views
from question_bank.actions.bulk import MOST
from question_bank.forms.items import KINDS, LEVELS
from question_bank.item import ASKED, Level
from question_bank.review import Step
from question_bank.store import facets
from question_bank.store import items as store
from question_bank.store.facets import Facets
from question_bank.views.items import whole
from standards import store as standards

doors = Blueprint("question_bank", __name__)
P = Permission
PAGE = "question_bank.index"
SORTS = ("changed", "code", "difficulty", "state", "facility")
AT_HAND = ("state", "kind")
"""Facets that stand above the list; the others are folded away until one of them is chosen."""


@doors.get("/question-bank")
@requires(P.ITEM_READ)
def index() -> str:
    """All questions, narrowed."""
    listing = asked()
    found = facets.count(db.session, listing.q, listing.chosen)
    fill(listing, found.total)
    _offer(listing, found)
    clause = standards.clause(db.session, whole(listing.chosen.get("clause")))
    return render_template(
        "question_bank/index.html", listing=listing, lines=store.lines(db.session, listing.rows), clause=clause, page=PAGE,
        at_hand=[one for one in listing.filters if one.name in AT_HAND], folded=[one for one in listing.filters if one.name not in AT_HAND],
        choices=_choices(listing, found), unfolded=bool(listing.chosen.keys() - set(AT_HAND)), steps=_steps(), most=MOST,
        views=saved_views.views_of(db.session, account().account_id, PAGE), export=_export(listing),
    )


def _steps() -> list[tuple[str, str]]:
    """What the asker may do to many questions."""
    me = account()
    words = step_words() if me.may(P.ITEM_WRITE) else {}
    return [(step.value, word) for step, word in words.items() if step is not Step.APPROVE or me.may(P.ITEM_APPROVE)]


def step_words() -> dict[Step, str]:
    """What each step is called where it is offered for many."""
    return {
        Step.SUBMIT: _("提交审核"), Step.APPROVE: _("审核通过"), Step.MAKE_LIVE: _p("question", "启用"),
        Step.RETIRE: _p("question", "停用"), Step.RESTORE: _("恢复"),
    }


def asked() -> Listing:
    """The list as the address narrows and sorts it, not yet filled: for its page, its export, and what is done to all of it."""
    return Listing.from_request(SORTS, facets.NAMES, descending=True)


def fill(listing: Listing, total: int) -> None:
    """The rows of its page, of ``total``; ties follow the order, so that an index alone can give any page."""
    statement, order, tie = store.list_of(listing.q, listing.chosen, total, listing.descending)
    listing.fill(db.session, statement, order, tie.desc() if listing.descending else tie, total)


def _export(listing: Listing) -> str | None:
    """The address at which just these questions leave the house."""
    return url_for("exports.export") + "?" + listing.query if account().may(P.ITEM_WRITE) else None


def _offer(listing: Listing, found: Facets) -> None:
    """Chips with what stands behind them; a value that would find nothing is left out."""
    words: dict[str, tuple[str, dict[str, str]]] = {
        "state": (_("状态"), {
            "live": _("在用"), "draft": _("草稿"), "in_review": _("待审核"), "approved": _("已通过"), "retired": _p("question", "已停用"),
        }),
        "kind": (_("题型"), {kind.value: str(KINDS[kind]) for kind in ASKED}),
        "level": (_("层次"), {level.value: str(LEVELS[level]) for level in Level}),
        "difficulty": (_("难度"), {str(step): str(step) for step in range(1, 6)}),
        "key": (_("关键"), {"yes": _("关键条款"), "no": _("一般条款")}),
        "tier": (_p("clause", "等级"), {"basic": _("基本级"), "improved": _("提高级"), "excellent": _("优秀级"), "none": _("不分等级")}),
        "facility": (_("正确率"), {
            "hard": _("偏难，不到三成"), "middle": _("适中"), "easy": _("偏易，九成以上"), "waiting": _("组过卷，还没有数据"),
            "unused": _("还没用过"),
        }),
        "correlation": (_("区分度"), {"negative": _("负，多半是答案错了"), "weak": _("偏低"), "good": _("正常")}),
        "remark": (_("反映"), {"yes": _("有人反映，还没处理")}),
    }
    for name, (label, values) in words.items():
        counts = found.counts[name]
        offered = {value: text for value, text in values.items() if counts[value] or listing.chosen.get(name) == value}
        if offered:
            listing.add_filter(name, label, offered, counts)


def _choices(listing: Listing, found: Facets) -> list[dict[str, Any]]:
    """Facets with many values, to be picked from a list: ``{name, label, chosen, options: [(value, text, count or None)]}``."""
    editions = {f"{one.standard}@{one.edition}": one for one in standards.editions(db.session)}
    authors = store.names(db.session, [int(value) for value in found.counts["author"] if value])
    offers = [
        ("standard", _("规范"), [(ref, f"{said(one.title)} {one.edition}") for ref, one in editions.items()]),
        ("author", _("作者"), sorted(((str(key), name) for key, name in authors.items()), key=lambda one: one[1])),
    ]
    if edition := editions.get(listing.chosen.get("standard", "")):
        inside = standards.clauses_of(db.session, edition.id, "", {})
        offers.insert(1, ("clause", _("条款"), [(str(one.id), f"{one.number} {said(one.title)}") for one in inside]))
    return [
        {"name": name, "label": label, "chosen": listing.chosen.get(name, ""), "options": [
            (value, text, found.counts[name][value] if name in found.counts else None) for value, text in options
            if name not in found.counts or found.counts[name][value] or listing.chosen.get(name) == value
        ]}
        for name, label, options in offers
    ]
