"""Moodle's questions whose answers stand in the text: Cloze (``{1:SHORTANSWER:=a}``), and words to choose or drag (``[[1]]``).

Gaps to type in are a fill question with as many gaps. One gap to choose for is
a single question. Several gaps that offer the same words are a match of gaps
and words, counted gap by gap as Moodle does. What mixes the sorts, or offers
each gap words of its own, is not asked here.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from html import unescape
from typing import Any

from question_bank.exchange.found import Note, Part, Weight, Wrong, letters
from question_bank.exchange.gift_answers import within
from question_bank.exchange.markup import from_html
from question_bank.exchange.moodle_xml_answers import accepted_texts, fixed, merged, paired
from question_bank.exchange.moodle_xml_beside import GAP
from question_bank.exchange.moodle_xml_texts import Texts, raw_text
from question_bank.exchange.weights import FULL, one, percent, same_as, several
from question_bank.exchange.xml_tree import Element
from question_bank.key import MAX_GAPS, MAX_TEXTS
from question_bank.kind import Kind

MOST = 100
_FIELD = re.compile(r"\{([0-9]{0,4}):([A-Z_]{2,20}):((?:[^\\{}]|\\.){1,20000})\}", re.DOTALL)
_SLOT = re.compile(r"\[\[([0-9]{1,3})\]\]")
_PIECE = re.compile(r"((?:[^\\~]|\\.)*)(?:~|$)", re.DOTALL)
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{0,20})?)%")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_FEEDBACK = re.compile(r"(?<!\\)#")
_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_CHOICES = re.compile(r"MULTICHOICE(?:_[VH]?S?)?|MC[VH]?S?")
_SEVERAL = re.compile(r"MULTIRESPONSE(?:_[VH]?S?)?|MR[VH]?S?")
_TYPED = {"SHORTANSWER": False, "SA": False, "MW": False, "SHORTANSWER_C": True, "SAC": True, "MWC": True}
_NUMBERS = {"NUMERICAL", "NM"}
_MARK = "\ue000"
_MARKS = re.compile(f"{_MARK}[ \n]{{0,9}}(?={_MARK})")


@dataclass(frozen=True)
class _Field:
    """A field: how much it counts for, its type, its answers as (text as written, weight, feedback)."""

    counts: int
    sort: str
    answers: tuple[tuple[str, Decimal, str], ...]


def cloze(question: Element, texts: Texts) -> Part:
    """A Cloze question: its fields decide what it is."""
    whole = question.find("questiontext")
    inner = whole.find("text") if whole is not None else None
    source = raw_text(whole)
    fields = [_field(met) for met in _FIELD.finditer(source)]
    if not fields or whole is None or inner is None:
        raise Wrong("not_a_question")
    if len(fields) > MOST:
        raise Wrong("kind_unknown", f"Cloze × {len(fields)}")
    inner.text = _FIELD.sub(_MARK, source)
    for child in list(inner):
        inner.remove(child)
    stem = _MARKS.sub(f"{_MARK} ", texts.said(whole))
    uneven = [] if len({field.counts for field in fields}) == 1 else [
        Note(Weight.LOST, "weights_lost", ("、".join(f"({place}) {field.counts}" for place, field in enumerate(fields, 1)),))
    ]
    part = _part(fields, stem)
    return replace(part, feedback=(*part.feedback, *_feedback(fields)), notes=(*uneven, *part.notes, *_merged(fields)))


def _field(met: re.Match[str]) -> _Field:
    answers = []
    for piece in _PIECE.findall(met[3]):
        text = piece.strip()
        weighted = _WEIGHT.match(text)
        right = text.startswith("=")
        earned = FULL if right else Decimal(weighted[1]) if weighted else Decimal(0)
        said, *feedback = _FEEDBACK.split(text[1:] if right else text[weighted.end() :] if weighted else text, maxsplit=1)
        if said.strip():
            answers.append((said.strip(), earned, feedback[0].strip() if feedback else ""))
    return _Field(int(met[1] or 1), met[2], tuple(answers))


def _part(fields: Sequence[_Field], stem: str) -> Part:
    if all(field.sort in _TYPED or field.sort in _NUMBERS for field in fields):
        return _typed(fields, stem)
    if len(fields) == 1:
        read = several if _SEVERAL.fullmatch(fields[0].sort) else one if _CHOICES.fullmatch(fields[0].sort) else None
        if read is not None:
            return _picked(fields[0], stem, read)
    if all(_CHOICES.fullmatch(field.sort) for field in fields):
        return _shared(fields, stem)
    raise Wrong("kind_unknown", f"Cloze: {'、'.join(dict.fromkeys(field.sort for field in fields))}"[:100])


def _typed(fields: Sequence[_Field], stem: str) -> Part:
    if len(fields) > MAX_GAPS:
        raise Wrong("kind_unknown", f"Cloze × {len(fields)}")
    read = [_numbers(field) if field.sort in _NUMBERS else _words(field) for field in fields]
    if not all(accepted for accepted, _lost in read):
        raise Wrong("answer_missing")
    notes = [note for _accepted, lost in read for note in lost]
    if len(fields) > 1:
        notes.append(same_as("share"))
    return Part(Kind.FILL, tuple(tuple(accepted) for accepted, _lost in read), notes=tuple(notes), stem=stem.replace(_MARK, GAP))


def _words(field: _Field) -> tuple[list[str], list[Note]]:
    accepted, lost = accepted_texts([(_plain(text), earned) for text, earned, _feedback in field.answers])
    return accepted, [*lost, *([Note(Weight.LOST, "case_lost")] if _TYPED[field.sort] else [])]


def _numbers(field: _Field) -> tuple[list[str], list[Note]]:
    accepted: dict[str, None] = {}
    lost = []
    for text, earned, _feedback in field.answers:
        said = _plain(text)
        if earned <= 0:
            continue
        if earned < FULL or said == "*":
            lost.append(Note(Weight.LOST, "partial_answer_lost", (said[:100], f"{percent(earned)}%")))
            continue
        listed, whole = within(said)
        accepted.update(dict.fromkeys(listed))
        if not whole:
            lost.append(Note(Weight.LOST, "tolerance_lost", (said[:100],)))
    return list(accepted)[:MAX_TEXTS], lost


def _picked(field: _Field, stem: str, read: Callable[[Any], tuple[Kind, Any, list[Note]]]) -> Part:
    options = letters([_marked(text) for text, _earned, _feedback in field.answers])
    kind, key, notes = read({option.code: earned or None for option, (_t, earned, _f) in zip(options, field.answers, strict=True)})
    if not key:
        raise Wrong("answer_missing")
    return Part(kind, key, options, notes=tuple(notes), stem=stem.replace(_MARK, GAP))


def _shared(fields: Sequence[_Field], stem: str) -> Part:
    """Several gaps to choose for, where all offer the same words and each has one right one."""
    words = [[_marked(text) for text, _earned, _feedback in field.answers] for field in fields]
    earned = [[answer[1] for answer in field.answers] for field in fields]
    if any(set(offered) != set(words[0]) for offered in words):
        raise Wrong("kind_unknown", "Cloze: MULTICHOICE ≠ MULTICHOICE")
    if any(sorted(weights)[-1:] != [FULL] or any(weight not in (0, FULL) for weight in weights) for weights in earned):
        raise Wrong("kind_unknown", "Cloze: MULTICHOICE %")
    right = [offered[weights.index(FULL)] for offered, weights in zip(words, earned, strict=True)]
    if any(weights.count(FULL) > 1 for weights in earned):
        raise Wrong("kind_unknown", "Cloze: MULTICHOICE = =")
    return _slots(stem, list(range(len(fields))), right, words[0], ())


def _slots(stem: str, order: Sequence[int], right: Sequence[str], words: Sequence[str], notes: tuple[Note, ...]) -> Part:
    """Numbered gaps and the words for them, as a match; ``order`` says which right word belongs to each gap of the text."""
    names = [f"〔{place}〕" for place in range(1, len(order) + 1)]
    pieces = stem.split(_MARK)
    numbered = pieces[0] + "".join(name + piece for name, piece in zip(names, pieces[1:], strict=False))
    pairs = [(name, right[place]) for name, place in zip(names, order, strict=True)]
    others = [("", word) for word in words if word not in {other for _name, other in pairs}]
    return paired([*pairs, *others], (*notes, Note(Weight.HINT, "recast", (Kind.MATCH,))), numbered)


def slots(question: Element, texts: Texts) -> Part:
    """Words to choose for, or drag to, the gaps ``[[1]]``, ``[[2]]``… of the text."""
    boxes = question.findall("selectoption") or question.findall("dragbox")
    words = [_word(texts, box) for box in boxes]
    groups = [(box.findtext("group") or "1").strip() for box in boxes]
    stem = texts.said(question.find("questiontext"))
    order = [int(number) - 1 for number in _SLOT.findall(stem)]
    if not order:
        raise Wrong("not_a_question")
    if len(order) > MOST or max(order) >= len(words) or min(order) < 0:
        raise Wrong("answer_unknown", "、".join(f"[[{place + 1}]]" for place in order)[:100])
    marked = _SLOT.sub(_MARK, stem)
    used = {groups[place] for place in order}
    if len(order) == 1:
        offered = [word for word, group in zip(words, groups, strict=True) if group in used]
        options = letters(offered)
        right = tuple(option.code for option in options if option.text == words[order[0]])[:1]
        return Part(Kind.SINGLE, right, options, notes=fixed(question), stem=marked.replace(_MARK, GAP))
    mixed = (Note(Weight.LOST, "groups_lost", ("、".join(sorted(used)),)),) if len(used) > 1 else ()
    offered = [word for word, group in zip(words, groups, strict=True) if group in used]
    return _slots(marked, order, words, offered, (*fixed(question), *mixed))


def _word(texts: Texts, box: Element) -> str:
    said = raw_text(box)
    return _marked(said) if _MARKUP.search(said) or "&" in said else texts.plain(box)


def _feedback(fields: Sequence[_Field]) -> tuple[str, ...]:
    pairs = [(_plain(text), _marked(feedback)) for field in fields for text, _earned, feedback in field.answers if feedback]
    return merged([("" if name == "*" else name[:100], feedback) for name, feedback in pairs])[0]


def _merged(fields: Sequence[_Field]) -> tuple[Note, ...]:
    return (Note(Weight.LOST, "feedback_merged"),) if _feedback(fields) else ()


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)


def _plain(text: str) -> str:
    """What an answer to type says: a Cloze text stands in HTML."""
    kept = text.replace("\\*", "\0")
    return unescape(_MARKUP.sub("", _unescaped(kept))).replace("\0", "\\*").strip()


def _marked(text: str) -> str:
    return from_html(_unescaped(text)).text
