"""The admin: API keys, shown once, stored hashed. The auditor reads."""

import secrets
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.actions import accounts as actions
from people.forms import KeyForm
from people.login import actor, requires
from people.permission import Permission
from people.store import accounts as store

doors = Blueprint("keys", __name__, url_prefix="/keys")


@doors.get("")
@requires(Permission.ACCOUNT_READ)
def index() -> Any:
    """All keys, live and revoked."""
    listing = Listing.from_request(("created", "name"), ("state",), descending=True)
    listing.add_filter("state", _("状态"), {"live": _("有效"), "revoked": _("已撤销")})
    listing.fill(db.session, store.keys(listing.q, listing.chosen.get("state")), store.KEY_ORDER, store.KEY_ORDER["id"])
    return render_template("people/keys.html", listing=listing)


@doors.route("/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_WRITE)
def new() -> Any:
    """Make a key; it is shown on the page that answers, and nowhere else."""
    form = KeyForm()
    if form.validate_on_submit():
        key = "cz_" + secrets.token_urlsafe(32)
        try:
            with work(actor()) as w:
                actions.create_key(w, str(form.name.data).strip(), str(form.scope.data), key)
        except actions.AccountRefused:
            form.name.errors = [_("已有一个同名的有效密钥")]
        else:
            return render_template("people/key_made.html", name=form.name.data, key=key), 201
    return render_template("people/key_new.html", form=form), 422 if form.errors else 200


@doors.post("/<int:key_id>/revoke")
@requires(Permission.ACCOUNT_WRITE)
def revoke(key_id: int) -> Any:
    """Revoke a key; it stops working at once."""
    name = store.live_key_name(db.session, key_id) or abort(404)
    with work(actor()) as w:
        found = actions.revoke_key(w, name)
    if found:
        flash(_("密钥“%(name)s”已撤销，立即失效。", name=name), "good")
    return redirect(url_for("keys.index"))
