"""The text of a scenario file as a tree that knows its lines.

Scalars stay as they were typed, so that clause 10.10 is not the number 10.1.
Anchors, aliases and tags are refused: a file of a few lines could otherwise
stand for millions of values.
"""

from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionStartEvent, NodeEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from scenarios.finding import Finding, finding

LONGEST = 1_000_000
"""Characters in a file."""
DEEPEST = 12
"""Levels of nesting; the language needs eight."""
_PLAIN = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Tree:
    """A value in the file: ``fields`` of a mapping, ``items`` of a list, or the ``text`` of a scalar whose YAML type is ``tag``."""

    line: int
    tag: str
    text: str = ""
    fields: dict[str, "Tree"] | None = None
    items: tuple["Tree", ...] | None = None


def read(text: str) -> tuple[Tree | None, list[Finding]]:
    """The tree, or None, and what is wrong: codes 001 and 006."""
    if len(text) > LONGEST:
        return None, [finding("too_big", 1, "", limit=f"{LONGEST:,}")]
    yaml = YAML(typ="rt", pure=True)
    try:
        refused = _refused(YAML(typ="rt", pure=True).parse(text))
        if refused:
            return None, [refused]
        root = yaml.compose(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = str(error.problem) if isinstance(error, MarkedYAMLError) and error.problem else type(error).__name__
        return None, [finding("unreadable", mark.line + 1 if mark else 1, "", why=why)]
    except (ValueError, RecursionError) as error:
        return None, [finding("unreadable", 1, "", why=type(error).__name__)]
    if root is None:
        return None, [finding("unreadable", 1, "", why="empty")]
    found: list[Finding] = []
    return _tree(root, root.start_mark.line + 1, "", found), found


def _refused(events: Any) -> Finding | None:
    depth = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            return finding("alias", line, "")
        if isinstance(event, CollectionStartEvent | ScalarEvent) and event.tag:
            return finding("alias", line, "")
        if isinstance(event, CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                return finding("too_big", line, "", limit=f"{DEEPEST} levels")
        elif type(event).__name__ in {"MappingEndEvent", "SequenceEndEvent"}:
            depth -= 1
    return None


def _tree(node: Any, line: int, path: str, found: list[Finding]) -> Tree:
    tag = str(node.tag).removeprefix(_PLAIN)
    if isinstance(node, ScalarNode):
        return Tree(line, tag, str(node.value))
    if isinstance(node, SequenceNode):
        items = tuple(_tree(inner, inner.start_mark.line + 1, f"{path}[{n}]", found) for n, inner in enumerate(node.value))
        return Tree(line, "seq", items=items)
    fields: dict[str, Tree] = {}
    assert isinstance(node, MappingNode)
    for key, value in node.value:
        here = key.start_mark.line + 1
        name = str(key.value) if isinstance(key, ScalarNode) else "?"
        inner_path = f"{path}.{name}" if path else name
        if name in fields:
            found.append(finding("twice", here, inner_path, name=name))
            continue
        fields[name] = _tree(value, here, inner_path, found)
    return Tree(line, "map", fields=fields)
