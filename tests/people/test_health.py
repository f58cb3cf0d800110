"""The health doors: up, ready, figures."""

import pytest
from flask import Flask
from sqlalchemy import text

from foundation.health import Tally
from foundation.work import SYSTEM, work
from tests.cast import Visitor
from tests.world import KEYS

AWAY = {"REMOTE_ADDR": "203.0.113.9"}


def test_a_process_that_answers_is_up(client: Visitor) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_it_is_ready_when_the_schema_is_the_one_that_the_code_expects(app: Flask, client: Visitor) -> None:
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ready\n")
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (503, "not ready: schema\n")


def test_a_database_that_does_not_answer_is_not_ready_but_the_process_is_up(app: Flask, client: Visitor) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(text("DROP TABLE alembic_version"))
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (503, "not ready: database\n")
    assert client.get("/healthz").status_code == 200


def test_figures_are_for_this_machine_or_for_a_key(app: Flask, client: Visitor) -> None:
    assert client.get("/metrics").status_code == 200
    refused = client.get("/metrics", environ_overrides=AWAY)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 401
    wrong = {"Authorization": "Bearer " + KEYS["dispatch"]}
    assert client.get("/metrics", headers=wrong, environ_overrides=AWAY).status_code == 401


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.8.8.8"])
def test_loopback_has_several_addresses(client: Visitor, address: str) -> None:
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": address}).status_code == 200


def test_requests_are_counted_by_endpoint_method_and_status(client: Visitor) -> None:
    client.get("/healthz")
    client.get("/healthz")
    client.open("/no-such-page", method="BREW")
    lines = client.get("/metrics").text.splitlines()
    counted = {line.rpartition(" ")[0].partition(",worker")[0]: line.rpartition(" ")[2] for line in lines if not line.startswith("#")}
    assert counted['chizheng_requests_total{endpoint="health.alive",method="GET",status="200"'] == "2"
    assert counted['chizheng_requests_total{endpoint="none",method="OTHER",status="404"'] == "1"
    assert "chizheng_outbox_waiting" in counted


def test_a_tally_gives_samples_in_order() -> None:
    tally = Tally()
    for endpoint in ("b", "a", "b"):
        tally.add(endpoint, "GET", 200, 0.25)
    samples = tally.lines("7")
    assert [(labels["endpoint"], value) for labels, value in samples["chizheng_requests_total"]] == [("a", 1), ("b", 2)]
    assert samples["chizheng_request_seconds_total"][1] == ({"endpoint": "b", "worker": "7"}, 0.5)
