"""A visit's papers for those who went and those who sent them: make, print, fill in, hand to the customer."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row

from certification import custody
from certification import visit_paper as rule
from certification.actions import visit_papers as actions
from certification.actions import visit_prints as prints
from certification.forms.visit_papers import FillForm, NoteForm, WorkForm, typed
from certification.qr_code import square
from certification.store import visit_papers as store
from certification.store.decisions import programmes
from certification.views.custody import pdf_answer
from certification.views.custody_contracts import unprintable
from certification.visit_paper import Kind, Refusal
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.pdf import MissingGlyph
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("visit_papers", __name__, url_prefix="/visit-papers")
P = Permission
KINDS = {Kind.FAULT: _l("故障处理确认书"), Kind.INSPECTION: _l("巡检确认书"), Kind.NOTE: _l("到访留言")}
WORKS = {Kind.FAULT: _l("故障处理情况"), Kind.INSPECTION: _l("巡检情况")}
REFUSALS = {
    Refusal.NOT_ALLOWED: _l("这次判定不能派，没有上门单据。"),
    Refusal.REPLAY: _l("这是回放过去的判定，没有人上门。"),
    Refusal.FINAL: _l("这份单据已经定稿，不能再改。"),
    Refusal.NOT_FILLED: _l("先填写单据，再请客户确认。"),
    Refusal.NOBODY_THERE: _l("到访留言不需要客户确认。"),
    Refusal.EXPIRED: _l("链接已过期，请服务人员重新出示二维码。"),
    Refusal.CONFIRMED: _l("这份单据已经确认过。"),
    Refusal.IN_FUTURE: _l("到达时间不能晚于现在"),
    Refusal.LEFT_BEFORE: _l("离开时间不能早于到达时间"),
}


def _decision(decision_id: str) -> Any:
    """The decision, for its team, for who asked it and may ask, and for who reads the log."""
    me = account()
    asker = actor().name if me.may(P.DISPATCH_TRY) else None
    return store.decision_in_scope(db.session, decision_id, me.staff_no, asker, me.may(P.DISPATCH_LOG)) or abort(404)


def _writes(decision: Any) -> bool:
    """Whether the asker fills papers in: one of the team, or HR."""
    me = account()
    return me.staff_no in store.team_of(decision) or me.may(P.CUSTODY_WRITE)


def _paper(paper_id: int, to_write: bool = False) -> tuple[Any, Any]:
    """A paper with its decision; who only reads it may not write (403)."""
    row = store.paper(db.session, paper_id) or abort(404)
    decision = _decision(row.decision_id)
    if to_write and not _writes(decision):
        abort(403)
    return row, decision


@doors.app_template_global("visit_papers_of")
def papers_of(decision_id: str) -> list[Row[Any]]:
    """The papers of a decision, for the page of the decision."""
    return store.papers_of(db.session, [decision_id])[decision_id]


@doors.app_template_global("visit_paper_kind")
def kind_word(kind: str) -> str:
    """What a paper is called."""
    return str(KINDS[Kind(kind)])


@doors.get("")
@requires(P.SIGNED_IN)
def index() -> str:
    """The asker's own visits: those that they lead, of the last weeks and to come."""
    now = clock.now()
    decisions = store.own(db.session, account().staff_no, now - rule.SHOWN)
    newest: dict[str, Any] = {}
    for decision in decisions:  # the same visit may have been asked about again: the last answer sends the team
        visit = decision.request["visit"]
        if decision.request.get("at") is None and prints.moment(visit["ends"]) > now - rule.SHOWN:
            newest.setdefault(visit["id"] or decision.id, decision)
    papers = store.papers_of(db.session, [decision.id for decision in newest.values()])
    rows = sorted(newest.values(), key=lambda decision: prints.moment(decision.request["visit"]["starts"]), reverse=True)
    return render_template(
        "certification/visit_papers.html", rows=rows, papers=papers, moment=prints.moment, programmes=programmes(db.session)
    )


@doors.get("/decisions/<decision_id>")
@requires(P.SIGNED_IN)
def decision_page(decision_id: str) -> str:
    """The papers of one decision, and the ones that can be begun or printed."""
    decision = _decision(decision_id)
    return render_template(
        "certification/visit_papers_decision.html", decision=decision, printed=prints.printed(decision), papers=papers_of(decision_id),
        kinds=KINDS, refused=_refused(decision), writes=_writes(decision), moment=prints.moment,
        shows_decision=account().may(P.DISPATCH_LOG) or (account().may(P.DISPATCH_TRY) and decision.asker == actor().name),
        confirmed=rule.CONFIRMED,
    )


def _refused(decision: Any) -> Any:
    refusal = rule.may_make(decision.allowed, decision.request.get("at") is not None)
    return REFUSALS[refusal] if refusal else None


@doors.post("/decisions/<decision_id>")
@requires(P.SIGNED_IN)
def make(decision_id: str) -> Any:
    """Begin a paper, or go on with one of that kind that nobody has filled in yet."""
    decision = _decision(decision_id)
    if not _writes(decision):
        abort(403)
    if request.form.get("kind") not in set(Kind):
        flash(_("请选择一种单据。"), "bad")
        return redirect(url_for("visit_papers.decision_page", decision_id=decision_id), 303)
    begun = next((row for row in papers_of(decision_id) if row.kind == request.form["kind"] and row.filled is None), None)
    if begun:
        return redirect(url_for("visit_papers.fill", paper_id=begun.id), 303)
    printed = prints.printed(decision)
    with work(actor()) as w:
        made = actions.make(w, decision, Kind(request.form["kind"]), printed)
    if isinstance(made, Refusal):
        flash(REFUSALS[made], "bad")
        return redirect(url_for("visit_papers.decision_page", decision_id=decision_id), 303)
    return redirect(url_for("visit_papers.fill", paper_id=made), 303)


