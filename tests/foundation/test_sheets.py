"""Workbooks that we write: what stands in them is text, numbers and dates, and never anything that runs."""

import io
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from foundation import sheets
from foundation.sheets import Column

SHANGHAI = ZoneInfo("Asia/Shanghai")


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_values_come_out_as_what_they_are() -> None:
    sheet = opened(sheets.xlsx(
        ["文字", "日期", "时刻", "数", "长数", "空"],
        [["王建国", date(2026, 1, 31), datetime(2026, 1, 31, 16, 0, tzinfo=UTC), 1.5, 10**17, None], ["李", "", None, 3, True, ""]],
        widths=[30], title="花名册/2026:[测试]", zone=SHANGHAI,
    )).active
    assert sheet is not None
    first = [cell.value for cell in sheet[2]]
    assert first == ["王建国", datetime(2026, 1, 31), datetime(2026, 2, 1, 0, 0), 1.5, "1" + "0" * 17, None]
    assert [cell.value for cell in sheet[3]][:5] == ["李", None, None, 3, True]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.title == "花名册 2026  测试"
    assert sheet.column_dimensions["A"].width > 29


def test_an_instant_is_not_shown_in_a_zone_that_was_guessed() -> None:
    with pytest.raises(ValueError, match="zone"):
        sheets.xlsx(["时刻"], [[datetime(2026, 1, 31, tzinfo=UTC)]])


@pytest.mark.parametrize("nasty", ["=1+1", "+86", "-张", "@SUM(A1)", "\t=1", "＝HYPERLINK(1)", "=cmd|' /C calc'!A0"])
def test_nothing_in_a_cell_runs(nasty: str) -> None:
    sheet = opened(sheets.xlsx(["标题", nasty], [[nasty]])).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"
    assert sheet["B1"].data_type == "s"
    assert str(sheet["A2"].value).startswith("'")


def test_addresses_stay_texts_and_long_texts_are_cut() -> None:
    sheet = opened(sheets.xlsx(["网址"], [["http://example.com"], ["长" * 40_000]])).active
    assert sheet is not None
    assert sheet["A2"].hyperlink is None
    assert len(str(sheet["A3"].value)) == sheets.LONGEST


def test_a_form_offers_choices_and_keeps_numbers_as_text() -> None:
    columns = [Column("工号", text=True, hint="唯一"), Column("合同", choices=["C-1", "=C-2"])]
    book = opened(sheets.form(columns, [["示例", "C-1"]], "花名册", ready=50, notes=["第一行", "=第二行"], notes_title="说明"))
    sheet, hidden = book["花名册"], book["_"]
    assert {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation} == {"A2:A51": None, "B2:B51": "'_'!$B$1:$B$2"}
    assert hidden.sheet_state == "hidden"
    assert [cell.value for cell in hidden["B"]] == ["C-1", "'=C-2"]
    assert sheet["A2"].number_format == "@"
    assert sheet.column_dimensions["A"].width > 0
    assert [cell.value for cell in book["说明"]["A"]] == ["第一行", "'=第二行"]
