"""The invigilator's board, and what is done to a whole room: credit, pause, a later end, the entry code, notes."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import timing
from certification.actions import room as actions
from certification.actions.room import Outcome
from certification.forms.room import CodeForm, CreditForm, NoteForm, ReasonForm, WindowForm
from certification.room import Place, count
from certification.safeguards import LAST_CALL
from certification.store import room as store
from certification.views.room_lines import SORTS, arranged, lines, matching, questions, tag
from certification.views.room_words import BOOK, BROWSER, MARKS, PLACES, REFUSALS, TONES, WINDOWS, clock_face, lasting, listed
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import instant, language
from foundation.work import Work, work
from people.login import account, actor, requires
from people.permission import Permission as P

doors = Blueprint("room", __name__, url_prefix="/sittings")
ALL: dict[str, tuple[Callable[[Work, int, str], Outcome], Place]] = {
    "pause": (actions.pause_all, Place.ON), "resume": (actions.resume_all, Place.PAUSED),
}


def found(sitting_id: int) -> Row[Any]:
    """The sitting behind the door, or 404."""
    return store.room(db.session, sitting_id) or abort(404)


def _back(sitting_id: int, anchor: str | None = None) -> Any:
    return redirect(url_for("room.board", sitting_id=sitting_id, _anchor=anchor))


@doors.get("/<int:sitting_id>/room")
@requires(P.ROOM_READ)
def board(sitting_id: int) -> str:
    """Who is on, stuck, away, and whoever needs help first."""
    return _board(found(sitting_id), NoteForm(formdata=None))


def _board(sitting: Row[Any], form: NoteForm) -> str:
    asked = {name: request.args[name] for name in ("q", "sort", "place") if name in request.args}
    return render_template(
        "certification/room.html", form=form, book=store.notes(db.session, sitting.id), words=BOOK, lasting=lasting,
        state_url=url_for("room.state", sitting_id=sitting.id, **asked), now=clock.now(),
        waivable=sitting.opens - LAST_CALL, **_live(sitting),
    )


def _live(sitting: Row[Any]) -> dict[str, Any]:
    """What the board shows and what is polled: the places with their counts, the rows, and the validator of all of it."""
    listing = Listing.from_request(SORTS, ("place",), path=url_for("room.board", sitting_id=sitting.id))
    everybody = lines(sitting, clock.now())
    counts = count(line.place for line in everybody)
    offered = counts | {Place(one): 0 for one in [listing.chosen.get("place")] if one in PLACES and one not in counts}
    listing.add_filter("place", _("状态"), {place: str(PLACES[place]) for place in offered}, {place: offered[place] for place in offered})
    listing.rows = arranged(matching(everybody, listing.q, listing.chosen.get("place")), listing.sort, listing.descending)
    listing.total = len(listing.rows)
    etag = tag(listing.rows, counts, listing.q, listing.sort, listing.descending, listing.chosen, sitting.closes, language())
    return {
        "sitting": sitting, "listing": listing, "counts": counts, "total": questions(sitting), "places": PLACES, "tones": TONES,
        "marks": MARKS, "etag": etag, "clock_face": clock_face,
    }


@doors.get("/<int:sitting_id>/room/state")
@requires(P.ROOM_READ)
def state(sitting_id: int) -> Response:
    """The moving part of the board, for its script: 304 while nothing on it changed. The server's time comes as a header."""
    shown = _live(found(sitting_id))
    answer = Response(mimetype="text/html")
    answer.set_etag(shown["etag"])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Server-Time"] = f"{clock.now().timestamp():.3f}"
    if answer.make_conditional(request).status_code != 304:
        answer.set_data(render_template("certification/_room_live.html", **shown))
    return answer


@doors.get("/<int:sitting_id>/room/code")
@requires(P.ROOM)
def code(sitting_id: int) -> str:
    """The entry code, large enough to be read from the last row."""
    return render_template("certification/room_code.html", sitting=found(sitting_id))


@doors.route("/<int:sitting_id>/room/code/change", methods=["GET", "POST"])
@requires(P.ROOM)
def change_code(sitting_id: int) -> Any:
    """Another code, or none; whoever is in stays in."""
    sitting, form = found(sitting_id), CodeForm()
    if not form.is_submitted():
        form.choice.data = "random"
    if form.validate_on_submit():
        wanted = {"random": f"{secrets.randbelow(10**6):06}", "own": form.code.data}.get(str(form.choice.data))
        with work(actor()) as w:
            actions.change_code(w, sitting_id, wanted, str(form.reason.data))
        flash(_("入场码已更换，请重新投影。") if wanted else _("现在不需要入场码。"), "good")
        return redirect(url_for("room.code", sitting_id=sitting_id))
    return render_template("certification/room_code_change.html", sitting=sitting, form=form), 422 if form.errors else 200


