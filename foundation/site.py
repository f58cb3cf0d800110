"""Flask as this house runs it: what every request goes through and every answer carries, with little work for each.

Which requests are turned away, and what an error looks like, stands in ``web``.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from babel.support import NullTranslations
from flask import Flask, Request, Response, has_request_context, request
from flask.ctx import RequestContext
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.http import parse_cookie
from werkzeug.routing import MapAdapter
from werkzeug.wsgi import get_host

from foundation.wording import form_messages

COOKIES = 10_000
"""Cookies whose contents a process remembers, of some hundred bytes each."""
PLAIN = (str, bool, int, type(None))

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
COMMON = [(name, value, name.lower()) for name, value in HEADERS.items()]
SECURE = [*COMMON, ("Strict-Transport-Security", "max-age=31536000; includeSubDomains", "strict-transport-security")]


class Answer(Response):
    """An answer with the headers that all have in common, but for those that its door set itself.

    They join it as it leaves: put in one by one, each is looked for and checked.
    """

    def get_wsgi_response(self, environ: Any) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        headers = self.headers.to_wsgi_list()
        own = {name.lower() for name, _value in headers}
        if self.status_code == 200 and "content-length" in own and "location" not in own:  # nothing in it is to be put right
            body, status = self.get_app_iter(environ), self.status
        else:
            body, status, headers = super().get_wsgi_response(environ)
        common = SECURE if environ["wsgi.url_scheme"] == "https" else COMMON
        return body, status, headers + [(name, value) for name, value, known in common if known not in own]


class Kept(NamedTuple):
    """What a cookie holds, and when it was signed, in seconds since 1970."""

    values: dict[str, Any]
    signed: float


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie; a signature is checked once per cookie and process, not once per request.

    What comes out depends on the cookie's text and our key alone. It says who
    asks; whether that still counts is asked of the database each time
    (``people.login``), and its age is looked at each time as well.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._clock = TimestampSigner("")
        self._kept = lru_cache(maxsize=COOKIES)(self._read)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the request's cookie holds; nothing, when it is missing, too old or not ours."""
        header = request.environ.get("HTTP_COOKIE")
        if not header:
            return self.session_class()
        try:
            kept = self._kept(header)
        except BadSignature:
            return self.session_class()
        if kept is None:
            return super().open_session(app, request)
        fresh = 0 <= self._clock.get_timestamp() - kept.signed <= app.permanent_session_lifetime.total_seconds()
        return self.session_class(kept.values if fresh else None)

    def _read(self, header: str) -> Kept | None:
        """What may be remembered of a cookie: values that nobody can change in place."""
        cookie, serializer = parse_cookie(header).get(self.get_cookie_name(self.app)), self.get_signing_serializer(self.app)
        if not cookie or serializer is None:
            return None
        values, signed = serializer.loads(cookie, return_timestamp=True)
        return Kept(values, signed.timestamp()) if all(isinstance(value, PLAIN) for value in values.values()) else None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie anew when something in it changed; else only say that the answer depends on it."""
        if session.modified or "Vary" in response.headers:
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers["Vary"] = "Cookie"


class Asked(Request):
    """A request with the instant at which it arrived, before any lock, and the reading of a stopwatch."""

    arrived: datetime
    began: float

    @property
    def wtforms_translations(self) -> NullTranslations:
        """What Flask-WTF would else read from the disk for each request."""
        return form_messages()


class Site(Flask):
    """The application; its doors are plain functions and its addresses know no hosts and no subdomains.

    ``admit`` looks at each request before its door does, ``count`` at each
    answer: two calls, where Flask's hooks are looked up by blueprint each time.
    Hooks work as ever when somebody adds one.
    """

    request_class = Asked
    response_class = Answer

    def __init__(self, name: str) -> None:
        super().__init__(name, static_folder=None)
        self.session_interface = Sessions(self)
        self._addresses: dict[tuple[str, ...], str] = {}
        self.admit: Callable[[Asked], None] = lambda asked: None
        self.count: Callable[[Asked, Response], None] = lambda asked, response: None

    def request_context(self, environ: Any) -> RequestContext:
        """The request with its time of arrival, by the app's clock."""
        context = super().request_context(environ)
        asked: Any = context.request
        asked.arrived, asked.began = self.extensions["clock"].now(), time.perf_counter()
        return context

    def preprocess_request(self) -> Any:
        """Raise what turns a request away; answer None to go on."""
        self.admit(request._get_current_object())  # type: ignore[attr-defined]
        return super().preprocess_request() if self.before_request_funcs or self.url_value_preprocessors else None

    def process_response(self, response: Response) -> Response:
        """Keep the session, and count."""
        answer = super().process_response(response)
        self.count(request._get_current_object(), answer)  # type: ignore[attr-defined]
        return answer

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """How the request's address is matched; its host counts only where an absolute address is built."""
        if request is None:
            return super().create_url_adapter(request)
        environ = request.environ
        request.host = get_host(environ, request.trusted_hosts)
        root, path, query = (_text(environ.get(name, "")) for name in ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"))
        return self.url_map.bind(request.host.lower(), root, "", request.scheme, environ["REQUEST_METHOD"], path, query_args=query)

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of a door; those that every page links to are built once."""
        if (values and endpoint != "static") or endpoint.startswith(".") or not has_request_context():
            return super().url_for(endpoint, **values)
        key = (request.environ.get("SCRIPT_NAME", ""), endpoint, str(values.get("filename", "")))
        found = self._addresses.get(key)
        if found is None:
            found = super().url_for(endpoint, **values)
            if not values.keys() - {"filename"}:
                self._addresses[key] = found
        return found

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself, without asking each time whether it is a coroutine."""
        return func


def _text(value: str) -> str:
    """A part of an address as it was meant: servers hand on its bytes as Latin-1."""
    return value if value.isascii() else value.encode("latin1").decode(errors="replace")
