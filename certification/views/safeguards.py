"""A sitting's safeguards: lockdown browser, watermark, traps, what results show; and whose watermark a photograph carries."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import safe_browser, watermark
from certification.actions import canaries
from certification.actions import safeguards as actions
from certification.canary import Refusal as Trap
from certification.canary import on_paper
from certification.forms.papers import CodeForm, CountForm, ProtectForm, ReviewForm
from certification.review import Review
from certification.safeguards import Refusal, may_change
from certification.store import papers
from certification.store import safeguards as store
from certification.store import sittings as sitting_store
from certification.views.paper_words import CANARY, LATE
from certification.watermark import Kind
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("safeguards", __name__)
P = Permission


def _sitting(sitting_id: int) -> Row[Any]:
    return sitting_store.sitting_in_scope(db.session, sitting_id, None, clock.now()) or abort(404)


@doors.get("/sittings/<int:sitting_id>/safeguards")
@requires(P.FORM_READ)
def show(sitting_id: int) -> str:
    """What protects a sitting."""
    return _page(_sitting(sitting_id))


@doors.post("/sittings/<int:sitting_id>/safeguards")
@requires(P.SITTING_WRITE)
def protect(sitting_id: int) -> Any:
    """Switch watermark and lockdown browser."""
    sitting, form = _sitting(sitting_id), ProtectForm()
    if not form.validate_on_submit():
        return _page(sitting, protect=form), 422
    known: Any = store.of_sitting(db.session, sitting_id)
    chosen = _chosen(form, known.safe_browser) if form.safe_browser.data else None
    with work(actor()) as w:
        refusal = actions.protect(w, sitting_id, bool(form.watermark.data), chosen)
    return _done(sitting_id, refusal, _("考试保护设置已保存。"))


def _chosen(form: ProtectForm, before: object) -> safe_browser.Settings:
    """The settings typed; a password that was set stays unless another is typed or none is wanted."""
    kept = safe_browser.read(before).quit_hash if before is not None else ""
    typed = safe_browser.password_hash(str(form.quit_password.data or ""))
    quit_hash = "" if form.no_password.data else typed or kept
    return safe_browser.Settings(quit_hash, bool(form.spell_check.data), bool(form.reload.data))


@doors.post("/sittings/<int:sitting_id>/canaries")
@requires(P.SITTING_WRITE)
def place(sitting_id: int) -> Any:
    """Let the paper carry a number of traps."""
    sitting, form = _sitting(sitting_id), CountForm()
    if not form.validate_on_submit():
        return _page(sitting, count=form), 422
    with work(actor()) as w:
        outcome = canaries.place(w, sitting_id, int(form.count.data or 0))
    if isinstance(outcome, Trap):
        form.count.errors = [str(CANARY[outcome])]
        return _page(sitting, count=form), 422
    return _done(sitting_id, outcome if isinstance(outcome, Refusal) else None, _("试卷的陷阱题已更新。"))


@doors.post("/sittings/<int:sitting_id>/review")
@requires(P.SITTING_WRITE)
def review(sitting_id: int) -> Any:
    """Say what results show of the questions."""
    sitting, form = _sitting(sitting_id), ReviewForm()
    if not form.validate_on_submit():
        return _page(sitting, review=form), 422
    with work(actor()) as w:
        refusal = actions.set_review(w, sitting_id, Review(form.review.data))
    return _done(sitting_id, refusal, _("已保存公布后考生能看到的内容。"))


def _done(sitting_id: int, refusal: Refusal | None, words: str) -> Any:
    flash(str(LATE[refusal]) if refusal else words, "bad" if refusal else "good")
    return redirect(url_for("safeguards.show", sitting_id=sitting_id))


def _page(sitting: Row[Any], **typed: Any) -> str:
    known: Any = store.of_sitting(db.session, sitting.id)
    paper: Any = papers.paper(db.session, known.form_id, clock.now())
    chosen = safe_browser.read(known.safe_browser) if known.safe_browser is not None else safe_browser.Settings()
    started = sitting_store.progress(db.session, sitting.id).started
    protect = typed.get("protect") or ProtectForm(
        formdata=None, watermark=known.watermark, safe_browser=known.safe_browser is not None, spell_check=chosen.spell_check,
        reload=chosen.reload,
    )
    traps = len(on_paper(paper.sections))
    return render_template(
        "certification/safeguards.html", sitting=sitting, known=known, paper=paper, traps=traps, chosen=chosen, protect=protect,
        count=typed.get("count") or CountForm(formdata=None, count=traps), config_key=_config_key(known, sitting.id),
        review=typed.get("review") or ReviewForm(formdata=None, review=known.review), may_write=account().may(P.SITTING_WRITE),
        late=may_change(sitting.opens, started, sitting.cancelled is not None, clock.now()), words=LATE,
    )


def _config_key(known: Row[Any], sitting_id: int) -> str:
    if known.safe_browser is None:
        return ""
    chosen = safe_browser.read(known.safe_browser)
    return safe_browser.config_key(safe_browser.configuration(chosen, settings().public_url, sitting_id))


@doors.get("/exams/sittings/<int:sitting_id>/seb")
@requires(P.SIGNED_IN)
def configuration(sitting_id: int) -> Response:
    """The lockdown browser's configuration, for whoever is booked and for officers."""
    me, known = account(), store.of_sitting(db.session, sitting_id)
    if known is None or not (me.may(P.FORM_READ) or store.is_booked(db.session, sitting_id, me.person_id)):
        abort(404)
    if known.safe_browser is None or known.cancelled is not None:
        abort(404)
    chosen = safe_browser.configuration(safe_browser.read(known.safe_browser), settings().public_url, sitting_id)
    answer = Response(safe_browser.document(chosen), content_type="application/seb")
    answer.headers["Content-Disposition"] = f'attachment; filename="exam-{sitting_id}.seb"'
    return answer


