"""The receipt of a hand-in: a signed statement of which answers were taken.

A compact JWS (RFC 7515), HS256 under a key of its own derived from the
application's secret: whoever runs the site can check that it was written here
and not altered. Its ``digest`` is that of ``sitting.digest``.
"""

import hmac
from datetime import datetime
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

HEADER = {"alg": "HS256", "typ": "chizheng-receipt+jws"}


class Receipt(msgspec.Struct, frozen=True):
    """What was handed in, when, how many answers, and the digest of exactly those that are scored."""

    attempt: str
    state: str
    submitted_at: datetime
    count: int
    digest: str


def signing_key(secret: str) -> OctKey:
    """The key for receipts, derived from the application's secret."""
    return OctKey.import_key(hmac.digest(secret.encode(), b"chizheng receipt", "sha256"))


def sign(receipt: Receipt, key: OctKey) -> str:
    """The receipt as a compact JWS."""
    return jws.serialize_compact(HEADER, msgspec.json.encode(receipt), key, algorithms=["HS256"])


def read(text: str) -> Receipt:
    """The statement inside a receipt, its signature not checked."""
    return msgspec.json.decode(jws.extract_compact(text.encode()).payload, type=Receipt)


def verify(text: str, key: OctKey) -> Receipt:
    """The statement inside a receipt; raises joserfc.errors.BadSignatureError when it was not signed with ``key``."""
    return msgspec.json.decode(jws.deserialize_compact(text, key, algorithms=["HS256"]).payload, type=Receipt)


def trusted(text: str, key: OctKey) -> Receipt | None:
    """The statement inside a receipt that was signed with ``key``; None for anything else, whatever it is."""
    try:
        return verify(text, key)
    except (JoseError, msgspec.DecodeError, ValueError, TypeError):  # TypeError: joserfc on a "crit" that is no list of names
        return None


def as_json(text: str) -> dict[str, Any]:
    """The receipt as the API hands it over: its statement, and the JWS that proves it."""
    plain: dict[str, Any] = msgspec.to_builtins(read(text))
    return {**plain, "jws": text}
