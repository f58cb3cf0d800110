"""The machine-readable description of the JSON doors: OpenAPI 3.1 at ``/api/v1/openapi.json``.

Shapes of requests come from the very structs that the doors decode with, so
that they cannot drift; a test holds the paths against the routes.
"""

from functools import cache
from typing import Any

import msgspec
from flask import Blueprint, Response

from certification.api.attempts import Entry, Save
from certification.api.contracts import Move
from certification.api.dispatch_shape import Batch, Part, Search
from certification.api.published import PATHS as PUBLISHED
from certification.api.remarks import Remark
from certification.evidence import Signal
from people.login import public

doors = Blueprint("openapi", __name__, url_prefix="/api/v1")

REQUESTS = {"Entry": Entry, "Save": Save, "Signal": Signal, "Remark": Remark, "Evaluation": Part, "EvaluationBatch": Batch,
    "SubjectSearch": Search, "ContractMove": Move}
TEXT, WHOLE, INSTANT = {"type": "string"}, {"type": "integer"}, {"type": "string", "format": "date-time"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


PEN = {"type": "string", "enum": ["here", "elsewhere"], "description": "Whether this signed-in device writes the attempt."}
BOTH = _object(zh=TEXT, en=TEXT)
KEPT = {
    "type": "object", "description": "By slot: the answer and its sequence number.", "additionalProperties": _object(answer={}, seq=WHOLE),
}
FORM = _object(sections=_list(_object(title={}, items=_list(_object(
    slot=WHOLE, kind=TEXT, stem=TEXT, html=TEXT, points={"type": "number"}, options=_list(_object(id=TEXT, text=TEXT, html=TEXT)),
    left=_list({}), right=_list({}), blanks=WHOLE, max_pick=WHOLE,
)))))
ANSWERS: dict[str, dict[str, Any]] = {
    "Error": _object(error=_object(code=TEXT, message=TEXT, fields={"type": "object", "additionalProperties": TEXT})),
    "Refused": _object(refused=TEXT, message=TEXT, until=INSTANT),
    "SignIn": {**_object(username=TEXT, password=TEXT), "required": ["username", "password"]},
    "Session": _object(username={"type": ["string", "null"]}, csrf_token=TEXT, password_change={"type": "boolean"}),
    "Attempt": _object(attempt_id=TEXT, state=TEXT, deadline=INSTANT, server_time=INSTANT, form=FORM, responses=KEPT, pen=PEN),
    "Standing": _object(state=TEXT, server_time=INSTANT, deadline=INSTANT, pen=PEN),
    "Acknowledged": _object(
        saved=_list(_object(slot=WHOLE, seq=WHOLE, sha256=TEXT)), refused=_list(_object(slot=WHOLE, seq=WHOLE, code=TEXT)),
        server_time=INSTANT, deadline=INSTANT,
    ),
    "Remarked": _object(kept=WHOLE, server_time=INSTANT),
    "HandedIn": _object(state=TEXT, receipt={"type": "object", "description": "The statement and its signature (JWS)."}),
    "Decision": _object(decision={"type": "boolean"}, context=_object(
        decision_id=TEXT, policy_version=TEXT, evaluated_at=INSTANT, valid_until={"type": ["string", "null"], "format": "date-time"},
        reasons=_list(_object(code=TEXT, message=BOTH, clause=TEXT, subject=TEXT, cure=_object(code=TEXT, message=BOTH))),
        checks=_list(_object(check=TEXT, outcome=TEXT, code=TEXT)), evidence=_list({}), at=INSTANT, overridden=_list({}),
    )),
    "Pass": _object(decision={"type": "boolean"}, context={"type": "object", "description": "As in Decision."}, expires=INSTANT, **{
        "pass": {"type": "string", "description": "A compact JWS; only where the decision is true."},
    }),
    "Decisions": _object(evaluations=_list({"$ref": "#/components/schemas/Decision"})),
    "Checklist": _object(
        contract=TEXT, state=TEXT, ready={"type": "boolean"}, at=INSTANT, head={"type": "object", "description": "The contract's figures."},
        checks=_list(_object(topic=TEXT, outcome={"enum": ["pass", "fail", "note"]}, number=WHOLE, day={}, code=TEXT)),
        people=_list(_object(staff_no=TEXT, name=TEXT, city=TEXT, since=INSTANT, blocks={"type": "boolean"}, holdings=_list(_object(
            programme=TEXT, standing=TEXT, number={}, grade={}, until={}, cure=TEXT, sitting={}, when={})))),
    ),
    "ContractState": _object(contract=TEXT, state=TEXT, starts=INSTANT, ends=INSTANT),
    "Subjects": _object(results=_list(_object(type=TEXT, id=TEXT)), page=_object(next_token=TEXT, count=WHOLE)),
}


def _door(summary: str, body: str | None, answer: str, security: str, *errors: str, created: bool = False) -> dict[str, Any]:
    """One operation: what it takes, what it answers, and which errors are to be expected beside 401 and 403."""
    answers = {"200": _json(answer), **({"201": _json(answer)} if created else {})}
    for status in ("401", "403", *errors):
        answers[status] = _json("Refused" if status == "409" else "Error")
    operation: dict[str, Any] = {"summary": summary, "security": [{security: []}], "responses": answers}
    if body:
        operation["requestBody"] = {"required": body != "Entry", "content": _content(body)}
    return operation


def _content(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _json(name: str) -> dict[str, Any]:
    return {"description": name, "content": _content(name)}


def _with(name: str, kind: str, operation: dict[str, Any]) -> dict[str, Any]:
    place = {"name": name, "in": "path", "required": True, "schema": {"type": kind}}
    return {**operation, "parameters": [place]}


CHANGE = ("400", "404", "413", "422")
PATHS: dict[str, dict[str, Any]] = {
    "/session": {
        "get": {"summary": "Who is signed in, and a token for changes", "security": [], "responses": {"200": _json("Session")}},
        "post": {"summary": "Sign in; answers the token of the new session", "security": [],
                 "requestBody": {"required": True, "content": _content("SignIn")},
                 "responses": {"200": _json("Session"), **{status: _json("Error") for status in ("400", "413", "422", "429")}}},
    },
    "/sittings/{sitting_id}/attempts": {"post": _with("sitting_id", "integer", _door(
        "Begin, or go on with, one's attempt at a sitting", "Entry", "Attempt", "session", *CHANGE, "409", created=True))},
    "/attempts/{attempt_id}": {"get": _with("attempt_id", "string", _door(
        "One's attempt as it stands; the form only while it is open", None, "Attempt", "session", "404", "409"))},
    "/attempts/{attempt_id}/responses": {"put": _with("attempt_id", "string", _door(
        "Save answers; each is acknowledged or refused by itself, after the commit", "Save", "Acknowledged", "session", *CHANGE))},
    "/attempts/{attempt_id}/signals": {"post": _with("attempt_id", "string", _door(
        "A sign of life from the exam room, and what it noticed", "Signal", "Standing", "session", *CHANGE))},
    "/attempts/{attempt_id}/remarks": {"post": _with("attempt_id", "string", _door(
        "Say that a question looks wrong; the newest remark on a slot replaces the one before", "Remark", "Remarked", "session", *CHANGE))},
    "/attempts/{attempt_id}/submit": {"post": _with("attempt_id", "string", _door(
        "Hand in; again, the same receipt", None, "HandedIn", "session", "400", "404", "409"))},
    "/contracts/{code}/checklist": {"get": _with("code", "string", _door(
        "Whether a contract may be signed: every point, everybody on its roster", None, "Checklist", "session", "404"))},
    "/contracts/{code}/move": {"post": _with("code", "string", _door(
        "Take a contract to its next state", "ContractMove", "ContractState", "session", *CHANGE, "409"))},
    "/access/evaluation": {"post": _door(
        "May this person, with this team, be sent to this customer?", "Evaluation", "Decision", "key", "413", "422", "503")},
    "/access/pass": {"post": _door(
        "The same; when allowed, with a signed pass for a gate without a network", "Evaluation", "Pass", "key", "413", "422", "503")},
    "/access/evaluations": {"post": _door("Up to 10,000 questions at once", "EvaluationBatch", "Decisions", "key", "413", "422", "503")},
    "/access/search/subject": {"post": _door("Who may go?", "SubjectSearch", "Subjects", "key", "413", "422", "503")},
}


@cache
def document() -> bytes:
    """The whole description, as JSON."""
    named, components = msgspec.json.schema_components(REQUESTS.values(), ref_template="#/components/schemas/{name}")
    schemas = {**components, **ANSWERS}
    for name, schema in zip(REQUESTS, named, strict=True):
        schemas.setdefault(name, schema)
    return msgspec.json.encode({
        "openapi": "3.1.0",
        "info": {"title": "Chizheng", "version": "1", "description": "The exam room and the dispatch decision."},
        "servers": [{"url": "/api/v1"}],
        "paths": {**PATHS, **PUBLISHED},
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "chizheng",
                            "description": "Signed in; changes also send X-CSRFToken. The name begins with __Host- in production."},
                "key": {"type": "http", "scheme": "bearer", "description": "An API key of scope dispatch."},
            },
        },
    })


@doors.get("/openapi.json")
@public
def show() -> Response:
    """The description, for machines."""
    return Response(document(), mimetype="application/json")
