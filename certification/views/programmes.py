"""Programmes and their editions, to read: what they demand, and whether the question bank can meet it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from certification.programme import Spec, from_json
from certification.store import programmes as store
from certification.supply import COMFORTABLE
from foundation.database import db
from foundation.listing import Listing
from people.login import requires
from people.permission import Permission
from question_bank import blueprint
from question_bank.assembly import Shortfall, assemble
from question_bank.blueprint import PoolItem
from question_bank.store import pool as bank
from standards import store as standards
from standards.clause import covers_reference

doors = Blueprint("programmes", __name__, url_prefix="/programmes")


@dataclass(frozen=True)
class RowView:
    """A row of the blueprint beside what the bank holds for it; ``tone`` is good, warn or bad."""

    title: dict[str, str]
    clauses: tuple[str, ...]
    count: int
    points: float
    available: int
    key_clause: bool
    tone: str


@doors.get("")
@requires(Permission.PROGRAMME_READ)
def index() -> Any:
    """All programmes, as their newest edition has them."""
    listing = Listing.from_request(("code",))
    listing.fill(db.session, store.programmes(listing.q), store.ORDER, store.ORDER["id"])
    specs = {row.id: from_json(row.spec) for row in listing.rows}
    return render_template("certification/programmes.html", listing=listing, specs=specs)


@doors.get("/<code>")
@requires(Permission.PROGRAMME_READ)
def show(code: str) -> Any:
    """One programme: standards, blueprint against the bank, cuts, validity, retakes, editions."""
    programme = store.programme_at(db.session, code) or abort(404)
    editions = store.editions_of(db.session, programme.id)
    asked = request.args.get("edition", "")
    edition = next((row for row in editions if str(row.number) == asked), None if asked else editions[0]) or abort(404)
    spec = from_json(edition.spec)
    pool = bank.pool(db.session, spec.standards)
    shortfall = assemble(spec.exam.blueprint, pool, "availability", standards.clash_camps(db.session))
    return render_template(
        "certification/programme.html", programme=programme, edition=edition, editions=editions, spec=spec, rows=_rows(spec, pool),
        kinds={item.kind.value for item in pool if any(not row.kinds or item.kind in row.kinds for row in spec.exam.blueprint)},
        shortfall=shortfall if isinstance(shortfall, Shortfall) else None, standards=_standards(spec), newest=edition is editions[0],
        clashes=(clashes := _clashes(spec)), own={side.clause.id for clash in clashes for side in clash.sides if _examines(spec, side)},
        lights={"good": _("充足"), "warn": _("偏少"), "bad": _("不够")},
    )


def _rows(spec: Spec, pool: Sequence[PoolItem]) -> list[RowView]:
    plan = blueprint.Blueprint(spec.exam.blueprint)
    views = []
    for number, row in enumerate(spec.exam.blueprint, 1):
        wants_key = plan.wants_key(row)
        available = sum(blueprint.draws(row, wants_key, item) for item in pool)
        tone = "bad" if available < row.count else "warn" if available < COMFORTABLE * row.count else "good"
        title = blueprint.section_title(row, number)
        views.append(RowView(title, row.clauses, row.count, row.points, available, bool(wants_key), tone))
    return views


def _clashes(spec: Spec) -> list[standards.ClashView]:
    """Where other rules disagree with what this programme examines."""
    return [clash for clash in standards.clashes(db.session) if any(_examines(spec, side) for side in clash.sides)]


def _examines(spec: Spec, side: standards.Side) -> bool:
    return any(covers_reference(prefix, side.clause.ref) for row in spec.exam.blueprint for prefix in row.clauses)


def _standards(spec: Spec) -> list[tuple[str, dict[str, str]]]:
    """Each edition that is examined, by its reference, with the standard's title."""
    titles = {f"{view.standard}@{view.edition}": view.title for view in standards.editions(db.session)}
    return [(reference, titles.get(reference, {"zh": reference})) for reference in spec.standards]
