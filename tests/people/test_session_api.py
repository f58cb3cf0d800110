"""Signing in again without leaving a page: the same door as /login, in JSON."""

from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from people.api import SignIn
from people.tables import Account, LoginSession
from tests.cast import PASSWORD, Cast, Visitor

DOOR = "/api/v1/session"


def enter(browser: Visitor, username: str = "owner", password: str = PASSWORD, **more: Any) -> Any:
    """What the room does: fetch a token, then sign in with it."""
    token = browser.get(DOOR).get_json()["csrf_token"]
    return browser.post(DOOR, json={"username": username, "password": password}, headers={"X-CSRFToken": token}, **more)


def sessions(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(LoginSession)) or 0


def test_nobody_is_told_that_nobody_is_signed_in(cast: Cast, client: Visitor) -> None:
    assert client.get(DOOR).get_json()["username"] is None


def test_the_right_password_opens_a_session_whose_token_works(cast: Cast, client: Visitor) -> None:
    answer = enter(client)
    assert (answer.status_code, answer.get_json()["username"], answer.get_json()["password_change"]) == (200, "owner", False)
    assert client.get(DOOR).get_json()["username"] == "owner"
    token = {"X-CSRFToken": answer.get_json()["csrf_token"]}
    assert client.post("/logout", headers=token).status_code == 302
    assert client.get(DOOR).get_json()["username"] is None


def test_a_session_that_ended_is_replaced_and_its_old_token_is_worth_nothing(app: Flask, cast: Cast, client: Visitor) -> None:
    before = enter(client).get_json()["csrf_token"]
    with app.app_context():
        db.session.execute(delete(LoginSession))
        db.session.commit()
    assert client.get(DOOR).get_json()["username"] is None
    assert enter(client).status_code == 200
    assert client.post("/logout", headers={"X-CSRFToken": before}).status_code == 400


def test_who_was_signed_in_before_is_signed_out(app: Flask, cast: Cast, client: Visitor) -> None:
    enter(client)
    assert enter(client, "colleague").get_json()["username"] == "colleague"
    assert sessions(app) == 1
    assert client.get(DOOR).get_json()["username"] == "colleague"


def test_a_wrong_name_and_a_wrong_password_look_the_same(app: Flask, cast: Cast, client: Visitor) -> None:
    answers = [enter(client, name, "这不是任何人的口令-2026") for name in ("owner", "nobody-of-that-name")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].get_json() == answers[1].get_json()
    assert sessions(app) == 0


def test_a_failed_try_leaves_the_session_that_was_there(cast: Cast, client: Visitor) -> None:
    enter(client)
    assert enter(client, "colleague", "这不是任何人的口令-2026").status_code == 422
    assert client.get(DOOR).get_json()["username"] == "owner"


def test_failures_are_counted_across_both_doors(cast: Cast, client: Visitor, clock: TickingClock) -> None:
    for _ in range(3):
        enter(client, password="wrong")
    for _ in range(2):
        client.form("/login", {"username": "owner", "password": "wrong"})
    shut = enter(client)
    assert (shut.status_code, shut.get_json()["error"]["code"]) == (429, "locked")
    assert 0 < int(shut.headers["Retry-After"]) <= 60
    clock.tick(minutes=1)
    assert enter(client).status_code == 200


def test_a_one_time_password_opens_nothing_but_the_choice_of_ones_own(app: Flask, cast: Cast, client: Visitor) -> None:
    with app.app_context():
        db.session.execute(update(Account).where(Account.id == cast.owner.account_id).values(one_time=True))
        db.session.commit()
    assert enter(client).get_json()["password_change"] is True
    shut = client.get("/api/v1/attempts/whatever")
    assert (shut.status_code, shut.get_json()["error"]["code"]) == (403, "password_change")
    assert client.get("/account/password").status_code == 200


def test_a_session_lasts_as_long_as_one_from_the_page(cast: Cast, client: Visitor, clock: TickingClock) -> None:
    enter(client)
    clock.tick(hours=11, minutes=59)
    assert client.get("/account/password").status_code == 200
    clock.tick(minutes=1)
    assert client.get("/account/password").status_code == 302


def test_both_outcomes_are_in_the_audit(app: Flask, cast: Cast, client: Visitor) -> None:
    enter(client, password="wrong")
    enter(client)
    with app.app_context():
        events = db.session.scalars(select(AuditRow.event).where(AuditRow.event.like("sign_in.%")).order_by(AuditRow.seq)).all()
    assert list(events) == ["sign_in.failed", "sign_in.done"]


@pytest.mark.parametrize("token", [None, "made-up"])
def test_no_session_without_a_token_of_this_browser(app: Flask, cast: Cast, client: Visitor, token: str | None) -> None:
    headers = {"X-CSRFToken": token} if token else {}
    answer = client.post(DOOR, json={"username": "owner", "password": PASSWORD}, headers=headers)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "csrf")
    assert sessions(app) == 0


@pytest.mark.parametrize("body", [
    b"", b"[]", b"{", b'{"username": "owner"}', b'{"username": "owner", "password": 1}', b"\xff",
    b'{"username": "owner", "password": "\xff"}',
])
def test_a_body_out_of_shape_is_refused(cast: Cast, client: Visitor, body: bytes) -> None:
    answer = client.post(DOOR, data=body, headers={"X-CSRFToken": client.get(DOOR).get_json()["csrf_token"]})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, "bad_shape")


@pytest.mark.parametrize("password", ["", "x" * 201, "a\0b"])
def test_a_password_that_cannot_be_one_is_refused(cast: Cast, client: Visitor, password: str) -> None:
    assert enter(client, password=password).status_code == 422


def test_a_large_body_is_turned_away(cast: Cast, client: Visitor) -> None:
    assert enter(client, password="x" * 20_000).status_code == 413


def test_the_description_names_what_the_door_takes(client: Visitor) -> None:
    described = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]["SignIn"]
    taken = msgspec.json.schema(SignIn)["$defs"]["SignIn"]
    assert (described["properties"].keys(), described["required"]) == (taken["properties"].keys(), taken["required"])
