"""Keys that sign: made when first needed, rotated, retired, withdrawn, and published for as long as they are needed."""

import base64
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from flask import Flask
from sqlalchemy import select

from certification.actions import signing
from certification.store import signing as store
from certification.tables import SigningKey
from foundation.clock import TickingClock
from foundation.database import db, wires
from foundation.sealing import Sealer
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from tests import cast as players
from tests.certification.exams import document


def number(text: str) -> int:
    return int.from_bytes(decoded(text))


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def by_hand(token: str, keys: dict[str, Any]) -> dict[str, Any]:
    """The claims of a token, its signature checked with cryptography alone; raises InvalidSignature, or StopIteration without a key."""
    head, body, signature = token.split(".")
    header = json.loads(decoded(head))
    key = next(key for key in keys["keys"] if key["kid"] == header["kid"])
    assert (header["alg"], key["kty"], key["crv"], key["use"]) == ("ES256", "EC", "P-256", "sig")
    raw = decoded(signature)
    pair = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public = EllipticCurvePublicNumbers(number(key["x"]), number(key["y"]), SECP256R1()).public_key()
    public.verify(pair, f"{head}.{body}".encode(), ECDSA(hashes.SHA256()))
    claims: dict[str, Any] = json.loads(decoded(body))
    return claims


def kids(app: Flask) -> list[str]:
    published = players.visitor(app).get("/.well-known/jwks.json").get_json()
    return [key["kid"] for key in published["keys"]]


def test_the_first_signature_makes_the_key_and_anybody_can_check_it(app: Flask) -> None:
    with app.app_context():
        assert signing.public_keys() == {"keys": []}
        token = signing.sign({"hello": "世界"}, {"typ": "test+jwt"})
        assert by_hand(token, signing.public_keys()) == {"hello": "世界"}
        assert json.loads(decoded(token.split(".")[0]))["typ"] == "test+jwt"
    answer = players.visitor(app).get("/.well-known/jwks.json")
    assert answer.mimetype == "application/jwk-set+json"
    assert [set(key) for key in answer.get_json(force=True)["keys"]] == [{"kty", "crv", "x", "y", "kid", "use", "alg"}], "no private half"


def test_the_private_half_is_sealed_in_the_database(app: Flask) -> None:
    with app.app_context():
        signing.sign({})
        held = db.session.scalars(select(SigningKey)).one()
        assert b'"d"' not in held.private
        assert "d" not in held.public


