"""A pass for a gate: what it says, that only ours opens, and that it is verified without this site."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask import Flask
from joserfc import jws
from joserfc.jwk import ECKey, OctKey

from certification.actions import signing
from certification.dispatch_pass import TYPE, Refusal, check, team_digest
from foundation.clock import TickingClock
from tests.cast import Cast, Visitor
from tests.certification.holders import KEY, event, granted, question, stage
from tests.conftest import START

Ask = Callable[..., Any]
HEADERS = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def ask(app: Flask, cast: Cast, client: Visitor) -> Ask:
    stage(app, cast, owner=[granted()], colleague=[granted()], stranger=[granted(), event("suspended", START - timedelta(days=1))])
    return lambda *team, **more: client.post("/api/v1/access/pass", json=question(*team or ("S0001",), **more), headers=HEADERS)


def keys(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        return list(signing.public_keys()["keys"])


def parts(token: str) -> list[dict[str, Any]]:
    return [json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in token.split(".")[:2]]


def test_a_yes_comes_with_a_pass_that_verifies_with_the_published_keys(app: Flask, ask: Ask) -> None:
    answer = ask("S0001", "S0002").json
    header, claims = parts(answer["pass"])
    assert (answer["decision"], header["alg"], header["typ"]) == (True, "ES256", TYPE)
    assert (claims["sub"], claims["jti"], claims["visit"]["id"]) == ("S0001", answer["context"]["decision_id"], "W-17")
    assert (claims["team"], claims["team_size"]) == (team_digest(["S0002", "S0001"]), 2)
    assert claims["exp"] == int((START + timedelta(hours=12)).timestamp())
    found = check(answer["pass"], keys(app), START)
    assert found.refused is None
    assert found.found is not None
    assert (found.found.subject, found.found.programme, found.found.overridden) == ("S0001", "GC", False)
    assert "王建国" not in json.dumps(claims, ensure_ascii=False)


def test_it_ends_with_the_decision(app: Flask, ask: Ask) -> None:
    ends = START + timedelta(hours=2)
    answer = ask(starts=START.isoformat(), ends=ends.isoformat()).json
    assert answer["expires"] == "2026-11-22T03:00:00Z"
    assert check(answer["pass"], keys(app), ends - timedelta(seconds=1)).refused is None
    assert check(answer["pass"], keys(app), ends).refused is Refusal.EXPIRED


def test_a_no_comes_without_one(ask: Ask) -> None:
    answer = ask("S0101").json
    assert (answer["decision"], "pass" in answer) == (False, False)
    over = ask(starts=(START - timedelta(hours=3)).isoformat(), ends=(START - timedelta(hours=1)).isoformat()).json
    assert (over["decision"], "pass" in over) == (True, False)  # it may change at once
    assert ask(at=START).status_code == 422


def forged(token: str, app: Flask, how: str) -> str:
    first, middle, last = token.split(".")
    header, claims = parts(token)

    def packed(said: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")

    strange = ECKey.generate_key("P-256")
    match how:
        case "none":
            return f"{packed({**header, 'alg': 'none'})}.{middle}."
        case "none with a signature":
            return f"{packed({**header, 'alg': 'None'})}.{middle}.{last}"
        case "hmac under the public key":
            secret = OctKey.import_key(json.dumps(keys(app)[0]).encode().ljust(32, b" "))
            return jws.serialize_compact({**header, "alg": "HS256"}, json.dumps(claims).encode(), secret, algorithms=["HS256"])
        case "a foreign key":
            return jws.serialize_compact({**header, "kid": "theirs"}, json.dumps(claims).encode(), strange, algorithms=["ES256"])
        case "a foreign key under our name":
            return jws.serialize_compact(header, json.dumps(claims).encode(), strange, algorithms=["ES256"])
        case "its own key inside":
            own = {**header, "jwk": strange.as_dict(private=False)}
            return jws.serialize_compact(own, json.dumps(claims).encode(), strange, algorithms=["ES256"])
        case "altered":
            return f"{first}.{packed({**claims, 'sub': 'S0101'})}.{last}"
        case "cut":
            return f"{first}.{middle}"
        case "another purpose":
            with app.app_context():
                return signing.sign(claims, {"typ": "vc+jwt"})
        case "claims that are none":
            with app.app_context():
                return signing.sign({"sub": "S0001"}, {"typ": TYPE})
    raise AssertionError(how)


FORGED = [
    ("none", Refusal.ALGORITHM), ("none with a signature", Refusal.ALGORITHM), ("hmac under the public key", Refusal.ALGORITHM),
    ("a foreign key", Refusal.UNKNOWN_KEY), ("a foreign key under our name", Refusal.ALTERED), ("its own key inside", Refusal.ALTERED),
    ("altered", Refusal.ALTERED), ("cut", Refusal.MALFORMED), ("another purpose", Refusal.OTHER_PURPOSE),
    ("claims that are none", Refusal.ALTERED),
]


@pytest.mark.parametrize(("how", "why"), FORGED, ids=[how for how, _why in FORGED])
def test_what_is_not_ours_opens_nothing(app: Flask, ask: Ask, how: str, why: Refusal) -> None:
    token = forged(ask().json["pass"], app, how)
    assert check(token, keys(app), START).refused is why


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "{}.{}.{}", "é.b.c", "x" * 5000, "W10.e30.x"])
def test_nonsense_is_no_pass(token: str) -> None:
    assert check(token, [], START).refused is Refusal.MALFORMED


def test_the_page_verifies_what_is_pasted_for_everybody(ask: Ask, client: Visitor, clock: TickingClock) -> None:
    token = ask().json["pass"]
    page = client.form("/dispatch/pass", {"token": f"  {token}\n"}).text
    for words in ("可以放行", "S0001", "W-17"):
        assert words in page
    clock.tick(hours=13)
    page = client.form("/dispatch/pass", {"token": token}).text
    assert "不能放行" in page
    assert "已经过期" in page
    assert "不是一个完整的通行码" in client.form("/dispatch/pass", {"token": "<b>x</b>"}).text
    assert "请粘贴或扫描通行码" in client.form("/dispatch/pass", {"token": ""}).text
    assert client.get("/dispatch/pass").status_code == 200


def test_the_command_verifies_with_a_file_of_keys_alone(app: Flask, ask: Ask, tmp_path: Path, clock: TickingClock) -> None:
    token = ask().json["pass"]
    jwks = tmp_path / "jwks.json"
    with app.app_context():
        jwks.write_bytes(msgspec.json.encode(signing.public_keys()))
    runner = app.test_cli_runner()
    done = runner.invoke(args=["dispatch", "verify-pass", token, "--jwks", str(jwks)])
    assert (done.exit_code, json.loads(done.output)["pass"]["subject"]) == (0, "S0001")
    assert runner.invoke(args=["dispatch", "verify-pass", token]).exit_code == 0
    clock.tick(hours=12)
    done = runner.invoke(args=["dispatch", "verify-pass", token, "--jwks", str(jwks)])
    assert (done.exit_code, json.loads(done.output)["refused"]) == (3, "expired")
