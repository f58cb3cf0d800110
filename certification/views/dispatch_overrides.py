"""Emergency overrides: who was let go, why, by which two, and until when."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from certification.actions import dispatch_overrides as actions
from certification.actions.dispatch_overrides import Asker
from certification.actions.dispatch_policies import policy
from certification.dispatch_override import Refusal
from certification.forms.dispatch_overrides import OverrideForm
from certification.store import dispatch as facts
from certification.store import dispatch_overrides as store
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import said
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("dispatch_overrides", __name__, url_prefix="/dispatch/overrides")
STATES = {"waiting": _l("待确认"), "in_force": _l("生效中"), "over": _l("已结束"), "withdrawn": _l("已撤回")}
REFUSALS = {
    Refusal.SHORT_REASON: _l("理由至少要写 20 个字。"), Refusal.ENDS_BEFORE: _l("结束时间必须晚于现在。"),
    Refusal.TOO_LONG: _l("紧急放行的时间超过了政策允许的上限。"), Refusal.ONESELF: _l("不能为自己放行。"),
    Refusal.SAME_ACCOUNT: _l("提出的人不能自己确认，要由另一个人确认。"), Refusal.CONFIRMED_ALREADY: _l("这次放行已经确认过了。"),
    Refusal.WITHDRAWN: _l("这次放行已经撤回。"), Refusal.OVER: _l("这次放行已经结束。"), Refusal.LEFT: _l("这个人已经离职，不能放行。"),
}
FIELDS = {Refusal.SHORT_REASON: "reason", Refusal.ENDS_BEFORE: "ends", Refusal.TOO_LONG: "ends"}


def _asker() -> Asker:
    return Asker(account().account_id, account().person_id)


@doors.get("")
@requires(Permission.OVERRIDE_READ)
def index() -> str:
    """Every override, those that wait or are in force among them."""
    now = clock.now()
    listing = Listing.from_request(("proposed", "ends", "name"), ("state",), descending=True)
    listing.add_filter("state", _("状态"), {name: str(label) for name, label in STATES.items()})
    query = store.listed(now, listing.q, listing.chosen.get("state", ""))
    listing.fill(db.session, query, store.ORDER, store.TIE)
    rows = [(row, store.state_of(row, now)) for row in listing.rows]
    return render_template("certification/dispatch_overrides.html", listing=listing, rows=rows, states=STATES)


@doors.route("/new", methods=["GET", "POST"])
@requires(Permission.OVERRIDE)
def new() -> Any:
    """Propose one; somebody else has to confirm it."""
    form = OverrideForm(formdata=request.form if request.method == "POST" else None)
    programmes = facts.programme_titles(db.session)
    form.programme.choices = [(code, said(title)) for code, title in programmes.items()]
    if request.method == "GET":
        form.process(None, data={"staff": request.args.get("staff", "")[:40], "programme": request.args.get("programme", "")})
    elif form.validate_on_submit() and (kept := _propose(form)) is not None:
        flash(_("已提出紧急放行，等另一个人确认后生效。"), "good")
        return redirect(url_for("dispatch_overrides.show", override_id=kept), 303)
    hours = policy().override_hours
    return render_template("certification/dispatch_override_new.html", form=form, hours=hours), 422 if form.errors else 200


def _propose(form: OverrideForm) -> int | None:
    """The id of what was proposed; None with the reason at its field."""
    with work(actor()) as w:
        kept = actions.propose(
            w, _asker(), str(form.staff.data).strip(), str(form.programme.data), str(form.reason.data), form.until(settings().timezone)
        )
    if kept is None:
        form.staff.errors = [_("没有这个工号的人员")]
        return None
    if isinstance(kept, Refusal):
        form[FIELDS.get(kept, "staff")].errors = [str(REFUSALS[kept])]
        return None
    return kept


@doors.get("/<int:override_id>")
@requires(Permission.OVERRIDE_READ)
def show(override_id: int) -> str:
    """One override: the reason, the two names, and what may be done."""
    now = clock.now()
    row = store.one(db.session, override_id, now) or abort(404)
    state = store.state_of(row, now)
    me = account()
    may = me.may(Permission.OVERRIDE)
    confirms = may and state == "waiting" and row.proposed_by != me.account_id and row.person_id != me.person_id
    return render_template(
        "certification/dispatch_override.html", row=row, state=state, states=STATES, confirms=confirms,
        withdraws=may and state in {"waiting", "in_force"}, own=row.proposed_by == me.account_id,
    )


@doors.post("/<int:override_id>/confirm")
@requires(Permission.OVERRIDE)
def confirm(override_id: int) -> Response:
    """The second yes."""
    store.one(db.session, override_id, clock.now()) or abort(404)
    with work(actor()) as w:
        refused = actions.confirm(w, _asker(), override_id)
    return _told(override_id, refused, _("已确认，派单判定立即放行。"))


@doors.post("/<int:override_id>/withdraw")
@requires(Permission.OVERRIDE)
def withdraw(override_id: int) -> Response:
    """Take it back."""
    store.one(db.session, override_id, clock.now()) or abort(404)
    with work(actor()) as w:
        refused = actions.withdraw(w, _asker(), override_id)
    return _told(override_id, refused, _("已撤回，派单判定立即恢复。"))


def _told(override_id: int, refused: Refusal | None, done: str) -> Response:
    flash(str(REFUSALS[refused]) if refused else done, "bad" if refused else "good")
    return redirect(url_for("dispatch_overrides.show", override_id=override_id), 303)
