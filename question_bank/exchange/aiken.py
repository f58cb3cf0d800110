"""Aiken: single choice and nothing else. A question, options behind ``A.`` or ``A)``, and ``ANSWER: B``.

There is no way to say why, to which clause, how hard, or to escape anything;
what a question has of that stands in the notes of what was written. Source:
docs.moodle.org, "Aiken format".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.exchange.found import Found, Note, Unusable, Weight, checked, refused
from question_bank.exchange.markup import escaped, is_plain, named_media
from question_bank.exchange.plain_text import decode
from question_bank.exchange.sent import Sent, Written
from question_bank.item import Level, Option, Wording
from question_bank.kind import Kind

LONGEST = 20_000
_OPTION = re.compile(r"([A-ZＡ-Ｚ])[.)．）、](?:\s|(?=[^\x00-\x7f]))(.*)|([A-Z])[.)]$")
_CLOSE = re.compile(r"([A-Z])[.)](?![A-Za-z]\.)(.+)")
_ANSWER = re.compile(r"ANSWER[:：](.*)", re.IGNORECASE)
_WIDE = {ord("Ａ") + place: ord("A") + place for place in range(26)}


@dataclass
class _Draft:
    """A question that is being read; ``answer`` is None until its line comes."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read(content: bytes) -> list[Found]:
    """The questions of an Aiken file; raises Unusable."""
    found: list[Found] = []
    draft: _Draft | None = None
    for number, line in enumerate(decode(content).split("\n"), 1):
        text = line.strip()
        if not text:
            continue
        if answer := _ANSWER.fullmatch(text):
            found.append(_finished(draft or _Draft(number), answer[1].strip(), number))
            draft = None
            continue
        if draft is not None and draft.options and _starts_anew(draft, line):
            found.append(refused(f"第 {draft.line} 行", _stem(draft), "answer_missing"))
            draft = None
        draft = draft or _Draft(number)
        _take(draft, text, number)
    if draft is not None and (draft.options or found):
        found.append(refused(f"第 {draft.line} 行", _stem(draft), "answer_missing" if draft.options else "not_a_question"))
    if not found:
        raise Unusable("no_questions")
    return found


def _starts_anew(draft: _Draft, line: str) -> bool:
    """Whether a line after the options begins the next question: it is no option, and not set in."""
    return _option(draft, line.strip()) is None and line[:1] not in (" ", "\t", "　")


def _option(draft: _Draft, text: str) -> tuple[str, str] | None:
    """The code and the text of an option; one without a blank behind its sign only where its letter is the next."""
    if found := _OPTION.fullmatch(text):
        return (found[1] or found[3]).translate(_WIDE), (found[2] or "").strip()
    close = _CLOSE.fullmatch(text)
    return (close[1], close[2]) if close and close[1] == chr(ord("A") + len(draft.options)) else None


def _take(draft: _Draft, text: str, number: int) -> None:
    option = _option(draft, text)
    if option and draft.stem:
        draft.options.append(option)
    elif draft.options:
        code, before = draft.options[-1]
        draft.options[-1] = (code, f"{before}\n{text}")
        draft.notes.append(Note(Weight.GUESSED, "line_guessed", (str(number),)))
    else:
        draft.stem.append(text)


def _stem(draft: _Draft) -> str:
    return "\n".join(draft.stem)


def _finished(draft: _Draft, answer: str, number: int) -> Found:
    ref, stem = f"第 {draft.line} 行", _stem(draft)
    codes = [code for code, _text in draft.options]
    if not stem:
        return refused(ref, "", "syntax", str(number), "ANSWER")
    if len(stem) > LONGEST:
        return refused(ref, stem, "too_long", str(LONGEST))
    if not codes:
        return refused(ref, stem, "syntax", str(number), "A. B. C.", kind=Kind.SINGLE)
    if not answer:
        return refused(ref, stem, "answer_missing", kind=Kind.SINGLE)
    key = answer.translate(_WIDE).upper().rstrip(".)。")
    if key not in codes:
        return refused(ref, stem, "answer_unknown", answer[:100], kind=Kind.SINGLE)
    options = tuple(Option(code, escaped(text)) for code, text in draft.options)
    return checked(Found(ref, Kind.SINGLE, escaped(stem), options, (key,), notes=tuple(draft.notes)))


def write(items: Sequence[Sent]) -> Written:
    """The single-choice questions as an Aiken file; what it cannot say of them stands in the notes."""
    blocks: list[str] = []
    notes: dict[str, tuple[Note, ...]] = {}
    for item in items:
        refusal = _refusal(item.wording)
        notes[item.code] = (refusal,) if refusal else tuple(_losses(item.wording))
        if not refusal:
            blocks.append(_block(item.wording))
    return Written("\n".join(blocks).encode(), notes)


def _refusal(said: Wording) -> Note | None:
    if said.kind is not Kind.SINGLE:
        return Note(Weight.WRONG, "kind_not_carried", (said.kind,))
    lines = [" ".join(said.stem.split()), *(_one_line(option.text) for option in said.options)]
    if bad := next((line for line in lines if _OPTION.fullmatch(line) or _CLOSE.fullmatch(line) or _ANSWER.fullmatch(line)), None):
        return Note(Weight.WRONG, "text_not_carried", (bad[:100],))
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")) if "\n" in text else text


def _losses(said: Wording) -> list[Note]:
    texts = [said.stem, *(option.text for option in said.options)]
    usual = [chr(ord("A") + place) for place in range(len(said.options))]
    losses = [
        ("code_lost", True, ()),
        ("rationale_lost", bool(said.rationale), ()),
        ("clauses_lost", bool(said.clauses), ("、".join(said.clauses),)),
        ("difficulty_lost", said.difficulty != 3, ()),
        ("level_lost", said.level is not Level.RECALL, ()),
        ("option_codes_lost", [option.code for option in said.options] != usual, ()),
        ("lines_joined", any("\n" in text for text in texts), ()),
        ("markup_lost", not all(map(is_plain, texts)), ("Markdown",)),
        ("media_lost", bool(named_media(*texts)), ("、".join(named_media(*texts)),)),
    ]
    return [Note(Weight.LOST, code, words) for code, lost, words in losses if lost]


def _block(said: Wording) -> str:
    codes = [chr(ord("A") + place) for place in range(len(said.options))]
    right = codes[[option.code for option in said.options].index(said.key[0])]
    lines = [f"{code}. {_one_line(option.text)}" for code, option in zip(codes, said.options, strict=True)]
    return "\n".join([_one_line(said.stem), *lines, f"ANSWER: {right}", ""])
