"""What a paper says of a question beside asking it: difficulty, level, clauses, code, points."""

import re
from typing import Any

from question_bank.exchange.found import Weight
from question_bank.exchange.paper_lines import Label
from question_bank.exchange.paper_made import Made
from question_bank.item import Level, Option
from standards.clause import parse_reference

_APPLIED = re.compile("应用|运用|分析|综合|评价")
_DIFFICULTY = (
    ("很易|非常简单|很简单|极易", 1), ("较易|偏易|容易|简单|易", 2), ("较难|偏难", 4), ("很难|非常难|极难", 5), ("困难|难", 4),
    ("适中|中等|一般|中", 3),
)


def fields(made: Made) -> dict[str, Any]:
    """Difficulty, level, clauses and code, as far as the paper says them; other labels are kept as a note."""
    said = {label: "、".join(one.text.strip() for one in pieces if one) for label, pieces in made.draft.fields.items()}
    out: dict[str, Any] = {"code": said.get(Label.CODE, "").strip()[:200]}
    clauses: list[str] = []
    others: list[str] = []
    for text in re.split(r"[、,，;；\s]+", re.sub(r"（[^（）]{0,200}）", " ", said.get(Label.CLAUSES, ""))):
        if text:
            (clauses if parse_reference(text) is not None else others).append(text)
    out["clauses"] = tuple(dict.fromkeys(clauses))
    for text in others:
        made.note(Weight.LOST, "clause_unknown", text[:100])
    if Label.DIFFICULTY in said:
        out["difficulty"] = _difficulty(made, said[Label.DIFFICULTY])
    if Label.LEVEL in said:
        out["level"] = Level.APPLY if _APPLIED.search(said[Label.LEVEL]) else Level.RECALL
    if Label.POINTS in said and (number := re.search(r"\d{1,3}(?:\.\d{1,2})?", said[Label.POINTS])):
        made.points = float(number[0])
    if said.get(Label.TAGS):
        made.note(Weight.HINT, "tags", said[Label.TAGS][:200])
    return out


def with_codes(
    made: Made, options: tuple[Option, ...], right: tuple[Option, ...], key: Any
) -> tuple[tuple[Option, ...], tuple[Option, ...], Any]:
    """Codes of the author's own, as our papers name them below a question."""
    names = []
    for label, side in ((Label.OPTION_CODES, options), (Label.RIGHT_CODES, right)):
        told = [code for said in made.draft.fields.get(label, []) for code in re.split("[、,，\\s]+", said.text.strip()) if code]
        plain = [option.code for option in side]
        usable = len(told) == len(side) == len(set(told))
        names.append(dict(zip(plain, told if usable else plain, strict=True)))
    left, other = names
    sides = [tuple(Option(name[option.code], option.text) for option in side) for name, side in ((left, options), (other, right))]
    if isinstance(key, dict):
        known = {left.get(code, code): other.get(value, value) if isinstance(value, str) else value for code, value in key.items()}
        return sides[0], sides[1], known
    return sides[0], sides[1], tuple(left.get(code, code) if isinstance(code, str) else code for code in key) if options else key


def _difficulty(made: Made, text: str) -> int:
    plain_text = text.strip()
    if re.fullmatch("[1-5]", plain_text):
        return int(plain_text)
    stars = plain_text.count("★") or plain_text.count("☆")
    level = min(5, stars) if stars else 0
    if not level and re.fullmatch(r"0?\.\d{1,3}|1\.0{1,2}", plain_text):
        level = 5 - min(4, int(float(plain_text) * 5))  # a difficulty index: the share that answers rightly
    level = level or next((value for words, value in _DIFFICULTY if re.search(words, plain_text)), 0)
    if level:
        made.note(Weight.GUESSED, "difficulty_guessed", plain_text[:40], str(level))
    else:
        made.note(Weight.HINT, "tags", f"难度 {plain_text[:40]}")
    return level or 3
