"""The form of a question: a new one, or the next version of one."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.actions import items as actions
from question_bank.forms.items import ItemForm, fill
from question_bank.item import Wording
from question_bank.review import Refusal, Step, possible
from question_bank.store import items as store
from question_bank.views.items import item_or_404, refusal_words, whole
from standards import store as standards

doors = Blueprint("editor", __name__)
P = Permission


@doors.route("/question-bank/new", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def new() -> Any:
    """Write a question; it is kept as a draft."""
    form = ItemForm()
    refs = standards.clause_ids(db.session)
    if request.method == "GET":
        form.clauses.data = request.args.get("clause", "")
    elif (said := _read(form, refs)) is not None:
        with work(actor()) as w:
            item_id = actions.write_item(w, said, refs, account().account_id)
        flash(_("草稿已保存。看一遍无误后，提交给另一位培训师审核。"), "good")
        return redirect(url_for("items.show", item_id=item_id))
    return _editor(form, None)


@doors.route("/question-bank/<int:item_id>/edit", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def edit(item_id: int) -> Any:
    """Write the next version; the one in use stays in use until the new one is approved and made live."""
    item = item_or_404(item_id)
    form = ItemForm()
    refs = standards.clause_ids(db.session)
    if request.method == "GET":
        version = _version_to_edit(item)
        if version is None:
            flash(refusal_words(Refusal.WRONG_STATE), "warn")
            return redirect(url_for("items.show", item_id=item_id))
        fill(form, store.wording_of(db.session, version), version.id)
    elif (said := _read(form, refs)) is not None:
        with work(actor()) as w:
            outcome = actions.revise_item(w, item_id, whole(form.version.data), said, refs, account().account_id)
        if not isinstance(outcome, Refusal):
            flash(_("草稿已保存。看一遍无误后，提交给另一位培训师审核。"), "good")
            return redirect(url_for("items.show", item_id=item_id))
        form.form_errors.append(refusal_words(outcome))
        return _editor(form, item_or_404(item_id), 409)
    return _editor(form, item)


def _version_to_edit(item: store.ItemRow) -> store.VersionRow | None:
    """What an edit starts from; None while the item cannot be edited."""
    rows = store.versions(db.session, item.id)
    standing = store.standing(db.session, item, rows)
    if Step.EDIT not in possible(standing, account().account_id):
        return None
    return next(row for row in rows if row.id == standing.version_id)


def _read(form: ItemForm, refs: Mapping[str, int]) -> Wording | None:
    """The wording when the form was sent to be saved and nothing is wrong with it; finding clauses and adding rows save nothing."""
    if (do := request.form.get("do")) in ("find", "add", "more"):
        if do == "add":
            form.merge()
        elif do == "more":
            form.more()
        return None
    said = form.read(refs)
    form.merge()
    return said


def _editor(form: ItemForm, item: store.ItemRow | None, status: int = 200) -> tuple[str, int]:
    """The form with everything that was typed, the clauses that were named, and those that were looked for."""
    refs = standards.clause_ids(db.session)
    named = standards.clauses_by_id(db.session, [refs[ref] for ref in form.references() if ref in refs])
    query = str(form.query.data or "").strip()
    found = standards.search_clauses(db.session, query, 12) if query else None
    form.picked.choices = [(clause.ref, clause.ref) for clause in found or []]
    page = render_template("question_bank/edit.html", form=form, item=item, named=list(named.values()), query=query, found=found)
    return page, 422 if form.errors and status == 200 else status
