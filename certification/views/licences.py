"""Licences: the board for those who look after them, the holder's own, one licence's ledger, the public verify page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, stream_with_context, url_for
from flask_babel import gettext as _

from certification import decision
from certification import licence as rule
from certification.actions import licences as actions
from certification.decision import Case
from certification.forms.licences import DEEDS, StandingForm
from certification.licence import Kind, Standing, State
from certification.licence_number import read_number
from certification.store import decisions as decision_store
from certification.store import licences as store
from certification.store import standings
from certification.store.licences import Entry, LicenceView, Scope
from certification.store.standings import Board
from certification.views import cards
from certification.views.words import KIND_WORDS, LICENCE_REFUSALS, REFUSALS, STATE_WORDS
from foundation import clock
from foundation.cells import csv_lines
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import instant, last_day, local, mark, said
from foundation.work import work
from people.login import account, actor, public, requires
from people.permission import Permission

doors = Blueprint("licences", __name__)
WITHIN = ("7", "30", "60", "90")
KEPT = ("standing", "within", "partner", "programme", "city")


def scope() -> Scope:
    """Whose licences the asker sees."""
    me = account()
    if not me.may(Permission.STANDING_READ):
        return Scope(me.person_id)
    return Scope(me.person_id, me.company, everyone=me.company is None)


@doors.get("/licences/mine")
@requires(Permission.SIGNED_IN)
def mine() -> str:
    """The holder's own cards."""
    now, me = clock.now(), account()
    views = store.licences_of(db.session, me.person_id)
    return render_template("certification/licences_mine.html", held=[(cards.card(view, now), view) for view in views])


@doors.get("/licences")
@requires(Permission.SIGNED_IN)
def board() -> str:
    """Everybody's standing, or the holder's own cards where that is all one may see."""
    me = account()
    if not me.may(Permission.STANDING_READ):
        return mine()
    listing = Listing.from_request(("until", "name", "staff_no", "partner", "city", "standing"), KEPT)
    asked = _narrowed(listing)
    partners, programmes, cities = standings.choices(db.session, me.company)
    base = _board().narrow(partner=_chosen(listing, "partner"), programme=_chosen(listing, "programme"), city=_chosen(listing, "city"))
    figures = base.figures(db.session)
    listing.add_filter("standing", _("状态"), {state: str(word) for state, word in STATE_WORDS.items()}, figures)
    listing.add_filter("within", _("到期"), {days: _("%(days)s 天内", days=days) for days in WITHIN})
    asked.fill(db.session, listing, _total(listing, figures))
    return render_template(
        "certification/licences_board.html", listing=listing, figures=figures, partners=partners,
        programmes={code: said(title) for code, title in programmes.items()}, cities=cities, soon=settings().expiring_days,
    )


def _total(listing: Listing, figures: dict[str, int]) -> int | None:
    """How many rows there are, where the figures tell."""
    if listing.q or _chosen(listing, "within") in WITHIN:
        return None
    return figures.get(_chosen(listing, "standing"), sum(figures.values()))


def _board() -> Board:
    return Board(clock.now(), settings().expiring_days, account().company)


def _chosen(listing: Listing, name: str) -> str:
    return listing.chosen.get(name, "")


def _narrowed(listing: Listing) -> Board:
    within = _chosen(listing, "within")
    return _board().narrow(
        listing.q, _chosen(listing, "standing"), _chosen(listing, "partner"), _chosen(listing, "programme"), _chosen(listing, "city"),
        int(within) if within in WITHIN else 0,
    )


