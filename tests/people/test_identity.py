"""ID numbers and phone numbers: what can be right, and what may be shown."""

from datetime import date

import pytest

from people import identity
from people.identity import Flaw

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "number",
    ["11010519491231002X", "11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"],
)
def test_a_right_number_is_right_however_it_was_typed(number: str) -> None:
    assert identity.id_flaw(identity.tidy_id(number), TODAY) is None


@pytest.mark.parametrize(
    ("number", "flaw"),
    [
        ("", Flaw.SHAPE), ("1101051949123100", Flaw.SHAPE), ("11010519491231002XX", Flaw.SHAPE), ("01010519491231002X", Flaw.SHAPE),
        ("1101051949123100AX", Flaw.SHAPE), ("1101051949１231002X", Flaw.SHAPE), ("110105194902300021", Flaw.BIRTH_DATE),
        ("110105189912310021", Flaw.BIRTH_DATE), ("110105202611230021", Flaw.BIRTH_DATE), ("110105194912310021", Flaw.CHECK),
        ("11010519491231003X", Flaw.CHECK),
    ],
)
def test_each_flaw_is_named(number: str, flaw: Flaw) -> None:
    assert identity.id_flaw(number, TODAY) is flaw


def test_every_single_wrong_digit_is_noticed_by_the_check_character() -> None:
    right = "11010519491231002X"
    for place in range(17):
        for digit in "0123456789":
            wrong = right[:place] + digit + right[place + 1 :]
            if wrong != right:
                assert identity.check_character(wrong[:17]) != "X", wrong


def test_somebody_born_today_is_possible_and_tomorrow_is_not() -> None:
    for day, flaw in (("20261122", None), ("20261123", Flaw.BIRTH_DATE)):
        digits = "110105" + day + "002"
        assert identity.id_flaw(digits + identity.check_character(digits), TODAY) is flaw


@pytest.mark.parametrize(
    "number",
    ["13800138000", "138 0013 8000", "+86 138-0013-8000", "008613800138000", "010-62345678", "(0571)87654321"],
)
def test_phones_that_can_be_called(number: str) -> None:
    assert identity.phone_flaw(identity.tidy_phone(number)) is None


@pytest.mark.parametrize("number", ["", "12800138000", "1380013800", "138001380000", "62345678", "abc", "٠١٠٦٢٣٤٥٦٧٨"])
def test_phones_that_cannot(number: str) -> None:
    assert identity.phone_flaw(identity.tidy_phone(number)) is Flaw.SHAPE


def test_a_mask_shows_no_more_than_it_should() -> None:
    assert identity.mask_phone("13800138000") == "138****8000"
    assert identity.mask_phone("1234567") == "****4567"
    assert identity.mask_phone("123456") == "****"
    assert identity.mask_id("11010519491231002X") == "**************002X"
    assert identity.mask_id("12345678") == "********"
