"""Deciders and auditors: the appeals and complaints that were filed, who has them, and how they were answered."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import appeal as rule
from certification.actions import appeals as actions
from certification.appeal import ANSWER_DAYS, Kind, Refusal, State
from certification.forms.appeals import OutcomeForm
from certification.store import appeals as store
from certification.store import decisions, regrades
from certification.views import appeal_case
from certification.views import appeal_words as words
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("appeals", __name__, url_prefix="/appeals")
P = Permission


@doors.get("")
@requires(P.APPEAL_READ)
def index() -> str:
    """All cases: those that are owed an answer first, the longest overdue on top."""
    now = clock.now()
    listing = Listing.from_request(("due", "filed", "name", "sitting"), ("kind", "state"))
    counts = store.counts(db.session, now)
    chips = {"open": _("待答复"), "overdue": _("已逾期"), **{state.value: str(word) for state, word in words.STATES.items()}}
    listing.add_filter("state", _("状态"), chips, {state: counts.get(state, 0) for state in chips})
    listing.add_filter("kind", _("类别"), {kind.value: str(word) for kind, word in words.KINDS.items()})
    kind, state = listing.chosen.get("kind"), listing.chosen.get("state")
    query = store.listed(listing.q, kind if kind in set(Kind) else None, state if state in chips else None, now)
    listing.fill(db.session, query, store.ORDER, store.TIE)
    late = {row.Appeal.id for row in listing.rows if rule.is_overdue(State(row.Appeal.state), row.Appeal.due, now)}
    return render_template("certification/appeals.html", listing=listing, counts=counts, late=late, words=words, days=ANSWER_DAYS)


@doors.get("/<int:appeal_id>")
@requires(P.APPEAL_READ)
def show(appeal_id: int) -> str:
    """One case with everything that bears on it; the answers are open to whoever has taken it."""
    return _page(_found(appeal_id), OutcomeForm())


@doors.post("/<int:appeal_id>/take")
@requires(P.DECIDE)
def take(appeal_id: int) -> Any:
    """Take the case, or take it over from whoever the page named."""
    _found(appeal_id)
    seen = request.form.get("seen", "")
    with work(actor()) as w:
        refused = actions.take(w, appeal_id, int(seen) if seen.isdecimal() and len(seen) < 10 else None)
    flash(words.REFUSALS[refused] if refused else _("已由您受理。答复前可以查看答卷。"), "bad" if refused else "good")
    return redirect(url_for("appeals.show", appeal_id=appeal_id))


@doors.post("/<int:appeal_id>/give-back")
@requires(P.DECIDE)
def give_back(appeal_id: int) -> Any:
    """Give the case back, for others to take."""
    _found(appeal_id)
    with work(actor()) as w:
        refused = actions.give_back(w, appeal_id)
    flash(words.REFUSALS[refused] if refused else _("已退回，等待其他认证决定人受理。"), "bad" if refused else "good")
    return redirect(url_for("appeals.show", appeal_id=appeal_id))


@doors.post("/<int:appeal_id>")
@requires(P.DECIDE)
def answer(appeal_id: int) -> Any:
    """Answer the case with reasons."""
    row, form = _found(appeal_id), OutcomeForm()
    if not form.validate_on_submit():
        return _page(row, form), 422
    upheld, asks = form.verdict.data == "upheld", bool(form.asks_regrade.data)
    with work(actor()) as w:
        refused = actions.answer(w, appeal_id, upheld, str(form.outcome.data), asks)
    if refused is Refusal.SHORT:
        form.outcome.errors = [str(words.REFUSALS[refused])]
        return _page(_found(appeal_id), form), 422
    if refused:
        flash(words.REFUSALS[refused], "bad")
        return _page(_found(appeal_id), form), 409
    flash(_("已答复，考生可以看到答复函。"), "good")
    return redirect(url_for("appeals.show", appeal_id=appeal_id))


@doors.get("/<int:appeal_id>/letter")
@requires(P.SIGNED_IN)
def letter(appeal_id: int) -> str:
    """The answer as a letter, for whoever filed the case and for those who read cases."""
    me = account()
    row = store.one(db.session, appeal_id) if me.may(P.APPEAL_READ) else store.own(db.session, appeal_id, me.person_id)
    if row is None or row.Appeal.state not in (State.UPHELD, State.REJECTED):
        abort(404)
    return render_template(
        "certification/appeal_letter.html", row=row, case=row.Appeal, words=words, now=clock.now(),
        mine=row.Appeal.person_id == me.person_id,
    )


def _found(appeal_id: int) -> Row[Any]:
    return store.one(db.session, appeal_id) or abort(404)


def _page(row: Row[Any], form: OutcomeForm) -> str:
    me, case, now = account(), row.Appeal, clock.now()
    may_decide = me.may(P.DECIDE)
    open_case = case.state in rule.OPEN
    barred = None
    if may_decide and open_case:
        barred = actions.barred(db.session, decisions.decider_of(db.session, me.account_id), case, row.partner_id)
    taken_by_me = case.taken_by == me.account_id and may_decide and barred is None
    answered = [one for one in regrades.of_sitting(db.session, case.sitting_id) if one.Regrade.appeal_id == case.id]
    return render_template(
        "certification/appeal.html", row=row, case=case, form=form, words=words, lines=appeal_case.lines(row, taken_by_me),
        timeline=appeal_case.timeline(row), barred=barred and words.REFUSALS[barred], may_decide=may_decide, open_case=open_case,
        taken_by_me=taken_by_me, late=rule.is_overdue(State(case.state), case.due, now), regrades=answered,
    )
