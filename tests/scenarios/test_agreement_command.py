"""``flask scenarios agreement``: files as people and programs write them, what is told, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from scenarios.agreement_sheet import sheet
from scenarios.commands.agreement import agreement

WORDS = "场次,考官甲,考官乙\n" + "".join(f"{place},做到,做到\n" for place in range(9)) + "9,做到,未做到\n"
GAPS = "1,1,,1\n2,2,3,2\n3,3,3,3\n3,3,3,3\n2,2,2,2\n1,2,3,4\n4,4,4,4\n1,1,2,1\n2,2,2,2\n,5,5,5\n,,1,1\n,3,,\n"


def run(tmp_path: Path, content: str | bytes, *args: str) -> Result:
    file = tmp_path / "ratings.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return CliRunner().invoke(agreement, [str(file), *args])


def told(tmp_path: Path, content: str | bytes, *args: str) -> dict[str, Any]:
    result = run(tmp_path, content, "--json", *args)
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.output))


def test_the_application_has_it(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(GAPS, encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["scenarios", "agreement", str(file), "--scale", "interval", "--json"])
    assert json.loads(result.output)["scale"] == "interval"


def test_json_has_the_published_shape(tmp_path: Path) -> None:
    found = told(tmp_path, GAPS)
    assert list(found)[:2] == ["n_units", "n_raters"]
    assert (found["n_units"], found["n_raters"], found["raters"]) == (12, 4, ["1", "2", "3", "4"])
    assert {name: round(value, 3) for name, value in found["krippendorff_alpha"].items()} == {
        "nominal": 0.743, "ordinal": 0.815, "interval": 0.849,
    }
    assert round(found["ac1"], 5) == 0.77544
    assert (found["cohen_kappa"], found["note"]["cohen_kappa"]) == (None, "not defined: for two raters only")
    assert set(found["icc"]) == {"1,1", "2,1", "3,1", "1,k", "2,k", "3,k"}
    assert [figure["name"] for figure in found["figures"]][:3] == ["raw", "ac1", "cohen_kappa"]
    alpha = next(figure for figure in found["figures"] if figure["name"] == "krippendorff_alpha.nominal")
    assert (alpha["n"], alpha["word"]) == (11, "tentative")
    assert alpha["interval"][0] < alpha["value"] < alpha["interval"][1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_words_in_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    found = told(tmp_path, WORDS.encode(encoding))
    assert (found["n_units"], found["raters"], found["raw"]) == (10, ["考官甲", "考官乙"], 0.9)
    assert found["icc"]["2,1"] is None
    assert found["counts"] == {"units_alike": 9, "units": 10, "pairs_alike": 9, "pairs": 10}


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_and_line_ends(tmp_path: Path, mark: str) -> None:
    assert told(tmp_path, GAPS.replace(",", mark).replace("\n", "\r\n"))["ac1"] == told(tmp_path, GAPS)["ac1"]


def test_people_read_lines(tmp_path: Path) -> None:
    lines = run(tmp_path, "A,B\n1,1\n2,2\n1,2\n", "--scale", "ordinal").output.splitlines()
    assert lines[0] == "3 units, 2 raters (A, B), numbers, ordinal scale"
    assert lines[1] == "all raters agree on 2 of 3 units; 2 of 3 pairs of ratings agree"
    assert lines[2].split()[:5] == ["raw", "0.667", "n", "=", "3"]
    assert [line.split()[0] for line in lines[2:6]] == ["raw", "ac1", "cohen", "weighted"]
    assert lines[-1].startswith("Fewer than 10 units")


def test_not_defined_is_said_plainly(tmp_path: Path) -> None:
    output = run(tmp_path, "1,1\n" * 12).output
    assert "cohen kappa                      –  not defined: every rating is the same" in output
    assert "nan" not in output.lower()
    assert "Fewer than" not in output


def test_more_categories_than_were_used(tmp_path: Path) -> None:
    assert told(tmp_path, WORDS, "--categories", "5")["ac1"] > told(tmp_path, WORDS)["ac1"]


@pytest.mark.parametrize(
    ("content", "args", "said"),
    [
        ("", (), "no ratings"),
        ("A,B\n", ("--heading",), "no ratings"),
        ("\n\n", (), "no ratings"),
        ("1,2\n1,2,3\n", (), "row 2 has 3 cells"),
        ("y,n\ny,y\n", ("--scale", "interval"), "needs numbers"),
        (b"\xff\xfe\x00\x81", (), "decode"),
        ('1,"2\n1,2', (), "not a CSV"),
    ],
)
def test_what_cannot_be_read_ends_with_two(tmp_path: Path, content: str | bytes, args: tuple[str, ...], said: str) -> None:
    result = run(tmp_path, content, *args)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("lines", "raters", "rows"),
    [
        (["A,B", "1,2"], ("A", "B"), [(1, 2)]),
        (["1,2", "3,4"], ("1", "2"), [(1, 2), (3, 4)]),
        (["unit,A,B", "7,1,2"], ("A", "B"), [(1, 2)]),
        ([",A,B", "7,1,2"], ("A", "B"), [(1, 2)]),
        (["case a,1,2", "case b,1,1", "case c,2,2"], ("1", "2"), [(1, 2), (1, 1), (2, 2)]),
        (["video,A,B", "first,y,n", "second,y,y", "third,n,n"], ("A", "B"), [("y", "n"), ("y", "y"), ("n", "n")]),
        (["y,n", "y,y", "n,n"], ("1", "2"), [("y", "n"), ("y", "y"), ("n", "n")]),
        (["y,n", "y,y"], ("1", "2"), [("y", "n"), ("y", "y")]),
        (["case a,1,2", "case a,1,1"], ("1", "2"), [(1, 2), (1, 1)]),
        (["甲,乙", "y,y", "n,n"], ("甲", "乙"), [("y", "y"), ("n", "n")]),
        (["A,B", "1,", "N/A,2", ",", "1.5,2"], ("A", "B"), [(1, None), (None, 2), (None, None), (1.5, 2)]),
        (["1,x", "2,1"], ("1", "2"), [("1", "x"), ("2", "1")]),
        (["1/2,1", "1/2,1"], ("1", "2"), [("1/2", "1"), ("1/2", "1")]),
        (["1,2", "3,4", "", ","], ("1", "2"), [(1, 2), (3, 4)]),
    ],
)
def test_headings_names_and_gaps(lines: list[str], raters: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    found = sheet([line.split(",") for line in lines])
    assert (found.raters, list(found.rows)) == (raters, rows)


def test_what_is_said_outright_counts() -> None:
    cells = [["1", "2"], ["7", "8"]]
    assert sheet(cells, heading=True).raters == ("1", "2")
    assert sheet(cells, named=True).rows == ((2,), (8,))
    assert sheet([["甲", "乙"], ["y", "y"]], heading=False).rows == (("甲", "乙"), ("y", "y"))
