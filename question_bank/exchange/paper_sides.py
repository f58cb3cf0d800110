"""The two sides of a match and what belongs together: letters on one side, numbers on the other, in a table, in columns or in the text."""

import re
from typing import Any

from question_bank.exchange import paper_answers
from question_bank.exchange.found import Weight
from question_bank.exchange.paper_made import Made
from question_bank.exchange.paper_text import Said, joined
from question_bank.item import Option

_INNER = re.compile(r"(?:(?<=\s)|^)(?:[(\[]\s?(?P<code>\d{1,2})\s?[)\]]|(?P<circle>[①-⑳]))\s?[.、]?\s*(?=\S)")
_SIGNED = re.compile(r"\s*[(\[]?\s?(?P<code>[A-Za-z]|\d{1,2}|[①-⑳])(?:\s?[.、):\]]|(?<=[①-⑳]))\s*(?=\S)")


def match(made: Made) -> tuple[tuple[Option, ...], tuple[Option, ...], Any]:
    """Two sides: what stands behind letters and what stands behind numbers; the one that comes first is the left one."""
    sides = _sides(made)
    if sides is None:
        made.note(Weight.WRONG, "options_missing")
        return (), (), {}
    left, right = sides
    known = [answer.said for answer in made.draft.answers if answer.said]
    keys = []
    for said in known:
        pairs = paper_answers.pairs(said.folded)
        key = {one if one in left else other: other if one in left else one for one, other in pairs}
        if not pairs or not (set(key) <= set(left) and set(key.values()) <= set(right)) or len(key) < len(pairs):
            made.note(Weight.WRONG, "answer_unknown", said.text.strip()[:100])
        else:
            keys.append({code: key[code] for code in left if code in key})
    if not known:
        made.note(Weight.WRONG, "answer_missing")
    elif any(key != keys[0] for key in keys):
        made.note(Weight.WRONG, "answers_differ", "、".join(said.text.strip()[:60] for said in known))
    sided = [tuple(Option(code, made.text(said)) for code, said in side.items()) for side in (left, right)]
    return sided[0], sided[1], keys[0] if keys else {}


def _sides(made: Made) -> tuple[dict[str, Said], dict[str, Said]] | None:
    """The pieces with their codes, letters apart from numbers."""
    pieces = [(code, said) for code, said in made.options]
    sides: dict[bool, dict[str, Said]] = {True: {}, False: {}}
    first: bool | None = None
    cells = [cell for row in made.draft.rows for cell in row if cell]
    lettered = [(hit["code"].upper(), cell[hit.end() :].strip()) for cell in cells if (hit := _SIGNED.match(cell.folded))]
    for code, said in lettered or pieces:
        letter = code.isalpha()
        first = letter if first is None else first
        if code in sides[letter]:
            return None
        sides[letter][code] = said
    if not lettered:
        first = _numbered_side(made, sides) if pieces and pieces[0][0].isalpha() else first
    if lettered:
        shown = {"\t".join(cell.text for cell in row) for row in made.draft.rows}
        made.stem = joined([said for said in made.draft.stem if said.text not in shown], "\n")
    if first is None or min(len(sides[True]), len(sides[False])) < 2:
        return None
    return sides[first], sides[not first]


def _numbered_side(made: Made, sides: dict[bool, dict[str, Said]]) -> bool:
    """The side that stands in the stem behind numbers, ``(1)甲 (2)乙``; answers whether the letters are the left side."""
    stem = []
    for said in made.draft.stem:
        hits = list(_INNER.finditer(said.folded))
        if not hits or said[: hits[0].start()]:
            stem.append(said)
            continue
        ends = [*(hit.start() for hit in hits[1:]), len(said.text)]
        for hit, end in zip(hits, ends, strict=True):
            sides[False].setdefault(hit["code"] or hit["circle"], said[hit.end() : end].strip())
    made.stem = joined(stem, "\n")
    return not sides[False]
