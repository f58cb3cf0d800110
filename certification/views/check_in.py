"""The door of a room: who is who, extra time before the start, and the list that is signed on paper."""

import re
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidTag
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification.actions import room as actions
from certification.forms.room import CheckInForm, ExtraForm, ReasonForm
from certification.room import Place
from certification.store import room as store
from certification.views.room import found
from certification.views.room_lines import lines
from certification.views.room_words import BOOK, PLACES, lasting, turn_words
from foundation import clock
from foundation.cells import csv_lines
from foundation.database import db
from foundation.listing import Listing
from foundation.sealing import sealer
from foundation.wording import hour, instant, mark, said
from foundation.work import work
from people import identity
from people.login import account, actor, requires
from people.permission import Permission as P
from people.store import accounts as people

doors = Blueprint("check_in", __name__, url_prefix="/sittings")
MOST = 1000


@doors.get("/<int:sitting_id>/room/check-in")
@requires(P.ROOM_READ)
def index(sitting_id: int) -> str:
    """Everybody who is booked, to be checked in by staff number or name."""
    return _page(found(sitting_id), CheckInForm(formdata=None), set())


def _page(sitting: Row[Any], form: CheckInForm, ticked: set[int]) -> str:
    listing = Listing.from_request(
        ("door", "staff_no", "name", "partner"), ("state",), path=url_for("check_in.index", sitting_id=sitting.id)
    )
    listing.per_page = 50
    words = {"unchecked": _("未核验"), "checked": _("已核验")}
    listing.add_filter("state", _("核验"), words, store.check_counts(db.session, sitting.id))
    query = store.to_check(sitting.id, listing.q, listing.chosen.get("state"))
    listing.fill(db.session, query, store.CHECK_IN_ORDER, store.CHECK_IN_ORDER["staff_no"])
    seen_by = people.account_names(db.session, {row.checked_in_by for row in listing.rows if row.checked_in_by})
    return render_template(
        "certification/room_check_in.html", sitting=sitting, listing=listing, form=form, seen_by=seen_by, ticked=ticked, lasting=lasting,
        masks={row.id: masked(row) for row in listing.rows}, acts=account().may(P.ROOM),
        here=url_for("check_in.check", sitting_id=sitting.id, **_kept()),
    )


def masked(row: Row[Any]) -> str:
    """What may be seen of a person's ID number: enough to compare it with a card."""
    if row.id_number is None:
        return ""
    try:
        return identity.mask_id(sealer().open(row.id_number))
    except InvalidTag:
        return _("无法解密")


@doors.post("/<int:sitting_id>/room/check-in")
@requires(P.ROOM)
def check(sitting_id: int) -> Any:
    """Note that one has seen who they are: the one whose button was pressed, or all who are ticked."""
    sitting, form = found(sitting_id), CheckInForm()
    pressed, ticked = _numbers("one"), _numbers("person")
    chosen = sorted(pressed or ticked)
    if not form.validate_on_submit():
        return _page(sitting, form, ticked), 422
    if not chosen:
        form.form_errors.append(_("请先勾选要核验的人。"))
        return _page(sitting, form, ticked), 422
    with work(actor()) as w:
        done = actions.check_in(w, sitting_id, chosen, str(form.note.data or ""))
    flash(_("已核验 %(n)s 人。", n=done) if done else _("所选的人早已核验，或不在这场名单里。"), "good" if done else "warn")
    return redirect(url_for("check_in.index", sitting_id=sitting_id, **_kept()))


def _numbers(name: str) -> set[int]:
    """The people that a field names; what no person's number can be is left out, instead of reaching the database."""
    return {number for number in request.form.getlist(name, type=int)[:MOST] if 0 < number < 2**31}


def _kept() -> dict[str, str]:
    """What the list was narrowed to, so that one comes back to it."""
    return {name: request.args[name] for name in ("q", "state", "sort", "page") if request.args.get(name)}


