"""``flask seed FILE.json``: one document, all or nothing; for migrations and load tests."""

import json
from pathlib import Path

import click
import msgspec
from flask import current_app
from flask.cli import with_appcontext

from certification.actions.seed import keep_pack
from certification.pack import PackInvalid, parse
from foundation.work import COMMAND


@click.command("seed")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def seed(file: Path) -> None:
    """Load FILE and print {code: id}; a licence stands under STAFF_NO/PROGRAMME with its number."""
    try:
        pack = parse(msgspec.json.decode(file.read_bytes()))
        kept = keep_pack(pack, COMMAND, current_app.extensions["settings"].timezone)
    except msgspec.DecodeError as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from error
    except PackInvalid as invalid:
        raise click.ClickException(f"nothing was loaded\n{invalid}") from invalid
    for note in kept.notes:
        click.echo(note, err=True)
    click.echo(json.dumps(kept.ids, ensure_ascii=False))
