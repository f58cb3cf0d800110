"""The house rules of docs/architecture.md, read from the source. Each failure is a sentence that says what to do."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("foundation", "people", "standards", "question_bank", "scenarios", "certification", "app")
ROOMS = ("tables", "store", "actions", "forms", "views", "api", "commands", "__init__")
DOORS = {"views", "api", "commands", "forms"}
SECOND_WORDS = {
    "utils", "util", "helpers", "helper", "services", "service", "managers", "manager", "common", "misc", "models", "schemas", "routes",
    "handlers", "controllers", "repositories", "queries", "tasks", "lib", "core",
}

# Which rooms of its own package a room may use. A rule uses rules; `login` is the one door that other doors stand behind.
OWN = {
    "rule": {"rule"},
    "tables": {"rule", "tables"},
    "store": {"rule", "tables", "store"},
    "actions": {"rule", "tables", "store", "actions"},
    "forms": {"rule", "forms"},
    "views": {"rule", "store", "actions", "forms", "views", "login"},
    "api": {"rule", "store", "actions", "api", "login"},
    "commands": {"rule", "store", "actions", "commands"},
    "login": {"rule", "store"},
    "__init__": set(),
}
# Which rooms of the packages below it may use: their rules, store and actions; their tables only in a store, to read.
BELOW = {
    "rule": {"rule"},
    "tables": {"rule"},
    "store": {"rule", "store", "tables"},
    "actions": {"rule", "store", "actions"},
    "forms": {"rule"},
    "views": {"rule", "store", "actions", "login"},
    "api": {"rule", "store", "actions", "login"},
    "commands": {"rule", "store", "actions"},
    "login": {"rule", "store", "actions"},
    "__init__": set(),
}
# The ground floor is all plumbing; what each room may take from it.
PLUMBING = {
    "audit", "backlog", "cells", "child", "clock", "config", "database", "grid", "guards", "health", "listing", "mail", "outbox",
    "outgoing", "pdf", "prepared", "problem", "sealing", "shape", "sheets", "web", "wording", "work", "worker",
}
GROUND = {
    "rule": {"problem"},
    "tables": {"database", "guards"},
    "store": {"problem", "database", "listing", "prepared", "tables"},
    "actions": {
        "problem", "database", "sealing", "work", "backlog", "outbox", "worker", "clock", "audit", "config", "wording", "pdf", "mail",
        "grid", "child", "sheets", "outgoing",
    },
    "forms": {"problem", "shape", "wording"},
    "views": PLUMBING - {"worker", "outbox"},
    "api": PLUMBING - {"worker", "outbox"},
    "commands": PLUMBING - {"web"},
    "login": {"clock", "config", "database", "web", "work", "wording"},
    "__init__": set(),
}
# The libraries of each room. Nobody else imports flask_login; rules have a list of their own below.
SHARED = {"flask_babel", "msgspec", "markdown_it", "nh3", "segno", "joserfc", "cryptography", "argon2"}
LIBRARIES = {
    "tables": {"sqlalchemy"},
    "store": {"sqlalchemy", "msgspec"},
    "actions": {"sqlalchemy", "requests", "reportlab", "PIL", *SHARED},
    "forms": {"wtforms", "flask_wtf", "flask_babel", "werkzeug"},
    "views": {"flask", "werkzeug", "markupsafe", *SHARED},
    "api": {"flask", "werkzeug", *SHARED},
    "commands": {"flask", "click", "ruamel", *SHARED},
    "login": {"flask", "flask_login", "flask_babel"},
    "__init__": {"flask"},
}
ANSWERS = {"sqlalchemy.Row", "sqlalchemy.exc.IntegrityError"}
"""What a door may know of the database: the type that a store answers with, and what an expected clash raises."""
# What a rule may use beside plain Python: deterministic libraries, file by file.
RULE_LIBRARIES = {
    "people/roster.py": {"msgspec"},
    "people/roster_check.py": {"msgspec"},
    "standards/clause.py": {"msgspec"},
    "question_bank/item.py": {"msgspec"},
    "question_bank/blueprint.py": {"msgspec"},
    "question_bank/exchange/formats.py": {"zipfile", "io"},  # an archive in memory
    "question_bank/exchange/archive.py": {"zipfile", "io", "stat", "zlib"},  # an archive in memory
    "question_bank/exchange/xml_tree.py": {"lxml"},
    "question_bank/exchange/qti_package.py": {"urllib"},  # an address with its signs unescaped
    "question_bank/exchange/qti_wording.py": {"msgspec"},
    "question_bank/exchange/paper_word.py": {"posixpath"},  # paths within an archive
    "question_bank/exchange/moodle_xml.py": {"lxml"},
    "question_bank/exchange/sheet_csv.py": {"csv", "io"},  # a table in memory
    "question_bank/exchange/sheet_look.py": {"xlsxwriter", "io"},  # a workbook in memory
    "question_bank/exchange/sheet_template.py": {"xlsxwriter"},
    "question_bank/exchange/sheet_writing.py": {"xlsxwriter", "csv", "io"},
    "question_bank/exchange/moodle_xml_texts.py": {"urllib"},  # a name in an address taken apart
    "question_bank/exchange/moodle_xml_writing.py": {"lxml"},
    "question_bank/picture.py": {"PIL", "io"},  # a picture in memory
    "question_bank/sound.py": {"lameenc", "miniaudio"},  # a sound in memory
    "question_bank/rich_text.py": {"markdown_it", "nh3"},
    "scenarios/source.py": {"ruamel"},
    "scenarios/expression.py": {"ast"},  # parsed and held against a white-list, never evaluated
    "certification/programme.py": {"msgspec"},
    "certification/scoring.py": {"msgspec"},
    "certification/pack.py": {"msgspec"},
    "certification/dispatch.py": {"msgspec"},
    "certification/visit.py": {"msgspec"},
    "certification/dispatch_finding.py": {"msgspec"},
    "certification/dispatch_override.py": {"msgspec"},
    "certification/dispatch_policy.py": {"msgspec"},
    "certification/dispatch_pass.py": {"joserfc"},
    "certification/webhook.py": {"urllib"},  # an address taken apart
    "certification/checklist.py": {"msgspec"},
    "certification/layout.py": {"msgspec"},
    "certification/sitting.py": {"msgspec"},
    "certification/evidence.py": {"msgspec"},
    "certification/safe_browser.py": {"msgspec", "plistlib", "urllib"},  # a property list in memory; an address taken apart
    "certification/receipt.py": {"msgspec", "joserfc"},
    "certification/regrade.py": {"msgspec"},
    "certification/regrade_report.py": {"msgspec", "joserfc"},
    "certification/credential.py": {"msgspec", "joserfc"},
    "certification/status_list.py": {"gzip", "zlib"},  # bytes in memory
    "certification/baking.py": {"zlib"},
    "certification/breach_file.py": {"PIL", "io", "zlib"},  # a picture in memory
    "certification/qr_code.py": {"segno", "io"},  # a picture in memory
}
SHELVES = {("question_bank", "exchange")}
"""Folders of rules: many of one sort, one file a format."""
PURE = {
    "abc", "base64", "binascii", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime", "decimal", "difflib", "enum",
    "fractions", "functools", "hashlib", "heapq", "hmac", "html", "itertools", "json", "math", "operator", "re", "statistics", "string",
    "struct", "textwrap", "types", "typing", "unicodedata", "zoneinfo", "random",
}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__"}
CLOCK_READS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"), ("time", "time_ns"),
    ("time", "monotonic"), ("time", "perf_counter"), ("time", "localtime"), ("time", "gmtime"), ("time", "strftime"),
}
CLOCK_READERS = {  # how long something took is not what time it is
    "foundation/clock.py": CLOCK_READS,
    "foundation/site.py": {("time", "perf_counter")},
    "foundation/health.py": {("time", "perf_counter")},
}

# Where the code stands apart from a rule above, on purpose and for a reason. One that is gone must leave this list.
ALLOWED_APART: dict[tuple[str, str], str] = {}


@dataclass(frozen=True)
class Module:
    """One file: its dotted name, floor, room and syntax tree."""

    path: Path
    name: str
    package: str
    room: str
    tree: ast.Module

    @property
    def shown(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


@cache
def modules() -> dict[str, Module]:
    """Every file of the product by dotted name."""
    paths = [ROOT / "app.py", *(path for floor in FLOORS[:-1] for path in sorted((ROOT / floor).rglob("*.py")))]
    found = {}
    for path in paths:
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(path, name, parts[0], _room(parts), ast.parse(path.read_text("utf-8"), str(path)))
    return found


def _room(parts: tuple[str, ...]) -> str:
    if parts[0] in {"foundation", "app"}:
        return "plumbing"
    inner = parts[1]
    if len(parts) > 2 and parts[-1] == "__init__":
        return "__init__" if inner not in ROOMS else inner
    if parts == ("people", "login"):
        return "login"
    return inner if inner in ROOMS else "rule"


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each import; ``from package import module`` names the module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield node.lineno, inner if inner in modules() or inner in ANSWERS else str(node.module)


def ours(name: str) -> Module | None:
    """The module of the house that an imported name means."""
    while name and name not in modules():
        name = name.rpartition(".")[0]
    return modules().get(name)


def report(found: list[str]) -> None:
    """Fail with every sentence at once."""
    assert not found, "\n" + "\n".join(dict.fromkeys(found))


def apart(importer: str, imported: str) -> bool:
    return (importer, imported) in ALLOWED_APART


def test_everything_points_down() -> None:
    found = []
    for module in modules().values():
        for line, name in imports(module):
            target = ours(name)
            if target and FLOORS.index(target.package) > FLOORS.index(module.package):
                found.append(
                    f"{module.shown}:{line} imports {name}, which is on a floor above. Move the verb or the page that needs it up "
                    f"to {target.package}, or what it needs down to {module.package}."
                )
    report(found)


def test_each_room_uses_only_what_its_row_of_the_table_says() -> None:
    found = []
    for module in modules().values():
        if module.room == "plumbing":
            continue
        for line, name in imports(module):
            target = ours(name)
            if target is None or apart(module.shown, target.name):
                continue
            if target.package == "foundation":
                part = target.name.partition(".")[2]
                allowed = part in GROUND[module.room] or (module.room != "rule" and module.shown.endswith("__init__.py") and part == "web")
            elif target.package == module.package:
                allowed = target.room in OWN[module.room] or (module.shown.endswith("__init__.py") and target.room == module.room)
            else:
                allowed = target.room in BELOW[module.room]
            if not allowed:
                found.append(
                    f"{module.shown}:{line} is in the room {module.room} and imports {name}, which is in {target.room} of "
                    f"{target.package}; the table of rooms in docs/architecture.md does not let it. Ask for the fact from a store, "
                    "do the deed through an action, or move the code to the room that may."
                )
    report(found)


def test_rules_are_pure() -> None:
    found = []
    for module in modules().values():
        if module.room != "rule":
            continue
        allowed = PURE | RULE_LIBRARIES.get(module.shown, set())
        for line, name in imports(module):
            if ours(name) is None and name.partition(".")[0] not in allowed:
                found.append(
                    f"{module.shown}:{line} is named after a thing, so it is a pure rule, and imports {name}. Move what touches the world "
                    "to store, actions or a door; if the library is deterministic, add it to RULE_LIBRARIES for this file."
                )
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
                found.append(f"{module.shown}:{node.lineno} calls {node.func.id}() in a pure rule. Take the value as an argument instead.")
            dice = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "random"
            if dice and node.attr != "Random":
                found.append(f"{module.shown}:{node.lineno} throws dice. Take a seed as an argument and use random.Random(seed).")
            if isinstance(node, ast.ImportFrom) and node.module == "random" and {alias.name for alias in node.names} - {"Random"}:
                found.append(f"{module.shown}:{node.lineno} throws dice. Import random.Random alone and seed it with an argument.")
    report(found)


def test_each_room_uses_its_own_libraries() -> None:
    found = []
    for module in modules().values():
        if module.room in {"plumbing", "rule"}:
            continue
        for line, name in imports(module):
            top = name.partition(".")[0]
            allowed = top in LIBRARIES[module.room] or top in sys.stdlib_module_names or (module.room in DOORS and name in ANSWERS)
            if ours(name) or allowed or apart(module.shown, top):
                continue
            found.append(
                f"{module.shown}:{line} is in the room {module.room} and imports {name}. Do that in the room that owns the library, "
                "or add the library to LIBRARIES for every file of this room and say why in the change."
            )
    report(found)


def test_no_import_cycle() -> None:
    graph = {
        name: {target.name for _, imported in imports(module) if (target := ours(imported)) and target.name != name}
        for name, module in modules().items()
    }
    done: set[str] = set()
    found = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            ring = [*path[path.index(name):], name]
            found.append(f"{' → '.join(ring)} is a ring. Move what both need into a third file below them.")
            return
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())
    report(found)


def test_no_import_hides_inside_a_function() -> None:
    found = [
        f"{module.shown}:{inner.lineno} imports inside {node.name}(). Move the import to the top of the file; if that makes a ring, "
        "the code is on the wrong floor."
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    report(found)


def test_there_is_one_commit() -> None:
    places = [
        f"{module.shown}:{node.lineno}"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert [place.partition(":")[0] for place in places] == ["foundation/work.py"], (
        f"commit() stands in {', '.join(places)}. The only one is in foundation/work.py: write inside `with work(actor) as w:` instead."
    )


def test_only_the_clock_reads_the_time() -> None:
    found = []
    for module in modules().values():
        allowed = CLOCK_READERS.get(module.shown, set())
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                if (owner, node.attr) in CLOCK_READS - allowed:
                    found.append(
                        f"{module.shown}:{node.lineno} reads {owner}.{node.attr}. Call clock.now() at the door and hand the instant down."
                    )
            if isinstance(node, ast.ImportFrom) and node.module == "time" and not allowed:
                found.append(f"{module.shown}:{node.lineno} imports from time. Only foundation/clock.py reads the time.")
    report(found)


def test_flask_login_is_known_to_login_alone() -> None:
    found = [
        f"{module.shown}:{line} imports flask_login. Use account(), me() and @requires from people/login.py."
        for module in modules().values()
        for line, name in imports(module)
        if name.partition(".")[0] == "flask_login" and module.shown != "people/login.py"
    ]
    report(found)


def test_rooms_have_one_word_each() -> None:
    found = []
    for module in modules().values():
        for word in module.path.relative_to(ROOT).with_suffix("").parts:
            if word in SECOND_WORDS:
                found.append(
                    f"{module.shown} is called {word}. Name the file after the thing it knows (a rule), or use one of the rooms "
                    f"{', '.join(ROOMS[:-1])}."
                )
        inner = module.path.relative_to(ROOT).parts[1:-1]
        folder = (module.package, *inner)
        if module.package not in {"foundation", "app"} and inner and folder not in SHELVES and (inner[0] not in ROOMS or len(inner) > 1):
            found.append(f"{module.shown}: only a reserved room that outgrew its budget is a folder, one level deep. Move the file up.")
    report(found)


def test_every_file_says_what_it_is() -> None:
    found = [
        f"{module.shown} has no docstring. Say in one sentence what it is for and, for a rule, which clause or regulation it carries out."
        for module in modules().values()
        if not ast.get_docstring(module.tree)
    ]
    report(found)


INLINE = (
    (re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I), "an inline script. Move it to a file in static/js"),
    (re.compile(r"<style\b", re.I), "an inline style sheet. Move it to a file in static/css"),
    (re.compile(r"\sstyle\s*=\s*[\"'{]", re.I), "a style attribute. Use a class"),
    (re.compile(r"\son[a-z]+\s*=\s*[\"'{]", re.I), "an inline event handler. Listen in a file in static/js"),
    (re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.I), "a javascript: address. Listen in a file in static/js"),
    (re.compile(r"(src|href|action)\s*=\s*[\"']?(https?:)?//", re.I), "an address on another site. Everything is served from here"),
)


def test_templates_keep_the_content_security_policy() -> None:
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = re.sub(r"\{#.*?#\}", lambda hit: "\n" * hit[0].count("\n"), path.read_text("utf-8"), flags=re.S)
        for number, line in enumerate(text.splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}:{number} has {what}." for pattern, what in INLINE if pattern.search(line)]
    report(found)


def test_what_stands_apart_is_still_there() -> None:
    there = set()
    for module in modules().values():
        for _, name in imports(module):
            target = ours(name)
            there |= {(module.shown, name.partition(".")[0]), (module.shown, target.name if target else "")}
    report([
        f"{importer} no longer imports {imported}. Take the line out of ALLOWED_APART."
        for importer, imported in ALLOWED_APART
        if (importer, imported) not in there
    ])
