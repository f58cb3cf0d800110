"""Whether a question that comes in is in the bank already, and what it is to the one that is there.

Two questions are the same when they ask the same and accept the same: kind,
question, options and right answer. Codes of options, their order where an exam
mixes them, the writing of spaces and widths make no difference; rationale,
clauses, difficulty and level belong to the question and not to what it asks.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from question_bank import fill
from question_bank.item import Option, State, Wording
from question_bank.kind import Kind
from question_bank.review import FROM, Step
from standards.search import normal, tokens

ALIKE = 0.4
"""Jaccard index of the words of two questions of one code above which the second is the first, revised."""
_SPACE = re.compile(r"\s+")


class Relation(StrEnum):
    """What a question of a file is to the bank."""

    NEW = "new"
    SAME = "same"  # it is there
    REVISION = "revision"  # it has the code of one that is there, and says something else
    KEY_DIFFERS = "key_differs"  # it is there with another answer
    BUSY = "busy"  # a revision of one that cannot be edited now
    REPEATED = "repeated"  # it stands further up in the same file


LEFT_OUT = frozenset({Relation.SAME, Relation.KEY_DIFFERS, Relation.BUSY, Relation.REPEATED})
"""What is not kept unless somebody says so."""
NEVER_KEPT = frozenset({Relation.SAME, Relation.BUSY, Relation.REPEATED})
"""What is not kept whatever somebody says."""


@dataclass(frozen=True)
class Known:
    """An item of the bank: its versions, the oldest first, and where it stands."""

    item_id: int
    code: str
    state: State
    versions: tuple[Wording, ...]


def asked(said: Wording) -> tuple[Any, ...]:
    """What the question asks, so that equal questions give equal values."""
    return (said.kind.value, _plain(said.stem), tuple(sorted(_texts(said.options))), tuple(sorted(_texts(said.right))))


def accepted(said: Wording) -> tuple[Any, ...]:
    """What the question takes for right, by the texts of its options instead of their codes."""
    left, right = _by_code(said.options), _by_code(said.right)
    if said.kind is Kind.MATCH:
        return tuple(sorted((left.get(code, code), right.get(other, other)) for code, other in said.key.items()))
    if said.kind is Kind.SITUATIONAL:
        return tuple(sorted((left.get(code, code), share) for code, share in said.key.items() if share))
    if said.kind is Kind.FILL:
        return tuple(tuple(sorted({fill.normal(text) for text in texts})) for texts in said.key)
    if said.kind is Kind.SHORT:
        return tuple(_plain(line) for line in said.key)
    right_ones = [left.get(code, code) for code in said.key]
    return tuple(right_ones if said.kind is Kind.ORDER else sorted(right_ones))


def relate(said: Wording, code: str, known: Iterable[Known]) -> tuple[Relation, Known | None]:
    """What the question is to the bank, and to which item; ``known`` are those of the same code or with the same text."""
    found = sorted(known, key=lambda item: item.code != code)
    own = next((item for item in found if code and item.code == code), None)
    if own and any(_equal(said, version) for version in own.versions):
        return Relation.SAME, own
    if own and _like(said, own.versions[-1]):
        return (Relation.REVISION if own.state in FROM[Step.EDIT] else Relation.BUSY), own
    same = [item for item in found if any(asked(version) == asked(said) for version in item.versions)]
    for item in same:
        if any(asked(version) == asked(said) and accepted(version) == accepted(said) for version in item.versions):
            return Relation.SAME, item
    return (Relation.KEY_DIFFERS, same[0]) if same else (Relation.NEW, None)


def _equal(said: Wording, version: Wording) -> bool:
    """Whether the version says all that the question says; clauses count where the question names some."""
    beside = said.rationale.strip() == version.rationale.strip() and (said.difficulty, said.level) == (version.difficulty, version.level)
    clauses = not said.clauses or said.clauses == version.clauses
    return beside and clauses and asked(said) == asked(version) and accepted(said) == accepted(version)


def _like(said: Wording, version: Wording) -> bool:
    one, other = _words(said), _words(version)
    return said.kind is version.kind and bool(one | other) and len(one & other) / len(one | other) >= ALIKE


def _words(said: Wording) -> frozenset[str]:
    return frozenset(token for text in (said.stem, *_texts(said.options), *_texts(said.right)) for token in tokens(text))


def _texts(options: Sequence[Option]) -> list[str]:
    return [_plain(option.text) for option in options]


def _by_code(options: Sequence[Option]) -> dict[str, str]:
    return {option.code: _plain(option.text) for option in options}


def _plain(text: str) -> str:
    return _SPACE.sub(" ", normal(text)).strip()
