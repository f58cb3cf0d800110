"""The description of the JSON doors says what the doors are."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def document(client: FlaskClient) -> dict:
    return client.get("/api/v1/openapi.json").get_json()


def test_every_json_door_is_described_and_no_other(app: Flask, document: dict) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api/v1/", "/.well-known/", "/credentials/")) and rule.endpoint != "openapi.show"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, doors in document["paths"].items() for method in doors}
    assert described == routes


def test_every_reference_leads_to_a_schema(client: FlaskClient, document: dict) -> None:
    text = client.get("/api/v1/openapi.json").text
    assert set(re.findall(r"#/components/schemas/(\w+)", text)) <= set(document["components"]["schemas"])


def test_the_shape_of_an_evaluation_is_the_one_that_the_door_decodes(document: dict) -> None:
    assert set(document["components"]["schemas"]["Properties"]["required"]) == {"programme", "customer_tier", "scope", "starts", "ends"}
