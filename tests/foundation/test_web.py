"""What every answer has in common: headers, and an error in the shape of the door it came through."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, redirect, url_for
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import NullPool, create_engine, text
from werkzeug.test import TestResponse

from foundation.database import db
from foundation.web import ApiError
from people.login import public
from tests.cast import Visitor, visitor
from tests.databases import Databases, make_app


@pytest.fixture
def client(app: Flask) -> Visitor:
    """Nobody's browser, on an app with a few doors that misbehave."""

    def crash() -> str:
        raise ValueError("the secret cause")

    def refuse() -> str:
        raise ApiError(422, "bad_shape", "That is not it.", fields={"starts": "is no date"})

    def busy() -> str:
        raise ApiError(429, "too_many", "Later.", retry_after=30)

    def take() -> str:
        return "taken"

    def go() -> object:
        return redirect("/login")

    for prefix in ("/test", "/api/test"):
        for name, view in {"crash": crash, "refuse": refuse, "busy": busy, "take": take, "go": go}.items():
            methods = ["POST"] if view is take else ["GET"]
            app.add_url_rule(f"{prefix}/{name}", f"{prefix}{name}", public(view), methods=methods)
    return visitor(app)


def test_every_kind_of_answer_carries_the_headers(client: Visitor) -> None:
    answers = {
        "page": client.get("/login"), "redirect": client.get("/"), "missing": client.get("/nowhere"), "crash": client.get("/test/crash"),
        "json": client.get("/api/test/refuse"), "json missing": client.get("/api/nowhere"), "csrf": client.post("/login"),
        "wrong method": client.put("/login"), "health": client.get("/healthz"),
    }
    for name, answer in answers.items():
        headers = answer.headers
        assert "script-src 'self'" in headers["Content-Security-Policy"], name
        assert "'unsafe" not in headers["Content-Security-Policy"], name
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Referrer-Policy"] == "same-origin", name
        assert "no-store" in headers["Cache-Control"], name
        assert "Strict-Transport-Security" not in headers, name


def test_static_files_are_served_without_sniffing(client: Visitor) -> None:
    answer = client.get("/static/css/tokens.css", follow_redirects=True)
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/%2e%2e/app.py").status_code == 404


def test_a_static_file_may_be_kept_for_good_because_its_address_carries_the_version(app: Flask, client: Visitor) -> None:
    with app.test_request_context():
        address = url_for("static", filename="js/shell.js")
    answer = client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert address in client.get("/login").text


def test_an_address_of_an_earlier_version_leads_to_the_present_file(app: Flask, client: Visitor) -> None:
    with app.test_request_context():
        address = url_for("static", filename="js/shell.js")
    for earlier in ("/static/js/shell.js", "/static/0123456789ab/js/shell.js"):
        answer = client.get(earlier)
        assert (answer.status_code, answer.headers["Location"], answer.headers["Cache-Control"]) == (302, address, "no-store")
    assert client.get("/static/0123456789ab/js/none.js").status_code == 404
    assert client.post("/static/js/shell.js").status_code == 404


def error(answer: TestResponse) -> dict[str, object]:
    found: dict[str, object] = answer.get_json()["error"]
    return found


def test_a_json_door_says_errors_in_json(client: Visitor) -> None:
    answer = client.get("/api/test/refuse")
    assert (answer.status_code, answer.mimetype) == (422, "application/json")
    assert error(answer) == {"code": "bad_shape", "message": "That is not it.", "fields": {"starts": "is no date"}}


def test_a_json_door_says_when_to_come_back(client: Visitor) -> None:
    answer = client.get("/api/test/busy")
    assert (answer.status_code, answer.headers["Retry-After"], error(answer)["code"]) == (429, "30", "too_many")


def test_a_json_door_that_is_not_there(client: Visitor) -> None:
    answer = client.get("/api/v1/nowhere")
    assert (answer.status_code, answer.mimetype, error(answer)["code"]) == (404, "application/json", "not_found")


def test_a_json_door_without_a_token_is_400(client: Visitor) -> None:
    answer = client.post("/api/test/take", json={})
    assert (answer.status_code, answer.mimetype, error(answer)["code"]) == (400, "application/json", "csrf")


