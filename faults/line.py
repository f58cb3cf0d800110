"""One device's connection: it breaks, and is made anew."""

import json
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from faults.stage import PASSWORD

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"|name="csrf_token"[^>]*value="([^"]+)"')


class Broken(Exception):
    """No whole answer came back: nobody knows whether the request was received."""


@dataclass(frozen=True)
class Said:
    """A whole answer."""

    status: int
    kind: str
    data: bytes
    location: str = ""

    def json(self) -> Any:
        """The body when it is JSON and says so; None for everything else, such as a page of somebody in between."""
        if self.kind.partition(";")[0] != "application/json":
            return None
        try:
            return json.loads(self.data)
        except ValueError:
            return None


class Line:
    """A device with its cookie and token; ``port`` may be moved to a proxy's."""

    def __init__(self, port: int, timeout: float = 20.0) -> None:
        self.port = port
        self.timeout = timeout
        self.cookie = ""
        self.token = ""
        self.connection: HTTPConnection | None = None

    def twin(self) -> "Line":
        """Another connection of the same signed-in device."""
        other = Line(self.port, self.timeout)
        other.cookie, other.token = self.cookie, self.token
        return other

    def ask(self, method: str, path: str, body: Any = None, form: Sequence[tuple[str, str]] | None = None, **headers: str) -> Said:
        """One request; raises Broken."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None
        if form is not None:
            data = urlencode([*form, ("csrf_token", self.token)]).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        elif body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        if self.cookie:
            sent["Cookie"] = self.cookie
        if method != "GET":
            sent["X-CSRFToken"] = self.token
        try:
            return self._ask(method, path, data, sent)
        except (OSError, HTTPException, ValueError) as error:
            self.close()
            raise Broken(f"{method} {path}: {error!r}") from error

    def _ask(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Said:
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        said = Said(answer.status, answer.getheader("Content-Type") or "", answer.read(), answer.getheader("Location") or "")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and said.status < 500:
                self.cookie = value.partition(";")[0]
        if answer.will_close:
            self.close()
        return said

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def page(self, path: str) -> str:
        """A page; its token is kept. Raises RuntimeError when it is none."""
        said = self.ask("GET", path)
        if said.status != 200:
            raise RuntimeError(f"GET {path} answered {said.status}")
        text = said.data.decode()
        if found := TOKEN.search(text):
            self.token = found[1] or found[2]
        return text

    def sign_in(self, username: str) -> None:
        """Through the door, with the price of the password."""
        self.page("/login")
        said = self.ask("POST", "/login", form=[("username", username), ("password", PASSWORD)])
        if said.status != 302:
            raise RuntimeError(f"signing in as {username} answered {said.status}")
        self.page("/")
