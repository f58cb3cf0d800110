"""The list of questions."""


from flask import Blueprint, render_template
from flask_babel import gettext as _

from foundation.database import db
from foundation.listing import Listing
from people.login import requires
from people.permission import Permission
from question_bank.forms.items import KINDS, LEVELS
from question_bank.item import ASKED, Level
from question_bank.store import items as store
from standards import store as standards

doors = Blueprint("question_bank", __name__)
P = Permission


@doors.get("/question-bank")
@requires(P.ITEM_READ)
def index() -> str:
    """All questions."""
    names = ("state", "kind", "level", "difficulty", "key", "clause")
    listing = Listing.from_request(("changed", "code", "difficulty", "state"), names, descending=True)
    _offer_filters(listing)
    listing.fill(db.session, *store.list_statement(listing.q, listing.chosen))
    asked = listing.chosen.get("clause", "")
    clause = standards.clause(db.session, int(asked)) if asked.isdecimal() else None
    return render_template("question_bank/index.html", listing=listing, clause=clause)


def _offer_filters(listing: Listing) -> None:
    states = {"live": _("在用"), "draft": _("草稿"), "in_review": _("待审核"), "approved": _("已通过"), "retired": _("已停用")}
    listing.add_filter("state", _("状态"), states)
    listing.add_filter("kind", _("题型"), {kind.value: str(KINDS[kind]) for kind in ASKED})
    listing.add_filter("level", _("层次"), {level.value: str(LEVELS[level]) for level in Level})
    listing.add_filter("difficulty", _("难度"), {str(step): str(step) for step in range(1, 6)})
    listing.add_filter("key", _("关键"), {"yes": _("关键条款"), "no": _("一般条款")})
