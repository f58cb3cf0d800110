"""``flask dispatch check``: one decision with its reasons, on the command line."""

import re
from datetime import datetime
from typing import Any

import click
import msgspec
from flask.cli import AppGroup

from certification import dispatch_pass as pass_rule
from certification.actions import dispatch as actions
from certification.actions import dispatch_passes
from certification.actions.dispatch import Question, flush
from certification.actions.dispatch_answer import answered, sentence
from certification.dispatch_code import Result
from certification.visit import YEARS, Scope, Tier, Visit
from foundation import clock

dispatch = AppGroup("dispatch", help="May this person be sent to this customer?")
DENIED = 3


class Moment(click.ParamType):
    """ISO 8601; a time without a zone counts in the configured one, which is known only when the command runs."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-11-26T21:00 or 2026-11-26T21:00+08:00", param, ctx)
        if moment.year not in YEARS:
            self.fail(f"{value!r} does not lie in the years {YEARS[0]} to {YEARS[-1]}", param, ctx)
        return moment


def _local(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=actions.policy().zone)


@dispatch.command("check")
@click.argument("staff_no")
@click.option("--programme", default=None, help="The programme's code; may be left out while there is only one.")
@click.option("--customer-tier", "tier", required=True, type=click.Choice([tier.value for tier in Tier]))
@click.option("--scope", default="local", show_default=True, type=click.Choice([scope.value for scope in Scope]))
@click.option("--starts", required=True, type=Moment())
@click.option("--ends", required=True, type=Moment())
@click.option("--team", default="", help="Who else goes: staff numbers, separated by commas.")
@click.option("--visit", default="", help="The number of the work order.")
@click.option("--logo", is_flag=True, help="The operator's logo is to be worn.")
@click.option("--at", type=Moment(), default=None, help="Replay: what was recorded by then.")
@click.option("--json", "as_json", is_flag=True)
def check(
    staff_no: str, programme: str | None, tier: str, scope: str, starts: datetime, ends: datetime, team: str, visit: str,
    logo: bool, at: datetime | None, as_json: bool,
) -> None:
    """Judge whether STAFF_NO may go; exit 0 when allowed, 3 when denied."""
    numbers = (staff_no, *(number for number in re.split(r"[\s,]+", team) if number))
    asked = Visit(
        tuple(dict.fromkeys(numbers)), programme or _only_programme(), Tier(tier), Scope(scope), _local(starts), _local(ends), visit,
        logo=logo,
    )
    found = actions.evaluate(Question(asked, _local(at) if at else None), "command")
    flush()
    if as_json:
        click.echo(msgspec.json.encode(answered(found)).decode())
    else:
        click.echo("allowed" if found.answer.decision else "denied")
        for one in found.answer.checks:
            said = sentence(one, actions.policy().zone)
            click.echo(f"  {SIGNS[one.outcome]} {said['zh']}" + (f" [{one.code}]" if one.outcome is Result.FAIL else ""))
    if not found.answer.decision:
        raise SystemExit(DENIED)


@dispatch.command("verify-pass")
@click.argument("token")
@click.option("--jwks", type=click.File("rb"), default=None, help="A file with the published keys; those of this site when left out.")
def verify_pass(token: str, jwks: Any) -> None:
    """Verify a pass; exit 0 when it opens the gate, 3 when not. With --jwks nothing else is needed: no database, no network."""
    now = clock.now()
    found = pass_rule.check(token, msgspec.json.decode(jwks.read())["keys"], now) if jwks else dispatch_passes.verify(token, now)
    click.echo(msgspec.json.encode({"valid": found.refused is None, "refused": found.refused, "pass": found.found}).decode())
    if found.refused is not None:
        raise SystemExit(DENIED)


SIGNS = {Result.PASS: "+", Result.FAIL: "-", Result.SKIP: "o"}


def _only_programme() -> str:
    codes = actions.programme_codes()
    if len(codes) != 1:
        raise click.UsageError(f"--programme is needed: there are {', '.join(codes) or 'no programmes'}")
    return codes[0]
