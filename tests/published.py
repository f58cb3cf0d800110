"""Tables of cases that a page of docs/ publishes: tests read them from there, so that what is printed is what runs."""

from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below ``heading``, without its head."""
    below = (DOCS / page).read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in below.splitlines() if line.startswith("|")]
    if len(lines) < 3:
        raise LookupError(f"docs/{page} has no table under {heading!r}")
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines[2:]]


def named(page: str, heading: str) -> dict[str, list[str]]:
    """The rows by the case in their first column."""
    return {row[0]: row[1:] for row in rows(page, heading)}
