"""Recording a breach: the form with its two look-ups, which work without a script and save nothing."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import breach as rule
from certification.actions import breaches as actions
from certification.actions.breaches import Found
from certification.actions.licences import zone
from certification.breach import SCALE, Refusal, Severity, Source
from certification.breach_file import Evidence
from certification.forms.breaches import BreachForm
from certification.store import breaches as store
from certification.store import decisions
from certification.store import partners as programmes
from certification.views import breach_words as words
from certification.views.breach_evidence import MOST_BODY, read_files
from foundation import clock
from foundation.database import db
from foundation.web import roomy
from foundation.wording import said
from foundation.work import work
from people.login import actor, requires
from people.permission import Permission
from people.store import companies
from standards import store as standards
from standards.clause import parse_reference
from standards.store import ClauseView

doors = Blueprint("breach_record", __name__, url_prefix="/breaches")
PEOPLE, CLAUSES = 8, 12


@dataclass
class Chosen:
    """Who and what was chosen, and what the searches found (None: nobody searched)."""

    person: Row[Any] | None = None
    clause: ClauseView | None = None
    people: list[Row[Any]] | None = None
    clauses: list[ClauseView] | None = None
    files: list[Evidence] = field(default_factory=list)


@doors.route("/new", methods=["GET", "POST"])
@requires(Permission.BREACH_WRITE)
@roomy(MOST_BODY)
def new() -> Any:
    """Record a breach; an address may bring the person and the visit."""
    form = BreachForm()
    if request.method == "GET":
        form.staff.data, form.visit.data = request.args.get("staff", "")[:80], request.args.get("visit", "")[:80]
    form.programme.choices = [("", _("不限项目")), *((code, said(title)) for code, title in decisions.programmes(db.session).items())]
    chosen = _chosen(form)
    look = request.form.get("do", "")
    if request.method == "GET" or look in {"staff", "clause"}:
        _search(form, chosen, look)
        return _page(form, chosen), 200
    fine = form.validate()
    _complain(form, chosen)
    files = read_files(form)
    if fine and files is not None and not form.errors:
        made = _record(form, chosen, files)
        if not isinstance(made, Refusal):
            flash(_("违规已记录，记分和处理措施已生效。"), "good")
            return redirect(url_for("breaches.show", number=made))
        form["description" if made is Refusal.SHORT else "occurred"].errors = [str(words.REFUSALS[made])]
    return _page(form, chosen), 422


def _chosen(form: BreachForm) -> Chosen:
    """What was picked among what was found, else what was typed exactly."""
    person = next((row for text in (form.picked_staff.data, form.staff.data) if text and (row := _person(text))), None)
    clause = next((view for text in (form.picked_clause.data, form.clause.data) if text and (view := _clause(text))), None)
    return Chosen(person, clause)


def _person(typed: str) -> Row[Any] | None:
    return companies.person_numbered(db.session, typed)


def _clause(typed: str) -> ClauseView | None:
    named = parse_reference(typed)
    return standards.clause_at(db.session, named.standard, named.edition, named.number) if named else None


def _search(form: BreachForm, chosen: Chosen, look: str) -> None:
    if look == "staff":
        chosen.people = list(store.people_like(db.session, str(form.staff.data or ""), PEOPLE))
    if look == "clause":
        typed = str(form.clause.data or "")
        chosen.clauses = standards.search_clauses(db.session, typed, CLAUSES) if typed else []


def _complain(form: BreachForm, chosen: Chosen) -> None:
    """Say at their fields what the look-ups left open, and offer what they would find."""
    if chosen.person is None:
        _search(form, chosen, "staff")
        form.staff.errors = [_("请从查到的人员中选择一位") if chosen.people else _("没有这位人员，请输入工号或姓名查找")]
    if chosen.clause is None:
        _search(form, chosen, "clause")
        form.clause.errors = [_("请从查到的条款中选择一条") if chosen.clauses else _("请输入关键词或条款号，查找违反的条款")]
    if form.visit.data and chosen.person and store.visit_of(db.session, str(form.visit.data), chosen.person.staff_no) is None:
        form.visit.errors = [_("没有找到这位人员在这个工单上的派单判定")]


def _record(form: BreachForm, chosen: Chosen, files: list[Evidence]) -> str | Refusal:
    assert chosen.person is not None, "the form is complained of before"
    assert chosen.clause is not None, "the form is complained of before"
    known = programmes.programmes_by_code(db.session)
    visit = store.visit_of(db.session, str(form.visit.data), chosen.person.staff_no) if form.visit.data else None
    found = Found(
        person_id=chosen.person.id, clause_id=chosen.clause.id, source=Source(form.source.data), severity=Severity(form.severity.data),
        occurred=form.occurred.data.replace(tzinfo=zone()), description=str(form.description.data),
        programme_id=known[form.programme.data].id if form.programme.data else None, decision_id=visit, files=files,
    )
    with work(actor()) as w:
        return actions.record(w, found)


def _page(form: BreachForm, chosen: Chosen) -> str:
    points = None
    if chosen.person:
        points = rule.total(store.findings(db.session, chosen.person.id), clock.now(), zone())
    hints = {severity.value: _("%(n)s 分", n=weight) for severity, weight in SCALE.points.items()}
    return render_template(
        "certification/breach_new.html", form=form, chosen=chosen, points=points, hints=hints, scale=SCALE, zone=zone().key
    )
