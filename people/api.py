"""The session's JSON door: who is signed in, and signing in again without leaving a page.

The exam room uses it when its session has ended: the same sign-in as ``/login``,
with its lockout and audit, and the same rule for a one-time password (it opens
nothing but the choice of one's own).
"""

import math
from datetime import timedelta
from typing import Any

import msgspec
from flask import Blueprint, Flask, jsonify, request
from flask_babel import gettext as _

from foundation import clock
from foundation.web import ApiError, check_token, csrf, fresh_token
from foundation.wording import hour
from people import login
from people.actions import sign_in as actions
from people.login import actor, public, token_hash

doors = Blueprint("session_api", __name__, url_prefix="/api/v1")
csrf.exempt(doors)  # checked by the door itself, so that it can say so in JSON before anything else
MAX_BODY = 10_000


class SignIn(msgspec.Struct):
    """The body of a sign-in."""

    username: str
    password: str


@doors.get("/session")
@public
def show() -> Any:
    """Who is signed in here, if anybody, and a token for changes."""
    person = login.me()
    return jsonify(username=person.username if person else None, csrf_token=fresh_token())


@doors.post("/session")
@public
def begin() -> Any:
    """Sign in; whoever was signed in on this browser before is signed out. Answers the token of the new session."""
    request.max_content_length = MAX_BODY
    check_token()
    given = _given()
    token, before = login.new_token(), login.me()
    found = actions.sign_in(
        given.username.strip(), given.password, token_hash(token), request.user_agent.string, request.remote_addr or "",
        clock.now() + login.SESSION_LENGTH, actor(),
    )
    if found.until:
        wait = max(1, math.ceil((found.until - clock.now()).total_seconds()))
        told = _("输错次数太多，请在 %(time)s 以后再试。正在进行的考试不受影响。", time=hour(found.until + timedelta(seconds=59)))
        raise ApiError(429, "locked", told, retry_after=wait)
    person = login._load(token) if found.account_id else None
    if person is None:
        raise ApiError(422, "wrong_password", _("密码不对，请再试一次。"), fields={"password": _("密码不对，请再试一次。")})
    if before is not None:
        actions.sign_out(token_hash(before.token), actor())
    login.begin_session(token, person)
    return jsonify(username=person.username, csrf_token=fresh_token(), password_change=person.one_time)


def _given() -> SignIn:
    try:
        given = msgspec.json.decode(request.get_data(), type=SignIn)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(422, "bad_shape", _("内容的格式不对：%(why)s", why=str(error)), fields={"body": str(error)}) from error
    if not (0 < len(given.username) <= 64 and 0 < len(given.password) <= 200) or "\0" in given.username + given.password:
        raise ApiError(422, "bad_shape", _("请输入密码"), fields={"password": _("请输入密码")})
    return given


def init_app(app: Flask) -> None:
    """Register the doors."""
    app.register_blueprint(doors)
