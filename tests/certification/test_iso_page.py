"""docs/iso-17024.md: every clause that it must cover, and every file and address that it names exists."""

import re
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "iso-17024.md").read_text("utf-8")
CLAUSES = ["4.3", "7", *(f"9.{number}" for number in range(1, 10))]
NAMED = set(re.findall(r"`([^`\s]+)`", PAGE))


def test_every_clause_has_its_part_and_each_row_a_page_a_rule_and_a_test() -> None:
    assert re.findall(r"^## ([0-9.]+) ", PAGE, re.MULTILINE) == CLAUSES
    rows = [line.strip("|").split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and "what is asked" not in line]
    assert len(rows) >= 35
    for asked, page, rule, test in rows:
        left = asked.strip().startswith("Left to the organisation")
        assert left or ("`/" in page and ".py`" in rule and "`tests/" in test), asked


def test_every_file_exists() -> None:
    files = {name for name in NAMED if name.endswith(".py")}
    assert files
    assert not sorted(name for name in files if not (ROOT / name).is_file())


def test_every_address_is_a_door(app: Flask) -> None:
    doors = {rule.rule for rule in app.url_map.iter_rules()}
    addresses = {name for name in NAMED if name.startswith("/")}
    assert addresses
    assert not sorted(addresses - doors)
