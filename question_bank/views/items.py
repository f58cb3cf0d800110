"""The pages of questions: list, one question, the form, and the steps of its review."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank import actions, store
from question_bank.forms import KINDS, LEVELS, ItemForm, ReviewForm, fill
from question_bank.item import ASKED, Level, Wording
from question_bank.review import Refusal, Step, possible
from standards import store as standards

doors = Blueprint("question_bank", __name__)
P = Permission


@doors.get("/question-bank")
@requires(P.ITEM_READ)
def index() -> str:
    """All questions."""
    names = ("state", "kind", "level", "difficulty", "key", "clause")
    listing = Listing.from_request(("changed", "code", "difficulty", "state"), names, descending=True)
    _offer_filters(listing)
    listing.fill(db.session, *store.list_statement(listing.q, listing.chosen))
    asked = listing.chosen.get("clause", "")
    clause = standards.clause(db.session, int(asked)) if asked.isdecimal() else None
    return render_template("question_bank/index.html", listing=listing, clause=clause)


def _offer_filters(listing: Listing) -> None:
    states = {"live": _("在用"), "draft": _("草稿"), "in_review": _("待审核"), "approved": _("已通过"), "retired": _("已停用")}
    listing.add_filter("state", _("状态"), states)
    listing.add_filter("kind", _("题型"), {kind.value: str(KINDS[kind]) for kind in ASKED})
    listing.add_filter("level", _("层次"), {level.value: str(LEVELS[level]) for level in Level})
    listing.add_filter("difficulty", _("难度"), {str(step): str(step) for step in range(1, 6)})
    listing.add_filter("key", _("关键"), {"yes": _("关键条款"), "no": _("一般条款")})


@doors.get("/question-bank/<int:item_id>")
@requires(P.ITEM_READ)
def show(item_id: int) -> str:
    """One question: its face, its key, its clauses, its history. ``?version=2`` shows an older wording."""
    return _page(_loaded(item_id), ReviewForm())


def _loaded(item_id: int) -> store.ItemRow:
    return store.item(db.session, item_id) or abort(404)


def _page(item: store.ItemRow, form: ReviewForm) -> str:
    rows = store.versions(db.session, item.id)
    standing = store.standing(db.session, item, rows)
    asked = request.args.get("version", "")
    shown = next((row for row in rows if str(row.number) == asked), None) or next(row for row in rows if row.id == standing.version_id)
    form.version.data = str(standing.version_id)
    clause_ids = store.clause_ids_of(db.session, [shown.id])[shown.id]
    found = standards.clauses_by_id(db.session, clause_ids)
    me = account()
    steps = possible(standing, me.account_id) if me.may(P.ITEM_WRITE) else []
    return render_template(
        "question_bank/item.html", item=item, versions=rows, shown=shown, standing=standing, form=form, face=store.face_of(shown),
        key=store.key_of(shown),
        clauses=[found[key] for key in clause_ids], names=store.names(db.session, {row.author_id for row in rows}), steps=steps,
        reviews=store.reviews(db.session, item.id), own=me.account_id in standing.authors,
    )


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
        return redirect(url_for("question_bank.show", item_id=item_id))
    return _editor(form, None)


@doors.route("/question-bank/<int:item_id>/edit", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def edit(item_id: int) -> Any:
    """Write the next version; the one in use stays in use until the new one is approved and made live."""
    item = _loaded(item_id)
    form = ItemForm()
    refs = standards.clause_ids(db.session)
    if request.method == "GET":
        version = _version_to_edit(item)
        if version is None:
            flash(refusal_words(Refusal.WRONG_STATE), "warn")
            return redirect(url_for("question_bank.show", item_id=item_id))
        fill(form, store.wording_of(db.session, version), version.id)
    elif (said := _read(form, refs)) is not None:
        with work(actor()) as w:
            outcome = actions.revise_item(w, item_id, _whole(form.version.data), said, refs, account().account_id)
        if not isinstance(outcome, Refusal):
            flash(_("草稿已保存。看一遍无误后，提交给另一位培训师审核。"), "good")
            return redirect(url_for("question_bank.show", item_id=item_id))
        form.form_errors.append(refusal_words(outcome))
        return _editor(form, _loaded(item_id), 409)
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
        return _page(_loaded(item_id), form), 422
    return _step(item_id, Step(chosen), form)


def _step(item_id: int, step: Step, form: ReviewForm) -> Any:
    try:
        with work(actor()) as w:
            outcome = actions.take_step(w, item_id, step, _whole(form.version.data), account().account_id, form.comment.data or "")
    except LookupError:
        abort(404)
    if outcome is Refusal.NO_COMMENT:
        form.comment.errors = [refusal_words(outcome)]
        return _page(_loaded(item_id), form), 422
    if isinstance(outcome, Refusal):
        flash(refusal_words(outcome), "bad")
        return _page(_loaded(item_id), form), 409
    flash(_done_words(step), "good")
    return redirect(url_for("question_bank.show", item_id=item_id))


def _whole(text: str | None) -> int:
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

