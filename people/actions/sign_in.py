"""Signing in and out, and one's own password."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from foundation import clock
from foundation.database import wires
from foundation.sealing import sealer
from foundation.work import SYSTEM, Actor, Work, work
from foundation.worker import sweep
from people import lockout, password
from people.store import sign_in as store

# OWASP's parameters; the library's own default costs seven times as much CPU and would queue an exam's start.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = HASHER.hash(secrets.token_hex(16))


@dataclass(frozen=True)
class SignIn:
    """The outcome of a try: the account, or until when the door stays shut (None: wrong name or password)."""

    account_id: int | None
    until: datetime | None = None


def hash_password(text: str) -> str:
    """argon2id of the normalised password; never called inside a unit of work."""
    return HASHER.hash(password.normal(text))


def verify_password(hashed: str, text: str) -> bool:
    """Whether ``text`` is the password."""
    try:
        return HASHER.verify(hashed, password.normal(text))
    except (VerificationError, InvalidHashError):
        return False


def sign_in(username: str, text: str, token_hash: bytes, device: str, address: str, expires: datetime, actor: Actor) -> SignIn:
    """Try a name and password; open the session row, or count the failure against name and address."""
    keys = failure_keys(username, address)
    with wires().take() as wire:
        known, row = store.failures(wire, keys), store.account_named(wire, username)
    if until := _locked(known, clock.now()):
        return SignIn(None, until)
    right = verify_password(row.password_hash if row else _NOBODY, text)  # the same cost for an unknown name
    with work(actor) as w:
        until = _settle(w, keys, right)
        if not right or until or row is None or _outdated(w, username, row.password_hash):
            w.record("sign_in.failed", f"name:{keys[0].hex()[:16]}", "refused")
            return SignIn(None, until)
        store.add_session(w.wire, token_hash, row.id, w.now, expires, device)
        w.actor = Actor(f"account:{row.id}", row.id, actor.origin)
        w.record("sign_in.done", f"account:{row.id}")
    return SignIn(row.id)


def confirm_password(username: str, text: str, address: str, actor: Actor) -> SignIn:
    """Whether ``text`` is the account's password, counted like a sign-in: a borrowed session is no door for guessing."""
    keys = failure_keys(username, address)
    with wires().take() as wire:
        known, row = store.failures(wire, keys), store.account_named(wire, username)
    if until := _locked(known, clock.now()):
        return SignIn(None, until)
    right = verify_password(row.password_hash if row else _NOBODY, text)
    with work(actor) as w:
        until = _settle(w, keys, right)
        w.record("password.confirmed", actor.name, "done" if right and not until else "refused")
    return SignIn(row.id if row and right and not until else None, until)


def failure_keys(username: str, address: str) -> list[bytes]:
    """What failures are counted under: digests of the name and of the address."""
    return [sealer().digest(f"name:{username.casefold()}"), sealer().digest(f"address:{address}")]


def _locked(failures: Mapping[bytes, Any], now: datetime) -> datetime | None:
    return max((row.locked_until for row in failures.values() if row.locked_until and row.locked_until > now), default=None)


def _settle(w: Work, keys: Sequence[bytes], right: bool) -> datetime | None:
    """Count a wrong password or forget the name's failures; answers until when the door is shut.

    Looked at again inside the transaction, because guesses sent side by side all
    found it open a moment ago.
    """
    known = store.failures(w.wire, keys)
    if until := _locked(known, w.now):
        return until
    if not right:
        return _count_failure(w, keys)
    if keys[0] in known:
        store.clear_failures(w.session, keys[:1])
    return None


def _outdated(w: Work, username: str, password_hash: str) -> bool:
    """Whether the account was closed, or its password changed, while this one was being checked."""
    row = store.account_named(w.wire, username)
    return row is None or row.password_hash != password_hash


def _count_failure(w: Work, keys: Sequence[bytes]) -> datetime | None:
    """Count one failure; an address is shared by a whole hall, so it has ten times the free tries."""
    known = store.held_failures(w.session, keys, w.now)
    if until := _locked(known, w.now):
        return until
    for key, scale in zip(keys, (1, 10), strict=True):
        row = known[key]
        row.count, row.last = lockout.counted(row.count, row.last, w.now), w.now
        pause = lockout.wait(row.count // scale)
        row.locked_until = w.now + pause if pause else None
    return _locked(known, w.now)


def sign_out(token_hash: bytes, actor: Actor) -> None:
    """End the session in every process at once."""
    with work(actor) as w:
        store.drop_session(w.session, token_hash)
        w.record("sign_out", actor.name)


def change_password(account_id: int, hashed: str, keep: bytes, actor: Actor) -> None:
    """Keep a new password; every other sign-in of the account ends."""
    with work(actor) as w:
        store.set_password(w.session, account_id, hashed, one_time=False)
        store.drop_sessions_of(w.session, account_id, but=keep)
        w.record("password.changed", f"account:{account_id}")


@sweep("forget-sign-ins")
def sweep_sign_ins(now: datetime) -> int:
    """Drop sessions that have ended by themselves and failures that have faded."""
    with work(SYSTEM, now) as w:
        return store.forget_sign_ins(w.session, now, now - lockout.FADES_AFTER)
