"""What released exams say about questions: the marks as they were given, and their tallies by sitting."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import Session, scoped_session

from certification.layout import read_layout
from certification.regrade import Kind
from certification.store.regrades import committed
from certification.store.saving import ATTEMPT, ATTEMPTS
from certification.tables import ItemTally, Result, Sitting
from question_bank.figures import Marked, Tally

Reader = Session | scoped_session[Session]
RESULTS, TALLIES = Result.__table__, ItemTally.__table__
SAYS_NOTHING = (Kind.VOID, Kind.FULL_CREDIT)
"""Regrades after which a fraction no longer tells what people knew."""


def marked(session: Reader, sitting_id: int) -> list[Marked]:
    """Every paper of a sitting whose result is out; without what counted for nobody, and what everybody was given."""
    gone = {ruling.version for ruling in committed(session.connection(), sitting_id) if ruling.kind in SAYS_NOTHING}
    query = select(ATTEMPT.selected_columns.layout, RESULTS.c.marks, RESULTS.c.mark, RESULTS.c.points)
    query = query.join(RESULTS, RESULTS.c.attempt_id == ATTEMPTS.c.id)
    query = query.where(ATTEMPTS.c.sitting_id == sitting_id, ATTEMPTS.c.state != "invalidated", RESULTS.c.state == "released")
    papers = []
    for layout, marks, mark, points in session.execute(query):
        slots = read_layout(layout)
        counted = [(slots[number - 1], fraction, earned) for number, fraction, earned in marks if fraction is not None]
        answers = [(slot.version, share, earned) for slot, share, earned in counted if not slot.unscored and slot.version not in gone]
        papers.append(Marked(answers, mark, points))
    return papers


def keep(connection: Connection, sitting_id: int, found: dict[int, Tally]) -> set[int]:
    """Put a sitting's tallies in place of those before; answers the versions that either names."""
    former = set(connection.scalars(select(TALLIES.c.version_id).where(TALLIES.c.sitting_id == sitting_id)))
    connection.execute(delete(TALLIES).where(TALLIES.c.sitting_id == sitting_id))
    if found:
        connection.execute(insert(TALLIES), [{"sitting_id": sitting_id, "version_id": key, **vars(one)} for key, one in found.items()])
    return former | set(found)


def tallies(connection: Connection, versions: Collection[int]) -> dict[int, list[Tally]]:
    """Each version's tallies in all sittings, by version."""
    wanted: dict[int, list[Tally]] = defaultdict(list)
    query = select(TALLIES).where(TALLIES.c.version_id.in_(list(versions)))
    for _sitting, version, *counts in connection.execute(query):
        wanted[version].append(Tally(*counts))
    return wanted


def released(session: Reader) -> list[int]:
    """Every sitting whose results are out, in their order."""
    return list(session.scalars(select(Sitting.id).where(Sitting.released.is_not(None)).order_by(Sitting.id)))
