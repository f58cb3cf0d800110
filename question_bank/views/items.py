"""The page of one question, and the steps of its review."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.actions import items as actions
from question_bank.forms.items import ReviewForm
from question_bank.review import Refusal, Step, possible
from question_bank.store import clauses as asked_about
from question_bank.store import faces
from question_bank.store import items as store
from standards import store as standards

doors = Blueprint("items", __name__)
P = Permission


@doors.get("/question-bank/<int:item_id>")
@requires(P.ITEM_READ)
def show(item_id: int) -> str:
    """One question: its face, its key, its clauses, its history. ``?version=2`` shows an older wording."""
    return _page(item_or_404(item_id), ReviewForm())


def item_or_404(item_id: int) -> store.ItemRow:
    """The item of that id; a stranger to the bank never comes this far."""
    return store.item(db.session, item_id) or abort(404)


def _page(item: store.ItemRow, form: ReviewForm) -> str:
    rows = store.versions(db.session, item.id)
    standing = store.standing(db.session, item, rows)
    asked = request.args.get("version", "")
    shown = next((row for row in rows if str(row.number) == asked), None) or next(row for row in rows if row.id == standing.version_id)
    form.version.data = str(standing.version_id)
    clause_ids = asked_about.clause_ids_of(db.session, [shown.id])[shown.id]
    found = standards.clauses_by_id(db.session, clause_ids)
    me = account()
    steps = possible(standing, me.account_id) if me.may(P.ITEM_WRITE) else []
    return render_template(
        "question_bank/item.html", item=item, versions=rows, shown=shown, standing=standing, form=form, face=faces.face_of(shown),
        key=faces.key_of(shown),
        clauses=[found[key] for key in clause_ids], names=store.names(db.session, {row.author_id for row in rows}), steps=steps,
        reviews=store.reviews(db.session, item.id), own=me.account_id in standing.authors,
    )


@doors.post("/question-bank/<int:item_id>/step")
@requires(P.ITEM_WRITE)
def take_step(item_id: int) -> Any:
    """Submit, withdraw, put to use, discard a revision, retire or restore."""
    chosen = request.form.get("step", "")
    if chosen not in set(Step) - {Step.EDIT, Step.APPROVE, Step.RETURN}:
        abort(400)
    return _step(item_id, Step(chosen), ReviewForm())


@doors.post("/question-bank/<int:item_id>/review")
@requires(P.ITEM_APPROVE)
def review(item_id: int) -> Any:
    """Approve or return somebody else's version; a return says what to change."""
    chosen = request.form.get("verdict", "")
    if chosen not in (Step.APPROVE, Step.RETURN):
        abort(400)
    form = ReviewForm()
    if not form.validate():
        return _page(item_or_404(item_id), form), 422
    return _step(item_id, Step(chosen), form)


def _step(item_id: int, step: Step, form: ReviewForm) -> Any:
    try:
        with work(actor()) as w:
            outcome = actions.take_step(w, item_id, step, whole(form.version.data), account().account_id, form.comment.data or "")
    except LookupError:
        abort(404)
    if outcome is Refusal.NO_COMMENT:
        form.comment.errors = [refusal_words(outcome)]
        return _page(item_or_404(item_id), form), 422
    if isinstance(outcome, Refusal):
        flash(refusal_words(outcome), "bad")
        return _page(item_or_404(item_id), form), 409
    flash(_done_words(step), "good")
    return redirect(url_for("items.show", item_id=item_id))


def whole(text: str | None) -> int:
    """A whole number that a form carries; 0 for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def refusal_words(refusal: Refusal) -> str:
    """Why a step was not taken, and what to do instead."""
    words = {
        Refusal.WRONG_STATE: _("试题的状态已经变了，现在不能这样做。请看最新的状态再决定。"),
        Refusal.OWN_WORK: _("这一版有您写的内容，不能由您审核。请另一位培训师来审。"),
        Refusal.NOT_YOURS: _("只有写这一版的人才能撤回。审核人可以退回并写明意见。"),
        Refusal.STALE: _("别人刚保存了新的一版。请先看新版，再决定。"),
        Refusal.NO_COMMENT: _("请写明要改什么，再退回。"),
    }
    return str(words[refusal])


def _done_words(step: Step) -> str:
    words = {
        Step.SUBMIT: _("已提交，等另一位培训师审核。"),
        Step.WITHDRAW: _("已撤回，可以继续修改。"),
        Step.APPROVE: _("已通过。启用后，新组的试卷就会用它。"),
        Step.RETURN: _("已退回给作者。"),
        Step.MAKE_LIVE: _("已启用。"),
        Step.DISCARD: _("修订已放弃，在用的版本不变。"),
        Step.RETIRE: _("已停用，新组的试卷不再用它。"),
        Step.RESTORE: _("已恢复。"),
    }
    return str(words[step])
