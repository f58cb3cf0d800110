"""``flask question-bank figures``: how the questions did in every exam whose results are out."""

import json

import click
from flask.cli import with_appcontext

from certification.actions import item_figures as actions
from certification.store import item_figures as store
from foundation.database import db


@click.command("figures")
@click.option("--json", "as_json", is_flag=True, help="The counts as JSON.")
@with_appcontext
def figures(as_json: bool) -> None:
    """Count every released sitting anew: how much of each question was earned, and how it goes with the rest of the paper."""
    counts = [actions.count(sitting) for sitting in store.released(db.session)]
    if as_json:
        click.echo(json.dumps({"sittings": len(counts), "versions": sum(counts)}))
    else:
        click.echo(f"sittings counted: {len(counts)}; versions in them: {sum(counts)}")