@doors.route("/<int:sitting_id>/room/credit", methods=["GET", "POST"])
@requires(P.ROOM)
def credit(sitting_id: int) -> Any:
    """Give a whole room time back after an incident."""
    sitting, form = found(sitting_id), CreditForm()
    seconds = int(form.minutes.data or 0) * 60
    if form.validate_on_submit():
        with work(actor()) as w:
            out = actions.credit(w, sitting_id, seconds, str(form.reason.data), bool(form.waiting.data), bool(form.again.data))
        if out.done or out.waiting:
            _tell_credit(out, seconds)
            return _back(sitting_id)
        if out.earlier:
            form.again.errors = [_("这场刚补过同样的时间。确实要再补，请勾选“再补一次”")]
        else:
            form.form_errors.append(REFUSALS[out.refusal] if out.refusal else _("现在没有可以加时的人。%(over)s", over=_over(out)))
    affected, given = lines(sitting, clock.now()), [line for line in store.notes(db.session, sitting_id) if line.kind == "incident"]
    return render_template(
        "certification/room_credit.html", sitting=sitting, form=form, open=sum(line.open for line in affected),
        waiting=sum(line.attempt_id is None for line in affected), lasting=lasting,
        given=given, same=next((line for line in given if form.again.errors and line.seconds == seconds), None),
    ), 422 if form.errors or form.form_errors else 200


def _tell_credit(out: Outcome, seconds: int) -> None:
    text = _("已给作答中的 %(n)s 人各加 %(time)s。", n=out.done, time=lasting(seconds))
    flash(text + (_("还没开始的 %(n)s 人也加了。", n=out.waiting) if out.waiting else ""), "good")
    if out.over:
        flash(_over(out), "warn")


def _over(out: Outcome) -> str:
    if not out.over:
        return ""
    return _("时间已到、已经收卷的 %(n)s 人没有加上，需要的话逐个重开：%(names)s。", n=len(out.over), names=listed(out.over))


@doors.route("/<int:sitting_id>/room/<verb>", methods=["GET", "POST"])
@requires(P.ROOM)
def turn_all(sitting_id: int, verb: str) -> Any:
    """Stop everybody's clock, or let everybody go on."""
    if verb not in ALL:
        abort(404)
    sitting, form = found(sitting_id), ReasonForm()
    deed, where = ALL[verb]
    if form.validate_on_submit():
        with work(actor()) as w:
            out = deed(w, sitting_id, str(form.reason.data))
        if out.done:
            text = _("已暂停 %(n)s 人的计时。", n=out.done) if verb == "pause" else _("%(n)s 人可以继续作答，剩余时间不变。", n=out.done)
            flash(text, "good")
            return _back(sitting_id)
        nobody = _("现在没有人在作答。") if verb == "pause" else _("现在没有人处于暂停。")
        form.form_errors.append(REFUSALS[out.refusal] if out.refusal else nobody)
    affected = [line.place for line in lines(sitting, clock.now())]
    number = sum(place in (Place.ON, Place.STUCK, Place.AWAY) for place in affected) if where is Place.ON else affected.count(where)
    return render_template(
        "certification/room_turn.html", sitting=sitting, form=form, verb=verb, number=number,
    ), 422 if form.errors or form.form_errors else 200


@doors.route("/<int:sitting_id>/room/window", methods=["GET", "POST"])
@requires(P.ROOM)
def window(sitting_id: int) -> Any:
    """Let the window end later."""
    sitting, form = found(sitting_id), WindowForm()
    zone: ZoneInfo = current_app.extensions["settings"].timezone
    if not form.is_submitted():
        form.closes.data = sitting.closes.astimezone(zone)
    if form.validate_on_submit():
        closes: datetime = form.closes.data.replace(tzinfo=zone)
        with work(actor()) as w:
            out = actions.move_close(w, sitting_id, closes, str(form.reason.data))
        if isinstance(out, int):
            flash(_("考试窗口改到 %(time)s 结束，重新推算了 %(n)s 份答卷的截止时间。", time=instant(closes), n=out), "good")
            return _back(sitting_id)
        form.closes.errors = [REFUSALS[out] if isinstance(out, timing.Refusal) else WINDOWS[out]]
    status = 422 if form.errors else 200
    return render_template("certification/room_window.html", sitting=sitting, form=form, zone=zone.key), status


@doors.route("/<int:sitting_id>/room/browser", methods=["GET", "POST"])
@requires(P.ROOM)
def browser(sitting_id: int) -> Any:
    """Ask for the lockdown browser no more."""
    sitting, form = found(sitting_id), ReasonForm()
    if form.validate_on_submit():
        text = _("本场不再要求安全考试浏览器：%(reason)s", reason=str(form.reason.data))
        with work(actor()) as w:
            refusal = actions.waive_browser(w, sitting_id, text)
        if refusal is None:
            flash(_("从现在起，本场可以用普通浏览器作答。"), "good")
            return _back(sitting_id)
        form.form_errors.append(BROWSER[refusal])
    return render_template("certification/room_browser.html", sitting=sitting, form=form), 422 if form.errors or form.form_errors else 200


@doors.post("/<int:sitting_id>/room/notes")
@requires(P.ROOM)
def note(sitting_id: int) -> Any:
    """Write down what one saw in the room."""
    sitting, form = found(sitting_id), NoteForm()
    if not form.validate_on_submit():
        return _board(sitting, form), 422
    with work(actor()) as w:
        actions.note(w, sitting_id, str(form.text.data))
    flash(_("已记入考场记录。"), "good")
    return _back(sitting_id, "book")


@doors.context_processor
def _may() -> dict[str, bool]:
    return {"acts": account().may(P.ROOM)}