def test_many_who_sign_first_at_once_make_one_key(app: Flask) -> None:
    start = threading.Barrier(4)

    def first() -> None:
        with app.app_context():
            start.wait()
            signing.sign({})

    threads = [threading.Thread(target=first) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert len(store.keys(wires())) == 1


def test_after_a_rotation_the_new_key_signs_and_the_old_one_still_verifies(app: Flask, clock: TickingClock) -> None:
    with app.app_context():
        old = signing.sign({"n": 1})
    clock.tick(hours=1)
    result = app.test_cli_runner().invoke(args=["credential-keys", "rotate"])
    assert result.exit_code == 0, result.output
    with app.app_context():
        new = signing.sign({"n": 2})
        assert (by_hand(old, signing.public_keys())["n"], by_hand(new, signing.public_keys())["n"]) == (1, 2)
        assert signing.signer() in result.output
    assert len(kids(app)) == 2
    listed = app.test_cli_runner().invoke(args=["credential-keys", "list"]).output.splitlines()
    assert ("published until" in listed[0], listed[1].endswith("signs")) == (True, True)
    with app.app_context():
        first, second = store.keys(wires())
        assert (first.private, bool(second.private)) == (b"", True), "what cannot sign is forgotten"
    clock.tick(days=3)
    assert kids(app) == [second.kid], "nothing that the old key signed is good any more"


def test_a_retired_key_stays_published_for_as_long_as_the_last_licence(app: Flask, clock: TickingClock, cast: players.Cast) -> None:
    with app.app_context():
        signing.sign({})
    players.seed(app, document(cast) | {"licences": [{"staff_no": "S0001", "programme": "GC", "events": [
        {"kind": "granted", "grade": "qualified", "effective": "2026-11-01T00:00:00+08:00"}]}]})
    app.test_cli_runner().invoke(args=["credential-keys", "rotate"])
    clock.tick(days=340)
    assert len(kids(app)) == 2
    clock.tick(days=10)
    assert len(kids(app)) == 1


def test_a_lost_key_is_withdrawn_at_once_and_replaced(app: Flask, clock: TickingClock) -> None:
    with app.app_context():
        lost = signing.sign({})
        kid = signing.signer()
    result = app.test_cli_runner().invoke(args=["credential-keys", "retire", kid, "--lost"])
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert kid not in signing.published()
        assert kid in signing.withdrawn()
        with pytest.raises(StopIteration):
            by_hand(lost, signing.public_keys())
        assert by_hand(signing.sign({"n": 3}), signing.public_keys()) == {"n": 3}
        told = db.session.scalars(select(AuditRow.event).where(AuditRow.event.startswith("signing_key")).order_by(AuditRow.seq)).all()
        assert list(told) == ["signing_key.made", "signing_key.retired", "signing_key.made"]


def test_another_process_follows_within_a_second(app: Flask, clock: TickingClock) -> None:
    with app.app_context():
        signing.sign({})
        before = signing.signer()
        with work(SYSTEM) as w:  # as another process would: this one's memory is not told
            signing.rotate(w)
        clock.tick(seconds=1)
        assert signing.signer() != before


def test_what_cannot_be_retired_is_refused_by_name(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert "no key yet" in runner.invoke(args=["credential-keys", "list"]).output
    assert runner.invoke(args=["credential-keys", "retire", "nobody"]).exit_code == 1
    with app.app_context():
        signing.sign({})
        kid = signing.signer()
    assert runner.invoke(args=["credential-keys", "retire", kid]).exit_code == 0
    again = runner.invoke(args=["credential-keys", "retire", kid])
    assert (again.exit_code, "retired already" in again.output) == (1, True)
    assert len(kids(app)) == 2, "a new one took its place"


def test_a_key_may_not_be_made_inside_somebody_elses_transaction(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError), work(SYSTEM):
        signing.sign({})


def test_a_retired_key_has_a_last_day(app: Flask, clock: TickingClock) -> None:
    with app.app_context():
        signing.sign({})
        with work(SYSTEM) as w:
            signing.rotate(w)
        row = next(row for row in store.keys(wires()) if row.retired)
        assert row.over - row.retired >= timedelta(days=2)


def test_the_doctor_finds_a_key_that_another_data_key_sealed(app: Flask) -> None:
    def said() -> str:
        return next(line for line in app.test_cli_runner().invoke(args=["doctor"]).output.splitlines() if line.startswith("signing keys:"))

    with app.app_context():
        signing.sign({})
    assert said() == "signing keys: good"
    right = app.extensions["sealer"]
    app.extensions["sealer"] = Sealer("another key altogether, of a restored copy")
    assert "credential-keys rotate" in said()
    assert app.test_cli_runner().invoke(args=["credential-keys", "rotate"]).exit_code == 0
    assert said() == "signing keys: good"
    with app.app_context():
        assert by_hand(signing.sign({"n": 4}), signing.public_keys()) == {"n": 4}
    app.extensions["sealer"] = right


def test_what_was_signed_is_still_checked_when_the_data_key_is_lost(app: Flask) -> None:
    with app.app_context():
        token = signing.sign({"n": 1})
        signing.forget()
    right = app.extensions["sealer"]
    app.extensions["sealer"] = Sealer("another key altogether, of a restored copy")
    published = players.visitor(app).get("/.well-known/jwks.json")
    assert by_hand(token, published.get_json()) == {"n": 1}
    with app.app_context(), pytest.raises(AssertionError, match="rotate"):
        signing.sign({"n": 2})
    app.extensions["sealer"] = right