def test_a_wrong_method_is_405_and_names_the_right_ones(client: Visitor) -> None:
    answer = client.post("/api/test/refuse", json={})
    assert (answer.status_code, error(answer)["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]
    page = client.form("/healthz")
    assert (page.status_code, page.mimetype) == (405, "text/html")


def test_a_page_door_says_errors_on_a_page(client: Visitor) -> None:
    answer = client.get("/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "没有找到这个页面" in answer.text
    assert '<html lang="zh' in answer.text


def test_errors_are_said_in_the_language_of_the_page(client: Visitor) -> None:
    answer = client.get("/nowhere", headers={"Accept-Language": "en"})
    assert '<html lang="en' in answer.text


@pytest.mark.parametrize("path", ["/test/crash", "/api/test/crash"])
def test_a_crash_says_nothing_of_its_cause(client: Visitor, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 500
    assert "secret cause" not in answer.text
    assert "Traceback" not in answer.text


def test_a_crash_on_a_json_door_keeps_the_shape(client: Visitor) -> None:
    answer = client.get("/api/test/crash")
    assert set(error(answer)) == {"code", "message"}
    assert error(answer)["code"] == "internal"


def test_a_crash_is_logged_under_the_number_on_the_page(client: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/test/crash")
    number = re.search(r"\((\w{12})\)", caplog.text)
    assert number is not None
    assert number[1] in answer.text


def test_a_redirect_on_a_json_door_stays_a_redirect(client: Visitor) -> None:
    assert client.get("/api/test/go").status_code == 302


def test_a_form_without_a_token_is_400(client: Visitor) -> None:
    answer = client.post("/login", data={"username": "x", "password": "y"})
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "刷新" in answer.text


def test_a_form_with_a_token_of_another_session_is_400(client: Visitor) -> None:
    other = visitor(client.application)
    other.get("/login")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', other.get("/login").text)
    assert token is not None
    assert client.post("/test/take", data={"csrf_token": token[1]}).status_code == 400
    assert other.post("/test/take", data={"csrf_token": token[1]}).status_code == 200


def test_the_token_of_a_page_opens_forms_and_json_doors(client: Visitor) -> None:
    assert client.form("/test/take").status_code == 200
    assert client.send("POST", "/api/test/take", json={}).status_code == 200


@pytest.mark.parametrize(("path", "kind"), [("/test/take", "text/html"), ("/api/test/take", "application/json")])
def test_what_is_too_large_is_413(client: Visitor, path: str, kind: str) -> None:
    client.get("/login")
    data = {"csrf_token": "x", "file": (io.BytesIO(bytes(17 * 1024 * 1024)), "big.bin")}
    answer = client.post(path, data=data, content_type="multipart/form-data")
    assert (answer.status_code, answer.mimetype) == (413, kind)


class SignedLongAgo(TimestampSigner):
    """Signs as it would have on the first day of 2020."""

    def get_timestamp(self) -> int:
        return 1577836800


def test_a_token_is_still_good_after_a_long_exam_offline(client: Visitor) -> None:
    raw = "0123456789abcdef0123456789abcdef01234567"
    with client.session_transaction() as session:
        session["csrf_token"] = raw
    token = URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token", signer=SignedLongAgo).dumps(raw)
    assert client.post("/test/take", data={"csrf_token": token}).status_code == 200


@pytest.fixture
def without_database(app: Flask, databases: Databases, tmp_path: Path) -> Callable[[], None]:
    """Takes the database away under the running app."""

    def take_away() -> None:
        with app.app_context():
            db.engine.dispose()
        settings = app.extensions["settings"]
        if settings.database_given:
            databases.drop(settings.database_url)
            return
        for path in tmp_path.glob("chizheng.sqlite3*"):
            path.unlink()
        (tmp_path / "chizheng.sqlite3").mkdir()

    return take_away


def test_without_a_database_pages_say_503(without_database: Callable[[], None], sign_in: Callable[[str], Visitor]) -> None:
    signed_in = sign_in("owner")
    without_database()
    assert signed_in.get("/nowhere").status_code == 404
    for path in ("/", "/account/password"):
        answer = signed_in.get(path)
        assert (answer.status_code, answer.mimetype) == (503, "text/html"), path
        assert "暂时无法连接数据库" in answer.text
        assert answer.headers["Retry-After"] == "5"


def test_without_a_database_json_doors_say_503(without_database: Callable[[], None], sign_in: Callable[[str], Visitor]) -> None:
    signed_in = sign_in("owner")
    without_database()
    answer = signed_in.send("PUT", "/api/v1/attempts/x/responses", json={"responses": []})
    assert (answer.status_code, answer.mimetype, error(answer)["code"]) == (503, "application/json", "unavailable")


def test_without_a_database_signing_in_says_503(without_database: Callable[[], None], client: Visitor) -> None:
    without_database()
    assert client.get("/login").status_code == 200
    assert client.form("/login", {"username": "owner", "password": "x"}).status_code == 503
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_after_a_restart_of_the_database_the_site_goes_on(app: Flask, client: Visitor) -> None:
    assert client.get("/readyz").status_code == 200
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "postgresql":  # cut every connection that the pool holds
        with create_engine(engine.url, poolclass=NullPool).connect() as other:
            other.execute(text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ))
    assert client.get("/readyz").status_code == 200
    assert client.form("/login", {"username": "nobody", "password": "x" * 20}).status_code == 422


def test_production_says_so_in_cookies_and_headers(databases: Databases, tmp_path: Path) -> None:
    url = databases.fresh(tmp_path)
    app = make_app(tmp_path, url, CHIZHENG_PUBLIC_URL="https://certified.example")
    try:
        answer = app.test_client().get("/login", base_url="https://certified.example")
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-chizheng=")
        assert all(word in cookie for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
        assert "Domain" not in cookie
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    finally:
        with app.app_context():
            db.engine.dispose()
        databases.drop(url)
