"""What people are reminded of, and when: thresholds crossed since the last run, each told once."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask

from certification import reminder as rule
from certification.actions.notice_wording import text_of
from certification.reminder import Line, Topic, Window

TODAY = date(2026, 11, 22)


def crossed(topic: Topic, last_day: date, last_run: date, today: date) -> list[int]:
    return [window.threshold for window in rule.windows(topic, last_run, today) if window.first <= last_day <= window.last]


@pytest.mark.parametrize(("left", "told"), [
    (91, []), (90, [90]), (89, []), (60, [60]), (31, []), (30, [30]), (7, [7]), (1, []), (0, [0]), (-1, [-1]), (-2, []),
])
def test_a_threshold_is_told_on_its_day(left: int, told: list[int]) -> None:
    assert crossed(Topic.LICENCE, TODAY + timedelta(days=left), TODAY - timedelta(days=1), TODAY) == told


def test_every_day_is_told_exactly_once_however_the_runs_fall() -> None:
    last_day = TODAY + timedelta(days=30)
    runs = [TODAY - timedelta(days=3), TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=6), TODAY + timedelta(days=40)]
    told = [threshold for before, run in pairwise(runs) for threshold in crossed(Topic.LICENCE, last_day, before, run)]
    assert told == [30, 7, 0, -1]


def test_a_second_run_on_a_day_tells_nothing() -> None:
    assert rule.windows(Topic.LICENCE, TODAY, TODAY) == []


def test_a_first_run_looks_back_a_day_and_a_late_one_a_week() -> None:
    assert rule.since(None, TODAY) == TODAY - timedelta(days=1)
    assert rule.since(TODAY - timedelta(days=3), TODAY) == TODAY - timedelta(days=3)
    assert rule.since(TODAY - timedelta(days=300), TODAY) == TODAY - timedelta(days=7)


def test_windows_hold_both_ends() -> None:
    assert rule.windows(Topic.EXAM, TODAY - timedelta(days=2), TODAY)[1] == Window(1, TODAY, TODAY + timedelta(days=1))


def test_a_digest_groups_by_matter_and_counts_what_it_leaves_out() -> None:
    lines = [Line(Topic.CONTRACT, "C1"), *(Line(Topic.LICENCE, f"人{n}", day=TODAY + timedelta(days=n)) for n in range(5, 0, -1))]
    found = rule.digest(lines, most=4)
    assert [(topic, [line.what for line in kept]) for topic, kept in found.groups] == [(Topic.LICENCE, ["人1", "人2", "人3", "人4"])]
    assert found.more == 2
    assert not rule.digest([])


def test_lines_of_one_company_and_threshold_become_one() -> None:
    lines = [Line(Topic.LICENCE, "甲", "", f"人{n}", "华信", TODAY, 30) for n in range(3)]
    lines.append(Line(Topic.LICENCE, "甲", "", "乙", "远诚", TODAY, 30))
    assert [(line.where, line.count, line.who) for line in rule.by_company(lines)] == [("华信", 3, ""), ("远诚", 1, "")]


def test_what_is_counted_is_added_up_for_those_who_look_after_everybody() -> None:
    kept = [Line(Topic.CUSTODY, "", who=who, where="华信通服", count=count) for who, count in (("王建国", 3), ("李晓梅", 2))]
    (line,) = rule.by_company(kept)
    assert (line.where, line.count) == ("华信通服", 5)


@pytest.mark.parametrize(("left", "told"), [(7, "还有 7 天"), (0, "今天结束"), (-1, "已在 2026-11-21 结束")])
def test_a_contract_that_ends_is_told_in_words_and_not_in_negative_days(app: Flask, left: int, told: str) -> None:
    line = Line(Topic.CONTRACT, "C01", where="华信通服", day=date(2026, 11, 21), left=left)
    with app.app_context():
        body = text_of(rule.digest([line]), "", "")
    assert told in body
    assert "-1 天" not in body
