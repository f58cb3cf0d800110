"""A person's file: the overview, the line of time, a sealed number for once, and the whole to take away."""

from collections import Counter
from typing import Any

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import breach as breach_rule
from certification.actions import person_file as actions
from certification.actions.licences import zone
from certification.forms.person_file import FIELDS, RevealForm
from certification.store import breaches
from certification.views import breach_words, person_timeline
from certification.views.person_coming import coming
from certification.views.person_contents import DISPATCH_DAYS, plain, who, whole
from certification.views.person_export import document
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import local
from foundation.work import work
from people import identity
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("person_file", __name__, url_prefix="/people")
P = Permission
SELF = "self"
SHOWN = 10
MASKS = {"phone": identity.mask_phone, "id_number": identity.mask_id}


def _found(staff_no: str) -> Row[Any]:
    return who(staff_no) or abort(404)


@doors.get("/me")
@requires(P.SIGNED_IN)
def me() -> str:
    """My own file."""
    return _page(_found(account().staff_no))


@doors.get("/<staff_no>")
@requires(P.SIGNED_IN)
def show(staff_no: str) -> str:
    """Somebody's file, section by section."""
    return _page(_found(staff_no))


def _page(person: Row[Any], form: RevealForm | None = None, open_field: str = "") -> str:
    now = clock.now()
    file = whole(person, now)
    sealed = {"phone": person.phone, "id_number": person.id_number}
    numbers = {name: plain(value, None if name == open_field else MASKS[name]) for name, value in sealed.items()}
    points = breach_rule.total(breaches.findings(db.session, person.id), now, zone())
    return render_template(
        "certification/person_file.html", file=file, who=person, now=now, coming=coming(file, now), numbers=numbers, opened=open_field,
        form=form or RevealForm(formdata=None), fields=FIELDS, words=breach_words, points=points, say=person_timeline, shown=SHOWN,
        whys=person_timeline.dispatch_words(file), days=DISPATCH_DAYS, may_export=_may_export(person),
    )


@doors.get("/<staff_no>/timeline")
@requires(P.SIGNED_IN)
def timeline(staff_no: str) -> str:
    """Everything that happened, the newest first; by kind, and searched."""
    person, now = _found(staff_no), clock.now()
    listing = Listing.from_request(("when",), ("kind",), True)
    every = person_timeline.moments(whole(person, now, ever=True), now)
    counts = Counter(one["kind"] for one in every)
    offered = {kind: str(word) for kind, word in person_timeline.KINDS.items() if counts[kind]}
    listing.add_filter("kind", _("类别"), offered, counts)
    chosen = listing.chosen.get("kind")
    wanted = [one for one in every if chosen not in offered or one["kind"] == chosen]
    for word in listing.q.casefold().split():
        wanted = [one for one in wanted if word in f"{one['title']} {one['text']}".casefold()]
    listing.total = len(wanted)
    listing.page = min(listing.page, listing.pages)
    listing.rows = wanted[(listing.page - 1) * listing.per_page : listing.page * listing.per_page]
    return render_template("certification/person_timeline.html", listing=listing, who=person, own=person.id == account().person_id)


@doors.post("/<staff_no>/reveal")
@requires(P.SIGNED_IN)
def reveal(staff_no: str) -> Any:
    """Show one sealed number in this answer, and nowhere else; whoever looks at another's says what for."""
    person, form = _found(staff_no), RevealForm()
    own = person.id == account().person_id
    if own:
        del form.reason
    if not form.validate_on_submit():
        return _page(person, form), 422
    with work(actor()) as w:
        actions.revealed(w, person.id, str(form.field.data), SELF if own else str(form.reason.data))
    return _page(person, None, str(form.field.data))


def _may_export(person: Row[Any]) -> bool:
    """The person themself, and HR on their behalf."""
    return person.id == account().person_id or account().may(P.PARTNER_WRITE)


@doors.post("/<staff_no>/export")
@requires(P.SIGNED_IN)
def export(staff_no: str) -> Response:
    """The whole file as JSON."""
    person, now = _found(staff_no), clock.now()
    if not _may_export(person):
        abort(403)
    content = document(whole(person, now, ever=True, most=None), now)
    with work(actor()) as w:
        actions.exported(w, person.id, person.id == account().person_id)
    name = "".join(one if one.isascii() and one.isalnum() else "-" for one in person.staff_no)
    return Response(
        content, mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="person-{name}-{local(now):%Y%m%d}.json"'},
    )
