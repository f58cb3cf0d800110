"""The versions of the dispatch policy, what each changed, and adding one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certification import dispatch_policy as rule
from certification.actions import dispatch_policies as actions
from certification.dispatch_policy import BUILT_IN, POLICY_VERSION, Parameters, Refusal, parameters_of
from certification.forms.dispatch_policy import CONTRACT_STATES, NAMES, PolicyForm
from certification.store import dispatch_policies as store
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.wording import mark
from foundation.work import work
from people.login import actor, requires
from people.permission import Permission

doors = Blueprint("dispatch_policy", __name__, url_prefix="/dispatch/policy")
REFUSALS = {
    Refusal.TAKEN: ("version", _l("这个版本号已经用过")),
    Refusal.PAST: ("effective", _l("生效时间不能早于现在")),
    Refusal.SAME: ("note", _l("和生效前的版本完全一样，没有要改的")),
}
UNITS = {
    "recertify_months": _l("%(n)s 个月"), "longest_days": _l("%(n)s 天"), "override_hours": _l("%(n)s 小时"),
    "pass_hours": _l("%(n)s 小时"),
}


@dataclass(frozen=True)
class Shown:
    """One version as the page tells it; ``changes`` are to the version before."""

    version: str
    state: str
    effective: datetime | None
    recorded: datetime | None
    by: str | None
    note: str
    values: list[tuple[str, str]]
    changes: list[tuple[str, str, str]]


@doors.get("")
@requires(Permission.POLICY_READ)
def index() -> str:
    """The version in force, those that come, and those that were."""
    shown = _history(clock.now())
    current = next(one for one in shown if one.state == "current")
    return render_template("certification/dispatch_policy.html", shown=shown, current=current, expiring=settings().expiring_days)


def _history(now: datetime) -> list[Shown]:
    rows = list(store.history(db.session))
    inside = rule.policy_at(store.versions(db.session), now, now, settings().timezone).version
    former = BUILT_IN
    shown = [Shown(POLICY_VERSION, _state(POLICY_VERSION, inside, None, now), None, None, None, "", _values(former), [])]
    for row in reversed(rows):
        parameters = parameters_of(row.parameters)
        changes = [(str(NAMES[name]), _told(name, old), _told(name, new)) for name, old, new in rule.differences(former, parameters)]
        state = _state(row.version, inside, row.effective, now)
        shown.insert(0, Shown(row.version, state, row.effective, row.recorded, row.by, row.note, _values(parameters), changes))
        former = parameters
    return shown


def _state(version: str, inside: str, effective: datetime | None, now: datetime) -> str:
    if version == inside:
        return "current"
    return "coming" if effective is not None and effective > now else "former"


def _values(parameters: Parameters) -> list[tuple[str, str]]:
    return [(str(NAMES[name]), _told(name, getattr(parameters, name))) for name in Parameters.__struct_fields__]


def _told(name: str, value: Any) -> str:
    if name == "in_force":
        return mark("、").join(str(label) for state, label in CONTRACT_STATES.items() if state in value)
    return str(UNITS[name]) % {"n": value}


@doors.route("/new", methods=["GET", "POST"])
@requires(Permission.POLICY_WRITE)
def new() -> Any:
    """Add a version; the one in force is the proposal."""
    form = PolicyForm(formdata=request.form if request.method == "POST" else None)
    if request.method == "GET":
        inside = actions.policy()
        form.process(None, data={name: getattr(inside, name) for name in Parameters.__struct_fields__})
    elif form.validate_on_submit() and _added(form):
        flash(_("新版本已加入，按它的生效时间使用。"), "good")
        return redirect(url_for("dispatch_policy.index"), 303)
    return render_template("certification/dispatch_policy_new.html", form=form), 422 if form.errors else 200


def _added(form: PolicyForm) -> bool:
    with work(actor()) as w:
        effective = form.from_when(settings().timezone, w.now)
        refused = actions.add(w, str(form.version.data), form.parameters(), effective, str(form.note.data).strip())
    actions.forget()
    if refused is None:
        return True
    field, words = REFUSALS[refused]
    form[field].errors = [str(words)]
    return False
