"""A whole scenario from the text of its file, with everything that is wrong in its form (codes 001 to 011)."""

import math

from scenarios.expression import Value, Variable
from scenarios.finding import Finding
from scenarios.language import Criterion, Plan, Scenario, Section, Step, Wording
from scenarios.reading import Reader
from scenarios.source import Tree, read
from scenarios.step_reading import StepReader
from scenarios.worth import Criteria
from standards.clause import is_group

SCHEMA = "scn/1"
TOP = {
    "schema", "id", "version", "title", "intro", "standard", "mode", "vars", "criteria", "sections", "total", "cut", "clauses", "start",
    "nodes", "plans",
}
RESERVED = frozenset(
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is "
    "lambda nonlocal not or pass raise return try while with yield".split()
)
"""Words that an expression could not use as a name."""
CUT = 0.6
"""The share that passes where the file does not say."""
MOST_STEPS = 500
MOST_OPENINGS = 256
"""Combinations of what chance may draw."""


def parse(text: str) -> tuple[Scenario | None, list[Finding]]:
    """The scenario and its findings. None when the file's form leaves nothing to play; no play can be decided while there are errors."""
    tree, found = read(text)
    if tree is None:
        return None, found
    reader = Reader()
    scenario = _scenario(reader, tree)
    return scenario, sorted(found + reader.found)


def _scenario(r: Reader, tree: Tree) -> Scenario | None:
    f = r.fields(tree, "", TOP, ("schema", "id", "version", "title", "standard", "start", "nodes"))
    if "schema" in f and f["schema"].text != SCHEMA:
        r.say("schema", f["schema"].line, "schema")
    variables = tuple(_variable(r, name, value) for name, value in r.mapping(f.get("vars"), "vars").items())
    openings = math.prod(len(variable.starts) for variable in variables)
    if openings > MOST_OPENINGS:
        r.say("out_of_range", f["vars"].line, "vars", name="random", low=1, high=MOST_OPENINGS)
    sections = {name: _section(r, name, value) for name, value in r.mapping(f.get("sections"), "sections").items()}
    declared = {name: _criterion(r, name, value, sections) for name, value in r.mapping(f.get("criteria"), "criteria").items()}
    criteria = Criteria(r, declared, bool(declared))
    steps = _steps(r, f.get("nodes"), StepReader(r, variables, criteria))
    start = r.text(f.get("start"), "start")
    start_line = f["start"].line if "start" in f else tree.line
    _jumps(r, steps, [(start, start_line, "start")] if start else [], set(r.mapping(f.get("nodes"), "nodes")))
    modes = tuple(r.one_of(item, "mode", ("practice", "exam"), "practice") for item in _listed(f.get("mode")))
    plans = tuple(_plan(r, item, f"plans[{n}]") for n, item in enumerate(r.items(f.get("plans"), "plans")))
    if start not in steps:
        return None
    return Scenario(
        r.name(f.get("id"), "id"), r.integer(f.get("version"), "version", 1, 10**6, 1), r.wording(f.get("title"), "title") or Wording(),
        _standards(r, f.get("standard")), modes or ("practice",), variables, start, start_line, steps, criteria.known, sections,
        r.share(f.get("cut"), "cut", CUT), f["cut"].line if "cut" in f else start_line, r.points(f.get("total"), "total"),
        f["total"].line if "total" in f else start_line, r.texts(f.get("clauses"), "clauses"), plans,
        r.wording(f.get("intro"), "intro"), tuple(r.wordings),
    )


def _listed(tree: Tree | None) -> tuple[Tree, ...]:
    return () if tree is None else (tree,) if tree.items is None else tree.items


def _standards(r: Reader, tree: Tree | None) -> tuple[str, ...]:
    found = r.texts(tree, "standard")
    for text, line in found:
        if "@" not in text or not is_group(text):
            r.say("wrong_type", line, "standard", name="standard", zh="“规范@版本”", en="STANDARD@EDITION")
    return tuple(text for text, _ in found)


