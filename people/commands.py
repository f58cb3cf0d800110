"""``flask people …``, ``flask roster …`` and ``flask api-key …``."""

import json
import secrets
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from foundation.database import db
from foundation.work import COMMAND, work
from people.actions import accounts, companies, roster_imports
from people.actions.roster_keeping import Stale
from people.actions.roster_reading import Scope
from people.actions.sign_in import hash_password
from people.permission import KEY_SCOPES, Role
from people.store import roster_imports as store

people = AppGroup("people", help="People and accounts.")
roster = AppGroup("roster", help="Rosters as files.")
api_key = AppGroup("api-key", help="API keys: shown once, stored hashed.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(people)
    app.cli.add_command(roster)
    app.cli.add_command(api_key)


@people.command("create")
@click.option("--username", required=True)
@click.option("--name", required=True)
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice([role.value for role in Role]))
@click.option("--partner", default="OPERATOR", help="The company's code; the operator when not given.")
@click.option("--staff-no", default="", help="The staff number; the username in capitals when not given.")
def create(username: str, name: str, roles: tuple[str, ...], partner: str, staff_no: str) -> None:
    """Add an account and print its one-time password."""
    chosen = secrets.token_urlsafe(12)
    hashed = hash_password(chosen)
    try:
        with work(COMMAND) as w:
            companies.ensure_operator(w)
            accounts.create_account(w, username, name, [Role(role) for role in roles], partner, staff_no or username.upper(), hashed)
    except accounts.AccountRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"username {username}\none-time password {chosen}")


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partner", required=True, help="The company of rows that name none.")
@click.option("--contract", default="", help="The contract of that company's rows that name none.")
@click.option("--dry-run", is_flag=True, help="Check only.")
@click.option("--json", "as_json", is_flag=True)
def import_roster(file: Path, partner: str, contract: str, dry_run: bool, as_json: bool) -> None:
    """Import people from an Excel or CSV file, all of them or none.

    Exit 0: kept, or fit to be kept; 3: cells are wrong, nothing was kept; 2: the file could not be read.
    """
    partner_id = store.partner_codes(db.session, None).get(partner.upper())
    if partner_id is None:
        raise click.BadParameter(f"there is no company {partner!r}", param_hint="--partner")
    content, scope = file.read_bytes(), Scope(partner_id, True, contract)
    try:
        verdict = roster_imports.examined(scope, content) if dry_run else roster_imports.import_at_once(scope, file.name, content, COMMAND)
    except Stale as error:
        raise click.ClickException("the roster changed meanwhile; nothing was kept: run it again") from error
    report = roster_imports.report_of(verdict)
    names = ("row", "column", "what", "value", "other")
    faults = [dict(zip(names, fault, strict=True)) for fault in roster_imports.faults_of(verdict.judged)]
    if as_json:
        click.echo(json.dumps({"kept": not dry_run and roster_imports.good(verdict), **report, "problems": faults}, ensure_ascii=False))
    else:
        _tell(report, faults)
    raise SystemExit(2 if "trouble" in report else 3 if faults else 0)


def _tell(report: dict[str, Any], faults: list[dict[str, Any]]) -> None:
    """A reading in words; what each ``what`` means stands in docs/imports.md."""
    if "trouble" in report:
        click.echo(f"not read: {report['trouble']}", err=True)
        return
    for fault in faults:
        click.echo(f"row {fault['row']}, {fault['column']}: {fault['what']} {fault['value']} {fault['other']}".rstrip())
    click.echo(", ".join(f"{number} {name}" for name, number in report["counts"].items()) or "no head")
    if report["ignored"]:
        click.echo("columns not used: " + ", ".join(report["ignored"]))


@api_key.command("create")
@click.option("--name", required=True)
@click.option("--scope", required=True, type=click.Choice(KEY_SCOPES))
def create_key(name: str, scope: str) -> None:
    """Make a key and print it; it is not shown again."""
    key = "cz_" + secrets.token_urlsafe(32)
    try:
        with work(COMMAND) as w:
            accounts.create_key(w, name, scope, key)
    except accounts.AccountRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(key)


@api_key.command("revoke")
@click.option("--name", required=True)
def revoke_key(name: str) -> None:
    """Revoke the key of that name at once."""
    with work(COMMAND) as w:
        found = accounts.revoke_key(w, name)
    if not found:
        raise click.ClickException(f"there is no live key named {name!r}")
    click.echo(f"key {name} revoked")
