"""Two versions of a question side by side."""

from flask import Blueprint, render_template, request

from foundation.database import db
from people.login import requires
from people.permission import Permission
from question_bank.difference import compare
from question_bank.forms.items import KINDS, LEVELS
from question_bank.store import items as store
from question_bank.views.items import item_or_404

doors = Blueprint("item_versions", __name__)
P = Permission


@doors.get("/question-bank/<int:item_id>/compare")
@requires(P.ITEM_READ)
def show(item_id: int) -> str:
    """``?before=1&after=2``, by number; the newest beside the one in use, or beside the one before, when nothing is asked."""
    item = item_or_404(item_id)
    rows = store.versions(db.session, item_id)
    in_use = next((row for row in rows if row.id == item.version_id and row is not rows[-1]), None)
    after = _asked("after", rows) or rows[-1]
    before = _asked("before", rows) or (in_use if in_use is not None and after is rows[-1] else None) or _previous(rows, after)
    parts = compare(store.wording_of(db.session, before), store.wording_of(db.session, after))
    names = store.names(db.session, {before.author_id, after.author_id})
    return render_template(
        "question_bank/compare.html", item=item, versions=rows, before=before, after=after, parts=parts, names=names,
        words={"kind": {kind.value: text for kind, text in KINDS.items()}, "level": {level.value: text for level, text in LEVELS.items()}},
    )


def _asked(name: str, rows: list[store.VersionRow]) -> store.VersionRow | None:
    return next((row for row in rows if str(row.number) == request.args.get(name, "")), None)


def _previous(rows: list[store.VersionRow], after: store.VersionRow) -> store.VersionRow:
    return rows[max(0, rows.index(after) - 1)]
