"""Looking back at a released exam, somebody finds a question wrong and says so."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from certification.actions import remarks as actions
from certification.forms.remarks import RemarkForm
from certification.views.reviews import Question, looked_back
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.remark import Met, Refusal
from question_bank.remark_wording import SENTENCES

doors = Blueprint("review_remarks", __name__)


@doors.route("/attempts/<attempt_id>/questions/<int:slot>/remark", methods=["GET", "POST"])
@requires(Permission.SIT)
def remark(attempt_id: str, slot: int) -> Any:
    """Only a question that one's own review shows can be remarked on here."""
    sitting, questions = looked_back(attempt_id)
    question = next((one for one in questions if one.number == slot), None) or abort(404)
    form = RemarkForm()
    if form.validate_on_submit():
        me = account()
        with work(actor()) as w:
            refused = actions.remark(
                w, me.person_id, me.account_id, attempt_id, slot, Met.REVIEW, form.reason.data, form.text.data or ""
            )
        if refused is None:
            flash(_("谢谢，已转给培训师。处理后，这里会显示答复。"), "good")
            return redirect(url_for("reviews.show", attempt_id=attempt_id, _anchor=f"q{slot}"))
        _blame(form, refused)
    return _page(attempt_id, sitting, question, form), 422 if form.errors else 200


def _blame(form: RemarkForm, refused: Refusal) -> None:
    (form.reason if refused is Refusal.NOT_OFFERED else form.text).errors = [_(SENTENCES[refused])]


def _page(attempt_id: str, sitting: Any, question: Question, form: RemarkForm) -> str:
    return render_template("certification/review_remark.html", attempt_id=attempt_id, sitting=sitting, one=question, form=form)