@doors.get("/licences.csv")
@requires(Permission.STANDING_READ)
def export() -> Response:
    """The board as it is narrowed, as CSV."""
    asked = _narrowed(Listing.from_request(("until",), KEPT))
    name = f"licences-{local(clock.now()):%Y%m%d}.csv"
    return Response(
        stream_with_context(csv_lines(_csv_rows(asked))), mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv_rows(asked: Board) -> Iterator[list[object]]:
    yield [_("姓名"), _("工号"), _("合作方"), _("城市"), _("认证项目"), _("状态"), _("等级"), _("有效至"), _("最近认证"), _("证号")]
    grades = {"qualified": _("合格"), "excellent": _("优秀")}
    for row in asked.export(db.session):
        last = local(row.until - timedelta(microseconds=1)).date() if row.until else ""
        certified = local(row.certified).date() if row.certified else ""
        yield [
            row.name, row.staff_no, row.partner, row.city, said(row.title), str(STATE_WORDS[row.standing]), grades.get(row.grade, ""), last,
            certified, row.number,
        ]


@doors.get("/licences/<number>")
@requires(Permission.SIGNED_IN)
def show(number: str) -> str:
    """One licence: the card, its ledger, and for a decider what may be done with it."""
    return _page(_found(number), StandingForm())


@doors.post("/licences/<number>")
@requires(Permission.DECIDE)
def change(number: str) -> Any:
    """Suspend, reinstate or revoke."""
    view, form = _found(number), StandingForm()
    if not form.validate_on_submit():
        return _page(view, form), 422
    kind, reason = Kind(form.kind.data), str(form.reason.data).strip()
    with work(actor()) as w:
        barred = decision.refusal(decision_store.decider_of(w.session, account().account_id), _case(w.session, view))
        refused = None if barred else actions.change(w, view.id, kind, reason)
        if barred:
            w.record(f"licence.{kind}", f"licence:{view.id}", "refused", why=barred)
    if why := REFUSALS[barred] if barred else LICENCE_REFUSALS[refused] if refused else None:
        flash(why, "bad")
        return _page(_found(number), form), 409
    flash(_("已%(deed)s %(name)s 的上岗证。", deed=DEEDS[kind], name=view.name), "good")
    return redirect(url_for("licences.show", number=number))


def _found(number: str) -> LicenceView:
    return store.licence_in_scope(db.session, number, scope()) or abort(404)


def _case(session: store.Reader, view: LicenceView) -> Case:
    """The licence as a case to be judged: those who examined its holder last are involved."""
    return Case(True, view.person_id, view.partner_id, decision_store.latest_involved(session, view.person_id, view.programme_id))


def _page(view: LicenceView, form: StandingForm) -> str:
    now, me = clock.now(), account()
    held = rule.standing_at(view.spans, now, settings().expiring_days)
    barred = None
    if me.may(Permission.DECIDE):
        barred = decision.refusal(decision_store.decider_of(db.session, me.account_id), _case(db.session, view))
    form.kind.choices = [(kind, word) for kind, word in DEEDS.items() if kind in _open_deeds(held)]
    return render_template(
        "certification/licence.html", view=view, card=cards.card(view, now), held=held, form=form, barred=barred and REFUSALS[barred],
        events=[_timeline(entry) for entry in store.ledger(db.session, view.id)],
        deeds=form.kind.choices if me.may(Permission.DECIDE) else [],
        successor=store.successor_of(db.session, view.id) if held.state is State.SUPERSEDED else None,
    )


def _open_deeds(held: Standing) -> tuple[Kind, ...]:
    """What may be done with a licence of that standing."""
    return {
        State.ACTIVE: (Kind.SUSPENDED, Kind.REVOKED), State.EXPIRING: (Kind.SUSPENDED, Kind.REVOKED),
        State.SUSPENDED: (Kind.REINSTATED, Kind.REVOKED), State.EXPIRED: (Kind.REVOKED,),
    }.get(held.state, ())


TONES = {
    Kind.GRANTED: ("good", "licence"), Kind.RENEWED: ("good", "calendar"), Kind.UPGRADED: ("good", "grade"),
    Kind.REINSTATED: ("good", "check"), Kind.SCOPE_REDUCED: ("warn", "grade"), Kind.SUSPENDED: ("warn", "pause"),
    Kind.REVOKED: ("bad", "revoke"), Kind.SUPERSEDED: ("", "next"),
}


def _timeline(entry: Entry) -> dict[str, Any]:
    """An event for the ``timeline`` macro; who recorded it is for those who read decisions."""
    event, insider = entry.event, account().may(Permission.DECISION_READ)
    grade = {"qualified": _("合格"), "excellent": _("优秀")}.get(event.grade or "") if event.kind in rule.CERTIFIES else ""
    backdated = event.recorded - event.effective > timedelta(minutes=1)
    lines = (
        event.reason,
        _("有效至 %(day)s", day=last_day(event.until)) if event.until else "",
        _("%(time)s 记录", time=instant(event.recorded)) if backdated else "",
        _("记录人 %(name)s", name=entry.by) if insider and entry.by else "",
    )
    tone, picture = TONES[event.kind]
    return {
        "when": event.effective, "title": " · ".join(filter(None, (str(KIND_WORDS[event.kind]), grade))), "tone": tone, "icon": picture,
        "text": mark("；").join(filter(None, lines)),
        "url": url_for("decisions.show", decision_id=entry.decision_id) if insider and entry.decision_id else None,
    }


@doors.get("/verify/<number>")
@public
def verify(number: str) -> Any:
    """What anybody may know about a licence: its standing, and just enough to tell whose it is."""
    view = store.public_licence(db.session, {number, read_number(number) or number})
    page: dict[str, Any] = {"view": view, "asked": number[:60], "now": clock.now()}
    if view:
        page["held"] = rule.standing_at(view.spans, page["now"], settings().expiring_days)
        page["masked"] = view.name[:1] + "*"
        page["successor"] = store.successor_of(db.session, view.id) if page["held"].state is State.SUPERSEDED else None
    response = Response(render_template("certification/verify.html", **page), status=200 if view else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
