"""Standards, editions, chapters, clauses, clashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class Standard(Base):
    """A document that lays duties down; ``title`` and ``issuer`` are {"zh", "en"}."""

    __tablename__ = "standards"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[dict[str, Any]] = mapped_column(Document)
    issuer: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


class Edition(Base):
    """One dated issue of a standard. ``chapters`` is a list of {"number", "title"}."""

    __tablename__ = "editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standards.id"))
    edition: Mapped[str] = mapped_column(String(40))
    effective: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    chapters: Mapped[list[Any]] = mapped_column(Document, default=list)

    __table_args__ = (UniqueConstraint("standard_id", "edition"),)


class Clause(Base):
    """One numbered duty of an edition; ``position`` is its place in the document.

    ``words`` holds the bigrams of title and texts, separated by blanks, for search.
    """

    __tablename__ = "clauses"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    number: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    chapter: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    text: Mapped[dict[str, Any]] = mapped_column(Document)
    phrase: Mapped[dict[str, Any] | None] = mapped_column(Document)
    citation: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    duty: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(20))
    tier: Mapped[str | None] = mapped_column(String(20))
    applies_to: Mapped[list[Any]] = mapped_column(Document, default=list)
    key_clause: Mapped[bool] = mapped_column(default=False)
    examinable: Mapped[bool] = mapped_column(default=True)
    words: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        Index("ix_clauses_edition_position", "edition_id", "position"),
        CheckConstraint("duty IN ('must', 'must_not', 'should')", name="duty"),
        CheckConstraint("tier IS NULL OR tier IN ('basic', 'improved', 'excellent')", name="tier"),
    )


class Clash(Base):
    """The same conduct, ruled differently by two or more clauses."""

    __tablename__ = "clashes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    subject: Mapped[dict[str, Any]] = mapped_column(Document)
    note: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


class ClashSide(Base):
    """One side of a clash: the clause and what it says."""

    __tablename__ = "clash_sides"

    clash_id: Mapped[int] = mapped_column(ForeignKey("clashes.id", ondelete="CASCADE"), primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clauses.id"), primary_key=True, index=True)
    says: Mapped[dict[str, Any]] = mapped_column(Document)
