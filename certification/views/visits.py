"""A customer confirms a visit's paper on a phone: without an account, once, through an address that soon ends."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from certification import visit_paper as rule
from certification.actions import visit_papers as actions
from certification.actions import visit_prints as prints
from certification.actions.visit_papers import Confirmation
from certification.forms.visit_papers import ConfirmForm
from certification.store import visit_papers as store
from certification.views.custody_contracts import unprintable
from certification.views.visit_papers import KINDS, REFUSALS, WORKS
from certification.visit_paper import Kind, Refusal
from foundation import clock
from foundation.database import db
from foundation.pdf import MissingGlyph
from foundation.work import work
from people.login import actor, public

doors = Blueprint("visits", __name__)
STATUS = {Refusal.CONFIRMED: 409, Refusal.EXPIRED: 410, Refusal.NOT_FILLED: 410}


def _answer(status: int, **page: Any) -> Response:
    """A page that no search engine keeps and no other site learns the address of."""
    response = Response(render_template("certification/visit_confirm.html", kinds=KINDS, moment=prints.moment, **page), status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@doors.get("/visits/<token>")
@public
def show(token: str) -> Response:
    """What was done, by whom, and the question whether the customer confirms it."""
    row, now = store.by_token(db.session, actions.token_hash(token)), clock.now()
    if row is None:
        return _answer(404, row=None, why=_("请核对链接是否完整，或请服务人员重新出示二维码。"))
    refusal = rule.may_confirm(store.as_rule(row), now)
    if refusal is Refusal.CONFIRMED and row.token_until > now:
        return _confirmed(row, 200)
    if refusal:
        return _answer(410, row=None, why=REFUSALS[Refusal.EXPIRED])
    return _ask(row, ConfirmForm(), 200)


@doors.post("/visits/<token>")
@public
def confirm(token: str) -> Response:
    """Confirm, once."""
    row, now, form = store.by_token(db.session, actions.token_hash(token)), clock.now(), ConfirmForm()
    if row is None:
        return _answer(404, row=None, why=_("请核对链接是否完整，或请服务人员重新出示二维码。"))
    refusal = rule.may_confirm(store.as_rule(row), now)
    if refusal is None:
        if not form.validate_on_submit():
            return _ask(row, form, 422)
        try:
            refusal = _keep(token, row, form, now)
        except MissingGlyph as error:
            form.form_errors.append(unprintable(error))
            return _ask(row, form, 422)
        row = store.by_token(db.session, actions.token_hash(token))
    if row is None or refusal in {Refusal.EXPIRED, Refusal.NOT_FILLED} or (refusal and row.token_until <= now):
        return _answer(410, row=None, why=REFUSALS[Refusal.EXPIRED])
    return _confirmed(row, 409 if refusal else 200)


def _keep(token: str, row: Any, form: ConfirmForm, now: datetime) -> Refusal | None:
    signature = form.sign.signature
    assert signature is not None
    said = Confirmation(form.satisfied.data == "yes", str(form.remarks.data or "").strip(), signature)
    content = prints.paper(row.decision_id, Kind(row.kind), row.fields, said, now)
    with work(actor(), now) as w:
        return actions.confirm(w, token, said, content)


def _ask(row: Any, form: ConfirmForm, status: int) -> Response:
    return _answer(status, row=row, fields=row.fields, form=form, work_label=WORKS[Kind(row.kind)], until=row.token_until)


def _confirmed(row: Any, status: int) -> Response:
    return _answer(
        status, row=row, fields=row.fields, form=None, work_label=WORKS[Kind(row.kind)], again=status == 409,
        signature=prints.said_of(row),
    )
