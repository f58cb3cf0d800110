"""``flask certification verify-receipt``: was this receipt written here, and do the kept answers bear it out?"""

import json
from typing import IO

import click
from flask.cli import AppGroup

from certification.actions.receipts import Finding, check
from foundation.database import db

certification = AppGroup("certification", help="Exams, receipts and papers.")
SENTENCES = {
    Finding.GOOD: "good: signed here, and the answers that are kept are exactly those",
    Finding.FORGED: "forged: not signed here, or altered",
    Finding.UNKNOWN: "unknown: signed here, but there is no such attempt in this database",
    Finding.REPLACED: "replaced: the attempt was reopened, and a later receipt took its place",
    Finding.DIFFERS: "differs: the answers that are kept are not those of the receipt",
}


@certification.command("verify-receipt")
@click.argument("receipt", type=click.File("r"))
@click.option("--json", "as_json", is_flag=True)
def verify_receipt(receipt: IO[str], as_json: bool) -> None:
    """Check the JWS in the file RECEIPT (- reads it from the standard input); exit 0 when it is good, 3 when it is not."""
    found = check(receipt.read())
    db.session.remove()
    if as_json:
        statement = found.statement
        plain = {} if statement is None else {"attempt": statement.attempt, "count": statement.count, "digest": statement.digest}
        click.echo(json.dumps({"finding": found.finding, **plain}))
    else:
        click.echo(SENTENCES[found.finding])
    if found.finding is not Finding.GOOD:
        raise SystemExit(3)
