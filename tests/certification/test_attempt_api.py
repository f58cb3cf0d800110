"""The exam room's JSON door: who comes in, what is kept, and what nobody learns."""

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from certification import receipt, sitting
from certification.actions import attempts as actions
from certification.actions.saving import save_responses
from certification.store import attempts as store
from certification.store import saving
from certification.tables import Attempt, ProgrammeEdition, Result, Sitting
from foundation import worker
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
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


def result_of(app: Flask, attempt: str) -> Any:
    columns = (Result.state, Result.mark, Result.points, Result.passed, Result.grade)
    with app.app_context():
        return db.session.execute(select(*columns).where(Result.attempt_id == attempt)).one()


def pen_of(app: Flask, attempt: str) -> Any:
    with app.app_context():
        return db.session.scalar(select(Attempt.pen).where(Attempt.id == attempt))


def ask_for_code(app: Flask, code: str | None) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Sitting).values(entry_code=code))


# Start


def test_a_start_hands_over_the_form_with_opaque_options_and_the_deadline(owner: Room) -> None:
    body = owner.start().json
    assert body["deadline"] == (START + timedelta(minutes=MINUTES)).isoformat().replace("+00:00", "Z")
    assert body["server_time"] == START.isoformat().replace("+00:00", "Z")
    assert body["responses"] == {}
    items = [item for section in body["form"]["sections"] for item in section["items"]]
    assert [item["slot"] for item in items] == [1, 2, 3, 4, 5, 6]
    assert all(item["stem"] and item["points"] == 2 for item in items)
    assert {item["kind"] for item in items} == {"single", "multiple", "true_false"}
    assert all(len(option["id"]) == 8 and option["text"] for item in items for option in item["options"])


def test_starting_again_goes_on_with_the_same_attempt(owner: Room) -> None:
    first = owner.start()
    assert first.status_code == 200
    owner.put(*owner.answers())
    again = owner.start()
    assert (again.status_code, again.json["attempt_id"], again.json["form"]) == (200, first.json["attempt_id"], first.json["form"])
    assert len(again.json["responses"]) == 6


def test_two_people_get_different_ids_for_the_same_options(rooms: Rooms) -> None:
    def ids(room: Room) -> set[str]:
        items = [item for section in room.start().json["form"]["sections"] for item in section["items"]]
        return {option["id"] for item in items for option in item["options"]}

    assert not ids(rooms("owner")) & ids(rooms("colleague"))


@pytest.mark.parametrize(
    ("minutes", "status", "code"), [(-0.0001, 409, "not_open"), (0, 201, None), (119.99, 201, None), (120, 409, "closed")]
)
def test_the_door_is_open_inside_the_window_only(rooms: Rooms, clock: TickingClock, minutes: float, status: int, code: str | None) -> None:
    room = rooms("owner")
    clock.set(START + timedelta(minutes=minutes))
    answer = room.start()
    assert answer.status_code == status
    assert answer.json.get("refused") == code
    assert ("until" in answer.json) is (code == "not_open")
    assert code is None or answer.json["message"]


def test_a_late_start_ends_when_the_window_does(rooms: Rooms, clock: TickingClock) -> None:
    clock.tick(minutes=90)
    assert rooms("owner").start().json["deadline"] == (START + timedelta(hours=2)).isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(("given", "status"), [("a7k2", 201), ("A7K3", 409), ("", 409), (None, 409)])
def test_the_entry_code_is_asked_for(app: Flask, rooms: Rooms, given: str | None, status: int) -> None:
    ask_for_code(app, "A7K2")
    answer = rooms("owner").start(entry_code=given)
    assert answer.status_code == status
    if status == 409:
        assert answer.json["refused"] == "entry_code"


def test_going_on_needs_no_entry_code(app: Flask, owner: Room) -> None:
    ask_for_code(app, "A7K2")
    assert owner.start().status_code == 200


