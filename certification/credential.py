"""A licence as an Open Badges 3.0 credential: what it says, and whether a token that somebody shows is one of ours.

Source: 1EdTech Open Badges 3.0 (OpenBadgeCredential, secured as a JWT: the
claims are the credential itself); W3C Verifiable Credentials 2.0 and Bitstring
Status List 1.0; RFC 8725 for what to distrust in a token. The holder's name is
not in it: a salted hash of staff number and name lets somebody who has both in
front of them compare, and tells everybody else nothing.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from certification import status_list
from certification.status_list import Purpose

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
ALGORITHM = "ES256"
LONGEST = 16 * 1024
"""No token of ours is longer, in characters."""
FRESH = timedelta(minutes=1)
"""How long a status list may be repeated before it is asked for again."""
LIST_LIFE = timedelta(hours=24)
"""After that an old list is no evidence any more."""
_PART = re.compile(r"[A-Za-z0-9_-]*")


class Refusal(StrEnum):
    """Why what was shown is not believed."""

    NO_PICTURE = "no_picture"
    EMPTY_PICTURE = "empty_picture"
    NO_TOKEN = "no_token"
    ALG_NONE = "alg_none"
    FORGED = "forged"
    FOREIGN_KEY = "foreign_key"
    WITHDRAWN_KEY = "withdrawn_key"
    ALTERED = "altered"
    WRONG_TYPE = "wrong_type"
    FOREIGN_ISSUER = "foreign_issuer"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Programme:
    """What was achieved: an edition of a programme, with the standards that it examines."""

    code: str
    title: Mapping[str, str]
    edition: int
    months: int
    standards: Sequence[str]


@dataclass(frozen=True)
class Facts:
    """What a credential is made of; ``salt`` is random to whoever has not been given the credential."""

    base: str
    issuer: str
    number: str
    programme: Programme
    grade: str | None
    certified: datetime
    until: datetime
    place: int
    staff_no: str
    name: str
    salt: str


@dataclass(frozen=True)
class Presented:
    """What a token of ours says."""

    number: str
    grade: str | None
    valid_from: str
    valid_until: str


def issuer_id(base: str) -> str:
    """The issuer's address, which is also its identifier."""
    return f"{base}/credentials/issuer"


def credential_id(base: str, number: str) -> str:
    """A credential's address, which is also its identifier."""
    return f"{base}/credentials/{number}"


def list_address(base: str, name: str) -> str:
    """Where a status list is published."""
    return f"{base}/credentials/status/{name}"


def stamp(at: datetime) -> str:
    """An instant as the standards write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def profile(base: str, name: str) -> dict[str, Any]:
    """The issuer's profile."""
    return {"id": issuer_id(base), "type": ["Profile"], "name": name, "url": base}


def achievement(base: str, programme: Programme, issuer: str) -> dict[str, Any]:
    """The achievement that a credential of that programme edition attests."""
    address = f"{base}/credentials/achievements/{programme.code}/{programme.edition}"
    chinese, english = programme.title.get("zh", programme.code), programme.title.get("en") or programme.title.get("zh", programme.code)
    return {
        "id": address, "type": ["Achievement"], "achievementType": "License", "inLanguage": "zh", "humanCode": programme.code,
        "version": str(programme.edition), "name": chinese,
        "description": f"{chinese}上岗证。 Licence to serve customers on site: {english}.",
        "criteria": {"id": address, "narrative": _narrative(programme, chinese, english)}, "creator": profile(base, issuer),
        "resultDescription": [{
            "id": f"{address}#grade", "type": ["ResultDescription"], "name": "等级 Grade", "resultType": "PerformanceLevel",
            "allowedValue": ["qualified", "excellent"],
        }],
    }


def _narrative(programme: Programme, chinese: str, english: str) -> str:
    standards = "、".join(programme.standards)
    return (
        f"按{standards}通过“{chinese}”认证考试，并由未参与培训和考试的认证决定人授予；有效期 {programme.months} 个月。 "
        f"Passed the examination of {english} under {', '.join(programme.standards)}, and was granted the licence by somebody who "
        f"neither trained nor examined the holder. Valid for {programme.months} months."
    )


def identity_hash(staff_no: str, name: str, salt: str) -> str:
    """The hash of whose credential it is: SHA-256 over "staff number, space, name" in NFC, followed by the salt."""
    plain = unicodedata.normalize("NFC", f"{staff_no} {name}") + salt
    return "sha256$" + hashlib.sha256(plain.encode()).hexdigest()


