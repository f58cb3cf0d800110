"""A licence as a credential: issued, published, checked by others' programs and by our page, and never believed when it is not ours."""

import base64
import hmac
import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from joserfc import jws
from joserfc.jwk import ECKey
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier
from PIL import Image
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from certification.actions import licences, signing, status_lists
from certification.actions.licences import NewEvent
from certification.credential import identity_hash
from certification.licence import Kind
from certification.status_list import SIZE, decode, is_set
from certification.store.licences import public_licence
from certification.tables import Licence, Programme
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from people.tables import Person
from tests import cast as players
from tests.cast import Cast, Visitor
from tests.certification.holders import event, granted, stage
from tests.certification.test_signing import by_hand, decoded, number
from tests.conftest import START

BASE = "http://127.0.0.1:5000"


@pytest.fixture
def held(app: Flask, cast: Cast) -> str:
    """The number of ``owner``'s licence, excellent, granted a hundred days ago."""
    return str(stage(app, cast, owner=[granted(grade="excellent")])["owner"])


def token_of(client: Visitor, licence: str) -> str:
    answer = client.get(f"/credentials/{licence}.jwt")
    assert (answer.status_code, answer.mimetype) == (200, "application/vc+jwt")
    return answer.get_data(as_text=True)


def claims_of(client: Visitor, token: str) -> dict[str, Any]:
    return by_hand(token, client.get("/.well-known/jwks.json").get_json())


def happens(app: Flask, licence: str, kind: Kind, after: timedelta = timedelta(), **more: Any) -> None:
    """An event in the ledger of that licence, with effect now or later."""
    with app.app_context():
        view = public_licence(db.session, {licence})
        assert view
        with work(SYSTEM) as w:
            licences.append_event(w, view.id, NewEvent(kind, w.now + after, reason="投诉核实", **more))


def pem(client: Visitor) -> bytes:
    key = client.get("/.well-known/jwks.json").get_json()["keys"][-1]
    public = EllipticCurvePublicNumbers(number(key["x"]), number(key["y"]), SECP256R1()).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


# What is issued


def test_a_credential_says_what_the_licence_says_and_not_who(client: Visitor, held: str, cast: Cast) -> None:
    token = token_of(client, held)
    said = claims_of(client, token)
    assert json.loads(decoded(token.split(".")[0])).keys() == {"typ", "alg", "kid"}
    assert (said["id"], said["jti"], said["iss"]) == (f"{BASE}/credentials/{held}", said["id"], f"{BASE}/credentials/issuer")
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert (said["validFrom"], said["nbf"]) == ("2026-08-14T01:00:00Z", int((START - timedelta(days=100)).timestamp()))
    assert (said["validUntil"], said["exp"]) == ("2027-08-13T16:00:00Z", int(datetime(2027, 8, 13, 16, tzinfo=UTC).timestamp()))
    subject = said["credentialSubject"]
    assert subject["result"][0]["value"] == "excellent"
    text = json.dumps(said, ensure_ascii=False)
    assert cast.owner.name not in text
    assert cast.owner.staff_no not in text
    who = subject["identifier"][0]
    assert who["identityHash"] == identity_hash(cast.owner.staff_no, cast.owner.name, who["salt"])
    assert who["identityHash"] != identity_hash(cast.colleague.staff_no, cast.colleague.name, who["salt"])


def test_every_address_in_a_credential_leads_somewhere(client: Visitor, held: str) -> None:
    said = claims_of(client, token_of(client, held))
    achievement = said["credentialSubject"]["achievement"]
    for address in (said["issuer"]["id"], achievement["id"]):
        path = address.removeprefix(BASE)
        told = client.get(path).get_json()
        assert told["id"] == address
        page = client.get(path, headers={"Accept": "text/html"})
        assert (page.status_code, page.mimetype) == (200, "text/html")
    assert client.get(said["id"].removeprefix(BASE)).headers["Location"] == f"/verify/{held}"
    for entry in said["credentialStatus"]:
        assert client.get(entry["statusListCredential"].removeprefix(BASE)).status_code == 200
    keys = client.get("/credentials/issuer").get_json()["verificationMethod"]
    published = client.get("/.well-known/jwks.json").get_json()["keys"]
    assert [method["publicKeyJwk"]["kid"] for method in keys] == [key["kid"] for key in published]


