"""``flask demo``: the demonstration company, on an empty database only."""

import secrets

import click
from flask import current_app
from flask.cli import with_appcontext

from certification.actions import demo as actions
from certification.demonstration import STAFF_ROLES
from foundation import clock
from foundation.config import Settings


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Say nothing and do nothing when there are accounts already.")
@with_appcontext
def demo(if_empty: bool) -> None:
    """Load the demonstration company and print the sign-in names and the password."""
    if if_empty and not actions.is_empty():
        return
    settings: Settings = current_app.extensions["settings"]
    password = settings.demo_password or secrets.token_urlsafe(12)
    try:
        actions.load(password, clock.now(), settings.timezone, lambda code: click.echo(f"living through {code}", err=True))
    except actions.DemoRefused as refused:
        raise click.ClickException(str(refused)) from refused
    names = ["candidate", *(username for username, _name, _partner in STAFF_ROLES)]
    click.echo(f"sign-in names: {', '.join(names)}")
    click.echo(f"password for all of them: {password}")
