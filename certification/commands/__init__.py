"""The command-line doors of certification, one file a subject."""

from flask import Flask

from certification.commands.content import content
from certification.commands.credential_keys import credential_keys
from certification.commands.demo import demo
from certification.commands.dispatch import dispatch
from certification.commands.doctor import doctor
from certification.commands.receipts import certification
from certification.commands.seed import seed


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (certification, content, credential_keys, dispatch, seed, demo, doctor):
        app.cli.add_command(command)
