"""What protects a sitting while it is sat: the lockdown browser and the watermark."""

import plistlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from certification import safe_browser
from certification.actions import safeguards
from certification.safe_browser import HEADER, PAGE_HEADER
from certification.tables import Attempt, AttemptEvent, Result, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, room_for
from tests.certification.papers import OPENS, STEM, Desk, desk_for


@pytest.fixture
def desk(app: Flask, cast: Cast, sign_in: Callable[[str], Visitor]) -> Desk:
    return desk_for(app, cast, sign_in)


@pytest.fixture
def room(desk: Desk) -> Callable[[str], Room]:
    return room_for(desk.app, desk.sign_in, desk.sitting)


def protect(desk: Desk, name: str = "officer", **data: Any) -> TestResponse:
    return desk[name].form(f"/sittings/{desk.sitting}/safeguards", {"reload": "y", **data}, follow_redirects=True)


def sitting(desk: Desk) -> Sitting:
    with desk.app.app_context():
        return db.session.get_one(Sitting, desk.sitting)


def key(desk: Desk) -> str:
    chosen = safe_browser.read(sitting(desk).safe_browser)
    site = desk.app.extensions["settings"].public_url
    return safe_browser.config_key(safe_browser.configuration(chosen, site, desk.sitting))


def header(desk: Desk, path: str, name: str = HEADER) -> dict[str, str]:
    return {name: safe_browser.proof(f"{desk.app.extensions['settings'].public_url}{path}", key(desk))}


def events(desk: Desk) -> list[str]:
    with desk.app.app_context():
        return list(db.session.scalars(select(AttemptEvent.kind).order_by(AttemptEvent.id)))


def open_api(desk: Desk, browser: Visitor, **headers: str) -> Any:
    return browser.send("POST", f"/api/v1/sittings/{desk.sitting}/attempts", json={}, headers=headers)


# The lockdown browser


def test_an_officer_demands_it_before_the_sitting_opens(desk: Desk, clock: TickingClock) -> None:
    page = protect(desk, safe_browser="y", quit_password="room three").text
    assert "考试保护设置已保存" in page
    assert key(desk) in page
    kept = sitting(desk).safe_browser
    assert kept == {"quit_hash": safe_browser.password_hash("room three"), "spell_check": False, "reload": True, "waived": False}
    assert "room three" not in page
    protect(desk, safe_browser="y", watermark="y")
    assert sitting(desk).safe_browser == kept, "an empty field keeps the password"
    protect(desk, safe_browser="y", no_password="y")
    assert sitting(desk).safe_browser == {"quit_hash": "", "spell_check": False, "reload": True, "waived": False}
    clock.set(OPENS)
    assert "不能再改" in protect(desk).text
    assert sitting(desk).safe_browser is not None
    assert desk.deeds().count(("sitting.protected", "done")) == 3
    assert ("sitting.protected", "refused") in desk.deeds()


def test_a_short_password_is_refused_by_name(desk: Desk) -> None:
    answer = protect(desk, safe_browser="y", quit_password="short")
    assert answer.status_code == 422
    assert "退出密码要 8 到 60 个字符" in answer.text
    assert sitting(desk).safe_browser is None


def test_the_configuration_is_for_those_who_are_booked_and_for_officers(desk: Desk) -> None:
    path = f"/exams/sittings/{desk.sitting}/seb"
    assert desk["owner"].get(path).status_code == 404, "nothing is demanded yet"
    protect(desk, safe_browser="y")
    for name in ("owner", "colleague", "officer", "auditor"):
        answer = desk[name].get(path)
        assert answer.headers["Content-Type"] == "application/seb"
        assert "exam-" in answer.headers["Content-Disposition"]
        chosen = plistlib.loads(answer.data)
        assert safe_browser.config_key(chosen) == key(desk)
        assert chosen["startURL"].endswith(f"/exams/sittings/{desk.sitting}")
    for name in ("stranger", "coordinator", "hr"):
        assert desk[name].get(path).status_code == 404
    assert desk.app.test_client().get(path).status_code == 302


