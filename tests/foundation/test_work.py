"""A unit of work keeps everything or nothing, and its refusals too."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditHead, AuditRow, OutboxRow
from foundation.work import SYSTEM, Actor, work
from people.tables import Partner
from tests.conftest import START


def count(table: type) -> int:
    found = db.session.scalar(select(func.count()).select_from(table)) or 0
    db.session.remove()
    return found


def partner(code: str) -> Partner:
    return Partner(code=code, name="公司", kind="partner")


def test_a_normal_return_keeps_rows_audit_and_what_is_to_come(app: Flask) -> None:
    with app.app_context():
        with work(Actor("account:7", 7, "abc")) as w:
            w.session.add(partner("P01"))
            w.record("partner.kept", "partner:P01", contracts=2)
            w.later("mail", {"to": 7})
        row = db.session.scalars(select(AuditRow)).one()
        assert (row.seq, row.at, row.actor, row.origin) == (1, START, "account:7", "abc")
        assert (row.event, row.subject, row.result, row.detail) == ("partner.kept", "partner:P01", "done", '{"contracts": 2}')
        assert count(Partner) == 1
        waiting = db.session.scalars(select(OutboxRow)).one()
        assert (waiting.task, waiting.payload, waiting.due, waiting.tries, waiting.done) == ("mail", {"to": 7}, START, 0, None)


def test_an_exception_leaves_nothing(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError, match="broken"), work(SYSTEM) as w:
            w.session.add(partner("P01"))
            w.session.flush()
            w.record("partner.kept", "partner:P01")
            w.later("mail", {})
            raise RuntimeError("broken")
        assert (count(Partner), count(AuditRow), count(AuditHead), count(OutboxRow)) == (0, 0, 0, 0)


def test_what_the_database_refuses_at_the_end_leaves_nothing(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(IntegrityError), work(SYSTEM) as w:
            w.record("partner.kept", "partner:P01")
            w.session.add_all([partner("P01"), partner("P01")])
        assert (count(Partner), count(AuditRow)) == (0, 0)
        with work(SYSTEM) as w:  # and the door is open again
            w.session.add(partner("P01"))
        assert count(Partner) == 1


def test_a_refusal_that_returns_keeps_its_audit_row(app: Flask) -> None:
    def refuse() -> str:
        with work(SYSTEM) as w:
            w.record("sitting.start", "sitting:1", "refused", code="closed")
            return "closed"

    with app.app_context():
        assert refuse() == "closed"
        assert db.session.scalars(select(AuditRow.result)).all() == ["refused"]


def test_a_second_unit_of_work_inside_the_first_is_refused(app: Flask) -> None:
    with app.app_context():
        with work(SYSTEM) as w:
            w.session.add(partner("P01"))
            with pytest.raises(RuntimeError, match="unit of work is open"), work(SYSTEM):
                pass
        assert count(Partner) == 1


def test_the_instant_is_the_requests_unless_another_is_given(app: Flask, clock: TickingClock) -> None:
    later = datetime(2027, 1, 1, tzinfo=UTC)
    with app.app_context():
        with work(SYSTEM, later) as w:
            assert w.now == later
        clock.tick(hours=1)
        with work(SYSTEM) as w:
            assert w.now == START + timedelta(hours=1)


def test_session_and_connection_are_one_transaction(app: Flask) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.add(partner("P01"))
        w.session.flush()
        assert w.connection.scalar(select(func.count()).select_from(Partner)) == 1


def test_a_savepoint_keeps_an_expected_clash_small(app: Flask) -> None:
    with app.app_context():
        with work(SYSTEM) as w:
            w.session.add(partner("P01"))
            w.session.flush()
            with pytest.raises(IntegrityError), w.session.begin_nested():
                w.session.add(partner("P01"))
                w.session.flush()
            w.session.add(partner("P02"))
        assert count(Partner) == 2


def test_a_naive_instant_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(Exception, match="an instant needs a time zone"), work(SYSTEM) as w:
        w.later("mail", {}, datetime(2027, 1, 1))


def test_instants_keep_their_microseconds(app: Flask) -> None:
    exact = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)
    with app.app_context():
        with work(SYSTEM) as w:
            w.later("mail", {}, exact)
        assert db.session.scalars(select(OutboxRow.due)).one() == exact
