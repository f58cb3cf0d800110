"""The published status lists: a place for each licence, drawn by lot, and the lists as signed credentials."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from certification import status_list as rule
from certification.actions import signing
from certification.credential import status_claims
from certification.status_list import Purpose
from certification.store import status_lists as store
from foundation.config import settings
from foundation.database import Wires, wires

TRIES = 64
"""Lots drawn at once; with an eighth of the places free, one of them is."""
KEPT = 16
"""Lists that a process keeps ready."""


@dataclass(frozen=True)
class Published:
    """A list as it is sent: the signed credential, a name for its content, and until when it may be repeated."""

    token: str
    tag: str
    head: int
    kid: str
    made: datetime
    good_until: datetime


_kept: WeakKeyDictionary[Wires, dict[str, Published]] = WeakKeyDictionary()


def draw(connection: Connection) -> int:
    """A free place. Two who draw the same at once on PostgreSQL are told apart by the unique column."""
    limit = rule.places_for(store.count(connection) + 1)
    while True:
        lots = [secrets.randbelow(limit) for _ in range(TRIES)]
        taken = store.taken(connection, lots)
        free = next((lot for lot in lots if lot not in taken), None)
        if free is not None:
            return free


def taken(connection: Connection, place: int) -> bool:
    """Whether a licence has that place."""
    return bool(store.taken(connection, [place]))


def draw_many(connection: Connection, count: int) -> list[int]:
    """Free places for ``count`` licences; nobody else takes one until the transaction ends."""
    store.lock(connection)
    taken = store.taken(connection)
    free = set(range(rule.places_for(len(taken) + count))) - taken
    return secrets.SystemRandom().sample(sorted(free), count)


def publish(session: store.Reader, name: str, now: datetime) -> Published | None:
    """The list of that name as a VC-JWT; None when there is no such list.

    It is made anew whenever a ledger may have changed, a span of a suspension
    or revocation begins or ends, the hour is over or another key signs.
    """
    asked = rule.read_name(name)
    if asked is None or (asked[1] and asked[1] * rule.SIZE >= rule.places_for(store.count(session.connection()))):
        return None
    keep = _kept.setdefault(wires(), {})
    head, held = store.head(session), keep.get(name)
    if held and held.head == head and held.made <= now < held.good_until and held.kid == signing.signer():
        return held
    if len(keep) >= KEPT:
        keep.clear()
    made = keep[name] = _make(session, name, asked, head, now)
    return made


def _make(session: store.Reader, name: str, asked: tuple[Purpose, int], head: int, now: datetime) -> Published:
    purpose, part = asked
    states = [state for state, said in rule.SAYS.items() if said is purpose]
    rows = store.standing_out(session, states, part * rule.SIZE, (part + 1) * rule.SIZE, now)
    bits = rule.bits(row.place for row in rows if row.starts <= now)
    hour = now.replace(minute=0, second=0, microsecond=0)
    turns = [edge for row in rows for edge in (row.starts, row.ends) if edge and edge > now]
    token = signing.sign(status_claims(settings().public_url, name, purpose, rule.encode(bits), hour))
    kid = signing.signer()
    tag = hashlib.sha256(b"|".join((bits, hour.isoformat().encode(), kid.encode()))).hexdigest()[:24]
    return Published(token, tag, head, kid, now, min([*turns, hour + timedelta(hours=1)]))
