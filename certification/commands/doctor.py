"""``flask doctor``: does everything stand as it should?"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from importlib.metadata import version

import click
from flask import current_app
from flask.cli import with_appcontext

from certification.actions.chain import doctor_attempts
from certification.actions.licences import doctor_spans
from certification.actions.regrades import doctor_signatures
from certification.actions.signing import doctor_keys
from foundation import audit, health
from foundation.config import Settings
from foundation.database import db

LEAST_FREE = 1024**3
LIBRARIES = ("flask", "sqlalchemy", "flask-login", "wtforms", "psycopg", "huey", "joserfc")


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True)
@click.option("--attempts", type=click.IntRange(min=1), metavar="N", help="Hold only N attempts, drawn by chance, against their chains.")
@with_appcontext
def doctor(as_json: bool, attempts: int | None) -> None:
    """Check database, schema, space, audit chain, licence spans and every attempt's answers; exit 1 when something is wrong."""
    checks = {**CHECKS, "attempts": lambda: doctor_attempts(attempts)}
    findings = [{"check": name, "problems": list(check())} for name, check in checks.items()]
    versions = {name: version(name) for name in LIBRARIES} | {"sqlite": sqlite3.sqlite_version}
    if as_json:
        click.echo(json.dumps({"ok": not any(found["problems"] for found in findings), "checks": findings, "versions": versions}))
    else:
        for found in findings:
            click.echo(f"{found['check']}: " + ("; ".join(found["problems"]) or "good"))
        click.echo("versions: " + ", ".join(f"{name} {number}" for name, number in versions.items()))
    if any(found["problems"] for found in findings):
        raise SystemExit(1)


def _schema() -> Iterator[str]:
    match health.unready():
        case "database":
            yield "the database does not answer"
        case "schema":
            yield "the schema is not the one this code expects: run db upgrade"


def _space() -> Iterator[str]:
    free = shutil.disk_usage(_settings().data_dir).free
    if free < LEAST_FREE:
        yield f"only {free // 1024**2} MiB are free in the data folder"


def _audit() -> Iterator[str]:
    yield from audit.verify(db.engine, _settings().data_dir, _settings().secret_key).problems


def _spans() -> Iterator[str]:
    yield from doctor_spans(db.session)


def _regrades() -> Iterator[str]:
    yield from doctor_signatures(db.session)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "schema": _schema, "space": _space, "audit": _audit, "licences": _spans, "regrades": _regrades,
    "signing keys": doctor_keys,
}
