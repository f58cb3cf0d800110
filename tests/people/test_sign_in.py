"""The door: passwords, lockout across doors and processes, one-time passwords, sessions that end at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from people import lockout
from people.actions.sign_in import hash_password, sweep_sign_ins, verify_password
from people.tables import Account, LoginSession, SignInFailure
from tests.cast import PASSWORD, Cast, Visitor, visitor
from tests.databases import make_app

NEW = "另一句记得住的长口令-又过了一年"


def try_door(browser: Visitor, username: str, password: str, **more: Any) -> int:
    return browser.form("/login", {"username": username, "password": password}, **more).status_code


# The rule


def test_the_wait_doubles_from_a_minute_to_an_hour() -> None:
    waits = [lockout.wait(count) for count in range(1, 14)]
    assert waits[:4] == [None] * 4
    assert waits[4:11] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32, 60)]
    assert waits[11:] == [timedelta(hours=1)] * 2
    assert lockout.wait(10_000) == timedelta(hours=1)


def test_failures_fade_after_a_day() -> None:
    last = datetime(2026, 11, 22, tzinfo=UTC)
    assert lockout.counted(4, last, last + timedelta(days=1)) == 5
    assert lockout.counted(4, last, last + timedelta(days=1, microseconds=1)) == 1
    assert lockout.counted(0, None, last) == 1


# Signing in


def test_the_right_password_opens_the_door(app: Flask, cast: Cast, client: Visitor) -> None:
    answer = client.form("/login", {"username": "owner", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/account/password").status_code == 200


def test_a_wrong_name_and_a_wrong_password_look_the_same(cast: Cast, client: Visitor) -> None:
    pages = [client.form("/login", {"username": name, "password": "这不是任何人的口令-2026"}) for name in ("owner", "nobody-of-that-name")]
    assert [page.status_code for page in pages] == [422, 422]
    assert all("用户名或密码不对" in page.text for page in pages)


def test_the_username_stays_in_the_form(cast: Cast, client: Visitor) -> None:
    assert 'value="owner"' in client.form("/login", {"username": "owner", "password": "wrong"}).text


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"],
)
def test_the_way_back_never_leads_to_another_host(cast: Cast, client: Visitor, target: str) -> None:
    answer = client.form("/login", {"username": "owner", "password": PASSWORD}, query_string={"next": target})
    assert answer.headers["Location"] == "/"


def test_the_way_back_leads_to_the_page_that_was_asked_for(cast: Cast, client: Visitor) -> None:
    away = client.get("/standards?q=x")
    answer = client.form(away.headers["Location"], {"username": "owner", "password": PASSWORD})
    assert answer.headers["Location"] == "/standards?q=x"


def test_the_same_password_typed_in_full_width_is_the_same() -> None:
    assert verify_password(hash_password("ｐａｓｓ－ｗｏｒｄ－ｏｆ－ｍｉｎｅ"), "pass-word-of-mine")
    assert not verify_password(hash_password("pass-word-of-mine"), "pass-word-of-mime")


def test_a_closed_account_does_not_open(app: Flask, cast: Cast, client: Visitor, clock: TickingClock) -> None:
    with app.app_context():
        db.session.get_one(Account, cast.owner.account_id).closed = clock.now()
        db.session.flush()
        db.session.connection().commit()
    assert try_door(client, "owner", PASSWORD) == 422


def test_signing_in_is_in_the_audit_with_who_and_without_a_name(app: Flask, cast: Cast, client: Visitor) -> None:
    try_door(client, "owner", "wrong")
    try_door(client, "owner", PASSWORD)
    with app.app_context():
        rows = db.session.execute(select(AuditRow.event, AuditRow.actor, AuditRow.subject, AuditRow.result).order_by(AuditRow.seq)).all()
    me = f"account:{cast.owner.account_id}"
    assert tuple(rows[-1]) == ("sign_in.done", me, me, "done")
    assert (rows[-2].event, rows[-2].actor, rows[-2].result) == ("sign_in.failed", "nobody", "refused")
    assert "owner" not in rows[-2].subject


# Lockout


def test_five_failures_shut_the_door_for_a_minute_even_for_the_right_password(cast: Cast, client: Visitor, clock: TickingClock) -> None:
    assert [try_door(client, "owner", "wrong") for _ in range(5)] == [422] * 4 + [429]
    locked = client.form("/login", {"username": "owner", "password": PASSWORD})
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "60")
    assert "09:01" in locked.text
    clock.tick(seconds=59.999)
    assert try_door(client, "owner", PASSWORD) == 429
    clock.tick(seconds=0.001)
    assert try_door(client, "owner", PASSWORD) == 302


def test_the_next_failure_waits_twice_as_long(cast: Cast, client: Visitor, clock: TickingClock) -> None:
    for _ in range(5):
        try_door(client, "owner", "wrong")
    clock.tick(minutes=1)
    assert try_door(client, "owner", "wrong") == 429
    clock.tick(seconds=119)
    assert try_door(client, "owner", PASSWORD) == 429
    clock.tick(seconds=1)
    assert try_door(client, "owner", PASSWORD) == 302


def test_tries_at_a_locked_door_do_not_lengthen_the_wait(cast: Cast, client: Visitor, clock: TickingClock) -> None:
    for _ in range(20):
        try_door(client, "owner", "wrong")
    clock.tick(minutes=1)
    assert try_door(client, "owner", PASSWORD) == 302


def test_a_good_sign_in_forgets_the_failures_of_the_name(app: Flask, cast: Cast, client: Visitor) -> None:
    for _ in range(4):
        try_door(client, "owner", "wrong")
    assert try_door(client, "owner", PASSWORD) == 302
    other = visitor(app)
    assert [try_door(other, "owner", "wrong") for _ in range(4)] == [422] * 4


def test_another_spelling_of_the_name_is_counted_with_it(cast: Cast, client: Visitor) -> None:
    spellings = ("owner", "OWNER", "Owner", "owNer", "oWner")
    assert [try_door(client, name, "wrong") for name in spellings][-1] == 429
    assert try_door(client, "owner", PASSWORD) == 429


def test_a_whole_hall_may_mistype_before_its_address_is_shut(cast: Cast, client: Visitor) -> None:
    statuses = [try_door(client, f"somebody-{number}", "wrong") for number in range(50)]
    assert statuses == [422] * 49 + [429]
    assert try_door(client, "owner", PASSWORD) == 429
    assert try_door(client, "owner", PASSWORD, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}) == 302


@pytest.fixture
def second(app: Flask, tmp_path: Path, clock: TickingClock) -> Iterator[Flask]:
    """Another process on the same database."""
    other = make_app(tmp_path, app.config["SQLALCHEMY_DATABASE_URI"], clock)
    yield other
    with other.app_context():
        db.engine.dispose()


def test_failures_are_counted_across_processes(app: Flask, second: Flask, cast: Cast, clock: TickingClock) -> None:
    browsers = [visitor(app), visitor(second)]
    assert [try_door(browsers[n % 2], "owner", "wrong") for n in range(5)] == [422] * 4 + [429]
    for browser in browsers:
        assert try_door(browser, "owner", PASSWORD) == 429
    clock.tick(minutes=1)
    assert try_door(browsers[1], "owner", PASSWORD) == 302


def test_the_password_page_is_no_door_for_guessing(
    cast: Cast, client: Visitor, sign_in: Callable[[str], Visitor], clock: TickingClock
) -> None:
    mine = sign_in("owner")
    typed = {"current": "wrong", "new": NEW, "again": NEW}
    pages = [mine.form("/account/password", typed) for _ in range(5)]
    assert "现在的密码不对" in pages[0].text
    assert "输错次数太多" in pages[4].text
    assert mine.form("/account/password", typed | {"current": PASSWORD}).status_code == 422
    assert try_door(client, "owner", PASSWORD) == 429
    clock.tick(minutes=1)
    assert mine.form("/account/password", typed | {"current": PASSWORD}).status_code == 302


def test_a_locked_out_persons_session_goes_on(cast: Cast, client: Visitor, sign_in: Callable[[str], Visitor]) -> None:
    sitting_exam = sign_in("owner")
    for _ in range(6):
        try_door(client, "owner", "wrong")
    assert try_door(client, "owner", PASSWORD) == 429
    assert sitting_exam.get("/account/password").status_code == 200


def test_what_has_faded_and_ended_is_swept_away(
    app: Flask, cast: Cast, client: Visitor, sign_in: Callable[[str], Visitor], clock: TickingClock
) -> None:
    sign_in("owner")
    try_door(client, "colleague", "wrong")
    clock.tick(hours=11)
    sign_in("colleague")
    clock.tick(hours=1)
    with app.app_context():
        assert sweep_sign_ins(clock.now()) == 1
        assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 1
        clock.tick(hours=12, seconds=1)
        sweep_sign_ins(clock.now())
        counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (LoginSession, SignInFailure)]
    assert counts == [0, 0]


# Sessions


def test_signing_out_ends_the_session_in_every_process(app: Flask, second: Flask, cast: Cast, sign_in: Callable[[str], Visitor]) -> None:
    here = sign_in("owner")
    there = visitor(second)
    for cookie in here._cookies.values():
        there.set_cookie(cookie.key, cookie.value, domain="localhost")
    assert there.get("/account/password").status_code == 200
    here.form("/logout")
    assert there.get("/account/password").status_code == 302
    assert here.get("/account/password").status_code == 302


def test_a_session_ends_after_twelve_hours(cast: Cast, sign_in: Callable[[str], Visitor], clock: TickingClock) -> None:
    mine = sign_in("owner")
    clock.tick(hours=12, microseconds=-1)
    assert mine.get("/account/password").status_code == 200
    clock.tick(microseconds=1)
    assert mine.get("/account/password").status_code == 302


def test_a_role_that_is_taken_away_shuts_its_doors_at_once(app: Flask, cast: Cast, sign_in: Callable[[str], Visitor]) -> None:
    officer, admin = sign_in("officer"), sign_in("admin")
    assert officer.get("/sittings").status_code == 200
    admin.form(f"/accounts/{cast.officer.account_id}/roles", {"roles": ["trainer"]})
    assert officer.get("/sittings").status_code == 403
    assert officer.get("/question-bank").status_code == 200


def test_a_json_door_says_401_and_a_page_sends_to_sign_in(client: Visitor) -> None:
    answer = client.get("/api/v1/attempts/x")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "unauthenticated")
    assert client.get("/sittings").headers["Location"] == "/login?next=/sittings"


# One's own password


def test_changing_the_password_signs_other_devices_out(cast: Cast, client: Visitor, sign_in: Callable[[str], Visitor]) -> None:
    phone, desk = sign_in("owner"), sign_in("owner")
    answer = desk.form("/account/password", {"current": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert desk.get("/account/password").status_code == 200
    assert phone.get("/account/password").status_code == 302
    assert try_door(client, "owner", PASSWORD) == 422
    assert try_door(client, "owner", NEW) == 302


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("short-password", "密码至少要有 15 个字符"), ("passwordpassword", "太常见"), ("abcabcabcabcabcabc", "不同的字符太少"),
        ("colleague-1234567", "姓名或用户名"), (PASSWORD, "不能和现在的一样"), ("x" * 201, "Field cannot be longer"), ("", "请输入新密码"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(cast: Cast, sign_in: Callable[[str], Visitor], new: str, says: str) -> None:
    page = sign_in("colleague").form("/account/password", {"current": PASSWORD, "new": new, "again": new})
    assert page.status_code == 422
    assert says in page.text or "不能超过" in page.text


def test_the_longest_and_the_shortest_good_password_are_taken(cast: Cast, sign_in: Callable[[str], Visitor]) -> None:
    mine = sign_in("owner")
    shortest, longest = "abcdefghijklmn1", "一句话" * 66 + "ab"
    assert (len(shortest), len(longest)) == (15, 200)
    assert mine.form("/account/password", {"current": PASSWORD, "new": shortest, "again": shortest}).status_code == 302
    assert mine.form("/account/password", {"current": shortest, "new": longest, "again": longest}).status_code == 302


def test_two_different_new_passwords_are_noticed(cast: Cast, sign_in: Callable[[str], Visitor]) -> None:
    page = sign_in("owner").form("/account/password", {"current": PASSWORD, "new": NEW, "again": NEW + "1"})
    assert (page.status_code, "两次输入的新密码不一样" in page.text) == (422, True)


def test_a_one_time_password_opens_one_door_only_until_it_is_changed(
    cast: Cast, client: Visitor, sign_in: Callable[[str], Visitor]
) -> None:
    page = sign_in("admin").form(f"/accounts/{cast.owner.account_id}/password").text
    given = page.partition('id="secret">')[2].partition("<")[0]
    assert len(given) >= 15
    assert client.form("/login", {"username": "owner", "password": given}).headers["Location"] == "/account/password"
    assert client.get("/standards").headers["Location"] == "/account/password"
    refused = client.get("/api/v1/attempts/x")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (403, "password_change")
    assert client.form("/account/password", {"current": given, "new": NEW, "again": NEW}).status_code == 302
    assert client.get("/standards").status_code == 200


def test_guesses_sent_side_by_side_are_all_counted(app: Flask, cast: Cast) -> None:
    browsers, gate = [visitor(app) for _ in range(4)], Barrier(3)
    assert try_door(browsers[3], "owner", "wrong") == 422

    def guess(browser: Visitor) -> int:
        gate.wait()
        return try_door(browser, "owner", "wrong")

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(guess, browsers[:3])) == [422] * 3
    with app.app_context():
        assert list(db.session.scalars(select(SignInFailure.count))) == [4, 4]
    assert try_door(browsers[0], "owner", "wrong") == 429
