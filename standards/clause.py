"""What a clause is, how it is named, and the shapes in which standards are handed over.

A reference names one clause in one edition of one standard: ``GCS@2011#24.1``.
A number is read in dotted parts: naming ``1`` means clause 1 and everything
below it (``1.2``), never ``12``. Source: product.md, "The standards disagree,
and the product must know it"; the shapes are the public ones of docs/formats.md.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from foundation.problem import Path, Problem

Said = dict[Literal["zh", "en"], Annotated[str, msgspec.Meta(min_length=1)]]
"""A text by language; Chinese is the first and must be there."""


class Duty(StrEnum):
    """How strongly a clause binds."""

    MUST = "must"
    MUST_NOT = "must_not"
    SHOULD = "should"


class Stage(StrEnum):
    """The part of the service to which a clause belongs."""

    GENERAL = "general"
    QUALIFICATION = "qualification"
    TECHNICAL = "technical"
    APPEARANCE = "appearance"
    PREPARATION = "preparation"
    APPOINTMENT = "appointment"
    ARRIVAL = "arrival"
    ON_SITE = "on_site"
    COMMUNICATION = "communication"


class Tier(StrEnum):
    """The level of service, where a standard has levels."""

    BASIC = "basic"
    IMPROVED = "improved"
    EXCELLENT = "excellent"


@dataclass(frozen=True)
class Reference:
    """One clause of one edition; its text form is ``STD@EDITION#NUMBER``."""

    standard: str
    edition: str
    number: str

    def __str__(self) -> str:
        return f"{self.standard}@{self.edition}#{self.number}"

    @property
    def edition_code(self) -> str:
        """The edition alone: ``STD@EDITION``."""
        return f"{self.standard}@{self.edition}"


CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
UNCITABLE = "cannot be cited: letters, digits, dot, dash and underscore only, at most 40"
NUMBER = re.compile(r"(?=.{1,40}$)[A-Za-z0-9]+(\.[A-Za-z0-9]+)*")


def parse_reference(text: str) -> Reference | None:
    """``GCS@2011#24.1`` as its parts; None when it is not of that form."""
    edition_code, _, number = text.partition("#")
    standard, _, edition = edition_code.partition("@")
    if CODE.fullmatch(standard) and CODE.fullmatch(edition) and NUMBER.fullmatch(number):
        return Reference(standard, edition, number)
    return None


def is_group(text: str) -> bool:
    """Whether ``text`` names a clause with everything below it, or a whole edition: ``GCS@2011#24``, ``GCS@2011``."""
    return parse_reference(text if "#" in text else f"{text}#1") is not None


def covers(prefix: str, number: str) -> bool:
    """Whether clause ``number`` is ``prefix`` or below it: "1" covers "1" and "1.2", never "12"."""
    return number == prefix or number.startswith(prefix + ".")


def covers_reference(prefix: str, reference: str) -> bool:
    """The same for whole references: ``GCS@2011#1`` covers ``GCS@2011#1.2``, and ``GCS@2011`` all of its clauses."""
    edition, _, number = prefix.partition("#")
    other, _, below = reference.partition("#")
    return edition == other and (not number or covers(number, below))


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """The known reference that was most likely meant, or None when nothing comes near.

    Full-width letters and lower case are forgiven; a bare number such as 24.1
    finds the first reference that ends with it, and an article the first of its
    clauses.
    """
    plain = unicodedata.normalize("NFKC", typed).strip().upper()
    by_plain = {reference.upper(): reference for reference in known}
    if plain in by_plain:
        return by_plain[plain]
    number = plain.rpartition("#")[2]
    same_number = [ref for ref in by_plain if ref.endswith("#" + number)]
    likely = [ref for ref in by_plain if covers_reference(plain, ref)] if "#" in plain else same_number
    if likely:
        return by_plain[likely[0]]
    close = difflib.get_close_matches(plain, same_number or by_plain, 1, 0.6)
    return by_plain[close[0]] if close else None


class ClauseDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A clause as a document gives it; ``key`` is another name of ``key_clause``."""

    number: str
    text: Said
    chapter: str = ""
    title: Said = {}
    phrase: Said | None = None
    citation: Said = {}
    duty: Duty = Duty.MUST
    stage: Stage = Stage.GENERAL
    tier: Tier | None = None
    applies_to: tuple[str, ...] = ("all",)
    key_clause: bool = False
    key: bool = False
    examinable: bool = True

    @property
    def is_key(self) -> bool:
        """Whether the clause is a key one, under either name."""
        return self.key_clause or self.key


class ChapterDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A heading of the document under which clauses stand."""

    number: str
    title: Said


class EditionDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One dated issue; ``effective`` is the civil day from which it holds."""

    edition: str
    effective: date
    clauses: tuple[ClauseDoc, ...] = ()
    chapters: tuple[ChapterDoc, ...] = ()
    note: Said = {}


class StandardDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document that lays duties down, with its editions."""

    code: str
    title: Said
    editions: tuple[EditionDoc, ...]
    issuer: Said = {}


class SideDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One side of a clash: the clause and what it says, in a few words."""

    clause: str
    says: Said


class ClashDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same conduct, ruled differently by two or more clauses."""

    code: str
    subject: Said
    sides: tuple[SideDoc, ...]
    note: Said = {}


def check_standard(doc: StandardDoc, path: Path) -> list[Problem]:
    """What no shape can say: codes that can be cited, numbers given once, chapters that exist."""
    return list(_standard_problems(doc, path))


def _standard_problems(doc: StandardDoc, path: Path) -> Iterator[Problem]:
    if not CODE.fullmatch(doc.code):
        yield Problem((*path, "code"), f"{doc.code!r} {UNCITABLE}")
    yield from _chinese(doc.title, (*path, "title"))
    seen: set[str] = set()
    for index, edition in enumerate(doc.editions):
        where = (*path, "editions", index)
        if not CODE.fullmatch(edition.edition):
            yield Problem((*where, "edition"), f"{edition.edition!r} {UNCITABLE}")
        if edition.edition in seen:
            yield Problem((*where, "edition"), f"edition {edition.edition} is given twice")
        seen.add(edition.edition)
        yield from _edition_problems(edition, where)


def _edition_problems(doc: EditionDoc, path: Path) -> Iterator[Problem]:
    chapters = {chapter.number for chapter in doc.chapters}
    if len(chapters) < len(doc.chapters):
        yield Problem((*path, "chapters"), "a chapter number is given twice")
    seen: dict[str, int] = {}
    for index, clause in enumerate(doc.clauses):
        where = (*path, "clauses", index)
        if not NUMBER.fullmatch(clause.number):
            yield Problem((*where, "number"), f"{clause.number!r} is not a clause number: letters and digits in dotted parts, such as 24.1")
        if clause.number in seen:
            yield Problem((*where, "number"), f"clause {clause.number} is given twice, first at clauses[{seen[clause.number]}]")
        seen.setdefault(clause.number, index)
        if clause.chapter and clause.chapter not in chapters:
            yield Problem((*where, "chapter"), f"there is no chapter {clause.chapter!r} in this edition")
        yield from _chinese(clause.text, (*where, "text"))


def _chinese(text: Said, path: Path) -> Iterator[Problem]:
    if "zh" not in text:
        yield Problem(path, "a Chinese text (zh) is needed")


def check_clash(doc: ClashDoc, path: Path) -> list[Problem]:
    """At least two sides that disagree, each a clause named once."""
    problems = list(_chinese(doc.subject, (*path, "subject")))
    seen: set[str] = set()
    for index, side in enumerate(doc.sides):
        where = (*path, "sides", index, "clause")
        if parse_reference(side.clause) is None:
            problems.append(Problem(where, f"{side.clause!r} is not a reference such as GCS@2011#24.1"))
        elif side.clause in seen:
            problems.append(Problem(where, f"{side.clause} stands on this clash twice"))
        seen.add(side.clause)
        problems += _chinese(side.says, (*path, "sides", index, "says"))
    if not problems and len(camps([(side.clause, side.says["zh"]) for side in doc.sides])) < 2:
        problems.append(Problem((*path, "sides"), "a clash needs two sides that say something different in different editions"))
    return problems


def camps(sides: Sequence[tuple[str, str]]) -> list[frozenset[str]]:
    """The references of one clash, sorted into camps that must not be mixed.

    ``sides`` are references with what they say (in Chinese). Clauses of one
    edition belong together (they are steps of one procedure), and so do clauses
    that say the same, wherever they stand.
    """
    found: list[tuple[set[str], set[str]]] = []  # references, and what marks them as belonging together
    for reference, says in sides:
        merged, marks = {reference}, {reference.partition("#")[0], "=" + says}
        for camp in [camp for camp in found if camp[1] & marks]:
            found.remove(camp)
            merged |= camp[0]
            marks |= camp[1]
        found.append((merged, marks))
    return [frozenset(references) for references, _ in found]
