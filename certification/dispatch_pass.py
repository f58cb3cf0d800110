"""A pass for a gate without a network: a dispatch decision that was allowed, signed, and good for hours.

A compact JWS (RFC 7515) of type ``dispatch-pass+jwt``, ES256 only. The claims
are those of RFC 7519: ``sub`` the staff number, ``jti`` the decision, ``exp``
at the latest when the decision may change. ``team`` is a digest, so that a
gate can hold the people in front of it against the pass, and the pass tells
nothing about them. Verified with the keys of ``/.well-known/jwks.json``.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from certification.dispatch_finding import DispatchAnswer
from certification.visit import Visit

TYPE = "dispatch-pass+jwt"
ALGORITHM = "ES256"
LONGEST = 4096
"""Characters of a pass; what is longer is none."""


class Refusal(StrEnum):
    """Why a pass opens nothing."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    OTHER_PURPOSE = "other_purpose"
    UNKNOWN_KEY = "unknown_key"
    ALTERED = "altered"
    NOT_YET = "not_yet"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Pass:
    """What a pass says, once its signature was found good."""

    subject: str
    visit: str
    programme: str
    starts: datetime
    ends: datetime
    team: str
    size: int
    issued: datetime
    expires: datetime
    decision_id: str
    issuer: str
    overridden: bool
    kid: str


@dataclass(frozen=True)
class Verdict:
    """``refused`` is None when the pass opens the gate; ``found`` is given whenever the signature is ours."""

    refused: Refusal | None
    found: Pass | None = None


def team_digest(team: Iterable[str]) -> str:
    """SHA-256 of the team's staff numbers, sorted, a line feed between them; 64 hexadecimal digits."""
    return hashlib.sha256("\n".join(sorted(team)).encode()).hexdigest()


def claims(visit: Visit, answer: DispatchAnswer, decision_id: str, issuer: str, now: datetime, hours: int) -> dict[str, Any] | None:
    """What is signed; None when the answer is no, or may change at once."""
    expires = min(answer.valid_until, now + timedelta(hours=hours))
    if not answer.decision or int(expires.timestamp()) <= int(now.timestamp()):
        return None
    said = {
        "iss": issuer, "sub": visit.team[0], "jti": decision_id, "iat": int(now.timestamp()), "exp": int(expires.timestamp()),
        "visit": {
            "id": visit.id, "programme": visit.programme, "starts": int(visit.starts.timestamp()), "ends": int(visit.ends.timestamp()),
        },
        "team": team_digest(visit.team), "team_size": len(visit.team),
    }
    return {**said, "override": True} if answer.overridden else said


def check(token: str, keys: Iterable[Mapping[str, Any]], now: datetime) -> Verdict:
    """Whether ``token`` is a pass that one of ``keys`` (JWKs) signed, and good at ``now``."""
    token = token.strip()
    header = _header(token)
    if header is None:
        return Verdict(Refusal.MALFORMED)
    if header.get("alg") != ALGORITHM:
        return Verdict(Refusal.ALGORITHM)
    if header.get("typ") != TYPE or "crit" in header:
        return Verdict(Refusal.OTHER_PURPOSE)
    known = {str(key["kid"]): key for key in keys if key.get("kid")}
    kid = str(header.get("kid"))
    if kid not in known:
        return Verdict(Refusal.UNKNOWN_KEY)
    try:
        signed = jws.deserialize_compact(token, ECKey.import_key(dict(known[kid])), algorithms=[ALGORITHM])
        found = _pass(json.loads(signed.payload), kid)
    except (JoseError, ValueError, KeyError, TypeError, OverflowError, OSError):
        return Verdict(Refusal.ALTERED)
    if now < found.issued - timedelta(minutes=2):  # clocks differ a little
        return Verdict(Refusal.NOT_YET, found)
    return Verdict(Refusal.EXPIRED if now >= found.expires else None, found)


def _header(token: str) -> dict[str, Any] | None:
    first, dot, _rest = token.partition(".")
    if not dot or len(token) > LONGEST or token.count(".") != 2:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, binascii.Error):
        return None
    return found if isinstance(found, dict) else None


def _pass(said: dict[str, Any], kid: str) -> Pass:
    visit = said["visit"]
    return Pass(
        str(said["sub"]), str(visit["id"]), str(visit["programme"]), _at(visit["starts"]), _at(visit["ends"]), str(said["team"]),
        int(said["team_size"]), _at(said["iat"]), _at(said["exp"]), str(said["jti"]), str(said["iss"]), said.get("override") is True, kid,
    )


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
