"""``flask worker``, ``flask audit …``, ``flask doctor``."""

import json

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from foundation import audit, worker
from foundation.config import Settings
from foundation.database import db

audit_group = AppGroup("audit", help="The record of deeds.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(audit_group)
    app.cli.add_command(run_worker)


@click.command("worker")
@click.option("--once", is_flag=True, help="Run every sweep once, drain the outbox, and end.")
@with_appcontext
def run_worker(once: bool) -> None:
    """Run sweeps and the outbox until stopped."""
    if once:
        click.echo(json.dumps(worker.run_sweeps()))
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    worker.consume(app, current_app.extensions["settings"])


@audit_group.command("verify")
@click.option("--json", "as_json", is_flag=True)
def verify(as_json: bool) -> None:
    """Walk the chain and hold it against the signed checkpoints; exit 1 when it does not hold."""
    settings: Settings = current_app.extensions["settings"]
    report = audit.verify(db.engine, settings.data_dir, settings.secret_key)
    if as_json:
        click.echo(json.dumps({"ok": not report.problems, "rows": report.rows, "problems": report.problems}))
    else:
        click.echo("\n".join(report.problems) or f"{report.rows} rows, the chain holds")
    if report.problems:
        raise SystemExit(1)
