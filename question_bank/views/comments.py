"""Trainers talk about a version of a question: comments, settled one by one."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for

from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.actions import comments as actions
from question_bank.forms.talk import CommentForm
from question_bank.views.items import item_or_404, page, whole

doors = Blueprint("item_comments", __name__)
P = Permission


@doors.post("/question-bank/<int:item_id>/comments")
@requires(P.ITEM_WRITE)
def comment(item_id: int) -> Any:
    """Say something about a version, or about a part of it."""
    item, form = item_or_404(item_id), CommentForm()
    if not form.validate():
        return page(item, comment=form), 422
    try:
        with work(actor()) as w:
            kept = actions.comment(w, item.id, whole(form.number.data), account().account_id, form.part.data or "", form.text.data or "")
    except LookupError:
        abort(404)
    return redirect(url_for("items.show", item_id=item_id, _anchor=f"comment-{kept}"))


@doors.post("/question-bank/<int:item_id>/comments/<int:comment_id>")
@requires(P.ITEM_WRITE)
def settle(item_id: int, comment_id: int) -> Any:
    """Settle a comment, or open it again (``settled``: yes or no)."""
    try:
        with work(actor()) as w:
            actions.settle(w, item_id, comment_id, account().account_id, request.form.get("settled") != "no")
    except LookupError:
        abort(404)
    return redirect(url_for("items.show", item_id=item_id, _anchor="comments"))
