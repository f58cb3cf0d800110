"""The cast: an operator, two partners, and somebody in every role.

``owner`` sits exams for 华信通服, ``colleague`` works there too, ``stranger``
works for 远诚网络; ``nobody`` is a browser that never signed in. Every door is
proved with these four. Rows are written with Core, because each test hires
the whole company.
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Table, insert, select
from werkzeug.test import TestResponse

from certification.actions.seed import keep_pack
from certification.pack import parse
from foundation.work import SYSTEM, Work, work
from people.login import SESSION_LENGTH, new_token, token_hash
from people.password import normal
from people.permission import Role
from people.tables import Account, Contract, LoginSession, Partner, Person, RosterEntry

PASSWORD = "一句好记的长口令-2026-测试"
# The app verifies whatever parameters a hash names; these cost next to nothing.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(normal(PASSWORD))
SHANGHAI = ZoneInfo("Asia/Shanghai")

COMPANIES = {"OPERATOR": ("运营商", "operator"), "P01": ("华信通服", "partner"), "P02": ("远诚网络", "partner")}
CONTRACTS = {"C01": "P01", "C02": "P02"}
MEMBERS: dict[str, tuple[str, str, str, list[Role]]] = {
    "owner": ("S0001", "王建国", "P01", [Role.CANDIDATE]),
    "colleague": ("S0002", "李晓梅", "P01", [Role.CANDIDATE]),
    "stranger": ("S0101", "赵志强", "P02", [Role.CANDIDATE]),
    "coordinator": ("S0003", "陈立新", "P01", [Role.COORDINATOR]),
    "other_coordinator": ("S0102", "孙丽华", "P02", [Role.COORDINATOR]),
    "trainer": ("T0001", "周文静", "OPERATOR", [Role.TRAINER]),
    "other_trainer": ("T0002", "吴海涛", "OPERATOR", [Role.TRAINER]),
    "third_trainer": ("T0003", "唐若水", "OPERATOR", [Role.TRAINER]),
    "officer": ("E0001", "郑秀英", "OPERATOR", [Role.OFFICER]),
    "other_officer": ("E0002", "冯国栋", "OPERATOR", [Role.OFFICER]),
    "rater": ("R0001", "褚思远", "OPERATOR", [Role.RATER]),
    "other_rater": ("R0002", "魏知秋", "OPERATOR", [Role.RATER]),
    "third_rater": ("R0003", "陶望舒", "OPERATOR", [Role.RATER]),
    "decider": ("D0001", "卫东明", "OPERATOR", [Role.DECIDER]),
    "other_decider": ("D0002", "蒋雪峰", "OPERATOR", [Role.DECIDER]),
    "hr": ("H0001", "沈佳怡", "OPERATOR", [Role.HR]),
    "auditor": ("A0001", "韩一鸣", "OPERATOR", [Role.AUDITOR]),
    "admin": ("M0001", "杨立功", "OPERATOR", [Role.ADMIN]),
}


@dataclass(frozen=True)
class Member:
    """One of the cast: the ids that rows refer to."""

    username: str
    staff_no: str
    name: str
    partner: str
    roles: tuple[Role, ...]
    person_id: int
    account_id: int


class Cast:
    """``cast.owner.person_id``, ``cast["owner"]``; companies and contracts by code in ``partners`` and ``contracts``."""

    def __init__(self, members: dict[str, Member], partners: dict[str, int], contracts: dict[str, int]) -> None:
        self.members = members
        self.partners = partners
        self.contracts = contracts

    def __getitem__(self, name: str) -> Member:
        return self.members[name]

    def __getattr__(self, name: str) -> Member:
        try:
            return self.members[name]
        except KeyError:
            raise AttributeError(f"nobody in the cast is called {name!r}; there are {', '.join(MEMBERS)}") from None

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members.values())

    def with_role(self, role: Role) -> Member:
        """The first who holds ``role``."""
        return next(member for member in self if role in member.roles)


class Visitor(FlaskClient):
    """A browser; ``post`` and ``send`` carry the CSRF token as a page of ours would."""

    def form(self, url: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Submit a form."""
        return self.post(url, data={"csrf_token": csrf_token(self), **(data or {})}, **more)

    def send(self, method: str, url: str, json: Any = None, **more: Any) -> TestResponse:
        """A JSON request from a page's script."""
        return self.open(url, method=method, json=json, headers={**headers(self), **more.pop("headers", {})}, **more)


