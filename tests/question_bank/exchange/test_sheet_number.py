"""Numbers of a workbook as it shows them."""

import pytest

from question_bank.exchange.sheet_number import is_date, shown
from question_bank.exchange.sheet_table import Doubt, cell_name

SHOWN = [
    ("30", "General", "30", Doubt.NONE), ("1.1000000000000001", "General", "1.1", Doubt.NUMBER), ("1.1", "0.00", "1.10", Doubt.NONE),
    ("0.05", "0%", "5%", Doubt.NONE), ("0.125", "0.0%", "12.5%", Doubt.NONE), ("1234567", "#,##0", "1,234,567", Doubt.NONE),
    ("2.5", "0", "3", Doubt.NONE),
    ("-3", "", "-3", Doubt.NONE),
    ("1E-3", "General", "0.001", Doubt.NUMBER),
    ("1.1", "0.00_ ", "1.10", Doubt.NONE),
    ("12345678901234567", "General", "12345678901234568", Doubt.NUMBER),
    ("5", '0"分钟"', "5", Doubt.NONE),
    ("abc", "", "abc", Doubt.NUMBER),
    ("nan", "", "nan", Doubt.NUMBER), ("45658", "yyyy-mm-dd", "2025-01-01", Doubt.DATE), ("45658", 'm"月"d"日"', "1月1日", Doubt.DATE),
    ("45658", "yyyy/m/d;@", "2025/1/1", Doubt.DATE),
    ("0.39583333333333331", "h:mm", "9:30", Doubt.DATE),
    ("0.5", "hh:mm:ss", "12:00:00", Doubt.DATE),
    ("45658.75", "yyyy/m/d h:mm", "2025/1/1 18:00", Doubt.DATE), ("60", "[$-804]yyyy-m-d", "1900-2-28", Doubt.DATE),
    ("9999999999", "yyyy-mm-dd", "9999999999", Doubt.DATE), ("-1", "yyyy-mm-dd", "-1", Doubt.DATE),
]


@pytest.mark.parametrize(("value", "form", "text", "doubt"), SHOWN)
def test_what_a_number_shows(value: str, form: str, text: str, doubt: Doubt) -> None:
    assert shown(value, form) == (text, doubt)


def test_days_since_1904() -> None:
    assert shown("0", "yyyy-mm-dd", since_1904=True) == ("1904-01-01", Doubt.DATE)


DAYS = [("General", False), ("0.00", False), ('0"d"', False), ("[Red]0", False), ("mm:ss", True), ("@", False)]


@pytest.mark.parametrize(("form", "date"), DAYS)
def test_formats_of_days(form: str, date: bool) -> None:
    assert is_date(form) is date


def test_names_of_cells() -> None:
    assert [cell_name(4, column) for column in (0, 25, 26, 701, 702)] == ["A5", "Z5", "AA5", "ZZ5", "AAA5"]
