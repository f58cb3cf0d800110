"""The form of a question: a new one, or the next version of one, with a look at it as it grows."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.web import roomy
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.actions import items as actions
from question_bank.actions.relations import keep_enemies
from question_bank.forms.item_filling import fill
from question_bank.forms.items import KINDS, LEVELS, ItemForm
from question_bank.item import State, Wording, texts
from question_bank.picture import Unfit
from question_bank.review import Refusal, Step, possible
from question_bank.rich_text import media_names
from question_bank.store import items as store
from question_bank.store import media, relations
from question_bank.views.items import item_or_404, refusal_words, whole
from question_bank.views.look import look
from question_bank.views.media import MOST_BODY, kept, words
from standards import store as standards

doors = Blueprint("editor", __name__)
P = Permission


@doors.route("/question-bank/new", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
@roomy(MOST_BODY)
def new() -> Any:
    """Write a question; it is kept as a draft. ``?clause=REF&kind=KIND&level=LEVEL&next=/question-bank/…`` begins it."""
    form = ItemForm()
    refs = standards.clause_ids(db.session)
    if request.method == "GET":
        _begin(form)
    elif (read := _read(form, refs, "")) is not None:
        said, enemies = read
        with work(actor()) as w:
            item_id = actions.write_item(w, said, refs, account().account_id)
            keep_enemies(w, item_id, enemies, account().account_id)
        return _saved(form, item_id)
    return _editor(form, None)


def _begin(form: ItemForm) -> None:
    """What the address asks for, as far as it is known."""
    form.clauses.data, form.next.data = request.args.get("clause", ""), request.args.get("next", "")
    if (kind := request.args.get("kind")) in KINDS:
        form.kind.data = kind
    if (level := request.args.get("level")) in LEVELS:
        form.level.data = level


@doors.route("/question-bank/<int:item_id>/edit", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
@roomy(MOST_BODY)
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
        form.enemies.data = "\n".join(enemy.code for enemy in relations.enemies_of(db.session, item_id))
        form.next.data = request.args.get("next", "")
    elif (read := _read(form, refs, item.code)) is not None:
        said, enemies = read
        with work(actor()) as w:
            outcome = actions.revise_item(w, item_id, whole(form.version.data), said, refs, account().account_id)
            if not isinstance(outcome, Refusal):
                keep_enemies(w, item_id, enemies, account().account_id)
        if not isinstance(outcome, Refusal):
            return _saved(form, item_id, draft=outcome is State.DRAFT)
        form.form_errors.append(refusal_words(outcome))
        return _editor(form, item_or_404(item_id), 409)
    return _editor(form, item)


def _saved(form: ItemForm, item_id: int, draft: bool = True) -> Any:
    """On to the question's page, or back to where somebody came from to write it. Without a change there is no ``draft``."""
    if not draft:
        flash(_("已保存。题目的文字没有改动，没有新的一版。"), "good")
        return redirect(_own_path(form.next.data) or url_for("items.show", item_id=item_id))
    if came_from := _own_path(form.next.data):
        code = item_or_404(item_id).code
        flash(_("草稿 %(code)s 已保存。看一遍无误后，提交给另一位培训师审核。", code=code), "good")
        return redirect(came_from)
    flash(_("草稿已保存。看一遍无误后，提交给另一位培训师审核。"), "good")
    return redirect(url_for("items.show", item_id=item_id))


def _own_path(target: str | None) -> str:
    """A path on this site; "" for anything that could lead elsewhere."""
    target = str(target or "")
    return target if target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable() else ""


def _version_to_edit(item: store.ItemRow) -> store.VersionRow | None:
    """What an edit starts from; None while the item cannot be edited."""
    rows = store.versions(db.session, item.id)
    standing = store.standing(db.session, item, rows)
    if Step.EDIT not in possible(standing, account().account_id):
        return None
    return next(row for row in rows if row.id == standing.version_id)


def _read(form: ItemForm, refs: Mapping[str, int], code: str) -> tuple[Wording, list[int]] | None:
    """The wording and the enemies when the form was sent to be saved and nothing is wrong with it; every other button saves nothing."""
    if do := request.form.get("do"):
        if do == "more":
            form.more()
        elif do == "attach":
            _attach(form)
        if do != "find":  # what is ticked in the list that was found stays ticked there
            form.merge()
        return None
    said = form.read(refs)
    enemies = form.read_enemies(relations.ids_by_code(db.session, form.enemy_codes()), code)
    form.merge()
    if said is None or form.errors or _unknown_media(form, said):
        return None
    return said, enemies


def _attach(form: ItemForm) -> None:
    """Put an uploaded picture or sound at the end of the stem: the way without a script."""
    try:
        _name, text = kept(request.files.get("file"))
    except Unfit as unfit:
        form.file.errors = [words(unfit)]
    else:
        form.stem.data = f"{str(form.stem.data or '').rstrip()}\n\n{text}"


def _unknown_media(form: ItemForm, said: Wording) -> bool:
    """Whether a text names a picture or sound that is not there; that is then said at the stem."""
    named = media_names("\n".join([*texts(said), said.rationale]))
    missing = [name for name in named if name not in media.ids(db.session, named)]
    form.stem.errors = [*form.stem.errors, *(_("没有图片或声音 %(name)s，请重新插入。", name=name) for name in missing)]
    return bool(missing)


def _editor(form: ItemForm, item: store.ItemRow | None, status: int = 200) -> tuple[str, int]:
    """The form with everything that was typed, and the look at the question."""
    seen = look(form, item.id if item else 0)
    page = render_template("question_bank/edit.html", form=form, item=item, back=_own_path(form.next.data), **seen)
    return page, 422 if form.errors and status == 200 else status
