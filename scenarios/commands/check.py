"""``flask scenarios check``: the checker for files, at a desk and in continuous integration."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from foundation import clock
from foundation.database import db
from scenarios import checker
from scenarios.checker import Report
from scenarios.file_check import Clauses
from scenarios.language import HUNDREDTH, points
from scenarios.store.known_clauses import known_clauses


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default="en", show_default=True, help="The language of the messages.")
@with_appcontext
def check(files: tuple[Path, ...], as_json: bool, language: str) -> None:
    """Check scenario files. Exit 0: no errors (there may be warnings); 1: errors.

    Clauses are looked up in the database; where it has none, code SCN-040 is left out and a note says so.
    """
    clauses = known_clauses(db.session, clock.now())
    if clauses is None:
        click.echo("note: the database has no clauses here; SCN-040 (clause unknown or superseded) was not checked", err=True)
    reports = [(file, _checked(file, clauses)) for file in files]
    if as_json:
        click.echo(json.dumps([_told(file, report, language) for file, report in reports], ensure_ascii=False))
    else:
        for file, report in reports:
            _say(file, report, language)
    raise SystemExit(0 if all(report.ok for _, report in reports) else 1)


def _checked(file: Path, clauses: Clauses | None) -> Report:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{file} is not UTF-8 ({error.reason})", param_hint="FILE") from None
    return checker.check(text, clauses)


def _number(hundredths: int | None) -> int | float | None:
    if hundredths is None:
        return None
    return hundredths // HUNDREDTH if hundredths % HUNDREDTH == 0 else hundredths / HUNDREDTH


def _told(file: Path, report: Report, language: str) -> dict[str, Any]:
    scores = report.scores
    return {
        "file": str(file), "ok": report.ok, "states": report.states,
        "min": _number(scores.least if scores else None), "max": _number(scores.most if scores else None),
        "best_clean": _number(scores.best_clean if scores else None), "best_practice": _number(scores.best_practice if scores else None),
        "decided": report.decided, "clauses_checked": report.clauses_known,
        "coverage": {clause: list(steps) for clause, steps in report.coverage.items()},
        "diagnostics": [
            {
                "code": one.code, "severity": one.severity.value, "line": one.line, "field": one.field, "message": one.message(language),
                "messages": {"zh": one.zh, "en": one.en}, "play": list(one.play),
            }
            for one in report.findings
        ],
    }


def _say(file: Path, report: Report, language: str) -> None:
    for one in report.findings:
        click.echo(f"{file}:{one.line}: {one.code} {one.severity.value}: {one.message(language)}  [{one.field}]")
        if one.play:
            click.echo(f"    play: {' '.join(one.play)}")
    counted = f"{report.states} states"
    if report.scores:
        best = "-" if report.scores.best_clean is None else points(report.scores.best_clean)
        counted += f", {points(report.scores.least)} to {points(report.scores.most)} points, best clean play {best}"
    click.echo(f"{file}: {'ok' if report.ok else 'errors'}, {counted}")
