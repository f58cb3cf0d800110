"""Each fault planted in a good scenario is found: the right code, the right line, and a play that shows it where one can."""

from functools import cache

import pytest

from scenarios.checker import Report, check
from scenarios.course import Course
from scenarios.finding import Severity
from scenarios.recorded_play import play_of
from scenarios.saying import SAYINGS
from scenarios.walk import Play
from tests.scenarios.planting import FAULTS, GOOD, KNOWN, Planted, good


@cache
def checked(fault: Planted) -> Report:
    return check(fault.text, KNOWN)


SHOWN_BY_A_PLAY = {"021", "022", "024", "030", "031", "032", "034", "036", "070"}


@pytest.mark.parametrize("name", sorted(path.stem for path in GOOD.glob("*.yaml")))
def test_a_good_scenario_has_no_findings(name: str) -> None:
    report = check(good(name), KNOWN)
    assert report.findings == ()
    assert report.ok
    assert report.decided


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}-{fault.mark.strip()[:16]}")
def test_a_planted_fault_is_found_with_its_code_and_line(fault: Planted) -> None:
    report = checked(fault)
    of_code = [one for one in report.findings if one.code == f"SCN-{fault.code}"]
    assert [one.line for one in of_code if one.line == fault.line], report.findings
    hit = next(one for one in of_code if one.line == fault.line and fault.says in one.en)
    assert report.ok is (not any(one.severity is Severity.ERROR for one in report.findings))
    assert hit.zh != hit.en
    assert "{" not in hit.message("zh").replace("{zh", "")
    if fault.code in SHOWN_BY_A_PLAY:
        assert hit.play


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.code > "011" and fault.code != "070"], ids=lambda fault: fault.code)
def test_every_counter_example_can_be_played(fault: Planted) -> None:
    report = checked(fault)
    assert report.scenario
    for one in report.findings:
        if one.play and one.code != "SCN-070":
            assert isinstance(play_of(Course(report.scenario), one.play), Play), one


def test_every_code_has_a_planted_fault() -> None:
    assert {fault.code for fault in FAULTS} | {"090"} == {code for code, _, _ in SAYINGS.values()}


def test_too_many_states_are_reported_and_nothing_is_judged() -> None:
    report = check(good("late_visit"), KNOWN, cap=20)
    assert [one.code for one in report.findings] == ["SCN-090"]
    assert not report.decided
    assert not report.ok
    assert report.scores is None


def test_clauses_are_left_alone_where_nobody_knows_them() -> None:
    fault = next(fault for fault in FAULTS if fault.code == "040")
    report = check(fault.text)
    assert not report.clauses_known
    assert all(one.code != "SCN-040" for one in report.findings)


def test_one_run_tells_all_faults_of_form() -> None:
    text = good("late_visit").replace("version: 1", "version: one").replace("ask: multi", "ask: multy").replace("scn/1", "scn/2")
    assert {"SCN-004", "SCN-005", "SCN-007"} <= {one.code for one in check(text).findings}


NONSENSE = ["", "[]", "x", "a: b: c", "schema: scn/1", "\x00", "- " * 50 + "x", "[" * 100, "nodes: {a: {say: []}}\nstart: a"]


@pytest.mark.parametrize("text", NONSENSE)
def test_no_file_is_more_than_unreadable(text: str) -> None:
    report = check(text)
    assert not report.ok
    assert all(one.line >= 1 for one in report.findings)
