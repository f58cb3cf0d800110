"""Every door against ``tests/authorization.yaml``: whoever may not is kept out, whoever may is let in, nothing is forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from ruamel.yaml import YAML
from sqlalchemy import update
from werkzeug.test import TestResponse

from foundation.clock import TickingClock
from foundation.database import db
from foundation.web import JSON_DOORS
from foundation.work import SYSTEM, work
from people.permission import Permission, Role, allowed
from people.tables import Account
from tests import cast as players
from tests.cast import MEMBERS, Cast, Visitor
from tests.conftest import START
from tests.databases import Databases, make_app
from tests.world import KEYS, build

FILE = Path(__file__).with_name("authorization.yaml")
NOBODY = "nobody"
SILENT = {"HEAD", "OPTIONS"}
MISSING = {"int": "999999", "": "nothing-of-that-name"}


@dataclass(frozen=True)
class Door:
    """One route under one method, and what the file says of it."""

    rule: str
    method: str
    needs: str
    at: dict[str, str]
    send: dict[str, Any]
    answers: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def json(self) -> bool:
        return self.rule.startswith(JSON_DOORS)

    def path(self, world: dict[str, Any]) -> str:
        """The address of what ``at`` names in the world."""
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(world[self.at[found[1]]]), self.rule)

    def missing(self) -> str:
        """An address of the same shape that leads to nothing."""
        return re.sub(r"<(?:(\w+):)?\w+>", lambda found: MISSING[found[1] or ""], self.rule)

    def holders(self) -> list[str]:
        """Who of the cast may knock."""
        return [name for name, (_, _, _, roles) in MEMBERS.items() if allowed(roles, Permission(self.needs))]

    def answer(self, name: str) -> Any:
        """What ``name``, who may knock, is to meet."""
        default = 200 if self.method == "GET" and not self.at else "in"
        return self.answers.get(name, self.answers.get("others", default))


@cache
def doors() -> list[Door]:
    found = []
    for rule, entry in YAML(typ="safe").load(FILE).items():
        at, send = dict(entry.pop("at", {})), dict(entry.pop("send", {}))
        for method, said in entry.items():
            needs = said.pop("needs")
            found.append(Door(rule, method, needs, at, send, dict(said)))
    return found


PUBLIC = [door for door in doors() if door.needs == "public"]
KEYED = [door for door in doors() if door.needs.startswith("key:")]
GUARDED = [door for door in doors() if door not in PUBLIC and door not in KEYED]


def each(found: list[Door]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("door", found, ids=str)


# The file itself


def routes(app: Flask) -> set[tuple[str, str, str]]:
    """Route, method and what its view needs, as the app has them."""
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        permission = getattr(app.view_functions[rule.endpoint], "permission", "not marked")
        found |= {(rule.rule, method, str(permission or "public")) for method in (rule.methods or set()) - SILENT}
    return found


def test_every_view_says_who_may_come_in(app: Flask) -> None:
    unmarked = sorted({rule for rule, _, needs in routes(app) if needs == "not marked"})
    assert not unmarked, f"{', '.join(unmarked)}: put @requires(Permission.…), @requires_key(…) or @public directly below the route."


def test_the_file_lists_every_door_as_it_is(app: Flask) -> None:
    there, listed = routes(app), {(door.rule, door.method, door.needs) for door in doors()}
    wrong = [
        f"{method} {rule} needs {needs}: write it into {FILE.name} with what the cast meets there."
        for rule, method, needs in there - listed
    ]
    wrong += [
        f"{method} {rule} with {needs} stands in {FILE.name}, but no view is like that: take it out or mend it."
        for rule, method, needs in listed - there
    ]
    assert not wrong, "\n" + "\n".join(sorted(wrong))


def test_the_file_names_only_what_is_known() -> None:
    wrong = []
    for door in doors():
        parameters = set(re.findall(r"<(?:\w+:)?(\w+)>", door.rule))
        if parameters != set(door.at):
            wrong.append(f"{door}: `at` names {sorted(door.at)}, the route takes {sorted(parameters)}.")
        wrong += [f"{door}: nobody in the cast is called {name}." for name in door.answers if name not in {*MEMBERS, "others", NOBODY}]
        if door in GUARDED:
            unable = [name for name in door.answers if name in MEMBERS and name not in door.holders()]
            wrong += [f"{door}: {name} lacks {door.needs} and gets 403 without being named." for name in unable]
            if parameters and "others" not in door.answers:
                wrong += [f"{door}: say what {name} meets, or what `others` do." for name in door.holders() if name not in door.answers]
    assert not wrong, "\n" + "\n".join(wrong)


# The doors


@pytest.fixture(scope="module")
def template(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Cast, dict[str, Any]]]:
    """The world, made once; each test gets a copy that it may ruin."""
    folder = tmp_path_factory.mktemp("world")
    url = databases.fresh(folder)
    app = make_app(folder, url, TickingClock(START))
    cast = players.hire(app)
    world = build(app, cast)
    with app.app_context():
        db.engine.dispose()
    yield databases.template_of(folder, url), cast, world
    databases.drop(url)


@pytest.fixture
def place(databases: Databases, tmp_path: Path, template: tuple[str, Cast, dict[str, Any]]) -> Iterator["Place"]:
    """The world as it was made, and a way to knock."""
    yield from _open(databases, tmp_path, template)


@pytest.fixture(scope="module")
def shared_place(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, template: tuple[str, Cast, dict[str, Any]]
) -> Iterator["Place"]:
    """The same for those who are turned away, and so change nothing."""
    yield from _open(databases, tmp_path_factory.mktemp("shared"), template)


def _open(databases: Databases, folder: Path, template: tuple[str, Cast, dict[str, Any]]) -> Iterator["Place"]:
    name, cast, world = template
    url = databases.fresh(folder, name)
    app = make_app(folder, url, TickingClock(START))
    yield Place(app, cast, world)
    with app.app_context():
        db.engine.dispose()
    databases.drop(url)


@dataclass
class Place:
    """An app in which everything exists."""

    app: Flask
    cast: Cast
    world: dict[str, Any]

    browsers: dict[str, Visitor] = field(default_factory=dict)

    def knock(self, door: Door, name: str, path: str = "", key: str = "") -> TestResponse:
        """A request of ``name`` at the door, with a good token."""
        if name not in self.browsers:
            self.browsers[name] = players.visitor(self.app) if name == NOBODY else players.sign_in(self.app, self.cast, name)
        client = self.browsers[name]
        where = path or door.path(self.world)
        more = {"headers": {"Authorization": f"Bearer {key}"}} if key else {}
        if door.method == "GET":
            return client.get(where, **more)
        if door.json:
            return client.send(door.method, where, json=door.send, **more)
        return client.form(where, door.send)


def judge(door: Door, name: str, wanted: Any, answer: TestResponse) -> list[str]:
    """A sentence when the answer is not the one that is wanted."""
    status = answer.status_code
    sent_away = status == 302 and "/login" in answer.headers.get("Location", "") and name != NOBODY and not door.rule.startswith("/logout")
    fine = status < 500 and status not in {400, 401, 403, 404} and not sent_away if wanted == "in" else status == wanted
    return [] if fine else [f"{door}: {name} is to meet {wanted} and met {status}."]


def report(found: list[str]) -> None:
    assert not found, "\n" + "\n".join(found)


@each(GUARDED)
def test_nobody_is_sent_to_sign_in(shared_place: Place, door: Door) -> None:
    answer = shared_place.knock(door, NOBODY)
    if door.json:
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "unauthenticated")
        return
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login")


@each(GUARDED)
def test_a_wrong_role_is_refused_before_anything_is_looked_up(shared_place: Place, door: Door) -> None:
    holders = set(door.holders())
    outside = [name for name in MEMBERS if name not in holders]
    tries = [(name, path) for name in outside for path in ("", door.missing())]
    report([line for name, path in tries for line in judge(door, name, 403, shared_place.knock(door, name, path))])


@each(GUARDED)
def test_whoever_may_meets_what_the_file_says(place: Place, door: Door) -> None:
    named = [name for name in door.holders() if door.answer(name) == 404] + [name for name in door.holders() if door.answer(name) != 404]
    report([line for name in named for line in judge(door, name, door.answer(name), place.knock(door, name))])


@each([door for door in GUARDED if door.at])
def test_what_does_not_exist_is_not_found(shared_place: Place, door: Door) -> None:
    report([line for name in door.holders() for line in judge(door, name, 404, shared_place.knock(door, name, door.missing()))])


@each(PUBLIC)
def test_a_public_door_is_open_to_nobody(place: Place, door: Door) -> None:
    report(judge(door, NOBODY, door.answer(NOBODY), place.knock(door, NOBODY)))


@each(KEYED)
def test_a_keyed_door_opens_to_its_key_alone(place: Place, door: Door) -> None:
    scope = door.needs.partition(":")[2]
    for key in ("", "wrong", KEYS[scope] + "x"):
        answer = place.knock(door, NOBODY, key=key)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "unauthenticated")
    report(judge(door, NOBODY, "in", place.knock(door, NOBODY, key=KEYS[scope])))
    assert place.knock(door, "admin").status_code == 401, "a session is no key"


def test_a_one_time_password_opens_nothing_but_its_change(place: Place) -> None:
    with place.app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Account).values(one_time=True))
    for door in GUARDED:
        if door.method == "GET" and not door.at and door.rule != "/account/password":
            name = door.holders()[0]
            answer = place.knock(door, name)
            if door.json:
                assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "password_change"), str(door)
            else:
                assert (answer.status_code, answer.headers["Location"]) == (302, "/account/password"), str(door)


def test_a_closed_account_is_nobody(place: Place) -> None:
    client = players.sign_in(place.app, place.cast, "owner")
    assert client.get("/").status_code == 200
    with place.app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Account).values(closed=w.now))
    assert client.get("/").status_code == 302


def test_a_role_that_is_taken_away_closes_its_doors_at_once(place: Place) -> None:
    client = players.sign_in(place.app, place.cast, "hr")
    assert client.get("/partners").status_code == 200
    with place.app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Account).values(roles=[Role.RATER]))
    assert client.get("/partners").status_code == 403
