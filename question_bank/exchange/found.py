"""What a reader of another program's format found: questions, and what became of each.

*kept*: everything that the file says of it can be said here. *degraded*: it can
be asked, and something was lost or guessed on the way; every such thing is a
note. *refused*: it cannot be asked; the notes say why. Nothing is dropped silently.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from question_bank.item import Level, Option, Wording, check_wording
from question_bank.kind import Kind

EXCERPT = 200
"""Characters that are shown of what could not be read."""


class Status(StrEnum):
    """What became of a question."""

    KEPT = "kept"
    DEGRADED = "degraded"
    REFUSED = "refused"


class Weight(StrEnum):
    """What a note does to its question."""

    LOST = "lost"  # said in the file and not here: degrades
    GUESSED = "guessed"  # not said plainly, and taken so: degrades
    WRONG = "wrong"  # refuses
    HINT = "hint"  # worth knowing, and changes nothing


@dataclass(frozen=True)
class Note:
    """One thing to know about a question: a code of the closed list in docs/exchange.md, and the words that fill its sentence."""

    weight: Weight
    code: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Media:
    """A picture or sound that came with a question; a stem refers to it as ``![alt](media:NAME)``."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Part:
    """What the answers of a question say, before its text is put beside them; ``stem`` where they stand in the text and change it."""

    kind: Kind
    key: Any
    options: tuple[Option, ...] = ()
    right: tuple[Option, ...] = ()
    feedback: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    media: tuple[Media, ...] = ()
    stem: str | None = None


@dataclass(frozen=True)
class Found:
    """One question. ``ref`` is where it stands in the file, in words a person can follow (``第 17 行``, ``Q3``, ``item.xml``).

    ``code`` is the file's own name for it, empty where it has none; ``clauses``
    are references as the file gives them, often none. ``points`` is kept for the
    report only: what a question is worth is the paper's affair.
    """

    ref: str
    kind: Kind
    stem: str
    options: tuple[Option, ...] = ()
    key: Any = None
    right: tuple[Option, ...] = ()
    rationale: str = ""
    code: str = ""
    clauses: tuple[str, ...] = ()
    difficulty: int = 3
    level: Level = Level.RECALL
    points: float | None = None
    media: tuple[Media, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    @property
    def status(self) -> Status:
        """What became of it, by its heaviest note."""
        weights = {note.weight for note in self.notes} - {Weight.HINT}
        return Status.REFUSED if Weight.WRONG in weights else Status.DEGRADED if weights else Status.KEPT

    @property
    def wording(self) -> Wording:
        """What it would say as a version."""
        return Wording(
            self.kind, self.stem, self.options, self.key, self.rationale, self.clauses, self.difficulty, self.level, self.right
        )

    def noted(self, *notes: Note) -> "Found":
        """The question with more notes."""
        return replace(self, notes=(*self.notes, *notes))


class Coded(Exception):
    """A reader gives up: ``code`` of the closed list in docs/exchange.md, and the words of its sentence."""

    def __init__(self, code: str, *words: str) -> None:
        super().__init__(f"{code}: {', '.join(words)}" if words else code)
        self.code = code
        self.words = words


class Unusable(Coded):
    """The file as a whole cannot be read."""


class Wrong(Coded):
    """One question of it, or its answers, cannot be read."""


def checked(found: Found) -> Found:
    """The question with a note for everything that makes it unfit to be asked; a missing clause is none, it is added in review."""
    problems = [problem for problem in check_wording(found.wording) if not (problem.path[:1] == ("clauses",) and not found.clauses)]
    notes = [Note(Weight.WRONG, "unsound", (str(problem.path[0]) if problem.path else "", problem.message)) for problem in problems]
    return found.noted(*notes)


def refused(ref: str, text: str, code: str, *words: str, kind: Kind = Kind.SHORT) -> Found:
    """A question that cannot be read at all: where it stands, what it says as far as that is known, and why."""
    return Found(ref, kind, text[:EXCERPT], notes=(Note(Weight.WRONG, code, words),))


def letters(texts: Sequence[str]) -> tuple[Option, ...]:
    """Options coded A, B, C…"""
    return tuple(Option(chr(ord("A") + place), text) for place, text in enumerate(texts))


def tally(questions: Iterable[Found]) -> dict[Status, int]:
    """How many there are of each status, zero included."""
    counts = dict.fromkeys(Status, 0)
    for question in questions:
        counts[question.status] += 1
    return counts
