"""Officers and coordinators: sittings, bookings, release.

A coordinator comes through the same doors; the loaders show only what concerns
their own company, and of the others only how many seats are left.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from certification import release as release_rule
from certification import timetable
from certification.actions import attempts
from certification.actions import sittings as actions
from certification.actions.sittings import Booked, Options
from certification.forms.sittings import REVIEWS, BookingForm, CallOffForm, SittingForm
from certification.programme import from_json
from certification.store import answers
from certification.store import sittings as store
from certification.views.marking_tasks import unseen
from certification.views.sitting_words import ATTEMPTS, CAUTIONS, REFUSALS, STATES, WINDOWS, block_words
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import instant, mark, said
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from people.store import accounts as people
from question_bank.assembly import Shortfall
from question_bank.item import Kind

doors = Blueprint("sittings", __name__, url_prefix="/sittings")
P = Permission


def _zone() -> ZoneInfo:
    zone: ZoneInfo = current_app.extensions["settings"].timezone
    return zone


def _sitting(sitting_id: int) -> Row[Any]:
    return store.sitting_in_scope(db.session, sitting_id, account().limit(P.SITTING_READ), clock.now()) or abort(404)


@doors.get("")
@requires(P.SITTING_READ)
def index() -> Any:
    """Sittings that concern the asker."""
    company, now = account().limit(P.SITTING_READ), clock.now()
    listing = Listing.from_request(("opens", "code"), ("state", "programme"), descending=True)
    counts = store.state_counts(db.session, company, now)
    counts = {state: counts.get(state, 0) for state in store.STATES}
    listing.add_filter("state", _("状态"), {state: str(STATES[state]) for state in store.STATES}, counts)
    programmes = store.programme_choices(db.session)
    if len(programmes) > 1:
        listing.add_filter("programme", _("认证项目"), {row.code: said(row.title) for row in programmes})
    query = store.sittings(company, now, listing.q, listing.chosen.get("state"), listing.chosen.get("programme"))
    listing.fill(db.session, query, store.ORDER, store.ORDER["id"])
    return render_template("certification/sittings.html", listing=listing, company=company, states=STATES)


@doors.route("/new", methods=["GET", "POST"])
@requires(P.SITTING_WRITE)
def new() -> Any:
    """Schedule a sitting; the form is assembled with it."""
    choices = store.programme_choices(db.session)
    form = SittingForm()
    form.programme.choices = [(row.code, said(row.title)) for row in choices]
    shortfall = None
    if form.validate_on_submit():
        edition = next(row for row in choices if row.code == form.programme.data)
        opens, closes = form.opens.data.replace(tzinfo=_zone()), form.closes.data.replace(tzinfo=_zone())
        minutes = from_json(edition.spec).exam.minutes
        if refusal := timetable.window_refusal(opens, closes, minutes, clock.now()):
            field, words = WINDOWS[refusal]
            form[field].errors = [words(minutes)]
        else:
            made = _schedule(form, edition, opens, closes)
            if isinstance(made, int):
                flash(_("场次已安排，试卷已组好并封存。"), "good")
                return redirect(url_for("sittings.show", sitting_id=made))
            shortfall = made
    status = 422 if form.errors or shortfall else 200
    page = render_template(
        "certification/sitting_new.html", form=form, shortfall=shortfall, programmes=choices, zone=_zone().key,
        reviews={code: hint for code, (_words, hint) in REVIEWS.items()},
    )
    return page, status


def _schedule(form: SittingForm, edition: Row[Any], opens: datetime, closes: datetime) -> int | Shortfall | None:
    """The new sitting's id, why no form can be assembled, or None with the error on the form."""
    day = opens.date()
    code = str(form.code.data or "").strip()
    suggested = timetable.suggest_code(edition.code, day, store.codes_like(db.session, f"{edition.code}-{day:%Y%m%d}"))
    entry_code = f"{secrets.randbelow(10**6):06}" if form.make_code.data else str(form.entry_code.data or "").strip() or None
    place = str(form.place.data or "").strip()
    options = Options((form.extra.data or 0) * 60, bool(form.check_in.data), bool(form.watermark.data), str(form.review.data))
    try:
        with work(actor()) as w:
            return actions.schedule(w, code or suggested, edition.id, opens, closes, place, form.seats.data, entry_code, options)
    except IntegrityError:
        form.code.errors = [_("场次编号 %(code)s 已被使用，请换一个", code=code or suggested)]
        return None


@doors.get("/<int:sitting_id>")
@requires(P.SITTING_READ)
def show(sitting_id: int) -> Any:
    """One sitting: facts, form by section, who is booked and how far they are."""
    sitting = _sitting(sitting_id)
    typed = "\n".join(_needing(sitting)) if request.args.get("fill") else ""
    return _page(sitting, BookingForm(formdata=None, staff_nos=typed), None), 200


@doors.post("/<int:sitting_id>/bookings")
@requires(P.BOOK)
def book(sitting_id: int) -> Any:
    """Book pasted staff numbers; each line that is refused is named, the rest is booked."""
    sitting, form = _sitting(sitting_id), BookingForm()
    if not form.validate_on_submit():
        return _page(sitting, form, None), 422
    with work(actor()) as w:
        report = actions.book_all(w, sitting_id, form.numbers(), account().limit(P.BOOK), _zone())
    if not (report.refused or any(line.verdict.cautions for line in report.added)):
        flash(_booked_words(report), "good")
        return redirect(url_for("sittings.show", sitting_id=sitting_id, _anchor="bookings"))
    if not report.refused:
        form = BookingForm(formdata=None)
    return _page(_sitting(sitting_id), form, report), 422 if report.refused else 200


