"""A certification programme: what it demands, as the content pack and the editions hold it.

Source: product.md's rules R1, R3, R4 and R7; the shape is the public one of
docs/formats.md.
"""

import hashlib
from collections.abc import Iterator, Sequence

import msgspec

from certification.scoring import Scoring
from foundation.problem import Path, Problem
from question_bank.blueprint import Row
from standards.clause import is_group

Text = dict[str, str]


class SectionMinimum(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A share (0–1) of the points on some clauses, or on all key clauses, that must be reached by itself."""

    min: float
    clauses: tuple[str, ...] = ()
    key_clauses: bool = False
    title: Text | None = None


class ExamSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The exam part: ``pass_`` and ``excellent`` are shares (0–1) of all points, ``minutes`` the time allowed.

    ``scoring``: what a partly right answer earns, by kind.
    """

    minutes: int
    pass_: float = msgspec.field(name="pass")
    excellent: float
    blueprint: tuple[Row, ...]
    sections: tuple[SectionMinimum, ...] = ()
    shuffle: bool = True
    scoring: Scoring = Scoring()
    cut_rationale: Text | None = None

    @property
    def length(self) -> int:
        """How many items a paper has."""
        return sum(row.count for row in self.blueprint)

    @property
    def points(self) -> float:
        """How many points a paper is worth."""
        return sum(row.count * row.points for row in self.blueprint)


class Retakes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """At least ``wait_days`` between two attempts, at most ``per_year`` in 365 days."""

    wait_days: int = 0
    per_year: int | None = None


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What one edition of a programme demands; this is what ``programme_editions.spec`` holds."""

    standards: tuple[str, ...]
    validity_months: int
    exam: ExamSpec
    renewal_window_days: int = 60
    retakes: Retakes = Retakes()
    parts: tuple[Text, ...] = ()


class ProgrammeDoc(Spec, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A programme as a document gives it: its name and what it demands."""

    code: str
    title: Text
    summary: Text = {}

    @property
    def spec(self) -> Spec:
        """The part that an edition keeps."""
        return Spec(**{name: getattr(self, name) for name in Spec.__struct_fields__})


def to_json(spec: Spec) -> dict[str, object]:
    """The edition's spec as plain values, for the database."""
    plain: dict[str, object] = msgspec.to_builtins(spec)
    return plain


def from_json(plain: object) -> Spec:
    """The spec out of the database."""
    return msgspec.convert(plain, Spec, strict=False)


def digest(spec: Spec) -> bytes:
    """SHA-256 of the spec: two editions that demand the same are the same."""
    return hashlib.sha256(msgspec.json.encode(spec, order="deterministic")).digest()


def check_programme(doc: ProgrammeDoc, path: Path) -> list[Problem]:
    """What no shape can say: numbers in range, cuts in order, references inside the named standards."""
    return list(_problems(doc, path))


def _problems(doc: ProgrammeDoc, path: Path) -> Iterator[Problem]:
    exam = doc.exam
    if not doc.title.get("zh"):
        yield Problem((*path, "title"), "a Chinese title is needed")
    if not 1 <= doc.validity_months <= 120:
        yield Problem((*path, "validity_months"), "must be from 1 to 120 months")
    if not 1 <= exam.minutes <= 600:
        yield Problem((*path, "exam", "minutes"), "must be from 1 to 600 minutes")
    if not 0 < exam.pass_ <= exam.excellent <= 1:
        yield Problem((*path, "exam", "pass"), "the cuts must hold 0 < pass <= excellent <= 1")
    if not exam.blueprint:
        yield Problem((*path, "exam", "blueprint"), "at least one row is needed")
    for index, row in enumerate(exam.blueprint):
        where = (*path, "exam", "blueprint", index)
        if row.count < 1 or row.points <= 0:
            yield Problem((*where, "count"), "count must be at least 1 and points above 0")
        yield from _foreign(row.clauses, doc.standards, (*where, "clauses"))
        if not row.clauses:
            yield Problem((*where, "clauses"), "at least one clause reference is needed")
    for index, section in enumerate(exam.sections):
        where = (*path, "exam", "sections", index)
        if not 0 < section.min <= 1:
            yield Problem((*where, "min"), "must be a share above 0 and at most 1")
        if not section.clauses and not section.key_clauses:
            yield Problem(where, "names neither clauses nor key_clauses")
        yield from _foreign(section.clauses, doc.standards, (*where, "clauses"))


def _foreign(references: Sequence[str], standards: Sequence[str], path: Path) -> Iterator[Problem]:
    """An item is only ever asked in a programme that contains its clause."""
    for index, reference in enumerate(references):
        if not is_group(reference):
            yield Problem((*path, index), f"{reference!r} is neither a reference such as GCS@2011#24 nor an edition such as GCS@2011")
        elif reference.partition("#")[0] not in standards:
            yield Problem((*path, index), f"{reference} is not in a standard of this programme ({', '.join(standards)})")
