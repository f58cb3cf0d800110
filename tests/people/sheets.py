"""Rosters as files, for tests: right ID numbers without end, and tables of cells as workbooks and CSV."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from xlsxwriter import Workbook

from people.identity import check_character

HEAD = ("工号", "姓名", "身份证号", "手机号", "城市", "合同编号", "上岗日期", "合作方编号")


def id_number(number: int) -> str:
    """A right ID number; a different one for each of some million numbers."""
    born = date(1970, 1, 1) + timedelta(days=number % 11_000)
    digits = f"3301{number // 11_000 % 90 + 10:02d}{born:%Y%m%d}{number // 990_000 % 1000:03d}"
    return digits + check_character(digits)


def person(number: int, **cells: Any) -> list[Any]:
    """A good row for C01 of P01; ``cells`` by the English name of a column instead."""
    row = {
        "staff_no": f"N{number:05d}", "name": f"新人{number}", "id_number": id_number(number), "phone": f"139{number:08d}", "city": "杭州",
        "contract": "C01", "since": date(2026, 3, 1), "partner": "P01",
    }
    return list((row | cells).values())


def xlsx(rows: Iterable[Sequence[Any]], head: Sequence[str] = HEAD) -> bytes:
    """A workbook; texts as texts, numbers as numbers, dates as dates."""
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate([head, *rows]):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                elif cell not in ("", None):
                    sheet.write(number, place, cell)
    return made.getvalue()


def csv(rows: Iterable[Sequence[Any]], head: Sequence[str] = HEAD, encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    return "\r\n".join(",".join(str(cell) for cell in row) for row in [head, *rows]).encode(encoding)