def test_a_cancelled_sitting_and_an_ended_attempt_refuse_a_start(app: Flask, rooms: Rooms, owner: Room) -> None:
    owner.submit()
    assert (owner.start().status_code, owner.start().json["refused"]) == (409, "already_ended")
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Sitting).values(cancelled=w.now))
    answer = rooms("colleague").start()
    assert (answer.status_code, answer.json["refused"]) == (409, "cancelled")


def test_a_refusal_leaves_its_audit_row(app: Flask, rooms: Rooms, clock: TickingClock) -> None:
    room = rooms("owner")
    clock.tick(hours=3)
    room.start()
    with app.app_context():
        row = db.session.execute(select(AuditRow.result, AuditRow.detail).where(AuditRow.event == "attempt.start")).one()
    assert row.result == "refused"
    assert json.loads(row.detail)["code"] == "closed"


def test_the_programme_edition_is_frozen_by_the_first_start(app: Flask, rooms: Rooms) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(ProgrammeEdition).values(frozen=None))
    rooms("owner").start()
    with app.app_context():
        assert db.session.scalar(select(ProgrammeEdition.frozen)) == START


# Who may come in


def test_owner_colleague_stranger_and_nobody(owner: Room, rooms: Rooms, client: Visitor) -> None:
    urls = [("GET", f"/api/v1/attempts/{owner.attempt}", None), ("PUT", f"/api/v1/attempts/{owner.attempt}/responses", {"responses": []}),
            ("POST", f"/api/v1/attempts/{owner.attempt}/submit", None)]
    for method, url, body in urls:
        assert owner.browser.send(method, url, json=body).status_code == 200
    for name in ("colleague", "stranger"):
        browser = rooms(name).browser
        assert [browser.send(method, url, json=body).status_code for method, url, body in urls] == [404, 404, 404]
    assert rooms("stranger").start().status_code == 404  # not booked: the sitting is nothing of theirs
    assert [client.open(url, method=method, json=body).status_code for method, url, body in urls] == [401, 401, 401]
    assert client.post(f"/api/v1/sittings/{owner.sitting}/attempts").status_code == 401


@pytest.mark.parametrize("name", ["officer", "decider", "coordinator", "trainer", "hr", "auditor", "admin"])
def test_no_other_role_has_a_door_here(owner: Room, rooms: Rooms, name: str) -> None:
    room = rooms(name)
    room.attempt = owner.attempt
    assert [room.start().status_code, room.look().status_code, room.put().status_code, room.submit().status_code] == [403] * 4


def test_what_does_not_exist_is_404(owner: Room) -> None:
    owner.attempt = "nothing"
    assert [owner.look().status_code, owner.put().status_code, owner.submit().status_code] == [404] * 3
    owner.sitting = 9999
    assert owner.start().status_code == 404


def test_a_change_without_its_token_is_refused_as_json(owner: Room) -> None:
    answer = owner.browser.put(f"/api/v1/attempts/{owner.attempt}/responses", json={"responses": owner.answers()})
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "csrf")
    assert owner.look().json["responses"] == {}


# Saving


def test_an_answer_is_acknowledged_with_the_hash_of_what_was_kept(owner: Room) -> None:
    given = owner.answers()
    body = owner.put(*given).json
    assert body["refused"] == []
    texts = [json.dumps([owner.attempt, one["slot"], 1, one["answer"]], separators=(",", ":")) for one in given]
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    assert body["saved"] == [{"slot": one["slot"], "seq": 1, "sha256": sha256} for one, sha256 in zip(given, hashes, strict=True)]
    assert (body["server_time"], body["deadline"]) == ("2026-11-22T01:00:00Z", "2026-11-22T02:00:00Z")
    assert owner.look().json["responses"] == {str(one["slot"]): {"answer": one["answer"], "seq": 1} for one in given}


def test_a_newer_answer_replaces_an_older_one_and_never_the_other_way_round(owner: Room) -> None:
    first, second = owner.answers()[0], owner.answers(right=False)[0]
    assert owner.put(second).json["saved"][0]["seq"] == 2
    assert owner.put(first).json["refused"] == [{"slot": 1, "seq": 1, "code": "stale"}]
    assert owner.look().json["responses"]["1"] == {"answer": second["answer"], "seq": 2}


