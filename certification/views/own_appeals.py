"""The candidate: appeal against one's own result, complain about an exam, see what became of it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import appeal as rule
from certification.actions import appeals as actions
from certification.appeal import ANSWER_DAYS, FILING_DAYS, Refusal, State
from certification.forms.appeals import AppealForm, ComplaintForm
from certification.store import appeals as store
from certification.store import attempts, exams
from certification.views import appeal_words as words
from foundation import clock
from foundation.database import db
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("own_appeals", __name__)
P = Permission
DAYS = {"filing": FILING_DAYS, "answer": ANSWER_DAYS}


@doors.get("/appeals/mine")
@requires(P.SIT)
def mine() -> str:
    """Everything that I filed."""
    return render_template("certification/appeals_mine.html", rows=store.all_own(db.session, account().person_id), words=words, days=DAYS)


@doors.get("/appeals/mine/<int:appeal_id>")
@requires(P.SIT)
def show(appeal_id: int) -> str:
    """One of my cases: what I wrote, where it stands, the answer."""
    row = _own(appeal_id)
    late = rule.is_overdue(State(row.Appeal.state), row.Appeal.due, clock.now())
    return render_template(
        "certification/appeal_own.html", row=row, case=row.Appeal, words=words, late=late, open_case=row.Appeal.state in rule.OPEN
    )


@doors.post("/appeals/mine/<int:appeal_id>/withdraw")
@requires(P.SIT)
def withdraw(appeal_id: int) -> Any:
    """Take it back."""
    _own(appeal_id)
    with work(actor()) as w:
        refused = actions.withdraw(w, appeal_id)
    flash(words.REFUSALS[refused] if refused else _("已撤回。"), "bad" if refused else "good")
    return redirect(url_for("own_appeals.show", appeal_id=appeal_id))


@doors.route("/attempts/<attempt_id>/appeal", methods=["GET", "POST"])
@requires(P.SIT)
def appeal(attempt_id: str) -> Any:
    """Appeal against my released result."""
    attempt = attempts.read_attempt(db.session, attempt_id, account().person_id) or abort(404)
    sitting = exams.own_sitting(db.session, attempt.sitting_id, account().person_id) or abort(404)
    form, refused = AppealForm(), actions.may_appeal(db.session, attempt, clock.now())
    if refused is None and form.validate_on_submit():
        with work(actor()) as w:
            made = actions.appeal(w, account().person_id, attempt_id, str(form.text.data), form.slot.data)
        if answer := _filed(made, _("申诉已提交。")):
            return answer
        if isinstance(made, Refusal):
            form["slot" if made is Refusal.NO_SUCH_QUESTION else "text"].errors = [str(words.REFUSALS[made])]
    page = render_template(
        "certification/appeal_new.html", attempt=attempt, sitting=sitting, form=form, refused=refused and words.REFUSALS[refused],
        ends=actions.filing_ends(db.session, attempt_id), days=DAYS, result=attempts.result_of(db.session, attempt_id),
    )
    return page, 422 if form.errors else 200


@doors.route("/exams/sittings/<int:sitting_id>/complaint", methods=["GET", "POST"])
@requires(P.SIT)
def complain(sitting_id: int) -> Any:
    """Complain about an exam that I was booked for; no attempt is needed."""
    sitting = store.own_booking(db.session, sitting_id, account().person_id) or abort(404)
    form, refused = ComplaintForm(), actions.may_complain(db.session, sitting, account().person_id, clock.now())
    if refused is None and form.validate_on_submit():
        with work(actor()) as w:
            made = actions.complain(w, account().person_id, sitting_id, str(form.text.data))
        if answer := _filed(made, _("投诉已提交。")):
            return answer
        form.text.errors = [str(words.REFUSALS[made])] if isinstance(made, Refusal) else []
    page = render_template(
        "certification/complaint_new.html", sitting=sitting, form=form, refused=refused and words.REFUSALS[refused],
        ends=actions.complaint_ends(sitting), days=DAYS,
    )
    return page, 422 if form.errors else 200


def _filed(made: int | Refusal | None, said: str) -> Any:
    """On to the new case; None when it was refused."""
    if made is None:
        abort(404)
    if isinstance(made, Refusal):
        return None
    flash(said, "good")
    return redirect(url_for("own_appeals.show", appeal_id=made))


def _own(appeal_id: int) -> Row[Any]:
    return store.own(db.session, appeal_id, account().person_id) or abort(404)
