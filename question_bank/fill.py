"""Whether a filled-in text says what the key says.

Two texts say the same when their normal forms are equal. The normal form does
not see width, case, spaces and punctuation; it reads numbers however they are
written (15, １５, 十五, 一百二十, 百分之五, 半小时) and units under every name they
have (分钟 = min, 公里 = km = 1000 米). It never guesses: 15 is not 50, 1.5 is not
15, 010 is not 10, and a number without a unit is not one with a unit, unless
the question itself names the unit after the gap ("提前 ____ 分钟"). What no form
covers is for a person to rule on. Examples: docs/formats.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from question_bank.chinese_number import NUMERALS, digits

BLANK = re.compile(r"[_＿]{2,}")
"""A gap in the stem: two or more underscores."""
LONGEST = 500
"""Characters above which a text is compared as it stands."""
_ARABIC = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?|(?<![^ -])\.[0-9]+")
_CHINESE = re.compile(f"[{NUMERALS}]+")
_POINT = re.compile("点([零〇○一二三四五六七八九]+)(?![十百千万])(?!分(?!钟|之))")
_PARTS = re.compile("([百千万])分之")
_PART_SIZE = {"百": Fraction(1), "千": Fraction(1, 10), "万": Fraction(1, 100)}
_TIMES = {"百": 100, "千": 1000, "万": 10_000, "亿": 10**8}
_CLOCK = re.compile(r":([0-5][0-9])(?![0-9:])")
_MINUTES = re.compile(f"点(?:(半)|整|钟|([0-5]?[0-9]|[{NUMERALS}]+)分?(?!钟))?")
_BETWEEN = frozenset("-~—–至到")
_LATIN = re.compile("[a-z]")
_BESIDE = re.compile("(?<=[0-9０-９])(?:(?P<raised>[²³¹⁰⁴-⁹⁺⁻]+)|[¼-¾⅐-⅞↉①-⒛])")


@dataclass(frozen=True)
class Quantity:
    """A number and what it counts: ``unit`` is the base unit ("" for a bare number), ``scale`` how many of it one makes."""

    value: Fraction
    unit: str = ""
    scale: Fraction = Fraction(1)

    def __str__(self) -> str:
        exact = self.value * self.scale
        if exact.denominator == 1:
            return f"{exact.numerator}{self.unit}"
        places = next((n for n in range(1, 40) if 10**n % exact.denominator == 0), 40)
        whole = f"{abs(exact.numerator) * 10**places // exact.denominator:0{places + 1}}"
        return f"{'-' if exact < 0 else ''}{whole[:-places]}.{whole[-places:]}{self.unit}"


def _named(unit: str, scale: Fraction | int, names: str) -> dict[str, tuple[str, Fraction]]:
    return {name: (unit, Fraction(scale)) for name in names.split()}


Piece = Quantity | str
UNITS = {
    **_named("秒", 1, "秒 秒钟 s sec secs second seconds"),
    **_named("秒", 60, "分钟 min mins minute minutes"),
    **_named("秒", 900, "刻钟 个刻钟"),
    **_named("秒", 3600, "小时 个小时 钟头 个钟头 h hr hrs hour hours"),
    **_named("天", 1, "天 日 d day days"),
    **_named("工作日", 1, "工作日 个工作日"),
    **_named("周", 1, "周 星期 个星期 礼拜 个礼拜 week weeks"),
    **_named("个月", 1, "个月 month months"),
    **_named("年", 1, "年 year years"),
    **_named("米", 1, "米 m 公尺 meter meters metre metres"),
    **_named("米", 1000, "公里 km 千米"),
    **_named("米", Fraction(1, 100), "厘米 cm 公分"),
    **_named("米", Fraction(1, 1000), "毫米 mm"),
    **_named("克", 1, "克 g"),
    **_named("克", 1000, "千克 kg 公斤"),
    **_named("%", 1, "%"),
    **_named("%", Fraction(1, 10), "‰"),
    **_named("元", 1, "元 块 块钱 元钱 圆 rmb"),
    **_named("次", 1, "次 回"),
    **_named("人", 1, "人 名 位 个人"),
    **_named("分", 1, "分"),
    **_named("°c", 1, "°c 摄氏度"),
    **_named("", 1, "个"),
}
"""Every name of a unit: its base unit and how many of that it is. Days and weeks stay what they are: 24 小时 is not 1 天."""
_LONGEST_UNIT = max(map(len, UNITS))


def gaps(stem: str) -> int:
    """How many texts a fill-in question takes: as many as its stem has gaps, one where it has none."""
    return max(1, len(BLANK.findall(stem)))


def followers(stem: str) -> tuple[str, ...]:
    """What stands after each gap, for ``normal``; of "____ 至 ____ 分钟" both gaps are followed by 分钟."""
    parts = [_plain(part).lstrip() for part in BLANK.split(stem)[1:]] or [""]
    for index in range(len(parts) - 2, -1, -1):
        if parts[index].strip() in _BETWEEN:
            parts[index] = parts[index + 1]
    return tuple(part[:8] for part in parts)


def matches(text: str, accepted: Iterable[str], after: str = "") -> bool:
    """Whether ``text`` says the same as one of the ``accepted`` texts; ``after`` is what follows the gap."""
    said = normal(text, after)
    return said != "" and any(normal(known, after) == said for known in accepted)


@lru_cache(maxsize=8192)
def normal(text: str, after: str = "") -> str:
    """The normal form: what is left when writing does not count. Empty where nothing was said."""
    plain = _plain(text)
    if len(plain) > LONGEST:
        return plain
    unit = _unit_at(after, 0) if after else None
    if after and unit is None:
        plain = _without(plain, after)
    pieces = _in_ranges(_summed(_pieces(plain)))
    if unit and unit[0] and pieces:
        *rest, last = pieces
        if not rest and last in ("半", "半个") and unit[0] != "%":
            pieces = [Quantity(Fraction(1, 2), unit[0], unit[1])]
        elif isinstance(last, Quantity) and (not last.unit or (last.unit == "分" and unit[:2] == ("秒", Fraction(60)))):
            pieces = _in_ranges([*rest, replace(last, unit=unit[0], scale=unit[1])])
    return " ".join(map(str, pieces))


def _plain(text: str) -> str:
    """Width, case and the many dashes alike; a raised number and a fraction stay apart from the number before: 10² is not 102."""
    parted = _BESIDE.sub(lambda found: ("^" if found["raised"] else " ") + found[0], text)
    folded = unicodedata.normalize("NFKC", parted).casefold().replace("\u2044", "/").replace("\u2212", "-")
    return " ".join(folded.split())


def _without(text: str, after: str) -> str:
    """``text`` without the words after the gap that were typed once more ("三声" before 声)."""
    for size in range(min(4, len(after)), 0, -1):
        if after[:size].isalpha() and text.endswith(after[:size]) and len(text) > size:
            return text[:-size]
    return text


def _pieces(text: str) -> list[Piece]:
    """Numbers with their units, and the words between them; spaces and punctuation only separate numbers."""
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        found = _quantity(text, at, pieces)
        if found:
            piece, at = found
            pieces.append(piece)
            continue
        letter = text[at]
        at += 1
        if _joins(letter, text, at, pieces):
            pieces.append("~")
        elif unicodedata.category(letter)[0] not in "PZC":
            last = pieces[-1] if pieces else None
            if isinstance(last, str) and last != "~" and not last[-1].isdigit():
                pieces[-1] = last + letter
            else:
                pieces.append(letter)
    return pieces


def _joins(letter: str, text: str, at: int, pieces: list[Piece]) -> bool:
    """Whether the letter before ``at`` stands between the two numbers of a range."""
    if letter not in _BETWEEN or not pieces or not isinstance(pieces[-1], Quantity):
        return False
    at += text[at : at + 1] == " "
    return _number(text, at + (letter in "~至到" and text[at : at + 1] == "-")) is not None


def _quantity(text: str, at: int, before: list[Piece]) -> tuple[Piece, int] | None:
    """The number at ``at`` with its unit, and where it ends; a number that is no quantity (010, 14:30) comes as text."""
    if found := _PARTS.match(text, at):
        number = (Fraction(100), found.end() + 1) if text[found.end() :][:1] == "百" else _number(text, found.end())
        if number and isinstance(number[0], Fraction):
            return Quantity(number[0], "%", _PART_SIZE[found[1]]), number[1]
    if text[at] == "半" and (unit := _unit_at(text, at + 1)) and unit[0]:
        return Quantity(Fraction(1, 2), unit[0], unit[1]), unit[2]
    minus = text[at] in "-–" and (not before or before[-1] == "~" or text[at - 1] == "^")
    number = _number(text, at + minus + (minus and text[at + 1 : at + 2] == " "))
    if number is None:
        return None
    value, end = number
    if isinstance(value, str):
        return value, end
    if not minus and (time := _time(text, value, end)):
        return time
    value = -value if minus else value
    if text[end : end + 1] == "/" and (under := _number(text, end + 1)):
        return f"{value}/{under[0]}", under[1]
    if text.startswith("分之", end) and (upper := _number(text, end + 2)):
        return f"{upper[0]}/{value}", upper[1]
    return _with_unit(text, value, end, before)


def _with_unit(text: str, value: Fraction, end: int, before: list[Piece]) -> tuple[Piece, int]:
    unit = _unit_at(text, end)
    if unit is None and text[end : end + 1] in _TIMES:
        value, end = value * _TIMES[text[end]], end + 1
        unit = _unit_at(text, end)
    half = re.compile("个?半").match(text, end)
    if half and (after := _unit_at(text, half.end())) and after[0]:
        return Quantity(value + Fraction(1, 2), after[0], after[1]), after[2]
    if unit is None:
        return Quantity(value), end
    base, scale, end = unit
    last = before[-1] if before else None
    if base == "分" and isinstance(last, Quantity) and last.unit == "秒" and last.scale == 3600:
        base, scale = "秒", Fraction(60)  # 1 小时 30 分
    if base and text[end : end + 1] == "半":
        value, end = value + Fraction(1, 2), end + 1
    return Quantity(value, base, scale), end


def _number(text: str, at: int) -> tuple[Fraction | str, int] | None:
    """The bare number at ``at`` and where it ends; as text where its zeros or its length say that it is a name."""
    if found := _ARABIC.match(text, at):
        return _value(found[0].replace(",", "")), found.end()
    found = _CHINESE.match(text, at)
    if not found:
        return None
    run, end = found[0], found.end()
    if text[end : end + 2] == "分之" and len(run) > 1 and run[-1] in _PART_SIZE:
        return None
    whole = digits(run)
    if whole is None and len(run) > 1 and run[-1] == "千" and text[end : end + 1] in {"米", "克"}:
        run, end = run[:-1], end - 1
        whole = digits(run)
    if whole is None:
        return run, end
    if point := _POINT.match(text, end):
        parts = "".join(digits(letter) or "" for letter in point[1])
        return _value(f"{whole}.{parts}"), point.end()
    return _value(whole), end


def _value(written: str) -> Fraction | str:
    whole = written.partition(".")[0]
    if len(written) > 30 or (len(whole) > 2 and whole.startswith("0")):
        return written
    return Fraction(written)


def _time(text: str, hour: Fraction, end: int) -> tuple[str, int] | None:
    """A time of day: 14:30, 九点, 9点半, 三点五十分."""
    if hour.denominator != 1 or not 0 <= hour <= 24:
        return None
    if found := _CLOCK.match(text, end):
        return f"{hour}:{found[1]}", found.end()
    found = _MINUTES.match(text, end)
    if not found:
        return None
    minute = "30" if found[1] else (digits(found[2]) if found[2] and not found[2].isascii() else found[2]) or "0"
    if int(minute) > 59:
        return f"{hour}:00", end + 1
    return f"{hour}:{int(minute):02}", found.end()


def _unit_at(text: str, at: int) -> tuple[str, Fraction, int] | None:
    """The longest unit that starts at ``at`` (after one space at most): base unit, scale, and where it ends."""
    at += text[at : at + 1] == " "
    for size in range(_LONGEST_UNIT, 0, -1):
        name = text[at : at + size]
        if len(name) == size and name in UNITS and not (_LATIN.match(name[-1]) and _LATIN.match(text[at + size : at + size + 1])):
            return (*UNITS[name], at + size)
    return None


def _summed(pieces: list[Piece]) -> list[Piece]:
    """1 小时 30 分钟 as one quantity."""
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if isinstance(piece, Quantity) and isinstance(last, Quantity) and _adds(last, piece):
            out[-1] = Quantity(last.value * last.scale + piece.value * piece.scale, piece.unit)
        else:
            out.append(piece)
    return out


def _adds(last: Quantity, piece: Quantity) -> bool:
    return piece.unit != "" and last.unit == piece.unit and last.scale > piece.scale


def _in_ranges(pieces: list[Piece]) -> list[Piece]:
    """5 至 10 分钟 is from 5 minutes on."""
    return list(_ranged(pieces))


def _ranged(pieces: list[Piece]) -> Iterator[Piece]:
    for index, piece in enumerate(pieces):
        upper = pieces[index + 2] if pieces[index + 1 : index + 2] == ["~"] and index + 2 < len(pieces) else None
        if isinstance(piece, Quantity) and isinstance(upper, Quantity) and not piece.unit:
            yield replace(piece, unit=upper.unit, scale=upper.scale)
        else:
            yield piece
