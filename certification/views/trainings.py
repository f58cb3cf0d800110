"""Trainings that were held: a trainer records and sees one's own; HR, deciders and auditors read all."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import training as rule
from certification.actions import trainings as actions
from certification.actions.trainings import Held
from certification.forms.trainings import TrainingForm
from certification.store import trainings as store
from certification.training import Flaw
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import said
from foundation.work import work
from people.login import account, actor, requires
from people.permission import GRANTS, Permission, Role

doors = Blueprint("trainings", __name__, url_prefix="/trainings")
P = Permission
FLAWS = {
    Flaw.LONG: lambda: _("工号最多 40 个字符"), Flaw.UNKNOWN: lambda: _("没有这个工号"), Flaw.TWICE: lambda: _("和前面重复"),
    Flaw.LEFT: lambda: _("培训时已离职"), Flaw.ONESELF: lambda: _("是培训师本人"),
}


def _mine_only() -> int | None:
    """The account whose trainings are seen; None for those who read all of them."""
    me = account()
    wide = any(P.TRAINING_READ in GRANTS[role] for role in me.roles if role is not Role.TRAINER)
    return None if wide else me.account_id


@doors.get("")
@requires(P.TRAINING_READ)
def index() -> str:
    """Trainings, the latest first."""
    listing = Listing.from_request(("held", "title", "trainer", "attendees"), ("programme",), descending=True)
    programmes = store.programmes(db.session)
    if len(programmes) > 1:
        listing.add_filter("programme", _("认证项目"), {code: said(title) for code, title in programmes.items()})
    mine = _mine_only()
    listing.fill(db.session, store.listed(mine, listing.q, listing.chosen.get("programme")), store.ORDER, store.TIE)
    return render_template(
        "certification/trainings.html", listing=listing, own=mine is not None, may_write=account().may(P.TRAINING_WRITE)
    )


@doors.route("/new", methods=["GET", "POST"])
@requires(P.TRAINING_WRITE)
def new() -> Any:
    """Record a training; each line that is wrong is named, and nothing that was typed is lost."""
    form, wrong = TrainingForm(), []
    form.programme.choices = [("", _("请选择")), *((code, said(title)) for code, title in store.programmes(db.session).items())]
    if form.validate_on_submit():
        held, wrong = _read(form)
        if held is not None:
            with work(actor()) as w:
                training_id = actions.record(w, held)
            flash(_("已记录培训，%(n)s 人参加。", n=len(held.attendees)), "good")
            return redirect(url_for("trainings.show", training_id=training_id))
    status = 422 if form.errors or wrong else 200
    zone = settings().timezone.key
    return render_template("certification/training_new.html", form=form, wrong=wrong, zone=zone, most=rule.MOST_LINES), status


def _read(form: TrainingForm) -> tuple[Held | None, list[tuple[int, str, str]]]:
    """What was typed as a training; None with the errors on the form, and line by line: number, staff number, what is wrong."""
    lines, held = rule.read(str(form.attendees.data)), form.held.data.replace(tzinfo=settings().timezone)
    known = store.known(db.session, [line.staff_no for line in lines])
    found = rule.flaws(lines, known, held, account().person_id)
    wrong = [(line.number, line.staff_no[: rule.LONGEST], FLAWS[flaw]()) for line, flaw in found]
    if held > clock.now():
        form.held.errors = [_("开始时间不能晚于现在：只记录已经举行的培训")]
    if len(lines) > rule.MOST_LINES:
        form.attendees.errors = [_("一次最多 %(n)s 人，请分几次记录", n=rule.MOST_LINES)]
    elif wrong:
        form.attendees.errors = [_("有 %(n)s 行需要修改", n=len(wrong))]
    if form.errors:
        return None, wrong[:100]
    programme_id = store.programme_id(db.session, form.programme.data) or abort(404)
    people = [known[line.staff_no].person_id for line in lines]
    title, note = str(form.title.data).strip(), str(form.note.data or "").strip()
    return Held(programme_id, title, held, int(form.minutes.data), note, people), []


@doors.get("/<int:training_id>")
@requires(P.TRAINING_READ)
def show(training_id: int) -> str:
    """One training and who attended."""
    row = _found(training_id)
    may_file = account().may(P.PERSON_READ)
    return render_template(
        "certification/training.html", row=row, attendees=store.attendees(db.session, training_id), may_file=may_file
    )


def _found(training_id: int) -> Row[Any]:
    return store.one(db.session, training_id, _mine_only()) or abort(404)
