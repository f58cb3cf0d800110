"""Anybody who is signed in: is this receipt genuine? Whose it is, is told to its owner and to those who see every attempt."""

from typing import Any

from flask import Blueprint, render_template

from certification.actions.receipts import check
from certification.forms.receipts import ReceiptForm
from people.login import account, requires
from people.permission import Permission

doors = Blueprint("receipts", __name__, url_prefix="/receipts")


@doors.route("", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def index() -> Any:
    """Paste a receipt's signed text; nothing is changed or kept."""
    form, found = ReceiptForm(), None
    if form.validate_on_submit():
        found = check(str(form.text.data))
    person = found.person_id if found else None
    mine = person is not None and (person == account().person_id or account().may(Permission.ROOM_READ))
    status = 422 if form.errors else 200
    return render_template("certification/receipt_check.html", form=form, found=found, mine=mine), status
