"""The matrix of coverage: how many questions each clause has, where one is missing, and the way to write it and back.

Also by programme, whose blueprint says which clauses are asked, and in which
kinds; that is why the page lives here and not with the question bank.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from certification.programme import Spec, from_json
from certification.store import programmes as store
from foundation.database import db
from foundation.listing import Listing
from people.login import account, requires
from people.permission import Permission
from question_bank import coverage as rule
from question_bank.blueprint import Blueprint as Plan
from question_bank.item import ASKED, Level
from question_bank.store import coverage as bank
from standards import store as standards
from standards.clause import Tier

doors = Blueprint("coverage", __name__)
P = Permission
COLUMNS: dict[str, tuple[str, ...]] = {"kind": tuple(ASKED), "level": tuple(Level)}
FILTERS = ("programme", "edition", "tier", "key", "gaps", "by")


@dataclass(frozen=True)
class Chapter:
    """A part of a document with its lines; ``edition`` is set where another edition begins."""

    edition: standards.EditionView | None
    number: str
    title: dict[str, str]
    lines: list[rule.Line]


@dataclass(frozen=True)
class Scope:
    """What the matrix shows: the editions, and the blueprint that narrows them when a programme was chosen."""

    editions: list[standards.EditionView]
    plan: Plan | None


@doors.get("/question-bank/coverage")
@requires(P.ITEM_READ)
def index() -> str:
    """The matrix of one edition, or of one programme."""
    listing = Listing.from_request(("number",), FILTERS)
    scope = _scope(listing)
    by = "level" if listing.chosen.get("by") == "level" else "kind"
    clauses = {view.id: view for view in standards.clauses_in(db.session, [edition.id for edition in scope.editions], listing.q)}
    every = _lines(scope, list(clauses.values()), by)
    _offer_filters(listing, every)
    shown = [line for line in every if _chosen(line, listing.chosen)]
    listing.total = len(shown)
    tiers = rule.by_tier(shown)
    hit = standards.clashes_on(db.session, [line.clause.clause_id for line in shown])
    return render_template(
        "certification/coverage.html", listing=listing, by=by, columns=COLUMNS[by], clauses=clauses, tiers=tiers, scope=scope, clashes=hit,
        chapters=_chapters(scope, clauses, shown), whole=rule.total(tiers.values()), asked=_asked(scope, shown, by),
        addresses=_addresses(listing, by), in_clash={side.clause.id for clash in hit for side in clash.sides} & {*clauses},
        may_write=account().may(P.ITEM_WRITE),
    )


def _scope(listing: Listing) -> Scope:
    """What was asked for, else the fullest edition; the filters of both are offered on the way."""
    known = {f"{view.standard}@{view.edition}": view for view in standards.editions(db.session)}
    specs = {row.code: (row.title, from_json(row.spec)) for row in store.newest_editions(db.session)}
    if listing.chosen.get("programme") not in specs:
        listing.chosen.pop("programme", None)
    spec: Spec | None = specs[listing.chosen["programme"]][1] if "programme" in listing.chosen else None
    offered = {ref: view for ref, view in known.items() if spec is None or ref in spec.standards}
    if listing.chosen.get("edition") not in offered:
        listing.chosen.pop("edition", None)
        if spec is None and offered:
            listing.chosen["edition"] = _fullest(offered)
    chosen = listing.chosen.get("edition")
    if len(known) > 1:
        listing.add_filter("edition", _("规范"), {ref: f"{view.standard} {view.edition}" for ref, view in offered.items()})
    listing.add_filter("programme", _("项目"), {code: code for code in specs})
    return Scope([view for ref, view in offered.items() if chosen in (None, ref)], Plan(spec.exam.blueprint) if spec else None)


def _fullest(editions: dict[str, standards.EditionView]) -> str:
    """The edition with the most clauses among those on which there is a question, if there is one."""
    asked = bank.editions_asked(db.session)
    return max(editions, key=lambda ref: (editions[ref].id in asked, editions[ref].clauses))


def _lines(scope: Scope, clauses: Sequence[standards.ClauseView], by: str) -> list[rule.Line]:
    needed = [rule.Needed(view.id, view.ref, view.chapter, view.tier, view.key_clause, view.examinable) for view in clauses]
    if scope.plan is not None:
        needed = [clause for clause in needed if rule.wanted(scope.plan, clause, COLUMNS[by])]
    counts = bank.counts(db.session, [edition.id for edition in scope.editions], by)
    found = rule.lines(needed, [(row.clause_id, row.column, row.live, row.making) for row in counts], COLUMNS[by])
    return [line for line in found if line.clause.examinable or line.live or line.making]


def _chosen(line: rule.Line, chosen: dict[str, str]) -> bool:
    """Whether the filters let the line through."""
    tier, key, gaps = chosen.get("tier"), chosen.get("key"), chosen.get("gaps")
    return (
        (not tier or (line.clause.tier.value if line.clause.tier else "none") == tier)
        and (key not in ("yes", "no") or line.clause.key_clause is (key == "yes"))
        and (gaps != "yes" or line.lacks > 0)
    )


def _offer_filters(listing: Listing, lines: Sequence[rule.Line]) -> None:
    words = {Tier.BASIC: _("基本级"), Tier.IMPROVED: _("提高级"), Tier.EXCELLENT: _("优秀级"), None: _("不分等级")}
    tiers = rule.by_tier(lines)
    if len(tiers) > 1 or "tier" in listing.chosen:
        counts = {tier.value if tier else "none": tally.clauses for tier, tally in tiers.items()}
        listing.add_filter("tier", _p("clause", "等级"), {tier.value if tier else "none": words[tier] for tier in tiers}, counts)
    listing.add_filter("key", _("关键"), {"yes": _("关键条款"), "no": _("一般条款")})
    listing.add_filter("gaps", _("缺题"), {"yes": _("只看缺题的条款")}, {"yes": sum(line.lacks > 0 for line in lines)})
    listing.add_filter("by", _("分列"), {"level": _("按层次分列")})


def _asked(scope: Scope, lines: Sequence[rule.Line], by: str) -> dict[int, frozenset[str]]:
    """The columns in which each clause is asked: all of them, unless a blueprint narrows them."""
    if scope.plan is None:
        return dict.fromkeys((line.clause.clause_id for line in lines), frozenset(COLUMNS[by]))
    return {line.clause.clause_id: rule.wanted(scope.plan, line.clause, COLUMNS[by]) for line in lines}


def _chapters(scope: Scope, clauses: dict[int, standards.ClauseView], lines: Sequence[rule.Line]) -> list[Chapter]:
    """The lines under their headings, edition by edition, in the order of the documents."""
    found: list[Chapter] = []
    for edition in scope.editions:
        own = [line for line in lines if clauses[line.clause.clause_id].edition_id == edition.id]
        headings: list[dict[str, Any]] = [{"number": "", "title": {}}, *edition.chapters]
        under = {head["number"]: [line for line in own if line.clause.chapter == head["number"]] for head in headings}
        parts = [(head, under[head["number"]]) for head in headings if under[head["number"]]]
        found += [
            Chapter(edition if at == 0 and len(scope.editions) > 1 else None, head["number"], head["title"], below)
            for at, (head, below) in enumerate(parts)
        ]
    return found


@dataclass(frozen=True)
class Addresses:
    """Where a cell leads. Some thousand are drawn on a page, so they are put together, not looked up one by one."""

    bank: str
    editor: str
    here: str
    by: str

    def questions(self, clause_id: int, column: str = "", state: str = "live") -> str:
        """The list of the questions that a cell counts; without a state those in use and those on their way."""
        asked = {"clause": str(clause_id), self.by: column, "state": state}
        return f"{self.bank}?{urlencode({name: value for name, value in asked.items() if value})}"

    def write(self, clause_id: int, ref: str, column: str = "") -> str:
        """The editor with the clause and the column filled in; from there the way leads back to this row."""
        asked = {"clause": ref, self.by: column, "next": f"{self.here}#clause-{clause_id}"}
        return f"{self.editor}?{urlencode({name: value for name, value in asked.items() if value})}"


def _addresses(listing: Listing, by: str) -> Addresses:
    here = urlencode({"q": listing.q, **listing.chosen} if listing.q else listing.chosen)
    return Addresses(url_for("question_bank.index"), url_for("editor.new"), f"{listing.path}?{here}", by)
