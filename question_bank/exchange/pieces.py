"""A file of questions as it travels: into the child that reads it, and back from there question by question.

Into the child goes one line of JSON, what the file is called and the format
that was asked for, then the file. Out come pieces made of lists, texts and
numbers: ``["format", name]``, ``["media", digest, bytes]`` before the first
question that shows it, ``["question", {…}]`` for each one, or, alone,
``["unusable", code, [words]]``. ``said`` of a question is an item as
docs/formats.md writes it; the database keeps it in that shape too.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from question_bank import key as answer_key
from question_bank.exchange.formats import Name, detect, read
from question_bank.exchange.found import Found, Note, Status, Unusable, Weight
from question_bank.item import Level, Option, Wording
from question_bank.kind import Kind

MOST = 5000
"""Questions of one file, at most."""
LONGEST = 4000
"""Characters that are kept of one text of a question that is refused: it may be as long as the file."""
LONGEST_REF = 200


@dataclass(frozen=True)
class Question:
    """A question as it came back: ``media`` are digests of its pictures and sounds by their names in the file."""

    ref: str
    code: str
    said: Wording
    notes: tuple[Note, ...] = ()
    media: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """What became of it, by its heaviest note."""
        return Found(self.ref, self.said.kind, self.said.stem, notes=self.notes).status


def packed(name: str, asked: str, content: bytes) -> bytes:
    """What the child is given; ``asked`` is a format's name, or "" to look."""
    return json.dumps([name, asked]).encode() + b"\n" + content


def pieces(given: bytes) -> Iterator[list[Any]]:
    """The child's part: read the file and say what is in it."""
    head, _, content = given.partition(b"\n")
    called, asked = json.loads(head)
    try:
        name = Name(asked) if asked else detect(called, content)
        found = read(name, content)
        if not found:
            raise Unusable("no_questions")
        if len(found) > MOST:
            raise Unusable("too_many", str(MOST))
    except Unusable as trouble:
        yield ["unusable", trouble.code, list(trouble.words)]
        return
    yield ["format", name.value]
    seen: set[str] = set()
    for question in found:
        digests = {one.name: hashlib.sha256(one.content).hexdigest() for one in question.media}
        for one in question.media:
            if digests[one.name] not in seen:
                seen.add(digests[one.name])
                yield ["media", digests[one.name], one.content]
        yield ["question", _told(question, digests)]


def _told(found: Found, digests: Mapping[str, str]) -> dict[str, Any]:
    kept = found.status is not Status.REFUSED
    return {
        "ref": found.ref[:LONGEST_REF], "code": found.code[:LONGEST_REF], "said": plain(found.wording if kept else _cut(found.wording)),
        "notes": told_notes(found.notes), "media": dict(digests),
    }


def _cut(said: Wording) -> Wording:
    """What is shown of a question that nobody can ask: no more than a page of it, and no answer in a shape of its own."""
    options = tuple(Option(option.code[:20], option.text[:LONGEST]) for option in said.options[:26])
    return replace(said, stem=said.stem[:LONGEST], options=options, right=(), key=(), rationale=said.rationale[:LONGEST], clauses=())


def told_notes(notes: Sequence[Note]) -> list[list[Any]]:
    """Notes as JSON holds them."""
    return [[note.weight.value, note.code, [word[:500] for word in note.words]] for note in notes]


def notes_of(told: Sequence[Sequence[Any]]) -> tuple[Note, ...]:
    """The notes again."""
    return tuple(Note(Weight(weight), code, tuple(words)) for weight, code, words in told)


def question_of(told: Mapping[str, Any]) -> Question:
    """The question of a piece again."""
    return Question(told["ref"], told["code"], wording_of(told["said"]), notes_of(told["notes"]), told["media"])


def plain(said: Wording) -> dict[str, Any]:
    """A wording as JSON holds it."""
    return {
        "kind": said.kind.value, "stem": said.stem, "options": [[option.code, option.text] for option in said.options],
        "right": [[option.code, option.text] for option in said.right], "key": answer_key.plain(said.key or ()),
        "rationale": said.rationale, "clauses": list(said.clauses), "difficulty": said.difficulty, "level": said.level.value,
    }


def wording_of(told: Mapping[str, Any]) -> Wording:
    """The wording again, its key in the order of its options."""
    kind = Kind(told["kind"])
    options = tuple(Option(code, text) for code, text in told["options"])
    right = tuple(Option(code, text) for code, text in told["right"])
    key = answer_key.tidy(kind, told["key"], [option.code for option in options])
    return Wording(
        kind, told["stem"], options, key, told["rationale"], tuple(told["clauses"]), told["difficulty"], Level(told["level"]), right
    )
