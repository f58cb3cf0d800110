"""The contracts' JSON door: the checklist before signing, and moving a contract on; to the same actions as the pages."""

from typing import Any

import msgspec
from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _

from certification.actions import contracts as actions
from certification.api.attempts import changes
from foundation import clock
from foundation.database import db
from foundation.web import ApiError, csrf
from foundation.work import work
from people.contract import Refusal, State
from people.login import account, actor, requires
from people.permission import Permission
from people.store import contracts as store

doors = Blueprint("contracts_api", __name__, url_prefix="/api/v1")
csrf.exempt(doors)  # checked by @changes, after the session
P = Permission
MESSAGES = {
    Refusal.NO_SUCH_MOVE: "The contract cannot go there from where it stands.",
    Refusal.NO_PROGRAMME: "The contract asks for no programme.",
    Refusal.NOBODY: "Nobody is on the roster.",
    Refusal.UNCERTIFIED: "Somebody on the roster holds no licence in force (R2).",
    Refusal.NO_REASON: "This move needs a reason.",
    Refusal.OVER: "The contract's last day is over.",
}


class Move(msgspec.Struct, forbid_unknown_fields=True):
    """Where a contract is to go; some moves need a reason."""

    to: State
    reason: str = ""


def _contract(code: str, permission: Permission) -> Any:
    return store.contract_coded(db.session, code, account().limit(permission)) or abort(404)


@doors.get("/contracts/<code>/checklist")
@requires(P.PARTNER_READ)
def checklist(code: str) -> Response:
    """Whether the contract may be signed now: every point, everybody on the roster, what blocks and what cures it."""
    found, now = _contract(code, P.PARTNER_READ), clock.now()
    shown = actions.checked(db.session, found, actions.stands(db.session, found, now), now)
    people = [msgspec.to_builtins(line) | {"blocks": line.blocks} for line in shown.lines]
    return _answer({
        "contract": code, "state": shown.head.state, "ready": shown.ready, "at": shown.at, "head": shown.head, "checks": shown.checks,
        "people": people,
    })


@doors.post("/contracts/<code>/move")
@requires(P.PARTNER_WRITE)
@changes
def move(code: str) -> Response:
    """Take the contract to its next state; answers where it stands then."""
    found, wanted = _contract(code, P.PARTNER_WRITE), _body()
    with work(actor()) as w:
        refusal = actions.move_contract(w, found.id, wanted.to, wanted.reason)
    if refusal is Refusal.NO_REASON:
        message = MESSAGES[refusal]
        raise ApiError(422, "bad_shape", message, fields={"reason": message})
    if refusal is not None:
        return _answer({"refused": refusal, "message": MESSAGES[refusal]}, 409)
    found = _contract(code, P.PARTNER_WRITE)
    return _answer({"contract": code, "state": actions.stands(db.session, found, clock.now()), "starts": found.starts, "ends": found.ends})


def _body() -> Move:
    try:
        wanted = msgspec.json.decode(request.get_data(), type=Move)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("`$")[2].strip("`.") if "`$" in str(error) else ""
        raise ApiError(422, "bad_shape", str(error), fields={field or "body": str(error)}) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = _("提交的内容不是有效的 JSON。")
        raise ApiError(422, "bad_shape", message, fields={"body": message}) from error
    if len(wanted.reason) > 500 or "\0" in wanted.reason:
        raise ApiError(422, "bad_shape", "A reason has at most 500 characters.", fields={"reason": "too long"})
    return wanted


def _answer(body: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status=status, mimetype="application/json")
