"""Trying a dispatch decision in a page, and what was answered before."""

from typing import Any

import msgspec
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from certification.actions import dispatch as actions
from certification.actions.dispatch import Question, flush
from certification.forms.dispatch import SCOPES, TIERS, DispatchForm, typed
from certification.store import dispatch as facts
from certification.store import dispatch_log as log_store
from certification.views import verdicts
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import said
from people.login import account, actor, requires
from people.permission import Permission
from people.store.companies import as_kept

doors = Blueprint("dispatch", __name__)
RECENT = 6


def _form() -> DispatchForm:
    """The form; an address may bring its fields, so that a changed team can be tried again."""
    form = DispatchForm(formdata=request.form if request.method == "POST" else None)
    programmes = facts.programme_titles(db.session)
    form.programme.choices = [(code, said(title)) for code, title in programmes.items()]
    if request.method != "POST":
        form.process(request.args if request.args else None, data={"programme": next(iter(programmes), None)} if not request.args else None)
    return form


def _own() -> str | None:
    """Whose log the asker sees: everybody's, or what they asked themselves."""
    return None if account().may(Permission.DISPATCH_LOG) else actor().name


@doors.get("/dispatch")
@requires(Permission.DISPATCH_TRY)
def index() -> str:
    """Ask about a team and a visit."""
    return _page(_form())


def _page(form: DispatchForm) -> str:
    recent = verdicts.lines(log_store.recent(db.session, _own(), RECENT))
    return render_template("certification/dispatch.html", form=form, recent=recent, whole=_own() is None)


@doors.post("/dispatch")
@requires(Permission.DISPATCH_TRY)
def judge() -> Any:
    """Judge, log, and show the decision at its own address."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 422
    visit = msgspec.structs.replace(form.asked(settings().timezone), team=as_kept(db.session, form.team()))
    found = actions.evaluate(Question(visit), actor().name, account().company)
    flush()
    return redirect(url_for("dispatch.show", decision_id=found.id), 303)


@doors.get("/dispatch/decisions/<decision_id>")
@requires(Permission.DISPATCH_TRY)
def show(decision_id: str) -> str:
    """One decision: the verdict, every reason with its clause, and what would cure it."""
    row = log_store.one(db.session, decision_id, _own()) or abort(404)
    page = verdicts.page(row, account().company)
    return render_template(
        "certification/dispatch_decision.html", row=row, page=page, again=typed(page.question.visit, settings().timezone),
        tiers=TIERS, scopes=SCOPES, whole=_own() is None,
    )


@doors.get("/dispatch/decisions/<decision_id>/replay")
@requires(Permission.DISPATCH_LOG)
def replay(decision_id: str) -> str:
    """The same question as of its time, on what was recorded then, beside the answer of now."""
    row = log_store.one(db.session, decision_id, None) or abort(404)
    at = verdicts.question_of(row).at or row.at
    return render_template("certification/dispatch_replay.html", row=row, at=at, found=verdicts.replayed(row, at), now=clock.now())


@doors.get("/dispatch/log")
@requires(Permission.DISPATCH_LOG)
def log() -> str:
    """Every decision by visit or staff number: why was W-17 refused?"""
    listing = Listing.from_request(("at", "visit", "subject"), ("verdict",), descending=True)
    listing.add_filter("verdict", _("结论"), {"denied": _("不能派"), "allowed": _("可以派")})
    query = log_store.logged(listing.q, listing.chosen.get("verdict", ""), None)
    listing.fill(db.session, query, log_store.ORDER, log_store.TIE)
    return render_template("certification/dispatch_log.html", listing=listing, lines=verdicts.lines(listing.rows))
