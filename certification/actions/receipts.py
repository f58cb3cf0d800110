"""Is this receipt ours, unaltered, and do the answers that are kept still say what it says?"""

from dataclasses import dataclass
from enum import StrEnum

from certification import receipt, sitting
from certification.receipt import Receipt
from certification.store import attempts, saving
from foundation.config import settings
from foundation.database import db


class Finding(StrEnum):
    """What a receipt turned out to be."""

    GOOD = "good"
    FORGED = "forged"
    UNKNOWN = "unknown"
    REPLACED = "replaced"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Checked:
    """The finding; ``statement`` is None when the signature is not ours. ``person_id`` is whose attempt it is."""

    finding: Finding
    statement: Receipt | None = None
    person_id: int | None = None


def check(text: str) -> Checked:
    """Check the signature of a receipt (a compact JWS), then its digest and count against the steps that are kept.

    REPLACED: the attempt was reopened, and another receipt took this one's place.
    """
    statement = receipt.trusted("".join(text.split()), receipt.signing_key(settings().secret_key))
    if statement is None:
        return Checked(Finding.FORGED)
    row = attempts.look_up(db.session, statement.attempt)
    if row is None:
        return Checked(Finding.UNKNOWN, statement)
    steps = saving.newest_steps(db.session.connection(), row.id, 1, len(saving.paper_of(row).slots))
    if sitting.digest(steps.values()) == statement.digest:
        return Checked(Finding.GOOD, statement, row.person_id)
    replaced = row.receipt is None or receipt.read(row.receipt) != statement
    return Checked(Finding.REPLACED if replaced else Finding.DIFFERS, statement, row.person_id)