def test_the_waiting_page_says_what_to_do(desk: Desk) -> None:
    assert "safe-browser.js" not in desk["owner"].get(f"/exams/sittings/{desk.sitting}").text
    protect(desk, safe_browser="y")
    page = desk["owner"].get(f"/exams/sittings/{desk.sitting}").text
    assert f"seb://127.0.0.1:5000/exams/sittings/{desk.sitting}/seb" in page
    assert "safe-browser.js" in page
    assert "先装好 Safe Exam Browser" in page


def test_a_start_without_proof_is_refused_by_both_doors(desk: Desk, clock: TickingClock) -> None:
    protect(desk, safe_browser="y")
    early = open_api(desk, desk["owner"])
    assert (early.status_code, early.json["refused"]) == (409, "not_open"), "the hour comes first"
    clock.set(OPENS)
    for headers in ({}, {HEADER: "0" * 64}, {PAGE_HEADER: "none"}, header(desk, "/")):
        answer = open_api(desk, desk["owner"], **headers)
        assert (answer.status_code, answer.json["refused"]) == (409, "safe_browser")
        assert "安全考试浏览器" in answer.json["message"]
    page = desk["owner"].form(f"/exams/sittings/{desk.sitting}")
    assert page.status_code == 422
    assert "要用安全考试浏览器打开" in page.text
    with desk.app.app_context():
        assert db.session.scalars(select(Attempt.id)).all() == []


def test_the_browsers_header_opens_the_exam(desk: Desk, clock: TickingClock) -> None:
    protect(desk, safe_browser="y")
    clock.set(OPENS)
    path = f"/api/v1/sittings/{desk.sitting}/attempts"
    answer = open_api(desk, desk["owner"], **header(desk, path))
    assert answer.status_code == 201
    attempt = answer.json["attempt_id"]
    again = open_api(desk, desk["owner"])
    assert (again.status_code, again.json["refused"]) == (409, "safe_browser"), "going on needs it too"
    look = f"/api/v1/attempts/{attempt}"
    refused = desk["owner"].get(look)
    assert (refused.status_code, refused.json["refused"]) == (409, "safe_browser")
    assert STEM not in refused.text
    assert desk["owner"].get(look, headers=header(desk, look)).json["form"]
    assert desk["owner"].get(look, headers=header(desk, f"/attempts/{attempt}", PAGE_HEADER)).json["form"]
    room_page = desk["owner"].get(f"/attempts/{attempt}")
    assert room_page.status_code == 200, "the page itself holds no question"
    assert "safe-browser.js" in room_page.text
    assert STEM not in room_page.text


def test_an_officer_may_do_without_it_while_the_sitting_is_open(desk: Desk, clock: TickingClock) -> None:
    path, reason = f"/sittings/{desk.sitting}/room/browser", {"reason": "机房装不上"}
    room_page = f"/sittings/{desk.sitting}/room"
    assert "本场现在不要求" in desk["officer"].form(path, reason).text
    protect(desk, safe_browser="y", quit_password="room three")
    before = key(desk)
    assert "考试保护" in desk["officer"].form(path, reason).text, "until it opens the demand itself is changed"
    assert path not in desk["officer"].get(room_page).text
    clock.set(OPENS)
    assert path in desk["officer"].get(room_page).text
    assert path not in desk["auditor"].get(room_page).text
    assert open_api(desk, desk["owner"]).json["refused"] == "safe_browser"
    assert desk["officer"].form(path, {"reason": " "}).status_code == 422
    assert desk["auditor"].form(path, reason).status_code == 403
    assert desk["officer"].form(path, reason).status_code == 302
    page = desk["officer"].get(room_page).text
    assert "本场不再要求安全考试浏览器：机房装不上" in page
    assert path not in page
    started = open_api(desk, desk["owner"])
    assert started.status_code == 201
    assert desk["owner"].get(f"/api/v1/attempts/{started.json['attempt_id']}").json["form"]
    assert "先装好 Safe Exam Browser" not in desk["colleague"].get(f"/exams/sittings/{desk.sitting}").text
    assert desk["colleague"].form(f"/exams/sittings/{desk.sitting}").status_code == 302
    assert events(desk) == [], "nothing was to be proven"
    assert key(desk) == before, "what was demanded stays on record"
    assert desk["owner"].get(f"/exams/sittings/{desk.sitting}/seb/leave").status_code == 200
    assert desk["officer"].form(path, reason).status_code == 422, "once is enough"
    with desk.app.app_context():
        rows = db.session.execute(select(AuditRow.result).where(AuditRow.event == "room.browser_waived").order_by(AuditRow.seq)).scalars()
        assert list(rows) == ["refused", "refused", "done", "refused"]


