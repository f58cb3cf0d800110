"""A question as GIFT, in such a way that Moodle reads it as it is meant and we read it as it was.

Several right options share the points and every wrong one takes all of them,
so that nobody earns by choosing everything. GIFT has no order questions, one
gap to a question, and no escape for the arrow of a match.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from question_bank.exchange.found import Note, Weight
from question_bank.exchange.gift_text import can_say, comment, sign_safe, usual, written
from question_bank.exchange.markup import named_media
from question_bank.exchange.sent import Sent
from question_bank.fill import BLANK
from question_bank.item import Option, Wording
from question_bank.kind import Kind

COMMON = {
    Decimal(known)
    for known in (
        "0", "5", "10", "11.11111", "12.5", "14.28571", "16.66667", "20", "25", "30", "33.33333", "40", "50", "60", "66.66667", "70", "75",
        "80", "83.33333", "90", "100",
    )
}
"""The weights that Moodle takes as they stand, in percent."""


def block(item: Sent) -> tuple[str, list[Note]]:
    """The lines of one question ending with a line end, "" where GIFT cannot say it; and what it could not say."""
    said = item.wording
    if refusal := _refusal(said):
        return "", [refusal]
    stem, form = written(said.stem)
    options, right, notes = _codes(said)
    notes += [Note(Weight.LOST, "media_lost", (name,)) for name in _media(said)]
    general = f"####{written(said.rationale, form)[0]}" if said.rationale else ""
    lines = list(_answers(said, form))
    notes += [Note(Weight.LOST, "weights_uncommon", (weight,)) for weight in dict.fromkeys(_uncommon(said))]
    if said.kind is Kind.SHORT and said.key:
        notes.append(Note(Weight.LOST, "model_answer_lost"))
    alone = said.kind is Kind.SITUATIONAL and len(said.key) == 1
    head = comment(item.code, said, kind=[Kind.SITUATIONAL] if alone else [], options=options, right=right)
    if said.kind in (Kind.SHORT, Kind.TRUE_FALSE):
        answers = "".join(lines) + general
    else:
        answers = "\n" + "".join(f"\t{line}\n" for line in [*lines, *([general] if general else [])])
    return f"{head}\n::{sign_safe(item.code)}::{stem}{{{answers}}}\n", notes


def _refusal(said: Wording) -> Note | None:
    if said.kind is Kind.ORDER:
        return Note(Weight.WRONG, "kind_not_carried", (said.kind,))
    if said.kind is Kind.FILL and (len(said.key) != 1 or len(BLANK.findall(said.stem)) > 1):
        return Note(Weight.WRONG, "gaps_not_carried")
    if said.kind is Kind.SITUATIONAL and (all(_share(said, option) == 1 for option in said.options) or not _full(said)):
        return Note(Weight.WRONG, "kind_not_carried", (said.kind,))
    arrows = [option.text for option in said.options] if said.kind is Kind.MATCH else said.key[0] if said.kind is Kind.FILL else []
    if bad := next((text for text in arrows if "->" in text), None):
        return Note(Weight.WRONG, "text_not_carried", (bad[:100],))
    return None


def _codes(said: Wording) -> tuple[list[str], list[str], list[Note]]:
    """What the comment must say of option codes and of the order of a match's right side."""
    if said.kind in (Kind.TRUE_FALSE, Kind.FILL, Kind.SHORT):
        return [], [], []
    if not can_say([*said.options, *said.right]):
        return [], [], [Note(Weight.LOST, "option_codes_lost")]
    left = [] if usual(said.options, "A") else [option.code for option in said.options]
    met = _right_as_met(said)
    same = met == list(said.right) and usual(said.right, "1")
    return left, [] if same else [f"{option.code}@{met.index(option) + 1}" for option in said.right], []


def _right_as_met(said: Wording) -> list[Option]:
    """The right side of a match in the order in which a reader meets it: by the left side, then what misleads."""
    by_code = {option.code: option for option in said.right}
    named = [by_code[said.key[option.code]] for option in said.options] if said.kind is Kind.MATCH else []
    return list(dict.fromkeys([*named, *said.right]))


def _media(said: Wording) -> list[str]:
    return named_media(said.stem, said.rationale, *(option.text for option in (*said.options, *said.right)))


def _answers(said: Wording, form: str) -> Iterator[str]:
    if said.kind is Kind.TRUE_FALSE:
        yield "TRUE" if tuple(said.key) == ("T",) else "FALSE"
    elif said.kind is Kind.FILL:
        for text in said.key[0]:
            plain = text.replace("*", "\\*")
            yield f"={'%100%' if text.startswith('%') else ''}{sign_safe(plain)}"
    elif said.kind is Kind.MATCH:
        by_code = {option.code: option.text for option in said.right}
        for option in said.options:
            yield f"={written(option.text, form)[0]} -> {sign_safe(by_code[said.key[option.code]])}"
        used = set(said.key.values())
        for option in said.right:
            if option.code not in used:
                yield f"= -> {sign_safe(option.text)}"
    elif said.kind is not Kind.SHORT:
        for option in said.options:
            yield _weighted(said, option) + written(option.text, form)[0]


def _weighted(said: Wording, option: Option) -> str:
    """The sign and the weight before an option."""
    if said.kind is Kind.MULTIPLE:
        return f"~%{_each(len(said.key)) if option.code in said.key else '-100'}%"
    if said.kind is Kind.SITUATIONAL:
        share = _share(said, option)
        if share == 1:
            return "="
        return f"~%{_percent(share)}%" if share is not None else "~"
    return "=" if option.code in said.key else "~"


def _share(said: Wording, option: Option) -> Any:
    return said.key.get(option.code)


def _full(said: Wording) -> bool:
    return any(share == 1 for share in said.key.values())


def _percent(share: float) -> str:
    text = f"{Decimal(str(share)) * 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _each(count: int) -> str:
    return _percent(round(1 / count, 7))


def _uncommon(said: Wording) -> Iterator[str]:
    if said.kind is Kind.MULTIPLE:
        shares: Sequence[str] = [_each(len(said.key))]
    else:
        shares = [_percent(share) for share in said.key.values()] if said.kind is Kind.SITUATIONAL else []
    return (share for share in shares if Decimal(share).quantize(Decimal("0.00001")).normalize() not in {one.normalize() for one in COMMON})
