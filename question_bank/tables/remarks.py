"""What people say about questions: comments among trainers, and "this question looks wrong" from those who met it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Instant


class ItemComment(Base):
    """A trainer's word on a version, on one part of it where ``part`` says so; open until somebody settles it."""

    __tablename__ = "item_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    part: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    settled: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class ItemRemark(Base):
    """Somebody who met the question says that it looks wrong. Trainers see what and where from, never who.

    ``met`` tells where: ``exam``, ``review`` (the released paper), ``practice`` or
    ``bank``; ``met_id`` is the attempt, where there is one. One account remarks
    once on a version in one place: a second remark replaces the first while it is open.
    """

    __tablename__ = "item_remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    met: Mapped[str] = mapped_column(String(20))
    met_id: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(20), default="open")
    answer: Mapped[str] = mapped_column(String(500), default="")
    settled: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (
        Index("ix_item_remarks_state", "state", "at"),
        Index(
            "uq_item_remarks_open", "version_id", "account_id", "met", unique=True, sqlite_where=state == "open",
            postgresql_where=state == "open",
        ),
        CheckConstraint("met IN ('exam', 'review', 'practice', 'bank')", name="met"),
        CheckConstraint("reason IN ('wrong_key', 'two_answers', 'unclear', 'typo', 'outdated', 'picture', 'other')", name="reason"),
        CheckConstraint("state IN ('open', 'fixed', 'no_fault', 'known')", name="state"),
    )
