"""The candidate: my exams, what awaits me, the exam room, receipt and result.

The room itself is a script that talks to ``/api/v1`` (static/js/exam). Every
page around it works without one.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Row

from certification import receipt, safe_browser
from certification.actions import attempts as actions
from certification.forms.exams import EntryForm
from certification.layout import versions
from certification.programme import from_json
from certification.safe_browser import Seen
from certification.sitting import RUNNING, Refusal, Refused, State, Window, may_start
from certification.sitting_wording import SENTENCES
from certification.store import attempts as store
from certification.store import exams as reads
from certification.store import saving
from certification.timing import Facts, deadline
from certification.views.appeal_links import appeal_part
from certification.views.reviews import review_part
from foundation import clock
from foundation.config import settings
from foundation.database import db, wires
from foundation.listing import Listing
from foundation.wording import instant
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.remark import OFFERED, Met
from question_bank.remark_wording import REASONS
from question_bank.store import faces as bank

doors = Blueprint("exams", __name__)
REMARKS = {reason.value: REASONS[reason] for reason in OFFERED[Met.EXAM]}
"""What may be said to be wrong with a question while it is asked."""


@doors.get("/exams")
@requires(Permission.SIT)
def index() -> str:
    """My sittings: open or still to come, and what is over."""
    person_id, now = account().person_id, clock.now()
    coming = [(row, phase(row, now)) for row in reads.to_come(db.session, person_id, now)]
    listing = Listing.from_request(("opens",), descending=True)
    listing.fill(db.session, reads.past(person_id, now, listing.q), reads.ORDER, reads.ORDER["id"])
    return render_template("certification/exams.html", coming=coming, listing=listing, phase=phase, now=now)


@doors.route("/exams/sittings/<int:sitting_id>", methods=["GET", "POST"])
@requires(Permission.SIT)
def sitting(sitting_id: int) -> Any:
    """What awaits me at a sitting, and the way in."""
    row = reads.own_sitting(wires(), sitting_id, account().person_id) or abort(404)
    form = EntryForm()
    if form.validate_on_submit():
        with work(actor()) as w:
            outcome = actions.start(w, account().person_id, sitting_id, form.entry_code.data or "", account().pen, _seen(form))
        if isinstance(outcome, actions.Started):
            return redirect(url_for("exams.room", attempt_id=outcome.attempt_id))
        if outcome is None:
            abort(404)
        if outcome.code is Refusal.ALREADY_ENDED:
            return redirect(url_for("exams.sitting", sitting_id=sitting_id))
        form.entry_code.errors = [_words(outcome)]
    return _waiting_room(row, form), 422 if form.errors else 200


def _seen(form: EntryForm) -> Seen:
    """What the request proves of a lockdown browser; its script fills in the form what the browser puts into no header."""
    query = request.query_string.decode("latin-1")
    return safe_browser.seen(settings().public_url, request.path, query, request.headers, form.browser_proof.data or "")


def _words(refused: Refused) -> str:
    return gettext(SENTENCES[refused.code], time=instant(refused.until))


def _waiting_room(row: Row[Any], form: EntryForm) -> str:
    now, spec = clock.now(), from_json(row.spec)
    window = Window(row.opens, row.closes, row.cancelled is not None)
    items = len(versions(row.sections))
    points = sum(points for section in row.sections for _version, points in section["slots"])
    ends = deadline(Facts(max(now, row.opens), spec.exam.minutes, window, timedelta(seconds=row.extra_seconds)), now)
    minutes = spec.exam.minutes + row.extra_seconds // 60
    return render_template(
        "certification/exam_sitting.html", sitting=row, exam=spec.exam, minutes=minutes, form=form, phase=phase(row, now), now=now,
        ends=ends, items=items,
        kinds={face.kind.value for face in bank.faces(db.session, versions(row.sections)).values()},
        points=points, minutes_left=max(0, int((ends - max(now, row.opens)).total_seconds() // 60)),
        open_link=safe_browser.open_link(settings().public_url, row.id) if row.safe_browser is not None else "",
    )


def phase(row: Row[Any], now: datetime) -> str:
    """What a sitting is to its candidate now: planned, open, closed, cancelled, running, paused, ended, invalidated."""
    if row.attempt_id is None:
        refused = may_start(Window(row.opens, row.closes, row.cancelled is not None), True, True, now)
        return {Refusal.NOT_OPEN: "planned", Refusal.CLOSED: "closed", Refusal.CANCELLED: "cancelled"}[refused.code] if refused else "open"
    return {State.IN_PROGRESS: "running", State.PAUSED: "paused", State.INVALIDATED: "invalidated"}.get(row.state, "ended")


@doors.get("/attempts/<attempt_id>")
@requires(Permission.SIT)
def room(attempt_id: str) -> str:
    """The exam room while the attempt runs; then its receipt, and the result once it is released."""
    row = actions.look_at(actor(), account().person_id, attempt_id) or abort(404)
    exam = reads.own_sitting(wires(), row.sitting_id, account().person_id) or abort(404)
    spec = from_json(exam.spec)
    total = len(saving.paper_of(row).slots)
    if row.state in RUNNING:
        page = "exam_room" if row.state == State.IN_PROGRESS else "exam_paused"
        return render_template(f"certification/{page}.html", attempt=row, sitting=exam, total=total, remark_reasons=REMARKS)
    statement = receipt.read(row.receipt) if row.receipt else None
    if row.result_state == "released" and row.state != State.INVALIDATED:
        result = store.result_of(db.session, attempt_id)
        decision = reads.decision_of(db.session, attempt_id)
        return render_template(
            "certification/exam_result.html", attempt=row, sitting=exam, spec=spec, result=result, receipt=statement, decision=decision,
            review=review_part(row, exam, clock.now()), appeal=appeal_part(row, clock.now()),
        )
    return render_template("certification/exam_receipt.html", attempt=row, sitting=exam, receipt=statement, total=total)


@doors.post("/attempts/<attempt_id>/submit")
@requires(Permission.SIT)
def hand_in(attempt_id: str) -> Any:
    """Hand in from the room's form; its script does the same through ``/api/v1``."""
    with work(actor()) as w:
        outcome = actions.submit(w, account().person_id, attempt_id)
    if outcome is None:
        abort(404)
    if isinstance(outcome, Refused):
        flash(_words(outcome), "warn")
    return redirect(url_for("exams.room", attempt_id=attempt_id))
