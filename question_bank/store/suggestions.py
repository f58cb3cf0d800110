"""The clauses that a question may be about, with what is asked about them already."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select

from question_bank.clause_suggestion import Candidate
from question_bank.store import Reader
from question_bank.store.pool import DRAWN
from question_bank.tables import Item, ItemClause, ItemVersion
from standards.store import ClauseView, clauses, editions
from standards.tables import Clause

ASKED = 5
"""Questions of a clause that speak for it: the newest."""


def candidates(session: Reader, now: datetime, edition: str = "") -> list[Candidate]:
    """Every clause that can be asked about, in the order of the documents: of one edition (``STD@EDITION``), or of all that are in force.

    Of a standard the newest edition in force at ``now`` counts, or the first
    one where none is in force yet.
    """
    asked = _asked(session)
    return [
        Candidate(
            clause.ref, clause.title.get("zh", ""), " ".join([clause.text.get("zh", ""), (clause.phrase or {}).get("zh", "")]),
            clause.citation.get("zh", ""), tuple(asked[clause.id]),
        )
        for clause in open_clauses(session, now, edition)
    ]


def open_clauses(session: Reader, now: datetime, edition: str = "") -> list[ClauseView]:
    """The clauses that can be asked about, as ``candidates`` chooses them."""
    wanted = {edition} if edition else in_force(session, now)
    return [clause for clause in clauses(session, Clause.examinable) if f"{clause.standard}@{clause.edition}" in wanted]


def in_force(session: Reader, now: datetime) -> set[str]:
    """The editions (``STD@EDITION``) that questions are written for at ``now``, one of each standard."""
    chosen: dict[str, tuple[tuple[bool, float], str]] = {}
    for edition in editions(session):
        begun = edition.effective <= now
        rank = (begun, edition.effective.timestamp() if begun else -edition.effective.timestamp())
        if edition.standard not in chosen or rank > chosen[edition.standard][0]:
            chosen[edition.standard] = (rank, f"{edition.standard}@{edition.edition}")
    return {name for _rank, name in chosen.values()}


def _asked(session: Reader) -> dict[int, list[str]]:
    """The words of the newest questions in use by their main clause."""
    place = func.row_number().over(partition_by=ItemClause.clause_id, order_by=ItemClause.version_id.desc())
    newest = (
        select(ItemClause.clause_id, ItemClause.version_id, place.label("place"))
        .join(Item, Item.version_id == ItemClause.version_id).where(DRAWN, ItemClause.position == 0).subquery()
    )
    query = select(newest.c.clause_id, ItemVersion.words).join(ItemVersion, ItemVersion.id == newest.c.version_id)
    found: dict[int, list[str]] = defaultdict(list)
    for clause_id, words in session.execute(query.where(newest.c.place <= ASKED)):
        found[clause_id].append(words)
    return found
