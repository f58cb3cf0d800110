"""The dispatcher's JSON door (OpenID AuthZEN 1.0 shapes). It fails closed: no answer ever allows by default."""

import logging
from base64 import b64decode, urlsafe_b64encode
from typing import Any

import msgspec
from flask import Blueprint, Response, g
from werkzeug.exceptions import HTTPException

from certification.actions import dispatch as actions
from certification.actions import dispatch_passes
from certification.actions.dispatch import Evaluation, Question
from certification.actions.dispatch_answer import answered
from certification.api.dispatch_shape import MOST, Batch, Part, Search, question, read, stops, visit, wrong
from certification.dispatch import denied
from certification.dispatch_code import Code
from certification.dispatch_policy import Policy
from foundation import clock
from foundation.config import settings
from foundation.database import DatabaseTrouble
from foundation.web import ApiError, problem
from people.login import requires_key

doors = Blueprint("dispatch_api", __name__, url_prefix="/api/v1")
log = logging.getLogger("chizheng.dispatch")
REPLAYS = 100  # instants of the past that one batch may ask about


@doors.errorhandler(DatabaseTrouble)
def unreachable(error: DatabaseTrouble) -> Any:
    """Whatever the database could not do: 503, also where a query itself is at fault."""
    log.error("dispatch cannot reach its database: %s", error)
    return problem(503, "unavailable", "The decision cannot be made now; do not dispatch.", None, 5)


@doors.post("/access/evaluation")
@requires_key("dispatch")
def evaluation() -> Response:
    """May this person, with this team, be sent to this customer?"""
    asked = question(read(Part))
    return _json(answered(_judged([asked])[0]))


@doors.post("/access/pass")
@requires_key("dispatch")
def gate_pass() -> Response:
    """The same question; when the answer is yes, with a signed pass for a gate that has no network."""
    asked = question(read(Part))
    if asked.at is not None:
        raise wrong("$.context.at", "a pass is for the present only")
    found = _judged([asked])[0]
    signed = dispatch_passes.issue(found)
    return _json(answered(found) | ({"pass": signed[0], "expires": signed[1]} if signed else {}))


@doors.post("/access/evaluations")
@requires_key("dispatch")
def evaluations() -> Response:
    """Up to 10,000 questions at once."""
    batch = read(Batch)
    if len(batch.evaluations) > MOST:
        raise ApiError(413, "too_large", f"A batch holds at most {MOST} evaluations, this one {len(batch.evaluations)}.")
    if not batch.evaluations:
        return _json(answered(_judged([question(batch)])[0]))
    asked = [question(part, ("evaluations", index), batch) for index, part in enumerate(batch.evaluations)]
    if len({one.at for one in asked}) > REPLAYS:
        raise wrong("$.evaluations", f"asks about more than {REPLAYS} different instants of the past")
    found = _judged(asked)
    last = next((index for index, one in enumerate(found) if stops(one, batch.options.evaluations_semantic)), len(found))
    return _json({"evaluations": [answered(one) for one in found[: last + 1]]})


@doors.post("/access/search/subject")
@requires_key("dispatch")
def search() -> Response:
    """Who may go, alone or beside ``context.team``? In order of staff number, by pages."""
    sought = read(Search)
    if sought.context.at is not None:
        raise wrong("$.context.at", "a search looks at the present only")
    asked = visit(tuple(sought.context.team), sought.resource)
    wanted = sought.subject.properties
    if partner := wanted.get("partner"):
        if asked.partner not in {None, partner}:
            raise wrong("$.subject.properties.partner", "differs from the partner of the visit")
        asked = msgspec.structs.replace(asked, partner=partner)
    fit, going_on = actions.search(asked, city=wanted.get("city", ""), after=_opened(sought.page.token), limit=sought.page.limit)
    return _json({
        "results": [{"type": "staff", "id": number} for number in fit],
        "page": {"next_token": _sealed(going_on), "count": len(fit)},
    })


def _judged(asked: list[Question]) -> list[Evaluation]:
    """The answers; whatever goes wrong unexpectedly denies with ``system_unavailable``."""
    try:
        return actions.evaluate_many(asked, str(g.machine))
    except (HTTPException, DatabaseTrouble):
        raise
    except Exception:
        log.exception("a dispatch decision failed unexpectedly")
        now = clock.now()
        answer = denied(Code.SYSTEM_UNAVAILABLE, now, Policy(settings().timezone))  # the kept policy may be what failed
        return [Evaluation(id_, one, answer, now, str(g.machine)) for id_, one in zip(actions.new_ids(now, len(asked)), asked, strict=True)]


def _json(body: object) -> Response:
    return Response(msgspec.json.encode(body), mimetype="application/json")


def _sealed(number: str | None) -> str:
    return urlsafe_b64encode(number.encode()).decode() if number else ""


def _opened(token: str) -> str:
    try:
        return b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise wrong("$.page.token", "is not a token that a search gave") from error
