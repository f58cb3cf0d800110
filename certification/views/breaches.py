"""Breaches: the list, one with what follows from it, its evidence, the appeal and the answer; a person's own."""

import io
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import breach as rule
from certification.actions import breaches as actions
from certification.actions.licences import zone
from certification.breach import SCALE, Refusal, Severity, Source, State, Verdict
from certification.breach_file import JPEG
from certification.forms.breaches import VERDICTS, BreachAppealForm, BreachOutcomeForm, EvidenceForm
from certification.store import breaches as store
from certification.store.licences import Scope
from certification.views import breach_words as words
from certification.views.breach_evidence import MOST_BODY, read_files
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.web import roomy
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from standards import store as standards

doors = Blueprint("breaches", __name__, url_prefix="/breaches")
P = Permission


def scope() -> Scope:
    """Whose breaches the asker sees: their own, their company's, everybody's."""
    me = account()
    if not me.may(P.BREACH_READ):
        return Scope(me.person_id)
    company = me.limit(P.BREACH_READ)
    return Scope(me.person_id, company, everyone=company is None)


@doors.get("")
@requires(P.BREACH_READ)
def index() -> str:
    """All breaches, or those of one company: the latest first."""
    company = account().limit(P.BREACH_READ)
    listing = Listing.from_request(("recorded", "occurred", "name", "partner", "points"), ("state", "source", "severity", "partner"), True)
    listing.add_filter("state", _("状态"), _offer(words.STATES), store.counts(db.session, company))
    listing.add_filter("source", _("来源"), _offer(words.SOURCES))
    listing.add_filter("severity", _("程度"), _offer(words.SEVERITIES))
    known = {"state": set(State), "source": set(Source), "severity": set(Severity)}
    chosen = {name: value for name, value in listing.chosen.items() if name == "partner" or value in known[name]}
    listing.fill(db.session, store.listed(company, listing.q, chosen), store.ORDER, store.TIE)
    partners = store.partners(db.session) if company is None else {}
    return render_template("certification/breaches.html", listing=listing, words=words, partners=partners)


def _offer(found: Any) -> dict[str, str]:
    return {code.value: str(word) for code, word in found.items()}


@doors.get("/mine")
@requires(P.SIGNED_IN)
def mine() -> str:
    """My own breaches, the points that count, and what I have to do."""
    now, me = clock.now(), account()
    return render_template(
        "certification/breaches_mine.html", rows=store.of_person(db.session, me.person_id), words=words, **_standing(me.person_id),
        counts={row.id: rule.counts(row, now, zone()) for row in store.findings(db.session, me.person_id)}, scale=SCALE,
        measures=store.measures_of(db.session, me.person_id), now=now,
    )


def _standing(person_id: int) -> dict[str, Any]:
    points = rule.total(store.findings(db.session, person_id), clock.now(), zone())
    return {"total": points, "following": rule.next_threshold(points)}


@doors.get("/<number>")
@requires(P.SIGNED_IN)
def show(number: str) -> str:
    """One breach."""
    return _page(_found(number))


def _found(number: str) -> Row[Any]:
    return store.in_scope(db.session, number, scope()) or abort(404)


def _own(number: str) -> Row[Any]:
    return store.in_scope(db.session, number, Scope(account().person_id)) or abort(404)


def _page(
    row: Row[Any], appeal: BreachAppealForm | None = None, outcome: BreachOutcomeForm | None = None, evidence: EvidenceForm | None = None
) -> str:
    me, found, now = account(), row.Breach, clock.now()
    own = found.person_id == me.person_id
    state = State(found.state)
    may_decide = me.may(P.DECIDE) and state is not State.LIFTED and me.may(P.BREACH_READ)
    barred = actions.barred(db.session, me.account_id, found, row.partner_id) if may_decide else None
    refused = rule.may_appeal(state, found.decided, found.recorded, now, zone()) if own else None
    outcome = outcome or BreachOutcomeForm(formdata=None)
    if state is not State.APPEALED:
        outcome.verdict.choices = [(Verdict.LIFT, VERDICTS[Verdict.LIFT])]
        outcome.verdict.data = outcome.verdict.data or Verdict.LIFT
    measures = [one for one in store.measures_of(db.session, found.person_id) if one.BreachMeasure.breach_id == found.id]
    return render_template(
        "certification/breach.html", row=row, found=found, words=words, files=store.files_of(db.session, found.id), own=own,
        insider=me.may(P.BREACH_READ) and not own, clause=standards.clause(db.session, found.clause_id), measures=measures, now=now,
        lapses=rule.lapses(found.occurred, zone()), ends=rule.appeal_ends(found.recorded, zone()), **_standing(found.person_id),
        refused=refused and words.REFUSALS[refused], may_decide=may_decide, barred=barred and words.REFUSALS[barred],
        appeal=appeal or BreachAppealForm(formdata=None), outcome=outcome, evidence=evidence or EvidenceForm(formdata=None), scale=SCALE,
    )


