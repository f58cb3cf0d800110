"""Two languages and one calendar: what is said to people."""

from datetime import UTC, datetime

import pytest
from flask import Flask, session
from flask_babel import refresh

from foundation import wording
from foundation.clock import TickingClock
from tests.conftest import START

MIDNIGHT = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # 1 December in Shanghai


def said_in(app: Flask, language: str, text: object) -> object:
    with app.test_request_context(headers={"Accept-Language": language}):
        return text() if callable(text) else wording.said(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("accepts", "language"),
    [("", "zh"), ("zh-CN,zh;q=0.9", "zh"), ("en-GB,en;q=0.9", "en"), ("fr", "zh"), ("fr,en;q=0.5", "en"), ("*", "zh"), (";;q=x", "zh")],
)
def test_the_browser_proposes_and_chinese_is_the_rest(app: Flask, accepts: str, language: str) -> None:
    with app.test_request_context(headers={"Accept-Language": accepts}):
        assert wording.choose_locale() == language


@pytest.mark.parametrize(("chosen", "language"), [("en", "en"), ("zh", "zh"), ("klingon", "zh")])
def test_what_was_chosen_wins(app: Flask, chosen: str, language: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        session["locale"] = chosen
        refresh()
        assert wording.choose_locale() == language


def test_outside_a_request_it_is_chinese(app: Flask) -> None:
    with app.app_context():
        assert wording.choose_locale() == "zh"


@pytest.mark.parametrize(
    ("pair", "zh", "en"),
    [
        ({"zh": "条款", "en": "clause"}, "条款", "clause"), ({"zh": "条款"}, "条款", "条款"), ({"en": "clause"}, "clause", "clause"),
        ({"zh": "条款", "en": ""}, "条款", "条款"), ({}, "", ""), (None, "", ""),
    ],
)
def test_a_pair_falls_back_to_its_other_language(app: Flask, pair: dict[str, str] | None, zh: str, en: str) -> None:
    assert said_in(app, "zh", pair) == zh
    assert said_in(app, "en", pair) == en


def test_both_languages_at_once_with_values_by_language(app: Flask) -> None:
    with app.app_context():
        found = wording.both("%(name)s 的测试，%(count)s 次", name={"zh": "规范", "en": "the standard"}, count=3)
    assert found["zh"] == "规范 的测试，3 次"
    assert set(found) == {"zh", "en"}


def test_days_are_civil_days_of_the_configured_zone(app: Flask, clock: TickingClock) -> None:
    assert said_in(app, "zh", lambda: wording.day(MIDNIGHT)) == "2026年12月1日"
    assert said_in(app, "en", lambda: wording.day(MIDNIGHT)) == "Dec 1, 2026"
    assert said_in(app, "zh", lambda: wording.hour(START)) == "09:00"


def test_a_half_open_end_is_said_as_its_last_day(app: Flask) -> None:
    assert said_in(app, "zh", lambda: wording.last_day(MIDNIGHT)) == "2026年11月30日"


def test_the_year_is_said_only_when_it_is_another(app: Flask) -> None:
    assert said_in(app, "zh", lambda: wording.instant(START)) == "11月22日 09:00"
    assert said_in(app, "zh", lambda: wording.instant(datetime(2025, 12, 31, 16, 0, tzinfo=UTC))) == "1月1日 00:00"
    assert said_in(app, "zh", lambda: wording.instant(datetime(2025, 12, 31, 15, 59, tzinfo=UTC))) == "2025年12月31日 23:59"
    assert said_in(app, "en", lambda: wording.instant(START)) == "Nov 22, 09:00"


def test_nothing_is_said_of_no_instant(app: Flask) -> None:
    for say in (wording.day, wording.last_day, wording.hour, wording.instant):
        assert said_in(app, "zh", lambda say=say: say(None)) == ""
