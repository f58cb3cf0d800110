"""Where a question was asked: papers, sittings, when, to how many."""

from flask import Blueprint, abort, render_template

from certification.store import item_uses as store
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from people.login import requires
from people.permission import Permission
from question_bank.store import items as bank

doors = Blueprint("item_uses", __name__)
P = Permission


@doors.get("/question-bank/<int:item_id>/use")
@requires(P.ITEM_READ)
def show(item_id: int) -> str:
    """Of each version; of sittings only those that have opened, because a paper is sealed until then."""
    item, now = bank.item(db.session, item_id) or abort(404), clock.now()
    listing = Listing.from_request(("opens", "code", "version"), descending=True)
    listing.fill(db.session, store.uses(item_id, now), store.ORDER, store.ORDER["code"])
    return render_template("certification/item_use.html", item=item, listing=listing, sums=store.sums(db.session, item_id, now))
