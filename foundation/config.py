"""Configuration by environment, parsed once into typed values.

Every setting has a safe default for one machine. A ``CHIZHENG_PUBLIC_URL``
that starts with https means production: then the secrets must be given and
the cookies are bound to the host.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app

from foundation.mail import MailServer


class ConfigError(Exception):
    """A setting that is missing or cannot be used; the text says which and why."""


@dataclass(frozen=True)
class Settings:
    """What the environment asked for.

    ``grace_seconds`` is added to a deadline before a response counts as late;
    ``expiring_days`` is how long before its end a licence is shown as expiring,
    ``ending_days`` how long before its last day a contract is ending;
    ``notice_hour`` is the local hour from which a day's reminders go out.
    """

    data_dir: Path
    database_url: str
    database_given: bool
    public_url: str
    production: bool
    secret_key: str
    data_key: str
    timezone: ZoneInfo
    redis_url: str | None
    port: int
    demo_password: str | None
    grace_seconds: int
    expiring_days: int
    ending_days: int
    smtp: MailServer | None
    mail_from: str
    notice_hour: int

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read ``environ`` (``os.environ`` when None); raise ConfigError with the variable's name."""
        env = os.environ if environ is None else environ
        port = _whole(env, "PORT", 5000, 1, 65535)
        public_url = env.get("CHIZHENG_PUBLIC_URL", "").rstrip("/") or f"http://127.0.0.1:{port}"
        production = _is_https(public_url)
        data_dir = Path(env.get("CHIZHENG_DATA") or Path(__file__).resolve().parent.parent / "instance").absolute()
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"CHIZHENG_DATA names a folder that cannot be used: {error}.") from error
        given = env.get("DATABASE_URL", "")
        return cls(
            data_dir=data_dir,
            database_url=_database_url(given, data_dir),
            database_given=bool(given),
            public_url=public_url,
            production=production,
            secret_key=_secret(env, "SECRET_KEY", data_dir, production),
            data_key=_secret(env, "CHIZHENG_DATA_KEY", data_dir, production),
            timezone=_zone(env.get("CHIZHENG_TIMEZONE") or "Asia/Shanghai"),
            redis_url=env.get("REDIS_URL") or None,
            port=port,
            demo_password=env.get("CHIZHENG_DEMO_PASSWORD") or None,
            grace_seconds=_whole(env, "CHIZHENG_GRACE_SECONDS", 0, 0, 600),
            expiring_days=_whole(env, "CHIZHENG_EXPIRING_DAYS", 60, 1, 366),
            ending_days=_whole(env, "CHIZHENG_ENDING_DAYS", 60, 1, 366),
            smtp=_mail_server(env.get("CHIZHENG_SMTP_URL", "")),
            mail_from=_sender(env, public_url),
            notice_hour=_whole(env, "CHIZHENG_NOTICE_HOUR", 8, 0, 23),
        )


def settings() -> Settings:
    """The running app's settings."""
    found: Settings = current_app.extensions["settings"]
    return found


def _is_https(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(f"CHIZHENG_PUBLIC_URL must be a http or https address, not {url!r}.")
    return parts.scheme == "https"


def _database_url(given: str, data_dir: Path) -> str:
    """Embedded SQLite unless one is named; PostgreSQL always through psycopg 3."""
    if not given:
        return f"sqlite:///{data_dir / 'chizheng.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given[len(prefix):]
    if given.startswith(("postgresql+psycopg://", "sqlite:///")):
        return given
    raise ConfigError("DATABASE_URL must start with postgresql:// or sqlite:///.")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"CHIZHENG_TIMEZONE names no time zone: {name!r}.") from error


def _mail_server(url: str) -> MailServer | None:
    try:
        return MailServer.parse(url) if url else None
    except ValueError as error:
        raise ConfigError(f"CHIZHENG_SMTP_URL: {error}.") from error


def _sender(env: Mapping[str, str], public_url: str) -> str:
    given = env.get("CHIZHENG_MAIL_FROM") or f"chizheng@{urlsplit(public_url).hostname}"
    if "@" not in given or any(mark in given for mark in "\r\n<> "):
        raise ConfigError(f"CHIZHENG_MAIL_FROM must be one plain address, not {given!r}.")
    return given


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise ConfigError(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
    return int(text)


def _secret(env: Mapping[str, str], name: str, data_dir: Path, production: bool) -> str:
    """The given secret, or one made once beside the data; never made up in production."""
    if given := env.get(name):
        if len(given) < 16:
            raise ConfigError(f"{name} must have at least 16 characters.")
        return given
    if production:
        raise ConfigError(f"{name} is required when CHIZHENG_PUBLIC_URL is https.")
    path = data_dir / (name.lower() + ".txt")
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made := secrets.token_hex(32))
    return made
