"""Loading documents: the pack with file and line, the seed with JSON paths, all or nothing, safe to repeat."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from certification.actions.seed import keep_pack
from certification.pack import PackInvalid, parse
from certification.store import standings
from certification.tables import Booking, Licence, LicenceEvent
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import COMMAND
from people.tables import Account, Contract, Person, RosterEntry

ITEMS = [
    {
        "code": f"Q{n}", "kind": "single", "stem": f"第 {n} 题",
        "options": [{"code": "A", "text": f"甲{n}"}, {"code": "B", "text": f"乙{n}"}],
        "key": ["A"], "rationale": "第一条", "clauses": ["STD@2026#1.2"],
    }
    for n in range(3)
]


def document() -> dict[str, Any]:
    """A small world: a company, two people, a standard, a programme, a sitting, a licence, a key."""
    return {
        "partners": [{"code": "P01", "name": "华信", "contracts": [
            {"code": "C01", "starts": "2026-01-01", "ends": "2027-06-30", "state": "running", "programmes": ["GC"]}]}],
        "people": [
            {"staff_no": "S0001", "name": "张伟", "partner": "P01", "contract": "C01", "username": "s0001", "password": "short",
             "roles": ["candidate"], "id_number": "11010519491231002X", "phone": "13800138000", "city": "北京"},
            {"staff_no": "S0002", "name": "李娜", "partner": "P01", "username": "s0002", "password": "short", "roles": ["candidate"]},
        ],
        "standards": [{"code": "STD", "title": {"zh": "规范"}, "editions": [{"edition": "2026", "effective": "2026-01-01", "clauses": [
            {"number": "1.2", "text": {"zh": "提前到达"}, "tier": "basic", "key": False, "duty": "must", "stage": "arrival"}]}]}],
        "items": ITEMS,
        "programmes": [{"code": "GC", "title": {"zh": "项目"}, "standards": ["STD@2026"], "validity_months": 12, "exam": {
            "minutes": 60, "pass": 0.6, "excellent": 0.85, "shuffle": True,
            "blueprint": [{"clauses": ["STD@2026#1"], "kinds": ["single"], "count": 2, "points": 2}]}}],
        "sittings": [{"code": "T1", "programme": "GC", "opens": "2026-11-22T08:00:00+08:00", "closes": "2026-11-22T18:00:00+08:00",
                      "entry_code": None, "booked": ["S0001"]}],
        "licences": [{"staff_no": "S0002", "programme": "GC", "events": [
            {"kind": "granted", "grade": "qualified", "effective": "2026-03-01T09:00:00+08:00", "until": "2027-02-28"},
            {"kind": "suspended", "effective": "2026-10-01T09:00:00+08:00", "reason": "投诉"}]}],
        "api_keys": [{"name": "dispatch-test", "scope": "dispatch", "key": "k" * 32}],
    }


@pytest.fixture
def load(app: Flask):
    """Keep a document in the app's database; answers ids by code."""

    def loaded(plain: dict[str, Any]) -> dict[str, int | str]:
        with app.app_context():
            return keep_pack(parse(plain), COMMAND, app.extensions["settings"].timezone).ids

    return loaded


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_whole_world_is_kept_and_its_ids_are_answered_by_code(app: Flask, load, clock: TickingClock) -> None:
    ids = load(document())
    assert {"P01", "C01", "S0001", "S0002", "Q0", "GC", "T1", "dispatch-test", "S0002/GC"} <= set(ids)
    with app.app_context():
        assert count(Booking) == 1
        assert count(RosterEntry) == 1
        person = db.session.scalars(select(Person).where(Person.staff_no == "S0001")).one()
        assert b"13800138000" not in (person.phone or b"")
        assert app.extensions["sealer"].open(person.phone) == "13800138000"
        assert standings.figures(db.session, clock.now(), None, 60)["suspended"] == 1


def test_loading_again_changes_nothing(app: Flask, load) -> None:
    first, second = load(document()), load(document())
    assert first.items() >= {(code, id_) for code, id_ in second.items()}
    with app.app_context():
        assert (count(Person), count(Account), count(Licence), count(LicenceEvent), count(Booking)) == (2, 2, 1, 2, 1)


def test_a_repeated_password_is_hashed_once(app: Flask, load) -> None:
    load(document())
    with app.app_context():
        assert len(set(db.session.scalars(select(Account.password_hash)))) == 1


def test_the_last_day_of_a_contract_is_itself_still_good(app: Flask, load) -> None:
    load(document())
    with app.app_context():
        ends = db.session.scalars(select(Contract.ends)).one()
        assert ends.astimezone(app.extensions["settings"].timezone).isoformat() == "2027-07-01T00:00:00+08:00"