def claims(facts: Facts) -> dict[str, Any]:
    """The credential as the claims of a JWT."""
    issuer, own = profile(facts.base, facts.issuer), credential_id(facts.base, facts.number)
    achieved = achievement(facts.base, facts.programme, facts.issuer)
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [{
            "type": "IdentityObject", "hashed": True, "identityType": "identifier", "salt": facts.salt,
            "identityHash": identity_hash(facts.staff_no, facts.name, facts.salt),
        }],
        "achievement": achieved,
    }
    if facts.grade:
        subject["result"] = [{"type": ["Result"], "resultDescription": achieved["resultDescription"][0]["id"], "value": facts.grade}]
    return {
        "@context": [CREDENTIALS, BADGES], "id": own, "type": ["VerifiableCredential", "OpenBadgeCredential"], "name": achieved["name"],
        "issuer": issuer, "validFrom": stamp(facts.certified), "validUntil": stamp(facts.until), "credentialSubject": subject,
        "credentialStatus": [_entry(facts.base, purpose, facts.place) for purpose in Purpose],
        "iss": issuer["id"], "jti": own, "nbf": int(facts.certified.timestamp()), "exp": int(facts.until.timestamp()),
    }


def _entry(base: str, purpose: Purpose, place: int) -> dict[str, Any]:
    address, index = list_address(base, status_list.name(purpose, place)), status_list.index(place)
    return {
        "id": f"{address}#{index}", "type": "BitstringStatusListEntry", "statusPurpose": str(purpose), "statusListIndex": str(index),
        "statusListCredential": address,
    }


def status_claims(base: str, name: str, purpose: Purpose, encoded: str, made: datetime) -> dict[str, Any]:
    """A status list as the claims of a JWT: a BitstringStatusListCredential."""
    own, ends = list_address(base, name), made + LIST_LIFE
    return {
        "@context": [CREDENTIALS], "id": own, "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id(base), "validFrom": stamp(made), "validUntil": stamp(ends),
        "credentialSubject": {
            "id": f"{own}#list", "type": "BitstringStatusList", "statusPurpose": str(purpose), "encodedList": encoded,
            "ttl": FRESH // timedelta(milliseconds=1),
        },
        "iss": issuer_id(base), "jti": own, "nbf": int(made.timestamp()), "exp": int(ends.timestamp()),
    }


def read(token: str, base: str, keys: Mapping[str, Mapping[str, Any]], withdrawn: Collection[str] = ()) -> Presented | Refusal:
    """What a compact token says, or why it is not believed. ``keys`` are our published ones by name.

    The algorithm and the key are ours to choose, never the token's: whatever
    else its header offers is not looked at.
    """
    key = _named(token, keys, withdrawn)
    if isinstance(key, Refusal):
        return key
    try:
        opened = jws.deserialize_compact(token, ECKey.import_key(dict(key)), algorithms=[ALGORITHM])
        said = msgspec.json.decode(opened.payload)
    except (JoseError, msgspec.DecodeError, ValueError, TypeError, RecursionError):
        return Refusal.ALTERED
    return _credential(said, base)


def _named(token: str, keys: Mapping[str, Mapping[str, Any]], withdrawn: Collection[str]) -> Mapping[str, Any] | Refusal:
    """The key that a token is to be checked with."""
    parts = token.split(".")
    header = _header(parts[0]) if len(token) <= LONGEST and len(parts) == 3 and all(map(_PART.fullmatch, parts)) else None
    if header is None:
        return Refusal.NO_TOKEN
    algorithm, kid = header.get("alg"), header.get("kid")
    if not parts[2] or str(algorithm).lower() == "none":
        return Refusal.ALG_NONE
    if algorithm != ALGORITHM or "crit" in header or "b64" in header:
        return Refusal.FORGED
    if not isinstance(kid, str) or kid not in keys:
        return Refusal.WITHDRAWN_KEY if isinstance(kid, str) and kid in withdrawn else Refusal.FOREIGN_KEY
    return keys[kid]


def _header(part: str) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)), type=dict[str, Any])
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _credential(said: Any, base: str) -> Presented | Refusal:
    """A signed statement of ours, if it is a credential."""
    if not isinstance(said, dict) or said.get("type") != ["VerifiableCredential", "OpenBadgeCredential"]:
        return Refusal.WRONG_TYPE
    own = str(said.get("id"))
    issuer = said.get("issuer")
    named = isinstance(issuer, dict) and issuer.get("id") == said.get("iss") == issuer_id(base)
    if not named or said.get("jti") != own or not own.startswith(credential_id(base, "")):
        return Refusal.FOREIGN_ISSUER
    subject = said.get("credentialSubject")
    result = subject.get("result") if isinstance(subject, dict) else None
    grade = result[0].get("value") if result else None
    return Presented(own.rpartition("/")[2], grade, str(said.get("validFrom")), str(said.get("validUntil")))
