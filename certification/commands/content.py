"""``flask content load [PATH]``: the shipped pack, or another one of the same shape."""

from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from certification.actions.seed import keep_pack
from certification.pack import PackInvalid, parse
from foundation.problem import Problem, json_path
from foundation.work import COMMAND

content = AppGroup("content", help="The content pack: standards, items, programmes.")


@content.command("load")
@click.argument("path", type=click.Path(exists=True, path_type=Path), required=False)
def load(path: Path | None) -> None:
    """Load or update a pack (every .yaml below PATH); prints counts; all or nothing."""
    root = path or Path(current_app.root_path) / "content"
    document, origins = _read(root)
    try:
        kept = keep_pack(parse(document), COMMAND, current_app.extensions["settings"].timezone)
    except PackInvalid as invalid:
        for problem in invalid.problems:
            click.echo(_located(problem, origins), err=True)
        raise click.ClickException("nothing was loaded") from invalid
    for name, outcomes in kept.counts.items():
        click.echo(f"{name}: " + ", ".join(f"{number} {outcome}" for outcome, number in outcomes.items()))
    for note in kept.notes:
        click.echo(note)


Origins = dict[str, list[tuple[Path, int]]]


def _read(root: Path) -> tuple[dict[str, list[Any]], Origins]:
    """All files as one document, and for each entry the file and its place there."""
    document: dict[str, list[Any]] = {}
    origins: Origins = {}
    files = [root] if root.is_file() else sorted(root.rglob("*.yaml"))
    if not files:
        raise click.ClickException(f"{root} holds no .yaml file")
    for file in files:
        try:
            lists = _parsed(file.read_text("utf-8")) or {}
        except (MarkedYAMLError, UnicodeDecodeError) as error:
            raise click.ClickException(f"{file}: {error}") from error
        if not isinstance(lists, dict):
            raise click.ClickException(f"{file}:1: the file must hold lists such as standards, items, programmes")
        for name, entries in lists.items():
            entries = entries if isinstance(entries, list) else [entries]
            document.setdefault(name, []).extend(entries)
            origins.setdefault(name, []).extend((file, index) for index in range(len(entries)))
    return document, origins


def _parsed(text: str) -> Any:
    """The document in ``text``; raises MarkedYAMLError. libyaml is five times as fast, and refuses a few texts of YAML 1.2."""
    try:
        return YAML(typ="safe").load(text)
    except MarkedYAMLError:
        return YAML(typ="safe", pure=True).load(text)


def _located(problem: Problem, origins: Origins) -> str:
    """``file:line: where: what``; the file is read again with its line numbers only now that they are needed."""
    name, index = (*problem.path, None, None)[:2]
    if not isinstance(index, int) or not isinstance(name, str) or name not in origins:
        return str(problem)
    file, place = origins[name][index]
    node: Any = YAML(typ="rt").load(file.read_text("utf-8"))
    inner: tuple[str | int, ...] = (name, place, *problem.path[2:])
    line = 1
    for part in inner:
        try:
            line = (node.lc.item(part) if isinstance(part, int) else node.lc.key(part))[0] + 1
            node = node[part]
        except (KeyError, IndexError, AttributeError, TypeError):
            break  # the part that is wrong may be the one that is missing
    return f"{file}:{line}: {json_path(inner)}: {problem.message}"
