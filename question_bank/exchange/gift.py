"""GIFT, the text format of Moodle: questions between blank lines, answers between braces.

A question is what Moodle makes of it when it reads the same file; what Moodle
refuses is refused, by line, and reading goes on. Single choice with parts of
the points is situational; several right options of equal weight are multiple,
counted by the exam's own policy for partly right answers. Numbers with a
margin become the values that were accepted, as far as they can be listed.
Source: docs.moodle.org, "GIFT format".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from question_bank.exchange import gift_answers
from question_bank.exchange.found import Found, Note, Part, Unusable, Weight, Wrong, checked, refused
from question_bank.exchange.gift_text import Beside, beside, hold, marked, release
from question_bank.exchange.gift_writing import block
from question_bank.exchange.plain_text import decode
from question_bank.exchange.sent import Sent, Written
from question_bank.item import TRUE_FALSE, Option
from question_bank.kind import Kind
from standards.clause import parse_reference

LONGEST = 100_000
_CLOZE = re.compile(r"\{[0-9]{0,3}:[A-Z_]{2,20}:")
_DEFAULT_CATEGORY = re.compile(r"(?:^|/)(?:top|Default for [^/]*|默认[^/]*|[^/]*的默认类别)$")


@dataclass(frozen=True)
class _Block:
    """The lines of one question: the number of its first line, what it says, its comments."""

    line: int
    text: str
    comments: tuple[str, ...]


def read(content: bytes) -> list[Found]:
    """The questions of a GIFT file; raises Unusable."""
    found, category = [], ""
    for one in _blocks(decode(content)):
        text = one.text
        while text.startswith("$CATEGORY:"):
            line, _end, text = text.partition("\n")
            category, text = release(hold(line[10:])), text.strip()
        if text:
            found.append(_question(replace(one, text=text), category))
    if not found:
        raise Unusable("no_questions")
    return found


def write(items: Sequence[Sent]) -> Written:
    """The questions as a GIFT file."""
    blocks, notes = [], {}
    for item in items:
        said, lost = block(item)
        if lost:
            notes[item.code] = tuple(lost)
        if said:
            blocks.append(said)
    return Written("\n".join(blocks).encode(), notes)


def _blocks(text: str) -> Iterator[_Block]:
    lines: list[str] = []
    comments: list[str] = []
    start = 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        plain = line.strip()
        if plain.startswith("//"):
            comments.append(plain)
        elif plain:
            start = start or number
            lines.append(line)
        else:
            if lines:
                yield _Block(start, "\n".join(lines).strip(), tuple(comments))
            lines, comments, start = [], [], 0


def _question(one: _Block, category: str) -> Found:
    ref = f"第 {one.line} 行"
    if len(one.text) > LONGEST:
        return refused(ref, one.text, "too_long", str(LONGEST))
    aside = beside(one.comments)
    text, name = _named(hold(one.text))
    opened, closed = text.find("{"), text.find("}")
    if opened < 0 and closed < 0:
        return refused(ref, marked(text, "moodle")[0].text, "not_a_question")
    if _CLOZE.search(text):
        return refused(ref, release(text), "kind_unknown", "Cloze")
    if opened < 0 or closed < opened:
        return refused(ref, release(text), "syntax", str(one.line), "{ }")
    after = text[closed + 1 :]
    if "{" in after or "}" in after or "{" in text[opened + 1 : closed]:
        return refused(ref, release(text), "syntax", str(one.line), "{ } { }")
    stem = text[:opened] + ("_____" if after.strip() else "") + after
    return _answered(ref, stem, text[opened + 1 : closed].strip(), replace(aside, code=aside.code or name), category, name)


def _named(text: str) -> tuple[str, str]:
    """The text without its name, and the name."""
    if text.startswith("::"):
        name, end, rest = text[2:].partition("::")
        return (rest.strip(), release(name)) if end else (text[2:], "")
    return text, ""


def _answered(ref: str, stem: str, answers: str, aside: Beside, category: str, name: str) -> Found:
    said, form = marked(stem, "moodle")
    answers, _sign, general = answers.rpartition("####") if "####" in answers else (answers, "", "")
    rationale, _form = marked(general, form)
    try:
        part = gift_answers.read(answers.strip(), form)
    except Wrong as wrong:
        return refused(ref, said.text, wrong.code, *wrong.words)
    notes = (*said.notes, *rationale.notes, *part.notes, *aside.notes, *_hints(category, aside, name))
    feedback = "\n".join(filter(None, [rationale.text, *part.feedback]))
    clauses = aside.clauses or _clause(category)
    found = Found(
        ref, part.kind, said.text, part.options, part.key, part.right, feedback, aside.code, clauses, aside.difficulty, aside.level,
        media=(*said.media, *rationale.media, *part.media), notes=tuple(dict.fromkeys(notes)),
    )
    return checked(_recoded(found, aside, part))


def _hints(category: str, aside: Beside, name: str) -> Iterator[Note]:
    if category and not _DEFAULT_CATEGORY.search(category) and not aside.clauses and not _clause(category):
        yield Note(Weight.HINT, "category", (category[:200],))
    if name and name != aside.code:
        yield Note(Weight.HINT, "title", (name[:200],))


def _clause(category: str) -> tuple[str, ...]:
    """The clause that a category is named after."""
    last = category.rpartition("/")[2].strip()
    return (last,) if parse_reference(last) is not None else ()


def _recoded(found: Found, aside: Beside, part: Part) -> Found:
    """The question with the option codes that its comment gives, where they fit."""
    if found.kind in (Kind.TRUE_FALSE, Kind.FILL, Kind.SHORT):
        return replace(found, options=TRUE_FALSE) if found.kind is Kind.TRUE_FALSE else found
    left, right = found.options, found.right
    if len(aside.options) == len(left) == len(set(aside.options)):
        left = tuple(Option(code, option.text) for code, option in zip(aside.options, left, strict=True))
    renamed = {old.code: new.code for old, new in zip(found.options, left, strict=True)}
    places = [place for _code, place in aside.right]
    beside_names = {option.code: option.code for option in right}
    if sorted(places) == list(range(1, len(right) + 1)) and len({code for code, _place in aside.right}) == len(right):
        beside_names = {right[place - 1].code: code for code, place in aside.right}
        right = tuple(Option(code, right[place - 1].text) for code, place in aside.right)
    kind, key = found.kind, found.key
    if kind is Kind.SINGLE and aside.kind == Kind.SITUATIONAL:
        kind, key = Kind.SITUATIONAL, dict.fromkeys(key, 1.0)
    if isinstance(key, dict):
        values = beside_names if kind is Kind.MATCH else {}
        key = {renamed[code]: values.get(value, value) for code, value in key.items()}
    else:
        key = tuple(renamed.get(code, code) for code in key)
    return replace(found, kind=kind, options=left, right=right, key=key)
