"""The officer and the auditor: how far the marking of a sitting is, how well markers agree, who holds what.

Markers are named here, candidates are not.
"""

from collections import defaultdict
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import marking
from certification.actions import marking as actions
from certification.forms.marking import ClaimForm
from certification.marking import Answer
from certification.store import answers as answers_store
from certification.store import marking as store
from certification.store import sittings
from certification.views.marking_tasks import unseen
from foundation import clock
from foundation.database import db
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission, Role
from people.store import accounts as people
from question_bank.item import Kind

doors = Blueprint("marking_overview", __name__, url_prefix="/sittings/<int:sitting_id>/marking")
P = Permission


def _sitting(sitting_id: int) -> Row[Any]:
    return sittings.sitting_in_scope(db.session, sitting_id, account().limit(P.MARK_READ), clock.now()) or abort(404)


@doors.get("")
@requires(P.MARK_READ)
def show(sitting_id: int) -> str:
    """Progress by question, agreement, claims."""
    sitting, now = _sitting(sitting_id), clock.now()
    answers, blank = store.answers(db.session, [sitting_id])
    by_version: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_version[answer.version].append(answer)
    questions = answers_store.questions(db.session, Kind.SHORT, sitting_id, past=True)
    claims = [
        (one, answer, actions.alias(account().account_id, answer))
        for answer in answers for one in answer.marks if one.fraction is None and marking.is_held(one, now)
    ]
    names = people.account_names(db.session, {one.marker for answer in answers for one in answer.marks})
    return render_template(
        "certification/marking_overview.html", sitting=sitting, blank=blank, tally=marking.tally(answers, now), names=names, claims=claims,
        questions=[(row, marking.tally(found := by_version[row.version_id], now), marking.agreement(found)) for row in questions],
        agreement=marking.agreement(answers), leniency=marking.leniency(answers), raters=people.count_with(db.session, Role.RATER),
        unseen=unseen(sitting_id), due=sitting.closes + marking.DUE, few=marking.FEW, claim_ends=marking.CLAIM,
        codes={row.version_id: row.item_code for row in questions},
    )


@doors.post("/claims")
@requires(P.SITTING_WRITE)
def drop_claim(sitting_id: int) -> Any:
    """Take an answer from whoever holds it."""
    _sitting(sitting_id)
    form, done = ClaimForm(), False
    if form.validate_on_submit():
        answers, _blank = store.answers(db.session, [sitting_id])
        with work(actor()) as w:
            done = actions.drop_claim(w, account().account_id, answers, str(form.answer.data), int(form.round.data or 0))
    flash(_("已收回，其他评分员可以取。") if done else _("这份答案已经没有人占着。"), "good" if done else "warn")
    return redirect(url_for("marking_overview.show", sitting_id=sitting_id))