def test_a_form_proves_by_what_the_page_was_told(desk: Desk, clock: TickingClock) -> None:
    protect(desk, safe_browser="y")
    clock.set(OPENS)
    page = f"/exams/sittings/{desk.sitting}"
    proof = header(desk, page)[HEADER]
    assert desk["owner"].form(page, {"browser_proof": "f" * 64}).status_code == 422
    answer = desk["owner"].form(page, {"browser_proof": proof})
    assert answer.status_code == 302
    assert "/attempts/" in answer.headers["Location"]


def test_what_was_not_proven_later_is_kept_as_evidence_and_nothing_is_lost(desk: Desk, clock: TickingClock, room: Any) -> None:
    protect(desk, safe_browser="y")
    clock.set(OPENS)
    here = room("owner")
    started = open_api(desk, here.browser, **header(desk, f"/api/v1/sittings/{desk.sitting}/attempts"))
    here.attempt = started.json["attempt_id"]
    path = f"/api/v1/attempts/{here.attempt}"
    good = header(desk, f"/attempts/{here.attempt}", PAGE_HEADER)
    save = {"responses": here.answers()}
    assert len(here.browser.send("PUT", f"{path}/responses", json=save, headers=good).json["saved"]) == 6
    assert here.browser.send("POST", f"{path}/signals", json={}, headers=good).status_code == 200
    assert events(desk) == []
    assert len(here.browser.send("PUT", f"{path}/responses", json=save, headers={PAGE_HEADER: "none"}).json["saved"]) == 6
    assert events(desk) == ["safe_browser"]
    assert here.browser.send("POST", f"{path}/signals", json={}).status_code == 200
    assert events(desk) == ["safe_browser"], "one entry in five minutes"
    clock.tick(minutes=5, seconds=1)
    assert here.browser.send("POST", f"{path}/signals", json={}).status_code == 200
    assert events(desk) == ["safe_browser"] * 2
    clock.tick(minutes=6)
    assert here.submit().status_code == 200
    assert events(desk) == ["safe_browser"] * 3
    with desk.app.app_context():
        assert db.session.scalars(select(Result.mark)).one() == 12, "evidence takes no points"


def test_a_sitting_without_it_asks_nothing_while_saving(
    desk: Desk, clock: TickingClock, room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(OPENS)
    here = room("owner")
    here.start()
    monkeypatch.setattr(safeguards, "watch", lambda *_: pytest.fail("the save path pays for it"))
    assert len(here.put(*here.answers()).json["saved"]) == 6


def test_behind_a_proxy_the_public_address_counts(desk: Desk, clock: TickingClock) -> None:
    protect(desk, safe_browser="y")
    clock.set(OPENS)
    path = f"/api/v1/sittings/{desk.sitting}/attempts"
    inside = {HEADER: safe_browser.proof(f"http://localhost{path}", key(desk))}
    assert open_api(desk, desk["owner"], **inside).status_code == 409
    assert open_api(desk, desk["owner"], **header(desk, path)).status_code == 201


# The watermark


def test_the_mark_is_ones_own_and_only_where_the_sitting_wants_it(desk: Desk, clock: TickingClock, room: Any) -> None:
    clock.set(OPENS)
    here = room("owner")
    here.start()
    path = f"/attempts/{here.attempt}/watermark.svg"
    answer = here.browser.get(path)
    assert answer.mimetype == "image/svg+xml"
    assert "S0001 王*国" in answer.text
    code = answer.text.split("</tspan>")[1].rpartition(">")[2]
    found = desk["officer"].get("/papers/trace", query_string={"code": code}).text
    assert "王建国" in found
    assert "T1" in found
    for name in ("colleague", "stranger"):
        assert desk[name].get(path).status_code == 404
    assert desk["officer"].get(path).status_code == 403
    with desk.app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Sitting).values(watermark=False))
    assert here.browser.get(path).status_code == 404
