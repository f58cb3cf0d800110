"""Robots of chat groups: WeCom and DingTalk take a text by one JSON request each.

DingTalk asks for a signature: HMAC-SHA256 over the instant in milliseconds and
the robot's secret, in the address. Both say in the answer's ``errcode``
whether they took it.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, urlsplit

import requests

HOSTS = {"wecom": "qyapi.weixin.qq.com", "dingtalk": "oapi.dingtalk.com"}
LONGEST = {"wecom": 2000, "dingtalk": 6000}
"""Bytes of UTF-8 that a text may have there, with room to spare."""
SECONDS = (5, 15)


class RobotError(Exception):
    """The robot could not be reached or did not take the text; the text says why."""


def is_theirs(kind: str, address: str) -> bool:
    """Whether the address is one of that maker's: nothing else is ever asked from here."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # "https://[" is none, and no port is "x"
        return False
    return parts.scheme == "https" and parts.hostname == HOSTS[kind] and parts.username is None and port in (None, 443)


def signed(address: str, secret: str, now: datetime) -> str:
    """DingTalk's address with the instant and the signature."""
    stamp = str(int(now.timestamp() * 1000))
    digest = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    return f"{address}&timestamp={stamp}&sign={quote(base64.b64encode(digest), safe='')}"


def shortened(text: str, limit: int) -> str:
    """``text``, cut at a line's end to ``limit`` bytes."""
    if len(text.encode()) <= limit:
        return text
    kept = ""
    for line in text.splitlines(keepends=True):
        if len((kept + line).encode()) > limit - 4:
            break
        kept += line
    return (kept or text.encode()[: limit - 4].decode(errors="ignore")) + "…"


def post(kind: str, address: str, secret: str, text: str, now: datetime, send: Callable[..., requests.Response] = requests.post) -> None:
    """Give ``text`` to the robot; raises RobotError."""
    if not is_theirs(kind, address):
        raise RobotError(f"the address is not at {HOSTS[kind]}")
    where = signed(address, secret, now) if kind == "dingtalk" and secret else address
    body = {"msgtype": "text", "text": {"content": shortened(text, LONGEST[kind])}}
    try:
        answer = send(where, json=body, timeout=SECONDS, allow_redirects=False)
        answer.raise_for_status()
        said = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise RobotError(type(error).__name__) from error  # its own text would carry the address, which is a secret
    if not isinstance(said, dict) or said.get("errcode") != 0:
        raise RobotError(str(said.get("errmsg", said) if isinstance(said, dict) else said)[:200])
