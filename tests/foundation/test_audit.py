"""The record of deeds: whoever edits, deletes, inserts or cuts the tail is found out, on both databases."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from foundation import audit
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditHead, AuditRow
from foundation.work import Actor, work
from foundation.worker import run_sweeps
from tests.databases import SECRETS

KEY = SECRETS["SECRET_KEY"]


@pytest.fixture
def chain(app: Flask, clock: TickingClock) -> Flask:
    """Ten deeds, with a signed checkpoint after the eighth."""
    with app.app_context():
        for number in range(1, 11):
            with work(Actor(f"account:{number}", number, "origin")) as w:
                w.record("licence.granted", f"licence:{number}", grade="qualified", 备注="合格")
            if number == 8:
                run_sweeps()
            clock.tick(minutes=1)
    return app


def problems(app: Flask) -> list[str]:
    with app.app_context():
        return audit.verify(db.engine, app.extensions["settings"].data_dir, KEY).problems


def tamper(app: Flask, deed: Callable[[Connection], object]) -> None:
    """What somebody with the database in their hands does: the guards go first."""
    with app.app_context():
        engine = db.engine
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            for statement in unguard(engine):
                connection.execute(text(statement))
            deed(connection)


def unguard(engine: Engine) -> list[str]:
    if engine.dialect.name == "sqlite":
        return ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"]
    return ["ALTER TABLE audit DISABLE TRIGGER ALL"]


def test_an_untouched_chain_holds(chain: Flask) -> None:
    with chain.app_context():
        report = audit.verify(db.engine, chain.extensions["settings"].data_dir, KEY)
    assert (report.rows, report.problems) == (10, [])


def test_an_empty_chain_holds(app: Flask) -> None:
    assert problems(app) == []


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(update(AuditRow).where(AuditRow.seq == 5).values(subject="licence:99"), id="update"),
        pytest.param(delete(AuditRow).where(AuditRow.seq == 5), id="delete"),
        pytest.param(delete(AuditRow), id="delete all"),
    ],
)
def test_the_database_itself_refuses(chain: Flask, deed: object) -> None:
    with chain.app_context(), pytest.raises(DBAPIError, match="the audit is insert-only"), work(Actor("account:1")) as w:
        w.connection.execute(deed)  # type: ignore[call-overload]
    assert problems(chain) == []


def test_postgresql_refuses_truncate_too(chain: Flask) -> None:
    with chain.app_context():
        if db.engine.dialect.name == "sqlite":
            return  # SQLite has no TRUNCATE
        with pytest.raises(DBAPIError, match="the audit is insert-only"), work(Actor("account:1")) as w:
            w.connection.execute(text("TRUNCATE audit"))


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "licence:99"}, {"actor": "account:99"}, {"origin": "elsewhere"}, {"event": "licence.revoked"}, {"result": "refused"},
        {"detail": "{}"}, {"at": TickingClock.now}, {"previous": bytes(32)}, {"hash": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_row_is_found(chain: Flask, clock: TickingClock, change: dict[str, object]) -> None:
    values = {name: value(clock) if callable(value) else value for name, value in change.items()}
    tamper(chain, lambda c: c.execute(update(AuditRow).where(AuditRow.seq == 5).values(**values)))
    assert any("row 5" in problem for problem in problems(chain))


def test_a_deleted_row_is_found(chain: Flask) -> None:
    tamper(chain, lambda c: c.execute(delete(AuditRow).where(AuditRow.seq == 5)))
    assert any("5" in problem for problem in problems(chain))


def test_a_deleted_first_row_is_found(chain: Flask) -> None:
    tamper(chain, lambda c: c.execute(delete(AuditRow).where(AuditRow.seq == 1)))
    assert problems(chain)


def test_an_inserted_row_is_found(chain: Flask) -> None:
    def push_in(connection: Connection) -> None:
        row = connection.execute(select(AuditRow.__table__).where(AuditRow.seq == 10)).one()._asdict()
        connection.execute(insert(AuditRow).values(row | {"seq": 11, "subject": "licence:11"}))

    tamper(chain, push_in)
    assert problems(chain)


def test_a_row_that_is_inserted_with_a_right_hash_is_found(chain: Flask) -> None:
    def forge(connection: Connection) -> None:
        row = connection.execute(select(AuditRow.__table__).where(AuditRow.seq == 10)).one()
        digest = audit.link(row.hash, 11, row.at, row.actor, row.origin, row.event, "licence:11", row.result, row.detail)
        forged = {"seq": 11, "subject": "licence:11", "previous": row.hash, "hash": digest}
        connection.execute(insert(AuditRow).values(row._asdict() | forged))

    tamper(chain, forge)
    assert problems(chain)


def cut(connection: Connection, last: int) -> None:
    """Cut the tail after ``last`` and mend the head, so that the database alone looks whole."""
    connection.execute(delete(AuditRow).where(AuditRow.seq > last))
    row = connection.execute(select(AuditRow.hash).where(AuditRow.seq == last)).one()
    connection.execute(update(AuditHead).values(seq=last, hash=row.hash))


def test_a_cut_tail_is_found_by_the_head(chain: Flask) -> None:
    tamper(chain, lambda c: c.execute(delete(AuditRow).where(AuditRow.seq > 9)))
    assert problems(chain)


def test_a_cut_tail_with_a_mended_head_is_found_by_the_checkpoint(chain: Flask) -> None:
    tamper(chain, lambda c: cut(c, 6))
    assert any("8" in problem for problem in problems(chain))


def test_an_emptied_audit_is_found_by_the_checkpoint(chain: Flask) -> None:
    def empty(connection: Connection) -> None:
        connection.execute(delete(AuditRow))
        connection.execute(delete(AuditHead))

    tamper(chain, empty)
    assert problems(chain)


def test_a_chain_that_is_written_anew_is_found_by_the_checkpoint(chain: Flask) -> None:
    def rewrite(connection: Connection) -> None:
        rows = connection.execute(select(AuditRow.__table__).order_by(AuditRow.seq)).all()
        connection.execute(delete(AuditRow))
        previous = audit.START
        for row in rows:
            subject = "licence:99" if row.seq == 2 else row.subject
            digest = audit.link(previous, row.seq, row.at, row.actor, row.origin, row.event, subject, row.result, row.detail)
            connection.execute(insert(AuditRow).values(row._asdict() | {"subject": subject, "previous": previous, "hash": digest}))
            previous = digest
        connection.execute(update(AuditHead).values(hash=previous))

    tamper(chain, rewrite)
    assert any("8" in problem for problem in problems(chain))


def checkpoints(app: Flask) -> Path:
    path: Path = app.extensions["settings"].data_dir / "audit-checkpoints.jsonl"
    return path


def test_a_checkpoint_of_somebody_else_is_found(chain: Flask) -> None:
    path = checkpoints(chain)
    record = json.loads(path.read_text("ascii"))
    path.write_text(json.dumps(record | {"head": record["head"].replace("8:", "7:", 1)}) + "\n", "ascii")
    assert problems(chain)


@pytest.mark.parametrize("line", ["not json", "{}", "[]", '{"head": "x", "signature": "y"}'])
def test_a_damaged_checkpoint_is_named_and_does_not_stop_the_walk(chain: Flask, line: str) -> None:
    path = checkpoints(chain)
    path.write_text(path.read_text("ascii") + line + "\n", "ascii")
    with chain.app_context():
        report = audit.verify(db.engine, chain.extensions["settings"].data_dir, KEY)
    assert report.rows == 10
    assert len(report.problems) == 1
    assert "2" in report.problems[0]


def test_a_checkpoint_is_signed_only_when_the_head_moved(chain: Flask) -> None:
    with chain.app_context():
        run_sweeps()
        run_sweeps()
    assert len(checkpoints(chain).read_text("ascii").splitlines()) == 2


def test_the_command_says_whether_the_chain_holds(chain: Flask) -> None:
    runner = chain.test_cli_runner()
    good = runner.invoke(args=["audit", "verify", "--json"])
    assert (good.exit_code, json.loads(good.output)) == (0, {"ok": True, "rows": 10, "problems": []})
    tamper(chain, lambda c: cut(c, 6))
    bad = runner.invoke(args=["audit", "verify", "--json"])
    answer = json.loads(bad.output)
    assert (bad.exit_code, answer["ok"], answer["rows"]) == (1, False, 6)
    assert runner.invoke(args=["audit", "verify"]).exit_code == 1
