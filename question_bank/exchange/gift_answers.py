"""What stands between the braces of a GIFT question, by kind: options, key, feedback, and what was lost.

The kind follows from the signs as in Moodle: nothing is an essay, ``#`` a
number, ``~`` a choice, ``=`` with ``->`` a match, T or F true/false, the rest a
typed answer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from question_bank.exchange.found import Note, Part, Weight, Wrong, letters
from question_bank.exchange.gift_text import codes, marked, release
from question_bank.exchange.weights import FULL, one, several
from question_bank.item import MAX_OPTIONS, Option
from question_bank.key import MAX_TEXTS
from question_bank.kind import Kind

TRUTHS = {"T": "T", "TRUE": "T", "F": "F", "FALSE": "F"}
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{0,15})?)%")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})(?:[eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True)
class _Answer:
    """One answer: its text (held), its weight in percent or None where it has none, its feedback (held)."""

    text: str
    weight: Decimal | None
    feedback: str


def read(answers: str, form: str) -> Part:
    """The answers (held, without the general feedback) of a question whose texts are in ``form``; raises Wrong."""
    if not answers:
        return Part(Kind.SHORT, ())
    if answers[0] == "#":
        return _numbers(answers[1:], form)
    if "~" in answers:
        return _choice(answers, form)
    if "=" in answers and "->" in answers:
        return _match(answers, form)
    truth = answers.partition("#")[0].strip()
    if truth in TRUTHS:
        return _truth(TRUTHS[truth], answers.split("#")[1:3], form)
    return _typed([_answer(piece, FULL) for piece in _pieces(answers, "=")], form)


def _pieces(text: str, sign: str) -> list[str]:
    first, *rest = text.split(sign)
    return [piece.strip() for piece in ([first] if first.strip() else []) + rest]


def _answer(piece: str, default: Decimal | None) -> _Answer:
    found = _WEIGHT.match(piece)
    text, _sign, feedback = (piece[found.end() :] if found else piece).partition("#")
    return _Answer(text.strip(), Decimal(found[1]) if found else default, feedback.strip())


def _right(piece: str) -> _Answer:
    """An option behind ``=``: it earns everything, and what looks like a weight is text."""
    text, _sign, feedback = piece.partition("#")
    return _Answer(text.strip(), FULL, feedback.strip())


def _feedback(pairs: Sequence[tuple[str, str]], form: str) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Feedback on single options as lines of the rationale: ``pairs`` are (what it is about, held feedback)."""
    read_out = [(name, marked(text, form)[0]) for name, text in pairs if text]
    lines = tuple(f"{name}：{said.text}" if name else said.text for name, said in read_out if said.text)
    notes = [note for _name, said in read_out for note in said.notes]
    return lines, ((Note(Weight.LOST, "feedback_merged"), *notes) if lines else ())


def _choice(answers: str, form: str) -> Part:
    single = "=" in answers
    pieces = _pieces(answers.replace("=", "~="), "~")
    given = [_right(piece[1:]) if piece.startswith("=") else _answer(piece, None) for piece in pieces]
    if len(given) > MAX_OPTIONS:
        raise Wrong("unsound", "options", f"{len(given)} > {MAX_OPTIONS}")
    texts = [marked(answer.text, form)[0] for answer in given]
    options = letters([said.text for said in texts])
    lines, notes = _feedback([(option.code, answer.feedback) for option, answer in zip(options, given, strict=True)], form)
    weights = {option.code: answer.weight for option, answer in zip(options, given, strict=True)}
    kind, key, lost = one(weights) if single else several(weights)
    if not key:
        raise Wrong("answer_missing")
    media = tuple(one for said in texts for one in said.media)
    return Part(kind, key, options, (), lines, (*(note for said in texts for note in said.notes), *notes, *lost), media)


def _match(answers: str, form: str) -> Part:
    pairs = []
    for piece in _pieces(answers, "="):
        left, arrow, other = piece.partition("->")
        if not arrow:
            raise Wrong("answer_unknown", release(piece)[:100])
        pairs.append((marked(left, form)[0], release(other)))
    if len(pairs) > 2 * MAX_OPTIONS:
        raise Wrong("unsound", "options", f"{len(pairs)} > {2 * MAX_OPTIONS}")
    texts = list(dict.fromkeys(other for _left, other in pairs))
    right = tuple(Option(code, text) for code, text in zip(codes(len(texts), "1"), texts, strict=True))
    asked = [(left, text) for left, text in pairs if left.text]
    options = letters([left.text for left, _text in asked])
    key = {option.code: right[texts.index(text)].code for option, (_left, text) in zip(options, asked, strict=True)}
    notes = tuple(note for left, _text in pairs for note in left.notes)
    return Part(Kind.MATCH, key, options, right, (), notes, tuple(one for left, _text in pairs for one in left.media))


