"""``flask question-bank …``. ``check`` reads programmes too, and joins the group from certification."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from foundation import clock
from foundation.database import db
from foundation.work import COMMAND, Actor, work
from people.store.sign_in import account_named
from question_bank.actions import exports
from question_bank.actions.import_keeping import import_at_once
from question_bank.actions.import_reading import examine, judge
from question_bank.exchange import formats
from question_bank.exchange.formats import FORMATS, Name
from question_bank.exchange.found import Note, Weight
from question_bank.exchange.pieces import notes_of
from question_bank.item import State
from question_bank.store import exports as leaving
from question_bank.store import imports as store

question_bank = AppGroup("question-bank", help="The question bank.")
READ = [name.value for name, one in FORMATS.items() if one.read]
WRITTEN = [name.value for name, one in FORMATS.items() if one.write]
Report = dict[str, Any]


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(question_bank)


@question_bank.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "asked", type=click.Choice(READ), help="The file's format; looked for when not given.")
@click.option("--edition", default="", help="STD@EDITION whose clauses are suggested; every edition in force when not given.")
@click.option("--suggest", is_flag=True, help="Take the first suggested clause where the file names none.")
@click.option("--submit", is_flag=True, help="Send what has a clause to review; needs --author.")
@click.option("--author", default="", help="The username of who wrote the questions.")
@click.option("--dry-run", is_flag=True, help="Read only; nothing is stored.")
@click.option("--json", "as_json", is_flag=True)
def import_questions(
    file: Path, asked: str | None, edition: str, suggest: bool, submit: bool, author: str, dry_run: bool, as_json: bool
) -> None:
    """Import questions as drafts: all that can be asked, or none of them.

    Exit 0: nothing was refused; 3: some questions were; 2: the file cannot be read.
    """
    actor = _author(author)
    if submit and actor.account_id is None:
        raise click.BadParameter("somebody must have written what is sent to review", param_hint="--author")
    content = file.read_bytes()
    if dry_run:
        report = _dry(file.name, asked or "", content, edition)
    else:
        report = _kept(import_at_once(actor, file.name, content, asked or "", edition, suggest, submit))
    _tell(report, as_json)
    raise SystemExit(2 if "unusable" in report else 3 if report["refused"] else 0)


def _author(username: str) -> Actor:
    """The command on behalf of an account, or of nobody."""
    if not username:
        return COMMAND
    with work(COMMAND) as w:
        found = account_named(w.wire, username)
    if found is None:
        raise click.BadParameter(f"there is no account {username!r}", param_hint="--author")
    return Actor(COMMAND.name, found.id)


def _dry(name: str, asked: str, content: bytes, edition: str) -> Report:
    reading = examine(name, asked, content)
    if reading.refusal:
        return _unusable(*reading.refusal)
    judged = judge(db.session, reading.questions, edition, clock.now())
    return _report(reading.format, [
        _line(found.ref, found.said.kind, found.status, found.notes, found.code, one.relation, one.clauses)
        for one in judged
        for found in [one.question]
    ])


def _kept(import_id: int) -> Report:
    found = store.whole(db.session, import_id)
    if refusal := found.report.get("refusal"):
        return _unusable(*refusal)
    rows = store.rows(db.session, import_id)
    items = store.items_by_id(db.session, {key for row in rows for key in (row.twin_id, row.item_id)})
    lines = [_line(row.ref, row.said["kind"], row.status, notes_of(row.notes), row.code, row.relation, row.clauses) for row in rows]
    for line, row in zip(lines, rows, strict=True):
        known = items.get(row.item_id or row.twin_id or 0)
        line["item"] = known.code if known else None
    return _report(found.format, lines) | {"stored": {name: found.report.get(name, 0) for name in ("new", "revised", "submitted")}}


def _unusable(code: str, words: Any) -> Report:
    return {"format": None, "kept": 0, "degraded": 0, "refused": 0, "items": [], "unusable": {"code": code, "words": list(words)}}


def _line(ref: str, kind: str, status: str, notes: tuple[Note, ...], code: str, relation: str, clauses: Any) -> Report:
    """One question: ``problems`` are codes of docs/exchange.md with their words; hints are no problems and stand in ``hints``."""
    said = [(note.weight, _problem(note)) for note in notes]
    return {
        "ref": ref, "code": code, "kind": str(kind), "status": str(status), "relation": str(relation), "clauses": list(clauses),
        "problems": [text for weight, text in said if weight is not Weight.HINT],
        "hints": [text for weight, text in said if weight is Weight.HINT],
    }


def _problem(note: Note) -> str:
    return f"{note.code}: {', '.join(note.words)}" if note.words else note.code


def _report(name: str, lines: list[Report]) -> Report:
    counts = Counter(line["status"] for line in lines)
    return {"format": name, **{status: counts[status] for status in ("kept", "degraded", "refused")}, "items": lines}


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    elif trouble := report.get("unusable"):
        click.echo(f"not read: {trouble['code']} {' '.join(trouble['words'])}".rstrip(), err=True)
    else:
        for line in report["items"]:
            told = "; ".join([*([line["relation"]] if line["relation"] != "new" else []), *line["problems"]])
            click.echo(f"{line['ref']}  {line['kind']}  {line['status']}  {told}".rstrip())
        click.echo(f"{report['format']}: {report['kept']} kept, {report['degraded']} degraded, {report['refused']} refused")
        if stored := report.get("stored"):
            click.echo(", ".join(f"{number} {name}" for name, number in stored.items()))


@question_bank.command("export")
@click.option("--format", "asked", type=click.Choice(WRITTEN), required=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="The file to write, else standard output.")
@click.option("--state", type=click.Choice([state.value for state in State]), help="Of this state only; all but retired ones if not given.")
@click.option("--standard", default="", help="STD@EDITION.")
@click.option("--kind", default="", help="Of this kind only.")
@click.option("--query", default="", help="What the list's search finds.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON, on standard error when the file goes to standard output.")
def export_questions(asked: str, out: Path | None, state: str | None, standard: str, kind: str, query: str, as_json: bool) -> None:
    """Write questions with their keys to a file. Exit 0: all of them; 3: the format cannot say some; 2: there is none."""
    chosen = {name: value for name, value in (("state", state or ""), ("standard", standard), ("kind", kind)) if value}
    versions = leaving.chosen_versions(db.session, query, chosen, without=None if state else State.RETIRED)
    if not versions:
        click.echo("no questions", err=True)
        raise SystemExit(2)
    written = formats.write(Name(asked), leaving.sent(db.session, versions))
    with work(COMMAND) as w:
        exports.exported(w, asked, len(versions), written, json.dumps(chosen, sort_keys=True))
    if out:
        out.write_bytes(written.content)
    else:
        click.get_binary_stream("stdout").write(written.content)
    _told(asked, len(versions), written.notes, written.left_out, as_json, out is None)
    raise SystemExit(3 if written.left_out else 0)


def _told(asked: str, total: int, notes: Any, left_out: list[str], as_json: bool, aside: bool) -> None:
    """What the file does not say."""
    items = [{"code": code, "problems": [_problem(note) for note in some]} for code, some in notes.items() if some]
    if as_json:
        report = {"format": asked, "written": total - len(left_out), "left_out": left_out, "items": items}
        click.echo(json.dumps(report, ensure_ascii=False), err=aside)
        return
    for item in items:
        click.echo(f"{item['code']}  {'; '.join(item['problems'])}", err=aside)
    click.echo(f"{asked}: {total - len(left_out)} written, {len(left_out)} left out", err=aside)
