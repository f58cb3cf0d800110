"""What surrounds the answers of an exam: the device that writes, late evidence, prepared papers, signs of life, receipts."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from certification import evidence, timing
from certification.actions import attempts as actions
from certification.actions.timing import turn, wind_all
from certification.store import attempts as store
from certification.tables import Attempt, AttemptEvent, Booking, LateStep, PastResult, PreparedAttempt, Presence, Result, Sitting
from foundation import clock as clocks
from foundation.backlog import backlog
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from tests.cast import Cast, Visitor
from tests.certification.exams import MINUTES, Room, document, room_for
from tests.conftest import START

Rooms = Callable[[str], Room]


@pytest.fixture
def rooms(app: Flask, cast: Cast, sign_in: Callable[[str], Visitor], seed: Callable[[dict[str, Any]], dict[str, int]]) -> Rooms:
    return room_for(app, sign_in, seed(document(cast))["T1"])


@pytest.fixture
def owner(rooms: Rooms) -> Room:
    """The owner's room, begun."""
    room = rooms("owner")
    assert room.start().status_code == 201
    return room


def rows(app: Flask, *columns: Any) -> list[Any]:
    with app.app_context():
        return list(db.session.execute(select(*columns)).all())


def turned(app: Flask, room: Room, kind: timing.Kind, seconds: int = 0) -> timing.Refusal | None:
    with app.app_context(), work(SYSTEM) as w:
        return turn(w, store.any_attempt(w.connection, room.attempt), kind, "停电", seconds)


# The device that writes


def test_a_second_device_that_starts_takes_over_and_the_first_becomes_read_only(app: Flask, rooms: Rooms, owner: Room) -> None:
    given = owner.answers()
    owner.put(*given[:3])
    other = rooms("owner")
    other.attempt = owner.attempt
    assert other.look().json["pen"] == "elsewhere"
    refused = other.put(*given[3:]).json
    assert {one["code"] for one in refused["refused"]} == {"read_only"}
    assert other.start().status_code == 200
    assert len(other.start().json["responses"]) == 3
    assert (other.look().json["pen"], owner.look().json["pen"]) == ("here", "elsewhere")
    later = owner.answers(right=False)
    answer = owner.put(*later).json
    assert answer["saved"] == []
    assert {one["code"] for one in answer["refused"]} == {"read_only"}
    assert len(other.put(*given[3:]).json["saved"]) == 3
    assert other.submit().json["receipt"]["count"] == 6
    assert rows(app, Result.mark)[0].mark == 12
    assert [row.kind for row in rows(app, AttemptEvent.kind)] == ["taken_over"]
    assert {row.code for row in rows(app, LateStep.code)} == {"read_only"}


def test_going_back_to_the_first_device_takes_over_again(rooms: Rooms, owner: Room) -> None:
    other = rooms("owner")
    other.start()
    assert owner.start().status_code == 200
    assert len(owner.put(*owner.answers()).json["saved"]) == 6
    other.attempt = owner.attempt
    assert {one["code"] for one in other.put(*owner.answers()).json["refused"]} == {"read_only"}


def test_signing_in_again_after_signing_out_goes_on_without_asking(rooms: Rooms, owner: Room) -> None:
    owner.browser.form("/logout")
    again = rooms("owner")
    again.attempt = owner.attempt
    assert len(again.put(*owner.answers()).json["saved"]) == 6


# What comes too late


def test_what_comes_too_late_is_kept_as_evidence_and_not_scored(app: Flask, owner: Room, clock: TickingClock) -> None:
    wrong = owner.answers(right=False)
    owner.put(*wrong)
    clock.set(START + timedelta(minutes=MINUTES))
    late = owner.answers()
    for _again in range(2):
        assert {one["code"] for one in owner.put(*late).json["refused"]} == {"late"}
    assert owner.look().json["state"] == "closed_by_deadline"
    owner.put(*owner.answers())
    kept = rows(app, LateStep.slot, LateStep.seq, LateStep.code, LateStep.received)
    assert len(kept) == 12
    assert {row.received for row in kept} == {START + timedelta(minutes=MINUTES)}
    assert rows(app, Result.mark)[0].mark == 0


def test_what_was_never_an_answer_is_no_evidence(app: Flask, owner: Room) -> None:
    owner.submit()
    owner.put({"slot": 1, "seq": 1, "answer": "nonsense"}, {"slot": 99, "seq": 1, "answer": None}, {"slot": 1, "seq": 0, "answer": None})
    assert rows(app, LateStep.slot) == []


