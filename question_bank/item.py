"""What a question is: its kinds, its face, its key, and what makes one wrong.

*Face* is what a person who answers may see; *key* is everything else. Pages of
an exam are built from faces only, so that a leak of a key is a type error.
The shape of ``ItemDoc`` is the public one of docs/formats.md.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from foundation.problem import Path, Problem
from question_bank import key as answer_key
from question_bank.fill import BLANK, followers
from question_bank.key import Given
from question_bank.kind import ASKED, WITHOUT_OPTIONS, Kind
from standards.clause import parse_reference

__all__ = ["ASKED", "BLANK", "Kind"]

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
MAX_STEM, MAX_OPTION, MAX_RATIONALE, MAX_OPTIONS = 2000, 500, 2000, 26


class Level(StrEnum):
    """What an answer takes: knowing the clause, or using it in a situation."""

    RECALL = "recall"
    APPLY = "apply"


class State(StrEnum):
    """Where a question, or the newest version of one, stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    LIVE = "live"
    RETIRED = "retired"


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One choice of a question; ``code`` is its author's name for it and never shown to a candidate."""

    code: str
    text: str


TRUE_FALSE = (Option("T", "正确"), Option("F", "错误"))


@dataclass(frozen=True)
class ItemFace:
    """What a candidate may see of a version; ``right`` is the right side of a match, ``options`` its left."""

    version_id: int
    kind: Kind
    stem: str
    options: tuple[Option, ...]
    right: tuple[Option, ...] = ()

    @property
    def gap_parts(self) -> list[str]:
        """The stem between its gaps."""
        return BLANK.split(self.stem)


@dataclass(frozen=True)
class ItemKey:
    """What grading, the editor and practice feedback see. ``key`` by kind: see ``key``; ``after``: what follows each gap of a fill."""

    version_id: int
    kind: Kind
    key: Any
    rationale: str
    clause_ids: tuple[int, ...]
    after: tuple[str, ...] = ()


class ItemDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question as a document gives it; ``clauses`` are references, the main one first; ``author`` is a username.

    Of a match ``options`` is the left side and ``right`` the right one, which may have more.
    """

    code: str
    kind: Kind
    stem: str
    key: Given = None
    options: tuple[Option, ...] = ()
    right: tuple[Option, ...] = ()
    rationale: str = ""
    clauses: tuple[str, ...] = ()
    difficulty: int = 3
    level: Level = Level.RECALL
    author: str = ""

    @property
    def choices(self) -> tuple[Option, ...]:
        """The options; those of a true/false question may be left out."""
        return self.options or (TRUE_FALSE if self.kind is Kind.TRUE_FALSE else ())


@dataclass(frozen=True)
class Wording:
    """What one version says, without a code or an id; ``key`` by kind; ``clauses`` are references, the main one first."""

    kind: Kind
    stem: str
    options: tuple[Option, ...]
    key: Any
    rationale: str
    clauses: tuple[str, ...]
    difficulty: int
    level: Level
    right: tuple[Option, ...] = ()

    @property
    def after(self) -> tuple[str, ...]:
        """What follows each gap of a fill; () of the other kinds."""
        return after_gaps(self.kind, self.stem)


def after_gaps(kind: str, stem: str) -> tuple[str, ...]:
    """What follows each gap of a fill, so that a unit which the question names may be left out; () of the other kinds."""
    return followers(stem) if kind == Kind.FILL else ()


def wording(doc: ItemDoc) -> Wording:
    """What the document says, with the key in the order of the options where its own order says nothing."""
    key = answer_key.tidy(doc.kind, doc.key, [option.code for option in doc.choices])
    return Wording(doc.kind, doc.stem, doc.choices, key, doc.rationale, doc.clauses, doc.difficulty, doc.level, doc.right)


def texts(said: Wording | ItemFace) -> list[str]:
    """Everything of a question that a candidate reads, the stem first."""
    return [said.stem, *(option.text for option in (*said.options, *said.right))]


def digest(said: Wording) -> bytes:
    """SHA-256 of everything a version says: two versions with one digest are the same."""
    plain = [
        said.kind, said.stem, [[option.code, option.text] for option in said.options], answer_key.plain(said.key), said.rationale,
        list(said.clauses), said.difficulty, said.level, *([[option.code, option.text] for option in said.right]),
    ]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def check_item(doc: ItemDoc, path: Path) -> list[Problem]:
    """What no shape can say: a name that can be linked, then everything that ``check_wording`` finds."""
    problems = []
    if not CODE.fullmatch(doc.code):
        problems.append(Problem((*path, "code"), f"{doc.code!r} is not a code: letters, digits, dot, dash and underscore, at most 60"))
    return problems + check_wording(wording(doc), path)


def check_wording(said: Wording, path: Path = ()) -> list[Problem]:
    """Everything that makes a version unfit to be asked."""
    codes = [option.code for option in said.options]
    right = [option.code for option in said.right]
    return [
        *_text_problems(said, path), *_option_problems(said, path),
        *answer_key.problems(said.kind, said.key, said.stem, codes, right, (*path, "key")), *_clause_problems(said.clauses, path),
    ]


def _text_problems(said: Wording, path: Path) -> Iterator[Problem]:
    if not said.stem.strip():
        yield Problem((*path, "stem"), "the question has no text")
    if len(said.stem) > MAX_STEM:
        yield Problem((*path, "stem"), f"the question is longer than {MAX_STEM} characters")
    if len(said.rationale) > MAX_RATIONALE:
        yield Problem((*path, "rationale"), f"the rationale is longer than {MAX_RATIONALE} characters")
    if not 1 <= said.difficulty <= 5:
        yield Problem((*path, "difficulty"), f"difficulty goes from 1 to 5, not {said.difficulty}")


def _option_problems(said: Wording, path: Path) -> Iterator[Problem]:
    where = (*path, "options")
    codes = [option.code for option in said.options]
    if said.kind in WITHOUT_OPTIONS:
        if codes:
            yield Problem(where, f"a {said.kind} question has no options")
    elif said.kind is Kind.TRUE_FALSE:
        if codes != [option.code for option in TRUE_FALSE]:
            yield Problem(where, "a true/false question has the options T and F, or none given")
    elif not 2 <= len(codes) <= MAX_OPTIONS:
        yield Problem(where, f"a {said.kind} question needs from 2 to {MAX_OPTIONS} options, not {len(codes)}")
    yield from _repeated(said.options, where)
    beside = (*path, "right")
    if said.kind is not Kind.MATCH:
        if said.right:
            yield Problem(beside, "only a match question has a right side")
        return
    if not 2 <= len(said.right) <= MAX_OPTIONS:
        yield Problem(beside, f"a match question needs from 2 to {MAX_OPTIONS} options on its right side, not {len(said.right)}")
    yield from _repeated(said.right, beside)


def _repeated(options: Sequence[Option], where: Path) -> Iterator[Problem]:
    """Codes and texts that are missing, too long, or there twice."""
    codes, texts = [option.code for option in options], [option.text.strip() for option in options]
    seen: set[str] = set()
    for index, (code, text) in enumerate(zip(codes, texts, strict=True)):
        if not code or codes.index(code) < index:
            yield Problem((*where, index, "code"), f"option code {code!r} is empty or given twice")
        if not text or len(text) > MAX_OPTION:
            yield Problem((*where, index, "text"), f"an option needs a text of at most {MAX_OPTION} characters")
        elif text in seen:
            yield Problem((*where, index, "text"), f"two options say the same: {text!r}")
        seen.add(text)


def _clause_problems(clauses: Sequence[str], path: Path) -> Iterator[Problem]:
    where = (*path, "clauses")
    if not clauses:
        yield Problem(where, "a question needs at least one clause")
    for index, reference in enumerate(clauses):
        if parse_reference(reference) is None:
            yield Problem((*where, index), f"{reference!r} is not a reference such as GCS@2011#24.1")
        elif clauses.index(reference) < index:
            yield Problem((*where, index), f"{reference} is named twice")
