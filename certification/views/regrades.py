"""Regrades: officers propose them on the paper of a sitting that is over, deciders see what they would do and sign or refuse."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import regrade_report
from certification.actions import regrade_commitment as commitment
from certification.actions import regrades as actions
from certification.actions.regrade_commitment import Committed
from certification.forms.regrades import KINDS, CommitForm, ProposalForm, RefuseForm
from certification.regrade import Change, Deed, Kind, Refusal, State, further_key, may_propose
from certification.regrade_report import Choice, Line, Said
from certification.store import appeals, sittings
from certification.store import regrades as store
from certification.store.appeals import Asking
from certification.views import regrade_words as words
from certification.views.regrade_paper import Question, question, questions
from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.wording import mark
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.rich_text import bare

doors = Blueprint("regrades", __name__)
P = Permission


@doors.get("/regrades")
@requires(P.REGRADE_READ)
def index() -> str:
    """Proposals by state, the waiting ones first to be chosen."""
    listing = Listing.from_request(("proposed", "decided", "sitting"), ("state",), descending=True)
    counts = store.counts(db.session)
    listing.add_filter("state", _("状态"), {state: str(word) for state, word in words.STATES.items()}, {s: counts.get(s, 0) for s in State})
    state = listing.chosen.get("state")
    listing.fill(db.session, store.listed(listing.q, state if state in set(State) else None), store.ORDER, store.TIE)
    asked = store.asked_for(db.session) if account().may(P.REGRADE) else []
    return render_template("certification/regrades.html", listing=listing, asked=asked, kinds=KINDS, words=words)


@doors.get("/sittings/<int:sitting_id>/regrades")
@requires(P.REGRADE)
def choose(sitting_id: int) -> str:
    """The paper of a sitting that is over: choose the question."""
    sitting = _sitting(sitting_id)
    refused = _refused(sitting)
    listing = Listing.from_request(("number", "share"))
    found = [] if refused else questions(sitting, listing.q)
    by_share = listing.sort == "share"  # a question without a share yet stands last
    found.sort(key=lambda one: (one.share if one.share is not None else 2) if by_share else one.number, reverse=listing.descending)
    listing.rows = found
    listing.total = listing.per_page = len(listing.rows)
    return render_template(
        "certification/regrade_questions.html", sitting=sitting, listing=listing, refused=refused and words.REFUSALS[refused],
        appeal=_appeal(sitting_id, request.args.get("appeal", "")), earlier=store.of_sitting(db.session, sitting_id), words=words,
        kinds=KINDS,
    )


@doors.route("/sittings/<int:sitting_id>/regrades/<int:version_id>", methods=["GET", "POST"])
@requires(P.REGRADE)
def propose(sitting_id: int, version_id: int) -> Any:
    """Propose a regrade of one question."""
    sitting = _sitting(sitting_id)
    if refused := _refused(sitting):
        flash(words.REFUSALS[refused], "warn")
        return redirect(url_for("regrades.choose", sitting_id=sitting_id))
    asked = question(sitting, version_id) or abort(404)
    form = ProposalForm(appeal=request.args.get("appeal", "")) if request.method == "GET" else ProposalForm()
    form.picked.choices = [(option.code, f"{chr(65 + place)}. {bare(option.text)}") for place, option in enumerate(asked.face.options)]
    appeal = _appeal(sitting_id, str(form.appeal.data or ""))
    if form.validate_on_submit():
        kind = Kind(form.kind.data)
        behind = appeal.id if appeal else None
        proposal = actions.Proposal(version_id, kind, _detail(form, kind, asked), str(form.reason.data).strip(), behind)
        with work(actor()) as w:
            made = actions.propose(w, sitting_id, proposal)
        if not isinstance(made, Refusal):
            flash(_("提议已提交，成绩还没有变动。下面是预演，认证决定人签署后才执行。"), "good")
            return redirect(url_for("regrades.show", regrade_id=made))
        field = form["typed" if words.FIELDS.get(made) == "picked" and not asked.picks else words.FIELDS.get(made, "kind")]
        field.errors = [str(words.KEYS.get(asked.kind, words.REFUSALS[made]) if made is Refusal.KEY else words.REFUSALS[made])]
    page = render_template("certification/regrade_new.html", sitting=sitting, question=asked, form=form, appeal=appeal, words=words)
    return page, 422 if form.errors else 200


def _detail(form: ProposalForm, kind: Kind, asked: Question) -> dict[str, Any]:
    if kind is Kind.REWEIGHT:
        return {"points": form.points.data}
    if kind is Kind.EXTRA_KEY:
        codes, right = [option.code for option in asked.face.options], [option.code for option in asked.face.right]
        return {"key": further_key(asked.kind, form.picked.data or [], str(form.typed.data or ""), codes, right, asked.blanks)}
    return {}


@doors.get("/regrades/<int:regrade_id>")
@requires(P.REGRADE_READ)
def show(regrade_id: int) -> str:
    """A proposal with its dry run, made anew at each look; or what was signed."""
    return _page(_found(regrade_id), CommitForm(), RefuseForm())


@doors.post("/regrades/<int:regrade_id>/commit")
@requires(P.DECIDE)
def commit(regrade_id: int) -> Any:
    """Sign and carry out, if the facts are still those of the dry run that was read."""
    row, form, said = _found(regrade_id), CommitForm(), _said()
    if not form.validate_on_submit():
        return _page(row, form, RefuseForm(formdata=None), said), 422
    with work(actor()) as w:
        done = commitment.carry_out(w, regrade_id, str(form.digest.data), str(form.note.data), said)
    if isinstance(done, Committed):
        flash(_("已签署并执行：%(n)s 人的成绩有变化，原成绩已留存。", n=len(done.report.lines)), "good")
        return redirect(url_for("regrades.show", regrade_id=regrade_id))
    if done is Refusal.UNDECIDED:
        return _page(_found(regrade_id), form, RefuseForm(formdata=None), said), 422
    flash(words.REFUSALS[done], "warn" if done is Refusal.MOVED else "bad")
    return _page(_found(regrade_id), form, RefuseForm(formdata=None), said), 409


def _said() -> Said:
    """What was said of each licence, by its id, and of all the others of a kind; an unknown word says nothing."""
    licences = {}
    for name in request.form:
        head, _dash, number = name.partition("-")
        if head in ("deed", "why") and number.isdecimal() and len(number) < 11:
            licences[int(number)] = Choice(_deed(f"deed-{number}"), request.form.get(f"why-{number}", "")[:1000])
    rest = {what: deed for what in Change if (deed := _deed(f"rest-{what}"))}
    return Said(licences, rest)


def _deed(name: str) -> Deed | None:
    typed = request.form.get(name, "")
    return Deed(typed) if typed in set(Deed) else None


@doors.post("/regrades/<int:regrade_id>/refuse")
@requires(P.DECIDE)
def refuse(regrade_id: int) -> Any:
    """Turn the proposal down."""
    row, form = _found(regrade_id), RefuseForm()
    if not form.validate_on_submit():
        return _page(row, CommitForm(formdata=None), form), 422
    with work(actor()) as w:
        refused = actions.refuse(w, regrade_id, str(form.refusal.data))
    flash(words.REFUSALS[refused] if refused else _("已记录：不采纳这项提议，成绩不变。"), "bad" if refused else "good")
    return redirect(url_for("regrades.show", regrade_id=regrade_id))


@doors.post("/regrades/<int:regrade_id>/withdraw")
@requires(P.REGRADE)
def withdraw(regrade_id: int) -> Any:
    """Take one's own proposal back."""
    _found(regrade_id)
    with work(actor()) as w:
        refused = actions.withdraw(w, regrade_id)
    flash(words.REFUSALS[refused] if refused else _("提议已撤回。"), "bad" if refused else "good")
    return redirect(url_for("regrades.show", regrade_id=regrade_id))


