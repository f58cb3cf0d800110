"""The verbs of standards: keep a loaded standard, keep a loaded clash."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.work import Work
from standards.clause import ClashDoc, ClauseDoc, EditionDoc, StandardDoc
from standards.search import words
from standards.store import clause_ids
from standards.tables import Clash, ClashSide, Clause, Edition, Standard

Counts = Counter[str]
"""How many of the rows that a load named were ``added``, ``changed`` or found the ``same``."""


class UnknownClause(Exception):
    """A clash names a clause that is not loaded; ``reference`` says which."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"there is no clause {reference}")
        self.reference = reference


def keep_standard(w: Work, doc: StandardDoc, timezone: tzinfo) -> Counts:
    """Add or update a standard, its editions and clauses; counts clauses.

    A clause that the document no longer names stays: items and past answers
    cite it, and a duty that fell away is the matter of a new edition.
    """
    standard = w.session.scalar(select(Standard).where(Standard.code == doc.code)) or Standard(code=doc.code)
    _set(standard, {"title": doc.title, "issuer": doc.issuer})
    w.session.add(standard)
    w.session.flush()
    total: Counts = Counter()
    for edition in doc.editions:
        counts = _keep_edition(w.session, standard.id, edition, timezone)
        if counts["added"] or counts["changed"]:
            w.record("edition.kept", f"edition:{doc.code}@{edition.edition}", added=counts["added"], changed=counts["changed"])
        total.update(counts)
    return total


def _keep_edition(session: Session, standard_id: int, doc: EditionDoc, timezone: tzinfo) -> Counts:
    """The edition's row and its clauses; its first day begins at midnight in ``timezone``."""
    found = session.scalar(select(Edition).where(Edition.standard_id == standard_id, Edition.edition == doc.edition))
    edition = found or Edition(standard_id=standard_id, edition=doc.edition)
    chapters = [{"number": chapter.number, "title": chapter.title} for chapter in doc.chapters]
    effective = datetime.combine(doc.effective, time(), timezone)
    _set(edition, {"effective": effective, "note": doc.note, "chapters": chapters})
    session.add(edition)
    session.flush()
    known = {row.number: row for row in session.scalars(select(Clause).where(Clause.edition_id == edition.id))}
    return Counter(_keep_clause(session, edition.id, at, clause, known) for at, clause in enumerate(doc.clauses))


def _keep_clause(session: Session, edition_id: int, position: int, doc: ClauseDoc, known: Mapping[str, Clause]) -> str:
    values = {
        "position": position, "chapter": doc.chapter, "title": doc.title, "text": doc.text, "phrase": doc.phrase,
        "citation": doc.citation, "duty": doc.duty.value, "stage": doc.stage.value, "tier": doc.tier.value if doc.tier else None,
        "applies_to": list(doc.applies_to), "key_clause": doc.is_key, "examinable": doc.examinable,
        "words": words([*doc.title.values(), *doc.text.values(), *(doc.phrase or {}).values(), *doc.citation.values()]),
    }
    if row := known.get(doc.number):
        return "changed" if _set(row, values) else "same"
    session.add(Clause(edition_id=edition_id, number=doc.number, **values))
    return "added"


def _set(row: Any, values: Mapping[str, Any]) -> bool:
    """Give ``row`` the values that differ, and say whether any did, so that an unchanged row is not written."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def keep_clash(w: Work, doc: ClashDoc, refs: Mapping[str, int] | None = None) -> Counts:
    """Add or update a clash with its sides; raises UnknownClause. ``refs``: clause ids by reference, when known already."""
    w.session.flush()
    ids = refs if refs is not None else clause_ids(w.session)
    for side in doc.sides:
        if side.clause not in ids:
            raise UnknownClause(side.clause)
    found = w.session.scalar(select(Clash).where(Clash.code == doc.code))
    clash = found or Clash(code=doc.code)
    changed = _set(clash, {"subject": doc.subject, "note": doc.note})
    w.session.add(clash)
    w.session.flush()
    changed |= _keep_sides(w.session, clash.id, {ids[side.clause]: dict(side.says) for side in doc.sides})
    if found is None or changed:
        w.record("clash.kept", f"clash:{doc.code}")
    return Counter(["added" if found is None else "changed" if changed else "same"])


def _keep_sides(session: Session, clash_id: int, wanted: Mapping[int, Any]) -> bool:
    known = {row.clause_id: row for row in session.scalars(select(ClashSide).where(ClashSide.clash_id == clash_id))}
    for clause_id in known.keys() - wanted.keys():
        session.delete(known[clause_id])
    changed = known.keys() != wanted.keys()
    for clause_id, says in wanted.items():
        row = known.get(clause_id) or ClashSide(clash_id=clash_id, clause_id=clause_id)
        changed |= _set(row, {"says": says})
        session.add(row)
    return changed