def test_evidence_has_an_end(app: Flask, owner: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certification.sitting.MAX_EVIDENCE", 4)
    owner.submit()
    owner.put(*owner.answers())
    assert len(rows(app, LateStep.slot)) == 4


def test_an_entry_without_a_slot_is_refused_by_itself(owner: Room) -> None:
    good = owner.answers()[0]
    bad: list[Any] = [{"answer": "x"}, "nonsense", 3, {"slot": True, "seq": 1}, {"slot": "1", "seq": 2}, {"slot": 2, "seq": "x"}]
    answer = owner.put(good, *bad, {"slot": 10**22, "seq": 1, "answer": None})
    assert answer.status_code == 200
    assert len(answer.json["saved"]) == 1
    told = {(one["slot"], one["code"]) for one in answer.json["refused"]}
    assert told == {(2, "bad_shape"), (None, "bad_shape"), (10**22, "unknown_slot")}
    assert len(answer.json["refused"]) == 7


# Time given and taken


def test_a_pause_keeps_the_time_that_is_left_and_refuses_answers_meanwhile(app: Flask, owner: Room, clock: TickingClock) -> None:
    clock.tick(minutes=20)
    assert turned(app, owner, timing.Kind.PAUSED) is None
    assert {one["code"] for one in owner.put(*owner.answers()).json["refused"]} == {"paused"}
    assert owner.submit().json["refused"] == "paused"
    clock.tick(minutes=90)
    assert owner.look().json["state"] == "paused"
    assert turned(app, owner, timing.Kind.RESUMED) is None
    assert owner.look().json["deadline"] == (START + timedelta(minutes=MINUTES + 90)).isoformat().replace("+00:00", "Z")
    assert len(owner.put(*owner.answers()).json["saved"]) == 6
    assert owner.submit().status_code == 200


def test_a_reopened_attempt_goes_on_with_its_answers_and_gets_a_new_receipt(app: Flask, owner: Room, clock: TickingClock) -> None:
    owner.put(*owner.answers(right=False))
    first = owner.submit().json["receipt"]
    clock.tick(minutes=200)
    assert turned(app, owner, timing.Kind.REOPENED, 600) is None
    body = owner.look().json
    assert (body["state"], len(body["responses"])) == ("in_progress", 6)
    assert rows(app, Result.mark) == []
    assert [row.why for row in rows(app, PastResult.why)] == ["reopened"]
    owner.put(*owner.answers())
    second = owner.submit().json["receipt"]
    assert second["digest"] != first["digest"]
    assert rows(app, Result.mark)[0].mark == 12
    detail = rows(app, AttemptEvent.detail)[0].detail
    assert (detail["state"], detail["receipt"]) == ("submitted", first["jws"])


def test_a_reopened_attempt_is_closed_again_when_its_own_time_is_over(app: Flask, owner: Room, clock: TickingClock) -> None:
    owner.submit()
    clock.tick(minutes=300)
    turned(app, owner, timing.Kind.REOPENED, 600)
    clock.tick(seconds=599)
    with app.app_context():
        assert actions.close_overdue(clocks.now()) == 0
    clock.tick(seconds=1)
    with app.app_context():
        assert actions.close_overdue(clocks.now()) == 1
    assert owner.look().json["state"] == "closed_by_deadline"


def test_nothing_moves_any_more_once_results_are_out(app: Flask, owner: Room) -> None:
    owner.submit()
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Result).values(state="released", released=w.now))
    assert turned(app, owner, timing.Kind.REOPENED, 600) is timing.Refusal.RELEASED
    assert turned(app, owner, timing.Kind.INVALIDATED) is timing.Refusal.RELEASED


def test_extra_time_of_sitting_and_person_counts_from_the_start_and_while_running(app: Flask, rooms: Rooms, cast: Cast) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Sitting).values(extra_seconds=300))
        w.connection.execute(update(Booking).where(Booking.person_id == cast.owner.person_id).values(extra_seconds=600))
    first, second = rooms("owner"), rooms("colleague")
    assert first.start().json["deadline"] == (START + timedelta(minutes=MINUTES + 15)).isoformat().replace("+00:00", "Z")
    assert second.start().json["deadline"] == (START + timedelta(minutes=MINUTES + 5)).isoformat().replace("+00:00", "Z")
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Sitting).values(extra_seconds=900))
        assert wind_all(w, [store.any_attempt(w.connection, room.attempt) for room in (first, second)]) == 2
    assert second.look().json["deadline"] == (START + timedelta(minutes=MINUTES + 15)).isoformat().replace("+00:00", "Z")


# Papers drawn beforehand


def test_papers_are_drawn_half_an_hour_before_a_sitting_and_used_at_the_start(app: Flask, rooms: Rooms, clock: TickingClock) -> None:
    with app.app_context():
        assert actions.prepare(START - timedelta(minutes=30, microseconds=1)) == 0
        assert actions.prepare(START - timedelta(minutes=30)) == 2
        assert actions.prepare(START - timedelta(minutes=30)) == 0
    drawn = {bytes(row.secret) for row in rows(app, PreparedAttempt.secret)}
    assert rooms("owner").start().status_code == 201
    assert {bytes(row.secret) for row in rows(app, Attempt.secret)} <= drawn
    assert len(rows(app, PreparedAttempt.person_id)) == 1
    with app.app_context():
        assert actions.prepare(START) == 0


