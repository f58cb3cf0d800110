"""The pages of an edition and of a clause, with the questions on them for those who may read questions.

They belong to standards, but a page lives in the highest package that it reads.
"""

from collections import Counter
from typing import Any

from flask import Blueprint, abort, get_template_attribute, render_template
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from foundation.database import db
from foundation.listing import Listing
from people.login import account, requires
from people.permission import Permission
from question_bank.store import clauses as asked_about
from question_bank.store import edition_steps
from question_bank.store import items as store
from standards import store as standards
from standards.clause import Duty, Stage, Tier, covers

doors = Blueprint("clauses", __name__)


@doors.get("/standards/<code>/<edition>")
@requires(Permission.SIGNED_IN)
def edition(code: str, edition: str) -> str:
    """One edition: its clauses by chapter, searched and filtered."""
    found = standards.edition_at(db.session, code, edition) or abort(404)
    listing = Listing.from_request(("number",), ("duty", "stage", "tier", "key"))
    _offer_filters(listing, standards.clauses_of(db.session, found.id, "", {}))
    clauses = standards.clauses_of(db.session, found.id, listing.q, listing.chosen)
    listing.total = len(clauses)
    return render_template(
        "standards/edition.html", edition=found, listing=listing, chapters=_chapters(found, clauses), counts=_counts(),
        in_clash=standards.clauses_in_clash(db.session),
        earlier=any(other.effective < found.effective for other in edition_steps.editions_of(db.session, code)),
    )


@doors.get("/standards/<code>/<edition>/<number>")
@requires(Permission.SIGNED_IN)
def show(code: str, edition: str, number: str) -> str:
    """One clause with everything that is known about it."""
    clause = standards.clause_at(db.session, code, edition, number) or abort(404)
    found = standards.edition_at(db.session, code, edition) or abort(404)
    above = [chapter for chapter in found.chapters if covers(chapter["number"], clause.chapter)]
    before, after = standards.neighbours(db.session, found.id, clause)
    items = store.items_on(db.session, clause.id) if account().may(Permission.ITEM_READ) else None
    return render_template(
        "standards/clause.html", clause=clause, edition=found, above=above, before=before, after=after, items=items,
        clashes=standards.clashes(db.session, clause.id), successor=edition_steps.successor(db.session, clause),
    )


def _counts() -> dict[int, int] | None:
    """How many questions each clause has; None for those who may not know."""
    return asked_about.counts_by_clause(db.session) if account().may(Permission.ITEM_READ) else None


def _chapters(edition: standards.EditionView, clauses: list[standards.ClauseView]) -> list[dict[str, Any]]:
    """Chapters with their clauses, those without any left out; clauses outside every chapter come first."""
    headings = [{"number": "", "title": {}}, *edition.chapters]
    grouped = [{**heading, "clauses": [clause for clause in clauses if clause.chapter == heading["number"]]} for heading in headings]
    return [chapter for chapter in grouped if chapter["clauses"]]


def _offer_filters(listing: Listing, clauses: list[standards.ClauseView]) -> None:
    """Chips for what occurs in the edition, with counts."""
    word = {name: get_template_attribute("standards/_clause.html", f"{name}_word") for name in ("duty", "stage", "tier")}
    for name, label, values in (("duty", _("约束"), Duty), ("stage", _("环节"), Stage), ("tier", _p("clause", "等级"), Tier)):
        counts = Counter(str(getattr(clause, name)) for clause in clauses)
        options = {value.value: str(word[name](value.value)) for value in values if counts[value.value]}
        if len(options) > 1:
            listing.add_filter(name, label, options, counts)
    keys = sum(clause.key_clause for clause in clauses)
    if 0 < keys < len(clauses):
        listing.add_filter("key", _("关键"), {"yes": _("关键条款"), "no": _("一般条款")}, {"yes": keys, "no": len(clauses) - keys})
