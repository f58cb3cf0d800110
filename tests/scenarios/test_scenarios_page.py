"""docs/scenarios.md says what the code does: its table of codes, its kinds of steps and fields, its figures."""

import re
from pathlib import Path

from scenarios.file_check import SAMPLES
from scenarios.finding import WARNINGS
from scenarios.language import Kind
from scenarios.saying import SAYINGS
from scenarios.scenario_reading import CUT, MOST_OPENINGS, MOST_STEPS, TOP
from scenarios.state_graph import CAP
from scenarios.step_reading import ASKED, FIELDS, MOST, OPTION, PHRASE
from tests.scenarios.test_planted_faults import SHOWN_BY_A_PLAY

PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text("utf-8")
ROWS = {code: (severity, play.strip()) for code, severity, play in re.findall(r"^\| (SCN-\d+) \| (\w+) \|.*\|([^|]*)\|$", PAGE, re.M)}


def test_the_table_holds_every_code_with_its_severity_and_no_other() -> None:
    codes = {f"SCN-{code}" for code, _, _ in SAYINGS.values()}
    assert {code: severity for code, (severity, _) in ROWS.items()} == {code: "warning" if code in WARNINGS else "error" for code in codes}


def test_the_codes_that_show_a_play_are_marked() -> None:
    assert {code.removeprefix("SCN-") for code, (_, play) in ROWS.items() if play} == SHOWN_BY_A_PLAY | {"035"}


def test_every_field_is_named() -> None:
    fields = TOP | ASKED | OPTION | PHRASE | set().union(*FIELDS.values()) | {kind.value for kind in Kind}
    assert not [name for name in sorted(fields) if not re.search(rf"\b{name}\b", PAGE)]


def test_the_figures_are_those_of_the_code() -> None:
    for said in (
        f"{CAP:,} states", f"{MOST_STEPS} steps", f"{MOST['options']} options", f"{MOST['items']} items", f"{MOST['rubric']} elements",
        f"{MOST['forbid']} forbidden phrases", f"{MOST_OPENINGS} openings", f"{SAMPLES} labelled samples", f"{CUT} where it is missing",
    ):
        assert said in PAGE, said


def test_every_saying_is_in_both_languages_with_the_same_words() -> None:
    for name, (_, zh, en) in SAYINGS.items():
        assert re.search("[\u4e00-\u9fff]", zh), name
        assert not re.search("[\u4e00-\u9fff]", en), name
        assert set(re.findall(r"{(\w+)}", zh)) - {"zh"} == set(re.findall(r"{(\w+)}", en)) - {"en"}, name
