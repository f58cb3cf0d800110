"""Results, those that were replaced, and what people marked or ruled."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class Result(Base):
    """What grading found. ``marks``: [[slot, fraction, mark], …]; ``sections``: [{"title", "mark", "points", "fraction", "min", "met"}]."""

    __tablename__ = "results"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    mark: Mapped[float]
    points: Mapped[float]
    fraction: Mapped[float]
    passed: Mapped[bool]
    grade: Mapped[str | None] = mapped_column(String(20))
    marks: Mapped[list[Any]] = mapped_column(Document)
    sections: Mapped[list[Any]] = mapped_column(Document)
    graded: Mapped[datetime] = mapped_column(Instant)
    released: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("state IN ('marking', 'marked', 'released', 'voided')", name="state"),
        CheckConstraint("grade IS NULL OR grade IN ('qualified', 'excellent')", name="grade"),
        CheckConstraint("passed = (grade IS NOT NULL)", name="passed"),
    )


class PastResult(Base):
    """A result that another grading replaced; nothing that was once a mark is lost. Columns as in ``Result``."""

    __tablename__ = "past_results"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    mark: Mapped[float]
    points: Mapped[float]
    fraction: Mapped[float]
    passed: Mapped[bool]
    grade: Mapped[str | None] = mapped_column(String(20))
    marks: Mapped[list[Any]] = mapped_column(Document)
    sections: Mapped[list[Any]] = mapped_column(Document)
    graded: Mapped[datetime] = mapped_column(Instant)
    released: Mapped[datetime | None] = mapped_column(Instant)
    replaced: Mapped[datetime] = mapped_column(Instant)
    why: Mapped[str] = mapped_column(String(60))


class ItemTally(Base):
    """How one version did in one sitting, as the rule ``question_bank.figures`` counts it; made anew whenever a result of it changes."""

    __tablename__ = "item_tallies"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True, index=True)
    answers: Mapped[int]
    earned: Mapped[float]
    spread: Mapped[float]
    rest_spread: Mapped[float]
    together: Mapped[float]


class Marking(Base):
    """One marker's fraction on one answer: rounds 1 and 2 are blind to each other, round 3 settles a difference.

    ``marked`` None: the marker has taken the answer and not given a fraction yet.
    """

    __tablename__ = "markings"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    marker_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    fraction: Mapped[float | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    taken: Mapped[datetime] = mapped_column(Instant)
    marked: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("attempt_id", "slot", "marker_id"),
        CheckConstraint("round BETWEEN 1 AND 3", name="round"),
        CheckConstraint("(fraction IS NULL) = (marked IS NULL)", name="marked"),
        CheckConstraint("fraction IS NULL OR (fraction >= 0 AND fraction <= 1)", name="fraction"),
    )


class FillRuling(Base):
    """A person ruled on a text that no key knew: ``text`` is normalised, ``blank`` counts from 0. The newest ruling holds."""

    __tablename__ = "fill_rulings"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)
    blank: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    accepted: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)
