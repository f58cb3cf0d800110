"""The decider: pending decisions, granted and refused, and what was done to licences."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import decision as rule
from certification import licence as licence_rule
from certification.actions import decisions as actions
from certification.decision import Outcome, Refusal, Verdict
from certification.forms.decisions import ACT_VERDICTS, DecisionForm
from certification.licence import State
from certification.store import decisions as store
from certification.store import licences as licence_store
from certification.store.decisions import Judged
from certification.views import independence
from certification.views.words import DECISION_WORDS, LICENCE_REFUSALS, REASON_WORDS, REFUSALS
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import last_day, mark, said
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("decisions", __name__)
STATES = ("pending", "granted", "refused", "acts")
MOST_AT_ONCE = 500
NUMBER = re.compile(r"[0-9]{1,9}")


@doors.get("/decisions")
@requires(Permission.DECISION_READ)
def index() -> str:
    """Decisions by state, the pending first."""
    listing = Listing.from_request(("opened", "decided", "name", "partner", "fraction"), ("state", "programme", "grade", "kind"))
    state = listing.chosen.get("state", "pending")
    state = state if state in STATES else "pending"
    chosen = (listing.chosen.get("programme"), listing.chosen.get("grade"), listing.chosen.get("kind"))
    counts, programmes = store.counts(db.session), store.programmes(db.session)
    if len(programmes) > 1:
        listing.add_filter("programme", _("认证项目"), {code: said(title) for code, title in programmes.items()})
    if state != "acts":
        listing.add_filter("grade", _("等级"), {"qualified": _("合格"), "excellent": _("优秀")})
    if state in {"pending", "acts"}:
        kinds = {kind: str(word) for kind, word in DECISION_WORDS.items() if state == "pending" or kind != store.CERTIFICATION}
        listing.add_filter("kind", _("事项"), kinds)
    listing.fill(db.session, store.listed(state, listing.q, *chosen), store.ORDER, store.TIE)
    judged = store.judged(db.session, listing.rows, clock.now(), settings().timezone)
    return render_template(
        "certification/decisions.html", listing=listing, state=state, counts=counts, barred=_barred(judged), held=_held(judged),
        may_decide=account().may(Permission.DECIDE), words=DECISION_WORDS,
    )


def _held(judged: Mapping[int, Judged]) -> dict[int, str]:
    """For each decision that is not granted together with others, the sentence that says why."""
    found = {id_: rule.held_back(one.case) for id_, one in judged.items()}
    return {id_: str(REFUSALS[refusal]) for id_, refusal in found.items() if refusal}


def _barred(judged: Mapping[int, Judged]) -> dict[int, str]:
    """For each decision that the asker may not take, the sentence that says why."""
    me = account()
    if not me.may(Permission.DECIDE):
        return {}
    decider = store.decider_of(db.session, me.account_id)
    found = {id_: independence.barred(decider, one) for id_, one in judged.items()}
    return {id_: why for id_, why in found.items() if why}


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
        flash(LICENCE_REFUSALS[outcome.ledger] if outcome.ledger else REFUSALS[outcome.refusal], "bad")
        return _page(_found(decision_id), form), 409
    if outcome.number and outcome.renewed:
        flash(_("已授予：%(name)s 的上岗证 %(number)s 续期。", name=outcome.person, number=outcome.number), "good")
    elif outcome.number:
        flash(_("已授予：%(name)s 的上岗证 %(number)s 即刻生效。", name=outcome.person, number=outcome.number), "good")
    elif row.kind != store.CERTIFICATION:
        done = _("已记入台账") if form.verdict.data == Verdict.GRANT else _("已记录：不同意")
        flash(_("%(done)s：%(what)s，%(name)s。", done=done, what=DECISION_WORDS[row.kind], name=outcome.person), "good")
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
    names = store.names_of(db.session, [id_ for id_ in (row.created_by, row.released_by, row.decided_by, row.opened_by) if id_])
    judged = store.judged(db.session, [row], now, settings().timezone)
    act = row.kind != store.CERTIFICATION
    if act:
        form.verdict.choices = list(ACT_VERDICTS.items())
    return render_template(
        "certification/decision.html", row=row, form=form, held=held, renews=living[0].number if living else None, names=names,
        may_decide=account().may(Permission.DECIDE), given=_given(row), last_day=last_day,
        unsettled=None if act else _held(judged).get(row.id),
        shown=independence.shown(judged[row.id]), act=act, words=DECISION_WORDS, reasons=REASON_WORDS,
        subject=next((view for view, _standing in held if view.id == row.licence_id), None),
    )


def _given(row: Row[Any]) -> str | None:
    """The number of the licence that this decision gave or renewed."""
    return licence_store.number_given(db.session, row.id) if row.state == "granted" and row.kind == store.CERTIFICATION else None