def test_another_library_believes_it_until_it_is_suspended(app: Flask, client: Visitor, clock: TickingClock, cast: Cast) -> None:
    clock.set(datetime.now(UTC))  # that library goes by the machine's clock
    licence = stage(app, cast, owner=[event("granted", clock.now() - timedelta(days=9), grade="qualified")])["owner"]
    token = token_of(client, licence)
    verifier = OB3Verifier(pem(client))

    def download(address: str) -> bytes:
        return client.get(address.removeprefix(BASE)).get_data()

    found = verifier.verify(token, check_status=True, download=download)
    assert (found.issuer.id, len(found.credential_status)) == (f"{BASE}/credentials/issuer", 2)
    for kind in (Kind.SUSPENDED, Kind.REINSTATED, Kind.REVOKED):
        happens(app, licence, kind)
        if kind is Kind.REINSTATED:
            verifier.verify(token, check_status=True, download=download)
            continue
        with pytest.raises(OB3VerificationError, match=r"revoked|suspended|suspension|revocation"):
            verifier.verify(token, check_status=True, download=download)
    head, body, signature = token.split(".")
    altered = json.dumps({**json.loads(decoded(body)), "validUntil": "2099-01-01T00:00:00Z"}).encode()
    with pytest.raises(OB3VerificationError):
        verifier.verify(".".join((head, base64.urlsafe_b64encode(altered).decode().rstrip("="), signature)))


def test_what_does_not_exist_has_no_credential(client: Visitor, held: str) -> None:
    for path in ("CZ-2026-000000000.jwt", "CZ-2026-000000000.png", "nothing", "status/other", "status/revocation-2", "achievements/GC/9"):
        answer = client.get(f"/credentials/{path}")
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "not_found"), path


def test_other_sites_may_ask(client: Visitor, held: str) -> None:
    for path in ("/.well-known/jwks.json", f"/credentials/{held}.jwt", "/credentials/status/revocation", "/credentials/issuer"):
        assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"


# The status lists


