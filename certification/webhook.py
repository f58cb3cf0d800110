"""Telling others of a change of standing: what is sent, how it is signed, and when it is tried again.

The signature is HMAC-SHA256 (RFC 2104) over the instant and the body, so that
neither can be changed and an old message cannot be sent again.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

STANDING, PING = "standing.changed", "ping"
TRIES_END = timedelta(hours=24)
LONGEST_WAIT = timedelta(hours=4)
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class AddressProblem(StrEnum):
    """Why a message is not sent to an address."""

    MALFORMED = "malformed"
    NOT_HTTPS = "not_https"
    WITH_PASSWORD = "with_password"


def address_problem(url: str, production: bool) -> AddressProblem | None:
    """What is wrong with the address as it is written; where its name leads is looked up elsewhere."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return AddressProblem.MALFORMED
    if not parts.hostname or parts.fragment or port == 0 or any(sign.isspace() for sign in url):
        return AddressProblem.MALFORMED
    if parts.username is not None or parts.password is not None:
        return AddressProblem.WITH_PASSWORD
    if parts.scheme == "https" or (parts.scheme == "http" and not production and parts.hostname in LOCAL):
        return None
    return AddressProblem.NOT_HTTPS


def signature(secret: str, body: bytes, now: datetime) -> str:
    """The value of ``Chizheng-Signature`` for ``body`` sent ``now``."""
    at = int(now.timestamp())
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def genuine(secret: str, body: bytes, header: str, now: datetime, tolerance: timedelta = timedelta(minutes=5)) -> bool:
    """Whether a receiver may believe ``body``; also how the documentation says to do it."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    at = parts.get("t", "")
    if not (at.isdecimal() and len(at) <= 12) or abs(now.timestamp() - int(at)) > tolerance.total_seconds():
        return False
    expected = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), parts.get("v1", "").encode())


def next_try(created: datetime, tries: int, now: datetime) -> datetime | None:
    """When a message that failed ``tries`` times is sent again: after one minute, two, four…; None once a day has gone by."""
    last = created + TRIES_END
    if now >= last:
        return None
    return min(now + min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_WAIT), last)


def event_key(number: str, after: str, effective: datetime) -> str:
    """What makes a change the same one, by whichever way it was noticed."""
    return f"{number}:{after}:{effective.isoformat()}"


def message(kind: str, key: str, created: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """What is sent; ``id`` is the same for the same event, at each try and each address."""
    name = hashlib.sha256(f"{kind}:{key}".encode()).hexdigest()[:24]
    return {"id": f"evt_{name}", "type": kind, "created": created.isoformat(), "data": data}
