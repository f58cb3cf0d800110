"""A standard's new edition as work to do: which questions it touches, and what somebody decided about each."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Instant


class EditionChange(Base):
    """The work list of one step from a former edition to a later one of the same standard."""

    __tablename__ = "edition_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    former_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    later_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    opened: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (UniqueConstraint("former_id", "later_id"), CheckConstraint("former_id <> later_id", name="two"))


class EditionChangeItem(Base):
    """One question on the list; ``version_id`` is the wording that stood there when it was put on it.

    ``change`` is the gravest of what became of its clauses (standards/edition_change.py),
    ``verdict`` what somebody decided: it is still ``right``, needs another wording
    (``revise``) or is to ``retire``. ``carried_id`` is the item that carries it into
    the later edition, as a draft at first: itself, or a copy beside it;
    ``carried_version_id`` the version that was made for that.
    """

    __tablename__ = "edition_change_items"

    change_id: Mapped[int] = mapped_column(ForeignKey("edition_changes.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True, index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"))
    change: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(20), default="")
    assigned_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    carried_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    carried_version_id: Mapped[int | None] = mapped_column(ForeignKey("item_versions.id"))

    __table_args__ = (
        CheckConstraint("change IN ('same', 'moved', 'changed', 'withdrawn')", name="change"),
        CheckConstraint("verdict IN ('', 'right', 'revise', 'retire')", name="verdict"),
        CheckConstraint("(verdict = '') = (decided IS NULL) AND (decided IS NULL) = (decided_by IS NULL)", name="decided"),
        CheckConstraint("(carried_id IS NULL) = (carried_version_id IS NULL)", name="carried"),
    )
