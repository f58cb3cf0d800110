"""Receipts for logo items: the list, one receipt with its paper, and what becomes of its items."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import custody as rule
from certification.actions import custody as actions
from certification.custody import Due, State
from certification.forms.custody import LossForm, ReturnForm, SettlementForm
from certification.signature import kept
from certification.store import custody as store
from certification.views import custody_words as words
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("custody", __name__)
P = Permission


@doors.get("/custody")
@requires(P.CUSTODY_READ)
def index() -> str:
    """Every receipt that the asker may see."""
    now, company = clock.now(), account().limit(P.CUSTODY_READ)
    listing, due = listed(now, store.receipts(now, company), company, ("partner",))
    partners = store.partners_with_receipts(db.session, company)
    return render_template("certification/custody.html", listing=listing, partners=partners, words=words, **told(listing.rows, due))


def listed(
    now: datetime, query: Any, partner_id: int | None, filters: Sequence[str] = ()
) -> tuple[Listing, dict[int, datetime]]:
    """Receipts narrowed as asked, and the contracts whose items are to be given back."""
    listing = Listing.from_request(("issued", "number", "name", "partner"), ("state", *filters), descending=True)
    due = store.due_contracts(db.session, now, partner_id)
    narrowed = store.searched(query, listing.q)
    if chosen := listing.chosen.get("partner"):
        narrowed = store.of_partner(narrowed, chosen)
    counts = store.counts(db.session, narrowed, now, due)
    listing.add_filter("state", _("状态"), {state: str(word) for state, word in words.FILTERS.items()}, counts)
    if (wanted := listing.chosen.get("state")) in store.STATES:
        narrowed = narrowed.where(store.state_is(str(wanted), now, due))
    listing.fill(db.session, narrowed, store.ORDER, store.ORDER["id"])
    return listing, due


def told(rows: Sequence[Row[Any]], due: dict[int, datetime]) -> dict[str, Any]:
    """What a list shows of each receipt: its items, and why they are to be given back."""
    items = store.items_of(db.session, [row.id for row in rows])
    return {"items": items, "why": {row.id: _due(row, items[row.id], due) for row in rows}}


def _due(row: Row[Any], items: Sequence[Row[Any]], due: dict[int, datetime]) -> Due | None:
    if not any(item.state == State.ISSUED for item in items):
        return None
    return Due.CONTRACT_OVER if row.contract_id in due else Due.OFF_ROSTER if row.off else None


@doors.get("/custody/mine")
@requires(P.SIGNED_IN)
def mine() -> str:
    """The asker's own receipts."""
    now = clock.now()
    query = store.receipts(now, None, person_id=account().person_id)
    rows = db.session.execute(query.order_by(store.ORDER["issued"].desc(), store.ORDER["id"].desc())).all()
    due = store.due_contracts(db.session, now, account().partner_id)
    return render_template("certification/custody_mine.html", rows=rows, words=words, **told(rows, due))


def _found(number: str, permission: Permission = P.CUSTODY_READ) -> Row[Any]:
    me = account()
    row = store.receipt_in_scope(db.session, number, me.person_id, me.may(permission), me.limit(permission))
    return row or abort(404)


@doors.get("/custody/<number>")
@requires(P.SIGNED_IN)
def show(number: str) -> str:
    """One receipt: what was signed for, what became of each item, and whether the paper still is what was signed."""
    return _page(_found(number), ReturnForm())


@doors.get("/custody/<number>.pdf")
@requires(P.SIGNED_IN)
def paper(number: str) -> Response:
    """The paper as it was signed."""
    return pdf_answer(_found(number).CustodyReceipt.pdf, number)


def pdf_answer(content: bytes, name: str) -> Response:
    """A paper to look at or to keep."""
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})