def test_repeating_is_harmless_and_contradicting_oneself_is_refused(app: Flask, owner: Room) -> None:
    first = owner.answers()[0]
    assert owner.put(first).json["saved"] == owner.put(first).json["saved"]
    other = {**first, "answer": None}
    assert owner.put(other).json["refused"] == [{"slot": 1, "seq": 1, "code": "seq_conflict"}]
    with app.app_context():
        assert len(store.all_steps(db.session, owner.attempt)) == 1


def test_null_clears_an_answer(owner: Room) -> None:
    owner.put(owner.answers()[0])
    owner.put({"slot": 1, "seq": 2, "answer": None})
    assert owner.look().json["responses"]["1"] == {"answer": None, "seq": 2}
    assert owner.submit().json["receipt"]["count"] == 0


def test_a_bad_answer_is_refused_by_itself_and_the_save_is_a_200(owner: Room) -> None:
    good = owner.answers()
    bad: list[dict[str, Any]] = [
        {"slot": 2, "seq": 1, "answer": "A"}, {"slot": 99, "seq": 1, "answer": None}, {"slot": 3, "answer": None},
        {"slot": 3, "seq": "1", "answer": None}, {"slot": 3, "seq": 1}, {"slot": 4, "seq": 1, "answer": "x" * 20_001},
        {"slot": -5, "seq": 1, "answer": None},
    ]
    answer = owner.put(good[0], *bad)
    assert answer.status_code == 200
    assert [one["slot"] for one in answer.json["saved"]] == [1]
    codes = [(one["slot"], one["code"]) for one in answer.json["refused"]]
    assert codes == [
        (2, "bad_shape"), (99, "unknown_slot"), (3, "bad_shape"), (3, "bad_shape"), (3, "bad_shape"), (4, "bad_shape"), (-5, "unknown_slot")
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"), (b"{", "body"), (b"[]", "body"), (b"null", "body"), (b"{}", "body"), (b'{"responses": 3}', "responses"),
        (b'{"responses": [{"slot": 1, "seq": 1, "answer": "\\ud800"}]}', "body"),
        (b'{"responses": [' + b'[' * 100_000 + b"]}", "body"), (b"\xff\xfe", "body"),
        (b'{"responses": [{"slot": 1, "seq": 1, "answer": "\xff"}]}', "body"),
    ],
)
def test_a_body_out_of_shape_is_a_422_that_names_the_field(owner: Room, body: bytes, field: str) -> None:
    answer = owner.browser.send("PUT", f"/api/v1/attempts/{owner.attempt}/responses", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "bad_shape")
    assert field in answer.json["error"]["fields"]


