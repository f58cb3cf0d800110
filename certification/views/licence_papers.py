"""A licence on paper: the certificate and the badge card, for its holder and for whoever sees the licence."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, render_template

from certification.actions import licence_papers as papers
from certification.actions.licence_papers import Data, Refusal
from certification.store import licences as store
from certification.views.licences import scope
from foundation import clock
from foundation.database import db
from foundation.pdf import MissingGlyph
from people.login import requires
from people.permission import Permission

doors = Blueprint("licence_papers", __name__)


@doors.get("/licences/<number>/licence.pdf")
@requires(Permission.SIGNED_IN)
def certificate(number: str) -> Any:
    """The certificate, A4."""
    return _printed(number, "licence", papers.certificate)


@doors.get("/licences/<number>/card.pdf")
@requires(Permission.SIGNED_IN)
def card(number: str) -> Any:
    """The badge card, on an A6 sheet."""
    return _printed(number, "card", papers.card)


def _printed(number: str, what: str, make: Callable[[Data], bytes]) -> Any:
    view = store.licence_in_scope(db.session, number, scope()) or abort(404)
    told = papers.data(db.session, view, clock.now())
    if isinstance(told, Refusal):
        return render_template("certification/licence_unprinted.html", view=view, missing=[]), 409
    try:
        made = make(told)
    except MissingGlyph as error:
        missing = [(character, f"U+{ord(character):04X}") for character in error.characters]
        return render_template("certification/licence_unprinted.html", view=view, missing=missing), 422
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{what}-{view.number}.pdf"'
    return response
