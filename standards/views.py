"""The pages of standards: the editions, search across them, the clashes.

The pages of one edition and of one clause also show questions; they live one
floor up, in ``question_bank/views/clauses.py``.
"""

from dataclasses import dataclass

from flask import Blueprint, Flask, render_template, url_for

from foundation.database import db
from foundation.listing import Listing
from foundation.wording import language
from people.login import requires
from people.permission import Permission
from standards import search, store
from standards.clause import parse_reference

doors = Blueprint("standards", __name__)


@dataclass(frozen=True)
class Hit:
    """A clause that was found, and the language in which it is shown."""

    clause: store.ClauseView
    spoken: str


@doors.get("/standards")
@requires(Permission.SIGNED_IN)
def index() -> str:
    """Every edition; with ``q`` the clauses of all editions that match."""
    listing = Listing.from_request(("standard", "number"))
    hits = []
    if listing.q:
        listing.fill(db.session, *store.search_statement(listing.q))
        hits = [Hit(clause, search.best(clause.text, language(), listing.q)) for clause in store.views_of(listing.rows)]
    editions = sorted(store.editions(db.session), key=lambda edition: -edition.clauses)  # those loaded in full come first
    return render_template("standards/index.html", listing=listing, hits=hits, editions=editions, clash_count=store.clash_count(db.session))


@doors.get("/standards/clashes")
@requires(Permission.SIGNED_IN)
def clashes() -> str:
    """Where standards disagree."""
    return render_template("standards/clashes.html", clashes=store.clashes(db.session))


def clause_url(reference: str) -> str:
    """The page of the clause of that reference; empty when it is none."""
    found = parse_reference(reference)
    return url_for("clauses.show", code=found.standard, edition=found.edition, number=found.number) if found else ""


def init_app(app: Flask) -> None:
    """Register the doors and the filters that show clauses."""
    app.jinja_env.filters.update(pieces=search.pieces, clause_url=clause_url)
    app.register_blueprint(doors)