def test_at_most_200_responses_at_once_and_at_most_5_megabytes(owner: Room) -> None:
    one = {"slot": 1, "seq": 1, "answer": None}
    assert owner.put(*[one] * 200).status_code == 200
    assert owner.put(*[one] * 201).status_code == 422
    huge = owner.browser.send("PUT", f"/api/v1/attempts/{owner.attempt}/responses", data=b" " * 5_000_001, content_type="application/json")
    assert (huge.status_code, huge.json["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"entry_code": 7}', b'{"entry_code": "\xff"}'])
def test_a_start_with_a_body_out_of_shape_is_a_422(rooms: Rooms, body: bytes) -> None:
    room = rooms("owner")
    answer = room.browser.send("POST", f"/api/v1/sittings/{room.sitting}/attempts", data=body, content_type="application/json")
    assert answer.status_code == 422


@pytest.mark.parametrize(("seconds", "late"), [(-0.000001, False), (0, True), (60, True)])
def test_the_deadline_is_kept_to_the_microsecond(owner: Room, clock: TickingClock, seconds: float, late: bool) -> None:
    given = owner.answers()[0]
    clock.set(START + timedelta(minutes=MINUTES, seconds=seconds))
    body = owner.put(given).json
    assert body["refused"] == ([{"slot": 1, "seq": 1, "code": "late"}] if late else [])
    assert len(body["saved"]) == (0 if late else 1)


def test_what_arrives_within_the_grace_counts(app: Flask, owner: Room, clock: TickingClock) -> None:
    app.extensions["settings"] = type("Settings", (), {**vars(app.extensions["settings"]), "grace_seconds": 5})
    given = owner.answers()
    clock.set(START + timedelta(minutes=MINUTES, seconds=4.999))
    assert owner.put(given[0]).json["saved"]
    clock.tick(seconds=0.001)
    assert owner.put(given[1]).json["refused"][0]["code"] == "late"


# The end


def test_handing_in_grades_at_once_and_says_nothing_about_it(app: Flask, owner: Room) -> None:
    owner.put(*owner.answers())
    body = owner.submit().json
    assert (body["state"], body["receipt"]["count"], body["receipt"]["submitted_at"]) == ("submitted", 6, "2026-11-22T01:00:00Z")
    assert result_of(app, owner.attempt) == ("marked", 12, 12, True, "excellent")


def test_wrong_answers_are_marked_wrong(app: Flask, owner: Room) -> None:
    owner.put(*owner.answers(right=False))
    owner.submit()
    assert result_of(app, owner.attempt) == ("marked", 0, 12, False, None)


def test_the_receipt_is_signed_and_carries_the_digest_of_the_scored_answers(app: Flask, owner: Room) -> None:
    owner.put(*owner.answers())
    owner.put(*owner.answers(right=False)[:1])
    given = owner.submit().json["receipt"]
    stated = receipt.verify(given["jws"], receipt.signing_key(app.extensions["settings"].secret_key))
    responses = owner.look().json["responses"]
    rows = [[int(slot), one["seq"], one["answer"]] for slot, one in sorted(responses.items(), key=lambda pair: int(pair[0]))]
    assert stated.digest == given["digest"] == hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()
    assert (stated.attempt, stated.count, stated.state) == (owner.attempt, 6, "submitted")


def test_handing_in_again_gives_the_same_receipt_under_any_key(owner: Room, clock: TickingClock) -> None:
    first = owner.submit("k1").json
    clock.tick(minutes=5)
    assert owner.submit("k1").json == owner.submit("k2").json == first


def test_after_the_hand_in_nothing_is_kept_and_the_form_is_gone_but_the_answers_are_shown(owner: Room) -> None:
    given = owner.answers()
    owner.put(*given)
    owner.submit()
    assert {one["code"] for one in owner.put(*owner.answers(right=False)).json["refused"]} == {"closed"}
    body = owner.look().json
    assert body["state"] == "submitted"
    assert "form" not in body
    assert body["responses"]["1"]["answer"] == given[0]["answer"]


def test_a_paused_attempt_keeps_nothing_and_is_not_handed_in(app: Flask, owner: Room) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Attempt).values(state="paused"))
    assert owner.put(owner.answers()[0]).json["refused"][0]["code"] == "paused"
    assert (owner.submit().status_code, owner.submit().json["refused"]) == (409, "paused")
    assert owner.start().json["refused"] == "paused"
    assert "form" not in owner.look().json


@pytest.mark.parametrize("by", ["sweep", "outbox", "sight", "submit", "start"])
def test_an_overdue_attempt_is_closed_with_everything_acknowledged(app: Flask, owner: Room, clock: TickingClock, by: str) -> None:
    owner.put(*owner.answers())
    clock.set(START + timedelta(minutes=MINUTES))
    with app.app_context():
        if by == "sweep":
            assert actions.close_overdue(clock.now()) == 1
            assert actions.close_overdue(clock.now()) == 0
        elif by == "outbox":
            worker.drain_outbox()
    if by == "submit":
        assert owner.submit().json["state"] == "closed_by_deadline"
    elif by == "start":
        assert owner.start().json["refused"] == "already_ended"
    if by in ("sweep", "outbox", "submit", "start"):
        with app.app_context():
            assert db.session.scalar(select(Attempt.state)) == "closed_by_deadline"
    assert owner.look().json["state"] == "closed_by_deadline"
    assert "form" not in owner.look().json
    assert result_of(app, owner.attempt) == ("marked", 12, 12, True, "excellent")
    assert owner.submit().json["receipt"]["submitted_at"] == "2026-11-22T02:00:00Z"
    assert owner.put(owner.answers()[0]).json["refused"][0]["code"] == "late"


