"""The dispatcher's door: shapes, reasons, batches, search, replay, the log, and that it fails closed."""

import copy
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from msgspec import structs
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.event import listen
from werkzeug.test import TestResponse

from certification.actions import dispatch as actions
from certification.actions.licences import NewEvent, append_event
from certification.api import dispatch as door
from certification.tables import DispatchDecision, DispatchPolicy, Licence
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from people.tables import ApiKey, Contract, Person
from tests.cast import Cast, Visitor
from tests.certification.holders import KEY, event, granted, question, stage
from tests.conftest import START

ONE, MANY, SEARCH = "/api/v1/access/evaluation", "/api/v1/access/evaluations", "/api/v1/access/search/subject"
Ask = Callable[..., TestResponse]


@pytest.fixture
def ask(client: Visitor) -> Ask:
    """POST a body to the door with the key."""
    return lambda body, url=ONE, key=KEY: client.post(url, json=body, headers={"Authorization": f"Bearer {key}"})


def happens(app: Flask, number: str, kind: str) -> None:
    """An event in a licence's ledger, now."""
    with app.app_context(), work(SYSTEM) as w:
        licence_id = w.session.scalars(select(Licence.id).where(Licence.number == number)).one()
        append_event(w, licence_id, NewEvent(kind, w.now, reason="核实"))


def codes(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [reason["code"] for reason in answer.json["context"]["reasons"]]


def test_a_holder_may_go(app: Flask, cast: Cast, ask: Ask) -> None:
    numbers = stage(app, cast, owner=[granted()])
    answer = ask(question())
    context = answer.json["context"]
    assert (answer.status_code, answer.json["decision"], context["reasons"]) == (200, True, [])
    assert [one["id"] for one in context["evidence"]] == ["C01", numbers["owner"]]
    assert {check["check"]: check["outcome"] for check in context["checks"]}["backbone"] == "skip"
    assert context["policy_version"] == "2026-11"
    assert datetime.fromisoformat(context["evaluated_at"]) == START
    assert datetime.fromisoformat(context["valid_until"]) == START + timedelta(days=1, hours=3)


def test_a_denial_is_a_200_with_reason_clause_citation_and_cure(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    answer = ask(question(customer_tier="gold"))
    reason = answer.json["context"]["reasons"][0]
    assert answer.json["decision"] is False
    assert (reason["code"], reason["rule"], reason["clause"]) == ("no_excellent", "R4", "GCS@2011#12.2")
    assert reason["citation"] == {"zh": "第十二条", "en": "Article 12"}
    assert reason["message"]["zh"] == "这类客户的队伍至少要有一名作业全程等级为“优秀”的技术骨干，这支队伍没有"
    assert reason["message"]["en"]
    assert reason["cure"]["code"] == "add_excellent"


def test_every_member_is_judged_and_every_reason_given(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()], stranger=[granted(), event("suspended", START - timedelta(days=1))])
    answer = ask(question("S0001", "S0002", "S0101", "NOBODY", customer_tier="gold"))
    found = [(reason["code"], reason.get("subject")) for reason in answer.json["context"]["reasons"]]
    assert found == [
        ("licence_none", "S0002"), ("licence_suspended", "S0101"), ("unknown_staff", "NOBODY"), ("no_excellent", None),
    ]


def test_unknown_staff_and_unknown_programme_are_a_no(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    assert codes(ask(question("NOBODY"))) == ["unknown_staff"]
    assert codes(ask(question(programme="NO"))) == ["unknown_programme"]
    assert codes(ask(question("NOBODY", programme="NO"))) == ["unknown_programme", "unknown_staff"]


def test_a_licence_of_another_programme_does_not_count(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    assert codes(ask(question(programme="BB"))) == ["licence_none"]


def test_partner_contract_and_leaving_count(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()], officer=[granted()])
    assert codes(ask(question(partner="P02"))) == ["wrong_partner"]
    assert codes(ask(question("E0001"))) == []  # the operator's own
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Contract).where(Contract.code == "C01").values(state="draft"))
        w.session.execute(update(Person).where(Person.staff_no == "S0001").values(left=START))
    assert sorted(codes(ask(question()))) == ["contract_not_signed", "left_company"]


