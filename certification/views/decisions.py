"""The decider: pending decisions, granted and refused."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import decision as rule
from certification import licence as licence_rule
from certification.actions import decisions as actions
from certification.decision import Outcome, Refusal, Verdict
from certification.forms.decisions import DecisionForm
from certification.licence import State
from certification.store import decisions as store
from certification.store import licences as licence_store
from certification.views.words import REFUSALS
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import last_day, mark, said
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("decisions", __name__)
STATES = ("pending", "granted", "refused")
MOST_AT_ONCE = 500
NUMBER = re.compile(r"[0-9]{1,9}")


@doors.get("/decisions")
@requires(Permission.DECISION_READ)
def index() -> str:
    """Decisions by state, the pending first."""
    listing = Listing.from_request(("opened", "decided", "name", "partner", "fraction"), ("state", "programme", "grade"))
    state = listing.chosen.get("state", "pending")
    state = state if state in STATES else "pending"
    chosen = (listing.chosen.get("programme"), listing.chosen.get("grade"))
    counts, programmes = store.counts(db.session), store.programmes(db.session)
    if len(programmes) > 1:
        listing.add_filter("programme", _("认证项目"), {code: said(title) for code, title in programmes.items()})
    listing.add_filter("grade", _("等级"), {"qualified": _("合格"), "excellent": _("优秀")})
    listing.fill(db.session, store.listed(state, listing.q, *chosen), store.ORDER, store.TIE)
    return render_template(
        "certification/decisions.html", listing=listing, state=state, counts=counts, barred=_barred(listing.rows), held=_held(listing.rows),
        may_decide=account().may(Permission.DECIDE),
    )


def _held(rows: Sequence[Row[Any]]) -> dict[int, str]:
    """For each row that is not granted together with others, the sentence that says why."""
    found = {row.id: rule.held_back(store.case_of(row)) for row in rows}
    return {id_: str(REFUSALS[refusal]) for id_, refusal in found.items() if refusal}


def _barred(rows: Sequence[Row[Any]]) -> dict[int, str]:
    """For each row that the asker may not decide, the sentence that says why."""
    me = account()
    if not me.may(Permission.DECIDE):
        return {}
    decider = store.decider_of(db.session, me.account_id)
    found = {row.id: rule.refusal(decider, store.case_of(row)) for row in rows}
    return {id_: str(REFUSALS[refusal]) for id_, refusal in found.items() if refusal}


@doors.post("/decisions/grant")
@requires(Permission.DECIDE)
def grant() -> Any:
    """Grant the ticked decisions, or the whole page; each refusal is named, the others are still granted."""
    ticked = request.form.getlist("page_ids" if request.form.get("all") else "ids")
    ids = [int(text) for text in ticked if NUMBER.fullmatch(text)][:MOST_AT_ONCE]
    if not ids:
        flash(_("没有选中任何一项，请先勾选要授予的人。"), "warn")
        return redirect(url_for("decisions.index"))
    with work(actor()) as w:
        outcomes = actions.decide(w, ids, Verdict.GRANT, alone=False)
    _tell(outcomes)
    return redirect(url_for("decisions.index"))


def _tell(outcomes: Sequence[Outcome]) -> None:
    granted = [outcome for outcome in outcomes if outcome.refusal is None]
    if granted:
        flash(_("已授予 %(n)s 人：%(names)s。", n=len(granted), names=_names(granted)), "good")
    for refusal in Refusal:
        held_back = [outcome for outcome in outcomes if outcome.refusal is refusal]
        if held_back:
            flash(_("%(names)s 未处理：%(why)s", names=_names(held_back), why=REFUSALS[refusal]), "bad")


def _names(outcomes: Sequence[Outcome]) -> str:
    shown = mark("、").join(outcome.person for outcome in outcomes[:20])
    return shown if len(outcomes) <= 20 else _("%(names)s 等", names=shown)


@doors.get("/decisions/<int:decision_id>")
@requires(Permission.DECISION_READ)
def show(decision_id: int) -> str:
    """One decision with what it rests on."""
    return _page(_found(decision_id), DecisionForm())


@doors.post("/decisions/<int:decision_id>")
@requires(Permission.DECIDE)
def decide(decision_id: int) -> Any:
    """Grant or refuse one."""
    row, form = _found(decision_id), DecisionForm()
    if not form.validate_on_submit():
        return _page(row, form), 422
    with work(actor()) as w:
        outcome = actions.decide(w, [decision_id], Verdict(form.verdict.data), str(form.reason.data or ""))[0]
    if outcome.refusal is Refusal.REASON_MISSING:
        form.reason.errors = [str(REFUSALS[outcome.refusal])]
        return _page(row, form), 422
    if outcome.refusal:
        flash(REFUSALS[outcome.refusal], "bad")
        return _page(_found(decision_id), form), 409
    if outcome.number and outcome.renewed:
        flash(_("已授予：%(name)s 的上岗证 %(number)s 续期。", name=outcome.person, number=outcome.number), "good")
    elif outcome.number:
        flash(_("已授予：%(name)s 的上岗证 %(number)s 即刻生效。", name=outcome.person, number=outcome.number), "good")
    else:
        flash(_("已记录：不授予 %(name)s。", name=outcome.person), "good")
    return redirect(url_for("decisions.index"))


def _found(decision_id: int) -> Row[Any]:
    return store.one(db.session, decision_id) or abort(404)


def _page(row: Row[Any], form: DecisionForm) -> str:
    now = clock.now()
    held = []
    for view in licence_store.licences_under(db.session, row.person_id, row.programme_id):
        held.append((view, licence_rule.standing_at(view.spans, now, settings().expiring_days)))
    living = [view for view, standing in held if standing.state not in {State.REVOKED, State.SUPERSEDED}]
    names = store.names_of(db.session, [id_ for id_ in (row.created_by, row.released_by, row.decided_by) if id_])
    return render_template(
        "certification/decision.html", row=row, form=form, held=held, renews=living[0].number if living else None, names=names,
        barred=_barred([row]).get(row.id), may_decide=account().may(Permission.DECIDE), given=_given(row), last_day=last_day,
        unsettled=_held([row]).get(row.id),
    )


def _given(row: Row[Any]) -> str | None:
    """The number of the licence that this decision gave or renewed."""
    return licence_store.number_given(db.session, row.id) if row.state == "granted" else None