def test_nothing_is_closed_a_moment_too_early(app: Flask, owner: Room, clock: TickingClock) -> None:
    clock.set(START + timedelta(minutes=MINUTES) - timedelta(microseconds=1))
    with app.app_context():
        assert actions.close_overdue(clock.now()) == 0
        worker.drain_outbox()
    assert owner.look().json["state"] == "in_progress"


def test_an_answer_that_came_in_time_but_waited_behind_the_closing_is_scored(
    app: Flask, cast: Cast, owner: Room, clock: TickingClock
) -> None:
    given = owner.answers()
    end = START + timedelta(minutes=MINUTES)
    clock.set(end)
    assert owner.look().json["state"] == "closed_by_deadline"
    before, pen = owner.submit().json["receipt"], pen_of(app, owner.attempt)
    with app.app_context(), work(SYSTEM, end - timedelta(milliseconds=1)) as w:
        late = [sitting.Response(**one) for one in given]
        kept = save_responses(w, cast.owner.person_id, owner.attempt, pen, late)
    assert kept is not None
    assert len(kept[0].saved) == 6
    assert result_of(app, owner.attempt).mark == 12
    assert owner.submit().json["receipt"]["digest"] != before["digest"]
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Result).values(state="released", released=w.now))
    with app.app_context(), work(SYSTEM, end - timedelta(milliseconds=1)) as w:
        after = save_responses(w, cast.owner.person_id, owner.attempt, pen, [sitting.Response(1, 9, None)])
    assert after is not None
    assert after[0].refused[0][1] == "closed"


# Chain and audit


def test_the_steps_of_an_attempt_form_a_chain_whose_head_the_audit_holds(app: Flask, owner: Room, clock: TickingClock) -> None:
    owner.put(*owner.answers())
    clock.tick(seconds=30)
    owner.put(*owner.answers(right=False)[:3])
    owner.submit()
    with app.app_context():
        head = db.session.execute(select(Attempt.chain, Attempt.step_count)).one()
        steps = store.all_steps(db.session, owner.attempt)
        audit = db.session.execute(select(AuditRow.detail).where(AuditRow.event == "attempt.submitted")).scalar_one()
    chain = sitting.START_OF_CHAIN
    for step, received in steps:
        chain = sitting.link(chain, [step], received)
    assert (chain, len(steps)) == (head.chain, head.step_count) == (chain, 9)
    assert json.loads(audit)["chain"] == chain.hex()


def test_a_save_costs_a_fixed_number_of_statements(owner: Room, statements: list[str]) -> None:
    given = owner.answers()
    owner.put(given[0])
    statements.clear()
    owner.put(given[1])
    one = list(statements)
    statements.clear()
    owner.put(*given[2:])
    assert statements == one
    assert len(one) == 6  # session; BEGIN, attempt, steps, chain, COMMIT


def test_a_process_that_remembers_nothing_asks_for_the_paper_and_the_newest_steps(owner: Room, statements: list[str]) -> None:
    first, second = owner.answers()[:2]
    owner.put(first)
    saving.forget()
    statements.clear()
    assert owner.put({**first, "answer": None}, second).json["refused"] == [{"slot": 1, "seq": 1, "code": "seq_conflict"}]
    assert len(statements) == 8
    statements.clear()
    assert [one["slot"] for one in owner.put({**second, "seq": 2}, {**first, "seq": 2}).json["saved"]] == [2, 1]
    assert len(statements) == 6


