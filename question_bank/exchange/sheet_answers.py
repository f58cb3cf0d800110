"""The answer cell of a table, by kind, both ways.

| kind | the cell |
|---|---|
| single | ``B`` |
| multiple | ``ACD`` (also ``A,C,D``) |
| true_false | 正确 / 错误 (also √ ×, 对 错, T F) |
| order | ``CAB``: the letters in the right order |
| match | ``A-2；B-1``: letter of the left side, number of the right one |
| fill | a gap a line, or ``；`` between gaps; ``|`` between texts that mean the same |
| situational | ``A=1；B=0.5``: the share of the points, also ``50%`` |
| short | what a good answer says, line by line |

Letters are those of the columns. A separator that belongs to a text stands
behind a backslash.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from question_bank.exchange.found import Note, Weight, Wrong
from question_bank.exchange.sheet_words import known_truth
from question_bank.fill import BLANK, gaps
from question_bank.item import Option, Wording
from question_bank.key import tidy
from question_bank.kind import Kind

GAPS, SAME = ";；\n", "|｜"
_BETWEEN = re.compile(r"[\s,，、;；/|｜&+.。]+|和|及")
_STEPS = re.compile(r"[\s,，、;；/|｜.。>＞→⇒\-—–]+")
_PAIR = re.compile(r"([A-Z])\s*(?:[-—–=:：→>＞]|->|=>)*\s*\(?([0-9]{1,2})\)?")
_TURNED = re.compile(r"([0-9]{1,2})\s*(?:[-—–=:：→>＞]|->|=>)*\s*([A-Z])")
_SHARE = re.compile(r"([A-Z])\s*[=:：\-—–]?\s*([0-9]{1,6}(?:\.[0-9]{1,20})?(?:E-?[0-9]{1,2})?)\s*(%|分)?")
_SEPARATED = re.compile(r"(\\*)([;；|｜\n])")


def read(kind: Kind, text: str, stem: str, options: Sequence[Option], right: Sequence[Option]) -> tuple[Any, list[tuple[str, str]]]:
    """The key; and what was taken for what, where the cell did not say it plainly. Raises Wrong.

    Option codes are the letters of their columns, those of the right side their numbers.
    """
    if kind in (Kind.SINGLE, Kind.MULTIPLE):
        return _letters(kind, text, options)
    if kind is Kind.TRUE_FALSE:
        return _truth(text, options)
    if kind is Kind.ORDER:
        return _order(text, options)
    if kind is Kind.FILL:
        return _gaps(text, gaps(stem))
    if kind in (Kind.MATCH, Kind.SITUATIONAL):
        key, taken = (_pairs(text), []) if kind is Kind.MATCH else _shares(text)
        known = {option.code for option in (*options, *right)}
        named = [*key, *(key.values() if kind is Kind.MATCH else ())]
        if unknown := [code for code in named if code not in known]:
            raise Wrong("cell_no_option", "、".join(dict.fromkeys(unknown)))
        if missing := [option.code for option in options if kind is Kind.MATCH and option.code not in key]:
            raise Wrong("cell_steps_missing", "、".join(missing))
        return tidy(kind, key, [option.code for option in options]), taken
    return tuple(line.strip() for line in text.split("\n") if line.strip()), []


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().upper()


def _letters(kind: Kind, text: str, options: Sequence[Option]) -> tuple[Any, list[tuple[str, str]]]:
    codes = [option.code for option in options]
    said = _BETWEEN.sub("", _narrow(text))
    named = re.fullmatch("[A-Z]+", said)
    if named and set(said) <= set(codes):
        return _known(kind, tuple(said), codes, text), []
    texts = {option.text.strip(): option.code for option in options}
    pieces = [text.strip()] if text.strip() in texts else [piece.strip() for piece in re.split(r"[\n;；|｜]", text) if piece.strip()]
    if pieces and all(piece in texts for piece in pieces):
        return _known(kind, tuple(texts[piece] for piece in pieces), codes, text), []
    if re.fullmatch("[0-9]+", said):
        numbers = re.findall("[0-9]+", _narrow(text))
        places = [int(number) - 1 for number in (numbers if len(numbers) > 1 else said)]
        if all(0 <= place < len(codes) for place in places):
            key = _known(kind, tuple(codes[place] for place in places), codes, text)
            return key, [(text, "".join(key))]
    if named:
        raise Wrong("cell_no_option", "、".join(code for code in dict.fromkeys(said) if code not in codes))
    raise Wrong("cell_unread", text[:100])


def _known(kind: Kind, key: tuple[str, ...], codes: Sequence[str], text: str) -> tuple[str, ...]:
    chosen = tuple(code for code in codes if code in key)
    if kind is Kind.SINGLE and len(chosen) > 1:
        raise Wrong("cell_several", text[:100])
    return chosen


def _truth(text: str, options: Sequence[Option]) -> tuple[Any, list[tuple[str, str]]]:
    truth = known_truth(text)
    if truth is None:
        said = {option.code: known_truth(option.text) for option in options}.get(_narrow(text))
        if said is None:
            raise Wrong("cell_unread", text[:100])
        return (said,), []
    return (truth,), []


def _order(text: str, options: Sequence[Option]) -> tuple[Any, list[tuple[str, str]]]:
    said = _STEPS.sub("", _narrow(text))
    codes = [option.code for option in options]
    if re.fullmatch("[0-9]+", said) and sorted(said) == [str(place + 1) for place in range(len(codes))]:
        key = tuple(codes[int(place) - 1] for place in said)
        return key, [(text, "".join(key))]
    if not re.fullmatch("[A-Z]+", said):
        raise Wrong("cell_unread", text[:100])
    if missing := [code for code in codes if code not in said]:
        raise Wrong("cell_steps_missing", "、".join(missing))
    if unknown := [code for code in said if code not in codes]:
        raise Wrong("cell_no_option", "、".join(dict.fromkeys(unknown)))
    return tuple(said), []


def _pairs(text: str) -> dict[str, str]:
    key: dict[str, str] = {}
    for entry in re.split(r"[\s,，、;；]+", re.sub(r"\s*([-—–=:：→>＞])\s*", r"\1", _narrow(text))):
        found, turned = _PAIR.fullmatch(entry), _TURNED.fullmatch(entry)
        if found or turned:
            left, other = (found[1], found[2]) if found else (turned[2], turned[1]) if turned else ("", "")
            if key.get(left, other) != other:
                raise Wrong("cell_unread", entry[:100])
            key[left] = str(int(other))
        elif entry:
            raise Wrong("cell_unread", entry[:100])
    return key


def _shares(text: str) -> tuple[Any, list[tuple[str, str]]]:
    given: dict[str, Decimal] = {}
    whole = re.sub(r"\s*([=:：])\s*", r"\1", _narrow(text))
    for entry in [piece for piece in re.split(r"[\s,，、;；]+", whole) if piece]:
        found = _SHARE.fullmatch(entry)
        if found is None:
            raise Wrong("cell_unread", entry[:100])
        try:
            given[found[1]] = Decimal(found[2]) / (100 if found[3] == "%" else 1)
        except InvalidOperation as trouble:
            raise Wrong("cell_unread", entry[:100]) from trouble
    most = max(given.values(), default=Decimal(0))
    if most > 1:  # points: the most is everything
        key = {code: float(value / most) for code, value in given.items()}
        return key, [(text, "；".join(f"{code}={share:g}" for code, share in key.items()))]
    return {code: float(value) for code, value in given.items()}, []


def _gaps(text: str, wanted: int) -> tuple[Any, list[tuple[str, str]]]:
    parts = [[piece for piece in split(part, SAME) if piece] for part in split(text, GAPS)]
    parts = [part for part in parts if part]
    key = tuple(tuple(dict.fromkeys(part)) for part in parts)
    if len(key) == wanted:
        return key, []
    if wanted == 1 and key:  # one gap: what was meant as texts for it
        merged = (tuple(dict.fromkeys(piece for part in key for piece in part)),)
        return merged, [(text, said_gaps(merged))]
    alone = re.split(r"[,，、/ ]+|\|", text.strip())
    if len(alone) == wanted and all(alone):
        split_key = tuple((piece.strip(),) for piece in alone)
        return split_key, [(text, said_gaps(split_key))]
    raise Wrong("cell_gaps", str(wanted), str(len(key)))


def split(text: str, signs: str) -> list[str]:
    """The parts of a text between the signs; one behind an odd number of backslashes belongs to the text."""
    parts, held, at = [], "", 0
    for met in _SEPARATED.finditer(text):
        if met[2] not in signs:
            continue
        before = text[at : met.start()] + "\\" * (len(met[1]) // 2)
        at = met.end()
        if len(met[1]) % 2:
            held += before + met[2]
        else:
            parts.append((held + before).strip())
            held = ""
    return [*parts, (held + text[at:]).strip()]


def said_gaps(key: Sequence[Sequence[str]]) -> str:
    """The answer cell of a fill question: a gap a line; a blank keeps a backslash at the end from the separator behind it."""
    lines = [_guarded(" | ".join(_guarded(text, SAME) for text in accepted), ";；") for accepted in key]
    return "\n".join(line + " " * line.endswith("\\") for line in lines).rstrip(" ")


def _guarded(text: str, signs: str) -> str:
    """The text with its own signs, and the backslashes right before them, behind backslashes."""
    return re.sub(rf"(\\*)([{signs}])", lambda met: met[1] * 2 + "\\" + met[2], text)


def write(said: Wording, letters: Mapping[str, str]) -> tuple[str, list[Note]]:
    """The answer cell; ``letters`` names the columns of the options, and the numbers of the right side, by code."""
    if said.kind is Kind.TRUE_FALSE:
        return ("正确" if tuple(said.key) == ("T",) else "错误"), []
    if said.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDER):
        return "".join(letters[code] for code in said.key), []
    if said.kind is Kind.MATCH:
        numbers = {option.code: str(place) for place, option in enumerate(said.right, 1)}
        return "；".join(f"{letters[code]}-{numbers[other]}" for code, other in said.key.items()), []
    if said.kind is Kind.SITUATIONAL:
        return "；".join(f"{letters[code]}={_number(share)}" for code, share in said.key.items()), []
    joined = [Note(Weight.LOST, "lines_joined")]
    if said.kind is Kind.FILL:
        broken = any("\n" in text for accepted in said.key for text in accepted)
        key = [[" ".join(text.split("\n")) for text in accepted] for accepted in said.key]
        return said_gaps(key), joined if broken else []
    return "\n".join(" ".join(line.split("\n")) for line in said.key), joined if any("\n" in line for line in said.key) else []


def _number(share: float) -> str:
    text = f"{Decimal(repr(float(share))):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def gap_in_brackets(stem: str, answers: int) -> str | None:
    """The stem with its empty brackets as gaps, where it has as many of them as there are answers and no gap yet."""
    brackets = re.findall(r"[（(][\s　]*[）)]", stem)
    if BLANK.search(stem) or len(brackets) != answers:
        return None
    return re.sub(r"[（(][\s　]*[）)]", "____", stem)