@doors.get("/<number>/files/<int:file_id>")
@requires(P.SIGNED_IN)
def file(number: str, file_id: int) -> Response:
    """A piece of evidence: a picture that was made anew is shown, anything else is only handed out."""
    found = store.file_in_scope(db.session, number, file_id, scope()) or abort(404)
    shown = found.media_type == JPEG
    answer = send_file(
        io.BytesIO(found.content), mimetype=found.media_type, as_attachment=not shown, download_name=found.name, max_age=0, etag=False
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@doors.post("/<number>/files")
@requires(P.BREACH_WRITE)
@roomy(MOST_BODY)
def add_files(number: str) -> Any:
    """Add evidence that came later."""
    row, form = _found(number), EvidenceForm()
    files = read_files(form)
    if not files and not form.files.errors:
        form.files.errors = [_("请选择文件")]
    if form.files.errors or files is None:
        return _page(row, evidence=form), 422
    with work(actor()) as w:
        kept = actions.add_files(w, row.Breach.id, files)
    if not kept:
        form.files.errors = [_("一条记录最多 6 个文件")]
        return _page(row, evidence=form), 422
    flash(_("证据已加入。"), "good")
    return redirect(url_for("breaches.show", number=number))


@doors.post("/<number>/appeal")
@requires(P.SIGNED_IN)
def appeal(number: str) -> Any:
    """Appeal against one's own breach."""
    row, form = _own(number), BreachAppealForm()
    if not form.validate_on_submit():
        return _page(row, appeal=form), 422
    with work(actor()) as w:
        refused = actions.appeal(w, row.Breach.id, str(form.text.data))
    if refused:
        return _refused(number, refused, form.text, appeal=form)
    flash(_("申诉已提交。答复之前，这条记录继续计分。"), "good")
    return redirect(url_for("breaches.show", number=number))


@doors.post("/<number>/decision")
@requires(P.DECIDE)
def decide(number: str) -> Any:
    """Lift the breach, or uphold it, with reasons."""
    row, form = _found(number), BreachOutcomeForm()
    if not form.validate_on_submit():
        return _page(row, outcome=form), 422
    with work(actor()) as w:
        refused = actions.decide(w, row.Breach.person_id, row.Breach.id, Verdict(form.verdict.data), str(form.outcome.data))
    if refused:
        return _refused(number, refused, form.outcome, outcome=form)
    lifted = form.verdict.data == Verdict.LIFT
    flash(_("已撤销，相应的处理措施已重新计算。") if lifted else _("已维持，本人可以看到答复函。"), "good")
    return redirect(url_for("breaches.show", number=number))


def _refused(number: str, refused: Refusal, field: Any, **forms: Any) -> Any:
    if refused is Refusal.SHORT:
        field.errors = [str(words.REFUSALS[refused])]
        return _page(_found(number), **forms), 422
    flash(words.REFUSALS[refused], "bad")
    return _page(_found(number), **forms), 409


@doors.get("/<number>/letter")
@requires(P.SIGNED_IN)
def letter(number: str) -> str:
    """The answer as a letter."""
    row = _found(number)
    if row.Breach.decided is None:
        abort(404)
    return render_template(
        "certification/breach_letter.html", row=row, found=row.Breach, words=words, mine=row.Breach.person_id == account().person_id,
        clause=standards.clause(db.session, row.Breach.clause_id),
    )
