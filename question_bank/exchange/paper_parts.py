"""The parts of a paper while it is read: sections, questions with their parts, and the answers that stand apart by number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.exchange.found import Note, Weight
from question_bank.exchange.paper_answers import Entry
from question_bank.exchange.paper_lines import Heading, Label, Line
from question_bank.exchange.paper_text import Said, plain

TYPED_GAP = re.compile(r"_{2,}|[(\[]\s{1,40}[)\]]|[(\[][)\]]")
ENOUGH = 25_000
"""Characters of one part above which nothing more is added: the question is refused anyway."""
_GIVEN = r"[(\[]\s{0,20}(?:[A-H](?:[\s,、]?[A-H]){0,7}|[√×✓✔✗✘对错TFVX]|正确|错误)"
MARKED = re.compile(rf"{_GIVEN}\s{{0,40}}[)\]]\s?[.。;?!]?\s?$")
"""A bracket at the end of a line with an answer in it."""
PLACE = re.compile(rf"{_GIVEN}?\s{{0,40}}[)\]]\s?[.。;?!]?\s?$")
"""The same, or an empty one: a place for an answer."""


@dataclass
class Section:
    """A part of a paper under one heading; ``tail``: what its heading and its instructions say, folded."""

    heading: Heading
    tail: str = ""
    style: str = ""
    intro: list[Line] = field(default_factory=list)


@dataclass
class Answer:
    """An answer that was found: what it says, and where it comes from (``label``, ``start``, ``list``)."""

    said: Said
    source: str


@dataclass
class Draft:
    """A question as it stands in the paper."""

    place: str
    section: Section
    number: int = 0
    stem: list[Said] = field(default_factory=list)
    options: list[tuple[str, Said]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    rationale: list[Said] = field(default_factory=list)
    fields: dict[Label, list[Said]] = field(default_factory=dict)
    rows: list[tuple[Said, ...]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    part: Label | str = "stem"

    @property
    def complete(self) -> bool:
        """Whether it has what a question is answered by."""
        return bool(len(self.options) > 1 or self.answers or any(MARKED.search(said.folded) for said in self.stem))

    def asks(self) -> bool:
        """Whether anything in it looks like a question rather than like an instruction."""
        return self.complete or any(TYPED_GAP.search(said.folded) for said in self.stem)

    def texts(self) -> list[Said]:
        """Everything that it says so far."""
        said = [*self.stem, *(text for _code, text in self.options), *(answer.said for answer in self.answers)]
        return [*said, *self.rationale]

    def note(self, weight: Weight, code: str, *words: str) -> None:
        note = Note(weight, code, words)
        if note not in self.notes:
            self.notes.append(note)


@dataclass
class Listed:
    """An answer of a list: its section (None where the list names none), its number, what it says, what is wrong with its row."""

    place: str
    section: Section | None
    number: int
    answer: Said
    rationale: list[Said] = field(default_factory=list)
    trouble: tuple[str, ...] = ()
    run: int = 0
    several: bool = False


@dataclass
class Paper:
    """Everything that was found: questions, answers apart, rows of bare letters by section, and lines that belong to no question."""

    drafts: list[Draft] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    loose: list[tuple[Line, Section | None, list[str]]] = field(default_factory=list)
    around: list[Said] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)

    def list_answers(self, found: Sequence[Entry], section: Section | None, line: Line, run: int = 0) -> None:
        """Keep answers by number."""
        self.listed += [Listed(line.place, section, entry.number, plain(entry.said), [], entry.trouble, run) for entry in found]
