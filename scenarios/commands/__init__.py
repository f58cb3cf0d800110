"""The command-line doors of scenarios, one file a subject."""

from flask import Flask
from flask.cli import AppGroup

from scenarios.commands.agreement import agreement
from scenarios.commands.check import check

scenarios = AppGroup("scenarios", help="Role-play scenarios, live ratings and how well raters agree.")
scenarios.add_command(agreement)
scenarios.add_command(check)


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(scenarios)
