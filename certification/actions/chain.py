"""Every attempt held against its chain and its receipt, for ``doctor``."""

import secrets
from collections.abc import Iterator
from typing import Any

from joserfc.jwk import OctKey
from sqlalchemy import Connection, Row

from certification import chain, receipt
from certification.chain import Flaw, Head
from certification.sitting import State
from certification.store import chain as store
from foundation.config import settings
from foundation.database import db

PORTION = 500
LOOKS = 3
"""A save between two reads looks like a flaw: what is still there at the third look is one."""
WORDS = {
    Flaw.ORDER: "its steps are out of order",
    Flaw.COUNT: "it has more or fewer steps than it counts",
    Flaw.CHAIN: "its hash chain does not hold",
    Flaw.NO_RECEIPT: "it is over and has no receipt",
    Flaw.FORGED: "its receipt was not signed here",
    Flaw.RECEIPT: "its receipt is for other answers than those that are kept",
}


def doctor_attempts(most: int | None = None) -> Iterator[str]:
    """Sentences about attempts that do not say any more what they said; none when all is well.

    ``most``: only so many, drawn by chance. Ids are drawn by chance, so those
    that follow a random one are as good as any.
    """
    with db.engine.connect() as connection:
        key = receipt.signing_key(settings().secret_key)
        for row in _chosen(connection, most):
            if found := _flaws(connection, row, key):
                yield f"attempt {row.id}: " + ", ".join(WORDS[flaw] for flaw in found)


def _chosen(connection: Connection, most: int | None) -> Iterator[Row[Any]]:
    """All attempts, or ``most`` of them: from a random id to the last one, and then from the first."""
    start = "" if most is None else secrets.token_urlsafe(9)
    left = most
    for after, upto in ((start, None), ("", start)) if start else ((start, None),):
        while rows := store.heads(connection, after, PORTION if left is None else min(PORTION, left)):
            for row in rows:
                if upto is not None and row.id > upto:
                    return
                yield row
            after, left = rows[-1].id, None if left is None else left - len(rows)
            if left == 0:
                return


def _flaws(connection: Connection, row: Row[Any], key: OctKey) -> list[Flaw]:
    found: list[Flaw] = []
    for look in range(LOOKS):
        connection.rollback()  # a snapshot of before would show the same again
        known = row if look == 0 else store.head(connection, row.id)
        statement = receipt.trusted(known.receipt, key) if known.receipt else None
        head = Head(State(known.state), known.chain, known.step_count, statement, bool(known.receipt) and statement is None)
        if not (found := chain.flaws(head, store.links(connection, row.id))):
            return []
    return found
