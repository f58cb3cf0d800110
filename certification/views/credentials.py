"""Credentials for everybody: the keys, a licence's token and badge, the status lists, who issues and what for.

Nobody signs in here, and browsers of other sites may ask: what is published is
meant to be checked by others. A licence's number cannot be guessed; whoever has
it has seen the licence.
"""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from certification import credential as rule
from certification.actions import badges, credentials, signing, status_lists
from certification.baking import bake
from certification.licence_number import read_number
from certification.store import credentials as store
from certification.store import licences
from certification.store.licences import LicenceView
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.pdf import MissingGlyph
from foundation.wording import mark, said
from people.login import public

doors = Blueprint("credentials", __name__)
TOKEN = "application/vc+jwt"
MINUTE = "public, max-age=60"


def _open(response: Response, cache: str = "") -> Response:
    """An answer that pages of other sites may read, and search engines are to leave alone."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if cache:
        response.headers["Cache-Control"] = cache
    return response


@doors.get("/.well-known/jwks.json")
@public
def keys() -> Response:
    """The keys that verify what was signed here."""
    response = jsonify(signing.public_keys())
    response.mimetype = "application/jwk-set+json"
    return _open(response, MINUTE)


def _found(number: str) -> LicenceView:
    return licences.public_licence(db.session, {number, read_number(number) or number}) or abort(404)


@doors.get("/credentials/<number>")
@public
def show(number: str) -> Any:
    """A credential's own address leads to the page that says what it is worth."""
    return redirect(url_for("verify.show", number=_found(number).number), 303)


@doors.get("/credentials/<number>.jwt")
@public
def token(number: str) -> Response:
    """The licence as a credential, whatever its standing."""
    view = _found(number)
    made = credentials.issue(db.session, view, clock.now()) or abort(404)
    response = Response(made, mimetype=TOKEN)
    response.headers["Content-Disposition"] = f'inline; filename="{view.number}.jwt"'
    return _open(response)


@doors.get("/credentials/<number>.png")
@public
def picture(number: str) -> Response:
    """The badge with the credential inside."""
    view, now = _found(number), clock.now()
    made = credentials.issue(db.session, view, now) or abort(404)
    grade = credentials.standing(view, now).grade
    try:
        drawn = badges.draw(said(view.programme), grade, credentials.issuer(db.session), badges.words(grade))
    except MissingGlyph as error:
        missing = " ".join(f"{character} U+{ord(character):04X}" for character in error.characters)
        return _open(Response(f"{_('有字打印不出来')}{mark('：')}{missing}", status=422, mimetype="text/plain"))
    response = Response(bake(drawn, made), mimetype="image/png")
    response.headers["Content-Disposition"] = f'inline; filename="{view.number}.png"'
    return _open(response)


@doors.get("/credentials/status/<name>")
@public
def status(name: str) -> Response:
    """A status list, as a credential of its own."""
    held = status_lists.publish(db.session, name, clock.now()) or abort(404)
    response = Response(held.token, mimetype=TOKEN)
    response.set_etag(held.tag, weak=True)
    return _open(response.make_conditional(request), MINUTE)  # type: ignore[arg-type]


@doors.get("/credentials/issuer")
@public
def issuer() -> Any:
    """Who issues, for a reader or for a program."""
    base, name = settings().public_url, credentials.issuer(db.session)
    methods = [
        {"id": f"{base}/.well-known/jwks.json#{kid}", "type": "JsonWebKey", "controller": rule.issuer_id(base), "publicKeyJwk": key}
        for kid, key in signing.published().items()
    ]
    names = [method["id"] for method in methods]
    data = {**rule.profile(base, name), "verificationMethod": methods, "assertionMethod": names}
    return _either(data, "certification/credential_issuer.html", name=name, keys=list(signing.published()), base=base)


@doors.get("/credentials/achievements/<code>/<int:edition>")
@public
def achievement(code: str, edition: int) -> Any:
    """What a credential attests: an edition of a programme, for a reader or for a program."""
    row = store.edition(db.session, code, edition) or abort(404)
    programme, name = credentials.programme_of(row), credentials.issuer(db.session)
    data = rule.achievement(settings().public_url, programme, name)
    return _either(data, "certification/credential_achievement.html", programme=programme, issuer=name)


def _either(data: dict[str, Any], template: str, **page: Any) -> Response:
    """A page for people, JSON for programs: whichever is asked for."""
    types = ["application/json", "application/ld+json", "text/html"]
    wanted = request.accept_mimetypes.best_match(types, default=types[0])
    if wanted == "text/html":
        response = Response(render_template(template, **page))
    else:
        response = jsonify({"@context": [rule.CREDENTIALS, rule.BADGES], **data})
        response.mimetype = wanted
    response.headers["Vary"] = "Accept"
    return _open(response)
