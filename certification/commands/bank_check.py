"""``flask question-bank check``: the question bank as a whole, and what it holds for each programme.

It reads programmes, so it stands here and joins the group of the question bank.
"""

import json
from collections.abc import Iterator
from typing import Any

import click
from flask.cli import with_appcontext

from certification.programme import from_json
from certification.store import programmes
from certification.supply import COMFORTABLE, Supply, supply
from foundation.database import db
from question_bank.coverage import Needed
from question_bank.inspection import Finding, Report, inspect
from question_bank.store import quality as store
from question_bank.store.pool import pool
from standards import store as standards

SHOWN = 20


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="The whole report as JSON.")
@click.option("--standard", default="", metavar="STD[@EDITION]", help="Only this standard, or this edition of it.")
@with_appcontext
def check(as_json: bool, standard: str) -> None:
    """Coverage, key balance, cues, near duplicates and citations of the items in use, and each programme's supply.

    Ends with 1 when a limit is broken or a programme cannot be examined, with 2 when there is no such standard.
    """
    known = {f"{edition.standard}@{edition.edition}": edition for edition in standards.editions(db.session)}
    chosen = [ref for ref in known if not standard or standard in (ref, ref.partition("@")[0])]
    if standard and not chosen:
        raise click.BadParameter(f"there is no standard {standard}; there are {', '.join(known) or 'none'}", param_hint="--standard")
    report = inspect(store.asked(db.session, standard), store.demands(db.session, standard))
    supplies = [_supply(row) for row in programmes.newest_editions(db.session) if set(from_json(row.spec).standards) & set(chosen)]
    holds = report.holds and all(found.holds for found in supplies)
    if as_json:
        plain = {**report.plain(), "ok": holds, "programmes": [found.plain() for found in supplies]}
        click.echo(json.dumps(plain, ensure_ascii=False))
    else:
        click.echo("\n".join([*_table(report), *_programmes(supplies)]))
    if not holds:
        raise SystemExit(1)


def _supply(row: Any) -> Supply:
    spec = from_json(row.spec)
    editions = [view.id for view in standards.editions(db.session) if f"{view.standard}@{view.edition}" in spec.standards]
    clauses = [
        Needed(view.id, view.ref, view.chapter, view.tier, view.key_clause, view.examinable)
        for view in standards.clauses_in(db.session, editions)
    ]
    return supply(row.code, row.number, spec, clauses, pool(db.session, spec.standards), standards.clash_camps(db.session))


def _table(report: Report) -> Iterator[str]:
    """The report for people: a line a limit, and below it what breaks it or is worth a look."""
    width = max(len(finding.name) for finding in report.findings)
    yield f"{report.items} items in use"
    for finding in report.findings:
        mark = "ok    " if finding.holds else "BROKEN"
        yield f"{mark}  {finding.name:<{width}}  {finding.figure}  (limit: {finding.limit})"
        yield from _below(finding)
    if report.skipped:
        yield f"left out, no question on them: {', '.join(report.skipped)}"


def _below(finding: Finding) -> Iterator[str]:
    for sign, lines in (("  ", finding.broken), ("? ", finding.listed)):
        yield from (f"        {sign}{what}" for what in lines[:SHOWN])
        if len(lines) > SHOWN:
            yield f"        {sign}… and {len(lines) - SHOWN} more (--json shows all)"


def _programmes(supplies: list[Supply]) -> Iterator[str]:
    for found in supplies:
        mark = "ok    " if found.holds else "BROKEN"
        lacking = "a paper can be made" if found.holds else f"{found.missing} questions missing for a paper"
        yield f"{mark}  programme {found.programme}, edition {found.edition}: {found.items} questions, {found.clauses} clauses, {lacking}"
        yield from (f"        ? {what}" for what in found.short[:SHOWN])
        for row in found.rows:
            thin = f", below {COMFORTABLE} × " if row.available < COMFORTABLE * row.count else ""
            yield f"          {row.title}: {row.available} for {row.count}{thin}"
