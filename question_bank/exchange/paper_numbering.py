"""The numbers that Word writes by itself: what stands before a paragraph of a list, counted as Word counts.

Lists that share one definition go on counting together unless one of them starts
anew; a level starts anew when a higher one was counted. Source: ECMA-376 Part 1,
17.9 (numbering).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.exchange.xml_tree import Element

MOST_LEVELS = 9
_HAN = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"),
    (4, "IV"), (1, "I"),
)
_COUNTING = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "koreanDigital2",
}
_LARGEST = 3999


@dataclass
class Level:
    """One level of a list: how its number is written, its text with ``%1`` for numbers, where it starts."""

    form: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass
class Lists:
    """All lists of a document and how far each has been counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # by definition
    definition: dict[str, str] = field(default_factory=dict)  # list -> definition
    anew: dict[str, dict[int, int]] = field(default_factory=dict)  # list -> level -> where it starts anew
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def label(self, number: str, level: int) -> str:
        """What Word writes before the next paragraph of list ``number`` at ``level``; "" where it writes nothing or a dot."""
        definition = self.definition.get(number)
        if definition is None or not 0 <= level < MOST_LEVELS:
            return ""
        levels, counts = self.levels.get(definition, {}), self.counts.setdefault(definition, {})
        if number not in self.met:
            self.met.add(number)
            for place, begins in self.anew.get(number, {}).items():
                counts[place] = begins - 1
        own = levels.get(level, Level())
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [place for place in counts if place > level]:
            del counts[deeper]
        if own.form in ("bullet", "none"):
            return ""
        text = own.text
        for place in range(level + 1):
            known = levels.get(place, Level())
            text = text.replace(f"%{place + 1}", written(counts.get(place, known.start), known.form))
        return text


def written(number: int, form: str) -> str:
    """A number in one of Word's forms; what is not known here is written in digits."""
    if not 0 < number <= _LARGEST:
        return str(number)
    if form in ("upperLetter", "lowerLetter"):
        text = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return text if form == "upperLetter" else text.lower()
    if form in ("upperRoman", "lowerRoman"):
        text, rest = "", number
        for value, sign in _ROMAN:
            text, rest = text + sign * (rest // value), rest % value
        return text if form == "upperRoman" else text.lower()
    if form in _COUNTING:
        return _chinese(number, _HAN, "十百千", short=True)
    if form == "ideographDigital":
        return "".join(_HAN[int(sign)] for sign in str(number))
    if form in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return _chinese(number, _LEGAL, "拾佰仟", short=False)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and number <= 20:
        return chr(ord("①") + number - 1)
    if form in ("ideographTraditional", "ideographZodiac"):
        row = _STEMS if form == "ideographTraditional" else _BRANCHES
        return row[(number - 1) % len(row)]
    return f"{number:02}" if form == "decimalZero" else str(number)


def _chinese(number: int, signs: str, places: str, short: bool) -> str:
    digits = str(number)
    text = ""
    for at, digit in enumerate(digits):
        place = len(digits) - at - 1
        if digit != "0":
            text += signs[int(digit)] + (places[place - 1] if place else "")
        elif text and not text.endswith(signs[0]) and digits[at:].strip("0"):
            text += signs[0]
    return text[1:] if short and 10 <= number < 20 else text


def lists(tree: Element | None, name: Mapping[str, str]) -> Lists:
    """The lists that the numbering part of a document defines; ``name`` has the linked list of a style."""
    out = Lists()
    if tree is None:
        return out
    linked: dict[str, str] = {}
    for element in _children(tree, "abstractNum"):
        code = value(element, "abstractNumId")
        out.levels[code] = {}
        for level in _children(element, "lvl"):
            place = _whole(value(level, "ilvl"), 0)
            out.levels[code][place] = _level(level)
        if style := _said(element, "numStyleLink"):
            linked[code] = style
    for element in _children(tree, "num"):
        number, definition = value(element, "numId"), _said(element, "abstractNumId")
        out.definition[number] = definition
        for change in _children(element, "lvlOverride"):
            place = _whole(value(change, "ilvl"), 0)
            if begins := _said(change, "startOverride"):
                out.anew.setdefault(number, {})[place] = _whole(begins, 1)
            for level in _children(change, "lvl"):
                out.levels[f"{number}/"] = {**out.levels.get(f"{number}/", out.levels.get(definition, {})), place: _level(level)}
                out.definition[number] = f"{number}/"
    for code, style in linked.items():
        definition = out.definition.get(name.get(style, ""), "")
        out.levels[code] = out.levels[code] or out.levels.get(definition, {})
    return out


def _level(element: Element) -> Level:
    return Level(_said(element, "numFmt") or "decimal", _said(element, "lvlText"), _whole(_said(element, "start"), 1))


def local(element: Element) -> str:
    """The name of an element without its namespace; "" of a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Element, name: str) -> Sequence[Element]:
    return [child for child in element if local(child) == name]


def child(element: Element | None, *names: str) -> Element | None:
    """The first child of that name, and so on down; None where there is none."""
    for name in names:
        element = next((one for one in element if local(one) == name), None) if element is not None else None
    return element


def value(element: Element | None, name: str = "val") -> str:
    """The attribute of that name, in whatever namespace; "" where there is none."""
    if element is None:
        return ""
    return next((str(text) for key, text in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _said(element: Element, name: str) -> str:
    return value(child(element, name))


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.lstrip("-").isdigit() and len(text) < 6 else otherwise
