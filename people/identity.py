"""ID numbers and phone numbers: their shape, and what may be shown of them.

Sources: GB 11643-1999 (the citizen's ID number: six digits of region, eight of
birth date, three of sequence, one check character), ISO 7064 MOD 11-2 (the
check character); the masks are promise 7 of the product ("nobody gets in").
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from operator import mul

_WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
_CHECKS = "10X98765432"
_CHECK_BYTES = _CHECKS.encode()
_ZEROS = sum(_WEIGHTS) * ord("0")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}")


class Flaw(StrEnum):
    """Why a number cannot be right."""

    SHAPE = "shape"
    BIRTH_DATE = "birth_date"
    CHECK = "check"


def tidy_id(text: str) -> str:
    """The number without blanks, full-width forms or a small x."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def id_flaw(number: str, today: date) -> Flaw | None:
    """What is wrong with a tidied ID number; None when it can be right. ``today`` bounds the birth date."""
    if not re.fullmatch(r"[1-9]\d{16}[0-9X]", number, re.ASCII):
        return Flaw.SHAPE
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Flaw.BIRTH_DATE
    if not date(1900, 1, 1) <= born <= today:
        return Flaw.BIRTH_DATE
    return None if number[17] == check_character(number[:17]) else Flaw.CHECK


def check_character(digits: str) -> str:
    """ISO 7064 MOD 11-2 over 17 digits: ``0``–``9`` or ``X``."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11]


def check_agrees(number: str) -> bool:
    """Whether a number of 18 ASCII letters and digits ends in its check character, in the time that a whole roster leaves."""
    values = number.encode()
    return values[17] == _CHECK_BYTES[(sum(map(mul, _WEIGHTS, values)) - _ZEROS) % 11] and number[:17].isdigit()


def is_mobile(text: str) -> bool:
    """Whether it is a mobile number as it should be written: eleven ASCII digits."""
    return text.isascii() and _MOBILE.fullmatch(text) is not None


def tidy_phone(text: str) -> str:
    """The number without blanks, brackets, hyphens or the country code +86."""
    plain = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    return plain.removeprefix("+86") if plain.startswith("+86") else plain.removeprefix("0086")


def phone_flaw(number: str) -> Flaw | None:
    """What is wrong with a tidied phone number: a mobile has 11 digits, a landline its area code."""
    good = number.isascii() and (_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number))
    return None if good else Flaw.SHAPE


def mask_phone(number: str) -> str:
    """``138****8000``: the last four digits and, of a long enough number, the first three."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 10 else f"****{number[-4:]}" if len(number) > 6 else "****"


def mask_id(number: str) -> str:
    """The last four characters of an ID number."""
    return "*" * 14 + number[-4:] if len(number) > 8 else "*" * len(number)