def bit(client: Visitor, token: str, purpose: str) -> bool:
    """The licence's bit in a list, read as a stranger would: from the credential's own entry."""
    entry = next(one for one in claims_of(client, token)["credentialStatus"] if one["statusPurpose"] == purpose)
    published = claims_of(client, client.get(entry["statusListCredential"].removeprefix(BASE)).get_data(as_text=True))
    assert published["id"] == entry["statusListCredential"]
    assert published["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert published["credentialSubject"]["statusPurpose"] == purpose
    return is_set(decode(published["credentialSubject"]["encodedList"]), int(entry["statusListIndex"]))


def bits(client: Visitor, token: str) -> tuple[bool, bool]:
    return bit(client, token, "suspension"), bit(client, token, "revocation")


def test_the_lists_are_right_the_instant_a_ledger_changes(app: Flask, client: Visitor, held: str) -> None:
    token = token_of(client, held)
    assert bits(client, token) == (False, False)
    happens(app, held, Kind.SUSPENDED)
    assert bits(client, token) == (True, False)
    happens(app, held, Kind.REINSTATED)
    assert bits(client, token) == (False, False)
    happens(app, held, Kind.REVOKED)
    assert bits(client, token) == (False, True)


def test_a_superseded_licence_is_in_the_list_of_revocations(app: Flask, client: Visitor, held: str) -> None:
    token = token_of(client, held)
    happens(app, held, Kind.SUPERSEDED)
    assert bits(client, token) == (False, True)


def test_a_suspension_that_begins_later_shows_when_it_begins(app: Flask, client: Visitor, held: str, clock: TickingClock) -> None:
    token = token_of(client, held)
    happens(app, held, Kind.SUSPENDED, after=timedelta(minutes=10))
    assert bits(client, token) == (False, False)
    clock.tick(minutes=9, seconds=59)
    assert bits(client, token) == (False, False)
    clock.tick(seconds=1)
    assert bits(client, token) == (True, False)


def test_a_list_is_repeated_until_something_changes(app: Flask, client: Visitor, held: str, clock: TickingClock) -> None:
    first = client.get("/credentials/status/suspension")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    tag = first.headers["ETag"]
    again = client.get("/credentials/status/suspension", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    happens(app, held, Kind.SUSPENDED)
    changed = client.get("/credentials/status/suspension", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    clock.tick(hours=1)
    assert client.get("/credentials/status/suspension").headers["ETag"] != changed.headers["ETag"], "an old list would end"


def test_each_licence_has_a_place_of_its_own(app: Flask, cast: Cast) -> None:
    stage(app, cast, **{member.username: [granted()] for member in cast})
    with app.app_context():
        places = db.session.query(Licence.status_index).all()
        assert len({place for (place,) in places}) == len(cast.members)
        assert sorted(place for (place,) in places) != list(range(len(cast.members))), "drawn by lot"


def test_two_who_draw_the_same_place_get_two(app: Flask, cast: Cast, held: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context(), work(SYSTEM) as w:
        mine = w.session.query(Licence).one()
        lots = iter([mine.status_index, mine.status_index, (mine.status_index + 1) % SIZE])
        monkeypatch.setattr(status_lists, "draw", lambda _connection: next(lots))  # as if both had looked before either wrote
        opened, _ = licences.new_licence(w, cast.colleague.person_id, mine.programme_edition_id, w.now)
        assert w.session.get_one(Licence, opened).status_index == (mine.status_index + 1) % SIZE
        monkeypatch.setattr(status_lists, "draw", lambda _connection: (mine.status_index + 2) % SIZE)
        with pytest.raises(IntegrityError):  # a number that is taken is another matter
            licences.new_licence(w, cast.colleague.person_id, mine.programme_edition_id, w.now, mine.number)


def test_an_early_key_change_signs_the_list_anew(app: Flask, client: Visitor, held: str) -> None:
    before = client.get("/credentials/status/revocation").headers["ETag"]
    with app.app_context():
        kid = signing.signer()
    app.test_cli_runner().invoke(args=["credential-keys", "retire", kid, "--lost"])
    after = client.get("/credentials/status/revocation")
    assert after.headers["ETag"] != before
    claims_of(client, after.get_data(as_text=True))


# The page that checks


def checks(client: Visitor, text: str = "", picture: bytes = b"") -> tuple[int, str]:
    """The status of the answer, and the standing or the refusal that the page carries."""
    files = {"picture": (io.BytesIO(picture), "badge.png")} if picture else {}
    answer = client.form("/verify", {"text": text, **files}, content_type="multipart/form-data")
    found = re.search(r'<main [^>]*data-(?:standing|refused)="(\w+)"', answer.get_data(as_text=True))
    return answer.status_code, found[1] if found else answer.headers.get("Location", "")


def test_a_credential_of_ours_shows_what_the_licence_is_worth_now(app: Flask, client: Visitor, held: str, clock: TickingClock) -> None:
    token = token_of(client, held)
    assert checks(client, token) == (200, "active")
    assert checks(client, "  " + token[:40] + "\n" + token[40:]) == (200, "active"), "as a message program breaks it"
    happens(app, held, Kind.SUSPENDED)
    assert checks(client, token) == (200, "suspended")
    happens(app, held, Kind.REINSTATED)
    clock.tick(days=210)
    assert checks(client, token) == (200, "expiring")
    clock.tick(days=60)
    assert checks(client, token) == (200, "expired")
    happens(app, held, Kind.REVOKED)
    assert checks(client, token) == (200, "revoked")


def test_a_superseded_licence_leads_to_its_successor(app: Flask, client: Visitor, cast: Cast) -> None:
    numbers = stage(app, cast, owner=[granted()], colleague=[granted()])
    with app.app_context():
        successor = public_licence(db.session, {numbers["colleague"]})
        assert successor
    token = token_of(client, numbers["owner"])
    happens(app, numbers["owner"], Kind.SUPERSEDED, successor_id=successor.id)
    page = client.get(f"/verify/{numbers['owner']}").get_data(as_text=True)
    assert 'data-standing="superseded"' in page
    assert f"/verify/{numbers['colleague']}" in page
    assert checks(client, token) == (200, "superseded")


def test_an_older_credential_is_said_to_be_older(app: Flask, client: Visitor, held: str, clock: TickingClock) -> None:
    token = token_of(client, held)
    assert "凭证是真的，但不是最新的" not in client.form("/verify", {"text": token}).get_data(as_text=True)
    clock.tick(days=1)
    happens(app, held, Kind.SCOPE_REDUCED, grade="qualified")
    assert "凭证是真的，但不是最新的" in client.form("/verify", {"text": token}).get_data(as_text=True)


def sealed(header: dict[str, Any], body: bytes, signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), body, signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def test_what_is_not_ours_is_refused_and_why(app: Flask, client: Visitor, held: str) -> None:
    token = token_of(client, held)
    head, body, signature = token.split(".")
    header, said = json.loads(decoded(head)), decoded(body)
    foreign = ECKey.generate_key("P-256", private=True, auto_kid=False)
    as_bytes = pem(client)
    confused = sealed({**header, "alg": "HS256"}, said)
    mac = hmac.digest(as_bytes, confused.rpartition(".")[0].encode(), "sha256")
    swapped = json.dumps({**json.loads(said), "validUntil": "2099-01-01T00:00:00Z"}).encode()
    refused = {
        "altered": [f"{head}.{base64.urlsafe_b64encode(swapped).decode().rstrip('=')}.{signature}", f"{head}.{body}.{signature[:-4]}AAAA",
                    jws.serialize_compact({"alg": "ES256", "kid": header["kid"]}, said, foreign, algorithms=["ES256"]),
                    f"{head}.{body}.A", sealed(header, said, b"x"), sealed({**header, "typ": 5, "x5c": 5, "cty": []}, said, b"x" * 64)],
        "alg_none": [sealed({**header, "alg": "none"}, said), sealed({**header, "alg": "nOnE"}, said, b"x"), f"{head}.{body}."],
        "forged": [sealed({**header, "alg": "HS256"}, said, mac), sealed({**header, "alg": "ES384"}, said, b"x" * 96),
                   sealed({**header, "alg": ["ES256"]}, said, b"x" * 64),
                   sealed({**header, "crit": ["b64"], "b64": False}, said, decoded(signature))],
        "foreign_key": [
            jws.serialize_compact({"alg": "ES256", "kid": "other"}, said, foreign, algorithms=["ES256"]),
            jws.serialize_compact({"alg": "ES256", "jwk": foreign.as_dict(private=False)}, said, foreign, algorithms=["ES256"]),
            sealed({**header, "kid": {"a": 1}}, said, b"x" * 64),
        ],
        "no_token": ["hello", "a.b", "e30.e30", "W10.e30.AAAA", "a.b.c", f"{token}.x", "x" * 9000, "[" * 4000 + ".a.b",
                     base64.urlsafe_b64encode(b"[" * 6000).decode() + ".e30.AAAA", "中文。中文。中文"],
    }
    with app.app_context():
        refused["wrong_type"] = [signing.sign({"hello": 1}), signing.sign([1]),  # type: ignore[arg-type]
                                 client.get("/credentials/status/revocation").get_data(as_text=True)]
        other = {**json.loads(said), "iss": "https://elsewhere.example/credentials/issuer"}
        refused["foreign_issuer"] = [signing.sign(other), signing.sign({**json.loads(said), "jti": "other"})]
        lost = f"{BASE}/credentials/CZ-2026-000000000"
        refused["unknown"] = [signing.sign({**json.loads(said), "id": lost, "jti": lost})]
    wrong = {name: [checks(client, one) for one in tokens] for name, tokens in refused.items()}
    assert wrong == {name: [(200, name)] * len(tokens) for name, tokens in refused.items()}


def test_a_credential_outlives_a_rotation_and_not_a_lost_key(app: Flask, client: Visitor, held: str) -> None:
    token = token_of(client, held)
    with app.app_context():
        kid = signing.signer()
    runner = app.test_cli_runner()
    runner.invoke(args=["credential-keys", "rotate"])
    assert checks(client, token) == (200, "active")
    fresh = token_of(client, held)
    runner.invoke(args=["credential-keys", "retire", kid, "--lost"])
    assert checks(client, token) == (200, "withdrawn_key")
    assert checks(client, fresh) == (200, "active")


def test_a_badge_holds_its_credential(client: Visitor, held: str) -> None:
    answer = client.get(f"/credentials/{held}.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    made = answer.get_data()
    assert Image.open(io.BytesIO(made)).size == (640, 640)
    assert len(made) < 600_000
    assert claims_of(client, OB3Verifier.extract_token_from_png(made))["id"] == f"{BASE}/credentials/{held}"
    assert checks(client, picture=made) == (200, "active")


def test_a_badge_that_cannot_be_drawn_is_refused_by_its_characters(app: Flask, client: Visitor, held: str) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Programme).where(Programme.code == "GC").values(title={"zh": "现场\U00020000支撑"}))
    answer = client.get(f"/credentials/{held}.png")
    assert (answer.status_code, "U+20000" in answer.text) == (422, True)


def test_other_pictures_are_refused_and_why(client: Visitor, held: str) -> None:
    plain = io.BytesIO()
    Image.new("RGB", (8, 8)).save(plain, "PNG")
    assert checks(client, picture=plain.getvalue()) == (200, "empty_picture")
    assert checks(client, picture=b"GIF89a....") == (200, "no_picture")
    assert checks(client, picture=b"\x89PNG\r\n\x1a\n" + bytes(3 * 1024 * 1024)) == (422, "")


def test_a_number_or_an_address_leads_to_the_licence(client: Visitor, held: str) -> None:
    for typed in (held, held.lower(), f" {held.replace('-', ' ')} ", f"{BASE}/verify/{held}", f"{BASE}/verify/{held}/"):
        assert checks(client, typed) == (303, f"/verify/{held}"), typed


def test_nothing_is_asked_for_again_with_what_was_typed(client: Visitor) -> None:
    assert client.get("/verify").status_code == 200
    assert checks(client) == (422, "")
    assert "无效的编号" in client.form("/verify", {"text": "无效的编号"}).get_data(as_text=True)


def test_the_page_masks_the_name_and_says_when_it_looked(client: Visitor, held: str, cast: Cast) -> None:
    answer = client.get(f"/verify/{held}")
    page = answer.get_data(as_text=True)
    assert 'data-standing="active"' in page
    assert "王*" in page
    assert cast.owner.name not in page
    assert cast.owner.staff_no not in page
    assert START.isoformat() in page
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_nobody_is_told_to_let_a_leaver_in(app: Flask, client: Visitor, held: str, cast: Cast) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Person).where(Person.id == cast.owner.person_id).values(left=START + timedelta(days=1)))
    assert "这张上岗证今天有效" in client.get(f"/verify/{held}").text, "not gone yet"
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Person).where(Person.id == cast.owner.person_id).values(left=START - timedelta(days=1)))
    page = client.get(f"/verify/{held}").text
    assert 'data-standing="active" data-left="yes"' in page
    assert ("持证人已离职" in page, "请不要让对方进门" in page, "这张上岗证今天有效" in page) == (True, True, False)


def test_the_name_on_the_licence_is_the_one_that_is_hashed(app: Flask, client: Visitor, held: str, cast: Cast) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Licence).values(holder="王健国"))
    who = claims_of(client, token_of(client, held))["credentialSubject"]["identifier"][0]
    assert who["identityHash"] == identity_hash(cast.owner.staff_no, "王健国", who["salt"])


def test_anybody_may_look_without_signing_in(app: Flask, held: str) -> None:
    nobody = players.visitor(app)
    for path in ("/verify", f"/verify/{held}", f"/credentials/{held}.jwt", f"/credentials/{held}.png"):
        assert nobody.get(path).status_code == 200
