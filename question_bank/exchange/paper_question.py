"""One question of a paper as a question of ours: its kind, its key, and what was guessed or contradicts itself.

A key is only taken where the paper says it. Two places that say different
things, a bracket that could be part of the sentence, letters that are no options: the
question is refused with both sides named.
"""

import re
from typing import Any

from question_bank.exchange.found import EXCERPT, Found, Media, Note, Weight, checked
from question_bank.exchange.paper_choice import chosen, options_of, order, situational, truth
from question_bank.exchange.paper_fields import fields, with_codes
from question_bank.exchange.paper_gaps import fill, short
from question_bank.exchange.paper_kind import settle_kind, take_tags, take_tags_behind
from question_bank.exchange.paper_made import Made, Shown
from question_bank.exchange.paper_parts import Draft
from question_bank.exchange.paper_row import take_rows
from question_bank.exchange.paper_sides import match
from question_bank.exchange.paper_text import joined, pictures
from question_bank.item import TRUE_FALSE, Option
from question_bank.kind import Kind

LONGEST = 20_000
CHOSEN = (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.SITUATIONAL, Kind.ORDER)
_LAST_EMPTY = re.compile(r"(?P<before>[.。?!:;、]\s*|\t\s*|[.…·]{4,}\s*|\s{2,})?(?P<bracket>[(\[]\s{0,60}[)\]])(?P<after>\s*[.。]?\s*)$")


def found(draft: Draft, shown: Shown) -> Found:
    """The question, with everything that is to be known about it."""
    made = Made(draft, shown, joined(draft.stem, "\n"), options=list(draft.options), notes=list(draft.notes))
    if len(made.stem.text) > LONGEST or sum(len(said.text) for _code, said in draft.options) > LONGEST:
        return Found(_ref(draft), Kind.SHORT, made.stem.text[:EXCERPT], notes=(Note(Weight.WRONG, "too_long", (str(LONGEST),)),))
    take_tags(made)
    if take_rows(made):
        take_tags_behind(made)
    settle_kind(made)
    options, right, key = _answered(made)
    kind = made.kind or Kind.SHORT
    _stem_as_asked(made, kind)
    options, right, key = with_codes(made, options, right, key)
    said = fields(made)
    rationale = "\n".join(filter(None, [*(made.text(said) for said in [*draft.rationale, *made.more])]))
    question = Found(
        _ref(draft), kind, made.text(made.stem), options, key, right, rationale, points=made.points, media=_media(made),
        notes=tuple(made.notes), **said,
    )
    unsound = any(note.weight is Weight.WRONG for note in made.notes)
    return question if unsound else checked(question)


def _ref(draft: Draft) -> str:
    title = re.split(r"(?<!^)[（(:：\[【]", draft.section.heading.title, maxsplit=1)[0].strip()[:30]
    number = f"第 {draft.number} 题" if draft.number else ""
    return " ".join(filter(None, [title, number, f"（{draft.place}）" if draft.place else ""]))


def _answered(made: Made) -> tuple[tuple[Option, ...], tuple[Option, ...], Any]:
    """Options, right side and key; what cannot be settled is a note that refuses."""
    if made.kind is Kind.MATCH:
        return match(made)
    if made.kind is Kind.FILL:
        return (), (), fill(made)
    if made.kind is Kind.SHORT:
        return (), (), short(made)
    options = options_of(made)
    if made.kind is Kind.SITUATIONAL:
        shares = situational(made, options)
        return options_of(made), (), shares
    if made.kind is Kind.TRUE_FALSE:
        return TRUE_FALSE, (), truth(made)
    if made.kind is Kind.ORDER:
        return options, (), order(made, options)
    key = chosen(made, options)
    return options_of(made), (), key


def _stem_as_asked(made: Made, kind: Kind) -> None:
    """Without the bracket at the end that only holds the answer."""
    if kind in CHOSEN:
        hit = _LAST_EMPTY.search(made.stem.folded)
        before = (hit["before"] or "") if hit else ""
        if hit and (before or kind is Kind.TRUE_FALSE):
            sign = before.strip() if len(before.strip()) == 1 else ""
            rest = made.stem[: hit.start() + (before.index(sign) + 1 if sign else 0)].strip()
            made.stem = rest or made.stem
    if not made.stem and not any(note.weight is Weight.WRONG for note in made.notes):
        made.note(Weight.WRONG, "not_a_question")


def _media(made: Made) -> tuple[Media, ...]:
    """The pictures of the question, each once; one that is missing is noted."""
    draft = made.draft
    said = [made.stem, *draft.rationale, *(text for _code, text in draft.options), *(answer.said for answer in draft.answers)]
    numbers = dict.fromkeys(number for piece in said for number in pictures(piece))
    known = [made.shown[number] for number in numbers if number < len(made.shown)]
    for file, alt in known:
        if file is None:
            made.note(Weight.LOST, "picture_missing", alt[:100])
    return tuple({file.name: file for file, _alt in known if file is not None}.values())
