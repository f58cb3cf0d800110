"""``flask credential-keys``: the keys that sign credentials, status lists and passes."""

import click
from flask.cli import AppGroup

from certification.actions import signing
from certification.store import signing as store
from foundation import clock
from foundation.database import wires
from foundation.work import COMMAND, work

credential_keys = AppGroup("credential-keys", help="The keys that sign credentials, status lists and passes.")
SENTENCES = {
    signing.Refusal.UNKNOWN: "there is no key of that name; `credential-keys list` shows them",
    signing.Refusal.RETIRED_ALREADY: "that key is retired already; --lost withdraws it before its day",
}


@credential_keys.command("list")
def show() -> None:
    """Every key: which signs, and until when the others stay published."""
    rows, now = store.keys(wires()), clock.now()
    if not rows:
        click.echo("no key yet: the first is made when something is first signed")
    signer = next((row.kid for row in reversed(rows) if row.retired is None), None)
    for row in rows:
        if row.retired is None:
            state = "signs" if row.kid == signer else "live"
        else:
            state = f"published until {row.over:%Y-%m-%d}" if row.over > now else "withdrawn"
        click.echo(f"{row.kid}  made {row.created:%Y-%m-%d %H:%M} UTC  {state}")


@credential_keys.command()
def rotate() -> None:
    """Make a new key that signs from now on; the old ones stay published until what they signed is over."""
    with work(COMMAND) as w:
        kid = signing.rotate(w)
    signing.forget()
    click.echo(f"{kid} signs from now on")


@credential_keys.command()
@click.argument("kid")
@click.option("--lost", is_flag=True, help="Withdraw it at once: nothing that it signed is believed any more.")
def retire(kid: str, lost: bool) -> None:
    """Let the key KID sign no more; a new one takes the place of the last."""
    with work(COMMAND) as w:
        refused = signing.retire(w, kid, lost)
    signing.forget()
    if refused:
        raise click.ClickException(SENTENCES[refused])
    click.echo(f"{kid} is withdrawn" if lost else f"{kid} signs no more")
