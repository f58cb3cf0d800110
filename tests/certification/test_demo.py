"""The demonstration company: in every role and every standing, with something to do, and a sound record of it all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from certification.actions import demo
from certification.actions.licences import doctor_spans
from certification.store import home, standings
from certification.tables import DispatchDecision
from foundation import audit
from foundation.clock import TickingClock
from foundation.database import db
from people.permission import Role
from people.tables import Account
from tests.conftest import START
from tests.databases import Databases, make_app

pytestmark = pytest.mark.xdist_group("demo")
STANDINGS = ("active", "expiring", "expired", "suspended", "revoked", "none")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[str]:
    """The shipped content and the demonstration, loaded once; each test has a copy."""
    folder = tmp_path_factory.mktemp("demo")
    url = databases.fresh(folder)
    clock = TickingClock(START)
    app = make_app(folder, url, clock)
    assert app.test_cli_runner().invoke(args=["content", "load"]).exit_code == 0
    with app.app_context():
        demo.load("demonstration-password", clock.now(), app.extensions["settings"].timezone, lambda _code: None)
        db.engine.dispose()
    yield databases.template_of(folder, url)
    databases.drop(url)


@pytest.fixture
def company(tmp_path: Path, databases: Databases, filled: str, clock: TickingClock) -> Iterator[Flask]:
    """The app on a copy of the demonstration."""
    url = databases.fresh(tmp_path, filled)
    app = make_app(tmp_path, url, clock)
    yield app
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


def test_somebody_is_in_every_role_and_every_standing(company: Flask, clock: TickingClock) -> None:
    with company.app_context():
        figures = standings.figures(db.session, clock.now(), None, 60)
        roles = {role for account in db.session.scalars(select(Account)) for role in account.roles}
    assert all(figures[name] > 0 for name in STANDINGS), figures
    assert roles == {role.value for role in Role}


def test_there_is_something_to_do_for_officer_decider_trainer_and_candidate(company: Flask, clock: TickingClock) -> None:
    with company.app_context():
        person = db.session.scalars(select(Account.person_id).where(Account.username == "candidate")).one()
        trainer = db.session.scalars(select(Account.id).where(Account.username == "trainer")).one()
        assert home.next_sitting(db.session, person, clock.now()) is not None
        assert home.sittings_to_release(db.session, clock.now())
        assert home.pending_decisions(db.session)[0] > 0
        second = db.session.scalars(select(Account.id).where(Account.username == "trainer2")).one()
        assert home.writing(db.session, trainer)["to_review"] == 1, "the other one waits for a second reviewer: this one approved it"
        assert home.writing(db.session, second)["to_review"] == 1
        assert home.writing(db.session, trainer)["remarked"] == 1


def test_the_record_of_the_past_holds(company: Flask) -> None:
    """The past is lived through in local time; its deeds must still hash to what the database gives back."""
    settings = company.extensions["settings"]
    with company.app_context():
        report = audit.verify(db.engine, settings.data_dir, settings.secret_key)
        assert report.problems == []
        assert report.rows > 100
        assert doctor_spans(db.session) == []


def test_the_log_can_say_why_w17_was_refused(company: Flask) -> None:
    with company.app_context():
        row = db.session.scalars(select(DispatchDecision).where(DispatchDecision.visit == "W-17")).one()
    assert row.allowed is False
    assert "no_excellent" in str(row.answer)


def test_it_is_only_for_an_empty_database(company: Flask) -> None:
    refused = company.test_cli_runner().invoke(args=["demo"])
    assert refused.exit_code == 1
    assert "only for an empty database" in refused.output
    with company.app_context():
        before = db.session.scalar(select(func.count()).select_from(Account))
    assert company.test_cli_runner().invoke(args=["demo", "--if-empty"]).exit_code == 0
    with company.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == before
