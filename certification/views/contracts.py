"""Contracts drafted, edited, moved on; the checklist before signing as page and paper."""

from typing import Any

import msgspec
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from certification import checklist as checking
from certification.actions import contracts as actions
from certification.checklist import Checklist
from certification.forms.partners import ContractForm, EndForm, ReasonForm
from certification.store import contracts as store
from certification.store import partners as partner_store
from certification.views import contract_words as words
from certification.views.contract_paper import paper
from certification.views.partners import asked, contract_or_404, due_steps, fill, offer_standings, partner_or_404
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.pdf import MissingGlyph
from foundation.web import problem
from foundation.wording import local, mark, said
from foundation.work import work
from people import contract as rule
from people.actions import contracts as drafts
from people.actions.contracts import Wanted
from people.contract import Refusal, State
from people.login import account, actor, requires
from people.permission import Permission
from people.roster import after, midnight
from people.store import contracts as contract_store

doors = Blueprint("contracts", __name__, url_prefix="/partners/<int:partner_id>/contracts")
P = Permission
END_FIELD = {Refusal.NO_REASON: "reason"}


def _page(partner_id: int, contract_id: int, **chosen: str) -> Any:
    return redirect(url_for("partners.contract", partner_id=partner_id, contract_id=contract_id, **chosen))


@doors.route("/new", methods=["GET", "POST"])
@requires(P.PARTNER_WRITE)
def new(partner_id: int) -> Any:
    """Add a contract, as a draft; ``?renews=<id>`` begins with what the renewed one says."""
    partner, form = partner_or_404(partner_id, P.PARTNER_WRITE), ContractForm()
    _offer(form, partner_id, None)
    if request.method == "GET" and request.args.get("renews", "").isdecimal():
        _begin_with(form, partner_id, request.args["renews"])
    if form.validate_on_submit() and (wanted := _wanted(form)):
        try:
            with work(actor()) as w:
                contract_id = drafts.add_contract(w, partner_id, str(form.code.data).strip(), wanted)
        except IntegrityError:
            form.code.errors = [_("这个合同编号已被使用")]
        else:
            flash(_("合同已新增为草稿。接着把人员列入花名册，全部持证后才能签订。"), "good")
            return _page(partner_id, contract_id)
    return render_template("certification/contract_new.html", partner=partner, form=form), 422 if form.errors else 200


@doors.route("/<int:contract_id>/edit", methods=["GET", "POST"])
@requires(P.PARTNER_WRITE)
def edit(partner_id: int, contract_id: int) -> Any:
    """Change a draft's title, days, programmes or what it renews."""
    partner, found = partner_or_404(partner_id, P.PARTNER_WRITE), contract_or_404(partner_id, contract_id, P.PARTNER_WRITE)
    if State(found.state) is not State.DRAFT:
        flash(words.REFUSALS[Refusal.NO_SUCH_MOVE], "bad")
        return _page(partner_id, contract_id)
    last = local(found.ends).date()
    form = ContractForm(
        code=found.code, title=found.title, starts=local(found.starts).date(), ends=last.fromordinal(last.toordinal() - 1),
        programmes=found.programmes, renews=found.renews_id or 0,
    )
    form.code.data = found.code
    _offer(form, partner_id, contract_id)
    if form.validate_on_submit() and (wanted := _wanted(form)):
        with work(actor()) as w:
            refusal = drafts.edit_contract(w, contract_id, wanted)
        flash(words.REFUSALS[refusal] if refusal else _("合同已修改。"), "bad" if refusal else "good")
        return _page(partner_id, contract_id)
    page = render_template("certification/contract_edit.html", partner=partner, contract=found, form=form)
    return page, 422 if form.errors else 200


def _offer(form: ContractForm, partner_id: int, contract_id: int | None) -> None:
    """What may be chosen: programmes, and the signed contracts of the company that this one may renew."""
    form.programmes.choices = [(row.code, said(row.title)) for row in partner_store.programmes_by_code(db.session).values()]
    contracts = contract_store.contracts_of(db.session, partner_id)
    free = set(rule.renewable(contract_id, {one.id: one.renews_id for one in contracts}))
    offered = [one for one in contracts if one.id in free and State(one.state) in rule.WAS_SIGNED]
    form.renews.choices = [(0, _("不是续签")), *((one.id, f"{one.code} {one.title}".strip()) for one in offered)]


def _begin_with(form: ContractForm, partner_id: int, renews: str) -> None:
    if int(renews) not in {value for value, _label in form.renews.choices}:
        return
    old = contract_or_404(partner_id, int(renews), P.PARTNER_WRITE)
    form.renews.data, form.title.data, form.programmes.data = old.id, old.title, list(old.programmes)
    form.starts.data = local(old.ends).date()


def _wanted(form: ContractForm) -> Wanted | None:
    """The typed draft; None with the error on the form."""
    if form.ends.data < form.starts.data:
        form.ends.errors = [_("结束日期不能早于开始日期")]
        return None
    zone = settings().timezone
    return Wanted(
        str(form.title.data).strip(), midnight(form.starts.data, zone), after(form.ends.data, zone), list(form.programmes.data or ()),
        form.renews.data or None,
    )