def _page(row: Row[Any], form: ReturnForm) -> str:
    receipt, now = row.CustodyReceipt, clock.now()
    items = store.items_of(db.session, [receipt.id])[receipt.id]
    form.items.choices = [(item.id, _named(item)) for item in items if rule.may_return(store.item(item)) is None]
    due = store.due_contracts(db.session, now, row.partner_id)
    line = db.session.execute(store.receipts(now, None, person_id=receipt.person_id).where(store.ORDER["id"] == receipt.id)).one()
    return render_template(
        "certification/custody_receipt.html", row=row, receipt=receipt, items=items, form=form, words=words, why=_due(line, items, due),
        since=due.get(row.contract_id), intact=rule.intact(receipt.pdf, receipt.digest),
        signature=kept(str(receipt.signature.get("name", row.name)), receipt.signature),
    )


def _named(item: Row[Any]) -> str:
    name = " ".join(filter(None, (str(words.KINDS[item.kind]), item.label)))
    return _("%(item)s（已报失，现在找到）", item=name) if item.state == State.LOST else name


@doors.post("/custody/<number>/return")
@requires(P.CUSTODY_WRITE)
def give_back(number: str) -> Any:
    """Take items back, all or some."""
    row, form = _found(number, P.CUSTODY_WRITE), ReturnForm()
    items = store.items_of(db.session, [row.CustodyReceipt.id])[row.CustodyReceipt.id]
    form.items.choices = [(item.id, "") for item in items]
    if not form.validate_on_submit():
        return _page(row, form), 422
    with work(actor()) as w:
        taken = actions.give_back(w, number, row.CustodyReceipt.id, form.items.data or (), str(form.note.data or ""))
    if taken:
        flash(_("已收回 %(n)s 件物品。", n=taken), "good")
    else:
        flash(words.REFUSALS[rule.Refusal.CLOSED], "bad")
    return redirect(url_for("custody.show", number=number), 303)


@doors.route("/custody/<number>/items/<int:item_id>/loss", methods=["GET", "POST"])
@requires(P.CUSTODY_WRITE)
def loss(number: str, item_id: int) -> Any:
    """Report an item lost."""
    row, form = _found(number, P.CUSTODY_WRITE), LossForm()
    item = _item(row, item_id)
    refused = rule.may_report(store.item(item))
    if refused is None and form.validate_on_submit():
        with work(actor()) as w:
            refused = actions.report_loss(w, number, row.CustodyReceipt.id, item_id, str(form.report.data))
        return _done(number, refused, _("已报失。结案前，不再向此人发放物品。"))
    page = render_template("certification/custody_loss.html", row=row, item=item, form=form, words=words, refused=refused)
    return page, status_of(form, refused)


@doors.route("/custody/<number>/items/<int:item_id>/settle", methods=["GET", "POST"])
@requires(P.CUSTODY_WRITE)
def settle(number: str, item_id: int) -> Any:
    """Settle a loss."""
    row, form = _found(number, P.CUSTODY_WRITE), SettlementForm()
    item = _item(row, item_id)
    refused = rule.may_settle(store.item(item))
    if refused is None and form.validate_on_submit():
        with work(actor()) as w:
            refused = actions.settle(w, number, row.CustodyReceipt.id, item_id, str(form.settlement.data))
        return _done(number, refused, _("遗失已结案。"))
    page = render_template("certification/custody_settle.html", row=row, item=item, form=form, words=words, refused=refused)
    return page, status_of(form, refused)


def status_of(form: Any, refused: rule.Refusal | None) -> int:
    """What a page with a form answers: refused by the state of things, by what was typed, or not at all."""
    return 409 if refused and request.method == "POST" else 422 if form.errors else 200


def _item(row: Row[Any], item_id: int) -> Row[Any]:
    items = store.items_of(db.session, [row.CustodyReceipt.id])[row.CustodyReceipt.id]
    return next((item for item in items if item.id == item_id), None) or abort(404)


def _done(number: str, refused: rule.Refusal | None, said: str) -> Any:
    flash(words.REFUSALS[refused] if refused else said, "bad" if refused else "good")
    return redirect(url_for("custody.show", number=number), 303)