def test_a_suspension_counts_at_once(app: Flask, cast: Cast, ask: Ask) -> None:
    numbers = stage(app, cast, owner=[granted()])
    assert ask(question()).json["decision"] is True
    happens(app, numbers["owner"], "suspended")
    assert codes(ask(question())) == ["licence_suspended"]


def test_a_replay_sees_what_was_recorded_by_then(app: Flask, cast: Cast, ask: Ask, clock: TickingClock) -> None:
    numbers = stage(app, cast, owner=[granted()])
    clock.tick(hours=1)
    happens(app, numbers["owner"], "revoked")
    clock.tick(hours=1)
    assert codes(ask(question())) == ["licence_revoked"]
    assert codes(ask(question(at=START))) == []
    assert codes(ask(question(at=START + timedelta(hours=1)))) == ["licence_revoked"]
    assert codes(ask(question(at=START - timedelta(days=101)))) == ["licence_none"]
    assert datetime.fromisoformat(ask(question(at=START)).json["context"]["at"]) == START


BAD: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("no subject", lambda q: q.pop("subject"), "$.subject"),
    ("no resource", lambda q: q.pop("resource"), "$.resource"),
    ("no action", lambda q: q.pop("action"), "$.action"),
    ("another action", lambda q: q["action"].update(name="fire"), "$.action.name"),
    ("another kind of subject", lambda q: q["subject"].update(type="robot"), "$.subject.type"),
    ("a number for a staff number", lambda q: q["subject"].update(id=1), "$.subject.id"),
    ("an empty staff number", lambda q: q["subject"].update(id=""), "$.subject.id"),
    ("a zero byte", lambda q: q["subject"].update(id="S\x001"), "$.subject.id"),
    ("a staff number without end", lambda q: q["subject"].update(id="S" * 41), "$.subject.id"),
    ("no tier", lambda q: q["resource"]["properties"].pop("customer_tier"), "$.resource.properties.customer_tier"),
    ("an unknown tier", lambda q: q["resource"]["properties"].update(customer_tier="platinum"), "$.resource.properties.customer_tier"),
    ("an unknown scope", lambda q: q["resource"]["properties"].update(scope="moon"), "$.resource.properties.scope"),
    ("no start", lambda q: q["resource"]["properties"].pop("starts"), "$.resource.properties.starts"),
    ("a start without a zone", lambda q: q["resource"]["properties"].update(starts="2026-11-23T09:00:00"), "$.resource.properties.starts"),
    ("a start that is no time", lambda q: q["resource"]["properties"].update(starts="tomorrow"), "$.resource.properties.starts"),
    ("a year far away", lambda q: q["resource"]["properties"].update(ends="9999-12-31T23:59:59Z"), "$.resource.properties.ends"),
    ("a team that is no list", lambda q: q["context"].update(team="S0002"), "$.context.team"),
    ("a member that is no text", lambda q: q["context"].update(team=["S0002", None]), "$.context.team[1]"),
    ("a replay at no time", lambda q: q["context"].update(at="then"), "$.context.at"),
    ("a replay in a far year", lambda q: q["context"].update(at="0001-01-01T00:00:00+14:00"), "$.context.at"),
]


