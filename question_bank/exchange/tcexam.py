"""TCExam's questions, as its XML and its tab-separated file have them: modules, subjects, questions, answers.

Both say the same, so both become the same rows first. *single* asks for one
option (several right ones mean that each is right, as TCExam deals one of
them), *multiple* for all of them, *text* is a gap where right answers are given
(TCExam takes exactly these by itself and leaves the rest to a person, as we
do) and a short answer where none is, *ordering* counts by the positions.
Difficulty 0–10 there is 1–5 here; 1 is what TCExam sets by itself and says
nothing. Source: tcexam.org, "Questions import".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from question_bank.exchange.found import Found, Note, Unusable, Weight, checked, letters, refused
from question_bank.exchange.markup import Marked, from_html
from question_bank.exchange.plain_text import decode
from question_bank.exchange.xml_tree import Element, root
from question_bank.item import Option
from question_bank.key import MAX_TEXTS
from question_bank.kind import Kind
from standards.clause import parse_reference

LONGEST = 50_000
KINDS = {"S": "single", "M": "multiple", "T": "text", "O": "ordering"}
FIELDS = {
    "M": ("enabled", "name"),
    "S": ("enabled", "name", "description"),
    "Q": ("enabled", "description", "explanation", "type", "difficulty", "position", "timer", "fullscreen", "inline_answers", "auto_next"),
    "A": ("enabled", "description", "explanation", "isright", "position", "key"),
}
_HEADINGS = {"M=MODULE", "S=SUBJECT", "Q=QUESTION", "A=ANSWER"}
_ESCAPE = re.compile(r"\\([tnr])")
_OBJECT = re.compile(r"\[object\]([^\[\]]{0,500})\[/object(?::[^:\]]{0,20}:[^:\]]{0,20}(?::([^\]]{0,200}))?)?\]", re.IGNORECASE)
_IMAGE = re.compile(r"\[img(?:=[^\]]{0,40})?\]([^\[\]]{0,500})\[/img\]", re.IGNORECASE)
_LINK = re.compile(r"\[url=([^\]]{0,500})\]|\[(/url)\]|\[url\]([^\[\]]{0,500})\[/url\]", re.IGNORECASE)
_CODE = re.compile(
    r"\[(/?)(b|i|u|s|o|sub|sup|small|code|ulist|olist|li|tex|color|bgcolor|size|dir|align)(?:=[^\]]{0,60})?\]", re.IGNORECASE
)
_HTML = {"ulist": "ul", "olist": "ol", "o": "overline", "color": "span", "bgcolor": "span", "size": "span", "dir": "span", "align": "span"}


@dataclass
class _Row:
    """A question with its answers, all as plain fields; ``ref`` is where it stands."""

    ref: str
    said: dict[str, str]
    category: str
    answers: list[dict[str, str]] = field(default_factory=list)


def read_xml(content: bytes) -> list[Found]:
    """The questions of a TCExam XML file; raises Unusable."""
    tree = root(content)
    if tree.tag != "tcexamquestions":
        raise Unusable("format_other", "TCExam XML")
    return _found(_from_xml(tree))


def read_tsv(content: bytes) -> list[Found]:
    """The questions of a TCExam tab-separated file; raises Unusable."""
    return _found(_from_lines(decode(content)))


def _found(rows: Iterator[_Row | Found]) -> list[Found]:
    found = [row if isinstance(row, Found) else _question(row) for row in rows]
    if not found:
        raise Unusable("no_questions")
    return found


def _from_xml(tree: Element) -> Iterator[_Row]:
    for question in tree.iter("question"):
        above = [element for element in question.iterancestors() if element.tag in ("subject", "module")]
        names = [(element.findtext("name") or "").strip() for element in reversed(above)]
        row = _Row(f"第 {question.sourceline} 行", _fields(question), _category(names))
        row.answers = [_fields(answer) for answer in question.iterfind("answer")]
        yield row


def _fields(element: Element) -> dict[str, str]:
    values = {child.tag: "".join(child.itertext()) for child in element if isinstance(child.tag, str) and child.tag != "answer"}
    truths = {"true": "1", "false": "0"}
    return {name: truths.get(text.strip().lower(), text) if name in ("enabled", "isright") else text for name, text in values.items()}


def _category(names: Sequence[str]) -> str:
    return " / ".join(name for name in names if name and name != "default")


def _from_lines(text: str) -> Iterator[_Row | Found]:
    names = {"M": "", "S": ""}
    row: _Row | None = None
    for number, line in enumerate(text.split("\n"), 1):
        letter, *cells = line.split("\t")
        letter = letter.strip()
        if not line.strip() or letter in _HEADINGS:
            continue
        if letter not in FIELDS:
            yield refused(f"第 {number} 行", line, "syntax", str(number), "M / S / Q / A")
            continue
        said = dict(zip(FIELDS[letter], map(_cell, cells), strict=False))
        if letter == "A":
            if row is None:
                yield refused(f"第 {number} 行", said.get("description", ""), "syntax", str(number), "A / Q")
            else:
                row.answers.append(said)
            continue
        if row is not None:
            yield row
        row = None
        if letter == "Q":
            row = _Row(f"第 {number} 行", said, _category([names["M"], names["S"]]))
        else:
            names = {"M": said.get("name", ""), "S": ""} if letter == "M" else {**names, "S": said.get("name", "")}
    if row is not None:
        yield row


def _cell(text: str) -> str:
    """A cell: quoted as a spreadsheet saves it, or not, with TCExam's escapes."""
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', ""):
        text = text[1:-1].replace('""', '"')
    return _ESCAPE.sub(lambda found: {"t": "\t", "n": "\n", "r": ""}[found[1]], text)


