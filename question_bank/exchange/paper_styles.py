"""How Word sets text: the properties of a run as our styles, raised and lowered figures, signs of symbol fonts."""

from question_bank.exchange.paper_numbering import child, value
from question_bank.exchange.paper_text import BOLD, CODE, COLOURED, ITALIC, LINED, SOURCE
from question_bank.exchange.xml_tree import Element

OWN_STYLES = {"ChizhengCode": CODE, "ChizhengText": SOURCE}
"""The styles in which our own papers set code, and texts with signs that Markdown would take for its own."""
_SYMBOLS = {
    "wingdings": {"FC": "√", "FB": "×", "FE": "√", "FD": "×", "A8": "□", "6F": "□", "E0": "→"},
    "wingdings 2": {"50": "√", "4F": "×", "52": "√", "51": "×"},
    "symbol": {"D6": "√", "B4": "×", "AE": "→"},
}
"""By font the signs that papers use, by the last byte of their code."""
_UP = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_DOWN = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def is_on(properties: Element | None, name: str, default: bool) -> bool:
    """Whether a property is switched on; ``default`` where it is not there."""
    element = child(properties, name)
    return default if element is None else value(element) not in ("0", "false", "off", "none")


def style_of(properties: Element | None, style: int) -> int:
    """The style of a run: what its properties add and take away."""
    if properties is None:
        return style
    for name, bit in (("b", BOLD), ("i", ITALIC)):
        style = style | bit if is_on(properties, name, bool(style & bit)) else style & ~bit
    if child(properties, "em") is not None and is_on(properties, "em", default=False):
        style |= BOLD
    if (line := child(properties, "u")) is not None:
        style = style | LINED if value(line) not in ("none", "") else style & ~LINED
    highlight, colour = value(child(properties, "highlight")), value(child(properties, "color")).lower()
    if (highlight and highlight != "none") or _stands_out(colour):
        style |= COLOURED
    elif colour:
        style &= ~COLOURED
    return style


def _stands_out(colour: str) -> bool:
    """Whether a colour is one, neither black nor a grey."""
    if len(colour) != 6 or any(sign not in "0123456789abcdef" for sign in colour):
        return False
    parts = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
    return max(parts) - min(parts) > 80


def raised_text(text: str, place: str, lost: list[tuple[str, str]]) -> str:
    """Raised and lowered figures as signs of their own; other text stays, and that is noted."""
    if place not in ("superscript", "subscript") or not text.strip():
        return text
    moved = text.translate(_UP if place == "superscript" else _DOWN)
    if any(new == old and new.strip() for new, old in zip(moved, text, strict=True)):
        lost.append(("markup_lost", "上标" if place == "superscript" else "下标"))
        return text
    return moved


def symbol(font: str, code: str, lost: list[tuple[str, str]]) -> str:
    """A sign of a symbol font; one that is not known here is noted."""
    if known := _SYMBOLS.get(font.lower(), {}).get(code.upper()[-2:]):
        return known
    lost.append(("markup_lost", f"符号 {font[:30]} {code[:8]}"))
    return ""