@pytest.mark.parametrize(("spoil", "path"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_shape_is_a_422_that_names_the_field(app: Flask, cast: Cast, ask: Ask, spoil: Callable[[Any], Any], path: str) -> None:
    stage(app, cast)
    asked = question()
    spoil(asked)
    answer = ask(asked)
    assert (answer.status_code, answer.json["error"]["code"], list(answer.json["error"]["fields"])) == (422, "bad_shape", [path])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"subject": {"type": "staff", "id": "\\ud800"}}'])
def test_what_is_no_question_is_a_422(app: Flask, cast: Cast, client: Visitor, body: bytes) -> None:
    stage(app, cast)
    answer = client.post(ONE, data=body, headers={"Authorization": f"Bearer {KEY}"}, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "bad_shape")


def test_the_content_type_does_not_matter(app: Flask, cast: Cast, client: Visitor) -> None:
    stage(app, cast, owner=[granted()])
    for content_type in ("application/json", "application/x-www-form-urlencoded", "text/plain", ""):
        answer = client.post(ONE, data=json.dumps(question()), headers={"Authorization": f"Bearer {KEY}"}, content_type=content_type)
        assert codes(answer) == []


def test_an_impossible_window_is_a_no(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    assert codes(ask(question(ends=START.isoformat()))) == ["visit_window"]
    assert codes(ask(question(ends=(START + timedelta(days=40)).isoformat()))) == ["visit_too_long"]


def test_what_is_not_known_in_a_question_is_left_aside(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    asked = question()
    asked["context"]["trace"] = asked["resource"]["properties"]["ticket"] = {"a": 1}
    assert codes(ask(asked)) == []


def test_without_a_live_key_nobody_comes_in(app: Flask, cast: Cast, ask: Ask, sign_in: Callable[[str], Visitor]) -> None:
    stage(app, cast, owner=[granted()])
    for url in (ONE, MANY, SEARCH):
        assert sign_in("hr").post(url, json=question()).status_code == 401
        assert ask(question(), url, "wrong").status_code == 401
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(ApiKey).values(revoked=START))
    assert ask(question()).status_code == 401


# batches

def test_a_batch_answers_in_order_and_fills_in_from_the_top(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    top = question()
    parts = [{"subject": {"type": "staff", "id": number}} for number in ("S0001", "S0002", "S0001")]
    parts[2]["resource"] = question(customer_tier="gold")["resource"]
    answer = ask({**top, "evaluations": parts}, MANY)
    assert [one["decision"] for one in answer.json["evaluations"]] == [True, False, False]
    assert answer.json["evaluations"][2]["context"]["reasons"][0]["code"] == "no_excellent"


@pytest.mark.parametrize(("semantic", "expected"), [
    ("execute_all", [True, False, True]), ("deny_on_first_deny", [True, False]), ("permit_on_first_permit", [True]),
])
def test_a_batch_may_stop_early(app: Flask, cast: Cast, ask: Ask, semantic: str, expected: list[bool]) -> None:
    stage(app, cast, owner=[granted()])
    body = {**question(), "evaluations": [{"subject": {"type": "staff", "id": n}} for n in ("S0001", "S0002", "S0001")],
            "options": {"evaluations_semantic": semantic}}
    assert [one["decision"] for one in ask(body, MANY).json["evaluations"]] == expected


def test_a_batch_without_parts_is_one_question(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    assert ask(question(), MANY).json["decision"] is True


def test_a_bad_part_is_named(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast)
    top = question()
    del top["subject"]
    missing = ask({**top, "evaluations": [{"subject": {"type": "staff", "id": "S1"}}, {}]}, MANY)
    assert (missing.status_code, list(missing.json["error"]["fields"])) == (422, ["$.evaluations[1].subject"])
    wrong = ask({**top, "evaluations": [{"subject": {"type": "staff", "id": 5}}]}, MANY)
    assert (wrong.status_code, list(wrong.json["error"]["fields"])) == (422, ["$.evaluations[0].subject.id"])


def test_a_batch_beyond_ten_thousand_is_a_413(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast)
    part = {"subject": {"type": "staff", "id": "S0001"}}
    assert ask({**question(), "evaluations": [part] * 10_001}, MANY).status_code == 413


def test_a_batch_asks_the_database_a_fixed_number_of_times(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    seen: list[str] = []
    with app.app_context():
        engine = db.engine
    listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    counts = []
    for size in (2, 200):
        seen.clear()
        ask({**question(), "evaluations": [{"subject": {"type": "staff", "id": f"S{n:04}"}} for n in range(size)]}, MANY)
        counts.append(len(seen))
    assert counts[0] >= counts[1]


def test_too_many_replays_in_one_batch_are_refused(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast)
    parts = [{"context": {"at": (START - timedelta(seconds=n)).isoformat()}} for n in range(101)]
    assert ask({**question(), "evaluations": parts}, MANY).status_code == 422


# search

def search(**more: Any) -> dict[str, Any]:
    asked = question()
    return {"subject": {"type": "staff"}, "action": asked["action"], "resource": asked["resource"], **more}


def found(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["results"]]


def test_search_finds_those_who_may_go(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()], colleague=[granted(-100), event("suspended", START)], stranger=[granted()], officer=[granted()])
    answer = ask(search(), SEARCH)
    assert found(answer) == ["E0001", "S0001", "S0101"]
    assert answer.json["page"] == {"next_token": "", "count": 3}
    assert found(ask(search(subject={"type": "staff", "properties": {"partner": "P01"}}), SEARCH)) == ["S0001"]
    assert found(ask(search(subject={"type": "staff", "properties": {"city": "杭州"}}), SEARCH)) == ["E0001", "S0001", "S0101"]
    assert found(ask(search(subject={"type": "staff", "properties": {"city": "北京"}}), SEARCH)) == []


def test_search_pages_by_staff_number(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()], stranger=[granted()], officer=[granted()])
    first = ask(search(page={"limit": 2}), SEARCH)
    assert found(first) == ["E0001", "S0001"]
    rest = ask(search(page={"limit": 2, "token": first.json["page"]["next_token"]}), SEARCH)
    assert (found(rest), rest.json["page"]["next_token"]) == (["S0101"], "")


def test_search_beside_a_team_looks_for_what_it_lacks(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()], colleague=[granted(grade="excellent")], stranger=[granted()])
    gold = question(customer_tier="gold")["resource"]
    assert found(ask(search(resource=gold), SEARCH)) == ["S0002"]
    assert found(ask(search(resource=gold, context={"team": ["S0001"]}), SEARCH)) == ["S0002"]
    assert found(ask(search(resource=gold, context={"team": ["S0002"]}), SEARCH)) == ["S0001", "S0101"]
    assert found(ask(search(context={"team": ["NOBODY"]}), SEARCH)) == []


def test_search_agrees_with_evaluation(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted(-400, until="2027-12-31")], colleague=[granted(-365.5, until="2026-11-22")],
          stranger=[granted(), event("suspended", START + timedelta(days=1, hours=1))], officer=[granted(1.05)], hr=[granted(-20)])
    everyone = [member.staff_no for member in cast]
    evaluated = ask({**question(), "evaluations": [{"subject": {"type": "staff", "id": n}} for n in everyone]}, MANY).json["evaluations"]
    assert found(ask(search(), SEARCH)) == sorted(n for n, one in zip(everyone, evaluated, strict=True) if one["decision"]) == ["H0001"]


@pytest.mark.parametrize("spoil", [
    {"page": {"limit": 0}}, {"page": {"limit": 10_001}}, {"page": {"token": "é"}}, {"context": {"at": "2026-01-01T00:00:00Z"}},
    {"subject": {"type": "staff", "properties": {"age": "3"}}},
])
def test_a_bad_search_is_a_422(app: Flask, cast: Cast, ask: Ask, spoil: dict[str, Any]) -> None:
    stage(app, cast)
    assert ask(search(**spoil), SEARCH).status_code == 422


# the log

def test_an_answer_is_logged_after_it_was_given(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast)
    answer = ask(question(customer_tier="gold"))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(DispatchDecision)) == 0
        assert actions.flush() == 1
        row = db.session.get(DispatchDecision, answer.json["context"]["decision_id"])
        assert (row.subject, row.visit, row.allowed, row.asker.startswith("key:")) == ("S0001", "W-17", False, True)
        assert row.policy_version == "2026-11"