def visitor(app: Flask) -> Visitor:
    """A browser that has not signed in."""
    return Visitor(app, app.response_class, use_cookies=True)


def csrf_token(client: FlaskClient) -> str:
    """The token that a page shown to this browser would carry."""
    with client.session_transaction() as session:
        raw = session.setdefault("csrf_token", hashlib.sha1(secrets.token_bytes(32)).hexdigest())
    return str(URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token").dumps(raw))


def headers(client: FlaskClient) -> dict[str, str]:
    """What a page's script sends beside the cookie."""
    return {"X-CSRFToken": csrf_token(client)}


def post(client: FlaskClient, url: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
    """Submit a form from any test client, with its token."""
    return client.post(url, data={"csrf_token": csrf_token(client), **(data or {})}, **more)


def hire(app: Flask) -> Cast:
    """Write the whole company and answer its ids."""
    with app.app_context(), work(SYSTEM) as w:
        partners = _keep(w, Partner, [{"code": code, "name": name, "kind": kind} for code, (name, kind) in COMPANIES.items()])
        contracts = _keep(w, Contract, [
            {"code": code, "title": f"{COMPANIES[partner][0]}驻点服务合同", "partner_id": partners[partner], "state": "running",
             "starts": datetime(2026, 1, 1, tzinfo=SHANGHAI), "ends": datetime(2027, 7, 1, tzinfo=SHANGHAI), "programmes": []}
            for code, partner in CONTRACTS.items()
        ])
        people = _keep(w, Person, [
            {"staff_no": no, "name": name, "partner_id": partners[partner], "city": "杭州"} for no, name, partner, _ in MEMBERS.values()
        ], "staff_no")
        accounts = _keep(w, Account, [
            {"username": username, "person_id": people[no], "password_hash": PASSWORD_HASH, "one_time": False,
             "roles": [str(role) for role in roles], "created": w.now}
            for username, (no, _, _, roles) in MEMBERS.items()
        ], "username")
        w.connection.execute(insert(RosterEntry), [
            {"contract_id": contracts[code], "person_id": people[no], "starts": datetime(2026, 1, 1, tzinfo=SHANGHAI)}
            for code, company in CONTRACTS.items() for no, _, partner, _ in MEMBERS.values() if partner == company
        ])
    members = {
        username: Member(username, no, name, partner, tuple(roles), people[no], accounts[username])
        for username, (no, name, partner, roles) in MEMBERS.items()
    }
    return Cast(members, partners, contracts)


def _keep(w: Work, table: Any, rows: list[dict[str, Any]], code: str = "code") -> dict[str, int]:
    columns: Table = table.__table__
    w.connection.execute(insert(columns), rows)
    wanted = [row[code] for row in rows]
    found = w.connection.execute(select(columns.c[code], columns.c.id).where(columns.c[code].in_(wanted)))
    return {row[0]: row[1] for row in found}


def sign_in(app: Flask, cast: Cast, name: str, length: timedelta = SESSION_LENGTH) -> Visitor:
    """That person's browser: a session row of its own, and the cookie that names it."""
    token = new_token()
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(insert(LoginSession.__table__).values(
            token_hash=token_hash(token), account_id=cast[name].account_id, created=w.now, expires=w.now + length, device="test"
        ))
    client = visitor(app)
    with client.session_transaction() as session:
        session.permanent = True
        session["_user_id"], session["_fresh"] = token, True
    return client


def seed(app: Flask, document: dict[str, Any]) -> dict[str, Any]:
    """Keep a document in the format of ``flask seed``; answers ids by code."""
    with app.app_context():
        return dict(keep_pack(parse(document), SYSTEM, SHANGHAI).ids)