@doors.get("/decisions/<decision_id>/<kind>.pdf")
@requires(P.SIGNED_IN)
def blank(decision_id: str, kind: str) -> Any:
    """A paper to print and fill in by hand."""
    decision = _decision(decision_id)
    if kind not in set(Kind) or _refused(decision):
        abort(404)
    return _printed(lambda: prints.paper(decision_id, Kind(kind), prints.printed(decision)), f"{kind}-{decision_id}")


def _printed(make_it: Callable[[], bytes], name: str) -> Any:
    try:
        return pdf_answer(make_it(), name)
    except MissingGlyph as error:
        page = render_template("certification/visit_paper_unprintable.html", why=unprintable(error))
        return Response(page, status=422)


@doors.get("/<int:paper_id>")
@requires(P.SIGNED_IN)
def show(paper_id: int) -> str:
    """One paper: what is on it, what the customer said, whether it still is what was kept."""
    row, decision = _paper(paper_id)
    return render_template("certification/visit_paper.html", **_shown(row, decision))


def _shown(row: Any, decision: Any) -> dict[str, Any]:
    paper = store.as_rule(row)
    return {
        "row": row, "decision": decision, "fields": row.fields, "paper": paper, "writes": _writes(decision), "moment": prints.moment,
        "intact": row.pdf is not None and custody.intact(row.pdf, row.digest), "signature": prints.said_of(row) if row.confirmed else None,
        "open_until": row.token_until if row.token_hash and not row.confirmed and row.token_until > clock.now() else None,
        "may_link": rule.may_link(paper) is None, "work_label": WORKS.get(Kind(row.kind), ""),
    }


@doors.get("/<int:paper_id>.pdf")
@requires(P.SIGNED_IN)
def pdf(paper_id: int) -> Any:
    """The paper: as it was kept, or as far as it is filled in, with lines for the rest."""
    row, _decided = _paper(paper_id)
    return _printed(lambda: prints.of_row(row), f"{row.kind}-{paper_id}")


@doors.route("/<int:paper_id>/fill", methods=["GET", "POST"])
@requires(P.SIGNED_IN)
def fill(paper_id: int) -> Any:
    """Fill a paper in, on a phone."""
    row, decision = _paper(paper_id, to_write=True)
    zone, note = settings().timezone, row.kind == Kind.NOTE
    usual = {"contact": account().name, **typed(row.fields, zone)} if note else typed(row.fields, zone)
    form: FillForm = NoteForm(data=usual) if note else WorkForm(data=usual)
    if store.as_rule(row).final:
        flash(REFUSALS[Refusal.FINAL], "bad")
        return redirect(url_for("visit_papers.show", paper_id=paper_id), 303)
    if form.validate_on_submit() and _filled(row, form, clock.now()):
        flash(_("留言已保存。请打印或抄写一份留给客户。") if note else _("单据已填写，请客户确认。"), "good")
        return redirect(url_for("visit_papers.show", paper_id=paper_id), 303)
    page = render_template(
        "certification/visit_paper_fill.html", row=row, decision=decision, form=form, work_label=WORKS.get(Kind(row.kind), "")
    )
    return page, 422 if form.errors else 200


def _filled(row: Any, form: FillForm, now: datetime) -> bool:
    """Whether it was kept; what is wrong is said beside the field."""
    zone, paper_id, kind = settings().timezone, row.id, Kind(row.kind)
    (arrived, left), filled = form.times(zone), form.filled(zone)
    refusal = rule.may_fill(store.as_rule(row), arrived, left, now)
    if refusal is None:
        try:
            content = prints.paper(row.decision_id, kind, {**row.fields, **filled})
        except MissingGlyph as error:
            form.form_errors.append(unprintable(error))
            return False
        with work(actor(), now) as w:
            refusal = actions.fill(w, paper_id, filled, arrived, left, content if kind is Kind.NOTE else None)
    if refusal is Refusal.IN_FUTURE:
        form.arrived.errors = [REFUSALS[refusal]]
    elif refusal is Refusal.LEFT_BEFORE:
        form["left"].errors = [REFUSALS[refusal]]
    elif refusal:
        form.form_errors.append(str(REFUSALS[refusal]))
    return refusal is None


@doors.post("/<int:paper_id>/link")
@requires(P.SIGNED_IN)
def link(paper_id: int) -> Any:
    """Show the customer a code to scan; it is shown on this answer only, because its digest alone is kept."""
    row, decision = _paper(paper_id, to_write=True)
    token = secrets.token_urlsafe(32)
    with work(actor()) as w:
        refusal = actions.link(w, paper_id, token)
    if refusal:
        flash(REFUSALS[refusal], "bad")
        return redirect(url_for("visit_papers.show", paper_id=paper_id), 303)
    address = f"{settings().public_url}/visits/{token}"
    row, decision = _paper(paper_id)
    return render_template(
        "certification/visit_paper_link.html", row=row, decision=decision, address=address, code=square(address),
        here=url_for("visits.show", token=token), until=row.token_until,
    )
