"""The door: who is asking, and may they come in.

The only user of flask_login and the owner of ``@requires``. The cookie holds a
random token; what it is worth stands in ``login_sessions``, so that signing
out, closing an account or taking a role away works within the same second in
every process.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from foundation import clock
from foundation.database import wires
from foundation.web import ApiError, speaks_json
from foundation.work import Actor
from people.permission import GRANTS, WIDE, Permission, Role, allowed
from people.store import accounts as keys
from people.store import sign_in as store

SESSION_LENGTH = timedelta(hours=12)
Door = TypeVar("Door", bound=Callable[..., Any])


class Porter(LoginManager):
    """Flask-Login without what is never asked of it here: remembered sign-ins, and sessions bound to an address (phones change theirs)."""

    def _load_user(self) -> None:
        token = session.get("_user_id")
        g._login_user = self.anonymous_user() if token is None else _load(token) or self.anonymous_user()

    def init_app(self, app: Flask, add_context_processor: bool = False) -> None:
        """Let the app know its porter; templates ask ``me``, and there is no cookie to remember with."""
        app.login_manager = self  # type: ignore[attr-defined]


manager = Porter()


@dataclass
class Me(UserMixin):
    """The signed-in person, read afresh for each request."""

    account_id: int
    person_id: int
    username: str
    name: str
    staff_no: str
    roles: frozenset[Role]
    partner_id: int
    partner_kind: str
    one_time: bool
    token: str

    def get_id(self) -> str:
        """What the cookie carries: the session's token, not the account."""
        return self.token

    @property
    def pen(self) -> bytes:
        """What names this signed-in session where one of them holds something: what the database keeps of its token."""
        return token_hash(self.token)

    def may(self, permission: Permission) -> bool:
        """Whether any of the person's roles opens the door."""
        return allowed(self.roles, permission)

    @property
    def company(self) -> int | None:
        """The partner whose people this account is limited to; None when it sees all companies."""
        return None if self.roles & WIDE else self.partner_id

    def limit(self, permission: Permission) -> int | None:
        """The partner that ``permission`` is limited to; None when one of the roles that give it sees all companies.

        Somebody who reads everything as auditor and keeps a roster as coordinator
        still writes for their own company only.
        """
        return None if any(role in WIDE and permission in GRANTS[role] for role in self.roles) else self.partner_id


def init_app(app: Flask) -> None:
    """Set up cookies and the user loader."""
    production = app.extensions["settings"].production
    app.config.update(
        SESSION_COOKIE_NAME="__Host-chizheng" if production else "chizheng",
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_LENGTH,
        SESSION_REFRESH_EACH_REQUEST=False,  # the row in login_sessions ends at its hour; a younger cookie would not help
    )
    manager.init_app(app)
    app.context_processor(lambda: {"me": me()})


def token_hash(token: str) -> bytes:
    """What the database keeps of a session's token or an API key."""
    return hashlib.sha256(token.encode()).digest()


def _load(token: str) -> Me | None:
    row = store.signed_in(wires(), token_hash(token), clock.now())
    if row is None:
        return None
    return Me(
        row.account_id, row.person_id, row.username, row.name, row.staff_no, _roles(row.roles), row.partner_id, row.partner_kind,
        row.one_time, token,
    )


@lru_cache(maxsize=4096)
def _roles(text: str) -> frozenset[Role]:
    """The roles of an account; few lists of them are in use."""
    return frozenset(Role(role) for role in json.loads(text))


@manager.unauthorized_handler  # type: ignore[untyped-decorator]
def _unauthorized() -> Any:
    if speaks_json():
        raise ApiError(401, "unauthenticated", gettext("请先登录。"))
    following = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
    return redirect(url_for("people.sign_in", next=following))


def me() -> Me | None:
    """The signed-in person, or None."""
    # The things themselves: each look through a proxy costs as much as what is looked at.
    person = g._get_current_object().get("_login_user") or current_user._get_current_object()  # type: ignore[attr-defined]
    return person if isinstance(person, Me) else None


def account() -> Me:
    """The signed-in person behind a door that requires one."""
    person = me()
    if person is None:
        abort(401)
    return person


def origin() -> str:
    """A keyed digest of the asker's address: tells two apart, names none."""
    return _told_apart(current_app.extensions["settings"].data_key, request.remote_addr or "")


@lru_cache(maxsize=4096)
def _told_apart(key: str, address: str) -> str:
    return hmac.new(key.encode(), address.encode(), hashlib.sha256).hexdigest()[:16]


def actor(person: Me | None = None) -> Actor:
    """Who is acting, for the audit: ``person``, or whoever asks."""
    person = person or me()
    if person is not None:
        return Actor(f"account:{person.account_id}", person.account_id, origin())
    return Actor(g.get("machine", "nobody"), None, origin())


def begin_session(token: str, person: Me) -> None:
    """Put the fresh token into the cookie, and nothing else that came with the old one."""
    kept = {name: session[name] for name in ("locale", "theme") if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    login_user(person)


def new_token() -> str:
    """A session token: 256 random bits."""
    return secrets.token_urlsafe(32)


def end_session() -> None:
    """Forget the token in the cookie."""
    logout_user()


def requires(permission: Permission) -> Callable[[Door], Door]:
    """Open a door to those whose roles hold ``permission``; 401 or sign-in for nobody, 403 for others.

    An account with a one-time password gets no further than choosing its own.
    """

    def wrap(view: Door) -> Door:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            person = me()
            if person is None:
                return manager.unauthorized()
            if not person.may(permission):
                abort(403)
            if person.one_time and request.endpoint not in {"people.password", "people.sign_out"}:
                if speaks_json():
                    raise ApiError(403, "password_change", gettext("请先设置自己的密码。"))
                return redirect(url_for("people.password"))
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return wrap


def public(view: Door) -> Door:
    """Mark a door as open to everybody; an unmarked route fails the build."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def requires_key(scope: str) -> Callable[[Door], Door]:
    """Open a JSON door to the bearer of a live API key of ``scope``."""

    def wrap(view: Door) -> Door:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            kind, _, key = request.headers.get("Authorization", "").partition(" ")
            row = keys.live_key(wires(), token_hash(key.strip())) if kind.lower() == "bearer" and key else None
            if row is None:
                raise ApiError(401, "unauthenticated", "A valid API key is needed: Authorization: Bearer KEY.")
            if row.scope != scope:
                raise ApiError(403, "forbidden", f"This key is not for {scope}.")
            g.machine = f"key:{row.id}"
            return view(*args, **kwargs)

        guarded.permission = f"key:{scope}"  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return wrap
