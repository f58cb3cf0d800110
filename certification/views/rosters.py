"""Putting somebody on a roster and taking them off: HR for all, a coordinator for the own company."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from certification.forms.partners import LeaveForm, PersonForm
from certification.views.partners import contract_or_404, partner_or_404, today
from foundation.database import db
from foundation.sealing import sealer
from foundation.work import work
from people import identity
from people.actions import rosters
from people.actions.rosters import Newcomer
from people.contract import Refusal
from people.identity import Flaw
from people.login import account, actor, requires
from people.permission import Permission
from people.roster import after, midnight
from people.store import companies

doors = Blueprint("rosters", __name__, url_prefix="/partners/<int:partner_id>/contracts/<int:contract_id>/people")
P = Permission

ENTERING = {
    Refusal.OVER: ("staff_no", lambda: _("合同已结束，不能再列入人员")),
    Refusal.OUTSIDE: ("starts", lambda: _("要在合同期内")),
    Refusal.ON_ROSTER: ("staff_no", lambda: _("这个人已在这份合同的花名册里")),
}
ID_FLAWS = {
    Flaw.SHAPE: lambda: _("身份证号应为 18 位，最后一位可以是 X"),
    Flaw.BIRTH_DATE: lambda: _("身份证号里的出生日期不对"),
    Flaw.CHECK: lambda: _("身份证号校验不对，请核对是否输错"),
}


@doors.route("/new", methods=["GET", "POST"])
@requires(P.ROSTER_WRITE)
def new(partner_id: int, contract_id: int) -> Any:
    """Put somebody on the roster: known by staff number, or new with the name."""
    partner, contract = partner_or_404(partner_id, P.ROSTER_WRITE), contract_or_404(partner_id, contract_id, P.ROSTER_WRITE)
    zone = current_app.extensions["settings"].timezone
    first = max(midnight(today(), zone), contract.starts).astimezone(zone).date()
    form = PersonForm(starts=first)
    if form.validate_on_submit():
        known = companies.person_numbered(db.session, str(form.staff_no.data).strip())
        newcomer = _newcomer(form, partner_id, known)
        if not form.errors and _enter(form, contract, known, newcomer):
            flash(_("%(name)s 已列入花名册。", name=known.name if known else newcomer.name), "good")
            return redirect(url_for("partners.contract", partner_id=partner_id, contract_id=contract_id))
    return render_template("certification/roster_new.html", partner=partner, contract=contract, form=form), 422 if form.errors else 200


def _enter(form: PersonForm, contract: Any, known: Row[Any] | None, newcomer: Newcomer) -> bool:
    """Keep the entry; False with the error on the form."""
    starts = midnight(form.starts.data, current_app.extensions["settings"].timezone)
    try:
        with work(actor()) as w:
            person_id = known.id if known else rosters.add_person(w, contract.partner_id, newcomer)
            refusal = rosters.enter_roster(w, contract, person_id, starts)
            if refusal and not known:
                raise _Undone(refusal)
    except _Undone as undone:
        refusal = undone.refusal
    except IntegrityError:
        form.staff_no.errors = [_("这个工号或身份证号刚刚被别人登记了，请核对")]
        return False
    if refusal:
        field, words = ENTERING[refusal]
        form[field].errors = [words()]
    return refusal is None


class _Undone(Exception):
    """A newcomer who cannot be on this roster is not added to the staff either."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def _newcomer(form: PersonForm, partner_id: int, known: Row[Any] | None) -> Newcomer:
    """What was typed about the person, tidied; what is wrong is noted on the form."""
    name, id_number = str(form.name.data or "").strip(), identity.tidy_id(str(form.id_number.data or ""))
    phone = identity.tidy_phone(str(form.phone.data or ""))
    if known and known.partner_id != partner_id:
        everybody = account().limit(P.ROSTER_WRITE) is None
        form.staff_no.errors = [_("这个工号属于%(partner)s", partner=known.partner) if everybody else _("这个工号已被使用，请核对")]
    elif known and name and name != known.name:
        form.name.errors = [_("工号 %(no)s 已在册，姓名是%(name)s，请核对", no=known.staff_no, name=known.name)]
    elif not known and not name:
        form.name.errors = [_("这个工号不在册，新增人员要填姓名")]
    if id_number and (flaw := identity.id_flaw(id_number, today())):
        form.id_number.errors = [ID_FLAWS[flaw]()]
    elif id_number and not known:
        _refuse_twice(form, partner_id, id_number)
    if phone and identity.phone_flaw(phone):
        form.phone.errors = [_("请填 11 位手机号，或带区号的固定电话")]
    return Newcomer(str(form.staff_no.data).strip(), name, str(form.city.data or "").strip(), id_number, phone)


def _refuse_twice(form: PersonForm, partner_id: int, id_number: str) -> None:
    """One person, one entry; at which other company somebody works is not for a coordinator to learn."""
    other = companies.person_digested(db.session, sealer().digest(id_number))
    if other is None:
        return
    if other.partner_id == partner_id or account().limit(P.ROSTER_WRITE) is None:
        form.id_number.errors = [_("这个身份证号已登记在工号 %(no)s 名下", no=other.staff_no)]
    else:
        form.id_number.errors = [_("这个身份证号已被登记，请联系运营商人力核对")]


@doors.route("/<int:entry_id>/end", methods=["GET", "POST"])
@requires(P.ROSTER_WRITE)
def end(partner_id: int, contract_id: int, entry_id: int) -> Any:
    """Take somebody off the roster after their last day; when they leave the company, off all of them."""
    partner, contract = partner_or_404(partner_id, P.ROSTER_WRITE), contract_or_404(partner_id, contract_id, P.ROSTER_WRITE)
    entry = companies.stay_in_scope(db.session, contract_id, entry_id) or abort(404)
    form, zone = LeaveForm(last_day=today()), current_app.extensions["settings"].timezone
    if form.validate_on_submit():
        ends = after(form.last_day.data, zone)
        with work(actor()) as w:
            refusal = rosters.leave_roster(w, entry_id, ends)
            if refusal is None and form.left.data:
                rosters.leave_company(w, entry.person_id, ends)
        if refusal is None:
            flash(_("%(name)s 的花名册已更新。", name=entry.name), "good")
            return redirect(url_for("partners.contract", partner_id=partner_id, contract_id=contract_id))
        form.last_day.errors = [_("最后一天不能早于开始的那天")]
    return render_template(
        "certification/roster_end.html", partner=partner, contract=contract, entry=entry, form=form
    ), 422 if form.errors else 200
