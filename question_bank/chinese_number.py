"""Numbers as Chinese writes them: 一百二十, 二〇二六, 两, 三万五, 壹佰.

Strict on purpose: what could be read in two ways (五六, 十五六) is no number.
"""

import re

NUMERALS = "零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億"
"""Every character that a number may hold."""
_PLAIN = str.maketrans("〇○两壹贰叁肆伍陆柒捌玖拾佰仟萬億", "零零二一二三四五六七八九十百千万亿")
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")}
_SECTION = re.compile(
    "(?:(?P<k>[一二三四五六七八九])千)?(?P<z1>零?)(?:(?P<h>[一二三四五六七八九])百)?(?P<z2>零?)"
    "(?P<t>[一二三四五六七八九]?十)?(?P<z3>零?)(?P<u>[一二三四五六七八九])?"
)


def digits(text: str) -> str | None:
    """The number as a row of digits, ``"120"``; leading zeros stay (〇一〇 is ``"010"``). None where it is no one number."""
    plain = text.translate(_PLAIN)
    if all(letter in _DIGITS for letter in plain):
        if len(plain) == 2 and "零" not in plain:
            return None  # 五六 is five or six
        return "".join(str(_DIGITS[letter]) for letter in plain)
    value = _whole(plain)
    return None if value is None else str(value)


def _whole(text: str) -> int | None:
    for name, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.partition(name)
        if found:
            front, rest = _whole(head), _after(tail, size)
            return None if front is None or rest is None else front * size + rest
    return _section(text)


def _after(tail: str, size: int) -> int | None:
    """What follows 万 or 亿: nothing, a colloquial last digit (三万五), or a smaller number."""
    if not tail:
        return 0
    if len(tail) == 1 and tail != "零" and tail in _DIGITS:
        return _DIGITS[tail] * size // 10
    rest = _whole(tail.removeprefix("零")) if tail != "零" else None
    return rest if rest is not None and rest < size else None


def _section(text: str) -> int | None:
    """A number below ten thousand."""
    found = _SECTION.fullmatch(text)
    if not found or not text or text.endswith("零"):
        return None
    value = _DIGITS[found["k"] or "零"] * 1000 + _DIGITS[found["h"] or "零"] * 100
    if found["t"]:
        value += (_DIGITS[found["t"][0]] if len(found["t"]) == 2 else 1) * 10
    return value + _DIGITS[found["u"] or "零"] * _worth(found)


def _worth(found: re.Match[str]) -> int:
    """What a last digit without a unit counts: ten in 一百二, one in 一百零二."""
    if found["t"] or found["z3"] or found["z2"]:
        return 1
    if found["h"]:
        return 10
    return 100 if found["k"] and not found["z1"] else 1
