"""What no file of the project may contain: places that exist on one machine, hosts that packages came from."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Written in two pieces, so that this file does not hold what it looks for.
FORBIDDEN = (
    (
        re.compile("(?<![\\w.])/(?:wo" "rk|ro" "ot|fa" "rm|ho" "me/\\w+|Us" "ers/\\w+|t" "mp)/"),
        "a path of one machine: derive it from the file's own place or a setting",
    ),
    (
        re.compile("py" "pi\\.org|python" "hosted|npm" "js\\.(?:org|com)|deb\\." "debian"),
        "a registry's host: leave that to each machine's own configuration",
    ),
    (re.compile("--(?:extra-)?index" "-url|--find" "-links"), "a package source: leave that to each machine's own configuration"),
)
OTHERS = ("static/vendor/",)  # other people's files, kept as they came


def files() -> Iterator[Path]:
    """What is tracked or would be; without git, everything that is not made by a tool."""
    asked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if asked.returncode == 0:
        yield from (ROOT / name for name in asked.stdout.splitlines())
        return
    made = {".venv", ".git", "instance", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}
    yield from (path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.relative_to(ROOT).parts))


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of each of our files that is text."""
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(OTHERS) or not path.is_file():
            continue
        data = path.read_bytes()
        if b"\0" not in data[:8192]:
            yield name, data.decode("utf-8")


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{name}:{number} holds {what}."
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        for pattern, what in FORBIDDEN
        if pattern.search(line)
    ]
    assert not found, "\n" + "\n".join(found)


def test_what_tools_make_is_not_kept() -> None:
    kept = [path.relative_to(ROOT).as_posix() for path in files()]
    wrong = [name for name in kept if name.endswith((".pyc", ".sqlite3", ".log")) or name.startswith((".venv/", "instance/"))]
    assert not wrong, f"{', '.join(wrong[:5])}: made by a tool or by running; name it in .gitignore."
