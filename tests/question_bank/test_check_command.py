"""``flask question-bank check``: what it prints, and when it fails."""

import json
from collections.abc import Callable
from typing import Any

from flask import Flask

from tests.standards.book import BOOK

Seed = Callable[[dict[str, Any]], Any]


STEMS = ["不能把资料给别人看", "图纸要收好", "答应的事要做到", "说错了要承认", "去之前先打电话", "早到几分钟没关系"]


def items(*clauses: str, rationale: str = "第一条。") -> list[dict[str, Any]]:
    return [
        {"code": f"Q{number}", "kind": "true_false", "stem": f"{stem}，{ref}这样要求。", "key": ["T"],
         "rationale": rationale, "clauses": [ref]}
        for number, (stem, ref) in enumerate(zip(STEMS, clauses, strict=False))
    ]


COVERED = ("STD@2026#1.1", "STD@2026#1.1", "STD@2026#1.2", "STD@2026#1.2", "STD@2026#2.1", "STD@2026#2.2")


def run(app: Flask, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["question-bank", "check", *options])
    return result.exit_code, result.output


def test_a_bank_within_its_limits_passes(app: Flask, seed: Seed) -> None:
    seed({**BOOK, "items": items(*COVERED)})
    code, output = run(app)
    assert code == 0, output
    assert "4 of 4 clauses" in output
    assert "left out, no question on them: OTH@1" in output


def test_a_key_clause_asked_once_fails(app: Flask, seed: Seed) -> None:
    seed({**BOOK, "items": items(*COVERED[1:])})
    code, output = run(app)
    assert code == 1
    assert "STD@2026#1.1: 1 of 2" in output


def test_the_whole_report_as_json(app: Flask, seed: Seed) -> None:
    seed({**BOOK, "items": items(*COVERED, rationale="就是这样。")})
    code, output = run(app, "--json")
    report = json.loads(output)
    assert code == 1
    assert report["ok"] is False
    assert report["items"] == 6
    broken = [finding for finding in report["findings"] if not finding["holds"]]
    assert [finding["name"] for finding in broken] == ["rationale cites an article"]
    assert len(broken[0]["broken"]) == 6


def test_an_empty_bank_is_no_failure(app: Flask, seed: Seed) -> None:
    seed(BOOK)
    code, output = run(app)
    assert code == 0, output
    assert "0 items in use" in output
