"""The auditor's page: find what was done, and prove that nothing was taken away."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from certification.licence import Kind
from foundation.audit import checkpoint
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, Actor, work
from people.contract import MOVES
from question_bank.review import Step
from tests.cast import SHANGHAI, Cast, Visitor

SignIn = Callable[[str], Visitor]
PACKAGES = ("foundation", "people", "standards", "question_bank", "scenarios", "certification")


@pytest.fixture
def deeds(app: Flask, cast: Cast, clock: TickingClock) -> None:
    """Thirty bookings by the officer, a refused release, and a deed of the next day."""
    officer = Actor(f"account:{cast.officer.account_id}", cast.officer.account_id, "0123456789abcdef")
    with app.app_context():
        for number in range(30):
            with work(officer) as w:
                w.record("booking.added", f"sitting:{number % 2 + 1}", person=number)
        with work(officer) as w:
            w.record("sitting.released", "sitting:1", "refused", blocks=["running"])
        clock.tick(days=1)
        with work(SYSTEM) as w:
            w.record("person.left", f"person:{cast.owner.person_id}")


def test_the_newest_comes_first_and_pages_go_back(deeds: None, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    page = auditor.get("/audit").text
    assert page.index("人员离职") < page.index("公布成绩") < page.index("报名")
    assert "共 32 条" in page
    assert "第 1 条" not in page
    assert "第 1 条" in auditor.get("/audit?page=2").text


def test_names_stand_beside_ids(deeds: None, cast: Cast, sign_in: SignIn) -> None:
    page = sign_in("auditor").get("/audit").text
    assert "郑秀英" in page
    assert f"account:{cast.officer.account_id}" in page
    assert "王建国" in page
    assert "系统" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=王建国", 1), ("q=S0001", 1), ("q=郑秀英", 31), ("q=officer", 31), ("q=sitting:1", 16), ("q=booking", 30), ("q=%25", 0),
        ("event=sitting.released", 1), ("event=nothing.known", 32), ("result=refused", 1), ("actor=system", 1), ("subject=sitting:2", 15),
        ("since=2026-11-23", 1), ("until=2026-11-22", 31), ("since=2026-11-22&until=2026-11-23", 32), ("q=郑秀英&subject=sitting:1", 16),
    ],
)
def test_it_is_searched_by_person_event_object_result_and_day(deeds: None, sign_in: SignIn, query: str, count: int) -> None:
    assert f"共 {count} 条" in sign_in("auditor").get(f"/audit?{query}").text


@pytest.mark.parametrize("query", ["since=yesterday", "until=0001-01-01", "since=9999-12-31"])
def test_a_day_that_is_none_is_named(deeds: None, sign_in: SignIn, query: str) -> None:
    page = sign_in("auditor").get(f"/audit?{query}")
    assert page.status_code == 422
    assert "field-error" in page.text
    assert "共 32 条" in page.text


def test_a_whole_chain_is_said_to_hold(deeds: None, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    page = auditor.form("/audit/verify")
    assert page.status_code == 200
    assert "从第 1 条到第 32 条逐条核对" in page.text
    again = auditor.get("/audit").text
    assert "上次验证：11月23日 09:00" in again
    assert "记录链完整" in again


def test_a_deed_that_was_dated_in_another_zone_holds_too(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM, datetime(2026, 5, 1, 9, 30, tzinfo=SHANGHAI)) as w:
        w.record("pack.kept", "pack")
    assert "记录链完整" in sign_in("auditor").form("/audit/verify").text


def tamper(app: Flask, statement: str) -> None:
    """Somebody with the database's password does what the guards forbid."""
    with app.app_context(), db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_no_update"))
            connection.execute(text("DROP TRIGGER audit_no_delete"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.execute(text(statement))
        connection.get_transaction().commit()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE audit SET subject = 'sitting:9' WHERE seq = 5", "第 5 条被改动"),
        ("DELETE FROM audit WHERE seq = 5", "缺少第 5 条"),
        ("DELETE FROM audit WHERE seq = 32", "链头与最后一条（第 31 条）不一致"),
    ],
)
def test_what_was_altered_or_taken_away_is_named(app: Flask, deeds: None, sign_in: SignIn, statement: str, says: str) -> None:
    auditor = sign_in("auditor")
    tamper(app, statement)
    page = auditor.form("/audit/verify").text
    assert "记录链不完整" in page
    assert says in page
    assert "发现问题" in auditor.get("/audit").text


def test_a_cut_tail_is_noticed_by_the_checkpoint_outside(
    app: Flask, deeds: None, sign_in: SignIn, tmp_path: Path, clock: TickingClock
) -> None:
    auditor = sign_in("auditor")
    settings = app.extensions["settings"]
    with app.app_context(), db.engine.connect() as connection:
        checkpoint(connection, settings.data_dir, settings.secret_key, clock.now())
        row = connection.execute(text("SELECT hash FROM audit WHERE seq = 30")).scalar_one()
    tamper(app, "DELETE FROM audit WHERE seq > 30")
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(text("UPDATE audit_head SET seq = 30, hash = :hash"), {"hash": row})
        connection.get_transaction().commit()
    page = auditor.form("/audit/verify").text
    assert "签名检查点记到第 32 条，但记录已不存在" in page


def test_only_the_auditor_comes_in(deeds: None, sign_in: SignIn) -> None:
    for name in ("admin", "officer", "hr", "decider", "coordinator", "owner"):
        assert sign_in(name).get("/audit").status_code == 403
        assert sign_in(name).form("/audit/verify").status_code == 403


def test_every_event_that_is_recorded_has_a_word(app: Flask) -> None:
    paths = [path for package in PACKAGES for path in Path(app.root_path, package).rglob("*.py")]
    sources = "".join(path.read_text("utf-8") for path in paths)
    written = set(re.findall(r'\.record\("([a-z_.]+)"', sources))
    written |= {f"licence.{kind}" for kind in Kind} | {f"item.{step}" for step in Step}
    written |= {f"contract.{to}" for reachable in MOVES.values() for to in reachable}
    written |= {f"decision.{word}" for word in ("grant", "granted", "refuse", "refused")}
    written |= {"attempt.submitted", "attempt.closed_by_deadline"}
    assert len(written) > 60
    with app.test_request_context():
        word = app.jinja_env.get_template("people/_events.html").module.event_word
        bare = sorted(event for event in written if str(word(event)).strip() == event)
    assert not bare, f"templates/people/_events.html has no word for {', '.join(bare)}"
