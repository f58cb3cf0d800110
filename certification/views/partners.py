"""Partner companies, contracts and rosters with standings; HR and coordinators change them."""

from datetime import date
from typing import Any

from cryptography.exceptions import InvalidTag
from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from certification.actions import partners as actions
from certification.forms.partners import ContractForm, PartnerForm
from certification.store import partners as store
from certification.store.partners import Asked, Tally
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.sealing import sealer
from foundation.wording import said
from foundation.work import work
from people import identity
from people.actions import rosters
from people.contract import MOVES, Refusal, State
from people.login import account, actor, requires
from people.permission import Permission
from people.roster import after, midnight
from people.store import companies

doors = Blueprint("partners", __name__, url_prefix="/partners")
P = Permission


def asked() -> Asked:
    """Now, and when a licence counts as expiring."""
    return Asked(clock.now(), current_app.extensions["settings"].expiring_days)


def partner_or_404(partner_id: int, permission: Permission) -> Row[Any]:
    """The company, within what ``permission`` is limited to."""
    return companies.partner_in_scope(db.session, partner_id, account().limit(permission)) or abort(404)


def contract_or_404(partner_id: int, contract_id: int, permission: Permission) -> Any:
    """The contract, within what ``permission`` is limited to."""
    return companies.contract_in_scope(db.session, partner_id, contract_id, account().limit(permission)) or abort(404)


def today() -> date:
    """The civil day."""
    return clock.now().astimezone(current_app.extensions["settings"].timezone).date()


@doors.get("")
@requires(P.PARTNER_READ)
def index() -> Any:
    """All companies with how many of their people are certified; who sees one company goes straight to it."""
    if (company := account().limit(P.PARTNER_READ)) is not None:
        return redirect(url_for("partners.show", partner_id=company))
    listing = Listing.from_request(("name", "code"), ("contract",))
    listing.add_filter("contract", _("合同"), {"in_force": _("有生效的合同"), "none": _("没有生效的合同")})
    query = store.partners(None, listing.q, listing.chosen.get("contract"), clock.now())
    listing.fill(db.session, query, store.PARTNER_ORDER, store.PARTNER_ORDER["id"])
    contracts = store.contracts_of_all(db.session, [row.id for row in listing.rows])
    every = [contract for found in contracts.values() for contract in found]
    tallies = store.tallies(db.session, every, store.programmes_by_code(db.session), asked())
    sums = {id_: sum((tallies[contract.id] for contract in found), Tally()) for id_, found in contracts.items()}
    return render_template("certification/partners.html", listing=listing, contracts=contracts, sums=sums)


@doors.route("/new", methods=["GET", "POST"])
@requires(P.PARTNER_WRITE)
def new() -> Any:
    """Add a partner company."""
    form = PartnerForm()
    if form.validate_on_submit():
        try:
            with work(actor()) as w:
                partner_id = rosters.add_partner(w, str(form.code.data).strip(), str(form.name.data).strip())
        except IntegrityError:
            form.code.errors = [_("这个公司编号已被使用")]
        else:
            flash(_("合作方已新增，接着为它新增合同。"), "good")
            return redirect(url_for("partners.show", partner_id=partner_id))
    return render_template("certification/partner_new.html", form=form), 422 if form.errors else 200


@doors.get("/<int:partner_id>")
@requires(P.PARTNER_READ)
def show(partner_id: int) -> Any:
    """One company: its contracts, and its people with their standings."""
    partner, when = partner_or_404(partner_id, P.PARTNER_READ), asked()
    known = store.programmes_by_code(db.session)
    contracts = store.contracts_of_all(db.session, [partner_id])[partner_id]
    listing = Listing.from_request(("staff_no", "name", "city", "contract"), ("standing", "contract"))
    _offer_standings(listing, left=True)
    if contracts:
        listing.add_filter("contract", _("合同"), {contract.code: contract.code for contract in contracts} | {"none": _("不在花名册")})
    query = store.staff(partner_id, when, listing.chosen.get("standing") == "left")
    if chosen := listing.chosen.get("contract"):
        query = query.where(store.ROSTER_ORDER["contract"].is_(None) if chosen == "none" else store.ROSTER_ORDER["contract"] == chosen)
    if (wanted := listing.chosen.get("standing")) in store.STANDINGS:
        query = query.where(store.standing_under(str(wanted), contracts, known, when))
    _fill(listing, query)
    return render_template(
        "certification/partner.html", partner=partner, contracts=contracts, listing=listing, known=known,
        tallies=store.tallies(db.session, contracts, known, when), now=when.at, **_people(listing, when),
    )