# Signs of life


def test_a_sign_of_life_says_where_the_attempt_stands(app: Flask, owner: Room) -> None:
    url = f"/api/v1/attempts/{owner.attempt}/signals"
    answer = owner.browser.send("POST", url, json={"slot": 3, "waiting": 2, "hidden": True})
    assert (answer.status_code, answer.json["state"], answer.json["pen"]) == (200, "in_progress", "here")
    with app.app_context():
        backlog("presence", lambda *_: None).flush()
    assert [tuple(row) for row in rows(app, Presence.slot, Presence.waiting, Presence.hidden)] == [(3, 2, True)]
    owner.browser.send("POST", url, json={"slot": 4})
    with app.app_context():
        backlog("presence", lambda *_: None).flush()
    assert [tuple(row) for row in rows(app, Presence.slot, Presence.waiting, Presence.hidden)] == [(4, 0, False)]


def test_what_the_room_noticed_is_kept_and_what_it_may_not_say_is_not(app: Flask, owner: Room) -> None:
    url = f"/api/v1/attempts/{owner.attempt}/signals"
    huge = {"kind": "pasted", "slot": 10**30, "amount": 10**30}
    told = [{"kind": "focus_lost", "slot": 2, "amount": 4000}, {"kind": "invalidated"}, huge]
    assert owner.browser.send("POST", url, json={"signs": told}).status_code == 200
    assert [(row.kind, row.detail) for row in rows(app, AttemptEvent.kind, AttemptEvent.detail)] == [
        ("focus_lost", {"slot": 2, "amount": 4000}), ("pasted", {"slot": None, "amount": 10_000_000}),
    ]
    assert owner.look().json["state"] == "in_progress"


def test_a_room_cannot_fill_the_timeline(app: Flask, owner: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST", 3)
    url = f"/api/v1/attempts/{owner.attempt}/signals"
    for _again in range(3):
        owner.browser.send("POST", url, json={"signs": [{"kind": "focus_lost"}] * 2})
    assert rows(app, func.count(AttemptEvent.id))[0][0] == 3


@pytest.mark.parametrize("body", [{"slot": "x"}, {"signs": [{}]}, []])
def test_a_misshapen_signal_says_what_is_wrong(owner: Room, body: Any) -> None:
    answer = owner.browser.send("POST", f"/api/v1/attempts/{owner.attempt}/signals", json=body)
    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "bad_shape"


# Receipts


def verified(app: Flask, text: str) -> tuple[int, str]:
    outcome = app.test_cli_runner().invoke(args=["certification", "verify-receipt", "-"], input=io.BytesIO(text.encode()))
    return outcome.exit_code, outcome.output.partition(":")[0]


def test_a_receipt_is_verified_against_signature_and_kept_answers(app: Flask, owner: Room, clock: TickingClock) -> None:
    owner.put(*owner.answers(right=False))
    jws = owner.submit().json["receipt"]["jws"]
    assert verified(app, jws) == (0, "good")
    assert verified(app, f" {jws[:40]}\n{jws[40:]} ") == (0, "good")
    head, body, signature = jws.split(".")
    odd = "eyJhbGciOiJIUzI1NiIsImNyaXQiOjF9"  # {"alg":"HS256","crit":1}
    altered = (f"{head}.{body[:-4]}AAAA.{signature}", f"{head}.{body}.{signature[:-2]}AA", f"{odd}.{body}.{signature}")
    for text in (*altered, f"{head}.{body}.", "nonsense", ""):
        assert verified(app, text) == (3, "forged"), text
    turned(app, owner, timing.Kind.REOPENED, 600)
    owner.put(*owner.answers())
    assert verified(app, jws) == (3, "replaced")
    assert verified(app, owner.submit().json["receipt"]["jws"]) == (0, "good")


def test_the_page_tells_whose_receipt_it_is_only_to_those_who_may_know(
    app: Flask, owner: Room, sign_in: Callable[[str], Visitor]
) -> None:
    owner.put(*owner.answers())
    jws = owner.submit().json["receipt"]["jws"]
    for name, told in (("owner", True), ("officer", True), ("colleague", False), ("hr", False)):
        page = sign_in(name).form("/receipts", {"text": jws})
        assert page.status_code == 200
        assert "回执是真的" in page.text
        assert (f"<dd>{owner.attempt}</dd>" in page.text) is told, name
    page = sign_in("owner").form("/receipts", {"text": ""})
    assert page.status_code == 422
    assert "请粘贴回执的签名文本" in page.text
