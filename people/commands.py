"""``flask people …`` and ``flask api-key …``."""

import secrets

import click
from flask import Flask
from flask.cli import AppGroup

from foundation.work import COMMAND, work
from people.actions import accounts, companies
from people.actions.sign_in import hash_password
from people.permission import KEY_SCOPES, Role

people = AppGroup("people", help="People and accounts.")
api_key = AppGroup("api-key", help="API keys: shown once, stored hashed.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(people)
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