@pytest.mark.parametrize(
    ("change", "where", "why"),
    [
        (lambda d: d["people"][0].update(roles=["boss"]), "$.people[0].roles", "unknown role"),
        (lambda d: d["people"][0].update(partner="P99"), "$.people[0].partner", "no company 'P99'"),
        (lambda d: d["people"][1].update(contract="C99"), "$.people[1].contract", "no contract 'C99'"),
        (lambda d: d["people"][1].update(username="s0001"), "$.people[1].username", "taken"),
        (lambda d: d["people"][1].update(id_number="11010519491231002X"), "$.people[1].id_number", "same ID number"),
        (lambda d: d["people"][1].update(staff_no="S0001"), "$.people[1].staff_no", "given twice"),
        (lambda d: d["people"][0].update(name=5), "$.people[0].name", "Expected `str`"),
        (lambda d: d["items"][1].update(clauses=["STD@2026#9"]), "$.items[1].clauses[0]", "no clause"),
        (lambda d: d["items"][1].update(key=["Z"]), "$.items[1].key", "no option"),
        (lambda d: d["programmes"][0].update(standards=["STD@1999"]), "$.programmes[0]", "STD@2026"),
        (lambda d: d["programmes"][0]["exam"]["blueprint"][0].update(clauses=["S@1#"]), "$.programmes[0].exam.blueprint[0]", "neither"),
        (lambda d: d["programmes"][0]["exam"].update({"pass": 0.9}), "$.programmes[0].exam.pass", "cuts"),
        (lambda d: d["programmes"][0]["exam"]["blueprint"][0].update(count=9), "$.sittings[0]", "form"),
        (lambda d: d["sittings"][0].update(booked=["S0001", "S9"]), "$.sittings[0].booked[1]", "nobody"),
        (lambda d: d["sittings"][0].update(opens="2026-11-22T08:00:00"), "$.sittings[0].opens", "timezone"),
        (lambda d: d["licences"][0].update(staff_no="S9"), "$.licences[0].staff_no", "nobody"),
        (lambda d: d["licences"][0]["events"][0].update(kind="given"), "$.licences[0].events[0].kind", "granted"),
        (lambda d: d["licences"][0]["events"][0].update(until="soon"), "$.licences[0].events[0].until", "ISO 8601"),
        (lambda d: d["api_keys"][0].update(key="short"), "$.api_keys[0].key", "32 characters"),
        (lambda d: d.update(persons=[]), "$.persons", "unknown list"),
    ],
)
def test_what_is_wrong_is_named_by_its_path_and_nothing_is_kept(app: Flask, load, change, where: str, why: str) -> None:
    plain = json.loads(json.dumps(document()))
    change(plain)
    with pytest.raises(PackInvalid) as refused:
        load(plain)
    assert any(str(problem).startswith(where) and why in problem.message for problem in refused.value.problems), str(refused.value)
    with app.app_context():
        assert count(Person) == 0


def test_the_seed_command_prints_ids_and_refuses_with_paths(app: Flask, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(document()), "utf-8")
    bad.write_text('{"people": [{"staff_no": ""}]', "utf-8")
    runner = app.test_cli_runner()
    done = runner.invoke(args=["seed", str(good)])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["T1"] >= 1
    refused = runner.invoke(args=["seed", str(bad)])
    assert refused.exit_code == 1
    assert "is not JSON" in refused.output


def test_the_shipped_pack_loads_twice_and_the_second_time_changes_nothing(app: Flask) -> None:
    runner = app.test_cli_runner()
    first, second = runner.invoke(args=["content", "load"]), runner.invoke(args=["content", "load"])
    assert first.exit_code == 0, first.output
    assert "added" in first.output
    assert second.exit_code == 0
    assert "added" not in second.output
    assert "changed" not in second.output


def test_a_pack_that_is_wrong_is_refused_with_file_and_line(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "items.yaml").write_text(
        "items:\n  - code: Q1\n    kind: single\n    stem: 什么时候到？\n    options:\n"
        "      - {code: A, text: 早}\n      - {code: B, text: 晚}\n    key: [A]\n    clauses: [\"STD@2026#7\"]\n", "utf-8"
    )
    refused = app.test_cli_runner().invoke(args=["content", "load", str(tmp_path)])
    assert refused.exit_code == 1
    assert "items.yaml:9: $.items[0].clauses[0]: there is no clause STD@2026#7" in refused.output
