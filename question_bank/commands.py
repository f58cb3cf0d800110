"""``flask question-bank …``."""

import json

import click
from flask import Flask
from flask.cli import AppGroup

from foundation.database import db
from question_bank.inspection import Report, inspect
from question_bank.store import quality as store

question_bank = AppGroup("question-bank", help="The question bank.")
SHOWN = 20


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(question_bank)


@question_bank.command("check")
@click.option("--json", "as_json", is_flag=True, help="The whole report as JSON.")
def check(as_json: bool) -> None:
    """Coverage, key balance, cues, near duplicates and citations of the items in use; exit 1 when a limit is broken."""
    report = inspect(store.asked(db.session), store.demands(db.session))
    click.echo(json.dumps(report.plain(), ensure_ascii=False) if as_json else _table(report))
    if not report.holds:
        raise SystemExit(1)


def _table(report: Report) -> str:
    """The report for people: a line a limit, and what breaks it below."""
    width = max(len(finding.name) for finding in report.findings)
    lines = [f"{report.items} items in use"]
    for finding in report.findings:
        mark = "ok    " if finding.holds else "BROKEN"
        lines.append(f"{mark}  {finding.name:<{width}}  {finding.figure}  (limit: {finding.limit})")
        lines += [f"          {what}" for what in finding.broken[:SHOWN]]
        if len(finding.broken) > SHOWN:
            lines.append(f"          … and {len(finding.broken) - SHOWN} more (--json shows all)")
    if report.skipped:
        lines.append(f"left out, no question on them: {', '.join(report.skipped)}")
    return "\n".join(lines)
