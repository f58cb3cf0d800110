"""What every door has in common: tokens, error pages, JSON errors, request ids. The headers stand in ``site``.

The JSON doors (``/api/``, ``/.well-known/``, ``/credentials/``) answer errors as
``{"error": {"code", "message", "fields"?}}``; pages get a page that says what
happened and what to do next.
"""

import hmac
import logging
import secrets
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from flask import abort, current_app, g, jsonify, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import IntegerConverter, Map

from foundation.site import Asked, Site
from foundation.wording import language

csrf = CSRFProtect()
log = logging.getLogger("chizheng.web")

JSON_DOORS = ("/api/", "/.well-known/", "/credentials/")
CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
TOKENS = 10_000
"""Tokens whose signature a process remembers."""
MAX_BODY = 16 * 1024 * 1024
Door = TypeVar("Door", bound=Callable[..., Any])

CODES = {
    400: ("bad_request", _l("这个请求没有被理解"), _l("请返回上一页，刷新后再试一次。")),
    401: ("unauthenticated", _l("需要先登录"), _l("请登录后继续。")),
    403: ("forbidden", _l("您的角色不能做这件事"), _l("如果工作需要，请联系系统管理员调整角色。")),
    404: ("not_found", _l("没有找到这个页面"), _l("它可能已被移动，或不在您的权限范围内。")),
    405: ("method_not_allowed", _l("这里不支持这种操作"), _l("请从页面上的按钮或链接进入。")),
    409: ("conflict", _l("当前状态下不能这样做"), _l("请刷新页面，查看最新状态。")),
    413: ("too_large", _l("提交的内容太大"), _l("请减小文件后再试。")),
    415: ("unsupported_media_type", _l("不支持这种内容格式"), _l("请按页面说明的格式提交。")),
    422: ("bad_shape", _l("提交的内容格式不对"), _l("请按提示修改后再提交。")),
    429: ("too_many", _l("操作太频繁"), _l("请稍等片刻再试。")),
    500: ("internal", _l("系统出了问题"), _l("问题已记录。请稍后再试；如果一直如此，请把下面的编号告诉管理员。")),
    503: ("unavailable", _l("暂时无法连接数据库"), _l("请稍后再试。已经确认保存的内容不会丢失。")),
}


class ApiError(HTTPException):
    """An error of a JSON door: status, code, message and, for a bad shape, fields."""

    def __init__(self, status: int, code: str, message: str, fields: dict[str, str] | None = None, retry_after: int | None = None) -> None:
        super().__init__(description=message)
        self.code = status
        self.error = code
        self.fields = fields
        self.retry_after = retry_after


def init_app(app: Site) -> None:
    """CSRF, errors and request log for every door."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        WTF_CSRF_TIME_LIMIT=None,  # an exam may be offline for longer than the default hour
        WTF_CSRF_CHECK_DEFAULT=False,  # _admit asks, and only about changes
        WTF_CSRF_SSL_STRICT=False,  # Referer is often stripped by in-app browsers; the token is what counts
    )
    app.url_map.converters["int"] = RowNumber
    csrf.init_app(app)
    app.admit = _admit
    app.register_error_handler(CSRFError, _csrf_failed)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_down)
    app.register_error_handler(Exception, _crashed)


def speaks_json() -> bool:
    """Whether the request came through a JSON door."""
    return request.path.startswith(JSON_DOORS)


class RowNumber(IntegerConverter):
    """A whole number in an address: one that no row can have leads nowhere, instead of into the database."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": 2**31 - 1, **kwargs})


def _admit(asked: Asked) -> None:
    """Turn away changes without a token, and zero bytes, which nobody types and PostgreSQL cannot keep."""
    if "\0" in asked.path:
        abort(404)
    if asked.mimetype == FORMS[1]:
        view = current_app.view_functions.get(asked.endpoint or "")
        asked.max_content_length = getattr(view, "most_bytes", MAX_BODY)
    if asked.method in CHANGES:
        csrf.protect(apply_exemptions=True)
    typed = asked.form.values() if asked.mimetype in FORMS and not asked.path.startswith(JSON_DOORS) else ()  # those read it themselves
    if b"%00" in asked.query_string or any("\0" in text for text in typed):
        abort(400)


def roomy(most: int) -> Callable[[Door], Door]:
    """Let a door take a form of up to ``most`` bytes, where files come with it; write it below ``@requires``."""

    def wrap(view: Door) -> Door:
        view.most_bytes = most  # type: ignore[attr-defined]
        return view

    return wrap


def request_id() -> str:
    """A short name for this request, in the log and on error pages."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    return str(g.request_id)


def check_token() -> None:
    """Raise CSRFError unless the request carries its session's token; for a door that first asks who is there."""
    sent, known = request.environ.get("HTTP_X_CSRFTOKEN"), session.get("csrf_token")
    try:
        right = bool(sent and known) and hmac.compare_digest(known, _signed(sent, current_app.secret_key))
    except BadData:
        right = False
    if not right:
        raise CSRFError("the token is missing, or not this session's")


@lru_cache(maxsize=TOKENS)
def _signed(token: str, key: str) -> str:
    """What a token of Flask-WTF holds; a page uses one for all that it sends. Raises BadData."""
    raw: str = URLSafeTimedSerializer(key, salt="wtf-csrf-token").loads(token)
    return raw


def fresh_token() -> str:
    """The token of this session, for a script whose page was made for another one."""
    return str(generate_csrf())


def _csrf_failed(error: CSRFError) -> Any:
    log.info("csrf refused on %s: %s", request.path, error.description)
    return problem(400, "csrf", _("这个页面已过期或来自别处，请刷新后再提交。"))


def _http_error(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response
    status = error.code or 500
    if status in {301, 302, 303, 307, 308}:
        return error.get_response()
    if isinstance(error, ApiError):
        return problem(status, error.error, str(error.description), error.fields, error.retry_after)
    code = CODES.get(status, CODES[400])[0]
    retry = getattr(error, "retry_after", None)
    answer = problem(status, code, None, None, retry if isinstance(retry, int) else None)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer[2]["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _database_down(error: DBAPIError) -> Any:
    log.error("database unavailable on %s (%s): %s", request.path, request_id(), error)
    return problem(503, "unavailable", None, None, 5)


def _crashed(error: Exception) -> Any:
    log.exception("unexpected error on %s (%s)", request.path, request_id(), exc_info=error)
    return problem(500, "internal", None)


def problem(
    status: int, code: str, message: str | None, fields: dict[str, str] | None = None, retry_after: int | None = None
) -> tuple[Any, int, dict[str, str]]:
    """An error answer in the shape of the door it came through."""
    _code, title, advice = CODES.get(status, CODES[400])
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    if speaks_json():
        body: dict[str, Any] = {"code": code, "message": message or str(title)}
        if fields:
            body["fields"] = fields
        return jsonify(error=body), status, headers
    # Made without the context processors: they ask who is signed in, and the database may be what failed.
    page = current_app.jinja_env.get_template("errors/error.html").render(
        locale=language(), theme=session.get("theme"), status=status, title=title, message=message, advice=advice, request_id=request_id()
    )
    return page, status, headers