def _booked_words(report: Booked) -> str:
    if report.already:
        return _("已报名 %(n)s 人，另有 %(m)s 人早已在名单里。", n=len(report.added), m=len(report.already))
    return _("已报名 %(n)s 人。", n=len(report.added))


@doors.post("/<int:sitting_id>/bookings/<int:person_id>/cancel")
@requires(P.BOOK)
def cancel_booking(sitting_id: int, person_id: int) -> Any:
    """Take somebody out before the sitting opens."""
    _sitting(sitting_id)
    company = account().limit(P.BOOK)
    found = store.booking_in_scope(db.session, sitting_id, person_id, company) or abort(404)
    with work(actor()) as w:
        refusal = actions.cancel_booking(w, sitting_id, person_id, company)
    flash(str(REFUSALS[refusal]) if refusal else _("已取消%(name)s的报名。", name=found.name), "bad" if refusal else "good")
    return redirect(url_for("sittings.show", sitting_id=sitting_id, _anchor="bookings"))


@doors.route("/<int:sitting_id>/cancel", methods=["GET", "POST"])
@requires(P.SITTING_WRITE)
def call_off(sitting_id: int) -> Any:
    """Cancel the whole sitting, with a reason that candidates see."""
    sitting, form = _sitting(sitting_id), CallOffForm()
    if form.validate_on_submit():
        with work(actor()) as w:
            done = actions.call_off(w, sitting_id, str(form.reason.data).strip())
        flash(_("场次已取消。") if done else _("不能取消：已有人开始考试，或场次已经结束。"), "good" if done else "bad")
        return redirect(url_for("sittings.show", sitting_id=sitting_id))
    return render_template("certification/sitting_cancel.html", sitting=sitting, form=form), 422 if form.errors else 200


@doors.post("/<int:sitting_id>/release")
@requires(P.RELEASE)
def release(sitting_id: int) -> Any:
    """Release all results; those who passed go on to the decider."""
    sitting = _sitting(sitting_id)
    attempts.close_overdue(clock.now())  # the worker may be a minute behind
    with work(actor()) as w:
        blocks = actions.release(w, sitting_id)
    if blocks:
        progress = store.progress(db.session, sitting_id)
        flash(_("还不能公布成绩：%(why)s", why=mark("；").join(block_words(block, progress, sitting.closes) for block in blocks)), "bad")
    else:
        flash(_("成绩已公布，通过的人已转给认证决定人。"), "good")
    return redirect(url_for("sittings.show", sitting_id=sitting_id))


def _page(sitting: Row[Any], form: BookingForm, report: Booked | None) -> str:
    me, now = account(), clock.now()
    company = me.limit(P.SITTING_READ)
    listing = _people(sitting, company)
    progress = store.progress(db.session, sitting.id, company)
    whole = progress if company is None else store.progress(db.session, sitting.id)
    blocks = release_rule.blocks(whole, sitting.closes, sitting.cancelled is not None, sitting.released is not None, now)
    by_hand = answers.kinds_by_hand(db.session, sitting.id) if company is None else set()
    makers = people.account_names(db.session, [id_ for id_ in (sitting.created_by, sitting.released_by) if id_])
    return render_template(
        "certification/sitting.html", sitting=sitting, exam=from_json(sitting.spec).exam, listing=listing, form=form, report=report,
        progress=progress, company=company, makers=makers, states=STATES, refusals=_refusals(report), cautions=CAUTIONS,
        sections=store.form_sections(db.session, sitting.form_id), scores=sitting.released is not None or me.may(P.RELEASE),
        outcome=store.outcome(db.session, sitting.id, company), bookable=_bookable(sitting, now), needing=_needing(sitting),
        by_hand=by_hand, unseen=unseen(sitting.id) if Kind.FILL in by_hand and not blocks else 0,
        blocks=[block_words(block, whole, sitting.closes) for block in blocks], reviews=REVIEWS, may_call_off=timetable.may_call_off(
            whole.started, sitting.cancelled is not None, sitting.released is not None),
    )


def _people(sitting: Row[Any], company: int | None) -> Listing:
    listing = Listing.from_request(
        ("staff_no", "name", "partner", "state"), ("state",), path=url_for("sittings.show", sitting_id=sitting.id)
    )
    listing.add_filter("state", _("状态"), {state: str(words) for state, words in ATTEMPTS.items()})
    query = store.bookings(sitting.id, company, listing.q, listing.chosen.get("state"))
    return listing.fill(db.session, query, store.BOOKING_ORDER, store.BOOKING_ORDER["id"])


def _needing(sitting: Row[Any]) -> list[str]:
    """Whom a coordinator would enter: own people on a roster without a licence that outlasts the renewal window."""
    company, now = account().limit(P.BOOK), clock.now()
    if company is None or not _bookable(sitting, now):
        return []
    window = timedelta(days=from_json(sitting.spec).renewal_window_days)
    return store.needing(db.session, sitting, company, sitting.opens + window, now)


def _bookable(sitting: Row[Any], now: datetime) -> bool:
    """Whether the asker may still book: an officer until the end, a coordinator until it opens."""
    until = sitting.closes if account().limit(P.BOOK) is None else sitting.opens
    return account().may(P.BOOK) and now < until and sitting.state in ("upcoming", "running")


def _refusals(report: Booked | None) -> list[tuple[str, str, str]]:
    """Each refused line: as it was typed, the name where there is one, the reason."""
    found = []
    for line in report.refused if report else ():
        words = str(REFUSALS[line.verdict.refusal])
        if line.verdict.until:
            words = _("%(why)s，%(time)s 起可以报名", why=words, time=instant(line.verdict.until))
        found.append((line.typed, line.entrant.name if line.entrant else "", words))
    return found
