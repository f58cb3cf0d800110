"""Who asks: one client that keeps its connection and its cookies, over the network or straight into the app."""

import json
import re
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import Client

Answer = tuple[int, list[tuple[str, str]], bytes]
Wire = Callable[[str, str, bytes, dict[str, str]], Answer]
PAUSE = 10.0  # seconds
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"|name="csrf_token"[^>]*value="([^"]+)"')


def over_network(port: int) -> Wire:
    """A kept-alive connection to a server on this machine; made anew after a pause, in which the server may have closed it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    last = time.monotonic()

    def send(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        nonlocal last
        if time.monotonic() - last > PAUSE:
            connection.close()
        last = time.monotonic()
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    return send


def straight(app: Flask) -> Wire:
    """The app itself, without a server; for the profiler."""
    client = Client(app, use_cookies=False)

    def send(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        answer = client.open(path, method=method, data=body, headers=headers)
        return answer.status_code, list(answer.headers), answer.data

    return send


class Browser:
    """One person's cookies and token over a wire."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.cookie = ""
        self.token = ""

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request; cookies that are set are kept."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if method != "GET":
            sent["X-CSRFToken"] = self.token
        answer = self.wire(method, path, body, sent)
        for name, value in answer[1]:
            if name.lower() == "set-cookie":
                self.cookie = value.partition(";")[0]
        return answer

    def json(self, method: str, path: str, body: Any, wanted: tuple[int, ...] = (200, 201), **headers: str) -> Any:
        """One JSON request; raises when the answer is not a wanted one."""
        status, _, data = self.ask(method, path, json.dumps(body).encode(), Content_Type="application/json", **headers)
        if status not in wanted:
            raise RuntimeError(f"{method} {path} answered {status}: {data[:300]!r}")
        return json.loads(data)

    def page(self, path: str) -> str:
        """A page; its token is kept."""
        status, _, data = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"GET {path} answered {status}")
        text = data.decode()
        if found := TOKEN.search(text):
            self.token = found[1] or found[2]
        return text

    def sign_in(self, username: str, password: str) -> None:
        """Through the door, with the price of the password."""
        self.page("/login")
        self.enter(username, password)
        self.page("/exams")

    def enter(self, username: str, password: str) -> None:
        """Hand over name and password on the sign-in page that was fetched before."""
        form = urlencode({"username": username, "password": password, "csrf_token": self.token}).encode()
        status, _, data = self.ask("POST", "/login", form, Content_Type="application/x-www-form-urlencoded")
        if status != 302:
            raise RuntimeError(f"signing in as {username} answered {status}: {data[:300]!r}")
