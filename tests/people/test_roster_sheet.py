"""A roster as strangers write it: headings, cells, and a fault for each cell that cannot be used."""

from datetime import date
from typing import Any

import pytest

from people.roster_sheet import HEADINGS, Fault, Field, Sheet, Wrong, heading, tidy
from tests.people.sheets import HEAD, id_number

TODAY = date(2026, 11, 22)
GOOD = ["S1", "王建国", id_number(1), "13800138000", "杭州", "C01", date(2026, 1, 31), "P01"]


def read(*rows: list[Any], head: tuple[str, ...] = HEAD) -> Sheet:
    return tidy([list(column) for column in zip(*[list(head), *rows], strict=True)], TODAY)


def with_cell(name: Field, value: Any) -> Sheet:
    row = list(GOOD)
    row[list(Field).index(name)] = value
    return read(row)


def test_a_good_row_is_taken_as_it_is() -> None:
    sheet = read(GOOD)
    assert not sheet.faults
    assert [sheet.values[name][0] for name in Field] == GOOD


@pytest.mark.parametrize("name", list(Field))
def test_a_column_is_known_by_all_its_names_however_they_are_written(name: Field) -> None:
    for known in HEADINGS[name]:
        for written in (known, f" {known.upper()} ", f"{known}*", f"{known}（必填）", known.replace(" ", "_")):
            head = tuple(written if place == list(Field).index(name) else usual for place, usual in enumerate(HEAD))
            assert not read(GOOD, head=head).faults, written


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_we_call_a_column_is_understood(language: str) -> None:
    assert not read(GOOD, head=tuple(heading(name, language) for name in Field)).faults


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        (Field.STAFF_NO, "　Ｓ０００１　", "S0001"),
        (Field.STAFF_NO, 1001.0, "1001"),
        (Field.NAME, "  欧阳　 娜娜 ", "欧阳 娜娜"),
        (Field.NAME, "'=张", "=张"),
        (Field.NAME, "买买提·阿不都", "买买提·阿不都"),
        (Field.ID_NUMBER, "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        (Field.ID_NUMBER, "110105 19491231 002x", "11010519491231002X"),
        (Field.ID_NUMBER, '="11010519491231002X"', "11010519491231002X"),
        (Field.ID_NUMBER, "**************002X", "**************002X"),
        (Field.PHONE, "+86 138-0013-8000", "13800138000"),
        (Field.PHONE, "0571-87654321", "057187654321"),
        (Field.PHONE, "", ""),
        (Field.CITY, "　杭州 ", "杭州"),
        (Field.SINCE, "2026-1-31", date(2026, 1, 31)),
        (Field.SINCE, "2026年1月31日", date(2026, 1, 31)),
        (Field.SINCE, "2026/01/31", date(2026, 1, 31)),
        (Field.SINCE, "20260131", date(2026, 1, 31)),
        (Field.SINCE, "２０２６．１．３１", date(2026, 1, 31)),
        (Field.CONTRACT, 2026.0, "2026"),
    ],
)
def test_cells_are_made_plain(name: Field, written: Any, meant: Any) -> None:
    sheet = with_cell(name, written)
    assert not sheet.faults
    assert sheet.values[name][0] == meant


@pytest.mark.parametrize(
    ("name", "written", "wrong"),
    [
        (Field.STAFF_NO, "", Wrong.REQUIRED),
        (Field.NAME, "  ", Wrong.REQUIRED),
        (Field.STAFF_NO, 1.5, Wrong.NUMBER),
        (Field.STAFF_NO, 1e17, Wrong.NUMBER),
        (Field.STAFF_NO, "S" * 41, Wrong.LONG),
        (Field.NAME, "王" * 81, Wrong.LONG),
        (Field.NAME, "王\x07", Wrong.SIGNS),
        (Field.NAME, 5.0, Wrong.SIGNS),
        (Field.ID_NUMBER, 1.10105194912310e17, Wrong.LOST_DIGITS),
        (Field.ID_NUMBER, "1.10105E+17", Wrong.LOST_DIGITS),
        (Field.ID_NUMBER, "110105194912310021", Wrong.ID_CHECK),
        (Field.ID_NUMBER, "11010519490230002X", Wrong.ID_BIRTH_DATE),
        (Field.ID_NUMBER, "01010519491231002X", Wrong.ID_SHAPE),
        (Field.ID_NUMBER, "1101051949", Wrong.ID_SHAPE),
        (Field.PHONE, 13800138000.0, Wrong.LOST_DIGITS),
        (Field.PHONE, "12345", Wrong.PHONE_SHAPE),
        (Field.SINCE, "明天", Wrong.DATE_SHAPE),
        (Field.SINCE, "2026-02-30", Wrong.DATE_SHAPE),
        (Field.SINCE, 46000.0, Wrong.DATE_NUMBER),
        (Field.SINCE, date(1900, 1, 1), Wrong.DATE_SHAPE),
        (Field.CITY, "杭" * 41, Wrong.LONG),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(name: Field, written: Any, wrong: Wrong) -> None:
    faults = with_cell(name, written).faults
    assert [(fault.row, fault.field, fault.wrong) for fault in faults] == [(2, name, wrong)]


def test_numbers_of_people_are_not_repeated_in_full() -> None:
    assert with_cell(Field.ID_NUMBER, "110105194912310021").faults[0].value == "*" * 14 + "0021"
    assert with_cell(Field.PHONE, "1380013800").faults[0].value == "138****3800"


def test_a_bad_number_after_a_good_one_of_the_same_birth_date_is_still_seen() -> None:
    good, bad = id_number(1), id_number(1)[:17] + ("1" if id_number(1)[17] != "1" else "2")
    zero = "0" + good[1:]
    faults = read(GOOD, ["S2", "李", bad, *GOOD[3:]], ["S3", "陈", zero, *GOOD[3:]]).faults
    assert [(fault.row, fault.wrong) for fault in faults] == [(3, Wrong.ID_CHECK), (4, Wrong.ID_SHAPE)]


def test_the_head_may_stand_below_a_title_and_rows_are_counted_as_the_file_counts_them() -> None:
    title = ["2026 年花名册", *[""] * 7]
    sheet = tidy([list(column) for column in zip(title, [""] * 8, HEAD, GOOD, [*GOOD[:2], "x", *GOOD[3:]], strict=True)], TODAY)
    assert sheet.first == 4
    assert [fault.row for fault in sheet.faults] == [5]


def test_missing_and_doubled_columns_are_named_and_others_passed_over() -> None:
    assert read(["x", "y"], head=("甲", "乙")).faults == [Fault(0, Field.STAFF_NO, Wrong.NO_COLUMN), Fault(0, Field.NAME, Wrong.NO_COLUMN)]
    assert [fault.wrong for fault in read(["S1", "x"], head=("工号", "城市")).faults] == [Wrong.NO_COLUMN]
    sheet = read(["S1", "王", "S1", "高"], head=("工号", "姓名", "员工编号", "学历"))
    assert [(fault.row, fault.wrong) for fault in sheet.faults] == [(1, Wrong.TWO_COLUMNS)]
    assert sheet.ignored == ("学历",)


def test_empty_rows_and_the_templates_example_are_passed_over() -> None:
    sheet = read(["示例", "张三", "11010519491231002", 138.0, "杭州", "没有", "x", "P09"], [""] * 8, GOOD)
    assert not sheet.faults
    assert sheet.values[Field.STAFF_NO] == ["", "", "S1"]