def _sitting(sitting_id: int) -> Row[Any]:
    return sittings.sitting_in_scope(db.session, sitting_id, account().limit(P.REGRADE), clock.now()) or abort(404)


def _refused(sitting: Row[Any]) -> Refusal | None:
    running = store.running(db.session, sitting.id)
    return may_propose(sitting.closes, running, sitting.cancelled is not None, clock.now())


def _appeal(sitting_id: int, typed: str) -> Asking | None:
    """The upheld appeal about this sitting that asks for a regrade, where the address names one."""
    found = appeals.asking(db.session, int(typed)) if typed.isdecimal() and len(typed) < 10 else None
    return found if found and found.sitting_id == sitting_id else None


def _found(regrade_id: int) -> Row[Any]:
    return store.one(db.session, regrade_id) or abort(404)


def _name_silent(form: CommitForm, lines: Sequence[Line]) -> list[int]:
    """Say at the form of which licences nothing was said; answers their ids."""
    held = [(line.facts.person_id, line.facts.earned) for line in lines if line.facts.earned]
    if held:
        names = store.names(db.session, [person for person, _earned in held[:20]])
        named = mark("、").join(f"{names[person][0]} {earned.number}" for person, earned in held[:20])
        named = named if len(held) <= 20 else _("%(names)s 等", names=named)
        form.form_errors.append(_("这些上岗证还没有选择怎样处理：%(names)s。", names=named))
    return [earned.licence_id for _person, earned in held]


def _page(row: Row[Any], form: CommitForm, refusal: RefuseForm, said: Said | None = None) -> str:
    me, regrade = account(), row.Regrade
    plain, barred, report = regrade.report, None, None
    if regrade.state == State.PROPOSED:
        report, _graded = actions.dry_run(actions.glance(), regrade.sitting_id, actions.ruling_of(regrade), clock.now())
        plain = regrade_report.plain(report)
        form.digest.data = regrade_report.digest(plain)
        barred = actions.barred(db.session, me.account_id, regrade, report) if me.may(P.DECIDE) else None
    silent = _name_silent(form, said.silent(report)) if said and report else []
    asked, before = question(row, regrade.version_id), store.committed_before(db.session, regrade)
    lines = plain.get("lines", [])
    return render_template(
        "certification/regrade.html", row=row, regrade=regrade, form=form, refusal=refusal, words=words, kinds=KINDS,
        question=asked, before=before, silent=silent, plain=plain, lines=[line for line in lines if line["change"] != Change.MARK],
        small=[line for line in lines if line["change"] == Change.MARK], names=store.names(db.session, [line["person"] for line in lines]),
        counts={what: sum(line["change"] == what for line in lines) for what in Change}, touched=report.touched if report else [],
        barred=barred and words.REFUSALS[barred], said={entry["licence"]: entry for entry in plain.get("deeds", [])},
        finding=actions.verify(regrade, row.sitting) if regrade.state == State.COMMITTED else None,
        shown=row.released is not None or me.may(P.REGRADE) or me.may(P.DECIDE), may_decide=me.may(P.DECIDE),
        mine=regrade.proposed_by == me.account_id,
    )
