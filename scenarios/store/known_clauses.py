"""The clauses of the database as the checker asks for them."""

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from scenarios.file_check import Clauses
from standards import store as standards


def known_clauses(session: standards.Reader, now: datetime) -> Clauses | None:
    """References of the editions in force or to come, and of older ones with their successors; None where the database has none to tell."""
    try:
        editions = standards.editions(session)
        held = standards.clause_ids(session)
    except SQLAlchemyError:  # no database yet, or one of another schema: the file can still be checked
        return None
    if not held:
        return None
    in_force: dict[str, str] = {}
    for edition in sorted(editions, key=lambda one: one.effective):
        if edition.effective <= now or edition.standard not in in_force:
            in_force[edition.standard] = f"{edition.standard}@{edition.edition}"
    current = {*in_force.values(), *(f"{one.standard}@{one.edition}" for one in editions if one.effective > now)}
    known, superseded = set(), {}
    for reference in held:
        edition_code, _, number = reference.partition("#")
        newest = in_force[edition_code.partition("@")[0]]
        if edition_code in current:
            known.add(reference)
        else:
            superseded[reference] = f"{newest}#{number}" if f"{newest}#{number}" in held else newest
    return Clauses(frozenset(known), superseded)
