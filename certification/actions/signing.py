"""Signing what leaves the house: credentials, status lists, passes.

ES256 (RFC 7518) by the newest key that is not retired; a key is made when one
is first needed. Its name is its thumbprint (RFC 7638), so a name can only ever
mean one key. Others verify with the keys that are published at
``/.well-known/jwks.json``. A retired key stays there until everything that it
signed has ended; one that was lost is withdrawn at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from cryptography.exceptions import InvalidTag
from joserfc import jws
from joserfc.jwk import ECKey

from certification.store import signing as store
from foundation import clock
from foundation.database import Wires, wires
from foundation.sealing import sealer
from foundation.work import SYSTEM, Work, work

ALGORITHM = "ES256"
REMEMBERED = timedelta(seconds=1)
"""How long a process goes by the keys that it has read."""
SHORT_LIVED = timedelta(days=2)
"""Passes and status lists are over by then; a credential ends with its licence."""


class Refusal(StrEnum):
    """Why a key cannot be retired."""

    UNKNOWN = "unknown"
    RETIRED_ALREADY = "retired_already"


@dataclass(frozen=True)
class Ring:
    """The keys as they stood when they were ``read``; ``private`` is the newest one's; None before it and where it cannot be opened."""

    read: datetime
    kid: str
    private: ECKey | None
    published: Mapping[str, dict[str, Any]]
    withdrawn: frozenset[str]


_rings: WeakKeyDictionary[Wires, Ring] = WeakKeyDictionary()


def sign(claims: Mapping[str, Any], header: Mapping[str, Any] | None = None) -> str:
    """``claims`` as a compact JWS, ``alg`` and ``kid`` added to ``header``. Call it outside a unit of work: it may need one."""
    ring = _ring()
    if ring.private is None:
        with work(SYSTEM) as w:
            first_key(w)
        forget()
        ring = _ring()
    assert ring.private is not None, "the signing key was sealed under another CHIZHENG_DATA_KEY: run credential-keys rotate"
    named = {"typ": "JWT", **(header or {}), "alg": ALGORITHM, "kid": ring.kid}
    return jws.serialize_compact(named, msgspec.json.encode(claims), ring.private, algorithms=[ALGORITHM])


def public_keys() -> dict[str, Any]:
    """The published keys as a JWK set (RFC 7517)."""
    return {"keys": list(_ring().published.values())}


def published() -> Mapping[str, dict[str, Any]]:
    """The published keys by name."""
    return _ring().published


def signer() -> str:
    """The name of the key that signs; empty before the first."""
    return _ring().kid


def withdrawn() -> frozenset[str]:
    """The names of keys that were ours and are published no more."""
    return _ring().withdrawn


def forget() -> None:
    """Read the keys again when they are next needed."""
    _rings.pop(wires(), None)


def _ring() -> Ring:
    now, line = clock.now(), wires()
    ring = _rings.get(line)
    if ring is None or not ring.read <= now < ring.read + REMEMBERED or ring.private is None:
        ring = _rings[line] = _read(line, now)
    return ring


def _read(line: Wires, now: datetime) -> Ring:
    rows = store.keys(line)
    live = [row for row in rows if row.retired is None]
    shown = {row.kid: row.public for row in rows if row.over is None or row.over > now}
    newest = live[-1] if live else None
    private = _opened(newest.private) if newest else None
    return Ring(now, newest.kid if newest else "", private, shown, frozenset(row.kid for row in rows) - set(shown))


def _opened(sealed: bytes) -> ECKey | None:
    """A private half; None when another data key sealed it: nothing is signed then, and what was signed can still be checked."""
    try:
        return ECKey.import_key(msgspec.json.decode(sealer().open(sealed)))
    except InvalidTag:
        return None


def first_key(w: Work) -> None:
    """Make a key unless another process was quicker."""
    store.lock(w.connection)
    if all(row.retired for row in store.keys(w.connection)):
        _make(w)


def _make(w: Work) -> str:
    key = ECKey.generate_key("P-256", private=True, auto_kid=False)
    kid = key.thumbprint()
    public = {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": ALGORITHM}
    store.add(w.connection, kid, public, sealer().seal(msgspec.json.encode(key.as_dict(private=True)).decode()), w.now)
    w.record("signing_key.made", f"signing_key:{kid}")
    return kid


def rotate(w: Work) -> str:
    """A new key signs from now on, the others are retired; answers its name."""
    store.lock(w.connection)
    old = [row.kid for row in store.keys(w.connection) if row.retired is None]
    kid = _make(w)
    for one in old:
        _retire(w, one, _end(w), "rotated")
    return kid


def retire(w: Work, kid: str, lost: bool = False) -> Refusal | None:
    """The key signs no more; when it was ``lost``, nothing that it signed is believed from now on.

    A new one is made in the place of the last.
    """
    store.lock(w.connection)
    row = store.find(w.connection, kid)
    if row is None:
        return Refusal.UNKNOWN
    if row.retired and not lost:
        return Refusal.RETIRED_ALREADY
    _retire(w, kid, w.now if lost else _end(w), "lost" if lost else "retired", row.retired)
    if all(other.retired for other in store.keys(w.connection)):
        _make(w)
    return None


def doctor_keys() -> Iterator[str]:
    """Sentences about keys that cannot sign any more; none when all is well."""
    for row in store.keys(wires()):
        if row.retired is None:
            try:
                sealer().open(row.private)
            except InvalidTag:
                yield f"signing key {row.kid} was sealed under another CHIZHENG_DATA_KEY: run credential-keys rotate"


def _retire(w: Work, kid: str, over: datetime, why: str, retired: datetime | None = None) -> None:
    store.retire(w.connection, kid, retired or w.now, over)
    w.record("signing_key.retired", f"signing_key:{kid}", why=why, over=over.isoformat())


def _end(w: Work) -> datetime:
    """When the last of what has been signed so far is over."""
    return max(store.last_end(w.connection) or w.now, w.now + SHORT_LIVED)
