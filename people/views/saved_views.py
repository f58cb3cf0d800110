"""Lists kept as one narrowed them: any list page may offer them by the macro ``saved_views``."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from foundation.database import db
from foundation.work import work
from people.actions import saved_views as actions
from people.forms import SavedViewForm
from people.login import account, actor, requires
from people.permission import Permission
from people.saved_view import MOST, Refusal
from people.store import saved_views as store

doors = Blueprint("saved_views", __name__, url_prefix="/views")
REFUSALS = {
    Refusal.TOO_MANY: _l("每个页面最多保存 %(most)s 个视图，先删除不用的。", most=MOST),
    Refusal.TOO_LONG: _l("条件太多，保存不下，请减少一些。"),
    Refusal.TAKEN: _l("您已有一个同名的视图"),
}


def _back(page: str, query: str) -> str:
    """The list as a view shows it."""
    if page not in current_app.view_functions:  # the page has gone since
        return url_for("home.index")
    return url_for(page) + (f"?{query}" if query else "")


def _tidy(query: str) -> str:
    """A query string without the page number and what is empty."""
    try:
        pairs = parse_qsl(query, max_num_fields=60)
    except ValueError:
        return ""
    return urlencode([(name, value) for name, value in pairs if name != "page" and "\0" not in name + value])


def _page(name: str) -> str:
    """The endpoint of a list page, which needs nothing but its address; anything else is nowhere."""
    rules = current_app.url_map.iter_rules(name) if name in current_app.view_functions else ()
    if not any("GET" in (rule.methods or ()) and not rule.arguments for rule in rules):
        abort(404)
    return name


@doors.post("")
@requires(Permission.SIGNED_IN)
def keep() -> Any:
    """Keep the present narrowing of a list under a name."""
    form = SavedViewForm()
    page, query = _page(str(form.page.data or "")), _tidy(str(form.query.data or ""))
    if form.validate_on_submit():
        try:
            with work(actor()) as w:
                kept = actions.keep(w, account().account_id, page, str(form.name.data).strip(), query)
        except IntegrityError:  # the same name, kept twice at once
            kept = Refusal.TAKEN
        if not isinstance(kept, Refusal):
            words = _("视图“%(name)s”已保存。") if kept else _("视图“%(name)s”已改成现在的条件。")
            flash(words % {"name": form.name.data}, "good")
            return redirect(_back(page, query))
        form.name.errors = [REFUSALS[kept]]
    return render_template("people/saved_view.html", form=form, view=None, back=_back(page, query)), 422


@doors.route("/<int:view_id>", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def show(view_id: int) -> Any:
    """Rename one's view."""
    view = store.view_in_scope(db.session, account().account_id, view_id) or abort(404)
    back = _back(view.page, view.query)
    form = SavedViewForm(name=view.name, page=view.page, query=view.query)
    if form.validate_on_submit():
        with work(actor()) as w:
            refused = actions.rename(w, account().account_id, view_id, str(form.name.data).strip())
        if refused is None:
            flash(_("视图已改名。"), "good")
            return redirect(back)
        form.name.errors = [REFUSALS[refused]]
    return render_template("people/saved_view.html", form=form, view=view, back=back), 422 if form.errors else 200


@doors.post("/<int:view_id>/delete")
@requires(Permission.SIGNED_IN)
def delete(view_id: int) -> Any:
    """Drop one's view; the list stays as it is."""
    view = store.view_in_scope(db.session, account().account_id, view_id) or abort(404)
    back = _back(view.page, view.query)
    with work(actor()) as w:
        actions.drop(w, account().account_id, view_id)
    flash(_("视图“%(name)s”已删除。", name=view.name), "good")
    return redirect(back)
