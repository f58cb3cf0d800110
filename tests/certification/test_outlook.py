"""The outlook: days, months, and the intervals that ends of validity fall into."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from certification.outlook import Asked, Cell, Outlook, Show, last_moment, month_named, month_of, months_from

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def outlook() -> Outlook:
    return Outlook.of(AT, 60, months_from(AT, ZONE))


def test_months_are_civil_and_follow_each_other() -> None:
    months = months_from(AT, ZONE)
    assert [month.key for month in months] == [
        "2026-11", "2026-12", *(f"2027-{number:02}" for number in range(1, 11)),
    ]
    assert all(before.ends == after.starts for before, after in pairwise(months))
    assert months[0].starts == datetime(2026, 11, 1, tzinfo=ZONE)


def test_a_month_begins_in_its_own_zone() -> None:
    assert month_of(datetime(2026, 11, 30, 17, 0, tzinfo=UTC), ZONE).key == "2026-12"


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "26-01", "2026-12-01", "x", "0001-01", "9999-12"])
def test_what_is_no_month(text: str) -> None:
    assert month_named(text, ZONE) is None


def test_a_day_is_asked_about_at_its_end() -> None:
    at = last_moment(date(2026, 12, 31), ZONE)
    assert at == datetime(2027, 1, 1, tzinfo=ZONE) - timedelta(microseconds=1)


@pytest.mark.parametrize(("days", "within"), [(7, 7), (7.01, 30), (30, 30), (60, 60), (60.01, 90), (90, 90), (90.01, 0)])
def test_an_end_falls_within_days(days: float, within: int) -> None:
    here = outlook()
    cell = Cell(None, "active", here.place(AT + timedelta(days=days)), False, 1)
    assert [asked for asked in (7, 30, 60, 90) if here.count([cell], Asked(within=asked))] == [
        asked for asked in (7, 30, 60, 90) if within and asked >= within
    ]


def test_the_last_day_decides_the_month() -> None:
    here = outlook()
    december = here.months[1]
    inside = Cell(None, "active", here.place(december.ends), False, 1)
    before = Cell(None, "active", here.place(december.starts), False, 1)
    assert (here.count([inside], Asked(month=december)), here.count([before], Asked(month=december))) == (1, 0)
    assert here.count([before], Asked(month=here.months[0])) == 1


def test_a_suspended_licence_does_not_lapse_in_the_chart() -> None:
    here = outlook()
    cell = Cell(None, "suspended", here.place(here.months[1].ends), False, 3)
    assert [count for _, count, _ in here.by_month([cell])] == [0] * 12


@pytest.mark.parametrize(("standing", "owed", "shown"), [
    ("active", False, {"in_force", "active"}), ("expired", True, {"owed", "out", "expired"}), ("expired", False, {"out", "expired"}),
    ("none", True, {"owed", "out", "none"}), ("suspended", True, {"stopped", "out", "suspended"}),
    ("revoked", False, {"stopped", "out", "revoked"}), ("superseded", False, {"out", "superseded"}),
])
def test_what_a_list_shows(standing: str, owed: bool, shown: set[str]) -> None:
    here = outlook()
    cell = Cell("g", standing, len(here.edges), owed, 2)
    every = [*Show, "active", "expiring", "expired", "none", "suspended", "revoked", "superseded"]
    assert {str(show) for show in every if here.count([cell], Asked(show))} == shown
