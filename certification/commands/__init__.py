"""The command-line doors of certification, one file a subject."""

import click
from flask import Flask

from certification.commands.bank_check import check
from certification.commands.bank_figures import figures
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
    bank = app.cli.commands["question-bank"]
    if not isinstance(bank, click.Group):
        raise TypeError("question-bank is no group of commands")
    bank.add_command(check)
    bank.add_command(figures)
