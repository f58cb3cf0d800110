"""What Moodle has no place for, in a comment of our own inside a question: Moodle passes over it, and we read the question as it was.

A JSON object behind a word of its own. It only ever names, sorts and spells
what stands in the question itself, so that a question that was changed in
Moodle since is never read otherwise than it says; what does not fit is ignored.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from question_bank.exchange.found import Found
from question_bank.exchange.markup import escaped
from question_bank.exchange.moodle_xml_texts import unescaped
from question_bank.exchange.xml_tree import Element
from question_bank.item import Option
from question_bank.kind import Kind

SIGN = "chizheng "
LONGEST = 50_000
GAP = "____"
"""A gap that another program's field becomes."""


@dataclass(frozen=True)
class Beside:
    """``codes``: of the options as the file has them; ``order``: where each of our options stands among these; the same
    of a match's right side; ``right_texts``: right options by place, whose formatting Moodle's plain text cannot hold;
    ``zero``: places of options that are named as earning nothing; ``gaps``: the runs of underscores of a stem."""

    kind: str = ""
    codes: tuple[str, ...] = ()
    order: tuple[int, ...] = ()
    right: tuple[str, ...] = ()
    right_order: tuple[int, ...] = ()
    right_texts: tuple[tuple[int, str], ...] = ()
    zero: tuple[int, ...] = ()
    gaps: tuple[str, ...] = ()


def comment(beside: Beside) -> str:
    """What the comment says; two hyphens, which no comment may hold, are written another way."""
    said = {name: value for name, value in vars(beside).items() if value}
    return " " + SIGN + json.dumps(said, ensure_ascii=False).replace("-", "\\u002d") + " "


def read(question: Element) -> Beside:
    """The comment of a question; an empty one where there is none, or none that can be read."""
    for node in question.iterchildren():
        text = (node.text or "").strip() if not isinstance(node.tag, str) else ""
        if text.startswith(SIGN) and len(text) < LONGEST:
            try:
                said = json.loads(text[len(SIGN) :])
            except (ValueError, RecursionError):
                return Beside()
            return _shaped(said) if isinstance(said, dict) else Beside()
    return Beside()


def _shaped(said: Mapping[str, Any]) -> Beside:
    pairs = said.get("right_texts")
    entries = pairs if isinstance(pairs, list) else []
    fit = all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int) and isinstance(pair[1], str) for pair in entries)
    return Beside(
        said["kind"] if isinstance(said.get("kind"), str) else "", _all(said, "codes", str), _all(said, "order", int),
        _all(said, "right", str), _all(said, "right_order", int), tuple((pair[0], pair[1]) for pair in entries) if fit else (),
        _all(said, "zero", int), _all(said, "gaps", str),
    )


def _all(said: Mapping[str, Any], name: str, sort: type) -> tuple[Any, ...]:
    values = said.get(name)
    return tuple(values) if isinstance(values, list) and all(type(value) is sort for value in values) else ()


def restored(found: Found, beside: Beside) -> Found:
    """The question with the names and the order that the comment gives, where they fit."""
    found = _regapped(found, beside.gaps)
    if found.kind in (Kind.TRUE_FALSE, Kind.FILL, Kind.SHORT):
        return found
    if found.kind is Kind.SINGLE and beside.kind == Kind.SITUATIONAL and found.key:
        found = replace(found, kind=Kind.SITUATIONAL, key=dict.fromkeys(found.key, 1.0))
    if found.kind is Kind.SITUATIONAL:
        zeros = {found.options[place].code: 0.0 for place in beside.zero if 0 <= place < len(found.options)}
        shares = {**zeros, **found.key}
        found = replace(found, key={option.code: shares[option.code] for option in found.options if option.code in shares})
    left, names = _renamed(found.options, beside.codes)
    right, beside_names = _renamed(_spelled(found.right, beside.right_texts), beside.right)
    if isinstance(found.key, dict):
        values = beside_names if found.kind is Kind.MATCH else {}
        key: Any = {names[code]: values.get(value, value) for code, value in found.key.items()}
    else:
        key = tuple(names.get(code, code) for code in found.key)
    left = _sorted(left, beside.order)
    if isinstance(key, dict):
        key = {option.code: key[option.code] for option in left if option.code in key}
    elif found.kind is Kind.MULTIPLE:
        key = tuple(option.code for option in left if option.code in key)
    return replace(found, options=left, right=_sorted(right, beside.right_order), key=key)


def _renamed(options: Sequence[Option], codes: Sequence[str]) -> tuple[tuple[Option, ...], dict[str, str]]:
    if len(codes) != len(options) or len(set(codes)) < len(codes):
        return tuple(options), {option.code: option.code for option in options}
    named = tuple(Option(code, option.text) for code, option in zip(codes, options, strict=True))
    return named, {old.code: code for old, code in zip(options, codes, strict=True)}


def _spelled(options: Sequence[Option], texts: Sequence[tuple[int, str]]) -> tuple[Option, ...]:
    by_place = {place: text for place, text in texts if place < len(options) and escaped(unescaped(text)) == options[place].text}
    return tuple(Option(option.code, by_place.get(place, option.text)) for place, option in enumerate(options))


def _sorted(options: tuple[Option, ...], order: Sequence[int]) -> tuple[Option, ...]:
    return tuple(options[place] for place in order) if sorted(order) == list(range(len(options))) else options


def _regapped(found: Found, runs: Sequence[str]) -> Found:
    pieces = found.stem.split(GAP)
    if len(pieces) != len(runs) + 1 or not all(set(run) <= {"_", "＿"} and 1 < len(run) < 100 for run in runs):
        return found
    stem = pieces[0] + "".join(run + piece for run, piece in zip(runs, pieces[1:], strict=True))
    return replace(found, stem=stem)
