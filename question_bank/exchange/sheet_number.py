"""What a number of a workbook shows: 1.1 in the format 0.00 is ``1.10``, 0.05 in 0% is ``5%``, 45658 in a date's format is a day.

A spreadsheet keeps the value and shows its format, and a person means what is
shown. Where both can differ from what was typed (a fraction without a format,
whose zeros are gone; a date that "1-2" became) the answer says so.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from question_bank.exchange.sheet_table import Doubt

GENERAL = ("", "General", "general", "@", "G/通用格式")
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m/d/yy",
    31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss",
    46: "h:mm:ss", 47: "mm:ss", 49: "@", 57: "yyyy年m月", 58: "m月d日",
}
"""Formats that a workbook names by number alone, as a Chinese Excel shows them."""
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_QUOTED = re.compile(r"\"([^\"]*)\"|\\(.)|\[[^\]]*\]|_.|\*.")
_PLAIN = re.compile(r"(#,##)?0(?:\.(0{1,15}))?(%)?")
_DATE_PARTS = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dd|d|hh|h|ss|s|am/pm|上午/下午", re.IGNORECASE)


def shown(value: str, form: str, since_1904: bool = False) -> tuple[str, Doubt]:
    """The text of a number cell, by its value and format as the file has them."""
    try:
        number = Decimal(repr(float(value)))
    except (ValueError, InvalidOperation):
        return value, Doubt.NUMBER
    if not number.is_finite():
        return value, Doubt.NUMBER
    first = form.split(";")[0]
    if is_date(first):
        return _moment(number, first, since_1904), Doubt.DATE
    bare = _QUOTED.sub("", first).strip()
    if first in GENERAL or not (found := _PLAIN.fullmatch(bare)):
        return _bare(number), Doubt.NUMBER if number != number.to_integral_value() or abs(number) >= 10**15 else Doubt.NONE
    scaled = number * 100 if found[3] else number
    places = len(found[2] or "")
    rounded = scaled.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP") if abs(scaled) < 10**15 else scaled
    return f"{rounded:,f}" + "%" * bool(found[3]) if found[1] else f"{rounded:f}" + "%" * bool(found[3]), Doubt.NONE


def is_date(form: str) -> bool:
    """Whether a format shows a day or a time."""
    return form not in GENERAL and bool(re.search("[ymdhs]", _QUOTED.sub("", form), re.IGNORECASE))


def _bare(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(number: Decimal, form: str, since_1904: bool) -> str:
    """The day or time as its format shows it."""
    if not 0 <= number < 2_958_466:
        return _bare(number)
    seconds = int((number * 86_400).to_integral_value())
    at = (EPOCH_1904 if since_1904 else EPOCH) + timedelta(seconds=seconds)
    parts = re.sub(_QUOTED, lambda met: (met[1] or met[2] or ""), re.sub(r"\[\$[^\]]*\]|\[DBNum\d\]", "", form))
    pieces, last, hours = [], 0, False
    for met in _DATE_PARTS.finditer(parts):
        pieces.append(parts[last : met.start()])
        word = met[0].lower()
        follows = parts[met.end() :].lstrip(":：时分").lower()
        minute = word in ("m", "mm") and (hours or follows.startswith("s"))
        pieces.append(f"{at.minute:02}" if minute and word == "mm" else str(at.minute) if minute else _part(at, word))
        hours, last = word in ("h", "hh"), met.end()
    return "".join([*pieces, parts[last:]]).strip()


def _part(at: datetime, word: str) -> str:
    said: Mapping[str, str] = {
        "yyyy": f"{at.year:04}", "yy": f"{at.year % 100:02}", "mm": f"{at.month:02}", "m": str(at.month), "mmm": f"{at.month}月",
        "mmmm": f"{at.month}月", "dd": f"{at.day:02}", "d": str(at.day), "hh": f"{at.hour:02}", "h": str(at.hour), "ss": f"{at.second:02}",
        "s": str(at.second), "am/pm": "AM" if at.hour < 12 else "PM", "上午/下午": "上午" if at.hour < 12 else "下午",
    }
    return said[word]
