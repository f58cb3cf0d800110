"""Sending to an address that somebody typed: only where it may lead, with a limit on everything, and never further.

A name is looked up once, every address it has is judged, and the connection
goes to the one that was judged: a second answer of the name server cannot
lead inside. Redirects are not followed, proxies of the environment not asked,
and of the answer nothing but its status is read.
"""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

CONNECT, READ = 5, 10
"""Seconds to connect, and to wait for the answer."""
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 behind NAT64


class Forbidden(Exception):
    """The address leads where nothing is sent; the text says why."""


@dataclass(frozen=True)
class Reply:
    """What came of it: the status, or the ``error`` that kept it from coming."""

    status: int | None
    error: str = ""

    @property
    def taken(self) -> bool:
        """Whether the other side said yes."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], inside: bool = False) -> Reply:
    """POST ``body``; whatever goes wrong is in the reply. ``inside`` lets it go to this machine and its networks."""
    parts = urlsplit(url)
    try:
        host, address = parts.hostname or "", reachable(url, inside)
        there = f"[{address}]" if ":" in address else address
        target = urlunsplit((parts.scheme, f"{there}:{parts.port}" if parts.port else there, parts.path or "/", parts.query, ""))
        with requests.Session() as session:
            session.trust_env = False
            session.mount(f"{parts.scheme}://", _Pinned(host if parts.scheme == "https" else ""))
            sent = {**headers, "Host": parts.netloc.rpartition("@")[2]}
            with session.post(target, data=body, headers=sent, timeout=(CONNECT, READ), allow_redirects=False, stream=True) as answer:
                return Reply(answer.status_code)
    except Forbidden as error:
        return Reply(None, f"forbidden: {error}")
    except (requests.RequestException, OSError, ValueError) as error:
        return Reply(None, type(error).__name__)


def reachable(url: str, inside: bool = False) -> str:
    """The address behind the URL's name; raises Forbidden where it leads inside and may not, OSError where nobody knows it."""
    parts = urlsplit(url)
    default = 443 if parts.scheme == "https" else 80
    found = socket.getaddrinfo(parts.hostname, parts.port or default, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not inside and not all(map(is_outside, addresses)):
        raise Forbidden("the name leads to an address inside this network")
    return addresses[0]


def is_outside(address: str) -> bool:
    """Whether an address belongs to the open internet, and not to this machine or a network of its own."""
    found: Any = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found in TRANSLATED:
            return is_outside(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        hidden = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if hidden is not None:
            return is_outside(str(hidden))
    return bool(found.is_global) and not found.is_multicast


class _Pinned(HTTPAdapter):
    """A connection to a judged address, with the certificate of the name that was asked for."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        if self.host:
            named |= {"server_hostname": self.host, "assert_hostname": self.host}
        super().init_poolmanager(*arguments, **named)  # type: ignore[no-untyped-call]
