"""The options in a line of a paper: one or several, in the stem's own line, in the cells of a table, with blanks between or without."""

import re
from itertools import pairwise

from question_bank.exchange.paper_text import Said, joined, pictures

_SIGN = r"\s?(?:[.、):\]]|,(?!\d))"
_FIRST = re.compile(rf"\s*(?:[-*·]\s)?[(\[]?\s?(?P<code>[A-Za-z])(?:{_SIGN}|(?=\t))\s*")
_LETTER_ALONE = re.compile(r"\s*(?P<code>[A-Z])\s{1,8}(?=\S)")
_CAPITAL = re.compile(r"\s*(?P<code>[A-Z])(?![A-Za-z'])")
_CIRCLED = re.compile(r"\s*(?P<code>[①-⑳])\s?[.、]?\s*")
_BEHIND = r"(?:(?<=[\s;,。、!?)\]>'\"%0-9])|(?<=[^\x00-\x7f]))"
CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def code_at(said: Said) -> str:
    """The letter of the option that a line begins with, "" where it begins with none."""
    found = _FIRST.match(said.folded)
    return found["code"].upper() if found else ""


def letter_at(said: Said) -> str:
    """The capital that a line begins with, where it begins no English word; "" elsewhere."""
    found = _CAPITAL.match(said.folded)
    return found["code"] if found else ""


def options(said: Said, expected: str, following: str = "") -> list[tuple[str, Said]]:
    """The options of a line that begins with one; [] where it does not.

    ``expected``: the letter that comes next, ``following``: the one of the line
    below; a letter with nothing but a blank behind it counts only in its place.
    """
    text = said.folded
    found = _FIRST.match(text) or _alone(text, expected, following)
    if not found:
        return []
    code = found["code"]
    if code.islower() and code.upper() != expected:
        return []
    if "\t" in text:
        return _in_cells(said)
    return _in_row(said[found.end() :], code.upper(), code.islower())


def _alone(text: str, expected: str, following: str) -> re.Match[str] | None:
    found = _LETTER_ALONE.match(text)
    if not found or found["code"] != expected or (expected == "A" and following != "B"):
        return None
    return found


def _in_cells(said: Said) -> list[tuple[str, Said]]:
    """Options between tabs: each cell that begins with a letter begins one, a letter alone takes the next cell."""
    chunks: list[tuple[str, list[Said]]] = []
    at = 0
    for end in [*(place for place, sign in enumerate(said.text) if sign == "\t"), len(said.text)]:
        cell, at = said[at:end].strip(), end + 1
        found = _FIRST.match(cell.folded)
        alone = re.fullmatch(r"[A-Z]", cell.folded)
        if found or alone:
            chunks.append((found["code"].upper() if found else cell.folded, [cell[found.end() :]] if found else []))
        elif cell and chunks:
            chunks[-1][1].append(cell)
    return [option for code, cells in chunks for option in _in_row(joined(cells, " "), code)]


def _in_row(rest: Said, code: str, small: bool = False) -> list[tuple[str, Said]]:
    """``rest`` behind the sign of option ``code``, taken apart where the next letter of the alphabet comes."""
    out: list[tuple[str, Said]] = []
    while True:
        found = _mark(rest, chr(ord(code) + 1), small=small)
        if found is None:
            return [*out, (code, rest.strip())]
        out.append((code, rest[: found.start()].strip()))
        rest, code = rest[found.end() :], chr(ord(code) + 1)


def _mark(said: Said, code: str, at: int = 0, small: bool = False) -> re.Match[str] | None:
    """The next place where option ``code`` begins, with something before it."""
    if not "A" <= code <= "Z":
        return None
    for found in re.finditer(rf"{_BEHIND}[(\[]?\s?{code.lower() if small else code}{_SIGN}\s*", said.folded):
        before = said[at : found.start()]
        if found.start() >= at and (before or pictures(before)):
            return found
    return None


def inner(said: Said, following: str) -> tuple[Said, list[tuple[str, Said]]]:
    """A line with its options behind the question: the question, and the options, [] where there are none.

    They begin with an A that a B follows, in the line or as the first thing of the next one.
    """
    at = 0
    while (found := _mark(said, "A", at)) is not None:
        rest = _in_row(said[found.end() :], "A")
        if all(says(text) for _code, text in rest) and (len(rest) > 1 or (following == "B" and rest[0][1])):
            return said[: found.start()].strip(), rest
        at = found.end()
    return said, []


def says(text: Said) -> bool:
    """Whether this can be an option: a letter in brackets within a sentence has its comma behind it."""
    return bool(pictures(text)) or (bool(re.search(r"\w", text.folded)) and text.folded.strip()[0] not in ",.。、;:!?")


def circled(said: Said) -> list[tuple[str, Said]]:
    """Steps behind ①②③, one or several in a line; [] where it does not begin with one."""
    found = _CIRCLED.match(said.folded)
    if not found:
        return []
    places = [*(hit.start() for hit in re.finditer("[①-⑳]", said.folded)), len(said.text)]
    return [(said.text[start], said[start + 1 : end].strip(" 、.．;；\t")) for start, end in pairwise(places)]
