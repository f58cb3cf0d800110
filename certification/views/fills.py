"""The rater: texts of fill-in questions that no key knew, to accept or reject with one tap.

A ruling holds for everybody who wrote the same in any sitting that is not
released; so only the operator's own raters make one.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask import request as asked
from flask_babel import gettext as _
from sqlalchemy import Row

from certification.actions import rulings as actions
from certification.forms.marking import RulingForm
from certification.marking import Refusal
from certification.ruling import Place
from certification.store import answers as answers_store
from certification.store import rulings as store
from certification.views.marking_tasks import Line, lines, marker_of, opened
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from people.store import accounts as people
from question_bank.item import Kind
from question_bank.store import faces as bank

doors = Blueprint("fills", __name__, url_prefix="/marking/fills")
P = Permission
PER_PAGE = 50


@doors.get("/<int:sitting_id>")
@requires(P.MARK)
def index(sitting_id: int) -> str:
    """The texts, by question and gap, the most frequent first."""
    return _page(_questions(sitting_id)[0], RulingForm(formdata=None))


def _questions(sitting_id: int) -> list[Row[Any]]:
    """The sitting's fill-in questions, if the asker may rule on them now; anything else is not found."""
    rows = answers_store.questions(db.session, Kind.FILL, sitting_id)
    if not rows or marker_of(account()).company is not None or not opened([sitting_id], {sitting_id: rows[0]}, clock.now()):
        abort(404)
    return rows


@doors.post("/<int:sitting_id>")
@requires(P.MARK)
def rule(sitting_id: int) -> Any:
    """Accept or reject one text; the newest ruling holds."""
    questions, form = _questions(sitting_id), RulingForm()
    if not form.validate_on_submit():
        return _page(questions[0], form), 422
    place = Place(int(form.version.data or 0), int(form.gap.data or 0), str(form.text.data))
    group = next((line.group for line in lines(sitting_id) if line.group.place == place), None) or abort(404)
    answers = answers_store.given(db.session, Kind.FILL, _asking(place.version), {place.version})
    known = store.gaps(db.session, [place.version])[place.version]
    accepted = form.verdict.data == "accept"
    with work(actor()) as w:
        reason = str(form.reason.data or "").strip()
        concerned = actions.rule(w, marker_of(account()), sitting_id, place, accepted, reason, known, answers)
    if concerned is Refusal.ONESELF:
        flash(_("没有保存：您自己的答卷里也这样写，请由其他评分员认定。"), "bad")
        return redirect(url_for("fills.index", sitting_id=sitting_id, **asked.args.to_dict()))
    if isinstance(concerned, Refusal):
        flash(_("没有保存：成绩已经公布，要改请走重新评分。"), "bad")
        return redirect(url_for("marking.index"))
    changed = _grade(concerned)
    if accepted:
        flash(_("“%(text)s”算对，%(n)s 份答卷的得分有变化。", text=group.written, n=changed), "good")
    else:
        flash(_("“%(text)s”算错，%(n)s 份答卷的得分有变化。", text=group.written, n=changed), "good")
    return redirect(url_for("fills.index", sitting_id=sitting_id, **asked.args.to_dict()))


def _grade(attempt_ids: Sequence[str]) -> int:
    """Grade anew a part at a time; what is missed if the machine stops in between is caught up with at the release."""
    changed = 0
    for start in range(0, len(attempt_ids), actions.AT_ONCE):
        with work(actor()) as w:
            changed += actions.grade(w, attempt_ids[start : start + actions.AT_ONCE])
    return changed


def _asking(version_id: int) -> list[int]:
    """Every sitting whose results are not out and whose paper asks the question."""
    return [row.sitting_id for row in answers_store.questions(db.session, Kind.FILL, version_id=version_id)]


def _page(sitting: Row[Any], form: RulingForm) -> str:
    listing = Listing.from_request(("people",), ("state",), descending=True, path=url_for("fills.index", sitting_id=sitting.sitting_id))
    everything = lines(sitting.sitting_id)
    counts = {state: sum(line.state == state for line in everything) for state in ("unseen", "accepted", "rejected")}
    names = {"unseen": _("还没有人看过"), "accepted": _("算对"), "rejected": _("算错")}
    listing.add_filter("state", _("认定"), names, counts)
    chosen = _chosen(everything, listing)
    listing.total, listing.per_page = len(chosen), PER_PAGE
    listing.page = min(listing.page, listing.pages)
    listing.rows = chosen[(listing.page - 1) * PER_PAGE : listing.page * PER_PAGE]
    versions = {line.group.place.version for line in listing.rows}
    return render_template(
        "certification/marking_fills.html", sitting=sitting, listing=listing, form=form, faces=bank.faces(db.session, versions),
        keys=bank.keys(db.session, versions), kept=asked.args.to_dict(), states=names, everything=len(everything),
        rulers=people.account_names(db.session, {line.ruling.by for line in listing.rows if line.ruling}),
    )


def _chosen(everything: Sequence[Line], listing: Listing) -> list[Line]:
    state, words = listing.chosen.get("state"), listing.q.casefold()
    return [
        line for line in everything
        if (state in (None, line.state)) and (words in line.group.written.casefold() or words in line.group.place.text)
    ]