def _question(row: _Row) -> Found:
    said = row.said
    kind = KINDS.get(said.get("type", "").strip(), said.get("type", "").strip().lower()) or "single"
    if sum(map(len, said.values())) > LONGEST or any(sum(map(len, answer.values())) > LONGEST for answer in row.answers):
        return refused(row.ref, said.get("description", ""), "too_long", str(LONGEST))
    stem, rationale = _text(said.get("description", "")), _text(said.get("explanation", ""))
    used = [answer for answer in row.answers if answer.get("enabled", "1").strip() != "0"]
    notes = [*_notes(row), *stem.notes, *rationale.notes]
    notes += [Note(Weight.LOST, "option_disabled", (answer.get("description", "")[:100],)) for answer in row.answers if answer not in used]
    texts = [_text(answer.get("description", "")) for answer in used]
    right = [answer.get("isright", "").strip() == "1" for answer in used]
    if kind not in KINDS.values():
        return refused(row.ref, stem.text, "kind_unknown", kind[:40])
    if not used and kind != "text":
        return refused(row.ref, stem.text, "answer_missing")
    options = letters([text.text for text in texts])
    lines = [(option, _text(answer.get("explanation", ""))) for option, answer in zip(options, used, strict=True)]
    feedback = [f"{option.code if kind != 'text' else option.text}：{said.text}" for option, said in lines if said.text]
    notes += [note for text in (*texts, *(said for _option, said in lines)) for note in text.notes]
    notes += [Note(Weight.LOST, "feedback_merged")] if feedback else []
    asked, key = _key(kind, options, right, used)
    if asked is Kind.ORDER and len({answer.get("position", "").strip() for answer in used}) < len(used):
        return refused(row.ref, stem.text, "answer_missing", kind=asked)
    if asked in (Kind.FILL, Kind.SHORT):
        options = ()
    level = _number(said.get("difficulty", ""), 1)
    difficulty = 3 if level == 1 else min(5, max(1, (level + 1) // 2))
    notes += [] if level == 1 else [Note(Weight.GUESSED, "difficulty_guessed", (str(level), str(difficulty)))]
    clauses = _clauses(row.category)
    return checked(Found(
        row.ref, asked, stem.text, options, key, rationale="\n".join(filter(None, [rationale.text, *feedback])), clauses=clauses,
        difficulty=difficulty, points=float(level) if level else None, notes=tuple(dict.fromkeys(notes)),
    ))


def _key(kind: str, options: Sequence[Option], right: Sequence[bool], answers: Sequence[dict[str, str]]) -> tuple[Kind, Any]:
    codes = [option.code for option, good in zip(options, right, strict=True) if good]
    if kind == "single":
        return (Kind.SITUATIONAL, dict.fromkeys(codes, 1.0)) if len(codes) > 1 else (Kind.SINGLE, tuple(codes))
    if kind == "multiple":
        return Kind.MULTIPLE, tuple(codes)
    if kind == "ordering":
        places = {option.code: _number(answer.get("position", ""), 0) for option, answer in zip(options, answers, strict=True)}
        return Kind.ORDER, tuple(sorted(places, key=lambda code: places[code]))
    accepted = [answer.get("description", "").strip() for answer, good in zip(answers, right, strict=True) if good]
    return (Kind.FILL, (tuple(dict.fromkeys(accepted))[:MAX_TEXTS],)) if accepted else (Kind.SHORT, ())


def _notes(row: _Row) -> Iterator[Note]:
    if row.category and not _clauses(row.category):
        yield Note(Weight.HINT, "category", (row.category[:200],))
    if row.said.get("enabled", "1").strip() == "0":
        yield Note(Weight.HINT, "disabled")


def _clauses(category: str) -> tuple[str, ...]:
    last = category.rpartition(" / ")[2].strip()
    return (last,) if parse_reference(last) is not None else ()


def _number(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"\s*[0-9]{1,4}\s*", text) else otherwise


def _text(said: str) -> Marked:
    """A text with TCExam's own tags as Markdown; HTML in it is text there, and here."""
    html = escape(said.strip(), quote=False)
    html = _OBJECT.sub(lambda found: f'<img src="{escape(found[1])}" alt="{escape(found[2] or "")}">', html)
    html = _IMAGE.sub(lambda found: f'<img src="{escape(found[1])}">', html)
    html = _LINK.sub(_link, html)
    html = _CODE.sub(lambda found: f"<{found[1]}{_HTML.get(found[2].lower(), found[2].lower())}>", html)
    return from_html(html.replace("[*]", "<li>"), breaks=True)


def _link(found: re.Match[str]) -> str:
    if found[2]:
        return "</a>"
    return f"<a href='{found[1].replace(chr(39), '')}'>" if found[3] is None else escape(found[3], quote=False)
