"""A licence's number: ``CZ-YYYY-`` + 8 random base-32 characters + a check character.

Crockford's alphabet has no I, L, O or U, so that a number read out at a door
is typed as it was heard. The check character finds every single wrong
character and every exchange of two neighbours (Damm's scheme over GF(32)).
"""

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
BITS = 40
_FIELD = 0b100101  # x^5 + x^2 + 1, irreducible over GF(2)
_SHAPE = re.compile(r"CZ-?([0-9]{4})-?([0-9A-HJKMNP-TV-Z]{8})-?([0-9A-HJKMNP-TV-Z])")
_HEARD = str.maketrans("OIL", "011")


def licence_number(year: int, randomness: int) -> str:
    """The number made from a year of four digits and 40 random bits."""
    body = "".join(ALPHABET[randomness >> shift & 31] for shift in range(BITS - 5, -1, -5))
    digits = f"{year:04d}{body}"
    return f"CZ-{digits[:4]}-{body}{check_character(digits)}"


def check_character(digits: str) -> str:
    """The character that makes the scheme come out at zero."""
    return ALPHABET[_double(_fold(digits))]


def read_number(text: str) -> str | None:
    """The number as it is kept, from what somebody typed; None when no licence can have it."""
    plain = unicodedata.normalize("NFKC", text).strip().upper().replace(" ", "")
    found = _SHAPE.fullmatch(plain[:2] + plain[2:].translate(_HEARD))
    if found is None or _fold("".join(found.groups())) != 0:
        return None
    return f"CZ-{found[1]}-{found[2]}{found[3]}"


def _double(value: int) -> int:
    value <<= 1
    return value ^ _FIELD if value & 32 else value


def _fold(digits: str) -> int:
    state = 0
    for digit in digits:
        state = _double(state) ^ VALUES[digit]
    return state
