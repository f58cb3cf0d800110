"""``flask question-bank check``: what it prints, when it fails, and what it says of programmes."""

import json
from collections.abc import Callable
from typing import Any

from flask import Flask

from tests.standards.book import BOOK

Seed = Callable[[dict[str, Any]], Any]


STEMS = [
    "不能把资料给别人看", "图纸要收好", "答应的事要做到", "说错了要承认", "去之前先打电话", "早到几分钟没关系", "屏幕上的名单遮起来",
    "旧电脑交回前清空", "报价照实讲", "漏测一项就补测", "出发前查一遍工具", "路上堵车先说一声", "留言写上姓名",
]


def items(*clauses: str, rationale: str = "第一条。") -> list[dict[str, Any]]:
    return [
        {"code": f"Q{number}", "kind": "true_false", "stem": f"{stem}，{ref}这样要求。", "key": ["T"],
         "rationale": rationale, "clauses": [ref]}
        for number, (stem, ref) in enumerate(zip(STEMS, clauses, strict=False))
    ]


COVERED = tuple(f"STD@2026#{number}" for number, times in (("1.1", 4), ("1.2", 4), ("2.1", 2), ("2.2", 2)) for _ in range(times))


def run(app: Flask, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["question-bank", "check", *options])
    return result.exit_code, result.output


def test_a_bank_within_its_limits_passes(app: Flask, seed: Seed) -> None:
    seed({**BOOK, "items": items(*COVERED)})
    code, output = run(app)
    assert code == 0, output
    assert "4 of 4 clauses" in output
    assert "left out, no question on them: OTH@1" in output


def test_a_key_clause_asked_three_times_fails(app: Flask, seed: Seed) -> None:
    seed({**BOOK, "items": items(*COVERED[1:])})
    code, output = run(app)
    assert code == 1
    assert "STD@2026#1.1: 3 of 4" in output


def test_the_whole_report_as_json(app: Flask, seed: Seed) -> None:
    seed({**BOOK, "items": items(*COVERED, rationale="就是这样。")})
    code, output = run(app, "--json")
    report = json.loads(output)
    assert code == 1
    assert report["ok"] is False
    assert report["items"] == 12
    assert report["programmes"] == []
    broken = [finding for finding in report["findings"] if not finding["holds"]]
    assert [finding["name"] for finding in broken] == ["rationale cites an article"]
    assert len(broken[0]["broken"]) == 12


def test_an_empty_bank_is_no_failure(app: Flask, seed: Seed) -> None:
    seed(BOOK)
    code, output = run(app)
    assert code == 0, output
    assert "0 items in use" in output


def test_one_standard_alone_is_looked_at_without_the_others(app: Flask, seed: Seed) -> None:
    seed({**BOOK, "items": items(*COVERED[1:], "OTH@1#1", "OTH@1#1")})
    code, output = run(app, "--standard", "OTH")
    assert code == 0, output
    assert "2 items in use" in output
    assert "1 of 1 clauses" in output
    assert run(app, "--standard", "STD@2026")[0] == 1
    code, output = run(app, "--standard", "NONE")
    assert code == 2
    assert "STD@2026, OTH@1" in output or "OTH@1, STD@2026" in output


def programme(count: int) -> dict[str, Any]:
    row = {"clauses": ["STD@2026#1"], "count": count, "title": {"zh": "总则"}}
    exam = {"minutes": 30, "pass": 0.5, "excellent": 0.9, "blueprint": [row]}
    return {"code": "GC", "title": {"zh": "现场"}, "standards": ["STD@2026"], "validity_months": 12, "exam": exam}


def test_a_programme_is_held_against_what_the_bank_has_for_it(app: Flask, seed: Seed) -> None:
    seed({**BOOK, "items": items(*COVERED), "programmes": [programme(2)]})
    code, output = run(app)
    assert code == 0, output
    assert "programme GC, edition 1: 12 questions, 2 clauses, a paper can be made" in output
    assert "总则: 8 for 2" in output
    report = json.loads(run(app, "--json")[1])
    assert report["programmes"] == [{
        "ok": True, "programme": "GC", "edition": 1, "items": 12, "clauses": 2, "short": [],
        "rows": [{"title": "总则", "count": 2, "available": 8}], "missing": 0,
    }]
    assert "programme GC" not in run(app, "--standard", "OTH")[1]


def test_a_programme_that_no_paper_can_be_made_for_fails(app: Flask, seed: Seed) -> None:
    seed({**BOOK, "items": items(*COVERED), "programmes": [programme(9)]})
    code, output = run(app)
    assert code == 1
    assert "1 questions missing for a paper" in output


def test_questions_that_are_nearly_the_same_are_listed_and_only_twins_fail(app: Flask, seed: Seed) -> None:
    stem = "上门之前要先打电话与客户约好时间再出发"
    near = {**items("STD@2026#1.1")[0], "code": "N1", "stem": stem + "去现场对吗"}
    seed({**BOOK, "items": [*items(*COVERED), near, {**near, "code": "N2", "stem": stem + "并带工具"}]})
    code, output = run(app)
    assert code == 0, output
    assert "? N1 ~ N2" in output
    seed({"items": [{**near, "code": "N3", "stem": near["stem"] + "呢"}]})
    code, output = run(app)
    assert code == 1
    assert "N1 ~ N3" in output
