"""Static files under an address that carries their version.

``/static/<version>/…`` never changes what it holds, so a browser may keep it
for good, and the modules of a page always come from one version: a script of
today never meets a module of yesterday. A page that was loaded before an
update, or an address written by hand, is led to the present version.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

LENGTH = 12


def version_of(folder: Path) -> str:
    """A digest of every file below ``folder`` with its path."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:LENGTH]


def init_app(app: Flask) -> None:
    """Serve ``static/`` before Flask is asked; ``url_for('static', filename=…)`` builds the address."""
    folder = Path(app.root_path) / "static"
    prefix = f"/static/{version_of(folder)}/"
    app.add_url_rule(prefix + "<path:filename>", endpoint="static", build_only=True)
    earlier = _Earlier(app.wsgi_app, prefix)
    files = WhiteNoise(
        earlier, root=folder, prefix=prefix, immutable_file_test=lambda _path, _url: True, add_headers_function=_headers
    )
    earlier.known = files.files
    app.wsgi_app = files  # type: ignore[method-assign]


class _Earlier:
    """Leads an address without a version, or with another one, to the file as it is now."""

    def __init__(self, application: Any, prefix: str) -> None:
        self.application = application
        self.prefix = prefix
        self.known: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/static/") and environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            rest = path.removeprefix("/static/")
            first, _slash, after = rest.partition("/")
            known = next((name for name in (rest, after if len(first) == LENGTH else "") if self.prefix + name in self.known), None)
            if known:
                where = environ.get("SCRIPT_NAME", "") + self.prefix + known
                start_response("302 Found", [("Location", where), ("Cache-Control", "no-store"), ("Content-Length", "0")])
                return []
        answer: Iterable[bytes] = self.application(environ, start_response)
        return answer


def _headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
