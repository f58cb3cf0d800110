"""What a new edition touches: questions, programmes, and papers that are still to be sat."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from certification import edition_impact as rule
from certification.programme import from_json
from certification.store import edition_impact as store
from certification.store import programmes
from foundation import clock
from foundation.database import db
from people.login import account, requires
from people.permission import Permission
from question_bank.store import edition_changes, edition_steps
from standards.edition_change import Change, gravest

doors = Blueprint("edition_impact", __name__)
P = Permission
TOUCHED = (Change.CHANGED, Change.WITHDRAWN)


@dataclass(frozen=True)
class ProgrammeImpact:
    """A programme that examines the former edition; ``follows`` when it examines the later one too."""

    code: str
    title: dict[str, str]
    number: int
    rows: list[rule.RowImpact]
    uncovered: list[str]
    follows: bool


@doors.get("/standards/<code>/<edition>/impact")
@requires(P.ITEM_READ)
def show(code: str, edition: str) -> str:
    """The questions, programmes and papers that stand on the former edition (``since``, or the one before)."""
    found = edition_steps.between(db.session, code, edition, request.args.get("since", "")) or abort(404)
    touching = edition_changes.touching(db.session, found.former.id)
    items = Counter(gravest(found.changes[key] for key in clauses) for _version, clauses in touching.values())
    touched = [key for key, change in found.changes.items() if change in TOUCHED]
    row = edition_changes.list_between(db.session, found.former.id, found.later.id)
    me = account()
    return render_template(
        "certification/edition_impact.html", found=found, items=items, change_id=row.id if row else None,
        stands=edition_changes.counts(db.session, row.id)["stand"] if row else {}, programmes=_programmes(found),
        sittings=store.coming(db.session, touched, list(found.changes), clock.now()), steps=Counter(step.change for step in found.steps),
        may_write=me.may(P.ITEM_WRITE), may_see_sittings=me.may(P.SITTING_READ), words=_words(),
    )


def _words() -> dict[Change, str]:
    return {
        Change.SAME: _("没有变化"), Change.MOVED: _("只改了条号"), Change.CHANGED: _("修改"), Change.WITHDRAWN: _("废止"),
        Change.ADDED: _("新增"),
    }


def _programmes(found: Any) -> list[ProgrammeImpact]:
    former = f"{found.former.standard}@{found.former.edition}"
    later = f"{found.later.standard}@{found.later.edition}"
    changes = {found.old[step.former].ref: step.change for step in found.steps if step.former is not None}
    wanted = [view.ref for view in found.new.values() if view.examinable]
    impacts = []
    for row in programmes.newest_editions(db.session):
        spec = from_json(row.spec)
        if former in spec.standards:
            rows = rule.rows(spec.exam.blueprint, changes, found.successors)
            missing = rule.uncovered(wanted, rows)
            impacts.append(ProgrammeImpact(row.code, row.title, row.number, rows, missing, later in spec.standards))
    return impacts
