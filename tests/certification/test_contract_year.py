"""The yearly clock of a long contract, by the table of docs/contracts.md, and its leap days."""

from datetime import date, datetime

import pytest

from certification import contract_year as rule
from certification.contract_year import Outcome, Year
from people.contract import Stay
from people.roster import after, midnight
from tests.cast import SHANGHAI
from tests.published import named

CASES = named("contracts.md", "Contracts of more than a year")


def on(text: str) -> datetime:
    return midnight(date.fromisoformat(text), SHANGHAI)


YEARS = rule.years(on("2026-01-01"), after(date(2028, 6, 30), SHANGHAI), SHANGHAI)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_was_assessed_in_a_contract_year(case: list[str]) -> None:
    number, since, until, certified, today, answer = case
    year, stays = YEARS[int(number) - 1], [Stay(on(since), after(date.fromisoformat(until), SHANGHAI) if until else None)]
    stay = rule.asked(year, stays, on(today))
    said = rule.outcome(year, stay, [[on(certified)]], on(today), SHANGHAI) if stay else "not asked"
    assert said == answer


@pytest.mark.parametrize(
    ("starts", "last", "firsts"),
    [
        ("2026-01-01", "2026-12-31", ["2026-01-01"]),
        ("2026-01-01", "2027-01-01", ["2026-01-01", "2027-01-01"]),
        ("2028-02-29", "2033-02-28", ["2028-02-29", "2029-03-01", "2030-03-01", "2031-03-01", "2032-02-29"]),
        ("2027-03-01", "2029-02-28", ["2027-03-01", "2028-03-01"]),
    ],
)
def test_contract_years_begin_on_the_first_days_date(starts: str, last: str, firsts: list[str]) -> None:
    ends = after(date.fromisoformat(last), SHANGHAI)
    found = rule.years(on(starts), ends, SHANGHAI)
    assert [year.starts for year in found] == [on(first) for first in firsts]
    assert [year.number for year in found] == list(range(1, len(firsts) + 1))
    assert [year.ends for year in found] == [*(on(first) for first in firsts[1:]), ends]


@pytest.mark.parametrize(
    ("starts", "last", "longer"),
    [
        ("2026-01-01", "2026-12-31", False), ("2026-01-01", "2027-01-01", True), ("2027-03-01", "2028-02-29", False),
        ("2028-02-29", "2029-02-28", False), ("2028-02-29", "2029-03-01", True),
    ],
)
def test_a_year_to_the_day_is_not_longer_than_a_year(starts: str, last: str, longer: bool) -> None:
    assert rule.longer_than_a_year(on(starts), after(date.fromisoformat(last), SHANGHAI), SHANGHAI) is longer


def test_every_programme_asks_for_its_own_assessment() -> None:
    stay = Stay(on("2026-01-01"), None)
    both, one = [[on("2026-05-01")], [on("2026-06-01")]], [[on("2026-05-01")], []]
    assert rule.outcome(YEARS[0], stay, both, on("2026-07-01"), SHANGHAI) is Outcome.ASSESSED
    assert rule.outcome(YEARS[0], stay, one, on("2026-07-01"), SHANGHAI) is Outcome.DUE


def test_an_assessment_that_is_still_to_come_counts_when_it_has_come() -> None:
    stay = Stay(on("2026-01-01"), None)
    assert rule.outcome(YEARS[0], stay, [[on("2026-08-01")]], on("2026-07-01"), SHANGHAI) is Outcome.DUE
    assert rule.outcome(YEARS[0], stay, [[on("2026-08-01")]], on("2026-08-01"), SHANGHAI) is Outcome.ASSESSED


def test_a_year_is_tallied() -> None:
    stays = [Stay(on("2026-01-01"), None)]
    people = [(1, stays, [[on("2026-05-01")]]), (2, stays, [[]]), (3, [Stay(on("2027-02-01"), None)], [[]])]
    assert rule.tally(YEARS[0], people, on("2026-07-01"), SHANGHAI) == rule.Tally(YEARS[0], 2, 1, (2,))


def test_our_policy_counts_twelve_months_from_the_oldest_programme() -> None:
    days = [[on("2026-05-01"), on("2024-05-01")], [on("2028-02-29")]]
    assert rule.policy_until(days, on("2028-03-01"), SHANGHAI) == on("2027-05-01")
    assert rule.policy_until([[on("2028-02-29")]], on("2028-03-01"), SHANGHAI) == on("2029-03-01")
    assert rule.policy_until([[on("2028-02-29")]], on("2028-02-28"), SHANGHAI) is None
    assert rule.policy_until([[on("2026-05-01")], []], on("2028-03-01"), SHANGHAI) is None


def test_a_contract_year_knows_whether_it_runs() -> None:
    year = Year(1, on("2026-01-01"), on("2027-01-01"))
    assert [(year.runs(on(day)), year.over(on(day))) for day in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")] == [
        (False, False), (True, False), (True, False), (False, True)
    ]
