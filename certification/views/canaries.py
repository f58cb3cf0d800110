"""Trap questions: which items are, how one becomes one; what the attempts on a paper show of its traps."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification.actions import canaries as actions
from certification.canary import on_paper, trace
from certification.forms.papers import CanaryForm, ReasonForm
from certification.layout import read_layout
from certification.store import contents as store
from certification.store import papers
from certification.views.paper_words import CANARY
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("canaries", __name__, url_prefix="/papers")
P = Permission


@doors.get("/canaries")
@requires(P.CANARY_READ)
def index() -> Any:
    """The trap items."""
    return _page(CanaryForm(formdata=None)), 200


@doors.post("/canaries")
@requires(P.CANARY)
def mark() -> Any:
    """Make an item a trap."""
    form = CanaryForm()
    if not form.validate_on_submit():
        return _page(form), 422
    code = str(form.code.data).strip()
    with work(actor()) as w:
        refusal = actions.mark(w, code, str(form.reason.data).strip(), True)
    if refusal:
        form.code.errors = [str(CANARY[refusal])]
        return _page(form), 422
    flash(_("%(code)s 已设为陷阱题，不会再被抽进计分的部分。", code=code), "good")
    return redirect(url_for("canaries.index"))


@doors.route("/canaries/<code>/unmark", methods=["GET", "POST"])
@requires(P.CANARY)
def unmark(code: str) -> Any:
    """Make a trap an ordinary item again, with a reason."""
    item = store.canary_named(db.session, code, clock.now()) or abort(404)
    form = ReasonForm()
    if form.validate_on_submit():
        with work(actor()) as w:
            refusal = actions.mark(w, code, str(form.reason.data).strip(), False)
        if refusal is None:
            flash(_("%(code)s 不再是陷阱题。", code=code), "good")
            return redirect(url_for("canaries.index"))
        form.reason.errors = [str(CANARY[refusal])]
    return render_template("certification/canary_unmark.html", item=item, form=form), 422 if form.errors else 200


@doors.get("/<int:form_id>/traces")
@requires(P.FORM_READ)
def traces(form_id: int) -> Any:
    """Per attempt: in how many traps their key was chosen. A lead, never a verdict; only once every sitting of the paper has closed."""
    paper, now = papers.paper(db.session, form_id, clock.now()) or abort(404), clock.now()
    uses = papers.sittings_of(db.session, [form_id]).get(form_id, [])
    if not traceable(paper, uses, now):
        abort(404)
    listing = Listing.from_request(("staff_no", "name", "sitting"))
    listing.fill(db.session, store.graded_attempts(form_id, listing.q), store.TRACE_ORDER, store.TRACE_ORDER["id"])
    every = [(row, trace(read_layout(row.layout), row.marks)) for row in db.session.execute(store.graded_attempts(form_id, "")).all()]
    found = {row.id: shown for row, shown in every}
    striking = sorted((one for one in every if one[1].chosen), key=lambda one: (-one[1].chosen, one[0].staff_no))
    return render_template(
        "certification/paper_traces.html", paper=paper, listing=listing, traces=found, striking=striking, total=len(every)
    )


def traceable(paper: Row[Any], uses: Sequence[Row[Any]], now: datetime) -> bool:
    """Whether what a paper's traps show may be looked at: it has some, it was used, and all its sittings have closed."""
    return bool(on_paper(paper.sections) and uses) and all(use.cancelled is not None or use.closes <= now for use in uses)


def _page(form: CanaryForm) -> str:
    listing = Listing.from_request(("code", "state"), path=url_for("canaries.index"))
    listing.fill(db.session, store.canaries(listing.q, clock.now()), store.CANARY_ORDER, store.CANARY_ORDER["id"])
    notes: dict[int, Any] = {}
    for note in store.canary_notes(db.session, [row.id for row in listing.rows]):
        notes.setdefault(note.item_id, note)
    me = account()
    return render_template(
        "certification/canaries.html", listing=listing, form=form, notes=notes, may_mark=me.may(P.CANARY), may_read=me.may(P.ITEM_READ)
    )
