"""``flask scenarios agreement``: how well raters agree, from a table of their ratings. It needs no database."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import click

from scenarios.agreement_report import SENTENCES, WORDS_FROM, Report, report
from scenarios.agreement_sheet import Sheet, sheet
from scenarios.agreement_table import Scale, Table, table


@click.command("agreement")
@click.argument("ratings", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scale", type=click.Choice([one.value for one in Scale]), default=Scale.NOMINAL.value, help="What a difference means.")
@click.option("--categories", type=click.IntRange(2), default=2, help="How many categories the scale offers, when not all were used.")
@click.option("--heading/--no-heading", default=None, help="Whether the first row names the raters; found out when not said.")
@click.option("--names/--no-names", default=None, help="Whether the first column names the units; found out when not said.")
@click.option("--json", "as_json", is_flag=True, help="The whole report as JSON.")
def agreement(ratings: Path, scale: str, categories: int, heading: bool | None, names: bool | None, as_json: bool) -> None:
    """How well raters agree. RATINGS is a CSV with a row for each unit and a column for each rater; an empty cell is a gap.

    Ends with 2 when the file cannot be read as ratings.
    """
    try:
        read = sheet(_cells(ratings), heading, names)
        given = table(read.rows)
        told = report(given, Scale(scale), categories)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="RATINGS") from error
    if as_json:
        click.echo(json.dumps(told.plain() | {"raters": list(read.raters)}, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(told, read, given)))


def _cells(path: Path) -> list[list[str]]:
    """The rows of the file; UTF-8, or what a Chinese spreadsheet saves; comma, semicolon or tab."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")  # a failure is a ValueError too
    head = text.partition("\n")[0]
    comma = max(",;\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True))
    except csv.Error as error:
        raise ValueError(f"not a CSV: {error}") from error


def _lines(told: Report, read: Sheet, given: Table) -> Iterator[str]:
    """The report for people: a line a figure, in the order of the report."""
    counts = told.counts
    kind = "numbers" if given.numbers else "words"
    yield f"{told.n_units} units, {told.n_raters} raters ({', '.join(read.raters)}), {kind}, {told.scale.value} scale"
    yield f"all raters agree on {counts.units_alike} of {counts.units} units; {counts.pairs_alike} of {counts.pairs} pairs of ratings agree"
    width = max(len(figure.name) for figure in told.figures)
    for figure in told.figures:
        name = figure.name.replace(".", " ").replace("_", " ")
        if figure.value is None:
            yield f"{name:<{width}}      –  {SENTENCES[figure.note] if figure.note else ''}"
            continue
        span = f"[{figure.interval[0]:.3f}, {figure.interval[1]:.3f}]" if figure.interval else "no interval"
        yield f"{name:<{width}} {figure.value:6.3f}  n = {figure.n}  {span}  {figure.word}".rstrip()
    if any(figure.value is not None and figure.n < WORDS_FROM for figure in told.figures):
        yield f"Fewer than {WORDS_FROM} units: read the counts, the rest can change with a single unit."
