"""Somebody in between who cannot be trusted: requests and answers are lost, cut, held up, doubled, or answered by a stranger."""

import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable

MISCHIEF = {
    "nothing": 40, "lose the request": 5, "cut the request": 5, "lose the answer": 8, "cut the answer": 8, "shorten the answer": 5,
    "hold up": 6, "hold up too long": 2, "twice": 8, "again later": 6, "a page instead": 4, "a page afterwards": 4, "Wi-Fi sign-in": 4,
}
PAGE = b"<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>"
PORTAL = "<!doctype html><title>欢迎使用无线网络</title><form>请输入手机号码</form>".encode()


class Cut(Exception):
    """The other side has gone."""


class Proxy:
    """Listens on ``port`` and passes on to ``target``, more or less. What it did is counted in ``done``."""

    def __init__(self, target: int, seed: str, patience: float) -> None:
        self.target = target
        self.patience = patience
        self.dice = random.Random(seed)
        self.lock = threading.Lock()
        self.done: Counter[str] = Counter()
        self.errors: list[BaseException] = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self.listener.getsockname()[1]
        self.later: list[threading.Thread] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Take no more connections, and let what was held back arrive."""
        self.listener.close()
        for thread in self.later:
            thread.join()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """One connection, request by request, until one of them is treated badly."""
        try:
            with client:
                while True:
                    request = receive(client)
                    with self.lock:
                        what = self.dice.choices(list(MISCHIEF), list(MISCHIEF.values()))[0]
                        share, pause = self.dice.random(), self.dice.uniform(0.02, 0.3)
                        self.done[what] += 1
                    self._treat(what, client, request, share, pause)
        except (Cut, OSError):
            return
        except BaseException as error:  # noqa: BLE001 - kept for whoever asks, in the thread that asks
            self.errors.append(error)

    def _treat(self, what: str, client: socket.socket, request: bytes, share: float, pause: float) -> None:
        """Pass the request on, in its way; raises Cut when the connection is done with."""
        deeds: dict[str, Callable[[], None]] = {
            "nothing": lambda: client.sendall(self._pass(request)),
            "lose the request": lambda: reset(client),
            "cut the request": lambda: self._cut_request(client, request, share),
            "lose the answer": lambda: self._lose(client, request),
            "cut the answer": lambda: self._cut_answer(client, request, share),
            "shorten the answer": lambda: client.sendall(shortened(self._pass(request), share)),
            "hold up": lambda: self._hold(client, request, pause),
            "hold up too long": lambda: self._hold(client, request, self.patience + pause),
            "twice": lambda: client.sendall((self._pass(request), self._pass(request))[0]),
            "again later": lambda: self._again(client, request, pause),
            "a page instead": lambda: client.sendall(answer("502 Bad Gateway", PAGE)),
            "a page afterwards": lambda: client.sendall(answer("502 Bad Gateway", self._pass(request) and PAGE)),
            "Wi-Fi sign-in": lambda: client.sendall(answer("200 OK", PORTAL)),
        }
        deeds[what]()

    def _pass(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.target), 30) as upstream:
            upstream.sendall(request)
            return receive(upstream)

    def _cut_request(self, client: socket.socket, request: bytes, share: float) -> None:
        with socket.create_connection(("127.0.0.1", self.target), 30) as upstream:
            upstream.sendall(request[: max(1, int(len(request) * share))])
        reset(client)

    def _lose(self, client: socket.socket, request: bytes) -> None:
        self._pass(request)
        reset(client)

    def _cut_answer(self, client: socket.socket, request: bytes, share: float) -> None:
        whole = self._pass(request)
        client.sendall(whole[: int(len(whole) * share)])
        raise Cut

    def _hold(self, client: socket.socket, request: bytes, pause: float) -> None:
        time.sleep(pause)
        client.sendall(self._pass(request))

    def _again(self, client: socket.socket, request: bytes, pause: float) -> None:
        """Pass it on, and once more when the device has long gone on: an old answer that comes after newer ones."""
        client.sendall(self._pass(request))
        late = threading.Timer(pause, self._pass_quietly, (request,))
        self.later.append(late)
        late.start()

    def _pass_quietly(self, request: bytes) -> None:
        try:
            self._pass(request)
        except (Cut, OSError):  # nobody waits for it
            self.done["came too late for anybody"] += 1


def receive(source: socket.socket) -> bytes:
    """One whole request or answer, head and body; raises Cut when the other side has gone before its end."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(source)
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        part = _more(source)
        data, body = data + part, body + part
    return data


def _more(source: socket.socket) -> bytes:
    part = source.recv(65536)
    if not part:
        raise Cut
    return part


def reset(client: socket.socket) -> None:
    """Hang up without a word (RST)."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    raise Cut


def answer(status: str, body: bytes) -> bytes:
    """A page by somebody else."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def shortened(whole: bytes, share: float) -> bytes:
    """An answer whose body lost its end on the way, and whose head says that this is all."""
    head, _, body = whole.partition(b"\r\n\r\n")
    kept = body[: int(len(body) * share)]
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(kept)]) + b"\r\n\r\n" + kept
