"""Papers: which are sealed, who may look inside and who did; another one in the place of one that leaked.

A page here shows the shell of a paper. Its questions are on one page only, and
each look at that page is a row in the log.
"""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import seal, watermark
from certification.actions import papers as actions
from certification.canary import on_paper
from certification.forms.papers import OpenForm, ReasonForm
from certification.layout import with_canaries
from certification.safeguards import Refusal as Late
from certification.seal import Pass, Refusal
from certification.store import contents
from certification.store import papers as store
from certification.store import sittings as sitting_store
from certification.views.canaries import traceable
from certification.views.paper_words import LATE, REFUSALS, STATES, STEPS
from certification.watermark import Kind
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import said
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.assembly import Shortfall
from question_bank.store import faces as bank

doors = Blueprint("papers", __name__, url_prefix="/papers")
P = Permission


def _paper(form_id: int) -> Row[Any]:
    return store.paper(db.session, form_id, clock.now()) or abort(404)


@doors.get("")
@requires(P.FORM_READ)
def index() -> str:
    """All papers from outside."""
    now = clock.now()
    listing = Listing.from_request(("created", "code", "ends", "looks"), ("state",), descending=True)
    counts = store.state_counts(db.session, now)
    words = {state: str(STATES[state]) for state in store.STATES}
    listing.add_filter("state", _("状态"), words, {state: counts.get(state, 0) for state in words})
    listing.fill(db.session, store.papers(now, listing.q, listing.chosen.get("state")), store.ORDER, store.ORDER["id"])
    used = store.sittings_of(db.session, [row.id for row in listing.rows])
    return render_template("certification/papers.html", listing=listing, used=used, states=STATES)


@doors.get("/<int:form_id>")
@requires(P.FORM_READ)
def show(form_id: int) -> str:
    """The shell of a paper: sections and counts, sittings, seal, log."""
    paper, now, me = _paper(form_id), clock.now(), account()
    sealed, rows = seal.is_sealed(paper.ends, now), store.openings(db.session, paper.seed)
    openings = [(row, seal.step(store.as_opening(row), now)) for row in rows]
    listing = Listing.from_request(("at", "name"), descending=True)
    listing.fill(db.session, store.looks(paper.seed), store.LOOK_ORDER, store.LOOK_ORDER["id"])
    sits = store.sits(db.session, paper.seed, me.account_id, now)
    passed = seal.may_look(sealed, [store.as_opening(row) for row in rows], me.account_id, now, sits)
    sittings = store.sittings_of(db.session, [form_id]).get(form_id, [])
    codes = {row.id: watermark.code(settings().data_key, Kind.LOOK, str(row.id)) for row in listing.rows}
    return render_template(
        "certification/paper.html", paper=paper, sealed=sealed, openings=openings, listing=listing, codes=codes, steps=STEPS, states=STATES,
        sections=sitting_store.form_sections(db.session, form_id), sittings=sittings,
        kin=store.kin(db.session, paper.seed), notes=store.notes(db.session, form_id), may_look=isinstance(passed, Pass), until=seal.until,
        facts=store.as_opening, traceable=traceable(paper, sittings, now), may_open=me.may(P.FORM_OPEN),
        canaries=len(on_paper(paper.sections)), now=now,
    )


@doors.route("/<int:form_id>/open", methods=["GET", "POST"])
@requires(P.FORM_OPEN)
def open_(form_id: int) -> Any:
    """Ask to look into a sealed paper, or break the glass; a reason is needed."""
    paper, form = _paper(form_id), OpenForm()
    if form.validate_on_submit():
        alone = form.way.data == "break"
        verb = actions.break_glass if alone else actions.ask
        with work(actor()) as w:
            refusal = verb(w, form_id, account().account_id, str(form.reason.data).strip())
        if refusal:
            flash(str(REFUSALS[refusal]), "warn")
        elif alone:
            flash(_("试卷已紧急启封，15 分钟内可以查看。已记入审计，并通知其他考务和审计。"), "warn")
        else:
            flash(_("请求已提出。请另一位考务在 15 分钟内确认。"), "good")
        return redirect(url_for("papers.show", form_id=form_id))
    return render_template("certification/paper_open.html", paper=paper, form=form), 422 if form.errors else 200


@doors.post("/openings/<int:opening_id>/confirm")
@requires(P.FORM_OPEN)
def confirm(opening_id: int) -> Any:
    """Be the second person."""
    return _answer(opening_id, True)


@doors.post("/openings/<int:opening_id>/refuse")
@requires(P.FORM_OPEN)
def refuse(opening_id: int) -> Any:
    """Turn a request down, or take one's own back."""
    return _answer(opening_id, False)


def _answer(opening_id: int, agrees: bool) -> Any:
    opening = store.opening(db.session, opening_id) or abort(404)
    with work(actor()) as w:
        refusal = actions.answer(w, opening_id, account().account_id, agrees)
    if refusal:
        flash(str(REFUSALS[refusal]), "bad")
    else:
        flash(_("已确认启封，15 分钟内两个人都可以查看。") if agrees else _("请求已撤下，试卷仍然封存。"), "good")
    return redirect(url_for("papers.show", form_id=opening.form_id))


@doors.get("/<int:form_id>/questions")
@requires(P.FORM_READ)
def questions(form_id: int) -> Any:
    """The questions as candidates see them; every look is kept in the log, also after the seal ended."""
    paper = _paper(form_id)
    with work(actor()) as w:
        found = actions.look(w, form_id, account().account_id)
    if isinstance(found, Refusal):
        flash(str(REFUSALS[found]), "warn")
        return redirect(url_for("papers.show", form_id=form_id))
    versions = [version for section in paper.sections for version, _points in with_canaries(section)]
    return render_template(
        "certification/paper_questions.html", paper=paper, look=found, faces=bank.faces(db.session, versions),
        sections=[(section.get("title"), with_canaries(section)) for section in paper.sections],
        exposure=contents.exposure(db.session, versions, clock.now()), code=watermark.code(settings().data_key, Kind.LOOK, str(found)),
    )


@doors.route("/sittings/<int:sitting_id>/replace", methods=["GET", "POST"])
@requires(P.FORM_OPEN)
def replace(sitting_id: int) -> Any:
    """Put another paper in the place of a sitting's that leaked."""
    sitting = sitting_store.sitting_in_scope(db.session, sitting_id, None, clock.now()) or abort(404)
    form, shortfall = ReasonForm(), None
    if form.validate_on_submit():
        with work(actor()) as w:
            outcome = actions.replace(w, sitting_id, str(form.reason.data).strip())
        if isinstance(outcome, Shortfall):
            shortfall = outcome
        elif isinstance(outcome, Late):
            flash(str(LATE[outcome]), "bad")
            return redirect(url_for("papers.show", form_id=sitting.form_id))
        else:
            _tell(outcome)
            return redirect(url_for("papers.show", form_id=outcome.form_id))
    page = render_template("certification/paper_replace.html", sitting=sitting, form=form, shortfall=shortfall, said=said)
    return page, 422 if form.errors or shortfall else 200


def _tell(outcome: actions.Replaced) -> None:
    if outcome.shared:
        flash(_("新试卷已组好并封存。题库不够大，有 %(n)s 题与原试卷相同。", n=outcome.shared), "warn")
    else:
        flash(_("新试卷已组好并封存，与原试卷没有相同的试题。"), "good")
