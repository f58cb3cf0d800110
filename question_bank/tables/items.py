"""Items, their immutable versions, and the reviews of these."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class Item(Base):
    """A question. What it says stands in its versions; ``version_id`` is the one in use.

    ``edited_here`` is set once somebody changed it on the site: a later load of
    the content pack then leaves it alone and says so. A ``canary`` is a trap: it
    stands on papers unscored, and its key is wrong on purpose, so that whoever
    answers by a stolen key shows it.
    """

    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version_id: Mapped[int | None]  # no foreign key: versions point at items, and SQLite cannot add a circular one later
    edited_here: Mapped[bool] = mapped_column(default=False)
    canary: Mapped[bool] = mapped_column(default=False)
    changed: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("state IN ('draft', 'in_review', 'approved', 'live', 'retired')", name="state"),)


class ItemVersion(Base):
    """One immutable wording. ``options``: [{"code", "text"}], ``right`` alike (the right side of a match); ``key``: by kind (formats.md).

    ``face`` of an item is kind, stem and options; ``key`` and ``rationale`` never
    travel with it.
    """

    __tablename__ = "item_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    stem: Mapped[str] = mapped_column(Text)
    options: Mapped[list[Any]] = mapped_column(Document)
    right: Mapped[list[Any]] = mapped_column(Document, default=list)
    key: Mapped[Any] = mapped_column(Document)
    rationale: Mapped[str] = mapped_column(Text, default="")
    difficulty: Mapped[int] = mapped_column(default=3)
    level: Mapped[str] = mapped_column(String(20), default="recall")
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created: Mapped[datetime] = mapped_column(Instant)
    words: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("difficulty BETWEEN 1 AND 5", name="difficulty"),
        CheckConstraint("level IN ('recall', 'apply')", name="level"),
    )


class ItemClause(Base):
    """A version asks about a clause; ``position`` 0 is the main one."""

    __tablename__ = "item_clauses"

    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clauses.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class Review(Base):
    """A verdict on a version: submitted, approved, returned, retired; the author never approves their own."""

    __tablename__ = "item_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    verdict: Mapped[str] = mapped_column(String(20))
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)