def _variable(r: Reader, name: str, tree: Tree) -> Variable:
    path = f"vars.{name}"
    f = r.fields(tree, path, ("type", "min", "max", "values", "init"), ("type", "init"))
    kind = r.one_of(f.get("type"), f"{path}.type", ("bool", "enum", "int"), "bool")
    if not name.isidentifier() or name in {"true", "false"} or name in RESERVED:
        r.say("bad_name", tree.line, path, value=name)
    for field in [field for field in ("min", "max") if kind == "int"] + [field for field in ("values",) if kind == "enum"]:
        if field not in f:
            r.say("missing_field", tree.line, f"{path}.{field}", name=field)
    low = r.integer(f.get("min"), f"{path}.min", -1000, 1000, 0)
    values = tuple(text for text, _ in r.texts(f.get("values"), f"{path}.values"))
    bare = Variable(name, kind, (), low, r.integer(f.get("max"), f"{path}.max", low, 1000, 1000), values, tree.line)
    starts = _starts(r, f.get("init"), f"{path}.init", bare)
    otherwise: Value = low if kind == "int" else (values[0] if values else "") if kind == "enum" else False
    return Variable(name, kind, starts or (otherwise,), bare.low, bare.high, values, tree.line)


def _starts(r: Reader, tree: Tree | None, path: str, variable: Variable) -> tuple[Value, ...]:
    if tree is None:
        return ()
    listed: tuple[Tree, ...] = (tree,)
    if tree.fields is not None:
        f = r.fields(tree, path, ("random",), ("random",))
        listed = r.items(f.get("random"), f"{path}.random")
    starts: list[Value] = []
    for item in listed:
        value: Value = item.text
        if item.tag == "bool":
            value = item.text.lower() == "true"
        elif item.tag == "int" and item.text.lstrip("+-").isdecimal() and len(item.text) < 9:
            value = int(item.text)
        if variable.kind == "enum":
            value = item.text
        if not variable.holds(value):
            r.say("bad_init", item.line, path, name=variable.name, value=item.text)
        elif value not in starts:
            starts.append(value)
    return tuple(starts)


def _section(r: Reader, name: str, tree: Tree) -> Section:
    f = r.fields(tree, f"sections.{name}", ("title", "min"), ("min",))
    return Section(name, r.share(f.get("min"), f"sections.{name}.min", 0.0), r.wording(f.get("title"), f"sections.{name}.title"), tree.line)


def _criterion(r: Reader, name: str, tree: Tree, sections: dict[str, Section]) -> Criterion:
    path = f"criteria.{name}"
    f = r.fields(tree, path, ("title", "cap", "clauses", "section"), ("cap",))
    cap = r.points(f.get("cap"), f"{path}.cap")
    if cap is not None and cap <= 0:
        r.say("out_of_range", f["cap"].line, f"{path}.cap", name="cap", low="0.01", high=1000)
    section = r.text(f.get("section"), f"{path}.section")
    if section and section not in sections:
        r.say("unknown_name", f["section"].line, f"{path}.section", (section, sections), name="section", value=section)
    clauses = r.texts(f.get("clauses"), f"{path}.clauses")
    return Criterion(name, cap or 0, r.wording(f.get("title"), f"{path}.title"), clauses, section, tree.line)


def _steps(r: Reader, tree: Tree | None, reader: StepReader) -> dict[str, Step]:
    nodes = r.mapping(tree, "nodes")
    if tree is not None and tree.fields is not None and not 1 <= len(nodes) <= MOST_STEPS:
        r.say("out_of_range", tree.line, "nodes", name="nodes", low=1, high=MOST_STEPS)
    read_ones = (reader.step(name, value, f"nodes.{name}") for name, value in list(nodes.items())[:MOST_STEPS])
    return {step.id: step for step in read_ones if step}


def _jumps(r: Reader, steps: dict[str, Step], others: list[tuple[str, int, str]], known: set[str]) -> None:
    for name, line, path in others + [target for step in steps.values() for target in step.targets()]:
        if name not in known:
            r.say("jump", line, path, (name, known), name=name)


def _plan(r: Reader, tree: Tree, path: str) -> Plan:
    f = r.fields(tree, path, ("id", "play", "expect"), ("id", "play", "expect"))
    play = tuple(move for move, _ in r.texts(f.get("play"), f"{path}.play"))
    expect = r.fields(f["expect"], f"{path}.expect", ("verdict", "score", "end"), ("verdict",)) if "expect" in f else {}
    verdict = r.one_of(expect.get("verdict"), f"{path}.expect.verdict", ("pass", "fail"), "")
    score = r.points(expect.get("score"), f"{path}.expect.score")
    return Plan(r.name(f.get("id"), f"{path}.id"), play, verdict, score, r.text(expect.get("end"), f"{path}.expect.end"), tree.line, path)
