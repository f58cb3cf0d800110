"""From a file to what it would do: read in the child, pictures encoded anew, held against the bank. Nothing is written.

The child gets 256 MB and 3 s of CPU, and a second more for each megabyte
after the first: a large file of an honest program takes as long as it is large.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from foundation.child import Limits, Trouble, parse
from question_bank.actions import media
from question_bank.clause_suggestion import Suggester
from question_bank.exchange.found import Note, Weight
from question_bank.exchange.pieces import Question, packed, question_of
from question_bank.item import CODE, Wording
from question_bank.kind import Kind
from question_bank.likeness import NEARLY_THE_SAME, nearest
from question_bank.picture import Encoded, Unfit, media_name
from question_bank.sameness import Known, Relation, accepted, asked, relate
from question_bank.store import Reader
from question_bank.store import imports as store
from question_bank.store import media as pictures
from question_bank.store.relations import neighbours, versions
from question_bank.store.suggestions import candidates
from standards.store import clause_ids

READER = "question_bank.exchange.pieces:pieces"
SUGGESTED = 3
COMPARED = 200
"""Questions of a file up to which each is compared with those of the bank that are like it."""
REFUSALS = {
    Trouble.TOO_COSTLY: "too_costly", Trouble.TOO_LARGE: "too_costly", Trouble.BOMB: "bomb", Trouble.ENCRYPTED: "encrypted",
    Trouble.DOCTYPE: "doctype", Trouble.ENCODING: "encoding", Trouble.EMPTY: "empty",
}
"""What the child's own word means to a reader of docs/exchange.md; anything else is ``damaged``."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Reading:
    """What came of a file: why it was not read, or its format, its questions, and its pictures and sounds by name in the bank."""

    refusal: tuple[str, tuple[str, ...]] | None = None
    format: str = ""
    questions: tuple[Question, ...] = ()
    media: Mapping[str, tuple[str, Encoded]] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """A question held against the bank: ``clauses`` that it may keep, ``suggested`` as (reference, score), the item it is about."""

    question: Question
    relation: Relation
    twin: Known | None
    clauses: tuple[str, ...]
    suggested: tuple[tuple[str, float], ...]


def quiet(_done: int, _total: int) -> None:
    """Nobody looks."""


