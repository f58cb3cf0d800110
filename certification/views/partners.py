"""Partner companies, contracts and rosters with standings; HR and coordinators change them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from certification.forms.partners import PartnerForm
from certification.store import partners as store
from certification.store.partners import Asked, Tally
from certification.store.standings import by_partner
from certification.views.contract_history import timeline, yearly
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.sealing import sealer
from foundation.work import work
from people import contract as rule
from people import identity
from people.actions import rosters
from people.contract import MOVES, Roster, State, Step, Term
from people.login import account, actor, requires
from people.permission import Permission
from people.store import companies
from people.store import contracts as contract_store

doors = Blueprint("partners", __name__, url_prefix="/partners")
P = Permission


def asked() -> Asked:
    """Now, and when a licence counts as expiring."""
    return Asked(clock.now(), settings().expiring_days)


def partner_or_404(partner_id: int, permission: Permission) -> Row[Any]:
    """The company, within what ``permission`` is limited to."""
    return companies.partner_in_scope(db.session, partner_id, account().limit(permission)) or abort(404)


def contract_or_404(partner_id: int, contract_id: int, permission: Permission) -> Any:
    """The contract, within what ``permission`` is limited to."""
    return companies.contract_in_scope(db.session, partner_id, contract_id, account().limit(permission)) or abort(404)


def today() -> date:
    """The civil day."""
    return clock.now().astimezone(settings().timezone).date()


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
    when = asked()
    alive = [contract for found in contracts.values() for contract in found if contract.ends > when.at and contract.state != State.ENDED]
    sums = store.company_tallies(db.session, alive, store.programmes_by_code(db.session), when)
    return render_template(
        "certification/partners.html", listing=listing, contracts=contracts,
        sums={row.id: sums.get(row.id, Tally()) for row in listing.rows}, standings=by_partner(db.session, when.at, when.expiring_days),
    )


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
    offer_standings(listing, left=True)
    tallies = store.tallies(db.session, contracts, known, when)
    if contracts:
        listing.add_filter("contract", _("合同"), {contract.code: contract.code for contract in contracts} | {"none": _("不在花名册")})
    query = store.staff(partner_id, when, listing.chosen.get("standing") == "left")
    if chosen := listing.chosen.get("contract"):
        query = query.where(store.ROSTER_ORDER["contract"].is_(None) if chosen == "none" else store.ROSTER_ORDER["contract"] == chosen)
    if (wanted := listing.chosen.get("standing")) in store.STANDINGS:
        query = query.where(store.standing_under(str(wanted), contracts, known, when))
    fill(listing, query)
    return render_template(
        "certification/partner.html", partner=partner, contracts=contracts, listing=listing, known=known,
        tallies=tallies, states=states_of(contracts, tallies, when.at), codes={one.id: one.code for one in contracts},
        **people(listing, when),
    )


@doors.get("/<int:partner_id>/contracts/<int:contract_id>")
@requires(P.PARTNER_READ)
def contract(partner_id: int, contract_id: int) -> Any:
    """One contract: where it stands and what comes next, its history, and its roster with who is uncertified."""
    partner, when = partner_or_404(partner_id, P.PARTNER_READ), asked()
    found = contract_or_404(partner_id, contract_id, P.PARTNER_READ)
    known = store.programmes_by_code(db.session)
    listing = Listing.from_request(("staff_no", "name", "city", "starts"), ("standing",))
    tally = store.tallies(db.session, [found], known, when)[found.id]
    counts = {"certified": tally.certified, "expiring": tally.expiring, "uncertified": tally.uncertified}
    offer_standings(listing, counts)
    query = store.roster(contract_id, when)
    if (wanted := listing.chosen.get("standing")) in store.STANDINGS:
        query = query.where(store.standing_is(str(wanted), found.programmes, known, when))
    fill(listing, query)
    steps = due_steps(found, tally, when.at)
    state = rule.current(State(found.state), steps)
    return render_template(
        "certification/contract.html", partner=partner, contract=found, listing=listing, known=known, tally=tally, state=state,
        moves=MOVES[state] if account().may(P.PARTNER_WRITE) else (), explained={to for before, to in rule.EXPLAINED if before is state},
        entries=timeline(found, steps, known), years=yearly(found, known, when.at), shiftable=state in rule.OPEN_END,
        renewals=contract_store.renewals(db.session, contract_id), renews=_renews(found), now=when.at, **people(listing, when),
    )


def _renews(found: Any) -> Any:
    return companies.contract_in_scope(db.session, found.partner_id, found.renews_id, None) if found.renews_id else None


def due_steps(found: Any, tally: Tally, at: datetime) -> tuple[Step, ...]:
    """What has come by itself and nobody has written down yet."""
    roster = Roster(tally.people, tally.uncertified, len(found.programmes))
    return rule.due(State(found.state), Term(found.starts, found.ends), roster, at, settings().ending_days)


def states_of(contracts: Iterable[Any], tallies: Mapping[int, Tally], at: datetime) -> dict[int, State]:
    """Where each contract stands now."""
    return {one.id: rule.current(State(one.state), due_steps(one, tallies[one.id], at)) for one in contracts}


def offer_standings(listing: Listing, counts: dict[str, int] | None = None, left: bool = False) -> None:
    """Offer to narrow a roster by standing."""
    words = {"certified": _("全部持证"), "expiring": _("即将到期"), "uncertified": _("未持证")}
    listing.add_filter("standing", _("持证"), words | ({"left": _("已离职")} if left else {}), counts)


def fill(listing: Listing, query: Any, order: Mapping[str, Any] | None = None) -> None:
    """One page of people, by ``order`` beside the usual ones; a whole ID number finds its owner by digest."""
    typed = identity.tidy_id(listing.q)
    digest = sealer().digest(typed) if identity.id_flaw(typed, today()) is None else None
    known = {**store.ROSTER_ORDER, **(order or {})}
    listing.fill(db.session, store.searched(query, listing.q, digest), known, store.ROSTER_ORDER["staff_no"])


def people(listing: Listing, when: Asked) -> dict[str, Any]:
    """What both pages show of the people on them: standings, and what may be seen of sealed numbers."""
    masks = {row.id: (masked(row.phone, identity.mask_phone), masked(row.id_number, identity.mask_id)) for row in listing.rows}
    standings = store.standings(db.session, [row.id for row in listing.rows], when)
    return {"standings": standings, "masks": masks, "contacts": any(map(any, masks.values()))}


def masked(sealed: bytes | None, mask: Any) -> str:
    """What may be seen of a sealed number."""
    if sealed is None:
        return ""
    try:
        return str(mask(sealer().open(sealed)))
    except InvalidTag:
        return _("无法解密")