@doors.route("/<int:sitting_id>/room/check-in/<int:person_id>/undo", methods=["GET", "POST"])
@requires(P.ROOM)
def undo(sitting_id: int, person_id: int) -> Any:
    """Take a check-in back."""
    sitting, form = found(sitting_id), ReasonForm()
    person = store.person_in(db.session, sitting_id, person_id) or abort(404)
    if form.validate_on_submit():
        with work(actor()) as w:
            done = actions.undo_check_in(w, sitting_id, person_id, str(form.reason.data))
        words = _("已撤销%(name)s的核验。", name=person.name) if done else _("不能撤销：还没有核验，或已经开始作答。")
        flash(words, "good" if done else "bad")
        return redirect(url_for("check_in.index", sitting_id=sitting_id))
    return render_template("certification/room_person.html", sitting=sitting, person=person, form=form, verb="undo"), _status(form)


@doors.route("/<int:sitting_id>/room/extra/<int:person_id>", methods=["GET", "POST"])
@requires(P.ROOM)
def extra(sitting_id: int, person_id: int) -> Any:
    """How much longer somebody has, before they begin."""
    sitting, form = found(sitting_id), ExtraForm()
    person = store.person_in(db.session, sitting_id, person_id) or abort(404)
    if not form.is_submitted():
        form.minutes.data, form.reason.data = person.extra_seconds // 60, person.extra_reason
    if form.validate_on_submit():
        with work(actor()) as w:
            done = actions.grant_extra(w, sitting_id, person_id, int(form.minutes.data or 0) * 60, str(form.reason.data))
        if done:
            flash(_("%(name)s的个人加时改为 %(time)s。", name=person.name, time=lasting(int(form.minutes.data or 0) * 60)), "good")
            return redirect(url_for("check_in.index", sitting_id=sitting_id))
        form.form_errors.append(_("%(name)s已经开始作答，请在答卷上延长时间。", name=person.name))
    return render_template("certification/room_person.html", sitting=sitting, person=person, form=form, verb="extra"), _status(form)


def _status(form: ReasonForm | ExtraForm) -> int:
    return 422 if form.errors or form.form_errors else 200


@doors.get("/<int:sitting_id>/room/attendance")
@requires(P.ROOM_READ)
def attendance(sitting_id: int) -> str:
    """The list to print and sign, with what happened to each, and the room's book."""
    sitting = found(sitting_id)
    return render_template(
        "certification/room_attendance.html", sitting=sitting, rows=list(_attendance(sitting)), now=clock.now(), words=BOOK,
        book=store.notes(db.session, sitting_id)[::-1], lasting=lasting,
    )


@doors.get("/<int:sitting_id>/room/attendance.csv")
@requires(P.ROOM_READ)
def export(sitting_id: int) -> Response:
    """The same as a table."""
    sitting = found(sitting_id)
    name = re.sub(r"[^A-Za-z0-9._-]", "_", f"attendance-{sitting.code}.csv")
    return Response(
        stream_with_context(csv_lines(_csv(sitting))), mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv(sitting: Row[Any]) -> Iterator[list[object]]:
    yield [_("场次"), sitting.code, said(sitting.title), sitting.place]
    yield [_("序号"), _("工号"), _("姓名"), _("单位"), _("核验时间"), _("开始"), _("结束"), _("状态"), _("情况")]
    for number, row in enumerate(_attendance(sitting), 1):
        times = [instant(row[name]) for name in ("checked_in", "started", "ended")]
        yield [number, row["staff_no"], row["name"], row["partner"], *times, row["state"], row["told"]]


def _attendance(sitting: Row[Any]) -> Iterator[dict[str, Any]]:
    """Everybody by staff number: when they were checked in, began and ended, and what happened to their attempt."""
    places = {line.person_id: line.place for line in lines(sitting, clock.now())}
    turns = store.turns(db.session, sitting.id)
    for row in store.seats(db.session, sitting.id):
        told = [f"{hour(turn.at)} {turn_words(turn)}" for turn in turns.get(row.attempt_id, ())]
        if row.extra_seconds:
            told.insert(0, _("个人加时 %(time)s", time=lasting(row.extra_seconds)))
        if row.check_note:
            told.insert(0, row.check_note)
        where = places[row.id]
        word = _("到时收卷") if row.state == "closed_by_deadline" else PLACES[Place.ON if where in (Place.AWAY, Place.STUCK) else where]
        yield {
            "staff_no": row.staff_no, "name": row.name, "partner": row.partner, "checked_in": row.checked_in, "started": row.started,
            "ended": row.ended, "state": str(word), "told": mark("；").join(told),
        }
