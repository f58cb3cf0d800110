"""Health doors for the machines that watch the site: up, ready, figures."""

from ipaddress import ip_address

from flask import Blueprint, Response, request

from foundation import health
from foundation.database import wires
from people.login import public, token_hash
from people.store import accounts as store

doors = Blueprint("health", __name__)


@doors.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return _plain("ok\n")


@doors.get("/readyz")
@public
def ready() -> Response:
    """The database answers and holds the schema that the code expects; 503 when not."""
    missing = health.unready()
    return _plain(f"not ready: {missing}\n", 503) if missing else _plain("ready\n")


@doors.get("/metrics")
@public
def metrics() -> Response:
    """Figures in the Prometheus text format, from this machine or with an API key of scope ``metrics``."""
    if not (_from_here() or _has_key()):
        answer = _plain("a request from this machine, or Authorization: Bearer KEY with scope metrics\n", 401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    return _plain(health.exposition(), kind="text/plain; version=0.0.4")


def _plain(text: str, status: int = 200, kind: str = "text/plain") -> Response:
    return Response(text, status, content_type=f"{kind}; charset=utf-8")


def _from_here() -> bool:
    """A loopback address, and no proxy in between that lends its own address to everybody."""
    forwarded = request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded")
    try:
        return not forwarded and ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _has_key() -> bool:
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    row = store.live_key(wires(), token_hash(key.strip())) if kind.lower() == "bearer" and key else None
    return row is not None and row.scope == "metrics"