def test_long_answers_are_looked_up_again(owner: Room, monkeypatch: pytest.MonkeyPatch, statements: list[str]) -> None:
    monkeypatch.setattr(saving, "SHORT", 3)
    given = owner.answers()[0]
    owner.put(given)
    statements.clear()
    assert owner.put({**given, "answer": None}).json["refused"] == [{"slot": 1, "seq": 1, "code": "seq_conflict"}]
    assert any(statement.startswith("WITH") for statement in statements)


@pytest.fixture
def statements(app: Flask) -> list[str]:
    """The first words of every statement that SQLite runs, an INSERT of many rows counted once."""
    sent: list[str] = []

    def note(statement: str) -> None:
        words = " ".join(statement.split()[:3])
        if not words.startswith(("PRAGMA", "ROLLBACK", "INSERT")) or words not in sent:
            sent.append(words)

    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("SQLite's driver reports what it runs; the statements are the same on PostgreSQL")
        db.engine.dispose()
        event.listen(db.engine, "connect", lambda connection, _record: connection.set_trace_callback(note))
    return sent


# What nobody learns before release


def test_no_key_rationale_or_correctness_reaches_the_candidate_before_release(app: Flask, owner: Room, clock: TickingClock) -> None:
    seen = [owner.start(), owner.put(*owner.answers()), owner.put(*owner.answers(right=False)), owner.look(), owner.start()]
    pages = ["/", "/exams", f"/exams/sittings/{owner.sitting}", f"/attempts/{owner.attempt}"]
    seen += [owner.browser.get(page) for page in pages]
    seen += [owner.submit(), owner.submit(), owner.look(), owner.put(*owner.answers()), owner.start()]
    seen += [owner.browser.get(page) for page in pages]
    for answer in seen:
        text = answer.get_data(as_text=True) + str(answer.headers)
        for word in ("canary", "excellent", "qualified", "passed", '"mark"', "fraction", "已通过", "未通过"):
            assert word not in text, f"{answer.request.method} {answer.request.path} says {word!r}"


def test_right_and_wrong_answers_are_acknowledged_alike(owner: Room) -> None:
    right, wrong = owner.put(*owner.answers()), owner.put(*owner.answers(right=False))
    assert len(right.data) == len(wrong.data)
    assert [set(one) for one in right.json["saved"]] == [set(one) for one in wrong.json["saved"]]


# Races


def at_once(count: int, deed: Callable[[int], Any]) -> list[Any]:
    """Run ``deed`` in ``count`` threads that begin together; answers what each gave."""
    gate, out = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        gate.wait()
        out[number] = deed(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out


def test_of_many_starts_at_once_one_makes_the_attempt(app: Flask, rooms: Rooms) -> None:
    browsers = [rooms("owner") for _ in range(6)]
    answers = at_once(6, lambda n: browsers[n].start())
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json["attempt_id"] for answer in answers}) == 1


def test_of_many_hand_ins_at_once_one_counts_and_all_get_its_receipt(app: Flask, rooms: Rooms, owner: Room) -> None:
    owner.put(*owner.answers())
    browsers = [rooms("owner") for _ in range(6)]
    for browser in browsers:
        browser.attempt = owner.attempt
    answers = at_once(6, lambda n: browsers[n].submit(f"k{n}"))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.json["receipt"]["jws"] for answer in answers}) == 1
    with app.app_context():
        assert len(db.session.execute(select(AuditRow).where(AuditRow.event == "attempt.submitted")).all()) == 1


@pytest.mark.parametrize("round_", range(5))
def test_a_save_that_races_a_hand_in_is_scored_or_refused(app: Flask, rooms: Rooms, owner: Room, round_: int) -> None:
    saver, given = rooms("owner"), owner.answers()
    assert saver.start().status_code == 200
    saved, submitted = at_once(2, lambda n: saver.put(*given) if n == 0 else owner.submit())
    assert (saved.status_code, submitted.status_code) == (200, 200)
    kept = len(saved.json["saved"])
    assert kept in (0, 6)
    assert {one["code"] for one in saved.json["refused"]} <= {"closed"}
    assert result_of(app, owner.attempt).mark == kept * 2
    assert submitted.json["receipt"]["count"] == kept
