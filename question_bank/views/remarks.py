"""Remarks on questions: those that somebody met and found wrong, worked through by trainers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.actions import remarks as actions
from question_bank.forms.talk import RemarkForm, SettleForm
from question_bank.remark import Met, Reason, Refusal, State
from question_bank.remark_wording import PLACES, REASONS, SENTENCES, SHORT, STATES
from question_bank.store import faces
from question_bank.store import items as bank
from question_bank.store import remarks as store
from question_bank.views.items import ItemRow, item_or_404, page, whole

doors = Blueprint("item_remarks", __name__)
P = Permission
WORDS = {"places": PLACES, "reasons": REASONS, "short": SHORT, "states": STATES}


@doors.get("/question-bank/remarks")
@requires(P.ITEM_READ)
def index() -> str:
    """Questions that somebody found wrong, those with the most open remarks first."""
    listing = Listing.from_request(("open", "latest", "code"), ("state", "met", "reason"), descending=True)
    listing.add_filter("state", _("处理"), {"settled": _("已处理")})
    listing.add_filter("met", _("在哪里"), {met.value: _(PLACES[met]) for met in Met if met is not Met.PRACTICE})
    listing.add_filter("reason", _("原因"), {reason.value: _(SHORT[reason]) for reason in Reason})
    listing.fill(db.session, *store.by_item(listing.q, listing.chosen))
    reasons = store.reasons_of(db.session, [row.id for row in listing.rows])
    return render_template("question_bank/remarks.html", listing=listing, reasons=reasons, words=WORDS)


@doors.get("/question-bank/<int:item_id>/remarks")
@requires(P.ITEM_READ)
def show(item_id: int) -> str:
    """What was remarked on one question, beside the question."""
    return _remarks(item_or_404(item_id), SettleForm(), None)


def _remarks(item: ItemRow, form: SettleForm, ticked: list[int] | None) -> str:
    """``ticked`` are the remarks to settle; None ticks all that are open."""
    rows = store.of_item(db.session, item.id)
    versions = bank.versions(db.session, item.id)
    shown = bank.standing(db.session, item, versions).version_id
    version = next(row for row in versions if row.id == shown)
    return render_template(
        "question_bank/item_remarks.html", item=item, form=form, rows=rows, face=faces.face_of(version), key=faces.key_of(version),
        version=version, ticked=[row.id for row in rows if row.state == State.OPEN] if ticked is None else ticked, words=WORDS,
    )


@doors.post("/question-bank/<int:item_id>/remarks")
@requires(P.ITEM_WRITE)
def settle(item_id: int) -> Any:
    """Settle the ticked remarks with one answer."""
    item, form = item_or_404(item_id), SettleForm()
    ticked = [number for text in request.form.getlist("remark") if (number := whole(text))]
    if not form.validate():
        return _remarks(item, form, ticked), 422
    with work(actor()) as w:
        outcome = actions.settle(w, item_id, ticked, State(form.state.data), form.answer.data or "", account().account_id)
    if isinstance(outcome, Refusal):
        (form.state if outcome in (Refusal.OWN_WORK, Refusal.NONE_OPEN) else form.answer).errors = [_(SENTENCES[outcome])]
        return _remarks(item_or_404(item_id), form, ticked), 422
    flash(_("%(n)s 条反馈已处理。", n=outcome), "good")
    left = store.open_on(db.session, item_id)
    return redirect(url_for("item_remarks.show", item_id=item_id) if left else url_for("item_remarks.index"))


@doors.post("/question-bank/<int:item_id>/remark")
@requires(P.ITEM_WRITE)
def remark(item_id: int) -> Any:
    """A trainer found a question wrong while reading it."""
    item, form = item_or_404(item_id), RemarkForm()
    version = next((row for row in bank.versions(db.session, item_id) if row.number == whole(form.number.data)), None)
    if not form.validate() or version is None:
        return page(item, remark=form), 422
    with work(actor()) as w:
        outcome = actions.remark(w, version.id, account().account_id, Met.BANK, None, form.reason.data, form.text.data or "")
    if outcome is not None:
        form.text.errors = [_(SENTENCES[outcome])]
        return page(item_or_404(item_id), remark=form), 422
    flash(_("已记下，会出现在“题目反馈”里。"), "good")
    return redirect(url_for("items.show", item_id=item_id))
