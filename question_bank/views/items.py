"""The page of one question, and the steps of its review."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission, Role
from people.store import accounts
from question_bank.actions import items as actions
from question_bank.forms.items import ReviewForm
from question_bank.forms.talk import PARTS, CommentForm, RemarkForm
from question_bank.item import State
from question_bank.review import Refusal, Standing, Step, possible
from question_bank.store import clauses as asked_about
from question_bank.store import comments, faces, relations, remarks, use
from question_bank.store import items as store
from standards import store as standards

doors = Blueprint("items", __name__)
P = Permission
ItemRow = store.ItemRow


@doors.get("/question-bank/<int:item_id>")
@requires(P.ITEM_READ)
def show(item_id: int) -> str:
    """One question: its face, its key, its clauses, its history. ``?version=2`` shows an older wording."""
    return page(item_or_404(item_id))


def item_or_404(item_id: int) -> ItemRow:
    """The item of that id; a stranger to the bank never comes this far."""
    return store.item(db.session, item_id) or abort(404)


def page(
    item: ItemRow, review: ReviewForm | None = None, comment: CommentForm | None = None, remark: RemarkForm | None = None
) -> str:
    """The page of a question, with the forms on it as they were sent, where one was not taken."""
    rows = store.versions(db.session, item.id)
    standing = store.standing(db.session, item, rows)
    shown = _shown(rows, standing.version_id, comment, remark)
    form = review or ReviewForm()
    form.version.data = str(standing.version_id)
    talk, wrong = comment or CommentForm(formdata=None), remark or RemarkForm(formdata=None)
    talk.number.data = wrong.number.data = str(shown.number)
    clause_ids = asked_about.clause_ids_of(db.session, [shown.id])[shown.id]
    found = standards.clauses_by_id(db.session, clause_ids)
    me = account()
    steps = possible(standing, me.account_id) if me.may(P.ITEM_WRITE) else []
    return render_template(
        "question_bank/item.html", item=item, versions=rows, shown=shown, standing=standing, form=form, face=faces.face_of(shown),
        key=faces.key_of(shown), clauses=[found[key] for key in clause_ids], clashes=standards.clashes_on(db.session, clause_ids),
        names=store.names(db.session, {*(row.author_id for row in rows), *standing.approvers}), steps=steps,
        reviews=store.reviews(db.session, item.id), own=me.account_id in standing.authors, approved=me.account_id in standing.approvers,
        talk=talk, comments=comments.of_item(db.session, item.id), parts=PARTS, wrong=wrong, remarked=remarks.open_on(db.session, item.id),
        figures=use.figures(db.session, shown.id), enemies=relations.enemies_of(db.session, item.id),
        short=_short_of(standing),
    )


def _short_of(standing: Standing) -> int:
    """How many trainers are missing who could review the version; an author among them does not count."""
    return max(0, standing.needed - accounts.count_with(db.session, Role.TRAINER) + len(standing.authors))


def _shown(rows: list[store.VersionRow], current: int, comment: CommentForm | None, remark: RemarkForm | None) -> store.VersionRow:
    """The version that was asked for, by ``?version=`` or by a form that comes back, else the current one."""
    sent = comment.number.data if comment else remark.number.data if remark else None
    asked = sent or request.args.get("version", "")
    return next((row for row in rows if str(row.number) == asked), None) or next(row for row in rows if row.id == current)


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
        return page(item_or_404(item_id), form), 422
    return _step(item_id, Step(chosen), form)


def _step(item_id: int, step: Step, form: ReviewForm) -> Any:
    try:
        with work(actor()) as w:
            outcome = actions.take_step(w, item_id, step, whole(form.version.data), account().account_id, form.comment.data or "")
    except LookupError:
        abort(404)
    if outcome is Refusal.NO_COMMENT:
        form.comment.errors = [refusal_words(outcome)]
        return page(item_or_404(item_id), form), 422
    if isinstance(outcome, Refusal):
        flash(refusal_words(outcome), "bad")
        return page(item_or_404(item_id), form), 409
    half = (step, outcome) == (Step.APPROVE, State.IN_REVIEW)
    flash(_("已通过。这是关键条款，还要另一位培训师也通过。") if half else _done_words(step), "good")
    return redirect(url_for("items.show", item_id=item_id))


def whole(text: str | None) -> int:
    """A whole number that a form carries; 0 for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def refusal_words(refusal: Refusal) -> str:
    """Why a step was not taken, and what to do instead."""
    words = {
        Refusal.WRONG_STATE: _("试题的状态已经变了，现在不能这样做。请看最新的状态再决定。"),
        Refusal.OWN_WORK: _("这一版有您写的内容，不能由您审核。请另一位培训师来审。"),
        Refusal.APPROVED_ALREADY: _("您已经通过了这一版。关键条款要两个人通过，请另一位培训师来审。"),
        Refusal.NOT_YOURS: _("只有写这一版的人才能撤回。审核人可以退回并写明意见。"),
        Refusal.STALE: _("别人刚保存了新的一版。请先看新版，再决定。"),
        Refusal.NO_CLAUSE: _("还没有写明出自哪一条。请先补上条款，再提交审核。"),
        Refusal.NO_RATIONALE: _("这道题没有解析。请退回，让作者写明依据哪一条。"),
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
