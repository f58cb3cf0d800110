"""Fixtures that every test shares: an app on a fresh database, a clock to tick, a cast to sign in.

``--database`` chooses where they run. A test that asks for a database is
marked ``database`` by itself, so that the second run, on PostgreSQL, repeats
those and not the pure rules. ``make test`` does both.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from foundation.clock import TickingClock
from foundation.database import db
from tests import cast as players
from tests.cast import PASSWORD, Cast, Visitor
from tests.databases import Databases, PostgresDatabases, SqliteDatabases, Unavailable, make_app, postgres

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
WITHOUT = "CHIZHENG_WITHOUT_POSTGRESQL"
# The same examples each time and no deadline: a run must not depend on luck or on who else uses the machine.
hypothesis.settings.register_profile("chizheng", deadline=None, derandomize=True)
hypothesis.settings.load_profile("chizheng")
__all__ = ["PASSWORD", "START"]

_socket = pytest.StashKey[str]()
_missing = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--database`` and the axes of ``make sweep``."""
    group = parser.getgroup("chizheng")
    group.addoption("--database", choices=["sqlite", "postgresql"], default=os.environ.get("CHIZHENG_TEST_DATABASE", "sqlite"))
    group.addoption("--sweep", action="store_true", help="browser sweep in all languages and themes instead of one")
    group.addoption("--histories", type=int, default=3, help="seeded histories of the exam room that are played in a browser")


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once for the run, in the process that hands out the tests."""
    if config.getoption("database") != "postgresql" or config.option.collectonly:
        return
    inherited = getattr(config, "workerinput", None)
    if inherited is not None:
        config.stash[_socket], config.stash[_missing] = inherited["socket"], inherited["missing"]
        return
    stack = contextlib.ExitStack()
    config.add_cleanup(stack.close)
    config.stash[_socket], config.stash[_missing] = "", ""
    try:
        config.stash[_socket] = stack.enter_context(postgres())
    except Unavailable as error:
        if not os.environ.get(WITHOUT):
            pytest.exit(f"No PostgreSQL to test on: {error}. Install one, or set {WITHOUT}=1 to go without.", returncode=3)
        config.stash[_missing] = str(error)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each xdist worker where the server listens."""
    node.workerinput["socket"] = node.config.stash.get(_socket, "")
    node.workerinput["missing"] = node.config.stash.get(_missing, "")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark by what a test asks for; the browser's tests stay together, because they share one server."""
    missing = config.stash.get(_missing, "")
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if "databases" in asked:
            item.add_marker(pytest.mark.database)
            if missing:
                item.add_marker(pytest.mark.skip(reason=f"no PostgreSQL: {missing}"))
        if "chromium" in asked:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say loudly what was not proved."""
    if reason := config.stash.get(_missing, ""):
        terminalreporter.section("NOT RUN ON POSTGRESQL", sep="!", red=True, bold=True)
        terminalreporter.line(f"{WITHOUT} is set, and {reason}. Nothing here was proved on PostgreSQL.")


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Where fresh databases come from; asking for it makes a test run on both."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    if request.config.getoption("database") == "postgresql":
        return PostgresDatabases(shared, request.config.stash[_socket])
    return SqliteDatabases(shared)


@pytest.fixture
def clock() -> TickingClock:
    """A clock that stands at START until a test ticks it."""
    return TickingClock(START)


@pytest.fixture
def app(tmp_path: Path, databases: Databases, clock: TickingClock) -> Iterator[Flask]:
    """The application on a fresh database, with its context pushed only where a test asks."""
    url = databases.fresh(tmp_path)
    app = make_app(tmp_path, url, clock)
    yield app
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


@pytest.fixture
def client(app: Flask) -> Visitor:
    """Nobody's browser."""
    return players.visitor(app)


@pytest.fixture
def cast(app: Flask) -> Cast:
    """A small company and its partners, somebody in every role; see ``tests/cast.py``."""
    return players.hire(app)


@pytest.fixture
def sign_in(app: Flask, cast: Cast) -> Callable[[str], Visitor]:
    """``sign_in("owner")``: that person's browser, signed in without the cost of a password."""
    return lambda name: players.sign_in(app, cast, name)


@pytest.fixture
def seed(app: Flask) -> Callable[[dict[str, Any]], dict[str, int]]:
    """Load a document in the format of ``flask seed``; answers ids by code."""
    return lambda document: players.seed(app, document)


@pytest.fixture
def nobody(client: FlaskClient) -> FlaskClient:
    """The fourth of the cast: a browser that never signed in."""
    return client
