"""Two wordings of a question side by side: what stands in both, what went, what came, word by word.

Chinese has no spaces between words, so a text is compared by character, a
figure or a Latin word as one; a single character that happens to be the same
between two changes is marked with them, because islands of one character
cannot be read. Options are paired by what they say, not by their letters:
one that was put in between does not change all that follow.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from question_bank.item import Wording
from question_bank.kind import Kind

TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.,:'][A-Za-z0-9]+)*|\s+|.", re.DOTALL)
CLAUSE = re.compile(r"[^，。；：！？、\n]*[，。；：！？、\n]?", re.DOTALL)
MOST = 400_000
"""Pairs of tokens that are compared; longer texts are compared clause by clause."""
ALIKE = 0.4
"""From this likeness on two options are the same one, reworded."""
STRANGE = 0.25
"""Below this likeness a text was written anew, and is marked whole."""


@dataclass(frozen=True)
class Piece:
    """A stretch of one text; ``changed``: it does not stand in the other."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Line:
    """A text of each side, None where there is none. ``marks``: what it is on each side, an option's letter and worth or a fact's word."""

    before: tuple[Piece, ...] | None
    after: tuple[Piece, ...] | None
    marks: tuple[str, str] = ("", "")
    worth: tuple[float | None, float | None] = (None, None)

    @property
    def changed(self) -> bool:
        """Whether the sides differ."""
        texts = self.before is None or self.after is None or any(piece.changed for piece in (*self.before, *self.after))
        return texts or self.worth[0] != self.worth[1]


@dataclass(frozen=True)
class Part:
    """A part of a question: ``stem answers rationale clauses kind level difficulty``, with its lines."""

    name: str
    lines: tuple[Line, ...]

    @property
    def changed(self) -> bool:
        """Whether something in it differs."""
        return any(line.changed for line in self.lines)


@dataclass(frozen=True)
class Row:
    """An answer as it is compared: its letter or number, its text, what choosing it earns (None where nothing is chosen)."""

    mark: str
    text: str
    worth: float | None = None


def compare(before: Wording, after: Wording) -> list[Part]:
    """Every part of a question in both wordings."""
    ordered = Kind.ORDER in (before.kind, after.kind)
    return [
        Part("stem", (texts(before.stem, after.stem),)),
        Part("answers", tuple(_answers(rows(before), rows(after), ordered))),
        Part("rationale", (texts(before.rationale, after.rationale),)),
        Part("clauses", tuple(_answers([Row("", one) for one in before.clauses], [Row("", one) for one in after.clauses], False, 1))),
        *(
            Part(name, (texts(one, other),))
            for name, one, other in (
                ("kind", before.kind.value, after.kind.value), ("level", before.level.value, after.level.value),
                ("difficulty", str(before.difficulty), str(after.difficulty)),
            )
        ),
    ]


def rows(said: Wording) -> list[Row]:
    """What is answered, as lines: options with what they earn, steps in their order, pairs, accepted texts, the model answer."""
    if said.kind is Kind.ORDER:
        by_code = {option.code: option.text for option in said.options}
        return [Row(str(place), by_code[code]) for place, code in enumerate(said.key, 1)]
    if said.kind is Kind.MATCH:
        beside = {option.code: option.text for option in said.right}
        pairs = [Row(option.code, f"{option.text} → {beside[said.key[option.code]]}") for option in said.options]
        return pairs + [Row("", text) for code, text in beside.items() if code not in said.key.values()]
    if said.kind is Kind.FILL:
        return [Row(str(gap), " | ".join(accepted)) for gap, accepted in enumerate(said.key, 1)]
    if said.kind is Kind.SHORT:
        return [Row("", line) for line in said.key]
    if said.kind is Kind.SITUATIONAL:
        return [Row(option.code, option.text, float(said.key.get(option.code, 0))) for option in said.options]
    return [Row(option.code, option.text, float(option.code in said.key)) for option in said.options]


def _answers(before: Sequence[Row], after: Sequence[Row], ordered: bool, alike: float = ALIKE) -> Iterator[Line]:
    """Lines in the order of ``after``; what went stands where it stood. Steps in an order also differ by their place."""
    pairs = _paired([row.text for row in before], [row.text for row in after], alike)
    gone = [at for at in range(len(before)) if at not in pairs.values()]
    for place, row in enumerate(after):
        while gone and gone[0] <= place:
            yield _line(before[gone.pop(0)], None, ordered)
        yield _line(before[pairs[place]] if place in pairs else None, row, ordered)
    for at in gone:
        yield _line(before[at], None, ordered)


def _line(one: Row | None, other: Row | None, ordered: bool) -> Line:
    marks = (one.mark if one else "", other.mark if other else "")
    worth = (one.worth if one else None, other.worth if other else None)
    if one is None or other is None:
        before, after = (None if row is None else (Piece(row.text, True),) for row in (one, other))
        return Line(before, after, marks, worth)
    if ordered and one.mark != other.mark:
        return Line((Piece(one.text, True),), (Piece(other.text, True),), marks, worth)
    return Line(*_pieces(one.text, other.text), marks, worth)


def _paired(before: Sequence[str], after: Sequence[str], alike: float) -> dict[int, int]:
    """Which text before (value) became which after (key): the same ones first, then the most alike."""
    found: dict[int, int] = {}
    likeness = sorted(
        (-_likeness(one, other), abs(place - at), place, at) for place, other in enumerate(after) for at, one in enumerate(before)
    )
    for unlike, _far, place, at in likeness:
        if -unlike >= alike and place not in found and at not in found.values():
            found[place] = at
    return found


def _likeness(one: str, other: str) -> float:
    """From 0 to 1, by the characters that both have: enough to tell options apart, and cheap."""
    return 1.0 if one == other else min(0.99, SequenceMatcher(None, one, other, autojunk=False).quick_ratio())


def texts(before: str, after: str) -> Line:
    """Two texts as a line, an empty one as none."""
    if not before or not after:
        one, other = ((Piece(text, True),) if text else None for text in (before, after))
        return Line(one, other) if before or after else Line((), ())
    return Line(*_pieces(before, after))


def _pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    one, other = TOKEN.findall(before), TOKEN.findall(after)
    if len(one) * len(other) > MOST:
        one, other = ([text for text in CLAUSE.findall(whole) if text] for whole in (before, after))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < STRANGE:
        return (Piece(before, True),), (Piece(after, True),)
    left: list[Piece] = []
    right: list[Piece] = []
    codes = matcher.get_opcodes()
    for index, (code, a, b, c, d) in enumerate(codes):
        island = code == "equal" and 0 < index < len(codes) - 1 and len("".join(one[a:b])) == 1
        changed = code != "equal" or island
        _add(left, "".join(one[a:b]), changed)
        _add(right, "".join(other[c:d]), changed)
    return tuple(left), tuple(right)


def _add(pieces: list[Piece], text: str, changed: bool) -> None:
    """Append a stretch, to the last one where that is of the same kind."""
    if text and pieces and pieces[-1].changed == changed:
        pieces[-1] = Piece(pieces[-1].text + text, changed)
    elif text:
        pieces.append(Piece(text, changed))
