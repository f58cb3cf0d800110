"""Telling others of a change: what is sent, that it is signed, where it may not go, and that it is tried again."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certification.actions import webhooks as actions
from certification.actions.licences import NewEvent, append_event
from certification.tables import Licence, Webhook, WebhookDelivery
from certification.webhook import AddressProblem, address_problem, event_key, genuine, message, next_try, signature
from foundation.clock import TickingClock
from foundation.database import db
from foundation.outgoing import Forbidden, Reply, is_outside, post, reachable
from foundation.work import SYSTEM, Actor, work
from foundation.worker import drain_outbox
from tests.cast import Cast, Visitor
from tests.certification.holders import granted, stage
from tests.conftest import START

SignIn = Callable[[str], Visitor]
SECRET = "whsec_only-for-tests-0123456789"
MINUTE = timedelta(minutes=1)


@dataclass
class Listener:
    """A machine that is told: what came, and what it answers."""

    url: str = ""
    status: int = 200
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def types(self) -> list[str]:
        return [json.loads(body)["type"] for _headers, body in self.came]


@pytest.fixture
def listener() -> Iterator[Listener]:
    kept = Listener()

    class Door(BaseHTTPRequestHandler):
        """Takes what comes."""

        def do_POST(self) -> None:
            kept.came.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(kept.status)
            if kept.status == 302:
                self.send_header("Location", kept.url + "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_parts: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    kept.url = f"http://127.0.0.1:{server.server_port}/told?from=chizheng"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()


def hook(app: Flask, cast: Cast, url: str) -> int:
    with app.app_context(), work(Actor("account:1", cast.admin.account_id)) as w:
        return actions.add(w, "派单系统", url, SECRET)


def happens(app: Flask, number: str, kind: str) -> None:
    with app.app_context():
        with work(SYSTEM) as w:
            licence_id = w.session.scalars(select(Licence.id).where(Licence.number == number)).one()
            append_event(w, licence_id, NewEvent(kind, w.now, reason="核实"))
        drain_outbox()


def sweep(app: Flask, clock: TickingClock) -> int:
    with app.app_context():
        return actions.sweep_standings(clock.now())


def rows(app: Flask) -> list[WebhookDelivery]:
    with app.app_context():
        return list(db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def test_a_suspension_is_told_at_once_and_signed(app: Flask, cast: Cast, listener: Listener, clock: TickingClock) -> None:
    number = stage(app, cast, owner=[granted()])["owner"]
    hook(app, cast, listener.url)
    clock.tick(hours=1)
    happens(app, number, "suspended")
    headers, body = listener.came[0]
    said = json.loads(body)
    assert (said["type"], headers["Chizheng-Event"], headers["Chizheng-Id"]) == ("standing.changed", "standing.changed", said["id"])
    assert said["data"] == {
        "licence": number, "staff_no": "S0001", "programme": "GC", "before": "active", "after": "suspended", "grade": "qualified",
        "until": said["data"]["until"], "effective": clock.now().isoformat(),
    }
    assert genuine(SECRET, body, headers["Chizheng-Signature"], clock.now())
    assert not genuine(SECRET, body + b" ", headers["Chizheng-Signature"], clock.now())
    assert not genuine("another", body, headers["Chizheng-Signature"], clock.now())
    assert not genuine(SECRET, body, headers["Chizheng-Signature"], clock.now() + 6 * MINUTE)
    assert headers["Host"] == listener.url.partition("//")[2].partition("/")[0]
    assert rows(app)[0].delivered == clock.now()
    with app.app_context():
        kept = db.session.scalars(select(Webhook.secret)).one()
        assert SECRET.encode() not in kept


def test_what_time_changes_is_found_by_the_sweep_and_told_once(
    app: Flask, cast: Cast, listener: Listener, clock: TickingClock
) -> None:
    stage(app, cast, owner=[granted(days=-300)], colleague=[granted(days=-10)])
    hook(app, cast, listener.url)
    assert sweep(app, clock) == 0
    clock.tick(days=6)  # 60 days before the end
    assert (sweep(app, clock), sweep(app, clock)) == (1, 0)
    clock.tick(days=70)
    assert sweep(app, clock) == 1
    told = [json.loads(body)["data"] for _headers, body in listener.came]
    assert [(one["staff_no"], one["before"], one["after"]) for one in told] == [
        ("S0001", "active", "expiring"), ("S0001", "expiring", "expired"),
    ]
    assert datetime.fromisoformat(told[1]["effective"]) == datetime.fromisoformat(told[1]["until"])


def test_a_change_that_both_ways_notice_is_told_once(app: Flask, cast: Cast, listener: Listener, clock: TickingClock) -> None:
    number = stage(app, cast, owner=[granted()])["owner"]
    hook(app, cast, listener.url)
    sweep(app, clock)
    clock.tick(minutes=1)
    happens(app, number, "revoked")
    sweep(app, clock)
    with app.app_context():
        actions.standing_changed({"licence_id": 1})
    assert listener.types() == ["standing.changed"]


def test_what_is_not_taken_is_tried_again_and_given_up_after_a_day(
    app: Flask, cast: Cast, listener: Listener, clock: TickingClock
) -> None:
    number = stage(app, cast, owner=[granted()])["owner"]
    hook(app, cast, listener.url)
    sweep(app, clock)
    listener.status = 500
    happens(app, number, "suspended")
    assert (rows(app)[0].status, rows(app)[0].due) == (500, START + MINUTE)
    clock.tick(seconds=59)
    assert sweep(app, clock) == 0
    assert len(listener.came) == 1
    while due := rows(app)[0].due:
        clock.set(due)
        sweep(app, clock)
    assert clock.now() == START + timedelta(days=1)
    kept = rows(app)[0]
    assert (kept.due, kept.delivered, kept.tries) == (None, None, len(listener.came))
    assert 12 <= kept.tries <= 20
    listener.status = 200
    clock.tick(days=1)
    assert sweep(app, clock) == 0


def test_it_arrives_when_the_other_side_is_back(app: Flask, cast: Cast, listener: Listener, clock: TickingClock) -> None:
    number = stage(app, cast, owner=[granted()])["owner"]
    hook(app, cast, listener.url)
    listener.status = 302  # a redirect is not followed, and no yes
    happens(app, number, "suspended")
    listener.status = 204
    clock.tick(minutes=1)
    assert sweep(app, clock) == 1
    first, second = (json.loads(body)["id"] for _headers, body in listener.came)
    assert first == second


def test_nobody_there_is_an_error_in_the_log_and_no_crash(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    number = stage(app, cast, owner=[granted()])["owner"]
    hook(app, cast, "http://127.0.0.1:9/")
    happens(app, number, "suspended")
    assert (rows(app)[0].status, rows(app)[0].error) == (None, "ConnectionError")
    assert "连不上对方" in sign_in("admin").get("/webhooks/1?q=S0001").text


def test_each_address_is_told_and_a_closed_one_no_more(app: Flask, cast: Cast, listener: Listener, sign_in: SignIn) -> None:
    number = stage(app, cast, owner=[granted()])["owner"]
    first, _second = hook(app, cast, listener.url), hook(app, cast, listener.url)
    happens(app, number, "suspended")
    assert len(listener.came) == 2
    page = sign_in("admin").form(f"/webhooks/{first}/close", follow_redirects=True).text
    assert "已停用" in page
    happens(app, number, "reinstated")
    assert len(listener.came) == 3
    assert "这个地址已经停用" in sign_in("admin").form(f"/webhooks/{first}/ping", follow_redirects=True).text


def test_an_administrator_adds_one_sees_the_secret_once_and_tries_it(
    app: Flask, cast: Cast, listener: Listener, sign_in: SignIn
) -> None:
    admin = sign_in("admin")
    assert "还没有要通知的系统" in admin.get("/webhooks").text
    made = admin.form("/webhooks/new", {"name": "派单系统", "url": listener.url})
    assert made.status_code == 201
    secret = made.text.partition('id="secret">')[2].partition("<")[0]
    assert secret.startswith("whsec_")
    page = admin.form("/webhooks/1/ping", follow_redirects=True).text
    assert "对方已收到（200）" in page
    assert secret not in page
    headers, body = listener.came[0]
    assert genuine(secret, body, headers["Chizheng-Signature"], START)
    assert "测试" in sign_in("auditor").get("/webhooks/1?state=delivered").text
    listener.status = 503
    assert "返回 503" in admin.form("/webhooks/1/ping", follow_redirects=True).text
    assert "已放弃" in admin.get("/webhooks/1").text
    assert "没有这样的消息" in admin.get("/webhooks/1?q=S0001").text
    assert "派单系统" in admin.get("/webhooks").text


BAD = [
    ("name", "", "请输入名称"), ("url", "", "请输入地址"), ("url", "ftp://example.com", "https 开头"),
    ("url", "http://example.com", "https 开头"),
    ("url", "https://", "完整的网址"), ("url", "https://a b/", "完整的网址"), ("url", "https://u:p@example.com/", "用户名和密码"),
    ("url", "https://[::1", "完整的网址"), ("url", "https://nowhere.invalid/", "找不到这个主机名"),
    ("url", "https://example.com:99999/", "完整的网址"),
]


@pytest.mark.parametrize(("name", "value", "words"), BAD)
def test_bad_input_names_the_field_and_keeps_what_was_typed(
    app: Flask, cast: Cast, sign_in: SignIn, name: str, value: str, words: str
) -> None:
    answer = sign_in("admin").form("/webhooks/new", {"name": "派单系统", "url": "https://example.com/x", name: value})
    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    assert words in answer.text
    assert ("example.com/x" if name == "name" else "派单系统") in answer.text


def test_in_production_nothing_goes_inside() -> None:
    assert address_problem("http://127.0.0.1/", production=True) is AddressProblem.NOT_HTTPS
    assert address_problem("http://localhost:5000/x", production=False) is None
    assert address_problem("http://10.0.0.1/", production=False) is AddressProblem.NOT_HTTPS
    with pytest.raises(Forbidden):
        reachable("https://127.0.0.1/")
    assert post("https://127.0.0.1:9/", b"{}", {}) == Reply(None, "forbidden: the name leads to an address inside this network")


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1",
    "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "255.255.255.255",
])
def test_addresses_inside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_addresses_outside(address: str) -> None:
    assert is_outside(address)


def test_the_waits_grow_and_end_after_a_day() -> None:
    waits = [next_try(START, tries, START) for tries in (1, 2, 3, 9, 40)]
    assert waits == [START + MINUTE, START + 2 * MINUTE, START + 4 * MINUTE, START + 240 * MINUTE, START + 240 * MINUTE]
    assert next_try(START, 12, START + timedelta(hours=23)) == START + timedelta(hours=24)
    assert next_try(START, 12, START + timedelta(hours=24)) is None


def test_a_signature_is_hmac_and_a_message_keeps_its_name() -> None:
    assert signature("k", b"{}", START).startswith(f"t={int(START.timestamp())},v1=")
    assert not genuine("k", b"{}", "nonsense", START)
    key = event_key("CZ-1", "active", START)
    assert message("standing.changed", key, START, {})["id"] == message("standing.changed", key, START + MINUTE, {"x": 1})["id"]
