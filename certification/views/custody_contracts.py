"""Custody under one contract: the company's agreement, issuing to a person, receipts, and what is to be taken back."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import custody as rule
from certification.actions import custody as actions
from certification.actions import custody_papers as papers
from certification.actions.custody import NewReceipt, SignedPaper
from certification.actions.custody_papers import Holder, Parties
from certification.custody import Due, Refusal
from certification.custody_wording import RECEIPT
from certification.custody_wording import agreement as usual_text
from certification.forms.custody import PAPER, AgreementForm, IssueForm
from certification.signature import kept
from certification.store import custody as store
from certification.views import custody_words as words
from certification.views.custody import listed, pdf_answer, status_of, told
from foundation import clock
from foundation.cells import csv_lines
from foundation.config import settings
from foundation.database import db
from foundation.pdf import MissingGlyph
from foundation.wording import local, mark
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from people.roster import midnight
from people.store import companies

doors = Blueprint("custody_contracts", __name__, url_prefix="/partners/<int:partner_id>/contracts/<int:contract_id>/custody")
P = Permission


def _found(partner_id: int, contract_id: int, permission: Permission) -> tuple[Row[Any], Any]:
    """The company and its contract, within what ``permission`` is limited to."""
    limit = account().limit(permission)
    partner = companies.partner_in_scope(db.session, partner_id, limit) or abort(404)
    return partner, companies.contract_in_scope(db.session, partner_id, contract_id, limit) or abort(404)


@doors.get("")
@requires(P.CUSTODY_READ)
def show(partner_id: int, contract_id: int) -> str:
    """The agreement, the receipts, and since when things are to be taken back."""
    partner, contract = _found(partner_id, contract_id, P.CUSTODY_READ)
    now = clock.now()
    agreement = store.agreement_of(db.session, contract_id)
    listing, due = listed(now, store.receipts(now, partner_id, contract_id), partner_id)
    out = store.reclaim(db.session, contract_id, now)
    term = store.term(db.session, contract)
    return render_template(
        "certification/custody_contract.html", partner=partner, contract=contract, agreement=agreement, listing=listing, words=words,
        since=due.get(contract_id), out=out, in_force=rule.in_force(term, now), over=rule.over(term, now), now=now,
        intact=agreement and rule.intact(agreement.pdf, agreement.digest),
        signature=agreement and kept(agreement.signatory, agreement.signature), **told(listing.rows, due),
    )


@doors.get("/agreement.pdf")
@requires(P.CUSTODY_READ)
def agreement_paper(partner_id: int, contract_id: int) -> Response:
    """The agreement as it was signed."""
    _found(partner_id, contract_id, P.CUSTODY_READ)
    agreement = store.agreement_of(db.session, contract_id) or abort(404)
    return pdf_answer(agreement.pdf, f"agreement-{contract_id}")


@doors.route("/agreement", methods=["GET", "POST"])
@requires(P.CUSTODY_WRITE)
def agreement(partner_id: int, contract_id: int) -> Any:
    """Have the company sign its responsibility agreement, or note the paper that it signed."""
    partner, contract = _found(partner_id, contract_id, P.CUSTODY_WRITE)
    form, now = AgreementForm(text=usual_text(contract.code)), clock.now()
    already = store.agreement_of(db.session, contract_id)
    refused = rule.may_sign(store.term(db.session, contract), already.signed if already else None, now, now)
    if refused is None and form.validate_on_submit():
        day = midnight(form.paper_day.data, settings().timezone) if form.how.data == PAPER else now
        if day > now:
            form.paper_day.errors = [words.REFUSALS[Refusal.IN_FUTURE]]
        elif paper := _printed(form, partner, contract, day, now):
            return _keep_agreement(partner_id, contract_id, paper, day, now)
    page = render_template(
        "certification/custody_agreement.html", partner=partner, contract=contract, form=form, words=words, refused=refused
    )
    return page, status_of(form, refused)


def _printed(form: AgreementForm, partner: Row[Any], contract: Any, day: datetime, now: datetime) -> SignedPaper | None:
    """The agreement as a paper; None when a character of it cannot be printed, which the form then says."""
    try:
        text = str(form.text.data).replace("\r\n", "\n").strip()
        return papers.agreement(Parties(partner.name, contract.code, contract.title), text, form.signature(), day, now)
    except MissingGlyph as error:
        form.text.errors = [unprintable(error)]
        return None


def unprintable(error: MissingGlyph) -> str:
    """Which characters the printer has no picture of."""
    return _("这些字无法打印：%(letters)s", letters=mark("、").join(error.characters))


def _keep_agreement(partner_id: int, contract_id: int, paper: SignedPaper, day: datetime, now: datetime) -> Any:
    with work(actor(), now) as w:
        refused = actions.sign(w, contract_id, paper, day)
    flash(words.REFUSALS[refused] if refused else _("责任书已签署，可以发放物品。"), "bad" if refused else "good")
    return redirect(url_for("custody_contracts.show", partner_id=partner_id, contract_id=contract_id), 303)


@doors.route("/issue", methods=["GET", "POST"])
@requires(P.CUSTODY_WRITE)
def issue(partner_id: int, contract_id: int) -> Any:
    """Hand items to a person on the roster, who signs for them; first who, then what."""
    partner, contract = _found(partner_id, contract_id, P.CUSTODY_WRITE)
    now, form = clock.now(), IssueForm()
    typed = request.args.get("staff", "").strip()[:40]
    person = companies.person_numbered(db.session, typed) if typed else None
    person = person if person and person.partner_id == partner_id else None
    barriers = rule.barriers(store.facts(db.session, contract, person.id), now) if person else ()
    if person and not barriers:
        form.sign.signer = person.name
        if request.method == "GET":
            form.sign.form["name"].data = person.name
        elif form.validate_on_submit() and (kept_as := _issue(form, partner, contract, person, now)):
            flash(_("已发放，%(name)s 已签收。", name=person.name), "good")
            return redirect(url_for("custody.show", number=kept_as), 303)
    page = render_template(
        "certification/custody_issue.html", partner=partner, contract=contract, form=form, person=person, typed=typed, barriers=barriers,
        words=words, receipt_text=RECEIPT, offered=[] if person else store.on_roster(db.session, contract_id, now),
    )
    return page, 200 if request.method == "GET" else 409 if barriers else 422


def _issue(form: IssueForm, partner: Row[Any], contract: Any, person: Row[Any], now: datetime) -> str | None:
    """The number of the receipt that was kept; None with the reasons in the form."""
    signature, items, assignment = form.sign.signature, form.wanted(), str(form.assignment.data).strip()
    assert signature is not None
    facts = store.facts(db.session, contract, person.id)
    refused: Sequence[Refusal] = rule.may_issue(facts, items, assignment, now)
    if not refused:
        number = actions.new_number(local(now))
        try:
            holder = Holder(person.name, person.staff_no, assignment)
            paper = papers.receipt(number, Parties(partner.name, contract.code, contract.title), holder, items, signature, now)
        except MissingGlyph as error:
            form.form_errors.append(unprintable(error))
            return None
        with work(actor(), now) as w:
            refused = actions.issue(w, contract.id, NewReceipt(number, person.id, assignment, items, paper))
        if not refused:
            return number
    form.form_errors += [str(words.REFUSALS[refusal]) for refusal in refused]
    return None


@doors.get("/reclaim")
@requires(P.CUSTODY_READ)
def reclaim(partner_id: int, contract_id: int) -> str:
    """What is to be taken back, to look at and to print."""
    partner, contract = _found(partner_id, contract_id, P.CUSTODY_READ)
    now = clock.now()
    since = store.due_contracts(db.session, now, partner_id).get(contract_id)
    rows = store.reclaim(db.session, contract_id, now)
    return render_template(
        "certification/custody_reclaim.html", partner=partner, contract=contract, rows=rows, since=since, words=words, now=now,
        why=lambda row: _why(row, since),
    )


@doors.get("/reclaim.csv")
@requires(P.CUSTODY_READ)
def export(partner_id: int, contract_id: int) -> Response:
    """The same as CSV."""
    _found(partner_id, contract_id, P.CUSTODY_READ)
    now = clock.now()
    since = store.due_contracts(db.session, now, partner_id).get(contract_id)
    rows = store.reclaim(db.session, contract_id, now)
    name = f"reclaim-{contract_id}-{local(now):%Y%m%d}.csv"
    return Response(
        stream_with_context(csv_lines(_lines(rows, since))), mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(rows: Sequence[Row[Any]], since: datetime | None) -> Iterator[list[object]]:
    yield [_("工号"), _("姓名"), _("城市"), _("物品"), _("编号或说明"), _("凭据编号"), _("领用日期"), _("状态"), _("为什么要交回")]
    for row in rows:
        state = _("遗失未结案") if row.state == "lost" else _("保管中")
        why = _why(row, since)
        yield [
            row.staff_no, row.name, row.city, str(words.KINDS[row.kind]), row.label, row.number, local(row.issued).date(), state,
            str(words.DUE[why]) if why else "",
        ]


def _why(row: Row[Any], since: datetime | None) -> Due | None:
    if row.state == "lost":
        return None
    return Due.CONTRACT_OVER if since else Due.OFF_ROSTER if row.off else None

