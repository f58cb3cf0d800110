"""Safe Exam Browser: the configuration that a sitting hands out, its Config Key, and the proof that it is in force.

A lockdown browser opens the ``.seb`` file (an unencrypted property list) and
from then on proves with each request which configuration it runs under:
``SHA-256(address without fragment + Config Key)`` in hexadecimal, in a header,
or, where it sends none, through a variable that the page's script reads. The
Config Key is the SHA-256 of the configuration written as *SEB-JSON*.

It proves the configuration, not the machine: whoever has the file can compute
the key. An invigilator is not replaced. Source: the developer documentation of
Safe Exam Browser, "Config Key".
"""

import base64
import hashlib
import hmac
import plistlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

HEADER = "X-SafeExamBrowser-ConfigKeyHash"
"""What the browser itself sends."""
PAGE_HEADER = "X-Safe-Browser-Page"
"""What the page's script sends with its requests: the proof for the page's own address, or "none"."""
LEFT_OUT = "originatorVersion"
"""The one key that does not count."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an officer chooses; this is what ``sittings.safe_browser`` holds. ``quit_hash``: SHA-256 (hex) of the password, or empty.

    ``waived``: an invigilator no longer asks for the proof; whoever sits in the browser still finds configuration and way out.
    """

    quit_hash: str = ""
    spell_check: bool = False
    reload: bool = True
    waived: bool = False


def read(plain: object) -> Settings:
    """The settings out of the database."""
    return msgspec.convert(plain, Settings)


def password_hash(password: str) -> str:
    """What the configuration holds of a password for leaving; empty when there is none."""
    return hashlib.sha256(password.encode()).hexdigest() if password else ""


def start_page(site: str, sitting_id: int) -> str:
    """Where the browser begins: the sitting's own page. ``site`` is the public address, without a slash at its end."""
    return f"{site}/exams/sittings/{sitting_id}"


def room_page(site: str, attempt_id: str) -> str:
    """The exam room's address."""
    return f"{site}/attempts/{attempt_id}"


def quit_page(site: str, sitting_id: int) -> str:
    """The address at which the browser closes itself."""
    return f"{start_page(site, sitting_id)}/seb/leave"


def open_link(site: str, sitting_id: int) -> str:
    """A link that opens the lockdown browser, if it is installed: ``seb`` for http, ``sebs`` for https."""
    return f"seb{start_page(site, sitting_id).removeprefix('http')}/seb"


def configuration(chosen: Settings, site: str, sitting_id: int) -> dict[str, Any]:
    """Everything that the ``.seb`` file says. What it does not name keeps the browser's own, safe defaults."""
    parts = urlsplit(site)
    return {
        "sebConfigPurpose": 0,  # for one exam; does not change the browser's own settings
        "startURL": start_page(site, sitting_id),
        "quitURL": quit_page(site, sitting_id),
        "quitURLConfirm": False,
        "sendBrowserExamKey": True,  # one switch for both keys; only the Config Key is asked for
        "browserWindowWebView": 3,  # the modern engine, with the script's way of proving
        "hashedQuitPassword": chosen.quit_hash,
        "allowQuit": True,
        "URLFilterEnable": True,
        "URLFilterEnableContentFilter": False,
        "URLFilterRules": [
            {"action": 1, "active": True, "expression": f"{parts.scheme}://{parts.netloc}/*", "regex": False},
        ],
        "newBrowserWindowByLinkPolicy": 0,
        "newBrowserWindowByScriptPolicy": 0,
        "blockPopUpWindows": True,
        "browserViewMode": 1,
        "browserWindowAllowReload": chosen.reload,
        "showReloadButton": chosen.reload,
        "showTaskBar": True,
        "showTime": True,
        "showInputLanguage": True,
        "allowBrowsingBackForward": False,
        "allowPreferencesWindow": False,
        "allowSpellCheck": chosen.spell_check,
        "allowDictionaryLookup": False,
        "allowDictation": False,
        "allowSiri": False,
        "allowDownUploads": False,
        "allowScreenSharing": False,
        "allowSwitchToApplications": False,
        "allowVirtualMachine": False,
        "enableRightMouse": False,
        "enablePrivateClipboard": True,
        "enablePrintScreen": False,
        "enableJavaScript": True,
        "enableZoomPage": True,
        "enableZoomText": True,
        "removeLocalStorage": False,  # answers that wait for the network are kept there
    }


def document(settings: Mapping[str, Any]) -> bytes:
    """The ``.seb`` file: an XML property list, not encrypted."""
    return plistlib.dumps(dict(settings), fmt=plistlib.FMT_XML, sort_keys=True)


def seb_json(value: Any) -> str:
    """A value as SEB-JSON: keys sorted without regard to case, nothing escaped, no blanks, empty dictionaries left out.

    Raises TypeError for a value that a property list cannot hold.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bytes):
        return f'"{base64.b64encode(value).decode()}"'
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    if isinstance(value, Mapping):
        kept = sorted((key.lower(), key) for key, inner in value.items() if not (isinstance(inner, Mapping) and not inner))
        return "{" + ",".join(f'"{key}":{seb_json(value[key])}' for _low, key in kept) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(seb_json(inner) for inner in value) + "]"
    raise TypeError(f"{type(value).__name__} cannot stand in a property list")


def config_key(settings: Mapping[str, Any]) -> str:
    """The Config Key of a configuration: 64 hexadecimal digits."""
    counted = {key: value for key, value in settings.items() if key != LEFT_OUT}
    return hashlib.sha256(seb_json(counted).encode()).hexdigest()


def proof(address: str, key: str) -> str:
    """What the browser shows for a request to ``address`` under the configuration of ``key``."""
    return hashlib.sha256((address.partition("#")[0] + key).encode()).hexdigest()


@dataclass(frozen=True)
class Seen:
    """What a request shows: its address as the browser saw it, the browser's header, the page's own proof."""

    address: str = ""
    header: str = ""
    page: str = ""

    @property
    def anything(self) -> bool:
        """Whether the request speaks of a lockdown browser at all."""
        return bool(self.header or self.page)


NOTHING_SEEN = Seen()


def seen(site: str, path: str, query: str, headers: Mapping[str, str], typed: str = "") -> Seen:
    """What a request shows. ``site`` is the public address: behind a proxy it is what the browser saw; ``typed`` a form's hidden proof."""
    address = f"{site}{path}?{query}" if query else f"{site}{path}"
    return Seen(address, headers.get(HEADER, ""), headers.get(PAGE_HEADER, "") or typed)


def proven(demanded: object, site: str, sitting_id: int, shown: Seen, attempt_id: str = "") -> bool:
    """Whether a request comes from the configuration that the sitting demands (None: nothing is demanded; waived: any more).

    Either the browser's header fits the request's own address, or the page's
    proof fits one of the pages from which the sitting is sat.
    """
    if demanded is None or (chosen := read(demanded)).waived:
        return True
    if not shown.anything:
        return False
    key = config_key(configuration(chosen, site, sitting_id))
    pages = [start_page(site, sitting_id), *([room_page(site, attempt_id)] if attempt_id else [])]
    fits = [_same(shown.header, proof(shown.address, key)), *(_same(shown.page, proof(page, key)) for page in pages)]
    return any(fits)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.lower().encode(), wanted.encode())
