"""A corrected name: the holder, HR or the company's coordinator asks for it, a decider decides."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from certification.actions import licence_acts as actions
from certification.actions.licence_acts import Act
from certification.forms.licences import NameForm
from certification.licence import Kind
from certification.licence_act import Refusal
from certification.store.licences import LicenceView
from certification.views import licences
from certification.views.words import LICENCE_REFUSALS, REASON_WORDS
from foundation.work import work
from people.login import actor, requires
from people.permission import Permission

doors = Blueprint("licence_names", __name__)


@doors.get("/licences/<number>/name")
@requires(Permission.SIGNED_IN)
def new(number: str) -> str:
    """Ask for another name on the licence."""
    return _page(_found(number), NameForm())


@doors.post("/licences/<number>/name")
@requires(Permission.SIGNED_IN)
def ask(number: str) -> Any:
    """Keep the request for a decider."""
    view, form = _found(number), NameForm()
    form.offer(REASON_WORDS)
    if not form.validate_on_submit():
        return _page(view, form), 422
    act = Act(Kind.SUPERSEDED, form.reason_code.data, str(form.reason.data).strip(), holder=str(form.holder.data).strip())
    with work(actor()) as w:
        made = actions.propose(w, view.id, act)
    if isinstance(made, Refusal):
        field = form.holder if made in {Refusal.NO_NAME, Refusal.SAME_NAME} else None
        if field is not None:
            field.errors = [str(LICENCE_REFUSALS[made])]
            return _page(view, form), 422
        flash(LICENCE_REFUSALS[made], "bad")
        return _page(view, form), 409
    flash(_("已提交。认证决定人核对后换发新证，在此之前原证照常有效。"), "good")
    return redirect(url_for("licences.show", number=number))


def _found(number: str) -> LicenceView:
    """The licence, where the asker may ask about its name; whoever may not is told so as a stranger is."""
    view = licences.found(number)
    return view if licences.may_ask(view) else abort(404)


def _page(view: LicenceView, form: NameForm) -> str:
    form.offer(REASON_WORDS)
    return render_template("certification/licence_name.html", view=view, form=form)