@doors.route("/<int:partner_id>/contracts/new", methods=["GET", "POST"])
@requires(P.PARTNER_WRITE)
def new_contract(partner_id: int) -> Any:
    """Add a contract, as a draft."""
    partner, form = partner_or_404(partner_id, P.PARTNER_WRITE), ContractForm()
    form.programmes.choices = [(row.code, said(row.title)) for row in store.programmes_by_code(db.session).values()]
    if form.validate_on_submit():
        if form.ends.data < form.starts.data:
            form.ends.errors = [_("结束日期不能早于开始日期")]
        else:
            contract_id = _add_contract(partner_id, form)
            if contract_id:
                flash(_("合同已新增为草稿。接着把人员列入花名册，全部持证后才能签订。"), "good")
                return redirect(url_for("partners.contract", partner_id=partner_id, contract_id=contract_id))
            form.code.errors = [_("这个合同编号已被使用")]
    return render_template("certification/contract_new.html", partner=partner, form=form), 422 if form.errors else 200


def _add_contract(partner_id: int, form: ContractForm) -> int | None:
    zone = current_app.extensions["settings"].timezone
    try:
        with work(actor()) as w:
            return rosters.add_contract(
                w, partner_id, str(form.code.data).strip(), str(form.title.data).strip(), midnight(form.starts.data, zone),
                after(form.ends.data, zone), form.programmes.data or (),
            )
    except IntegrityError:
        return None


@doors.get("/<int:partner_id>/contracts/<int:contract_id>")
@requires(P.PARTNER_READ)
def contract(partner_id: int, contract_id: int) -> Any:
    """One contract: dates, state, the licences that it asks for, and its roster with who is uncertified."""
    partner, when = partner_or_404(partner_id, P.PARTNER_READ), asked()
    found = contract_or_404(partner_id, contract_id, P.PARTNER_READ)
    known = store.programmes_by_code(db.session)
    listing = Listing.from_request(("staff_no", "name", "city", "starts"), ("standing",))
    tally = store.tallies(db.session, [found], known, when)[found.id]
    counts = {"certified": tally.certified, "expiring": tally.expiring, "uncertified": tally.uncertified}
    _offer_standings(listing, counts)
    query = store.roster(contract_id, when)
    if (wanted := listing.chosen.get("standing")) in store.STANDINGS:
        query = query.where(store.standing_is(str(wanted), found.programmes, known, when))
    _fill(listing, query)
    moves = MOVES[State(found.state)] if account().may(P.PARTNER_WRITE) else ()
    return render_template(
        "certification/contract.html", partner=partner, contract=found, listing=listing, known=known, tally=tally, moves=moves,
        now=when.at, **_people(listing, when),
    )


@doors.post("/<int:partner_id>/contracts/<int:contract_id>/state/<to>")
@requires(P.PARTNER_WRITE)
def move(partner_id: int, contract_id: int, to: str) -> Any:
    """Take a contract to its next state; signing asks that everybody on the roster is certified."""
    contract_or_404(partner_id, contract_id, P.PARTNER_WRITE)
    if to not in set(State):
        abort(404)
    with work(actor()) as w:
        refusal = actions.move_contract(w, contract_id, State(to), current_app.extensions["settings"].expiring_days)
    words = {
        Refusal.NO_SUCH_MOVE: _("合同现在的状态下不能这样做，请刷新页面。"),
        Refusal.NOBODY: _("花名册还是空的，先列入人员再签订。"),
        Refusal.UNCERTIFIED: _("花名册里还有人没有持证，不能签订（R2：先认证，后签约）。"),
    }
    flash(words[refusal] if refusal else _("合同状态已更新。"), "bad" if refusal else "good")
    chosen = {"standing": "uncertified"} if refusal is Refusal.UNCERTIFIED else {}
    return redirect(url_for("partners.contract", partner_id=partner_id, contract_id=contract_id, **chosen))


def _offer_standings(listing: Listing, counts: dict[str, int] | None = None, left: bool = False) -> None:
    words = {"certified": _("全部持证"), "expiring": _("即将到期"), "uncertified": _("未持证")}
    listing.add_filter("standing", _("持证"), words | ({"left": _("已离职")} if left else {}), counts)


def _fill(listing: Listing, query: Any) -> None:
    typed = identity.tidy_id(listing.q)
    digest = sealer().digest(typed) if identity.id_flaw(typed, today()) is None else None
    listing.fill(db.session, store.searched(query, listing.q, digest), store.ROSTER_ORDER, store.ROSTER_ORDER["id"])


def _people(listing: Listing, when: Asked) -> dict[str, Any]:
    """What both pages show of the people on them: standings, and what may be seen of sealed numbers."""
    masks = {row.id: (_masked(row.phone, identity.mask_phone), _masked(row.id_number, identity.mask_id)) for row in listing.rows}
    standings = store.standings(db.session, [row.id for row in listing.rows], when)
    return {"standings": standings, "masks": masks, "contacts": any(map(any, masks.values()))}


def _masked(sealed: bytes | None, mask: Any) -> str:
    if sealed is None:
        return ""
    try:
        return str(mask(sealer().open(sealed)))
    except InvalidTag:
        return _("无法解密")
