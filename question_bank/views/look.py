"""What an author sees beside the form while writing: the question as a candidate sees it, hints, questions that say nearly
the same, clauses that it may be about. Nothing here is kept.
"""

from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

from flask import Blueprint, render_template, request

from foundation import clock
from foundation.database import db
from people.login import requires
from people.permission import Permission
from question_bank.clause_suggestion import Suggester, Suggestion
from question_bank.difference import Line, Part, compare
from question_bank.forms.items import ItemForm
from question_bank.hints import hints
from question_bank.item import ItemFace, Option, Wording
from question_bank.key import tidy
from question_bank.kind import Kind
from question_bank.likeness import Like, nearest
from question_bank.rich_text import bare
from question_bank.store import items as store
from question_bank.store import relations
from question_bank.store.suggestions import candidates
from question_bank.views.hint_words import PARTS, sentence
from question_bank.views.items import whole
from standards import store as standards

doors = Blueprint("item_look", __name__)
LEAST_WORDS = 6
"""Characters of a stem from which on it can be compared and placed."""
FRESH = 600
"""Seconds for which the clauses stay ready to be asked: a new question on one moves its suggestions a little, later."""
_ready: WeakKeyDictionary[Any, tuple[float, Suggester]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Near:
    """A question that is alike: what it is, and both stems and answers side by side (theirs before, ours after)."""

    like: Like
    item: store.ItemRow
    lines: list[Line]


@doors.post("/question-bank/look")
@requires(Permission.ITEM_WRITE)
def show() -> str:
    """The parts of the form's page that follow what is typed."""
    form = ItemForm()
    return render_template("question_bank/look.html", form=form, **look(form, whole(request.args.get("item"))))


def look(form: ItemForm, item_id: int = 0) -> dict[str, Any]:
    """What the template of the look needs. ``item_id`` is the question that is being changed, 0 for a new one."""
    said = form.sketch()
    refs = standards.clause_ids(db.session)
    named = standards.clauses_by_id(db.session, [refs[ref] for ref in said.clauses if ref in refs])
    query = str(form.query.data or "").strip()
    face = ItemFace(0, said.kind, said.stem, said.options, said.right)
    return {
        "face": face, "hints": [(PARTS[hint.part], sentence(hint)) for hint in hints(said)] if said.stem.strip() else [],
        "near": _near(said, list(named), item_id), "suggested": _suggested(said), "named": list(named.values()),
        "query": query, "found": standards.search_clauses(db.session, query, 12) if query else None,
        "clashes": standards.clashes_on(db.session, named), "foes": set(form.enemy_codes()),
    }


def _near(said: Wording, clause_ids: list[int], item_id: int) -> list[Near]:
    if len(bare(said.stem)) < LEAST_WORDS:
        return []
    found = nearest(said, relations.neighbours(db.session, said, clause_ids, item_id))
    known = relations.versions(db.session, [like.name for like in found])
    return [
        Near(like, known[like.name][0], _lines(compare(_words(store.wording_of(db.session, known[like.name][1])), _words(_whole(said)))))
        for like in found
    ]


def _lines(parts: list[Part]) -> list[Line]:
    return [line for part in parts if part.name in ("stem", "answers") for line in part.lines]


def _words(said: Wording) -> Wording:
    """What it says without any marks, so that only words are compared."""
    options, right = (tuple(Option(one.code, bare(one.text)) for one in side) for side in (said.options, said.right))
    return replace(said, stem=bare(said.stem), options=options, right=right)


def _whole(said: Wording) -> Wording:
    """The sketch with a key that can be compared: pairs without a right side are left out."""
    key = said.key
    if said.kind is Kind.MATCH:
        known = {option.code for option in said.right}
        key = {left: right for left, right in key.items() if right in known}
        return replace(said, options=tuple(option for option in said.options if option.code in key), key=key)
    return replace(said, key=tidy(said.kind, key, [option.code for option in said.options]))


def _suggested(said: Wording) -> list[tuple[Suggestion, standards.ClauseView]]:
    """Clauses that the question may be about, without those that it names."""
    text = " ".join(bare(one) for one in (said.stem, *(option.text for option in said.options), said.rationale))
    if len(text.strip()) < LEAST_WORDS:
        return []
    found = [one for one in _suggester().suggest(text, 3 + len(said.clauses)) if one.ref not in said.clauses][:3]
    refs = standards.clause_ids(db.session)
    views = standards.clauses_by_id(db.session, [refs[one.ref] for one in found if one.ref in refs])
    return [(one, views[refs[one.ref]]) for one in found if refs.get(one.ref) in views]


def _suggester() -> Suggester:
    """The clauses made ready, anew when they are no longer fresh; another database has others."""
    now, engine = clock.now(), db.session.get_bind().engine
    made, suggester = _ready.get(engine, (float("-inf"), None))
    if suggester is None or not 0 <= now.timestamp() - made < FRESH:
        suggester = Suggester(candidates(db.session, now))
        _ready[engine] = (now.timestamp(), suggester)
    return suggester
