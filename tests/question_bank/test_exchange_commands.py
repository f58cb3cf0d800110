"""``flask question-bank import`` and ``export``: reports, exit codes, nothing stored by a dry run, and there and back again."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from foundation.database import db
from question_bank.exchange.formats import FORMATS, Name
from question_bank.item import State
from question_bank.tables import Item, ItemVersion
from tests.cast import Cast
from tests.question_bank.test_imports import PAPER, STANDARD, near

__all__ = ["near"]

CARRIED = [name for name, one in FORMATS.items() if one.read and one.write]


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=["question-bank", *map(str, args)])


def told(result: Result) -> dict[str, Any]:
    return dict(json.loads(result.stdout.splitlines()[-1]))


@pytest.fixture
def paper(tmp_path: Path, seed: Any) -> Path:
    seed({"standards": [STANDARD]})
    file = tmp_path / "paper.gift"
    file.write_text(PAPER, encoding="utf-8")
    return file


def stored(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(row.code, row.state) for row in db.session.execute(select(Item.code, Item.state).order_by(Item.code))]


def test_a_dry_run_reports_and_stores_nothing(app: Flask, paper: Path) -> None:
    result = run(app, "import", paper, "--dry-run", "--json")
    assert result.exit_code == 3, result.output
    report = told(result)
    assert (report["format"], report["kept"], report["degraded"], report["refused"]) == ("gift", 2, 0, 1)
    assert report["items"][2]["status"] == "refused"
    assert report["items"][2]["problems"]
    assert {"ref", "kind", "status", "problems"} <= report["items"][0].keys()
    assert stored(app) == []


def test_what_can_be_asked_is_kept_as_drafts_and_again_nothing(app: Flask, paper: Path) -> None:
    report = told(run(app, "import", paper, "--json"))
    assert report["stored"] == {"new": 2, "revised": 0, "submitted": 0}
    assert stored(app) == [("Q-NOTE", "draft"), ("Q-TIME", "draft")]
    again = told(run(app, "import", paper, "--json"))
    assert again["stored"] == {"new": 0, "revised": 0, "submitted": 0}
    assert [line["relation"] for line in again["items"]] == ["same", "same", "new"]
    assert [line["item"] for line in again["items"]] == ["Q-TIME", "Q-NOTE", None]


def test_with_an_author_and_suggested_clauses_they_go_to_review(app: Flask, cast: Cast, paper: Path) -> None:
    assert run(app, "import", paper, "--submit").exit_code == 2, "nobody wrote them"
    result = run(app, "import", paper, "--suggest", "--submit", "--author", "trainer")
    assert result.exit_code == 3
    assert "2 submitted" in result.output
    assert {state for _code, state in stored(app)} == {State.IN_REVIEW}
    assert run(app, "import", paper, "--author", "nobody-of-that-name").exit_code == 2


def test_nothing_refused_is_exit_0_and_an_unusable_file_exit_2(app: Flask, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.xml"
    good.write_text("甲问\nA. 一\nB. 二\nANSWER: A\n", encoding="utf-8")
    bad.write_text('<!DOCTYPE quiz><quiz/>', encoding="utf-8")
    assert run(app, "import", good).exit_code == 0
    result = run(app, "import", bad, "--json")
    assert result.exit_code == 2
    assert told(result)["unusable"]["code"] == "doctype"
    assert run(app, "import", good, "--format", "tcexam-xml").exit_code == 2


@pytest.mark.parametrize("name", CARRIED)
def test_exported_and_imported_again_nothing_changes(app: Flask, paper: Path, tmp_path: Path, name: Name) -> None:
    run(app, "import", paper)
    file = tmp_path / f"out.{FORMATS[name].ending}"
    result = run(app, "export", "--format", name.value, "--out", file, "--json")
    assert result.exit_code in (0, 3), result.output
    report = told(result)
    again = told(run(app, "import", file, "--format", name.value, "--json"))
    assert len(again["items"]) == report["written"]
    assert {line["relation"] for line in again["items"]} <= {"same"} | ({"revision"} if report["items"] else set())
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Item)) == 2
        if not report["items"]:
            assert db.session.scalar(select(func.count()).select_from(ItemVersion)) == 2


def test_without_a_file_it_goes_to_standard_output(app: Flask, paper: Path) -> None:
    run(app, "import", paper)
    result = run(app, "export", "--format", "gift", "--kind", "true_false")
    assert result.exit_code == 0, result.output
    assert "::Q-NOTE::" in result.stdout
    assert "Q-TIME" not in result.stdout
    assert "1 written, 0 left out" in result.stderr


def test_an_export_of_nothing_says_so(app: Flask) -> None:
    assert run(app, "export", "--format", "gift").exit_code == 2