@doors.get("/exams/sittings/<int:sitting_id>/seb/leave")
@requires(P.SIGNED_IN)
def leave(sitting_id: int) -> str:
    """Where the lockdown browser closes itself; another browser is told so."""
    if not store.is_booked(db.session, sitting_id, account().person_id):
        abort(404)
    return render_template("certification/exam_leave.html")


@doors.get("/attempts/<attempt_id>/watermark.svg")
@requires(P.SIT)
def attempt_mark(attempt_id: str) -> Response:
    """The mark over one's own exam room."""
    row = store.watermarked(db.session, attempt_id, account().person_id) or abort(404)
    return _picture(row, watermark.code(settings().data_key, Kind.ATTEMPT, attempt_id))


@doors.get("/papers/looks/<int:look_id>/watermark.svg")
@requires(P.FORM_READ)
def look_mark(look_id: int) -> Response:
    """The mark over a paper that one looks into."""
    row = papers.look(db.session, look_id)
    if row is None or row.account_id != account().account_id:
        abort(404)
    return _picture(row, watermark.code(settings().data_key, Kind.LOOK, str(look_id)))


def _picture(row: Row[Any], code: str) -> Response:
    picture = watermark.picture(f"{row.staff_no} {watermark.masked(row.name)}", code)
    return Response(picture, mimetype="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


@doors.get("/papers/trace")
@requires(P.FORM_READ)
def trace() -> Any:
    """Whose attempt, or whose look into a paper, the code on a photograph belongs to."""
    form = CodeForm(request.args)
    found: list[dict[str, Any]] = []
    wanted = watermark.pattern(str(form.code.data or "").strip())
    if form.code.data and wanted is None:
        form.code.errors = [_("水印码是 8 个字母和数字；看不清的用 ? 代替，至少要看清 4 个。")]
    elif wanted:
        found = [_behind(kind, name) for kind, name in watermark.matching(settings().data_key, wanted, store.marked(db.session))][:20]
        with work(actor()) as w:
            w.record("watermark.traced", "watermark:code", matches=len(found))
    return render_template("certification/trace.html", form=form, found=found, asked=bool(wanted)), 422 if form.code.errors else 200


def _behind(kind: Kind, name: str) -> dict[str, Any]:
    code = watermark.code(settings().data_key, kind, name)
    row: Any = store.attempt_behind(db.session, name) if kind is Kind.ATTEMPT else papers.look(db.session, int(name))
    return {"kind": kind, "name": name, "code": code, "row": row}
