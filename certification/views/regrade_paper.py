"""The questions of a paper as an officer chooses among them, with how well each was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from certification.grading import Key
from certification.layout import Slot
from certification.regrade import apply
from certification.store import regrades as store
from certification.views.regrade_words import key_words
from foundation.database import db
from foundation.wording import mark
from question_bank.item import ItemFace, Kind
from question_bank.store import faces as bank

PICKED = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.SITUATIONAL})


@dataclass(frozen=True)
class Question:
    """One question: its place on the form, its worth, and the mean share of it that was earned (None: nobody yet).

    ``points``, ``void`` (it counts for nobody), ``full`` (everybody earns it) and ``also`` (further keys) are as committed
    regrades have left them; ``printed`` is what it was worth on the paper.
    """

    number: int
    version: int
    code: str
    kind: str
    points: float
    stem: str
    share: float | None
    regrades: Sequence[int]
    face: ItemFace
    key: str
    right_codes: tuple[str, ...]
    printed: float
    void: bool
    full: bool
    also: str

    @property
    def blanks(self) -> int:
        """How many texts a fill takes."""
        return max(1, len(self.face.gap_parts) - 1)

    @property
    def picks(self) -> bool:
        """Whether it is answered by picking options."""
        return self.kind in PICKED


def questions(sitting: Any, search: str = "") -> list[Question]:
    """The questions of a sitting's form in its own order, narrowed by number, or by words in code and text."""
    paper = store.paper(db.session, sitting.form_id)
    versions = [row[0] for row in paper]
    faces, keys = bank.faces(db.session, versions), bank.keys(db.session, versions)
    shares, ruled = store.shares(db.session, sitting_id(sitting)), store.committed_ids(db.session, sitting_id(sitting))
    asked = [Slot(0, version, points, kind) for version, points, _code, kind, _stem in paper]
    grading = {version: Key(kind, keys[version].key) for version, _points, _code, kind, _stem in paper}
    slots, judged, given = apply(asked, grading, store.committed(db.session.connection(), sitting_id(sitting)))
    found = [
        Question(
            number, version, code, kind, slots[number - 1].points, stem, shares.get(version), ruled.get(version, ()), faces[version],
            key_words(kind, keys[version].key, faces[version]), _right(kind, keys[version].key), points, slots[number - 1].unscored,
            number in given, mark("；").join(key_words(kind, key, faces[version]) for key in judged[version].also),
        )
        for number, (version, points, code, kind, stem) in enumerate(paper, 1)
    ]
    return [one for one in found if _meant(one, search)]


def question(sitting: Any, version_id: int) -> Question | None:
    """One question of a sitting's form; None when it is not on it."""
    return next((one for one in questions(sitting) if one.version == version_id), None)


def sitting_id(row: Any) -> int:
    """The sitting's id, of a sitting's row or of a regrade's."""
    found: int = row.Regrade.sitting_id if "Regrade" in row._fields else row.id
    return found


def _meant(one: Question, search: str) -> bool:
    if search.isdecimal():
        return one.number == int(search)
    text = f"{one.code} {one.stem}".casefold()
    return all(word in text for word in search.casefold().split())


def _right(kind: str, key: Any) -> tuple[str, ...]:
    """The codes of the right options, where the kind has such."""
    return tuple(key) if kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE) else ()