def examine(name: str, asked_format: str, content: bytes, progress: Progress = quiet) -> Reading:
    """Read a file. ``asked_format`` is a format's name, or "" to look."""
    limits = Limits(cpu=3 + max(0, len(content) // 2**20 - 1))
    parsed = parse(READER, packed(name, asked_format, content), limits)
    if parsed.trouble is not None or not parsed.pieces:
        return Reading((REFUSALS.get(parsed.trouble or Trouble.DAMAGED, "damaged"), ()))
    if parsed.pieces[0][0] == "unusable":
        return Reading((parsed.pieces[0][1], tuple(parsed.pieces[0][2])))
    files = {piece[1]: piece[2] for piece in parsed.pieces if piece[0] == "media"}
    questions = [question_of(piece[1]) for piece in parsed.pieces if piece[0] == "question"]
    progress(0, len(questions) + len(files))
    made: dict[str, Encoded | Unfit] = {}
    for digest, file in files.items():
        made[digest] = _encoded(file)
        progress(len(made), len(questions) + len(files))
    called = {digest: name for question in questions for name, digest in question.media.items()}
    kept = {media_name(one): (called[digest], one) for digest, one in made.items() if isinstance(one, Encoded)}
    return Reading(None, parsed.pieces[0][1], tuple(_shown(question, made) for question in questions), kept)


def _encoded(content: bytes) -> Encoded | Unfit:
    try:
        return media.encode(content)
    except Unfit as unfit:
        return unfit


def _shown(question: Question, made: Mapping[str, Encoded | Unfit]) -> Question:
    """The question with its pictures by their names in the bank; one that is not fit to be shown is a note."""
    names, notes = {}, []
    for name, digest in question.media.items():
        one = made[digest]
        if isinstance(one, Encoded):
            names[name] = media_name(one)
        else:
            notes.append(Note(Weight.LOST, "media_unfit", (name, one.code)))
    return replace(question, said=_renamed(question.said, names), notes=(*question.notes, *notes))


def _renamed(said: Wording, names: Mapping[str, str]) -> Wording:
    def text(old: str) -> str:
        for name, new in names.items():
            old = old.replace(f"](media:{name})", f"](media:{new})")
        return old

    if not names:
        return said
    options = tuple(replace_text(option, text) for option in said.options)
    right = tuple(replace_text(option, text) for option in said.right)
    return replace(said, stem=text(said.stem), options=options, right=right, rationale=text(said.rationale))


def replace_text(option: Any, text: Callable[[str], str]) -> Any:
    """The option with its text changed."""
    return type(option)(option.code, text(option.text))


def judge(session: Reader, questions: Sequence[Question], edition: str, now: datetime) -> list[Judged]:
    """Hold questions against the bank as it stands, and suggest clauses to those that have none."""
    refs = clause_ids(session)
    questions = _with_media(session, questions)
    found = relations(session, [(question.said, question.code) for question in questions if not _refused(question)])
    answers = iter(found)
    suggester = Suggester(candidates(session, now, edition))
    judged = []
    for question in questions:
        relation, twin = (Relation.NEW, None) if _refused(question) else next(answers)
        named = question.said.clauses or (twin.versions[-1].clauses if twin and relation is Relation.REVISION else ())
        known = tuple(dict.fromkeys(ref for ref in named if ref in refs))
        unknown = [Note(Weight.LOST, "clause_unknown", (ref,)) for ref in dict.fromkeys(question.said.clauses) if ref not in refs]
        compared = relation is Relation.NEW and len(found) <= COMPARED and not _refused(question)
        like = _similar(session, question.said) if compared else ()
        noted = replace(question, notes=(*question.notes, *unknown, *like))
        near = () if known or _refused(question) else suggester.suggest(words_of(question.said), SUGGESTED)
        judged.append(Judged(noted, relation, twin, known, tuple((one.ref, one.score) for one in near)))
    return judged


def _similar(session: Reader, said: Wording) -> tuple[Note, ...]:
    """A note on the question of the bank that says nearly the same, if there is one."""
    found = nearest(said, neighbours(session, said, ()), 1, NEARLY_THE_SAME)
    known = versions(session, [like.name for like in found])
    return tuple(Note(Weight.HINT, "similar", (known[like.name][0].code, f"{like.share:.0%}"[:-1])) for like in found)


def _with_media(session: Reader, questions: Sequence[Question]) -> list[Question]:
    """The questions without the note that a picture is missing where the bank has it: tables name pictures and hold none."""
    missing = {note.words[0] for question in questions for note in question.notes if note.code == "picture_missing" and note.words}
    there = pictures.ids(session, missing)
    if not there:
        return list(questions)
    return [
        replace(question, notes=tuple(note for note in question.notes if note.code != "picture_missing" or note.words[0] not in there))
        for question in questions
    ]


def _refused(question: Question) -> bool:
    return any(note.weight is Weight.WRONG for note in question.notes)


def words_of(said: Wording) -> str:
    """All that a question says, for looking for its clause; true and false say nothing."""
    options = () if said.kind is Kind.TRUE_FALSE else (*said.options, *said.right)
    return "\n".join([said.stem, *(option.text for option in options), said.rationale])


def relations(session: Reader, questions: Iterable[tuple[Wording, str]]) -> list[tuple[Relation, Known | None]]:
    """What each question, with its code, is to the bank and to those before it."""
    listed = [(said, code if CODE.fullmatch(code) else "") for said, code in questions]
    known = store.known(session, {code for _said, code in listed if code}, {said.stem for said, _code in listed})
    by_code = {item.code: item for item in known}
    by_text: dict[Any, list[Known]] = {}
    for item in known:
        for text in {asked(version) for version in item.versions}:
            by_text.setdefault(text, []).append(item)
    seen: set[Any] = set()
    found = []
    for said, code in listed:
        near = [*by_text.get(asked(said), ()), *([by_code[code]] if code in by_code else [])]
        relation, twin = relate(said, code, near)
        one = (asked(said), accepted(said))
        found.append((Relation.REPEATED, None) if relation is Relation.NEW and one in seen else (relation, twin))
        seen.add(one)
    return found
