"""``flask scenarios check``: the report, the exit code, and the clauses of the database."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.scenarios.planting import GOOD, KNOWN, good


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=["scenarios", "check", *map(str, args)])


@pytest.fixture
def clauses(seed: Any) -> None:
    """The clauses that the good scenarios cite; 2020 is an edition that 2026 replaced."""
    def edition(name: str, effective: str, numbers: list[str]) -> dict[str, Any]:
        listed = [{"number": number, "text": {"zh": f"第{number}条"}} for number in numbers]
        return {"edition": name, "effective": effective, "clauses": listed}

    numbers = {code: [ref.partition("#")[2] for ref in sorted(KNOWN.known) if ref.startswith(f"{code}@")] for code in ("SVC", "HALL")}
    seed({"standards": [
        {"code": "SVC", "title": {"zh": "服务"}, "editions": [
            edition("2020", "2020-01-01", ["7.1", "7.5"]), edition("2026", "2026-01-01", numbers["SVC"]),
        ]},
        {"code": "HALL", "title": {"zh": "大厅"}, "editions": [edition("2026", "2026-01-01", numbers["HALL"])]},
    ]})


def test_good_files_pass_against_the_clauses_of_the_database(app: Flask, clauses: None) -> None:
    result = run(app, *sorted(GOOD.glob("*.yaml")), "--json")
    reports = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [(one["ok"], one["clauses_checked"], one["diagnostics"]) for one in reports] == [(True, True, [])] * 3
    late = next(one for one in reports if "late" in one["file"])
    assert (late["min"], late["max"], late["best_clean"], late["states"] > 0) == (0, 22, 22, True)
    assert late["coverage"]["SVC@2026#10.10"] == ["close"]


def test_a_fault_gives_exit_1_with_code_line_message_and_play(app: Flask, tmp_path: Path, clauses: None) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(good("late_visit").replace("total: 22", "total: 23").replace("clauses: [7.1]\n", "clauses: [SVC@2020#7.1]\n"), "utf-8")
    result = run(app, file, "--json", "--lang", "zh")
    assert result.exit_code == 1
    [report] = json.loads(result.stdout)
    found = {one["code"]: one for one in report["diagnostics"]}
    assert set(found) == {"SCN-036", "SCN-040"}
    assert found["SCN-036"]["severity"] == "error"
    assert found["SCN-036"]["line"] == 23
    assert found["SCN-036"]["message"].startswith("最高只能得 22 分")
    assert found["SCN-036"]["play"][0].startswith("$late=")
    assert "SVC@2026#7.1" in found["SCN-040"]["messages"]["en"]


def test_without_clauses_040_is_left_out_and_said_to_be(app: Flask) -> None:
    result = run(app, GOOD / "hall_queue.yaml")
    assert result.exit_code == 0
    assert "SCN-040" in result.stderr
    assert "hall_queue.yaml: ok, 9 states" in result.stdout


def test_a_file_that_is_not_text_is_told(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "picture.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in run(app, file).stderr
    assert run(app, file).exit_code == 2