@doors.route("/<int:contract_id>/end", methods=["GET", "POST"])
@requires(P.PARTNER_WRITE)
def end(partner_id: int, contract_id: int) -> Any:
    """Move the last day of a signed contract, with the reason."""
    partner, found = partner_or_404(partner_id, P.PARTNER_WRITE), contract_or_404(partner_id, contract_id, P.PARTNER_WRITE)
    form = EndForm()
    if form.validate_on_submit():
        with work(actor()) as w:
            refusal = actions.shift_end(w, contract_id, after(form.last_day.data, settings().timezone), str(form.reason.data))
        if refusal is None or refusal is Refusal.NO_SUCH_MOVE:
            flash(words.REFUSALS[refusal] if refusal else _("合同的最后一天已修改。"), "bad" if refusal else "good")
            return _page(partner_id, contract_id)
        form[END_FIELD.get(refusal, "last_day")].errors = [str(words.REFUSALS[refusal])]
    page = render_template("certification/contract_end.html", partner=partner, contract=found, form=form, shown=words.moment_of_end)
    return page, 422 if form.errors else 200


@doors.route("/<int:contract_id>/state/<to>", methods=["GET", "POST"])
@requires(P.PARTNER_WRITE)
def move(partner_id: int, contract_id: int, to: str) -> Any:
    """Take a contract to its next state; what needs a reason asks for it on a page of its own."""
    partner, found = partner_or_404(partner_id, P.PARTNER_WRITE), contract_or_404(partner_id, contract_id, P.PARTNER_WRITE)
    if to not in set(State):
        abort(404)
    form = ReasonForm()
    if request.method == "POST":
        reason = str(form.reason.data or "").strip()
        if len(reason) <= 500:
            with work(actor()) as w:
                refusal = actions.move_contract(w, contract_id, State(to), reason)
            if refusal is not Refusal.NO_REASON:
                return _moved(partner_id, contract_id, State(to), refusal)
        form.validate()
    elif to not in {wanted for _state, wanted in rule.EXPLAINED}:
        abort(404)
    page = render_template("certification/contract_move.html", partner=partner, contract=found, form=form, to=to)
    return page, 422 if form.errors else 200


def _moved(partner_id: int, contract_id: int, to: State, refusal: Refusal | None) -> Any:
    flash(words.REFUSALS[refusal] if refusal else words.DONE[to], "bad" if refusal else "good")
    return _page(partner_id, contract_id, **({"standing": "uncertified"} if refusal is Refusal.UNCERTIFIED else {}))


@doors.get("/<int:contract_id>/checklist")
@requires(P.PARTNER_READ)
def checklist(partner_id: int, contract_id: int) -> Any:
    """What is looked at before signing: now, or with ``?signing=<id>`` as it was at that signing."""
    partner, found = partner_or_404(partner_id, P.PARTNER_READ), contract_or_404(partner_id, contract_id, P.PARTNER_READ)
    signing = _signing(contract_id)
    listing = Listing.from_request(("blocks", "staff_no", "name", "city"), () if signing else ("standing",))
    shown, state = (signing, State.SIGNED) if signing else _now(found, listing)
    if signing:
        listing.total = len(signing.lines)
        listing.page = min(listing.page, listing.pages)
        first = (listing.page - 1) * listing.per_page
        listing.rows = signing.lines[first : first + listing.per_page]
    else:
        listing.rows = shown.lines
    return render_template(
        "certification/contract_checklist.html", partner=partner, contract=found, found=shown, listing=listing, words=words, state=state,
        signing=request.args.get("signing") if signing else None, may_sign=not signing and account().may(P.PARTNER_WRITE),
    )


def _now(found: Any, listing: Listing) -> tuple[Checklist, State]:
    """The checklist as it stands, with one page of its people: who blocks comes first."""
    when, known = asked(), partner_store.programmes_by_code(db.session)
    tally = partner_store.tallies(db.session, [found], known, when)[found.id]
    offer_standings(listing, {"certified": tally.certified, "expiring": tally.expiring, "uncertified": tally.uncertified})
    query = partner_store.roster(found.id, when)
    if (wanted := listing.chosen.get("standing")) in partner_store.STANDINGS:
        query = query.where(partner_store.standing_is(str(wanted), found.programmes, known, when))
    fill(listing, query, {"blocks": partner_store.certified_last(found.programmes, known, when)})
    state = rule.current(State(found.state), due_steps(found, tally, when.at))
    head = store.head(db.session, found, state, tally, known, when)
    return checking.checklist(head, store.lines(db.session, found, known, when, listing.rows), when.at, settings().timezone), state


def _signing(contract_id: int) -> Checklist | None:
    """The facts that were kept at the signing that ``?signing`` names; 404 when there are none."""
    if "signing" not in request.args:
        return None
    asked_for = request.args["signing"]
    event = contract_store.event_of(db.session, contract_id, int(asked_for)) if asked_for.isdecimal() and len(asked_for) < 10 else None
    if event is None or "checklist" not in event.facts:
        abort(404)
    return msgspec.convert(event.facts["checklist"], Checklist)


@doors.get("/<int:contract_id>/checklist.pdf")
@requires(P.PARTNER_READ)
def checklist_paper(partner_id: int, contract_id: int) -> Any:
    """The same on paper, with room for the signatures."""
    found = contract_or_404(partner_id, contract_id, P.PARTNER_READ)
    when, signing = asked(), _signing(contract_id)
    shown = signing or actions.checked(db.session, found, actions.stands(db.session, found, when.at), when.at)
    try:
        content = paper(shown, signing is not None)
    except MissingGlyph as error:
        return problem(422, "missing_glyph", _("这些字无法打印：%(letters)s", letters=mark("、").join(error.characters)))
    name = f"checklist-{found.code}.pdf"
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
