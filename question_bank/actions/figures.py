"""Keeping how questions did."""

from collections.abc import Mapping

from sqlalchemy import delete, insert

from foundation.work import Work
from question_bank.actions import cards
from question_bank.figures import Figures
from question_bank.store.cards import items_of
from question_bank.tables import ItemFigures

AT_ONCE = 500


def keep(w: Work, found: Mapping[int, Figures | None]) -> None:
    """Keep the figures of these versions in place of those before; None takes a version's away."""
    versions = list(found)
    table = ItemFigures.__table__
    for first in range(0, len(versions), AT_ONCE):
        some = versions[first : first + AT_ONCE]
        w.connection.execute(delete(table).where(table.c.version_id.in_(some)))
        known = [(version, one) for version in some if (one := found[version]) is not None]
        rows = [{"version_id": version, **vars(one), "seen": w.now} for version, one in known]
        if rows:
            w.connection.execute(insert(table), rows)
        cards.file(w, items_of(w.session, some))