def _truth(right: str, feedback: Sequence[str], form: str) -> Part:
    """True or false; the first feedback is for the wrong answer, the second for the right one."""
    wrong, good = (*feedback, "", "")[:2]
    signs = {"T": "√", "F": "×"}
    other = "F" if right == "T" else "T"
    lines, notes = _feedback([(signs[right], good.strip()), (signs[other], wrong.strip())], form)
    return Part(Kind.TRUE_FALSE, (right,), feedback=lines, notes=notes)


def _typed(given: Sequence[_Answer], form: str) -> Part:
    accepted, notes = [], []
    for answer in given:
        text = release(answer.text)
        plain = text.replace("\\*", "\0")
        if plain == "*" and answer.weight != FULL:
            continue  # what Moodle says to everything else
        if "*" in plain:
            notes.append(Note(Weight.LOST, "wildcard_lost", (text[:100],)))
        elif answer.weight != FULL:
            if answer.weight and answer.weight > 0:
                notes.append(Note(Weight.LOST, "partial_answer_lost", (text[:100], f"{answer.weight:f}%")))
        else:
            accepted.append(plain.replace("\0", "*"))
    if not accepted:
        raise Wrong("answer_missing")
    lines, merged = _feedback([(release(answer.text)[:100], answer.feedback) for answer in given], form)
    return Part(Kind.FILL, (tuple(dict.fromkeys(accepted)),), feedback=lines, notes=(*notes, *merged))


def _numbers(text: str, form: str) -> Part:
    text, _tilde, wrong = text.partition("~")
    given = [_answer(piece, FULL) for piece in _pieces(text, "=")]
    accepted: list[str] = []
    notes: list[Note] = []
    for answer in given:
        said = release(answer.text)
        if said == "*":
            continue
        values, exact = within(said)
        if answer.weight != FULL:
            notes.append(Note(Weight.LOST, "partial_answer_lost", (said, f"{answer.weight or 0:f}%")))
            continue
        accepted += [value for value in values if value not in accepted]
        if not exact:
            notes.append(Note(Weight.LOST, "tolerance_lost", (said,)))
    if not accepted:
        raise Wrong("answer_missing")
    lines, merged = _feedback([*((release(a.text)[:100], a.feedback) for a in given), ("", wrong.partition("#")[2])], form)
    return Part(Kind.FILL, (tuple(accepted[:MAX_TEXTS]),), feedback=lines, notes=(*notes, *merged))


def within(said: str) -> tuple[list[str], bool]:
    """The values of ``5``, ``5:0.1`` or ``1..5`` as far as they can be listed, the middle one first, and whether that is all."""
    low, dots, high = said.partition("..")
    if dots:
        ends = _decimal(low), _decimal(high)
        middle, margin = (ends[0] + ends[1]) / 2, abs(ends[1] - ends[0]) / 2
        written = (low, high)
    else:
        number, colon, tolerance = said.partition(":")
        middle, margin = _decimal(number), abs(_decimal(tolerance)) if colon else Decimal(0)
        written = (number, tolerance)
    if not margin:
        return [_plain(middle)], True
    places = max(len(text.strip().partition(".")[2]) for text in written) if "e" not in said.lower() else 0
    return list(_listed(middle, margin, places)), False


def _listed(middle: Decimal, margin: Decimal, places: int) -> Iterator[str]:
    yield _plain(middle)
    step = Decimal(1).scaleb(-places)
    while margin / step > (MAX_TEXTS - 1) / 2:
        step *= 10
    start = ((middle - margin) / step).to_integral_value(rounding="ROUND_CEILING") * step
    value = start
    while value <= middle + margin:
        if value != middle:
            yield _plain(value)
        value += step


def _decimal(text: str) -> Decimal:
    plain = text.strip()
    if not _NUMBER.fullmatch(plain):
        raise Wrong("answer_unknown", plain[:100])
    try:
        return Decimal(plain)
    except InvalidOperation as trouble:
        raise Wrong("answer_unknown", plain[:100]) from trouble


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