def test_a_row_that_cannot_be_written_does_not_hold_up_the_others(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast)
    for visit in ("W-1", "W-2", "W-3"):
        asked = question()
        asked["resource"]["id"] = visit
        ask(asked)
    with app.app_context():
        log = actions.log()
        log.waiting.insert(1, structs.replace(log.waiting[1], id=log.waiting[0].id))  # the same id again
        assert actions.flush() == 3
        assert not log.waiting
        assert set(db.session.scalars(select(DispatchDecision.visit))) >= {"W-2", "W-3"}


# failing closed

def test_an_unexpected_failure_denies(app: Flask, cast: Cast, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    stage(app, cast, owner=[granted()])

    def fail(*_args: Any) -> None:
        raise ValueError("something nobody thought of")

    monkeypatch.setattr(door.actions, "evaluate_many", fail)
    assert codes(ask(question())) == ["system_unavailable"]
    both = ask({**question(), "evaluations": [{}, {}]}, MANY).json["evaluations"]
    assert [one["decision"] for one in both] == [False, False]


def test_without_its_tables_the_door_answers_503(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(text("ALTER TABLE licence_spans RENAME TO licence_spans_away"))
    for url, body in ((ONE, question()), (MANY, {**question(), "evaluations": [{}]}), (SEARCH, search())):
        answer = ask(body, url)
        assert (answer.status_code, answer.json["error"]["code"]) == (503, "unavailable")
        assert answer.headers["Retry-After"]


def test_a_clock_behind_its_own_records_denies(app: Flask, cast: Cast, ask: Ask, clock: TickingClock) -> None:
    stage(app, cast, owner=[granted()])
    assert ask(question()).json["decision"] is True
    clock.tick(minutes=-30)
    answer = ask(question())
    assert codes(answer) == ["clock_in_doubt"]
    assert found(ask(search(), SEARCH)) == []


def test_the_answer_is_plain_json_with_the_usual_headers(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    answer = ask(question())
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.text) == copy.deepcopy(answer.json)


# the command line

def test_the_command_says_yes_or_no_by_its_exit(app: Flask, cast: Cast) -> None:
    stage(app, cast, owner=[granted()])
    window = ["--starts", "2026-11-23T09:00", "--ends", "2026-11-23T12:00", "--programme", "GC"]
    run = app.test_cli_runner().invoke
    allowed = run(args=["dispatch", "check", "S0001", "--customer-tier", "ordinary", *window])
    assert (allowed.exit_code, allowed.output.splitlines()[0]) == (0, "allowed")
    refused = run(args=["dispatch", "check", "S0001", "--customer-tier", "gold", "--team", "S0002, S0003", *window, "--json"])
    assert refused.exit_code == 3
    answer = json.loads(refused.output)
    assert answer["decision"] is False
    assert {reason.get("subject") for reason in answer["context"]["reasons"]} == {"S0002", "S0003", None}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(DispatchDecision)) == 2


@pytest.mark.parametrize("args", [
    ["S0001", "--customer-tier", "gold"], ["S0001", "--customer-tier", "tin", "--starts", "2026-11-23", "--ends", "2026-11-24"],
    ["S0001", "--customer-tier", "gold", "--starts", "soon", "--ends", "2026-11-24"],
    ["S0001", "--customer-tier", "gold", "--starts", "2026-11-23", "--ends", "2026-11-24"],  # two programmes and none is named
])
def test_the_command_refuses_what_it_cannot_read(app: Flask, cast: Cast, args: list[str]) -> None:
    stage(app, cast)
    assert app.test_cli_runner().invoke(args=["dispatch", "check", *args]).exit_code == 2


def test_a_policy_that_cannot_be_read_denies(app: Flask, cast: Cast, ask: Ask) -> None:
    stage(app, cast, owner=[granted()])
    with app.app_context(), work(SYSTEM) as w:
        broken = {"version": "x", "parameters": {"recertify_months": 99}, "effective": START, "recorded": START, "note": ""}
        w.session.execute(insert(DispatchPolicy), [broken])
    assert codes(ask(question())) == ["system_unavailable"]
